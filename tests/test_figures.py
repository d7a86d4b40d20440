"""Key figures: right by an independent count, and equal to the lists that they lead to."""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone, translation

from members.models import Cluster, Membership, Organisation
from projects.figures import KeyFigures, Scope, network_figures
from projects.models import DeclaredFigure, Funding, Programme
from tests.small_network import Oracle, forget_network, make_network

pytestmark = pytest.mark.django_db

DAYS = [None, date(2007, 7, 1), date(2014, 12, 31), date(2021, 3, 15), date(2022, 12, 30)]
SCOPES = [
    Scope(),
    Scope("cluster", "cluster-0"),
    Scope("cluster", "cluster-4"),
    Scope("region", "armor"),
    Scope("region", "combrailles"),
    Scope("theme", "energy"),
    Scope("theme", "health-1"),
]
PAGES = {
    "": "projects:figures",
    "cluster": "projects:cluster-figures",
    "region": "projects:region-figures",
    "theme": "projects:theme-figures",
}


@pytest.fixture(scope="module")
def net(django_db_setup, django_db_blocker):
    """Committed once for the module, so that the facet indexes are used as in service; taken away after."""

    with django_db_blocker.unblock():
        found = make_network()
        yield found
        forget_network()


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def page_url(scope: Scope, on: date | None = None, **query) -> str:
    path = reverse(PAGES[scope.kind], args=[scope.slug] if scope.kind else [])
    if on:
        query["on"] = on.isoformat()
    return f"{path}?{urlencode(query)}" if query else path


def every_case(scopes=SCOPES, days=DAYS):
    return pytest.mark.parametrize(
        ("scope", "on"),
        [(scope, on) for scope in scopes for on in days],
        ids=lambda value: f"{value.kind}-{value.slug}" if isinstance(value, Scope) else str(value),
    )


# By an independent count -----------------------------------------------------------------------------


@every_case()
def test_members_and_clusters_are_those_that_a_loop_counts(net, scope, on):
    oracle, figures = Oracle(net, scope.kind, scope.slug, on), KeyFigures(scope, on)
    members = oracle.members()
    assert figures.clusters.value == oracle.clusters()
    assert figures.members.value == len(members)
    for kind in Organisation.Kind.values:
        assert figures.kinds[kind].value == sum(o.kind == kind for o in members)
    for size in Organisation.Size.values:
        assert figures.sizes[size].value == sum(o.size == size for o in members)
    for name in Organisation.InstitutionType.values:
        assert figures.institution_types[name].value == sum(o.institution_type == name for o in members)


@every_case()
def test_projects_are_those_that_a_loop_counts(net, scope, on):
    oracle, figures = Oracle(net, scope.kind, scope.slug, on), KeyFigures(scope, on)
    assert figures.milestones["labelled"].value == len(oracle.labelled())
    assert figures.milestones["funded"].value == len(oracle.funded())
    for state in ("running", "finished"):
        assert figures.states[state].value == oracle.in_state(state)


@every_case()
def test_euros_are_those_that_a_loop_adds_up(net, scope, on):
    funded, money = Oracle(net, scope.kind, scope.slug, on).funded(), KeyFigures(scope, on).money
    known = [p for p in funded if p.total_cost is not None and p.public_funding is not None]
    assert money.total == sum((p.total_cost for p in funded if p.total_cost is not None), Decimal(0))
    assert money.public == sum((p.public_funding for p in known), Decimal(0))
    assert money.private == sum((p.total_cost - p.public_funding for p in known), Decimal(0))
    assert money.unknown == len(funded) - len(known)
    if money.public:
        assert money.leverage == money.private / money.public


@every_case()
def test_programmes_are_those_that_a_loop_counts(net, scope, on):
    oracle, figures = Oracle(net, scope.kind, scope.slug, on), KeyFigures(scope, on)
    chosen = oracle.projects()
    expected = {
        p.slug: (sum(p.slug in oracle.funded_by(project) for project in chosen), oracle.given_by(p.slug))
        for p in net.programmes
    }
    shown = {p.slug: (p.projects.value, p.amount) for p in figures.programmes}
    assert shown == {slug: found for slug, found in expected.items() if found[0]}
    assert [p.projects.value for p in figures.programmes] == sorted((n for n, _ in shown.values()), reverse=True)


@every_case()
def test_years_are_those_that_a_loop_counts(net, scope, on):
    oracle, figures = Oracle(net, scope.kind, scope.slug, on), KeyFigures(scope, on)
    labelled, funded = oracle.labelled(), oracle.funded()
    for year in figures.projects_by_year:
        of_year = [p for p in labelled if oracle.year(p) == year.year]
        assert year.labelled.value == len(of_year)
        assert year.funded.value == sum(oracle.year(p) == year.year for p in funded)
        if of_year:
            assert year.share == pytest.approx(100 * sum(p in funded for p in of_year) / len(of_year))
        else:
            assert year.share is None
    expected = {
        year: len(oracle.members(date(year, 12, 31)))
        for year in range(2005, oracle.day.year + 1)
        if date(year, 12, 31) <= oracle.day
    }
    assert {year: figure.value for year, figure in figures.members_by_year.items()} == expected


def test_on_its_last_day_a_year_is_over(net):
    with time_machine.travel(date(2025, 12, 31), tick=False):
        assert network_figures().members_by_year[2025].value == len(Oracle(net).members()) > 0
    with time_machine.travel(date(2025, 12, 30), tick=False):
        assert max(network_figures().members_by_year) == 2024


def test_the_eight_programmes_with_most_projects_are_named(net):
    project = next(project for project in net.projects if project.status == "published")
    for letter in "DEFGHIJ":
        programme = Programme.objects.create(name_fr=letter, acronym=letter, slug=f"programme-{letter.lower()}")
        Funding.objects.create(project=project, programme=programme, date=date(2020, 1, 1))
    figures = network_figures().programmes
    assert len(figures) == 8
    assert [one.name for one in figures[-5:]] == list("DEFGH")


# The number is the total of the list -----------------------------------------------------------------


def total_of(response) -> int:
    listing = response.context.get("listing")
    if listing is not None:
        assert listing.in_sql().count() == listing.total
        return listing.total
    return len(response.context["clusters"])


@every_case(days=[None, date(2021, 3, 15)])
def test_every_number_is_the_total_of_the_list_it_leads_to(net, client, scope, on):
    response = client.get(page_url(scope, on))
    assert response.status_code == 200
    html = response.content.decode()
    linked = dict(re.findall(r'<a href="(/[^"]*)">([\d,]+)</a>', html))
    linked |= {url: number for url, number in re.findall(r'<a href="(/[^"]*)">[^<]*</a><b>([\d,]+)</b>', html)}
    assert len(linked) > 15
    by_year = sorted(url for url in linked if "year=" in url or "-12-31" in url)
    for url in by_year:  # some of the years on each page, others on the next
        if by_year.index(url) % 6 != (SCOPES.index(scope) + bool(on)) % 6:
            del linked[url]
    for url, number in linked.items():
        listed = client.get(url.replace("&amp;", "&"))
        assert listed.status_code == 200, url
        assert total_of(listed) == int(number.replace(",", "")), url


def test_sums_lead_to_the_funded_projects_that_they_add_up(net, client):
    figures = client.get(page_url(Scope())).context["figures"]
    listing = client.get(figures.milestones["funded"].url).context["listing"]
    costs = listing.in_sql().values_list("total_cost", flat=True)
    assert figures.money.total == sum(cost for cost in costs if cost is not None)


def test_inside_a_cluster_links_stay_in_the_cluster(net):
    figures = KeyFigures(Scope("cluster", "cluster-0"), date(2021, 3, 15))
    assert figures.kinds["company"].url == "/en/clusters/cluster-0/members/?kind=company&on=2021-03-15"
    assert figures.milestones["funded"].url.startswith("/en/clusters/cluster-0/projects/?milestone=funded")


# What changes, and what never shows -------------------------------------------------------------------


def test_figures_follow_an_edit_at_once(net):
    cluster = Cluster.objects.get(slug="cluster-0")
    before = network_figures().members.value
    organisation = Organisation.objects.create(kind="company", name="Nouvelle", slug="nouvelle", status="published")
    Membership.objects.create(organisation=organisation, cluster=cluster, joined_on=date(2020, 1, 1))
    figures = network_figures()
    assert figures.members.value == before + 1
    assert figures.members_by_year[2021].value == KeyFigures(on=date(2021, 12, 31)).members.value


def test_a_draft_cluster_has_no_figures(net, client):
    assert client.get(page_url(Scope("cluster", "cluster-3"))).status_code == 404


@pytest.mark.parametrize("kind", ["cluster", "region", "theme"])
def test_an_unknown_scope_is_not_found(net, client, kind):
    assert client.get(page_url(Scope(kind, "atlantis"))).status_code == 404


@pytest.mark.parametrize(
    "text", ["yesterday", "2021-13-40", "2021-02-30", "1900-01-01", "2999-01-01", "\x00", "9" * 10_000]
)
def test_a_date_that_is_not_understood_says_so_and_counts_today(net, client, text):
    response = client.get(reverse("projects:figures"), {"on": text})
    assert response.status_code == 200
    assert "The date was not understood" in response.content.decode()
    assert response.context["figures"].day == timezone.localdate()


def test_a_past_day_is_said_and_kept_out_of_indexes(net, client):
    response = client.get(page_url(Scope(), date(2014, 12, 31)))
    html = response.content.decode()
    assert "31 December 2014" in html
    assert 'content="noindex,follow"' in html


def test_no_page_takes_more_than_fifteen_queries(net, client, django_assert_max_num_queries):
    for scope in SCOPES:
        client.get(page_url(scope, date(2014, 12, 31)))
        with django_assert_max_num_queries(15):
            client.get(page_url(scope, date(2014, 12, 31)))


# Declared figures -------------------------------------------------------------------------------------


@pytest.fixture
def declared(net):
    rows = [
        {"indicator": "members", "value": 18500, "year": 2023, "source": "Ministry"},
        {"indicator": "members", "value": 14000, "year": None, "source": "Association"},
        {"indicator": "leverage", "value": Decimal("2.8"), "unit": "ratio", "year": None, "source": "Press"},
        {"indicator": "members", "value": 321, "year": 2022, "source": "Alpha’s report", "cluster": net.clusters[0]},
    ]
    return [DeclaredFigure.objects.create(**row) for row in rows]


def test_declared_figures_of_all_sources_stand_beside_the_computed_one(declared, client):
    response = client.get(page_url(Scope()))
    members = next(row for row in response.context["indications"] if row.key == "members")
    assert [(figure.value, figure.source, figure.year) for figure in members.declared] == [
        (18500, "Ministry", 2023),
        (14000, "Association", None),
    ]
    computed = members.computed[0][0].value
    assert computed == KeyFigures().members.value != 18500
    html = response.content.decode()
    assert "18,500" in html and "year not stated" in html and "Alpha’s report" not in html


def test_only_the_declared_figures_of_the_scope_are_shown(declared, client):
    html = client.get(page_url(Scope("cluster", "cluster-0"))).content.decode()
    assert "Alpha’s report" in html and "Ministry" not in html
    html = client.get(page_url(Scope("cluster", "cluster-1"))).content.decode()
    assert "Alpha’s report" not in html and "Ministry" not in html


# Files ------------------------------------------------------------------------------------------------


def lines_of(response, delimiter: str) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=delimiter))


def test_the_file_holds_every_figure_with_its_day_scope_and_source(declared, client):
    response = client.get(page_url(Scope(), date(2014, 12, 31), format="csv"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    head, *lines = lines_of(response, ",")
    assert head[:4] == ["Figure", "Scope", "Computed or declared", "Date or year"]
    assert {line[2] for line in lines} == {"computed", "declared"}
    assert all(line[3] == "2014-12-31" for line in lines if line[2] == "computed")
    by_name = {line[0]: line for line in lines if line[2] == "computed"}
    assert by_name["Members"][4] == str(KeyFigures(on=date(2014, 12, 31)).members.value)
    assert by_name["Members"][7].startswith("http")


def test_a_french_file_has_semicolons_and_decimal_commas(declared, client):
    with translation.override("fr"):
        response = client.get(page_url(Scope(), format="csv"))
        lines = lines_of(response, ";")
    assert any(line[4] == "2,80" for line in lines)


@pytest.mark.parametrize("table", ["projects-by-year", "members-by-year"])
def test_each_chart_has_its_table_and_its_file(net, client, table):
    response = client.get(page_url(Scope()))
    chart = next(chart for chart in response.context["charts"] if chart.table.key == table)
    assert 'role="img"' in chart.svg and "<title" in chart.svg and "<desc" in chart.svg
    lines = lines_of(client.get(page_url(Scope(), format="csv", table=table)), ",")
    assert lines[0] == chart.table.columns
    assert [line[0] for line in lines[1:]] == [head for head, _cells in chart.table.rows]


@pytest.mark.parametrize(("day", "said"), [("2024-12-30", True), ("2024-12-31", False), ("2025-01-01", True)])
def test_the_year_of_the_day_is_under_way_until_its_last_day(net, client, day, said):
    page = client.get(f"/en/key-figures/?on={day}").content.decode()
    assert (f"{day[:4]}, year under way" in page) == said
    assert ("under-way" in page) == said
