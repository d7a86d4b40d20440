"""One region: its clusters, what its members work on, its departments."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cluster_portal.drawing.atlas import pin_map
from cluster_portal.pages.former_slugs import follows_former_slugs, get_by_slug
from members import open_pages
from members.counts import MemberCounts
from members.models import Region
from members.tiles import tile

TOP_THEMES = 12


@require_safe
@follows_former_slugs
def region_detail(request, slug):
    region = get_by_slug(Region.objects.all, slug)
    counts = MemberCounts()
    rows = counts.having("region", region.slug)
    query = f"&region={region.slug}"
    tiles = [tile(cluster, counts) for cluster in counts.labelled() if cluster.works_in(region.slug)]
    departments = [
        row
        for row in counts.ranked("region", rows)
        if counts.facets["region"].values[row.slug].parent == region.slug and row.count
    ]
    return render(
        request,
        "members/region_detail.html",
        {
            "title": region.name,
            "region": region,
            "others": open_pages.REGION.parts(request, region),
            "crumbs": [{"label": _("Regions"), "url": reverse("members:region-list")}],
            "counts": {**counts.by_kind(rows), "clusters": len(tiles)},
            "members_url": f"{reverse('members:organisation-list')}?region={region.slug}",
            "today": timezone.localdate(),
            "clusters": tiles,
            "themes": counts.ranked("theme", rows, top_level=True, limit=TOP_THEMES, query=query),
            "departments": departments,
            "atlas": pin_map([], {region.shape_code}, region.name),
        },
    )
