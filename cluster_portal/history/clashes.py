"""What the database would refuse of a list of steps, found before anything is written, for thousands of rows at once.

Which rows there would be is asked of the database as it stands, and held against its own constraints, as it wrote them
down. Whatever clashes is left, and what hung on it is looked at again. What triggers refuse is met when it is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.db import connection
from django.db.models import Field, ForeignKey, Model

from .steps import Step, What, Why, in_groups, kept_fields
from .tracking import TRACKED, Tracked

ROUNDS = 20  # each leaves something; then the rest is met when it is written


def settle(steps: list[Step]) -> None:
    """Leaves what cannot go, until what goes stands together."""
    for _round in range(ROUNDS):
        _stay_with_their_records(steps)
        going = _Going(steps)
        if not going.steps or not _leave(going, going.clashing()):
            return


def _stay_with_their_records(steps: list[Step]) -> None:
    """A record that was added and stays, stays whole."""
    staying = {(one.root, one.pk) for one in steps if one.what is What.TAKE and not one.goes and _is_root(one)}
    for one in steps:
        if one.goes and one.what is What.TAKE and not _is_root(one) and (one.root, one.root_pk) in staying:
            one.leave(Why.ITS_RECORD_STAYS)


def _is_root(step: Step) -> bool:
    return not step.tracked.owners


@dataclass(frozen=True, slots=True)
class Rule:
    """A unique index or an exclusion (with operators), or a check (``condition`` alone)."""

    name: str
    columns: tuple[str, ...]
    expressions: tuple[str, ...]
    operators: tuple[str, ...]
    condition: str


RULES = """
SELECT rel.relname, index.relname, part.columns,
    ARRAY(SELECT pg_get_indexdef(i.indexrelid, n, true) FROM generate_series(1, i.indnkeyatts) n),
    ARRAY(SELECT op.oprname::text FROM unnest(con.conexclop) WITH ORDINALITY one (oid, n)
          JOIN pg_operator op ON op.oid = one.oid ORDER BY one.n),
    coalesce(pg_get_expr(i.indpred, i.indrelid, true), 'true')
FROM pg_index i JOIN pg_class rel ON rel.oid = i.indrelid JOIN pg_class index ON index.oid = i.indexrelid
LEFT JOIN pg_constraint con ON con.conindid = i.indexrelid AND con.contype IN ('u', 'x')
CROSS JOIN LATERAL (
    SELECT array_agg(DISTINCT attname::text) FROM pg_depend JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
    WHERE refobjid = rel.oid AND refobjsubid > 0 AND objid IN (i.indexrelid, con.oid)
) part (columns)
WHERE i.indrelid = ANY(%(tables)s::regclass[]) AND (i.indisunique OR i.indisexclusion) AND NOT i.indisprimary
UNION ALL
SELECT rel.relname, con.conname, (
        SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = rel.oid AND attnum = ANY(con.conkey)
    ), '{}', '{}', pg_get_expr(con.conbin, con.conrelid, true)
FROM pg_constraint con JOIN pg_class rel ON rel.oid = con.conrelid
WHERE con.conrelid = ANY(%(tables)s::regclass[]) AND con.contype = 'c'
"""


@cache
def rules() -> dict[str, list[Rule]]:
    """By table, of all that have a history; as they stood when a process first asked."""
    tables = sorted({one.model._meta.db_table for one in TRACKED.values()})
    with connection.cursor() as cursor:
        cursor.execute(RULES, {"tables": tables})
        found: dict[str, list[Rule]] = {table: [] for table in tables}
        for table, name, columns, expressions, operators, condition in cursor.fetchall():
            found[table].append(Rule(name, tuple(columns or ()), tuple(expressions), tuple(operators), condition))
    return found


# (label of the model, key, why, constraint or models, the columns that it speaks of)
Clash = tuple[str, int, Why, str, tuple[str, ...]]


class _Going:
    """The steps that go, table by table, and the rows that there would be."""

    def __init__(self, steps: list[Step]) -> None:
        self.steps = [one for one in steps if one.goes]
        self.by_label = in_groups(self.steps, lambda one: one.tracked.label)
        self.by_place = {(one.tracked.label, one.pk): one for one in self.steps}

    def clashing(self) -> list[Clash]:
        parts: list[str] = []
        values: list = []
        for label, tracked in self._tracked():
            for number, rule in enumerate(_rules_of(tracked)):
                parts.append(_twice(tracked, number, rule) if rule.expressions else _unmet(tracked, number, rule))
            for one, condition in self._pointing(label, tracked):
                parts.append(
                    f"SELECT '{label}', row_key, '{Why.MISSING.value}', 0, '{one.column}' FROM {_result(tracked)} mine"
                    f" WHERE {condition}"
                )
            taken = [one.pk for one in self.by_label[label] if one.what is What.TAKE]
            for relation in _relations(tracked.model) if taken else ():
                parts.append(
                    f"SELECT '{label}', other.{relation.column}, '{Why.BUILT_ON.value}', 0,"
                    f" '{relation.model._meta.label}' FROM {relation.model._meta.db_table} other"
                    f" WHERE other.{relation.column} = ANY(%s) AND NOT other.{relation.model._meta.pk.column} = ANY(%s)"
                )
                values += [taken, self._moved_away(relation)]
        return self._asked(parts, values)

    def _tracked(self) -> Iterator[tuple[str, Tracked]]:
        for label in self.by_label:
            yield label, TRACKED[label]

    def _pointing(self, label: str, tracked: Tracked) -> Iterator[tuple[Field, str]]:
        """The foreign keys of what comes or is put back, and the rows whose are empty ends."""
        whole = any(one.what is What.BRING for one in self.by_label[label])
        named = {column for one in self.by_label[label] if one.what is What.PUT for column in one.columns}
        for one in kept_fields(tracked):
            if not isinstance(one, ForeignKey) or not (whole or one.column in named):
                continue
            target = one.related_model._meta
            there = [f"SELECT FROM {target.db_table} other WHERE other.{target.pk.column} = mine.{one.column}"]
            for other, of_other in self._tracked():
                if of_other.model._meta.db_table == target.db_table and any(
                    step.what is What.BRING for step in self.by_label[other]
                ):
                    there.append(f"SELECT FROM {_result(of_other)} other WHERE other.row_key = mine.{one.column}")
            empty = " AND ".join(f"NOT EXISTS ({question})" for question in there)
            yield one, f"mine.{one.column} IS NOT NULL AND {empty}"

    def _moved_away(self, relation: ForeignKey) -> list[int]:
        """The keys of the rows that point by this foreign key today and would not afterwards."""
        table = relation.model._meta.db_table
        those = next((self.by_label[one] for one, tracked in self._tracked() if _table(tracked) == table), [])
        return [
            one.pk
            for one in those
            if one.what is What.TAKE or (one.what is What.PUT and relation.column in one.columns)
        ]

    def _asked(self, parts: list[str], values: list) -> list[Clash]:
        if not parts:
            return []
        results, of_results = self._results()
        with connection.cursor() as cursor:
            cursor.execute(f"WITH {results} {' UNION ALL '.join(parts)}", [*of_results, *values])
            rows = cursor.fetchall()
        found: list[Clash] = []
        for label, pk, why, number, detail in rows:
            reason = Why(why)
            if reason is Why.CLASH:
                rule = _rules_of(TRACKED[label])[number]
                found.append((label, pk, reason, rule.name, rule.columns))
            else:
                found.append((label, pk, reason, detail, (detail,) if reason is Why.MISSING else ()))
        return found

    def _results(self) -> tuple[str, list]:
        """Of each table what its rows would say, under ``row_key``; and which keys are spoken of."""
        parts, values = [], []
        for label, tracked in self._tracked():
            questions = []
            for (what, columns), steps in in_groups(self.by_label[label], lambda one: (one.what, one.columns)).items():
                if what is not What.TAKE:
                    questions.append(_rows_that_come(tracked, what, columns))
                    values.append([one.source for one in steps])
            parts.append(f"{_result(tracked)} AS MATERIALIZED ({' UNION ALL '.join(questions) or _no_rows(tracked)})")
            checks = " AND ".join(f"({_as_text(one.condition)})" for one in _rules_of(tracked) if not one.expressions)
            parts.append(
                f"{_sound(tracked)} AS MATERIALIZED"
                f" (SELECT * FROM {_result(tracked)} WHERE ({checks or 'true'}) IS NOT FALSE)"
            )
            parts.append(f"{_spoken_of(tracked)} AS MATERIALIZED (SELECT unnest(%s::bigint[]) AS pk)")
            values.append([one.pk for one in self.by_label[label]])
        return ", ".join(parts), values


def _table(tracked: Tracked) -> str:
    return tracked.model._meta.db_table


def _rules_of(tracked: Tracked) -> list[Rule]:
    """Those that speak of nothing but what the history keeps."""
    kept = {tracked.model._meta.pk.column, *(one.column for one in kept_fields(tracked))}
    return [one for one in rules()[_table(tracked)] if kept.issuperset(one.columns)]


def _result(tracked: Tracked) -> str:
    return f"coming_{_table(tracked)}"


def _sound(tracked: Tracked) -> str:
    """Those that meet every check: a range that ends before it begins cannot even be held against others."""
    return f"sound_{_table(tracked)}"


def _spoken_of(tracked: Tracked) -> str:
    return f"stepped_{tracked.model._meta.db_table}"


def _no_rows(tracked: Tracked) -> str:
    key, table = tracked.model._meta.pk.column, tracked.model._meta.db_table
    columns = ", ".join(f"now.{one.column}" for one in kept_fields(tracked))
    return f"SELECT now.{key} AS row_key, now.{key}, {columns} FROM {table} now WHERE false"


def _rows_that_come(tracked: Tracked, what: What, columns: tuple[str, ...]) -> str:
    key, table = tracked.model._meta.pk.column, tracked.model._meta.db_table
    back = set(columns)
    names = ", ".join(
        f"{'event' if what is What.BRING or one.column in back else 'now'}.{one.column}" for one in kept_fields(tracked)
    )
    joined = "" if what is What.BRING else f" JOIN {table} now ON now.{key} = event.pgh_obj_id"
    return (
        f"SELECT event.pgh_obj_id AS row_key, event.pgh_obj_id AS {key}, {names} FROM {tracked.table} event{joined}"
        " WHERE event.pgh_id = ANY(%s)"
    )


def _unmet(tracked: Tracked, number: int, rule: Rule) -> str:
    return (
        f"SELECT '{tracked.label}', row_key, '{Why.CLASH.value}', {number}, ''"
        f" FROM {_result(tracked)} WHERE NOT ({_as_text(rule.condition)})"
    )


def _twice(tracked: Tracked, number: int, rule: Rule) -> str:
    """The rows that would stand where another stands, or would come to stand."""
    key, table = tracked.model._meta.pk.column, tracked.model._meta.db_table
    named = [f"{_as_text(expression)} AS e{n}" for n, expression in enumerate(rule.expressions)]
    said, condition = ", ".join(named), _as_text(rule.condition)
    operators = rule.operators or ("=",) * len(rule.expressions)
    alike = " AND ".join(f"mine.e{n} {operator} other.e{n}" for n, operator in enumerate(operators))
    coming = f"SELECT row_key, {said} FROM {_sound(tracked)} WHERE {condition}"
    return (
        f"SELECT '{tracked.label}', mine.row_key, '{Why.CLASH.value}', {number}, '' FROM ({coming}) mine"
        f" JOIN ({coming} UNION ALL SELECT {key}, {said} FROM {table} WHERE {condition}"
        f" AND NOT EXISTS (SELECT FROM {_spoken_of(tracked)} spoken WHERE spoken.pk = {table}.{key})) other"
        f" ON {alike} AND mine.row_key <> other.row_key"
    )


def _as_text(sql: str) -> str:
    return sql.replace("%", "%%")


def _relations(model: type[Model]) -> list[ForeignKey]:
    """The foreign keys that point at a model, but for those of the history and of rows that the database derives."""
    found = {}
    for relation in model._meta.concrete_model._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or not (relation.one_to_many or relation.one_to_one):
            continue
        field = relation.field
        if hasattr(field.model, "pgh_tracked_model") and "pgh_id" in {one.name for one in field.model._meta.fields}:
            continue
        if not field.primary_key and not field.model._meta.proxy:
            found[field.model._meta.db_table, field.column] = field
    return list(found.values())


def derived_rows(model: type[Model]) -> list[ForeignKey]:
    """The foreign keys of what triggers keep for each row of a model: its search document."""
    return [
        relation.field
        for relation in model._meta.concrete_model._meta.related_objects
        if relation.one_to_one and relation.field.primary_key and not relation.field.model._meta.proxy
    ]


def _leave(going: _Going, clashes: list[Clash]) -> bool:
    for label, pk, why, detail, columns in clashes:
        step = going.by_place[label, pk]
        if not step.goes:
            continue
        if why is Why.CLASH and step.tracked.of_field and step.what is What.BRING:
            step.goes = False  # the pair is there again
        else:
            step.leave(why, columns, detail)
    return bool(clashes)
