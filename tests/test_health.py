"""`/healthz`, and what becomes of the site while the database is away: on the real thing, served by gunicorn."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client

from cluster_portal.embedded_postgresql import server
from cluster_portal.postgresql import watched
from tests.served_site import PROJECT, serving


@pytest.mark.django_db(transaction=True)
def test_health_is_a_short_answer_that_nobody_stores():
    response = Client().get("/healthz", headers={"host": "10.0.0.7"})
    assert response.status_code == 200, "also by an address that is no name of the site"
    assert response.json() == {"status": "ok", "database": "ok", "worker": "none"}, (
        "which is no reason for another status"
    )
    assert response["Cache-Control"] == "no-store"


def test_health_answers_probes_by_http_and_during_maintenance(settings, monkeypatch):
    monkeypatch.setattr("cluster_portal.serving.health._worker_is_there", lambda: True)
    settings.MAINTENANCE = settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/healthz").status_code == 200
    assert Client().head("/healthz").status_code == 200
    assert Client().post("/healthz").status_code == 405


def test_health_does_not_wait_for_a_database_that_hangs(monkeypatch):
    monkeypatch.setattr("cluster_portal.serving.health.PATIENCE", 0.05)
    monkeypatch.setattr("cluster_portal.serving.health._worker_is_there", lambda: time.sleep(0.3) or True)
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


@pytest.mark.parametrize("embedded", [False, True], ids=["server", "embedded"])
def test_visitors_are_told_of_a_server_that_hangs(static_files, embedded):
    """Stopped, not dead: connections stand, what is sent arrives, and nothing ever comes back."""
    with serving(static_files, embedded) as site:
        site.wait("/healthz", 200, 20)
        assert site.get("/admin/", **SIGNED_IN).status == 200
        frozen = site.processes()
        for process in frozen:
            process.send_signal(signal.SIGSTOP)
        try:
            for _ in range(2):  # on the connections that were there, and on none
                page = site.get("/admin/", **SIGNED_IN)
                assert page.status == 503
                assert page.seconds < 5
            health = site.get("/healthz")
        finally:
            for process in frozen:
                process.send_signal(signal.SIGCONT)
        assert health.status == 503
        assert health.seconds < 3.5, "three, and what a busy machine takes"
        site.wait("/healthz", 200, 20)
        site.wait("/admin/", 200, 20, **SIGNED_IN)


@pytest.mark.django_db
def test_a_query_that_takes_long_is_no_server_that_hangs(monkeypatch):
    monkeypatch.setattr(watched, "SILENCE", 0.1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.8), 'slept'")
        assert cursor.fetchone()[1] == "slept"


@pytest.mark.django_db(transaction=True)
def test_a_page_waits_for_one_process_of_the_server_no_longer_than_it_may(monkeypatch):
    monkeypatch.setattr(watched, "SILENCE", 0.1)
    monkeypatch.setattr(watched, "LONGEST", 0.3)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.6)")  # a command waits
    monkeypatch.setattr(watched, "visitors_wait", True)
    with pytest.raises(OperationalError, match="has not answered"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")
    connection.close()


def test_the_embedded_server_is_started_again_by_the_next_visitor(static_files):
    with serving(static_files, embedded=True) as site:
        site.wait("/healthz", 200, 20)
        assert site.get("/admin/", **SIGNED_IN).status == 200
        site.processes()[0].kill()
        site.wait("/admin/", 200, 20, **SIGNED_IN)
        assert site.get("/healthz").status == 200
