"""Files of projects brought in: whom a line speaks of, one line a project or one a participation, and what is left out."""

from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from members.imports import batches, checking
from members.models import ImportBatch, Organisation, OrganisationName, Site, Theme
from projects.columns import PROJECT_COLUMNS
from projects.imports.fields import NOT_BROUGHT_IN
from projects.models import Funding, Participation, Programme, Project, ProjectLabel
from tests.admin_rows import organisation, places, programme, project
from tests.imports import actions, codes, csv, imported, line
from tests.test_admin_scope import SECRET, net, sign_in  # noqa: F401 (fixtures)
from tests.test_imports import cara, data, events, network  # noqa: F401 (fixtures)
from tests.test_undo import differences

pytestmark = pytest.mark.django_db
SIREN, SIRET, OTHER_SIREN = "552081317", "55208131766522", "542065479"


def checked(cluster, by, content: bytes, name: str = "projets.csv", values=None, **constants) -> ImportBatch:
    """Brought in and checked, as members are in ``tests.imports``."""
    erasing = constants.pop("erasing", [])
    batch = batches.receive(cluster, by, name, iter([content]), "projects")
    constants = {**batch.constants, **constants}
    assert batches.objections(batch, batch.columns, constants) == []
    batches.choose_columns(batch, batch.columns, constants, erasing)
    for field, texts in (values or {}).items():
        batch.values.setdefault(field, {}).update(texts)
    batch.save()
    checking.check(batch)
    numbers = [batch.counts[action] for action in batch.rows.model.Action.values]
    assert sum(numbers) == batch.counts["rows"] == batch.rows.count(), "every line that was read is one of these"
    return batch


def unchanged(cluster, by, content: bytes, name: str = "projets.csv", **constants) -> ImportBatch:
    """Brought in once more, it changes nothing and leaves no event."""
    before, number = data(), events()
    again = imported(checked(cluster, by, content, name, **constants))
    assert (again.state, again.counts["written"], again.change_set) == ("imported", {}, "")
    assert again.counts["create"] == again.counts["update"] == again.counts["ask"] == again.counts["refuse"] == 0
    assert differences(before, data()) == {} and events() == number
    return again


def partners(of: Project) -> set[tuple]:
    return set(of.participations.values_list("organisation__name", "role", "cost", "public_funding"))


# --- one line a project -----------------------------------------------------------------------------------------------
def test_a_line_becomes_a_draft_with_its_partners_its_label_and_its_fundings(net, cara):  # noqa: F811
    theme = Theme.objects.create(name_fr="Photonique", name_en="Photonics", slug="photonique")
    known = programme()
    volta, labo = (
        organisation("Volta", siren=SIREN),
        organisation("Labo Ampère", kind="laboratory", rnsr_id="199111950H"),
    )
    content = csv(
        ("Acronyme", "Titre", "Début", "Fin", "Coût total", "Aide publique", "Thématiques", "Site web", "Coordinateur", "SIREN du coordinateur", "Coût du coordinateur",
         "Partenaires", "RNSR", "Coût du partenaire", "Pôle", "Date de labellisation", "Programme", "Montant du financement", "Date de financement"),
        ("VOLTA", "Véhicule léger sans chauffeur", "01/03/2024", "2027-02-28", "1 234 567,50 €", "0,5 M€", "Photonique", "volta.example",
         "Volta", "552 081 317", "800 000", "Labo Ampère", "199111950h", "434567,50", "cara", "2024-01-15", "fui", "500000", "2024-02-01"),
    )  # fmt: skip
    batch = checked(net.cara, cara, content)
    assert actions(batch) == {2: "create"} and line(batch, 2).problems == []
    assert not Project.objects.filter(acronym="VOLTA").exists(), "a check writes nothing"
    batch = imported(batch)
    assert batch.counts["written"] == {"projects": 1, "themes": 1, "partners": 2, "labels": 1, "fundings": 1}
    made = Project.objects.get(acronym="VOLTA")
    assert (made.slug, made.status, made.created_by, made.assigned_to) == ("volta", "draft", cara, cara)
    assert (made.title_fr, made.title_en, made.start, made.end) == ("Véhicule léger sans chauffeur", "", date(2024, 3, 1), date(2027, 2, 28))  # fmt: skip
    assert (made.total_cost, made.public_funding, made.private_investment) == (Decimal("1234567.50"), Decimal(500_000), Decimal("734567.50"))  # fmt: skip
    assert made.website == "https://volta.example" and list(made.themes.all()) == [theme]
    assert partners(made) == {
        (volta.name, "coordinator", Decimal(800_000), None), (labo.name, "partner", Decimal("434567.50"), None)
    }  # fmt: skip
    assert list(made.labels.values_list("cluster", "role", "date")) == [(net.cara.pk, "lead", date(2024, 1, 15))]
    assert list(made.fundings.values_list("programme", "amount", "date")) == [(known.pk, Decimal(500_000), date(2024, 2, 1))]  # fmt: skip
    assert Project.objects.kept_by(get_user_model().objects.get(pk=cara.pk)).filter(pk=made.pk).exists()
    unchanged(net.cara, cara, content)


def test_several_in_one_cell_stand_beside_one_another(net, network):  # noqa: F811
    one, other, third = organisation("Une", siren=SIREN), organisation("Autre", siren=OTHER_SIREN), organisation("Trois", kind="institution", uai_code="0751717J")  # fmt: skip
    content = csv(
        ("Titre", "Partenaires", "SIREN", "UAI", "Rôle", "Coût du partenaire"),
        ("Un projet de trois", "Une | Autre | Trois", f"{SIREN} | {OTHER_SIREN} |", " | | 0751717J", "Partenaire | Porteur | partner", "10;20,5;"),
    )  # fmt: skip
    batch = checked(net.cara, network, content)
    assert codes(line(batch, 2)) == ["project-not-aligned"], "two costs and three partners"
    imported(batch)
    made = Project.objects.get(title_fr="Un projet de trois")
    assert partners(made) == {(one.name, "partner", None, None), (other.name, "coordinator", None, None), (third.name, "partner", None, None)}  # fmt: skip
    content = content.replace(b"10;20,5;", b"10|20,5|")
    batch = imported(checked(net.cara, network, content))
    assert batch.counts["written"] == {"partners_changed": 2}
    assert partners(made) == {(one.name, "partner", 10, None), (other.name, "coordinator", Decimal("20.5"), None), (third.name, "partner", None, None)}  # fmt: skip
    unchanged(net.cara, network, content)


def test_partners_in_columns_of_their_own_stand_beside_the_costs_of_the_same_number(net, network):  # noqa: F811
    organisation("Une", siren=SIREN), organisation("Autre", siren=OTHER_SIREN)
    content = csv(
        ("Titre", "SIREN 1", "Coût partenaire 1", "SIREN 2", "Coût partenaire 2", "SIREN 3", "Coût partenaire 3"),
        ("Un projet de deux", SIREN, "", OTHER_SIREN, "5", "", ""),
    )
    imported(checked(net.cara, network, content))
    assert partners(Project.objects.get(title_fr="Un projet de deux")) == {("Une", "partner", None, None), ("Autre", "partner", 5, None)}  # fmt: skip
    unchanged(net.cara, network, content)


def test_an_ambiguous_amount_and_one_in_fractions_of_a_cent_are_left_out_and_told(net, cara):  # noqa: F811
    content = csv(("Titre", "Coût total", "Aide"), ("A", "1,234", "1234,567"), ("B", "9999999999999", "5,52E+13"))
    batch = checked(net.cara, cara, content)
    assert codes(line(batch, 2)) == ["cell-amount-ambiguous", "project-amount-cents"]
    assert codes(line(batch, 3)) == ["project-amount-cents", "cell-lost-digits"]
    imported(batch)
    assert set(Project.objects.filter(title_fr__in="AB").values_list("total_cost", "public_funding")) == {(None, None)}


# --- one line a participation -----------------------------------------------------------------------------------------
def test_lines_of_participations_are_one_project(net, cara):  # noqa: F811
    programme()
    organisation("Une", siren=SIREN), organisation("Autre", siren=OTHER_SIREN)
    content = csv(
        ("Acronyme", "Titre", "Début", "Site", "SIREN", "Rôle", "Coût du partenaire", "Aide du partenaire", "Dispositif", "Montant", "Décidé le"),
        ("ABC", "Un projet commun", "2024-01-01", "", SIREN, "Coordinateur", "100", "40", "FUI", "60", "2024-02-01"),
        ("ABC", "Un projet commun", "2024-01-01", "abc.example", OTHER_SIREN, "Partenaire", "50", "20", "FUI", "60", "2024-02-01"),
        ("abc", "", "2025-01-01", "autre.example", SIREN, "", "999", "", "FUI", "61", "2024-02-01"),
        ("", "Un projet commun", "", "", "", "", "", "", "", "", ""),
    )  # fmt: skip
    batch = checked(net.cara, cara, content)
    assert actions(batch) == {2: "create", 3: "update", 4: "skip", 5: "skip"}
    assert {row.group for row in batch.rows.all()} == {2}
    assert codes(line(batch, 4)) == ["project-funding-other"], "what the file said before is not taken back"
    imported(batch)
    made = Project.objects.get(acronym="ABC")
    assert (made.start, made.website) == (date(2024, 1, 1), "https://abc.example"), "later lines fill blanks only"
    assert partners(made) == {("Une", "coordinator", 100, 40), ("Autre", "partner", 50, 20)}
    assert list(made.fundings.values_list("amount", flat=True)) == [60]
    unchanged(net.cara, cara, content)


def test_a_later_line_fills_what_an_earlier_one_left_blank(net, cara):  # noqa: F811
    programme(), organisation("Une", siren=SIREN)
    content = csv(
        ("Titre", "SIREN", "Rôle", "Coût du partenaire", "Dispositif", "Montant", "Décidé le"),
        ("Le même projet", SIREN, "", "", "FUI", "", "2024-02-01"), ("Le même projet", SIREN, "porteur", "7", "FUI", "3", ""),
    )  # fmt: skip
    imported(checked(net.cara, cara, content))
    made = Project.objects.get(title_fr="Le même projet")
    assert partners(made) == {("Une", "coordinator", 7, None)} and made.fundings.get().amount == 3
    unchanged(net.cara, cara, content)


def test_lines_that_differ_in_one_sign_are_of_two_projects(net, cara):  # noqa: F811
    content = csv(
        ("Acronyme", "Titre", "Début"),
        ("ABC", "Un titre", ""), ("ABC", "Un autre", ""), ("XYZ", "", "2020-01-01"), ("XYZ", "", "2021-01-01"), ("", "Un titre", ""),
    )  # fmt: skip
    batch = checked(net.cara, cara, content)
    assert {row.line: row.group for row in batch.rows.all()} == {2: 2, 3: 3, 4: 4, 5: 5, 6: 2}


def test_two_lines_that_are_matched_in_two_ways_are_looked_at_together(net, network):  # noqa: F811
    organisation("Une", siren=SIREN)
    known = project("ABC", title_fr="Un projet de longue haleine")
    content = csv(("Identifier in the directory", "Titre", "SIREN"), (known.slug, "", SIREN), ("", "Un projet de longue haleine", SIREN))  # fmt: skip
    batch = imported(checked(net.cara, network, content))
    assert batch.state == "imported" and batch.counts["written"] == {"partners": 1}
    assert (line(batch, 3).action, line(batch, 3).match) == ("skip", known.pk)


# --- which project a line speaks of -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("ABC", "Un moteur de navire", ""), ("unchanged", "acronym-title")),
        (("abc", "", "2024-05-01"), ("update", "acronym-year")),
        (("ABC", "Un moteur de navire léger", "2024-01-01"), ("update", "acronym-year")),
        (("", "UN MOTEUR DE NAVIRE", "2024-01-01"), ("unchanged", "title-year")),
        (("", "Un moteur de navire", ""), ("unchanged", "title")),
        (("", "A research project", ""), ("unchanged", "title")),
        (("ABC", "", ""), ("ask", "acronym")),
        (("ABC", "Tout à fait différent", "2024-01-01"), ("ask", "acronym")),
        (("XYZ", "Un moteur de navire", ""), ("ask", "title-only")),
        (("", "Un moteur de navire", "2019-01-01"), ("ask", "title-only")),
        (("", "ABC", ""), ("ask", "acronym")),
        (("", "Un moteur de navires", ""), ("ask", "similar-title")),
        (("", "Un moteur de fusée", ""), ("create", "")),
    ],
)
def test_two_signs_say_which_project_and_one_asks(net, network, cells, expected):  # noqa: F811
    known = project("ABC", title_fr="Un moteur de navire", title_en="A research project", start=date(2024, 1, 1))
    batch = checked(net.cara, network, csv(("Acronyme", "Titre", "Début"), cells))
    row = line(batch, 2)
    assert (row.action, row.rule) == expected
    assert (row.match == known.pk) == (expected[0] in ("unchanged", "update"))
    if expected[0] == "ask":
        assert [one[0] for one in row.candidates] == [known.pk]


def test_a_title_of_one_word_alone_asks(net, network):  # noqa: F811
    project("", title_fr="Mobilité")
    batch = checked(net.cara, network, csv(("Titre",), ("Mobilité",)))
    assert (line(batch, 2).action, line(batch, 2).rule) == ("ask", "title-only")


def test_several_and_an_archived_one_are_asked_about(net, network):  # noqa: F811
    for _number in range(2):
        project("ABC", title_fr="Un projet double")
    project("OLD", title_fr="Un projet ancien", status="archived", archived_on=timezone.localdate())
    batch = checked(
        net.cara, network, csv(("Acronyme", "Titre"), ("ABC", "Un projet double"), ("OLD", "Un projet ancien"))
    )
    assert [(line(batch, n).action, line(batch, n).rule) for n in (2, 3)] == [("ask", "several"), ("ask", "archived")]


def test_what_is_decided_is_compared_and_two_lines_of_one_are_one(net, network):  # noqa: F811
    organisation("Une", siren=SIREN)
    known = project("ABC")
    content = csv(("Acronyme", "Titre", "SIREN"), ("ABC", "Premier titre", SIREN), ("ABC", "Second titre", SIREN), ("ABC", "Troisième", ""))  # fmt: skip
    batch = checked(net.cara, network, content)
    assert actions(batch) == {2: "ask", 3: "ask", 4: "ask"}
    assert checking.decide(batch, [2], "this", known.pk) == checking.decide(batch, [3], "this", known.pk) == 1
    assert checking.decide(batch, [4], "new") == 1
    assert actions(batch) == {2: "update", 3: "skip", 4: "create"}
    batch = imported(batch)
    assert batch.counts["written"] == {"projects": 1, "projects_changed": 1, "partners": 1}
    known.refresh_from_db()
    assert known.title_fr == "Premier titre" and Project.objects.filter(title_fr="Troisième").exists()


# --- whose organisation a partner is ----------------------------------------------------------------------------------
def test_a_number_says_which_partner_it_is(net, network):  # noqa: F811
    known = organisation("Une", siren=SIREN)
    content = csv(("Titre", "Partenaire", "SIRET", "Identifiant du partenaire"),
                  ("Par le SIRET", "Un autre nom", SIRET, ""), ("Par le SIREN", "", "", SIREN))  # fmt: skip
    imported(checked(net.cara, network, content))
    assert Participation.objects.filter(organisation=known).count() == 2
    assert not known.names.exists(), "a project renames nobody"


def test_a_name_alone_says_of_nobody_that_he_takes_part(net, network):  # noqa: F811
    known = organisation("Les Énergies d'Isère SAS")
    Site.objects.create(organisation=known, department=places(), city="Grenoble")
    content = csv(
        ("Titre", "Partenaire", "Ville", "Département"),
        ("Un seul nom", "Energies d'Isère, les", "", ""), ("Un nom nu", "les energies d'isere", "", ""), ("Avec sa ville", "Les Énergies d'Isère", "GRENOBLE", ""),
        ("Une autre ville", "Les Énergies d'Isère", "Lyon", ""), ("Avec son département", "Les Énergies d'Isère", "", "38"),
    )  # fmt: skip
    batch = checked(net.cara, network, content)
    assert [codes(line(batch, n)) for n in range(2, 7)] == [
        ["project-partner-unknown"], ["project-partner-choose"], [], ["project-partner-choose"], []
    ]  # fmt: skip
    imported(batch)
    assert set(known.participations.values_list("project__title_fr", flat=True)) == {"Avec sa ville", "Avec son département"}  # fmt: skip
    assert Organisation.objects.filter(name__startswith="Energies").count() == 0, "none is made by the way"


def test_a_name_with_the_number_of_another_is_not_it(net, network):  # noqa: F811
    known = organisation("Une", siren=SIREN)
    Site.objects.create(organisation=known, department=places(), city="Grenoble")
    batch = checked(
        net.cara, network, csv(("Titre", "Partenaire", "Ville", "SIREN"), ("Un projet", "Une", "Grenoble", OTHER_SIREN))
    )
    assert codes(line(batch, 2)) == ["project-partner-unknown"]


def test_a_name_is_enough_of_those_who_take_part_already(net, network):  # noqa: F811
    one, other = organisation("Jumelle"), organisation("Jumelle")
    OrganisationName.objects.create(organisation=one, name="Ancienne")
    known = project("ABC", title_fr="Un projet à deux")
    for role, of in (("coordinator", one), ("partner", other)):
        Participation.objects.create(project=known, organisation=of, role=role, cost=5)
    content = csv(("Acronyme", "Titre", "Porteur", "Partenaire", "Coût du partenaire"), ("ABC", "Un projet à deux", "Ancienne", "JUMELLE", "6"))  # fmt: skip
    imported(checked(net.cara, network, content))
    assert set(known.participations.values_list("organisation", "role", "cost")) == {(one.pk, "coordinator", 5), (other.pk, "partner", 6)}  # fmt: skip


def test_a_project_has_one_coordinator_and_keeps_it(net, network):  # noqa: F811
    one, other = organisation("Une", siren=SIREN), organisation("Autre", siren=OTHER_SIREN)
    known = project("ABC", title_fr="Un projet à deux")
    Participation.objects.create(project=known, organisation=one, role="coordinator")
    Participation.objects.create(project=known, organisation=other)
    batch = checked(
        net.cara,
        network,
        csv(("Titre", "SIREN", "Rôle"), ("Un projet à deux", f"{OTHER_SIREN}|{SIREN}", "porteur|partenaire")),
    )
    assert codes(line(batch, 2)) == ["project-coordinator-other", "project-coordinator-stays"]
    assert line(batch, 2).action == "unchanged"


def test_a_partner_that_she_may_not_know_of_is_unknown(net, cara):  # noqa: F811
    Organisation.objects.filter(pk=net.secret.pk).update(siren=SIREN)
    Participation.objects.create(project=net.led, organisation=net.secret, role="coordinator")
    content = csv(
        ("Identifier in the directory", "Partenaire", "SIREN"), ("mene", f"{SECRET} SAS", ""), ("mene", "X", SIREN)
    )
    before = data()
    batch = checked(net.cara, cara, content)
    assert [codes(line(batch, n)) for n in (2, 3)] == [["project-partner-unknown"]] * 2
    imported(batch)
    assert "projects_participation" not in differences(before, data())


# --- labels and money -------------------------------------------------------------------------------------------------
def test_the_own_label_is_given_and_that_of_others_is_theirs(net, cara):  # noqa: F811
    content = csv(
        ("Titre", "Pôle chef de file", "Labellisé le", "Pôles co-labellisateurs", "Co-labellisé le"),
        ("Un projet mené par nous", "CARA", "2024-01-01", "Minalogic", "2024-02-02"), ("Un projet mené par eux", "Minalogic", "2024-01-01", "cara", "2024-02-02"),
        ("Un projet sans date", "CARA", "", "", ""), ("Un projet de personne", f"{SECRET} Pôle", "2024-01-01", "", ""),
    )  # fmt: skip
    batch = checked(net.cara, cara, content)
    assert [codes(line(batch, n)) for n in (2, 3, 4, 5)] == [
        ["project-label-of-others"], ["project-label-of-others", "project-label-without-lead"], ["project-label-undated"],
        ["project-cluster-unknown"],
    ]  # fmt: skip
    imported(batch)
    assert list(ProjectLabel.objects.filter(project__title_fr="Un projet mené par nous").values_list("cluster", "role")) == [(net.cara.pk, "lead")]  # fmt: skip
    hers = Project.objects.kept_by(get_user_model().objects.get(pk=cara.pk))
    assert (
        hers.filter(
            title_fr__in=[
                "Un projet mené par nous",
                "Un projet mené par eux",
                "Un projet sans date",
                "Un projet de personne",
            ]
        ).count()
        == 4
    )
    unchanged(net.cara, cara, content)


def test_without_a_column_of_clusters_a_day_makes_the_label_her_own(net, cara):  # noqa: F811
    content = csv(("Titre",), ("Un projet sans pôle",))
    imported(checked(net.cara, cara, content, labelled_on="2024-05-01"))
    made = Project.objects.get(title_fr="Un projet sans pôle")
    assert list(made.labels.values_list("cluster", "role", "date")) == [(net.cara.pk, "lead", date(2024, 5, 1))]
    unchanged(net.cara, cara, content, labelled_on="2024-05-01")
    imported(checked(net.cara, cara, csv(("Titre",), ("Un projet tout seul",))))
    assert not ProjectLabel.objects.filter(project__title_fr="Un projet tout seul").exists(), (
        "none that the file does not say"
    )


def test_the_network_gives_labels_of_all(net, network):  # noqa: F811
    content = csv(
        ("Titre", "Pôles labellisateurs", "Date du label"),
        ("Un projet commun", "Minalogic; CARA", "2024-01-01; 2024-02-02"),
    )
    imported(checked(net.cara, network, content))
    made = Project.objects.get(title_fr="Un projet commun")
    assert set(made.labels.values_list("cluster", "role", "date")) == {
        (net.minalogic.pk, "lead", date(2024, 1, 1)), (net.cara.pk, "co", date(2024, 2, 2))
    }  # fmt: skip
    unchanged(net.cara, network, content)


def test_a_funding_is_known_by_its_programme_and_its_day(net, network):  # noqa: F811
    fui = programme()
    Programme.objects.create(name_fr="Autre fonds", acronym="AF", slug="af"), Programme.objects.create(name_fr="Encore un", acronym="AF", slug="af2")  # fmt: skip
    known = project("ABC", title_fr="Un projet financé")
    for amount, day in ((5, date(2020, 1, 1)), (3, date(2020, 1, 1)), (None, date(2021, 1, 1))):
        Funding.objects.create(project=known, programme=fui, amount=amount, date=day)
    content = csv(
        ("Titre", "Programmes", "Montants des financements", "Financé le"),
        ("Un projet financé", "FUI | Fonds unique | fui | FUI | AF | Inconnu | FUI",
         "3 | 5 | 9 | 7 | 1 | 1 | 1", "2020-01-01 | 2020-01-01 | 2021-01-01 | 2022-01-01 | 2022-01-01 | 2022-01-01 |"),
    )  # fmt: skip
    batch = checked(net.cara, network, content)
    assert codes(line(batch, 2)) == [
        "project-programme-several",
        "project-programme-unknown",
        "project-funding-undated",
    ]
    imported(batch)
    assert set(known.fundings.values_list("amount", "date")) == {(5, date(2020, 1, 1)), (3, date(2020, 1, 1)), (9, date(2021, 1, 1)), (7, date(2022, 1, 1))}  # fmt: skip
    unchanged(net.cara, network, content)


# --- whose it is ------------------------------------------------------------------------------------------------------
def test_a_project_of_others_is_not_changed_and_told_what_would_be(net, cara):  # noqa: F811
    programme(), organisation("Une", siren=SIREN)
    theme = Theme.objects.create(name_fr="Photonique", slug="photonique")
    content = csv(
        ("Identifier in the directory", "Titre", "SIREN", "Thème", "Pôle", "Labellisé le", "Programme", "Montant", "Financé le"),
        (net.theirs.slug, "Un autre titre", SIREN, "Photonique", "CARA", "2024-01-01", "FUI", "5", "2024-01-01"),
    )  # fmt: skip
    before = data()
    batch = checked(net.cara, cara, content)
    row = line(batch, 2)
    assert row.action == "unchanged" and set(row.changes) == {"proposed"}
    assert set(row.changes["proposed"]) == {"title_fr", "themes", "partners", "fundings"}
    assert codes(row) == ["project-lead-other"]
    assert imported(batch).counts["written"] == {} and differences(before, data()) == {} and not theme.projects.exists()


def test_of_a_project_that_it_labels_too_a_cluster_changes_its_own_label(net, cara):  # noqa: F811
    content = csv(("Identifier in the directory", "Titre", "Pôles co-labellisateurs", "Co-labellisé le"), (net.co.slug, "Autre", "CARA", "2025-05-05"))  # fmt: skip
    batch = imported(checked(net.cara, cara, content))
    assert batch.counts["written"] == {"labels_changed": 1}
    assert net.co.labels.get(cluster=net.cara).date == date(2025, 5, 5)
    net.co.refresh_from_db()
    assert net.co.title_fr == ""


def test_a_draft_of_others_is_named_by_none_of_its_words_and_not_changed(net, cara):  # noqa: F811
    Project.objects.filter(pk=net.secret_project.pk).update(title_fr="Un projet très secret", start=date(2024, 1, 1))
    content = csv(
        ("Identifier in the directory", "Acronyme", "Titre", "Début"),
        (net.secret_project.slug, "", "Pris", ""), ("", SECRET, "Un projet très secret", "2024-01-01"), ("", SECRET, "", ""),
    )  # fmt: skip
    before = data()
    batch = checked(net.cara, cara, content)
    assert actions(batch)[2] == "refuse" and codes(line(batch, 2)) == ["line-hidden"]
    assert actions(batch)[3] == "create" and all(row.candidates == [] and row.match is None for row in batch.rows.all())
    imported(batch)
    kept = {text for text in before["projects_project"] if "tres secret" in text or "très secret" in text}
    assert kept <= set(data()["projects_project"])


def test_blank_cells_erase_nothing_but_in_the_columns_chosen_for_it(net, cara):  # noqa: F811
    Project.objects.filter(pk=net.led.pk).update(website="https://a.example", total_cost=5)
    content = csv(("Identifier in the directory", "Site", "Coût total"), (net.led.slug, "", ""))
    assert actions(checked(net.cara, cara, content)) == {2: "unchanged"}
    imported(checked(net.cara, cara, content, erasing=["total_cost"]))
    net.led.refresh_from_db()
    assert (net.led.website, net.led.total_cost) == ("https://a.example", None)


def test_what_the_database_would_refuse_is_refused_in_the_check(net, cara):  # noqa: F811
    organisation("Une", siren=SIREN)
    content = csv(
        ("Titre", "Début", "Fin", "SIREN", "Coût du partenaire", "Aide du partenaire"),
        ("À l'envers de tout", "2024-01-01", "2023-01-01", "", "", ""), ("À l'envers de tout", "", "", SIREN, "", ""),
        ("Trop aidée cette fois", "", "", SIREN, "5", "6"), ("Bien comme il faut", "", "", SIREN, "6", "5"),
    )  # fmt: skip
    batch = checked(net.cara, cara, content)
    assert actions(batch) == {2: "refuse", 3: "refuse", 4: "refuse", 5: "create"}
    assert [line(batch, n).problems for n in (2, 4)] == [
        [["", "line-constraint", {"name": "projects_project_dates_in_order"}]],
        [["", "line-constraint", {"name": "projects_participation_public_within_cost"}]],
    ]
    assert codes(line(batch, 3)) == ["line-first-refused"]
    assert imported(batch).state == "imported"


def test_taken_back_everything_is_as_it_was(net, cara, sign_in):  # noqa: F811
    programme(), organisation("Une", siren=SIREN), Theme.objects.create(name_fr="Photonique", slug="photonique")
    browser = sign_in("cara")
    browser.get("/admin/")
    before = data()
    content = csv(
        ("Acronyme", "Titre", "Début", "SIREN", "Coût du partenaire", "Thème", "Pôle", "Labellisé le", "Programme", "Montant", "Financé le"),
        ("NEUF", "Un projet tout neuf", "2024-01-01", SIREN, "5", "Photonique", "CARA", "2024-01-01", "FUI", "5", "2024-01-01"),
    )  # fmt: skip
    batch = imported(checked(net.cara, cara, content))
    page = csv(("Identifier in the directory", "Titre", "SIREN"), (net.led.slug, "Renommé", SIREN))
    second = imported(checked(net.cara, cara, page))
    assert set(differences(before, data())) >= {
        "projects_project",
        "projects_participation",
        "projects_projectlabel",
        "projects_funding",
    }
    for one in (second, batch):
        assert browser.post(f"/admin/changes/{one.change_set}/undo/", follow=True).status_code == 200
    left = differences(before, data())
    left.pop("django_tasks_database_dbtaskresult", None)  # the search for duplicates, which is to come
    left.pop("portal_searchword", None)  # the spelling of words that were read once is not unlearnt
    assert left == {}


def test_statements_do_not_grow_with_lines(net, cara):  # noqa: F811
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    organisation("Une", siren=SIREN)

    def statements(number: int) -> int:
        lines = [(f"Projet de nombre {number} numéro {n}", SIREN, "CARA", "2024-01-01") for n in range(number)]
        with CaptureQueriesContext(connection) as asked:
            imported(checked(net.cara, cara, csv(("Titre", "SIREN", "Pôle", "Labellisé le"), *lines)))
        return len(asked)

    assert abs(statements(3) - statements(120)) <= 3


# --- what was exported ------------------------------------------------------------------------------------------------
def a_rich_project(net) -> Project:  # noqa: F811
    """With something in every column, blanks among several values, namesakes and what is hidden from the public."""
    fui = programme()
    long = Programme.objects.create(name_fr="Programme sans sigle", name_en="Programme without acronym", slug="pss")
    known = project(
        "RICHE", slug="riche", title_fr="Un projet ; avec de tout, « entre guillemets »", title_en="=SUM(A1:A2), a project",
        summary_fr="Première ligne.\n\nSeconde ligne ; \"citée\".", summary_en="One line | another.", website="https://riche.example/page",
        national=True, start=date(2020, 2, 29), end=date(2024, 12, 31), total_cost=Decimal("1234567.89"), public_funding=Decimal("345678.90"),
    )  # fmt: skip
    known.themes.add(net.theme, Theme.objects.create(name_fr="Photonique", name_en="Photonics", slug="photonique"))
    firms = [organisation(name) for name in ("Meneuse, SA", "Jumelle", "Jumelle", "Sans montant")]
    firms.append(net.secret)
    for number, firm in enumerate(firms):
        Participation.objects.create(
            project=known, organisation=firm, role="partner" if number else "coordinator",
            cost=None if number == 3 else Decimal("1000.50") * (number + 1), public_funding=Decimal(400) if number == 1 else None,
        )  # fmt: skip
    for role, of, day in (("lead", net.cara, date(2019, 5, 1)), ("co", net.minalogic, date(2019, 6, 2)), ("co", net.secret_cluster, date(2019, 7, 3))):  # fmt: skip
        ProjectLabel.objects.create(project=known, cluster=of, role=role, date=day)
    for of, amount, day in ((fui, None, date(2019, 9, 1)), (fui, Decimal("7.25"), date(2019, 9, 1)), (long, Decimal(5), date(2021, 1, 1)), (long, None, date(2099, 1, 1))):  # fmt: skip
        Funding.objects.create(project=known, programme=of, amount=amount, date=day)
    project("NU", slug="nu"), project("", slug="titre-seul", title_en="Only a title")
    return known


FILES = {"csv": "csv", "csv-fr": "csv", "json": "json", "xlsx": "xlsx"}


def body(answer) -> bytes:
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def assert_every_column_was_read(batch: ImportBatch, names: list[str]) -> None:
    assert batch.columns == ["" if name in NOT_BROUGHT_IN else name for name in names]
    row = batch.rows.get(values__slug="riche")
    assert set(row.values) >= {"summary_fr", "total_cost", "national", "themes", "partners", "labels", "fundings"}
    assert row.match == Project.objects.get(slug="riche").pk


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("asked", FILES)
def test_what_the_public_takes_away_changes_nothing_when_it_comes_back(net, network, asked, language):  # noqa: F811
    a_rich_project(net)
    path = {"fr": "/fr/projets/", "en": "/en/projects/"}[language]
    content = body(Client().get(path, {"format": asked}))
    batch = unchanged(net.cara, network, content, f"projets.{FILES[asked]}")
    assert batch.counts["rows"] == batch.counts["unchanged"] == 5, "those of the net, and what has it all"
    assert_every_column_was_read(batch, [column.name for column in PROJECT_COLUMNS if column.public])
    assert {codes(row) == [] for row in batch.rows.all()} == {True}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("asked", FILES)
def test_what_staff_take_away_changes_nothing_when_it_comes_back(net, sign_in, asked, language):  # noqa: F811
    a_rich_project(net)
    for name in ("network", "cara"):
        browser = sign_in(name)
        browser.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        ticked = [column.name for column in PROJECT_COLUMNS]
        content = body(browser.post("/admin/projects/project/export/", {"column": ticked, "format": asked}))
        user = get_user_model().objects.get(username=name)
        batch = unchanged(net.cara, user, content, f"projets.{FILES[asked]}")
        assert batch.counts["rows"] == batch.counts["unchanged"] >= 2
        assert_every_column_was_read(batch, ticked)
        assert {tuple(codes(row)) for row in batch.rows.all()} == {()}


# --- from the command line --------------------------------------------------------------------------------------------
def test_the_command_takes_projects_as_the_pages_do(net, tmp_path, capsys):  # noqa: F811
    organisation("Une", siren=SIREN)
    file = tmp_path / "projets.csv"
    file.write_bytes(
        csv(
            ("Titre", "Début", "Fin", "SIREN"),
            ("Un projet de plus", "2024-01-01", "", SIREN),
            ("Sans raison", "2024-01-01", "2023-01-01", ""),
        )
    )
    with pytest.raises(CommandError) as refused:
        call_command("import_projects", file, cluster="cara", dry_run=True)
    assert refused.value.returncode == 1 and not Project.objects.filter(title_fr="Un projet de plus").exists()
    assert ImportBatch.objects.count() == 0
    with pytest.raises(CommandError, match="1 lines were refused"):
        call_command("import_projects", file, cluster="cara", yes=True)
    assert Project.objects.get(title_fr="Un projet de plus").participations.count() == 1
    assert "written: partners 1" in capsys.readouterr().out


def test_what_an_import_made_is_published_where_it_lacks_nothing(net, network):  # noqa: F811
    theme = Theme.objects.create(name_fr="Photonique", slug="photonique")
    content = csv(
        ("Titre", "Résumé", "Thème"), ("Un projet complet", "Il dit tout.", "Photonique"), ("Un projet muet", "", "")
    )
    batch = checked(net.cara, network, content)
    batch.publishes = True
    batch = imported(batch)
    assert batch.counts["written"]["published"] == 1 and list(theme.projects.values_list("status", flat=True)) == [
        "published"
    ]
    assert Project.objects.get(title_fr="Un projet muet").status == "draft"


# --- on the pages -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pages_name_nobody_that_is_hidden(net, cara, sign_in, language, django_assert_max_num_queries):  # noqa: F811
    programme(), organisation("Une", siren=SIREN)
    Organisation.objects.filter(pk=net.secret.pk).update(siren=OTHER_SIREN)
    Participation.objects.create(project=net.led, organisation=net.secret)
    content = csv(
        ("Identifier in the directory", "Acronyme", "Titre", "Début", "Coordinateur", "SIREN du coordinateur", "Coût du coordinateur", "SIREN", "Pôle", "Labellisé le", "Programme", "Montant", "Financé le"),
        ("", "NEUF", "Un projet tout neuf", "2024-01-01", "Une", SIREN, "1500", OTHER_SIREN, "CARA", "2024-03-01", "FUI", "2500000", "2024-02-01"),
        (net.led.slug, "", "Renommé", "", "", "", "", "", "CARA", "2023-05-06", "", "", ""), (net.theirs.slug, "", "Pris", "", "", "", "", "", "", "", "", "", ""),
        ("", "LEUR", "", "", "", "", "", "", "", "", "", "", ""),
    )  # fmt: skip
    batch = checked(net.cara, cara, content)
    browser = sign_in("cara")
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    browser.get("/admin/")
    with django_assert_max_num_queries(15):
        page = browser.get(f"/admin/members/importbatch/{batch.pk}/check/")
    assert page.status_code == 200
    told = page.text.replace("\u202f", " ").replace("\u00a0", " ")
    wanted = {
        "fr": ("Une (Coordinateur, coût 1 500 €)", "CARA (Pôle chef de file, 1 mars 2024)", "FUI (1 fév. 2024, 2 500 000 €)", "même acronyme, et rien", "Renommé"),
        "en": ("Une (Coordinator, cost €1,500)", "CARA (Lead cluster,", "€2,500,000", "same acronym, and nothing", "Renommé"),
    }[language]  # fmt: skip
    assert not [words for words in wanted if words not in told]
    places_of = [told.index(words) for words in ("NEUF</ins>", "Un projet tout neuf</ins>", *wanted[:3])]
    assert places_of == sorted(places_of), "in the order of the form"
    assert SECRET not in told and "Zanz" not in told
    batch = imported(batch)
    page = browser.get(f"/admin/members/importbatch/{batch.pk}/result/")
    assert page.status_code == 200 and "/admin/projects/project/?cluster=cara" in page.text
    assert {"fr": "1 projet créé", "en": "1 project made"}[language] in page.text.replace("\u202f", " ")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_model_of_a_file_is_understood_as_it_is(net, network, sign_in, kind):  # noqa: F811
    answer = sign_in("network").get(f"/admin/members/importbatch/model.{kind}", {"of": "projects"})
    batch = batches.receive(net.cara, network, f"x.{kind}", iter([answer.content]), "projects")
    assert "" not in batch.columns
    assert batch.columns[:3] == ["acronym", "title_fr", "start"] and "labelled_on" in batch.columns


def test_the_command_takes_what_is_the_same_on_every_line(net, tmp_path):  # noqa: F811
    theme = Theme.objects.create(name_fr="Photonique", slug="photonique")
    file = tmp_path / "projets.csv"
    file.write_bytes(csv(("Nom de code", "Bidule"), ("Un projet de plus", "x")))
    mapping = ["title_fr=Nom de code", "labelled_on==01/05/2024", "themes==photonique"]
    call_command("import_projects", file, cluster="cara", yes=True, mapping=mapping)
    made = Project.objects.get(title_fr="Un projet de plus")
    assert list(made.themes.all()) == [theme] and made.labels.get().date == date(2024, 5, 1)
    with pytest.raises(CommandError, match="Inconnue"):
        call_command(
            "import_projects", file, cluster="cara", yes=True, mapping=["title_fr=Nom de code", "themes==Inconnue"]
        )


def test_the_lead_is_neither_taken_nor_lost_and_is_given_where_there_is_none(net, network):  # noqa: F811
    alone = project("SEUL")
    ProjectLabel.objects.create(project=alone, cluster=net.cara, role="co", date=date(2020, 1, 1))
    content = csv(
        ("Identifier in the directory", "Pôle chef de file", "Pôles co-labellisateurs"),
        (net.co.slug, "CARA", ""), (net.co.slug, "", "Minalogic"), (net.co.slug, "MINALOGIC", "cara"), (alone.slug, "CARA", ""),
    )  # fmt: skip
    batch = checked(net.cara, network, content)
    assert [codes(line(batch, n)) for n in (2, 3, 4, 5)] == [["project-lead-other"], ["project-lead-stays"], [], []]
    assert imported(batch).counts["written"] == {"labels_changed": 1}
    assert list(alone.labels.values_list("role", "date")) == [("lead", date(2020, 1, 1))]


def test_what_may_be_several_is_left_out_and_told(net, network):  # noqa: F811
    for number in range(2):
        twin = organisation("Jumelle", siren=(SIREN, OTHER_SIREN)[number])
        Site.objects.create(organisation=twin, department=places(), city="Grenoble")
    organisation("Seule", kind="institution", uai_code="0751717J", siren="130015332")
    organisation("Seule", kind="institution")
    several = [Programme.objects.create(name_fr=f"Fonds {n}", acronym="AF", slug=f"af-{n}") for n in range(2)]
    known = project("ABC", title_fr="Un moteur de navire")
    Funding.objects.create(project=known, programme=several[1], date=date(2020, 1, 1))
    content = csv(
        ("Titre", "Partenaire", "Ville", "SIREN", "UAI", "Programme", "Montant", "Financé le"),
        ("Un moteur de navire", "Jumelle", "Grenoble", "", "", "AF", "5", "2020-01-01"), ("Un moteur de fusée", "", "", SIREN, "0751717J", "AF", "5", "2020-01-01"),
        ("Un moteur de camion", "Seule", "", "130015332", "", "", "", ""),
    )  # fmt: skip
    batch = checked(net.cara, network, content)
    assert [codes(line(batch, n)) for n in (2, 3, 4)] == [
        ["project-partner-several"], ["project-partner-several", "project-programme-several"], []
    ]  # fmt: skip
    imported(batch)
    assert known.fundings.get().amount == 5, "of namesakes that which paid already"


def test_what_stands_beside_nothing_and_a_role_that_is_none_are_told(net, network):  # noqa: F811
    organisation("Une", siren=SIREN)
    content = csv(
        ("Titre", "SIREN", "Rôle", "Coût du partenaire", "Pôle", "Labellisé le", "Programme", "Montant", "Financé le", "Coût du coordinateur"),
        ("Un moteur de navire", "", "", "5", "", "2020-01-01", "", "7", "", "9"), ("Un moteur de fusée", SIREN, "Mécène", "", "", "", "", "", "", ""),
        ("", SIREN, "", "", "", "", "", "", "", ""),
    )  # fmt: skip
    batch = checked(net.cara, network, content)
    assert codes(line(batch, 2)) == ["project-of-nobody", "project-of-nobody", "project-label-of-nobody", "project-funding-of-nothing"]  # fmt: skip
    assert codes(line(batch, 3)) == ["project-role"] and line(batch, 3).changes["partners"][0]["role"] == "partner"
    assert actions(batch)[4] == "refuse" and codes(line(batch, 4)) == ["project-nameless"]


def test_nobody_makes_herself_the_lead_of_what_she_does_not_keep(net, cara):  # noqa: F811
    alone, free = project("SEUL"), project("LIBRE")
    ProjectLabel.objects.create(project=alone, cluster=net.cara, role="co", date=date(2020, 1, 1))
    content = csv(("Identifier in the directory", "Pôle chef de file", "Labellisé le"), (alone.slug, "CARA", "2020-01-01"), (free.slug, "CARA", "2020-01-01"))  # fmt: skip
    before = data()
    batch = checked(net.cara, cara, content)
    assert [set(line(batch, n).changes) for n in (2, 3)] == [{"proposed"}, {"proposed"}]
    imported(batch)
    assert differences(before, data()) == {}


def test_whoever_works_for_two_clusters_gives_no_lead_to_what_she_does_not_keep(net, sign_in):  # noqa: F811
    sign_in("both")
    both = get_user_model().objects.get(username="both")
    alone = project("SEUL")
    ProjectLabel.objects.create(project=alone, cluster=net.cara, role="co", date=date(2020, 1, 1))
    headers = (
        "Identifier in the directory",
        "Pôle chef de file",
        "Labellisé le",
        "Pôles co-labellisateurs",
        "Co-labellisé le",
    )
    batch = checked(net.cara, both, csv(headers, (alone.slug, "Minalogic", "2020-01-01", "", "")))
    assert set(line(batch, 2).changes) == {"proposed"} and line(batch, 2).action == "unchanged"


def test_a_funding_that_may_be_one_of_two_changes_neither(net, network):  # noqa: F811
    known = project("ABC", title_fr="Un projet financé")
    for amount in (5, 3):
        Funding.objects.create(project=known, programme=programme(), amount=amount, date=date(2020, 1, 1))
    content = csv(
        ("Titre", "Programme", "Montant", "Financé le"), ("Un projet financé", "FUI", "4", "2020-01-01"), ("Un projet financé", "FUI", "4", ""),
    )  # fmt: skip
    batch = checked(net.cara, network, content)
    assert [codes(line(batch, n)) for n in (2, 3)] == [["project-funding-several"]] * 2
    assert line(batch, 2).action == "unchanged"
