"""Numbers in the columns: one subquery each, whatever the number of rows on the page."""

from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce


def counted(model, column: str, rows=None, *, distinct: str = "pk"):
    """How many rows of `model` (or different values of their `distinct`) name the outer row in their `column`.

    `rows` narrows which of them count.
    """
    rows = model._default_manager.all() if rows is None else rows
    return number_of(rows.filter(**{column: OuterRef("pk")}), distinct)


def number_of(rows, distinct: str = "pk"):
    """The same of rows that already speak of the outer row."""
    counting = Count(distinct, distinct=distinct != "pk")
    numbers = rows.order_by().annotate(everything=Value(1)).values("everything").annotate(n=counting).values("n")
    return Coalesce(Subquery(numbers), Value(0), output_field=IntegerField())
