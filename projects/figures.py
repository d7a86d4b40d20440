"""Key figures of a scope on a day, counted from the very index that the lists are made of.

A figure and the list it leads to are the same set of rows, so they cannot disagree. What no list shows (sums
in euros, memberships at the end of each year) is held the same way beside it. Each figure is defined in
docs/figures.md and, for visitors, in the portal's text “definitions”.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Min
from django.utils import timezone

from cluster_portal.facets import Each, Events, FacetIndex, FacetValues, Fact, Numbers, Reading, Rows, Source, Spans
from cluster_portal.pages.addresses import address
from cluster_portal.records.compiled import compiled
from cluster_portal.writing.translated import active_language
from members.facets import FIRST_YEAR, MEMBER_INDEX, Keys, MemberReading, of, year_ends
from members.label_counts import label_count
from members.models import Organisation
from projects.facets import FUNDING, PARTICIPATION, PROJECT, PROJECT_INDEX, ProjectReading, in_cents
from projects.models import Funding, Participation

MILESTONES = ("labelled", "funded")
STATES = ("running", "finished")
PROGRAMMES_SHOWN = 8
COUNTED_PROJECTS = 5  # more funded projects of an organisation than so many count no further


@dataclass(frozen=True, slots=True)
class Scope:
    """What the figures speak of: the whole network, or one cluster, region or theme."""

    kind: str = ""
    slug: str = ""

    def narrow(self, rows: Rows, facets: Mapping[str, FacetValues]) -> Rows:
        return rows & facets[self.kind].having(self.slug) if self.kind else rows

    def list_url(self, name: str, cluster_name: str, on: date | None, **chosen: str | int) -> str:
        """The list of that scope and day; inside a cluster it stays inside the cluster."""
        if self.kind == "cluster":
            path = address(cluster_name, self.slug)
        else:
            path = address(name)
            if self.kind:
                chosen[self.kind] = self.slug
        if on:
            chosen["on"] = on.isoformat()
        return f"{path}?{urlencode(sorted(chosen.items()))}" if chosen else path


NETWORK = Scope()


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or the least that it is, and the address of the list that it counts."""

    value: int
    url: str
    is_minimum: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    """Sums in euros over the funded projects of a scope.

    ``total`` is over the projects whose cost is known; ``public`` and ``private`` over those whose
    cost and public funding are both known, so that the two can be divided.
    """

    total: Decimal
    public: Decimal
    private: Decimal
    unknown: int  # funded projects without a known cost or public funding

    @property
    def leverage(self) -> Decimal | None:
        """Private euros for one public euro."""
        return self.private / self.public if self.public else None


@dataclass(frozen=True, slots=True)
class ProgrammeFigure:
    slug: str
    name: str
    projects: Figure
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Year:
    """The projects of one year, which is that of the first label or else of the first day.

    ``share``: how many in a hundred of the labelled ones have been funded since.
    """

    year: int
    labelled: Figure
    funded: Figure
    share: float | None


class KeyFigures:
    """The figures of one scope on one day, each computed when it is asked for.

    ``on`` is a past day, or nothing for today, exactly as in the lists.
    """

    def __init__(self, scope: Scope = NETWORK, on: date | None = None, like: "KeyFigures | None" = None):
        """``like``: figures of another scope on the same day, whose index is used again."""
        self.scope = scope
        self.on = on
        self.day = on or timezone.localdate()
        if like is not None:
            self.member_facets, self.project_facets = like.member_facets, like.project_facets
            self.amounts = like.amounts

    @cached_property
    def member_facets(self) -> MemberReading:
        return MEMBER_INDEX.at(self.on)

    @cached_property
    def project_facets(self) -> ProjectReading:
        return PROJECT_INDEX.at(self.on)

    def label(self, facet: str, slug: str) -> str:
        """What a value is called, in the visitor's language."""
        facets = self.member_facets if facet in self.member_facets else self.project_facets
        values = facets[facet].values
        return values[slug].label(active_language()) if slug in values else slug

    @cached_property
    def amounts(self) -> "FigureReading":
        """What no list shows, for the day."""
        return FIGURE_INDEX.at(self.on)

    # Clusters -----------------------------------------------------------------------------------------

    @cached_property
    def clusters(self) -> Figure:
        """Clusters whose label covers the day; at least those where the labels of the day are not all known."""
        held = [cluster for cluster in self.member_facets.clusters.values() if cluster.held_label(self.day)]
        is_minimum = label_count(self.day, len(held)).is_minimum
        if self.scope.kind == "region":
            held = [cluster for cluster in held if cluster.works_in(self.scope.slug)]
        elif self.scope.kind == "theme":
            held = [cluster for cluster in held if cluster.works_on(self.scope.slug)]
        elif self.scope.kind == "cluster":
            held = [cluster for cluster in held if cluster.slug == self.scope.slug]
        chosen = {"on": self.day.isoformat()}
        if self.scope.kind in ("region", "theme"):
            chosen[self.scope.kind] = self.scope.slug
        return Figure(len(held), f"{address('members:cluster-list')}?{urlencode(sorted(chosen.items()))}", is_minimum)

    # Members ------------------------------------------------------------------------------------------

    @cached_property
    def member_rows(self) -> Rows:
        """The members of the scope."""
        return self.scope.narrow(self.member_facets.current, self.member_facets)

    def _members(self, facet: str = "", value: str = "", on: date | None = None) -> Figure:
        rows = self.member_rows
        if facet:
            rows &= self.member_facets[facet].having(value)
        return Figure(len(rows), self._members_url(on or self.on, **({facet: value} if facet else {})))

    def _members_url(self, on: date | None, **chosen: str) -> str:
        return self.scope.list_url("members:organisation-list", "members:cluster-members", on, **chosen)

    @cached_property
    def members(self) -> Figure:
        return self._members()

    @cached_property
    def kinds(self) -> dict[str, Figure]:
        return {kind: self._members("kind", kind) for kind in Organisation.Kind.values}

    @cached_property
    def sizes(self) -> dict[str, Figure]:
        return {size: self._members("size", size) for size in Organisation.Size.values}

    @cached_property
    def institution_types(self) -> dict[str, Figure]:
        return {name: self._members("type", name) for name in Organisation.InstitutionType.values}

    @cached_property
    def members_by_year(self) -> dict[int, Figure]:
        """Members on the last day of each year that was over on the day asked for."""
        if self.scope.kind == "cluster":
            cluster = self.member_facets.clusters.get(self.scope.slug)
            series = year_ends(self.member_facets, cluster=cluster.pk) if cluster else {}
            years = {year: len(rows) for year, rows in series.items()}
        else:
            series = self.member_facets.at_year_ends
            years = {year: len(self.scope.narrow(rows, self.member_facets)) for year, rows in series.items()}
        last = self.day.year if (self.day.month, self.day.day) == (12, 31) else self.day.year - 1
        return {
            year: Figure(count, self._members_url(date(year, 12, 31)))
            for year, count in sorted(years.items())
            if year <= last
        }

    # Projects -----------------------------------------------------------------------------------------

    @cached_property
    def project_rows(self) -> Rows:
        """Every project of the scope that a list may show on that day."""
        return self.scope.narrow(self.project_facets.current, self.project_facets)

    def _projects(self, **chosen: str) -> Figure:
        return Figure(len(self._projects_with(**chosen)), self._projects_url(**chosen))

    def _projects_with(self, **chosen: str) -> Rows:
        rows = self.project_rows
        for facet, value in chosen.items():
            rows &= self.project_facets[facet].having(value)
        return rows

    def _projects_url(self, **chosen: str) -> str:
        return self.scope.list_url("projects:project-list", "projects:cluster-projects", self.on, **chosen)

    @cached_property
    def milestones(self) -> dict[str, Figure]:
        return {milestone: self._projects(milestone=milestone) for milestone in MILESTONES}

    @cached_property
    def states(self) -> dict[str, Figure]:
        return {state: self._projects(state=state) for state in STATES}

    @cached_property
    def money(self) -> Money:
        cost, public = self.project_facets.cost, self.project_facets.public_funding
        funded = self._projects_with(milestone="funded")
        known = funded & cost.rows & public.rows
        return Money(
            euros_of(cost.over(funded)),
            euros_of(public.over(known)),
            euros_of(cost.over(known) - public.over(known)),
            len(funded) - len(known),
        )

    @cached_property
    def programmes(self) -> list[ProgrammeFigure]:
        """The programmes that fund most projects of the scope, with what they gave by that day."""
        facet = self.project_facets.programme
        counts = {slug: len(self._projects_with(programme=slug)) for slug in facet.values}
        top = sorted((slug for slug in counts if counts[slug]), key=lambda slug: (-counts[slug], slug))
        keys = {value.slug: pk for pk, value in self.project_facets.programme_names.values.items()}
        shown = []
        for slug in top[:PROGRAMMES_SHOWN]:
            given = self.amounts.given.get(keys[slug], {})
            cents = [given[pk] for pk in self.project_rows.in_order(given)]
            projects = Figure(counts[slug], self._projects_url(programme=slug))
            amount = euros_of(sum(cents)) if cents else None
            shown.append(ProgrammeFigure(slug, self.label("programme", slug), projects, amount))
        return shown

    @cached_property
    def projects_by_year(self) -> list[Year]:
        """For each year up to the day: its projects that are labelled, and those that are funded, by that day."""
        both = self._projects_with(milestone="labelled") & self._projects_with(milestone="funded")
        years = []
        for year in range(FIRST_YEAR, self.day.year + 1):
            of_year = {"year": str(year)}
            labelled = self._projects(**of_year, milestone="labelled")
            followed = both.shared_with(self._projects_with(**of_year))
            share = 100 * followed / labelled.value if labelled.value else None
            years.append(Year(year, labelled, self._projects(**of_year, milestone="funded"), share))
        return years


def euros_of(cents: int) -> Decimal:
    return Decimal(cents) / 100


class Grants(Events):
    """What programmes decided to give projects: (project, programme, on which day, cents)."""


def read_grants(keys: list[int] | None):
    grants = of(Funding.objects.filter(amount__isnull=False), keys, "project_id")
    return grants.values_list("project_id", "programme_id", "date", in_cents("amount"))


def read_parts(keys: list[int] | None):
    """For each organisation the published projects that it takes part in, from the day that they were funded."""
    parts = of(Participation.objects.filter(project__status="published"), keys)
    funded = parts.annotate(first=Min("project__fundings__date")).filter(first__isnull=False)
    return funded.values_list("organisation_id", "project_id", "first")


@compiled
def partners_of(keys: list[int]):
    """Who takes part in some projects."""
    return Participation.objects.filter(project__in=keys).order_by().values_list("organisation_id", flat=True)


Cents = dict[int, int]  # by primary key of a project


def given(at: "FigureReading") -> dict[int, Cents]:
    """What each programme gave each project by that day."""
    return _given(at, None)


def given_again(at: "FigureReading", old: dict[int, Cents], keys: Keys) -> dict[int, Cents]:
    fresh = _given(at, keys)
    return {
        programme: {key: cents for key, cents in old.get(programme, {}).items() if key not in keys}
        | fresh.get(programme, {})
        for programme in {*old, *fresh}
    }


def _given(at: "FigureReading", keys: Keys | None) -> dict[int, Cents]:
    today = at.day.toordinal()
    found: dict[int, Cents] = {}
    for project, programme, day, cents in at.grants.of_keys(keys):
        if day <= today:
            of_programme = found.setdefault(programme, {})
            of_programme[project] = of_programme.get(project, 0) + cents
    return found


def parts_taken(at: "FigureReading", keys: Keys | None = None) -> Iterable[tuple[int, int]]:
    """In how many projects that are funded by that day each organisation takes part."""
    today = at.day.toordinal()
    return Counter(key for key, _project, first, _never in at.parts.of_keys(keys) if first <= today).items()


def by_experience(at: "FigureReading", keys: Keys | None = None) -> Iterable[tuple[int, int]]:
    known = at.experience.items() if keys is None else ((key, at.experience.get(key) or 0) for key in keys)
    return ((key, min(number, COUNTED_PROJECTS)) for key, number in known)


class FigureReading(Reading):
    """What figures are made of that no list shows."""

    grants = Source(Grants, read_grants, {FUNDING: "project_id"})
    given = Fact(given, patch=given_again, dated=True)

    # by organisation, where the rest is by project: nothing may be made of both
    parts = Source(
        Spans,
        read_parts,
        {PARTICIPATION: "organisation_id", PROJECT: ("id", partners_of), FUNDING: ("project_id", partners_of)},
    )
    experience = Fact(
        lambda at: Numbers.of(parts_taken(at)),
        patch=lambda at, old, keys: old.replaced(keys, parts_taken(at, keys)),
        dated=True,
    )
    experienced = Fact(  # by their number, up to COUNTED_PROJECTS
        lambda at: Each[int].of(by_experience(at)),
        patch=lambda at, old, keys: old.replaced(frozenset(keys), by_experience(at, keys)),
        dated=True,
    )


FIGURE_INDEX = FacetIndex(FigureReading)


def network_figures(on: date | None = None) -> KeyFigures:
    """The figures of the whole network, for the home page and “What is a cluster?”."""
    return KeyFigures(NETWORK, on)
