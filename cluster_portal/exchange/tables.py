"""A list as a file: its rows from a few queries, however many they are, and what a reader should know of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Func, QuerySet, Value
from django.utils.translation import gettext as _

from cluster_portal.exchange.columns import Column, Words

Position = tuple[Decimal, Decimal]  # longitude and latitude, in the order of GeoJSON

AT_ONCE = 200  # rows that are read first, for the first byte
PIECES = 4  # in which the others are read
SMALLEST = 2000  # rows of a piece that is worth a query
HELD = 300  # rows at a time


class Fact(NamedTuple):
    """What stands beside the rows: a key that never changes, what it is called, and one text or several."""

    key: str
    label: str
    said: str | int | tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        return self.said if isinstance(self.said, tuple) else (str(self.said),)


@dataclass(frozen=True)
class Table:
    """``records`` gives rows of whatever kind, of which the columns and ``position`` take what they tell."""

    name: str  # of the file
    columns: Sequence[Column]
    labels: Sequence[str]  # of the columns, in the language of the file
    words: Words
    records: Callable[[], Iterator[Any]]
    facts: Sequence[Fact]
    position: Callable[[Any], Position | None] = lambda record: None

    @classmethod
    def of(cls, name: str, columns: Sequence[Column], words: Words, records, facts, position=None) -> "Table":
        """In the language that is active now."""
        labels = [str(column.label) for column in columns]
        return cls(name, columns, labels, words, records, facts, *([position] if position else []))

    def rows(self) -> Iterator[list[Any]]:
        values, words = [column.value for column in self.columns], self.words
        for record in self.records():
            yield [value(record, words) for value in values]


def licence() -> Iterator[Fact]:
    """Of what the operator said about the data (DATA_LICENCE); of nothing that he did not say."""
    if settings.DATA_LICENCE:
        yield Fact("licence", _("Licence"), settings.DATA_LICENCE)


def in_pieces(keys: Sequence[int], read: Callable[[list[int]], QuerySet]) -> Iterator[Any]:
    """The rows of some keys in the order of the keys, from a number of queries that does not grow: the first few at
    once, then some thousands together. ``read`` gives the rows of some keys, in no order; a row that is gone, or no longer
    to be shown, is left out.

    Of each query the server holds the answer and hands it out by the hundred, so that no process holds a piece.
    """
    start, size = 0, AT_ONCE
    while start < len(keys):
        piece = list(keys[start : start + size])
        asked = Value(piece, output_field=ArrayField(BigIntegerField()))
        yield from read(piece).order_by(Func(asked, F("pk"), function="array_position")).iterator(HELD)
        start += size
        size = max(SMALLEST, -(-(len(keys) - AT_ONCE) // PIECES))
