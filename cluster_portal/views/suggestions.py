"""What the words typed so far may mean: members, clusters, projects, themes, regions."""

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cluster_portal.pages.addresses import address_of
from cluster_portal.records.search import clean_query, fold
from cluster_portal.writing.translated import active_language
from members.counts import MemberCounts
from members.models import Organisation
from projects.models import Project

SUGGESTED = 6  # of each group


@require_safe
@cache_control(max_age=60)
def suggest(request):
    """What the words typed so far may mean: members, clusters, projects, themes, regions."""
    words = clean_query(request.GET.get("q", ""))
    groups = []
    if len(fold(words)) >= 2:
        counts = MemberCounts()
        groups = [
            {"label": _("Clusters"), "items": _suggested_clusters(words, counts)},
            {"label": _("Themes"), "items": _suggested_themes(words, counts)},
            {"label": _("Regions"), "items": _suggested_regions(words, counts)},
            {"label": _("Members"), "items": _suggested_members(words)},
            {"label": _("Projects"), "items": _suggested_projects(words)},
        ]
    return JsonResponse({"groups": [group for group in groups if group["items"]]})


def _starts(text: str, words: str) -> bool:
    """Whether some word of the text starts with each of the words."""
    own = fold(text).split()
    return all(any(word.startswith(start) for word in own) for start in fold(words).split())


def _suggested_members(words: str) -> list[dict]:
    found = Organisation.objects.published().suggested(words)[:SUGGESTED]
    kinds = dict(Organisation.Kind.choices)
    return [
        {
            "label": name,
            "detail": str(kinds[kind]) + (f" · {city}" if city else ""),
            "url": address_of("members:organisation-detail", slug),
        }
        for slug, name, kind, city in found
    ]


def _suggested_clusters(words: str, counts: MemberCounts) -> list[dict]:
    return [
        {
            "label": cluster.label,
            "detail": cluster.full_name or cluster.city,
            "url": address_of("members:cluster-detail", cluster.slug),
        }
        for cluster in counts.clusters.values()
        if any(_starts(name, words) for name in cluster.names)
    ][:SUGGESTED]


def _suggested_themes(words: str, counts: MemberCounts) -> list[dict]:
    language = active_language()
    themes = counts.facets["theme"]
    return [
        {
            "label": theme.label(language),
            "detail": themes.values[theme.parent].label(language) if theme.parent else "",
            "url": address_of("members:theme-detail", theme.slug),
        }
        for theme in themes.in_order(language)
        if any(_starts(label, words) for label in theme.labels.values())
    ][:SUGGESTED]


def _suggested_regions(words: str, counts: MemberCounts) -> list[dict]:
    return [
        {"label": place.name, "detail": "", "url": address_of("members:region-detail", place.slug)}
        for place in counts.places
        if _starts(place.name, words)
    ][:SUGGESTED]


def _suggested_projects(words: str) -> list[dict]:
    return [
        {
            "label": str(project),
            "detail": str(project.title) if project.acronym else "",
            "url": project.get_absolute_url(),
        }
        for project in Project.objects.suggestions(words, SUGGESTED)
    ]
