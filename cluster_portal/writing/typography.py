"""Numbers, amounts and dates as a reader of the language expects them, French spacing included."""

import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

NARROW_SPACE = "\u202f"
HARD_SPACE = "\u00a0"


def in_french() -> bool:
    return (get_language() or "fr").startswith("fr")


def number(value: int | float | Decimal | str | None, decimals: int = 0) -> str:
    """`12345.6` as "12 346" in French, "12,346" in English; an empty text for nothing."""
    if value is None or value == "":
        return ""
    text = f"{Decimal(value):,.{decimals}f}"
    if in_french():
        return text.replace(",", NARROW_SPACE).replace(".", ",")
    return text


def at_least(text: str, is_minimum: object = True) -> str:
    """`"35"` as "at least 35" where it is a minimum."""
    return gettext("at least %(number)s") % {"number": text} if is_minimum else text


def percent(share: float | Decimal, decimals: int = 0) -> str:
    """A share between 0 and 100, with its sign."""
    text = number(share, decimals)
    return f"{text}{HARD_SPACE}%" if in_french() else f"{text}%"


def _rounded(value: Decimal, decimals: int) -> Decimal:
    """A half goes up, as with everybody's money: Python's own rounding writes 2,125,000 as 2.12 million."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _amount(value: Decimal, decimals: int, unit: str, as_declared: bool = False) -> str:
    """`unit` is "", "M", "bn" or "tn"; a billion is "Md" in French."""
    shown = _rounded(value, decimals)
    if as_declared:  # without zeros that nobody wrote
        decimals = max(0, -int(shown.normalize().as_tuple().exponent))
    text = number(shown, decimals)
    if in_french():
        return f"{text}{HARD_SPACE}{'Md' if unit == 'bn' else unit}€"
    return f"€{text}{unit}"


def euros(value: Decimal | int | float | None, as_declared: bool = False) -> str:
    """An amount to compare at a glance: "2,10 M€", "7,50 Md€"; small amounts in full.

    ``as_declared``: no more precise than whoever published it, "55 Md€".

    The unit is the one of what is shown: 999,999,999 is a billion once it is rounded. French has no short word above
    the billion that is not another one in English.
    """
    if value is None or value == "":
        return ""
    amount = Decimal(value)
    if not in_french() and abs(_rounded(amount / 10**9, 2)) >= 1000:
        return _amount(amount / 10**12, 2, "tn", as_declared)
    if abs(_rounded(amount / 10**6, 2)) >= 1000:
        return _amount(amount / 10**9, 2, "bn", as_declared)
    if abs(_rounded(amount, 0)) >= 100_000:
        return _amount(amount / 10**6, 2, "M", as_declared)
    return _amount(amount, 0, "")


def euros_in_full(value: Decimal | int | float | None) -> str:
    """An amount to add up: "2 600 000 €"; cents only when there are any."""
    if value is None or value == "":
        return ""
    amount = Decimal(value)
    return _amount(amount, 0 if amount == amount.to_integral_value() else 2, "")


def date_in_words(value: datetime.date | None) -> str:
    """ "1er janvier 2015" without markup: for attributes, titles and plain text."""
    if value is None:
        return ""
    text = date_format(value, "j F Y")
    return text.replace("1 ", "1er ", 1) if in_french() and value.day == 1 else text


def date_long(value: datetime.date | None) -> SafeString:
    """The same with the ordinal raised, as French typography wants it."""
    text = escape(date_in_words(value))
    return mark_safe(text.replace("1er ", "1<sup>er</sup> ", 1) if value and value.day == 1 else text)


def date_short(value: datetime.date | None) -> str:
    """ "9 sept. 2026": for table cells."""
    return date_format(value, "j N Y") if value else ""


def sentence_list(items: list[str]) -> str:
    """ "A, B and C" in the language; keeps safe strings safe."""
    if not items:
        return ""
    if len(items) == 1:
        return items[0]
    head = pgettext("between the items of a list", ", ").join(items[:-1])
    return gettext("%(items)s and %(last)s") % {"items": head, "last": items[-1]}


def euros_for_one(value: Decimal | float | None, as_declared: bool = False) -> str:
    """Euros for one euro: "2,8 €"; a comparison of sums bears no more than one decimal."""
    return "" if value is None else _amount(Decimal(value), 1, "", as_declared)
