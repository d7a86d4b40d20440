"""XLSX workbooks, read as a stream: a row at a time, whatever the sheet claims to be.

A reader that loads a sheet takes memory for all between its first cell and its last one: a workbook of 18 kB with one
value far to the right of 2,000 rows took 1,000 MB. Here only the workbook's texts are held, as bytes; no other file of
its archive is unpacked before it is asked for, and none that together would be more than ``MAX_UNPACKED``.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from cluster_portal.exchange.layouts import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_LINE,
    MAX_UNPACKED,
    Line,
    Unreadable,
    column_letters,
)

CHUNK = 64 * 1024
GLANCED_AT = 1024 * 1024
MERGED_SHOWN = 4
MOST_PARTS = 5_000  # files in the archive
LARGEST_TAG = 512 * 1024  # bytes of an element's name and attributes, or of a comment
LARGEST_DIRECTORY = 2 * 1024 * 1024  # bytes of its table of contents, of which Python makes many times as much
MOST_TEXTS = 1_000_000
LONGEST_TEXTS = 48 * 1024 * 1024  # bytes of all of them
MOST_STYLES = 100_000
TEXT_CELLS = {"s", "str", "inlineStr"}
DATES = {*range(14, 18), 22, *range(27, 37), *range(50, 59)}  # formats that every workbook has, by number
TIMES = {18, 19, 20, 21, 45, 46, 47}
NOT_OF_A_DATE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
LETTERS = re.compile("[A-Za-z]{1,3}")
# what says at once that a sheet is far too large, without reading it as XML
FAR_RIGHT = re.compile(rb'\sr="(K[O-Z]|[L-Z][A-Z]|[A-Z]{3})([0-9]{1,7})"[^>/]*>\s*<(?:\w+:)?(?:v|is|f)\b')
VALUE = re.compile(rb"<(?:\w+:)?[vt](?:\s[^>]*)?>[^<]")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
ROW = re.compile(rb"<(?:\w+:)?row[\s>]")
FAULTS = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError, OverflowError,
    expat.ExpatError, LookupError,
)  # fmt: skip


@contextmanager
def faults_said() -> Iterator[None]:
    """Whatever an archive or its XML may have is one sentence."""
    try:
        yield
    except FAULTS as error:
        raise Unreadable("file-damaged") from error


class Workbook:
    """What is inside of the archive."""

    def __init__(self, path: Path) -> None:
        with faults_said():
            _refuse_large_directory(path)
            self.archive = zipfile.ZipFile(path)
            parts = self.archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            self.archive.close()
            raise Unreadable("file-unpacked", megabytes=MAX_UNPACKED // 1024**2)
        self.names = {part.filename.lower().lstrip("/"): part for part in parts}

    def __enter__(self) -> "Workbook":
        return self

    def __exit__(self, *error) -> None:
        self.archive.close()
        self.__dict__.pop("texts", None)

    # --- its parts -----------------------------------------------------------------------------------------------

    def has(self, name: str) -> bool:
        return name.lower() in self.names

    def chunks(self, name: str, size: int = CHUNK) -> Iterator[bytes]:
        with faults_said(), self.archive.open(self.names[name.lower()]) as part:
            while chunk := part.read(size):
                yield chunk

    def parse(self, name: str, start: Callable, end: Callable | None = None, text: Callable | None = None) -> None:
        for _chunk in self.parsing(name, start, end, text):
            pass

    def parsing(self, name: str, start: Callable, end: Callable | None, text: Callable | None) -> Iterator[None]:
        """Reads a part as XML, chunk by chunk. No part of a workbook declares a document type: entities come with one."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse_entities
        with faults_said():
            fed = 0
            for chunk in self.chunks(name):
                parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - parser.CurrentByteIndex > LARGEST_TAG:  # which expat would read anew with each chunk
                    raise Unreadable("file-damaged")
                yield
            parser.Parse(b"", True)
        yield

    def relations(self, of: str) -> dict[str, tuple[str, str]]:
        """Of a part: what each of its relations is (the last word of its type), and the part that it leads to."""
        folder, _slash, name = of.rpartition("/")
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if _local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else _joined(folder, target)
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], path)

        relations = f"{folder}/_rels/{name}.rels".lstrip("/")
        if self.has(relations):
            self.parse(relations, start)
        return found

    @cached_property
    def main(self) -> str:
        for kind, path in self.relations("").values():
            if kind == "officeDocument" and self.has(path):
                return path
        return "xl/workbook.xml"

    @cached_property
    def _read(self) -> tuple[list[tuple[str, str, bool]], bool]:
        """The sheets (name, part, whether it can be seen), and whether days are counted from 1904."""
        sheets: list[tuple[str, str, bool]] = []
        since_1904 = False
        relations = self.relations(self.main)

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal since_1904
            local = _local(tag)
            if local == "workbookPr":
                since_1904 = attributes.get("date1904", "") in ("1", "true", "on")
            elif local == "sheet" and len(sheets) < MOST_PARTS:
                key = next((value for name, value in attributes.items() if _local(name) == "id"), "")
                kind, path = relations.get(key, ("", ""))
                if kind == "worksheet" and self.has(path):
                    sheets.append((attributes.get("name", ""), path, attributes.get("state", "visible") == "visible"))

        with faults_said():
            self.parse(self.main, start)
        return sheets, since_1904

    @property
    def sheets(self) -> list[str]:
        """Those that can be seen."""
        return [name for name, _part, visible in self._read[0] if visible]

    @property
    def has_hidden_sheets(self) -> bool:
        return not all(visible for _name, _part, visible in self._read[0])

    def part_of(self, sheet: str) -> str:
        for name, part, visible in self._read[0]:
            if visible and name == sheet:
                return part
        raise Unreadable("file-no-sheet", sheet=sheet)

    def _related(self, kind: str, usual: str) -> str:
        found = (path for what, path in self.relations(self.main).values() if what == kind and self.has(path))
        return next(found, usual if self.has(usual) else "")

    # --- what cells refer to -------------------------------------------------------------------------------------

    @cached_property
    def texts(self) -> list[bytes]:
        """The texts of all cells, each once. Bytes: a text with one rare sign would take four times its length."""
        part = self._related("sharedStrings", "xl/sharedstrings.xml")
        found: list[bytes] = []
        pieces: list[str] = []
        reading = aside = False
        length = total = 0

        def start(tag: str, _attributes: dict[str, str]) -> None:
            nonlocal reading, aside, length
            local = _local(tag)
            if local == "si":
                pieces.clear()
                length = 0
            elif local == "rPh":  # how it is pronounced
                aside = True
            elif local == "t":
                reading = not aside

        def end(tag: str) -> None:
            nonlocal reading, aside, total
            local = _local(tag)
            if local == "t":
                reading = False
            elif local == "rPh":
                aside = False
            elif local == "si":
                found.append("".join(pieces).encode())
                total += len(found[-1])
                if len(found) > MOST_TEXTS or total > LONGEST_TEXTS:
                    raise Unreadable("file-unpacked", megabytes=LONGEST_TEXTS // 1024**2)

        def text(data: str) -> None:
            nonlocal length
            if reading and length <= MAX_CELL:  # what is longer is refused where a cell has it
                pieces.append(data)
                length += len(data)

        if part:
            self.parse(part, start, end, text)
        return found

    @cached_property
    def formats(self) -> list[str]:
        """By the number of a cell's style: "date", "time", "0000" for so many digits at least, or nothing."""
        part = self._related("styles", "xl/styles.xml")
        codes: dict[int, str] = {}
        found: list[str] = []
        inside = False

        def start(tag: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            local = _local(tag)
            if local == "numFmt":
                codes[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            elif local == "cellXfs":
                inside = True
            elif local == "xf" and inside:
                if len(found) >= MOST_STYLES or len(codes) > MOST_STYLES:
                    raise Unreadable("file-damaged")
                found.append(_kind_of_format(_number(attributes.get("numFmtId")), codes))

        def end(tag: str) -> None:
            nonlocal inside
            if _local(tag) == "cellXfs":
                inside = False

        if part:
            self.parse(part, start, end)
        return found

    # --- rows ----------------------------------------------------------------------------------------------------

    def lines(self, sheet: str) -> Iterator[Line]:
        part = self.part_of(sheet)
        reader = _Sheet(self.texts, self.formats, since_1904=self._read[1])
        for _chunk in self.parsing(part, reader.start, reader.end, reader.text):
            yield from reader.lines
            reader.lines.clear()
            if reader.over:
                return

    def glance(self, sheet: str) -> tuple[int, list[str]]:
        """How many rows of a sheet have values, and some of its merged cells, without reading it as XML: a hundred times as
        fast. Refuses one with values far to the right."""
        merged: list[str] = []
        rows, rest = 0, b""
        for chunk in self.chunks(self.part_of(sheet), GLANCED_AT):
            window = rest + chunk
            if far := FAR_RIGHT.search(window):
                column = far[1].decode()
                raise Unreadable("file-too-many-columns", line=int(far[2]), column=column, most=MAX_COLUMNS)
            if len(merged) < MERGED_SHOWN:
                merged += [cells.decode() for cells in MERGED.findall(window)]
            *whole, rest = ROW.split(window)
            rows += sum(1 for row in whole if VALUE.search(row))
            if len(rest) > GLANCED_AT:  # no row of a person
                rest = b""
        return rows + bool(VALUE.search(rest)), merged[:MERGED_SHOWN]


def _refuse_large_directory(path: Path) -> None:
    """Before Python makes an object of each entry of the archive's table of contents."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 65_557))
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        raise Unreadable("file-damaged")
    directory = int.from_bytes(tail[end + 12 : end + 16], "little")
    if directory == 0xFFFFFFFF:
        wide = tail.rfind(b"PK\x06\x06")
        directory = int.from_bytes(tail[wide + 40 : wide + 48], "little") if wide >= 0 else directory
    if directory > LARGEST_DIRECTORY:
        raise Unreadable("file-unpacked", megabytes=MAX_UNPACKED // 1024**2)


def _refuse_entities(*_declaration) -> None:
    raise Unreadable("file-entities")


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _joined(folder: str, target: str) -> str:
    steps: list[str] = []
    for step in (PurePosixPath(folder) / target).parts:
        if step == "..":
            steps = steps[:-1]
        else:
            steps.append(step)
    return "/".join(steps)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _kind_of_format(number: int, codes: dict[int, str]) -> str:
    if number in codes:
        code = codes[number].partition(";")[0]
        if re.fullmatch("0{2,20}", code):
            return code
        bare = NOT_OF_A_DATE.sub("", code).lower()
        if "general" in bare or not re.search("[ymdhs]", bare) or re.search("[0#?]", re.sub(r"[.,]0+", "", bare)):
            return ""
        return "date" if re.search("[yd]", bare) or not re.search("[hs]", bare) else "time"
    return "date" if number in DATES else "time" if number in TIMES else ""


class _Sheet:
    """Makes lines of a sheet's XML as it passes."""

    def __init__(self, texts: list[bytes], formats: list[str], *, since_1904: bool) -> None:
        self.texts, self.formats = texts, formats
        self.since_1904 = since_1904
        self.lines: list[Line] = []
        self.over = self.inside = self.reading = self.aside = False
        self.number, self.column, self.width = 0, -1, 0
        self.kind = self.style = ""
        self.columns: dict[str, int] = {}
        self.pieces: list[str] = []
        self.cells: dict[int, str] = {}
        self.errors: dict[int, str] = {}
        self.has_value = False
        self.length = self.line_length = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if ":" in tag:
            tag = _local(tag)
        if tag == "c":
            self.kind, self.style = attributes.get("t", ""), attributes.get("s", "")
            self.column = self._column_of(attributes.get("r", ""))
            self.has_value = False
            self.pieces.clear()
            self.length = 0
        elif tag == "v" or (tag == "t" and self.kind == "inlineStr"):
            self.has_value = True
            self.reading = not self.aside
        elif tag == "row":
            number = _number(attributes.get("r"))
            self.number = number if number > 0 else self.number + 1
            self.column, self.cells, self.errors, self.line_length = -1, {}, {}, 0
        elif tag == "rPh":
            self.aside = True
        elif tag == "sheetData":
            self.inside = True

    def text(self, data: str) -> None:
        if self.reading:
            self.pieces.append(data)
            self.length += len(data)
            if self.length > MAX_CELL:
                raise Unreadable("file-cell-too-long", line=self.number, most=MAX_CELL)

    def end(self, tag: str) -> None:
        if ":" in tag:
            tag = _local(tag)
        if tag == "v" or tag == "t":
            self.reading = False
        elif tag == "c":
            if self.has_value:
                self._keep("".join(self.pieces))
            self.kind = ""
        elif tag == "row":
            if self.cells:
                width = max(self.cells) + 1
                cells = [self.cells.get(column, "") for column in range(width)]
                self.lines.append(Line(self.number, cells, self.errors))
        elif tag == "rPh":
            self.aside = False
        elif tag == "sheetData":
            self.over = True

    def _column_of(self, reference: str) -> int:
        """Where a cell stands; some programs do not say, and mean the next place."""
        letters = reference.rstrip("0123456789")
        known = self.columns.get(letters)
        if known is None:
            if not LETTERS.fullmatch(letters):
                return self.column + 1
            known = 0
            for letter in letters.upper():
                known = known * 26 + ord(letter) - 64
            self.columns[letters] = known = known - 1
        return known

    def _keep(self, raw: str) -> None:
        text = self._text_of(raw)
        if not text:
            return
        if self.column >= MAX_COLUMNS:
            raise Unreadable(
                "file-too-many-columns",
                line=self.number,
                column=column_letters(self.column),
                most=MAX_COLUMNS,
            )
        self.line_length += len(text)
        if self.line_length > MAX_LINE:
            raise Unreadable("file-line-too-long", line=self.number, most=MAX_LINE)
        self.cells[self.column] = text

    def _text_of(self, raw: str) -> str:
        kind = self.kind
        if kind == "s":
            place = _number(raw.strip())
            if not 0 <= place < len(self.texts):
                raise Unreadable("file-damaged")
            text = self.texts[place].decode()
            return _unescaped(text) if "_x" in text else text
        if kind in ("str", "inlineStr"):
            return _unescaped(raw) if "_x" in raw else raw
        raw = raw.strip()
        if kind == "b":
            return "yes" if raw in ("1", "true") else "no"
        if kind == "e":
            self.errors[self.column] = raw
            return raw
        if kind == "d":
            return raw.partition("T")[0] if raw.endswith("T00:00:00") else raw.replace("T", " ")
        return self._number_as_shown(raw)

    def _number_as_shown(self, raw: str) -> str:
        style = _number(self.style)
        shown = self.formats[style] if 0 <= style < len(self.formats) else ""
        if raw.isascii() and raw.isdecimal() and not shown:
            return raw
        try:
            number = float(raw)
        except ValueError:
            return raw
        if shown in ("date", "time"):
            return _day(number, since_1904=self.since_1904) or _plain(number, raw)
        text = _plain(number, raw)
        return text.zfill(len(shown)) if shown and text.isdecimal() else text


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text)


def _plain(number: float, raw: str) -> str:
    """As a spreadsheet shows it: whole numbers without a point, and fifteen digits at most."""
    if number != number or abs(number) >= 1e20:
        return raw
    if number == int(number):
        return str(int(number))
    text = f"{number:.15g}"
    return f"{number:.20f}".rstrip("0") if "e" in text else text


def _day(number: float, *, since_1904: bool) -> str:
    """A day, with its time if it has one, counted from the end of 1899, as a spreadsheet does; blank if it is none."""
    if not 0 <= number < 2_958_466:
        return ""
    if number < 1 and not since_1904:
        return (datetime(1900, 1, 1) + timedelta(days=number)).strftime("%H:%M")
    # spreadsheets have a 29 February 1900
    first = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 31 if number < 60 else 30)
    try:
        moment = first + timedelta(seconds=round(number * 86_400))
    except OverflowError:
        return ""
    return moment.date().isoformat() + ("" if moment.hour == moment.minute == 0 else moment.strftime(" %H:%M"))
