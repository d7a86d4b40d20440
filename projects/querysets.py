"""The questions that are asked of projects, as querysets that read aloud."""

from datetime import date

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When
from django.utils import timezone

from cluster_portal.publication import PublicationQuerySet


class ProjectQuerySet(PublicationQuerySet):
    """``at`` is a date; today when left out."""

    def with_state(self, at: date | None = None):
        """``state``: what the dates and milestones say on that day, unless staff stated otherwise.

        A project whose last day is past is finished, whatever else is known of it.
        """
        at = at or timezone.localdate()
        return self.annotate(state=Case(
            When(~Q(stated="") & (Q(stated_on=None) | Q(stated_on__lte=at)), then=F("stated")),
            When(end__lt=at, then=Value("finished")),
            When(start__lte=at, then=Value("running")),
            When(self._has_funding(at), then=Value("funded")),
            When(self._has_label(at), then=Value("labelled")),
            default=Value("planned"),
            output_field=CharField(),
        ))

    def _has_label(self, at: date):
        labels = self.model.labels.rel.related_model.objects
        return Exists(labels.filter(
            project=OuterRef("pk"), date__lte=at, cluster__status="published"
        ))

    def _has_funding(self, at: date):
        fundings = self.model.fundings.rel.related_model.objects
        return Exists(fundings.filter(project=OuterRef("pk"), date__lte=at))

    def labelled(self, at: date | None = None):
        """Labelled by at least one cluster by that day, whatever became of it."""
        return self.filter(self._has_label(at or timezone.localdate()))

    def funded(self, at: date | None = None):
        """Given public money by at least one programme by that day."""
        return self.filter(self._has_funding(at or timezone.localdate()))
