"""What is remembered of the state of the directory: how many lacked what on a day, and what was found elsewhere."""

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.querysets import RegisterCheckQuerySet, WebsiteCheckQuerySet

from .clusters import Cluster
from .organisations import Organisation


class QualitySnapshot(models.Model):
    """What was wrong or missing in a cluster's part of the directory at the end of a day; without a cluster, in all of it.

    ``numbers``: the name of a measure -> [how many rows, of how many].
    """

    day = models.DateField(_("day"), default=timezone.localdate)
    cluster = models.ForeignKey(
        Cluster, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("cluster")
    )
    numbers = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("quality on a day")
        verbose_name_plural = _("quality day by day")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                "day",
                Coalesce("cluster_id", Value(0)),
                name="members_qualitysnapshot_once",
                violation_error_message=_("This was counted already that day."),
            )
        ]
        indexes = [models.Index(fields=["cluster", "day"], name="members_quality_of_cluster")]

    def __str__(self):
        return f"{self.day}: {self.cluster or '–'}"


class WebsiteCheck(models.Model):
    """What the website of an organisation answered when it was last asked.

    A site that is away for an hour is not dead: it counts once it failed on two different days with no answer between
    them, and as long as the organisation names that same address.
    """

    DAYS_THAT_COUNT = 2

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="website_check", verbose_name=_("organisation")
    )
    website = models.URLField(_("website"))  # the address that was asked, which may have been changed since
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    failed_days = models.PositiveSmallIntegerField(_("days without an answer"), default=0)
    failed_on = models.DateField(_("last day without an answer"), null=True, blank=True)
    why = models.CharField(_("what was met"), max_length=12, blank=True)

    objects = WebsiteCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check of a website")
        verbose_name_plural = _("checks of websites")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(failed_days=0, failed_on=None, why="")
                | (Q(failed_days__gt=0, failed_on__isnull=False) & ~Q(why="")),
                name="members_websitecheck_failure_whole",
                violation_error_message=_("A failure has a day and a reason."),
            )
        ]
        indexes = [models.Index(fields=["asked_at"], name="members_websitecheck_oldest")]

    def __str__(self):
        return self.website


class RegisterCheck(models.Model):
    """What the State's register of companies said of a number when it was last asked: whether it is closed there."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="register_check", verbose_name=_("organisation")
    )
    siren = models.CharField("SIREN", max_length=9)  # that was asked about
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    closed = models.BooleanField(_("closed at the register"), default=False)

    objects = RegisterCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check at the register")
        verbose_name_plural = _("checks at the register")
        ordering = ["pk"]
        indexes = [models.Index(fields=["asked_at"], name="members_registercheck_oldest")]

    def __str__(self):
        return self.siren
