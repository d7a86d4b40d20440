"""Member lists as SQL."""

from cluster_portal.listing.filters import FlagFilter, ListFilter, ValuesFilter
from members.models import Organisation

FORMER = "former"  # those who are members no longer, or not yet, are listed too


class OrganisationFilter(ListFilter):
    kind = ValuesFilter(method="of_kinds")
    region = ValuesFilter(method="in_places")
    theme = ValuesFilter(method="on_themes")
    cluster = ValuesFilter(method="in_clusters")
    size = ValuesFilter(method="of_sizes")
    type = ValuesFilter(method="of_types")
    country = ValuesFilter(method="of_countries")
    supervisor = ValuesFilter(method="supervised_by")
    shared = ValuesFilter(method="in_clusters")
    former = FlagFilter()

    orders = {
        "name": lambda organisations, day: organisations.in_order(),
        "newest": lambda organisations, day: organisations.newest_first(day),
        "verified": lambda organisations, day: organisations.recently_verified_first(),
    }

    class Meta:
        model = Organisation
        fields = []

    @property
    def with_former(self) -> bool:
        return bool(self.form.cleaned_data.get(FORMER))

    def listed(self, queryset):
        return queryset.published() if self.with_former else queryset.published().members(self.day)

    def of_kinds(self, queryset, name, kinds):
        return queryset.of_kinds(kinds)

    def in_places(self, queryset, name, places):
        return queryset.in_places(places)

    def on_themes(self, queryset, name, themes):
        return queryset.on_themes(themes)

    def in_clusters(self, queryset, name, clusters):
        return queryset.in_clusters(clusters, at=self.day, ever=self.with_former)

    def of_sizes(self, queryset, name, sizes):
        return queryset.of_sizes(sizes)

    def of_countries(self, queryset, name, codes):
        return queryset.of_countries(codes)

    def supervised_by(self, queryset, name, bodies):
        return queryset.supervised_by(bodies)

    def of_types(self, queryset, name, types):
        return queryset.of_institution_types(types)
