from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.publication import choices_constraint
from cluster_portal.records.scope import ForAdministrators


class EventKind(models.TextChoices):
    """What is written down."""

    SIGNED_IN = "signed_in", _("Signed in")
    SIGNED_OUT = "signed_out", _("Signed out")
    WRONG_PASSWORD = "wrong_password", _("Wrong password")
    WRONG_CODE = "wrong_code", _("Wrong code")
    REFUSED = "refused", _("Refused after too many attempts")
    NEW_DEVICE = "new_device", _("New device")
    PASSWORD_CHANGED = "password_changed", _("Password changed")
    PASSWORD_ASKED = "password_asked", _("Forgotten password, link sent")
    FACTOR_ADDED = "factor_added", _("Second factor set up")
    FACTOR_REMOVED = "factor_removed", _("Second factor removed")
    CODES_RENEWED = "codes_renewed", _("New recovery codes")
    SESSION_ENDED = "session_ended", _("Session ended from another one")
    INVITED = "invited", _("Invited somebody")
    INVITATION_ACCEPTED = "invitation_accepted", _("Invitation accepted")
    INVITATION_REVOKED = "invitation_revoked", _("Invitation withdrawn")
    ROLE_GIVEN = "role_given", _("Role given")
    ROLE_ENDED = "role_ended", _("Role ended")
    MAIL_FAILED = "mail_failed", _("Mail not sent")


class SecurityEvent(models.Model):
    """Something that happened to an account: somebody came in or was refused, from where, with what.

    Written by the site alone. What was typed is never kept: it may be a password in the wrong box.
    """

    Kind = EventKind

    at = models.DateTimeField(_("when"), auto_now_add=True)
    kind = models.CharField(_("what"), max_length=20, choices=EventKind.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("whose account"),
        help_text=_("Blank: of no account that there is."),
    )
    detail = models.CharField(_("with what"), max_length=200, blank=True)
    address = models.GenericIPAddressField(_("from where"), null=True)
    browser = models.CharField(_("browser"), max_length=200, blank=True)

    objects = ForAdministrators.as_manager()

    class Meta:
        verbose_name = _("security event")
        verbose_name_plural = _("security events")
        ordering = ["-at", "-pk"]
        constraints = [choices_constraint("kind", EventKind)]
        indexes = [models.Index(fields=["-at", "-id"], name="portal_security_newest")]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.user or '–'}"


class UnsentMail(models.Model):
    """A mail that the portal would have sent, had it been told a mail server: kept to be read by administrators."""

    at = models.DateTimeField(_("when"), auto_now_add=True)
    to = models.CharField(_("to"), max_length=1000)
    subject = models.CharField(_("subject"), max_length=400)
    text = models.TextField(_("text"))

    objects = ForAdministrators.as_manager()

    class Meta:
        verbose_name = _("unsent mail")
        verbose_name_plural = _("unsent mails")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="portal_unsent_newest")]

    def __str__(self):
        return self.subject
