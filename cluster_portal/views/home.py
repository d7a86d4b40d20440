"""The home page: the network in figures, on the map, by theme, and who joined last."""

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cluster_portal.pages.this_page import absolute
from cluster_portal.views.overview import focus, network_counts
from cluster_portal.writing.translated import active_language
from members import grappe
from members.cards import cards
from members.counts import MemberCounts
from members.headings import places
from members.models import Membership

NEWEST = 4


@require_safe
def home(request):
    counts = MemberCounts()
    kinds = counts.by_kind(counts.everyone)
    per_mark = grappe.members_per_mark(kinds["members"], 330)
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
                label=grappe.grappe_label(kinds["companies"], kinds["laboratories"], kinds["institutions"]),
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


def _newest(counts: MemberCounts) -> list:
    """The members that joined last, each once."""
    latest = Membership.objects.current().public().filter(joined_on__isnull=False).order_by("-joined_on", "-pk")
    ids = list(dict.fromkeys(latest.values_list("organisation_id", flat=True)[: NEWEST * 8]))
    shown = [pk for pk in ids if pk in counts.everyone][:NEWEST]
    return cards(shown, counts.facets)


def _examples(counts: MemberCounts) -> list[tuple[str, str]]:
    """Searches to try: the themes that most members work on, and one combination."""
    themes = [row for row in counts.ranked("theme", counts.everyone) if counts.facets["theme"].values[row.slug].parent]
    found = [(row.label, row.url) for row in themes[:2] if row.count]
    regions = [row for row in counts.regions(counts.everyone) if row.count]
    if regions:
        members = reverse("members:organisation-list")
        label = _("laboratories %(where)s") % {"where": places([regions[0].slug], counts.facets.places)}
        found.append((label, f"{members}?kind=laboratory&region={regions[0].slug}"))
    return found


def _site_data(request) -> dict:
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": "Cluster Portal",
        "url": absolute(request, reverse("home")),
        "inLanguage": active_language(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{absolute(request, reverse('search'))}?q={{words}}",
            "query-input": "required name=words",
        },
    }
