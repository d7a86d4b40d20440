"""Exact facet counts, from one bitmap per facet value held in the process.

A bitmap is a Python integer: bit *n* says that the object with primary key *n* has the value. A count
is ``(value & everything else that is chosen).bit_count()``, a fraction of a millisecond for all of a
page's options (docs/decisions/0004). Bitmaps are an index, not a cache of answers: before each use the
log of changed tables (``portal_change``, written by triggers) tells which of them to read anew, under
the same visibility rules as any query, so that a count is never older than the list beside it.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import override

KEPT_DATES = 6  # days for which dated facets stay in memory, today among them
LOG_TRUSTED = timedelta(hours=12)  # the log keeps a day; read everything anew well before that

FRESHNESS = """
SELECT pg_current_snapshot()::text, pg_current_xact_id_if_assigned() IS NOT NULL,
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


def bitmap(ids: Iterable[int]) -> int:
    """The bitmap of some primary keys."""
    ids = list(ids)
    if not ids:
        return 0
    bits = bytearray((max(ids) >> 3) + 1)
    for pk in ids:
        bits[pk >> 3] |= 1 << (pk & 7)
    return int.from_bytes(bits, "little")


def ids_of(bits: int) -> list[int]:
    """The primary keys in a bitmap, ascending."""
    found = []
    for position, byte in enumerate(bits.to_bytes((bits.bit_length() + 7) // 8, "little")):
        base = position << 3
        while byte:
            low = byte & -byte
            found.append(base + low.bit_length() - 1)
            byte ^= low
    return found


def by_overlap(sets: Iterable[int], within: int) -> Iterator[tuple[int, int]]:
    """How many of the bitmaps a row of ``within`` is in, with the rows so shared: the most first, down to one."""
    exactly = [within]  # at k, the rows that are in k of the bitmaps read so far
    for rows in sets:
        taken = [held & rows for held in exactly]
        left = [held & ~rows for held in exactly]
        exactly = [left[0], *(a | b for a, b in zip(left[1:] + [0], taken, strict=True))]
    yield from ((shared, exactly[shared]) for shared in range(len(exactly) - 1, 0, -1))


def next_after(pk: int, bits: int, most: int) -> list[int]:
    """The first primary keys above ``pk`` in the bitmap, going on from the lowest when there are no more."""
    found: list[int] = []
    for rows, base in ((bits >> (pk + 1), pk + 1), (bits & ((1 << (pk + 1)) - 1), 0)):
        while rows and len(found) < most:
            low = rows & -rows
            found.append(base + low.bit_length() - 1)
            rows ^= low
    return found


def in_order(ids: Iterable[int], bits: int) -> Iterator[int]:
    """Those of ``ids`` that are in the bitmap, in the order given, as far as one asks for them."""
    packed = bits.to_bytes((bits.bit_length() + 7) // 8, "little")
    size = len(packed)
    return (pk for pk in ids if (pk >> 3) < size and packed[pk >> 3] >> (pk & 7) & 1)


def bits_by(rows: QuerySet, value: str, owner: str) -> dict[str, int]:
    """One bitmap of owners for each value found in the rows."""
    grouped = rows.order_by().values_list(value).annotate(ids=ArrayAgg(owner))
    return {found: bitmap(ids) for found, ids in grouped if found}


def both(label) -> dict[str, str]:
    """A lazy text in each language of the interface."""
    labels = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            labels[language] = str(label)
    return labels


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet: its slug in the URL, its labels by language, the value above it."""

    slug: str
    labels: dict[str, str]
    parent: str = ""
    parameter: str = ""  # the URL parameter, when it is not the facet's own (department under region)

    def label(self, language: str) -> str:
        return self.labels.get(language) or next((text for text in self.labels.values() if text), self.slug)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A facet read from the database: its values in order of display, and their bitmaps.

    ``orders`` gives another order for a language in which the labels sort differently; ``given`` the bitmaps
    of what rows were given themselves, where ``bits`` also counts what is below it.
    """

    values: dict[str, Value]
    bits: dict[str, int]
    orders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    given: dict[str, int] = field(default_factory=dict)

    def in_order(self, language: str) -> Iterable[Value]:
        return (self.values[slug] for slug in self.orders.get(language, self.values))

    def given_to(self, pk: int, language: str) -> list[str]:
        """The values that one object was given, in order."""
        return [value.slug for value in self.in_order(language) if self.given.get(value.slug, 0) >> pk & 1]

    def union(self, slugs: Iterable[str]) -> int:
        """The objects that have one of these values; an unknown value has no object."""
        found = 0
        for slug in slugs:
            found |= self.bits.get(slug, 0)
        return found


@dataclass(frozen=True)
class Facet:
    """How a facet is read: ``load(at)`` returns its ``Loaded``, or whatever else depends on the same
    tables and is wanted on every page (an order of rows, the facts of clusters)."""

    name: str
    tables: frozenset[str]
    load: Callable[[date], Any]
    dated: bool = False  # whether the day asked for changes it


@dataclass
class _State:
    """What one process knows: the snapshot up to which the log was read, and the facets as of then."""

    seen: str
    read_at: datetime
    day: date  # what is read for today may differ from what that day is read for tomorrow
    loaded: dict[tuple[str, date | None], Any] = field(default_factory=dict)


class FacetIndex:
    """The facets of one kind of list, kept in step with the database."""

    def __init__(self, *facets: Facet) -> None:
        self.facets = {facet.name: facet for facet in facets}
        self._state: _State | None = None
        self._lock = threading.Lock()
        self._last = threading.local()

    def at(self, day: date | None = None) -> "Facets":
        """The facets for a day (today when left out), by name; each is read when first asked for."""
        today = timezone.localdate()
        with self._lock:
            state, own_changes = self._fresh_state()
            self._forget_old_days(state, day or today, today)
        self._last.facets = Facets(self, state, day or today, own_changes)
        return self._last.facets

    def last(self) -> "Facets":
        """What this thread was last given: for the frame of a page, whose body has just asked."""
        return getattr(self._last, "facets", None) or self.at()

    def load(self, name: str, state: "_State", day: date, own_changes: frozenset[str]) -> Any:
        facet = self.facets[name]
        if facet.tables & own_changes:
            # Uncommitted changes of this very transaction: for its own eyes only.
            return facet.load(day)
        key = (name, day if facet.dated else None)
        with self._lock:
            if key not in state.loaded:
                if facet.tables & _changed_in_this_transaction():
                    return facet.load(day)  # written between the first look and this one: not for others
                state.loaded[key] = facet.load(day)
            return state.loaded[key]

    def _fresh_state(self) -> tuple[_State, frozenset[str]]:
        """The state without what changed since, and the tables that this transaction changed."""
        state, now, today = self._state, timezone.now(), timezone.localdate()
        with connection.cursor() as cursor:
            if state is None or state.day != today or now - state.read_at > LOG_TRUSTED:
                cursor.execute("SELECT pg_current_snapshot()::text")
                state = self._state = _State(cursor.fetchone()[0], now, today)
            cursor.execute(FRESHNESS, {"seen": state.seen})
            snapshot, writing, changed = cursor.fetchone()
        if _oldest(snapshot) < _oldest(state.seen):
            # Transactions are counted from further back: this is another database, restored in its place.
            self._state = None
            return self._fresh_state()
        if writing:
            # Nothing read now may be kept: this transaction may yet be rolled back.
            return state, frozenset(changed)
        if changed:
            stale = {name for name, facet in self.facets.items() if facet.tables & set(changed)}
            kept = {key: value for key, value in state.loaded.items() if key[0] not in stale}
            state = self._state = _State(snapshot, now, today, kept)
        else:
            state.seen, state.read_at = snapshot, now
        return state, frozenset()

    @staticmethod
    def _forget_old_days(state: _State, *wanted: date) -> None:
        days = [key[1] for key in state.loaded if key[1] is not None]
        surplus = [day for day in dict.fromkeys(days) if day not in wanted][: -KEPT_DATES or None]
        for key in [key for key in state.loaded if key[1] in surplus]:
            del state.loaded[key]


class Facets(Mapping):
    """The facets of an index as of one request, by name."""

    def __init__(self, index: FacetIndex, state: _State, day: date, own_changes: frozenset[str]) -> None:
        self._index, self._state, self._day, self._own_changes = index, state, day, own_changes
        self._read: dict[str, Any] = {}
        self._aliases: dict[str, str] = {}

    def aliased(self, **names: str) -> "Facets":
        """The same under further names: a second filter over the values of one facet."""
        copy = Facets(self._index, self._state, self._day, self._own_changes)
        copy._read, copy._aliases = self._read, {**self._aliases, **names}
        return copy

    def __getitem__(self, name: str) -> Any:
        name = self._aliases.get(name, name)
        if name not in self._read:
            if name not in self._index.facets:
                raise KeyError(name)
            self._read[name] = self._index.load(name, self._state, self._day, self._own_changes)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._index.facets, **self._aliases})

    def __len__(self) -> int:
        return len({**self._index.facets, **self._aliases})


def _oldest(snapshot: str) -> int:
    """The oldest transaction still under way in a snapshot ``xmin:xmax:list``; it only ever grows."""
    return int(snapshot.partition(":")[0])
