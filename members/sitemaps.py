from cluster_portal.pages.sitemaps import Listed, PublishedSection, Section
from members.facets import MEMBER_INDEX
from members.models import Cluster, Organisation, Region, Theme


class OrganisationSection(PublishedSection):
    model = Organisation
    view = "members:organisation-detail"

    def published_keys(self):
        return MEMBER_INDEX.at().published


class ClusterSection(Section):
    """Some dozens, for which one file will do."""

    def pages(self, file):
        rows = Cluster.objects.published().order_by("pk").values_list("slug", "updated_at")
        return [Listed("members:cluster-detail", slug, changed) for slug, changed in rows]


class VocabularySection(Section):
    """The pages of regions and themes, which have no date of change."""

    def pages(self, file):
        yield from (Listed("members:region-detail", region.slug) for region in Region.objects.in_order())
        yield from (Listed("members:theme-detail", theme.slug) for theme in Theme.objects.order_by("pk"))
