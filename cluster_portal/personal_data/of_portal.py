"""What the portal itself keeps of persons: accounts with all that belongs to them, and mails that were not sent."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cluster_portal.models import OutgoingMail, SecurityEvent
from cluster_portal.records.scope import KEEP_ACCOUNTS
from cluster_portal.work.knowing import SaidToStaff

from .retention import Term, keep
from .sought import Sought
from .sources import Rows, of_nobody, register

LAST_ONE = _("The last administrator is not erased: give the role to somebody else first.")
_also_of_accounts: list = []


def with_accounts(forget):
    """``forget(accounts)``: what else goes when accounts are made nobody's, of an app that knows them."""
    _also_of_accounts.append(forget)
    return forget


def make_nobody_s(accounts: QuerySet, sought: Sought | None = None) -> int:
    """An account stays as a number, so that what it did stays one person's doing; nobody comes in by it."""
    people = list(get_user_model()._base_manager.filter(pk__in=accounts.order_by().values("pk")))
    keys = [one.pk for one in people]
    administrators = any(one.is_active and one.has_perm(KEEP_ACCOUNTS) for one in people)
    for forget in _also_of_accounts:
        forget(keys)
    sessions = UserSession.objects.filter(user__in=keys)
    Session.objects.filter(session_key__in=list(sessions.values_list("session_key", flat=True))).delete()
    sessions.delete()
    EmailAddress.objects.filter(user__in=keys).delete()
    Authenticator.objects.filter(user__in=keys).delete()
    SecurityEvent.objects.filter(user__in=keys).update(address=None, browser="", detail="")
    for user in people:
        user.username, user.first_name, user.last_name, user.email = nobody(user.pk), "", "", ""
        user.is_active = user.is_superuser = user.is_staff = False
        user.set_unusable_password()
        user.save()
    if administrators:
        others = get_user_model()._base_manager.filter(is_active=True).exclude(pk__in=keys)
        if not any(one.has_perm(KEEP_ACCOUNTS) for one in others):
            raise SaidToStaff(LAST_ONE)
    return len(keys)


def nobody(pk: int) -> str:
    return f"erased-{pk}"


register(
    Rows(
        "accounts",
        _("Accounts of staff"),
        _("become a number; roles end, sessions and second factors go"),
        "auth.user",
        names=("first_name", "last_name"),
        nicknames=("username",),
        emails=("email",),
        forget=make_nobody_s,
    )
)
register(
    Rows(
        "unsent",
        _("Mails that were not sent"),
        _("are deleted"),
        "portal.unsentmail",
        emails=("to",),
        texts=("subject", "text"),
    )
)
register(
    Rows(
        "mails",
        _("Mails, sent and waiting"),
        _("are deleted, and not sent if they were not yet"),
        "portal.outgoingmail",
        emails=("to", "reply_to"),
        texts=("subject", "text", "html"),
        told=("kind", "state", "queued_at"),
        unread=lambda mail: mail.private,
    )
)


def old_mails(moment: datetime) -> QuerySet:
    """Those that have left, or never will by themselves: to whom and when; their words went long before."""
    still = [OutgoingMail.State.WAITING, OutgoingMail.State.SENDING]
    return OutgoingMail.objects.filter(queued_at__lt=moment).exclude(state__in=still)


def _end_mails(moment: datetime) -> int:
    return old_mails(moment).delete()[0]


keep(
    Term("mails", _("mails, a year after they were written"), 365, lambda moment: old_mails(moment).count(), _end_mails)
)
of_nobody(
    "goes with the account",
    "account.emailaddress.email",
    "usersessions.usersession.ip",
    "portal.securityevent.address",
)
