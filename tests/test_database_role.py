"""The role in which the embedded database serves visitors: it reads and writes rows, and no more."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from cluster_portal.embedded_postgresql.server import SITE_ROLE
from cluster_portal.history.tracking import TRACKED
from cluster_portal.postgresql import watched
from members.models import Organisation
from tests.admin_rows import a_network

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        not hasattr(connection, "settings_dict") or "PGDATA" not in connection.settings_dict, reason="a server"
    ),
]


@pytest.fixture
def as_the_site():
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {SITE_ROLE}")


def ask(question: str, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        return cursor.fetchall()


def test_it_may_do_to_the_rows_of_every_table_what_the_site_does():
    tables = [row for row in rights_of_the_site() if row[0] not in events()]
    assert len(tables) > 30
    assert [name for name, *may, _truncate in tables if not all(may)] == []
    assert [name for name, *_may, truncate in tables if truncate] == []


def test_it_adds_to_the_history_and_neither_changes_nor_removes_any_of_it():
    rights = {name: may for name, *may in rights_of_the_site() if name in events()}
    assert len(rights) == 25
    assert set(map(tuple, rights.values())) == {(True, True, False, False, False)}


def events() -> set[str]:
    return {tracked.table for tracked in TRACKED.values()}


def rights_of_the_site() -> list[tuple]:
    return ask(
        "SELECT relname, has_table_privilege(%s, oid, 'SELECT'), has_table_privilege(%s, oid, 'INSERT'), "
        "has_table_privilege(%s, oid, 'UPDATE'), has_table_privilege(%s, oid, 'DELETE'), "
        "has_table_privilege(%s, oid, 'TRUNCATE') FROM pg_class "
        "WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')",
        *[SITE_ROLE] * 5,
    )


def test_it_is_no_superuser_and_owns_nothing():
    ((superuser, creates_roles, creates_databases),) = ask(
        "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s", SITE_ROLE
    )
    assert not (superuser or creates_roles or creates_databases)
    assert ask("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", SITE_ROLE) == [(0,)]


@pytest.mark.parametrize(
    "attack",
    [
        "DROP TABLE members_organisation CASCADE",
        "ALTER TABLE members_organisation DISABLE TRIGGER ALL",
        "CREATE TABLE mine (a int)",
        "COPY members_organisation TO PROGRAM 'cat'",
        "SELECT pg_read_file('postgresql.conf')",
        "CREATE ROLE mine",
    ],
)
def test_it_changes_no_table_and_reaches_no_file(as_the_site, attack):
    with (
        pytest.raises(ProgrammingError, match="denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(attack)


def test_the_site_works_in_it(admin_client, as_the_site):
    organisation, cluster, project = a_network(2)
    for page in (organisation, cluster, project):
        assert Client().get(page.get_absolute_url()).status_code == 200
    for name in ("home", "members:organisation-list", "projects:project-list", "projects:figures", "sitemap-index"):
        assert Client().get(reverse(name)).status_code == 200
    change = reverse("admin:members_organisation_change", args=[organisation.pk])
    assert admin_client.get(change).status_code == 200
    Organisation.objects.filter(pk=organisation.pk).update(name="Another name")
    assert Client().get(reverse("members:organisation-list") + "?q=another+name").status_code == 200
    assert ask("SELECT current_user") == [(SITE_ROLE,)]


def test_visitors_are_served_in_it_and_commands_are_not(monkeypatch):
    assert connection.get_connection_params()["user"] == connection.settings_dict["USER"] != SITE_ROLE
    monkeypatch.setattr(watched, "visitors_wait", True)
    assert connection.get_connection_params()["user"] == SITE_ROLE
