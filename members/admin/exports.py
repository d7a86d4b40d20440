"""The lists of the directory as files."""

from django.http import HttpRequest

from cluster_portal.admin.exporting import Exported, Offered
from cluster_portal.exchange.columns import Words
from cluster_portal.writing.translated import active_language
from members.columns import (
    CLUSTER_COLUMNS,
    CONTACT_COLUMNS,
    MEMBERSHIP_COLUMNS,
    ORGANISATION_COLUMNS,
    OWN_CLUSTER,
)
from members.exports import (
    OfCluster,
    clusters_of_staff,
    memberships_of_staff,
    names_of_clusters,
    organisations_of_staff,
    position_of_cluster,
    position_of_organisation,
)
from members.models import Cluster, ContactExport, ContactPerson, Membership
from members.rights import rights_of

from .own import cluster_worked_for


def words_of(user) -> Words:
    """With the names of the clusters that she may know of."""
    return Words(active_language(), {"cluster": names_of_clusters(Cluster.objects.selectable_by(user))})


def cluster_of_list(request: HttpRequest) -> Cluster | None:
    """Of whose members a list is: the one that it is narrowed to, or else the one for which she works; if it is hers."""
    own = Cluster.objects.editable_by(request.user)
    slug, worked_for = request.GET.get("cluster", ""), cluster_worked_for(request)
    if slug:
        return own.filter(slug=slug).first()
    return own.filter(pk=worked_for).first() if worked_for else None


class WithContacts(Exported):
    """``columns`` besides those of the membership. Contact persons are taken by whoever works for their cluster alone:
    who edits the whole network works for none."""

    def file_offered(self, request, changelist):
        cluster = cluster_of_list(request)
        theirs = cluster is not None and cluster.pk in rights_of(request.user).clusters
        return Offered(
            self.columns_of(cluster),
            lambda keys, contacts: self.records(request.user, keys, cluster and OfCluster(cluster, contacts)),
            words_of(request.user),
            position_of_organisation,
            CONTACT_COLUMNS if theirs else (),
            cluster if theirs else None,
        )

    def columns_of(self, cluster):
        return [*ORGANISATION_COLUMNS, *(MEMBERSHIP_COLUMNS if cluster else ())]

    def records(self, user, keys, own):
        return organisations_of_staff(user, keys, own)

    def organisations_among(self, keys):
        return keys

    def note_contacts(self, request, offered, keys, **said):
        people = ContactPerson.objects.filter(
            cluster=offered.whose, organisation__in=self.organisations_among(keys)
        ).count()
        ContactExport.objects.create(
            user_id=request.user.pk, cluster=offered.whose, rows=len(keys), people=people, **said
        )


class MembershipsExported(WithContacts):
    """A row for each membership, past ones too; its organisation in the other columns."""

    def columns_of(self, cluster):
        return [*ORGANISATION_COLUMNS, OWN_CLUSTER, *MEMBERSHIP_COLUMNS]

    def records(self, user, keys, own):
        return memberships_of_staff(user, keys, own)

    def organisations_among(self, keys):
        return Membership.objects.filter(pk__in=keys).values("organisation")


class ClustersExported(Exported):
    def file_offered(self, request, changelist):
        return Offered(
            CLUSTER_COLUMNS,
            lambda keys, contacts: clusters_of_staff(request.user, keys),
            words_of(request.user),
            position_of_cluster,
        )
