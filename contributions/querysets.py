"""Which proposals there are, and for whom."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from members.models import Cluster, Organisation
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
        joining = Q(kind__in=[self.model.Kind.JOIN, self.model.Kind.PROJECT], cluster__in=rights.clusters)
        kept = (
            Q(organisation__in=Organisation.objects.kept_by(user).values("pk"), project=None)
            | Q(project__in=Project.objects.kept_by(user).values("pk"))
            | Q(cluster__in=Cluster.objects.kept_by(user).values("pk"), organisation=None, project=None)
        )
        about_records = ~Q(kind__in=[self.model.Kind.JOIN, self.model.Kind.PROJECT])
        return self.filter(joining | about_records & kept)

    def selectable_by(self, user):
        return self.editable_by(user)


class InternalNoteQuerySet(OfOneCluster):
    """Read and written by the cluster whose notes they are, and by the network."""

    def to_remind(self, user, at=None):
        """Her own, of which the day has come."""
        return self.editable_by(user).filter(author=user.pk, remind_on__lte=at or timezone.localdate())
