"""The public lists as files: the rows that the page shows, in five formats, and nothing that is not public."""

import csv
import io
import json
import shutil
import subprocess
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from cluster_portal.exchange.columns import Words
from members.columns import CLUSTER_COLUMNS, EVERY_ORGANISATION_COLUMN, ORGANISATION_COLUMNS, OWN_CLUSTER
from members.models import (
    Cluster,
    ClusterName,
    ClusterRegion,
    ContactPerson,
    Department,
    FurtherNumber,
    LabelPeriod,
    Membership,
    Organisation,
    OrganisationName,
    Region,
    Site,
    Theme,
    UnitNumber,
)
from projects.columns import PROJECT_COLUMNS
from projects.models import Funder, Funding, Participation, Programme, Project, ProjectLabel
from tests.files import FORMATS, content, rows_of, taken

pytestmark = pytest.mark.django_db
SECRET = "Zanzibarine"
LISTS = ("/fr/membres/", "/en/members/", "/fr/projets/", "/en/projects/", "/fr/clusters/", "/en/clusters/")
CATALOGUES = ((*EVERY_ORGANISATION_COLUMN, OWN_CLUSTER), CLUSTER_COLUMNS, PROJECT_COLUMNS)
AGREED_NAMES = """slug, kind, name, acronym, former_names, trade_names, description_fr, description_en, themes, founding_year,
website, email, phone, national, country, siren, further_numbers, ror_id, size, naf_code, headcount, rnsr_id, unit_numbers,
supervisors, uai_code, institution_type, closed_on, siret, address, postcode, city, department, region, latitude, longitude,
precision, clusters, status, verified_on, verified_by, verified_source, category, joined_on, left_on, contact_name,
contact_role, contact_email, contact_phone"""


# --- the catalogues -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("columns", CATALOGUES, ids=["organisations", "clusters", "projects"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_column_has_a_label_and_a_name_of_its_own(columns, language):
    with override(language):
        labels = [str(column.label) for column in columns]
    names = [column.name for column in columns]
    assert len({label.casefold() for label in labels}) == len(labels)
    assert len(set(names)) == len(names)


def test_the_names_are_those_that_the_import_knows():
    assert [column.name for column in EVERY_ORGANISATION_COLUMN] == AGREED_NAMES.replace("\n", " ").split(", ")


def test_what_is_public_is_what_the_pages_show():
    """By name: whoever makes another column public says so here too."""
    private = {
        column.name for columns in CATALOGUES for column in columns if not column.public
    }  # fmt: skip
    assert private == {
        "email", "further_numbers", "status", "category", "joined_on", "left_on", "cluster",
        "contact_name", "contact_role", "contact_email", "contact_phone", "stated", "stated_on", "stated_reason",
    }  # fmt: skip


def labels_of(language: str, columns) -> dict[str, str]:
    with override(language):
        return {column.name: str(column.label) for column in columns}


# --- the values -----------------------------------------------------------------------------------------------------------
@pytest.fixture
def rich():
    """One organisation of which everything is known, and what of it must not be told."""
    department = Department.objects.create(
        name="Isère", slug="isere", insee_code="38",
        region=Region.objects.create(name="Auvergne-Rhône-Alpes", slug="ara", insee_code="84"),
    )  # fmt: skip
    cara = Cluster.objects.create(
        name="CARA", slug="cara", status="published", city="Lyon", department=department, phone="+33472000000",
        latitude=Decimal("45.76000"), longitude=Decimal("-4.83567"), founding_year=2005, email=f"{SECRET}@cara.example",
    )  # fmt: skip
    hidden = Cluster.objects.create(name=f"{SECRET} pôle", slug="hidden", status="draft")
    ClusterName.objects.create(cluster=cara, name="LUTB", kind="former")
    ClusterRegion.objects.create(cluster=cara, region=Region.objects.get())
    LabelPeriod.objects.create(cluster=cara, phase=5, start=date(2023, 3, 27), end=date(2026, 12, 31))
    energy = Theme.objects.create(name_fr="Énergie", name_en="Energy", slug="energy")
    health = Theme.objects.create(name_fr="Santé", slug="health")
    user = get_user_model().objects.create_user(f"{SECRET}-user")
    volta = Organisation.objects.create(
        kind="company", name="=Volta; « & Cie »", acronym="VO", slug="volta", status="published", siren="552100554",
        description_fr="Deux\nlignes, \"dites\"; ainsi", description_en="@import", founding_year=1998,
        website="https://volta.example/?a=1", phone="+33476000000", email=f"{SECRET}@volta.example",
        size="sme", naf_code="29.10Z", headcount="12", verified_on=date(2026, 3, 12), verified_by=hidden,
        verified_source="Rapport annuel", created_by=user, updated_by=user, lead_cluster=hidden,
    )  # fmt: skip
    volta.themes.add(energy)
    volta.themes.add(health)
    OrganisationName.objects.create(organisation=volta, name="Volta-Pile", kind="former", until=2001)
    OrganisationName.objects.create(organisation=volta, name="Piles d’antan", kind="former", until=1999)
    OrganisationName.objects.create(organisation=volta, name="VoltaMax", kind="trade")
    FurtherNumber.objects.create(organisation=volta, kind="siren", value="732829320")
    Site.objects.create(organisation=volta, department=department, city="Voiron", postcode="38500")
    Site.objects.create(
        organisation=volta, department=department, city="Crolles", postcode="38920", address="1, rue du Pré",
        latitude=Decimal("45.28000"), longitude=Decimal("-5.88312"), precision="address", siret="55210055400013",
        head_office=True,
    )  # fmt: skip
    Membership.objects.create(
        organisation=volta, cluster=cara, joined_on=date(2015, 1, 1), category=f"{SECRET} collège"
    )
    Membership.objects.create(organisation=volta, cluster=hidden)
    for known_to in (cara, None):
        ContactPerson.objects.create(
            organisation=volta, cluster=known_to, name=f"Ada {SECRET}", role=SECRET, email=f"ada@{SECRET}.example",
            phone="+33612345678", agreed_on=date(2020, 1, 1),
        )  # fmt: skip
    body = Organisation.objects.create(kind="institution", name="Université", slug="uni", status="published")
    draft = Organisation.objects.create(kind="institution", name=f"{SECRET} institut", slug="draft", status="draft")
    archived = Organisation.objects.create(kind="company", name=f"{SECRET} SA", slug="archived", status="archived")
    laboratory = Organisation.objects.create(
        kind="laboratory", name="Laboratoire", slug="labo", status="published", rnsr_id="200711886U"
    )
    laboratory.supervisors.set([body, draft])
    UnitNumber.objects.create(organisation=laboratory, label="UMR", number="5506")
    for one in (laboratory, draft, archived):
        Membership.objects.create(organisation=one, cluster=cara)
    project = Project.objects.create(
        acronym="PILE", title_fr="Une pile", slug="pile", status="published", start=date(2024, 1, 2), website="",
        total_cost=Decimal("1200000.10"), public_funding=Decimal("400000.05"), stated="running", stated_on=date(2024, 5, 1),
        stated_reason=f"{SECRET} raison", created_by=user,
    )  # fmt: skip
    Project.objects.create(acronym=f"{SECRET}", slug="secret", status="draft")
    Participation.objects.create(project=project, organisation=volta, role="coordinator", cost=Decimal("700000.10"))
    Participation.objects.create(project=project, organisation=laboratory, cost=None, public_funding=Decimal("0.05"))
    Participation.objects.create(project=project, organisation=body, cost=Decimal("12"))
    Participation.objects.create(project=project, organisation=draft, cost=Decimal(5))
    ProjectLabel.objects.create(project=project, cluster=cara, role="lead", date=date(2023, 6, 1))
    ProjectLabel.objects.create(project=project, cluster=hidden, role="co", date=date(2023, 6, 2))
    funder = Funder.objects.create(name_fr="État", name_en="State", slug="etat", level="state")
    programme = Programme.objects.create(name_fr="Fonds unique", acronym="FUI", slug="fui", funder=funder)
    Funding.objects.create(project=project, programme=programme, amount=Decimal("300000.00"), date=date(2023, 12, 1))
    Funding.objects.create(project=project, programme=programme, amount=None, date=date(2024, 2, 1))
    return volta


VALUES = {  # of volta by the names of the columns, as a French reader of a plain CSV has them
    "slug": "volta", "kind": "Entreprise", "name": "'=Volta; « & Cie »", "acronym": "VO",
    "former_names": "Volta-Pile | Piles d’antan", "trade_names": "VoltaMax",
    "description_fr": 'Deux\nlignes, "dites"; ainsi', "description_en": "'@import", "themes": "Énergie | Santé",
    "founding_year": "1998", "website": "https://volta.example/?a=1", "phone": "'+33476000000", "national": "non",
    "country": "France", "siren": "552100554", "ror_id": "", "size": "PME", "naf_code": "29.10Z",
    "headcount": "20 à 49 personnes", "rnsr_id": "", "unit_numbers": "", "supervisors": "", "uai_code": "",
    "institution_type": "", "closed_on": "", "siret": "55210055400013", "address": "1, rue du Pré", "postcode": "38920",
    "city": "Crolles", "department": "Isère", "region": "Auvergne-Rhône-Alpes", "latitude": "45.28000",
    "longitude": "-5.88312", "precision": "Adresse", "clusters": "CARA", "verified_on": "2026-03-12", "verified_by": "",
    "verified_source": "Rapport annuel",
}  # fmt: skip


def row_of(file: bytes, file_format: str, language: str, slug: str = "volta", columns=ORGANISATION_COLUMNS) -> dict:
    """By the names of the columns, which the labels tell."""
    labels, *rows = rows_of(file, file_format)
    names = {label: name for name, label in labels_of(language, columns).items()}
    (found,) = [row for row in rows if row[0] == slug]
    return dict(zip([names.get(label, label) for label in labels], found, strict=True))


def test_plain_csv_tells_everything_that_is_public(rich):
    assert row_of(taken("/fr/membres/", "csv"), "csv", "fr") == VALUES


def test_csv_for_french_excel_has_semicolons_and_decimal_commas(rich):
    expected = VALUES | {"latitude": "45,28000", "longitude": "-5,88312"}
    assert row_of(taken("/fr/membres/", "csv-fr"), "csv-fr", "fr") == expected


UNTOUCHED = {"name": "=Volta; « & Cie »", "description_en": "@import", "phone": "+33476000000"}


def test_a_workbook_has_texts_as_they_are_numbers_as_numbers_and_official_numbers_as_text(rich):
    file = taken("/fr/membres/", "xlsx")
    assert row_of(file, "xlsx", "fr") == VALUES | UNTOUCHED | {"latitude": "45.28"}
    sheet = CalamineWorkbook.from_filelike(BytesIO(file)).get_sheet_by_index(0).to_python()
    row = dict(zip(sheet[0], next(line for line in sheet if line[0] == "volta"), strict=True))
    labels = labels_of("fr", ORGANISATION_COLUMNS)
    assert row[labels["siren"]] == "552100554" and row[labels["postcode"]] == "38920"
    assert row[labels["latitude"]] == 45.28 and row[labels["founding_year"]] == 1998
    assert row[labels["verified_on"]] == date(2026, 3, 12)
    with zipfile.ZipFile(BytesIO(file)) as parts:
        rows = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in rows and "hyperlink" not in rows


def test_json_has_values_of_their_kinds_by_the_names_of_the_columns(rich):
    told = json.loads(taken("/fr/membres/", "json"))
    row = next(row for row in told["rows"] if row["slug"] == "volta")
    assert row["former_names"] == ["Volta-Pile", "Piles d’antan"] and row["national"] is False
    assert row["latitude"] == 45.28 and row["longitude"] == -5.88312 and row["closed_on"] is None
    assert row["verified_on"] == "2026-03-12" and row["name"] == UNTOUCHED["name"]
    assert told["columns"] == {
        column.name: label
        for column, label in zip(ORGANISATION_COLUMNS, labels_of("fr", ORGANISATION_COLUMNS).values(), strict=True)
        if column.public
    }


def test_geojson_has_a_point_where_a_place_is_known(rich):
    told = json.loads(taken("/en/members/", "geojson"))
    assert told["type"] == "FeatureCollection"
    places = {one["properties"]["slug"]: one["geometry"] for one in told["features"]}
    assert places == {"volta": {"type": "Point", "coordinates": [-5.88312, 45.28]}, "labo": None}
    (cluster,) = json.loads(taken("/en/clusters/", "geojson"))["features"]
    assert cluster["geometry"]["coordinates"] == [-4.83567, 45.76]
    (project,) = json.loads(taken("/en/projects/", "geojson"))["features"]
    assert project["geometry"]["coordinates"] == [-5.88312, 45.28]  # of the coordinator


def test_words_are_those_of_the_language_of_the_file(rich):
    row = row_of(taken("/en/members/", "csv"), "csv", "en")
    assert row["kind"] == "Company" and row["themes"] == "Energy | Santé" and row["national"] == "no"
    assert row["headcount"] == "20 to 49 people" and row["precision"] == "Address"
    laboratory = row_of(taken("/en/members/", "csv"), "csv", "en", "labo")
    assert laboratory["unit_numbers"] == "UMR 5506" and laboratory["supervisors"] == "Université"


def test_a_project_tells_its_partners_labels_and_fundings_each_in_its_place(rich):
    row = row_of(taken("/fr/projets/", "csv"), "csv", "fr", "pile", PROJECT_COLUMNS)
    assert row["total_cost"] == "1200000.10" and row["private_investment"] == "800000.05"
    assert row["state"] == "En cours" and row["start"] == "2024-01-02"
    assert row["coordinator"] == "'=Volta; « & Cie »" and row["coordinator_cost"] == "700000.10"
    assert row["partners"] == "Université | Laboratoire"
    assert row["partner_costs"] == "12.00 | " and row["partner_fundings"] == " | 0.05"
    assert row["lead_cluster"] == "CARA" and row["labelled_on"] == "2023-06-01" and row["other_clusters"] == ""
    assert row["programmes"] == "FUI | FUI" and row["funders"] == "État | État"
    assert row["funding_amounts"] == "300000.00 | " and row["funded_on"] == "2023-12-01 | 2024-02-01"


def test_a_past_day_tells_what_was_decided_by_then(rich):
    row = row_of(taken("/fr/projets/?on=2023-12-31", "csv"), "csv", "fr", "pile", PROJECT_COLUMNS)
    assert row["state"] == "Financé" and row["funded_on"] == "2023-12-01"
    row = row_of(taken("/fr/membres/?on=2014-01-01&former=1", "csv"), "csv", "fr")
    assert row["clusters"] == ""


def test_a_cluster_tells_its_label_and_its_regions(rich):
    row = row_of(taken("/fr/clusters/", "csv"), "csv", "fr", "cara", CLUSTER_COLUMNS)
    assert row["label_phase"] == "V" and row["labelled_since"] == "2023-03-27" and row["labelled_until"] == "2026-12-31"
    assert row["regions"] == "Auvergne-Rhône-Alpes" and row["former_names"] == "LUTB" and row["members"] == "2"


def test_nothing_private_is_in_any_public_file(rich):
    seen = 0
    for path in (*LISTS, "/fr/clusters/cara/membres/", "/en/clusters/cara/projects/", "/fr/membres/?former=1"):
        for file_format in FORMATS:
            file = taken(path, file_format)
            if file_format == "xlsx":
                with zipfile.ZipFile(BytesIO(file)) as parts:
                    file = b"".join(parts.read(name) for name in parts.namelist())
            text = file.decode(errors="replace")
            assert SECRET.casefold() not in text.casefold(), (path, file_format)
            assert "732829320" not in text  # found by whoever types it, and shown nowhere
            assert "612345678" not in text
            seen += "volta" in text or "pile" in text or "cara" in text
    assert seen == 9 * len(FORMATS)


def test_a_row_that_is_withdrawn_while_the_file_goes_out_is_left_out(rich):
    response = Client().get("/fr/membres/?format=csv")
    Organisation.objects.filter(slug="volta").update(status="draft")
    assert [row[0] for row in rows_of(content(response), "csv")[1:]] == ["labo"]


# --- what stands beside ---------------------------------------------------------------------------------------------------
def test_a_file_says_where_it_comes_from_and_what_it_shows(rich, settings):
    settings.DATA_LICENCE, settings.SITE_URL = "Licence Ouverte 2.0", "https://annuaire.example"
    path = "/fr/membres/?kind=company&on=2020-01-01&q=volta"
    facts = json.loads(taken(path, "json"))["about"]
    assert facts["source"] == "Cluster Portal, https://annuaire.example/fr/membres/?kind=company&on=2020-01-01&q=volta"
    assert facts["day"] == "2020-01-01" and facts["rows"] == 1 and facts["licence"] == "Licence Ouverte 2.0"
    assert facts["filters"] == ["Recherche – «\u202fvolta\u202f»", "Type – Entreprises"]
    assert "volta" in facts["title"] and facts["order"] == "Pertinence"
    sheets = CalamineWorkbook.from_filelike(BytesIO(taken(path, "xlsx")))
    assert sheets.sheet_names == ["Lignes", "À propos de ce fichier"]
    beside = dict(sheets.get_sheet_by_index(1).to_python())
    assert beside["Licence"] == "Licence Ouverte 2.0" and beside["À la date du"] == "2020-01-01"
    companion = Client().get(f"{path}&format=csv&about=1")
    assert companion["Content-Type"] == "text/plain; charset=utf-8" and companion["X-Robots-Tag"] == "noindex"
    assert "Licence Ouverte 2.0" in companion.text and "Type – Entreprises" in companion.text
    for file_format in ("csv", "csv-fr"):  # the labels are the first line, whatever
        assert rows_of(taken(path, file_format), file_format)[0][0] == "Identifiant dans l’annuaire"


def test_no_licence_is_said_where_the_operator_names_none(rich):
    assert "licence" not in json.loads(taken("/fr/membres/", "json"))["about"]


def test_a_list_without_rows_is_a_file_with_its_labels(rich):
    for file_format in FORMATS:
        rows = rows_of(taken("/fr/membres/?region=nulle-part", file_format), file_format)
        assert len(rows) == 1


@pytest.mark.parametrize("path", LISTS)
def test_an_unknown_format_gets_a_sentence_and_the_formats_that_there_are(rich, path):
    for asked in ("zip", "", "xls%00", "csv%0D%0A", "é"):
        response = Client().get(f"{path}?theme=energy&format={asked}")
        assert response.status_code == 404
        assert f'href="{path}?theme=energy&amp;format=xlsx"' in response.text
        assert "noindex" in response.text


@pytest.mark.parametrize("path", LISTS)
def test_the_list_offers_its_files_with_its_filters(rich, path):
    narrowed = f"{path}?region=ara"
    page = Client().get(narrowed).text
    for file_format in FORMATS:
        assert f'<a href="{narrowed}&amp;format={file_format}" rel="nofollow">' in page
    for file_format in ("csv", "csv-fr"):
        assert f'href="{narrowed}&amp;format={file_format}&amp;about=1"' in page


def test_odd_filters_are_treated_as_the_list_treats_them(rich):
    for query in ("on=yesterday", "page=99999", "theme=%00", "sort=size", "former=2", "q=" + "x" * 5000):
        for file_format in FORMATS:
            assert taken(f"/fr/membres/?{query}", file_format)


def test_head_is_answered_without_making_the_file(rich):
    for file_format in FORMATS:
        with CaptureQueriesContext(connection) as queries:
            response = Client().head(f"/fr/membres/?format={file_format}")
        assert response.status_code == 200 and not content(response)
        assert not [query for query in queries.captured_queries if "array_position" in query["sql"]]


# --- the cost -------------------------------------------------------------------------------------------------------------
def many(number: int, cluster: Cluster) -> None:
    rows = Organisation.objects.bulk_create(
        Organisation(kind="company", name=f"Firme {n}", slug=f"firme-{number}-{n}", status="published")
        for n in range(number)
    )
    Membership.objects.bulk_create(Membership(organisation=row, cluster=cluster) for row in rows)
    projects = Project.objects.bulk_create(
        Project(acronym=f"P{n}", slug=f"p-{number}-{n}", status="published") for n in range(number)
    )
    Participation.objects.bulk_create(
        Participation(project=one, organisation=row) for one, row in zip(projects, rows, strict=True)
    )


@pytest.mark.parametrize("path", ["/fr/membres/", "/fr/projets/", "/fr/clusters/", "/fr/membres/?q=firme"])
def test_a_file_of_many_rows_takes_no_more_queries_than_one_of_few(rich, path, monkeypatch):
    monkeypatch.setattr("cluster_portal.exchange.tables.SMALLEST", 20)
    numbers = []
    for number in (3, 300, 60):
        many(number, Cluster.objects.get(slug="cara"))
        Client().get(path)  # the index has read them
        with CaptureQueriesContext(connection) as queries:
            rows = len(rows_of(taken(path, "csv"), "csv"))
        numbers.append(len(queries))
    assert rows > 360 or "clusters" in path
    assert numbers[0] <= numbers[1] == numbers[2] <= 12, "a few pieces, however many rows"


def test_labels_wait_for_no_row(rich):
    """The first bytes are there before a row is read."""
    for file_format in ("csv", "csv-fr", "json", "geojson"):
        response = Client().get(f"/fr/membres/?format={file_format}")
        texts = iter(response.streaming_content)
        with CaptureQueriesContext(connection) as queries:
            assert next(texts)
        assert not len(queries)
        assert list(texts)  # to the end: nothing is left open


def test_a_file_leaves_no_language_behind(rich):
    response = Client().get("/en/members/?format=csv")
    with override("fr"):
        assert "Company" in content(response).decode()


def test_nothing_is_left_on_the_disk(rich, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    response = Client().get("/fr/membres/?format=xlsx")
    assert zipfile.is_zipfile(BytesIO(content(response)))
    assert not list((tmp_path / "exports").iterdir())
    assert (tmp_path / "exports").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(
    not shutil.which("soffice"), reason="LibreOffice is not installed (apt-get install libreoffice-calc)"
)
@pytest.mark.parametrize(("file_format", "read_as"), [("xlsx", []), ("csv-fr", ["--infilter=CSV:59,34,76,1"])])
def test_libreoffice_reads_what_was_written(rich, tmp_path, file_format, read_as):
    file = tmp_path / f"file.{'xlsx' if file_format == 'xlsx' else 'csv'}"
    file.write_bytes(taken("/en/members/", file_format))
    out = tmp_path / "out"
    as_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", *read_as,
         "--convert-to", as_csv, "--outdir", str(out), str(file)],
        check=True, timeout=120, capture_output=True,
    )  # fmt: skip
    (written,) = out.iterdir()
    lines = list(csv.reader(io.StringIO(written.read_text(encoding="utf-8-sig"), newline="")))
    assert lines[0] == [str(label) for label in labels_of("en", [c for c in ORGANISATION_COLUMNS if c.public]).values()]
    (volta,) = [line for line in lines if line[0] == "volta"]
    assert volta[2].lstrip("'") == "=Volta; « & Cie »" and "552100554" in volta


def test_words_are_found_in_whatever_language_is_active():
    with override("en"):
        assert Words("fr").label(Organisation.Kind, "company") == "Entreprise"
        assert Words("fr").label(Organisation.Kind, "") == ""
