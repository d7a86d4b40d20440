"""What a file of rows has for columns: each with a name that never changes, a label in the reader's language, and a value.

A catalogue (``members.columns``, ``projects.columns``) names them one by one; what is public is said of each, so that
nothing is it by having been forgotten. The import knows the same names and the same labels.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import override, pgettext_lazy

SEPARATOR = " | "  # between the values of one cell

Single = str | int | bool | date | Decimal | None
Value = Single | tuple[Single, ...]  # what a cell holds


class Words:
    """What codes and keys are called in one language. Rows are written after the page that asked for them has been
    answered, when no language is active any more."""

    def __init__(self, language: str, names: Mapping[str, Mapping[Any, str]] | None = None) -> None:
        self.language, self.names = language, names or {}
        self._labels: dict[Any, dict[Any, str]] = {}

    def label(self, choices: type[models.Choices], value: Any) -> str:
        """Of one of the choices of a field; blank of none."""
        if choices not in self._labels:
            with override(self.language):
                self._labels[choices] = {code: str(label) for code, label in choices.choices}
        return self._labels[choices].get(value, "")

    def named(self, what: str, keys: Iterable[Any]) -> tuple[str, ...]:
        """The names of those among the keys that have one, which are those that the reader may know of."""
        names = self.names.get(what, {})
        return tuple(names[key] for key in keys if key in names)


class Answer(models.IntegerChoices):
    YES = 1, pgettext_lazy("value of a cell", "yes")
    NO = 0, pgettext_lazy("value of a cell", "no")


@dataclass(frozen=True, slots=True)
class Column:
    """``group`` is a heading among the columns to choose from; of ``Value`` it says itself what it is."""

    name: str
    label: str | Promise
    value: Callable[[Any, Words], Value]
    group: str | Promise = ""
    public: bool = False

    def __str__(self) -> str:
        return str(self.label)


def plain(field: str) -> Callable[[Any, Words], Value]:
    """As the row has it."""
    return lambda row, words: getattr(row, field)


def several(field: str) -> Callable[[Any, Words], Value]:
    return lambda row, words: tuple(getattr(row, field) or ())


def choice(field: str, choices: type[models.Choices]) -> Callable[[Any, Words], Value]:
    """By its label."""
    return lambda row, words: words.label(choices, getattr(row, field))
