import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.publication import choices_constraint
from members.querysets import InvitationQuerySet
from members.rights import Role, rights_now

from .clusters import Cluster
from .roles import cluster_where_the_role_has_one

TOKEN_BYTES = 32


def digest_of(token: str) -> str:
    """As it is kept. A token of 256 bits cannot be guessed, so that one round is enough."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


class Invitation(models.Model):
    """Somebody was asked by mail to take up a role. The link in the mail works once, for a few days.

    The secret in the link is kept nowhere: what stands here tells whether a link is right, and cannot be made into one.
    """

    Role = Role

    class State(models.TextChoices):
        """``WITHDRAWN`` too when whoever invited may not do so any more."""

        OPEN = "open", _("open")
        EXPIRED = "expired", _("expired")
        ACCEPTED = "accepted", _("accepted")
        WITHDRAWN = "withdrawn", _("withdrawn")

    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    cluster = models.ForeignKey(
        Cluster, models.CASCADE, null=True, blank=True, related_name="invitations", verbose_name=_("cluster")
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("invited by")
    )
    created_at = models.DateTimeField(_("invited"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    token_digest = models.CharField(max_length=64, unique=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("accepted by")
    )
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("withdrawn by")
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        constraints = [
            choices_constraint("role", Role),
            cluster_where_the_role_has_one("members_invitation_cluster"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(revoked_at=None),
                name="members_invitation_one_answer",
                violation_error_message=_("An invitation is accepted or withdrawn, not both."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="members_invitation_lasts",
                violation_error_message=_("An invitation expires after it was sent."),
            ),
            models.UniqueConstraint(
                Lower("email"),
                "role",
                Coalesce("cluster_id", Value(0)),
                condition=Q(accepted_at=None, revoked_at=None),
                name="members_invitation_once",
                violation_error_message=_("This address is invited to this already."),
            ),
        ]

    def __str__(self):
        return f"{self.email} · {self.to_what}"

    @property
    def to_what(self) -> str:
        return f"{self.get_role_display()}" + (f" · {self.cluster}" if self.cluster_id else "")

    def new_token(self, by, at: datetime | None = None) -> str:
        """What the link in the next mail carries; an earlier link no longer works. Nothing is saved yet."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.token_digest = digest_of(token)
        self.invited_by, self.created_at = by, at or timezone.now()
        self.expires_at = self.created_at + timedelta(days=settings.INVITATION_DAYS)
        return token

    def is_over(self, at: datetime | None = None) -> bool:
        return self.expires_at <= (at or timezone.now())

    def state(self, at: datetime | None = None) -> "State":
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.revoked_at or not self.is_backed:
            return self.State.WITHDRAWN
        return self.State.EXPIRED if self.is_over(at) else self.State.OPEN

    @property
    def is_backed(self) -> bool:
        """Whether whoever invited could still do so: nobody invites on after her own role has ended."""
        return self.invited_by is not None and rights_now(self.invited_by).gives(self.role, self.cluster_id)
