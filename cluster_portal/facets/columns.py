"""What an index holds of the rows of a table, by primary key, compact and immutable: some rows read anew give another
holder, which shares what did not change."""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar, get_origin, get_type_hints

from cluster_portal.facets.rows import NO_ROWS, Rows

MISSING = -(2**62)
MANY_FIXES = 2_000
AT_ONCE = 50_000  # rows read at once from a whole table

V = TypeVar("V", int, str)
Keys = Iterable[int]
Row = tuple  # the key, then its cells


class Holder(Protocol):
    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        """Of rows in the order of their keys."""
        ...

    def replaced(self, keys: frozenset[int], rows: Iterable[Row]) -> Self:
        """With these rows in place of all that was known of ``keys``."""
        ...


class Each(Generic[V]):
    """The rows that have each value; a row may have several. Of rows (key, value); no value is no row."""

    def __init__(self, rows: dict[V, Rows]) -> None:
        self._rows: dict[V, Rows] = rows

    @classmethod
    def of(cls, rows: Iterable[tuple[int, V | None]]) -> Self:
        return cls({}).extended(rows)

    def extended(self, rows: Iterable[tuple[int, V | None]]) -> Self:
        found: dict[V, list[int]] = {}
        for key, value in rows:
            if value and value in found:
                found[value].append(key)
            elif value:
                found[value] = [key]
        return type(self)(self._rows | {value: self[value] | Rows(keys) for value, keys in found.items()})

    def replaced(self, keys: frozenset[int], rows: Iterable[tuple[int, V | None]]) -> Self:
        return type(self)(replaced(self._rows, keys, self.of(rows)._rows))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Each) and self._rows == other._rows

    __hash__ = None  # type: ignore[assignment]

    def __getitem__(self, value: V) -> Rows:
        return self._rows.get(value, NO_ROWS)

    def items(self) -> Iterable[tuple[V, Rows]]:
        return self._rows.items()

    def any(self) -> Rows:
        return Rows.in_any(self._rows.values())

    def by(self, names: Mapping[V, str]) -> dict[str, Rows]:
        """The rows under the names of their values; what has no name is left out."""
        return {name: self._rows[value] for value, name in names.items() if value in self._rows}


def replaced(held: Mapping[V, Rows], keys: Keys, fresh: Mapping[V, Rows]) -> dict[V, Rows]:
    """Each value with its rows, those of ``keys`` being the fresh ones only."""
    gone = Rows(keys)
    rest = {value: rows - gone if rows.shared_with(gone) else rows for value, rows in held.items()}
    rest |= {value: rest.get(value, NO_ROWS) | rows for value, rows in fresh.items()}
    return {value: rows for value, rows in rest.items() if rows}


class Numbers:
    """One whole number a row, or none. Days are ordinals, sums of money are cents."""

    def __init__(self, numbers: array) -> None:
        self._numbers = numbers

    @classmethod
    def of(cls, rows: Iterable[tuple[int, int | date | None]]) -> Self:
        return cls(array("q")).extended(rows)

    def extended(self, rows: Iterable[tuple[int, int | date | None]]) -> Self:
        return self.replaced((), rows)

    def replaced(self, keys: Keys, rows: Iterable[tuple[int, int | date | None]]) -> Self:
        numbers = self._numbers[:]
        for key in keys:
            if key < len(numbers):
                numbers[key] = MISSING
        for key, value in rows:
            if value is None:
                continue
            if key >= len(numbers):
                numbers.extend([MISSING] * (key + 1 + key // 8 - len(numbers)))
            numbers[key] = value.toordinal() if isinstance(value, date) else value
        return type(self)(numbers)

    def get(self, key: int) -> int | None:
        number = self._numbers[key] if key < len(self._numbers) else MISSING
        return None if number == MISSING else number

    def highest_first(self, key: int) -> int:
        """Sorts rows by their numbers, the highest first, those without one last."""
        return -self._numbers[key] if key < len(self._numbers) else -MISSING

    def items(self) -> Iterator[tuple[int, int]]:
        return ((key, number) for key, number in enumerate(self._numbers) if number != MISSING)

    def total(self, keys: Keys) -> int:
        return sum(number for key in keys if (number := self.get(key)) is not None)

    def known(self) -> Rows:
        return Rows(key for key, _number in self.items())

    def up_to(self, bound: int) -> Rows:
        return Rows([key for key, number in enumerate(self._numbers) if MISSING < number <= bound])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Numbers) and list(self.items()) == list(other.items())

    __hash__ = None  # type: ignore[assignment]


class Texts:
    """One text a row, as bytes whose order is that of the texts."""

    def __init__(self, ends: array, texts: bytes, fixes: dict[int, bytes]) -> None:
        self._ends, self._texts, self._fixes = ends, texts, fixes

    @classmethod
    def of(cls, rows: Iterable[tuple[int, str]]) -> Self:
        return cls(array("q", [0]), b"", {}).extended(rows)

    def extended(self, rows: Iterable[tuple[int, str]]) -> Self:
        """With rows that come after all of these."""
        ends, texts = self._ends[:], [self._texts]
        end = ends[-1]
        for key, text in rows:
            texts.append(text.encode())
            ends.extend([end] * (key + 1 - len(ends)))
            end += len(texts[-1])
            ends.append(end)
        return type(self)(ends, b"".join(texts), self._fixes)

    def replaced(self, keys: Keys, rows: Iterable[tuple[int, str]]) -> Self:
        fixes = {**self._fixes, **dict.fromkeys(keys, b""), **{key: text.encode() for key, text in rows}}
        if len(fixes) < MANY_FIXES:
            return type(self)(self._ends, self._texts, fixes)
        every = sorted({*range(len(self._ends) - 1), *fixes})
        return self.of((key, fixes.get(key, self[key]).decode()) for key in every)

    def __getitem__(self, key: int) -> bytes:
        if key in self._fixes:
            return self._fixes[key]
        return self._texts[self._ends[key] : self._ends[key + 1]] if key + 1 < len(self._ends) else b""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Texts):
            return False
        last = max(len(self._ends), len(other._ends), *self._fixes, *other._fixes)
        return all(self[key] == other[key] for key in range(last + 1))

    __hash__ = None  # type: ignore[assignment]


EVER = date.max.toordinal() + 1
Event = tuple[int, int, int, int]


class Events:
    """What happened to rows: (key, of what, on which day, a number). In no order."""

    def __init__(self, columns: Sequence[array], fixes: dict[int, tuple[Event, ...]]) -> None:
        self._columns = columns
        self._fixes = fixes  # what is read anew of some keys, in place of the columns

    @staticmethod
    def cells(row: Row) -> Event:
        """A row as the database has it, in whole numbers."""
        key, what, day, number = row
        return key, what, day.toordinal(), number

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        columns = tuple(array("q") for _ in range(4))
        for event in map(cls.cells, rows):
            for column, cell in zip(columns, event, strict=True):
                column.append(cell)
        return cls(columns, {})

    def replaced(self, keys: frozenset[int], rows: Iterable[Row]) -> Self:
        fresh: dict[int, tuple[Event, ...]] = dict.fromkeys(keys, ())
        for event in map(self.cells, rows):
            fresh[event[0]] = (*fresh[event[0]], event)
        whole = type(self)(self._columns, self._fixes | fresh)
        if len(whole._fixes) < MANY_FIXES:
            return whole
        columns = tuple(array("q") for _ in range(4))
        for event in whole:
            for column, cell in zip(columns, event, strict=True):
                column.append(cell)
        return type(self)(columns, {})

    def __iter__(self) -> Iterator[Event]:
        rows: Iterable[Event] = zip(*self._columns, strict=True)
        if not self._fixes:
            return iter(rows)
        fixed = self._fixes
        return chain((event for event in rows if event[0] not in fixed), chain.from_iterable(fixed.values()))

    def of_keys(self, keys: frozenset[int] | None) -> Iterator[Event]:
        """Those of some rows, or of all."""
        if keys is None:
            return iter(self)
        if keys <= self._fixes.keys():
            return chain.from_iterable(self._fixes[key] for key in keys)
        return (event for event in self if event[0] in keys)


class Spans(Events):
    """What rows have for a time: (key, value, first day, first day out), open where the day is not known or not given."""

    @staticmethod
    def cells(row: Row) -> Event:
        key, value, first, *rest = row
        beyond = rest[0] if rest else None
        return key, value, first.toordinal() if first else 0, beyond.toordinal() if beyond else EVER

    def on(self, day: date, keys: frozenset[int] | None = None, *, ever: bool = False) -> dict[int, Rows]:
        """The rows that have each value on a day, or with ``ever`` have had it by then; with ``keys``, among them."""
        today = day.toordinal()
        found: dict[int, list[int]] = {}
        for key, value, first, beyond in self.of_keys(keys):
            if first <= today and (ever or today < beyond):
                if value in found:
                    found[value].append(key)
                else:
                    found[value] = [key]
        return {value: Rows(rows) for value, rows in found.items()}


class Records:
    """One record a row, of a small table, by key; as the database has it, or as ``record`` makes it."""

    @staticmethod
    def record(row: Row) -> Any:
        return row

    def __init__(self, records: dict[int, Any]) -> None:
        self._records = records

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        return cls({row[0]: cls.record(row) for row in rows})

    def replaced(self, keys: frozenset[int], rows: Iterable[Row]) -> Self:
        rest = {key: record for key, record in self._records.items() if key not in keys}
        return type(self)(rest | {row[0]: self.record(row) for row in rows})

    def __iter__(self) -> Iterator[Any]:
        return iter(self._records.values())


class Table:
    """Several columns of one table, each held in its own way: rows are (key, a cell for each column).

    A subclass names its columns, in the order of the cells, by annotations.
    """

    columns: ClassVar[dict[str, type["Each | Numbers | Texts"]]] = {}

    def __init_subclass__(cls) -> None:
        hints = {name: hint for name, hint in get_type_hints(cls).items() if name in cls.__annotations__}
        cls.columns = {name: get_origin(hint) or hint for name, hint in hints.items()}

    def __init__(self, rows: Rows, held: dict[str, Any]) -> None:
        self.rows = rows
        vars(self).update(held)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        table = cls(NO_ROWS, {name: holder.of(()) for name, holder in cls.columns.items()})
        rest = iter(rows)
        while some := list(islice(rest, AT_ONCE)):
            table = cls(
                table.rows | _keys(some), {name: held.extended(cells) for name, held, cells in table._each(some)}
            )
        return table

    def replaced(self, keys: frozenset[int], rows: Iterable[Row]) -> Self:
        fresh = list(rows)
        held = {name: held.replaced(keys, cells) for name, held, cells in self._each(fresh)}
        return type(self)((self.rows - Rows(keys)) | _keys(fresh), held)

    def _each(self, rows: list[Row]) -> Iterator[tuple[str, Any, list[tuple[int, Any]]]]:
        for place, name in enumerate(self.columns, start=1):
            yield name, getattr(self, name), [(row[0], row[place]) for row in rows]


def _keys(rows: list[Row]) -> Rows:
    return Rows([row[0] for row in rows])
