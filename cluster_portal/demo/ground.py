"""The real ground on which the invented network stands: themes, clusters, departments and towns."""

import csv
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from pathlib import Path
from random import Random

from cluster_portal.records.publication import Status
from members.models import Cluster, Department, Region, Theme

from .words import Field, field_of

TOWNS = Path(__file__).resolve().parents[2] / "members" / "data" / "towns.csv"
FIRST_YEAR = 2005  # the first labels
PHONE_ZONES = {
    "11": "1", "24": "2", "28": "2", "52": "2", "53": "2", "27": "3", "32": "3", "44": "3",
    "84": "4", "93": "4", "94": "4", "75": "5", "76": "5",
}  # fmt: skip


@dataclass(frozen=True)
class Town:
    name: str
    postcode: str
    latitude: float
    longitude: float
    department: int
    department_centre: tuple[float, float]
    region: int
    phone_zone: str


class Draw:
    """Weighted draws from a fixed list: built once, one bisection each."""

    def __init__(self, items: list, weights: list[float]):
        self.items = items
        self.sums = list(accumulate(weights))

    def __call__(self, rng: Random):
        return self.items[min(bisect_right(self.sums, rng.random() * self.sums[-1]), len(self.items) - 1)]


@dataclass
class Pole:
    """A real cluster, with what the invented network needs to know of it."""

    id: int
    name: str
    themes: list[int]
    regions: list[int]
    start: date
    end: date | None  # the day on which its successor took over
    successor: int | None
    published: bool
    related: Draw | None = field(default=None)


class GroundMissing(Exception):
    """The reference data is not loaded."""


class Ground:
    """Everything in an order that does not depend on the database: by slug or by code."""

    def __init__(self, rng: Random):
        self.themes: dict[int, Theme] = {theme.pk: theme for theme in Theme.objects.order_by("slug")}
        self.fields: dict[int, Field] = {pk: self._field(theme) for pk, theme in self.themes.items()}
        self.siblings = self._siblings()
        self.regions = {region.pk: region for region in Region.objects.order_by("insee_code")}
        self._read_towns()
        self.poles: dict[int, Pole] = {pole.id: pole for pole in self._poles()}
        if not (self.themes and self.regions and self.towns and self.poles):
            raise GroundMissing
        poles = list(self.poles.values())
        weights = [0.15 if pole.end else rng.uniform(0.4, 2.2) for pole in poles]
        self.any_pole = Draw(poles, weights)
        for pole in poles:
            pole.related = self._related(pole, dict(zip(self.poles, weights, strict=True)))

    def _field(self, theme: Theme) -> Field:
        parent = self.themes.get(theme.parent_id)
        return field_of(theme.name_fr, parent.name_fr) if parent else field_of(theme.name_fr)

    def _siblings(self) -> dict[int, list[int]]:
        """For each theme, the themes of its domain (the domain itself when it stands alone)."""
        by_domain = defaultdict(list)
        for pk, theme in self.themes.items():
            if theme.parent_id:
                by_domain[theme.parent_id].append(pk)
        return {pk: by_domain.get(theme.parent_id or pk) or [pk] for pk, theme in self.themes.items()}

    def _read_towns(self):
        departments = {row.insee_code: row for row in Department.objects.order_by("insee_code")}
        codes = {region.pk: region.insee_code for region in self.regions.values()}
        with TOWNS.open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["department"] in departments]
        largest: dict[str, dict] = {}
        for row in rows:
            row["population"] = int(row["population"] or 0) or 2000
            if row["population"] > largest.get(row["department"], {"population": 0})["population"]:
                largest[row["department"]] = row
        by_region, weights, self.towns = defaultdict(list), defaultdict(list), []
        for row in rows:
            department, centre = departments[row["department"]], largest[row["department"]]
            town = Town(
                row["name"].replace("'", "’"), row["postcode"], float(row["latitude"]), float(row["longitude"]), department.pk,
                (float(centre["latitude"]), float(centre["longitude"])), department.region_id,
                PHONE_ZONES.get(codes[department.region_id], ""),
            )  # fmt: skip
            self.towns.append(town)
            by_region[town.region].append(town)
            weights[town.region].append(row["population"])
        self.town_in = {region: Draw(towns, weights[region]) for region, towns in by_region.items()}
        self.any_town = Draw(
            [region for region in self.regions if region in by_region],
            [sum(weights[region]) for region in self.regions if region in by_region],
        )

    def _poles(self):
        clusters = Cluster.objects.order_by("slug").prefetch_related(
            "themes", "cluster_regions", "label_periods", "successions"
        )
        for cluster in clusters:
            themes = sorted((theme.pk for theme in cluster.themes.all()), key=list(self.themes).index)
            if not themes:
                continue
            starts = [period.start for period in cluster.label_periods.all()]
            succession = next(iter(cluster.successions.all()), None)
            over = succession and (succession.date or (succession.year and date(succession.year, 1, 1)))
            yield Pole(
                cluster.pk, cluster.acronym or cluster.name, themes, [row.region_id for row in cluster.cluster_regions.all()],
                max(min(starts, default=date(FIRST_YEAR, 7, 12)), date(FIRST_YEAR, 1, 1)),
                over or None, succession.successor_id if over else None, cluster.status == Status.PUBLISHED,
            )  # fmt: skip

    def _related(self, pole: Pole, weights: dict[int, float]) -> Draw:
        """Other clusters, likelier the more themes, domains and regions they share with this one."""
        domains = {self.themes[pk].parent_id or pk for pk in pole.themes}
        others, likely = [], []
        for other in self.poles.values():
            if other is pole or other.end:
                continue
            shared = len(set(other.themes) & set(pole.themes)) * 4
            shared += len({self.themes[pk].parent_id or pk for pk in other.themes} & domains) * 2
            shared += 1.5 * len(set(other.regions) & set(pole.regions))
            others.append(other)
            likely.append((shared + 0.05) * weights[other.id])
        return Draw(others, likely)

    def town_near(self, rng: Random, pole: Pole, stay: float = 0.84) -> Town:
        """Mostly in the first region of the cluster, else in another of its regions, else anywhere."""
        regions = [region for region in pole.regions if region in self.town_in]
        if regions and rng.random() < stay:
            region = regions[0] if rng.random() < 0.6 else rng.choice(regions)
            return self.town_in[region](rng)
        return self.anywhere(rng)

    def anywhere(self, rng: Random) -> Town:
        return self.town_in[self.any_town(rng)](rng)
