from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from cluster_portal.pages.pasted import pasted_page
from cluster_portal.pages.this_page import PERMUTATION, absolute


def list_response(request: HttpRequest, listing, template: str, context: dict) -> HttpResponse:
    """A list page, or only its ``results`` when htmx asks for them; a restored history gets it whole.

    Where the words are the address of a page that the list does not find, it leads there.
    """
    name, page = pasted_page(listing.address.query)
    if page and (name != listing.own_page or not listing.total):
        return HttpResponseClientRedirect(page) if request.htmx else redirect(page)
    context = {"listing": listing, **context}
    if listing.is_filtered:
        context["robots"] = PERMUTATION
    elif listing.page_number > 1:
        context["canonical_url"] = absolute(request, listing.share_url)
    fragment = request.htmx and not request.htmx.history_restore_request
    response = render(request, f"{template}#results" if fragment else template, context)
    patch_vary_headers(response, ["HX-Request"])
    return response
