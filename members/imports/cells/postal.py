"""Postcodes and towns as the post writes them: with CEDEX, which is a delivery and no place."""

import re

from members.countries import HOME
from members.positions import is_french

from .repairs import Cell, RepairCode, problem, reader, too_long
from .signs import Text
from .texts import read_name

# no department begins so: the armed forces, the post's own codes for abroad, and what was never given
NOWHERE = ("00", "96", "99", "970", "979", "980", "981", "982", "983", "985", "989")
LONGEST_POSTCODE, LONGEST_CITY = 12, 80
OF_FRANCE = re.compile(r"(?:FR?)[\s-]*(?=[0-9O])", re.IGNORECASE)
CEDEX = re.compile(r"[\s,(-]*\b(?:messag(?:erie)?\s+)?(?:c[ée]dex|cdx)(?![a-zé])[\s.°nN-]*[0-9]{0,3}\)?", re.IGNORECASE)
DIGITS_AND_O = re.compile(r"[0-9Oo]{4,5}")


@reader
def read_postcode(raw: str, country: str = HOME) -> Cell:
    """Five digits in France. The codes of CEDEX stay: `Places.of_postcode` knows where they are."""
    text = Text(raw)
    if not text.value:
        return Cell(None, text.done)
    if country != HOME:
        return _foreign(text)
    text.whole_again()
    text.change(RepairCode.CEDEX, CEDEX.sub("", text.value).strip())
    text.change(RepairCode.LABEL, OF_FRANCE.sub("", text.value, count=1))
    text.without_blanks(".-")
    if DIGITS_AND_O.fullmatch(text.value):
        text.change(RepairCode.LETTER_O, re.sub("[Oo]", "0", text.value))
    if len(text.value) == 4 and is_french("0" + text.value):
        text.change(RepairCode.LEADING_ZEROS, "0" + text.value)
    if not is_french(text.value):
        return problem("cell-postcode", raw.strip(), text.done)
    if text.value.startswith(NOWHERE):
        return problem("cell-postcode-nowhere", raw.strip(), text.done)
    return Cell(text.value, text.done)


def _foreign(text: Text) -> Cell:
    text.whole_again()
    text.change(RepairCode.BLANKS, " ".join(text.value.split()))
    if len(text.value) > LONGEST_POSTCODE:
        return too_long(text.value, LONGEST_POSTCODE, text.done)
    if not text.value.isprintable():
        return problem("cell-control", text.value, text.done)
    return Cell(text.value, text.done)


@reader
def read_city(raw: str) -> Cell:
    """The town, without CEDEX and the number after it."""
    text = Text(raw)
    if CEDEX.search(text.value):
        text.change(RepairCode.CEDEX, CEDEX.sub("", text.value).strip(" ,;-"))
    if not text.value:
        return Cell(None, text.done)
    cell = read_name(text.value, LONGEST_CITY)
    return Cell(cell.value, (*text.done, *cell.repairs), cell.problem)
