from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.publication import choices_constraint


class BulkState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("under way")
    DONE = "done", _("done")
    FAILED = "failed", _("failed, nothing was written")
    INTERRUPTED = "interrupted", _("interrupted, nothing was written")


class BulkChange(models.Model):
    """A change of very many rows, which somebody confirmed and which is made behind the pages.

    ``order`` is what she confirmed: which action, with which values, of which rows of which list. Whoever makes the
    change holds its row locked meanwhile, and writes what became of it in the transaction of the change.
    """

    State = BulkState

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by"))
    title = models.CharField(_("what"), max_length=300)
    order = models.JSONField()
    number = models.PositiveIntegerField(_("rows"))
    language = models.CharField(max_length=10)
    state = models.CharField(_("state"), max_length=11, choices=BulkState.choices, default=BulkState.WAITING)
    told = models.JSONField(default=list, help_text="What to say of it: pairs of a level and a text.")
    task = models.CharField(max_length=64, blank=True, help_text="Its key in the queue.")
    key = models.CharField(max_length=36, blank=True, help_text="The change set, for the way back.")
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("change of many rows")
        verbose_name_plural = _("changes of many rows")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["created_at"], name="portal_bulkchange_by_time")]
        constraints = [choices_constraint("state", BulkState)]

    def __str__(self):
        return self.title

    @property
    def under_way(self) -> bool:
        return self.state in (BulkState.WAITING, BulkState.RUNNING)
