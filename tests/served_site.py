"""The site as production serves it, in processes of its own, on a port of this machine."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest

from cluster_portal.embedded_postgresql import server
from tests.places import place

PROJECT = Path(__file__).resolve().parent.parent


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str
    seconds: float
    url: str


@dataclass
class Site:
    """The site in processes of its own, and its database."""

    port: int
    data: Path
    master: subprocess.Popen
    variables: dict[str, str]

    def get(self, path: str, **headers: str) -> Answer:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        start = time.monotonic()
        try:
            response = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            body = response.read().decode()
            return Answer(response.status, dict(response.headers), body, time.monotonic() - start, response.url)

    def wait(self, path: str, status: int, seconds: float, **headers: str) -> Answer:
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(OSError):
                answer = self.get(path, **headers)
                if answer.status == status:
                    return answer
            assert time.monotonic() < deadline, f"{path} did not become {status} in {seconds} s"
            time.sleep(0.2)

    def processes(self) -> list[psutil.Process]:
        running = server.postmaster(self.data)
        assert running is not None
        return [running, *running.children(recursive=True)]


@pytest.fixture(scope="session")
def static_files(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("var")
    gather = [sys.executable, "manage.py", "collectstatic", "-v0", "--noinput"]
    subprocess.run(gather, cwd=PROJECT, env=environment(folder), check=True)
    return folder / "static"


def environment(var: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(var),
        "DEBUG": "off",
        "HTTPS": "off",
        "SECRET_KEY": "only-for-the-tests-only-for-the-tests-only-for-the-tests",
        "ALLOWED_HOSTS": "127.0.0.1",
        "WEB_CONCURRENCY": "1",
    }


@contextlib.contextmanager
def serving(static_files: Path, embedded: bool) -> Iterator[Site]:
    with place() as data:
        data.parent.mkdir()
        (data.parent / "static").symlink_to(static_files)
        variables = environment(data.parent)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        if not embedded:
            sockets = server.ensure_running(data)
            server.ensure_database(data, "portal")
            variables["DATABASE_URL"] = f"postgresql://postgres@/portal?host={quote(str(sockets))}"
        # as much of the database as the addresses below ask for
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "sessions", "-v0"], cwd=PROJECT, env=variables, check=True
        )
        command = [sys.executable, "-m", "gunicorn", "--log-level", "error"]
        variables["PORT"] = str(port)
        site = subprocess.Popen(command, cwd=PROJECT, env=variables)
        try:
            yield Site(port, data, site, variables)
        finally:
            site.terminate()
            site.wait(timeout=30)
