"""The declared figures that say how many clusters held the label on a day."""

from datetime import date

from cluster_portal.records.compiled import compiled
from members.label_counts import DeclaredCount, declared_by
from projects.models import DeclaredFigure


@compiled
def _declared_on(at: date):
    return DeclaredFigure.objects.clusters_on(at)


@declared_by
def declared_on(day: date) -> DeclaredCount | None:
    """The largest, where sources disagree: what it does not reach is a minimum for one of them."""
    row = _declared_on.first(day)
    return row and DeclaredCount(int(row.value), row.first_day, row.last_day, row.source, row.link)
