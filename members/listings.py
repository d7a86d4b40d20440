"""The list of members, for the whole network or inside one cluster."""

from functools import cached_property

from django.utils.translation import gettext_lazy as _

from cluster_portal.facets import FacetValues, Rows
from cluster_portal.listing import DeclaredFacet, Listing
from members.facets import MEMBER_INDEX
from members.filters import FORMER, OrganisationFilter
from members.headings import PHRASES
from members.templatetags.members import kind_badge


class MemberListing(Listing):
    index = MEMBER_INDEX
    own_page = "members:organisation-detail"
    declared = (
        DeclaredFacet("kind", _("Kind"), "list", mark=kind_badge),
        DeclaredFacet("region", _("Region"), "region", finer=(("department", _("Department")),), searchable=True),
        DeclaredFacet("theme", _("Theme"), "theme", searchable=True),
        DeclaredFacet("cluster", _("Cluster"), "cluster", searchable=True, used_only=True),
        DeclaredFacet("size", _("Company size"), "company", open=False),
        DeclaredFacet("type", _("Type of institution"), "institution", open=False),
        DeclaredFacet("country", _("Country"), "map", open=False, searchable=True, used_only=True),
        DeclaredFacet("supervisor", _("Supervising body"), "institution", shown=False),
        DeclaredFacet("shared", _("Also a member of"), "cluster", shown=False),
    )
    flags = {FORMER: (_("Also shown"), _("former members"))}
    orders = (
        ("name", _("Name")),
        ("newest", _("Newest member")),
        ("verified", _("Recently verified")),
    )
    filters = OrganisationFilter
    phrases = PHRASES

    @property
    def with_former(self) -> bool:
        return FORMER in self.address.flags

    def base(self) -> Rows:
        return self.reading.published if self.with_former else self.reading.current

    def ties(self, key: int) -> int:
        """To the network: the clusters of which it is a member on the day."""
        return self.reading.clusters_of_each.get(key) or 0

    def further_facets(self) -> dict[str, str | FacetValues]:
        if self.with_former:
            return {"cluster": "cluster_ever", "shared": "cluster_ever"}
        return {"shared": "cluster"}

    @cached_property
    def beyond(self) -> dict | None:
        """How many organisations meet the same criteria without being members (any more), and the list with them."""
        if self.with_former:
            return None
        wider = self.at(self.address.replacing(flags=self.address.flags | {FORMER}))
        count = wider.total - self.total
        return {"count": count, "url": wider.address.url} if count else None
