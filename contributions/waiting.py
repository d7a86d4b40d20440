"""What waits for a decision of somebody of staff: records in review, proposals, requests. Read in one query, whatever its length."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import BigIntegerField, CharField, F, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_portal.records.publication import Status
from members.models import Cluster, Organisation
from projects.models import Project

from .models import ChangeProposal, Matter
from .models.proposals import ProposalKind, ProposalState

IN_REVIEW = (Organisation, Project, Cluster)
MINE, WAITING, OVERDUE = "mine", "waiting", "overdue"
NEW = (ProposalKind.JOIN, ProposalKind.PROJECT)  # sent to a cluster, and not about what it keeps


@dataclass(frozen=True, slots=True)
class Waits:
    """One row of the queue. ``since``: confirmed by its sender, or last written."""

    model: str
    pk: int
    kind: str
    state: str
    assigned_to: int | None
    since: datetime
    from_cluster: int | None

    @property
    def matter(self) -> str:
        if self.kind == Matter.REVIEW:
            return Matter.REVIEW
        if self.from_cluster:
            return Matter.REQUEST
        return Matter.JOIN if self.kind == ProposalKind.JOIN else Matter.PROPOSAL

    @property
    def is_waiting(self) -> bool:
        """For an answer of whoever sent it."""
        return self.state == ProposalState.WAITING

    @property
    def is_overdue(self) -> bool:
        return not self.is_waiting and self.since < timezone.now() - timedelta(days=settings.REVIEW_DAYS)

    @property
    def about(self) -> str:
        return f"{self.model}:{self.pk}"


def what_waits(user) -> list[Waits]:
    """For her, the oldest first."""
    proposals = _row(
        ChangeProposal.objects.open().editable_by(user),
        kind=F("kind"),
        state=F("state"),
        since=Coalesce("confirmed_at", "created_at"),
        from_cluster=F("from_cluster_id"),
    )
    others = [
        _row(
            model.objects.filter(status=Status.IN_REVIEW).kept_by(user),
            kind=Value(Matter.REVIEW.value),
            state=F("status"),
            since=F("updated_at"),
            from_cluster=Value(None),
        )
        for model in IN_REVIEW
    ]
    rows = proposals.union(*others, all=True).order_by("row_since", "row_model", "row_pk")
    return [Waits(*row) for row in rows]


def _row(rows, *, kind, state, since, from_cluster):
    text = CharField()
    return (
        rows.order_by()
        .annotate(
            row_model=Value(rows.model._meta.label_lower, output_field=text),
            row_pk=F("pk"),
            row_kind=Cast(kind, text),
            row_state=Cast(state, text),
            row_assigned=F("assigned_to_id"),
            row_since=since,
            row_from=Cast(from_cluster, BigIntegerField()),
        )
        .values_list("row_model", "row_pk", "row_kind", "row_state", "row_assigned", "row_since", "row_from")
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the queue somebody looks at: one matter or all; of that, what is in her hand, waits or is overdue."""

    matter: str = ""
    only: str = ""

    def among(self, rows: Iterable[Waits], user) -> list[Waits]:
        return [row for row in rows if self._is_of(row) and self._is(row, user)]

    def _is_of(self, row: Waits) -> bool:
        return not self.matter or row.matter == self.matter

    def _is(self, row: Waits, user) -> bool:
        match self.only:
            case "mine":
                return row.assigned_to == user.pk
            case "waiting":
                return row.is_waiting
            case "overdue":
                return row.is_overdue
        return True


def numbers(rows: Iterable[Waits]) -> dict[str, int]:
    """By matter."""
    return dict(Counter(row.matter for row in rows))


def age(since: datetime) -> str:
    """In whole days of the site's clock."""
    days = (timezone.localdate() - timezone.localdate(since)).days
    if days <= 0:
        return _("today")
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
