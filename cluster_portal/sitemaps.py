"""Sitemaps of what is worth indexing: landing pages, clean lists, and every published page, in each language."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.urls import reverse

from members.models import Cluster, Organisation, Region, Theme
from projects.models import Project


class PortalSitemap(Sitemap):
    i18n = True
    alternates = True
    limit = 10_000  # addresses in one file: a fifth of what the standard allows, so that each is made in a second

    def get_protocol(self, protocol=None):
        return urlsplit(settings.SITE_URL).scheme or super().get_protocol(protocol)

    def get_domain(self, site=None):
        return urlsplit(settings.SITE_URL).netloc or super().get_domain(site)


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


class PublishedSitemap(PortalSitemap):
    """Published rows of a model, with the day they last changed."""

    model = Organisation

    def items(self):
        return self.model.objects.published().order_by("pk").only("pk", "slug", "updated_at")

    def lastmod(self, item):
        return item.updated_at


class OrganisationSitemap(PublishedSitemap):
    model = Organisation


class ClusterSitemap(PublishedSitemap):
    model = Cluster


class ProjectSitemap(PublishedSitemap):
    model = Project


class VocabularySitemap(PortalSitemap):
    def items(self):
        return [*Region.objects.in_order(), *Theme.objects.order_by("pk")]


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
