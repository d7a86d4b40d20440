"""Files for spreadsheets: no cell of any file runs, and numbers stay numbers."""

import csv
import io
import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation

from cluster_portal.exchange.csv_file import csv_lines
from members.models import Cluster, ClusterRegion, Membership, Organisation, Region, Theme
from projects.models import DeclaredFigure, Project, ProjectLabel
from tests.every_page import public_paths

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "−")
BEFORE = ("", " ", "\t", "\r\n", "\u00a0", "\u202f", "\u3000", "\ufeff", "\u200b", "\u00ad", "\x1f", " \n \u2060")
WIDE = ("＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫", "⁺")
TEXTS = [f"{before}{start}1+cmd|' /C calc'!A0" for before in BEFORE for start in (*STARTS, *WIDE)]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def cells_of(content: str, delimiter: str) -> list[str]:
    """Of a file for spreadsheets, which has a byte-order mark, or of a plain one, which has commas."""
    plain = not content.startswith("\ufeff")
    lines = io.StringIO(content.removeprefix("\ufeff"), newline="")
    return [cell for line in csv.reader(lines, delimiter="," if plain else delimiter) for cell in line]


def is_number(cell: str) -> bool:
    try:
        Decimal(cell.replace(",", "."))
    except ArithmeticError:
        return False
    return True


def would_run(cell: str) -> bool:
    """By the first sign that is neither a blank nor hidden, in its plain form."""
    for sign in cell:
        if sign in "\t\r\n":
            return True
        if unicodedata.category(sign) not in ("Cc", "Cf", "Zs", "Zl", "Zp"):
            return unicodedata.normalize("NFKC", sign) in ("=", "+", "-", "@", "−") and not is_number(cell)
    return False


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_a_text_that_a_spreadsheet_would_run_is_made_inert_and_kept(text):
    (cell,) = cells_of("".join(csv_lines([[text]])), ",")
    assert would_run(text) and not would_run(cell)
    assert cell == f"'{text}"


def test_no_letter_or_figure_is_the_beginning_of_a_formula():
    """Texts that begin with one are looked at no further."""
    signs = (chr(code) for code in range(0x110000) if chr(code).isalnum())
    assert not [sign for sign in signs if unicodedata.normalize("NFKC", sign)[:1] in STARTS]


@pytest.mark.parametrize("text", ["", "Énergie", "A=B", "a@b.fr", "1-2", "'=1", "https://x.example/?a=-1", "« +5 »"])
def test_any_other_text_is_left_as_it_is(text):
    assert cells_of("".join(csv_lines([[text, "x"]])), ",") == [text, "x"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [(-5, "-5"), (Decimal("-1234.5"), "-1234.50"), (-0.25, "-0.25"), (None, ""), (date(2021, 3, 1), "2021-03-01")],
)
def test_a_number_stays_a_number_even_below_zero(value, cell):
    assert cells_of("".join(csv_lines([[value, "x"]])), ",") == [cell, "x"]


@pytest.fixture
def hostile_names(db):
    """Each hostile text is the name of a cluster, and the source of a figure of each scope."""
    Theme.objects.create(name_fr="=1+1", name_en="@theme", slug="theme")
    Region.objects.create(name="-region", slug="region", insee_code="01")
    project = Project.objects.create(acronym="+projet", slug="project", status="published")
    both = Organisation.objects.create(name="=member", slug="member", status="published", kind="company")
    # a name with blanks before it or hidden signs is refused by the database itself
    names = [text for text in TEXTS if text.isprintable() and text == " ".join(text.split())]
    texts = names[:: max(1, len(names) // 12)]
    assert len(texts) > 3
    for number, text in enumerate(texts):
        cluster = Cluster.objects.create(name=text, slug=f"cluster-{number}", status="published")
        ClusterRegion.objects.create(cluster=cluster, region=Region.objects.get())
        Membership.objects.create(organisation=both, cluster=cluster, joined_on=date(2015, 1, 1))
        ProjectLabel.objects.create(project=project, cluster=cluster, role="co", date=date(2016, 1, 1))
        for scope in ({}, {"cluster": cluster}, {"region": Region.objects.get()}, {"theme": Theme.objects.get()}):
            DeclaredFigure.objects.create(indicator="members", value=3, source=text, link="https://x.example/", **scope)
    return texts


def test_no_cell_of_any_file_of_the_site_runs(hostile_names):
    client, files = Client(), {}
    objects = [*Cluster.objects.all()[:2], *Organisation.objects.all(), *Project.objects.all()]
    for path in public_paths([*objects, *Theme.objects.all(), *Region.objects.all()]):
        for query in (
            "format=csv",
            "format=csv-fr",
            "format=csv&table=projects-by-year",
            "format=csv&table=members-by-year",
        ):
            response = client.get(f"{path}?{query}")
            if response.headers["Content-Type"].startswith("text/csv"):
                files[f"{path}?{query}"] = b"".join(response.streaming_content).decode()
    assert len({path.partition("?")[0] for path in files if path.startswith("/en/")}) >= 6
    seen = set()
    assert {path.partition("=")[2] for path in files} >= {"csv", "csv-fr"}
    for address, content in files.items():
        cells = cells_of(content, ";" if address.startswith("/fr/") or address.endswith("csv-fr") else ",")
        assert not [cell for cell in cells if would_run(cell)], address
        seen |= {cell[1:] for cell in cells if cell.startswith("'")}
    assert set(hostile_names) <= seen
