"""The one definition of “which organisations are you looking at”."""

import django_filters

from cluster_portal.listing.filters import ValuesFilter
from members.models import Organisation


class OrganisationFilter(django_filters.FilterSet):
    """Feeds the list; every later use (export, map, feed) starts from the same ``qs``."""

    q = django_filters.CharFilter(method="search")
    kind = ValuesFilter(method="of_kinds")
    region = ValuesFilter(method="in_places")
    theme = ValuesFilter(method="on_themes")
    cluster = ValuesFilter(method="in_clusters")
    size = ValuesFilter(method="of_sizes")
    type = ValuesFilter(method="of_types")
    shared = ValuesFilter(method="in_clusters")
    on = django_filters.DateFilter(method="leave")
    former = django_filters.BooleanFilter(method="leave")

    class Meta:
        model = Organisation
        fields = []

    @property
    def day(self):
        return self.form.cleaned_data.get("on")

    def search(self, queryset, name, words):
        return queryset.search(words)

    def of_kinds(self, queryset, name, kinds):
        return queryset.of_kinds(kinds)

    def in_places(self, queryset, name, places):
        return queryset.in_places(places)

    def on_themes(self, queryset, name, themes):
        return queryset.on_themes(themes)

    def in_clusters(self, queryset, name, clusters):
        return queryset.in_clusters(clusters, at=self.day, ever=bool(self.form.cleaned_data.get("former")))

    def of_sizes(self, queryset, name, sizes):
        return queryset.of_sizes(sizes)

    def of_types(self, queryset, name, types):
        return queryset.of_institution_types(types)

    def leave(self, queryset, name, day):
        return queryset  # read by the filters that depend on it
