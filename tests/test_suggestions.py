"""What the words typed so far may mean."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cluster_portal.views import suggestions
from members.models import Cluster, ContactPerson, Department, Membership, Organisation, OrganisationName, Site, Theme
from projects.models import Project


@pytest.fixture
def suggest(network, client):
    def suggest(words, language="en") -> dict[str, list[dict]]:
        response = client.get(f"/{language}/suggestions/", {"q": words})
        assert response.status_code == 200 and response["Content-Type"] == "application/json"
        return {group["label"]: group["items"] for group in response.json()["groups"]}

    return suggest


def member(name, **values) -> Organisation:
    slug = values.pop("slug", name.lower().replace(" ", "-").replace("é", "e"))
    one = Organisation.objects.create(
        **{"kind": "company", "status": "published", "name": name, "slug": slug, **values}
    )
    Membership.objects.create(organisation=one, cluster=Cluster.objects.get(slug="cara"))
    return one


def labels(items) -> list[str]:
    return [item["label"] for item in items]


def test_every_kind_of_page_is_suggested_in_groups(suggest):
    member("Quorvex industries")
    Theme.objects.create(name_fr="Quorvexologie", name_en="Quorvexology", slug="quorvexologie")
    Cluster.objects.create(name="Pôle Quorvex", slug="pole-quorvex", status="published")
    Project.objects.create(acronym="QUORVEX", title_fr="Projet quorvex", slug="projet-quorvex", status="published")
    found = suggest("quorv")
    assert list(found) == ["Clusters", "Themes", "Members", "Projects"]
    assert labels(suggest("bret")["Regions and departments"]) == ["Bretagne"]
    for group in found.values():
        assert all(set(item) == {"label", "detail", "url"} and item["url"].startswith("/en/") for item in group)


def test_every_suggestion_leads_to_a_page(suggest, client):
    for words in ("ca", "sa", "hy", "br"):
        for items in suggest(words).values():
            for item in items[:2]:
                assert client.get(item["url"]).status_code == 200, item


def test_a_former_name_of_a_cluster_finds_it(suggest):
    """LUTB became CARA."""
    assert "CARA" in labels(suggest("LUTB")["Clusters"]) and "CARA" in labels(suggest("lut")["Clusters"])


@pytest.mark.parametrize("words", ["électric", "electric", "ELECTRIC", "Éléctric", "  electric "])
def test_accents_and_case_do_not_matter(suggest, words):
    member("Quorvex Électricité")
    assert "Quorvex Électricité" in labels(suggest(f"quorvex {words}")["Members"])


def test_the_exact_name_comes_first_then_names_that_begin_so(suggest):
    for name in ("Zed Quorvexa", "Quorvexa beta", "Quorvexa", "Alpha quorvexam", "Quorvexam"):
        member(name)
    assert labels(suggest("quorvexa")["Members"]) == [
        "Quorvexa", "Quorvexa beta", "Quorvexam", "Alpha quorvexam", "Zed Quorvexa",
    ]  # fmt: skip


def test_who_once_bore_the_very_name_comes_before_names_that_begin_so(suggest):
    member("Quorvexa beta")
    OrganisationName.objects.create(organisation=member("Zyblor"), name="Quorvexa")
    assert labels(suggest("quorvexa")["Members"]) == ["Zyblor", "Quorvexa beta"]


def test_acronyms_and_former_names_are_suggested(suggest):
    one = member("Société quorvexienne", acronym="QZX")
    OrganisationName.objects.create(organisation=one, name="Établissements Zyblor")
    assert labels(suggest("qzx")["Members"]) == labels(suggest("zyblo")["Members"]) == ["Société quorvexienne"]


def test_a_member_is_told_by_its_kind_and_town(suggest):
    one = member("Quorvex", kind="laboratory")
    Site.objects.create(organisation=one, city="Brest", department=Department.objects.get(insee_code="29"))
    assert suggest("quorvex")["Members"][0]["detail"] == "Laboratory · Brest"
    assert suggest("quorvex", "fr")["Membres"][0]["detail"] == "Laboratoire · Brest"


@pytest.mark.parametrize("status", ["draft", "in_review", "archived"])
def test_what_is_not_published_is_never_suggested(suggest, status):
    member("Quorvex", status=status)
    Cluster.objects.create(name="Pôle Quorvex", slug="pole-quorvex", status=status)
    Project.objects.create(acronym="QUORVEX", title_fr="Quorvex", slug="projet-quorvex", status=status)
    assert suggest("quorvex") == {}


def test_persons_are_never_suggested(suggest):
    one = member("Autre")
    ContactPerson.objects.create(
        organisation=one, name="Quorvex Martin", email="quorvex@x.example", agreed_on="2026-01-01"
    )
    assert suggest("quorvex") == {}


@pytest.mark.parametrize("words", ["", " ", "a", "é", "\x00", "'", "a&", ":*", "!!", "x" * 10_000, "le la les"])
def test_too_little_or_too_strange_is_answered_with_nothing_or_little(suggest, words):
    assert isinstance(suggest(words), dict)
    if len(words.strip("\x00' !:*&")) < 2:
        assert suggest(words) == {}


def test_two_letters_are_enough(suggest):
    assert suggest("ca")


def test_a_group_shows_six_at_most(suggest):
    for number in range(9):
        member(f"Quorvex {number}")
    assert len(suggest("quorvex")["Members"]) == 6


def test_the_words_are_taken_in_any_order(suggest):
    member("Quorvex industries zyblorines")
    for words in ("zyblo quor", "quor zyblo", "indus zyblorines quorv"):
        assert labels(suggest(words)["Members"]) == ["Quorvex industries zyblorines"]


def test_a_name_and_a_town_half_typed_find_who_is_there(suggest):
    for town, insee in (("Brest", "29"), ("Nantes", "44")):
        one = member("Laboratoire quorvexique", slug=f"lab-{town}", kind="laboratory")
        Site.objects.create(organisation=one, city=town, department=Department.objects.get(insee_code=insee))
    for words in ("labo quorvex nant", "nantes labo quorv"):
        assert [item["url"] for item in suggest(words)["Members"]] == ["/en/members/lab-Nantes/"]


def test_equal_names_are_told_apart(suggest):
    for number, siren in enumerate(("552100554", "")):
        member("Quorvex", slug=f"quorvex-{number}", siren=siren, acronym="QX")
    member("Quorvex", slug="quorvex-lab", kind="laboratory")
    details = [item["detail"] for item in suggest("quorv")["Members"]]
    assert sorted(details) == ["Company · 552100554", "Company · QX", "Laboratory"]


def test_projects_of_one_name_are_told_apart_by_their_years(suggest):
    for number, start in enumerate((date(2012, 1, 1), date(2021, 5, 1), None)):
        Project.objects.create(
            acronym="QUORVEX", title_fr="Essai", slug=f"quorvex-{number}", status="published", start=start
        )
    details = [item["detail"] for item in suggest("quorv")["Projects"]]
    assert sorted(details) == ["Essai · quorvex-2", "Essai · since 2012", "Essai · since 2021"]


def test_among_equals_the_region_chosen_comes_first_then_ties_to_the_network(suggest, client):
    for name in ("Quorvex a", "Quorvex b", "Quorvex c", "Quorvex d"):
        member(name)
    by_name = {one.name[-1]: one for one in Organisation.objects.filter(name__startswith="Quorvex")}
    Membership.objects.create(organisation=by_name["d"], cluster=Cluster.objects.get(slug="minalogic"))
    for project in Project.objects.published().order_by("pk")[:2]:
        project.participations.create(organisation=by_name["c"], role="partner")
    Site.objects.create(organisation=by_name["b"], department=Department.objects.get(insee_code="29"))
    assert [label[-1] for label in labels(suggest("quorv")["Members"])] == ["c", "d", "a", "b"]
    near = client.get("/en/suggestions/?q=quorv&region=bretagne").json()["groups"][0]["items"]
    assert [label[-1] for label in labels(near)] == ["b", "c", "d", "a"]


def test_words_that_mean_hundreds_give_their_kinds_and_the_lists_behind_them(suggest, client, monkeypatch):
    monkeypatch.setattr(suggestions, "MANY", 8)
    for number in range(12):
        member(f"Institut quorvexien {number}", kind="laboratory" if number < 7 else "institution")
    member("Institutrices quorvexographes")
    for words in ("instit quorv", "quorvexien", "institut quorvexien"):
        found = suggest(words)["Members"]
        kinds = [item for item in found if item["label"].endswith("…")]
        assert [item["detail"] for item in kinds] == ["7 laboratories", "5 institutions"], words
        assert len(found) == len(kinds) + suggestions.FEW
        for item in kinds:
            assert str(client.get(item["url"]).context["listing"].total) == item["detail"].split()[0]


def test_an_exact_name_is_not_buried_under_kinds(suggest, monkeypatch):
    monkeypatch.setattr(suggestions, "MANY", 3)
    for name in ("Quorvex", "Quorvex 1", "Quorvex 2", "Quorvex 3", "Quorvex 4"):
        member(name)
    assert labels(suggest("quorvex")["Members"])[0] == "Quorvex"


def test_suggestions_cost_few_queries(suggest, client):
    suggest("br")  # what the process keeps is read
    with CaptureQueriesContext(connection) as captured:
        suggest("ca")
    assert len(captured) <= 6


def test_suggestions_may_be_kept_for_a_minute_and_only_be_asked_for(network, client):
    url = reverse("suggest")
    assert "max-age=60" in client.get(url, {"q": "ca"})["Cache-Control"]
    assert client.post(url).status_code == 405
