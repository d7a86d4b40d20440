"""CSV files as spreadsheets and databases of all kinds write them: which encoding, which separator, then line by line."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from cluster_portal.exchange.layouts import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_LINE,
    MAX_ROWS,
    Layout,
    Line,
    Unreadable,
    column_letters,
)

UTF_8, WINDOWS = "utf-8", "cp1252"
SEPARATORS = (";", ",", "\t", "|")
MOST_LINES = 1_048_576  # of a sheet of any spreadsheet program
LOOKED_AT = 200_000  # characters from which the separator is recognised
ENDS = re.compile(rb"\r\n|\r|\n")  # what `open` takes for the end of a line
HALF_A_SIGN = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")  # a surrogate, as no UTF-8 has it
NOT_ASCII = re.compile(rb"[\x80-\xff]")


def recognise_encoding(path: Path, chosen: str = "") -> str:
    """UTF-8 where all of the file is; else Windows-1252. Names the line where it is neither, or both."""
    if chosen:
        _refuse_what_is_no_text(path)
        _decode(path, chosen)
        return chosen
    _refuse_what_is_no_text(path)
    try:
        _decode(path, UTF_8)
        return UTF_8
    except Unreadable:
        _refuse_mixture(path)
        _decode(path, WINDOWS)
        return WINDOWS


def _refuse_what_is_no_text(path: Path) -> None:
    content = path.read_bytes()
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable("file-utf-16")
    nul = content.find(b"\x00")
    if nul >= 0:
        raise Unreadable("file-nul", line=_line_of(content, nul))
    half = HALF_A_SIGN.search(content)
    if half:
        raise Unreadable("file-surrogate", line=_line_of(content, half.start()))


def _decode(path: Path, encoding: str) -> None:
    content = path.read_bytes()
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        name = "UTF-8" if encoding == UTF_8 else "Windows-1252"
        raise Unreadable("file-not-encoded", line=_line_of(content, error.start), encoding=name) from error


def _line_of(content: bytes, place: int) -> int:
    return sum(1 for _end in ENDS.finditer(content, 0, place)) + 1


def _refuse_mixture(path: Path) -> None:
    """Accents that are UTF-8 on one line and not on another; whichever are fewer are the wrong ones."""
    as_utf_8: list[int] = []
    otherwise: list[int] = []
    for number, line in enumerate(ENDS.split(path.read_bytes()), 1):
        if NOT_ASCII.search(line):
            (as_utf_8 if _is_utf_8(line) else otherwise).append(number)
    if as_utf_8 and otherwise:
        wrong = min(as_utf_8, otherwise, key=len)
        raise Unreadable("file-mixed", line=wrong[0], count=len(wrong))


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode(UTF_8)
    except UnicodeDecodeError:
        return False
    return True


def is_misread(text: str) -> bool:
    """Whether a text in Windows-1252 is rather one in UTF-8: “Ã©” instead of “é”."""
    if text.isascii():
        return False
    try:
        return _is_utf_8(text.encode(WINDOWS))
    except UnicodeEncodeError:
        return False


def recognise_separator(path: Path, encoding: str) -> str:
    """The one by which most lines have the same number of cells, and many. A bar also parts the values of one cell: it is
    none where the first line has another separator and no bar."""
    with path.open(encoding=_read_as(encoding), newline="") as file:
        first = next((line for line in file.read(LOOKED_AT).splitlines() if line.strip()), "")
    others = [one for one in SEPARATORS if one != "|"]
    possible = others if "|" not in first and any(one in first for one in others) else SEPARATORS
    return max(possible, key=lambda separator: _regularity(path, encoding, separator))


def columns_with(path: Path, encoding: str, separator: str) -> int:
    """How many columns most lines have under a separator."""
    counts = _counts(path, encoding, separator)
    return counts.most_common(1)[0][0] if counts else 0


def _regularity(path: Path, encoding: str, separator: str) -> int:
    counts = _counts(path, encoding, separator)
    return max(((columns - 1) * lines for columns, lines in counts.items()), default=0)


def _counts(path: Path, encoding: str, separator: str) -> Counter[int]:
    with path.open(encoding=_read_as(encoding), newline="") as file:
        text = file.read(LOOKED_AT)
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines[:-1] if len(text) == LOOKED_AT and len(lines) > 1 else lines, delimiter=separator)
    try:
        return Counter(len(cells) for cells in islice(reader, 200) if any(cells))
    except csv.Error:
        return Counter()


def _read_as(encoding: str) -> str:
    return "utf-8-sig" if encoding == UTF_8 else encoding


class _Lines:
    """The lines of a file, which knows whether they have come to their end, and hands out none that fills the memory."""

    def __init__(self, file, separator: str) -> None:
        self.file, self.separator, self.number, self.ended = file, separator, 0, False

    def __iter__(self):
        return self

    def __next__(self) -> str:
        try:
            line = next(self.file)
        except StopIteration:
            self.ended = True
            raise
        self.number += 1
        if len(line) > 2 * MAX_LINE:  # of which every sign may be a quotation mark, written twice
            if line.count(self.separator) > MAX_COLUMNS:
                raise Unreadable("file-line-too-long", line=self.number, most=MAX_LINE)
            raise Unreadable("file-cell-too-long", line=self.number, most=MAX_CELL)
        return line


def lines(path: Path, layout: Layout) -> Iterator[Line]:
    """Each as the separator parts it; a cell within quotation marks may run over several lines of the file."""
    with path.open(encoding=_read_as(layout.encoding), newline="") as file:
        source = _Lines(file, layout.separator)
        reader = csv.reader(source, delimiter=layout.separator)
        number = 1
        try:
            for cells in reader:
                if source.ended:  # in the midst of a cell: what is complete is handed out before more is asked for
                    raise Unreadable("file-quote", line=number)
                if cells:
                    _refuse_wide(cells, number)
                    yield Line(number, cells)
                number = reader.line_num + 1
                if number > MOST_LINES:
                    raise Unreadable("file-too-many-rows", most=MAX_ROWS)
        except csv.Error as error:
            raise Unreadable("file-cell-too-long", line=number, most=MAX_CELL) from error
        except UnicodeDecodeError as error:
            raise Unreadable("file-not-encoded", line=number, encoding=layout.encoding) from error


def _refuse_wide(cells: list[str], number: int) -> None:
    if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
        first = next(place for place in range(MAX_COLUMNS, len(cells)) if cells[place])
        raise Unreadable("file-too-many-columns", line=number, column=column_letters(first), most=MAX_COLUMNS)
