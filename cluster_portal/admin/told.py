"""What other apps tell of a record, in a line under its name on its form."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Model
from django.http import HttpRequest

Tell = Callable[[HttpRequest, Any], str]
_told: dict[type[Model], list[Tell]] = {}


def tells_of(*models: type[Model]) -> Callable[[Tell], Tell]:
    """Registers ``tell(request, record)``, a sentence or nothing."""

    def register(tell: Tell) -> Tell:
        for model in models:
            _told.setdefault(model, []).append(tell)
        return tell

    return register


def told_of(request: HttpRequest, record: Model | None) -> Iterable[str]:
    if record is None or not record.pk:
        return []
    return [line for tell in _told.get(type(record), ()) if (line := tell(request, record))]
