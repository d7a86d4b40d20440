"""The list of projects, for the whole network or of one cluster."""

from functools import cached_property

from django.utils.translation import gettext_lazy as _

from cluster_portal.facets import FacetValues, Rows, Value
from cluster_portal.facets.index import rows_by
from cluster_portal.listing import Group, Listing
from cluster_portal.listing.filters import filter_data
from cluster_portal.models import SearchWord
from members.models import Organisation
from projects.facets import PROJECT_INDEX
from projects.filters import ProjectFilter
from projects.models import Participation, Project


def partners(slugs) -> FacetValues:
    """The projects of the organisations asked for: sixteen thousand would be no choice to offer."""
    if not slugs:
        return FacetValues({}, {})
    names = Organisation.objects.published().filter(slug__in=slugs).values_list("slug", "name")
    participations = Participation.objects.public().filter(organisation__slug__in=slugs)
    return FacetValues(
        {slug: Value(slug, {"fr": name}) for slug, name in names},
        rows_by(participations, "organisation__slug", "project_id"),
    )


class ProjectListing(Listing):
    index = PROJECT_INDEX
    groups = (
        Group("state", _("State"), "project"),
        Group("milestone", _("Milestone reached"), "check", open=False),
        Group("region", _("Region of a partner"), "region", searchable=True),
        Group("theme", _("Theme"), "theme", searchable=True),
        Group("cluster", _("Labelling cluster"), "cluster", searchable=True),
        Group("programme", _("Funding programme"), "institution", searchable=True, open=False),
        Group("year", _("Year"), "calendar", searchable=True, open=False),
        Group("budget", _("Budget"), "list", open=False),
        Group("partner", _("Partner"), "company", shown=False),
        Group("shared", _("Also labelled by"), "cluster", shown=False),
    )
    orders = (
        ("newest", _("Newest first")),
        ("name", _("Name")),
        ("budget", _("Biggest budget")),
    )

    @cached_property
    def facet_data(self):
        return self.index.at(self.on).also(shared="cluster", partner=partners(self.chosen["partner"]))

    def base(self) -> Rows:
        return self.facet_data.current

    def rows(self):
        """The projects of the list, by the FilterSet, in no order yet."""
        return ProjectFilter(filter_data(self), queryset=Project.objects.published()).qs

    def ordered(self):
        in_order = {
            "newest": lambda rows: rows.newest_first(self.on),
            "name": lambda rows: rows.in_order(),
            "budget": lambda rows: rows.biggest_first(),
        }
        return in_order[self.sort](self.rows())

    def ranked_ids(self) -> list[int]:
        found = Project.objects.published().search(self.query).with_rank(self.query)
        return list(found.order_by("-rank", "sort_name", "pk").values_list("pk", flat=True))

    def spelling(self) -> str:
        return SearchWord.objects.finding(Project.objects.published()).nearest(self.query)

    def is_offered(self, facet: str, slug: str, count: int) -> bool:
        # A cluster or a programme without any project, on that day, is no choice; unknown is no value.
        if facet in ("cluster", "programme"):
            return bool(self.facet_data[facet].having(slug))
        return count > 0 if slug == "none" else True
