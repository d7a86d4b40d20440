"""Files of the State as they are published, which are no part of the project: where they lie is said by REAL_FILES."""

import csv
import os
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from cluster_portal.exchange.sheets import Recognised, Row, recognise, rows
from members.imports import cells
from members.imports.cells import ABROAD, Cell, Places
from members.models import Region

BESIDE = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "real"
FOLDER = Path(os.environ.get("REAL_FILES") or BESIDE)
EPV = "epv_entreprises_patrimoine_vivant_2025.csv"
COPIES = ["epv_cp1252_crlf.csv", "epv_entreprises_patrimoine_vivant_2025.xlsx"]
SCHOOLS = "etablissements_enseignement_superieur_2023.csv"

HERE = pytest.mark.skipif(
    not (FOLDER / EPV).is_file(),
    reason=f"THE REAL FILES ARE NOT HERE: set REAL_FILES to the folder that has {EPV} and {SCHOOLS} (data.economie.gouv.fr, data.enseignementsup-recherche.gouv.fr)",
)  # fmt: skip
pytestmark = [HERE, pytest.mark.django_db]


def read(name: str) -> tuple[Recognised, list[Row]]:
    found = recognise(FOLDER / name, name)
    return found, list(rows(FOLDER / name, found.layout))


@pytest.fixture(scope="module")
def epv() -> tuple[Recognised, list[Row]]:
    return read(EPV)


@pytest.fixture(scope="module")
def schools() -> tuple[Recognised, list[Row]]:
    return read(SCHOOLS)


@pytest.fixture(scope="module")
def places(network_connection) -> Places:
    return Places.load()


def column(file: tuple[Recognised, list[Row]], header: str) -> list[str]:
    found, lines = file
    place = found.headers.index(header)
    return [row.cells[place] for row in lines]


def repairs(found: list[Cell]) -> Counter:
    return Counter(repair.code for cell in found for repair in cell.repairs)


def problems(found: list[Cell]) -> list[str]:
    return [cell.problem.params["value"] for cell in found if cell.problem]


def test_every_row_is_read_as_the_library_of_the_language_reads_it(epv, schools):
    for (found, lines), name, count in ((epv, EPV, 1298), (schools, SCHOOLS, 250)):
        with (FOLDER / name).open(encoding="utf-8-sig", newline="") as file:
            header, *expected = csv.reader(file, delimiter=";")
        assert found.headers == header and [row.cells for row in lines] == expected
        assert len(lines) == count == found.row_count and not found.notices
        assert not [row for row in lines if row.problems]
    assert [row.line for row in epv[1]] == list(range(2, 1300))


@pytest.mark.parametrize("name", COPIES)
def test_the_same_rows_come_from_every_encoding_and_from_a_workbook(epv, name):
    found, lines = read(name)
    assert found.headers == epv[0].headers and found.row_count == 1298
    assert [(row.line, row.cells) for row in lines] == [(row.line, row.cells) for row in epv[1]]


def test_27_of_29_wrong_siret_were_short_of_their_zero(epv):
    found = [cells.read_siret(text) for text in column(epv, "SIRET")]
    assert repairs(found) == {"leading_zeros": 27}
    assert problems(found) == ["48300000000000", "52413706400024"]
    known = [cell.value for cell in found if cell.value]
    assert len(known) - len(set(known)) == 5


def test_20_spellings_of_regions_are_understood(epv, places):
    texts = column(epv, "Région")
    found = [places.region(text) for text in texts]
    assert len(set(texts)) == 20 and not problems(found) and all(cell.value for cell in found)
    names = dict(Region.objects.values_list("pk", "name"))
    counted = Counter(names[cell.value] for cell in found)
    assert len(counted) == 17 and counted["Auvergne-Rhône-Alpes"] == 197 and counted["La Réunion"] == 1
    assert repairs(found) == {"spelling": 1298 - 240 - 4 - 2 - 2}  # Île-de-France, and three others as they are written


def test_activities_have_their_dot_back_and_those_of_another_list_are_refused(epv):
    found = [cells.read_naf(text) for text in column(epv, "Code NAF")]
    assert repairs(found) == {"naf_dot": 8} and problems(found) == ["35.1E", "22.2C"]


def test_every_position_and_day_is_understood(epv):
    found = [cells.read_coordinates(text) for text in column(epv, "geolocetablissement")]
    assert not problems(found) and repairs(found) == {"two_in_one": 1298}
    assert all(
        abs(latitude) < 52 and isinstance(longitude, Decimal) for latitude, longitude in (cell.value for cell in found)
    )
    for header in ("Date de labellisation", "Date de fin de labellisation"):
        found = [cells.read_date(text) for text in column(epv, header)]
        assert all(cell.value and not cell.repairs for cell in found)


def test_several_numbers_of_an_institution_are_taken_apart(schools):
    for header, reader, count in (
        ("siret", cells.read_siret, 33), ("siren", cells.read_siren, 9), ("uai - identifiant", cells.read_uai, 16), ("anciens codes uai", cells.read_uai, 19),
    ):  # fmt: skip
        found = [cells.read_many(text, reader) for text in column(schools, header)]
        assert repairs(found) == {"several": count} and not problems(found), header
        assert sum(1 for cell in found if cell.value and len(cell.value) > 1) == count
    assert problems([cells.read_ror(text) for text in column(schools, "Elément ROR")]) == []


def test_madrid_is_abroad_and_in_no_department(schools, places):
    found, lines = schools
    (madrid,) = [row for row in lines if row.cells[found.headers.index("Localité")] == "Madrid"]
    cell = dict(zip(found.headers, madrid.cells, strict=True))
    assert places.country(cell["Pays"]) == Cell("ES")
    for read_place, header in ((places.department, "Département"), (places.department, "Code département"), (places.region, "Région"), (places.region, "Code région")):  # fmt: skip
        place = read_place(cell[header])
        assert place.value is None and not place.problem and [one.code for one in place.repairs] == [ABROAD]
    assert cells.read_postcode(cell["Code postal"], "ES") == Cell("28040")
    assert cells.read_coordinates(cell["géolocalisation"]).value == (Decimal("40.44138"), Decimal("-3.73045"))


def test_institutions_are_where_their_columns_say(schools, places):
    departments = [places.department(text) for text in column(schools, "Code département")]
    assert departments == [Cell(cell.value, departments[place].repairs) for place, cell in enumerate(places.department(text) for text in column(schools, "Département"))]  # fmt: skip
    assert not problems(departments) and sum(1 for cell in departments if cell.value is None) == 4
    today = [places.region(text).value for text in column(schools, "Région")]
    for header in ("Code région", "Ancienne région", "Ancien code région"):
        assert [places.region(text).value for text in column(schools, header)] == today, header
    assert repairs([cells.read_city(text) for text in column(schools, "Localité")])["cedex"] == 140
    assert problems([cells.read_postcode(text) for text in column(schools, "Code postal")]) == ["00186"], "in Rome"


def test_sites_telephones_and_years_of_institutions_are_understood(schools):
    assert not problems([cells.read_website(text) for text in column(schools, "site internet")])
    phones = [cells.read_phone(text) for text in column(schools, "Numéro de téléphone")]
    assert not problems(phones) and repairs(phones) == {"phone": 3}, "three overseas, written as in France"
    years = [cells.read_year(text) for text in column(schools, "date_creation")]
    assert not problems(years) and repairs(years) == {"year_of_date": 134}
