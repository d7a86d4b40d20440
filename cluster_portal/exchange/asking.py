"""Questions to a service elsewhere, over HTTP: one address that the operator named, and nobody else.

No redirect is followed and no proxy of the environment is used, so that what is asked goes where it was said to go. The
limits are for a whole question and a whole answer, and no byte renews them.
"""

import csv
import http.client
import io
import json
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

MOST = 8 * 1024 * 1024  # bytes of an answer
PART = 64 * 1024
BUSY = (http.HTTPStatus.TOO_MANY_REQUESTS, http.HTTPStatus.SERVICE_UNAVAILABLE)


class Why(TextChoices):
    """What became of a question that was not answered."""

    AWAY = "away", _("The service cannot be reached.")
    SLOW = "slow", _("The service took too long to answer.")
    BUSY = "busy", _("The service asks for fewer questions: try again in a minute.")
    ERROR = "error", _("The service answered with an error.")
    LARGE = "large", _("The answer of the service is too long.")
    UNREAD = "unread", _("The answer of the service was not understood.")


class NoAnswer(Exception):
    """Whatever went wrong, with the sentence for whoever waits."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why

    @property
    def sentence(self) -> str:
        return str(self.why.label)


@dataclass(frozen=True)
class Service:
    """``url``: where it is, without the slash at the end. ``seconds``: for one question and its answer."""

    url: str
    seconds: float = 10
    most: int = MOST

    def json(self, path: str, **asked: str) -> Any:
        """The answer to a GET, read as JSON."""
        body = self._answer("GET", f"{path}?{urlencode(asked)}")
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as error:
            raise NoAnswer(Why.UNREAD) from error

    def csv(
        self, path: str, headers: Sequence[str], rows: Sequence[Sequence[str]], fields: Sequence[tuple[str, str]]
    ) -> list[dict[str, str]]:
        """The rows of the table that answers a table, which is sent as a file beside the ``fields`` of a form."""
        table = io.StringIO()
        writer = csv.writer(table)
        writer.writerow(headers)
        writer.writerows(rows)
        body, kind = _form(fields, table.getvalue().encode())
        answer = self._answer("POST", path, body, {"Content-Type": kind})
        try:
            return list(csv.DictReader(io.StringIO(answer.decode("utf-8-sig"), newline=""), strict=True))
        except (UnicodeDecodeError, csv.Error) as error:
            raise NoAnswer(Why.UNREAD) from error

    # --- one question -------------------------------------------------------------------------------------------------
    def _answer(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        ends = time.monotonic() + self.seconds
        parts = urlsplit(self.url)
        said = {"Accept-Encoding": "identity", "User-Agent": "cluster-portal", "Connection": "close", **(headers or {})}
        connection = self._connection()
        try:
            connection.connect()
            with cut_off(connection.sock, ends - time.monotonic()):
                connection.request(method, parts.path + path, body, said)
                with connection.getresponse() as response:
                    if response.status != http.HTTPStatus.OK:  # a redirect is none of the answers that are looked for
                        raise NoAnswer(Why.BUSY if response.status in BUSY else Why.ERROR)
                    body_of_answer = self._whole(response)
            if time.monotonic() >= ends:  # what was cut off there may look like its end
                raise TimeoutError
            return body_of_answer
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = isinstance(error, TimeoutError) or time.monotonic() >= ends
            raise NoAnswer(Why.SLOW if late else Why.AWAY) from error
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.url)
        if parts.scheme == "https":
            return http.client.HTTPSConnection(
                parts.hostname or "", parts.port, timeout=self.seconds, context=ssl.create_default_context()
            )
        if parts.scheme == "http":
            return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=self.seconds)
        raise NoAnswer(Why.AWAY)

    def _whole(self, response: http.client.HTTPResponse) -> bytes:
        body = bytearray()
        while part := response.read(PART):
            body += part
            if len(body) > self.most:
                raise NoAnswer(Why.LARGE)
        if response.length:  # it was cut short, which a reading in parts does not tell
            raise http.client.IncompleteRead(bytes(body), response.length)
        return bytes(body)


@contextmanager
def cut_off(sock: socket.socket, seconds: float) -> Iterator[None]:
    """After so long whoever reads or writes finds the end: a time limit of a socket is for each of its bytes anew."""

    def cut() -> None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(seconds, 0), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _form(fields: Sequence[tuple[str, str]], file: bytes) -> tuple[bytes, str]:
    """The body of a form with a file ``data``, and its content type."""
    mark = f"----{uuid4().hex}"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="data"; filename="data.csv"\r\nContent-Type: text/csv\r\n\r\n'
    return b"".join(
        [*parts, head.encode(), file, f"\r\n--{mark}--\r\n".encode()]
    ), f"multipart/form-data; boundary={mark}"
