"""Suggestions of partners: the same ranking as a plain loop, with reasons that are true."""

import math
from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from members.facets import MEMBER_INDEX
from members.models import Site, Theme
from projects import partners
from projects.partners import Search, suggestions
from projects.views.partners import reason
from tests.small_network import Oracle, forget_network, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def net(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        found = make_network(seed=5, organisations=120, projects=70)
        found.offices = {s.organisation_id: s for s in Site.objects.filter(head_office=True)}
        found.own_themes = {o.pk: {t.slug for t in o.themes.all()} for o in found.organisations}
        yield found
        forget_network()


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def with_finer_themes(slugs) -> list[str]:
    return partners.with_finer_themes(slugs, MEMBER_INDEX.at())


def for_project(project) -> Search:
    return partners.for_project(project, MEMBER_INDEX.at())


def for_organisation(organisation) -> Search:
    return partners.for_organisation(organisation, MEMBER_INDEX.at())


def kilometres(a, b) -> float:
    """By the cosine rule, where the query takes the haversine."""
    (lat1, lon1), (lat2, lon2) = [(math.radians(x), math.radians(y)) for x, y in (a, b)]
    cosine = math.sin(lat1) * math.sin(lat2) + math.cos(lat1) * math.cos(lat2) * math.cos(lon1 - lon2)
    return 6371 * math.acos(max(-1, min(1, cosine)))


def ranked_by_hand(net, search: Search) -> list[tuple]:
    members = Oracle(net).members()
    published = [p for p in net.projects if p.status == "published"]
    funded = {p for p in published if any(f.project is p and f.date <= date.today() for f in net.fundings)}
    inside = {p: {t.organisation_id for t in net.participations if t.project is p} for p in published}
    rows = []
    for candidate in members:
        shared = len(net.own_themes[candidate.pk] & set(search.themes))
        if candidate.pk in search.team or (search.themes and not shared):
            continue
        if search.kind and candidate.kind != search.kind:
            continue
        if search.region and not (candidate.national or search.region in net.works_in[candidate]):
            continue
        experience = sum(candidate.pk in inside[p] for p in funded)
        together = sum(candidate.pk in ids and bool(ids & set(search.team)) for ids in inside.values())
        office, km = net.offices.get(candidate.pk), None
        if office and search.place:
            km = kilometres(search.place, (float(office.latitude), float(office.longitude)))
        points = 20 * min(shared, 3) + 4 * min(experience, 5) + (15 * max(0, 1 - km / 300) if km is not None else 0)
        points += 5 if search.team and not together else 0
        rows.append(
            (
                -round(points, 4),
                candidate.sort_name or candidate.name.lower(),
                candidate.pk,
                shared,
                experience,
                together,
                km,
            )
        )
    return sorted(rows)


def check(net, search: Search) -> None:
    for organisation in net.organisations:
        organisation.refresh_from_db(fields=["sort_name"])
    expected = ranked_by_hand(net, search)
    found, total = suggestions(search)
    assert total == len(expected)
    assert [s.organisation_id for s in found] == [row[2] for row in expected[: partners.SHOWN]]
    for suggestion, row in zip(found, expected, strict=False):
        assert (len(suggestion.themes), suggestion.funded, suggestion.together) == row[3:6]
        assert suggestion.points == pytest.approx(-row[0], abs=0.01)
        assert (suggestion.km is None) == (row[6] is None)
        assert suggestion.km is None or suggestion.km == pytest.approx(row[6], abs=0.1)


def test_the_ranking_for_a_theme_is_that_of_a_loop(net):
    check(net, Search(themes=with_finer_themes(["energy"])))


def test_the_ranking_for_a_region_and_a_kind_is_that_of_a_loop(net):
    check(net, Search(region="armor", kind="company"))
    check(net, Search(themes=with_finer_themes(["health-1"]), region="beaucaire", kind="laboratory"))


def test_the_ranking_for_a_project_is_that_of_a_loop(net):
    for project in [p for p in net.projects if p.status == "published"][:12]:
        check(net, for_project(project))


def test_the_ranking_for_an_organisation_is_that_of_a_loop(net):
    for organisation in [o for o in net.organisations if o.status == "published"][:12]:
        check(net, for_organisation(organisation))


def test_drafts_and_those_who_are_in_already_are_never_suggested(net):
    hidden = {o.pk for o in net.organisations if o.status != "published"}
    for project in net.projects:
        search = for_project(project)
        found, _total = suggestions(search)
        assert not {s.organisation_id for s in found} & (hidden | set(search.team))


def test_each_reason_is_a_phrase_of_its_own():
    suggestion = partners.Suggestion(1, 70, 12.3, ["hydrogen", "batteries"], 5, 0)
    names = {"hydrogen": "Hydrogen", "batteries": "Batteries"}
    assert reason(suggestion, names, True) == [
        "2 shared themes: Hydrogen and Batteries",
        "5 funded projects",
        "12 km away",
        "never worked together",
    ]
    suggestion = partners.Suggestion(1, 20, 0.2, ["hydrogen"], 0, 1)
    assert reason(suggestion, names, True) == [
        "1 shared theme: Hydrogen",
        "no funded project yet",
        "in the same town",
        "already together in 1 project",
    ]
    assert "never worked together" not in reason(suggestion, names, False)


def test_a_page_for_a_project_suggests_partners_with_reasons(net, client):
    project = next(p for p in net.projects if p.status == "published" and for_project(p).themes)
    response = client.get(reverse("projects:partners"), {"project": project.slug})
    html = response.content.decode()
    assert response.status_code == 200
    assert str(project) in html and "shared theme" in html and "points" in html
    assert [r["card"].pk for r in response.context["results"]] == [
        s.organisation_id for s in suggestions(for_project(project))[0]
    ]


def test_without_a_choice_the_page_asks_for_one(net, client):
    html = client.get(reverse("projects:partners")).content.decode()
    assert "Choose a theme, a region or a kind" in html


@pytest.mark.parametrize(
    "query",
    [
        {"project": "atlantis"},
        {"organisation": "atlantis"},
        {"theme": "atlantis"},
        {"region": "\x00x"},
        {"kind": "robot"},
        {"theme": "energy", "region": "nowhere"},
        {"theme": "x" * 9000},
    ],
)
def test_an_unknown_choice_suggests_nobody_and_says_so(net, client, query):
    response = client.get(reverse("projects:partners"), query)
    assert response.status_code == 200
    assert not response.context["results"] and response.context["notice"]


def test_a_draft_project_gives_no_suggestion(net, client):
    draft = next(p for p in net.projects if p.status == "draft")
    response = client.get(reverse("projects:partners"), {"project": draft.slug})
    assert response.status_code == 200 and not response.context["results"]
    assert draft.acronym not in response.content.decode().split("<main")[1]


def test_a_domain_stands_for_its_themes(net):
    assert set(with_finer_themes(["energy"])) == {"energy", "energy-1", "energy-2"}
    assert Theme.objects.filter(slug="energy").exists()


def test_the_search_takes_fifteen_queries_at_most(net, client, django_assert_max_num_queries):
    project = next(p for p in net.projects if p.status == "published" and for_project(p).team)
    for query in ({"project": project.slug}, {"theme": "energy", "region": "armor", "kind": "company"}):
        client.get(reverse("projects:partners"), query)
        with django_assert_max_num_queries(15):
            client.get(reverse("projects:partners"), query)
