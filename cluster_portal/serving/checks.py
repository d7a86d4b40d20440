"""Can this database carry the site? Asked by `migrate` before it touches anything, and by `check --database default`."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connections

OLDEST = 15
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")


@register(Tags.database)
def database_can_carry_the_site(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    return [message for alias in databases or () for message in _problems(alias)]


def _problems(alias: str) -> list[CheckMessage]:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
            cursor.execute("SHOW server_encoding")
            encoding = cursor.fetchone()[0]
            cursor.execute("SELECT name FROM pg_available_extensions WHERE name = ANY(%s)", [list(EXTENSIONS)])
            missing = sorted(set(EXTENSIONS) - {name for (name,) in cursor})
            cursor.execute(
                "SELECT array_agg(e) FROM unnest(%s::text[]) e WHERE e NOT IN (SELECT extname FROM pg_extension) "
                "AND NOT has_database_privilege(current_database(), 'CREATE')",
                [list(EXTENSIONS)],
            )
            forbidden = cursor.fetchone()[0]
    except OperationalError as error:
        hint = "Is the server running, and is DATABASE_URL right?"
        return [Error(f"The database does not answer: {error}", hint=hint, id="portal.E001")]
    problems: list[CheckMessage] = []
    if int(version.split(".")[0]) < OLDEST:
        problems.append(
            Error(
                f"The server is PostgreSQL {version}, and {OLDEST} is the oldest that works.",
                hint="Upgrade it, or unset DATABASE_URL to use the embedded one.",
                id="portal.E002",
            )
        )
    if missing:
        problems.append(
            Error(
                f"The PostgreSQL server lacks the extensions {', '.join(missing)}.",
                hint="Install its contrib modules (on Debian they are part of postgresql-NN, elsewhere postgresql-contrib).",
                id="portal.E003",
            )
        )
    elif forbidden:
        problems.append(
            Error(
                f"The database has not got the extensions {', '.join(forbidden)}, and its user may not create them.",
                hint="As the database's owner: " + " ".join(f"CREATE EXTENSION {name};" for name in forbidden),
                id="portal.E004",
            )
        )
    if encoding != "UTF8":
        problems.append(
            Error(f"The database's encoding is {encoding}.", hint="Create it with ENCODING 'UTF8'.", id="portal.E005")
        )
    return problems
