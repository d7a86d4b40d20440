"""The pages of the portal as a whole: home, “What is a cluster?”, suggestions, and what robots read."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from cluster_portal import drawing, rich_text
from cluster_portal.pages import absolute
from cluster_portal.search import clean_query, fold
from cluster_portal.translated import active_language
from members.cards import cards
from members.counts import MemberCounts
from members.headings import places
from members.label_phases import PHASES
from members.models import (
    Membership,
    Organisation,
    Page,
    Theme,
)
from members.tiles import PER_MARK, tile
from projects.figures import network_figures
from projects.models import Project

NEWEST = 4
SUGGESTED = 6  # of each group
ABOUT = "what-is-a-cluster"


@require_safe
def home(request):
    counts = MemberCounts()
    kinds = counts.by_kind(counts.everyone)
    per_mark = drawing.members_per_mark(kinds["members"], 330)
    members = reverse("members:organisation-list")
    drawn = counts.map_of(counts.everyone, lambda slug: f"{members}?region={slug}")
    return render(
        request,
        "home.html",
        {
            "title": _("Who innovates, where, and with whom"),
            "counts": network_counts(counts),
            "grappe": counts.grappe(
                counts.everyone,
                per_mark,
                size=400,
                label=drawing.grappe_label(kinds["companies"], kinds["laboratories"], kinds["institutions"]),
            ),
            "grappe_per_mark": per_mark,
            "atlas": drawn.svg,
            "atlas_legend": drawn.legend,
            "regions": counts.regions(counts.everyone),
            "unlocated": counts.unlocated(counts.everyone),
            "themes": counts.ranked("theme", counts.everyone, top_level=True),
            "theme_count": sum(bool(value.parent) for value in counts.facets["theme"].values.values()),
            "newest": _newest(counts),
            "focus": focus(counts),
            "examples": _examples(counts),
            "structured_data": _site_data(request),
        },
    )


def network_counts(counts: MemberCounts) -> dict:
    """The figures of the home page, each with the list that it counts."""
    labelled = network_figures(counts.on).milestones["labelled"]
    return {
        **counts.by_kind(counts.everyone),
        "clusters": len(counts.labelled()),
        "clusters_on": counts.day,
        "clusters_url": f"{reverse('members:cluster-list')}?on={counts.day.isoformat()}",
        "projects": labelled.value,
        "projects_url": labelled.url,
    }


def _newest(counts: MemberCounts) -> list:
    """The members that joined last, each once."""
    latest = Membership.objects.current().public().filter(joined_on__isnull=False).order_by("-joined_on", "-pk")
    ids = list(dict.fromkeys(latest.values_list("organisation_id", flat=True)[: NEWEST * 8]))
    shown = [pk for pk in ids if counts.everyone >> pk & 1][:NEWEST]
    return cards(shown, counts.facets)


def focus(counts: MemberCounts) -> dict | None:
    """A sector that staff put in focus, with the labelled clusters that work on it. One cluster alone is
    no sector; among several sectors the day chooses."""
    labelled = counts.labelled()
    sectors = [
        (theme, clusters)
        for theme in Theme.objects.filter(focus=True).in_order()
        if len(clusters := [cluster for cluster in labelled if cluster.works_on(theme.slug)]) > 1
    ]
    if not sectors:
        return None
    theme, clusters = sectors[counts.day.toordinal() % len(sectors)]
    return {
        "theme": str(theme.name),
        "text": str(theme.description),
        "url": theme.get_absolute_url(),
        "clusters": [tile(cluster, counts, themes=False) for cluster in clusters],
    }


def _examples(counts: MemberCounts) -> list[tuple[str, str]]:
    """Searches to try: the themes that most members work on, and one combination."""
    themes = [row for row in counts.ranked("theme", counts.everyone) if counts.facets["theme"].values[row.slug].parent]
    found = [(row.label, row.url) for row in themes[:2] if row.count]
    regions = [row for row in counts.regions(counts.everyone) if row.count]
    if regions:
        members = reverse("members:organisation-list")
        label = _("laboratories %(where)s") % {"where": places([regions[0].slug], counts.facets["places"])}
        found.append((label, f"{members}?kind=laboratory&region={regions[0].slug}"))
    return found


def _site_data(request) -> dict:
    members = absolute(request, reverse("members:organisation-list"))
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": "Cluster Portal",
        "url": absolute(request, reverse("home")),
        "inLanguage": active_language(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{members}?q={{words}}",
            "query-input": "required name=words",
        },
    }


@require_safe
def about(request):
    """The portal explains itself; the texts are staff's."""
    page = get_object_or_404(Page, key=ABOUT)
    body = rich_text.render(page.body)
    counts = MemberCounts()
    today = timezone.localdate()
    return render(
        request,
        "about.html",
        {
            "title": str(page.title),
            "page": page,
            "body": body,
            "toc": rich_text.contents(body),
            "description": str(page.standfirst)[:300],
            "phases": [
                {
                    "label": _("Phase %(phase)s") % {"phase": phase.roman},
                    "years": phase.years,
                    "now": phase.covers(today),
                    "count": sum(
                        any(label.phase == phase.number for label in cluster.labels)
                        for cluster in counts.clusters.values()
                    )
                    or None,
                }
                for phase in PHASES
            ],
            "counts": network_counts(counts),
            "focus": focus(counts),
            "example": _example(counts),
        },
    )


def _example(counts: MemberCounts) -> dict | None:
    """One cluster drawn as its members: the labelled one nearest to the median size."""
    sized = sorted((counts.having("cluster", c.slug).bit_count(), c.slug) for c in counts.labelled())
    if not sized or not sized[len(sized) // 2][0]:
        return None
    number, slug = sized[len(sized) // 2]
    example = tile(counts.clusters[slug], counts)
    return {
        "name": example.name,
        "url": example.url,
        "member_count": number,
        "per_mark": PER_MARK,
        "grappe": counts.grappe(counts.having("cluster", slug), PER_MARK, size=200),
    }


@require_safe
def text_page(request, key):
    """Legal notice, accessibility: one text that staff edit."""
    page = get_object_or_404(Page, key=key)
    return render(
        request,
        "text_page.html",
        {
            "title": str(page.title),
            "page": page,
            "body": rich_text.render("\n\n".join(filter(None, [page.standfirst, page.body]))),
        },
    )


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
    page = reverse("members:organisation-detail", args=["SLUG"])
    return [
        {
            "label": name,
            "detail": str(kinds[kind]) + (f" · {city}" if city else ""),
            "url": page.replace("SLUG", slug),
        }
        for slug, name, kind, city in found
    ]


def _suggested_clusters(words: str, counts: MemberCounts) -> list[dict]:
    page = reverse("members:cluster-detail", args=["SLUG"])
    return [
        {
            "label": cluster.label,
            "detail": cluster.full_name or cluster.city,
            "url": page.replace("SLUG", cluster.slug),
        }
        for cluster in counts.clusters.values()
        if any(_starts(name, words) for name in cluster.names)
    ][:SUGGESTED]


def _suggested_themes(words: str, counts: MemberCounts) -> list[dict]:
    page, language = reverse("members:theme-detail", args=["SLUG"]), active_language()
    themes = counts.facets["theme"]
    return [
        {
            "label": theme.label(language),
            "detail": themes.values[theme.parent].label(language) if theme.parent else "",
            "url": page.replace("SLUG", theme.slug),
        }
        for theme in themes.in_order(language)
        if any(_starts(label, words) for label in theme.labels.values())
    ][:SUGGESTED]


def _suggested_regions(words: str, counts: MemberCounts) -> list[dict]:
    page = reverse("members:region-detail", args=["SLUG"])
    return [
        {"label": place.name, "detail": "", "url": page.replace("SLUG", place.slug)}
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


@require_safe
def robots(request):
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /fr/suggestions/",
        "Disallow: /en/suggestions/",
        f"Sitemap: {absolute(request, reverse('sitemap-index'))}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def opensearch(request):
    """Lets a browser search the members from its own bar."""
    return render(
        request,
        "opensearch.xml",
        {
            "icon": absolute(request, "/favicon.ico"),
            "search": absolute(request, reverse("members:organisation-list")),
            "suggest": absolute(request, reverse("suggest")),
        },
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )
