"""Sitemaps of what is worth indexing: landing pages, clean lists, and every published page, in each language."""

from django.conf import settings
from django.contrib.sitemaps import views
from django.urls import reverse

from cluster_portal.pages.sitemaps import PortalSitemap
from members.sitemaps import ClusterSitemap, OrganisationSitemap, VocabularySitemap
from projects.sitemaps import ProjectSitemap


class LandingSitemap(PortalSitemap):
    names = (
        "home",
        "about",
        "members:organisation-list",
        "members:cluster-list",
        "members:region-list",
        "members:theme-list",
        "projects:project-list",
        "projects:figures",
        "projects:shared",
    )

    def items(self):
        return self.names

    def location(self, item):
        return reverse(item)


SITEMAPS = {
    "pages": LandingSitemap,
    "clusters": ClusterSitemap,
    "vocabulary": VocabularySitemap,
    "members": OrganisationSitemap,
    "projects": ProjectSitemap,
}


def index(request):
    """The list of sitemaps, at the public address of the site."""
    response = views.index(request, SITEMAPS)
    if settings.SITE_URL:
        for sitemap in response.context_data["sitemaps"]:
            sitemap.location = settings.SITE_URL + sitemap.location.partition(request.get_host())[2]
    return response
