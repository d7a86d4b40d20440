"""Lines that the database would refuse, found before anybody confirms: each is tried on a table that is checked alike.

Unlike the rest this goes line by line, inside of the database: a refusal must not hold back the others.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models

from members.models import ContactPerson, Membership, Organisation, OrganisationName, Site
from members.models.imports import ImportBatch

from .writing import names_of, record_of, settable, value_or_default

# A row as it would be: of what is added all columns, of what is changed those that change over those that stand.
ADDED = (
    "SELECT r.line, {values} FROM members_importrow r{each}, jsonb_to_record({said}) AS c({record})"
    " WHERE {of} AND r.changes ? '{key}'"
)
CHANGED = (
    "SELECT r.line, {values} FROM members_importrow r{each} JOIN {table} t ON t.id = {pk}"
    " WHERE {of} AND r.changes ? '{key}'"
)
# A hundred at once, and one by one where one of them is refused: a step that can be taken back costs as much as a row.
EACH = """
DO $trial$
DECLARE
    part int;
    tried record;
    refused text;
BEGIN
    FOR part IN SELECT DISTINCT number / 100 FROM import_tried LOOP
        BEGIN
            INSERT INTO import_trial ({columns}) SELECT {columns} FROM import_tried WHERE number / 100 = part;
            CONTINUE;
        EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
        END;
        FOR tried IN SELECT * FROM import_tried WHERE number / 100 = part LOOP
            BEGIN
                INSERT INTO import_trial ({columns}) VALUES ({values});
            EXCEPTION WHEN integrity_constraint_violation OR data_exception THEN
                GET STACKED DIAGNOSTICS refused = CONSTRAINT_NAME;
                INSERT INTO import_refused VALUES (tried.line, refused);
            END;
        END LOOP;
    END LOOP;
END $trial$
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """A model whose rows lines add (``added``: where they stand among the changes) and change (``changed``).

    ``several``: as a list of rows. ``pk``: the row that is changed, where it is what the line is about. ``given``: columns
    that no line says, in SQL.
    """

    model: type[models.Model]
    added: str
    changed: str
    several: bool = False
    pk: str = ""
    given: Mapping[str, str] = field(default_factory=dict)


OF_MEMBERS = (
    Tried(Organisation, "create", "set", pk="r.match", given={"slug": "'a-line'", "status": "'draft'"}),
    Tried(Site, "site", "site_set", given={"organisation_id": "0"}),
    Tried(Membership, "membership", "membership_set", given={"organisation_id": "0", "cluster_id": "0"}),
    Tried(ContactPerson, "contact", "contact_set", given={"organisation_id": "0", "cluster_id": "0"}),
)


def try_lines(batch: ImportBatch, groups: list[int] | None = None) -> None:
    """Refuses the lines that break a rule of the database, with the rule's name as their problem."""
    with tried(batch) as cursor:
        for one in OF_MEMBERS:
            try_rows(cursor, batch, one, groups)
        _try_names(cursor, batch, groups)


@contextmanager
def tried(batch: ImportBatch) -> Iterator[Any]:
    """A cursor for trials, and at the end their outcome in the lines."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE import_refused (line int, rule text) ON COMMIT DROP")
        yield cursor
        cursor.execute(
            "UPDATE members_importrow r SET action = 'refuse', problems = r.problems || said.problems FROM ("
            " SELECT line, jsonb_agg(jsonb_build_array('', 'line-constraint', jsonb_build_object('name', rule))) AS problems"
            "  FROM import_refused GROUP BY line"
            ") said WHERE r.batch_id = %s AND r.line = said.line",
            [batch.pk],
        )
        cursor.execute(
            "UPDATE members_importrow r SET action = 'refuse', rule = 'follows', problems = r.problems"
            "  || jsonb_build_array(jsonb_build_array('', 'line-first-refused', jsonb_build_object('line', f.line)))"
            " FROM members_importrow f JOIN import_refused USING (line) WHERE r.batch_id = %(batch)s AND f.batch_id = %(batch)s"
            " AND f.changes ? 'create' AND r.\"group\" = f.line AND r.line <> f.line AND r.match IS NULL"
            " AND r.action IN ('update', 'unchanged', 'skip')",
            {"batch": batch.pk},
        )
        cursor.execute("DROP TABLE import_refused")


def _of(batch: ImportBatch, groups: list[int] | None) -> tuple[str, list]:
    of = "r.batch_id = %s AND r.action IN ('create', 'update')"
    return (f'{of} AND r."group" = ANY(%s)', [batch.pk, groups]) if groups is not None else (of, [batch.pk])


def try_rows(cursor, batch: ImportBatch, what: Tried, groups: list[int] | None) -> None:
    of, params = _of(batch, groups)
    fields = settable(what.model)
    values = {column: value_or_default(field, f'c."{column}"') for column, field in fields.items()}
    new = [f'{value} AS "{column}"' for column, value in (values | dict(what.given)).items()]

    def said(key: str) -> tuple[str, str]:
        """The rows of a line, and one of them."""
        return (f", jsonb_array_elements(r.changes->'{key}') p", "p") if what.several else ("", f"r.changes->'{key}'")

    each_added, one_added = said(what.added)
    each_changed, one_changed = said(what.changed)
    moved = [
        f"CASE WHEN jsonb_typeof({one_changed}->'{column}') = 'array'"
        f' THEN ({one_changed}->\'{column}\'->>1)::{field.db_type(connection)} ELSE t."{column}" END AS "{column}"'
        for column, field in fields.items()
    ]
    cursor.execute(
        "CREATE TEMP TABLE import_tried ON COMMIT DROP AS SELECT row_number() OVER () AS number, tried.* FROM ("
        + ADDED.format(values=", ".join(new), each=each_added, said=one_added, record=record_of(fields), of=of, key=what.added)
        + " UNION ALL "
        + CHANGED.format(
            values=", ".join(moved), each=each_changed, table=what.model._meta.db_table,
            pk=what.pk or f"({one_changed}->>'id')::bigint", of=of, key=what.changed,
        )
        + ") tried",
        [*params, *params],
    )  # fmt: skip
    _each(cursor, what.model, list(fields))


def _try_names(cursor, batch, groups) -> None:
    of, params = _of(batch, groups)
    cursor.execute(
        "CREATE TEMP TABLE import_tried ON COMMIT DROP AS"
        " SELECT row_number() OVER () AS number, r.line, 0::bigint AS organisation_id, p->>0 AS name, p->>1 AS kind, NULL::smallint AS until"
        f" FROM members_importrow r, jsonb_array_elements(r.changes->'names') p WHERE {of} AND r.changes ? 'names'",
        params,
    )
    _each(cursor, OrganisationName, ["organisation_id", "name", "kind", "until"])


def _each(cursor, model: type[models.Model], columns: list[str]) -> None:
    cursor.execute(
        f"CREATE TEMP TABLE import_trial (LIKE {model._meta.db_table} INCLUDING CONSTRAINTS INCLUDING GENERATED)"
        " ON COMMIT DROP"
    )
    cursor.execute("ALTER TABLE import_trial ALTER id DROP NOT NULL")
    for column in ("created_at", "updated_at"):
        if any(field.column == column for field in model._meta.concrete_fields):
            cursor.execute(f"ALTER TABLE import_trial ALTER {column} DROP NOT NULL")
    cursor.execute("CREATE INDEX ON import_tried ((number / 100)); ANALYZE import_tried")
    values = ", ".join(f'tried."{column}"' for column in columns)
    cursor.execute(EACH.format(columns=names_of(columns), values=values))
    cursor.execute("DROP TABLE import_trial, import_tried")
