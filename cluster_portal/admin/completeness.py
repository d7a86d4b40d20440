"""How far a record is filled in, on its form, and what would help most next: the first of the list that it lacks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from cluster_portal.drawing.charts import track
from cluster_portal.records.publication import Status
from cluster_portal.writing.typography import percent

from .scope import keeps


@dataclass(frozen=True)
class Wanted:
    """``lacks``: the condition of a need, so that form and lists say the same. ``anchor``: where on the form it is filled."""

    label: Any
    lacks: Callable[[], Q]
    anchor: str


class Completeness:
    """`wanted`: what a record should have, what helps its readers most first."""

    wanted: tuple[Wanted, ...] = ()

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        fills = obj is not None and request.method == "GET" and keeps(request.user, obj)
        context["completeness"] = self._completeness(obj) if fills else None
        return super().render_change_form(request, context, add, change, form_url, obj)

    def with_what_lacks(self, rows: QuerySet) -> QuerySet:
        """Asked along with the row."""
        conditions = {
            f"lacks_{position}": ExpressionWrapper(one.lacks(), output_field=BooleanField())
            for position, one in enumerate(self.wanted)
        }
        return rows.annotate(**conditions)

    def _completeness(self, obj) -> dict | None:
        if not self.wanted or obj.status == Status.ARCHIVED or not hasattr(obj, "lacks_0"):
            return None
        lacking = [one for position, one in enumerate(self.wanted) if getattr(obj, f"lacks_{position}")]
        share = 100 * (len(self.wanted) - len(lacking)) // len(self.wanted)
        return {
            "share": percent(share),
            "bar": track(share, "f-filled"),
            "next": lacking[0] if lacking else None,
            "more": lacking[1:],
        }
