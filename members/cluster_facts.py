"""What tiles, lists and neighbours need of every published cluster, held in the member index.

Some eighty clusters appear on most pages; read row by row with their themes, regions, labels and
successions they would cost six queries each time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from members.models import Cluster, Succession


@dataclass(frozen=True, slots=True)
class Label:
    """One label period; both days included, no last day while it is open."""

    phase: int
    roman: str
    start: date
    end: date | None
    probationary: bool

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class ClusterFacts:
    pk: int
    slug: str
    label: str
    full_name: str
    names: tuple[str, ...]  # every name it answers to
    city: str
    latitude: Decimal | None
    longitude: Decimal | None
    themes: tuple[str, ...]  # slugs, its own
    domains: frozenset[str]  # slugs of the domains above them
    regions: tuple[str, ...]  # slugs, the main one first
    labels: tuple[Label, ...]
    followers: tuple[tuple[str, tuple[int, int, int]], ...]  # names of what it becomes, each with its year, month, day
    sort_name: str

    def held_label(self, day: date | None = None) -> Label | None:
        """The label that covers that day, today when left out."""
        day = day or timezone.localdate()
        return next((label for label in self.labels if label.covers(day)), None)

    def followed_by(self, day: date) -> list[str]:
        """The names of what it had become by that day."""
        return [name for name, since in self.followers if since <= (day.year, day.month, day.day)]

    def works_on(self, theme: str) -> bool:
        """On the theme itself, or on one within the domain."""
        return theme in self.themes or theme in self.domains

    def works_in(self, region: str) -> bool:
        return region in self.regions


def read_clusters(keys: Iterable[int] | None = None) -> Iterator[tuple[int, ClusterFacts]]:
    """Published clusters: all, or some."""
    clusters = Cluster.objects.published().with_facts()
    return ((cluster.pk, _facts(cluster)) for cluster in (clusters if keys is None else clusters.filter(pk__in=keys)))


def clusters_in_order(clusters: Iterable[ClusterFacts]) -> dict[str, ClusterFacts]:
    """By slug, in alphabetical order."""
    return {cluster.slug: cluster for cluster in sorted(clusters, key=lambda cluster: (cluster.sort_name, cluster.pk))}


def predecessors(clusters: frozenset[int]) -> Iterable[int]:
    """Those clusters, and the ones that became one of them, whose facts name it."""
    became = Succession.objects.filter(successor__in=clusters).order_by()
    return [*clusters, *became.values_list("predecessor_id", flat=True)]


def _facts(cluster) -> ClusterFacts:
    themes = cluster.themes.all()
    return ClusterFacts(
        cluster.pk,
        cluster.slug,
        str(cluster),
        cluster.full_name,
        tuple(filter(None, [cluster.name, cluster.acronym, *(other.name for other in cluster.names.all())])),
        cluster.city,
        cluster.latitude,
        cluster.longitude,
        tuple(theme.slug for theme in themes),
        frozenset(theme.parent.slug for theme in themes if theme.parent),
        tuple(link.region.slug for link in cluster.cluster_regions.all()),
        tuple(
            Label(period.phase, period.get_phase_display(), period.start, period.end, period.probationary)
            for period in cluster.label_periods.all()
        ),
        tuple(
            (str(succession.successor), succession.since)
            for succession in cluster.successions.all()
            if succession.successor.has_a_page
        ),
        cluster.sort_name,
    )
