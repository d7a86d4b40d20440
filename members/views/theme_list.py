"""The themes in their two levels, each with its number of members."""

from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.counts import MemberCounts
from members.models import Theme
from members.tiles import theme_line


@require_safe
def theme_list(request):
    counts = MemberCounts()
    themes = list(Theme.objects.in_order())
    domains = [
        theme_line(
            domain,
            counts,
            children=[theme_line(t, counts) for t in themes if t.parent_id == domain.pk],
        )
        for domain in themes
        if domain.parent_id is None
    ]
    return render(request, "members/theme_list.html", {"title": _("Themes"), "domains": domains})
