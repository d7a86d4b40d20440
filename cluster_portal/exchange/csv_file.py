"""Rows as a file that a spreadsheet opens as it should: accents, columns and decimals of the language."""

import unicodedata
from collections.abc import Iterable, Iterator
from csv import writer
from datetime import date
from decimal import Decimal

from django.http import StreamingHttpResponse

from cluster_portal.writing.typography import in_french

# What a spreadsheet takes for the beginning of a formula, also behind signs that nobody sees, and in the wide and
# small forms that some keyboards type.
FORMULA = ("=", "+", "-", "@", "−")
BREAKS = ("\t", "\r", "\n")
UNSEEN = ("Cc", "Cf", "Zl", "Zp", "Zs")  # categories of control signs, marks and blanks


class Line:
    """What `csv` writes to: it hands each line back."""

    def write(self, line: str) -> str:
        return line


def cell(value: object, decimal_mark: str) -> str:
    """A number with the language's decimal mark; a text that a spreadsheet would run is made inert."""
    if value is None:
        return ""
    if isinstance(value, Decimal | float):
        return f"{Decimal(value):.2f}".replace(".", decimal_mark)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    return inert(str(value))


def inert(text: str) -> str:
    """With an apostrophe before what a spreadsheet would run; what reads such a file takes it away again."""
    return f"'{text}" if would_run(text) else text


def would_run(text: str) -> bool:
    if text[:1].isalnum():  # as nearly all begin
        return False
    for sign in text:
        if sign in BREAKS:
            return True
        if unicodedata.category(sign) not in UNSEEN:
            return unicodedata.normalize("NFKC", sign) in FORMULA
    return False


def without_apostrophe(text: str) -> str:
    """The text of a cell that was made inert, as it was before."""
    return text[1:] if text.startswith("'") and would_run(text[1:]) else text


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """UTF-8 with a byte-order mark; semicolons and decimal commas in French, as French Excel expects."""
    delimiter, mark = (";", ",") if in_french() else (",", ".")
    lines = writer(Line(), delimiter=delimiter)
    yield "\ufeff"
    for row in rows:
        yield lines.writerow([cell(value, mark) for value in row])


def csv_response(name: str, rows: Iterable[Iterable[object]]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["X-Robots-Tag"] = "noindex"
    return response
