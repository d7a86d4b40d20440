"""The list of members, for the whole network or inside one cluster."""

from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from cluster_portal.facets import Rows
from cluster_portal.listing import Group, Listing
from cluster_portal.listing.filters import filter_data
from cluster_portal.models import SearchWord
from members.facets import MEMBER_INDEX
from members.filters import OrganisationFilter
from members.models import Organisation
from members.templatetags.members import kind_badge


class MemberListing(Listing):
    index = MEMBER_INDEX
    groups = (
        Group("kind", _("Kind"), "list", mark=kind_badge),
        Group("region", _("Region"), "region", searchable=True),
        Group("theme", _("Theme"), "theme", searchable=True),
        Group("cluster", _("Cluster"), "cluster", searchable=True),
        Group("size", _("Company size"), "company", open=False),
        Group("type", _("Type of institution"), "institution", open=False),
        Group("shared", _("Also a member of"), "cluster", shown=False),
    )
    extra_parameters = ("department",)
    flag_names = ("former",)
    orders = (
        ("name", _("Name")),
        ("newest", _("Newest member")),
        ("verified", _("Recently verified")),
    )

    @cached_property
    def facet_data(self):
        return self.index.at(self.on).also(**self._clusters())

    def _clusters(self) -> dict[str, str]:
        return (
            {"cluster": "cluster_ever", "shared": "cluster_ever"} if "former" in self.flags else {"shared": "cluster"}
        )

    @cached_property
    def beyond(self) -> dict | None:
        """How many organisations meet the same criteria without being members (any more), and the list with them."""
        if "former" in self.flags:
            return None
        wider = MemberListing(QueryDict(self.url().partition("?")[2]), self.path, self.fixed)
        wider.flags = {"former"}
        wider.facet_data = self.facet_data.also(**wider._clusters())
        if self.query:
            wider._ranked = self._ranked
        count = wider.total - self.total
        return {"count": count, "url": wider.url()} if count else None

    def base(self) -> Rows:
        return self.facet_data.published if "former" in self.flags else self.facet_data.current

    def rows(self):
        """The organisations of the list, by the FilterSet, in no order yet."""
        published = Organisation.objects.published()
        start = published if "former" in self.flags else published.members(self.on)
        return OrganisationFilter(filter_data(self), queryset=start).qs

    def ordered(self):
        in_order = {
            "newest": lambda rows: rows.newest_first(self.on),
            "name": lambda rows: rows.in_order(),
            "verified": lambda rows: rows.recently_verified_first(),
        }
        return in_order[self.sort](self.rows())

    def ranked_ids(self) -> list[int]:
        found = Organisation.objects.published().search(self.query).with_rank(self.query)
        return list(found.order_by("-rank", "sort_name", "pk").values_list("pk", flat=True))

    def spelling(self) -> str:
        return SearchWord.objects.finding(Organisation.objects.published()).nearest(self.query)

    def is_offered(self, facet: str, slug: str, count: int) -> bool:
        # Clusters that have no member at all on that day are former ones, and not located is no place.
        if facet == "cluster":
            return bool(self.facet_data["cluster"].having(slug))
        return count > 0 if slug == "none" else True

    def chip_label(self, group, name):
        return _("Department") if name == "department" else group.label

    def flag_words(self, flag):
        return _("Also shown"), _("former members")
