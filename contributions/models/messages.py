from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.publication import language_constraint
from contributions.querysets import RelayedMessageQuerySet
from members.models import Organisation
from projects.models import Project

LONGEST_MESSAGE = 4000


class RelayedMessage(models.Model):
    """What a visitor writes to an organisation whose address is shown to nobody.

    Its words and its sender stand here until she has confirmed it; with that they leave by mail, and the row says no more
    than that there was a message, and when.
    """

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="messages", verbose_name=_("organisation")
    )
    project = models.ForeignKey(  # from whose page it was written to the coordinator
        Project, models.SET_NULL, null=True, blank=True, related_name="messages", verbose_name=_("project")
    )
    sender_name = models.CharField(_("name of the sender"), max_length=120, blank=True)
    sender_email = models.EmailField(_("sender"), blank=True)
    text = models.TextField(_("text"), max_length=LONGEST_MESSAGE, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fr")
    sent_from = models.CharField(max_length=200, blank=True, editable=False)  # the site's address, for links in mails
    # of whom it is from, to whom and what it says, with the site's key; forgotten with the wish not to send it twice
    fingerprint = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    passed_on_at = models.DateTimeField(_("passed on"), null=True, blank=True, editable=False)

    objects = RelayedMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("relayed message")
        verbose_name_plural = _("relayed messages")
        ordering = ["created_at", "pk"]
        constraints = [
            language_constraint("contributions_message_language"),
            models.CheckConstraint(
                condition=Q(passed_on_at=None) & ~Q(text="") & ~Q(sender_email="")
                | Q(passed_on_at__isnull=False, text="", sender_email="", sender_name=""),
                name="contributions_message_kept_until_passed_on",
                violation_error_message=_("A message has words and a sender until it is passed on, and neither after."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["passed_on_at"],
                condition=Q(passed_on_at__isnull=False),
                name="contributions_message_passed",
            )
        ]

    def __str__(self):
        """Without what it says: this is written into logs."""
        return str(timezone.localdate(self.created_at))
