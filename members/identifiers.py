"""Official identifiers and their check digits.

python-stdnum knows SIREN and SIRET, La Poste's exception included; it has none of RNSR, UAI and ROR. The database holds
the same rules (``members_is_siren`` and the like); a test compares the two.
Spaces, dots and hyphens that people type are removed before anything else (``compact``).
"""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siren, siret

from members.naf import NAF_CODES

CHECK_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # 23 letters: no I, O, Q
CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


NOT_A_NUMBER = _("There is no such number ({name}): check its digits.")


class IsIdentifier(models.Func):
    """``members_is_siren`` and the like: true of nothing at all, too."""

    arity = 1
    output_field = models.BooleanField()


def compact(value: str) -> str:
    """The identifier without the blanks, dots, slashes and hyphens that people write in it."""
    return re.sub(r"[\s.\-/]", "", value or "")


def _not_of_zeros(value: str) -> str:
    """Luhn's sum of nothing but zeros is right, and nobody bears that number."""
    return value if value.strip("0") and not value.startswith("0" * 9) else ""


def validate_siren(value: str) -> None:
    """Nine digits, Luhn."""
    try:
        siren.validate(_not_of_zeros(value))
    except NumberError as error:
        raise ValidationError(
            _("%(value)s is not a SIREN: nine digits are expected, the last one a check digit."),
            code="siren",
            params={"value": value},
        ) from error


def validate_siret(value: str) -> None:
    """Fourteen digits, Luhn; the establishments of La Poste follow a rule of their own."""
    try:
        siret.validate(_not_of_zeros(value))
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
    if not re.fullmatch(r"[0-9]{9}[A-Z]", value) or not int(value[:-1]) or value[-1] != check_letter(int(value[:-1])):
        raise ValidationError(
            _("%(value)s is not an RNSR number: nine digits and their check letter are expected."),
            code="rnsr",
            params={"value": value},
        )


def validate_uai(value: str) -> None:
    """Seven digits and a letter, e.g. 0751717J."""
    if not re.fullmatch(r"[0-9]{7}[A-Z]", value) or not int(value[:-1]) or value[-1] != check_letter(int(value[:-1])):
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


def validate_naf(value: str) -> None:
    """One of the register's activities, e.g. 29.10Z."""
    if value not in NAF_CODES:
        raise ValidationError(
            _("%(value)s is not a NAF code: an activity of the French register is expected, such as 29.10Z."),
            code="naf",
            params={"value": value},
        )
