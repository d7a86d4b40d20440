"""Project lists as SQL."""

from cluster_portal.listing.filters import ListFilter, ValuesFilter
from projects.models import Project


class ProjectFilter(ListFilter):
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

    orders = {
        "newest": lambda projects, day: projects.newest_first(day),
        "name": lambda projects, day: projects.in_order(),
        "budget": lambda projects, day: projects.biggest_first(),
    }

    class Meta:
        model = Project
        fields = []

    def listed(self, queryset):
        published = queryset.published()
        return published.existing_by(self.day) if self.day else published

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
