"""Does the steps of an undo: a statement for each table and set of columns, however many rows.

Where the database refuses, the steps are halved until those are found that it refuses, and the rest goes ahead. Each row
is written only if it still says what the change set left, whoever is at work at the same moment.
"""

from collections.abc import Iterable

from django.db import IntegrityError, connection

from cluster_portal.records.transactions import refused_at_once

from .clashes import derived_rows
from .steps import Step, What, Why, in_groups, kept_fields
from .tracking import TRACKED, Tracked

Refused = list[tuple[Step, IntegrityError]]


def take_back(steps: list[Step], by: int) -> Refused:
    """What the database refused; what somebody changed at this very moment is marked as left."""
    refused = _tried([one for one in steps if one.goes], by)
    while refused:  # one may have waited for what another gave up
        again = _tried([step for step, _error in refused], by)
        if len(again) == len(refused):
            break
        refused = again
    for step, _error in refused:
        step.goes = False
    return refused


def _tried(steps: list[Step], by: int) -> Refused:
    if not steps:
        return []
    try:
        with refused_at_once():
            missed = _written(steps, by)
    except IntegrityError as error:
        if len(steps) == 1:
            return [(steps[0], error)]
        middle = len(steps) // 2
        return [*_tried(steps[:middle], by), *_tried(steps[middle:], by)]
    for step in missed:
        step.leave(Why.SINCE)
    return []


def _written(steps: list[Step], by: int) -> list[Step]:
    """Those that were not there any more as they had been left."""
    order = {label: number for number, label in enumerate(TRACKED)}
    tables = sorted(
        in_groups(steps, lambda one: one.tracked.label).values(), key=lambda one: order[one[0].tracked.label]
    )
    missed: list[Step] = []
    with connection.cursor() as cursor:
        for those in tables:
            missed += _take(cursor, [one for one in those if one.what is What.TAKE])
        for those in tables:
            putting = [one for one in those if one.what is What.PUT]
            for columns, some in in_groups(putting, lambda one: one.columns).items():
                missed += _put(cursor, some, columns, by)
        for those in tables:
            _bring(cursor, [one for one in those if one.what is What.BRING], by)
    return missed


def _take(cursor, steps: list[Step]) -> Iterable[Step]:
    if not steps:
        return []
    tracked = steps[0].tracked
    row = tracked.model._meta
    cursor.execute(
        f"DELETE FROM {row.db_table} now USING {tracked.table} last WHERE last.pgh_id = ANY(%s)"
        f" AND now.{row.pk.column} = last.pgh_obj_id AND {_as_left(one.column for one in kept_fields(tracked))}"
        f" RETURNING now.{row.pk.column}",
        [[one.last for one in steps]],
    )
    gone = {pk for (pk,) in cursor.fetchall()}
    for one in derived_rows(tracked.model):
        cursor.execute(f"DELETE FROM {one.model._meta.db_table} WHERE {one.column} = ANY(%s)", [list(gone)])
    return [one for one in steps if one.pk not in gone]


def _put(cursor, steps: list[Step], columns: tuple[str, ...], by: int) -> Iterable[Step]:
    tracked = steps[0].tracked
    row = tracked.model._meta
    values = [f'"{name}" = before.{name}' for name in columns]
    author = _author(tracked)
    cursor.execute(
        f"UPDATE {row.db_table} now SET {', '.join(values + [f'{name} = %s' for name in author])}"
        " FROM unnest(%s::bigint[], %s::bigint[]) step (before, last)"
        f" JOIN {tracked.table} before ON before.pgh_id = step.before"
        f" JOIN {tracked.table} last ON last.pgh_id = step.last"
        f" WHERE now.{row.pk.column} = before.pgh_obj_id AND {_as_left(columns)} RETURNING now.{row.pk.column}",
        [*[by for _name in author], [one.source for one in steps], [one.last for one in steps]],
    )
    done = {pk for (pk,) in cursor.fetchall()}
    return [one for one in steps if one.pk not in done]


def _bring(cursor, steps: list[Step], by: int) -> None:
    for emptied, some in in_groups(steps, lambda one: frozenset(one.emptied)).items():
        tracked = some[0].tracked
        row = tracked.model._meta
        names = [one.column for one in kept_fields(tracked)]
        author = _author(tracked)
        columns = ", ".join(f'"{name}"' for name in [row.pk.column, *names, *author])
        values = ["''" if name in emptied else f"event.{name}" for name in names]
        cursor.execute(
            f"INSERT INTO {row.db_table} ({columns})"
            f" SELECT event.pgh_obj_id, {', '.join(values + ['%s' for _name in author])}"
            f" FROM {tracked.table} event WHERE event.pgh_id = ANY(%s) ORDER BY event.pgh_obj_id",
            [*[by for _name in author], [one.source for one in some]],
        )


def _as_left(columns: Iterable[str]) -> str:
    return " AND ".join(["true", *(f"now.{name} IS NOT DISTINCT FROM last.{name}" for name in columns)])


def _author(tracked: Tracked) -> list[str]:
    """The column that says who saved last, where there is one."""
    return [one.column for one in tracked.model._meta.concrete_fields if one.name == "updated_by"]
