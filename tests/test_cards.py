"""What cards in lists say of members and projects, by plain loops over rows."""

from datetime import date
from random import Random

import pytest
from django.utils import translation

from members.models import Organisation, Site, Theme
from projects.models import Funding, Participation, Project, ProjectLabel
from tests.small_network import SmallNetwork, forget_network, make_network, some_day

pytestmark = pytest.mark.django_db

PAST = date(2017, 3, 15)
SHOWN_THEMES = 3


@pytest.fixture(scope="module")
def net(django_db_setup, django_db_blocker):
    """With towns, many themes, fundings of one programme twice, projects of one year and without any date."""
    with django_db_blocker.unblock():
        found = make_network(seed=53, organisations=90, projects=80)
        random = Random(5)
        for site in Site.objects.filter(region__isnull=False):
            site.city = random.choice(["", "", "Brest", "Dax", "Lens"])
            site.save()
        for row in random.sample([*found.organisations, *found.projects], 60):
            row.themes.set(random.sample(found.themes, random.choice([4, 5])))
        for funding in random.sample(found.fundings, 30):
            again = Funding(project=funding.project, programme=funding.programme, date=some_day(random))
            again.save()
            found.fundings.append(again)
        for project in random.sample(found.projects, 40):
            project.start, project.end = random.choice(
                [(date(2015, 2, 1), date(2015, 9, 1)), (None, None), (None, date(2019, 1, 1))]
            )
            project.save()
        yield found
        forget_network()


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def cards_of(client, path: str, shown: str, **query) -> list:
    found: list = []
    for number in range(1, 9):
        context = client.get(path, {**query, "page": number}).context
        found += context[shown]
        if number == context["listing"].pages:
            return found
    raise AssertionError("more pages than there can be")


def own_themes(model, row) -> list[Theme]:
    """In the order in which they were given."""
    column = model._meta.model_name
    links = model.themes.through.objects.filter(**{column: row}).order_by("pk").select_related("theme__parent")
    return [link.theme for link in links]


def themes_said(model, row, first: set[str], path: str) -> tuple[list, int]:
    own = own_themes(model, row)
    sought = [t for t in own if t.slug in first or (t.parent and t.parent.slug in first)]
    in_order = sought + [theme for theme in own if theme not in sought]
    shown = [(theme.name_en, f"{path}?theme={theme.slug}") for theme in in_order[:SHOWN_THEMES]]
    return shown, max(0, len(own) - SHOWN_THEMES)


def place_said(site, path: str) -> tuple[str, str] | None:
    """The region, the collectivity that is in none, or the country, with their members."""
    region = site.department.region if site.department else site.region
    if region:
        return region.name, f"{path}?region={region.slug}"
    if site.department:
        return site.department.name, f"{path}?department={site.department.slug}"
    return ("Italy", f"{path}?country=IT") if site.country == "IT" else None


def member_said(net: SmallNetwork, one: Organisation, day: date, first: set[str]) -> dict:
    path = "/en/members/"
    sites = sorted(
        Site.objects.filter(organisation=one).select_related("department__region"),
        key=lambda site: (not site.head_office, site.pk),
    )
    places = dict.fromkeys(place_said(site, path) for site in sites)
    links = [place for place in places if place]
    if not links and one.country == "DE":
        links = [("Germany", f"{path}?country=DE")]
    memberships = [
        m
        for m in net.memberships
        if m.organisation is one
        and m.cluster.status == "published"
        and (m.joined_on is None or m.joined_on <= day)
        and (m.left_on is None or m.left_on > day)
        and (one.closed_on is None or one.closed_on > day)
    ]
    memberships.sort(key=lambda m: (m.joined_on or date.max, m.pk))
    closed = one.closed_on is not None and one.closed_on <= date.today()
    themes, more = themes_said(Organisation, one, first, path)
    return {
        "url": f"{path}{one.slug}/",
        "name": one.name,
        "town": next((site.city for site in sites if site.city), ""),
        "regions": [("the whole of France", path)] if one.national and (not links or "DE" in links[0][1]) else links,
        "themes": themes,
        "more_themes": more,
        "clusters": [(m.cluster.name, f"/en/clusters/{m.cluster.slug}/") for m in memberships],
        "joined_on": max((m.joined_on for m in memberships if m.joined_on), default=None),
        "state": "Closed" if closed else "" if memberships else "Not a member",
        "size_label": one.get_size_display(),
    }


def said(card, names) -> dict:
    return {name: getattr(card, name) for name in names}


@pytest.mark.parametrize("on", [None, PAST])
@pytest.mark.parametrize("query", [{}, {"theme": ["energy-1"]}, {"theme": ["health"]}, {"former": "1"}])
def test_the_card_of_a_member_says_what_a_loop_finds(net, client, query, on):
    by_slug = {one.slug: one for one in net.organisations}
    asked = query | ({"on": on.isoformat()} if on else {})
    cards = cards_of(client, "/en/members/", "organisations", **asked)
    assert len(cards) > 10
    for card in cards:
        one = by_slug[card.url.split("/")[-2]]
        expected = member_said(net, one, on or date.today(), set(query.get("theme", ())))
        assert said(card, expected) == expected


def project_said(net: SmallNetwork, project: Project, day: date, first: set[str]) -> dict:
    path = "/en/projects/"
    partners = [p for p in net.participations if p.project is project and p.organisation.status == "published"]
    coordinators = [p.organisation for p in partners if p.role == "coordinator"]
    labels = [
        label
        for label in net.labels
        if label.project is project and label.cluster.status == "published" and label.date <= day
    ]
    labels.sort(key=lambda label: (label.role != "lead", label.date, label.pk))
    fundings = sorted((f for f in net.fundings if f.project is project and f.date <= day), key=lambda f: (f.date, f.pk))
    themes, more = themes_said(Project, project, first, path)
    start, end = project.start, project.end
    if start and end:
        years = f"{start.year}" if start.year == end.year else f"{start.year}–{end.year}"
    elif start or end:
        years = f"since {start.year}" if start else f"until {end.year}"
    else:
        years = f"labelled in {min(label.date for label in labels).year}" if labels else ""
    return {
        "url": f"{path}{project.slug}/",
        "name": project.acronym,
        "years": years,
        "total_cost": project.total_cost,
        "public_funding": project.public_funding,
        "partners": len(partners),
        "coordinator": next(((o.name, f"/en/members/{o.slug}/") for o in coordinators), None),
        "clusters": [(label.cluster.name, f"/en/clusters/{label.cluster.slug}/") for label in labels],
        "programmes": list(
            dict.fromkeys((f.programme.acronym, f"{path}?programme={f.programme.slug}") for f in fundings)
        ),
        "themes": themes,
        "more_themes": more,
    }


@pytest.mark.parametrize("on", [None, PAST])
@pytest.mark.parametrize("query", [{}, {"theme": ["energy-1"]}, {"theme": ["health"]}])
def test_the_card_of_a_project_says_what_a_loop_finds(net, client, query, on):
    by_slug = {project.slug: project for project in net.projects}
    asked = query | ({"on": on.isoformat()} if on else {})
    cards = cards_of(client, "/en/projects/", "projects", **asked)
    assert len(cards) > 5
    for card in cards:
        project = by_slug[card.url.split("/")[-2]]
        expected = project_said(net, project, on or date.today(), set(query.get("theme", ())))
        assert said(card, expected) == expected


def test_what_happens_on_the_day_is_on_the_card(net, client):
    label = next(
        label for label in net.labels if label.project.status == "published" and label.cluster.status == "published"
    )
    funding = next(f for f in net.fundings if f.project.status == "published")
    for row, list_of, name in (
        (label, "clusters", label.cluster.name),
        (funding, "programmes", funding.programme.acronym),
    ):
        cards = cards_of(client, "/en/projects/", "projects", on=row.date.isoformat())
        card = next(card for card in cards if card.url == f"/en/projects/{row.project.slug}/")
        assert name in [link[0] for link in getattr(card, list_of)]


def test_the_themes_of_a_project_leave_out_the_domains_above_them(net, client):
    path, told = "/en/projects/", 0
    for project in [p for p in net.projects if p.status == "published"]:
        own = own_themes(Project, project)
        above = {theme.parent for theme in own if theme.parent}
        told += bool(above & set(own))
        expected = {(t.name_en, f"{path}?theme={t.slug}") for t in own if t not in above}
        shown = {(str(name), url) for name, url in client.get(f"{path}{project.slug}/").context["themes"]}
        assert shown == expected, project
    assert told > 5


def test_partners_stand_by_their_cost_behind_the_coordinator(net, client):
    project = Project.objects.create(acronym="VOLTA", slug="volta", status="published")
    published = [one for one in net.organisations if one.status == "published"]
    for one, cost, role in zip(
        published, (10, None, 30, 20, 5), ("partner", "partner", "partner", "partner", "coordinator"), strict=False
    ):
        Participation.objects.create(project=project, organisation=one, cost=cost, role=role)
    ProjectLabel.objects.create(project=project, cluster=net.clusters[0], date=date(2020, 1, 1))
    shown = [partner["name"] for partner in client.get("/en/projects/volta/").context["partners"]]
    assert shown == [published[place].name for place in (4, 2, 3, 0, 1)]
