"""Legal notice, accessibility: one text that staff edit."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cluster_portal.models import Page
from cluster_portal.writing import rich_text


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
