"""The public lists of projects, whole: for their files and for whoever follows them."""

from collections.abc import Collection

from cluster_portal.exchange.columns import Words
from cluster_portal.listing.whole import Shown, WholeList
from cluster_portal.writing.translated import active_language
from members.exports import names_of_clusters
from members.models import Cluster
from projects.columns import PROJECT_COLUMNS
from projects.exports import position, published_projects
from projects.listings import ProjectListing
from projects.models import Project


def whole_projects(listing: ProjectListing) -> WholeList:
    on = listing.address.on
    return WholeList(
        Shown.of(listing),
        [column for column in PROJECT_COLUMNS if column.public],
        Words(active_language(), {"cluster": names_of_clusters(Cluster.objects.published())}),
        listing.keys,
        lambda keys: published_projects(keys, on),
        position,
        _named,
    )


def _named(keys: Collection[int], most: int) -> list[tuple[str, str]]:
    rows = Project.objects.published().filter(pk__in=keys).in_order()
    return [(str(project), project.get_absolute_url()) for project in rows[:most]]
