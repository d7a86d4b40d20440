"""Files of rows that people send: what they are, and their rows as texts, whatever program wrote them.

``recognise`` looks at a file, and says how it is to be read; ``rows`` reads it so, as a stream. Whatever a file may have
that it should not is one sentence that says what to do (``Unreadable``), or a problem of a row.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice, takewhile
from pathlib import Path

from cluster_portal.exchange import csv_sheets, json_sheets
from cluster_portal.exchange.csv_file import without_apostrophe
from cluster_portal.exchange.layouts import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    Layout,
    Line,
    Recognised,
    Row,
    Unreadable,
    column_letters,
    lines_with_something,
)
from cluster_portal.exchange.sentences import Sentence
from cluster_portal.exchange.workbooks import Workbook
from cluster_portal.writing.one_line import one_line

__all__ = ["MAX_BYTES", "MAX_COLUMNS", "MAX_ROWS", "Layout", "Recognised", "Row", "Unreadable", "recognise", "rows"]

SHOWN = 5  # rows of a sample
LOOKED_AT = 50  # lines among which the headers are looked for,
ABOVE = 20  # of which they are one of the first
COUNTED_AT_ONCE = 400_000  # cells of a workbook: of more, rows of nothing but blanks may be among those counted
LONGEST_HEADER = 200
NOT_TEXT = re.compile("[\x00\ud800-\udfff]")  # nothing that a database keeps
# errors of formulas as programs write them in French and in English
ERRORS = re.compile(r"#(?:REF!|N/?A|NAME\?|NOM\?|VALUE!|VALEUR!|DIV/0!|NULL!|NUL!|NUM!|NOMBRE!|SPILL!|CALC!)", re.IGNORECASE)  # fmt: skip
VALUE = re.compile(r"[\d .,/:-]*\d[\d .,/:-]*|\S+@\S+\.\S+|https?://\S+")
YEAR = re.compile(r"(?:19|20)\d\d")


def recognise(path: Path, name: str = "", chosen: Layout | None = None) -> Recognised:
    """What a file is, with the choices of a person where she made some. ``Unreadable`` with the reason if it is nothing."""
    chosen = chosen or Layout()
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise Unreadable("file-too-large", megabytes=MAX_BYTES // 1024**2)
    if not size:
        raise Unreadable("file-empty")
    kind = _format_of(path, name)
    if kind == "xlsx":
        return _recognise_workbook(path, chosen)
    return _recognise_json(path) if kind == "json" else _recognise_csv(path, chosen)


def rows(path: Path, layout: Layout) -> Iterator[Row]:
    """Every row below the headers that holds something, by its line in the file; each has a cell for every header."""
    if layout.format == "json":
        yield from _at_most(_json_rows(path, json_sheets.headers_of(path)))
        return
    if layout.format == "csv":
        below = _below_headers(csv_sheets.lines(path, layout), layout.header_row)
        yield from _at_most(_misread_said(below) if layout.encoding == csv_sheets.WINDOWS else below)
        return
    with Workbook(path) as workbook:
        yield from _at_most(_below_headers(workbook.lines(layout.sheet), layout.header_row))


def _misread_said(found: Iterable[Row]) -> Iterator[Row]:
    """Of a file that somebody chose to read as Windows-1252, the rows that are UTF-8."""
    for row in found:
        if csv_sheets.is_misread("".join(row.cells)):
            row.problems.append(Sentence("row-other-encoding", {}))
        yield row


def _at_most(found: Iterable[Row]) -> Iterator[Row]:
    for count, row in enumerate(found, 1):
        if count > MAX_ROWS:
            raise Unreadable("file-too-many-rows", most=MAX_ROWS)
        yield row


# --- which format -----------------------------------------------------------------------------------------------------


def _format_of(path: Path, name: str) -> str:
    """By its content: the name of a file says what somebody thought that it is."""
    with path.open("rb") as file:
        begins = file.read(4096)
    if begins.startswith(b"PK"):
        return _format_of_archive(path)
    if begins.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):  # which also wraps a workbook that has a password
        wrapped = "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
        raise Unreadable("file-password" if wrapped else "file-xls")
    if begins.startswith(b"%PDF"):
        raise Unreadable("file-pdf")
    if re.match(rb"\x1f\x8b|7z\xbc\xaf|Rar!|BZh", begins):
        raise Unreadable("file-zip")
    if re.match(
        rb"\x89PNG|\xff\xd8\xff|GIF8|\x00\x00\x00.ftyp|\x7fELF|MZ.{0,100}\x00|SQLite format", begins, re.DOTALL
    ):
        raise Unreadable("file-unknown")
    text = begins.decode("utf-8", errors="replace").lstrip("\ufeff \t\r\n").lower()
    if re.match("<!doctype html|<html|<table|<head|<body", text):
        raise Unreadable("file-html")
    if text.startswith(("<?xml", "<workbook")):
        raise Unreadable("file-xml")
    if name.lower().endswith((".json", ".geojson")) or json_sheets.looks_like_json(text):
        return "json"
    return "csv"


def _format_of_archive(path: Path) -> str:
    with Workbook(path) as archive:
        if archive.has("xl/workbook.bin"):
            raise Unreadable("file-xlsb")
        if any(name.startswith(("word/", "ppt/")) for name in archive.names):
            raise Unreadable("file-word")
        if archive.has(archive.main):
            return "xlsx"
        if archive.has("mimetype"):
            raise Unreadable("file-ods")
        raise Unreadable("file-zip")


# --- each format ------------------------------------------------------------------------------------------------------


def _recognise_csv(path: Path, chosen: Layout) -> Recognised:
    encoding = csv_sheets.recognise_encoding(path, chosen.encoding)
    separator = chosen.separator or csv_sheets.recognise_separator(path, encoding)
    layout = Layout("csv", encoding, separator, header_row=chosen.header_row)
    found = _recognise_lines(layout, lambda: csv_sheets.lines(path, layout))
    found.row_count = sum(1 for _row in rows(path, found.layout))
    if len(found.headers) == 1:
        _offer_separators(path, found)
    return found


def _offer_separators(path: Path, found: Recognised) -> None:
    layout = found.layout
    for separator in csv_sheets.SEPARATORS:
        columns = csv_sheets.columns_with(path, layout.encoding, separator)
        if separator != layout.separator and columns > 1:
            found.offers.append(replace(layout, separator=separator, header_row=0))
            shown = {"\t": "tab"}.get(separator, separator)
            found.notices.append(Sentence("layout-one-column-offered", {"separator": shown, "columns": columns}))
    if not found.offers:
        found.notices.append(Sentence("layout-one-column"))


def _recognise_workbook(path: Path, chosen: Layout) -> Recognised:
    with Workbook(path) as workbook:
        sheets = workbook.sheets
        if not sheets:
            raise Unreadable("file-sheets")
        sheet = chosen.sheet or _first_with_rows(workbook, sheets)
        most, merged = workbook.glance(sheet) if sheet in sheets else (0, [])
        layout = Layout("xlsx", sheet=sheet, header_row=chosen.header_row)
        found = _recognise_lines(layout, lambda: workbook.lines(sheet))
        found.sheets = sheets
        if most > MAX_ROWS + LOOKED_AT:
            raise Unreadable("file-too-many-rows", most=MAX_ROWS)
        if merged:
            found.notices.append(
                Sentence("layout-merged", {"cells": ", ".join(merged[:3]) + ("…" if merged[3:] else "")})
            )
        if workbook.has_hidden_sheets:
            found.notices.append(Sentence("layout-hidden-sheets"))
        above = takewhile(lambda line: line.number <= found.layout.header_row, workbook.lines(sheet))
        found.row_count = most - sum(1 for _line in lines_with_something(above))
    if most * len(found.headers) <= COUNTED_AT_ONCE:
        found.row_count = sum(1 for _row in rows(path, found.layout))
    return found


def _first_with_rows(workbook: Workbook, sheets: list[str]) -> str:
    for sheet in sheets:
        if len(list(islice(lines_with_something(workbook.lines(sheet)), 2))) == 2:
            return sheet
    return sheets[0]


def _recognise_json(path: Path) -> Recognised:
    headers = json_sheets.headers_of(path)
    sample: list[Row] = []
    count = 0
    for row in _at_most(_json_rows(path, headers)):
        count += 1
        if len(sample) < SHOWN:
            sample.append(row)
    if not count:
        raise Unreadable("file-empty")
    shown = [one_line(NOT_TEXT.sub(" ", header))[:LONGEST_HEADER] for header in headers]
    return Recognised(Layout("json", "utf-8", header_row=1), shown, sample, count)


def _json_rows(path: Path, headers: list[str]) -> Iterator[Row]:
    for line, found in enumerate(json_sheets.objects(path), 1):
        cells = json_sheets.cells_of(found)
        if cells is None:
            yield Row(line, [""] * len(headers), [Sentence("row-no-object")])
            continue
        texts = Line(line, [cells.get(header, "") for header in headers])
        for whole in lines_with_something([texts]):
            yield _row(whole, headers)


# --- headers and what is below them -----------------------------------------------------------------------------------


def _recognise_lines(layout: Layout, lines) -> Recognised:
    """``lines`` begins to read the file anew."""
    first = list(islice(lines_with_something(lines()), LOOKED_AT))
    if not first:
        raise Unreadable("file-empty")
    header = _header_line(first, layout.header_row, lines)
    headers, notices = _headers(header)
    if not headers:
        raise Unreadable("file-no-headers", line=header.number)
    if header.number > first[0].number and not layout.header_row:
        notices.insert(0, Sentence("layout-title", {"line": header.number}))
    layout = replace(layout, header_row=header.number)
    sample = list(islice(_below_headers(lines(), header.number), SHOWN))
    if not sample:
        raise Unreadable("file-headers-only")
    return Recognised(layout, headers, sample, 0, notices=notices)


def _header_line(first: list[Line], chosen: int, lines) -> Line:
    if chosen:
        found = next((line for line in lines_with_something(lines()) if line.number >= chosen), None)
        if found is None:
            raise Unreadable("file-no-headers", line=chosen)
        return found
    filled = [sum(1 for cell in line.cells if cell.strip()) for line in first]
    enough = max(filled) / 2
    return next(line for line, count in zip(first, filled, strict=True) if count > enough or line is first[-1])


def _headers(header: Line) -> tuple[list[str], list[Sentence]]:
    """Each once: a column is known by its header."""
    names = [one_line(NOT_TEXT.sub("", cell))[:LONGEST_HEADER] for cell in header.cells]
    notices = []
    width = len(names)
    while names and not names[-1]:
        names.pop()
    if width > len(names) + 0 and names:
        notices.append(Sentence("layout-empty-columns", {"count": width - len(names)}))
    taken: dict[str, None] = {}
    for place, name in enumerate(names):
        called = name or f"({column_letters(place)})"
        if not name:
            notices.append(Sentence("layout-no-header", {"header": called}))
        elif VALUE.fullmatch(name) and not YEAR.fullmatch(name):
            notices.append(Sentence("layout-data-as-headers", {"header": name}))
        if called in taken:
            number = next(number for number in range(2, MAX_COLUMNS + 2) if f"{called} ({number})" not in taken)
            notices.append(Sentence("layout-duplicate-header", {"header": called, "renamed": f"{called} ({number})"}))
            called = f"{called} ({number})"
        taken[called] = None
    return list(taken), notices


def _below_headers(lines: Iterable[Line], header_row: int) -> Iterator[Row]:
    headers: list[str] | None = None
    for line in lines_with_something(lines):
        if headers is not None:
            yield _row(line, headers, inert=True)
        elif line.number >= header_row:
            headers = _headers(line)[0]


def _row(line: Line, headers: list[str], *, inert: bool = False) -> Row:
    """With a cell for each header. ``inert``: the file is one in which an apostrophe keeps a text from being run."""
    cells, width = line.cells, len(headers)
    problems = []
    if len(cells) > width:
        beyond = [cell for cell in cells[width:] if cell.strip()]
        if beyond:
            problems.append(Sentence("row-too-many-cells", {"count": len(cells), "columns": width}))
        cells = cells[:width]
    elif len(cells) < width:
        cells = cells + [""] * (width - len(cells))
    for place, cell in enumerate(cells):
        if not cell:
            continue
        if cell[0] == "'" and inert:
            cells[place] = without_apostrophe(cell)
        elif cell[0] == "#" and ERRORS.fullmatch(cell.strip()):
            problems.append(Sentence("row-error-cell", {"column": headers[place], "error": cell.strip()}))
        if (not cell.isascii() or "\x00" in cell) and NOT_TEXT.search(cell):
            cells[place] = NOT_TEXT.sub("\ufffd", cells[place])
            problems.append(Sentence("row-half-a-sign", {"column": headers[place]}))
    return Row(line.number, cells, problems)
