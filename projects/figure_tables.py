"""Key figures as tables: what the page shows below its charts, and what its CSV files hold."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, partial

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cluster_portal.drawing.charts import Phase, column_chart, line_chart
from cluster_portal.records.compiled import Compiled, compiled
from cluster_portal.writing.typography import at_least, euros, euros_for_one, number, percent
from members.label_phases import PHASES
from projects.figures import Figure, KeyFigures
from projects.models import DeclaredFigure
from projects.models.declared import Indicator, Unit


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table: as it is written, as it is computed with, and the list it counts."""

    text: str
    value: object
    url: str = ""
    is_minimum: bool = False


def counted(figure: Figure) -> Cell:
    return Cell(at_least(number(figure.value), figure.is_minimum), figure.value, figure.url, figure.is_minimum)


@dataclass
class Table:
    key: str
    caption: str
    columns: list[str]
    rows: list[tuple[str, list[Cell]]] = field(default_factory=list)

    def lines(self) -> Iterator[list[object]]:
        """Heading and rows, as a file holds them."""
        yield self.columns
        for head, cells in self.rows:
            yield [head, *(cell.value for cell in cells)]


@dataclass(frozen=True, slots=True)
class Chart:
    svg: str
    label: str
    table: Table


def phases(figures: KeyFigures) -> list[Phase]:
    """The five phases of the policy, as bands behind a chart."""
    return [
        Phase(
            _("Phase %(number)s") % {"number": phase.roman},
            phase.first_year,
            phase.last_year,
            phase.covers(figures.day),
        )
        for phase in PHASES
    ]


def is_over(figures: KeyFigures, year: int) -> bool:
    """Whether the day of the figures is not within the year, or is its last one."""
    return (year, 12, 31) <= (figures.day.year, figures.day.month, figures.day.day)


def year_in_words(figures: KeyFigures, year: int) -> str:
    return str(year) if is_over(figures, year) else _("%(year)s, year under way") % {"year": year}


def projects_chart(figures: KeyFigures) -> Chart | None:
    years = figures.projects_by_year
    if not any(year.labelled.value for year in years):
        return None
    table = Table(
        "projects-by-year",
        _("Projects by year, labelled and funded"),
        [
            _("Year"),
            pgettext("projects", "Labelled"),
            _("Funded since"),
            _("Share of the labelled ones that is funded"),
        ],
        [
            (
                year_in_words(figures, year.year),
                [
                    counted(year.labelled),
                    counted(year.funded),
                    Cell("" if year.share is None else percent(year.share), year.share),
                ],
            )
            for year in years
        ],
    )
    title = _("Projects by year of their first label: labelled, and funded since, %(first)s to %(last)s") % {
        "first": years[0].year,
        "last": years[-1].year,
    }
    svg = line_chart(
        [
            (pgettext("projects", "Labelled"), [(year.year, year.labelled.value) for year in years]),
            (pgettext("projects", "Funded"), [(year.year, year.funded.value) for year in years]),
        ],
        title=title,
        description=_("The values are in the table that follows."),
        phases=phases(figures),
        under_way=(years[-1].year, year_in_words(figures, years[-1].year))
        if not is_over(figures, years[-1].year)
        else None,
        key="chart-projects",
    )
    return Chart(svg, title, table)


def members_chart(figures: KeyFigures) -> Chart | None:
    years = figures.members_by_year
    if not any(figure.value for figure in years.values()):
        return None
    table = Table(
        "members-by-year",
        _("Members on the last day of each year"),
        [_("Year"), _("Members on 31 December")],
        [(str(year), [counted(figure)]) for year, figure in years.items()],
    )
    title = _("Members on 31 December of each year, %(first)s to %(last)s") % {
        "first": min(years),
        "last": max(years),
    }
    svg = column_chart(
        [("f-pub", _("Members"), [(year, figure.value) for year, figure in years.items()])],
        title=title,
        description=_("The values are in the table that follows."),
        phases=phases(figures),
        key="chart-members",
    )
    return Chart(svg, title, table)


# Computed beside declared -----------------------------------------------------------------------------

WRITTEN = {
    Unit.COUNT: number,
    Unit.EURO: partial(euros, as_declared=True),
    Unit.RATIO: partial(euros_for_one, as_declared=True),
}


@dataclass(frozen=True, slots=True)
class Declared:
    """What somebody published, with its source and its year."""

    text: str
    value: Decimal
    unit: str
    year: int | None
    source: str
    link: str
    note: str
    note_lang: str


@dataclass(frozen=True, slots=True)
class Indication:
    """One indicator: what is computed here, and what others declared; never added, never averaged."""

    key: str
    label: str
    unit: str
    computed: list[tuple[Cell, str]]  # with what it counts, where the label does not say it all
    declared: list[Declared]


@compiled
def _declared_of_network():
    return DeclaredFigure.objects.of_scope()


@cache
def _declared(kind: str) -> Compiled:
    @compiled
    def declared(slug: str):
        return DeclaredFigure.objects.of_scope(kind, slug)

    return declared


def declared_figures(figures: KeyFigures) -> dict[str, list[Declared]]:
    """What was published for this very scope, by indicator, the latest year first."""
    kind, slug = figures.scope.kind, figures.scope.slug
    found: dict[str, list[Declared]] = {}
    for row in _declared(kind)(slug) if kind else _declared_of_network():
        note = row.note
        found.setdefault(row.indicator, []).append(
            Declared(
                WRITTEN[row.unit](row.value),
                row.value,
                row.unit,
                row.year,
                row.source,
                row.link,
                note,
                note.lang,
            )
        )
    return found


def computed_cells(figures: KeyFigures) -> dict[str, list[tuple[Cell, str]]]:
    money = figures.money
    funded_url = figures.milestones["funded"].url
    in_euros = {
        Indicator.INVESTMENT: Cell(euros(money.total), money.total, funded_url),
        Indicator.PUBLIC: Cell(euros(money.public), money.public, funded_url),
        Indicator.LEVERAGE: Cell(euros_for_one(money.leverage), money.leverage, funded_url),
    }
    return {
        Indicator.CLUSTERS: [(counted(figures.clusters), "")],
        Indicator.MEMBERS: [(counted(figures.members), "")],
        Indicator.COMPANIES: [(counted(figures.kinds["company"]), "")],
        # No list holds both, so each number stands alone.
        Indicator.LABORATORIES: [
            (counted(figures.kinds["laboratory"]), _("laboratories")),
            (counted(figures.institution_types["higher_education"]), _("higher-education institutions")),
        ],
        Indicator.PROJECTS_LABELLED: [(counted(figures.milestones["labelled"]), "")],
        Indicator.PROJECTS_FUNDED: [(counted(figures.milestones["funded"]), "")],
        **{key: [(cell, "")] if cell.value else [] for key, cell in in_euros.items()},
    }


def indications(figures: KeyFigures) -> list[Indication]:
    declared = declared_figures(figures)
    units = {Indicator.INVESTMENT: Unit.EURO, Indicator.PUBLIC: Unit.EURO, Indicator.LEVERAGE: Unit.RATIO}
    shown = []
    for indicator, cells in computed_cells(figures).items():
        if indicator == Indicator.CLUSTERS and figures.scope.kind == "cluster":
            continue  # one cluster has a label or has none: it is no number
        label = (
            _("Laboratories and higher education")
            if indicator == Indicator.LABORATORIES
            else str(Indicator(indicator).label)
        )
        unit = units.get(indicator, Unit.COUNT)
        shown.append(Indication(indicator.value, label, unit.value, cells, declared.get(indicator.value, [])))
    return shown


def all_lines(figures: KeyFigures, scope_name: str, site: str) -> Iterator[list[object]]:
    """Every figure of the page, one a line: each with its day or year, its scope and its source.

    ``site`` is the address of the portal, before each link.
    """
    yield [
        _("Figure"),
        _("Scope"),
        _("Computed or declared"),
        _("Date or year"),
        _("Value"),
        _("Unit"),
        _("Source"),
        _("Link"),
    ]
    ours, theirs = _("computed"), _("declared")
    units = {unit.value: str(unit.label) for unit in Unit}
    for indication in indications(figures):
        for cell, what in indication.computed:
            what = what or (_("at least") if cell.is_minimum else "")
            yield [
                f"{indication.label} ({what})" if what else indication.label,
                scope_name,
                ours,
                figures.day,
                cell.value,
                units[indication.unit],
                "Cluster Portal",
                site + cell.url,
            ]
        for declared in indication.declared:
            yield [
                indication.label,
                scope_name,
                theirs,
                declared.year or "",
                _plain(declared.value),
                units[declared.unit],
                declared.source,
                declared.link,
            ]
    for label, figure in finer_figures(figures):
        yield [
            label,
            scope_name,
            ours,
            figures.day,
            figure.value,
            units[Unit.COUNT],
            "Cluster Portal",
            site + figure.url,
        ]


def _plain(value: Decimal) -> int | Decimal:
    return int(value) if value == value.to_integral_value() else value


def finer_figures(figures: KeyFigures) -> Iterator[tuple[str, Figure]]:
    """What makes up the members and the projects, in the order of the page."""
    for facet, found in (("size", figures.sizes), ("kind", figures.kinds), ("type", figures.institution_types)):
        for slug, figure in found.items():
            if slug != "company":
                yield figures.label(facet, slug), figure
    for slug, figure in figures.states.items():
        yield _("Projects: %(state)s") % {"state": figures.label("state", slug)}, figure
