"""Projects on the pages of members: an organisation's own, and those of a cluster, a region or a theme."""

from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from cluster_portal.pages.addresses import address, address_of
from cluster_portal.records.compiled import compiled
from cluster_portal.writing.translated import Text, in_active_language
from members import open_pages
from members.models import Cluster, Organisation, Region, Theme
from projects.cards import State, brief_cards, labelled_in, state_of, year_of, years
from projects.facets import PROJECT_INDEX
from projects.models import Participation

SHOWN = 8  # participations of an organisation
BESIDE = 6  # organisations beside it
LATEST = 4


@compiled
def participations_of(organisation: int):
    return Participation.objects.of(organisation)


@compiled
def most_often_beside(organisation: int, projects: list[int]):
    return Participation.objects.most_often_beside(organisation, projects)[:BESIDE]


@open_pages.ORGANISATION.filled_by
def on_organisation(request: HttpRequest, organisation: Organisation) -> dict[str, SafeString]:
    """What it takes part in, with whom, and where to look for more partners."""
    partners_url = f"{address('projects:partners')}?organisation={organisation.slug}"
    return {
        "activity": render_to_string("projects/_of_organisation.html", _of_organisation(organisation)),
        "ways_on": render_to_string("projects/_way_to_partners.html", {"partners_url": partners_url}),
    }


@open_pages.CLUSTER.filled_by
def on_cluster(request: HttpRequest, cluster: Cluster) -> dict[str, SafeString]:
    counts = project_counts("cluster", cluster.slug)
    figures_url = reverse("projects:cluster-figures", args=[cluster.slug])
    note = {"project_counts": counts, "figures_url": figures_url}
    return {**_numbers(counts), "note": render_to_string("projects/_note_on_cluster.html", note)}


@open_pages.REGION.filled_by
def on_region(request: HttpRequest, region: Region) -> dict[str, SafeString]:
    return _on_place_or_theme("region", region.slug)


@open_pages.THEME.filled_by
def on_theme(request: HttpRequest, theme: Theme) -> dict[str, SafeString]:
    return _on_place_or_theme("theme", theme.slug)


@open_pages.CLUSTER_LIST.filled_by
def on_cluster_list(request: HttpRequest, chosen: object) -> dict[str, SafeString]:
    return {"choice": render_to_string("projects/_way_to_compare.html")}


def _on_place_or_theme(facet: str, slug: str) -> dict[str, SafeString]:
    figures = {"figures_url": reverse(f"projects:{facet}-figures", args=[slug])}
    ways = {"ways_on": render_to_string("projects/_way_to_figures.html", figures)}
    return {**_numbers(project_counts(facet, slug)), **ways}


def _numbers(counts: dict) -> dict[str, SafeString]:
    return {
        "stats": render_to_string("projects/_stats.html", {"project_counts": counts}),
        "activity": render_to_string("projects/_latest.html", _latest(counts)),
    }


def _of_organisation(organisation) -> dict:
    """Its participations, as coordinator first and the newest first, and whom it works with: two queries."""
    rows = [Line(*row) for row in participations_of(organisation.pk)]
    if not rows:
        return {"total": 0}
    facets = PROJECT_INDEX.at()
    for line in rows:
        line.year = year_of(line.pk, facets["year"])
    rows.sort(key=lambda line: (line.role != "coordinator", -line.year, -(line.start or date.min).toordinal(), line.pk))
    for line in rows[:SHOWN]:
        line.state = state_of(line.pk, facets["state"])
    return {
        "total": len(rows),
        "coordinated": sum(line.role == "coordinator" for line in rows),
        "list_url": f"{address('projects:project-list')}?partner={organisation.slug}",
        "projects": rows[:SHOWN],
        "partners": _beside(organisation, [line.pk for line in rows]),
    }


@dataclass(slots=True)
class Line:
    """A project in one line, with the part that an organisation takes in it."""

    role: str
    pk: int
    slug: str
    acronym: str
    title_fr: str
    title_en: str
    start: date | None
    end: date | None
    year: int = 0
    state: State | None = None

    @property
    def name(self) -> Text:
        return Text(self.acronym) if self.acronym else in_active_language(self.title_fr, self.title_en)

    @property
    def title(self) -> Text:
        return in_active_language(self.title_fr, self.title_en) if self.acronym else Text("")

    @property
    def url(self) -> str:
        return address_of("projects:project-detail", self.slug)

    @property
    def years(self) -> str:
        return years(self.start, self.end) or labelled_in(self.year)

    @property
    def coordinator(self) -> bool:
        return self.role == "coordinator"


def _beside(organisation, projects: list[int]) -> list[dict]:
    """The organisations most often beside this one."""
    return [
        {"name": name, "url": address_of("members:organisation-detail", slug), "kind": kind, "count": count}
        for name, slug, kind, count in most_often_beside(organisation.pk, projects)
    ]


def project_counts(facet: str, slug: str) -> dict:
    """Labelled and funded projects of a cluster, a region or a theme, with the lists that they count."""
    facets = PROJECT_INDEX.at()
    rows = facets.current & facets[facet].having(slug)
    path, query = _list_of(facet, slug)
    counts = {"facets": facets, "rows": rows, "total": len(rows), "url": f"{path}?{query}" if query else path}
    for milestone in ("labelled", "funded"):
        counts[milestone] = facets.milestone.having(milestone).shared_with(rows)
        counts[f"{milestone}_url"] = f"{path}?" + "&".join(filter(None, [f"milestone={milestone}", query]))
    return counts


def _list_of(facet: str, slug: str) -> tuple[str, str]:
    """Path and query of the projects of a cluster, a region or a theme."""
    if facet == "cluster":
        return reverse("projects:cluster-projects", args=[slug]), ""
    return address("projects:project-list"), f"{facet}={slug}"


def _latest(counts: dict) -> dict:
    """The newest of what ``project_counts`` counted."""
    newest = list(islice(counts["rows"].in_order(counts["facets"].by_newest), LATEST))
    return {
        "projects": brief_cards(newest, counts["facets"]),
        "total": counts["total"],
        "list_url": counts["url"],
    }
