from cluster_portal.pages.sitemaps import PortalSitemap, PublishedSitemap
from members.models import Cluster, Organisation, Region, Theme


class OrganisationSitemap(PublishedSitemap):
    model = Organisation


class ClusterSitemap(PublishedSitemap):
    model = Cluster


class VocabularySitemap(PortalSitemap):
    """The pages of regions and themes, which have no date of change."""

    def items(self):
        return [*Region.objects.in_order(), *Theme.objects.order_by("pk")]
