"""Names stand where their letters stand, and in each language what it shows is what is sorted."""

import pytest
from django.db import connection
from django.utils import translation

from members.facets import MEMBER_INDEX
from members.models import Cluster, Department, Membership, Organisation, Region, Theme
from projects.facets import PROJECT_INDEX
from projects.models import Funder, Programme, Project

pytestmark = pytest.mark.django_db

NAMES = [
    "- UMR 9014",
    "(Dys)lexia Lab",
    "@RTMOLECULE",
    "« Guillemets »",
    '"BIOBASIC ENVIRONNEMENT"',
    "'Apostrophe",
    "’t Hof",
    "A.R.D.",
    "ARCHE",
    "Éclat",
    "eclat bis",
    "H&H Technologies",
    "Œuvre",
    "S.T. Ardenne",
    "St-Étienne",
    "Sainte-Anne",
    "sylvaine",
    "…suite",
    "Zénith",
    "3D Systèmes",
    "Алгоритм",
]
SORTED = [
    "3D Systèmes",
    "'Apostrophe",
    "ARCHE",
    "A.R.D.",
    '"BIOBASIC ENVIRONNEMENT"',
    "(Dys)lexia Lab",
    "Éclat",
    "eclat bis",
    "« Guillemets »",
    "H&H Technologies",
    "Œuvre",
    "@RTMOLECULE",
    "Sainte-Anne",
    "S.T. Ardenne",
    "St-Étienne",
    "…suite",
    "sylvaine",
    "’t Hof",
    "- UMR 9014",
    "Zénith",
    "Алгоритм",
]


@pytest.fixture
def members():
    cluster = Cluster.objects.create(name="Pôle", slug="pole", status="published")
    for number, name in enumerate(NAMES):
        one = Organisation.objects.create(name=name, slug=f"one-{number}", kind="company", status="published")
        Membership.objects.create(organisation=one, cluster=cluster)


def test_the_list_the_index_and_the_admin_begin_at_the_letters(members, client, admin_client):
    for listed in (
        client.get("/en/members/?sort=name").context["organisations"],
        Organisation.objects.in_order(),
        admin_client.get("/admin/members/organisation/").context["cl"].result_list,
    ):
        assert [one.name for one in listed] == SORTED
    names = dict(Organisation.objects.values_list("pk", "name"))
    assert [names[key] for key in MEMBER_INDEX.at().order("name")] == SORTED


@pytest.mark.parametrize("model", [Region, Department])
def test_places_are_sorted_by_the_same_key(model):
    assert model._meta.get_field("sort_name").expression == Organisation._meta.get_field("sort_name").expression


def test_a_key_is_made_alike_however_the_name_is_written():
    with connection.cursor() as cursor:
        for written, key in (("Etoile", "etoile"), ("É  toile", "e toile"), ("E\u0301toile", "etoile"), ("!?", "")):
            cursor.execute("SELECT portal_sort_key(%s)", [written])
            assert cursor.fetchone()[0] == key


def in_both(read) -> tuple[list[str], list[str]]:
    found = []
    for language in ("fr", "en"):
        with translation.override(language):
            found.append(read())
    return tuple(found)


def test_projects_are_sorted_by_the_title_that_is_shown(client, admin_client):
    for number, (acronym, french, english) in enumerate(
        [("", "Zinc vert", "Alloys"), ("", "", "Batteries"), ("", "Acier", ""), ("MIRA", "Aaa", "Aaa")]
    ):
        Project.objects.create(
            acronym=acronym, title_fr=french, title_en=english, slug=f"project-{number}", status="published"
        )
    expected = ["Acier", "Batteries", "MIRA", "Zinc vert"], ["Acier", "Alloys", "Batteries", "MIRA"]
    names = {"fr": {}, "en": {}}
    for language, found in names.items():
        with translation.override(language):
            found.update({project.pk: str(project) for project in Project.objects.all()})

    def listed(path: str) -> list[str]:
        return [str(card.name) for card in client.get(path).context["projects"]]

    assert (listed("/fr/projets/?sort=name"), listed("/en/projects/?sort=name")) == expected
    assert (listed("/fr/projets/?sort=budget"), listed("/en/projects/?sort=budget")) == expected
    assert in_both(lambda: [str(one) for one in Project.objects.in_order()]) == expected
    assert in_both(lambda: [str(one) for one in Project.objects.biggest_first()]) == expected
    for language, order in zip(("fr", "en"), expected, strict=True):
        with translation.override(language):
            assert [names[language][key] for key in PROJECT_INDEX.at().order("name")] == order
    admin_client.cookies["django_language"] = "en"
    result = admin_client.get("/admin/projects/project/", headers={"accept-language": "en"}).context["cl"].result_list
    with translation.override("en"):
        assert [str(one) for one in result] == expected[1]


def test_a_theme_without_an_english_name_stands_where_its_french_one_does(client):
    for french, english in (("Zoologie", "Animals"), ("Mer", ""), ("Bois", "Wood")):
        Theme.objects.create(name_fr=french, name_en=english, slug=french.lower())
    expected = ["Bois", "Mer", "Zoologie"], ["Animals", "Mer", "Wood"]
    assert in_both(lambda: [str(theme.name) for theme in Theme.objects.in_order()]) == expected
    themes = MEMBER_INDEX.at().theme
    shown = tuple([value.label(language) for value in themes.in_order(language)] for language in ("fr", "en"))
    assert shown == expected


def test_programmes_and_funders_are_sorted_by_what_is_shown(client, admin_client):
    funder = Funder.objects.create(name_fr="Zone", name_en="Area", slug="zone", level="state")
    Funder.objects.create(name_fr="Île", slug="ile", level="state")
    for acronym, french, english in (("", "Xylo", "Amber"), ("", "Éco", ""), ("FUI", "Aaa", "Zzz")):
        Programme.objects.create(acronym=acronym, name_fr=french, name_en=english, slug=french.lower(), funder=funder)
    facet = PROJECT_INDEX.at().programme
    shown = tuple([value.label(language) for value in facet.in_order(language)] for language in ("fr", "en"))
    assert shown == (["Éco", "FUI", "Xylo"], ["Amber", "Éco", "FUI"])
    listed = admin_client.get("/admin/projects/funder/").context["cl"].result_list
    assert [one.name_fr for one in listed] == ["Île", "Zone"]


def test_a_cluster_stands_where_the_name_stands_by_which_it_goes():
    long = "Zone d’excellence de la filière automobile et des mobilités"
    for name, acronym in ((long, "CARA"), ("Axelera", ""), ("Bois", "ZB"), ("Dé d’or", "DO")):
        Cluster.objects.create(name=name, acronym=acronym, slug=name[:8].lower().replace(" ", "-").replace("’", ""))
    assert [str(cluster) for cluster in Cluster.objects.all()] == ["Axelera", "Bois", "CARA", "Dé d’or"]
