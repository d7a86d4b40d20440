"""Pairs of organisations that may be one and the same."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cluster_portal.records.publication import choices_constraint
from members.querysets import MatchCandidateQuerySet

from .organisations import Organisation


class Decision(models.TextChoices):
    OPEN = "open", pgettext_lazy("pair", "to be decided")
    SAME = "same", pgettext_lazy("pair", "the same, merged")
    DIFFERENT = "different", pgettext_lazy("pair", "not the same")


class Reason(models.TextChoices):
    """Why two are held against each other."""

    NUMBER = "number", _("same official number")
    WEBSITE = "website", _("same website")
    CONTACT = "contact", _("same e-mail or phone")
    NAME = "name", _("same name")
    WORDS = "words", _("same words, in another order or shortened")
    PART = "part", _("one name begins the other")
    SIMILAR = "similar", _("similar name")
    ACRONYM = "acronym", _("name and acronym")
    TOWN = "town", _("same town")
    DEPARTMENT = "department", _("same department")
    OTHER_NUMBER = "other_number", _("but different official numbers")
    OTHER_KIND = "other_kind", _("but of different kinds")


class MatchCandidate(models.Model):
    """Two organisations that may be the same one. What somebody decided is remembered for ever: they are not offered again.

    ``score`` is between 0 and 1; ``first`` is the one with the smaller key, so that a pair is one row.
    """

    Decision, Reason = Decision, Reason

    first = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("one"))
    second = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("the other"))
    score = models.FloatField(_("likeness"))
    reasons = ArrayField(
        models.CharField(max_length=12, choices=Reason.choices), verbose_name=_("why"), default=list, blank=True
    )
    found_at = models.DateTimeField(_("found"), auto_now_add=True)
    decision = models.CharField(_("decision"), max_length=9, choices=Decision.choices, default=Decision.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided on"), null=True, blank=True)

    objects = MatchCandidateQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-score", "pk"]
        indexes = [models.Index(fields=["decision", "-score", "id"], name="members_matchcandidate_queue")]
        constraints = [
            choices_constraint("decision", Decision),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="members_matchcandidate_in_order",
                violation_error_message=_("A pair has two organisations, the older one first."),
            ),
            models.CheckConstraint(
                condition=Q(score__gte=0, score__lte=1),
                name="members_matchcandidate_score",
                violation_error_message=_("A likeness is between 0 and 1."),
            ),
            models.CheckConstraint(
                condition=Q(decision="open", decided_at=None) | ~Q(decision="open") & Q(decided_at__isnull=False),
                name="members_matchcandidate_decided",
                violation_error_message=_("What is decided has the day on which it was."),
            ),
            models.UniqueConstraint(
                fields=["first", "second"],
                name="members_matchcandidate_once",
                violation_error_message=_("This pair is known already."),
            ),
        ]

    def __str__(self):
        return f"{self.first} · {self.second}"

    @property
    def why(self) -> list[str]:
        return [str(Reason(one).label) for one in self.reasons]
