"""What an index holds, as declared and as read for a day, kept level with the database row by row.

A ``Source`` holds rows as the database has them, and says which changes in the log of changes are its own: only those
rows are read anew. Everything else is derived from sources, and from what is derived, in memory: an index remembers
what each thing was made from, and makes it again when one of those has become another, or for the changed rows only.
"""

import sys
import threading
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar, overload

from django.db.models import QuerySet
from django.utils import timezone

from cluster_portal.facets.columns import AT_ONCE, Holder
from cluster_portal.facets.rows import Rows
from cluster_portal.facets.values import FacetValues
from cluster_portal.records.changes import ALL, LOG, ChangeLog, Changes, Keys, Look, changed_in_this_transaction
from cluster_portal.records.compiled import compiled
from cluster_portal.writing.translated import active_language

KEPT_DAYS = 6  # for which dated things stay in memory, today among them
MANY_KEYS = 500  # more rows than this are read with all the others
KEPT_STEPS = 50

T = TypeVar("T")
H = TypeVar("H", bound=Holder)
R = TypeVar("R", bound="Reading")


class Kept(Generic[T]):
    """Something that an index holds. An attribute of a ``Reading``: there it is what was read."""

    name: str
    dated = False  # whether the day asked for changes it

    def __set_name__(self, owner: type["Reading"], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, reading: None, owner: type["Reading"]) -> Self: ...
    @overload
    def __get__(self, reading: "Reading", owner: type["Reading"]) -> T: ...
    def __get__(self, reading: "Reading | None", owner: type["Reading"]) -> Self | T:
        return self if reading is None else reading.read(self)

    def renewed(self, making: "Making", old: "Entry | None") -> "Entry":
        """What there is now; ``old`` itself if nothing has changed."""
        raise NotImplementedError


Resolve = Callable[[list[int]], Iterable[int]]


class Source(Kept[H]):
    """Rows of the database, by the key of what the index is about.

    ``read(keys)`` is the queryset of all rows, or of those of some keys, in the order of the keys. ``follows`` says for each
    table that it reads how a change there concerns the rows: the column of the log that holds their keys, or that column
    with a function that finds the keys, or nothing (then all is read anew).
    """

    def __init__(
        self,
        holder: type[H],
        read: Callable[[list[int] | None], QuerySet],
        follows: Mapping[str, str | tuple[str, Resolve] | None],
    ) -> None:
        self.holder, self.rows, self.follows = holder, read, follows

        def some(keys: list[int]) -> QuerySet:
            return read(keys)

        some.__module__, some.__name__ = read.__module__, read.__name__
        self.rows_of = compiled(some)

    def renewed(self, making: "Making", old: "Entry | None") -> "Entry":
        changes = making.changes_since(old.as_of) if old else ALL
        keys = self.concerned(changes)
        if old is not None and keys is not ALL and not keys:
            return old
        making.about_to_read()
        if old is None or keys is ALL or len(keys) > MANY_KEYS:
            return making.entry(self.holder.of(self.rows(None).iterator(chunk_size=AT_ONCE)))
        return making.entry(old.value.replaced(keys, self.rows_of(list(keys))), old, keys)

    def concerned(self, changes: Changes | None) -> Keys | None:
        if changes is ALL:
            return ALL
        found: set[int] = set()
        for table, how in self.follows.items():
            if not changes.touch(table):
                continue
            if how is None:
                return ALL
            column, resolve = (how, None) if isinstance(how, str) else how
            keys = changes.of(table, column)
            if keys is ALL:
                return ALL
            found.update(resolve(list(keys)) if resolve else keys)
        return frozenset(found)


class Lookup(Kept[T]):
    """A few rows that all others refer to (themes, places), read whole whenever one of their tables has changed."""

    def __init__(self, load: Callable[[], T], *tables: str) -> None:
        self.load, self.follows = load, dict.fromkeys(tables)

    def renewed(self, making: "Making", old: "Entry | None") -> "Entry":
        changes = making.changes_since(old.as_of) if old else ALL
        if old and changes is not ALL and not any(changes.touch(table) for table in self.follows):
            return old
        making.about_to_read()
        value = self.load()
        return old if old and old.value == value else making.entry(value)


class Fact(Kept[T]):
    """Whatever is made of other things that the index holds.

    ``make(at)`` reads them from ``at``, as ``at.region``. What it says of a row may depend on that row only; then
    ``patch(at, old, keys)`` may make it from what it was before some rows changed. ``settles`` says that it is often made
    anew and found to be the same.
    """

    def __init__(
        self,
        make: Callable[[Any], T],
        *,
        patch: Callable[[Any, T, Keys], T] | None = None,
        dated: bool = False,
        settles: bool = False,
    ) -> None:
        self.make, self.patch, self.dated, self.settles = make, patch, dated, settles

    def renewed(self, making: "Making", old: "Entry | None") -> "Entry":
        keys: Keys | None = ALL
        if old is not None:
            keys = making.changed_inputs(old)
            if keys is not ALL and not keys:
                return old
        at = making.reading()
        if old is not None and self.patch and keys is not ALL and len(keys) <= MANY_KEYS:
            value = self.patch(at, old.value, keys)
        else:
            value = self.make(at)
        if old is not None and self.settles and value == old.value:
            return replace(old, inputs=making.inputs(at, old))
        return replace(making.entry(value, old, keys), inputs=making.inputs(at, old if keys is not ALL else None))


class Facet(Fact[FacetValues]):
    """Values, each with its rows: what a list is narrowed by."""


Rank = Callable[[int], Any]


class Order(Kept[Sequence[int]]):
    """Every row that a list may show, in one order: a page of a list is a walk along it.

    ``rows(at)`` are those rows; ``ranks(at)`` what they are sorted by. Equals stand as they do in the order ``after``, in
    the end by key.
    """

    def __init__(
        self,
        rows: Callable[[Any], Rows],
        *ranks: Callable[[Any], Rank],
        after: "Order | None" = None,
        dated: bool = False,
    ) -> None:
        self.rows, self.ranks, self.after, self.dated = rows, ranks, after, dated
        self._fact: Fact[Sequence[int]] = Fact(self._make, patch=self._patch, dated=dated)

    def renewed(self, making: "Making", old: "Entry | None") -> "Entry":
        return self._fact.renewed(making, old)

    def _make(self, at: "Reading") -> array:
        keys = list(self.rows(at) if self.after is None else at.read(self.after))
        for rank in reversed(self.ranks):
            keys.sort(key=rank(at))
        return array("q", keys)

    def _patch(self, at: "Reading", old: Sequence[int], keys: Keys) -> array:
        rank, rows = self._whole_rank(at), self.rows(at)
        order = _without(array("q", old), keys)
        for key in sorted(key for key in keys if key in rows):
            order.insert(bisect_left(order, rank(key), key=rank), key)
        return order

    def _whole_rank(self, at: "Reading") -> Rank:
        ranks: list[Rank] = []
        order: Order | None = self
        while order is not None:
            ranks += [rank(at) for rank in order.ranks]
            order = order.after
        return lambda key: (*[rank(key) for rank in ranks], key)


def _without(order: array, keys: Keys) -> array:
    """A copy, without some keys."""
    if len(keys) > 8:
        return array("q", [key for key in order if key not in keys])
    packed = order.tobytes()  # searched as bytes: as an array, it would make an object of every key
    for key in keys:
        wanted, place = key.to_bytes(8, sys.byteorder), -1
        while (place := packed.find(wanted, place + 1)) % 8:  # between two keys
            if place < 0:
                break
        if place >= 0:
            packed = packed[:place] + packed[place + 8 :]
    return array("q", packed)


@dataclass(frozen=True, slots=True)
class Entry:
    """What an index holds of one thing: as of which state of the data, made from which versions of what, and which
    rows were concerned when it became another version."""

    value: Any
    version: int
    as_of: int
    inputs: tuple[tuple[Kept, int], ...] = ()
    steps: tuple[tuple[int, Keys], ...] = ()  # a former version, and the rows that changed after it

    def changed_since(self, version: int) -> Keys | None:
        found: Keys = frozenset()
        for former, keys in reversed(self.steps):
            found |= keys
            if former == version:
                return found
        return ALL


@dataclass
class _State:
    """What one process knows of one state of the committed data; ``private`` is what one transaction sees beyond it."""

    number: int
    entries: dict[tuple[str, "Moment | None"], Entry] = field(default_factory=dict)
    private: Look | None = None


class Moment(NamedTuple):
    """A day, and whether it is today: some things are known of today only."""

    day: date
    is_today: bool


class Reading(Mapping[str, FacetValues]):
    """What an index holds for a day, as of one moment: facets by name, the rest by attribute.

    Each is brought up to date when it is first asked for. A subclass declares what there is.
    """

    kept: ClassVar[dict[str, Kept]] = {}

    def __init_subclass__(cls) -> None:
        cls.kept = {
            name: kept for base in reversed(cls.__mro__) for name, kept in vars(base).items() if isinstance(kept, Kept)
        }

    def __init__(self, bring: Callable[[Kept], Any], moment: "Moment | None") -> None:
        self._bring, self._moment = bring, moment
        self._read: dict[str, Any] = {}
        self._others: dict[str, str | FacetValues] = {}

    @property
    def moment(self) -> "Moment":
        if self._moment is None:
            raise TypeError("What is not dated may not ask for the day.")
        return self._moment

    @property
    def day(self) -> date:
        return self.moment.day

    def read(self, kept: Kept[T]) -> T:
        if kept.name not in self._read:
            self._read[kept.name] = self._bring(kept)
        return self._read[kept.name]

    @property
    def asked(self) -> Iterable[str]:
        """The names of what was read."""
        return self._read.keys()

    def order(self, name: str) -> Sequence[int]:
        """What ``by_name`` keeps; or ``by_name_fr`` where a language shows other names than another."""
        order = self.kept.get(f"by_{name}") or self.kept[f"by_{name}_{active_language()}"]
        if not isinstance(order, Order):
            raise KeyError(name)
        return self.read(order)

    def also(self, **others: str | FacetValues) -> Self:
        """The same with further names: another filter over the values of one facet, or values of its own."""
        copy = type(self)(self._bring, self._moment)
        copy._read, copy._others = self._read, {**self._others, **others}
        return copy

    def __getitem__(self, name: str) -> FacetValues:
        other = self._others.get(name, name)
        if isinstance(other, FacetValues):
            return other
        facet = self.kept.get(other)
        if not isinstance(facet, Facet):
            raise KeyError(name)
        return self.read(facet)

    def __iter__(self) -> Iterator[str]:
        facets = {name: kept for name, kept in self.kept.items() if isinstance(kept, Facet)}
        return iter({**facets, **self._others})

    def __len__(self) -> int:
        return sum(1 for _name in self)


class WrittenHere(Exception):  # noqa: N818
    """This transaction has changed something since the log was looked at, and may yet take it back."""


@dataclass(frozen=True, slots=True)
class Making:
    """The making of one thing for a day, in one state."""

    index: "FacetIndex"
    state: _State
    moment: Moment | None

    def changes_since(self, number: int) -> Changes | None:
        committed = self.index.log.between(number, self.state.number)
        if committed is ALL or self.state.private is None:
            return committed
        own = self.state.private.changes
        return ALL if own is ALL else committed | own

    def entry(self, value: Any, old: Entry | None = None, keys: Keys | None = ALL) -> Entry:
        steps = () if old is None or keys is ALL else (*old.steps, (old.version, keys))[-KEPT_STEPS:]
        return Entry(value, next(self.index.versions), self.state.number, (), steps)

    def about_to_read(self) -> None:
        """Committed data only is for everybody's eyes."""
        if self.state.private is None and changed_in_this_transaction():
            raise WrittenHere

    def level(self, kept: Kept) -> Entry:
        return self.index.level(kept, self.state, self.moment)

    def reading(self) -> Reading:
        """What a thing is made from."""
        return self.index.reading(lambda kept: self.level(kept).value, self.moment)

    def inputs(self, read: Reading, old: Entry | None) -> tuple[tuple[Kept, int], ...]:
        known = {kept.name: kept for kept, _version in old.inputs} if old else {}
        known |= {name: read.kept[name] for name in read.asked}
        return tuple((kept, self.level(kept).version) for kept in known.values())

    def changed_inputs(self, old: Entry) -> Keys | None:
        """The rows for which something that it was made from has changed."""
        found: Keys | None = frozenset()
        for kept, version in old.inputs:
            entry = self.level(kept)
            if entry.version != version:
                keys = entry.changed_since(version)
                found = ALL if keys is ALL or found is ALL else found | keys
        return found


class FacetIndex(Generic[R]):
    """What one kind of list needs, kept level with the database."""

    def __init__(self, reading: type[R], log: ChangeLog = LOG) -> None:
        self.reading, self.log = reading, log
        self.versions = count(1)
        self._state = _State(0)
        self._lock = threading.Lock()

    def at(self, day: date | None = None) -> R:
        """What there is for a day (today when left out)."""
        look, today = self.log.look(), timezone.localdate()
        moment = Moment(day or today, day in (None, today))
        with self._lock:
            if self._state.number < look.number:
                self._state = _State(look.number, dict(self._state.entries))
            state = self._private(look) if look.private else self._state
            _forget_old_days(state, moment)
        return self.reading(lambda kept: self._read(kept, state, moment), moment)

    def forget(self) -> None:
        """All that is known: another database is going to be read."""
        with self._lock:
            self._state = _State(self._state.number)

    def _private(self, look: Look) -> _State:
        return _State(self._state.number, {} if look.changes is ALL else dict(self._state.entries), look)

    def _read(self, kept: Kept[T], state: _State, moment: Moment) -> T:
        try:
            with self._lock:
                return self.level(kept, state, moment).value
        except WrittenHere:
            look = self.log.look_again()
            with self._lock:
                return self.level(kept, self._private(look), moment).value

    def level(self, kept: Kept, state: _State, moment: Moment | None) -> Entry:
        """One thing, level with the state."""
        if kept.dated and moment is None:
            raise TypeError(f"{kept.name} is dated: what is not may not be made from it.")
        moment = moment if kept.dated else None
        place, as_of = (kept.name, moment), state.number + (state.private is not None)
        old = state.entries.get(place)
        if old is not None and old.as_of >= as_of:
            return old
        entry = state.entries[place] = replace(kept.renewed(Making(self, state, moment), old), as_of=as_of)
        return entry


def _forget_old_days(state: _State, wanted: Moment) -> None:
    moments = dict.fromkeys(moment for _name, moment in state.entries if moment and moment != wanted)
    for surplus in list(moments)[: -(KEPT_DAYS - 1)]:
        for place in [place for place in state.entries if place[1] == surplus]:
            del state.entries[place]
