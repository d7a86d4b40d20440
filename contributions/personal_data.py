"""What people sent in, and what staff noted: who is told in it, and for how long it is kept."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cluster_portal.personal_data.retention import Term, keep
from cluster_portal.personal_data.sought import Sought
from cluster_portal.personal_data.sources import Rows, blanked, register
from contributions.models import ChangeProposal
from contributions.models.proposals import ERASED_SENDER

TEXTS = ("values", "based_on", "note", "decisions", "reason")


def _sender_forgotten(rows: QuerySet, sought: Sought) -> int:
    number = 0
    for row in rows:
        for name in TEXTS:
            setattr(row, name, sought.taken_out_of(getattr(row, name)))
        if sought.names_her(row.sender_email) or sought.names_her(row.sender_name):
            row.sender_name, row.sender_known = "", False
            row.sender_email = ERASED_SENDER if row.sender_email else ""
        row.save()
        number += 1
    return number


register(
    Rows(
        "proposals",
        _("Proposals"),
        _("lose their sender, and her name wherever it stands"),
        "contributions.changeproposal",
        names=("sender_name",),
        emails=("sender_email",),
        texts=TEXTS,
        told=("kind", "created_at"),
        forget=_sender_forgotten,
    )
)
register(
    Rows(
        "proposal_messages",
        _("Messages about proposals"),
        _("lose her name wherever it stands"),
        "contributions.proposalmessage",
        texts=("text",),
        forget=blanked("text"),
    )
)
register(
    Rows(
        "notes",
        _("Internal notes"),
        _("lose her name wherever it stands"),
        "contributions.internalnote",
        texts=("text",),
        told=("organisation", "project", "about"),
        forget=blanked("text"),
    )
)


def old_proposals(moment: datetime) -> QuerySet:
    """Decided by then, or never confirmed, or expired."""
    unanswered = Q(state__in=[ChangeProposal.State.UNCONFIRMED, ChangeProposal.State.EXPIRED], created_at__lt=moment)
    return ChangeProposal.objects.filter(
        Q(state__in=ChangeProposal.DECIDED, decided_at__lt=moment) | unanswered
    )  # fmt: skip


def _end(moment: datetime) -> int:
    rows = old_proposals(moment)
    number = rows.count()
    rows.delete()
    return number


keep(
    Term(
        "proposals",
        _("proposals, a year after their decision"),
        365,
        lambda moment: old_proposals(moment).count(),
        _end,
    )
)
