"""The lists of projects: of the whole network, and of one cluster."""

from django.http import HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cluster_portal.exchange.answers import file_asked, with_its_file
from cluster_portal.listing.files import list_file
from cluster_portal.listing.response import list_response
from cluster_portal.pages.former_slugs import follows_former_slugs, get_by_slug
from members.former_slugs import present_address
from members.models import Cluster
from projects import open_pages
from projects.cards import cards
from projects.listings import ProjectListing
from projects.whole_lists import whole_projects


@require_safe
def project_list(request):
    return project_list_response(request, ProjectListing.asked(request.GET, request.path))


@require_safe
@follows_former_slugs
def cluster_projects(request, slug):
    cluster = get_by_slug(Cluster.objects.published, slug)
    listing = ProjectListing.asked(request.GET, request.path, fixed={"cluster": cluster.slug})
    crumbs = [
        {"label": _("Clusters"), "url": reverse("members:cluster-list")},
        {"label": str(cluster), "url": cluster.get_absolute_url()},
    ]
    return project_list_response(request, listing, crumbs)


def project_list_response(request, listing, crumbs=()):
    if moved := present_address(listing):
        return HttpResponsePermanentRedirect(with_its_file(request, moved.url))
    if file_asked(request):
        return list_file(request, whole_projects(listing))
    address = listing.address
    shown = cards(listing.page_ids, listing.reading, address.on, listing.effective("theme"), path=address.path)
    return list_response(
        request,
        listing,
        "projects/project_list.html",
        {
            "title": listing.heading,
            "projects": shown,
            "suggest_url": reverse("suggest"),
            "crumbs": crumbs,
            "others": open_pages.PROJECT_LIST.parts(request, listing.address),
        },
    )
