"""Numbers as people write them in French and in English: understood, or refused with a sentence, never another number."""

import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# every blank that a keyboard, a web page or a spreadsheet puts between thousands, and the apostrophe of the Swiss
BLANKS = re.compile(r"[\s\u00a0\u180e\u2000-\u200b\u202f\u205f\u2060\u3000'’]+")
EURO = r"(?:€|eur|euros?)"
# The powers of ten. Not "m": a million to some, a thousand to others.
SCALES = {
    **dict.fromkeys(("k", "K", "millier", "milliers", "thousand"), 3),
    **dict.fromkeys(("M", "million", "millions"), 6),
    **dict.fromkeys(("Md", "Mds", "md", "mds", "milliard", "milliards", "bn"), 9),
}
AMOUNT = re.compile(
    rf"(?i:{EURO})? ?(?P<sign>[-+]?) ?(?i:{EURO})? ?(?P<number>[0-9., ]*[0-9][.,]?) ?"
    rf"(?:(?P<scale>{'|'.join(sorted(SCALES, key=len, reverse=True))})(?: d)?)? ?(?i:{EURO})?"
)
GROUPED_BY_BLANKS = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]*)?")
GROUPED_BY_SIGNS = re.compile(  # and a second sign that tells which is which
    r"[0-9]{1,3}(?:(?:,[0-9]{3})+\.[0-9]*|(?:\.[0-9]{3})+,[0-9]*|(?:,[0-9]{3}){2,}|(?:\.[0-9]{3}){2,})"
)
LONGEST = 26  # characters: Python computes with 28 digits, and no amount has as many
PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+")
EITHER = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")

UNREADABLE = _("“%(text)s” cannot be read as a number. Write it like 1234567.50 or 1 234 567,50.")
AMBIGUOUS = _("“%(text)s” is one number in French and another in English. Write %(whole)s or %(part)s.")


def read_number(text: str) -> Decimal:
    """A plain number, such as a latitude: point and comma both begin its decimals, and nothing groups its digits."""
    bare = text.strip().replace("\u2212", "-")
    if not re.fullmatch(rf"[-+]?(?:{PLAIN.pattern})", bare):
        raise ValidationError(UNREADABLE, code="invalid", params={"text": text})
    return _exactly(Decimal(bare.replace(",", ".")))


def read_amount(text: str) -> Decimal:
    """An amount, of euros most of the time: "1 234,56", "1,234.56", "2,5 M€", "€3bn"."""
    bare = BLANKS.sub(" ", text.replace("\u2212", "-")).strip()
    written = AMOUNT.fullmatch(bare)
    number = written["number"].strip() if written else ""
    if EITHER.fullmatch(number):
        params = {"text": text, "whole": re.sub("[.,]", "", number), "part": f"{number}0"}
        raise ValidationError(AMBIGUOUS, code="ambiguous", params=params)
    value = _value(number)
    if written is None or value is None:
        raise ValidationError(UNREADABLE, code="invalid", params={"text": text})
    value = value.scaleb(SCALES.get(written["scale"] or "", 0))
    return _exactly(-value if written["sign"] == "-" else value)


def _value(number: str) -> Decimal | None:
    if len(number) > LONGEST:
        return None
    if PLAIN.fullmatch(number):
        return Decimal(number.replace(",", "."))
    if GROUPED_BY_BLANKS.fullmatch(number):
        return Decimal(number.replace(" ", "").replace(",", "."))
    if GROUPED_BY_SIGNS.fullmatch(number):
        last = max(number.rfind("."), number.rfind(","))
        alone = number.count(number[last]) > 1  # the same sign throughout: all of them group
        whole, part = (number, "") if alone else (number[:last], number[last + 1 :])
        return Decimal(f"{re.sub('[.,]', '', whole)}.{part}")
    return None


def _exactly(value: Decimal) -> Decimal:
    """Without the zeros at the end, which are no more decimals of an amount than of its thousandth."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if short.as_tuple().exponent > 0 else short
