"""Latitudes and longitudes: alone or both in one cell, with a point or a comma; what cannot be is refused, not guessed.

They are kept with five decimals, about a metre: what a file has beyond is left off, and that is no repair.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

from cluster_portal.exchange.sentences import Sentence
from members.positions import near

from .repairs import Cell, RepairCode, problem, reader
from .signs import Text

FIVE_DECIMALS = Decimal("0.00001")
NUMBER = r"[-+]?[0-9]{1,3}(?:[.,][0-9]{0,20})?"
PLAIN = re.compile(NUMBER)
# a blank, a semicolon or a slash parts the two; a comma only where it cannot be a decimal comma
PAIRS = [
    re.compile(r"([-+]?[0-9]{1,3}(?:\.[0-9]{0,20})?) ?, ?([-+]?[0-9]{1,3}(?:\.[0-9]{0,20})?)"),
    re.compile(rf"({NUMBER}) ?[;/|] ?({NUMBER})"),
    re.compile(rf"({NUMBER}),? ({NUMBER})"),
    re.compile(r"([-+]?[0-9]{1,3},[0-9]{1,20}),([-+]?[0-9]{1,3},[0-9]{1,20})"),
]
POINT = re.compile(rf"(?:SRID=4326;)?POINT ?\( ?({NUMBER}) ({NUMBER}) ?\)", re.IGNORECASE)  # longitude first
DEGREES = re.compile(r"([0-9]{1,3}) ?[°d] ?(?:([0-9]{1,2}) ?['’′m] ?)?(?:([0-9]{1,2}(?:[.,][0-9]{1,10})?) ?(?:\"|″|''|’’|s) ?)?([NSEWO])", re.IGNORECASE)  # fmt: skip
HEMISPHERE = re.compile(rf"({NUMBER}) ?°? ?([NSEWO])", re.IGNORECASE)


def _decimal(text: str) -> Decimal:
    value = Decimal(text.replace(",", ".")).quantize(FIVE_DECIMALS, ROUND_HALF_UP)
    return value if value else Decimal("0.00000")


def _read_one(raw: str, signs: str, most: int, code: str) -> Cell:
    text = Text(raw)
    if not text.value:
        return Cell(None, text.done)
    value = text.value.replace("\u2212", "-")
    if written := DEGREES.fullmatch(value):
        number = _of_degrees(written) if written[4].upper() in signs else None
        if number is None:
            return problem(code, raw.strip(), text.done)
        text.change(RepairCode.DEGREES, str(number))
    elif written := HEMISPHERE.fullmatch(value):
        if written[2].upper() not in signs or written[1][0] in "-+":
            return problem(code, raw.strip(), text.done)
        number = _decimal(written[1]) * (-1 if written[2].upper() in "SWO" else 1)
        text.change(RepairCode.DEGREES, str(number))
    elif PLAIN.fullmatch(value):
        number = _decimal(value)
        if "," in value:
            text.change(RepairCode.DECIMAL_COMMA, value.replace(",", "."))
    else:
        return problem(code, raw.strip(), text.done)
    if abs(number) > most:
        return problem(code, raw.strip(), text.done)
    return Cell(number, text.done)


def _of_degrees(written: re.Match[str]) -> Decimal | None:
    degrees, minutes, seconds = (Decimal((part or "0").replace(",", ".")) for part in written.groups()[:3])
    if minutes >= 60 or seconds >= 60:
        return None
    number = (degrees + minutes / 60 + seconds / 3600).quantize(FIVE_DECIMALS, ROUND_HALF_UP)
    return -number if written[4].upper() in "SWO" else number


@reader
def read_latitude(raw: str) -> Cell:
    return _read_one(raw, "NS", 90, "cell-latitude")


@reader
def read_longitude(raw: str) -> Cell:
    return _read_one(raw, "EWO", 180, "cell-longitude")


@reader
def read_coordinates(raw: str) -> Cell:
    """(latitude, longitude) from one cell."""
    text = Text(raw)
    if not text.value:
        return Cell(None, text.done)
    bare = text.value.replace("\u2212", "-")
    if point := POINT.fullmatch(bare):
        first, second = point[2], point[1]
    else:
        first, second = _pair(bare)
    latitude, longitude = read_latitude(first), read_longitude(second)
    if latitude.value is None or longitude.value is None:
        return problem("cell-coordinates", raw.strip(), text.done)
    if not latitude.value and not longitude.value:
        return Cell(None, text.done, Sentence("cell-in-the-sea", {}))
    text.change(RepairCode.TWO_IN_ONE, f"{latitude.value} ; {longitude.value}")
    return Cell((latitude.value, longitude.value), (*text.done, *latitude.repairs, *longitude.repairs))


def _pair(value: str) -> tuple[str, str]:
    value = re.sub(r"^[(\[]\s*|\s*[)\]]$", "", value)
    if re.fullmatch("[0-9]+,[0-9]+", value):  # two whole numbers, or one with a decimal comma
        return "", ""
    for pattern in PAIRS:
        if written := pattern.fullmatch(value):
            return written[1], written[2]
    signed = re.fullmatch(r"(.*?[NS])[ ,;]+(.*[EWO])", value, re.IGNORECASE)
    return (signed[1], signed[2]) if signed else ("", "")


def position_problem(latitude: Decimal, longitude: Decimal, insee_code: str, place: str) -> Sentence | None:
    """Of a position that is not where its department is; ``place`` is how that is called in the sentence."""
    if not latitude and not longitude:
        return Sentence("cell-in-the-sea", {})
    if near(insee_code, float(latitude), float(longitude)):
        return None
    swapped = near(insee_code, float(longitude), float(latitude))
    params = {"latitude": str(latitude), "longitude": str(longitude), "place": place}
    return Sentence("cell-swapped" if swapped else "cell-far", params)
