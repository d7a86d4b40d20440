"""Signed links to what somebody sent who has no account: to confirm it, to follow it, to want no more of it. Nothing of
them is kept."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from contributions.models import ChangeProposal

UNCONFIRMED_FOR = timedelta(hours=48)


class Sent(Protocol):
    """``sent_from``: the address at which the site was reached."""

    pk: Any
    language: str
    sent_from: str


@dataclass(frozen=True)
class Purpose:
    """What a link is for, and the page that it opens: a link for one thing is good for nothing else."""

    name: str
    page: str


CONFIRM = Purpose("contributions.confirm", "contributions:confirm")
FOLLOW = Purpose("contributions.follow", "contributions:follow")
CONFIRM_MESSAGE = Purpose("contributions.confirm-message", "contributions:message-confirm")
NO_MORE_MESSAGES = Purpose("contributions.no-more-messages", "contributions:no-more-messages")
NO_MORE_QUESTIONS = Purpose("contributions.no-more-questions", "contributions:no-more-questions")
CONFIRM_ALERT = Purpose("contributions.alert.confirm", "contributions:alert-confirm")
KEEP_ALERT = Purpose("contributions.alert.keep", "contributions:alert-keep")
STOP_ALERT = Purpose("contributions.alert.stop", "contributions:alert-stop")


def path_to(sent: Sent, purpose: Purpose, says: Any = None, language: str = "") -> str:
    """In the language in which it was written, or in another one. ``says``: what the link names, if not what was sent."""
    with override(language or sent.language):
        page = reverse(purpose.page)
    return f"{page}?t={signed(sent.pk if says is None else says, purpose)}"


def signed(says: Any, purpose: Purpose) -> str:
    return signing.dumps(says, salt=purpose.name)


def link_to(sent: Sent, purpose: Purpose, says: Any = None, language: str = "") -> str:
    """The public address, for a mail."""
    return f"{settings.SITE_URL or sent.sent_from}{path_to(sent, purpose, says, language)}"


def said_by(token: str, purpose: Purpose, within: timedelta | None = None) -> Any:
    """What a link names; nothing where it was altered, was made for something else, or is older than that."""
    try:
        return signing.loads(token, salt=purpose.name, max_age=within)
    except signing.BadSignature:
        return None


def proposal_behind(token: str, purpose: Purpose) -> ChangeProposal | None:
    """Nothing for a link that was altered, or whose proposal is gone; or as good as gone, for nobody confirmed it in time."""
    late = ChangeProposal.objects.never_confirmed(timezone.now() - UNCONFIRMED_FOR)
    found = ChangeProposal.objects.with_subject().filter(pk=said_by(token, purpose))
    return found.exclude(pk__in=late.values("pk")).first()
