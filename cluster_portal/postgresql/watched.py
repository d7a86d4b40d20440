"""Connections that ask whether the server is still there when an answer does not come.

A stopped server honours no `statement_timeout`, and the network sees nothing wrong: what was sent has arrived. A query that
takes long is not one that hangs: after a second of silence the server is asked by another way, and only when it does not
answer there either is the query given up. For visitors there is an end in any case: one process of a server may hang alone,
or a pooler answer for a server that does not.
"""

import time
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

SILENCE = 1  # seconds before the server is asked
ANSWER = 2  # seconds for it to answer
LONGEST = 17  # seconds for a query of a page; the server itself gives up before (`wsgi.py`)

T = TypeVar("T")
visitors_wait = False  # `wsgi.py` sets it: a command may take what it needs
for_the_site = False  # the worker sets it: what it does is the site's, and may take what it needs


class ServerIsSilent(psycopg.OperationalError):
    """The server is there and does not answer."""


class WatchedConnection(psycopg.Connection):
    def wait(self, gen: PQGen[T], *arguments: Any, **options: Any) -> T:
        return super().wait(self._watched(gen), *arguments, **options)

    def _watched(self, steps: PQGen[T]) -> PQGen[T]:
        """The steps of a query as they are; what they wait for is timed."""
        begun = time.monotonic()
        ask_at = begun + SILENCE
        try:
            awaited = next(steps)
            while True:
                ready = yield awaited
                if not ready and time.monotonic() > ask_at:
                    self._ask(begun)
                    ask_at = time.monotonic() + 3 * SILENCE
                awaited = steps.send(ready)
        except StopIteration as last:
            return last.value

    def _ask(self, begun: float) -> None:
        info = self.info
        where = make_conninfo(host=info.host, hostaddr=info.hostaddr, port=info.port, connect_timeout=ANSWER)
        lives = Ping(PGconn.ping(where.encode())) in (Ping.OK, Ping.REJECT)
        if not lives or (visitors_wait and time.monotonic() - begun > LONGEST):
            self.close()
            raise ServerIsSilent(f"The server has not answered for {time.monotonic() - begun:.0f} s.")
