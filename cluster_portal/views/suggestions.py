"""What the words typed so far may mean: members, clusters, projects, themes, regions."""

from collections import Counter
from collections.abc import Iterable
from heapq import nsmallest
from html import unescape
from itertools import islice
from urllib.parse import urlencode

from django.http import JsonResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cluster_portal.facets import Rows
from cluster_portal.models import SearchWord
from cluster_portal.pages.addresses import address, address_of
from cluster_portal.pages.asked import read_slugs
from cluster_portal.records.compiled import compiled
from cluster_portal.records.search import clean_query, fold, typed
from cluster_portal.views.meanings import (
    Meaning,
    clusters_named,
    members_named,
    places_named,
    themes_named,
)
from members.counts import MemberCounts
from members.headings import counted
from members.listings import MemberListing
from members.models import Organisation, SearchDocument
from members.words_as_filters import read_as_filters
from projects.cards import years
from projects.facets import PROJECT_INDEX
from projects.models import Project

SUGGESTED = 6  # of each group
MANY = 100  # members of whom six would be arbitrary: their kinds are suggested first
FEW = 3  # of them beside their kinds
TELLING = 4  # letters: fewer may become anything
KINDS = dict(Organisation.Kind.choices)


@compiled
def members_answering(starts: str):
    return SearchDocument.objects.answering(starts)


@compiled
def members_shown(organisations: list[int]):
    return Organisation.objects.filter(pk__in=organisations).for_suggestions()


@compiled
def projects_named(projects: list[int]):
    return (
        Project.objects.filter(pk__in=projects)
        .order_by()
        .only("slug", "acronym", "title_fr", "title_en", "start", "end")
    )


@require_safe
@cache_control(max_age=60)
def suggest(request):
    """What the words typed so far may mean: members, clusters, projects, themes, regions."""
    words = clean_query(request.GET.get("q", ""))
    groups = []
    if len(fold(words)) >= 2:
        counts, starts = MemberCounts(), fold(words).split()
        groups = [
            {"label": _("Lists"), "items": _read_as_filters(words, counts)},
            {"label": _("Clusters"), "items": _items(clusters_named(starts, counts))},
            {"label": _("Themes"), "items": _items(themes_named(starts, counts))},
            {"label": _("Regions and departments"), "items": _items(places_named(starts, counts))},
            {"label": _("Members"), "items": _suggested_members(words, counts, request.GET)},
            {"label": _("Projects"), "items": _suggested_projects(words)},
        ]
    return JsonResponse({"groups": [group for group in groups if group["items"]]})


def _items(meanings: Iterable[Meaning]) -> list[dict]:
    return [{"label": one.name, "detail": one.detail, "url": one.url} for one in islice(meanings, SUGGESTED)]


def _read_as_filters(words: str, counts: MemberCounts) -> list[dict]:
    """“Labo hydrogène isère”: laboratories on hydrogen in Isère."""
    return [
        {"label": unescape(listing.heading), "detail": "", "url": listing.address.url}
        for listing in read_as_filters(words, counts)
    ]


def _suggested_members(words: str, counts: MemberCounts, asked: QueryDict) -> list[dict]:
    """An exact name first, then names that begin so, then those that only hold the words, in any order; among equals
    those of the region that the visitor chose, then those with most ties to the network (docs/decisions/0005)."""
    near = {pk: exact + begins for pk, exact, begins in members_named(*typed(words))}
    if len(near) < SUGGESTED and len(fold(words).split()) > 1:  # a name and a town, a kind and an acronym
        near = dict.fromkeys(members_answering(typed(words)[2]), -1) | near
    published = counts.facets.published
    found = Rows(list(near)) & published
    places = counts.facets["region"].having_any([*read_slugs(asked, "region"), *read_slugs(asked, "department")])
    here = set(found & places)
    names, clusters = counts.facets.organisations.sort_name, counts.facets.clusters_of_each
    projects = PROJECT_INDEX.at().projects_of_each

    def place(pk: int) -> tuple:
        return -near[pk], pk not in here, -(clusters.get(pk) or 0) - (projects.get(pk) or 0), names[pk], pk

    best = nsmallest(SUGGESTED, found, key=place)
    arbitrary = len(found) > MANY and near[best[0]] < 2 and len(fold(words)) >= TELLING
    kinds = _kinds_of_members(words, len(found), counts) if arbitrary else []
    return [*kinds, *_told_apart(best[: FEW if kinds else SUGGESTED])]


def _told_apart(keys: list[int]) -> list[dict]:
    """By name, kind and town; where two of them have all of these, by what else is known of each."""
    rows = {row.pk: row for row in members_shown(keys)}
    shown = [rows[pk] for pk in keys if pk in rows]
    alike = Counter((row.name, row.kind, row.town) for row in shown)
    items = []
    for row in shown:
        details = [str(KINDS[row.kind]), row.town]
        if alike[row.name, row.kind, row.town] > 1:
            details.append(next(filter(None, (row.siren, row.rnsr_id, row.uai_code, row.acronym)), row.slug))
        items.append(
            {
                "label": row.name,
                "detail": " · ".join(filter(None, details)),
                "url": address_of("members:organisation-detail", row.slug),
            }
        )
    return items


def _kinds_of_members(words: str, found: int, counts: MemberCounts) -> list[dict]:
    """“Institut… 340 laboratories”: what words mean in most of the names that were found, with the lists behind them."""
    starts, documents = typed(words)[2], SearchDocument.objects.published()
    meant = [documents.commonest_word(starts, word) for word in fold(words).split()]
    if any(2 * times < found for _word, times in meant):
        return []
    text = " ".join(SearchWord.objects.spelt([word for word, _times in meant]))
    listing = MemberListing.asked(QueryDict(urlencode({"q": text})), address("members:organisation-list"))
    numbers = {kind: counts.facets.kind.having(kind).shared_with(listing.matched) for kind in KINDS}
    if sum(numbers.values()) <= MANY:
        return []
    return [
        {
            "label": f"{text[:1].upper()}{text[1:]}…",
            "detail": counted({kind}, numbers[kind]),
            "url": listing.address.toggling("kind", kind).url,
        }
        for kind in sorted(numbers, key=lambda kind: -numbers[kind])
        if numbers[kind]
    ]


def _suggested_projects(words: str) -> list[dict]:
    keys = Project.objects.suggested(words, SUGGESTED)
    projects = {project.pk: project for project in projects_named(keys)}
    shown = [projects[key] for key in keys if key in projects]
    alike = Counter((project.acronym, project.title) for project in shown)
    return [
        {
            "label": str(project),
            "detail": " · ".join(
                filter(
                    None,
                    [
                        project.title if project.acronym else "",
                        years(project.start, project.end) or project.slug
                        if alike[project.acronym, project.title] > 1
                        else "",
                    ],
                )
            ),
            "url": address_of("projects:project-detail", project.slug),
        }
        for project in shown
    ]
