"""What tiles, lists and neighbours need of every published cluster, held in the member index.

Some eighty clusters appear on most pages; read row by row with their themes, regions, labels and
successions they would cost six queries each time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils import timezone

from cluster_portal.facets import Records, Value
from cluster_portal.records.compiled import compiled
from cluster_portal.records.publication import WITH_A_PAGE
from members.models import Cluster, ClusterName, ClusterRegion, LabelPeriod, Succession


@dataclass(frozen=True, slots=True)
class Label:
    """One label period; both days included, no last day while it is open."""

    phase: int
    roman: str
    start: date
    end: date | None
    probationary: bool
    source: str  # the address of a page that says so

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


def read_clusters(keys: list[int] | None):
    """Published clusters, all or some: each with what belongs to it, in one query."""
    became = Succession.objects.filter(successor__status__in=WITH_A_PAGE).order_by("date", "pk")
    clusters = Cluster.objects.published()
    return (
        (clusters if keys is None else clusters.filter(pk__in=keys))
        .order_by("pk")
        .values_list(
            "pk",
            "slug",
            "name",
            "acronym",
            "sort_name",
            "city",
            "latitude",
            "longitude",
            _of_it(ClusterName.objects.order_by("name", "pk"), "name"),
            _of_it(Cluster.themes.through.objects.order_by("pk"), "theme_id"),
            _of_it(ClusterRegion.objects.order_by("rank", "pk"), "region_id"),
            _of_it(LabelPeriod.objects.order_by("start", "pk"), "phase", "start", "end", "probationary", "source"),
            _of_it(became, "successor__name", "successor__acronym", "date", "year", owner="predecessor"),
        )
    )


def _of_it(rows, *fields: str, owner: str = "cluster") -> ArraySubquery:
    """A field, or several, of the rows that belong to the cluster."""
    value = F(fields[0]) if len(fields) == 1 else JSONObject(**{field: field for field in fields})
    return ArraySubquery(rows.filter(**{owner: OuterRef("pk")}).values_list(value))


@dataclass(frozen=True, slots=True)
class ClusterRecord:
    """A cluster as read: its facts, but themes and regions by primary key."""

    facts: ClusterFacts
    sort_name: str
    themes: list[int]
    regions: list[int]


class ClusterRecords(Records):
    @staticmethod
    def record(row) -> ClusterRecord:
        pk, slug, name, acronym, sort_name, city, latitude, longitude, names, themes, regions, periods, became = row
        cluster = Cluster(name=name, acronym=acronym)
        facts = ClusterFacts(
            pk,
            slug,
            str(cluster),
            cluster.full_name,
            tuple(filter(None, [name, acronym, *names])),
            city,
            latitude,
            longitude,
            (),
            frozenset(),
            (),
            tuple(_label(**period) for period in periods),
            tuple(_follower(**succession) for succession in became),
        )
        return ClusterRecord(facts, sort_name, themes, regions)


def _label(phase: int, start: str, end: str | None, probationary: bool, source: str) -> Label:
    return Label(phase, LabelPeriod.Phase(phase).label, _day(start), _day(end), probationary, source)


def _follower(successor__name: str, successor__acronym: str, date: str | None, year: int | None):
    successor = Cluster(name=successor__name, acronym=successor__acronym)
    return str(successor), Succession(date=_day(date), year=year).since


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def cluster_facts(
    records: Iterable[ClusterRecord], themes: dict[int, str], values: dict[str, Value], regions: dict[int, str]
) -> dict[str, ClusterFacts]:
    """By slug, in alphabetical order; their themes in the order of ``themes``."""
    place = {pk: number for number, pk in enumerate(themes)}
    found = {}
    for record in sorted(records, key=lambda record: (record.sort_name, record.facts.pk)):
        own = [themes[pk] for pk in sorted((pk for pk in record.themes if pk in themes), key=place.__getitem__)]
        found[record.facts.slug] = replace(
            record.facts,
            themes=tuple(own),
            domains=frozenset(values[slug].parent for slug in own if values[slug].parent),
            regions=tuple(regions[pk] for pk in record.regions if pk in regions),
        )
    return found


@compiled
def predecessors(keys: list[int]):
    """Some clusters, and those that became one of them, whose facts name it."""
    return Cluster.objects.filter(Q(pk__in=keys) | Q(successions__successor__in=keys)).values_list("pk", flat=True)
