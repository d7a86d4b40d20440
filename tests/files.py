"""Files of the site as whoever opens them reads them: with Python's own readers, and a spreadsheet's."""

import csv
import io
import json
from collections.abc import Iterator

from django.test import Client
from python_calamine import CalamineWorkbook

FORMATS = ("xlsx", "csv-fr", "csv", "json", "geojson")


def content(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def taken(address: str, file_format: str, client: Client | None = None) -> bytes:
    """The file of a list of the public site."""
    response = (client or Client()).get(f"{address}{'&' if '?' in address else '?'}format={file_format}")
    assert response.status_code == 200, address
    assert "attachment" in response["Content-Disposition"] and response["X-Robots-Tag"] == "noindex"
    return content(response)


def rows_of(file: bytes, file_format: str) -> list[list[str]]:
    """Every cell as text, the labels first; of JSON in the order in which its columns are told."""
    return list(_rows(file, file_format))


def _rows(file: bytes, file_format: str) -> Iterator[list[str]]:
    if file_format == "xlsx":
        for row in CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python():
            yield [_text(cell) for cell in row]
    elif file_format == "csv-fr":
        assert file.startswith(b"\xef\xbb\xbf")
        yield from csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=";", strict=True)
    elif file_format == "csv":
        yield from csv.reader(io.StringIO(file.decode(), newline=""), strict=True)
    else:
        told = json.loads(file)
        records = told["rows"] if file_format == "json" else [one["properties"] for one in told["features"]]
        if file_format == "json":
            yield list(told["columns"].values())
        else:
            yield list(records[0]) if records else []
        for record in records:
            yield [_text(value) for value in record.values()]


def _text(value) -> str:
    if isinstance(value, list):
        texts = [_text(one) for one in value]
        return " | ".join(texts) if any(texts) else ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def columns_of(file: bytes, file_format: str) -> dict[str, list[str]]:
    """Label -> the cells under it."""
    labels, *rows = rows_of(file, file_format)
    assert len(set(labels)) == len(labels)
    return {label: [row[place] for row in rows] for place, label in enumerate(labels)}
