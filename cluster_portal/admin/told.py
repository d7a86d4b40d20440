"""What other apps tell of a record, in a line under its name on its form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Expression, Model, QuerySet
from django.http import HttpRequest


@dataclass(frozen=True)
class Told:
    """``asked()``: what is asked along with the record, by name; ``says(request, record)``: a sentence, or nothing."""

    asked: Callable[[], Mapping[str, Expression]]
    says: Callable[[HttpRequest, Any], str]


_told: dict[type[Model], list[Told]] = {}


def tell_of(told: Told, *models: type[Model]) -> None:
    for model in models:
        _told.setdefault(model, []).append(told)


def with_what_is_told(rows: QuerySet) -> QuerySet:
    for told in _told.get(rows.model, ()):
        rows = rows.annotate(**told.asked())
    return rows


def told_of(request: HttpRequest, record: Model | None) -> list[str]:
    """Of a record that is not there yet, nothing."""
    if record is None or not record.pk:
        return []
    return [line for told in _told.get(type(record), ()) if (line := told.says(request, record))]
