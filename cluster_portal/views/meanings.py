"""The clusters, themes, regions, departments and members that words name, or begin to."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from cluster_portal.pages.addresses import address, address_of
from cluster_portal.records.compiled import compiled
from cluster_portal.records.search import fold
from cluster_portal.writing.translated import active_language
from members.counts import MemberCounts
from members.models import SearchDocument
from members.querysets import NOWHERE, OVERSEAS


@dataclass(frozen=True, slots=True)
class Meaning:
    """Something with a page or a list of its own that goes by a name."""

    kind: str  # cluster, theme, region, department
    slug: str
    name: str
    detail: str
    url: str
    is_exact: bool  # whether one of its names is just these words


@compiled
def members_named(whole: str, beginning: str, starts: str):
    return SearchDocument.objects.suggested(whole, beginning, starts)


def clusters_named(starts: list[str], counts: MemberCounts) -> Iterator[Meaning]:
    """``starts``: folded, what words of the name begin with."""
    for cluster in counts.clusters.values():
        if any(_starts(name, starts) for name in cluster.names):
            yield Meaning(
                "cluster",
                cluster.slug,
                cluster.label,
                cluster.full_name or cluster.city,
                address_of("members:cluster-detail", cluster.slug),
                any(fold(name).split() == starts for name in cluster.names),
            )


def themes_named(starts: list[str], counts: MemberCounts) -> Iterator[Meaning]:
    language, themes = active_language(), counts.facets["theme"]
    for theme in themes.in_order(language):
        if any(_starts(label, starts) for label in theme.labels.values()):
            yield Meaning(
                "theme",
                theme.slug,
                theme.label(language),
                themes.values[theme.parent].label(language) if theme.parent else "",
                address_of("members:theme-detail", theme.slug),
                any(fold(label).split() == starts for label in theme.labels.values()),
            )


def places_named(starts: list[str], counts: MemberCounts) -> Iterator[Meaning]:
    """Regions have a page; a department has the list of its members."""
    places = counts.facets["region"].values
    for place in places.values():
        if place.slug in (NOWHERE, OVERSEAS) or not _starts(place.labels["fr"], starts):
            continue
        name, _bracket, number = place.labels["fr"].partition(" (")
        is_exact = fold(name).split() == starts or (bool(number) and fold(number).split() == starts)
        if place.parameter == "department":
            query = urlencode({"department": place.slug})
            url = f"{address('members:organisation-list')}?{query}"
            above = places[place.parent].labels["fr"] if place.parent in places else ""
            yield Meaning("department", place.slug, place.labels["fr"], above, url, is_exact)
        else:
            yield Meaning("region", place.slug, name, "", address_of("members:region-detail", place.slug), is_exact)


def _starts(text: str, starts: list[str]) -> bool:
    """Whether some word of the text begins as each of them."""
    own = f" {fold(text)}"
    return all(f" {start}" in own for start in starts)
