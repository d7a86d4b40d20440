"""Which projects somebody of staff may edit (docs/security.md)."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from cluster_portal.records.publication import Status
from members.rights import rights_of


class ProjectScope(QuerySet):
    """A project is kept by the cluster whose label leads. The clusters that label it too see it, drafts included, and
    edit their own label. One that no cluster has labelled yet is that of whoever has it in hand: its author, at first."""

    def kept_by(self, user):
        rights = rights_of(user)
        if rights.network:
            return self.all()
        lead = self._every_label().filter(role="lead")
        return self.filter(Exists(lead.filter(cluster__in=rights.clusters)) | self._own_start(user))

    def editable_by(self, user):
        """Those of which she edits anything at all."""
        rights = rights_of(user)
        if rights.network:
            return self.all()
        return self.filter(Exists(self._every_label().filter(cluster__in=rights.clusters)) | self._own_start(user))

    def selectable_by(self, user):
        rights = rights_of(user)
        if rights.network:
            return self.all()
        return self.filter(Q(status=Status.PUBLISHED) | Q(pk__in=self.model.objects.editable_by(user).values("pk")))

    def _every_label(self):
        return self.model.labels.rel.related_model.objects.filter(project=OuterRef("pk"))

    def _own_start(self, user):
        return Q(assigned_to=user.pk) & ~Exists(self._every_label())
