from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.days import days_constraint
from cluster_portal.records.names import names_constraint
from cluster_portal.records.questions import Question
from cluster_portal.records.rows import FormRow
from members.querysets import MembershipQuerySet

from .clusters import Cluster
from .organisations import Organisation

LEAVES_AFTER_JOINING = _("A member leaves on or after the day it joined.")


class Membership(FormRow):
    """An organisation in a cluster, from the day it joined until the day it left.

    ``left_on`` is the first day out; both dates may be unknown. Whoever closes leaves. “Who was a member in 2021?” is
    ``Membership.objects.current(at=date(2021, 12, 31))``.
    """

    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        related_name="memberships",
        verbose_name=_("organisation"),
    )
    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="memberships", verbose_name=_("cluster"))
    category = models.CharField(
        _("category"),
        max_length=60,
        blank=True,
        help_text=_("The college or category in the cluster’s own words."),
    )
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True, help_text=_("Blank: still a member."))

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["joined_on", "pk"]
        indexes = [
            # Newest members first on the home page and in the “newest” order.
            models.Index(fields=["-joined_on"], name="members_membership_newest"),
        ]
        constraints = [
            names_constraint(optional=("category",)),
            days_constraint("joined_on", "left_on"),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(joined_on=None) | Q(left_on__gte=F("joined_on")),
                name="members_membership_dates_in_order",
                violation_error_message=LEAVES_AFTER_JOINING,
            ),
            ExclusionConstraint(
                name="members_membership_no_overlap",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("cluster", RangeOperators.EQUAL),
                    (
                        Func(
                            F("joined_on"),
                            F("left_on"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_(
                    "This organisation is already a member of this cluster for part of that time."
                ),
            ),
        ]

    def clean(self):
        # Before the database is asked for overlaps, which it cannot tell of a period that ends before it begins.
        if self.joined_on and self.left_on and self.left_on < self.joined_on:
            raise ValidationError({"left_on": LEAVES_AFTER_JOINING})

    def questions(self):
        """A member from before there was anything to be a member of."""
        for what, year in (
            (self.cluster, self.cluster.first_year()),
            (self.organisation, self.organisation.founding_year),
        ):
            if self.joined_on and year and self.joined_on.year < year:
                yield Question(
                    "membership-before",
                    (str(self.organisation), str(what), self.joined_on.isoformat()),
                    _("A member since %(joined)s, while %(name)s dates from %(year)s?")
                    % {"joined": self.joined_on.year, "name": what, "year": year},
                    ("joined_on",),
                )

    def __str__(self):
        return f"{self.organisation} · {self.cluster}"

    def has_begun(self, at: date | None = None) -> bool:
        return self.joined_on is None or self.joined_on <= (at or timezone.localdate())

    @property
    def first_day_out(self) -> date | None:
        """The day it left, or its organisation closed."""
        return min(filter(None, (self.left_on, self.organisation.closed_on)), default=None)

    def is_current(self, at: date | None = None) -> bool:
        at = at or timezone.localdate()
        return self.has_begun(at) and (self.first_day_out is None or self.first_day_out > at)
