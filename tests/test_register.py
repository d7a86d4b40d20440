"""Filled from an official number: what the register says is chosen from, and never written over what staff typed."""

import re
import time
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members import register
from members.admin import register as pages
from members.models import Membership, Organisation, OrganisationName, Site
from members.register import Entry, look_up
from tests.admin_rows import organisation, places
from tests.services import service
from tests.test_admin_scope import net, sign_in  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db
SIREN, SIRET, OTHER = "552081317", "55208131766522", "542065479"
HEAD = {
    "siret": SIRET, "adresse": "3 RUE AMPERE 38000 GRENOBLE", "numero_voie": "3", "type_voie": "RUE",
    "libelle_voie": "AMPERE", "code_postal": "38000", "libelle_commune": "GRENOBLE", "latitude": "45.191",
    "longitude": "5.715", "etat_administratif": "A",
}  # fmt: skip
RESULT = {
    "siren": SIREN, "nom_complet": "VOLTA MOBILITES (VOLTA)", "nom_raison_sociale": "VOLTA MOBILITES",
    "activite_principale": "27.12Z", "tranche_effectif_salarie": "21", "categorie_entreprise": "ETI",
    "etat_administratif": "A", "date_fermeture": None, "siege": HEAD, "matching_etablissements": [HEAD],
}  # fmt: skip


@pytest.fixture
def elsewhere(settings):
    with service() as one:
        settings.COMPANY_SEARCH_URL = one.url
        one.answer = {"results": [RESULT]}
        yield one


@pytest.fixture
def volta(net):  # noqa: F811
    places()
    made = organisation("Volta", siren=SIREN, lead_cluster=net.cara)
    Membership.objects.create(organisation=made, cluster=net.cara)
    return made


def address(one: Organisation) -> str:
    return f"/admin/members/organisation/{one.pk}/register/"


def hidden(page: str) -> dict[str, str]:
    """What the boxes of a page that nobody ticks send along."""
    inputs = re.findall(r'<input\s+type="hidden"\s+name="([^"]+)"\s+value="([^"]*)"', page)
    return {name: value.replace("&#x27;", "'") for name, value in inputs if name != "csrfmiddlewaretoken"}


def offered(page: str) -> dict[str, bool]:
    """Name of each box that may be ticked -> whether it is."""
    boxes = re.findall(r'name="take"\s+value="\d+\.(\w+)"\s*(checked)?', page)
    return {name: bool(checked) for name, checked in boxes}


def send(browser, url: str, one: Organisation, *names: str, **changed: str):
    sent = hidden(browser.get(url).text) | {f"{one.pk}.{name}": value for name, value in changed.items()}
    return browser.post(url, sent | {"take": [f"{one.pk}.{name}" for name in names]}, follow=True)


# --- what the register says -------------------------------------------------------------------------------------------
def test_an_entry_is_read_as_the_portal_would_write_it(elsewhere):
    assert look_up("552 081 317") == Entry(
        siren=SIREN, name="Volta Mobilites", naf_code="27.12Z", headcount="21", size="midcap", siret=SIRET,
        address="3 Rue Ampere", postcode="38000", city="Grenoble", position=("45.19100", "5.71500"),
    )  # fmt: skip
    assert elsewhere.seen[0].values == {"q": [SIREN]}, "nothing but the number"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ({"tranche_effectif_salarie": "NN"}, {"headcount": ""}),
        ({"tranche_effectif_salarie": None, "categorie_entreprise": None}, {"headcount": "", "size": ""}),
        ({"categorie_entreprise": "PME"}, {"size": "sme"}),
        ({"categorie_entreprise": "PME", "tranche_effectif_salarie": "03"}, {"size": ""}),  # or a micro-enterprise
        ({"categorie_entreprise": "GE"}, {"size": "large"}),
        ({"activite_principale": "27.12Y"}, {"naf_code": ""}),  # of another revision
        ({"nom_raison_sociale": None}, {"name": "Volta Mobilites (Volta)"}),
        ({"nom_raison_sociale": "[NON-DIFFUSIBLE]", "nom_complet": None}, {"name": ""}),
        ({"siege": None}, {"siret": "", "address": "", "city": "", "position": None}),
        ({"siege": HEAD | {"latitude": "48.85", "longitude": "2.35"}}, {"position": None}),  # Paris
        ({"siege": HEAD | {"latitude": "nan"}}, {"position": None}),
        ({"siege": HEAD | {"siret": OTHER + "00012"}}, {"siret": ""}),
        ({"siege": HEAD | {"numero_voie": None, "type_voie": None, "libelle_voie": None}}, {"address": "3 Rue Ampere"}),
        ({"etat_administratif": "C", "date_fermeture": "2024-03-31"}, {"closed": True, "closed_on": date(2024, 3, 31)}),
        ({"etat_administratif": "C"}, {"closed": True, "closed_on": None}),
        ({"etat_administratif": "A", "date_fermeture": "2024-03-31"}, {"closed": False, "closed_on": None}),
    ],
)
def test_what_it_does_not_say_stays_blank(elsewhere, said, read):
    elsewhere.answer = {"results": [RESULT | said]}
    entry = look_up(SIREN)
    assert {name: getattr(entry, name) for name in read} == read


def test_a_siret_is_the_place_that_was_asked_for(elsewhere):
    other = HEAD | {"siret": "55208131700015", "libelle_commune": "LYON", "code_postal": "69001"}
    elsewhere.answer = {"results": [RESULT | {"matching_etablissements": [other]}]}
    assert look_up(SIREN).city == "Grenoble"
    from stdnum.fr import siret as number

    right = next(f"{SIREN}{nic:05}" for nic in range(20, 40) if number.is_valid(f"{SIREN}{nic:05}"))
    elsewhere.answer = {"results": [RESULT | {"matching_etablissements": [other | {"siret": right}]}]}
    assert (look_up(right).siret, look_up(right).city) == (right, "Lyon")


@pytest.mark.parametrize("answer", [{"results": []}, {"results": [RESULT | {"siren": OTHER}]}])
def test_an_entry_of_another_number_is_none(elsewhere, answer):
    elsewhere.answer = answer
    assert look_up(SIREN) is None


def test_what_is_no_number_is_not_asked_of_anybody(elsewhere):
    assert look_up("552081318") is None and look_up("") is None and look_up(SIREN + "00001") is None
    assert elsewhere.seen == []


# --- one organisation -------------------------------------------------------------------------------------------------
def test_only_what_is_blank_is_ticked(net, volta, sign_in, elsewhere):  # noqa: F811
    Organisation.objects.filter(pk=volta.pk).update(headcount="12", name="Volta SAS")
    Site.objects.create(organisation=volta, city="GRENOBLE", department=places(), address="1 place Grenette")
    browser = sign_in("cara")
    with CaptureQueriesContext(connection) as queries:
        page = browser.get(address(volta)).text
    assert offered(page) == {
        "name": False, "naf_code": True, "headcount": False, "size": True, "siret": True, "address": False, "postcode": True,
    }, "the town is the same, in capitals"  # fmt: skip
    assert "20 to 49 people" in page and "50 to 99 people" in page
    assert len(queries) <= 15


def test_what_is_ticked_is_written_and_nothing_else(net, volta, sign_in, elsewhere):  # noqa: F811
    browser = sign_in("cara")
    answer = send(browser, address(volta), volta, "naf_code", "siret", "address", "postcode", "city")
    assert "1 filled from the register of companies." in answer.text and "Undo" in answer.text
    assert len(elsewhere.seen) == 1, "nobody is asked twice"
    volta.refresh_from_db()
    assert (volta.naf_code, volta.headcount, volta.size, volta.name) == ("27.12Z", "", "", "Volta")
    site = volta.sites.get()
    assert (site.siret, site.address, site.postcode, site.city) == (SIRET, "3 Rue Ampere", "38000", "Grenoble")
    assert (site.department, site.region, site.head_office) == (places(), places().region, True)
    assert (str(site.latitude), site.precision) == ("45.19100", "address")
    assert volta.updated_by.username == "cara"


def test_nothing_ticked_changes_nothing(net, volta, sign_in, elsewhere):  # noqa: F811
    assert "Nothing was ticked" in send(sign_in("cara"), address(volta), volta).text
    volta.refresh_from_db()
    assert volta.naf_code == "" and not volta.sites.exists()


def test_a_name_that_gives_way_stays_as_a_trade_name(net, volta, sign_in, elsewhere):  # noqa: F811
    send(sign_in("cara"), address(volta), volta, "name")
    volta.refresh_from_db()
    assert volta.name == "Volta Mobilites"
    assert list(volta.names.values_list("name", "kind")) == [("Volta", OrganisationName.Kind.TRADE)]


def test_a_site_that_moves_takes_department_and_place_along(net, volta, sign_in, elsewhere):  # noqa: F811
    Site.objects.create(
        organisation=volta, city="Lyon", postcode="69001", region=places().region, latitude="45.76", longitude="4.83",
        precision="address",
    )  # fmt: skip
    browser = sign_in("cara")
    page = browser.get(address(volta)).text
    assert not any(offered(page)[name] for name in ("siret", "address", "postcode", "city")), (
        "it speaks of another place"
    )
    send(browser, address(volta), volta, "address", "postcode", "city")
    site = volta.sites.get()
    assert (site.city, site.department, str(site.latitude)) == ("Grenoble", places(), "45.19100")
    send(browser, address(volta), volta, "siret")
    assert volta.sites.get().latitude is not None, "a number moves nothing"


def test_a_laboratory_is_known_by_the_number_of_its_site_and_offered_nothing_of_companies(net, sign_in, elsewhere):  # noqa: F811
    lab = organisation("Labo Volta", kind="laboratory", lead_cluster=net.cara)
    Site.objects.create(organisation=lab, siret=SIRET, department=places())
    page = sign_in("cara").get(address(lab)).text
    assert elsewhere.seen[0].values == {"q": [SIREN]}
    assert offered(page) == {"siren": True, "name": False, "address": True, "postcode": True, "city": True}


def test_a_closed_company_is_offered_its_day_and_never_closed_by_itself(net, volta, sign_in, elsewhere):  # noqa: F811
    elsewhere.answer = {"results": [RESULT | {"etat_administratif": "C", "date_fermeture": "2024-03-31"}]}
    browser = sign_in("cara")
    page = browser.get(address(volta)).text
    assert "The register says that it has closed." in page and offered(page)["closed_on"] is False
    send(browser, address(volta), volta, "closed_on")
    volta.refresh_from_db()
    assert volta.closed_on == date(2024, 3, 31)


def test_what_somebody_wrote_meanwhile_is_not_written_over(net, volta, sign_in, elsewhere):  # noqa: F811
    browser = sign_in("cara")
    sent = hidden(browser.get(address(volta)).text)
    Organisation.objects.filter(pk=volta.pk).update(naf_code="62.01Z")
    answer = browser.post(address(volta), sent | {"take": [f"{volta.pk}.naf_code", f"{volta.pk}.size"]}, follow=True)
    assert "Somebody changed it meanwhile" in answer.text
    volta.refresh_from_db()
    assert (volta.naf_code, volta.size) == ("62.01Z", "")
    Site.objects.create(organisation=volta, department=places())
    answer = browser.post(address(volta), sent | {"take": [f"{volta.pk}.city"]}, follow=True)
    assert "Somebody changed it meanwhile" in answer.text and volta.sites.get().city == ""


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("naf_code", "99.99X", "is not a NAF code"),
        ("size", "huge", "is not a valid choice"),
        ("siren", OTHER, "Another company already has this SIREN."),
        ("siret", OTHER + "00018", "SIRET"),
        ("closed_on", "1001-01-01", "year"),
    ],
)
def test_what_cannot_be_is_refused_in_words_whoever_sends_it(net, volta, sign_in, elsewhere, name, value, told):  # noqa: F811
    organisation("Une autre", siren=OTHER)
    Organisation.objects.filter(pk=volta.pk).update(founding_year=1990)
    site = Site.objects.create(organisation=volta, department=places())
    was = SIREN if name == "siren" else ""
    sent = {f"{volta.pk}.site": site.pk, f"{volta.pk}.{name}": value, f"{volta.pk}.{name}.was": was}
    answer = sign_in("cara").post(address(volta), sent | {"take": f"{volta.pk}.{name}"}, follow=True)
    assert answer.status_code == 200 and re.search(rf'class="error">[^<]*{told}', answer.text)
    volta.refresh_from_db()
    assert (volta.siren, volta.naf_code, volta.size, volta.closed_on) == (SIREN, "", "", None)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (500, "The service answered with an error."),
        (b"<html>", "was not understood."),
        ([], "was not understood."),
        ({"results": "x"}, "was not understood."),
        ({"results": [1]}, "was not understood."),
        (b" " * 2_000_000, "is too long."),
        (lambda asked: time.sleep(1) or {}, "took too long"),
        ({"results": []}, "The register has nothing under its number."),
    ],
)
def test_without_an_answer_the_page_says_why(net, volta, sign_in, elsewhere, monkeypatch, answer, told):  # noqa: F811
    monkeypatch.setattr(register, "SECONDS", 0.5 if callable(answer) else 6)
    elsewhere.answer = answer
    page = sign_in("cara").get(address(volta))
    assert page.status_code == 200 and told in page.text and offered(page.text) == {}


def test_what_others_keep_is_not_filled_by_her(net, volta, sign_in, elsewhere):  # noqa: F811
    browser = sign_in("cara")
    for other in (net.shared, net.stranger, net.secret):
        Organisation.objects.filter(pk=other.pk).update(siren="")
        assert browser.get(address(other)).status_code == 404
        taken = {"take": f"{other.pk}.naf_code", f"{other.pk}.naf_code": "27.12Z", f"{other.pk}.naf_code.was": ""}
        assert browser.post(address(other), taken).status_code == 404
        assert browser.post(address(volta), taken).status_code == 404
        other.refresh_from_db()
        assert other.naf_code == ""
        ids = f"/admin/members/organisation/register/?ids={volta.pk},{other.pk}"
        assert browser.post(ids, taken).status_code == 404
        assert browser.get(ids).status_code == (200 if other == net.shared else 404)
    assert sign_in("network").get(address(net.stranger)).status_code == 200


def test_switched_off_there_is_neither_button_nor_page(net, volta, sign_in, elsewhere, settings):  # noqa: F811
    browser = sign_in("cara")
    form, lists = f"/admin/members/company/{volta.pk}/change/", "/admin/members/company/"
    new = "/admin/members/membership/new/"
    assert address(volta) in browser.get(form).text
    assert "compare_with_register" in browser.get(lists).text and 'name="fill"' in browser.get(new).text
    settings.COMPANY_SEARCH_URL = ""
    assert address(volta) not in browser.get(form).text
    assert "compare_with_register" not in browser.get(lists).text and 'name="fill"' not in browser.get(new).text
    assert browser.get(address(volta)).status_code == 404
    assert browser.get(f"/admin/members/organisation/register/?ids={volta.pk}").status_code == 404
    assert elsewhere.seen == []


def test_where_another_keeps_it_the_form_has_no_way_there(net, sign_in, elsewhere):  # noqa: F811
    page = sign_in("cara").get(f"/admin/members/organisation/{net.shared.pk}/change/")
    assert page.status_code == 200 and "/register/" not in page.text


# --- many -------------------------------------------------------------------------------------------------------------
def answers(asked):
    number = asked.values["q"][0]
    return {"results": [RESULT | {"siren": number, "siege": None, "matching_etablissements": []}]}


def test_ticked_rows_are_compared_on_one_page_and_written_by_one_sending(net, volta, sign_in, elsewhere, monkeypatch):  # noqa: F811
    monkeypatch.setattr(register, "APART", 0)
    elsewhere.answer = answers
    Organisation.objects.filter(pk=net.own.pk).update(siren=OTHER, naf_code="62.01Z")
    Organisation.objects.filter(pk=volta.pk).update(
        name="VOLTA MOBILITÉS", naf_code="27.12Z", headcount="21", size="midcap"
    )  # fmt: skip
    browser = sign_in("cara")
    rows = [volta.pk, net.own.pk, net.own_draft.pk, net.shared.pk]
    chosen = {"action": "compare_with_register", "_selected_action": rows}
    answer = browser.post("/admin/members/company/", chosen)
    assert answer.status_code == 302
    with CaptureQueriesContext(connection) as queries:
        page = browser.get(answer["Location"]).text
    assert len(queries) <= 15
    assert sorted(asked.values["q"][0] for asked in elsewhere.seen) == sorted([SIREN, OTHER])
    assert offered(page) == {"name": False, "naf_code": False, "headcount": True, "size": True}, (
        "of Firme de CARA alone"
    )
    assert "Another cluster keeps it." in page and "It has no SIREN yet" in page
    assert "VOLTA MOBILITÉS" in page.partition("As in the register")[2]
    sent = hidden(page) | {"take": [f"{net.own.pk}.headcount", f"{net.own.pk}.size"]}
    assert "1 filled from the register" in browser.post(answer["Location"], sent, follow=True).text
    net.own.refresh_from_db()
    assert (net.own.headcount, net.own.size, net.own.naf_code) == ("21", "midcap", "62.01Z")


def test_one_that_is_refused_holds_back_no_other_and_all_is_one_change(net, volta, sign_in, elsewhere, monkeypatch):  # noqa: F811
    from pghistory.models import Context

    monkeypatch.setattr(register, "APART", 0)
    elsewhere.answer = answers
    Organisation.objects.filter(pk=net.own.pk).update(siren=OTHER)
    Organisation.objects.filter(pk=net.own_draft.pk).update(siren="732829320")
    browser = sign_in("cara")
    url = f"/admin/members/organisation/register/?ids={volta.pk},{net.own.pk},{net.own_draft.pk}"
    sent = hidden(browser.get(url).text)
    Organisation.objects.filter(pk=net.own.pk).update(naf_code="62.01Z")
    taken = [f"{one.pk}.naf_code" for one in (volta, net.own, net.own_draft)]
    before = Context.objects.count()
    answer = browser.post(url, sent | {"take": taken}, follow=True)
    assert "2 filled from the register" in answer.text and "Firme de CARA: Somebody changed it" in answer.text
    kept = Organisation.objects.filter(pk__in=[volta.pk, net.own_draft.pk]).values_list("naf_code", flat=True)
    assert set(kept) == {"27.12Z"}
    assert Context.objects.count() == before + 1
    assert Context.objects.order_by("-created_at").first().metadata["kind"] == "bulk"


def test_too_many_are_not_compared(net, volta, sign_in, elsewhere, monkeypatch):  # noqa: F811
    monkeypatch.setattr(pages, "MOST", 1)
    browser = sign_in("cara")
    chosen = {"action": "compare_with_register", "_selected_action": [volta.pk, net.own.pk]}
    assert "At most 1 can be compared at once" in browser.post("/admin/members/company/", chosen, follow=True).text
    url = "/admin/members/organisation/register/?ids="
    assert browser.get(f"{url}{volta.pk},{net.own.pk}").status_code == 404
    for wrong in ("", "x", f"{volta.pk},", str(10**30), f"{10**17}"):
        assert browser.get(f"{url}{wrong}").status_code == 404
    assert elsewhere.seen == []


def test_who_does_not_answer_is_not_asked_of_the_others(net, volta, sign_in, elsewhere, monkeypatch):  # noqa: F811
    Organisation.objects.filter(pk=net.own.pk).update(siren=OTHER)
    elsewhere.answer = 429
    page = sign_in("cara").get(f"/admin/members/organisation/register/?ids={volta.pk},{net.own.pk}").text
    assert page.count("asks for fewer questions") == 2 and len(elsewhere.seen) == 1
    monkeypatch.setattr(pages, "SECONDS", 0)
    page = sign_in("cara").get(f"/admin/members/organisation/register/?ids={volta.pk},{net.own.pk}").text
    assert page.count("took too long") == 2 and len(elsewhere.seen) == 1


# --- a new member -----------------------------------------------------------------------------------------------------
def value_of(page: str, name: str) -> str:
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)[0]
    found = re.search(r'value="([^"]*)"', tag)
    return found[1] if found else ""


@pytest.mark.parametrize("number", [SIREN, SIRET])
def test_the_short_form_comes_filled_from_its_number(net, sign_in, elsewhere, number):  # noqa: F811
    isere = places()
    page = sign_in("cara").get(f"/admin/members/membership/new/?siren={number}").text
    assert "The blank boxes are filled from the register" in page
    assert [value_of(page, name) for name in ("name", "siren", "site-postcode", "site-city")] == [
        "Volta Mobilites", SIREN, "38000", "Grenoble",
    ]  # fmt: skip
    assert f'<option value="{isere.pk}" selected>' in page


def test_the_button_fills_what_is_blank_keeps_what_was_typed_and_saves_nothing(net, sign_in, elsewhere):  # noqa: F811
    places()
    browser = sign_in("cara")
    typed = {
        "cluster": net.cara.pk, "name": "Mon nom", "siren": "552 081 317", "kind": "company", "website": "", "site-postcode": "",
        "site-city": "Meylan", "membership-category": "Start-up", "membership-joined_on": "2024-02-01", "contact-name": "Ada",
    }  # fmt: skip
    page = browser.post("/admin/members/membership/new/", typed | {"fill": "1"}).text
    names = ("name", "siren", "site-postcode", "site-city", "membership-category", "contact-name")
    assert [value_of(page, name) for name in names] == ["Mon nom", SIREN, "38000", "Meylan", "Start-up", "Ada"]
    assert "01/02/2024" in value_of(page, "membership-joined_on") or "2024-02-01" in value_of(
        page, "membership-joined_on"
    )
    assert "errornote" not in page and not Organisation.objects.filter(siren=SIREN).exists()
    assert browser.post("/admin/members/membership/new/", typed | {"status": "draft"}).status_code == 302
    assert Organisation.objects.get(siren=SIREN).name == "Mon nom"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (500, "answered with an error"),
        ({"results": []}, "has nothing under this number"),
        ({"results": [RESULT | {"etat_administratif": "C"}]}, "says that it has closed"),
    ],
)
def test_the_short_form_says_what_the_register_did_not(net, sign_in, elsewhere, answer, told):  # noqa: F811
    elsewhere.answer = answer
    page = sign_in("cara").get(f"/admin/members/membership/new/?siren={SIREN}")
    assert page.status_code == 200 and told in page.text and value_of(page.text, "siren") == SIREN
