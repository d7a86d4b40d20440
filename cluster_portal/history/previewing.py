"""What the page of an undo tells of its steps: what would come of them, and who wrote over what stays."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from .reading import SET, ChangeSet, Event, together
from .steps import Step, Tables, What, Why, in_groups, kept_fields
from .tracking import BEFORE


def as_events(steps: list[Step]) -> list[tuple[Step, list[Event]]]:
    """What would come of these, told as if it had: what each row says now, and what it would say."""
    parts, values = [], []
    for those in in_groups(steps, lambda one: one.tracked.label).values():
        tracked = those[0].tracked
        key = tracked.model._meta.pk.column

        def told(of: str, tracked=tracked) -> str:
            names = ", ".join(f"'{one.column}', {of}.{one.column}" for one in kept_fields(tracked))
            return f"jsonb_build_object({names})"

        parts.append(
            f"SELECT '{tracked.label}', event.pgh_obj_id::bigint, now.{key} IS NOT NULL, {told('now')}::text,"
            f" {told('event')}::text"
            f" FROM {tracked.table} event LEFT JOIN {tracked.model._meta.db_table} now ON now.{key} = event.pgh_obj_id"
            " WHERE event.pgh_id = ANY(%s)"
        )
        values.append([one.source for one in those])
    found: dict[tuple[str, int], tuple] = {}
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), values)
            for label, pk, there, now, was in cursor.fetchall():
                found[label, pk] = (there, *(json.loads(text, parse_float=Decimal) for text in (now, was)))
    return [(step, _as_events(step, *found[step.tracked.label, step.pk])) for step in steps]


def _as_events(step: Step, there: bool, now: dict, was: dict) -> list[Event]:
    def event(what: str, row: dict) -> Event:
        return Event(step.tracked, step.pk, what, row)

    if step.what is What.BRING:
        return [event("insert", was | dict.fromkeys(step.emptied, ""))]
    if step.what is What.TAKE:
        return [event("delete", now if there else was)]
    if not there:
        return [event("delete", was)]
    return [event(BEFORE, now), event("update", now | {name: was[name] for name in step.columns if step.goes})]


@dataclass(frozen=True, slots=True)
class Later:
    """Who wrote over it since, and when."""

    at: datetime
    said: dict[str, Any]


def changed_since(scope: Tables, steps: list[Step]) -> dict[tuple[str, int, str], Later]:
    """By model, key and column ("" for the row): the last change of each, as far as the reader is told of it."""
    wanted: dict[str, list[Step]] = {}
    for step in steps:
        if any(one.why in (Why.SINCE, Why.GONE) for one in step.left):
            wanted.setdefault(step.tracked.label, []).append(step)
    parts, values = [], []
    for tracked, hers, of_scope in scope if wanted else ():
        if those := wanted.get(tracked.label):
            parts.append(
                f"SELECT '{tracked.label}' AS source, pgh_id, pgh_obj_id, pgh_label, pgh_created_at, pgh_context_id,"
                f" to_jsonb(event) AS values FROM {tracked.table} event"
                f" WHERE {hers} AND event.pgh_obj_id = ANY(%s) AND event.pgh_id > %s"
            )
            values += [*of_scope, [one.pk for one in those], min(one.last for one in those)]
    if not parts:
        return {}
    question = (
        f"SELECT {SET}, event.pgh_created_at, 0, context.metadata::text, source, pgh_obj_id, pgh_label, values::text"
        f" FROM ({' UNION ALL '.join(parts)}) event LEFT JOIN pghistory_context context ON context.id = pgh_context_id"
        " ORDER BY event.pgh_created_at, pgh_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        sets, _number = together(cursor.fetchall())
    after = {(one.tracked.label, one.pk): one.last for those in wanted.values() for one in those}
    found: dict[tuple[str, int, str], Later] = {}
    for one in sets:
        for place, columns in _written(one, after).items():
            found |= {(*place, column): Later(one.at, one.said) for column in ("", *columns)}
    return found


def _written(one: ChangeSet, after: dict[tuple[str, int], int]) -> dict[tuple[str, int], set[str]]:
    """The columns that a set changed, of each of these rows, after an event of it."""
    rows: dict[tuple[str, int], list[Event]] = {}
    for event in one.events:
        place = (event.tracked.label, event.pk)
        if place in after and event.row["pgh_id"] > after[place]:
            rows.setdefault(place, []).append(event)
    return {
        place: {
            field.column
            for field in kept_fields(events[0].tracked)
            if events[0].row[field.column] != events[-1].row[field.column]
        }
        for place, events in rows.items()
    }
