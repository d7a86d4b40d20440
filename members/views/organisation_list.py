"""The lists of members: of the whole network, and of one cluster."""

from django.http import HttpResponsePermanentRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cluster_portal.listing.response import list_response
from cluster_portal.pages.former_slugs import follows_former_slugs, get_by_slug
from members.cards import cards
from members.former_slugs import with_present_slugs
from members.headings import member_heading
from members.listings import MemberListing
from members.models import Cluster


@require_safe
def organisation_list(request):
    return member_list_response(request, MemberListing(request.GET, request.path))


@require_safe
@follows_former_slugs
def cluster_members(request, slug):
    cluster = get_by_slug(Cluster.objects.with_a_page, slug)
    if cluster.is_archived:
        return redirect(cluster)
    listing = MemberListing(request.GET, request.path, fixed={"cluster": cluster.slug})
    crumbs = [
        {"label": _("Clusters"), "url": reverse("members:cluster-list")},
        {"label": str(cluster), "url": cluster.get_absolute_url()},
    ]
    return member_list_response(request, listing, crumbs)


def member_list_response(request, listing, crumbs=()):
    if moved := with_present_slugs(listing):
        return HttpResponsePermanentRedirect(moved)
    listing.heading = member_heading(listing)
    shown = cards(listing.page_ids, listing.facet_data, listing.on, first=listing.effective("theme"), path=listing.path)
    return list_response(
        request,
        listing,
        "members/organisation_list.html",
        {
            "title": listing.heading,
            "organisations": shown,
            "suggest_url": reverse("suggest"),
            "crumbs": crumbs,
        },
    )
