"""Of whom a second factor is demanded, and whether this session has given one."""

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest

from cluster_portal.records.scope import EDIT_NETWORK

GIVEN_BY = "second_factor_given_by"  # in the session: whose it was


def demanded_of(user) -> bool:
    return settings.SECOND_FACTOR and user.has_perm(EDIT_NETWORK)


def missing(request: HttpRequest) -> bool:
    """Whether she has to give one, in this session, before she reaches anything of the staff's pages."""
    return demanded_of(request.user) and not is_given(request)


def owed(request: HttpRequest) -> bool:
    """Whether her account has one that this session has not given: it is from before, or from elsewhere."""
    return not is_given(request) and has_one(request.user)


def is_given(request: HttpRequest) -> bool:
    return request.session.get(GIVEN_BY) == request.user.pk


def has_one(user) -> bool:
    return factors(user).exists()


def factors(user):
    """What she could give."""
    return every_factor().filter(user_id=user.pk)


def every_factor():
    """Of everybody; codes on paper stand in for one of these and are none by themselves."""
    return Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)


@receiver([authenticator_used, authenticator_added])
def given(request, user, authenticator, signal, **also) -> None:
    """By using it, or by setting it up, which proves as much."""
    if signal is authenticator_used or authenticator.type != Authenticator.Type.RECOVERY_CODES:
        request.session[GIVEN_BY] = user.pk


@receiver(authenticator_removed)
def taken_away(request, user, **also) -> None:
    """Whoever has none left has given none, here; wherever else she is signed in, she is no longer."""
    if has_one(user):
        return
    request.session.pop(GIVEN_BY, None)
    for session in UserSession.objects.filter(user_id=user.pk).exclude(session_key=request.session.session_key):
        session.end()
