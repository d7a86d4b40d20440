"""Is a worker there? Each holds an advisory lock of the database for as long as it lives.

The lock belongs to a connection of its own, so the database itself lets go of it when the process is gone, however it went:
nobody has to guess from the age of a heartbeat, and a task that takes long is not taken for one that died.
"""

import logging
import os
import threading
import time
from collections.abc import Callable

import psycopg
from django.db import connection

logger = logging.getLogger(__name__)

WORKERS = 0x0C10C  # of the two numbers of an advisory lock the first: this is a worker's
BEAT = 2.0  # seconds between two looks whether the lock is still held
# A machine that is gone says so to nobody: the server asks, and lets go of the lock within half a minute.
KEEPALIVES = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"

# The locks of workers that live, as rows of one column: hashtext() of a worker's id, as the number of a lock is written.
LIVING = """
SELECT objid::bigint FROM pg_locks
WHERE locktype = 'advisory' AND classid = %s AND objsubid = 2 AND granted
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def worker_alive() -> bool:
    """Whether anybody does what is put into the queue; one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({LIVING})", [WORKERS])
        return cursor.fetchone()[0]


class SignOfLife(threading.Thread):
    """Holds the lock of a worker, looks after it, and does ``every`` few seconds what there is to do beside the tasks.

    A process that has lost its lock counts as dead: it must be, before somebody takes up what it is at.
    """

    def __init__(self, worker_id: str, do: Callable[[], object], every: float) -> None:
        super().__init__(name="sign of life", daemon=True)
        self.worker_id, self.do, self.every = worker_id, do, every
        self.held: psycopg.Connection | None = None

    def take(self) -> bool:
        """Whether nobody else has the lock of that name."""
        alone = connection.copy()
        alone.settings_dict["OPTIONS"].pop("pool", None)  # what is lent from a pool is taken back
        with alone.wrap_database_errors:
            self.held = alone.get_new_connection(alone.get_connection_params())
            self.held.autocommit = True
            self.held.execute(KEEPALIVES)
            lock = "SELECT pg_try_advisory_lock(%s, hashtext(%s))"
            row = self.held.execute(lock, [WORKERS, self.worker_id]).fetchone()
        return bool(row and row[0])

    def let_go(self) -> None:
        held, self.held = self.held, None
        if held is not None:
            held.close()

    def run(self) -> None:
        due = time.monotonic()
        while (held := self.held) is not None:
            try:
                held.execute("SELECT 1")
            except psycopg.Error as error:
                if self.held is None:
                    return
                self.lost(error)
            if time.monotonic() >= due:
                due = time.monotonic() + self.every
                try:
                    self.do()
                except Exception:
                    logger.exception("What the worker does beside its tasks failed")
                finally:
                    connection.close()
            time.sleep(BEAT)

    def lost(self, error: Exception) -> None:
        logger.error("The worker %s lost its connection to the database and ends: %s", self.worker_id, error)
        os._exit(1)
