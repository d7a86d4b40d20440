"""The lists of members: of the whole network, and of one cluster."""

from django.http import HttpResponsePermanentRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cluster_portal.exchange.answers import file_asked, with_its_file
from cluster_portal.listing.files import list_file
from cluster_portal.listing.response import list_response
from cluster_portal.pages.former_slugs import follows_former_slugs, get_by_slug
from members import open_pages
from members.cards import cards
from members.former_slugs import present_address
from members.listings import MemberListing
from members.models import Cluster
from members.whole_lists import whole_members


@require_safe
def organisation_list(request):
    return member_list_response(request, MemberListing.asked(request.GET, request.path))


@require_safe
@follows_former_slugs
def cluster_members(request, slug):
    cluster = get_by_slug(Cluster.objects.with_a_page, slug)
    if cluster.is_archived:
        return redirect(cluster)
    listing = MemberListing.asked(request.GET, request.path, fixed={"cluster": cluster.slug})
    crumbs = [
        {"label": _("Clusters"), "url": reverse("members:cluster-list")},
        {"label": str(cluster), "url": cluster.get_absolute_url()},
    ]
    return member_list_response(request, listing, crumbs)


def member_list_response(request, listing, crumbs=()):
    if moved := present_address(listing):
        return HttpResponsePermanentRedirect(with_its_file(request, moved.url))
    if file_asked(request):
        return list_file(request, whole_members(listing))
    address = listing.address
    shown = cards(listing.page_ids, listing.reading, address.on, first=listing.effective("theme"), path=address.path)
    return list_response(
        request,
        listing,
        "members/organisation_list.html",
        {
            "title": listing.heading,
            "organisations": shown,
            "suggest_url": reverse("suggest"),
            "crumbs": crumbs,
            "others": open_pages.MEMBER_LIST.parts(request, listing.address),
        },
    )
