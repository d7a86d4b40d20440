"""Telephone numbers: kept as +33476000000, whatever way they are typed; read and shown by the rules of their country."""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, shortnumberinfo

NOT_A_PHONE = gettext_lazy(
    "“%(value)s” is not a telephone number. Write a foreign one with its country: +49 30 123456."
)
KEPT = r"^(\+[1-9]\d{6,14}(;ext=\d{1,7})?|[1-9]\d{1,5})$"
# whose numbers are written as those of France itself, with a 0
FRENCH = ("FR", "GP", "GF", "MQ", "RE", "YT", "PM", "BL", "MF")


def read_phone(text: str) -> str:
    """The number as it is kept. ``ValidationError`` if it is none."""
    with_extension = re.sub(r"\bposte\b", "ext.", text, flags=re.IGNORECASE)
    for region in FRENCH:
        try:
            number = phonenumbers.parse(with_extension, region)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            extension = f";ext={number.extension}" if number.extension else ""
            return phonenumbers.format_number(_bare(number), PhoneNumberFormat.E164) + extension
    short = re.sub(r"[\s.\u00a0\u202f-]", "", text)
    if re.fullmatch(r"[1-9]\d{1,5}", short, re.ASCII) and shortnumberinfo.is_valid_short_number_for_region(
        PhoneNumber(country_code=33, national_number=int(short)), "FR"
    ):
        return short  # 3939, 36 46: of France alone
    raise ValidationError(NOT_A_PHONE, code="phone", params={"value": text})


def _bare(number: PhoneNumber) -> PhoneNumber:
    plain = PhoneNumber()
    plain.merge_from(number)
    plain.extension = None
    return plain


def validate_phone(value: str) -> None:
    """Of a number as it is kept."""
    if value and read_phone(value) != value:
        raise ValidationError(NOT_A_PHONE, code="phone", params={"value": value})


def written_phone(value: str) -> str:
    """As people of its country write it, abroad with the country; what cannot be read is left as it is."""
    try:
        number = phonenumbers.parse(value, "FR")
    except NumberParseException:
        return value
    if not value.startswith("+"):
        return value
    french = phonenumbers.region_code_for_number(number) in FRENCH
    written = phonenumbers.format_number(
        _bare(number), PhoneNumberFormat.NATIONAL if french else PhoneNumberFormat.INTERNATIONAL
    )
    if not number.extension:
        return written
    return _("%(number)s ext. %(extension)s") % {"number": written, "extension": number.extension}


class PhoneField(models.CharField):
    """A number as it is kept."""

    default_validators = [validate_phone]

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **{"max_length": 30, "blank": True, **options})

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


def phones_constraint(column: str = "phone") -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{column: ""}) | Q(**{f"{column}__regex": KEPT}),
        name=f"%(app_label)s_%(class)s_{column}_known",
        violation_error_message=gettext_lazy("A telephone number is kept as +33476000000."),
    )
