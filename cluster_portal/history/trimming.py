"""What of the history is older than it is to be kept, and its end."""

from datetime import datetime

from django.db import connection, transaction

from .tracking import TRACKED

CONTEXTS = "pghistory_context"


def older_than(moment: datetime) -> dict[str, int]:
    """How many events of each table, and how many change sets of which nothing would be left."""
    with connection.cursor() as cursor:
        found = {}
        for label, tracked in TRACKED.items():
            cursor.execute(f"SELECT count(*) FROM {tracked.table} WHERE pgh_created_at < %s", [moment])
            found[label] = cursor.fetchone()[0]
        cursor.execute(f"SELECT count(*) FROM {CONTEXTS} context WHERE {_left_empty()}", _moments(moment))
        found["change sets"] = cursor.fetchone()[0]
    return {label: number for label, number in found.items() if number}


def trim(moment: datetime) -> dict[str, int]:
    """Removes them, all or nothing. What is kept still tells each change whole: from what, to what."""
    with transaction.atomic(), connection.cursor() as cursor:
        found = {}
        for label, tracked in TRACKED.items():
            cursor.execute(f"DELETE FROM {tracked.table} WHERE pgh_created_at < %s", [moment])
            found[label] = cursor.rowcount
        cursor.execute(f"DELETE FROM {CONTEXTS} context WHERE {_left_empty()}", _moments(moment))
        found["change sets"] = cursor.rowcount
    return {label: number for label, number in found.items() if number}


def _left_empty() -> str:
    """One that began before may have gone on after."""
    still = " AND ".join(
        f"NOT EXISTS (SELECT FROM {tracked.table} event WHERE event.pgh_context_id = context.id"
        " AND event.pgh_created_at >= %s)"
        for tracked in TRACKED.values()
    )
    return f"context.created_at < %s AND {still}"


def _moments(moment: datetime) -> list[datetime]:
    return [moment] * (1 + len(TRACKED))
