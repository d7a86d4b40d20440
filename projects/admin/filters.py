from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Sum, When
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import NeedsFilter, SelectFilter
from cluster_portal.publication import Status
from members import choices
from projects.models import Funding, Participation, Programme, Project, ProjectLabel
from projects.models.projects import State

ALIVE = ~Q(status=Status.ARCHIVED)


def _rows(model, **wanted):
    return Exists(model.objects.filter(project=OuterRef("pk"), **wanted))


def sum_of(model, column):
    """The sum of a column over a project's rows; nothing when one of them is unknown, or there are none."""
    rows = model.objects.filter(project=OuterRef("pk")).order_by().values("project")
    complete = Case(When(~Exists(rows.filter(**{column: None})), then=Subquery(rows.annotate(n=Sum(column)).values("n"))))
    return complete


def _does_not_add_up():
    """A total that differs from the sum of its parts, all of them known."""
    return (
        ~Q(total_cost=F("sum_of_costs")) & Q(sum_of_costs__isnull=False, total_cost__isnull=False)
        | ~Q(public_funding=F("sum_of_shares")) & Q(sum_of_shares__isnull=False, public_funding__isnull=False)
        | ~Q(public_funding=F("sum_of_fundings")) & Q(sum_of_fundings__isnull=False, public_funding__isnull=False)
    )


def with_sums(rows):
    return rows.alias(
        sum_of_costs=sum_of(Participation, "cost"),
        sum_of_shares=sum_of(Participation, "public_funding"),
        sum_of_fundings=sum_of(Funding, "amount"),
    )


PROJECT_NEEDS = {
    "review": (_("in review"), lambda: Q(status=Status.IN_REVIEW)),
    "draft": (_("drafts"), lambda: Q(status=Status.DRAFT)),
    "sums": (_("sums that do not add up"), lambda: ALIVE & _does_not_add_up()),
    "coordinator": (_("no coordinator"), lambda: ALIVE & ~Q(_rows(Participation, role="coordinator"))),
    "label": (_("no label"), lambda: ALIVE & ~Q(_rows(ProjectLabel))),
    "theme": (_("no theme"), lambda: ALIVE & ~Q(Exists(Project.themes.through.objects.filter(project=OuterRef("pk"))))),
    "summary": (_("no summary"), lambda: ALIVE & Q(summary_fr="", summary_en="")),
}


class ProjectNeeds(NeedsFilter):
    needs = PROJECT_NEEDS

    def queryset(self, request, queryset):
        return super().queryset(request, with_sums(queryset))


class StateFilter(SelectFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return State.choices

    def queryset(self, request, queryset):
        return queryset.in_states([self.value()]) if self.value() in State.values else queryset


class LabellingCluster(SelectFilter):
    title = _("cluster")
    parameter_name = "cluster"

    def lookups(self, request, model_admin):
        return choices.clusters()

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        return queryset.filter(_rows(ProjectLabel, cluster__slug=self.value()))


class ProgrammeFilter(SelectFilter):
    title = _("programme")
    parameter_name = "programme"

    def lookups(self, request, model_admin):
        return [(programme.slug, str(programme)) for programme in Programme.objects.all()]

    def queryset(self, request, queryset):
        return queryset.filter(_rows(Funding, programme__slug=self.value())) if self.value() else queryset


class ThemeOfProject(SelectFilter):
    title = _("theme")
    parameter_name = "theme"

    def lookups(self, request, model_admin):
        return choices.themes()

    def queryset(self, request, queryset):
        return queryset.on_themes([self.value()]) if self.value() else queryset
