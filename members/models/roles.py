from datetime import date

from django.conf import settings
from django.contrib.auth.models import User, UserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.publication import choices_constraint
from cluster_portal.records.rows import FormRow
from members.querysets import RoleAssignmentQuerySet
from members.rights import OF_A_CLUSTER, Role
from members.scope import PersonScope

from .clusters import Cluster

ENDS_AFTER_BEGINNING = _("A role ends on or after the day it begins.")


def cluster_where_the_role_has_one(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(role__in=OF_A_CLUSTER, cluster__isnull=False)
        | (~Q(role__in=OF_A_CLUSTER) & Q(cluster__isnull=True)),
        name=name,
        violation_error_message=_("Cluster editors and managers have a cluster, the other roles have none."),
    )


class PersonManager(UserManager.from_queryset(PersonScope)):
    """Accounts, made as Django makes them."""


class Person(User):
    """Somebody with an account: staff, and nobody else so far."""

    objects = PersonManager()

    class Meta:
        proxy = True
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["username"]


class RoleAssignment(FormRow):
    """A role that somebody holds from one day until another, ``valid_until`` being the first day without it.

    Whoever holds one may enter the staff's pages, and nobody else but a superuser: no permission is ticked anywhere.
    """

    Role = Role

    user = models.ForeignKey(Person, models.CASCADE, related_name="role_assignments", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    cluster = models.ForeignKey(
        Cluster, models.CASCADE, null=True, blank=True, related_name="role_assignments", verbose_name=_("cluster")
    )
    valid_from = models.DateField(_("from"), default=timezone.localdate)
    valid_until = models.DateField(
        _("until"), null=True, blank=True, help_text=_("The first day without the role. Blank: no end.")
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("given by"),
    )

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["valid_from", "pk"]
        constraints = [
            choices_constraint("role", Role),
            cluster_where_the_role_has_one("members_role_cluster"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="members_role_dates_in_order",
                violation_error_message=ENDS_AFTER_BEGINNING,
            ),
            ExclusionConstraint(
                name="members_role_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Coalesce("cluster_id", Value(0)), RangeOperators.EQUAL),
                    (
                        Func(F("valid_from"), F("valid_until"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("This person has this role already for part of that time."),
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.get_role_display()}" + (f" · {self.cluster}" if self.cluster_id else "")

    def clean(self):
        # Before the database is asked for overlaps, which it cannot tell of a time that ends before it begins.
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValidationError({"valid_until": ENDS_AFTER_BEGINNING})

    def is_over(self, at: date | None = None) -> bool:
        """Or was never to be: taken back before it began."""
        at = at or timezone.localdate()
        return self.valid_until is not None and (self.valid_until <= at or self.valid_until <= self.valid_from)

    def is_running(self, at: date | None = None) -> bool:
        at = at or timezone.localdate()
        return self.valid_from <= at and (self.valid_until is None or self.valid_until > at)
