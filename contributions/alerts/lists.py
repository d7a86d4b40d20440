"""The lists that may be followed: each is read as its page reads it, and nothing is read that its page does not show."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from django.http import Http404, QueryDict
from django.urls import reverse

from cluster_portal.listing import Listing
from cluster_portal.listing.whole import WholeList
from cluster_portal.pages.former_slugs import Moved, get_by_slug
from contributions.models import FollowedList, ListAlert
from members.chosen_clusters import ChosenClusters
from members.former_slugs import present_address
from members.listings import MemberListing
from members.models import Cluster
from members.whole_lists import whole_clusters, whole_members
from projects.listings import ProjectListing
from projects.whole_lists import whole_projects


@dataclass(frozen=True)
class OneList:
    """One list, in whatever language it is read. ``query``: its filters, as its page writes them."""

    which: str
    slug: str = ""  # of the cluster whose list it is
    query: str = ""

    @classmethod
    def asked(cls, which: str, slug: str, params: QueryDict) -> "OneList":
        """As the page takes what stands in an address: what it does not know falls away, and so does the order.

        Raises ``Moved`` and ``Http404`` for the list of a cluster that is not there under that slug.
        """
        whole = _READ[FollowedList(which)](slug, params)
        return cls(which, slug, whole.shown.address.partition("?")[2])

    @classmethod
    def of(cls, alert: ListAlert) -> "OneList":
        return cls(alert.which, alert.slug, alert.query)

    @property
    def is_of_a_day(self) -> bool:
        """Such a list stays as it is."""
        return "on" in QueryDict(self.query)

    @property
    def has_words(self) -> bool:
        """Words that somebody typed, among its filters."""
        return "q" in QueryDict(self.query)

    @property
    def url(self) -> str:
        """Of its page, in the language that is active."""
        return self._with_query(path_of(FollowedList(self.which), self.slug))

    @property
    def follow_url(self) -> str:
        """Of the form by which it is followed."""
        return self._with_query(reverse(f"contributions:{self.which}-follow", args=[self.slug] if self.slug else []))

    def _with_query(self, path: str) -> str:
        return f"{path}?{self.query}" if self.query else path

    @property
    def of_today(self) -> "OneList":
        params = QueryDict(self.query, mutable=True)
        params.pop("on", None)
        return replace(self, query=params.urlencode())

    @property
    def title(self) -> str:
        """What its page says of it now; what it is, where its page is gone."""
        whole = self.read()
        return whole.shown.title if whole else str(FollowedList(self.which).label)

    def read(self) -> WholeList | None:
        """In the language that is active; nothing where it is no longer there."""
        try:
            return _READ[FollowedList(self.which)](self.slug, QueryDict(self.query))
        except Moved as moved:
            return OneList(self.which, moved.slug, self.query).read()
        except Http404:
            return None


def path_of(which: FollowedList, slug: str) -> str:
    return reverse(PAGES[which], args=[slug] if slug else [])


Some = TypeVar("Some", bound=Listing)


def _without_order(kind: type[Some], which: FollowedList, slug: str, params: QueryDict) -> Some:
    listing = kind.asked(params, path_of(which, slug), {"cluster": slug} if slug else {})
    address = present_address(listing) or listing.address
    return listing.at(address.replacing(sort=""))


def _members(slug: str, params: QueryDict) -> WholeList:
    return whole_members(_without_order(MemberListing, FollowedList.MEMBERS, slug, params))


def _cluster_members(slug: str, params: QueryDict) -> WholeList:
    cluster = get_by_slug(Cluster.objects.published, slug)
    return whole_members(_without_order(MemberListing, FollowedList.CLUSTER_MEMBERS, cluster.slug, params))


def _projects(slug: str, params: QueryDict) -> WholeList:
    return whole_projects(_without_order(ProjectListing, FollowedList.PROJECTS, slug, params))


def _cluster_projects(slug: str, params: QueryDict) -> WholeList:
    cluster = get_by_slug(Cluster.objects.published, slug)
    return whole_projects(_without_order(ProjectListing, FollowedList.CLUSTER_PROJECTS, cluster.slug, params))


def _clusters(slug: str, params: QueryDict) -> WholeList:
    return whole_clusters(ChosenClusters.read(params, path_of(FollowedList.CLUSTERS, slug)))


PAGES = {
    FollowedList.MEMBERS: "members:organisation-list",
    FollowedList.CLUSTER_MEMBERS: "members:cluster-members",
    FollowedList.PROJECTS: "projects:project-list",
    FollowedList.CLUSTER_PROJECTS: "projects:cluster-projects",
    FollowedList.CLUSTERS: "members:cluster-list",
}
_READ: dict[FollowedList, Callable[[str, QueryDict], WholeList]] = {
    FollowedList.MEMBERS: _members,
    FollowedList.CLUSTER_MEMBERS: _cluster_members,
    FollowedList.PROJECTS: _projects,
    FollowedList.CLUSTER_PROJECTS: _cluster_projects,
    FollowedList.CLUSTERS: _clusters,
}
