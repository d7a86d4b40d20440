from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from cluster_portal.pages.this_page import PERMUTATION, absolute


def list_response(request: HttpRequest, listing, template: str, context: dict) -> HttpResponse:
    """A list page, or only its ``results`` when htmx asks for them; a restored history gets it whole."""
    context = {"listing": listing, **context}
    if listing.is_filtered:
        context["robots"] = PERMUTATION
    elif listing.page_number > 1:
        context["canonical_url"] = absolute(request, listing.share_url)
    fragment = request.htmx and not request.htmx.history_restore_request
    response = render(request, f"{template}#results" if fragment else template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
