"""What taking a change set back comes to: one step for each row that it wrote.

A row that it changed is put back, one that it removed is brought back, one that it added is taken away; as far as the row
still says what the set left there. The rows are compared in the database, where both sides have their types: no value
leaves it but those that are shown.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Field, ForeignKey, Model

from .reading import in_set, is_context, root_of, sources_of
from .tracking import BEFORE, SAID_ELSEWHERE, TRACKED, Tracked

# Columns that say one thing together: what is archived has the day on which it was.
TOGETHER = (frozenset({"status", "archived_on"}),)


class What(Enum):
    PUT = "put"  # a row that was changed
    BRING = "bring"  # a row that was removed
    TAKE = "take"  # a row that was added


class Why(Enum):
    """Why something is left as it is."""

    SINCE = "since"  # it was changed afterwards
    GONE = "gone"  # it was removed afterwards
    BUILT_ON = "built_on"  # something else points at it
    ITS_RECORD_STAYS = "its_record_stays"
    CLASH = "clash"  # a constraint, which is named
    MISSING = "missing"  # what it points at is not there
    NOT_HERS = "not_hers"
    NOT_CHOSEN = "not_chosen"  # it points at what she could not choose
    UNSAID = "unsaid"  # its values are kept nowhere
    REFUSED = "refused"  # by the database when it was written, which says why
    FILE = "file"  # the picture is on no disk any more
    WHOLE = "whole"  # it goes back with the rest, or not at all


@dataclass(frozen=True, slots=True)
class Which:
    """Of which change set; of which record and its rows; which row; which of its columns."""

    key: str
    record: tuple[type[Model], int] | None = None
    row: tuple[Tracked, int] | None = None
    column: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """``columns``: of a row whose other columns go back; without any, the whole row. ``detail``: the constraint, or the
    models whose rows point at it."""

    why: Why
    columns: tuple[str, ...] = ()
    detail: str = ""


@dataclass(slots=True)
class Step:
    """``source``: the event that has what comes back; ``last``: the one that has what the set left. ``owners`` and
    ``coming``: the foreign keys as the set left them, and as they were before."""

    tracked: Tracked
    pk: int
    what: What
    source: int
    last: int
    root: type[Model]
    root_pk: int
    owners: dict[str, Any]
    coming: dict[str, Any]
    columns: tuple[str, ...] = ()
    goes: bool = True
    left: list[Left] = field(default_factory=list)
    emptied: set[str] = field(default_factory=set)

    def leave(self, why: Why, columns: Iterable[str] = (), detail: str = "") -> None:
        """These of its columns, or all of it where they are not what would change."""
        concerned = _with_neighbours(set(columns)) & set(self.columns)
        if self.what is not What.PUT or not concerned or concerned == set(self.columns):
            self.goes = False
            self.left.append(Left(why, self.columns if self.what is What.PUT else (), detail))
            return
        self.left.append(Left(why, tuple(one for one in self.columns if one in concerned), detail))
        self.columns = tuple(one for one in self.columns if one not in concerned)


def _with_neighbours(columns: set[str]) -> set[str]:
    return columns.union(*(those for those in TOGETHER if those & columns))


def kept_fields(tracked: Tracked) -> list[Field]:
    """The columns whose values the events have, without the key."""
    kept = {one.name for one in tracked.events._meta.fields}
    return [
        one
        for one in tracked.model._meta.concrete_fields
        if one.name in kept and not one.primary_key and not one.generated and one.name not in SAID_ELSEWHERE
    ]


Tables = list[tuple[Tracked, str, list]]  # as ``Scope.tables`` says them


@dataclass(slots=True)
class Found:
    """A change set as far as somebody is told of it, and what taking it back comes to. ``more``: it wrote what is not hers too."""

    at: datetime
    said: dict[str, Any]
    more: bool
    steps: list[Step]


def steps_of(scope: Tables, which: Which) -> Found | None:
    """Nothing if she is told of none."""
    tables = [(tracked, *_of_which(which, tracked, hers, values)) for tracked, hers, values in scope]
    tables = [one for one in tables if one[1]]
    with connection.cursor() as cursor:
        touched, said = _touched(cursor, tables, which.key)
        if not any(at for at, _more in touched.values()):
            return None
        found = [one for one in tables if touched[one[0].label][0]]
        cursor.execute(
            " UNION ALL ".join(_compared(tracked, condition) for tracked, condition, _values in found),
            [value for _t, _c, values in found for value in values],
        )
        rows = cursor.fetchall()
    steps = [step for row in rows if (step := _step(TRACKED[row[0]], which, _Compared(*row[1:])))]
    return Found(
        max(at for at, _more in touched.values() if at),
        said,
        any(more for _at, more in touched.values()),
        sorted(steps, key=lambda one: (one.root._meta.label, one.root_pk, bool(one.tracked.owners))),
    )


def _touched(cursor, tables: Tables, key: str) -> tuple[dict[str, tuple[datetime | None, bool]], dict[str, Any]]:
    """By model: when the set wrote what is asked of it, and whether it wrote anything else; and what was said of it."""
    of_set, keys = in_set(key)
    asked = {tracked.label: (condition, values) for tracked, condition, values in tables}
    parts: list[str] = []
    parameters: list = []
    for tracked in TRACKED.values():
        condition, values = asked.get(tracked.label, ("false", []))
        parts.append(
            f"SELECT '{tracked.label}', max(pgh_created_at) FILTER (WHERE {condition}),"
            f" count(*) FILTER (WHERE NOT coalesce({condition}, false)) > 0, NULL::text"
            f" FROM {tracked.table} event WHERE {of_set}"
        )
        parameters += [*values, *values, *keys]
    if is_context(key):
        parts.append("SELECT '', created_at, false, metadata::text FROM pghistory_context WHERE id = %s::uuid")
        parameters.append(key)
    cursor.execute(" UNION ALL ".join(parts), parameters)
    rows = cursor.fetchall()
    said = next((json.loads(text) for _label, _at, _more, text in rows if text), {})
    return {label: (at, more) for label, at, more, _text in rows if label}, said


def _of_which(which: Which, tracked: Tracked, hers: str, of_scope: list) -> tuple[str, list]:
    condition, of_set = in_set(which.key)
    parts, values = [hers, condition], [*of_scope, *of_set]
    if which.record:
        model, pk = which.record
        columns = next((columns for one, columns in sources_of(model) if one is tracked), [])
        if not columns:
            return "", []
        parts.append("(" + " OR ".join(f"event.{column} = %s" for column in columns) + ")")
        values += [pk] * len(columns)
    if which.row:
        if which.row[0] is not tracked:
            return "", []
        parts.append("event.pgh_obj_id = %s")
        values.append(which.row[1])
    return " AND ".join(parts), values


def _compared(tracked: Tracked, condition: str) -> str:
    """Of each row: the first and the last event of it; which columns differ between the two, between the row and what
    the set left, and between the row and what was before; whether others wrote since, and in between."""
    columns = [one.column for one in kept_fields(tracked)]
    row = tracked.model._meta
    _root, of_root = root_of(tracked)

    def pointing(of: str) -> str:
        named = (f"'{one.column}', {of}.{one.column}" for one in kept_fields(tracked) if isinstance(one, ForeignKey))
        return f"jsonb_build_object({', '.join(named)})::text"

    def differing(one: str, other: str) -> str:
        cases = (f"CASE WHEN {one}.{name} IS DISTINCT FROM {other}.{name} THEN '{name}' END" for name in columns)
        return f"array_remove(ARRAY[{', '.join(cases)}]::text[], NULL)"

    return f"""
        SELECT '{tracked.label}', span.pk::bigint, span.first::bigint, span.last::bigint, first.pgh_label, last.pgh_label,
            last.{of_root}::bigint, {pointing("last")}, {pointing("first")}, now.{row.pk.column} IS NOT NULL,
            {differing("first", "last")}, {differing("now", "last")}, {differing("now", "first")},
            EXISTS (SELECT FROM {tracked.table} later WHERE later.pgh_obj_id = span.pk AND later.pgh_id > span.last),
            EXISTS (
                SELECT FROM {tracked.table} other WHERE other.pgh_obj_id = span.pk
                AND other.pgh_id > span.first AND other.pgh_id < span.last
                AND (other.pgh_context_id IS DISTINCT FROM first.pgh_context_id
                     OR first.pgh_context_id IS NULL AND other.pgh_created_at <> first.pgh_created_at)
            )
        FROM (
            SELECT event.pgh_obj_id AS pk, min(event.pgh_id) AS first, max(event.pgh_id) AS last
            FROM {tracked.table} event WHERE {condition} GROUP BY 1
        ) span
        JOIN {tracked.table} first ON first.pgh_id = span.first JOIN {tracked.table} last ON last.pgh_id = span.last
        LEFT JOIN {row.db_table} now ON now.{row.pk.column} = span.pk
    """


class _Compared(NamedTuple):
    """A row as ``_compared`` asks for it."""

    pk: int
    first: int
    last: int
    began: str
    ended: str
    root_pk: int
    owners: str
    coming: str
    there: bool
    changed: list[str]
    moved: list[str]
    away: list[str]
    later: bool
    between: bool


def _step(tracked: Tracked, which: Which, row: _Compared) -> Step | None:
    """Nothing where nothing would come: it stands as it did before, or was there only while the set wrote."""
    was, now = row.began in (BEFORE, "delete"), row.ended in ("insert", "update")
    hidden = row.ended == BEFORE or row.began == "update"  # it went to, or came from, a record that is not hers
    if not (was or now or hidden):
        return None
    what = What.PUT if was and now else What.BRING if was else What.TAKE
    owners, coming = json.loads(row.owners), json.loads(row.coming)
    step = Step(tracked, row.pk, what, row.first, row.last, root_of(tracked)[0], row.root_pk, owners, coming)
    if hidden:
        step.leave(Why.NOT_HERS)
    elif row.between:  # somebody else wrote meanwhile: which of the two changed what, the ends do not tell
        step.leave(Why.SINCE)
    elif what is What.PUT:
        return _put_back(step, which, row)
    elif which.column:
        return None
    elif what is What.BRING:
        return _brought(step, row)
    elif not row.there:
        return None
    elif row.moved or (tracked.unsaid and row.later):
        step.leave(Why.SINCE)
    return step


def _brought(step: Step, row: _Compared) -> Step | None:
    if row.there and not row.away:
        return None
    if step.tracked.unsaid:
        step.leave(Why.UNSAID)
    elif row.there:
        step.leave(Why.SINCE)
    return step


def _put_back(step: Step, which: Which, row: _Compared) -> Step | None:
    changed = row.changed
    if which.column:
        wanted = _with_neighbours({which.column})
        changed = [name for name in changed if name in wanted]
    step.columns = tuple(changed)
    if not changed:
        if which.column or not step.tracked.unsaid:
            return None
        step.leave(Why.UNSAID)
        return step
    if not row.there:
        step.leave(Why.GONE)
        return step
    step.columns = tuple(name for name in changed if name in row.away)
    if not step.columns:
        return None
    if since := [name for name in step.columns if name in row.moved]:
        step.leave(Why.SINCE, since)
    return step


def values_that_come(steps: list[Step], fields: list[Field]) -> dict[tuple[str, int], dict[str, Any]]:
    """By model and key, what these columns said before the set: of the steps of one table."""
    if not steps or not fields:
        return {}
    columns = [one.column for one in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT event.pgh_obj_id, {', '.join(f'event.{name}' for name in columns)}"
            f" FROM {steps[0].tracked.table} event WHERE event.pgh_id = ANY(%s)",
            [[one.source for one in steps]],
        )
        label = steps[0].tracked.label
        return {(label, pk): dict(zip(columns, values, strict=True)) for pk, *values in cursor.fetchall()}


def in_groups(steps: Iterable[Step], by: Callable[[Step], Any]) -> dict[Any, list[Step]]:
    found: dict[Any, list[Step]] = {}
    for step in steps:
        found.setdefault(by(step), []).append(step)
    return found
