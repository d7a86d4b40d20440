"""Which clusters, organisations and memberships somebody of staff may edit (docs/security.md)."""

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from cluster_portal.records.publication import Status
from members.rights import rights_of


class ClusterScope(QuerySet):
    def editable_by(self, user):
        rights = rights_of(user)
        return self.all() if rights.network else self.filter(pk__in=rights.clusters)

    kept_by = editable_by

    def managed_by(self, user):
        """Those whose people she manages."""
        rights = rights_of(user)
        return self.all() if rights.administrator else self.filter(pk__in=rights.managed)

    def selectable_by(self, user):
        rights = rights_of(user)
        return self.all() if rights.network else self.filter(Q(status=Status.PUBLISHED) | Q(pk__in=rights.clusters))


class OrganisationScope(QuerySet):
    """An organisation is kept by one cluster, its lead: whatever identifies it is edited there. The other clusters
    that it is a member of see it, and edit what they themselves say of it (their membership, their contact persons)."""

    def with_lead(self):
        """``lead``: the cluster that keeps the organisation. The one that was named, as long as it has a current
        membership or nobody has; else that of the first one recorded of those that are current: by the order in which
        they were recorded and not by their dates, which whoever joins an organisation to her cluster writes herself.
        Where no cluster was ever named the network keeps it, whoever joins it to what.
        """
        memberships = self.model.memberships.rel.related_model.objects.filter(organisation=OuterRef("pk"))
        named = Case(When(cluster_id=OuterRef("lead_cluster_id"), then=0), default=1)
        current = memberships.current().annotate(named=named).order_by("named", "pk")
        takes_over = Coalesce(
            Subquery(current.values("cluster_id")[:1]), F("lead_cluster_id"), output_field=BigIntegerField()
        )
        return self.annotate(lead=Case(When(lead_cluster__isnull=False, then=takes_over)))

    def kept_by(self, user):
        """Whose identity she edits."""
        rights = rights_of(user)
        if rights.network:
            return self.all()
        return self._known_to(rights).with_lead().filter(lead__in=rights.clusters)

    def editable_by(self, user):
        """Those of which she edits anything at all."""
        rights = rights_of(user)
        return self.all() if rights.network else self._known_to(rights)

    def selectable_by(self, user):
        """Nobody chooses what was merged: it is the other."""
        rights = rights_of(user)
        unmerged = self.filter(merged_into=None)
        if rights.network:
            return unmerged
        return unmerged.filter(Q(status=Status.PUBLISHED) | Q(pk__in=self.model.objects.editable_by(user).values("pk")))

    def _known_to(self, rights):
        memberships = self.model.memberships.rel.related_model.objects
        own = memberships.filter(organisation=OuterRef("pk"), cluster__in=rights.clusters)
        return self.filter(Exists(own) | Q(lead_cluster__in=rights.clusters))


class OfOneCluster(QuerySet):
    """Rows that a cluster says of something that others may keep: a membership, a contact person, a label."""

    def editable_by(self, user):
        rights = rights_of(user)
        return self.all() if rights.network else self.filter(cluster__in=rights.clusters)

    def selectable_by(self, user):
        return self.editable_by(user)


class PersonScope(QuerySet):
    """Accounts are the administrators' own."""

    def editable_by(self, user):
        return self.all() if rights_of(user).administrator else self.none()

    def selectable_by(self, user):
        return self.editable_by(user)


class RoleScope(QuerySet):
    """Administrators give roles, and those of their clusters managers; so it is with invitations to them."""

    def editable_by(self, user):
        rights = rights_of(user)
        return self.all() if rights.administrator else self.filter(cluster__in=rights.managed)

    def selectable_by(self, user):
        return self.editable_by(user)
