"""The list of projects, for the whole network or of one cluster."""

from functools import cached_property

from django.utils.translation import gettext_lazy as _

from cluster_portal.facets import Each, FacetValues, Rows, Value
from cluster_portal.listing import DeclaredFacet, Listing
from members.models import Organisation
from projects.facets import PROJECT_INDEX
from projects.filters import ProjectFilter
from projects.headings import PHRASES
from projects.models import Participation


def partners(slugs) -> FacetValues:
    """The projects of the organisations asked for: sixteen thousand would be no choice to offer."""
    if not slugs:
        return FacetValues({}, {})
    names = Organisation.objects.published().filter(slug__in=slugs).values_list("slug", "name")
    participations = Participation.objects.public().filter(organisation__slug__in=slugs)
    found = Each[str].of(participations.values_list("project_id", "organisation__slug"))
    return FacetValues(
        {slug: Value(slug, {"fr": name}) for slug, name in names},
        {slug: rows for slug in slugs if (rows := found[slug])},
    )


class ProjectListing(Listing):
    index = PROJECT_INDEX
    declared = (
        DeclaredFacet("state", _("State"), "project"),
        DeclaredFacet("milestone", _("Milestone reached"), "check", open=False),
        DeclaredFacet("region", _("Region of a partner"), "region", searchable=True),
        DeclaredFacet("theme", _("Theme"), "theme", searchable=True),
        DeclaredFacet("cluster", _("Labelling cluster"), "cluster", searchable=True, used_only=True),
        DeclaredFacet("programme", _("Funding programme"), "institution", searchable=True, open=False, used_only=True),
        DeclaredFacet("year", _("Year"), "calendar", searchable=True, open=False),
        DeclaredFacet("budget", _("Budget"), "list", open=False),
        DeclaredFacet("partner", _("Partner"), "company", shown=False),
        DeclaredFacet("shared", _("Also labelled by"), "cluster", shown=False),
    )
    orders = (
        ("newest", _("Newest first")),
        ("name", _("Name")),
        ("budget", _("Biggest budget")),
    )
    filters = ProjectFilter
    phrases = PHRASES

    def base(self) -> Rows:
        return self.reading.current

    def further_facets(self) -> dict[str, str | FacetValues]:
        return {"shared": "cluster", "partner": self.partners}

    @cached_property
    def partners(self) -> FacetValues:
        asked = self.address.slugs("partner")
        if self.like is not None and set(asked) <= set(self.like.address.slugs("partner")):
            return self.like.partners
        return partners(asked)
