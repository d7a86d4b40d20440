"""Projects are found by their words, by what they are tied to, and as people type."""

from datetime import date

import pytest
from django.db import connection, transaction

from members.models import Cluster, ClusterName, Organisation, OrganisationName, Theme
from projects.models import (
    Funding,
    Participation,
    Programme,
    Project,
    ProjectDocument,
    ProjectLabel,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def railcar():
    project = Project.objects.create(
        acronym="H2-Ligne",
        title_fr="Véhicules électriques à batterie",
        title_en="Electric vehicles",
        slug="h2-ligne",
        summary_fr="Un banc d’essai pour l’autorail.",
        status="published",
    )
    domain = Theme.objects.create(name_fr="Énergie", name_en="Energy", slug="energy")
    theme = Theme.objects.create(name_fr="Hydrogène", name_en="Hydrogen", slug="hydrogen", parent=domain)
    project.themes.add(theme)
    cluster = Cluster.objects.create(name="CARA", slug="cara", status="published")
    ClusterName.objects.create(cluster=cluster, name="LUTB", kind="former")
    ProjectLabel.objects.create(project=project, cluster=cluster, date=date(2024, 1, 1))
    programme = Programme.objects.create(name_fr="Projets structurants", acronym="PSPC", slug="pspc")
    Funding.objects.create(project=project, programme=programme, date=date(2024, 2, 1))
    organisation = Organisation.objects.create(
        name="S.T. Novarail", slug="novarail", kind="company", status="published"
    )
    Participation.objects.create(project=project, organisation=organisation)
    return project


def found(words: str) -> list[str]:
    return [str(p) for p in Project.objects.published().search(words).with_rank(words).order_by("-rank", "pk")]


@pytest.mark.parametrize(
    "words",
    [
        "h2-ligne",
        "H2 LIGNE",
        "véhicule électrique",
        "VEHICULES ELECTRIQUES",
        "electric vehicle",
        "hydrogène",
        "hydrogen",
        "energy",
        "CARA",
        "lutb",
        "pspc",
        "projet structurant",
        "novarail",
        "st novarail",
        "banc d'essai",
        "l’autorail",
        "cara hydrogène",
        "  h2  ",
    ],
)
def test_a_project_is_found_by_its_words_and_by_what_it_is_tied_to(railcar, words):
    assert found(words) == ["H2-Ligne"]


@pytest.mark.parametrize("words", ["solaire", "h2-ligne solaire"])
def test_every_word_must_be_there(railcar, words):
    assert found(words) == []


def test_an_exact_acronym_comes_before_a_title_before_a_summary_before_a_partner(railcar):
    named = Organisation.objects.create(name="Zéphyr", slug="zephyr", kind="company", status="published")
    by_partner = Project.objects.create(acronym="D", slug="d", status="published")
    Participation.objects.create(project=by_partner, organisation=named)
    Project.objects.create(acronym="C", summary_fr="Le zéphyr souffle.", slug="c", status="published")
    Project.objects.create(acronym="B", title_fr="Au gré du zéphyr", slug="b", status="published")
    Project.objects.create(acronym="ZÉPHYR", slug="a", status="published")
    assert found("zephyr") == ["ZÉPHYR", "B", "C", "D"]


def changes(project):
    """(what staff change, words that find the project before, words that find it after)."""
    cluster, theme = Cluster.objects.get(), Theme.objects.get(slug="hydrogen")
    organisation, programme = Organisation.objects.get(), Programme.objects.get()
    return [
        (lambda: Organisation.objects.update(name="Ferrovia"), "novarail", "ferrovia"),
        (
            lambda: OrganisationName.objects.create(organisation=organisation, name="Railneuf", kind="trade"),
            "",
            "railneuf",
        ),
        (lambda: Cluster.objects.update(name="Mobilis"), "cara", "mobilis"),
        (lambda: ClusterName.objects.update(name="Ancienville"), "lutb", "ancienville"),
        (
            lambda: Theme.objects.filter(pk=theme.pk).update(name_fr="Dihydrogène", name_en="Dihydrogen"),
            "hydrogène",
            "dihydrogène",
        ),
        (lambda: Theme.objects.filter(slug="energy").update(name_en="Power"), "energy", "power"),
        (lambda: Programme.objects.update(acronym="I-DEMO"), "pspc", "demo"),
        (lambda: Project.objects.update(title_fr="Trains à voile"), "batterie", "voile"),
        (lambda: project.themes.clear(), "hydrogène", ""),
        (lambda: Participation.objects.all().delete(), "novarail", ""),
        (lambda: ProjectLabel.objects.all().delete(), "cara", ""),
        (lambda: Funding.objects.all().delete(), "pspc", ""),
        (lambda: Organisation.objects.update(status="draft"), "novarail", ""),
        (lambda: Cluster.objects.update(status="draft"), "cara", ""),
        (lambda: cluster.names.all().delete(), "lutb", ""),
        (
            lambda: ClusterName.objects.update(cluster=Cluster.objects.create(name="Autre", slug="autre")),
            "lutb",
            "",
        ),
        (
            lambda: programme.fundings.update(programme=Programme.objects.create(name_fr="FUI", slug="fui")),
            "pspc",
            "fui",
        ),
    ]


@pytest.mark.parametrize("number", range(17))
def test_the_document_follows_every_change_even_in_bulk(railcar, number):
    change, before, after = changes(railcar)[number]
    if before:
        assert found(before)
    change()
    if before:
        assert not found(before)
    if after:
        assert found(after)
    kept = ProjectDocument.objects.values_list("document", "names").get(project=railcar)
    with connection.cursor() as cursor:
        cursor.execute("SELECT projects_refresh_documents(NULL)")
    assert kept == ProjectDocument.objects.values_list("document", "names").get(project=railcar)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("projects_participation", "novarail"),
        ("projects_projectlabel", "cara"),
        ("projects_funding", "pspc"),
        ("projects_project_themes", "hydrogène"),
        ("members_clustername", "lutb"),
    ],
)
def test_an_emptied_table_leaves_no_word_behind(railcar, table, words):
    assert found(words)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"TRUNCATE {table}")
    assert not found(words)


def test_a_deleted_project_takes_its_document_with_it(railcar):
    with transaction.atomic():
        railcar.delete()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what the end of a transaction would find
    assert not ProjectDocument.objects.exists()


def test_a_typing_mistake_is_read_as_the_word_that_is_there(railcar, client):
    Project.objects.filter(pk=railcar.pk).update(summary_fr="Un électrolyseur de terrain.")
    page = client.get("/en/projects/?q=electrolizeur")
    assert page.context["listing"].total == 1 and "électrolyseur" in page.text
    literally = client.get("/en/projects/", {"q": '"electrolizeur"'})
    assert literally.context["listing"].total == 0


@pytest.mark.parametrize(
    ("typed", "expected"), [("h2", 1), ("veh", 1), ("électr", 1), ("novarail", 0), ("", 0), ("%", 0)]
)
def test_suggestions_are_projects_of_which_a_word_starts_so(railcar, typed, expected):
    Project.objects.create(acronym="H2-Secret", slug="secret")
    assert len(Project.objects.suggested(typed)) == expected


def test_those_that_begin_with_what_was_typed_are_suggested_first(railcar):
    Project.objects.create(acronym="Le H2 pour tous", slug="tous", status="published")
    assert [str(Project.objects.get(pk=key)) for key in Project.objects.suggested("H2")] == [
        "H2-Ligne",
        "Le H2 pour tous",
    ]
