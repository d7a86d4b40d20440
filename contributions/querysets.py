"""Which proposals there are, and for whom."""

from django.db.models import Q, QuerySet
from django.utils import timezone

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

    def that_made(self, record):
        """Those that were accepted, and of which this organisation or project came to be."""
        accepted = self.filter(state__in=[self.model.State.ACCEPTED, self.model.State.PARTLY]).exclude(values={})
        match record:
            case Organisation():
                return accepted.filter(kind=self.model.Kind.JOIN, organisation=record)
            case Project():
                return accepted.filter(kind=self.model.Kind.PROJECT, project=record, cluster__isnull=False)
        return self.none()

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
