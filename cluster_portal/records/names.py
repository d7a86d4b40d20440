"""What the database asks of a name: `cluster_portal.writing.one_line` says what that is."""

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

NOT_ONE_LINE = _("A name has something to read in it, single blanks and no invisible signs: type it anew.")


class IsOneLine(Func):
    """`portal_is_one_line`: true of nothing at all, too."""

    function = "portal_is_one_line"
    arity = 1
    output_field = models.BooleanField()


def names_constraint(*columns: str, optional: tuple[str, ...] = ()) -> models.CheckConstraint:
    """`columns` are never blank; `optional` may be."""
    condition = Q()
    for column in (*columns, *optional):
        condition &= Q(IsOneLine(F(column)))
    for column in columns:
        condition &= ~Q(**{column: ""})
    return models.CheckConstraint(
        condition=condition, name="%(app_label)s_%(class)s_names_readable", violation_error_message=NOT_ONE_LINE
    )
