"""The log of changes (``portal_change``), as whoever keeps something of the database reads it.

Triggers write a line for each statement that changed a table, with the transaction it belonged to. What became visible
since a snapshot is what a query of that moment could not see: the order of commits does not matter, and an uncommitted
change is there for its own transaction alone. Numbers of transactions mean something within one *history* of one server, which
``portal_history()`` names: after a crash, a promotion or a restore it is another one, and nothing kept may be believed.
"""

import threading

from django.db import DatabaseError, connection

SEEN_SINCE = """
SELECT pg_current_snapshot()::text, portal_history(), pg_current_xact_id_if_assigned() IS NOT NULL,
       EXISTS (SELECT FROM portal_change
               WHERE xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
                 AND NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot))
"""


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


class StateOfData:
    """Tells one state of the committed data from the next, for what is kept of it in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen = ""
        self._history = ""
        self._number = 0

    def now(self) -> int | None:
        """A number that is another one as soon as anything was committed; nothing where what is read may not be kept,
        as inside of a transaction that has itself changed something.

        What is read after the call is at least as new as the state that the call names.
        """
        with connection.cursor() as cursor:
            seen = self._seen
            if not seen:
                cursor.execute("SELECT pg_current_snapshot()::text")
                seen = cursor.fetchone()[0]
            cursor.execute(SEEN_SINCE, {"seen": seen})
            snapshot, history, writing, changed = cursor.fetchone()
        if history is None:
            return self.now() if begin_history() else None
        if writing:
            return None
        with self._lock:
            if changed or history != self._history:
                self._number += 1
            self._seen, self._history = snapshot, history
            return self._number
