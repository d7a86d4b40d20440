"""A database that cannot carry the site is refused before anything is written to it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from cluster_portal.serving import checks

PROJECT = Path(__file__).resolve().parent.parent


def found() -> list[str]:
    return [str(message.msg) for message in checks.database_can_carry_the_site(["default"])]


@pytest.mark.django_db
def test_the_database_of_the_tests_is_fit():
    assert found() == []


@pytest.mark.django_db
def test_a_server_that_is_too_old_is_named_with_its_version(monkeypatch):
    monkeypatch.setattr(checks, "OLDEST", 99)
    (message,) = found()
    assert "99 is the oldest that works" in message


@pytest.mark.django_db
def test_an_extension_that_the_server_lacks_is_named(monkeypatch):
    monkeypatch.setattr(checks, "EXTENSIONS", (*checks.EXTENSIONS, "no_such_extension"))
    assert found() == ["The PostgreSQL server lacks the extensions no_such_extension."]


def migrate(url: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "DATABASE_URL": url, "DEBUG": "on"}
    return subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture
def poor(django_db_blocker) -> Iterator[str]:
    """The address of a database of another encoding, whose user may create nothing in it."""
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        host = quote(cursor.db.settings_dict["HOST"], safe="")
        port = cursor.db.settings_dict["PORT"] or 5432
        cursor.execute("CREATE ROLE poor LOGIN PASSWORD 'poor'")
        cursor.execute("CREATE DATABASE poor TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'")
        yield f"postgresql://poor:poor@/poor?host={host}&port={port}"
        cursor.execute("DROP DATABASE poor WITH (FORCE)")
        cursor.execute("DROP ROLE poor")


def test_migrate_refuses_a_database_that_is_not_fit_and_says_what_to_do(poor, tmp_path):
    refused = migrate(poor, tmp_path)
    assert refused.returncode != 0
    assert "has not got the extensions btree_gist, pg_trgm, unaccent" in refused.stderr
    assert "CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent;" in refused.stderr
    assert "encoding is SQL_ASCII" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_server_that_does_not_answer_is_said_to_be_away(tmp_path):
    refused = migrate("postgresql://nobody@127.0.0.1:1/portal", tmp_path)
    assert refused.returncode != 0
    assert "The database does not answer" in refused.stderr
    assert "is DATABASE_URL right?" in refused.stderr
    assert "Traceback" not in refused.stderr
