"""The log of changes (``portal_change``), as whoever keeps something of the database reads it.

Triggers write a line for each statement that changed a table, with the transaction it belonged to. What became visible
since a snapshot is what a query of that moment could not see: the order of commits does not matter, and an uncommitted
change is there for its own transaction alone.
"""

import threading

from django.db import connection

SEEN_SINCE = """
SELECT pg_current_snapshot()::text, pg_current_xact_id_if_assigned() IS NOT NULL,
       EXISTS (SELECT FROM portal_change
               WHERE xid >= pg_snapshot_xmin(%(seen)s::pg_snapshot)
                 AND NOT pg_visible_in_snapshot(xid, %(seen)s::pg_snapshot))
"""


class StateOfData:
    """Tells one state of the committed data from the next, for what is kept of it in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen = ""
        self._number = 0

    def now(self) -> int | None:
        """A number that is another one as soon as anything was committed; nothing inside of a transaction that has
        itself changed something, for what it sees may yet be taken back.

        What is read after the call is at least as new as the state that the call names.
        """
        seen = self._seen
        with connection.cursor() as cursor:
            if not seen:
                cursor.execute("SELECT pg_current_snapshot()::text")
                seen = cursor.fetchone()[0]
            cursor.execute(SEEN_SINCE, {"seen": seen})
            snapshot, writing, changed = cursor.fetchone()
        if writing:
            return None
        with self._lock:
            if changed:
                self._number += 1
            self._seen = snapshot
            return self._number
