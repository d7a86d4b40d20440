"""What happened, read back from the events: for one record, or for everybody's day.

One question for all the tables, each by an index of its own. Events are put together into change sets: those of one
context, or, where nobody said who was at work, those of one transaction.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import CharField, ForeignKey, Model, QuerySet, Value
from django.utils.dateparse import parse_datetime

from cluster_portal.records.scope import EDIT_NETWORK

from .change_sets import Kind
from .tracking import TRACKED, Tracked

SETS_A_PAGE = 50
CONTEXT = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SET = "coalesce(event.pgh_context_id::text, event.pgh_created_at::text)"


@dataclass(frozen=True, slots=True)
class Event:
    """``row`` has the values by column, as JSON knows them."""

    tracked: Tracked
    pk: int
    what: str
    row: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Undo:
    """A change set that took back another, of one record perhaps (``of``: its model and key)."""

    key: str
    at: datetime
    by: int | None
    of: str | None
    again: bool  # and was taken back itself


@dataclass(slots=True)
class ChangeSet:
    """``said`` is what was said of it: ``user``, ``kind``, ``sentence``, ``request``; nothing where nobody did."""

    key: str
    at: datetime
    said: dict[str, Any]
    events: list[Event] = field(default_factory=list)
    undone: list[Undo] = field(default_factory=list)


def undos_of(keys: str) -> str:
    """SQL: the sets that took back one of these; ``keys`` is SQL too."""
    return (
        "SELECT id, created_at, metadata, metadata->>'undoes' AS undoes FROM pghistory_context"
        f" WHERE metadata->>'kind' = '{Kind.UNDO.value}' AND metadata->>'undoes' IN ({keys})"
    )


def said_of(key: str) -> dict[str, Any]:
    """What was said of a change set, whoever asks; nothing of one that has no line."""
    if not is_context(key):
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT metadata::text FROM pghistory_context WHERE id = %s::uuid", [key])
        row = cursor.fetchone()
    return json.loads(row[0]) if row and row[0] else {}


def taken_back(keys: Sequence[str]) -> set[str]:
    """Those of these change sets that were taken back as a whole, and not brought back since."""
    if not keys:
        return set()
    again = undos_of("undo.id::text")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT undo.undoes FROM ({undos_of('SELECT unnest(%s::text[])')}) undo"
            " WHERE undo.metadata->>'of' IS NULL"
            f" AND NOT EXISTS (SELECT FROM ({again}) again WHERE again.metadata->>'of' IS NULL)",
            [list(keys)],
        )
        return {key for (key,) in cursor.fetchall()}


def what_undid(key: str) -> str:
    """SQL: what is told of those among ``undos`` that took back this set, oldest first."""
    return f"""(
        SELECT jsonb_agg(jsonb_build_object(
            'key', undo.id, 'at', undo.created_at, 'by', undo.metadata->'user', 'of', undo.metadata->'of',
            'again', EXISTS (SELECT FROM ({undos_of("undo.id::text")}) again WHERE again.metadata->'of' IS NULL)
        ) ORDER BY undo.created_at, undo.id)
        FROM undos undo WHERE undo.undoes = {key}
    )"""


def _as_undos(said: list[dict[str, Any]] | None) -> list[Undo]:
    return [Undo(one["key"], parse_datetime(one["at"]), one["by"], one["of"], one["again"]) for one in said or ()]


def name_of_record(model: type[Model], pk: int) -> str:
    return f"{model._meta.concrete_model._meta.label_lower}:{pk}"


def sources_of(model: type[Model]) -> list[tuple[Tracked, list[str]]]:
    """The tables whose events are told on the page of a row of this model, with the columns that name the row."""
    found = []
    for tracked in TRACKED.values():
        if tracked.model._meta.concrete_model is model._meta.concrete_model:
            columns = ["pgh_obj_id"]
        else:
            owners = [tracked.events._meta.get_field(name) for name in tracked.owners]
            columns = [
                owner.column
                for owner in owners
                if owner.related_model._meta.concrete_model is model._meta.concrete_model
            ]
        if columns:
            found.append((tracked, columns))
    return found


def history_of(obj: Model, user, page: int = 1) -> tuple[list[ChangeSet], int]:
    """The change sets that touched a record or its rows, newest first, and how many there are in all."""
    parts, parameters = [], []
    for tracked, columns in sources_of(type(obj)):
        mine = " OR ".join(f"event.{column} = %s" for column in columns)
        told, more = only_told(tracked, user)
        parts.append(
            f"SELECT '{tracked.label}' AS source, pgh_id, pgh_obj_id, pgh_label, pgh_created_at, pgh_context_id,"
            f" to_jsonb(event) AS values FROM {tracked.table} event WHERE ({mine}){told}"
        )
        parameters += [*[obj.pk] * len(columns), *more]
    question = f"""
        WITH event AS MATERIALIZED ({" UNION ALL ".join(parts)}),
        change_set AS (
            SELECT {SET} AS key, max(pgh_created_at) AS at, count(*) OVER () AS number
            FROM event GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %s OFFSET %s
        ),
        undos AS MATERIALIZED ({undos_of("SELECT key FROM change_set")})
        SELECT told.key, told.at, number, (coalesce(context.metadata, '{{}}') || told.undone)::text,
            source, pgh_obj_id, pgh_label, values::text
        FROM (
            SELECT change_set.*, jsonb_build_object('undone', {what_undid("change_set.key")}) AS undone FROM change_set
        ) told
        JOIN event ON {SET} = told.key
        LEFT JOIN pghistory_context context ON context.id = event.pgh_context_id
        ORDER BY told.at DESC, told.key, event.pgh_created_at, source, pgh_id
    """
    with connection.cursor() as cursor:
        cursor.execute(question, [*parameters, SETS_A_PAGE, (page - 1) * SETS_A_PAGE])
        sets, number = together(cursor.fetchall())
    record = name_of_record(type(obj), obj.pk)
    for one in sets:
        one.undone = [undo for undo in one.undone if undo.of in (None, record)]
    return sets, number


def together(rows: Iterable[tuple]) -> tuple[list[ChangeSet], int]:
    sets: dict[str, ChangeSet] = {}
    number = 0
    for key, at, number, said, source, pk, what, values in rows:  # noqa: B007 (the same in each row)
        if key not in sets:
            told = json.loads(said) if said else {}
            undone = _as_undos(told.pop("undone", None))
            sets[key] = ChangeSet(key, at, told, undone=undone)
        sets[key].events.append(Event(TRACKED[source], pk, what, json.loads(values, parse_float=Decimal)))
    return list(sets.values()), number


def only_told(tracked: Tracked, user) -> tuple[str, list]:
    """Of rows that belong to one cluster among those of a shared record, its editors alone are told."""
    if not tracked.own or user.has_perm(EDIT_NETWORK):
        return "", []
    own = tracked.events._meta.get_field(tracked.own)
    rows = own.related_model._default_manager.editable_by(user).order_by().values("pk")
    question, parameters = rows.query.sql_with_params()
    return f" AND event.{own.column} IN ({question})", list(parameters)


def named(wanted: dict[type[Model], set[int]]) -> list[Model]:
    """The rows of several models, as far as their names and their states go: one question, whatever the models."""
    parts, parameters = [], []
    for model, keys in wanted.items():
        columns = ", ".join(f"'{one.attname}', row.{one.column}" for one in _naming(model))
        parts.append(
            f"SELECT '{model._meta.label}', row.{model._meta.pk.column}, jsonb_build_object({columns})::text"
            f" FROM {model._meta.db_table} row WHERE row.{model._meta.pk.column} = ANY(%s)"
        )
        parameters.append(sorted(keys))
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        return [apps.get_model(label)(pk=pk, **json.loads(values)) for label, pk, values in cursor.fetchall()]


def _naming(model: type[Model]) -> list:
    if model._meta.label == "auth.User":
        return [model._meta.get_field(name) for name in ("username", "first_name", "last_name")]
    return [
        one
        for one in model._meta.concrete_fields
        if isinstance(one, CharField) and not one.generated and not isinstance(one, ForeignKey)
    ]


# --- of everybody ---------------------------------------------------------------------------------------------------

NAMED = 8  # records of a set that are named
TOLD = 300  # records of a set whose changes are told
COUNTED = 400  # events of a set in a table; of an import of thousands it is said that there are many


@dataclass(frozen=True, slots=True)
class Asked:
    """Which change sets: by whom, of which kind, on a day that begins and ends, before a moment."""

    who: int | None = None
    kind: str = ""
    start: datetime | None = None
    end: datetime | None = None
    before: datetime | None = None

    @property
    def unknown(self) -> bool:
        return self.kind == Kind.UNKNOWN

    def of_contexts(self, at: str = "created_at") -> tuple[str, list]:
        found = [(f"{at} >= %s", self.start), (f"{at} < %s", self.end), (f"{at} < %s", self.before)]
        if not self.unknown:
            found.append(("metadata->>'kind' = %s", self.kind or None))
        found.append(("metadata->>'user' = %s", str(self.who) if self.who else None))
        found = [(condition, value) for condition, value in found if value is not None]
        return " AND ".join(["true", *(condition for condition, _value in found)]), [value for _c, value in found]

    def of_events(self) -> tuple[str, list]:
        found = [
            (f"event.pgh_created_at {sign} %s", value)
            for sign, value in ((">=", self.start), ("<", self.end), ("<", self.before))
            if value is not None
        ]
        condition, parameters = " AND ".join(["true", *(one for one, _v in found)]), [value for _c, value in found]
        if self.unknown:
            return f"{condition} AND event.pgh_context_id IS NULL", parameters
        if self.kind or self.who:
            of_contexts, more = Asked(self.who, self.kind).of_contexts()
            condition += f" AND event.pgh_context_id IN (SELECT id FROM pghistory_context WHERE {of_contexts})"
            parameters += more
        return condition, parameters


class Scope:
    """Which events somebody is told of: those of the records that she edits, table by table."""

    def __init__(self, reader, keys: dict[type[Model], list[int] | None] | None = None) -> None:
        """``keys``: where the keys of her records are put, for whoever goes on to ask for them."""
        self.reader = reader
        self._keys = {} if keys is None else keys

    def tables(self) -> Iterator[tuple[Tracked, str, list]]:
        of_whom = {tracked.label: _whose(tracked) for tracked in TRACKED.values()}
        self._ask({model for those in of_whom.values() for _column, model in those})
        for tracked in TRACKED.values():
            parts, parameters = [], []
            for column, model in of_whom[tracked.label]:
                if (keys := self._keys[model]) is None:
                    parts.append("true")
                elif keys:
                    parts.append(f"event.{column} = ANY(%s)")
                    parameters.append(keys)
            told, more = only_told(tracked, self.reader)
            if parts:
                yield tracked, f"({' OR '.join(parts)}){told}", [*parameters, *more]

    def _ask(self, models: set[type[Model]]) -> None:
        """The keys of her records of each model, in one question; nothing in their place if all are."""
        parts = []
        for model in models - self._keys.keys():
            rows = model._default_manager.editable_by(self.reader).order_by()
            whole = not rows.query.is_empty() and not rows.query.where
            self._keys[model] = None if whole else []
            if not whole and not rows.query.is_empty():
                parts.append((model, rows))
        for model, pk in keys_of(parts):
            self._keys[model].append(pk)  # type: ignore[union-attr]


def _whose(tracked: Tracked) -> list[tuple[str, type[Model]]]:
    owners = [tracked.events._meta.get_field(name) for name in tracked.owners]
    return [(one.column, one.related_model) for one in owners] or [("pgh_obj_id", tracked.model)]


def keys_of(rows: list[tuple[type[Model], QuerySet]]) -> list[tuple[type[Model], int]]:
    """The keys of rows of several models, in one question."""
    parts = [
        rows_of.annotate(_number=Value(number)).order_by().values_list("_number", "pk")
        for number, (_model, rows_of) in enumerate(rows)
    ]
    found = parts[0].union(*parts[1:], all=True) if parts else ()
    return [(rows[number][0], pk) for number, pk in found]


@dataclass(frozen=True, slots=True)
class Touched:
    """The records of one model that a set touched: how many, and the keys of some. ``uncounted``: there are more, which
    nobody counted."""

    model: type[Model]
    number: int
    keys: list[int]
    uncounted: bool


@dataclass(slots=True)
class Latest:
    key: str
    at: datetime
    said: dict[str, Any]
    touched: list[Touched] = field(default_factory=list)


def latest(
    reader, asked: Asked, *, everything: bool, keys: dict[type[Model], list[int] | None] | None = None
) -> list[Latest]:
    """The newest change sets, one more than a page holds. ``everything``: for whoever edits the whole network the sets
    are looked up first, and what they touched after; for others the other way round, for theirs are few."""
    scope = list(Scope(reader, keys).tables())
    found = _of_everybody(asked, scope) if everything else _of_her_part(asked, scope)
    newest = sorted(found, key=lambda one: (one.at, one.key), reverse=True)[: SETS_A_PAGE + 1]
    _touch(newest, scope)
    return newest


def _of_everybody(asked: Asked, scope: list) -> list[Latest]:
    condition, parameters = asked.of_contexts()
    question = f"SELECT id::text, created_at, metadata::text FROM pghistory_context WHERE {condition}"
    rows = []
    with connection.cursor() as cursor:
        if not asked.unknown:
            cursor.execute(f"{question} ORDER BY created_at DESC LIMIT {SETS_A_PAGE + 1}", parameters)
            rows += cursor.fetchall()
        if asked.unknown or not (asked.kind or asked.who):
            cursor.execute(*_by_tables(Asked(None, Kind.UNKNOWN, asked.start, asked.end, asked.before), scope))
            rows += cursor.fetchall()
    return [Latest(key, at, json.loads(said) if said else {}) for key, at, said in rows]


def _of_her_part(asked: Asked, scope: list) -> list[Latest]:
    if not scope:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*_by_tables(asked, scope))
        return [Latest(key, at, json.loads(said) if said else {}) for key, at, said in cursor.fetchall()]


def _by_tables(asked: Asked, scope: list) -> tuple[str, list]:
    condition, of_asked = asked.of_events()
    parts, parameters = [], []
    for tracked, hers, of_scope in scope:
        parts.append(
            f"(SELECT DISTINCT event.pgh_context_id, event.pgh_created_at FROM {tracked.table} event"
            f" WHERE {hers} AND {condition} ORDER BY event.pgh_created_at DESC LIMIT {SETS_A_PAGE + 1})"
        )
        parameters += [*of_scope, *of_asked]
    return (
        f"SELECT {SET} AS key, max(event.pgh_created_at) AS at, context.metadata::text"
        f" FROM ({' UNION '.join(parts)}) event LEFT JOIN pghistory_context context ON context.id = event.pgh_context_id"
        f" GROUP BY 1, 3 ORDER BY 2 DESC LIMIT {SETS_A_PAGE + 1}"
    ), parameters


def _touch(sets: list[Latest], scope: list) -> None:
    """Which records; a set of which none is hers, or is left, is taken off."""
    if not sets or not scope:
        sets.clear()
        return
    wanted = [(one.key, one.key if is_context(one.key) else None, one.at) for one in sets]
    parts, parameters, roots = [], [], {}
    for tracked, hers, of_scope in scope:
        root, column = root_of(tracked)
        roots[root._meta.label] = root
        for of_set in _OF_SETS:
            parts.append(
                f"SELECT wanted.key, '{root._meta.label}' AS root, found.pk, found.number FROM wanted CROSS JOIN LATERAL ("
                f" SELECT pk, count(*) OVER () AS number FROM (SELECT event.{column} AS pk FROM {tracked.table} event"
                f" WHERE {of_set} AND {hers} LIMIT {COUNTED}) counted) found"
            )
            parameters += of_scope
    question = (
        "WITH wanted AS MATERIALIZED (SELECT * FROM unnest(%s::text[], %s::uuid[], %s::timestamptz[]) AS set (key, id, at))"
        f" SELECT key, root, count(DISTINCT pk), (array_agg(DISTINCT pk))[1:{NAMED}], max(number) = {COUNTED}"
        f" FROM ({' UNION ALL '.join(parts)}) event GROUP BY 1, 2 ORDER BY 1, 2"
    )
    known = {one.key: one for one in sets}
    with connection.cursor() as cursor:
        cursor.execute(question, [*map(list, zip(*wanted, strict=True)), *parameters])
        for key, root, number, keys, uncounted in cursor.fetchall():
            known[key].touched.append(Touched(roots[root], number, keys, uncounted))
    sets[:] = [one for one in sets if one.touched]


# Of somebody's, and of nobody's: each by an index of its own.
_OF_SETS = (
    "event.pgh_context_id = wanted.id",
    "wanted.id IS NULL AND event.pgh_context_id IS NULL AND event.pgh_created_at = wanted.at",
)


def root_of(tracked: Tracked) -> tuple[type[Model], str]:
    """The record on whose page a row is told, and the column that names it."""
    if not tracked.owners:
        return tracked.model._meta.concrete_model, "pgh_obj_id"
    owner = tracked.events._meta.get_field(tracked.owners[0])
    return owner.related_model._meta.concrete_model, owner.column


def in_set(key: str) -> tuple[str, list]:
    """The condition on an event of a change set."""
    if is_context(key):
        return "event.pgh_context_id = %s::uuid", [key]
    return "event.pgh_context_id IS NULL AND event.pgh_created_at = %s::timestamptz", [key]


def is_context(key: str) -> bool:
    return CONTEXT.fullmatch(key) is not None


def one_set(reader, key: str) -> tuple[ChangeSet | None, bool]:
    """A change set with all that it did to her records, as far as can be told; and whether that is all."""
    condition, key_of_set = in_set(key)
    parts, parameters = [], []
    for tracked, hers, of_scope in Scope(reader).tables():
        parts.append(
            f"(SELECT '{tracked.label}' AS source, pgh_id, pgh_obj_id, pgh_label, pgh_created_at, pgh_context_id,"
            f" to_jsonb(event)::text AS values FROM {tracked.table} event WHERE {hers} AND {condition}"
            f" ORDER BY pgh_id LIMIT {2 * TOLD})"
        )
        parameters += [*of_scope, *key_of_set]
    if not parts:
        return None, True
    question = (
        f"WITH undos AS MATERIALIZED ({undos_of('%s')})"
        f" SELECT {SET}, event.pgh_created_at, 0,"
        f" (coalesce(context.metadata, '{{}}') || jsonb_build_object('undone', {what_undid('%s')}))::text,"
        " source, pgh_obj_id, pgh_label, values"
        f" FROM ({' UNION ALL '.join(parts)}) event LEFT JOIN pghistory_context context ON context.id = pgh_context_id"
        " ORDER BY event.pgh_created_at, source, pgh_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(question, [key, key, *parameters])
        sets, _number = together(cursor.fetchall())
    if not sets:
        return None, True
    return sets[0], len(sets[0].events) < TOLD


def is_told(reader, key: str) -> bool:
    """Whether anything of a change set is hers."""
    condition, key_of_set = in_set(key)
    parts, parameters = [], []
    for tracked, hers, values in Scope(reader).tables():
        parts.append(f"EXISTS (SELECT FROM {tracked.table} event WHERE {hers} AND {condition})")
        parameters += [*values, *key_of_set]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {' OR '.join(parts) or 'false'}", parameters)
        return cursor.fetchone()[0]


def unknown_changes(since: datetime) -> list[tuple[datetime, str, int, list[int]]]:
    """(when, model, how many rows, the first of them) of each transaction of which nobody said who was at work."""
    parts = [
        f"SELECT pgh_created_at, '{tracked.label}', count(DISTINCT pgh_obj_id),"
        f" (array_agg(DISTINCT pgh_obj_id))[1:{NAMED}] FROM {tracked.table}"
        " WHERE pgh_context_id IS NULL AND pgh_created_at >= %s GROUP BY 1"
        for tracked in TRACKED.values()
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(parts)} ORDER BY 1 DESC, 2", [since] * len(parts))
        return cursor.fetchall()
