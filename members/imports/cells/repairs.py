"""What a reader of cells answers: a value, what it repaired on the way, or why there is none."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cluster_portal.exchange.sentences import Sentence, known_sentences, sentence

__all__ = ["BLANK", "Cell", "Repair", "RepairCode", "problem", "reader", "sentence", "too_long"]

REMEMBERED = 4_000  # texts of each kind of cell, whose columns repeat themselves
LONGEST_READ = 500  # characters of any cell but of a text
LONGEST_SHOWN = 80  # characters of a cell, in a sentence about it


class RepairCode(models.TextChoices):
    """What was done to a cell, for those who look at it and may refuse."""

    BLANKS = "blanks", _("Blanks and invisible signs taken away")
    ACCENTS = "accents", _("Accents joined to their letters")
    LINES = "lines", _("Several lines made one")
    LABEL = "label", _("Words beside the value taken away")
    NOTHING = "nothing", _("A word for “nothing” read as blank")
    LEADING_ZEROS = "leading_zeros", _("Leading zeros put back")
    FLOAT = "float", _("A number with decimals made whole again")
    LETTER_O = "letter_o", _("The letter O read as zero")
    CASE = "case", _("Capital and small letters put right")
    SIREN_OF_SIRET = "siren_of_siret", _("The SIREN taken from a SIRET")
    SIREN_OF_VAT = "siren_of_vat", _("The SIREN taken from a VAT number")
    PUNCTUATION = "punctuation", _("Signs around the value taken away")
    UNIT_NUMBER = "unit_number", _("A unit number written as it is kept")
    NAF_DOT = "naf_dot", _("The dot of the NAF code put back")
    NAF_SHORT = "naf_short", _("A shortened NAF code completed")
    SEVERAL = "several", _("Several values of one cell taken apart")
    REPEATED = "repeated", _("A value that stands twice taken once")
    CEDEX = "cedex", _("CEDEX and its number taken away")
    SPECIAL_CEDEX = "special_cedex", _("The department of a special CEDEX code found")
    SPELLING = "spelling", _("A place written in another way recognised")
    FORMER_NAME = "former_name", _("A former name replaced by today’s")
    CODE = "code", _("A code read as what it stands for")
    ABROAD = "abroad", _("Abroad: no place of France")
    NO_REGION = "no_region", _("In none of the 18 regions")
    TWO_IN_ONE = "two_in_one", _("Latitude and longitude taken apart")
    DECIMAL_COMMA = "decimal_comma", _("A decimal comma read as a point")
    DEGREES = "degrees", _("Degrees, minutes and seconds counted as decimals")
    DATE = "date", _("A date in another way of writing read")
    SPREADSHEET_DAY = "spreadsheet_day", _("A spreadsheet’s number of a day read as a date")
    SHORT_YEAR = "short_year", _("A year of two figures completed")
    YEAR_OF_DATE = "year_of_date", _("The year taken from a date")
    EMPTY_ADDRESS = "empty_address", _("An address that names no site read as blank")
    SCHEME = "scheme", _("https:// put before an address")
    SCHEME_TWICE = "scheme_twice", _("A wrong or repeated http:// put right")
    PHONE = "phone", _("A telephone number completed")
    CAPITALS = "capitals", _("A name in capitals put in small letters")
    AMOUNT = "amount", _("An amount written in words or with signs read as a number")


known_sentences({
    "cell-lost-digits": _("“%(value)s”: the spreadsheet has lost digits. Format the column as text, and type the number anew."),
    "cell-siren": _("“%(value)s” is not a SIREN: nine digits are expected, the last one a check digit."),
    "cell-siret": _("“%(value)s” is not a SIRET: fourteen digits are expected, the last one a check digit."),
    "cell-siret-is-siren": _("“%(value)s” is a SIREN and not a SIRET, which has fourteen digits."),
    "cell-uai": _("“%(value)s” is not a UAI code: seven digits and their check letter are expected."),
    "cell-rnsr": _("“%(value)s” is not an RNSR number: nine digits and their check letter are expected."),
    "cell-ror": _("“%(value)s” is not a ROR id: nine characters such as 02feahw73 are expected."),
    "cell-naf": _("“%(value)s” is not a NAF code of today: an activity of the French register is expected, such as 29.10Z."),
    "cell-naf-several": _("“%(value)s” may be %(codes)s: write the NAF code in full."),
    "cell-unit-number": _("“%(value)s” is not a unit number: capital letters and digits are expected, such as UMR 5506."),
    "cell-postcode": _("“%(value)s” is not a French postcode: five digits are expected."),
    "cell-postcode-nowhere": _("“%(value)s” is no postcode of a place: no department begins with these digits."),
    "cell-region": _("No region is called “%(value)s”."),
    "cell-department": _("No department is called “%(value)s”."),
    "cell-two-departments": _("“%(value)s” names one department and has the code of another."),
    "cell-country": _("No country is called “%(value)s”."),
    "cell-date": _("“%(value)s” is not a date: write it like 31/12/2024 or 2024-12-31."),
    "cell-no-such-day": _("“%(value)s”: there is no such day. The day comes before the month: 31/12/2024."),
    "cell-only-a-year": _("“%(value)s” is only a year: the day and the month are wanted too."),
    "cell-out-of-time": _("“%(value)s”: a day lies between 1900 and 2099."),
    "cell-year": _("“%(value)s” is not a year: four figures are expected."),
    "cell-year-out-of-time": _("“%(value)s”: a founding year lies between 1100 and today."),
    "cell-website": _("“%(value)s” is not the address of a site that everybody can open, such as https://www.example.org."),
    "cell-several": _("“%(value)s”: one value is wanted here, and there are several."),
    "cell-email": _("“%(value)s” is not an e-mail address."),
    "cell-phone": _("“%(value)s” is not a telephone number. Write a foreign one with its country: +49 30 123456."),
    "cell-coordinates": _("“%(value)s” is not a latitude and a longitude, such as 45.764, 4.8357."),
    "cell-latitude": _("“%(value)s” is not a latitude: a number between -90 and 90."),
    "cell-longitude": _("“%(value)s” is not a longitude: a number between -180 and 180."),
    "cell-in-the-sea": _("Latitude 0 and longitude 0 are a place in the sea: leave both blank if unknown."),
    "cell-swapped": _("Latitude %(latitude)s and longitude %(longitude)s seem to be swapped: the other way round they are in %(place)s."),
    "cell-far": _("Latitude %(latitude)s and longitude %(longitude)s are far from %(place)s."),
    "cell-amount": _("“%(value)s” cannot be read as a number. Write it like 1234567.50 or 1 234 567,50."),
    "cell-amount-ambiguous": _("“%(value)s” is one number in French and another in English. Write %(whole)s or %(part)s."),
    "cell-yes-no": _("“%(value)s” is neither yes nor no."),
    "cell-too-long": _("This holds %(length)s characters, and at most %(most)s are kept: “%(value)s”."),
    "cell-control": _("“%(value)s” holds control signs, which cannot be kept: type it anew."),
    "cell-unreadable-sign": _("“%(value)s” holds nothing to read."),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Repair:
    """One change that a reader made to a cell."""

    code: str
    before: str
    after: str

    def label(self) -> str:
        return str(RepairCode(self.code).label)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell means. None is a blank; ``problem`` says why nothing was understood, and can be kept: `Sentence`."""

    value: Any = None
    repairs: tuple[Repair, ...] = ()
    problem: Sentence | None = None


BLANK = Cell()


def problem(code: str, text: str, repairs: tuple[Repair, ...] = (), **params: Any) -> Cell:
    shown = text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
    return Cell(None, repairs, Sentence(code, {"value": shown, **params}))


def too_long(text: str, most: int, repairs: tuple[Repair, ...] = ()) -> Cell:
    return problem("cell-too-long", text, repairs, length=len(text), most=most)


def reader(read: Callable[..., Cell]) -> Callable[..., Cell]:
    """A reader of one kind of cell, which answers at once what it has answered before, and has no long ones to look at."""
    remembered = lru_cache(maxsize=REMEMBERED)(read)

    @wraps(read)
    def from_text(text: str, *args: Any, **options: Any) -> Cell:
        if len(text) > LONGEST_READ:
            return too_long(text, LONGEST_READ)
        return remembered(text, *args, **options) if text else BLANK

    return from_text
