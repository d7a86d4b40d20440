"""Days and years that a record may bear: nobody became a member in the year 202, or will in 9999."""

from datetime import date

from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2099, 12, 31)
OUT_OF_TIME = _("A day lies between 1900 and 2099: check the year.")
YEAR_OUT_OF_TIME = _("A year has four figures and lies between the times that this record may speak of: check it.")


class DayHasCome(Func):
    """Not in the future by the site's clock, or unknown."""

    function = "portal_day_has_come"
    arity = 1
    output_field = models.BooleanField()


class YearHasCome(DayHasCome):
    function = "portal_year_has_come"


def days_constraint(*columns: str) -> models.CheckConstraint:
    known = Q()
    for column in columns:
        known &= Q(**{column: None}) | Q(**{f"{column}__range": (FIRST_DAY, LAST_DAY)})
    return models.CheckConstraint(
        condition=known, name="%(app_label)s_%(class)s_days_in_time", violation_error_message=OUT_OF_TIME
    )


def years_constraint(first: int, last: int, *columns: str) -> models.CheckConstraint:
    known = Q()
    for column in columns:
        known &= Q(**{column: None}) | Q(**{f"{column}__range": (first, last)})
    return models.CheckConstraint(
        condition=known, name="%(app_label)s_%(class)s_years_in_time", violation_error_message=YEAR_OUT_OF_TIME
    )
