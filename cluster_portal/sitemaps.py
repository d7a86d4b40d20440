"""Sitemaps of what is worth indexing: landing pages, clean lists, and every published page, in each language."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from members.models import Cluster, Organisation, Region, Theme
from projects.models import Project


class PortalSitemap(Sitemap):
    i18n = True
    alternates = True
    x_default = True
    limit = 10_000  # addresses in one file: a fifth of what the standard allows, so that each is made in a second


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
