"""The boxes of the staff's forms by the kind of what is typed in them: a number, a day, a line of text, a telephone.

A box understands what a person means or says why it does not; it never stores another value than the one that was
typed. Every form gets them from ``BOXES``, which Django's admin looks up by the class of the model's field.
"""

from datetime import date
from decimal import Decimal

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cluster_portal.exchange.amounts import read_amount, read_number
from cluster_portal.records.days import FIRST_DAY, LAST_DAY, OUT_OF_TIME
from cluster_portal.records.phones import PhoneField, read_phone, written_phone
from cluster_portal.writing.one_line import one_line, without_hidden_signs
from cluster_portal.writing.typography import number

CENTS = 2


class NumberBox(forms.DecimalField):
    """A text box, since the browser's own box for numbers takes one way of writing them and empties itself of others.

    Two decimals are cents: the number is an amount. More are a position on the map.
    """

    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "vNumber", "autocomplete": "off"})

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if isinstance(value, (int, Decimal)):
            return Decimal(value)
        if not str(value).strip():
            return None
        return self._read(str(value))

    @property
    def _read(self):
        return read_amount if self.decimal_places == CENTS else read_number

    def prepare_value(self, value):
        """As it may be typed in the language of the page; what was typed is left as it was."""
        if not isinstance(value, Decimal):
            return value
        return number(value, CENTS) if self.decimal_places == CENTS else f"{value:f}"


class DayBox(forms.DateField):
    """A day in four figures of a year that people live in. How it is written: `cluster_portal/formats`."""

    default_validators = [MinValueValidator(FIRST_DAY, OUT_OF_TIME), MaxValueValidator(LAST_DAY, OUT_OF_TIME)]
    default_error_messages = {"invalid": _("Write the day with its year in four figures, such as 15/03/2026.")}

    def to_python(self, value) -> date | None:
        return super().to_python(value.strip() if isinstance(value, str) else value)


class LineBox(forms.CharField):
    """One line: without signs that nobody sees, with single blanks."""

    def to_python(self, value):
        return one_line(super().to_python(value) or "") or self.empty_value


class TextBox(forms.CharField):
    """Several lines, without signs that nobody sees."""

    def to_python(self, value):
        return without_hidden_signs(super().to_python(value) or "") or self.empty_value


class PhoneBox(forms.CharField):
    """A number in any dress, shown in that of its country."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})

    def to_python(self, value):
        text = one_line(super().to_python(value) or "")
        return read_phone(text) if text else ""

    def prepare_value(self, value):
        return written_phone(value) if value else value

    def widget_attrs(self, widget):
        """Blanks and brackets take more room than the number that is kept."""
        return {key: value for key, value in super().widget_attrs(widget).items() if key != "maxlength"}


BOXES: dict[type[models.Field], dict] = {
    models.DecimalField: {"form_class": NumberBox},
    models.DateField: {"form_class": DayBox},
    models.CharField: {"form_class": LineBox},
    models.TextField: {"form_class": TextBox},
    PhoneField: {"form_class": PhoneBox},
    models.SlugField: {},  # a kind of CharField, with a box of its own
}
