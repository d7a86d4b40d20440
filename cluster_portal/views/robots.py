"""What robots and browsers ask of a site beside its pages."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
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
    """Lets a browser search the whole site from its own bar."""
    return render(
        request,
        "opensearch.xml",
        {
            "icon": absolute(request, "/favicon.ico"),
            "search": absolute(request, reverse("search")),
        },
        content_type="application/opensearchdescription+xml; charset=utf-8",
    )


@require_safe
def security(request):
    """Whom to tell of a weakness (RFC 9116), where the operator says it."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=180)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, en",
        *([f"Canonical: {settings.SITE_URL}{request.path}"] if settings.SITE_URL else []),
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
