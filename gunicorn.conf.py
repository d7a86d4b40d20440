"""How gunicorn serves the site; its settings are the project's own (docs/operator.md)."""

import errno
import socket
import struct
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from gunicorn.arbiter import Arbiter
from gunicorn.http import message

try:
    from cluster_portal import settings
except ImproperlyConfigured as error:
    sys.exit(f"The site does not start: {error}")

wsgi_app = "cluster_portal.wsgi"
bind = f"{settings.LISTEN}:{settings.PORT}"
workers = settings.WEB_CONCURRENCY
worker_class = "gthread"
threads = settings.THREADS
loglevel = "warning"
timeout = 60
graceful_timeout = 10
keepalive = 15
# Long addresses are answered by the site, with a page; endless ones are refused. gunicorn has no setting for more than
# 8 kB but “unlimited”, with which one line of 60 MB keeps a process busy for minutes.
message.MAX_REQUEST_LINE = limit_request_line = 128 * 1024
STALLED = 10  # seconds without a sign of life in the middle of a request or an answer
pidfile = str(settings.VAR_DIR / "gunicorn.pid")
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # a heartbeat must not wait for a disk


def refuse_taken_port() -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.LISTEN, settings.PORT))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                sys.exit(f"The site cannot listen on {bind}: {error.strerror}")
            sys.exit(f"Port {settings.PORT} is taken. `make stop` stops this site; PORT=... chooses another port.")


def when_ready(server: Arbiter) -> None:
    # gunicorn waits for ever: as many half requests as there are threads would hold the whole site. Connections take
    # these limits over from the socket that they come in by. Whoever drips byte by byte is kept away by a proxy.
    for listener in server.LISTENERS:
        for limit in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, limit, struct.pack("ll", STALLED, 0))
    host = "localhost" if settings.LISTEN in ("127.0.0.1", "0.0.0.0") else settings.LISTEN  # noqa: S104
    print(f"\nCluster Portal is at http://{host}:{settings.PORT}/ (Ctrl-C stops it)\n", flush=True)


settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
refuse_taken_port()
