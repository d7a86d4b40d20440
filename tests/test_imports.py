"""Files of members brought in: whom a line speaks of, what it changes, and that nothing ambiguous decides itself."""

from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone, translation

from cluster_portal.exchange.sheets import Unreadable
from cluster_portal.work.worker import Beside
from members.imports import batches, checking, tasks
from members.models import (
    ColumnMapping,
    ContactPerson,
    Department,
    FurtherNumber,
    ImportBatch,
    Organisation,
    Site,
    Theme,
)
from tests.admin_rows import organisation, places
from tests.imports import actions, checked, codes, csv, imported, line
from tests.test_admin_scope import SECRET, net, sign_in  # noqa: F401 (fixtures)
from tests.test_undo import differences, dump
from tests.work import do_what_waits

pytestmark = pytest.mark.django_db
SIREN, SIRET, OTHER_SIREN = "552081317", "55208131766522", "542065479"
OF_IMPORTS = {"members_importbatch", "members_importrow", "members_columnmapping"}


@pytest.fixture
def cara(net, sign_in):  # noqa: F811
    sign_in("cara")
    return get_user_model().objects.get(username="cara")


@pytest.fixture
def network(net, sign_in):  # noqa: F811
    sign_in("network")
    return get_user_model().objects.get(username="network")


def data() -> dict:
    return {table: rows for table, rows in dump().items() if table not in OF_IMPORTS}


def events() -> int:
    from tests.test_history import ask

    tables = [name for (name,) in ask("SELECT tablename FROM pg_tables WHERE tablename ~ 'event$'")]
    return sum(ask(f"SELECT count(*) FROM {table}")[0][0] for table in tables)


# --- from nothing to a member -----------------------------------------------------------------------------------------
def test_a_new_line_becomes_a_draft_with_its_site_and_its_membership(net, cara):  # noqa: F811
    isere = places()
    batch = checked(
        net.cara, cara,
        csv(("Dénomination", "N° SIRET", "CP", "Ville", "Taille", "Code NAF", "Date d'adhésion", "Téléphone"),
            ("Volta Mobilités", "552 081 317 66522", "38000", "GRENOBLE CEDEX 09", "PME", "2712Z", "01/03/2024", "04 76 12 34 56")),
    )  # fmt: skip
    assert actions(batch) == {2: "create"}
    assert Organisation.objects.filter(name="Volta Mobilités").count() == 0, "a check writes nothing"
    assert {(field, code) for field, code, _b, _a in line(batch, 2).repairs} >= {("siret", "blanks"), ("city", "cedex"), ("naf_code", "naf_dot"), ("joined_on", "date")}  # fmt: skip
    batch = imported(batch)
    assert batch.state == "imported" and batch.counts["written"] == {"organisations": 1, "site": 1, "membership": 1}
    made = Organisation.objects.get(name="Volta Mobilités")
    assert (made.status, made.lead_cluster, made.siren, made.size, made.naf_code) == ("draft", net.cara, SIREN, "sme", "27.12Z")  # fmt: skip
    assert (made.slug, made.created_by, made.assigned_to) == ("volta-mobilites", cara, cara)
    assert str(made.phone) == "+33476123456"
    site = made.sites.get()
    assert (site.siret, site.postcode, site.city, site.department, site.head_office) == (SIRET, "38000", "GRENOBLE", isere, True)  # fmt: skip
    assert site.region == isere.region and site.precision == "city" and 45 < site.latitude < 46, (
        "the middle of its town"
    )
    member = made.memberships.get()
    assert (member.cluster, member.joined_on, member.left_on) == (net.cara, date(2024, 3, 1), None)


def test_the_same_file_again_changes_nothing_and_leaves_no_event(net, cara):  # noqa: F811
    places()
    theme = Theme.objects.create(name_fr="Photonique", name_en="Photonics", slug="photonique")
    content = csv(
        ("Nom", "SIREN", "CP", "Ville", "Thématiques", "Contact", "Email contact", "Nom commercial"),
        ("Volta", SIREN, "38000", "Grenoble", "photoniques", "Ada Lovelace", "ada@volta.example", "Voltalia"),
    )
    imported(checked(net.cara, cara, content))
    made = Organisation.objects.get(siren=SIREN)
    assert list(made.themes.all()) == [theme] and made.names.get().name == "Voltalia"
    before, number = data(), events()
    again = imported(checked(net.cara, cara, content))
    assert again.counts["unchanged"] == 1 and again.counts["written"] == {} and again.change_set == ""
    assert differences(before, data()) == {} and events() == number


def test_taken_back_everything_is_as_it_was(net, cara, sign_in):  # noqa: F811
    Site.objects.create(organisation=net.own, city="Grenoble", department=places(), siret="")
    browser = sign_in("cara")
    browser.get("/admin/")
    before = data()
    batch = imported(checked(
        net.cara, cara,
        csv(("Page address", "Nom", "SIREN", "CP", "Ville", "Contact", "Nom court", "Catégorie"),
            (net.own.slug, net.own.name, OTHER_SIREN, "38190", "Crolles", "Ada", "FC", "PME"),
            ("", "Toute neuve", SIREN, "38000", "Grenoble", "Grace", "TN", "Start-up")),
    ))  # fmt: skip
    assert batch.state == "imported" and batch.counts["update"] == batch.counts["create"] == 1
    assert set(differences(before, data())) >= {"members_organisation", "members_site", "members_membership", "members_contactperson"}  # fmt: skip
    assert browser.post(f"/admin/changes/{batch.change_set}/undo/", follow=True).status_code == 200
    left = differences(before, data())
    left.pop("django_tasks_database_dbtaskresult")  # the search for duplicates, which is to come
    left.pop("portal_searchword", None)  # the spelling of words that were read once is not unlearnt
    assert left == {}


# --- whom a line speaks of --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "kind", "header", "written"),
    [
        ({"siren": SIREN}, "company", "SIREN", "552 081 317"),
        ({"rnsr_id": "199111950H"}, "laboratory", "Numéro RNSR", "199111950h"),
        ({"uai_code": "0751717J"}, "institution", "uai - identifiant", "0751717J"),
        ({"ror_id": "02feahw73"}, "institution", "Identifiant ROR", "https://ror.org/02feahw73"),
    ],
)
def test_an_official_number_says_whom(net, network, number, kind, header, written):  # noqa: F811
    known = organisation("Sous un autre nom", kind=kind, lead_cluster=net.cara, **number)
    batch = checked(net.cara, network, csv(("Nom", header), ("Nom du fichier", written)), kind=kind)
    assert (line(batch, 2).action, line(batch, 2).match) == ("update", known.pk)
    imported(batch)
    known.refresh_from_db()
    assert known.name == "Sous un autre nom", "another name is another name"
    assert list(known.names.values_list("name", "kind")) == [("Nom du fichier", "trade")]


def test_a_further_number_says_whom_too(net, network):  # noqa: F811
    known = organisation("Université", kind="institution")
    FurtherNumber.objects.create(organisation=known, kind="uai", value="0751717J")
    batch = checked(net.cara, network, csv(("Nom", "UAI"), ("Autre", "0751717J")), kind="institution")
    assert line(batch, 2).match == known.pk


def test_a_website_of_one_says_whom_and_one_that_is_shared_does_not(net, network):  # noqa: F811
    known = organisation("Seule", website="https://www.seule.example")
    for number in range(2):
        organisation(f"Jumelle {number}", website="http://jumelles.example/")
    batch = checked(
        net.cara, network,
        csv(("Nom", "Site web"), ("Un nom", "seule.example/"), ("Un autre", "https://jumelles.example"), ("Ailleurs", "https://jumelles.example/lyon")),
    )  # fmt: skip
    assert (line(batch, 2).match, line(batch, 2).rule) == (known.pk, "website")
    assert (line(batch, 3).action, line(batch, 3).rule) == ("ask", "several"), "two have it"
    assert line(batch, 4).action == "create", "another page of a host is another"


def test_a_name_with_its_department_says_whom_and_alone_it_asks(net, network):  # noqa: F811
    isere = places()
    known = organisation("Les Énergies d'Isère SAS")
    Site.objects.create(organisation=known, department=isere, city="Grenoble")
    content = csv(
        ("Nom", "CP", "Ville"), ("LES ENERGIES D’ISERE", "38000", "Grenoble"), ("Les énergies d'Isère", "", "Lyon")
    )
    batch = checked(net.cara, network, content)
    assert (line(batch, 2).action, line(batch, 2).match, line(batch, 2).rule) == ("update", known.pk, "name")
    row = line(batch, 3)
    assert (row.action, row.rule, row.match) == ("ask", "elsewhere", None)
    assert [candidate[0] for candidate in row.candidates] == [known.pk]


def test_an_acronym_never_says_whom(net, network):  # noqa: F811
    known = organisation("Établissement lointain", acronym="CEA")
    Site.objects.create(organisation=known, department=places(), city="Grenoble")
    batch = checked(net.cara, network, csv(("Nom", "CP", "Ville"), ("CEA", "38000", "Grenoble")))
    assert line(batch, 2).match is None and line(batch, 2).action == "create"


def test_a_similar_name_in_the_department_is_asked_about(net, network):  # noqa: F811
    known = organisation("Helioss Photovoltaïque")
    Site.objects.create(organisation=known, department=places(), city="Grenoble")
    batch = checked(net.cara, network, csv(("Nom", "CP", "Ville"), ("Helios Photovoltaique", "38000", "Grenoble"), ("Helium Cryogénie", "38000", "Grenoble")))  # fmt: skip
    assert (line(batch, 2).action, line(batch, 2).rule) == ("ask", "similar")
    assert line(batch, 2).candidates[0][0] == known.pk and line(batch, 3).action == "create"


def test_numbers_of_two_organisations_are_asked_about(net, network):  # noqa: F811
    one, other = organisation("Une", siren=SIREN), organisation("Autre", siren=OTHER_SIREN)
    Site.objects.create(organisation=other, siret="54206547900033", department=places())
    batch = checked(net.cara, network, csv(("Nom", "SIREN", "UAI"), ("X", SIREN, "")))
    assert line(batch, 2).match == one.pk
    uni = organisation("Université", kind="institution", uai_code="0751717J", ror_id="")
    ror = organisation("École", kind="institution", ror_id="02feahw73")
    batch = checked(net.cara, network, csv(("Nom", "UAI", "ROR"), ("X", "0751717J", "02feahw73")), kind="institution")
    row = line(batch, 2)
    assert (row.action, row.rule, {one[0] for one in row.candidates}) == ("ask", "several", {uni.pk, ror.pk})


def test_a_number_or_a_kind_that_contradicts_is_asked_about(net, network):  # noqa: F811
    organisation("Volta", siren=OTHER_SIREN, website="https://volta.example")
    organisation("Labo Ampère", kind="laboratory", website="https://ampere.example")
    content = csv(("Nom", "SIREN", "Site"), ("Volta", SIREN, "volta.example"), ("Ampère SAS", "", "ampere.example"))
    batch = checked(net.cara, network, content)
    assert [(line(batch, n).action, line(batch, n).rule) for n in (2, 3)] == [("ask", "contradicted")] * 2


def test_an_archived_one_is_asked_about(net, network):  # noqa: F811
    known = organisation("Fermée", status="archived", archived_on=timezone.localdate())
    Site.objects.create(organisation=known, department=places(), city="Grenoble")
    batch = checked(net.cara, network, csv(("Nom", "CP", "Ville"), ("Fermée", "38000", "Grenoble")))
    assert (line(batch, 2).action, line(batch, 2).rule) == ("ask", "archived")


def test_decisions_are_made_line_by_line_or_for_all_and_can_be_changed(net, network):  # noqa: F811
    first, second = organisation("Même nom"), organisation("Même nom")
    content = csv(("Nom", "Ville"), ("Même nom", "Lyon"), ("Même Nom", "Nice"), ("MEME NOM", "Brest"))
    batch = checked(net.cara, network, content)
    assert actions(batch) == {2: "ask", 3: "ask", 4: "ask"}
    assert checking.decide(batch, [2], "this", second.pk) == 1
    assert checking.decide(batch, [3], "this", net.own.pk) == 0, "only one of those that it may be"
    assert checking.decide(batch, [3], "new") == 1 and checking.decide(batch, [4], "skip") == 1
    assert (line(batch, 2).action, line(batch, 2).match) == ("update", second.pk)
    assert actions(batch) == {2: "update", 3: "create", 4: "skip"}
    assert checking.decide(batch, [4], "this") == 1, "the surest of them"
    assert line(batch, 4).match == min(first.pk, second.pk)
    assert checking.decide(batch, [4], "") == 1 and line(batch, 4).action == "ask"
    batch = imported(batch)
    assert batch.counts["written"]["organisations"] == 1 and batch.counts["ask"] == 1
    assert second.memberships.get().cluster == net.cara and not first.memberships.exists()


def test_a_website_that_several_lines_have_says_of_none_whom(net, network):  # noqa: F811
    organisation("Labo A", kind="laboratory", website="https://univ.example")
    content = csv(("Nom", "Site"), ("Labo B", "univ.example"), ("Labo C", "univ.example"))
    batch = checked(net.cara, network, content, kind="laboratory")
    assert [(line(batch, n).action, line(batch, n).rule) for n in (2, 3)] == [("ask", "same_website")] * 2


def test_another_number_of_its_own_is_asked_about(net, network):  # noqa: F811
    organisation("Université X", kind="institution", website="https://univ.example", uai_code="0751717J")
    content = csv(("Nom", "UAI", "Site"), ("Lycée Y", "0755361V", "univ.example"))
    batch = checked(net.cara, network, content, kind="institution")
    assert (line(batch, 2).action, line(batch, 2).rule) == ("ask", "contradicted")


def test_lines_that_come_together_with_two_decisions_are_asked_about_anew(net, cara):  # noqa: F811
    places()
    Site.objects.create(organisation=net.stranger, department=places(), city="Grenoble")
    theirs = ("Firme de Minalogic", "38", "https://pris.example")
    content = csv(("Nom", "Département", "Site"), theirs, theirs)
    batch = batches.receive(net.cara, cara, "x.csv", iter([content]))
    batches.choose_columns(batch, ["name", "", "website"], {"kind": "company"}, [])
    checking.check(batch)
    checking.decide(batch, [2], "new")
    assert checking.decide(batch, [3], "this", net.stranger.pk) == 1
    batches.choose_columns(batch, ["name", "department", "website"], {"kind": "company"}, [])
    checking.check(batch)
    before = data()
    imported(batch)
    changed = set(differences(before, data()))
    net.stranger.refresh_from_db()
    assert net.stranger.website == "" and "members_organisationname" not in changed
    assert all("set" not in row.changes for row in batch.rows.all())


def test_a_decision_is_of_one_of_those_that_it_may_be_and_else_forgotten(net, network):  # noqa: F811
    first, second = organisation("Premier"), organisation("Second")
    batch = batches.receive(net.cara, network, "x.csv", iter([csv(("A", "B"), ("Premier", "Second"))]))
    batches.choose_columns(batch, ["name", ""], {"kind": "company"}, [])
    checking.check(batch)
    checking.decide(batch, [2], "this", first.pk)
    batches.choose_columns(batch, ["", "name"], {"kind": "company"}, [])
    checking.check(batch)
    assert (line(batch, 2).action, line(batch, 2).decision) == ("ask", "")
    assert [one[0] for one in line(batch, 2).candidates] == [second.pk]


def test_lines_that_find_one_organisation_by_different_ways_make_one_membership(net, network):  # noqa: F811
    known = organisation("Volta", siren=SIREN, website="https://volta.example")
    content = csv(("Nom", "SIREN", "Site"), ("Volta", SIREN, ""), ("Volta Énergie", "", "volta.example"))
    batch = imported(checked(net.cara, network, content))
    assert batch.state == "imported" and known.memberships.count() == 1
    assert list(known.names.values_list("name", flat=True)) == ["Volta Énergie"]


def test_one_with_a_number_and_one_without_in_one_department_are_one(net, cara):  # noqa: F811
    places()
    content = csv(
        ("Nom", "SIREN", "CP", "Ville"), ("Neuve", "", "38000", "Grenoble"), ("NEUVE", SIREN, "38000", "Grenoble")
    )
    batch = imported(checked(net.cara, cara, content))
    made = Organisation.objects.get(name="Neuve")
    assert (made.siren, batch.counts["organisations"]) == (SIREN, 1)
    again = checked(net.cara, cara, content)
    assert again.counts["unchanged"] + again.counts["skip"] == 2


def test_a_number_of_another_is_left_to_it(net, network):  # noqa: F811
    one = organisation("Une", kind="institution", uai_code="0751717J")
    organisation("Autre", kind="institution", ror_id="02feahw73")
    content = csv(("Nom", "UAI", "ROR"), ("Une", "0751717J", "02feahw73"))
    batch = checked(net.cara, network, content, kind="institution")
    checking.decide(batch, [2], "this", one.pk)
    assert "line-number-of-another" in codes(line(batch, 2))
    assert imported(batch).state == "imported"


# --- lines of one organisation ----------------------------------------------------------------------------------------
def test_lines_of_one_siren_are_one_organisation_with_its_sites_and_names(net, cara):  # noqa: F811
    places()
    batch = checked(
        net.cara, cara,
        csv(("Nom", "SIRET", "CP", "Ville"),
            ("Volta", SIRET, "38000", "Grenoble"), ("Volta", "55208131700018", "38190", "Crolles"),
            ("Volta Services", SIRET, "38000", "Grenoble"), ("VOLTA", SIRET, "38000", "Grenoble")),
    )  # fmt: skip
    assert actions(batch) == {2: "create", 3: "update", 4: "update", 5: "skip"}
    assert {row.group for row in batch.rows.all()} == {2} and line(batch, 5).rule == "repeat"
    imported(batch)
    made = Organisation.objects.get(siren=SIREN)
    assert set(made.sites.values_list("siret", "city", "head_office")) == {(SIRET, "Grenoble", True), ("55208131700018", "Crolles", False)}  # fmt: skip
    assert list(made.names.values_list("name", flat=True)) == ["Volta Services"]
    assert made.memberships.count() == 1


def test_two_lines_of_one_number_and_another_are_refused_with_both(net, cara):  # noqa: F811
    content = csv(("Nom", "ROR", "UAI"), ("Une", "02feahw73", "0751717J"), ("Autre", "02feahw73", "0755361V"))
    batch = checked(net.cara, cara, content, kind="institution")
    assert actions(batch) == {2: "create", 3: "refuse"}
    assert codes(line(batch, 3)) == ["line-number-twice"]


# --- what is written --------------------------------------------------------------------------------------------------
def test_blank_cells_erase_nothing_but_in_the_columns_chosen_for_it(net, cara):  # noqa: F811
    Organisation.objects.filter(pk=net.own.pk).update(siren=SIREN, website="https://a.example", acronym="FC")
    content = csv(("Nom", "SIREN", "Site", "Sigle"), (net.own.name, SIREN, "", ""))
    assert actions(checked(net.cara, cara, content)) == {2: "unchanged"}
    batch = checked(net.cara, cara, content, erasing=["acronym"])
    assert line(batch, 2).changes["set"] == {"acronym": ["FC", ""]}
    imported(batch)
    net.own.refresh_from_db()
    assert (net.own.acronym, net.own.website) == ("", "https://a.example")


def test_a_text_that_becomes_nothing_is_no_blank_cell(net, cara):  # noqa: F811
    Organisation.objects.filter(pk=net.own.pk).update(siren=SIREN, size="sme")
    content = csv(("Nom", "SIREN", "Taille"), (net.own.name, SIREN, "inconnue"))
    batch = checked(net.cara, cara, content, values={"size": {"inconnue": ""}}, erasing=["size"])
    assert line(batch, 2).action == "unchanged"


def test_of_what_another_cluster_keeps_only_the_membership_is_written(net, cara):  # noqa: F811
    Organisation.objects.filter(pk=net.stranger.pk).update(siren=SIREN, website="https://a.example")
    theme = Theme.objects.create(name_fr="Photonique", slug="photonique")
    content = csv(
        ("Nom", "SIREN", "Site", "Thème", "Ville", "Catégorie", "Contact"),
        ("Autre nom", SIREN, "b.example", "Photonique", "Lyon", "PME", "Ada"),
    )
    batch = checked(net.cara, cara, content)
    row = line(batch, 2)
    assert row.action == "update" and set(row.changes) == {"proposed", "membership", "contact"}
    assert row.changes["proposed"]["website"] == ["https://a.example", "https://b.example"]
    before = data()
    imported(batch)
    changed = set(differences(before, data()))
    assert {"members_membership", "members_contactperson"} <= changed
    assert not changed & {"members_organisation", "members_site", "members_organisation_themes", "members_organisationname"}  # fmt: skip
    assert ContactPerson.objects.get(name="Ada").cluster == net.cara and theme.organisations.count() == 0


def test_a_draft_of_others_is_named_by_none_of_its_words_and_not_changed(net, cara):  # noqa: F811
    Organisation.objects.filter(pk=net.secret.pk).update(siren=SIREN, website="https://secret.example")
    Site.objects.create(organisation=net.secret, department=places(), city="Grenoble", siret=SIRET)
    content = csv(
        ("Nom", "SIREN", "CP", "Ville", "Site"),
        ("Par le numéro", SIREN, "", "", ""), (f"{SECRET} SAS", "", "38000", "Grenoble", ""), ("Par le site", "", "", "", "secret.example"),
    )  # fmt: skip
    before = data()
    batch = checked(net.cara, cara, content)
    assert actions(batch) == {2: "refuse", 3: "create", 4: "create"} and codes(line(batch, 2)) == ["line-hidden"]
    assert all(row.candidates == [] and row.match is None for row in batch.rows.all())
    assert SECRET not in str(list(batch.rows.exclude(line=3).values()))
    imported(batch)
    assert set(differences(before, data())["members_organisation"]) and Organisation.objects.get(pk=net.secret.pk).name == f"{SECRET} SAS"  # fmt: skip
    assert not net.secret.memberships.filter(cluster=net.cara).exists()


def test_a_file_with_the_page_addresses_of_others_changes_nothing_of_theirs(net, cara):  # noqa: F811
    content = csv(
        ("Page address", "Nom", "Site"),
        (net.stranger.slug, "Renommée", "https://pris.example"), (net.secret.slug, "Prise", ""), (net.own.slug, "À nous", ""),
    )  # fmt: skip
    batch = checked(net.cara, cara, content)
    assert line(batch, 3).action == "refuse"
    imported(batch)
    net.stranger.refresh_from_db(), net.secret.refresh_from_db(), net.own.refresh_from_db()
    assert (net.stranger.name, net.stranger.website) == ("Firme de Minalogic", "")
    assert net.secret.name == f"{SECRET} SAS" and net.own.name == "À nous", "its own is renamed by its page"


def test_whoever_left_is_a_member_again_and_a_period_that_overlaps_is_told(net, cara):  # noqa: F811
    Organisation.objects.filter(pk=net.own.pk).update(siren=SIREN)
    net.own.memberships.update(left_on=date(2022, 1, 1))
    batch = checked(net.cara, cara, csv(("Nom", "SIREN", "Membre depuis"), (net.own.name, SIREN, "2021-06-01")))
    assert codes(line(batch, 2)) == ["line-overlaps"] and "membership" not in line(batch, 2).changes
    imported(checked(net.cara, cara, csv(("Nom", "SIREN"), (net.own.name, SIREN))))
    again = net.own.memberships.get(left_on=None)
    assert again.joined_on == timezone.localdate(), "today, since the first time is over"


def test_a_number_that_is_there_is_never_overwritten(net, cara):  # noqa: F811
    Organisation.objects.filter(pk=net.own.pk).update(siren=OTHER_SIREN)
    batch = checked(net.cara, cara, csv(("Page address", "SIREN"), (net.own.slug, SIREN)))
    assert codes(line(batch, 2)) == ["line-another-number"] and line(batch, 2).action == "unchanged"


def test_what_the_database_would_refuse_is_refused_in_the_check(net, cara):  # noqa: F811
    content = csv(("Nom", "SIREN", "Année de création", "Date de fermeture"),
                  ("Fermée avant", SIREN, "2020", "2019-01-01"), ("Bien", OTHER_SIREN, "2020", ""))  # fmt: skip
    batch = checked(net.cara, cara, content)
    assert actions(batch) == {2: "refuse", 3: "create"}
    assert line(batch, 2).problems == [["", "line-constraint", {"name": "members_organisation_closed_after_founding"}]]


def test_a_wrong_number_refuses_its_line_and_a_wrong_website_only_itself(net, cara):  # noqa: F811
    content = csv(
        ("Nom", "SIRET", "Site"), ("A", "48300000000000", ""), ("B", "5,52E+13", ""), ("C", "", "pas un site")
    )
    batch = checked(net.cara, cara, content)
    assert actions(batch) == {2: "refuse", 3: "refuse", 4: "create"}
    assert [codes(line(batch, n)) for n in (2, 3, 4)] == [["cell-siret"], ["cell-lost-digits"], ["cell-website"]]


def test_a_repair_that_is_not_wanted_is_not_made(net, cara):  # noqa: F811
    places()
    content = csv(("Nom", "CP", "Ville"), ("A", "38000", "GRENOBLE CEDEX 9"), ("B", "1000", "Bourg"))
    batch = checked(net.cara, cara, content, declined=["cedex", "leading_zeros"])
    assert line(batch, 2).values["city"] == "GRENOBLE CEDEX 9" and line(batch, 2).repairs == []
    assert "postcode" not in line(batch, 3).values and codes(line(batch, 3)) == ["line-declined"]


def test_names_in_capitals_are_put_in_small_letters_where_it_is_asked_for(net, cara):  # noqa: F811
    content = csv(("Nom",), ("ÉLECTRICITÉ DU VERCORS SAS",), ("Déjà Bien",))
    assert line(checked(net.cara, cara, content), 2).values["name"] == "ÉLECTRICITÉ DU VERCORS SAS"
    batch = checked(net.cara, cara, content, capitals=True)
    assert line(batch, 2).values["name"] == "Électricité du Vercors SAS"
    assert line(batch, 2).repairs == [["name", "capitals", "ÉLECTRICITÉ DU VERCORS SAS", "Électricité du Vercors SAS"]]
    assert line(batch, 3).repairs == [] and "capitals" not in line(batch, 2).values


def test_unit_numbers_in_parallel_columns_align_or_are_a_question(net, network):  # noqa: F811
    content = csv(("Nom", "RNSR", "Label", "Numéro d'unité"),
                  ("A", "199111950H", "UMR;EA", "5506;1496"), ("B", "", "UMR;EA", "5506"))  # fmt: skip
    batch = checked(net.cara, network, content, kind="laboratory")
    assert line(batch, 2).values["unit_numbers"] == [["UMR", "5506"], ["EA", "1496"]]
    assert codes(line(batch, 3)) == ["line-not-aligned"]


def test_supervising_bodies_are_found_by_acronym_and_an_unknown_one_is_told(net, network):  # noqa: F811
    cnrs = organisation("Centre national", kind="institution", acronym="CNRS")
    batch = checked(
        net.cara, network, csv(("Nom", "Tutelle 1", "Tutelle 2"), ("A", "CNRS", "Inconnue")), kind="laboratory"
    )
    assert codes(line(batch, 2)) == ["line-supervisor-unknown"]
    imported(batch)
    assert list(Organisation.objects.get(name="A").supervisors.all()) == [cnrs]


def test_without_coordinates_a_place_is_the_middle_of_its_town_or_its_department(net, cara):  # noqa: F811
    places()
    content = csv(("Nom", "CP", "Ville", "Coordonnées"), ("A", "38000", "Grenoble", ""), ("B", "38999", "Hameau perdu", ""),
                  ("C", "38000", "Grenoble", "45.18, 5.72"), ("D", "38000", "Grenoble", "5.72, 45.18"))  # fmt: skip
    batch = checked(net.cara, cara, content)
    assert [line(batch, n).changes["site"]["precision"] for n in (2, 3, 4)] == ["city", "department", "address"]
    assert codes(line(batch, 5)) == ["cell-swapped"], "swapped coordinates are refused"


def test_a_file_that_says_no_country_moves_no_site_to_france(net, cara):  # noqa: F811
    Organisation.objects.filter(pk=net.own.pk).update(siren=SIREN, country="DE")
    Site.objects.create(organisation=net.own, city="Aachen", country="DE", postcode="52062")
    Department.objects.get_or_create(insee_code="52", name="Haute-Marne", slug="haute-marne")
    batch = checked(net.cara, cara, csv(("Nom", "SIREN", "CP", "Ville"), (net.own.name, SIREN, "52062", "Aachen")))
    assert line(batch, 2).action == "unchanged", "nor to Haute-Marne"
    batch = checked(net.cara, cara, csv(("Nom", "SIREN", "Ville", "Pays"), (net.own.name, SIREN, "Aachen", "Belgique")))
    assert line(batch, 2).changes["site_set"]["country"] == ["DE", "BE"]


# --- the whole list ---------------------------------------------------------------------------------------------------
def test_members_missing_from_the_whole_list_end_only_when_it_is_said(net, cara):  # noqa: F811
    Organisation.objects.filter(pk=net.own.pk).update(siren=SIREN)
    content = csv(("Nom", "SIREN"), (net.own.name, SIREN))
    batch = checked(net.cara, cara, content, whole=True)
    assert batch.counts["missing"] == 2, "the shared one and the draft"
    imported(batch)
    assert net.cara.memberships.filter(left_on=None).count() == 3
    batch = imported(checked(net.cara, cara, content, whole=True, ends_on=date(2026, 6, 30)))
    assert batch.counts["written"] == {"ended": 2}
    assert set(net.cara.memberships.filter(left_on=date(2026, 6, 30)).values_list("organisation", flat=True)) == {net.shared.pk, net.own_draft.pk}  # fmt: skip
    assert net.minalogic.memberships.filter(left_on=None).count() == 3, "those of others go on"


def test_nobody_leaves_who_was_not_shown(net, cara):  # noqa: F811
    Organisation.objects.filter(pk=net.own.pk).update(siren=SIREN)
    batch = checked(net.cara, cara, csv(("Nom", "SIREN"), (net.own.name, SIREN)), whole=True, ends_on=date(2026, 6, 30))
    tasks.start_import(batch, cara.pk)
    net.member("Arrivée entre-temps", net.cara)
    do_what_waits()
    batch.refresh_from_db()
    assert (batch.state, batch.ends_on) == ("checked", None)
    assert net.cara.memberships.filter(left_on=None).count() == 4


def test_a_site_that_moves_leaves_its_coordinates(net, cara):  # noqa: F811
    Organisation.objects.filter(pk=net.own.pk).update(siren=SIREN)
    Site.objects.create(organisation=net.own, city="Grenoble", address="1 rue A", department=places(), head_office=True,
                        latitude="45.19000", longitude="5.72000", precision="address")  # fmt: skip
    content = csv(("Nom", "SIREN", "Adresse", "CP", "Ville"), (net.own.name, SIREN, "2 rue B", "38200", "Vienne"))
    imported(checked(net.cara, cara, content))
    site = net.own.sites.get()
    assert (site.city, site.precision) == ("Vienne", "city") and site.longitude < 5, "in the middle of Vienne"


def test_a_theme_that_was_deleted_since_holds_nothing_back(net, cara):  # noqa: F811
    theme = Theme.objects.create(name_fr="Photonique", slug="photonique")
    batch = checked(net.cara, cara, csv(("Nom",), ("A",)), themes=[theme.pk])
    theme.delete()
    checking.check(batch)
    assert imported(batch).state == "imported"


@pytest.mark.parametrize("key", ["na\\u0000me", "\\ud800"])
def test_a_key_of_json_that_is_no_text_is_refused_or_read_and_leaves_no_file(net, cara, settings, tmp_path, key):  # noqa: F811
    settings.IMPORTS_ROOT = tmp_path / "imports"
    content = f'[{{"name": "A", "{key}": "B"}}]'.encode()
    try:
        batches.receive(net.cara, cara, "x.json", iter([content]))
    except Unreadable:
        assert not list(settings.IMPORTS_ROOT.iterdir())
    else:
        assert ImportBatch.objects.count() == 1


# --- between check and confirmation -----------------------------------------------------------------------------------
def test_what_changed_since_the_check_is_shown_again_before_anything_is_written(net, cara):  # noqa: F811
    Organisation.objects.filter(pk=net.own.pk).update(siren=SIREN)
    content = csv(("Nom", "SIREN", "Site"), (net.own.name, SIREN, "neuf.example"), ("Neuve", OTHER_SIREN, ""))
    batch = checked(net.cara, cara, content)
    Organisation.objects.filter(pk=net.own.pk).update(website="https://entre-temps.example")
    before = data()
    batch = imported(batch)
    assert batch.state == "checked" and batch.counts["since"] == 1 and differences(before, data()) == {}
    assert codes(line(batch, 2)) == ["line-changed-since"]
    assert line(batch, 2).changes["set"]["website"] == ["https://entre-temps.example", "https://neuf.example"]
    assert imported(batch).state == "imported"
    net.own.refresh_from_db()
    assert net.own.website == "https://neuf.example"


def test_what_somebody_entered_meanwhile_in_the_same_words_does_no_harm(net, cara):  # noqa: F811
    Organisation.objects.filter(pk=net.own.pk).update(siren=SIREN)
    batch = checked(net.cara, cara, csv(("Nom", "SIREN", "Site"), (net.own.name, SIREN, "neuf.example")))
    Organisation.objects.filter(pk=net.own.pk).update(website="https://neuf.example")
    batch = imported(batch)
    assert batch.state == "imported" and batch.counts["written"] == {}


def test_one_that_was_made_meanwhile_is_not_made_twice(net, cara):  # noqa: F811
    batch = checked(net.cara, cara, csv(("Nom", "SIREN"), ("Neuve", SIREN)))
    made = organisation("Neuve", siren=SIREN, lead_cluster=net.cara)
    batch = imported(batch)
    assert batch.state == "checked" and line(batch, 2).match == made.pk
    assert imported(batch).state == "imported" and Organisation.objects.filter(siren=SIREN).count() == 1


def test_decisions_hold_when_it_is_looked_at_again(net, network):  # noqa: F811
    known = organisation("Même nom")
    Organisation.objects.filter(pk=net.own.pk).update(siren=SIREN)
    content = csv(
        ("Nom", "SIREN", "Ville", "Site"), ("Même nom", "", "Lyon", ""), (net.own.name, SIREN, "", "x.example")
    )
    batch = checked(net.cara, network, content)
    checking.decide(batch, [2], "this", known.pk)
    Organisation.objects.filter(pk=net.own.pk).update(website="https://y.example")
    batch = imported(batch)
    assert batch.state == "checked" and (line(batch, 2).action, line(batch, 2).match) == ("update", known.pk)


# --- what is remembered, and what is forgotten ------------------------------------------------------------------------
def test_the_columns_and_values_of_a_cluster_are_remembered_for_the_next_file(net, cara):  # noqa: F811
    theme = Theme.objects.create(name_fr="Photonique", slug="photonique")
    first = batches.receive(net.cara, cara, "a.csv", iter([csv(("Truc", "Nom", "Secteur"), ("1", "A", "Bidule"))]))
    batches.choose_columns(first, ["acronym", "name", "themes"], {"kind": "company"}, ["acronym"])
    first.values["themes"]["Bidule"] = [theme.pk]
    batches.remember(first)
    again = batches.receive(net.cara, cara, "b.csv", iter([csv(("Secteur", "Truc", "Nom"), ("Bidule", "2", "B"))]))
    assert again.columns == ["themes", "acronym", "name"], "whatever their order"
    assert (again.constants, again.erasing, again.values["themes"]) == ({"kind": "company"}, ["acronym"], {"Bidule": [theme.pk]})  # fmt: skip
    other = batches.receive(net.minalogic, cara, "b.csv", iter([csv(("Secteur", "Truc", "Nom"), ("Bidule", "2", "B"))]))
    assert other.columns == ["themes", "", "name"], "those of another cluster are its own"
    assert ColumnMapping.objects.count() == 1


def test_a_file_is_private_and_deleted_after_thirty_days_and_its_lines_stay(net, cara, settings, tmp_path):  # noqa: F811
    settings.IMPORTS_ROOT = tmp_path / "imports"
    batch = checked(net.cara, cara, csv(("Nom",), ("A",)))
    assert oct(batch.path.stat().st_mode)[-3:] == "600" and oct(batch.path.parent.stat().st_mode)[-3:] == "700"
    assert settings.MEDIA_ROOT not in batch.path.parents and "membres" not in batch.stored_as
    moment = timezone.now()
    for age, kept in ((timedelta(days=29, hours=23), True), (timedelta(days=30, minutes=1), False)):
        ImportBatch.objects.filter(pk=batch.pk).update(uploaded_at=moment - age)
        path = batch.path
        Beside().do()  # as a worker does once a day
        assert path.exists() is kept
    batch.refresh_from_db()
    assert batch.path is None and batch.rows.count() == 1


# --- columns ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Raison sociale", "name"), ("Dénomination", "name"), ("CP", "postcode"), ("N° SIRET", "siret"), ("siret", "siret"),
        ("latitude, longitude", "coordinates"), ("uai - identifiant", "uai_code"), ("Company name", "name"), ("Zip code", "postcode"),
        ("Thématiques", "themes"), ("Thème 12", "themes"), ("DATE D'ADHÉSION", "joined_on"), ("e-mail", "email"), ("Libellé NAF", ""),
        ("Anything else", ""),
    ],
)  # fmt: skip
def test_a_column_is_recognised_by_its_name(header, field):
    from members.imports.fields import by_name

    assert by_name(header) == field


def test_a_column_is_recognised_by_what_stands_in_it(net, cara):  # noqa: F811
    content = csv(
        ("Colonne 1", "Colonne 2", "Colonne 3"), ("A", SIRET, "45.18, 5.72"), ("B", "44270113200049", "48.39, 7.45")
    )
    batch = batches.receive(net.cara, cara, "x.csv", iter([content]))
    assert batch.columns == ["", "siret", "coordinates"]


def test_two_columns_of_one_field_or_nobody_named_cannot_go_on(net, cara):  # noqa: F811
    batch = batches.receive(net.cara, cara, "x.csv", iter([csv(("Nom", "Ville", "Commune"), ("A", "Lyon", "Nice"))]))
    assert batch.columns == ["name", "city", ""], "one is proposed"
    kind = {"kind": "company"}
    assert batches.objections(batch, ["name", "city", ""], kind) == []
    translation.activate("en")
    (twice,) = batches.objections(batch, ["name", "city", "city"], kind)
    assert "Ville, Commune" in twice
    (nobody,) = batches.objections(batch, ["", "city", ""], kind)
    assert "SIREN" in nobody
    (kindless,) = batches.objections(batch, ["name", "city", ""], {})
    assert "kind" in kindless


def test_statements_do_not_grow_with_lines(net, cara, django_assert_max_num_queries):  # noqa: F811
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def statements(number: int) -> int:
        lines = [(f"Firme {number} {n}", "38000", "Grenoble") for n in range(number)]
        with CaptureQueriesContext(connection) as asked:
            imported(checked(net.cara, cara, csv(("Nom", "CP", "Ville"), *lines)))
        return len(asked)

    places()
    assert abs(statements(3) - statements(120)) <= 3


def test_what_an_import_made_is_published_where_it_lacks_nothing(net, network):  # noqa: F811
    places()
    Theme.objects.create(name_fr="Photonique", slug="photonique")
    content = csv(
        ("Nom", "CP", "Ville", "Thème"),
        ("Complète", "38000", "Grenoble", "Photonique"),
        ("Sans lieu", "", "", "Photonique"),
    )
    batch = imported(checked(net.cara, network, content, publishes=True))
    assert batch.counts["written"]["published"] == 1
    assert dict(Organisation.objects.filter(name__in=("Complète", "Sans lieu")).values_list("name", "status")) == {
        "Complète": "published", "Sans lieu": "draft"
    }  # fmt: skip
    assert line(batch, 2).match == Organisation.objects.get(name="Complète").pk, "the line is about it from then on"
