"""What an index holds, as declared and as read for a day, kept in step with the database."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Generic, Self, TypeVar, overload

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from cluster_portal.facets.rows import Rows
from cluster_portal.facets.values import FacetValues
from cluster_portal.records.changes import begin_history

KEPT_DATES = 6  # days for which dated facets stay in memory, today among them
LOG_TRUSTED = timedelta(hours=12)  # the log keeps a day; read everything anew well before that

FRESHNESS = """
SELECT pg_current_snapshot()::text, portal_history(), pg_current_xact_id_if_assigned() IS NOT NULL,
       ARRAY(SELECT DISTINCT source FROM portal_change
             WHERE xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
               AND NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot))
"""


OWN_CHANGES = """
SELECT ARRAY(SELECT DISTINCT source FROM portal_change WHERE xid = pg_current_xact_id_if_assigned())
"""


def _changed_in_this_transaction() -> frozenset[str]:
    """The tables that a transaction which may yet be rolled back has changed."""
    if not connection.in_atomic_block:
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(OWN_CHANGES)
        return frozenset(cursor.fetchone()[0])


def rows_by(rows: QuerySet, value: str, owner: str) -> dict[str, Rows]:
    """The owners of each value found in the rows."""
    grouped = rows.order_by().values_list(value).annotate(ids=ArrayAgg(owner))
    return {found: Rows(ids) for found, ids in grouped if found}


T = TypeVar("T")
R = TypeVar("R", bound="Reading")


class Kept(Generic[T]):
    """Something that an index holds: how it is read for a day, and from which tables.

    An attribute of a ``Reading``: there it is what was read.
    """

    name: str

    def __init__(self, load: Callable[[date], T], tables: Iterable[str], *, dated: bool = False) -> None:
        self.load = load
        self.tables = frozenset(tables)
        self.dated = dated  # whether the day asked for changes it

    def __set_name__(self, owner: type["Reading"], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, reading: None, owner: type["Reading"]) -> Self: ...
    @overload
    def __get__(self, reading: "Reading", owner: type["Reading"]) -> T: ...
    def __get__(self, reading: "Reading | None", owner: type["Reading"]) -> Self | T:
        return self if reading is None else reading.read(self)


class Facet(Kept[FacetValues]):
    """Values, each with its rows: what a list is narrowed by."""


class Order(Kept[Sequence[int]]):
    """Every row that a list may show, in one order: a page of a list is a walk along it."""


class Fact(Kept[T]):
    """Whatever else depends on the same tables and is wanted on every page."""


@dataclass
class _State:
    """What one process knows: the snapshot up to which the log was read, and what was read as of then."""

    seen: str
    history: str  # within which the numbers of transactions in `seen` mean something
    read_at: datetime
    day: date  # what is read for today may differ from what that day is read for tomorrow
    loaded: dict[tuple[str, date | None], Any] = field(default_factory=dict)


class Reading(Mapping[str, FacetValues]):
    """What an index holds for a day, as of one moment: facets by name, the rest by attribute.

    Each is read when it is first asked for. A subclass declares what there is.
    """

    kept: ClassVar[dict[str, Kept]] = {}

    def __init_subclass__(cls) -> None:
        cls.kept = {name: kept for name, kept in vars(cls).items() if isinstance(kept, Kept)}

    def __init__(self, index: "FacetIndex", state: _State, day: date, own_changes: frozenset[str]) -> None:
        self._index, self._state, self.day, self._own_changes = index, state, day, own_changes
        self._read: dict[str, Any] = {}
        self._others: dict[str, str | FacetValues] = {}

    def read(self, kept: Kept[T]) -> T:
        if kept.name not in self._read:
            self._read[kept.name] = self._index.load(kept, self._state, self.day, self._own_changes)
        return self._read[kept.name]

    def order(self, name: str) -> Sequence[int]:
        order = self.kept[f"by_{name}"]
        if not isinstance(order, Order):
            raise KeyError(name)
        return self.read(order)

    def also(self, **others: str | FacetValues) -> Self:
        """The same with further names: another filter over the values of one facet, or values of its own."""
        copy = type(self)(self._index, self._state, self.day, self._own_changes)
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


_answered: ContextVar[dict["FacetIndex", tuple[_State, frozenset[str]]] | None] = ContextVar("answered", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Within, each index asks the database once whether it is up to date: for one page, which changes nothing."""
    token = _answered.set({})
    try:
        yield
    finally:
        _answered.reset(token)


class FacetIndex(Generic[R]):
    """The facets of one kind of list, kept in step with the database."""

    def __init__(self, reading: type[R]) -> None:
        self.reading = reading
        self._state: _State | None = None
        self._lock = threading.Lock()

    def at(self, day: date | None = None) -> R:
        """What there is for a day (today when left out)."""
        today = timezone.localdate()
        answered = _answered.get()
        if answered is not None and self in answered:
            state, own_changes = answered[self]
        else:
            with self._lock:
                state, own_changes = self._fresh_state()
                self._forget_old_days(state, day or today, today)
            if answered is not None:
                answered[self] = state, own_changes
        return self.reading(self, state, day or today, own_changes)

    def load(self, kept: Kept[T], state: _State, day: date, own_changes: frozenset[str]) -> T:
        if kept.tables & own_changes:
            # Uncommitted changes of this very transaction: for its own eyes only.
            return kept.load(day)
        key = (kept.name, day if kept.dated else None)
        with self._lock:
            if key not in state.loaded:
                if kept.tables & _changed_in_this_transaction():
                    return kept.load(day)  # written between the first look and this one: not for others
                state.loaded[key] = kept.load(day)
            return state.loaded[key]

    def _fresh_state(self) -> tuple[_State, frozenset[str]]:
        """The state without what changed since, and the tables that this transaction changed."""
        state, now, today = self._state, timezone.now(), timezone.localdate()
        with connection.cursor() as cursor:
            if state is None or state.day != today or now - state.read_at > LOG_TRUSTED:
                cursor.execute("SELECT pg_current_snapshot()::text, portal_history()")
                snapshot, history = cursor.fetchone()
                state = self._state = _State(snapshot, history or "", now, today)
            cursor.execute(FRESHNESS, {"seen": state.seen})
            snapshot, history, writing, changed = cursor.fetchone()
        if history is None:
            if begin_history():
                return self._fresh_state()
            self._state = None  # nothing is kept until somebody may begin a history
            return _State(snapshot, "", now, today), frozenset()
        if history != state.history:
            # The server crashed, or other data were put in its place: numbers of transactions are used again.
            self._state = None
            return self._fresh_state()
        if writing:
            # Nothing read now may be kept: this transaction may yet be rolled back.
            return state, frozenset(changed)
        if changed:
            stale = {name for name, kept in self.reading.kept.items() if kept.tables & set(changed)}
            kept = {key: value for key, value in state.loaded.items() if key[0] not in stale}
            state = self._state = _State(snapshot, history, now, today, kept)
        else:
            state.seen, state.read_at = snapshot, now
        return state, frozenset()

    @staticmethod
    def _forget_old_days(state: _State, *wanted: date) -> None:
        days = [key[1] for key in state.loaded if key[1] is not None]
        surplus = [day for day in dict.fromkeys(days) if day not in wanted][: -KEPT_DATES or None]
        for key in [key for key in state.loaded if key[1] in surplus]:
            del state.loaded[key]
