"""JSON as this portal exports it: a list of objects, alone or under "rows", or GeoJSON. Read an object at a time."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cluster_portal.exchange.columns import SEPARATOR
from cluster_portal.exchange.layouts import MAX_COLUMNS, MAX_LINE, MAX_ROWS, Unreadable, column_letters

BLANKS = re.compile(r"[ \t\r\n]*")
TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
LISTS = ("rows", "features")
POINT = ("latitude", "longitude")
_decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)  # digits stay as they are written
_strings = json.JSONDecoder()


def looks_like_json(text: str) -> bool:
    """Of the beginning of a file."""
    begins = text.lstrip("\ufeff \t\r\n")
    return bool(re.match(r'\[\s*(?:[{\]]|$)|\{\s*(?:["}]|$)', begins))


class _Reader:
    """A text and how far it has been read."""

    def __init__(self, path: Path) -> None:
        try:
            self.text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise Unreadable("file-json", place=error.start) from error
        self.place = 0
        self.window = 4096

    def fault(self) -> Unreadable:
        return Unreadable("file-json", place=self.place + 1)

    def next_sign(self) -> str:
        blanks = BLANKS.match(self.text, self.place)
        self.place = blanks.end() if blanks else self.place
        return self.text[self.place : self.place + 1]

    def take(self, sign: str) -> None:
        if self.next_sign() != sign:
            raise self.fault()
        self.place += 1

    def value(self) -> Any:
        """The value that begins here: no more of the text is decoded than that, or than a row may hold."""
        self.next_sign()
        while True:
            beyond = self.place + self.window
            part = self.text[self.place : beyond]
            try:
                found, length = _decoder.raw_decode(part)
            except RecursionError as error:
                raise self.fault() from error
            except ValueError as error:
                if beyond >= len(self.text):
                    raise self.fault() from error
                if self.window >= 2 * MAX_LINE:
                    raise Unreadable("file-line-too-long", line=1, most=MAX_LINE) from error
                self.window = min(4 * self.window, 2 * MAX_LINE)
                continue
            if length == len(part) and beyond < len(self.text) and part[-1:] not in ']}"':
                self.window *= 4  # a number may go on
                continue
            self.place += length
            self.window = max(4096, 2 * length)
            return found

    def key(self) -> str:
        if self.next_sign() != '"':
            raise self.fault()
        found = self.value()
        return str(found)

    def skip(self) -> None:
        """Over a value that nobody asked for, without making anything of it."""
        if self.next_sign() not in "[{":
            self.value()
            return
        depth, begins = 0, self.place
        for token in TOKENS.finditer(self.text, self.place):
            if token.end() - begins > MAX_LINE:
                raise self.fault()
            if token[0] in "[{":
                depth += 1
            elif token[0] in "]}":
                depth -= 1
                if depth == 0:
                    self.place = token.end()
                    return
        raise self.fault()

    def items(self) -> Iterator[Any]:
        self.take("[")
        if self.next_sign() == "]":
            self.place += 1
            return
        while True:
            yield self.value()
            if self.next_sign() == "]":
                self.place += 1
                return
            self.take(",")


def objects(path: Path) -> Iterator[Any]:
    """The rows as they stand there."""
    reader = _Reader(path)
    first = reader.next_sign()
    if first == "[":
        yield from reader.items()
    elif first == "{":
        yield from _under_its_key(reader)
    else:
        raise Unreadable("file-json-rows")
    if reader.next_sign():
        raise reader.fault()


def _under_its_key(reader: _Reader) -> Iterator[Any]:
    reader.take("{")
    found = False
    while reader.next_sign() != "}":
        key = reader.key()
        reader.take(":")
        if key in LISTS and reader.next_sign() == "[" and not found:
            found = True
            yield from reader.items()
        else:
            reader.skip()
        if reader.next_sign() != "}":
            reader.take(",")
    reader.place += 1
    if not found:
        raise Unreadable("file-json-rows")


def cells_of(found: Any) -> dict[str, str] | None:
    """By column; None of what is no object."""
    if not isinstance(found, dict):
        return None
    properties = found.get("properties")
    if found.get("type") == "Feature" and isinstance(properties, dict | None):
        cells = _flat(properties or {}, "")
        return cells | {key: value for key, value in _point(found.get("geometry")).items() if key not in cells}
    return _flat(found, "")


def _flat(values: dict, above: str) -> dict[str, str]:
    cells: dict[str, str] = {}
    for key, value in values.items():
        if isinstance(value, dict) and not above:
            cells |= _flat(value, f"{key}.")
        else:
            cells[above + key] = _text_of(value)
    return cells


def _text_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, list) and not any(isinstance(one, dict | list) for one in value):
        texts = [_text_of(one) for one in value]
        return SEPARATOR.join(texts) if any(texts) else ""  # as an export writes them: blanks keep their place
    return json.dumps(value, ensure_ascii=False)


def _point(geometry: Any) -> dict[str, str]:
    blank = dict.fromkeys(POINT, "")
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        return blank
    place = geometry.get("coordinates")
    if not isinstance(place, list) or len(place) < 2 or not all(isinstance(one, str) for one in place[:2]):
        return blank
    return {"latitude": place[1], "longitude": place[0]}


def headers_of(path: Path) -> list[str]:
    """Every key that some row has, in the order in which they are met."""
    found: dict[str, None] = {}
    for line, item in enumerate(objects(path), 1):
        for key in cells_of(item) or {}:
            found.setdefault(key)
        if line > MAX_ROWS:
            raise Unreadable("file-too-many-rows", most=MAX_ROWS)
        if len(found) > MAX_COLUMNS:
            raise Unreadable(
                "file-too-many-columns", line=line, column=column_letters(len(found) - 1), most=MAX_COLUMNS
            )
    return list(found)
