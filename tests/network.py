"""A small invented network on the real clusters, made once a session in a database of its own.

The ordinary test database stays empty for the tests that load or invent data themselves. A module that
asks for ``network`` runs on the other one; what its tests change is rolled back like anywhere else.
"""

import io

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection

from cluster_portal.records.changes import LOG
from cluster_portal.records.search import speak_of_today

SCALE = 0.02


def _connect_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    ContentType.objects.clear_cache()  # a flush gives the other database other numbers than this one


def _end_other_sessions(cursor, name: str) -> None:
    """Those of the site's own threads, which keep theirs from an earlier test."""
    cursor.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [name])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database as ever, its documents of today; no thread keeps it from being dropped in the end."""
    with django_db_blocker.unblock():
        speak_of_today()
    yield
    with django_db_blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as cursor:
            _end_other_sessions(cursor, connection.settings_dict["NAME"])


@pytest.fixture(scope="session")
def network_database(django_db_setup, django_db_blocker):
    """The name of the database that holds the network; a copy of the empty one, filled."""
    empty = connection.settings_dict["NAME"]
    name = f"{empty}_network"
    with django_db_blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            _end_other_sessions(cursor, empty)  # a template must have none
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{empty}"')
        _connect_to(name)
        call_command("load_reference", stdout=io.StringIO(), verbosity=0)
        call_command("demo", scale=SCALE, stdout=io.StringIO(), verbosity=0)
        LOG.look()  # names the history of this database, which a test in a transaction may not
        _connect_to(empty)
    yield name
    with django_db_blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def network_connection(network_database, django_db_blocker):
    empty = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        _connect_to(network_database)
        yield
        _connect_to(empty)


@pytest.fixture(scope="module")
def network_of_its_own(network_database, django_db_blocker):
    """A copy of the network for a module whose tests keep what they change."""
    before, name = connection.settings_dict["NAME"], f"{network_database}_own"
    with django_db_blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            _end_other_sessions(cursor, network_database)
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{network_database}"')
        _connect_to(name)
        yield
        _connect_to(before)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def network(network_connection, db):
    """The network, in a transaction that is undone after the test."""
