"""“Is this still right?”: whether and how a cluster asks its members, and the links by which they answer."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cluster_portal.records.publication import choices_constraint
from contributions.querysets import CorrespondenceQuerySet, SignedLinkQuerySet
from members.models import Cluster, Organisation

MOST_A_DAY = 2000
LINK_DAYS = 30


class Correspondence(models.Model):
    """Whether a cluster asks its members once a year if what is published of them is still right, and in which words.

    Without a row it does not ask. What is blank stands in words of the portal's own.
    """

    cluster = models.OneToOneField(Cluster, models.CASCADE, related_name="correspondence", verbose_name=_("cluster"))
    asks = models.BooleanField(
        _("ask the members once a year"),
        default=False,
        help_text=_("Each published member with an address, whose page nobody has confirmed for a year."),
    )
    most_a_day = models.PositiveSmallIntegerField(
        _("mails a day, at most"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_A_DAY)],
        help_text=_("So that you can deal with the answers."),
    )
    reply_to = models.EmailField(
        _("answers go to"),
        blank=True,
        help_text=_("For whoever answers the mail itself. Blank: the cluster’s general e-mail."),
    )
    subject_fr = models.CharField(
        _("subject in French"), max_length=150, blank=True, help_text=_("Blank: as in the preview.")
    )
    opening_fr = models.TextField(
        _("opening in French"),
        max_length=2000,
        blank=True,
        help_text=_("The first words of the mail, before what is published. Blank: as in the preview."),
    )
    subject_en = models.CharField(_("subject in English"), max_length=150, blank=True)
    opening_en = models.TextField(_("opening in English"), max_length=2000, blank=True)

    objects = CorrespondenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to members")
        verbose_name_plural = _("questions to members")
        ordering = ["cluster__sort_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(most_a_day__gte=1, most_a_day__lte=MOST_A_DAY),
                name="contributions_correspondence_pace",
                violation_error_message=_("Between 1 and 2000 mails a day."),
            ),
        ]

    def __str__(self):
        return str(self.cluster)

    @property
    def answers_go_to(self) -> str:
        return self.reply_to or self.cluster.email

    def subject(self, language: str) -> str:
        return self.subject_en if language == "en" else self.subject_fr

    def opening(self, language: str) -> str:
        return self.opening_en if language == "en" else self.opening_fr


class LinkPurpose(models.TextChoices):
    CONFIRM = "confirm", pgettext_lazy("link", "all of it is right")
    CHANGE = "change", pgettext_lazy("link", "something changed")


class LinkState(models.TextChoices):
    """Whether a link still does what it is for; if not, why not."""

    OPEN = "open", pgettext_lazy("link", "open")
    USED = "used", pgettext_lazy("link", "used")
    NEWER = "newer", pgettext_lazy("link", "void, since a newer one was sent")
    EXPIRED = "expired", pgettext_lazy("link", "expired")


class SignedLink(models.Model):
    """An organisation was sent a link by which it answers, without an account: once, within thirty days, unless a newer
    one was sent for the same.

    The secret in the link is kept nowhere. A link stays with the organisation that it was sent to: where that was merged
    into another, it speaks for the other (docs/decisions/0034).
    """

    Purpose, State = LinkPurpose, LinkState

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="signed_links", verbose_name=_("organisation")
    )
    cluster = models.ForeignKey(  # whose members it asked; gone with the cluster, and the link goes on
        Cluster, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    purpose = models.CharField(_("purpose"), max_length=7, choices=LinkPurpose.choices)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    sent_to = models.EmailField(_("sent to"))
    reminds = models.BooleanField(_("reminder"), default=False)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    objects = SignedLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link sent to an organisation")
        verbose_name_plural = _("links sent to organisations")
        ordering = ["sent_at", "pk"]
        constraints = [
            choices_constraint("purpose", LinkPurpose),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")),
                name="contributions_signedlink_expires_later",
                violation_error_message=_("A link expires after it was sent."),
            ),
        ]
        indexes = [models.Index(fields=["purpose", "sent_at"], name="contributions_link_sent")]

    def __str__(self):
        """Without the address: this is written into logs."""
        return f"{self.get_purpose_display()}, {timezone.localdate(self.sent_at)}"

    def new_secret(self) -> str:
        """What the link contains; the row keeps what tells whether it is right, and cannot be made into it."""
        self.expires_at = self.sent_at + timedelta(days=LINK_DAYS)
        secret = secrets.token_urlsafe(32)
        self.digest = digest_of_secret(secret)
        return secret

    def state(self, at: datetime | None = None) -> LinkState:
        if self.used_at:
            return LinkState.USED
        if type(self).objects.newer_than(self).exists():
            return LinkState.NEWER
        return LinkState.EXPIRED if (at or timezone.now()) >= self.expires_at else LinkState.OPEN


def digest_of_secret(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
