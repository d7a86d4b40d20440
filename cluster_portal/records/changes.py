"""The log of changes (``portal_change``), as whoever keeps something of the database reads it.

Triggers write a line for each statement that changed a table: which rows, and in which transaction. What became visible
since a snapshot is what a query of that moment could not see: the order of commits does not matter, and an uncommitted
change is there for its own transaction alone. Numbers of transactions mean something within one *history* of one server,
which ``portal_history()`` names: after a crash, a promotion or a restore it is another one, and everything counts as
changed (docs/decisions/0011).
"""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DatabaseError, connection
from django.utils import timezone

LOG_TRUSTED = timedelta(hours=12)  # the log keeps a day; what slept longer than this believes nothing
KEPT_LOOKS = 4_000  # those that found a change

LOOK = """
SELECT snapshot, history, writing, current_setting('transaction_isolation'), source, owner, keys
FROM portal_look(%s::pg_snapshot)
"""
OWN_CHANGES = "SELECT EXISTS (SELECT FROM portal_change WHERE xid = pg_current_xact_id_if_assigned())"

Keys = frozenset[int]
ALL = None  # in place of keys: any row may have changed


@dataclass(frozen=True, slots=True)
class Changes:
    """Which rows changed: for a table and the column that says whose they are, the values of that column."""

    keys: dict[tuple[str, str], Keys | None] = field(default_factory=dict)

    def of(self, source: str, owner: str) -> Keys | None:
        if (source, owner) in self.keys:
            return self.keys[source, owner]
        # a column that the log does not know of this table cannot tell
        return ALL if self.touch(source) else frozenset()

    def touch(self, source: str) -> bool:
        return any(table == source for table, _owner in self.keys)

    def __bool__(self) -> bool:
        return bool(self.keys)

    def __or__(self, later: "Changes") -> "Changes":
        both = dict(self.keys)
        for place, keys in later.keys.items():
            before = both.get(place, frozenset())
            both[place] = ALL if keys is ALL or before is ALL else before | keys
        return Changes(both)


@dataclass(frozen=True, slots=True)
class Look:
    """What the log said at one moment.

    ``number`` names the state of the committed data: another number as soon as anything was committed. What is read
    afterwards is at least as new. ``private`` is set when nothing read now may be kept for others, because this very
    transaction has changed something (and may yet take it back), or sees another moment than now: then ``changes`` are
    those that it sees beyond that state, ``ALL`` if that cannot be told.
    """

    number: int
    private: bool = False
    changes: Changes | None = field(default_factory=Changes)


class ChangeLog:
    """Follows the log for one process, and remembers what changed between the states that it saw."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: str | None = None
        self._history = ""
        self._read_at: datetime | None = None
        self._number = 0
        self._changes: deque[tuple[int, Changes]] = deque()
        self._since = 0  # from that state on, the changes are known

    def look(self) -> Look:
        """Where the data stand: asked of the database, once for all of a page (``asked_once``)."""
        answered = _answered.get()
        if answered is not None and self in answered:
            return answered[self]
        look = self.look_again()
        if answered is not None and not look.private:
            answered[self] = look
        return look

    def look_again(self) -> Look:
        connection.ensure_connection()  # while the server is away each waits by herself, not for the others too
        with self._lock:
            return self._look()

    def between(self, earlier: int, later: int) -> Changes | None:
        """What was committed from one state to another; ``ALL`` if that is not known any more."""
        with self._lock:
            if earlier < self._since:
                return ALL
            found = Changes()
            for number, changes in reversed(self._changes):
                if number <= earlier:
                    break
                if number <= later:
                    found = changes | found
            return found

    def _look(self) -> Look:
        snapshot, history, writing, isolation, changes = self._ask()
        if history is None and begin_history():
            snapshot, history, writing, isolation, changes = self._ask()
        if history is None or isolation != "read committed":
            return Look(self._number, private=True, changes=ALL)
        if not self._knows(history, snapshot):
            self._start_anew(history, snapshot, writing)
            return self._look() if writing else Look(self._number)
        if writing:  # its own snapshot would tell that what it changes later had been seen
            return Look(self._number, private=True, changes=changes) if changes else Look(self._number)
        if changes:
            self._number += 1
            self._changes.append((self._number, changes))
            if len(self._changes) > KEPT_LOOKS:
                self._since = self._changes.popleft()[0]
        self._seen, self._read_at = snapshot, timezone.now()
        return Look(self._number)

    def _knows(self, history: str, snapshot: str) -> bool:
        """Whether the log tells what changed since the last look."""
        if self._read_at is None or timezone.now() - self._read_at > LOG_TRUSTED:
            return False
        return self._history == history and not _went_back(snapshot, self._seen)

    def _start_anew(self, history: str, snapshot: str, writing: bool) -> None:
        self._number += 1
        self._since = self._number
        self._changes.clear()
        oldest = snapshot.partition(":")[0]
        self._seen = f"{oldest}:{oldest}:" if writing else snapshot
        self._history, self._read_at = history, timezone.now()

    def _ask(self) -> tuple[str, str | None, bool, str, Changes]:
        with connection.cursor() as cursor:
            cursor.execute(LOOK, [self._seen])
            rows = cursor.fetchall()
        keys = {(row[4], row[5]): ALL if row[6] is None else frozenset(row[6]) for row in rows if row[4]}
        return (*rows[0][:4], Changes(keys))


def begin_history() -> bool:
    """Begins a history when the server has none since it crashed or was promoted; whether that was possible here."""
    if connection.in_atomic_block:  # others would wait for its end, and it may not even write
        return False
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO portal_era DEFAULT VALUES ON CONFLICT DO NOTHING")
    except DatabaseError:  # a role that may only read: whoever writes will begin it
        return False
    return True


def changed_in_this_transaction() -> bool:
    if not connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        cursor.execute(OWN_CHANGES)
        return cursor.fetchone()[0]


def _went_back(snapshot: str, seen: str | None) -> bool:
    """Whether transactions are counted from further back, in a snapshot ``xmin:xmax:list``; both only ever grow."""
    if seen is None:
        return False
    return any(int(now) < int(then) for now, then in zip(snapshot.split(":")[:2], seen.split(":")[:2], strict=True))


_answered: ContextVar[dict[ChangeLog, Look] | None] = ContextVar("answered", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Within, the log is asked once: for one page, which changes nothing."""
    token = _answered.set({})
    try:
        yield
    finally:
        _answered.reset(token)


LOG = ChangeLog()
