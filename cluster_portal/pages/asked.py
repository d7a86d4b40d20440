"""What is read of an address: a day, slugs, the number of a page. Anybody may write anything there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date

FIRST_DAY = date(2005, 1, 1)  # the first labels
MAX_SLUG = 120
# What is kept of one parameter: more is not a choice that anyone made. Every link of a list repeats all that is
# chosen, so that without a limit an address of 60 kB would be answered with 60 MB.
MAX_VALUES, MAX_LETTERS = 30, 800


@dataclass(frozen=True, slots=True)
class AskedDay:
    """The day in an address, if there is one that can be understood."""

    day: date | None = None
    misread: bool = False

    @property
    def on(self) -> date | None:
        """The day, or nothing for today: what an address without a day shows anyhow."""
        return None if self.day == timezone.localdate() else self.day


def read_day(params: QueryDict, *, first: date = FIRST_DAY, last: date | None = None) -> AskedDay:
    """The parameter ``on``, from the ``first`` day to the ``last`` (today when left out)."""
    text = params.get("on", "")
    if not text:
        return AskedDay()
    try:
        day = parse_date(text[:20])
    except ValueError:
        day = None
    if day is None or not first <= day <= (last or timezone.localdate()):
        return AskedDay(misread=True)
    return AskedDay(day)


def read_slug(params: QueryDict, name: str) -> str:
    return _cleaned(params.get(name, ""))


def read_slugs(params: QueryDict, name: str) -> list[str]:
    """Each once, in the order asked."""
    return [slug for slug in dict.fromkeys(map(_cleaned, params.getlist(name))) if slug]


def at_most(slugs: Iterable[str]) -> tuple[str, ...]:
    """The first of some slugs, as far as an address may go on repeating them."""
    first = list(slugs)[:MAX_VALUES]
    until = accumulate(map(len, first))
    return tuple(slug for slug, letters in zip(first, until, strict=True) if letters <= MAX_LETTERS)


def _cleaned(slug: str) -> str:
    return slug.replace("\x00", "").strip()[:MAX_SLUG]


def read_number(params: QueryDict, name: str) -> int:
    """A whole number in plain digits; anything else is 1."""
    text = params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
