from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cluster_portal.records.publication import choices_constraint, language_constraint
from contributions.querysets import ASKED_BEFORE, SILENT_FOR, ListAlertQuerySet


class FollowedList(models.TextChoices):
    MEMBERS = "members", _("Members")
    CLUSTER_MEMBERS = "cluster-members", _("Members of a cluster")
    PROJECTS = "projects", _("Projects")
    CLUSTER_PROJECTS = "cluster-projects", _("Projects of a cluster")
    CLUSTERS = "clusters", _("Clusters")


class Frequency(models.TextChoices):
    DAILY = "daily", pgettext_lazy("alert", "every day")
    WEEKLY = "weekly", pgettext_lazy("alert", "every week")


class ListAlert(models.Model):
    """Somebody without an account follows a public list by mail: what joined it, left it or changed in it.

    The list is named by its page, the cluster whose it is and the filters, so that it is the same one in both languages.
    ``answered_at`` is when its reader last pressed a button; an opened mail says nothing of anybody.
    """

    Frequency = Frequency

    which = models.CharField(_("list"), max_length=16, choices=FollowedList.choices)
    slug = models.CharField(_("cluster"), max_length=120, blank=True)
    query = models.TextField(_("filters"), blank=True)  # as the page writes them: sorted, without order and page
    email = models.EmailField(_("reader"), max_length=254)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="fr")
    frequency = models.CharField(_("how often"), max_length=6, choices=Frequency.choices)
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)  # of the address and the list
    sent_from = models.CharField(max_length=200, editable=False)  # the site's address, for links in mails
    created_at = models.DateTimeField(_("asked for"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    answered_at = models.DateTimeField(_("last heard of its reader"), null=True, blank=True)
    seen = models.BinaryField(null=True, editable=False)  # contributions.alerts.snapshots
    looked_on = models.DateField(_("last looked at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("last told"), null=True, blank=True)

    objects = ListAlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["created_at", "pk"]
        constraints = [
            choices_constraint("which", FollowedList),
            choices_constraint("frequency", Frequency),
            language_constraint("contributions_listalert_language"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, answered_at=None, seen=None, looked_on=None, sent_at=None)
                | Q(confirmed_at__isnull=False, answered_at__isnull=False),
                name="contributions_listalert_confirmed_first",
                violation_error_message=_("Nothing is told to an address that was not confirmed."),
            ),
        ]
        indexes = [
            models.Index(fields=["looked_on"], condition=Q(confirmed_at__isnull=False), name="contributions_alerts_due")
        ]

    def __str__(self):
        """Without whose it is: this is written into logs."""
        return f"{self.get_which_display()} · {self.get_frequency_display()}"

    @property
    def is_heard_of(self) -> bool:
        """Lately enough not to be asked whether it is still wanted."""
        return self.answered_at is not None and self.answered_at > timezone.now() - SILENT_FOR + ASKED_BEFORE
