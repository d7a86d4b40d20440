"""How gunicorn serves the site; its settings are the project's own (docs/operator.md)."""

import errno
import os
import socket
import sys
import time
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from gunicorn.arbiter import Arbiter

from cluster_portal.serving import master

try:
    from cluster_portal import settings
except ImproperlyConfigured as error:
    sys.exit(f"The site does not start: {error}")

wsgi_app = "cluster_portal.wsgi"
bind = f"{settings.LISTEN}:{settings.PORT}"
workers = settings.WEB_CONCURRENCY
worker_class = "cluster_portal.serving.front.FrontWorker"
threads = settings.THREADS
loglevel = "warning"
timeout = 60
graceful_timeout = 10
pidfile = str(master.pid_file(settings.VAR_DIR))
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # a heartbeat must not wait for a disk


LETTING_GO = 5  # seconds for the workers of a killed master to notice and end


def refuse_taken_port(patience: float) -> None:
    deadline = time.monotonic() + patience
    while not port_is_free():
        if time.monotonic() > deadline:
            sys.exit(f"Port {settings.PORT} is taken. `make stop` stops this site; PORT=... chooses another port.")
        time.sleep(0.1)


def port_is_free() -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.LISTEN, settings.PORT))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                sys.exit(f"The site cannot listen on {bind}: {error.strerror}")
            return False
    return True


def when_ready(server: Arbiter) -> None:
    host = "localhost" if settings.LISTEN in ("127.0.0.1", "0.0.0.0") else settings.LISTEN  # noqa: S104
    print(f"\nCluster Portal is at http://{host}:{settings.PORT}/ (Ctrl-C stops it)\n", flush=True)


def is_being_read_again() -> bool:
    """On SIGHUP gunicorn reads this anew, with the port in its own hands."""
    running = master.running(settings.VAR_DIR)
    return running is not None and running.pid == os.getpid()


settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
if not is_being_read_again():
    refuse_taken_port(LETTING_GO if master.forget_a_dead_one(settings.VAR_DIR) else 0)
