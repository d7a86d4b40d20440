"""Files of rows: the same texts from every format, and a sentence for whatever a file should not have."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cluster_portal.exchange.csv_file import csv_lines
from cluster_portal.exchange.layouts import MAX_CELL, known_sentences
from cluster_portal.exchange.sentences import Sentence, sentence
from cluster_portal.exchange.sheets import Layout, Recognised, Row, Unreadable, recognise, rows

ROWS = [["Nom", "Ville", "Note"], ["Énergie & cie", "Saint-Étienne", "1"], ["Œuvre", "Aÿ", "deux, trois ; quatre"]]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def save(tmp_path):
    """Keeps a content under a name."""

    def keep(content: bytes | str, name: str = "members.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return keep


@pytest.fixture
def workbook(tmp_path):
    """A workbook that a function fills."""

    def make(fill=None, name: str = "members.xlsx", **options) -> Path:
        path = tmp_path / name
        book = xlsxwriter.Workbook(path, options)
        if fill:
            fill(book)
        book.close()
        return path

    return make


def with_rows(lines, sheet="Members"):
    def fill(book):
        page = book.add_worksheet(sheet)
        for number, cells in enumerate(lines):
            page.write_row(number, 0, cells)

    return fill


def read(path: Path, chosen: Layout | None = None) -> tuple[Recognised, list[Row]]:
    found = recognise(path, path.name, chosen)
    return found, list(rows(path, found.layout))


def texts(found: list[Row]) -> list[list[str]]:
    return [row.cells for row in found]


def said(path: Path, chosen: Layout | None = None) -> str:
    """The sentence with which a file is refused, sooner or later."""
    with pytest.raises(Unreadable) as refused:
        read(path, chosen)
    shown = str(refused.value)
    assert shown == str(Sentence(*json.loads(json.dumps(refused.value.sentence)))), "can be kept"
    assert shown[0].isupper() and shown.endswith(".") and "%(" not in shown
    return shown


def inside(path: Path, part: str, change) -> Path:
    """The workbook with one of its parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


SHEET = "xl/worksheets/sheet1.xml"


# --- the same rows from every format ----------------------------------------------------------------------------------


def as_csv(lines, separator: str, end: str = "\r\n") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=end).writerows(lines)
    return text.getvalue()


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"], ids=ascii)
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"], ids=ascii)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_csv_file_is_recognised_by_its_content(save, encoding, separator, end):
    found, lines = read(save(as_csv(ROWS, separator, end).encode(encoding)))
    kept = "cp1252" if encoding == "cp1252" else "utf-8"
    assert found.layout == Layout("csv", kept, separator, "", 1)
    assert found.headers == ROWS[0] and texts(lines) == ROWS[1:] == texts(found.sample)
    assert [row.line for row in lines] == [2, 3] and found.row_count == 2
    assert not found.notices and not found.offers


def test_a_workbook_has_the_rows_of_the_csv_file(workbook):
    found, lines = read(workbook(with_rows(ROWS)))
    assert found.layout == Layout("xlsx", sheet="Members", header_row=1) and found.sheets == ["Members"]
    assert found.headers == ROWS[0] and texts(lines) == ROWS[1:] and found.row_count == 2
    assert [row.line for row in lines] == [2, 3]


def test_a_layout_can_be_kept_and_taken_up_again(save):
    found, _lines = read(save(as_csv(ROWS, ";")))
    assert Layout.from_json(json.loads(json.dumps(found.layout.as_json()))) == found.layout
    assert Layout.from_json({"format": "csv", "of another version": 1}) == Layout("csv")


def test_lines_are_numbered_as_in_the_file(save):
    text = 'nom;note\r\n"deux\r\nlignes";1\r\n\r\n;\r\n  ; \r\nA;"x\r\ry"\r\nB;2'
    found, lines = read(save(text))
    assert [(row.line, row.cells[0]) for row in lines] == [(2, "deux\r\nlignes"), (7, "A"), (10, "B")]
    assert found.row_count == 3


def test_blanks_around_a_value_are_left_to_whoever_reads_it(save):
    _found, lines = read(save("a;b\n x ;\u00a0y\u202f\n"))
    assert texts(lines) == [[" x ", "\u00a0y\u202f"]]


def test_only_what_ends_a_line_of_a_file_ends_one(save):
    _found, lines = read(save("a;b\nun\u2028deux;trois\x0bquatre\x85\n"))
    assert texts(lines) == [["un\u2028deux", "trois\x0bquatre\x85"]]


def test_a_short_line_has_blank_cells_and_a_long_one_a_problem(save):
    _found, lines = read(save("a;b;c\n1\n1;2;3;4\n1;2;3;;\n"))
    assert texts(lines) == [["1", "", ""], ["1", "2", "3"], ["1", "2", "3"]]
    assert [[str(one) for one in row.problems] for row in lines] == [
        [],
        ["The line has 4 cells for 3 columns: a separator stands inside a cell that has no quotation marks, or a value stands where no header is."],
        [],
    ]  # fmt: skip


def test_a_formula_in_a_csv_file_is_text(save):
    _found, lines = read(save('nom,site\n"=HYPERLINK(""https://x.example"",""x"")",=1+1\n'))
    assert texts(lines) == [['=HYPERLINK("https://x.example","x")', "=1+1"]]


@pytest.mark.parametrize(
    "text", ["=1+1", "+33 4 76", "-5", "@a", "\t=1", "−3", " =x", "a\nb", "\u200b=1", "'", "'a", "", "l'eau"]
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_was_made_inert_for_spreadsheets_comes_back_as_it_was(save, text, language):
    with translation.override(language):
        content = "".join(csv_lines([["nom", "texte"], ["x", text]]))
    _found, lines = read(save(content))
    assert texts(lines) == [["x", text]]


# --- workbooks --------------------------------------------------------------------------------------------------------


def test_cells_of_a_workbook_are_texts_as_a_person_reads_them(workbook):
    def fill(book):
        page = book.add_worksheet()
        day, moment, clock, french, digits, money, month, padded = (
            book.add_format({"num_format": code})
            for code in (
                14,
                "yyyy-mm-dd hh:mm",
                "hh:mm",
                "[$-40C]dd/mm/yyyy;@",
                "0",
                '#,##0.00 "days"',
                "mmm yyyy",
                "00000",
            )
        )
        cells = [
            (5221005540001, None), (5221005540001.0, digits), (0.1 + 0.2, None), (-3.5, money), (1e-7, None),
            (date(2024, 12, 31), day), (datetime(2024, 12, 31, 14, 30), moment), (time(9, 5), clock),
            (date(2024, 2, 29), french), (45366, None), (date(2024, 3, 1), month), (1000, padded), (True, None), (False, None),
        ]  # fmt: skip
        page.write_row(0, 0, [f"c{number}" for number in range(len(cells))])
        for column, (value, shown) in enumerate(cells):
            page.write(1, column, value, shown)

    _found, lines = read(workbook(fill))
    assert texts(lines) == [[
        "5221005540001", "5221005540001", "0.3", "-3.5", "0.0000001",
        "2024-12-31", "2024-12-31 14:30", "09:05",
        "2024-02-29", "45366", "2024-03-01", "01000", "yes", "no",
    ]]  # fmt: skip


def test_a_workbook_has_the_values_that_another_library_reads(workbook):
    """Of every kind, at every place of a sheet that is large and has holes."""

    def fill(book):
        page = book.add_worksheet()
        day = book.add_format({"num_format": 14})
        page.write_row(0, 0, [f"c{column}" for column in range(60)])
        for line in range(1, 400):
            for column in range(line % 3, 60, 1 + line % 5):
                value = [
                    f"texte {line % 7} é",
                    line * column / 8,
                    line * 10**9 + column,
                    line % 2 == 0,
                    date(1950 + column, 1, 1 + line % 28),
                ]
                page.write(line, column, value[(line + column) % 5], day if (line + column) % 5 == 4 else None)

    def as_text(value):
        if isinstance(value, bool):
            return "yes" if value else "no"
        return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)

    path = workbook(fill)
    (sheet,) = python_calamine.load_workbook(path).sheet_names
    _header, *expected = python_calamine.load_workbook(path).get_sheet_by_name(sheet).to_python()
    _found, lines = read(path)
    assert texts(lines) == [[as_text(value) for value in line] for line in expected]


def test_days_counted_from_1904_are_the_same_days(workbook):
    def fill(book):
        page = book.add_worksheet()
        page.write_row(0, 0, ["a", "b"])
        page.write(1, 0, datetime(1950, 6, 1), book.add_format({"num_format": 14}))
        page.write(1, 1, "x")

    for since_1904 in (False, True):
        _found, lines = read(workbook(fill, date_1904=since_1904))
        assert texts(lines) == [["1950-06-01", "x"]], since_1904


def test_texts_of_a_workbook_may_be_rich_escaped_or_beside_the_cell(workbook):
    def fill(book):
        page = book.add_worksheet()
        page.write_row(0, 0, ["a", "b", "c"])
        page.write_rich_string(1, 0, "Énergie ", book.add_format({"bold": True}), "verte")
        page.write_string(1, 1, "a\x01b")
        page.write_string(1, 2, "  gardés  ")

    for options in ({}, {"constant_memory": True}):  # the texts of cells apart, or in place
        _found, lines = read(workbook(fill, **options))
        assert texts(lines) == [["Énergie verte", "a\x01b", "  gardés  "]], options


def test_how_a_text_is_pronounced_is_no_part_of_it(workbook):
    path = workbook(with_rows([["a", "b"], ["東京", "x"]]))

    def spoken(xml):
        return xml.replace(
            "<si><t>東京</t></si>".encode(), "<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si>".encode()
        )

    _found, lines = read(inside(path, "xl/sharedStrings.xml", spoken))
    assert texts(lines) == [["東京", "x"]]


def test_a_workbook_of_another_program_may_name_its_elements_and_places_otherwise(workbook):
    path = workbook(with_rows([["a", "b"], [1, 2]]), constant_memory=True)

    def other(xml):
        text = xml.decode()
        for name in ("worksheet", "sheetData", "row", "c", "v", "is", "t"):
            text = (
                text.replace(f"<{name}>", f"<x:{name}>")
                .replace(f"<{name} ", f"<x:{name} ")
                .replace(f"</{name}>", f"</x:{name}>")
            )
        text = text.replace("xmlns=", "xmlns:x=")
        for place in ("A1", "B1", "A2", "B2"):
            text = text.replace(f' r="{place}"', "")
        return text.encode()

    found, lines = read(inside(path, SHEET, other))
    assert found.headers == ["a", "b"] and texts(lines) == [["1", "2"]] and found.row_count == 1


def test_a_sheet_is_chosen_among_those_that_can_be_seen(workbook):
    def fill(book):
        book.add_worksheet("Empty")
        with_rows([["x", "y"], ["secret", "1"]], "Hidden")(book)
        with_rows([["a", "b"], ["first", "1"]], "First")(book)
        with_rows([["a", "b"], ["second", "2"]], "Second & last")(book)
        book.get_worksheet_by_name("Hidden").hide()

    path = workbook(fill)
    found, lines = read(path)
    assert found.sheets == ["Empty", "First", "Second & last"] and found.layout.sheet == "First"
    assert texts(lines) == [["first", "1"]]
    assert "Hidden sheets of the workbook are not offered." in map(str, found.notices)
    _found, lines = read(path, Layout("xlsx", sheet="Second & last"))
    assert texts(lines) == [["second", "2"]]
    assert (
        said(path, Layout("xlsx", sheet="Hidden"))
        == "The workbook has no sheet named “Hidden” that can be seen. Choose another one."
    )
    assert said(path, Layout("xlsx", sheet="Empty")) == "The file is empty. Choose the one that holds the rows."


def test_formulas_give_their_value_and_their_errors_a_problem(workbook):
    def fill(book):
        page = book.add_worksheet()
        page.write_row(0, 0, ["a", "somme", "lien"])
        page.write(1, 0, "x")
        page.write_formula(1, 1, "=1+1", None, 2)
        page.write_formula(1, 2, '=HYPERLINK("https://x.example","Site")', None, "Site")
        page.write(2, 0, "y")
        page.write_formula(2, 1, "=A1/0", None, "#DIV/0!")

    _found, lines = read(workbook(fill))
    assert texts(lines) == [["x", "2", "Site"], ["y", "#DIV/0!", ""]]
    assert lines[0].problems == []
    assert [str(one) for one in lines[1].problems] == [
        "“somme” is the error #DIV/0! of a formula. Correct the formula, or delete the cell."
    ]


def test_an_error_that_a_csv_file_has_from_a_spreadsheet_is_one_too(save):
    _found, lines = read(save("a;b\n#REF!;1\n#NOM?;#1 des écoles\n"))
    assert [len(row.problems) for row in lines] == [1, 1]


def test_merged_cells_are_pointed_out(workbook):
    def fill(book):
        with_rows([["a", "b"], ["", "1"], ["", "2"]])(book)
        book.worksheets()[0].merge_range("A2:A3", "both")

    found, lines = read(workbook(fill))
    assert texts(lines) == [["both", "1"], ["", "2"]]
    assert [str(one) for one in found.notices] == [
        "Cells are merged (A2:A3): only the first cell of each such group has a value."
    ]


def test_rows_that_only_have_a_format_are_none(workbook):
    def fill(book):
        page = book.add_worksheet()
        bold = book.add_format({"bold": True})
        page.write_row(0, 0, ["a", "b"])
        page.write_row(1, 0, ["x", "y"])
        for line in range(2, 3000):
            page.write_blank(line, 0, None, bold)
            page.write_blank(line, 400, None, bold)
        page.write_row(3000, 0, ["z", ""])

    found, lines = read(workbook(fill))
    assert [(row.line, row.cells) for row in lines] == [(2, ["x", "y"]), (3001, ["z", ""])] and found.row_count == 2


def test_a_large_workbook_is_counted_at_a_glance(workbook):
    lines = [["Title", *[""] * 39], [f"c{n}" for n in range(40)], *([str(n)] * 40 for n in range(12_000))]
    found = recognise(workbook(with_rows(lines)))
    assert found.row_count == 12_000 and found.layout.header_row == 2


# --- headers ----------------------------------------------------------------------------------------------------------

TITLE = [
    ["Members of CARA"],
    [],
    ["", "", "Updated on 3 March"],
    ["Nom", "Ville", "SIREN", "Site"],
    ["A", "Lyon", "", ""],
    ["B", "Bron", "1", "x"],
]


def test_a_title_above_the_headers_is_skipped_and_said(save, workbook):
    for path in (save(as_csv(TITLE, ";")), workbook(with_rows(TITLE))):
        found, lines = read(path)
        assert found.layout.header_row == 4 and found.headers == TITLE[3]
        assert [(row.line, row.cells[0]) for row in lines] == [(5, "A"), (6, "B")]
        assert "The headers are on line 4; what stands above is not read." in map(str, found.notices)


def test_the_line_of_the_headers_can_be_chosen(save, workbook):
    for path in (save(as_csv(TITLE, ";")), workbook(with_rows(TITLE))):
        found, lines = read(path, Layout(header_row=5))
        assert found.headers == ["A", "Lyon"] and texts(lines) == [["B", "Bron"]]
        assert [row.problems[0].code for row in lines] == ["row-too-many-cells"]
        assert not [one for one in found.notices if one.code == "layout-title"]
        assert (
            said(path, Layout(header_row=7)) == "The file has no line 7 to take the headers from. Choose another one."
        )


def test_headers_that_are_twice_blank_or_beyond_the_columns_are_told_apart(save):
    found, lines = read(save("E-mail;;E-mail;E-mail (2);;;\na;b;c;d;;;\n"))
    assert found.headers == ["E-mail", "(B)", "E-mail (2)", "E-mail (2) (2)"] and texts(lines) == [["a", "b", "c", "d"]]
    assert [str(one) for one in found.notices] == [
        "3 columns at the right have no header; they are not read.",
        "A column has no header: it is called “(B)”.",
        "Several columns have the header “E-mail”: the later ones are called “E-mail (2)”.",
        "Several columns have the header “E-mail (2)”: the later ones are called “E-mail (2) (2)”.",
    ]


def test_headers_that_look_like_values_are_asked_about(save):
    found, _lines = read(save("HORUS;44270113200049;x@y.example;2024\nA;1;2;3\n"))
    assert [one.params["header"] for one in found.notices] == ["44270113200049", "x@y.example"]


def test_one_column_is_told_and_another_separator_offered(save):
    path = save("Nom;Ville\nA;Lyon, Rhône\nB;Bron\nC;Vienne\n")
    found, _lines = read(path, Layout(separator="\t"))
    assert [str(one) for one in found.notices if one.code.startswith("layout-one")] == [
        "Only one column was found. With the separator “;” there are 2."
    ]
    again, lines = read(path, found.offers[0])
    assert again.headers == ["Nom", "Ville"] and texts(lines) == [["A", "Lyon, Rhône"], ["B", "Bron"], ["C", "Vienne"]]
    found, _lines = read(save("Nom\nA\nB\n"))
    assert [str(one) for one in found.notices] == [
        "Only one column was found. If the file has more, choose another separator."
    ]


# --- JSON -------------------------------------------------------------------------------------------------------------

OBJECTS = [
    {
        "name": "Énergie",
        "siren": "005520135",
        "latitude": 45.5,
        "staff": 12,
        "themes": ["space", "drones"],
        "site": {"city": "Lyon"},
    },
    {"name": "B", "siren": None, "verified": True, "note": "'=1+1"},
]
HEADERS = ["name", "siren", "latitude", "staff", "themes", "site.city", "verified", "note"]
CELLS = [
    ["Énergie", "005520135", "45.5", "12", "space | drones", "Lyon", "", ""],
    ["B", "", "", "", "", "", "yes", "'=1+1"],
]


@pytest.mark.parametrize(
    "wrap", [lambda found: found, lambda found: {"source": {"a": [1, "]}"]}, "n": 2, "rows": found, "licence": "x"}]
)
def test_json_as_it_is_exported_has_its_rows(save, wrap):
    for indent in (None, 2):
        found, lines = read(save("\ufeff" + json.dumps(wrap(OBJECTS), indent=indent), "members.json"))
        assert found.layout.format == "json" and found.headers == HEADERS and texts(lines) == CELLS
        assert [row.line for row in lines] == [1, 2] and found.row_count == 2


def test_geojson_has_a_row_for_each_feature_and_its_point(save):
    features = [
        {
            "type": "Feature",
            "properties": {"name": "A"},
            "geometry": {"type": "Point", "coordinates": [4.8357, 45.764]},
        },
        {"type": "Feature", "properties": {"name": "B", "latitude": "1"}, "geometry": None},
        {"type": "Feature", "properties": None, "geometry": {"type": "Polygon", "coordinates": [[[1, 2]]]}},
        {"type": "Feature", "properties": {"name": "C"}, "geometry": {"type": "Point", "coordinates": [1.10, -2.50]}},
    ]
    found, lines = read(save(json.dumps({"type": "FeatureCollection", "features": features}), "members.geojson"))
    assert found.headers == ["name", "latitude", "longitude"]
    assert texts(lines) == [["A", "45.764", "4.8357"], ["B", "1", ""], ["C", "-2.5", "1.1"]]


@pytest.mark.parametrize(
    "text",
    ["[{", '[{"a": 1},]', '[{"a": 1}] x', '{"rows": [{"a": 1}]', '{"rows": {}}', "[1, 2", '{"a": [}', "[" * 100_000, '{"rows": ' * 50_000, '[{"a": ' + "[" * 100_000, "{}", '"a"', "[]", '{"a": "' + "x" * 3_000_000, '[{"a": [' + "[]," * 700_000 + "0]}]"],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_json_that_is_none_is_a_sentence(save, text):
    said(save(text, "members.json"))


def test_what_is_no_object_among_the_rows_is_a_problem_of_its_row(save):
    _found, lines = read(
        save('[{"a": "1", "b": 123456789012345678901234567890}, 3, {"a": {"deep": {"er": [1]}}, "b": [[1]]}]', "x.json")
    )
    assert [str(one) for row in lines for one in row.problems] == [
        "This row is not an object with a value for each column."
    ]
    assert lines[0].cells == ["1", "123456789012345678901234567890", ""]
    assert lines[2].cells == ["", '[["1"]]', '{"er": ["1"]}']


# --- what a file should not be ----------------------------------------------------------------------------------------


def archive(**parts: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/"), text)
    return content.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2000
REFUSED = {
    "empty": (b"", "The file is empty. Choose the one that holds the rows."),
    "a mark alone": (b"\xef\xbb\xbf", "The file is empty. Choose the one that holds the rows."),
    "blanks": (b" ;;\r\n\t\r\n", "The file is empty. Choose the one that holds the rows."),
    "headers only": (b"Nom;Ville\r\n;\r\n", "The file has headers and no row below them. Add the rows, or choose another line as the headers."),
    "zip": (archive(photo="x"), "This is a ZIP archive and not a spreadsheet. Unpack it, and choose the file that is inside."),
    "gzip": (b"\x1f\x8b\x08" + b"x" * 99, "This is a ZIP archive and not a spreadsheet. Unpack it, and choose the file that is inside."),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "This is a PDF, from which no rows can be read. Ask for the spreadsheet that it was made from, as XLSX or CSV."),
    "xls": (OLE, "This is a workbook in the old XLS format. Open it in your spreadsheet program, and save it as XLSX."),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "The workbook is protected by a password. Open it, remove the password, and save it again."),
    "ods": (archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "This is an OpenDocument file. Open it in your spreadsheet program, and save it as XLSX."),
    "docx": (archive(word__document="x", **{"[Content_Types].xml": "x"}), "This is a text document and not a spreadsheet. Copy its table into a spreadsheet, and save that as XLSX."),
    "xlsb": (archive(xl__workbook_bin="x").replace(b"workbook_bin", b"workbook.bin"), "This is a binary workbook (XLSB). Open it in your spreadsheet program, and save it as XLSX."),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(50), "This is neither a CSV file nor an XLSX workbook. Open it in your spreadsheet program, and save it as XLSX."),
    "web page": (b"\xef\xbb\xbf\r\n<html><table><tr><td>Nom", "This is a web page, even if its name is that of a spreadsheet. Open it in your spreadsheet program, and save it as XLSX."),
    "xml": (b"<?xml version='1.0'?><rows/>", "This is an XML file. Open it in your spreadsheet program, and save it as XLSX."),
    "utf-16": ("Nom;Ville\nA;Lyon\n".encode("utf-16"), "The file is “Unicode text” (UTF-16). Save it as “CSV UTF-8”."),
    "NUL": (b"Nom;Ville\r\nA;Ly\x00on\r\n", "Line 2 holds NUL bytes, which no text has: the file is damaged, or is no CSV file. Export it again."),
    "mixed": ("Nom;Ville\nÉ;1\nÈ;2\n".encode() + "Ê;3\n".encode("cp1252") + "Ù;4\nx;5\n".encode(), "The file mixes two encodings: its accents are in one, and those of line 4 (1 lines in all) are in another. Correct these lines, and save the file as “CSV UTF-8”."),
    "half a sign": (b"Nom;Ville\n\xed\xa0\x80;1\n", "Line 2 holds half of a sign, which no text has. Delete that sign, and save the file as “CSV UTF-8”."),
    "no encoding": (b"Nom;Ville\n\x81\xe9;1\n", "Line 2 cannot be read in the encoding Windows-1252. Choose another encoding, or save the file as “CSV UTF-8”."),
    "quote": (b'Nom;Ville\nA;1\n"B;2\nC;3\n', "A quotation mark that is opened on line 3 is never closed. Close or delete it."),
    "too wide": (b"Nom" + b";" * 299 + b";Loin\nA;1\n", "Line 1 has a value in column KO, and at most 300 columns are read. Delete what stands far to the right, and save the file again."),
    "too many rows": (b"Nom;Ville\n" + b"A;1\n" * 200_000, "The file has more than 50000 rows. Split it into several files, and import one after the other."),
    "10 MB in a cell": (b"Nom;Ville\nA;" + b"x" * 10_000_000 + b"\n", f"A cell of line 2 holds more than {MAX_CELL} characters. Shorten it; in a CSV file, look for a quotation mark that is opened there and never closed."),
    "too much in a line": (b"a" + b";a" * 20 + b"\n" + b";".join([b"x" * 60_000] * 20), "The cells of line 2 hold more than 1000000 characters together. Shorten them."),
    "too large": (b"x" * (20 * 1024 * 1024 + 1), "The file is larger than 20 MB. Split it, or leave out pictures and columns that are not needed."),
}  # fmt: skip


@pytest.mark.parametrize("name", ["members.csv", "members.xlsx"])
@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_that_is_no_list_of_rows_is_refused_in_a_sentence(save, kind, name):
    content, expected = REFUSED[kind]
    assert said(save(content, name)) == expected


def test_a_chosen_encoding_that_is_wrong_is_named_with_its_line(save):
    path = save("Nom;Ville\nA;1\nÉ;2\n".encode("cp1252"))
    assert (
        said(path, Layout(encoding="utf-8"))
        == "Line 3 cannot be read in the encoding UTF-8. Choose another encoding, or save the file as “CSV UTF-8”."
    )


def test_lines_that_are_misread_in_a_chosen_encoding_have_a_problem(save):
    text = "Nom;Ville\nÉ;1\nx;2\n".encode()
    _found, lines = read(save(text + "Ê;3\n".encode("cp1252")), Layout(encoding="cp1252"))
    assert [[str(one) for one in row.problems] for row in lines] == [
        ["The accents of this line seem to be in another encoding."],
        [],
        [],
    ]
    assert texts(lines)[2] == ["Ê", "3"]


def test_every_place_where_a_workbook_may_be_cut_is_a_sentence(workbook):
    whole = workbook(with_rows(ROWS)).read_bytes()
    for length in range(4, len(whole), 97):
        path = workbook(name="cut.xlsx")
        path.write_bytes(whole[:length])
        assert (
            said(path)
            == "The workbook is damaged or not complete. Open it in your spreadsheet program, save it again, and send that."
        )


DOCTYPES = {
    "a billion laughs": '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>',
    "a file of the machine": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    "another site": '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
}


@pytest.mark.parametrize(
    "part",
    [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"],
)
@pytest.mark.parametrize("doctype", DOCTYPES)
def test_entities_in_a_workbook_are_refused(workbook, part, doctype):
    head = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    path = inside(workbook(with_rows(ROWS)), part, lambda xml: xml.replace(head, head + DOCTYPES[doctype].encode()))
    assert said(path).startswith("The workbook defines entities of its own")


DAMAGED = {
    "no XML": (SHEET, lambda xml: b"\x00\x01" + xml),
    "NUL in the XML": (SHEET, lambda xml: xml.replace(b"<v>", b"<v>\x00")),
    "cut XML": (SHEET, lambda xml: xml[: len(xml) // 2]),
    "a text that is not there": (SHEET, lambda xml: xml.replace(b"<v>0</v>", b"<v>99</v>")),
    "a text by no number": (SHEET, lambda xml: xml.replace(b"<v>0</v>", b"<v>-1</v>")),
    "another encoding": (SHEET, lambda xml: xml.replace(b"UTF-8", b"UTF-77")),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_workbook_is_a_sentence(workbook, kind):
    part, change = DAMAGED[kind]
    path = inside(workbook(with_rows([["a", "b"], ["x", "y"]])), part, change)
    assert (
        said(path)
        == "The workbook is damaged or not complete. Open it in your spreadsheet program, save it again, and send that."
    )


def test_a_workbook_without_a_sheet_that_can_be_seen_is_a_sentence(workbook):
    path = inside(
        workbook(with_rows(ROWS)), "xl/workbook.xml", lambda xml: xml.replace(b"<sheet ", b'<sheet state="veryHidden" ')
    )
    assert (
        said(path) == "The workbook has no sheet that can be seen. Show the one that holds the rows, and save it again."
    )


def test_signs_that_no_database_keeps_are_replaced_and_said(save, workbook):
    def escaped(xml):
        return xml.replace(b"<t>half</t>", b"<t>a_xD83D_b</t>").replace(b"<t>nul</t>", b"<t>a_x0000_b</t>")

    book = inside(workbook(with_rows([["a", "b"], ["half", "nul"]])), "xl/sharedStrings.xml", escaped)
    for path in (book, save('[{"a": "a\\ud83db", "b": "a\\u0000b"}]', "x.json")):
        _found, lines = read(path)
        assert texts(lines) == [["a\ufffdb", "a\ufffdb"]]
        assert [str(one) for one in lines[0].problems] == [
            f"“{name}” holds a sign that is no text; it is shown as �." for name in "ab"
        ]


def test_numbers_that_are_none_are_texts(workbook):
    def odd(xml):
        return (
            xml.replace(b"<v>1</v>", b"<v>1e999</v>")
            .replace(b"<v>2</v>", b"<v>nan</v>")
            .replace(b"<v>3</v>", b"<v>?</v>")
        )

    _found, lines = read(inside(workbook(with_rows([["a", "b", "c"], [1, 2, 3]]), constant_memory=True), SHEET, odd))
    assert texts(lines) == [["1e999", "nan", "?"]]


# --- memory -----------------------------------------------------------------------------------------------------------

MEASURED = r"""
import os, re, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from pathlib import Path
from django.utils.translation import override
from cluster_portal.exchange.sheets import Unreadable, recognise, rows
def highest():  # of this program alone: what `getrusage` says begins with the memory of the one that started it
    return int(re.search(r"VmHWM:\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1]) // 1024
before = highest()
with override("en"):
    try:
        path = Path(sys.argv[1])
        print(sum(1 for row in rows(path, recognise(path).layout)))
    except Unreadable as refused:
        print(refused)
print(highest() - before)
print(before)
"""


def measured(path: Path) -> tuple[str, int]:
    """What is said of a file, and the megabytes that it took beside those of the site itself."""
    ran = subprocess.run([sys.executable, "-c", MEASURED, path], capture_output=True, text=True, timeout=90, env=os.environ, cwd=Path(__file__).parent.parent)  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    answer, more, before = ran.stdout.strip().rsplit("\n", 2)
    assert int(more) + int(before) < 300
    return answer, int(more)


def test_one_value_far_to_the_right_of_2000_rows_takes_no_memory(workbook):
    def fill(book):
        page = book.add_worksheet()
        page.write_row(0, 0, ["a", "b"])
        for line in range(1, 2000):
            page.write(line, 16_383, 1)

    path = workbook(fill)
    assert path.stat().st_size < 25_000
    answer, more = measured(path)
    assert (
        answer
        == "Line 2 has a value in column XFD, and at most 300 columns are read. Delete what stands far to the right, and save the file again."
    )
    assert more < 60


def sheet_of(pieces: bytes, times: int) -> bytes:
    return (
        b'<worksheet><sheetData><row r="1"><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row>'
        + pieces * times
        + b"</sheetData></worksheet>"
    )


BOMBS = {
    "one text in each of many cells": (lambda xml: sheet_of(b"<row>" + b'<c t="s"><v>0</v></c>' * 300 + b"</row>", 5_000), b"<si><t>" + b"x" * 90_000 + b"</t></si>", "The cells of line"),
    "unpacked 150 MB": (lambda xml: sheet_of(b"<row></row>" * 1000, 13_000), b"", "The workbook unpacks"),
    "many short texts": (lambda xml: xml, b"<si><t>ab</t></si>" * 4_000_000, "The workbook unpacks"),
    "a value of 90 MB": (lambda xml: sheet_of(b"<row><c><v>" + b"1" * 90_000_000 + b"</v></c></row>", 1), b"", "A cell of line"),
    "an element with a name of 60 MB": (lambda xml: sheet_of(b"<row " + b"a" * 60_000_000 + b"='1'><c><v>1</v></c></row>", 1), b"", ""),
    "texts with one rare sign each": (lambda xml: sheet_of(b'<row><c t="s"><v>1</v></c></row>', 100), ("<si><t>😀" + "x" * 80_000 + "</t></si>").encode() * 1_100, ""),
    "rows without an end": (lambda xml: sheet_of(b"<row><c><v>1</v></c></row>" * 100, 20_000), b"", "The file has more than 50000 rows"),
}  # fmt: skip


@pytest.mark.parametrize("kind", BOMBS)
def test_a_workbook_that_unpacks_to_much_takes_no_memory(workbook, kind):
    fill, shared, expected = BOMBS[kind]
    path = inside(workbook(with_rows([["a", "b"], ["x", "y"]])), SHEET, fill)
    if shared:
        inside(path, "xl/sharedStrings.xml", lambda xml: b"<sst>" + shared + b"</sst>")
    answer, _more = measured(path)
    assert answer.startswith(expected)


def test_a_table_of_contents_with_very_many_entries_is_not_read(save):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for number in range(60_000):
            made.writestr(str(number), "")
    answer, more = measured(save(content.getvalue(), "x.xlsx"))
    assert answer.startswith("The workbook unpacks") and more < 40


@pytest.mark.parametrize("text", ["[" + "[]," * 6_000_000 + "1]", '{"a": [' + "[]," * 6_000_000 + '1], "rows": []}', "[" + '{"a":1},' * 2_000_000 + '{"a":1}]', "a;b\n" + "\n" * 19_000_000, "a;b\n" + ";" * 19_000_000, "a;b\n" + '"😀' + "x" * 19_000_000], ids=range(6))  # fmt: skip
def test_a_text_of_20_mb_takes_little_memory(save, text):
    measured(save(text, "members.json" if text[0] in "[{" else "members.csv"))


# --- whatever it is ---------------------------------------------------------------------------------------------------


def reads_or_refuses(path: Path) -> None:
    try:
        found, lines = read(path)
    except Unreadable:
        return
    assert found.headers and len(set(found.headers)) == len(found.headers)
    assert all(len(row.cells) == len(found.headers) for row in lines)
    json.dumps([row.cells for row in lines]).encode()
    "".join(cell for row in lines for cell in row.cells).encode()


pieces = st.lists(
    st.one_of(st.sampled_from([b";", b",", b"\n", b"\r", b'"', b"\t", b"a", b"1", "é".encode(), b"\xe9", b"\x00", b"\x81", b"=", b"'", b"\xef\xbb\xbf", b"{", b"[", b"]", b"}", b":", b'{"a":1}']), st.binary(max_size=4)),
    max_size=40,
)  # fmt: skip
often = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@often
@given(pieces, st.sampled_from(["x.csv", "x.json", "x.xlsx"]))
def test_any_bytes_are_read_or_refused(save, parts, name):
    reads_or_refuses(save(b"".join(parts), name))


@often
@given(st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_workbook_with_any_bytes_changed_is_read_or_refused(workbook, changes):
    content = bytearray(workbook(with_rows(ROWS)).read_bytes())
    for place, byte in changes:
        content[place % len(content)] = byte
    path = workbook(name="changed.xlsx")
    path.write_bytes(content)
    reads_or_refuses(path)


@often
@given(st.lists(st.tuples(st.integers(0, 3_000), st.sampled_from([b"<", b">", b'"', b"r=", b"s", b"XFD9", b"&amp;", b"<c>", b"</row>", b"9" * 12, b"-", b"<v>", b" t='e'"])), min_size=1, max_size=4), st.sampled_from([SHEET, "xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"]))  # fmt: skip
def test_a_workbook_with_any_xml_changed_is_read_or_refused(workbook, changes, part):
    def change(xml):
        for place, text in changes:
            xml = xml[: place % len(xml)] + text + xml[place % len(xml) + len(text) // 2 :]
        return xml

    reads_or_refuses(inside(workbook(with_rows(ROWS)), part, change))


# --- sentences that are kept ------------------------------------------------------------------------------------------


def test_a_kept_sentence_is_said_in_the_language_of_its_reader():
    kept = json.loads(json.dumps(Sentence("row-error-cell", {"column": "Ville", "error": "#REF!"})))
    with translation.override("en"):
        assert str(Sentence(*kept)).startswith("“Ville” is the error #REF!")
    with translation.override("fr"):
        assert "Ville" in str(Sentence(*kept)) and str(Sentence(*kept)) != sentence("row-error-cell", {})


def test_a_sentence_of_another_version_is_said_as_far_as_it_can_be():
    assert sentence("no-longer-known", {"a": 1}) == "no-longer-known"
    assert "%(" in sentence("file-no-sheet", {"of another": "name"})
    with pytest.raises(ValueError, match="two sentences"):
        known_sentences({"file-empty": "Something else."})
