"""Which proposals there are, and for whom."""

from datetime import date, timedelta

from django.apps import apps
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from cluster_portal.records.publication import Status
from members.models import Organisation
from members.rights import rights_of
from members.scope import OfOneCluster
from projects.models import Project


class ChangeProposalQuerySet(QuerySet):
    def open(self):
        """Those that somebody of staff decides: their senders have confirmed them."""
        return self.filter(state__in=self.model.OPEN)

    def with_subject(self):
        return self.select_related("organisation", "project", "cluster", "from_cluster")

    def the_same(self, fingerprint: str):
        """Those under way that say the same of the same."""
        return self.filter(fingerprint=fingerprint, state__in=[self.model.State.UNCONFIRMED, *self.model.OPEN])

    def never_confirmed(self, before):
        return self.filter(state=self.model.State.UNCONFIRMED, created_at__lt=before)

    def editable_by(self, user):
        """Those that she decides: about what she keeps, or sent to one of her clusters."""
        rights = rights_of(user)
        if rights.network:
            return self.all()
        new = Q(kind=self.model.Kind.JOIN) | Q(
            kind=self.model.Kind.PROJECT, cluster__isnull=False
        )  # what is not there yet, or was not when it was sent
        kept = (
            Q(organisation__in=Organisation.objects.kept_by(user).order_by().values("pk"), project=None)
            | Q(project__in=Project.objects.kept_by(user).order_by().values("pk"))
            | Q(cluster__in=rights.clusters, organisation=None, project=None)
        )
        return self.filter(new & Q(cluster__in=rights.clusters) | ~new & kept)

    def selectable_by(self, user):
        return self.editable_by(user)

    def asked_by(self, user):
        """What her clusters ask of whoever keeps what they see."""
        rights = rights_of(user)
        asked = self.filter(from_cluster__isnull=False)
        return asked if rights.network else asked.filter(from_cluster__in=rights.clusters)


class SavedAnswerQuerySet(QuerySet):
    def editable_by(self, user):
        rights = rights_of(user)
        return self.all() if rights.network else self.filter(cluster__in=rights.clusters)

    def selectable_by(self, user):
        rights = rights_of(user)
        return self.all() if rights.network else self.filter(Q(cluster=None) | Q(cluster__in=rights.clusters))


class NoticeQuerySet(QuerySet):
    def unsent(self):
        return self.filter(sent_at=None)


class InternalNoteQuerySet(OfOneCluster):
    """Read and written by the cluster whose notes they are, and by the network."""

    def to_remind(self, user, at=None):
        """Her own, of which the day has come."""
        return self.editable_by(user).filter(author=user.pk, remind_on__lte=at or timezone.localdate())


class CorrespondenceQuerySet(OfOneCluster):
    def asking(self):
        return self.filter(asks=True, cluster__status=Status.PUBLISHED)

    def with_answers(self, days: int = 365):
        """``asked`` and ``answered``: how many organisations in so many days."""
        links = apps.get_model("contributions.SignedLink").objects.filter(cluster=OuterRef("cluster")).order_by()
        lately = links.sent_on(timezone.localdate() - timedelta(days=days))

        def organisations(some):
            number = some.values("cluster").annotate(number=Count("organisation", distinct=True)).values("number")
            return Coalesce(Subquery(number), 0)

        return self.annotate(asked=organisations(lately), answered=organisations(lately.filter(used_at__isnull=False)))


class SignedLinkQuerySet(QuerySet):
    def newer_than(self, link):
        """Those that were sent later to the same organisation for the same."""
        return self.filter(organisation=link.organisation_id, purpose=link.purpose, pk__gt=link.pk)

    def sent_on(self, first: date, last: date | None = None):
        """From the first of these days to the last, or until now."""
        rows = self.filter(sent_at__date__gte=first)
        return rows if last is None else rows.filter(sent_at__date__lte=last)

    def organisations(self):
        """Keys of those that they stand for: what was merged stands for what it was merged into."""
        stands_for = Coalesce("organisation__merged_into", "organisation")
        return self.order_by().annotate(stands_for=stands_for).values("stands_for")
