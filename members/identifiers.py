"""Official identifiers and their check digits.

python-stdnum knows SIREN and SIRET, La Poste's exception included; it has none of RNSR, UAI and ROR.
Spaces, dots and hyphens that people type are removed before anything else (``compact``).
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siren, siret

CHECK_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # 23 letters: no I, O, Q
CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def compact(value: str) -> str:
    """The identifier without the blanks, dots, slashes and hyphens that people write in it."""
    return re.sub(r"[\s.\-/]", "", value or "")


def validate_siren(value: str) -> None:
    """Nine digits, Luhn."""
    try:
        siren.validate(value)
    except NumberError as error:
        raise ValidationError(
            _("%(value)s is not a SIREN: nine digits are expected, the last one a check digit."),
            code="siren",
            params={"value": value},
        ) from error


def validate_siret(value: str) -> None:
    """Fourteen digits, Luhn; the establishments of La Poste follow a rule of their own."""
    try:
        siret.validate(value)
    except NumberError as error:
        raise ValidationError(
            _("%(value)s is not a SIRET: fourteen digits are expected, the last one a check digit."),
            code="siret",
            params={"value": value},
        ) from error


def check_letter(number: int) -> str:
    return CHECK_LETTERS[number % 23]


def validate_rnsr(value: str) -> None:
    """Nine digits and a letter, e.g. 199111950H."""
    if not re.fullmatch(r"\d{9}[A-Z]", value) or value[-1] != check_letter(int(value[:-1])):
        raise ValidationError(
            _("%(value)s is not an RNSR number: nine digits and their check letter are expected."),
            code="rnsr",
            params={"value": value},
        )


def validate_uai(value: str) -> None:
    """Seven digits and a letter, e.g. 0751717J."""
    if not re.fullmatch(r"\d{7}[A-Z]", value) or value[-1] != check_letter(int(value[:-1])):
        raise ValidationError(
            _("%(value)s is not a UAI code: seven digits and their check letter are expected."),
            code="uai",
            params={"value": value},
        )


def ror_check_digits(body: str) -> str:
    """``body`` is the six Crockford base-32 characters after the leading 0."""
    number = 0
    for character in body:
        number = number * 32 + CROCKFORD.index(character)
    return f"{98 - (number * 100) % 97:02d}"


def validate_ror(value: str) -> None:
    """``0`` + six base-32 characters + two check digits, e.g. 02feahw73."""
    if not re.fullmatch(rf"0[{CROCKFORD}]{{6}}\d\d", value) or value[-2:] != ror_check_digits(value[1:-2]):
        raise ValidationError(
            _("%(value)s is not a ROR id: nine characters such as 02feahw73 are expected."),
            code="ror",
            params={"value": value},
        )
