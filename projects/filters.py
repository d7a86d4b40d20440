"""The one definition of “which projects are you looking at”."""

import django_filters

from cluster_portal.listing.filters import ValuesFilter
from projects.models import Project


class ProjectFilter(django_filters.FilterSet):
    """Feeds the list; every later use (export, map, feed) starts from the same ``qs``."""

    q = django_filters.CharFilter(method="search")
    state = ValuesFilter(method="in_states")
    milestone = ValuesFilter(method="at_milestones")
    region = ValuesFilter(method="in_regions")
    theme = ValuesFilter(method="on_themes")
    cluster = ValuesFilter(method="labelled_by")
    programme = ValuesFilter(method="in_programmes")
    year = ValuesFilter(method="of_years")
    budget = ValuesFilter(method="of_budgets")
    partner = ValuesFilter(method="with_partners")
    shared = ValuesFilter(method="labelled_by")
    on = django_filters.DateFilter(method="existing_by")

    class Meta:
        model = Project
        fields = []

    @property
    def day(self):
        return self.form.cleaned_data.get("on")

    def search(self, queryset, name, words):
        return queryset.search(words)

    def in_states(self, queryset, name, states):
        return queryset.in_states(states, at=self.day)

    def at_milestones(self, queryset, name, milestones):
        return queryset.at_milestones(milestones, at=self.day)

    def in_regions(self, queryset, name, regions):
        return queryset.in_regions(regions)

    def on_themes(self, queryset, name, themes):
        return queryset.on_themes(themes)

    def labelled_by(self, queryset, name, clusters):
        return queryset.labelled_by(clusters, at=self.day)

    def in_programmes(self, queryset, name, programmes):
        return queryset.in_programmes(programmes, at=self.day)

    def of_years(self, queryset, name, years):
        return queryset.of_years(years, at=self.day)

    def of_budgets(self, queryset, name, budgets):
        return queryset.of_budgets(budgets)

    def with_partners(self, queryset, name, organisations):
        return queryset.with_partners(organisations)

    def existing_by(self, queryset, name, day):
        return queryset.existing_by(day)
