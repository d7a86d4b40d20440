from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.rows import FormRow
from contributions.querysets import InternalNoteQuerySet
from members.models import Cluster, Organisation
from projects.models import Project


class InternalNote(FormRow):
    """What the staff of one cluster remember of a record, for themselves and the network: never public, searched or exported.

    ``cluster`` is whose note it is; without one, the network's alone. ``remind_on``: from that day on its author reads of
    it on the first page, until somebody clears the day.
    """

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="notes", verbose_name=_("organisation")
    )
    project = models.ForeignKey(
        Project, models.CASCADE, null=True, blank=True, related_name="notes", verbose_name=_("project")
    )
    about = models.ForeignKey(
        Cluster, models.CASCADE, null=True, blank=True, related_name="notes", verbose_name=_("about the cluster")
    )
    cluster = models.ForeignKey(
        Cluster,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("read by"),
        help_text=_("The cluster whose editors read it, beside the network."),
    )
    text = models.TextField(_("note"), max_length=4000)
    remind_on = models.DateField(_("remind me on"), null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)

    objects = InternalNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, project=None, about=None)
                | Q(organisation=None, project__isnull=False, about=None)
                | Q(organisation=None, project=None, about__isnull=False),
                name="contributions_internalnote_about_one",
                violation_error_message=_("A note is about one organisation, one project or one cluster."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="contributions_internalnote_says_something",
                violation_error_message=_("Write something."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["author", "remind_on"],
                condition=Q(remind_on__isnull=False),
                name="contributions_note_reminders",
            )
        ]

    def __str__(self):
        """Without what it says: this is written into logs."""
        return str(timezone.localdate(self.written_at))

    @property
    def subject(self) -> Organisation | Project | Cluster | None:
        return self.organisation or self.project or self.about
