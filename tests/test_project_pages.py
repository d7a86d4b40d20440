"""What a visitor reads of projects: their pages, what other pages say of them, and what stays hidden."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from cluster_portal.models import FormerSlug
from members.models import Cluster, Department, Organisation, Region, Site, Theme
from projects.models import Funder, Funding, Outcome, Participation, Programme, Project, ProjectLabel

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def cast():
    """One project with all that a project may have, and what surrounds it."""
    region = Region.objects.create(name="Armor", slug="armor", insee_code="01")
    department = Department.objects.create(name="Armor nord", slug="armor-nord", insee_code="01N", region=region)
    energy = Theme.objects.create(name_fr="Énergie", name_en="Energy", slug="energy")
    alpha = Cluster.objects.create(name="Alpha", slug="alpha", status="published")
    bravo = Cluster.objects.create(name="Bravo", slug="bravo", status="published")
    hidden_cluster = Cluster.objects.create(name="Charlie secret", slug="charlie", status="draft")
    organisations = {
        name: Organisation.objects.create(name=name, slug=name.lower(), kind=kind, status=status)
        for name, kind, status in [
            ("Novarail", "company", "published"),
            ("Lirem", "laboratory", "published"),
            ("Fantomas", "company", "draft"),
            ("Solo", "company", "published"),
        ]
    }
    for organisation in organisations.values():
        Site.objects.create(organisation=organisation, department=department, city="Lamballe")
    project = Project.objects.create(
        acronym="H2-Ligne",
        title_fr="Une automotrice à hydrogène",
        title_en="A hydrogen railcar",
        slug="h2-ligne",
        summary_fr="Pour les lignes que l’on n’électrifiera pas.",
        start=date(2024, 6, 1),
        end=date(2027, 5, 31),
        total_cost=Decimal("8420000"),
        public_funding=Decimal("3100000"),
        website="https://example.org/h2",
        status="published",
        is_demo=True,
    )
    project.themes.add(energy)
    for cluster, role, day in [
        (bravo, "co", date(2023, 11, 9)),
        (alpha, "lead", date(2023, 10, 12)),
        (hidden_cluster, "co", date(2023, 9, 1)),
    ]:
        ProjectLabel.objects.create(project=project, cluster=cluster, role=role, date=day)
    funder = Funder.objects.create(name_fr="Bpifrance", slug="bpifrance", level="state")
    programme = Programme.objects.create(name_fr="CORIFER", acronym="CORIFER", slug="corifer", funder=funder)
    Funding.objects.create(project=project, programme=programme, amount=Decimal("2600000"), date=date(2024, 3, 14))
    for name, role, cost, public in [
        ("Lirem", "partner", 980000, 490000),
        ("Novarail", "coordinator", 3120000, 780000),
        ("Fantomas", "partner", 4320000, 1830000),
    ]:
        Participation.objects.create(
            project=project, organisation=organisations[name], role=role, cost=cost, public_funding=public
        )
    Outcome.objects.create(project=project, kind="patent", title_fr="Échangeur compact", year=2025)
    return {"project": project, "clusters": [alpha, bravo], "region": region, "theme": energy, **organisations}


def page(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u202f", " ").replace("\xa0", " ")


def test_a_project_says_its_state_dates_money_partners_and_labels(cast, client, monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda *args: date(2026, 11, 23))
    html = page(client, "/en/projects/h2-ligne/")
    words = text_of(html)
    assert "Running" in words
    assert "1 June 2024" in words and "31 May 2027" in words
    assert re.search(r"Labelled by\s+Alpha\s*, co-labelled by\s+Bravo", words)
    for amount in ("€8.42M", "€3.10M", "€5.32M", "1.72", "37%", "63%", "€2,600,000", "€500,000"):
        assert amount in words, amount
    assert "Other public funding, not detailed" in words
    rows = re.findall(r'<tr><th scope="row"><a href="[^"]*">([^<]+)</a></th><td>(.*?)</td>', html, re.DOTALL)
    assert [row[0] for row in rows if row[0] != "CORIFER"] == ["Novarail", "Lirem"]
    assert "<strong>Coordinator</strong>" in html
    assert "Armor" in words and "37%" in words and "12%" in words
    assert "Bpifrance" in words and "Échangeur compact" in words and "Energy" in words
    assert 'href="https://example.org/h2"' in html
    assert "partners/?project=h2-ligne" in html
    assert "invented, for the demonstration" in words
    assert "Automotrice" not in words and '<div class="u-measure u-mt" lang="fr">' in html  # no summary in English


def test_the_parts_of_a_project_add_up_without_telling_of_drafts(cast, client):
    words = text_of(page(client, "/en/projects/h2-ligne/"))
    assert "Fantomas" not in words and "Charlie" not in words
    assert "Not detailed by partner €4,320,000 €1,830,000" in words
    assert "2 partners" in words


def test_structured_data_names_the_project_and_its_members(cast, client):
    html = page(client, "/en/projects/h2-ligne/")
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.S).group(1))
    assert (data["@type"], data["name"]) == ("ResearchProject", "H2-Ligne")
    assert [member["name"] for member in data["member"]] == ["Novarail", "Lirem"]
    assert data["funder"] == [{"@type": "Organization", "name": "Bpifrance"}]


def test_a_former_address_of_a_project_leads_to_the_present_one(cast, client):
    Project.objects.filter(slug="h2-ligne").update(slug="h2-line")
    assert FormerSlug.objects.get(model="project").slug == "h2-ligne"
    response = client.get("/en/projects/h2-ligne/?from=here")
    assert (response.status_code, response["Location"]) == (301, "/en/projects/h2-line/?from=here")


def test_an_archived_project_answers_with_a_dated_notice(cast, client):
    Project.objects.filter(slug="h2-ligne").archive()
    html = page(client, "/en/projects/h2-ligne/")
    assert "This page was archived on" in html and "noindex" in html
    assert "8.42" not in html and "Novarail" not in html


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_an_unpublished_project_is_nowhere(cast, client, status):
    assert "H2-Ligne" in page(client, "/en/members/novarail/")
    Project.objects.filter(slug="h2-ligne").update(status=status)
    assert client.get("/en/projects/h2-ligne/").status_code == 404
    everywhere = [
        "/en/projects/",
        "/en/projects/?q=hydrogen",
        "/en/clusters/alpha/projects/",
        "/en/members/novarail/",
        "/en/members/lirem/",
        "/en/clusters/alpha/",
        "/en/regions/armor/",
        "/en/themes/energy/",
        "/en/",
        "/en/suggestions/?q=h2-l",
        "/sitemap-projects.xml",
        "/en/projects/?partner=novarail",
    ]
    for address in everywhere:
        response = client.get(address)
        if response.status_code == 200:
            assert "H2-Ligne" not in response.content.decode(), address
            assert "h2-ligne" not in response.content.decode().lower().replace("q=h2-l", ""), address
    assert client.get("/en/projects/").context["listing"].total == 0


def test_a_draft_organisation_is_not_found_through_its_projects(cast, client):
    assert client.get("/en/projects/?q=fantomas").context["listing"].total == 0
    assert client.get("/en/projects/?q=novarail").context["listing"].total == 1
    assert client.get("/en/projects/?partner=fantomas").context["listing"].total == 0
    assert client.get("/en/projects/?q=charlie").context["listing"].total == 0


def test_an_organisation_shows_its_projects_coordinator_first(cast, client):
    other = Project.objects.create(title_fr="Tout neuf", slug="tout-neuf", start=date(2026, 1, 1), status="published")
    Participation.objects.create(project=other, organisation=cast["Novarail"])
    html = page(client, "/en/members/novarail/")
    block = html[html.index('id="h-projects"') :]
    assert block.index("H2-Ligne") < block.index("Tout neuf")
    assert "2 projects" in text_of(block) and "(1 as coordinator)" in text_of(block)
    assert "2024–2027" in block
    assert "h-projects" not in page(client, "/en/members/solo/")


def test_whom_an_organisation_works_with_counts_the_projects_in_common(cast, client):
    for number in range(2):
        project = Project.objects.create(title_fr=f"Autre {number}", slug=f"autre-{number}", status="published")
        Participation.objects.create(project=project, organisation=cast["Novarail"])
        Participation.objects.create(project=project, organisation=cast["Solo"])
    draft = Project.objects.create(title_fr="Brouillon", slug="brouillon")
    for name in ("Novarail", "Lirem"):
        Participation.objects.create(project=draft, organisation=cast[name])
    html = page(client, "/en/members/novarail/")
    words = text_of(html[html.index('id="h-with"') :])
    assert re.search(r"Solo 2 projects in common .*Lirem 1 project in common", words)
    assert "Fantomas" not in words


@pytest.mark.parametrize("address", ["clusters/alpha", "regions/armor", "themes/energy"])
def test_counts_of_projects_lead_to_the_lists_that_they_count(cast, client, address):
    labelled_only = Project.objects.create(title_fr="Attente", slug="attente", status="published")
    ProjectLabel.objects.create(project=labelled_only, cluster=cast["clusters"][0], date=date(2025, 1, 1))
    labelled_only.themes.add(cast["theme"])
    Participation.objects.create(project=labelled_only, organisation=cast["Solo"])
    html = page(client, f"/en/{address}/")
    found = re.findall(r'<dd><a href="([^"]*projects/[^"]*)">([\d,]+)</a></dd>', html)
    assert [number for _url, number in found] == ["2", "1"]
    for url, number in found:
        assert client.get(url.replace("&amp;", "&")).context["listing"].total == int(number), url
    assert "Attente" in html and "H2-Ligne" in html  # the latest projects


def test_the_breadcrumb_leads_back_to_the_same_search(cast, client):
    here = "http://testserver/en/projects/?region=armor&sort=name"
    html = client.get("/en/projects/h2-ligne/", headers={"Referer": here}).content.decode()
    assert 'href="/en/projects/?region=armor&amp;sort=name"' in html and "Back to the results" in html
    elsewhere = client.get("/en/projects/h2-ligne/", headers={"Referer": "https://elsewhere.example/?q=1"})
    assert 'href="/en/projects/">Projects' in elsewhere.content.decode()


def test_a_page_costs_the_same_queries_whatever_the_number_of_partners(cast, client):
    client.get("/en/projects/h2-ligne/")
    with CaptureQueriesContext(connection) as few:
        client.get("/en/projects/h2-ligne/")
    for number in range(12):
        organisation = Organisation.objects.create(
            name=f"O {number}", slug=f"o-{number}", kind="company", status="published"
        )
        Participation.objects.create(project=cast["project"], organisation=organisation)
    with CaptureQueriesContext(connection) as many:
        client.get("/en/projects/h2-ligne/")
    assert len(many) == len(few)


def test_a_project_of_which_little_is_known_leaves_the_sections_out(client):
    Project.objects.create(title_fr="Presque rien", slug="presque-rien", status="published")
    html = page(client, "/en/projects/presque-rien/")
    assert "In preparation" in html
    for section in ("h-money", "h-partners", "h-steps", "h-outcomes", "h-themes"):
        assert f'id="{section}"' not in html
    assert '<h1 class="u-mt-s" lang="fr">Presque rien</h1>' in html


@pytest.mark.parametrize(
    ("sums", "words"),
    [
        ({"public_funding": 4_000_000}, "public funding €4.00M"),
        ({"total_cost": 9_000_000}, "total cost €9.00M"),
        ({"total_cost": 0, "public_funding": 0}, "total cost €0 public funding €0"),
        (
            {"total_cost": 9_000_000, "public_funding": 0},
            "total cost €9.00M public funding €0 private investment €9.00M",
        ),
    ],
)
def test_of_the_money_a_page_says_what_is_known(client, sums, words):
    Project.objects.create(acronym="VOLTA", slug="volta", status="published", **sums)
    html = page(client, "/en/projects/volta/")
    assert words in text_of(html[html.index('id="h-money"') :])
