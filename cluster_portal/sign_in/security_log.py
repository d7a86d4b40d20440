"""What is written down of accounts for administrators, and what their owners are told by mail."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.signals import (
    login_code_rejected,
    password_changed,
    password_reset,
    password_set,
    user_logged_in,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.core.signing import BadSignature
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_noop

from cluster_portal.models import SecurityEvent

from .limits import forget_what_is_over

Kind = SecurityEvent.Kind
KNOWN_BROWSER = "known_browser"  # a cookie: the accounts that signed in with this browser
KNOWN_FOR = 365 * 24 * 3600
MOST_KNOWN = 10  # of one browser
# how somebody came in, as kept in `detail` (in English, as identifiers are)
METHODS = {
    "password": gettext_noop("password"),
    "code": gettext_noop("code by mail"),
    "totp": gettext_noop("authenticator app"),
    "webauthn": gettext_noop("passkey"),
    "recovery_codes": gettext_noop("recovery code"),
}


def record(request: HttpRequest | None, kind: Kind, user=None, detail: str = "") -> None:
    SecurityEvent.objects.create(
        kind=kind,
        user_id=user.pk if user is not None else None,
        detail=detail[:200],
        address=get_adapter().get_client_ip(request) if request else None,
        browser=browser_of(request)[:200] if request else "",
    )


def end_sessions(request: HttpRequest | None, user) -> None:
    """Wherever somebody is signed in she no longer is, this very session apart: that one is left by signing out."""
    here = request.session.session_key if request else None
    for session in UserSession.objects.filter(user_id=user.pk).exclude(session_key=here):
        record(request, Kind.SESSION_ENDED, user, session.user_agent)
        session.end()


def browser_of(request: HttpRequest) -> str:
    return request.META.get("HTTP_USER_AGENT", "").replace("\0", "")


def forget_old_events() -> int:
    """Of which SECURITY_LOG_DAYS says that they are kept no longer."""
    oldest = timezone.now() - timedelta(days=settings.SECURITY_LOG_DAYS)
    return SecurityEvent.objects.filter(at__lt=oldest).delete()[0]


@receiver(user_logged_in)
def signed_in(request: HttpRequest, response: HttpResponse, user, **also) -> None:
    records = get_authentication_records(request, user)
    used = [METHODS.get(one.get("type", one["method"]), one["method"]) for one in records]
    record(request, Kind.SIGNED_IN, user, ", ".join(dict.fromkeys(used)))
    if user.pk not in (known := browser_knows(request)):
        record(request, Kind.NEW_DEVICE, user)
        get_adapter(request).send_notification_mail("new_device", user)
    remembered = [user.pk, *(pk for pk in known if pk != user.pk)][:MOST_KNOWN]
    response.set_signed_cookie(
        KNOWN_BROWSER, ".".join(map(str, remembered)), max_age=KNOWN_FOR, path="/admin/",
        secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip
    forget_old_events()
    forget_what_is_over()


def browser_knows(request: HttpRequest) -> list[int]:
    try:
        cookie = request.get_signed_cookie(KNOWN_BROWSER, "", max_age=KNOWN_FOR)
    except BadSignature:
        return []
    return [int(pk) for pk in cookie.split(".") if pk]


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user, **also) -> None:
    if user is not None:
        record(request, Kind.SIGNED_OUT, user)


@receiver([password_changed, password_set, password_reset])
def changed_password(request: HttpRequest, user, **also) -> None:
    record(request, Kind.PASSWORD_CHANGED, user)


def password_given(request: HttpRequest, user) -> None:
    """By somebody else, whose name is written down."""
    record(request, Kind.PASSWORD_CHANGED, user, request.user.get_username())
    get_adapter(request).send_notification_mail("account/email/password_changed", user)


@receiver([login_code_rejected, authentication_failed])
def wrong_code(request: HttpRequest, user, authenticator=None, **also) -> None:
    record(request, Kind.WRONG_CODE, user, METHODS[authenticator.type if authenticator else "code"])


@receiver(authenticator_added)
def added_factor(request: HttpRequest, user, authenticator, **also) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record(request, Kind.FACTOR_ADDED, user, METHODS[authenticator.type])


@receiver(authenticator_removed)
def removed_factor(request: HttpRequest, user, authenticator, **also) -> None:
    record(request, Kind.FACTOR_REMOVED, user, METHODS[authenticator.type])


@receiver(authenticator_reset)
def renewed_codes(request: HttpRequest, user, **also) -> None:
    record(request, Kind.CODES_RENEWED, user)
