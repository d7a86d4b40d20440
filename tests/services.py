"""Services elsewhere, as a server of this machine's own that answers what a test says."""

import csv
import io
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """What came: the path, the values behind it, the whole body."""

    path: str
    values: dict[str, list[str]]
    body: bytes

    @property
    def table(self) -> list[dict[str, str]]:
        """The file of a form that was sent, taken out by hand."""
        text = self.body.decode()
        (file,) = re.findall(r'filename="data\.csv"\r\nContent-Type: text/csv\r\n\r\n(.*?)\r\n--', text, flags=re.S)
        return list(csv.DictReader(io.StringIO(file, newline="")))


@dataclass
class Elsewhere:
    """``answer``: what to say to one question: bytes, something for JSON, a status, or a function of the question."""

    url: str = ""
    answer: object = b""
    seen: list[Asked] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0  # seconds between two bytes


@contextmanager
def service() -> Iterator[Elsewhere]:
    elsewhere = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def _say(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = urlsplit(self.path)
            asked = Asked(parts.path, parse_qs(parts.query), body)
            elsewhere.seen.append(asked)
            said = elsewhere.answer
            if isinstance(said, Callable):
                said = said(asked)
            status, said = (said, b"no") if isinstance(said, int) else (200, said)
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            for name, value in elsewhere.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if not elsewhere.pause:
                self.wfile.write(content)
                return
            for number in range(len(content)):
                self.wfile.write(content[number : number + 1])
                time.sleep(elsewhere.pause)

        do_GET = do_POST = _say

        def log_message(self, *args) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request, client_address) -> None:
            """Whoever asked may have gone."""

    server = Server(("127.0.0.1", 0), Handler)
    elsewhere.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield elsewhere
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def table(rows: list[dict[str, object]]) -> bytes:
    """Rows as a service answers them in CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
