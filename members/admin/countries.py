"""The country of an organisation or of a site: typed, with the names of all proposed from one list for the whole form.

A box of 250 choices for each of thirty sites would be most of the page.
"""

from functools import cache

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from members.countries import CODES, HOME, country_code, country_name, country_names, in_alphabetical_order

LIST = "countries"  # the id of the list in the page


class CountryBox(forms.CharField):
    """Takes a name in either language, without accents and case too, or the two letters of ISO 3166."""

    default_error_messages = {"invalid": _("There is no such country: choose one of the list.")}

    def to_python(self, value):
        text = super().to_python(value)
        if text in self.empty_values:
            return ""
        if code := country_code(text):
            return code
        raise ValidationError(self.error_messages["invalid"], code="invalid")

    def prepare_value(self, value):
        """The name of what is kept; what was typed is left as it was."""
        return country_name(str(value)) if str(value) in CODES else value


class FromTheList(forms.TextInput):
    def __init__(self, attrs=None):
        super().__init__({"list": LIST, "autocomplete": "off", "class": "vTextField", **(attrs or {})})


class WithTheList(FromTheList):
    """The box that brings the list along, from which all boxes of the page propose."""

    def render(self, name, value, attrs=None, renderer=None):
        return super().render(name, value, attrs, renderer) + _every_country(get_language())


@cache
def _every_country(language: str) -> SafeString:
    names = country_names(language)
    offered = [HOME, *(code for code in in_alphabetical_order(language) if code != HOME)]
    options = format_html_join(mark_safe("\n"), '<option value="{}"></option>', ([names[code]] for code in offered))
    return format_html('\n<datalist id="{}">{}</datalist>', LIST, options)


class WithCountry:
    """For an admin or an inline whose model has a country. One of those on a page has the list."""

    country_widget: type[FromTheList] = FromTheList

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if not isinstance(db_field, CountryField):
            return super().formfield_for_choice_field(db_field, request, **kwargs)
        return CountryBox(
            label=capfirst(db_field.verbose_name),
            help_text=db_field.help_text,
            initial=db_field.default,
            widget=self.country_widget,
        )
