"""What becomes of an answer to “Is this still right?”: of whoever has the mail, and so the organisation's address."""

from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language

from cluster_portal.records.publication import Status
from cluster_portal.records.transactions import refused_at_once
from contributions.deciding import Decision, decide
from contributions.models import ChangeProposal, LinkPurpose, LinkState, SignedLink
from contributions.models.correspondence import digest_of_secret
from contributions.proposing import fingerprint
from members.models import Organisation

HIDDEN_SINCE = "hidden"  # beside the states of a link: what it speaks of is not published any more


@dataclass(frozen=True)
class Asked:
    """A link that somebody opened, and the organisation that it speaks for by now."""

    link: SignedLink
    organisation: Organisation
    state: str

    @property
    def is_open(self) -> bool:
        return self.state == LinkState.OPEN

    @property
    def merged_from(self) -> str:
        """How the organisation was called that was asked, where it turned out to be another."""
        return "" if self.organisation.pk == self.link.organisation_id else str(self.link.organisation)


class NotOpen(Exception):  # noqa: N818 (an answer, and no fault)
    """It was answered, or something else happened to it, while the page was open; ``args`` holds how it is asked now."""


def asked_by(secret: str, purpose: LinkPurpose) -> Asked | None:
    """Nothing for a link that was altered, or that was sent for the other answer."""
    rows = SignedLink.objects.select_related("organisation__merged_into")
    link = rows.filter(digest=digest_of_secret(secret), purpose=purpose).first()
    if link is None:
        return None
    organisation = link.organisation.merged_into or link.organisation
    state: str = link.state()
    if state != LinkState.USED and organisation.status != Status.PUBLISHED:
        state = HIDDEN_SINCE
    return Asked(link, organisation, state)


def _taken(asked: Asked) -> Asked:
    """Of two who answer at once, the second reads what the first did."""
    again = SignedLink.objects.select_for_update().get(pk=asked.link.pk)
    now = Asked(asked.link, asked.organisation, again.state())
    if not now.is_open:
        raise NotOpen(now)
    again.used_at = timezone.now()
    again.save(update_fields=["used_at"])
    return now


def _answer(kind: str, asked: Asked, sent_from: str, **said) -> ChangeProposal:
    """As a proposal whose sender is known: nobody has to confirm it by another mail."""
    proposal = ChangeProposal(
        kind=kind, organisation=asked.organisation, sender_email=asked.link.sent_to, sender_known=True,
        language=get_language() or settings.LANGUAGE_CODE, sent_from=sent_from, confirmed_at=timezone.now(),
        state=ChangeProposal.State.PENDING, **said,
    )  # fmt: skip
    proposal.fingerprint = fingerprint(proposal)
    return proposal


@transaction.atomic
def all_is_right(asked: Asked, sent_from: str) -> ChangeProposal:
    """Accepted at once: nothing is changed but the day on which it was right."""
    _taken(asked)
    proposal = _answer(ChangeProposal.Kind.CONFIRMATION, asked, sent_from)
    proposal.save()
    return decide(proposal, Decision({}, {}, verified=True), None)


@transaction.atomic
def something_changed(asked: Asked, sent_from: str, **said) -> ChangeProposal | None:
    """Waits for a decision. Nothing where this address has proposed the same already; where it had not confirmed that
    yet, it has now."""
    _taken(asked)
    proposal = _answer(ChangeProposal.Kind.CORRECTION, asked, sent_from, **said)
    try:
        with refused_at_once():
            proposal.save()
    except IntegrityError:
        same = ChangeProposal.objects.the_same(proposal.fingerprint)
        if not same.exists():
            raise
        same.filter(state=ChangeProposal.State.UNCONFIRMED).update(
            state=ChangeProposal.State.PENDING, confirmed_at=proposal.confirmed_at, sender_known=True,
            sender_name=proposal.sender_name,
        )  # fmt: skip
        return None
    return proposal
