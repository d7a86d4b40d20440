"""Places in cells: any of their names and codes, on the real regions and departments."""

import csv
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from members.imports.cells import ABROAD, Cell, Places
from members.models import Department, Region
from members.positions import near

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent.parent / "members" / "data"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def places(network_connection) -> Places:
    return Places.load()


def codes(cell: Cell) -> list[str]:
    return [repair.code for repair in cell.repairs]


def name_of(model, cell: Cell) -> str:
    assert cell.problem is None, str(cell.problem)
    return model.objects.get(pk=cell.value).name


def test_the_places_are_read_from_the_database_once(network):
    with CaptureQueriesContext(connection) as queries:
        found = Places.load()
        for text in ("Bretagne", "R11", "FR-ARA", "?", "bretagne"):
            found.region(text)
        for text in ("Rhône", "1", "D075", "?"):
            found.department(text)
        found.of_postcode("69003")
        found.country("France")
    assert len(queries) <= 3


# --- regions ----------------------------------------------------------------------------------------------------------

SPELLINGS = {
    "Auvergne-Rhône-Alpes": "AUVERGNE-RHÔNE-ALPES|Auvergne Rhone Alpes|auvergnerhonealpes|AURA|ARA|84|84.0|R84|FR-ARA|Région Auvergne-Rhône-Alpes|FRK1",
    "Provence-Alpes-Côte d’Azur": "PROVENCE-ALPES-COTE D'AZUR|Provence Alpes Côte d'Azur|PACA|Région Sud|93|FR-PAC|Provence-Alpes-Côte-d'Azur",
    "La Réunion": "LA REUNION|Réunion|la réunion|04|4|R04|R4|FR-974|Île de la Réunion",
    "Centre-Val de Loire": "CENTRE-VAL-DE-LOIRE|Centre Val de Loire|24|CVL|région Centre-Val de Loire",
    "Pays de la Loire": "PAYS-DE-LA-LOIRE|pays de la loire|PDL|52|Région des Pays de la Loire",
    "Grand Est": "GRAND-EST|Grand-Est|44|GES|Région Grand Est",
    "Île-de-France": "Ile de France|ILE-DE-FRANCE|IDF|11|R11|région d'Île-de-France",
    "Nouvelle-Aquitaine": "NOUVELLE AQUITAINE|Nouvelle Aquitaine|75|NAQ|région de Nouvelle-Aquitaine",
    "Hauts-de-France": "HAUTS-DE-FRANCE|Hauts de France|32|HDF|région des Hauts-de-France",
    "Bretagne": "BRETAGNE|Brittany|53|bretagne\u00a0|Région Bretagne",
    "Guadeloupe": "GUADELOUPE|01|1|R01",
    "Guyane": "GUYANE|03|French Guiana|Guyane française",
    "Corse": "CORSE|Corsica|94|collectivité de Corse",
}  # fmt: skip
FORMER = {
    "Auvergne-Rhône-Alpes": "Rhône-Alpes|Auvergne|RHONE ALPES|82|83|R82",
    "Bourgogne-Franche-Comté": "Bourgogne|Franche-Comté|26|43",
    "Centre-Val de Loire": "Centre|région Centre",
    "Grand Est": "Alsace|Lorraine|Champagne-Ardenne|21|41|42|Alsace-Champagne-Ardenne-Lorraine",
    "Hauts-de-France": "Nord-Pas-de-Calais|NORD PAS DE CALAIS|Picardie|22|31|Nord-Pas de Calais-Picardie",
    "Normandie": "Basse-Normandie|Haute-Normandie|23|25",
    "Nouvelle-Aquitaine": "Aquitaine|Limousin|Poitou-Charentes|54|72|74",
    "Occitanie": "Midi-Pyrénées|Languedoc-Roussillon|73|91|R91",
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_region_is_known_by_any_spelling_and_code(places, name):
    assert places.region(name).repairs == () and name_of(Region, places.region(name)) == name
    for text in SPELLINGS[name].split("|"):
        cell = places.region(text)
        assert name_of(Region, cell) == name, text
        if text.strip() != name:
            assert cell.repairs[-1].after == name and codes(cell)[-1] in ("spelling", "code"), text


@pytest.mark.parametrize("name", FORMER)
def test_a_region_of_before_2016_is_the_one_that_it_became_a_part_of(places, name):
    for text in FORMER[name].split("|"):
        cell = places.region(text)
        assert name_of(Region, cell) == name and codes(cell) == ["former_name"], text


def test_every_region_is_known_by_its_codes(places):
    with (DATA / "regions.csv").open(encoding="utf-8") as file:
        for region in csv.DictReader(file):
            written = [region["insee_code"], f"R{region['insee_code']}", region["iso_code"], *region["nuts_code"].split("|"), region["name"].upper(), f"Région {region['name']}"]  # fmt: skip
            assert {name_of(Region, places.region(text)) for text in written} == {region["name"]}


def test_what_is_abroad_or_in_no_region_is_blank_and_says_so(places):
    for text in ("Étranger", "R99", "Hors de France".replace("de ", ""), "abroad"):
        assert places.region(text).value is None and codes(places.region(text)) == [ABROAD], text
    for text in ("R00", "Collectivités d'outre-mer"):
        assert places.region(text).value is None and codes(places.region(text)) == ["no_region"], text
    assert places.region("") == Cell()


@pytest.mark.parametrize("text", ["Bavière", "98", "R77", "Grand", "Rhône", "Bretagne et Normandie", "x" * 100_000])
def test_no_region_is_guessed(places, text):
    cell = places.region(text)
    assert cell.value is None and cell.problem and str(cell.problem).endswith(".")


# --- departments ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "repairs"),
    [
        ("69", "69", []), ("Rhône", "69", []), ("RHONE", "69", ["spelling"]), ("Rhône (69)", "69", ["spelling"]), ("69 - Rhône", "69", ["spelling"]),
        ("69-RHONE", "69", ["spelling"]), ("1", "01", ["leading_zeros"]), ("1.0", "01", ["float", "leading_zeros"]), ("01", "01", []), ("001", "01", ["code"]),
        ("D075", "75", ["code"]), ("D02A", "2A", ["code"]), ("D974", "974", ["code"]), ("2a", "2A", ["code"]), ("FR-69", "69", ["code"]),
        ("Seine St Denis", "93", ["spelling"]), ("Val d'Oise", "95", ["spelling"]), ("La Réunion", "974", []), ("Réunion", "974", ["spelling"]),
        ("département de l'Isère", "38", ["spelling"]), ("Dépt 38", "38", ["code"]), ("Côtes d Armor", "22", ["spelling"]), ("Cotes-du-Nord", "22", ["spelling"]),
        ("Corse-du-Sud", "2A", []), ("HAUTE CORSE", "2B", ["spelling"]), ("Nouvelle Calédonie", "988", ["spelling"]), ("Métropole de Lyon", "69", ["spelling"]),
    ],
)  # fmt: skip
def test_a_department_is_known_by_any_spelling_and_code(places, text, code, repairs):
    cell = places.department(text)
    assert cell.problem is None, str(cell.problem)
    assert (places.department_code(cell.value), codes(cell)) == (code, repairs)


def test_every_department_is_known_by_its_name_and_code(places):
    for department in Department.objects.all():
        code, name = department.insee_code, department.name
        for text in (code, name, f"{name} ({code})", f"{code} - {name}", name.upper(), name.replace("’", "'"), f"D{code.zfill(3)}", code.lstrip("0")):  # fmt: skip
            assert places.department(text).value == department.pk, text


@pytest.mark.parametrize(("text", "code"), [("20", "cell-department"), ("98", "cell-department"), ("Paris (69)", "cell-two-departments"), ("Paris 8", "cell-two-departments"), ("Lisbonne (69)", "cell-department"), ("Alpes", "cell-department"), ("690", "cell-department")])  # fmt: skip
def test_no_department_is_guessed(places, text, code):
    cell = places.department(text)
    assert cell.value is None and cell.problem.code == code and str(cell.problem)


def test_a_department_abroad_is_blank_and_says_so(places):
    for text in ("Étranger", "D999"):
        assert places.department(text).value is None and codes(places.department(text)) == [ABROAD]


@pytest.mark.parametrize(("postcode", "code", "repairs"), [("69003", "69", []), ("01000", "01", []), ("20600", "2B", []), ("97490", "974", []), ("97744", "974", ["special_cedex"]), ("97801", "974", ["special_cedex"]), ("97133", "977", []), ("97150", "978", []), ("98800", "988", []), ("75116", "75", [])])  # fmt: skip
def test_the_department_of_a_postcode_is_known_those_of_cedex_included(places, postcode, code, repairs):
    cell = places.of_postcode(postcode)
    assert (places.department_code(cell.value), codes(cell)) == (code, repairs)


def test_a_postcode_of_nowhere_has_no_department(places):
    assert {places.of_postcode(text) for text in ("99123", "00200", "1000", "", "SW1A 1AA", "98000")} == {Cell()}


# --- middles, countries -----------------------------------------------------------------------------------------------


def test_the_middle_of_every_larger_town_and_department_is_near(places):
    by_code = {department.insee_code: department.pk for department in Department.objects.all()}
    with (DATA / "towns.csv").open(encoding="utf-8") as file:
        towns = list(csv.DictReader(file))
    for town in towns:
        expected = (float(town["latitude"]), float(town["longitude"]))
        assert places.centre_of_town(town["name"].upper(), by_code[town["department"]]) == expected
    for code in {town["department"] for town in towns}:
        assert near(code, *places.centre_of_department(by_code[code]))
    assert places.centre_of_department(by_code["988"]) is None


def test_the_town_of_a_quarter_is_found_and_one_of_several_is_not(places):
    paris, lyon = places.centre_of_town("Paris"), places.centre_of_town("LYON")
    for text in ("Paris 8e", "PARIS 08", "Paris 16ème arrondissement"):
        assert places.centre_of_town(text) == paris
    assert places.centre_of_town("Lyon 3e arr.") == lyon != paris
    assert places.centre_of_town("Saint-Denis") is None, "there are two"
    assert places.centre_of_town("Saint-Denis", places.department("974").value)
    assert places.centre_of_town("Paris", places.department("69").value) is None
    assert places.centre_of_town("Nulle-Part") is None and places.centre_of_town("") is None


@pytest.mark.parametrize(
    ("text", "code", "repairs"),
    [
        ("France", "FR", []), ("FR", "FR", []), ("fr", "FR", []), ("Espagne", "ES", []), ("Spain", "ES", []), ("ESP", "ES", ["code"]), ("España", "ES", ["spelling"]),
        ("Royaume Uni", "GB", []), ("UK", "GB", ["code"]), ("Angleterre", "GB", ["spelling"]), ("ETATS-UNIS", "US", []), ("USA", "US", ["code"]),
        ("Suisse", "CH", []), ("La Réunion", "FR", ["spelling"]), ("Martinique", "FR", ["spelling"]), ("", None, []),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_names_and_codes(places, text, code, repairs):
    cell = places.country(text)
    assert cell.problem is None, str(cell.problem)
    assert cell.value == code and [one for one in codes(cell) if one in repairs] == repairs


def test_no_country_is_guessed(places):
    assert places.country("Syldavie").problem.code == "cell-country"


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(st.characters(codec=None), max_size=30), st.text("0123456789 RDAB()-éÉ", max_size=9)))
def test_no_place_is_read_with_an_exception(text):
    places = Places([], [])
    places.__dict__["_iso_and_nuts"] = {}
    for read in (places.region, places.department, places.of_postcode, places.country, places.centre_of_town):
        read(text)
