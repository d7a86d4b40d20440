"""What the words typed so far may mean: members, clusters, projects, themes, regions."""

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cluster_portal.pages.addresses import address_of
from cluster_portal.records.compiled import compiled
from cluster_portal.records.search import clean_query, fold, typed
from cluster_portal.writing.translated import active_language
from members.counts import MemberCounts
from members.models import Organisation
from projects.models import Project

SUGGESTED = 6  # of each group


@compiled
def members_suggested(whole: str, beginning: str, starts: str):
    return Organisation.objects.published().suggested(whole, beginning, starts)[:SUGGESTED]


@compiled
def projects_named(projects: list[int]):
    return Project.objects.filter(pk__in=projects).order_by().only("slug", "acronym", "title_fr", "title_en")


@require_safe
@cache_control(max_age=60)
def suggest(request):
    """What the words typed so far may mean: members, clusters, projects, themes, regions."""
    words = clean_query(request.GET.get("q", ""))
    groups = []
    if len(fold(words)) >= 2:
        counts, starts = MemberCounts(), fold(words).split()
        groups = [
            {"label": _("Clusters"), "items": _suggested_clusters(starts, counts)},
            {"label": _("Themes"), "items": _suggested_themes(starts, counts)},
            {"label": _("Regions"), "items": _suggested_regions(starts, counts)},
            {"label": _("Members"), "items": _suggested_members(words)},
            {"label": _("Projects"), "items": _suggested_projects(words)},
        ]
    return JsonResponse({"groups": [group for group in groups if group["items"]]})


def _starts(text: str, starts: list[str]) -> bool:
    """Whether some word of the text begins as each of them."""
    own = f" {fold(text)}"
    return all(f" {start}" in own for start in starts)


def _suggested_members(words: str) -> list[dict]:
    kinds = dict(Organisation.Kind.choices)
    return [
        {
            "label": name,
            "detail": str(kinds[kind]) + (f" · {city}" if city else ""),
            "url": address_of("members:organisation-detail", slug),
        }
        for slug, name, kind, city in members_suggested(*typed(words))
    ]


def _suggested_clusters(starts: list[str], counts: MemberCounts) -> list[dict]:
    return [
        {
            "label": cluster.label,
            "detail": cluster.full_name or cluster.city,
            "url": address_of("members:cluster-detail", cluster.slug),
        }
        for cluster in counts.clusters.values()
        if any(_starts(name, starts) for name in cluster.names)
    ][:SUGGESTED]


def _suggested_themes(starts: list[str], counts: MemberCounts) -> list[dict]:
    language = active_language()
    themes = counts.facets["theme"]
    return [
        {
            "label": theme.label(language),
            "detail": themes.values[theme.parent].label(language) if theme.parent else "",
            "url": address_of("members:theme-detail", theme.slug),
        }
        for theme in themes.in_order(language)
        if any(_starts(label, starts) for label in theme.labels.values())
    ][:SUGGESTED]


def _suggested_regions(starts: list[str], counts: MemberCounts) -> list[dict]:
    return [
        {"label": place.name, "detail": "", "url": address_of("members:region-detail", place.slug)}
        for place in counts.places
        if _starts(place.name, starts)
    ][:SUGGESTED]


def _suggested_projects(words: str) -> list[dict]:
    keys = Project.objects.suggested(words, SUGGESTED)
    projects = {project.pk: project for project in projects_named(keys)}
    return [
        {
            "label": str(project),
            "detail": str(project.title) if project.acronym else "",
            "url": address_of("projects:project-detail", project.slug),
        }
        for key in keys
        if (project := projects.get(key))
    ]
