"""Making the invented network in tests."""

import hashlib
import io

from django.core.management import call_command
from django.db import connection

from cluster_portal.demo import loading

SCALE = 0.03


def demo(**options) -> str:
    out = io.StringIO()
    call_command("demo", stdout=out, **{"scale": SCALE, **options})
    return out.getvalue()


def digest() -> str:
    """Of every row of the network, byte for byte."""
    found = hashlib.sha256()
    with connection.cursor() as cursor:
        for model, columns in (*loading.MEMBER_TABLES.values(), *loading.PROJECT_TABLES.values()):
            names = ", ".join(f'"{column}"' for column in columns)
            with cursor.copy(f"COPY (SELECT {names} FROM {model._meta.db_table} ORDER BY {names}) TO STDOUT") as rows:  # noqa: S608
                for row in rows:
                    found.update(row)
    return found.hexdigest()
