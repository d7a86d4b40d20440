"""What a card shows of a project, for a page of them in a constant number of light queries.

As with members, the rows are read as tuples and the words of themes, clusters and states come from the
facet index: a page of 25 costs five small queries, compiled once, and no model instance.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_portal.facets import FacetValues
from cluster_portal.pages.addresses import address, address_of
from cluster_portal.records.compiled import compiled
from cluster_portal.writing.translated import Text, active_language, in_active_language, shortened
from projects.models import Funding, Participation, Project, ProjectLabel
from projects.querysets import UNKNOWN

SHOWN_THEMES = 3
SUMMARY = 220  # characters of a summary on a card, cut at a word
STATE_LOOKS = {  # tone and icon of the badge; the word always stands in it
    "planned": ("", "calendar"),
    "labelled": ("", "cluster"),
    "funded": ("", "check"),
    "running": ("", "check"),
    "finished": ("off", ""),
    "abandoned": ("warn", "close"),
}


@dataclass(slots=True)
class State:
    slug: str
    label: str
    tone: str
    icon: str


def shown_state(slug: str) -> State:
    return State(slug, str(Project.State(slug).label), *STATE_LOOKS[slug])


@dataclass(slots=True)
class Card:
    pk: int
    url: str
    name: Text
    title: Text
    summary: Text
    state: State
    years: str
    total_cost: Decimal | None
    public_funding: Decimal | None
    national: bool
    partners: int = 0
    coordinator: tuple[str, str] | None = None
    clusters: list[tuple[str, str]] = field(default_factory=list)
    programmes: list[tuple[str, str]] = field(default_factory=list)
    themes: list[tuple[str, str]] = field(default_factory=list)
    more_themes: int = 0


def cards(
    ids: list[int], facets: Mapping[str, FacetValues], at: date | None = None, first=(), path: str = ""
) -> list[Card]:
    """Cards in the order of ``ids``, as of a day; the themes in ``first`` come before the others.

    ``path`` is the list that their links lead to, so that inside a cluster they stay inside.
    """
    path = path or address("projects:project-list")
    found = {card.pk: card for card in _identities(ids, facets["state"])}
    _add_partners(found)
    _add_clusters(found, facets["cluster"], at)
    _add_programmes(found, facets["programme"], at, path)
    _add_themes(found, facets["theme"], set(first), path)
    return [found[pk] for pk in ids if pk in found]


def brief_cards(ids: list[int], facets: Mapping[str, FacetValues]) -> list[Card]:
    """Cards for tiles, which show no themes, clusters and programmes."""
    found = {card.pk: card for card in _identities(ids, facets["state"])}
    _add_partners(found)
    return [found[pk] for pk in ids if pk in found]


def state_of(pk: int, states: FacetValues) -> State:
    """Read off the index. A project that was taken away a moment ago is in no state any more."""
    return shown_state(next(iter(states.of(pk)), "planned"))


def year_of(pk: int, known: FacetValues) -> int:
    """The year of its first label, or else of its first day; 0 when neither is known."""
    year = next(iter(known.of(pk)), UNKNOWN)
    return 0 if year == UNKNOWN else int(year)


def themes_of(pk: int, themes: FacetValues) -> list[str]:
    """Its themes, without the domains that they stand under."""
    own = themes.of(pk)
    above = {themes.values[slug].parent for slug in own}
    return [slug for slug in own if slug not in above]


@compiled
def identities_of(projects: list[int]):
    return (
        Project.objects.filter(pk__in=projects)
        .order_by()
        .values_list(
            "pk",
            "slug",
            "acronym",
            "title_fr",
            "title_en",
            "summary_fr",
            "summary_en",
            "start",
            "end",
            "total_cost",
            "public_funding",
            "national",
            named=True,
        )
    )


@compiled
def partners_of(projects: list[int]):
    partners = Participation.objects.filter(project__in=projects, organisation__status="published").order_by()
    return partners.values_list("project_id", "role", "organisation__name", "organisation__slug")


@compiled
def labels_of(projects: list[int], at: date):
    labels = ProjectLabel.objects.filter(project__in=projects, cluster__status="published", date__lte=at)
    return labels.order_by("-role", "date", "pk").values_list("project_id", "cluster__slug", "date")


@compiled
def fundings_of(projects: list[int], at: date):
    fundings = Funding.objects.filter(project__in=projects, date__lte=at)
    return fundings.order_by("date", "pk").values_list("project_id", "programme__slug")


@compiled
def theme_links_of(projects: list[int]):
    links = Project.themes.through.objects.filter(project__in=projects).order_by("pk")
    return links.values_list("project_id", "theme__slug")


def _identities(ids, states: FacetValues):
    for row in identities_of(ids):
        title = in_active_language(row.title_fr, row.title_en)
        yield Card(
            row.pk,
            address_of("projects:project-detail", row.slug),
            Text(row.acronym) if row.acronym else title,
            title if row.acronym else Text(""),
            shortened(in_active_language(row.summary_fr, row.summary_en), SUMMARY),
            state_of(row.pk, states),
            years(row.start, row.end),
            row.total_cost,
            row.public_funding,
            row.national,
        )


def years(start: date | None, end: date | None) -> str:
    """“2021–2024”, “since 2021”, “until 2024”."""
    if start and end:
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    if start:
        return _("since %(year)s") % {"year": start.year}
    return _("until %(year)s") % {"year": end.year} if end else ""


def labelled_in(year: int) -> str:
    """For a project of which neither the first nor the last day is known."""
    return _("labelled in %(year)s") % {"year": year} if year else ""


def _add_partners(found: dict[int, Card]) -> None:
    for pk, role, name, slug in partners_of(found):
        found[pk].partners += 1
        if role == "coordinator":
            found[pk].coordinator = (name, address_of("members:organisation-detail", slug))


def _add_clusters(found: dict[int, Card], clusters: FacetValues, at: date | None) -> None:
    first: dict[int, date] = {}
    for pk, slug, day in labels_of(found, at or timezone.localdate()):
        first[pk] = min(day, first.get(pk, day))
        if slug in clusters.values:
            found[pk].clusters.append((clusters.values[slug].labels["fr"], address_of("members:cluster-detail", slug)))
    for pk, day in first.items():
        found[pk].years = found[pk].years or labelled_in(day.year)


def _add_programmes(found: dict[int, Card], programmes: FacetValues, at: date | None, path: str) -> None:
    language = active_language()
    for pk, slug in fundings_of(found, at or timezone.localdate()):
        if slug in programmes.values:
            link = (programmes.values[slug].label(language), f"{path}?programme={slug}")
            if link not in found[pk].programmes:
                found[pk].programmes.append(link)


def _add_themes(found: dict[int, Card], themes: FacetValues, first: set[str], path: str) -> None:
    language = active_language()
    slugs: dict[int, list[str]] = defaultdict(list)
    for pk, slug in theme_links_of(found):
        if slug in themes.values:  # or it was made a moment ago
            slugs[pk].append(slug)
    for pk, own in slugs.items():
        own.sort(key=lambda slug: slug not in first and themes.values[slug].parent not in first)
        found[pk].themes = [
            (themes.values[slug].label(language), f"{path}?theme={slug}") for slug in own[:SHOWN_THEMES]
        ]
        found[pk].more_themes = max(0, len(own) - SHOWN_THEMES)
