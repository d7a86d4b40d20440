"""What a file of rows is, and what may be wrong with it: the words that its readers share."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.utils.translation import gettext_lazy as _

from cluster_portal.exchange.sentences import Sentence, known_sentences

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 300
MAX_UNPACKED = 100 * 1024 * 1024  # bytes of a workbook, which is a ZIP archive
MAX_CELL = 100_000  # characters: a spreadsheet's own limit is 32,767
MAX_LINE = 1_000_000  # characters of a row

known_sentences({
    "file-empty": _("The file is empty. Choose the one that holds the rows."),
    "file-headers-only": _("The file has headers and no row below them. Add the rows, or choose another line as the headers."),
    "file-too-large": _("The file is larger than %(megabytes)s MB. Split it, or leave out pictures and columns that are not needed."),
    "file-too-many-rows": _("The file has more than %(most)s rows. Split it into several files, and import one after the other."),
    "file-too-many-columns": _("Line %(line)s has a value in column %(column)s, and at most %(most)s columns are read. Delete what stands far to the right, and save the file again."),
    "file-cell-too-long": _("A cell of line %(line)s holds more than %(most)s characters. Shorten it; in a CSV file, look for a quotation mark that is opened there and never closed."),
    "file-line-too-long": _("The cells of line %(line)s hold more than %(most)s characters together. Shorten them."),
    "file-no-headers": _("The file has no line %(line)s to take the headers from. Choose another one."),
    "file-zip": _("This is a ZIP archive and not a spreadsheet. Unpack it, and choose the file that is inside."),
    "file-pdf": _("This is a PDF, from which no rows can be read. Ask for the spreadsheet that it was made from, as XLSX or CSV."),
    "file-xls": _("This is a workbook in the old XLS format. Open it in your spreadsheet program, and save it as XLSX."),
    "file-xlsb": _("This is a binary workbook (XLSB). Open it in your spreadsheet program, and save it as XLSX."),
    "file-ods": _("This is an OpenDocument file. Open it in your spreadsheet program, and save it as XLSX."),
    "file-word": _("This is a text document and not a spreadsheet. Copy its table into a spreadsheet, and save that as XLSX."),
    "file-html": _("This is a web page, even if its name is that of a spreadsheet. Open it in your spreadsheet program, and save it as XLSX."),
    "file-xml": _("This is an XML file. Open it in your spreadsheet program, and save it as XLSX."),
    "file-password": _("The workbook is protected by a password. Open it, remove the password, and save it again."),
    "file-unknown": _("This is neither a CSV file nor an XLSX workbook. Open it in your spreadsheet program, and save it as XLSX."),
    "file-damaged": _("The workbook is damaged or not complete. Open it in your spreadsheet program, save it again, and send that."),
    "file-entities": _("The workbook defines entities of its own, which no spreadsheet does; it is not read. Open it in your spreadsheet program, save it again, and send that."),
    "file-unpacked": _("The workbook unpacks to more than %(megabytes)s MB. Copy the rows into a new workbook, and send that."),
    "file-sheets": _("The workbook has no sheet that can be seen. Show the one that holds the rows, and save it again."),
    "file-no-sheet": _("The workbook has no sheet named “%(sheet)s” that can be seen. Choose another one."),
    "file-nul": _("Line %(line)s holds NUL bytes, which no text has: the file is damaged, or is no CSV file. Export it again."),
    "file-utf-16": _("The file is “Unicode text” (UTF-16). Save it as “CSV UTF-8”."),
    "file-not-encoded": _("Line %(line)s cannot be read in the encoding %(encoding)s. Choose another encoding, or save the file as “CSV UTF-8”."),
    "file-mixed": _("The file mixes two encodings: its accents are in one, and those of line %(line)s (%(count)s lines in all) are in another. Correct these lines, and save the file as “CSV UTF-8”."),
    "file-surrogate": _("Line %(line)s holds half of a sign, which no text has. Delete that sign, and save the file as “CSV UTF-8”."),
    "file-quote": _("A quotation mark that is opened on line %(line)s is never closed. Close or delete it."),
    "file-json": _("The JSON file cannot be read at its character %(place)s. Export it again."),
    "file-json-rows": _("The JSON file holds no list of rows. It should be a list of objects, have one under “rows”, or be a GeoJSON collection of features."),
    "row-too-many-cells": _("The line has %(count)s cells for %(columns)s columns: a separator stands inside a cell that has no quotation marks, or a value stands where no header is."),
    "row-error-cell": _("“%(column)s” is the error %(error)s of a formula. Correct the formula, or delete the cell."),
    "row-half-a-sign": _("“%(column)s” holds a sign that is no text; it is shown as �."),
    "row-no-object": _("This row is not an object with a value for each column."),
    "row-other-encoding": _("The accents of this line seem to be in another encoding."),
    "layout-one-column": _("Only one column was found. If the file has more, choose another separator."),
    "layout-one-column-offered": _("Only one column was found. With the separator “%(separator)s” there are %(columns)s."),
    "layout-title": _("The headers are on line %(line)s; what stands above is not read."),
    "layout-data-as-headers": _("“%(header)s” is among the headers, and looks like a value. Has the file a line of headers?"),
    "layout-duplicate-header": _("Several columns have the header “%(header)s”: the later ones are called “%(renamed)s”."),
    "layout-no-header": _("A column has no header: it is called “%(header)s”."),
    "layout-empty-columns": _("%(count)s columns at the right have no header; they are not read."),
    "layout-merged": _("Cells are merged (%(cells)s): only the first cell of each such group has a value."),
    "layout-hidden-sheets": _("Hidden sheets of the workbook are not offered."),
})  # fmt: skip


class Unreadable(Exception):  # noqa: N818 (an answer, and no fault)
    """The file cannot be taken; ``str`` is one sentence that says what to do, ``sentence`` what can be kept of it."""

    def __init__(self, code: str, **params: Any) -> None:
        self.sentence = Sentence(code, params)
        super().__init__(code, params)

    def __str__(self) -> str:
        return str(self.sentence)


@dataclass(frozen=True)
class Layout:
    """How to read a file: as it was recognised, or as a person chose. What is left blank is recognised."""

    format: str = ""  # "csv", "xlsx", "json"
    encoding: str = ""  # "utf-8", "cp1252"
    separator: str = ""
    sheet: str = ""
    header_row: int = 0  # the line of the headers: a title above them is skipped; 0 is not known yet

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Layout":
        return cls(**{one.name: kept[one.name] for one in fields(cls) if one.name in kept})


@dataclass(slots=True)
class Row:
    """A row of the file by the line on which it begins: a text for each header, and what is wrong with it as a row."""

    line: int
    cells: list[str]
    problems: list[Sentence] = field(default_factory=list)


@dataclass
class Recognised:
    """What a file turned out to be. ``offers`` are other layouts under which it has more columns."""

    layout: Layout
    headers: list[str]
    sample: list[Row]
    row_count: int
    sheets: list[str] = field(default_factory=list)  # those that can be seen
    notices: list[Sentence] = field(default_factory=list)
    offers: list[Layout] = field(default_factory=list)


@dataclass(slots=True)
class Line:
    """Cells as they stand in the file, before it is known which line names them. ``errors`` by their place among them."""

    number: int
    cells: list[str]
    errors: dict[int, str] = field(default_factory=dict)


def column_letters(index: int) -> str:
    """0 is A, 26 is AA: as spreadsheets name their columns."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def lines_with_something(lines: Iterable[Line]) -> Iterable[Line]:
    """Without those that hold nothing but blanks; refuses those that no memory should hold."""
    for line in lines:
        if not any(cell and not cell.isspace() for cell in line.cells):
            continue
        if sum(map(len, line.cells)) > MAX_LINE:
            raise Unreadable("file-line-too-long", line=line.number, most=MAX_LINE)
        if any(len(cell) > MAX_CELL for cell in line.cells):
            raise Unreadable("file-cell-too-long", line=line.number, most=MAX_CELL)
        yield line
