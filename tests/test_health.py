"""`/healthz`, and what becomes of the site while the database is away: on the real thing, served by gunicorn."""

import contextlib
import json
import os
import signal
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
from django.conf import settings
from django.test import Client

from cluster_portal.embedded_postgresql import server
from tests.places import place

PROJECT = Path(__file__).resolve().parent.parent


@pytest.mark.django_db(transaction=True)
def test_health_is_a_short_answer_that_nobody_stores():
    response = Client().get("/healthz", headers={"host": "10.0.0.7"})
    assert response.status_code == 200, "also by an address that is no name of the site"
    assert response.json() == {"status": "ok", "database": "ok"}
    assert response["Cache-Control"] == "no-store"


def test_health_answers_probes_by_http_and_during_maintenance(settings, monkeypatch):
    monkeypatch.setattr("cluster_portal.serving.health._database_answers", lambda: True)
    settings.MAINTENANCE = settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/healthz").status_code == 200
    assert Client().head("/healthz").status_code == 200
    assert Client().post("/healthz").status_code == 405


def test_health_does_not_wait_for_a_database_that_hangs(monkeypatch):
    monkeypatch.setattr("cluster_portal.serving.health.PATIENCE", 0.05)
    monkeypatch.setattr("cluster_portal.serving.health._database_answers", lambda: time.sleep(0.3) or True)
    response = Client().get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": "no answer"}


@pytest.mark.parametrize(
    ("door", "patience"), [("import cluster_portal.wsgi", "15s"), ("import django; django.setup()", "0")]
)
def test_a_page_gives_up_on_a_query_that_never_ends_and_a_command_does_not(door, patience):
    ask = "from django.db import connection as c; k = c.cursor(); k.execute('SHOW statement_timeout'); print(*k.fetchone())"
    environment = {
        "PATH": os.environ["PATH"], "VAR_DIR": str(settings.VAR_DIR), "DEBUG": "on",
        "DJANGO_SETTINGS_MODULE": "cluster_portal.settings", "DATABASE_URL": os.environ.get("DATABASE_URL", ""),
    }  # fmt: skip
    shown = subprocess.run(
        [sys.executable, "-c", f"{door}\n{ask}"], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    assert shown.stdout.strip() == patience, shown.stderr


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str
    seconds: float


@dataclass
class Site:
    """The site in processes of its own, and its database."""

    port: int
    data: Path

    def get(self, path: str, **headers: str) -> Answer:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        start = time.monotonic()
        try:
            response = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            body = response.read().decode()
            return Answer(response.status, dict(response.headers), body, time.monotonic() - start)

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


@pytest.fixture(scope="module")
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
        site = subprocess.Popen(command, cwd=PROJECT, env={**variables, "PORT": str(port)})
        try:
            yield Site(port, data)
        finally:
            site.terminate()
            site.wait(timeout=30)


SIGNED_IN = {"Cookie": "sessionid=0123456789abcdef"}  # whom it belongs to is asked of the database


def test_the_site_says_that_a_server_is_away_and_works_again_when_it_is_back(static_files):
    with serving(static_files, embedded=False) as site:
        site.wait("/healthz", 200, 20)
        assert site.get("/admin/", **SIGNED_IN).status == 200

        server.stop(site.data)
        for _ in range(2):  # on the connections that were there, and on none
            away = site.get("/admin/", **SIGNED_IN, **{"Accept-Language": "en"})
            assert (away.status, away.headers.get("Retry-After")) == (503, "30"), away
            assert "The site cannot answer just now" in away.text
            assert away.seconds < 8
        health = site.get("/healthz")
        assert (health.status, json.loads(health.text)["database"]) == (503, "no answer")
        assert health.seconds < 4
        assert site.get("/static/favicon.svg").status == 200, "what needs no database goes on"

        server.ensure_running(site.data)
        assert site.wait("/healthz", 200, 15)
        assert site.wait("/admin/", 200, 15, **SIGNED_IN)


def test_health_notices_a_server_that_hangs(static_files):
    with serving(static_files, embedded=False) as site:
        site.wait("/healthz", 200, 20)
        frozen = site.processes()
        for process in frozen:
            process.send_signal(signal.SIGSTOP)
        try:
            health = site.get("/healthz")
        finally:
            for process in frozen:
                process.send_signal(signal.SIGCONT)
        assert health.status == 503
        assert health.seconds < 4
        site.wait("/healthz", 200, 20)


def test_the_embedded_server_is_started_again_by_the_next_visitor(static_files):
    with serving(static_files, embedded=True) as site:
        site.wait("/healthz", 200, 20)
        assert site.get("/admin/", **SIGNED_IN).status == 200
        site.processes()[0].kill()
        site.wait("/admin/", 200, 20, **SIGNED_IN)
        assert site.get("/healthz").status == 200


def test_a_long_address_gets_a_page_and_an_endless_one_is_refused(static_files):
    with serving(static_files, embedded=True) as site:
        site.wait("/healthz", 200, 20)
        assert site.get("/fr/nothing/?q=" + "a" * 60_000).status == 404
        with (
            socket.create_connection(("127.0.0.1", site.port), timeout=10) as line,
            contextlib.suppress(ConnectionError),
        ):
            line.sendall(b"GET /" + b"a" * 4_000_000)
            answer = line.recv(100)
            assert b" 400 " in answer or b" 414 " in answer
        assert site.get("/static/favicon.svg").status == 200


def test_half_requests_do_not_hold_the_site(static_files):
    with serving(static_files, embedded=True) as site, contextlib.ExitStack() as held:
        site.wait("/static/favicon.svg", 200, 20)
        for _ in range(6):  # more than there are threads
            half = held.enter_context(socket.create_connection(("127.0.0.1", site.port)))
            half.sendall(b"GET /fr/ HTTP/1.1\r\nHost: ")
        answer = site.get("/static/favicon.svg")
        assert answer.status == 200 and answer.seconds < 28
