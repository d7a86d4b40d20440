from django.db.models import Count, Exists, F, Min, OuterRef, Q, Sum
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import NeedsFilter, SelectFilter
from cluster_portal.admin.quality import Measured, measure
from cluster_portal.records.publication import Status
from members import choices
from members.models import Cluster
from projects.models import Funding, Participation, Programme, Project, ProjectLabel
from projects.models.projects import State

ALIVE = ~Q(status=Status.ARCHIVED)


def _rows(model, **wanted):
    return Exists(model.objects.filter(project=OuterRef("pk"), **wanted))


def _apart(model, within, **totals):
    """The parts are more than the total, or, all of them known, less. `projects.admin.sums` says it in words.

    ``totals``: the column of the parts -> that of the project that they add up to. ``within``: the projects asked about,
    whose parts alone are then added up.
    """
    parts_of = model.objects.order_by()
    if within is not None:
        parts_of = parts_of.filter(project__in=within.order_by().values("pk"))
    sums, wrong = parts_of.values("project").annotate(rows=Count("pk")), Q()
    for column, total in totals.items():
        known, parts, whole = f"known_{column}", f"parts_{column}", f"whole_{column}"
        sums = sums.annotate(**{known: Count(column), parts: Sum(column), whole: Min(f"project__{total}")})
        wrong |= Q(**{f"{parts}__gt": F(whole)}) | Q(**{f"{parts}__lt": F(whole), known: F("rows")})
    return Q(pk__in=sums.filter(wrong).values("project"))


def _sums_apart(within=None):
    totals = {"cost": "total_cost", "public_funding": "public_funding"}
    return _apart(Participation, within, **totals) | _apart(Funding, within, amount="public_funding")


PROJECT_NEEDS = {
    "review": (_("in review"), lambda: Q(status=Status.IN_REVIEW)),
    "draft": (_("drafts"), lambda: Q(status=Status.DRAFT)),
    "sums": (_("sums that do not add up"), lambda: ALIVE & _sums_apart()),
    "coordinator": (_("no coordinator"), lambda: ALIVE & ~Q(_rows(Participation, role="coordinator"))),
    "label": (_("no label"), lambda: ALIVE & ~Q(_rows(ProjectLabel))),
    "theme": (_("no theme"), lambda: ALIVE & ~Q(Exists(Project.themes.through.objects.filter(project=OuterRef("pk"))))),
    "summary": (_("no summary"), lambda: ALIVE & Q(summary_fr="", summary_en="")),
}


# Without these no theme's list finds a project, and its page says nothing.
WANTED_OF_PROJECTS = {need: PROJECT_NEEDS[need] for need in ("theme", "summary")}


class ProjectNeeds(NeedsFilter):
    needs = PROJECT_NEEDS

    @classmethod
    def narrowed(cls, rows, need):
        """Of an editor's few projects the parts are added up, and not of all."""
        if need != "sums":
            return super().narrowed(rows, need)
        return rows.filter(ALIVE & _sums_apart(rows if rows.query.where else None))


measure(
    Measured(
        Project,
        ProjectNeeds,
        {"sums": _("on each one’s form, which says what is apart")},
        lambda rows, slug: labelled_by(rows, slug),
        whole=lambda: ALIVE,
    )
)


class StateFilter(SelectFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return State.choices

    def narrowed(self, rows, value):
        return rows.in_states([value])


def labelled_by(rows, slug: str):
    return rows.filter(_rows(ProjectLabel, cluster__slug=slug))


class LabellingCluster(SelectFilter):
    title = _("cluster")
    parameter_name = "cluster"

    def lookups(self, request, model_admin):
        return choices.clusters(Cluster.objects.selectable_by(request.user))

    def narrowed(self, rows, value):
        return labelled_by(rows, value)


class ProgrammeFilter(SelectFilter):
    title = _("programme")
    parameter_name = "programme"

    def lookups(self, request, model_admin):
        return [(programme.slug, str(programme)) for programme in Programme.objects.all()]

    def narrowed(self, rows, value):
        return rows.filter(_rows(Funding, programme__slug=value))


class ThemeOfProject(SelectFilter):
    title = _("theme")
    parameter_name = "theme"

    def lookups(self, request, model_admin):
        return choices.themes()

    def narrowed(self, rows, value):
        return rows.on_themes([value])
