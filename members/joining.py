"""How somebody comes to have a role: she is invited by mail, and accepts (docs/decisions/0021)."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from cluster_portal.history.change_sets import Kind, change_set
from cluster_portal.models import SecurityEvent
from cluster_portal.pages.this_page import absolute
from cluster_portal.sign_in import letters
from cluster_portal.sign_in.security_log import record
from members.models import Invitation, RoleAssignment
from members.querysets import today

GIVEN_BY_INVITATION = "Invitation accepted"  # the sentence of the change set, as in the catalogue


class Refused(Exception):  # noqa: N818 (an answer, and no fault)
    """The invitation is not one to accept (any more); ``args`` holds its state."""


@transaction.atomic
def invite(request: HttpRequest, email: str, role: str, cluster) -> Invitation:
    """One that was sent for the same earlier and ran out is sent anew."""
    forget_old_invitations()
    same = Invitation.objects.unanswered().of(cluster).filter(email__iexact=email, role=role)
    invitation = same.select_for_update(of=("self",)).first() or Invitation(email=email, role=role, cluster=cluster)
    send(request, invitation)
    return invitation


def send(request: HttpRequest, invitation: Invitation) -> None:
    """The letter, with a new link; an earlier one no longer leads anywhere."""
    token = invitation.new_token(by=request.user)
    invitation.save()
    record(request, SecurityEvent.Kind.INVITED, request.user, f"{invitation.email}, {in_english(invitation)}")
    facts = {
        "inviter": name_of(request.user),
        "role": invitation.to_what,
        "until": date_format(timezone.localtime(invitation.expires_at), "DATETIME_FORMAT"),
        "link": absolute(request, reverse("open_invitation", args=[token])),
    }
    letters.send("invitation", invitation.email, facts)


def revoke(request: HttpRequest, invitation: Invitation) -> None:
    invitation.revoked_at, invitation.revoked_by = timezone.now(), request.user
    invitation.save(update_fields=["revoked_at", "revoked_by"])
    detail = f"{invitation.email}, {in_english(invitation)}"
    record(request, SecurityEvent.Kind.INVITATION_REVOKED, request.user, detail)


@transaction.atomic
def accept(request: HttpRequest, invitation: int, person) -> Invitation:
    """``person`` takes up the role; one that is not saved yet is made. Of two who accept at once one does."""
    known = (
        Invitation.objects.select_for_update(of=("self",)).select_related("cluster", "invited_by").get(pk=invitation)
    )
    if known.state() != Invitation.State.OPEN:
        raise Refused(known.state())
    with change_set(Kind.FORM, sentence=GIVEN_BY_INVITATION):
        if person.pk is None:
            person.save()
        with change_set(Kind.FORM, by=person.pk):
            _give(known, person)
    known.accepted_at, known.accepted_by = timezone.now(), get_user_model()(pk=person.pk)
    known.save(update_fields=["accepted_at", "accepted_by"])
    by = known.invited_by.get_username() if known.invited_by else ""
    record(request, SecurityEvent.Kind.INVITATION_ACCEPTED, person, f"{in_english(known)}, {by}")
    record(request, SecurityEvent.Kind.ROLE_GIVEN, person, f"{in_english(known)}, {by}")
    return known


def _give(invitation: Invitation, person) -> None:
    """From today on, without an end. Where she has the role already, or will have it, that one is made to fit."""
    held = RoleAssignment.objects.not_over().of(invitation.cluster).filter(user=person.pk, role=invitation.role)
    first, *later = [*held.select_for_update(of=("self",)).order_by("valid_from")[:2]] or [None]
    if first is None:
        RoleAssignment.objects.create(
            user_id=person.pk, role=invitation.role, cluster=invitation.cluster, granted_by=invitation.invited_by
        )
    elif not first.is_running():
        first.valid_from = today()
        first.save(update_fields=["valid_from"])
    elif first.valid_until:
        first.valid_until = later[0].valid_from if later else None
        first.save(update_fields=["valid_until"])


def forget_old_invitations() -> int:
    """Who was invited is kept as long as what happened to accounts."""
    oldest = timezone.now() - timedelta(days=settings.SECURITY_LOG_DAYS)
    return Invitation.objects.forgotten_by(oldest).delete()[0]


def in_english(role) -> str:
    """Of an invitation or an assignment; read in the language of whoever reads the log."""
    with override("en"):
        return str(role.get_role_display()) + (f", {role.cluster}" if role.cluster_id else "")


def name_of(user) -> str:
    return user.get_full_name() or user.get_username()
