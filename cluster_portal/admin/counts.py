"""Numbers in the columns: one subquery each, whatever the number of rows on the page."""

from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce


def counted(model, column: str, rows=None):
    """How many rows of `model` name the outer row in their `column`; `rows` narrows which of them count."""
    rows = model._default_manager.all() if rows is None else rows
    numbers = rows.filter(**{column: OuterRef("pk")}).order_by().values(column).annotate(n=Count("pk"))
    return Coalesce(Subquery(numbers.values("n")), Value(0), output_field=IntegerField())
