"""One theme: who works on it, where, and what is beside it."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cluster_portal.pages.former_slugs import follows_former_slugs, get_by_slug
from members import open_pages
from members.counts import MemberCounts
from members.models import Theme
from members.tiles import theme_line, tile

NEIGHBOURS = 9


@require_safe
@follows_former_slugs
def theme_detail(request, slug):
    theme = get_by_slug(Theme.objects.with_domain, slug)
    counts = MemberCounts()
    rows = counts.having("theme", theme.slug)
    query = f"&theme={theme.slug}"
    tiles = [tile(cluster, counts) for cluster in counts.labelled() if cluster.works_on(theme.slug)]
    siblings = Theme.objects.filter(parent=theme.parent_id).exclude(pk=theme.pk).in_order()
    crumbs = [{"label": _("Themes"), "url": reverse("members:theme-list")}]
    if theme.parent:
        crumbs.append({"label": str(theme.parent.name), "url": theme.parent.get_absolute_url()})
    members = reverse("members:organisation-list")
    return render(
        request,
        "members/theme_detail.html",
        {
            "title": str(theme.name),
            "theme": theme,
            "others": open_pages.THEME.parts(request, theme),
            "crumbs": crumbs,
            "description": str(theme.description),
            "counts": {**counts.by_kind(rows), "clusters": len(tiles)},
            "members_url": f"{reverse('members:organisation-list')}?theme={theme.slug}",
            "today": timezone.localdate(),
            "clusters": tiles,
            "subthemes": [theme_line(child, counts) for child in theme.themes.in_order()],
            "regions": counts.regions(rows, query) if rows else [],
            "atlas": counts.map_of(rows, lambda slug: f"{members}?region={slug}{query}").svg if rows else "",
            "neighbours": [theme_line(sibling, counts) for sibling in siblings[:NEIGHBOURS]],
        },
    )
