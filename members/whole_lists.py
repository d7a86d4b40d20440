"""The public lists of members and of clusters, whole: for their files and for whoever follows them."""

from collections.abc import Collection

from cluster_portal.exchange.columns import Words
from cluster_portal.listing.whole import Shown, WholeList
from cluster_portal.pages.addresses import address_of
from cluster_portal.writing.translated import active_language
from members.chosen_clusters import ChosenClusters
from members.columns import CLUSTER_COLUMNS, ORGANISATION_COLUMNS
from members.exports import (
    names_of_clusters,
    position_of_cluster,
    position_of_organisation,
    published_clusters,
    published_organisations,
)
from members.listings import MemberListing
from members.models import Cluster, Organisation


def whole_members(listing: MemberListing) -> WholeList:
    on = listing.address.on
    return WholeList(
        Shown.of(listing),
        [column for column in ORGANISATION_COLUMNS if column.public],
        Words(active_language(), {"cluster": names_of_clusters(Cluster.objects.published())}),
        listing.keys,
        lambda keys: published_organisations(keys, on),
        position_of_organisation,
        _named_organisations,
    )


def whole_clusters(chosen: ChosenClusters) -> WholeList:
    """Those that the page shows, in its order: with those that others followed at the end."""
    return WholeList(
        Shown(chosen.heading, chosen.address, chosen.counts.day, chosen.filters),
        [column for column in CLUSTER_COLUMNS if column.public],
        Words(active_language()),
        lambda: (cluster.pk for cluster in chosen.current + chosen.former),
        lambda keys: published_clusters(keys, chosen.counts.on),
        position_of_cluster,
        _named_clusters,
        no_news=frozenset({"members"}),  # the list of its members tells who they are
    )


def _named_organisations(keys: Collection[int], most: int) -> list[tuple[str, str]]:
    rows = Organisation.objects.published().filter(pk__in=keys).in_order()
    return [
        (name, address_of("members:organisation-detail", slug))
        for name, slug in rows.values_list("name", "slug")[:most]
    ]


def _named_clusters(keys: Collection[int], most: int) -> list[tuple[str, str]]:
    rows = Cluster.objects.published().filter(pk__in=keys).order_by("sort_name", "pk").only("name", "acronym", "slug")
    return [(str(cluster), cluster.get_absolute_url()) for cluster in rows[:most]]
