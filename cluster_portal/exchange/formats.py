"""How a table is written: for Excel in French, for programs, for maps. What is told of it never stands among its rows."""

import json
from collections.abc import Callable, Iterable, Iterator
from csv import writer
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from xlsxwriter import Workbook

from cluster_portal.exchange.columns import SEPARATOR, Answer, Value, Words
from cluster_portal.exchange.csv_file import Line, inert
from cluster_portal.exchange.tables import Table

LINES = 200  # that go out together
LONGEST_CELL = 32_767  # characters that Excel takes in one
FIRST_YEAR = 1900  # of Excel's calendar
WIDEST = 60  # characters of a column's head


def as_text(value: Value, words: Words, decimal_mark: str = ".") -> str:
    """As a cell of text: numbers in full, dates as ISO writes them, several values behind one another."""
    if isinstance(value, tuple):
        texts = [as_text(one, words, decimal_mark) for one in value]
        return SEPARATOR.join(texts) if any(texts) else ""  # blanks among others keep their place
    if value is None:
        return ""
    if isinstance(value, bool):
        return words.label(Answer, int(value))
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", decimal_mark)
    return value.isoformat() if isinstance(value, date) else str(value)


# --- CSV ------------------------------------------------------------------------------------------------------------------
def csv_texts(table: Table, delimiter: str, decimal_mark: str, mark: str) -> Iterator[str]:
    lines, words = writer(Line(), delimiter=delimiter), table.words
    yield mark + lines.writerow([inert(label) for label in table.labels])
    for row in table.rows():
        yield lines.writerow([_csv_cell(value, words, decimal_mark) for value in row])


def _csv_cell(value: Value, words: Words, decimal_mark: str) -> str:
    text = as_text(value, words, decimal_mark)
    # a number stays one below zero too
    return text if isinstance(value, int | Decimal) else inert(text)


def csv_in_french(table: Table) -> Iterator[str]:
    """As Excel in French opens it with a double click."""
    return csv_texts(table, ";", ",", "\ufeff")


def plain_csv(table: Table) -> Iterator[str]:
    """As programs expect it (RFC 4180)."""
    return csv_texts(table, ",", ".", "")


# --- JSON -----------------------------------------------------------------------------------------------------------------
def _as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)  # exact: none has more than 15 digits
    return value.isoformat() if isinstance(value, date) else value


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_as_json)


def _about(table: Table) -> dict[str, Any]:
    return {fact.key: fact.said for fact in table.facts}


def json_texts(table: Table) -> Iterator[str]:
    """Rows by the names of their columns, several values as a list; what the columns are called stands beside."""
    names = [column.name for column in table.columns]
    heads = dict(zip(names, table.labels, strict=True))
    yield f'{{"about": {_written(_about(table))},\n"columns": {_written(heads)},\n"rows": ['
    comma = "\n"
    for row in table.rows():
        yield comma + _written(dict(zip(names, row, strict=True)))
        comma = ",\n"
    yield "\n]}\n"


def geojson_texts(table: Table) -> Iterator[str]:
    """RFC 7946. What has no place on the map has no geometry, and is in the file all the same."""
    columns, words = [(column.name, column.value) for column in table.columns], table.words
    yield f'{{"type": "FeatureCollection",\n"about": {_written(_about(table))},\n"features": ['
    comma = "\n"
    for record in table.records():
        place = table.position(record)
        feature = {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": place} if place else None,
            "properties": {name: value(record, words) for name, value in columns},
        }
        yield comma + _written(feature)
        comma = ",\n"
    yield "\n]}\n"


# --- XLSX -----------------------------------------------------------------------------------------------------------------
def private_folder() -> Path:
    """Where a file is while it is made: beside the data, and for nobody else's eyes."""
    folder = settings.VAR_DIR / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def workbook(table: Table) -> IO[bytes]:
    """A file without a name, gone with whoever holds it. Row by row: what is written is not kept in memory."""
    file = TemporaryFile(dir=private_folder())  # noqa: SIM115 (the answer closes it)
    with TemporaryDirectory(dir=private_folder()) as rows_meanwhile:
        options = {
            "constant_memory": True,
            "tmpdir": rows_meanwhile,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with Workbook(file, options) as book:
            _write_rows(book, table)
            _write_facts(book, table)
    file.seek(0)
    return file


def _write_rows(book: Workbook, table: Table) -> None:
    sheet = book.add_worksheet(_("Rows"))
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for column, label in enumerate(table.labels):
        sheet.set_column(column, column, min(WIDEST, max(12, len(label) + 2)))
        sheet.write_string(0, column, label, bold)
    sheet.freeze_panes(1, 0)
    words = table.words
    for number, row in enumerate(table.rows(), start=1):
        for column, value in enumerate(row):
            if value is None or value == "" or value == ():
                continue
            if isinstance(value, int | Decimal) and not isinstance(value, bool):
                sheet.write_number(number, column, value)
            elif isinstance(value, date) and value.year > FIRST_YEAR:
                sheet.write_datetime(number, column, value, day)
            else:
                sheet.write_string(number, column, as_text(value, words)[:LONGEST_CELL])


def _write_facts(book: Workbook, table: Table) -> None:
    sheet = book.add_worksheet(_("About this file"))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    bold = book.add_format({"bold": True})
    lines = ((fact.label if not number else "", text) for fact in table.facts for number, text in enumerate(fact.lines))
    for row, (label, text) in enumerate(lines):
        sheet.write_string(row, 0, label, bold)
        sheet.write_string(row, 1, text[:LONGEST_CELL])


# --- all of them ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Format:
    """``texts`` streams; a file that is whole before it can be read is made by ``file``. ``companion``: what is told of
    the rows comes in a file of its own."""

    key: str
    label: str | Promise
    extension: str
    content_type: str
    texts: Callable[[Table], Iterable[str]] | None = None
    file: Callable[[Table], IO[bytes]] | None = None
    companion: bool = False


FORMATS = {
    one.key: one
    for one in (
        Format(
            "xlsx",
            gettext_lazy("Excel"),
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            file=workbook,
        ),
        Format(
            "csv-fr",
            gettext_lazy("CSV (Excel in French)"),
            "csv",
            "text/csv; charset=utf-8",
            texts=csv_in_french,
            companion=True,
        ),
        Format("csv", "CSV", "csv", "text/csv; charset=utf-8", texts=plain_csv, companion=True),
        Format("json", "JSON", "json", "application/json", texts=json_texts),
        Format("geojson", gettext_lazy("GeoJSON (map)"), "geojson", "application/geo+json", texts=geojson_texts),
    )
}


def about_text(table: Table) -> str:
    """What is told of the rows, as the text that goes beside a CSV."""
    lines = []
    for fact in table.facts:
        lines += [fact.label, *(f"    {line}" for line in fact.lines), ""]
    return "\n".join(lines)


def in_the_language_of(table: Table, texts: Iterable[str]) -> Iterator[bytes]:
    """Lines by the hundred; the first ones at once. No language is left behind in the thread between two of them."""
    pieces, size = iter(texts), 1
    while True:
        with override(table.words.language):
            piece = "".join(islice(pieces, size))
        if not piece:
            return
        yield piece.encode()
        size = LINES
