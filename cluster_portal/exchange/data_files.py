"""Reading the project's own data files: whatever is wrong is said with the file and the line."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.db import models


class DataFileError(Exception):
    """A data file cannot be read; the message names the file and the line."""


@dataclass(frozen=True)
class Row:
    """One row of a file: where it stands, and its cells by column."""

    file: Path
    line: int
    cells: Mapping[str, str]

    @property
    def place(self) -> str:
        return f"{self.file.name}, line {self.line}"

    def error(self, message: str) -> DataFileError:
        return DataFileError(f"{self.place}: {message}")

    def only(self, **cells: str) -> "Row":
        """Other cells from the same place: one row per theme of a cluster, for instance."""
        return Row(self.file, self.line, cells)


def read_csv(file: Path) -> Iterator[Row]:
    """The rows of a UTF-8 file whose first line names the columns."""
    line = 1
    try:
        with file.open(encoding="utf-8", newline="") as text:
            reader = csv.reader(text, strict=True)
            columns = next(reader, [])
            if not all(columns) or len(set(columns)) < len(columns) or not columns:
                raise Row(file, 1, {}).error("the first line must name each column once")
            for cells in reader:
                line = reader.line_num
                if len(cells) != len(columns):
                    raise Row(file, line, {}).error(f"{len(cells)} cells for {len(columns)} columns")
                yield Row(file, line, dict(zip(columns, cells, strict=True)))
    except OSError as error:
        raise DataFileError(f"{file.name} cannot be opened: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise Row(file, line + 1, {}).error(str(error)) from error


def cell_value(row: Row, model_field: models.Field, cell: str) -> Any:
    """A cell as its column wants it; an empty cell is unknown."""
    if isinstance(model_field, models.BooleanField):
        if cell not in ("yes", "no"):
            raise row.error(f"“{cell}” in “{model_field.name}” should be yes or no")
        return cell == "yes"
    if isinstance(model_field, models.CharField | models.TextField):
        return cell
    if not cell and model_field.null:
        return None
    try:
        if isinstance(model_field, models.DecimalField):
            return Decimal(cell)
        return date.fromisoformat(cell) if isinstance(model_field, models.DateField) else int(cell)
    except (ValueError, InvalidOperation) as error:
        wanted = "a date like 2023-03-27" if isinstance(model_field, models.DateField) else "a number"
        raise row.error(f"“{cell}” in “{model_field.name}” should be {wanted}") from error
