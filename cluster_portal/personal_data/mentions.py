"""Whoever is looked for in the texts of all tables: those of the history, of logs and queues, and those that nobody thought
of. The tables are asked of the database and not of the models, so that none is forgotten."""

import json
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import DataError, IntegrityError, connection, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cluster_portal.history.tracking import TRACKED
from cluster_portal.models import OutgoingMail, SearchWord
from cluster_portal.records.search import fold
from cluster_portal.work.knowing import SaidToStaff

from .sought import ERASED, Sought

JSON = ("json", "jsonb")
TEXTS = ("text", "character varying", *JSON, "ARRAY")
# Names of the schema and of nobody; and the certificates, which say numbers alone.
LEFT_OUT = ("django_migrations", "django_content_type", "auth_permission", "portal_erasure")
SAMPLES = 3
# What one person writes to another is counted, and read by nobody who looks for somebody.
UNREAD = {OutgoingMail._meta.db_table}


def unread(table: str) -> None:
    UNREAD.add(table)


@dataclass(frozen=True)
class Mentions:
    """Of one table: how many rows, and the first places as they stand."""

    table: str
    label: str
    rows: int
    samples: tuple[str, ...] = ()


def columns() -> dict[str, list[tuple[str, str]]]:
    """table -> (column, type) of whatever holds text and can be written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c"
            " JOIN information_schema.tables t USING (table_schema, table_name)"
            " WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'"
            " AND c.data_type = ANY(%s) AND (c.data_type <> 'ARRAY' OR c.udt_name IN ('_text', '_varchar'))"
            " ORDER BY c.table_name, c.ordinal_position",
            [list(TEXTS)],
        )
        found: dict[str, list[tuple[str, str]]] = {}
        for table, column, kind in cursor.fetchall():
            if table not in LEFT_OUT:
                found.setdefault(table, []).append((column, kind))
    return found


def find(sought: Sought) -> list[Mentions]:
    found = []
    for table, rows in _every(sought):
        told = [] if table in UNREAD else rows
        samples = [
            text for _ctid, values in told for value, _kind in values.values() for text in _excerpts(value, sought)
        ]
        found.append(Mentions(table, label_of(table), len(rows), tuple(samples[:SAMPLES])))
    return found


def erase(sought: Sought, tables: Iterable[str] | None = None) -> dict[str, int]:
    """Takes her out of these tables, or of all: how many rows of each."""
    wanted = None if tables is None else set(tables)
    events = {tracked.table for tracked in TRACKED.values()}
    counts = {}
    for table, rows in _every(sought, wanted, unlocked=events):
        for ctid, values in rows:
            without = {name: (sought.taken_out_of(value), kind) for name, (value, kind) in values.items()}
            if table in events:  # which the role of the site may not change by itself
                put = [_written(value, kind) for value, kind in without.values()]
                with connection.cursor() as cursor:
                    cursor.execute("SELECT portal_take_out(%s, %s::tid, %s, %s)", [table, ctid, list(values), put])
                continue
            for name, (value, kind) in without.items():
                ctid = _put(table, ctid, name, value, kind)
        counts[table] = len(rows)
    return counts


def _put(table: str, ctid: str, column: str, value: Any, kind: str) -> str:
    """Where the row stands then. What the column does not take, or stands there once already, gives way to something
    that it does."""
    for one in _in_other_words(column, value, kind):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {_quoted(table)} SET {_quoted(column)} = %s WHERE ctid = %s::tid RETURNING ctid::text",
                    [_written(one, kind), ctid],
                )
                return cursor.fetchone()[0]
        except (IntegrityError, DataError):
            continue
    raise SaidToStaff(
        _("Her name cannot be taken out of “%(table)s” (%(column)s): change it there first.")
        % {"table": label_of(table), "column": column}
    )


def _in_other_words(column: str, value: Any, kind: str) -> Iterator[Any]:
    if kind in JSON or kind == "ARRAY":
        yield value
        return
    number = secrets.token_hex(3)
    if column != "slug":  # an address without signs
        yield value
        yield value.replace(ERASED, f"{ERASED}{number}")
    yield value.replace(ERASED, number)
    yield ""
    yield None


def _written(value: Any, kind: str) -> Any:
    return json.dumps(value, ensure_ascii=False) if kind in JSON else value


def forget_words(sought: Sought) -> int:
    """Spellings that the search offers, of her name and address, unless something else says such a word still."""
    texts = (*sought.names, *(re.sub(r"[^\w]+", " ", email) for email in sought.emails))
    words = SearchWord.objects.filter(word__in={word for text in texts for word in fold(text).split()})
    number = 0
    for word in words:
        said = _every(Sought(names=(word.word,)), columns().keys() - {SearchWord._meta.db_table})
        if next(said, None) is None:
            word.delete()
            number += 1
    return number


def label_of(table: str) -> str:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table and not model._meta.proxy:
            tracked = getattr(model, "pgh_tracked_model", None)
            if tracked is not None:
                return _("History: %(name)s") % {"name": tracked._meta.verbose_name_plural}
            return capfirst(str(model._meta.verbose_name_plural))
    return table


def _every(
    sought: Sought, wanted: set[str] | None = None, unlocked: set[str] | None = None
) -> Iterator[tuple[str, list]]:
    """(table, rows: where each stands and the values that name her) of the tables that have any. With ``unlocked``, rows
    of all others stay where they are until this is over."""
    for table, those in columns().items():
        if wanted is not None and table not in wanted:
            continue
        conditions, asked = [], []
        for column, _kind in those:
            text = f"{_quoted(column)}::text"
            for pattern in sought.likely:
                conditions.append(f"{text} ~* %s")
                asked.append(pattern)
        names = ", ".join(f"{_quoted(column)}{'::text' if kind in JSON else ''}" for column, kind in those)
        lock = " FOR UPDATE" if unlocked is not None and table not in unlocked else ""
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT ctid::text, {names} FROM {_quoted(table)} WHERE {' OR '.join(conditions)} ORDER BY ctid{lock}",
                asked,
            )
            likely = cursor.fetchall()
        rows = []
        for ctid, *values in likely:
            naming = {
                column: (read, kind)
                for (column, kind), value in zip(those, values, strict=True)
                if value is not None and _names_her(read := json.loads(value) if kind in JSON else value, sought)
            }
            if naming:
                rows.append((ctid, naming))
        if rows:
            yield table, rows


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from (str(key), *_texts(one))
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _names_her(value: Any, sought: Sought) -> bool:
    return any(sought.names_her(text) for text in _texts(value))


def _excerpts(value: Any, sought: Sought) -> Iterator[str]:
    for text in _texts(value):
        yield from sought.excerpts(text)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
