"""A record that was in review and was refused: by whom and why, and who had submitted it.

Nothing of it is kept beside the history, where whoever refused it gave her reason: whatever way led there, it is found.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from cluster_portal.history.tracking import BEFORE, TRACKED
from cluster_portal.records.publication import Status
from members.models import Cluster, Organisation
from projects.models import Project

from .models import Matter
from .waiting import IN_REVIEW

TOLD_WITHIN = timedelta(days=30)  # later it is no news


@dataclass(frozen=True, slots=True)
class Refused:
    """``event``: its line in the history, by which one refusal differs from the next of the same record."""

    record: Organisation | Project | Cluster
    event: int
    at: datetime
    reason: str
    by: int | None
    author: int | None

    matter = Matter.REFUSED

    @property
    def about(self) -> str:
        return f"refused:{self.record._meta.label_lower}:{self.record.pk}:{self.event}"


def refused_lately() -> list[Refused]:
    """What is refused still, of the last month."""
    since = timezone.now() - TOLD_WITHIN
    found = []
    for model in IN_REVIEW:
        records = model._default_manager.filter(status=Status.REFUSED, updated_at__gte=since)
        found += [one for one in refusals_of(records) if one.at >= since]
    return found


def refusals_of(records: Iterable[Organisation | Project | Cluster]) -> Iterator[Refused]:
    """Of each record the last time that it was refused; of one whose history does not tell it, nothing."""
    known = {record.pk: record for record in records}
    if not known:
        return
    model = type(next(iter(known.values())))
    events = TRACKED[model._meta.label_lower].events
    rows = (
        events._default_manager.filter(pgh_obj__in=known)
        .exclude(pgh_label=BEFORE)
        .order_by("pgh_id")
        .values_list("pgh_obj", "pgh_id", "pgh_created_at", "status", "pgh_context__metadata")
    )
    told = defaultdict(list)
    for pk, *event in rows:
        told[pk].append(event)
    for pk, record in known.items():
        if refused := _last_refusal(record, told[pk]):
            yield refused


def _last_refusal(record, events: list[list]) -> Refused | None:
    was, submitted_by, refused = "", None, None
    for number, at, status, said in events:
        said = said or {}
        if status == Status.IN_REVIEW and was != status:
            submitted_by = said.get("user")
        if status == Status.REFUSED and was != status:
            author = submitted_by or record.assigned_to_id or record.created_by_id
            refused = Refused(record, number, at, said.get("reason", ""), said.get("user"), author)
        was = status
    return refused
