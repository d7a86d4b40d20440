"""Files that staff bring in, and what became of each of their lines.

None of it has a history: what an import writes is told where it was written, as one change set.
"""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext_lazy, pgettext_lazy

from cluster_portal.records.publication import choices_constraint
from members.querysets import ImportBatchQuerySet, ImportRowQuerySet

from .clusters import Cluster

KEPT_DAYS = 30  # days for which a file stays on the disk


class Subject(models.TextChoices):
    """What the lines of a file are."""

    MEMBERS = "members", pgettext_lazy("lines of a file", "Members")
    PROJECTS = "projects", pgettext_lazy("lines of a file", "Projects")


class State(models.TextChoices):
    """How far a file has come. Written by whoever does the step; nothing is read into it."""

    UPLOADED = "uploaded", _("uploaded")
    MATCHED = "matched", _("columns chosen")
    CHECKING = "checking", _("being checked")
    CHECKED = "checked", _("checked")
    IMPORTING = "importing", _("being imported")
    IMPORTED = "imported", _("imported")
    FAILED = "failed", _("failed")
    INTERRUPTED = "interrupted", _("interrupted")
    UNDONE = "undone", _("taken back")


UNDER_WAY = (State.CHECKING, State.IMPORTING)
OVER = (State.IMPORTED, State.UNDONE)


class ImportBatch(models.Model):
    """One file that a cluster brings in, from its upload to what became of it."""

    State = State
    Subject = Subject

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="imports", verbose_name=_("cluster"))
    subject = models.CharField(_("what it holds"), max_length=8, choices=Subject.choices, default=Subject.MEMBERS)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    file_name = models.CharField(_("file"), max_length=200)
    checksum = models.CharField(_("checksum"), max_length=64)  # SHA-256
    stored_as = models.CharField(max_length=80, blank=True)  # within the folder of imports; blank once it is deleted
    layout = models.JSONField(default=dict)  # how it is read: ``exchange.sheets.Layout``
    headers = models.JSONField(default=list)
    columns = models.JSONField(default=list)  # for each header the name of a field, or "" where it is left out
    constants = models.JSONField(default=dict)  # a field -> what it is on every line
    values = models.JSONField(default=dict)  # a field -> {what stands in the file: what it becomes}
    erasing = models.JSONField(default=list)  # fields of which a blank cell takes the value away
    declined = models.JSONField(default=list)  # repairs that are not wanted: codes
    whole = models.BooleanField(
        _("these are all our members"), default=False, help_text=_("Who is missing from the file is listed.")
    )
    ends_on = models.DateField(_("end their membership on"), null=True, blank=True)
    publishes = models.BooleanField(_("publish the new ones"), default=False)
    state = models.CharField(_("state"), max_length=11, choices=State.choices, default=State.UPLOADED)
    task = models.CharField(max_length=36, blank=True)  # which works at it, while one does
    done = models.PositiveIntegerField(default=0)  # lines, of those that the step under way has to go through
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    problem = models.JSONField(default=list)  # why it failed: a sentence's code and what it speaks of
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    imported_at = models.DateTimeField(_("imported"), null=True, blank=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("imported by")
    )
    change_set = models.CharField(max_length=36, blank=True)  # under which the history knows what was written

    objects = ImportBatchQuerySet.as_manager()
    acting = None  # who works at it now, where that is somebody else than whoever uploaded it

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            choices_constraint("state", State),
            choices_constraint("subject", Subject),
            models.CheckConstraint(
                condition=Q(done__lte=F("total")) | Q(total=0),
                name="members_importbatch_done_of_total",
                violation_error_message=_("More lines are done than there are."),
            ),
        ]

    def __str__(self):
        return self.file_name

    @property
    def path(self) -> Path | None:
        """Where the file is, as long as it is kept."""
        return settings.IMPORTS_ROOT / self.stored_as if self.stored_as else None

    @property
    def whose_rights(self):
        """By whose rights it reads and writes; nobody's once the account is gone."""
        return self.acting or self.uploaded_by or AnonymousUser()

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def kept_until(self):
        """The last day of the file."""
        return timezone.localdate(self.uploaded_at) + timedelta(days=KEPT_DAYS)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


class Action(models.TextChoices):
    """What becomes of a line."""

    CREATE = "create", pgettext_lazy("a line of a file", "new")
    UPDATE = "update", pgettext_lazy("a line of a file", "changed")
    UNCHANGED = "unchanged", pgettext_lazy("a line of a file", "unchanged")
    ASK = "ask", pgettext_lazy("a line of a file", "to decide")
    REFUSE = "refuse", pgettext_lazy("a line of a file", "refused")
    SKIP = "skip", pgettext_lazy("a line of a file", "skipped")


# the same beside a number of lines
COUNTED = {
    Action.CREATE: npgettext_lazy("lines of a file", "new", "new", "count"),
    Action.UPDATE: npgettext_lazy("lines of a file", "changed", "changed", "count"),
    Action.UNCHANGED: npgettext_lazy("lines of a file", "unchanged", "unchanged", "count"),
    Action.ASK: npgettext_lazy("lines of a file", "to decide", "to decide", "count"),
    Action.REFUSE: npgettext_lazy("lines of a file", "refused", "refused", "count"),
    Action.SKIP: npgettext_lazy("lines of a file", "skipped", "skipped", "count"),
}


class Decision(models.TextChoices):
    """What somebody said of a line that was asked about."""

    THIS = "this", _("It is this one")
    NEW = "new", _("A new one")
    SKIP = "skip", _("Skip it")


NAMES = ("name", "acronym", "title_fr")  # of what a line speaks of, members or projects


def _said(name: str) -> Coalesce:
    return Coalesce(KT(f"values__{name}"), Value(""), output_field=models.TextField())


class ImportRow(models.Model):
    """One line of a file: what stands there, what was understood, and what becomes of it.

    ``match`` and ``decided`` are primary keys of what the file holds, members or projects.
    """

    Action = Action
    Decision = Decision

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    raw = models.JSONField()  # the cells as text
    values = models.JSONField(default=dict)  # a field -> what was understood
    repairs = models.JSONField(default=list)  # [field, code, before, after]
    problems = models.JSONField(default=list)  # [field, code, {what it speaks of}]
    action = models.CharField(max_length=9, choices=Action.choices, default=Action.REFUSE)
    match = models.BigIntegerField(null=True, blank=True)
    rule = models.CharField(max_length=20, blank=True)  # by which it was matched, or why it is asked about
    score = models.FloatField(null=True, blank=True)
    candidates = models.JSONField(default=list)  # [key, rule, score], the surest first
    group = models.PositiveIntegerField(default=0)  # the line of the first that speaks of the same; its own else
    changes = models.JSONField(default=dict)  # what would be written: see ``members.imports.differences``
    decision = models.CharField(max_length=4, choices=Decision.choices, blank=True)
    decided = models.BigIntegerField(null=True, blank=True)
    said = models.GeneratedField(  # by which a line is looked for: folding 20,000 names at each search takes 0.1 s
        expression=Func(
            Concat(*(part for name in NAMES for part in (_said(name), Value(" "))), output_field=models.TextField()),
            function="portal_fold",
            output_field=models.TextField(),
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of an import")
        verbose_name_plural = _("lines of imports")
        ordering = ["batch", "line"]
        indexes = [models.Index(fields=["batch", "action", "line"], name="members_importrow_by_action")]
        constraints = [
            choices_constraint("action", Action),
            choices_constraint("decision", Decision, blank=True),
            models.UniqueConstraint(
                fields=["batch", "line"],
                name="members_importrow_once",
                violation_error_message=_("This line of the file was read already."),
            ),
            models.CheckConstraint(
                condition=Q(decision="this", decided__isnull=False) | (~Q(decision="this") & Q(decided=None)),
                name="members_importrow_decided_on_one",
                violation_error_message=_("Say which one it is."),
            ),
        ]

    def __str__(self):
        return f"{self.batch_id}: {self.line}"


class ColumnMapping(models.Model):
    """What a cluster chose for a file with these headers, so that next month it is one click."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="+")
    subject = models.CharField(max_length=8, choices=Subject.choices, default=Subject.MEMBERS)
    fingerprint = models.CharField(max_length=64)  # of the headers, whatever their order
    columns = models.JSONField(default=dict)  # a header -> a field, or ""
    constants = models.JSONField(default=dict)
    values = models.JSONField(default=dict)
    erasing = models.JSONField(default=list)
    declined = models.JSONField(default=list)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("remembered columns")
        verbose_name_plural = _("remembered columns")
        ordering = ["pk"]
        constraints = [
            choices_constraint("subject", Subject),
            models.UniqueConstraint(
                fields=["cluster", "subject", "fingerprint"],
                name="members_columnmapping_once",
                violation_error_message=_("The columns of such a file are remembered already."),
            ),
        ]

    def __str__(self):
        return self.fingerprint
