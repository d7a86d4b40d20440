"""What people sent in or follow, and what staff noted: who is told in it, and for how long it is kept."""

import secrets
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cluster_portal.personal_data.mentions import unread
from cluster_portal.personal_data.retention import Term, keep
from cluster_portal.personal_data.sought import Sought
from cluster_portal.personal_data.sources import Rows, blanked, of_nobody, register
from contributions.alerts.following import forget
from contributions.models import ChangeProposal, ListAlert, RelayedMessage, SignedLink
from contributions.models.proposals import ERASED_SENDER
from contributions.querysets import SILENT_FOR

TEXTS = ("values", "based_on", "note", "decisions", "reason")


def _sender_forgotten(rows: QuerySet, sought: Sought) -> int:
    number = 0
    for row in rows:
        for name in TEXTS:
            setattr(row, name, sought.taken_out_of(getattr(row, name)))
        if sought.names_her(row.sender_email) or sought.names_her(row.sender_name):
            row.sender_name, row.sender_known = "", False
            row.sender_email = ERASED_SENDER if row.sender_email else ""
            row.fingerprint = secrets.token_hex(32)  # says nothing of her, and is in no way of what she sends anew
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
register(
    Rows(
        "messages",
        _("Messages to organisations, not confirmed yet"),
        _("are deleted, and sent to nobody"),
        "contributions.relayedmessage",
        names=("sender_name",),
        emails=("sender_email",),
        told=("created_at",),  # that she writes; whoever looks for her does not read to whom and what
        also=("text",),
    )
)
unread(RelayedMessage._meta.db_table)
register(
    Rows(
        "alerts",
        _("Lists followed by mail"),
        _("are deleted, and nothing more is sent"),
        "contributions.listalert",
        emails=("email",),
        told=("which", "frequency", "created_at"),
    )
)
register(
    Rows(
        "signed_links",
        _("Links sent to organisations"),
        _("are deleted, and lead nowhere"),
        "contributions.signedlink",
        emails=("sent_to",),
        told=("organisation", "purpose", "sent_at"),
    )
)
of_nobody(
    "a cluster's, not a person's; where it is one's all the same, it is found as a mention",
    "contributions.correspondence.reply_to",
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


def _old_messages(moment: datetime) -> QuerySet:
    return RelayedMessage.objects.passed_on(before=moment)


def old_links(moment: datetime) -> QuerySet:
    return SignedLink.objects.filter(sent_at__lt=moment)


def _links_ended(moment: datetime) -> int:
    return old_links(moment).delete()[0]


keep(
    Term(
        "messages",
        _("that messages were sent on, after two years"),
        2 * 365,
        lambda moment: _old_messages(moment).count(),
        lambda moment: _old_messages(moment).delete()[0],
    )
)
keep(
    Term(
        "alerts",
        _("lists followed by mail, two years after something was last heard of their readers"),
        SILENT_FOR.days,
        lambda moment: ListAlert.objects.silent_since(moment).count(),
        lambda moment: forget(ListAlert.objects.silent_since(moment)),
    )
)
keep(
    Term(
        "signed_links",
        _("links sent to organisations, after two years"),  # who was asked is read off them for one
        730,
        lambda moment: old_links(moment).count(),
        _links_ended,
    )
)
