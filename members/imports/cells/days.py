"""Days and years as people, databases and spreadsheets write them: the day before the month, always."""

import re
from datetime import date, timedelta

from django.utils import timezone

from cluster_portal.records.days import FIRST_DAY, LAST_DAY
from cluster_portal.records.search import fold

from .repairs import Cell, RepairCode, problem, reader
from .signs import Text

EPOCH = date(1899, 12, 30)  # day 0 of spreadsheets, for every day since March 1900
FIRST_SERIAL, LAST_SERIAL = 3_000, 73_050  # 1908 to 2099: smaller numbers are rather years
OLDEST_YEAR = 1100
ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ]+[0-9]{1,2}[:h].*)?")
FRENCH = re.compile(r"([0-9]{1,2})\s?[-/. ]\s?([0-9]{1,2})\s?[-/. ]\s?([0-9]{4}|[0-9]{2})(?:[ T]+[0-9]{1,2}[:h].*)?")
WORDS = re.compile(r"(?:[a-z]+day |lundi |mardi |mercredi |jeudi |vendredi |samedi |dimanche )?(?:le )?([0-9]{1,2})(?:er|st|nd|rd|th)? ([a-z]{3,9}) ([0-9]{4})")  # fmt: skip
AMERICAN_WORDS = re.compile(r"([a-z]{3,9}) ([0-9]{1,2})(?:st|nd|rd|th)? ([0-9]{4})")
MONTHS = {
    name: number
    for names in (
        "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
        "january february march april may june july august september october november december",
        "janv fevr mars avr mai juin juil aout sept oct nov dec",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "jan fev mar avr mai juin juill aou sept oct nov dec",
    )
    for number, name in enumerate(names.split(), 1)
}


def read_date(raw: str) -> Cell:
    """A day. 03/04/2024 is the third of April: a file that has the month first is refused at its first 12/31/2024."""
    return _date(raw, timezone.localdate().year)


@reader
def _date(raw: str, this_year: int) -> Cell:
    text = Text(raw)
    if not text.value:
        return Cell(None, text.done)
    _take_serial(text)
    value = text.value
    if re.fullmatch(r"[0-9]{4}", value):
        return problem("cell-only-a-year", raw.strip(), text.done)
    found = _parts(text, this_year)
    if found is None:
        return problem("cell-date", raw.strip(), text.done)
    day = _day(*found)
    if day is None:
        return problem("cell-no-such-day", raw.strip(), text.done)
    if not FIRST_DAY <= day <= LAST_DAY:
        return problem("cell-out-of-time", raw.strip(), text.done)
    if value != day.isoformat():
        text.change(RepairCode.DATE, day.isoformat())
    return Cell(day, text.done)


def _take_serial(text: Text) -> None:
    """45366 or 45366.0, or with a part of a day: what is left of a date whose cell lost its format."""
    if not re.fullmatch(r"[0-9]{4,5}(?:[.,][0-9]{1,15})?", text.value):
        return
    number = int(re.split("[.,]", text.value)[0])
    if len(str(number)) == 5 and FIRST_SERIAL <= number <= LAST_SERIAL:
        text.change(RepairCode.SPREADSHEET_DAY, (EPOCH + timedelta(days=number)).isoformat())


def _parts(text: Text, this_year: int) -> tuple[int, int, int] | None:
    value = text.value
    if written := ISO.fullmatch(value):
        return int(written[1]), int(written[2]), int(written[3])
    if written := FRENCH.fullmatch(value):
        return _year(text, written[3], this_year), int(written[2]), int(written[1])
    if re.fullmatch(r"(?:19|20)[0-9]{6}", value):
        return int(value[:4]), int(value[4:6]), int(value[6:])
    words = fold(value) if len(value) < 60 else ""
    if written := WORDS.fullmatch(words):
        return (int(written[3]), MONTHS[written[2]], int(written[1])) if written[2] in MONTHS else None
    if written := AMERICAN_WORDS.fullmatch(words):
        return (int(written[3]), MONTHS[written[1]], int(written[2])) if written[1] in MONTHS else None
    return None


def _year(text: Text, written: str, this_year: int) -> int:
    """Of two figures: the latest that is at most ten years ahead."""
    if len(written) == 4:
        return int(written)
    latest = this_year + 10
    year = latest - (latest - int(written)) % 100
    text.change(RepairCode.SHORT_YEAR, re.sub(r"([-/. ]\s?)[0-9]{2}(?=\s|$)", rf"\g<1>{year}", text.value, count=1))
    return year


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_year(raw: str) -> Cell:
    """Four figures; of a full date, its year."""
    return _year_alone(raw, timezone.localdate().year)


@reader
def _year_alone(raw: str, this_year: int) -> Cell:
    text = Text(raw)
    if not text.value:
        return Cell(None, text.done)
    text.whole_again()
    if not re.fullmatch(r"[0-9]{4}", text.value):
        _take_serial(text)
        of_month = re.fullmatch(r"([0-9]{4})[-/](?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])[-/]([0-9]{4})", text.value)
        found = (int(of_month[1] or of_month[2]), 1, 1) if of_month else _parts(text, this_year)
        if found is None or _day(*found) is None:
            return problem("cell-year", raw.strip(), text.done)
        text.change(RepairCode.YEAR_OF_DATE, f"{found[0]:04d}")
    year = int(text.value)
    if not OLDEST_YEAR <= year <= this_year:
        return problem("cell-year-out-of-time", raw.strip(), text.done)
    return Cell(year, text.done)
