"""The lists of projects: of the whole network, and of one cluster."""

from django.http import HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cluster_portal.exchange.answers import file_asked, with_its_file
from cluster_portal.exchange.columns import Words
from cluster_portal.listing.files import list_file
from cluster_portal.listing.response import list_response
from cluster_portal.pages.former_slugs import follows_former_slugs, get_by_slug
from cluster_portal.writing.translated import active_language
from members.exports import names_of_clusters
from members.former_slugs import present_address
from members.models import Cluster
from projects.cards import cards
from projects.columns import PROJECT_COLUMNS
from projects.exports import position, published_projects
from projects.listings import ProjectListing

PUBLIC_COLUMNS = [column for column in PROJECT_COLUMNS if column.public]


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
        return project_file(request, listing)
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
        },
    )


def project_file(request, listing):
    on = listing.address.on
    words = Words(active_language(), {"cluster": names_of_clusters(Cluster.objects.published())})
    return list_file(request, listing, PUBLIC_COLUMNS, words, lambda keys: published_projects(keys, on), position)
