"""Countries, as ISO 3166 lists them, with their names in the visitor's language.

The departments and collectivities of France that have a code of their own there are places of France here
(``COUNTRIES_OVERRIDE`` in the settings).
"""

from functools import cache

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from django_countries.fields import CountryField

from cluster_portal.records.search import fold

HOME = "FR"
CODES = tuple(sorted(countries.countries))


def country_field(**options) -> CountryField:
    return CountryField(_("country"), default=HOME, **options)


def country_known() -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(country__in=CODES),
        name="%(app_label)s_%(class)s_country_known",
        violation_error_message=_("There is no such country: choose one of the list."),
    )


def country_name(code: str) -> str:
    return country_names(get_language() or settings.LANGUAGE_CODE).get(code, code)


@cache
def country_names(language: str) -> dict[str, str]:
    with override(language):
        return {code: name.replace("'", "’") for code, name in countries}


def country_code(text: str) -> str:
    """Of a country by its code or its name in any language of the site, however it is written; blank of none."""
    return text.strip().upper() if text.strip().upper() in CODES else _by_name().get(fold(text), "")


@cache
def _by_name() -> dict[str, str]:
    return {
        fold(name): code for language, _name in settings.LANGUAGES for code, name in country_names(language).items()
    }


@cache
def in_alphabetical_order(language: str) -> tuple[str, ...]:
    names = country_names(language)
    return tuple(sorted(names, key=lambda code: fold(names[code])))
