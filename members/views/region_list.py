"""The regions, on the map and by number of members."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cluster_portal.pages.addresses import address_of
from members.counts import MemberCounts


@require_safe
def region_list(request):
    counts = MemberCounts()

    def page(slug: str) -> str:
        return address_of("members:region-detail", slug)

    ranked = counts.regions(counts.everyone)
    for row in ranked:
        row.url = page(row.slug)
    drawn = counts.map_of(counts.everyone, page)
    return render(
        request,
        "members/region_list.html",
        {
            "title": _("Regions"),
            "atlas": drawn.svg,
            "atlas_legend": drawn.legend,
            "regions": ranked,
            "unlocated": counts.unlocated(counts.everyone),
        },
    )
