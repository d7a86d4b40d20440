"""Signed links to a proposal: to confirm it, and to follow what becomes of it. Nothing of them is kept."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from contributions.models import ChangeProposal

CONFIRM, FOLLOW = "contributions.confirm", "contributions.follow"
UNCONFIRMED_FOR = timedelta(hours=48)


def path_to(proposal: ChangeProposal, what: str) -> str:
    """In the language in which the proposal was written."""
    with override(proposal.language):
        page = reverse("contributions:confirm" if what == CONFIRM else "contributions:follow")
    return f"{page}?t={signing.dumps(proposal.pk, salt=what)}"


def link_to(proposal: ChangeProposal, what: str) -> str:
    """The public address, for a mail."""
    return f"{settings.SITE_URL or proposal.sent_from}{path_to(proposal, what)}"


def proposal_behind(token: str, what: str) -> ChangeProposal | None:
    """Nothing for a link that was altered, or whose proposal is gone; or as good as gone, for nobody confirmed it in time."""
    try:
        pk = signing.loads(token, salt=what)
    except signing.BadSignature:
        return None
    late = ChangeProposal.objects.never_confirmed(timezone.now() - UNCONFIRMED_FOR)
    return ChangeProposal.objects.with_subject().filter(pk=pk).exclude(pk__in=late.values("pk")).first()
