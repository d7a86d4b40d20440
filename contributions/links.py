"""Signed links in mails: to confirm what was sent, to follow what becomes of it, to stop. Nothing of them is kept."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import override

from contributions.models import ChangeProposal

CONFIRM, FOLLOW = "contributions.confirm", "contributions.follow"
UNCONFIRMED_FOR = timedelta(hours=48)


def signed_path(page: str, said: Any, what: str, language: str) -> str:
    """The address of a page in a language, which says something for one purpose that nobody else can say."""
    with override(language):
        return f"{reverse(page)}?t={signing.dumps(said, salt=what)}"


def said_by(token: str, what: str, within: timedelta | None = None) -> Any:
    """Nothing for a link that was altered, is for something else, or is older than that."""
    try:
        return signing.loads(token, salt=what, max_age=within)
    except signing.BadSignature:
        return None


def path_to(proposal: ChangeProposal, what: str) -> str:
    """In the language in which the proposal was written."""
    page = "contributions:confirm" if what == CONFIRM else "contributions:follow"
    return signed_path(page, proposal.pk, what, proposal.language)


def link_to(proposal: ChangeProposal, what: str) -> str:
    """The public address, for a mail."""
    return f"{settings.SITE_URL or proposal.sent_from}{path_to(proposal, what)}"


def proposal_behind(token: str, what: str) -> ChangeProposal | None:
    """Nothing where the proposal is gone, too."""
    pk = said_by(token, what)
    return ChangeProposal.objects.with_subject().filter(pk=pk).first() if pk else None
