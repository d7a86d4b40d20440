"""A proposal is made, confirmed and forgotten: what happens to it before anybody of staff looks at it."""

import hashlib
import json
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from cluster_portal.pages.this_page import site_of
from cluster_portal.work.knowing import every_day
from contributions import letters
from contributions.fields import Json
from contributions.links import UNCONFIRMED_FOR
from contributions.models import ChangeProposal, ProposalMessage
from members.models import Cluster, Organisation

FREE_MAIL = frozenset(
    "gmail.com outlook.com outlook.fr hotmail.com hotmail.fr live.fr yahoo.com yahoo.fr orange.fr wanadoo.fr free.fr sfr.fr"
    " laposte.net icloud.com proton.me protonmail.com gmx.fr gmx.com".split()
)


def send(request: HttpRequest, kind: str, sender: Mapping[str, str], said: Mapping[str, object], **about) -> None:
    """Keeps it unconfirmed, and mails the link that confirms it. What this sender has under way already is not kept twice:
    she reads the same thanks, and gets the link again while it is not confirmed. ``said``: values, based_on, note."""
    proposal = ChangeProposal(
        kind=kind,
        sender_name=sender.get("sender_name", ""),
        sender_email=sender["sender_email"],
        language=get_language() or "fr",
        sent_from=site_of(request),
        **said,
        **about,
    )
    proposal.sender_known = is_its_own(proposal.sender_email, proposal.organisation or proposal.cluster)
    proposal.fingerprint = fingerprint(proposal)
    try:
        with transaction.atomic():
            proposal.save()
            letters.confirm(proposal)
    except IntegrityError:
        known = ChangeProposal.objects.the_same(proposal.fingerprint).first()
        if known is None:
            raise
        if known.state == ChangeProposal.State.UNCONFIRMED:
            letters.confirm(known)


def fingerprint(proposal: ChangeProposal) -> str:
    """Of who says it, what it is about and all that it says. What one sends, with an address that may not be hers or be
    mistyped, takes no other’s place."""
    about = [proposal.kind, proposal.organisation_id, proposal.cluster_id, proposal.project_id]
    said: list[object] = [proposal.sender_email.lower(), *about, proposal.values, proposal.note.strip()]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def is_its_own(email: str, record: Organisation | Cluster | None) -> bool:
    """Whether an address is the one that the record publishes, or one of its website's; addresses that anybody gets are
    not."""
    if record is None:
        return False
    email = email.lower()
    host = record.website.partition("://")[2].partition("/")[0].partition(":")[0].lower().removeprefix("www.")
    domain = email.rpartition("@")[2]
    return email == record.email.lower() or (domain == host and domain not in FREE_MAIL)


def confirm(proposal: ChangeProposal) -> bool:
    """Whether it waits for a decision from now on; of one that was confirmed earlier nothing changes."""
    rows = ChangeProposal.objects.filter(pk=proposal.pk, state=ChangeProposal.State.UNCONFIRMED)
    return bool(rows.update(state=ChangeProposal.State.PENDING, confirmed_at=timezone.now()))


@every_day
def forget_what_nobody_confirmed() -> int:
    return ChangeProposal.objects.never_confirmed(timezone.now() - UNCONFIRMED_FOR).delete()[0]


def values_based_on(changed: Mapping[str, Json], stands: Mapping[str, Json]) -> dict[str, dict[str, Json]]:
    """What is proposed beside what stood there."""
    return {"values": dict(changed), "based_on": {name: stands[name] for name in changed}}


def answer(proposal: ChangeProposal, text: str) -> None:
    """The sender's answer to a question; it waits for a decision again."""
    with transaction.atomic():
        back = ChangeProposal.objects.filter(pk=proposal.pk, state=ChangeProposal.State.WAITING)
        if back.update(state=ChangeProposal.State.PENDING):
            ProposalMessage.objects.create(proposal=proposal, text=text, from_staff=False)
