"""What project lists are made from: the facets, what each value is called, and which projects have it.

Everything is as of the day asked for: what was labelled or funded later was not so yet.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import BigIntegerField, Count, F
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from cluster_portal.facets import (
    NO_ROWS,
    Each,
    Facet,
    FacetIndex,
    FacetValues,
    Fact,
    Lookup,
    Numbers,
    Order,
    Rows,
    Source,
    Spans,
    Sums,
    Table,
    Texts,
    Value,
    both,
    replaced,
)
from cluster_portal.facets.columns import EVER
from cluster_portal.records.compiled import compiled
from cluster_portal.records.ordering import SortKey, first_of
from members.facets import (
    ORGANISATION,
    SITE,
    Keys,
    Vocabulary,
    by_cluster,
    named,
    of,
    of_choices,
    place_of_site,
    year_of,
)
from members.querysets import NOWHERE, OVERSEAS
from projects.models import Funding, Participation, Programme, Project, ProjectLabel
from projects.querysets import BUDGETS, UNKNOWN

PROJECT, LABEL, FUNDING = "projects_project", "projects_projectlabel", "projects_funding"
PARTICIPATION, PROGRAMME = "projects_participation", "projects_programme"


def in_cents(name: str) -> Cast:
    """Whole numbers, so that sums are exact."""
    return Cast(F(name) * 100, BigIntegerField())


# The sources -------------------------------------------------------------------------------------------


class Projects(Table):
    status: Each[str]
    national: Each[int]
    stated: Each[str]
    budget: Each[str]
    start: Numbers
    end: Numbers
    stated_on: Numbers
    cost: Numbers
    public_funding: Numbers
    sort_name_fr: Texts
    sort_name_en: Texts


def read_projects(keys: list[int] | None):
    rows = of(Project.objects.with_budget(), keys, "pk")
    cells = ("status", "national", "stated", "budget", "start", "end", "stated_on")
    sums = (in_cents("total_cost"), in_cents("public_funding"))
    return rows.values_list("pk", *cells, *sums, "sort_name_fr", "sort_name_en")


def read_labels(keys: list[int] | None):
    return of(ProjectLabel.objects.all(), keys, "project_id").values_list("project_id", "cluster_id", "date")


def read_fundings(keys: list[int] | None):
    return of(Funding.objects.all(), keys, "project_id").values_list("project_id", "programme_id", "date")


def read_themes(keys: list[int] | None):
    return of(Project.themes.through.objects.all(), keys, "project_id").values_list("project_id", "theme_id")


def read_places(keys: list[int] | None):
    """Where published partners have a site."""
    located = Participation.objects.filter(organisation__status="published", organisation__sites__isnull=False)
    places = of(located, keys, "project_id").values_list("project_id", place_of_site("organisation__sites__"))
    return places.distinct()


def read_nationwide(keys: list[int] | None):
    """The projects of which a published partner works nationwide."""
    nationwide = Participation.objects.filter(organisation__status="published", organisation__national=True)
    return of(nationwide, keys, "project_id").values_list("project_id")


def read_projects_of_each(keys: list[int] | None):
    """In how many published projects each organisation takes part."""
    rows = of(Participation.objects.filter(project__status="published"), keys)
    return rows.values_list("organisation_id").annotate(projects=Count("pk"))


@compiled
def partners_of(keys: list[int]):
    """Who takes part in some projects."""
    return Participation.objects.filter(project__in=keys).order_by().values_list("organisation_id", flat=True)


@compiled
def projects_of(keys: list[int]):
    """What some organisations take part in."""
    return Participation.objects.filter(organisation__in=keys).order_by().values_list("project_id", flat=True)


@dataclass(frozen=True, slots=True)
class ProgrammeNames:
    """The programmes by primary key, and for each language their alphabetical order."""

    values: dict[int, Value]
    orders: dict[str, tuple[str, ...]]


def load_programmes() -> ProgrammeNames:
    values, orders = {}, {}
    for language, names in (("en", ("name_en", "name_fr")), ("fr", ("name_fr", "name_en"))):
        programmes = list(Programme.objects.order_by(SortKey(first_of("acronym", *names)), "pk"))
        orders[language] = tuple(programme.slug for programme in programmes)
        values = {
            programme.pk: Value(
                programme.slug,
                {"fr": programme.acronym or programme.name_fr, "en": programme.acronym or programme.name_en},
            )
            for programme in programmes
        }
    return ProgrammeNames(values, orders)


# What is made of them ----------------------------------------------------------------------------------


def by_then(numbers: Callable[["ProjectReading"], Numbers], days_ago: int = 0) -> Fact[Rows]:
    """The projects of which a day had come by the day asked for, or so many days before."""

    def make(at: "ProjectReading") -> Rows:
        return numbers(at).up_to(at.day.toordinal() - days_ago)

    def again(at: "ProjectReading", old: Rows, keys: Keys) -> Rows:
        column, last = numbers(at), at.day.toordinal() - days_ago
        return (old - Rows(keys)) | Rows(key for key in keys if (column.get(key) or EVER) <= last)

    return Fact(make, patch=again, dated=True)


def on_the_day(spans: Callable[["ProjectReading"], Spans]) -> Fact[dict[int, Rows]]:
    return Fact(
        lambda at: spans(at).on(at.day),
        patch=lambda at, old, keys: replaced(old, keys, spans(at).on(at.day, keys)),
        dated=True,
    )


def added_up(numbers: Callable[["ProjectReading"], Numbers]) -> Fact[Sums]:
    def again(at: "ProjectReading", old: Sums, keys: Keys) -> Sums:
        column = numbers(at)
        return old.replaced(keys, [(key, number) for key in keys if (number := column.get(key)) is not None])

    return Fact(lambda at: Sums.of(numbers(at).items()), patch=again)


def labelled(at: "ProjectReading") -> Rows:
    """By a cluster that is published: another labels nothing in public."""
    return Rows.in_any(rows for cluster, rows in at.labels_on.items() if cluster in at.published_clusters)


def current(at: "ProjectReading") -> Rows:
    """Today every published project; on another day those that had been labelled, funded or begun."""
    published = at.projects.status["published"]
    return published if at.moment.is_today else published & (at.labelled | at.funded | at.started)


def states(at: "ProjectReading") -> FacetValues:
    """The rule is that of ``Project.objects.with_state``: the first that holds."""
    projects = at.projects
    stated_by_now = at.stated_since | (projects.rows - projects.stated_on.known())
    stated = {state: projects.stated[state] & stated_by_now for state in Project.State.values}
    rest, rows = projects.rows, dict.fromkeys(Project.State.values, NO_ROWS)
    for state, having in (
        *((state, stated[state]) for state in ("finished", "abandoned")),
        ("finished", at.ended),
        *stated.items(),
        ("running", at.started),
        ("funded", at.funded),
        ("labelled", at.labelled),
        ("planned", rest),
    ):
        rows[state] |= rest & having
        rest -= having
    return FacetValues(named(tuple(Project.State.choices)), rows)


def milestones(at: "ProjectReading") -> FacetValues:
    labels = (
        ("labelled", _("Labelled, whatever came after")),
        ("funded", _("Funded, whatever came after")),
    )
    return FacetValues(named(labels), {"labelled": at.labelled, "funded": at.funded})


def regions(at: "ProjectReading") -> FacetValues:
    """Regions by any site of any partner; what works nationwide, project or partner, is in each."""
    nationwide = at.projects.national[True] | at.nationwide_partners.rows
    here: dict[str, list[Rows]] = {
        slug: [nationwide, at.partner_places[f"region {pk}"]] for pk, slug in at.geography.region_slugs.items()
    }
    for pk, (_place, _label, region) in at.geography.departments.items():
        here.setdefault(region, [nationwide]).append(at.partner_places[f"department {pk}"])
    values = {slug: Value(slug, {"fr": region.name}) for slug, region in at.geography.regions.items()}
    if OVERSEAS in here:
        values[OVERSEAS] = Value(OVERSEAS, both(_("Overseas, in no region")))
    values[NOWHERE] = Value(NOWHERE, both(_("Not located")))
    rows = {slug: Rows.in_any(parts) for slug, parts in here.items()}
    rows[NOWHERE] = at.projects.rows - nationwide - at.partner_places.any()
    return FacetValues(values, rows)


def themes(at: "ProjectReading") -> FacetValues:
    tree = at.theme_tree
    return FacetValues(tree.values, tree.with_domains(at.themes_given.by(tree.slugs)), tree.orders)


def programmes(at: "ProjectReading") -> FacetValues:
    values = at.programme_names.values
    return FacetValues(
        {value.slug: value for value in values.values()},
        {value.slug: at.fundings_on[pk] for pk, value in values.items() if pk in at.fundings_on},
        at.programme_names.orders,
    )


def first_labels(at: "ProjectReading", keys: Keys | None = None) -> Iterable[tuple[int, int]]:
    """The day of the first label given by then."""
    today, published_clusters = at.day.toordinal(), at.published_clusters
    first: dict[int, int] = {}
    for key, cluster, day, _never in at.labels.of_keys(keys):
        if day <= today and day < first.get(key, EVER) and cluster in published_clusters:
            first[key] = day
    return first.items()


def since(at: "ProjectReading") -> Numbers:
    """The day of the first label given by then, or else the first day."""
    return at.projects.start.replaced((), first_labels(at))


def since_again(at: "ProjectReading", old: Numbers, keys: Keys) -> Numbers:
    starts = [(key, at.projects.start.get(key)) for key in keys]
    return old.replaced(keys, [*starts, *first_labels(at, keys)])


def by_year(at: "ProjectReading", keys: Keys | None = None) -> dict[int, Rows]:
    days = at.since.items() if keys is None else ((key, at.since.get(key)) for key in keys)
    years: dict[int, list[int]] = {}
    for key, day in days:
        if day is not None:
            years.setdefault(year_of(day), []).append(key)
    return {year: Rows(found) for year, found in years.items()}


def by_year_again(at: "ProjectReading", old: dict[int, Rows], keys: Keys) -> dict[int, Rows]:
    return replaced(old, keys, by_year(at, keys))


def years(at: "ProjectReading") -> FacetValues:
    """The latest year first."""
    rows = {str(year): at.by_year[year] for year in sorted(at.by_year, reverse=True)}
    values = {year: Value(year, {"fr": year}) for year in rows}
    values[UNKNOWN] = Value(UNKNOWN, both(_("Unknown year")))
    return FacetValues(values, rows | {UNKNOWN: at.projects.rows - Rows.in_any(rows.values())})


BUDGET_LABELS = {
    "under-250k": _("Under €250,000"),
    "250k-500k": _("€250,000 to €500,000"),
    "500k-1m": _("€500,000 to €1 million"),
    "1m-2m": _("€1 to €2 million"),
    "2m-5m": _("€2 to €5 million"),
    "over-5m": _("€5 million and over"),
    UNKNOWN: _("Unknown budget"),
}


def budgets(at: "ProjectReading") -> FacetValues:
    choices = tuple((slug, BUDGET_LABELS[slug]) for slug in (*(budget[0] for budget in BUDGETS), UNKNOWN))
    return of_choices(choices, at.projects.budget)


def published(at: "ProjectReading") -> Rows:
    return at.projects.status["published"]


class ProjectReading(Vocabulary):
    """What project lists, and the pages beside them, know of a day."""

    projects = Source(Projects, read_projects, {PROJECT: "id"})
    labels = Source(Spans, read_labels, {LABEL: "project_id"})
    fundings = Source(Spans, read_fundings, {FUNDING: "project_id"})
    themes_given = Source(Each[int], read_themes, {"projects_project_themes": "project_id"})
    partner_places = Source(
        Each[str],
        read_places,
        {
            PARTICIPATION: "project_id",
            ORGANISATION: ("id", projects_of),
            SITE: ("organisation_id", projects_of),
        },
    )
    nationwide_partners = Source(
        Table, read_nationwide, {PARTICIPATION: "project_id", ORGANISATION: ("id", projects_of)}
    )
    # by organisation
    projects_of_each = Source(
        Numbers, read_projects_of_each, {PARTICIPATION: "organisation_id", PROJECT: ("id", partners_of)}
    )
    programme_names = Lookup(load_programmes, PROGRAMME)

    labels_on = on_the_day(lambda at: at.labels)
    fundings_on = on_the_day(lambda at: at.fundings)
    labelled = Fact(labelled, dated=True)
    funded = Fact(lambda at: Rows.in_any(at.fundings_on.values()), dated=True)
    started = by_then(lambda at: at.projects.start)
    ended = by_then(lambda at: at.projects.end, days_ago=1)  # the last day is part of the project
    stated_since = by_then(lambda at: at.projects.stated_on)
    since = Fact(since, patch=since_again, dated=True)
    by_year = Fact(by_year, patch=by_year_again, dated=True)
    current = Fact(current, dated=True)

    cost = added_up(lambda at: at.projects.cost)
    public_funding = added_up(lambda at: at.projects.public_funding)

    state = Facet(states, dated=True)
    milestone = Facet(milestones, dated=True)
    region = Facet(regions)
    theme = Facet(themes)
    cluster = Facet(lambda at: by_cluster(at, at.labels_on), dated=True)
    programme = Facet(programmes, dated=True)
    year = Facet(years, dated=True)
    budget = Facet(budgets)

    by_newest = Order(published, lambda at: at.since.highest_first, lambda at: int.__neg__, dated=True)
    by_name_fr = Order(published, lambda at: at.projects.sort_name_fr.__getitem__)
    by_name_en = Order(published, lambda at: at.projects.sort_name_en.__getitem__)
    by_budget_fr = Order(published, lambda at: at.projects.cost.highest_first, after=by_name_fr)
    by_budget_en = Order(published, lambda at: at.projects.cost.highest_first, after=by_name_en)


PROJECT_INDEX = FacetIndex(ProjectReading)
