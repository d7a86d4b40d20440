"""What robots and browsers ask of a site beside its pages."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cluster_portal.pages.this_page import absolute


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
        },
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )
