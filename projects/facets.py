"""The facets of project lists: what each value is called, and which projects have it.

Everything is as of the day asked for: what was labelled or funded later was not so yet.
"""

from array import array
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cluster_portal.facets import NO_ROWS, Facet, FacetIndex, FacetValues, Fact, Order, Reading, Rows, Value, both
from cluster_portal.facets.index import rows_by
from members.facets import (
    CLUSTER,
    DEPARTMENT,
    NOWHERE,
    ORGANISATION,
    REGION,
    SITE,
    THEME,
    cluster_values,
    load_places,
    load_theme_tree,
    with_domains,
)
from members.models import Region
from projects.models import Funding, Participation, Programme, Project, ProjectLabel
from projects.querysets import BUDGETS, UNKNOWN


def _keys(projects) -> Rows:
    return Rows(projects.order_by().values_list("pk", flat=True))


def load_current(at: date) -> Rows:
    """Today every published project; on another day those that had been labelled, funded or begun."""
    published = Project.objects.published()
    return _keys(published if at == timezone.localdate() else published.existing_by(at))


def load_states(at: date) -> FacetValues:
    values = {value: Value(value, both(label)) for value, label in Project.State.choices}
    rows = Project.objects.with_state(at)
    ids: dict[str, list[int]] = {}
    for pk, state in rows.order_by().values_list("pk", "state"):
        ids.setdefault(state, []).append(pk)
    return FacetValues(values, {state: Rows(found) for state, found in ids.items()})


def load_milestones(at: date) -> FacetValues:
    labels = [
        ("labelled", _("Labelled, whatever came after")),
        ("funded", _("Funded, whatever came after")),
    ]
    projects = Project.objects.all()
    return FacetValues(
        {value: Value(value, both(label)) for value, label in labels},
        {"labelled": _keys(projects.labelled(at)), "funded": _keys(projects.funded(at))},
    )


def load_regions(at: date) -> FacetValues:
    """Regions by any site of any partner; what works nationwide, project or partner, is in each."""
    partners = Participation.objects.filter(organisation__status="published")
    regions = rows_by(partners, "organisation__sites__department__region__slug", "project_id")
    nationwide = _keys(Project.objects.filter(national=True)) | Rows(
        partners.filter(organisation__national=True).values_list("project_id", flat=True)
    )
    values = {region.slug: Value(region.slug, {"fr": region.name}) for region in Region.objects.in_order()}
    rows = {slug: regions.get(slug, NO_ROWS) | nationwide for slug in values}
    values[NOWHERE] = Value(NOWHERE, both(_("Not located")))
    rows[NOWHERE] = _keys(Project.objects.all()) - Rows.in_any([nationwide, *regions.values()])
    return FacetValues(values, rows)


def load_themes(at: date) -> FacetValues:
    values, orders = load_theme_tree()
    links = Project.themes.through.objects.all()
    return FacetValues(values, with_domains(rows_by(links, "theme__slug", "project_id"), values), orders)


def load_clusters(at: date) -> FacetValues:
    labels = ProjectLabel.objects.filter(date__lte=at, cluster__status="published")
    return FacetValues(cluster_values(), rows_by(labels, "cluster__slug", "project_id"))


def load_programmes(at: date) -> FacetValues:
    programmes = list(Programme.objects.order_by("sort_name", "pk"))
    values = {
        programme.slug: Value(
            programme.slug,
            {
                "fr": programme.acronym or programme.name_fr,
                "en": programme.acronym or programme.name_en,
            },
        )
        for programme in programmes
    }
    return FacetValues(values, rows_by(Funding.objects.filter(date__lte=at), "programme__slug", "project_id"))


def load_years(at: date) -> FacetValues:
    """The year of the first label given by then, or else of the first day; the latest year first."""
    ids: dict[str, list[int]] = {}
    for pk, since in Project.objects.with_since(at).order_by().values_list("pk", "since"):
        ids.setdefault(str(since.year) if since else UNKNOWN, []).append(pk)
    years = sorted((year for year in ids if year != UNKNOWN), reverse=True)
    values = {year: Value(year, {"fr": year}) for year in years}
    values[UNKNOWN] = Value(UNKNOWN, both(_("Unknown year")))
    return FacetValues(values, {year: Rows(found) for year, found in ids.items()})


BUDGET_LABELS = {
    "under-250k": _("Under €250,000"),
    "250k-500k": _("€250,000 to €500,000"),
    "500k-1m": _("€500,000 to €1 million"),
    "1m-2m": _("€1 to €2 million"),
    "2m-5m": _("€2 to €5 million"),
    "over-5m": _("€5 million and over"),
    UNKNOWN: _("Unknown budget"),
}


def load_budgets(at: date) -> FacetValues:
    values = {slug: Value(slug, both(BUDGET_LABELS[slug])) for slug in (*(b[0] for b in BUDGETS), UNKNOWN)}
    return FacetValues(values, rows_by(Project.objects.with_budget(), "budget", "pk"))


def load_newest_order(at: date) -> array:
    """Published projects, the newest first."""
    return _sequence(Project.objects.published().newest_first(at))


def load_names_order(at: date) -> array:
    return _sequence(Project.objects.published().in_order())


def load_budgets_order(at: date) -> array:
    return _sequence(Project.objects.published().biggest_first())


def _sequence(projects) -> array:
    return array("q", projects.values_list("pk", flat=True))


PROJECT, LABEL, FUNDING = "projects_project", "projects_projectlabel", "projects_funding"


class ProjectReading(Reading):
    """What project lists, and the pages beside them, know of a day."""

    # a cluster that is not published labels nothing in public
    current = Fact(load_current, {PROJECT, LABEL, FUNDING, CLUSTER}, dated=True)

    state = Facet(load_states, {PROJECT, LABEL, FUNDING, CLUSTER}, dated=True)
    milestone = Facet(load_milestones, {PROJECT, LABEL, FUNDING, CLUSTER}, dated=True)
    region = Facet(load_regions, {PROJECT, "projects_participation", ORGANISATION, SITE, REGION, DEPARTMENT})
    theme = Facet(load_themes, {"projects_project_themes", THEME})
    cluster = Facet(load_clusters, {LABEL, CLUSTER}, dated=True)
    programme = Facet(load_programmes, {FUNDING, "projects_programme"}, dated=True)
    year = Facet(load_years, {PROJECT, LABEL, CLUSTER}, dated=True)
    budget = Facet(load_budgets, {PROJECT})

    by_newest = Order(load_newest_order, {PROJECT, LABEL, CLUSTER}, dated=True)
    by_name = Order(load_names_order, {PROJECT})
    by_budget = Order(load_budgets_order, {PROJECT})

    places = Fact(load_places, {REGION, DEPARTMENT})


PROJECT_INDEX = FacetIndex(ProjectReading)
