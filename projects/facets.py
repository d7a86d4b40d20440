"""The facets of project lists: what each value is called, and which projects have it.

Everything is as of the day asked for: what was labelled or funded later was not so yet.
"""

from array import array
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cluster_portal.facets import Facet, FacetIndex, Loaded, Value, bitmap, bits_by, both
from members.facets import NOWHERE, cluster_values, load_places, load_theme_tree, with_domains
from members.models import Region
from projects.models import Funding, Participation, Programme, Project, ProjectLabel
from projects.querysets import BUDGETS, UNKNOWN


def _ids(rows) -> int:
    return bitmap(rows.order_by().values_list("pk", flat=True))


def load_listed(at: date) -> Loaded:
    """Today every published project; on another day those that had been labelled, funded or begun."""
    published = Project.objects.published()
    return Loaded({}, {"current": _ids(published if at == timezone.localdate() else published.existing_by(at))})


def load_states(at: date) -> Loaded:
    values = {value: Value(value, both(label)) for value, label in Project.State.choices}
    rows = Project.objects.with_state(at)
    ids: dict[str, list[int]] = {}
    for pk, state in rows.order_by().values_list("pk", "state"):
        ids.setdefault(state, []).append(pk)
    return Loaded(values, {state: bitmap(found) for state, found in ids.items()})


def load_milestones(at: date) -> Loaded:
    labels = [
        ("labelled", _("Labelled, whatever came after")),
        ("funded", _("Funded, whatever came after")),
    ]
    projects = Project.objects.all()
    return Loaded(
        {value: Value(value, both(label)) for value, label in labels},
        {"labelled": _ids(projects.labelled(at)), "funded": _ids(projects.funded(at))},
    )


def load_regions(at: date) -> Loaded:
    """Regions by any site of any partner; what works nationwide, project or partner, is in each."""
    partners = Participation.objects.filter(organisation__status="published")
    regions = bits_by(partners, "organisation__sites__department__region__slug", "project_id")
    nationwide = _ids(Project.objects.filter(national=True)) | bitmap(
        partners.filter(organisation__national=True).values_list("project_id", flat=True)
    )
    values = {region.slug: Value(region.slug, {"fr": region.name}) for region in Region.objects.in_order()}
    bits = {slug: regions.get(slug, 0) | nationwide for slug in values}
    located = nationwide
    for found in regions.values():
        located |= found
    values[NOWHERE] = Value(NOWHERE, both(_("Not located")))
    bits[NOWHERE] = _ids(Project.objects.all()) & ~located
    return Loaded(values, bits)


def load_themes(at: date) -> Loaded:
    values, orders = load_theme_tree()
    links = Project.themes.through.objects.all()
    return Loaded(values, with_domains(bits_by(links, "theme__slug", "project_id"), values), orders)


def load_clusters(at: date) -> Loaded:
    labels = ProjectLabel.objects.filter(date__lte=at, cluster__status="published")
    return Loaded(cluster_values(), bits_by(labels, "cluster__slug", "project_id"))


def load_programmes(at: date) -> Loaded:
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
    return Loaded(values, bits_by(Funding.objects.filter(date__lte=at), "programme__slug", "project_id"))


def load_years(at: date) -> Loaded:
    """The year of the first label given by then, or else of the first day; the latest year first."""
    ids: dict[str, list[int]] = {}
    for pk, since in Project.objects.with_since(at).order_by().values_list("pk", "since"):
        ids.setdefault(str(since.year) if since else UNKNOWN, []).append(pk)
    years = sorted((year for year in ids if year != UNKNOWN), reverse=True)
    values = {year: Value(year, {"fr": year}) for year in years}
    values[UNKNOWN] = Value(UNKNOWN, both(_("Unknown year")))
    return Loaded(values, {year: bitmap(found) for year, found in ids.items()})


BUDGET_LABELS = {
    "under-250k": _("Under €250,000"),
    "250k-500k": _("€250,000 to €500,000"),
    "500k-1m": _("€500,000 to €1 million"),
    "1m-2m": _("€1 to €2 million"),
    "2m-5m": _("€2 to €5 million"),
    "over-5m": _("€5 million and over"),
    UNKNOWN: _("Unknown budget"),
}


def load_budgets(at: date) -> Loaded:
    values = {slug: Value(slug, both(BUDGET_LABELS[slug])) for slug in (*(b[0] for b in BUDGETS), UNKNOWN)}
    return Loaded(values, bits_by(Project.objects.with_budget(), "budget", "pk"))


def load_newest_order(at: date) -> array:
    """Published projects, the newest first, as primary keys."""
    return array("q", Project.objects.published().newest_first(at).values_list("pk", flat=True))


def load_names_order(at: date) -> array:
    return array("q", Project.objects.published().in_order().values_list("pk", flat=True))


def load_budgets_order(at: date) -> array:
    return array("q", Project.objects.published().biggest_first().values_list("pk", flat=True))


PROJECT, LABEL, FUNDING = "projects_project", "projects_projectlabel", "projects_funding"
CLUSTER = "members_cluster"  # a cluster that is not published labels nothing in public

PROJECT_INDEX = FacetIndex(
    Facet("listed", frozenset({PROJECT, LABEL, FUNDING, CLUSTER}), load_listed, dated=True),
    Facet("state", frozenset({PROJECT, LABEL, FUNDING, CLUSTER}), load_states, dated=True),
    Facet("milestone", frozenset({PROJECT, LABEL, FUNDING, CLUSTER}), load_milestones, dated=True),
    Facet(
        "region",
        frozenset(
            {
                PROJECT,
                "projects_participation",
                "members_organisation",
                "members_site",
                "members_region",
                "members_department",
            }
        ),
        load_regions,
    ),
    Facet("theme", frozenset({"projects_project_themes", "members_theme"}), load_themes),
    Facet("cluster", frozenset({LABEL, CLUSTER}), load_clusters, dated=True),
    Facet("programme", frozenset({FUNDING, "projects_programme"}), load_programmes, dated=True),
    Facet("year", frozenset({PROJECT, LABEL, CLUSTER}), load_years, dated=True),
    Facet("budget", frozenset({PROJECT}), load_budgets),
    Facet("by_newest", frozenset({PROJECT, LABEL, CLUSTER}), load_newest_order, dated=True),
    Facet("by_name", frozenset({PROJECT}), load_names_order),
    Facet("by_budget", frozenset({PROJECT}), load_budgets_order),
    Facet("places", frozenset({"members_region", "members_department"}), load_places),
)
