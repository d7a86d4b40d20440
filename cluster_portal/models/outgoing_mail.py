from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cluster_portal.records.publication import choices_constraint, language_constraint
from cluster_portal.records.scope import ForAdministrators


class MailState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("mail", "waiting")
    SENDING = "sending", pgettext_lazy("mail", "being sent")
    SENT = "sent", pgettext_lazy("mail", "sent")
    REFUSED = "refused", pgettext_lazy("mail", "refused by the mail server")
    UNSURE = "unsure", pgettext_lazy("mail", "interrupted: sent or not, nobody knows")


class OutgoingMail(models.Model):
    """A mail to somebody outside, from when something was decided until it has left, and afterwards that it has.

    It is written with what it tells of, in one transaction, and sent by the worker: none is lost, none tells what never
    was. What it said is forgotten after a while; to whom, what for and when stays.
    """

    State = MailState

    kind = models.CharField(_("kind"), max_length=30)
    to = models.EmailField(_("to"), max_length=254)
    subject = models.CharField(_("subject"), max_length=400)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True)
    # Between two people: staff see that it was sent, never what it said or between whom; and that is forgotten once it left.
    private = models.BooleanField(_("between two people"), default=False)
    reply_to = models.EmailField(_("answers go to"), blank=True)
    headers = models.JSONField(default=dict)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fr")
    message_id = models.CharField(max_length=120, unique=True)
    once = models.CharField(max_length=120, unique=True, null=True)  # noqa: DJ001 (many mails say nothing of it)
    state = models.CharField(_("state"), max_length=7, choices=MailState.choices, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    queued_at = models.DateTimeField(_("queued"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    error = models.CharField(_("what the mail server said"), max_length=500, blank=True)

    objects = ForAdministrators.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            choices_constraint("state", MailState),
            language_constraint("portal_mail_language"),
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], name="portal_mail_due", condition=models.Q(state="waiting")),
            models.Index(fields=["-queued_at", "-id"], name="portal_mail_newest"),
        ]

    def __str__(self):
        return self.subject
