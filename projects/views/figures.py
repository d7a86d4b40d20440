from datetime import date

from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from cluster_portal.drawing import charts
from cluster_portal.exchange.csv_file import csv_response
from cluster_portal.models import Page
from cluster_portal.pages.addresses import address_of
from cluster_portal.pages.asked import FIRST_DAY
from cluster_portal.pages.former_slugs import follows_former_slugs, get_by_slug
from cluster_portal.pages.this_page import PERMUTATION, site_of
from cluster_portal.records.compiled import compiled
from cluster_portal.writing.rich_text import render as render_markdown
from cluster_portal.writing.translated import active_language
from cluster_portal.writing.typography import date_in_words, euros, euros_for_one
from members.composition import composition
from members.models import Cluster, Region, Theme
from projects.figure_tables import all_lines, indications, members_chart, projects_chart
from projects.figures import KeyFigures, Scope
from projects.views.asked import day_of_figures


@require_safe
def network(request):
    return figures_page(request, Scope(), _("the whole network"))


@require_safe
@follows_former_slugs
def cluster(request, slug):
    found = get_by_slug(Cluster.objects.published, slug)
    return figures_page(request, Scope("cluster", found.slug), str(found), found)


@require_safe
@follows_former_slugs
def region(request, slug):
    found = get_by_slug(Region.objects.all, slug)
    return figures_page(request, Scope("region", found.slug), found.name, found)


@require_safe
@follows_former_slugs
def theme(request, slug):
    found = get_by_slug(Theme.objects.with_domain, slug)
    return figures_page(request, Scope("theme", found.slug), str(found.name), found)


def figures_page(request: HttpRequest, scope: Scope, name: str, about=None):
    on, notice = day_of_figures(request.GET)
    figures = KeyFigures(scope, on)
    if request.GET.get("format") == "csv":
        return figures_file(request, figures, name)
    heading = _("Key figures: %(scope)s") % {"scope": name} if scope.kind else _("Key figures")
    return render(
        request,
        "projects/figures.html",
        {
            "title": heading
            if on is None
            else _("%(heading)s, on %(date)s")
            % {
                "heading": heading,
                "date": date_in_words(on),
            },
            "description": _(
                "Computed and declared figures of the French competitiveness clusters, with their dates and sources."
            ),
            "heading": heading,
            "scope": scope,
            "scope_name": name,
            "about": about,
            "crumbs": _crumbs(scope, about),
            "notice": notice,
            "on": on,
            "day": figures.day,
            "first_day": FIRST_DAY,
            "today": timezone.localdate(),
            "days": _days(request),
            "figures": figures,
            "indications": indications(figures),
            **_composition(figures),
            **_money(figures),
            "charts": [chart for chart in (projects_chart(figures), members_chart(figures)) if chart],
            "definitions": _definitions(),
            "elsewhere": [] if scope.kind else _elsewhere(figures),
            "file_url": _with(request, format="csv"),
            **({"robots": PERMUTATION} if request.GET else {}),
        },
    )


def figures_file(request: HttpRequest, figures: KeyFigures, name: str):
    """All the figures, or the values of one chart, as a CSV file."""
    charts = {"projects-by-year": projects_chart, "members-by-year": members_chart}
    wanted = request.GET.get("table", "")
    scope = "-".join(filter(None, [figures.scope.kind, figures.scope.slug])) or "network"
    if wanted in charts and (chart := charts[wanted](figures)):
        return csv_response(f"{wanted}-{scope}-{figures.day}", chart.table.lines())
    lines = all_lines(figures, name, site_of(request))
    # Read before the answer begins: an error must still be able to say so.
    return csv_response(f"{pgettext('name of a file', 'key-figures')}-{scope}-{figures.day}", list(lines))


def _with(request, **changed: str) -> str:
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = value
    return f"{request.path}?{query.urlencode()}"


def _crumbs(scope: Scope, about) -> list[dict]:
    if not scope.kind:
        return []
    lists = {
        "cluster": (_("Clusters"), "members:cluster-list"),
        "region": (_("Regions"), "members:region-list"),
        "theme": (_("Themes"), "members:theme-list"),
    }
    label, url_name = lists[scope.kind]
    return [{"label": label, "url": reverse(url_name)}, {"label": about, "url": about.get_absolute_url()}]


def _days(request) -> list[tuple[str, str]]:
    """The ends of the last years, as links."""
    this_year = timezone.localdate().year
    return [
        (date_in_words(date(year, 12, 31)), f"{request.path}?on={year}-12-31")
        for year in range(this_year - 1, this_year - 6, -1)
    ]


def _composition(figures: KeyFigures) -> dict:
    found = {slug: (figure.value, figure.url) for slug, figure in (figures.sizes | figures.kinds).items()}
    return {
        "composition": composition(found, figures.label),
        "types": [
            {"label": figures.label("type", name), "figure": figure}
            for name, figure in figures.institution_types.items()
        ],
    }


def _money(figures: KeyFigures) -> dict:
    money = figures.money
    return {
        "money": money,
        "invested": euros(money.total),
        "public": euros(money.public),
        "private": euros(money.private),
        "leverage": euros_for_one(money.leverage),
        "money_bar": charts.bar([("f-pub", float(money.public)), ("f-priv", float(money.private))]),
    }


@compiled
def page_with(key: str):
    return Page.objects.filter(key=key)


def _definitions():
    """How the figures are counted, as staff keep it; nothing when they took the text away."""
    page = page_with.first("definitions")
    if page is None:
        return None
    body = render_markdown(page.body)
    return {
        "title": page.title,
        "standfirst": page.standfirst,
        "lang": page.body.lang,
        # One level down: the page has a heading of its own above.
        "html": type(body)(body.replace("<h2", "<h3").replace("</h2>", "</h3>")),
    }


def _elsewhere(figures: KeyFigures) -> list[dict]:
    """The same figures for each cluster, region and domain."""
    language = active_language()
    groups = []
    for label, facet, name in (
        (_("By cluster"), "cluster", "projects:cluster-figures"),
        (_("By region"), "region", "projects:region-figures"),
        (_("By domain"), "theme", "projects:theme-figures"),
    ):
        links = [
            (value.label(language), address_of(name, value.slug))
            for value in figures.member_facets[facet].in_order(language)
            if not value.parent and value.slug != "none"
        ]
        groups.append({"label": label, "links": links})
    return groups
