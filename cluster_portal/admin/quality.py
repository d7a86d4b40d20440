"""How many rows of the staff's lists have which need: all of one part of the network, counted in one question.

A measure is a need of a list (``NeedsFilter``) and nothing else, so that its number and the list behind it cannot differ.
Each app registers the lists that are measured, in the order in which they are told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Model, Q, QuerySet
from django.urls import reverse

from .filters import NeedsFilter, asks_elsewhere, counted_as


@dataclass(frozen=True)
class Measured:
    """``narrow``: the rows of one part, by its slug, as the list does it for its parameter ``narrowed_by``. ``whole``: of
    which rows the share is told. ``mended_by``: a need -> what the list offers against it, in words. ``ways``: a need -> the
    list that mends it too, narrowed to the same cluster."""

    model: type[Model]
    needs: type[NeedsFilter]
    mended_by: dict[str, Any]
    narrow: Callable[[QuerySet, str], QuerySet]
    narrowed_by: str = "cluster"
    whole: Callable[[], Q] = Q
    ways: Mapping[str, type[Model]] = field(default_factory=dict)

    def rows(self, user: Any, part: str) -> QuerySet:
        """Those that somebody edits; everybody's where no ``user`` is asked for."""
        rows = self.model._default_manager.all()
        rows = rows.editable_by(user) if user else rows
        return self.narrow(rows, part) if part else rows

    def url(self, need: str, part: str) -> str:
        asked = {self.needs.parameter_name: need, **({self.narrowed_by: part} if part else {})}
        return f"{_address_of_list(self.model)}?{urlencode(asked)}"

    def way(self, need: str, part: str) -> str:
        """Blank where the list itself is all that there is."""
        if need not in self.ways:
            return ""
        return _address_of_list(self.ways[need]) + (f"?{urlencode({'cluster': part})}" if part else "")


@dataclass(frozen=True)
class Measure:
    """What one line of the page tells. ``name`` is how its numbers are remembered."""

    name: str
    of: Measured
    need: str

    @property
    def label(self) -> Any:
        return self.of.needs.needs[self.need][0]

    @property
    def mended_by(self) -> Any:
        return self.of.mended_by[self.need]


MEASURED: list[Measured] = []


def measure(one: Measured) -> Measured:
    MEASURED.append(one)
    return one


def measures() -> list[Measure]:
    return [
        Measure(_name(one, need), one, need) for one in MEASURED for need in one.mended_by
    ]  # fmt: skip


def numbers(part: str = "", user: Any = None) -> dict[str, tuple[int, int]]:
    """The name of each measure -> how many rows, of how many. What the columns of a row tell is counted in one reading of
    each set of rows, all the rest in one question."""
    told: dict[str, int] = {}
    wholes: dict[str, int] = {}
    asked = []
    for alike in _of_the_same_rows(narrowed=bool(part or user)):
        rows = alike[0].rows(user, part).order_by()
        if part or user:  # few, and found once
            rows = alike[0].model._default_manager.filter(pk__among=list(rows.values_list("pk", flat=True))).order_by()
        of_columns: dict[str, Q] = {}
        for number, one in enumerate(alike):
            of_columns[f"whole_{number}"] = one.whole()
            for need in one.mended_by:
                condition = one.needs.needs[need][1]()
                if asks_elsewhere(condition):
                    asked.append(counted_as(_name(one, need), one.needs.narrowed(rows, need)))
                else:
                    of_columns[f"need_{need}"] = condition
        counts = rows.aggregate(**{name: Count("pk", filter=condition) for name, condition in of_columns.items()})
        for number, one in enumerate(alike):
            wholes |= {_name(one, need): counts[f"whole_{number}"] for need in one.mended_by}
            told |= {_name(one, need): counts[f"need_{need}"] for need in one.mended_by if f"need_{need}" in counts}
    told |= dict(asked[0].union(*asked[1:], all=True)) if asked else {}
    return {name: (told.get(name, 0), whole) for name, whole in wholes.items()}


def _of_the_same_rows(*, narrowed: bool) -> list[list[Measured]]:
    """Where nothing narrows them, all that is measured of a model is measured of the same rows, and read together."""
    if narrowed:
        return [[one] for one in MEASURED]
    together: dict[type[Model], list[Measured]] = {}
    for one in MEASURED:
        together.setdefault(one.model, []).append(one)
    return list(together.values())


def _address_of_list(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def _name(one: Measured, need: str) -> str:
    return f"{one.model._meta.model_name}.{need}"
