"""Writing what was checked: a statement a table, whatever the number of lines, in one transaction and one change set."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, models
from django.db.models import Exists, OuterRef, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Greatest

from cluster_portal.admin.slugs import proposed_slug
from members.models import (
    ContactPerson,
    FurtherNumber,
    Membership,
    Organisation,
    OrganisationName,
    Site,
    UnitNumber,
)
from members.models.imports import Action, ImportBatch, ImportRow

LONGEST_SLUG = 120
ROW = "members_importrow"


def write(batch: ImportBatch, by: int | None) -> dict[str, int]:
    """What was written, by table. Whoever calls holds the transaction and says who is at work."""
    with connection.cursor() as cursor:
        lines_to_write(cursor, batch, Organisation)
        written = {
            "organisations": _organisations(cursor, batch, by),
            "changed": moved(cursor, Organisation, "set", "w.match", by),
        }
        written |= {key: _pairs_added(cursor, key, model, pair) for key, model, pair in PAIRS}
        of_cluster = {"cluster_id": str(int(batch.cluster_id))}
        written |= {key: added(cursor, model, key, "organisation_id", **of_cluster) for key, model in ROWS}
        for key, through, columns in CHOICES:
            written[key] = chosen(cursor, key, through, columns)
        written["sites_changed"] = _rows_changed(cursor, Site, "site_set")
        written["memberships_changed"] = _rows_changed(cursor, Membership, "membership_set")
        written["contacts_changed"] = _rows_changed(cursor, ContactPerson, "contact_set")
        written["ended"] = _ended(batch)
        lines_written(cursor, batch)
    return {key: number for key, number in written.items() if number}


def lines_to_write(cursor, batch: ImportBatch, model: type[models.Model]) -> None:
    """``import_write``: the lines that write something, each with the key of what it is about; new ones get theirs."""
    cursor.execute(
        f"""
        CREATE TEMP TABLE import_write ON COMMIT DROP AS
        SELECT line, "group", match, changes, ''::text AS slug FROM {ROW}
        WHERE batch_id = %s AND action IN ('create', 'update') ORDER BY line
        """,
        [batch.pk],
    )
    cursor.execute("CREATE INDEX ON import_write (line); ANALYZE import_write")
    cursor.execute(
        f"UPDATE import_write SET match = nextval(pg_get_serial_sequence('{model._meta.db_table}', 'id'))"
        " WHERE changes ? 'create'"
    )
    cursor.execute(
        "UPDATE import_write w SET match = first.match FROM import_write first"
        ' WHERE w.match IS NULL AND first.line = w."group"'
    )


def lines_written(cursor, batch: ImportBatch) -> None:
    """A line that made something is about it from now on."""
    cursor.execute(
        f"UPDATE {ROW} r SET match = w.match FROM import_write w"
        " WHERE r.batch_id = %s AND r.line = w.line AND w.changes ? 'create'",
        [batch.pk],
    )
    cursor.execute("DROP TABLE import_write")


def made_by(batch: ImportBatch) -> models.QuerySet:
    """The keys of what an import made."""
    rows = ImportRow.objects.filter(batch=batch, action=Action.CREATE, match__isnull=False)
    return rows.order_by().values("match")


def _organisations(cursor, batch: ImportBatch, by: int | None) -> int:
    new_addresses(cursor, Organisation, "name")
    return made(cursor, Organisation, by, lead_cluster_id=str(int(batch.cluster_id)))


def made(cursor, model: type[models.Model], by: int | None, **given: str) -> int:
    """What is new, as drafts that whoever writes has in hand. ``given``: columns that no line says, in SQL."""
    columns = settable(model)
    given |= {
        "slug": "w.slug",
        "created_by_id": "%(by)s",
        "updated_by_id": "%(by)s",
        "assigned_to_id": "%(by)s",
        "status": "'draft'",
    }
    values = [given.get(column) or value_or_default(field, f'c."{column}"') for column, field in columns.items()]
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} (id, {names_of(columns)}) SELECT w.match, {', '.join(values)}"
        f" FROM import_write w, jsonb_to_record(w.changes->'create') AS c({record_of(columns)})"
        " WHERE w.changes ? 'create' ORDER BY w.line",
        {"by": by},
    )
    return cursor.rowcount


def new_addresses(cursor, model: type[models.Model], *names: str) -> None:
    """Addresses that no page has or had, nor another line of the file; from the first of these names that there is."""
    kind = model._meta.model_name
    said = ", ".join(f"nullif(changes->'create'->>'{name}', '')" for name in names)
    cursor.execute(f"SELECT line, coalesce({said}) FROM import_write WHERE changes ? 'create' ORDER BY line")
    wanted = [(line, proposed_slug(name, LONGEST_SLUG) or kind) for line, name in cursor.fetchall()]
    if not wanted:
        return
    cursor.execute(
        rf"""
        SELECT slug FROM (
            SELECT slug FROM {model._meta.db_table} UNION SELECT slug FROM portal_formerslug WHERE model = '{kind}'
        ) taken WHERE slug = ANY(%(wanted)s) OR regexp_replace(slug, '-\d+$', '') = ANY(%(wanted)s)
        """,
        {"wanted": list({part for _line, slug in wanted for part in (slug, slug[: LONGEST_SLUG - 5])})},
    )
    taken = {slug for (slug,) in cursor.fetchall()}
    last: dict[str, int] = {}
    chosen = []
    for line, slug in wanted:
        free, number = slug, last.get(slug, 1)
        while free in taken:
            number += 1
            free = f"{slug[: LONGEST_SLUG - 5]}-{number}"
        last[slug] = number
        taken.add(free)
        chosen.append((line, free))
    cursor.execute(
        "UPDATE import_write w SET slug = s.slug FROM unnest(%s::int[], %s::text[]) s (line, slug) WHERE w.line = s.line",
        [[line for line, _slug in chosen], [slug for _line, slug in chosen]],
    )


def _rows_changed(cursor, model: type[models.Model], key: str) -> int:
    return moved(cursor, model, key, f"(w.changes->'{key}'->>'id')::bigint")


def moved(cursor, model: type[models.Model], key: str, pk: str, by: int | None = None, *, several: bool = False) -> int:
    """Columns that one line or another changes, in one statement. Several lines may change one row, each other columns: the
    first that says something of a column is believed. ``several``: a line changes a list of rows, each ``p`` in ``pk``."""
    each, of = (f", jsonb_array_elements(w.changes->'{key}') p", "p") if several else ("", f"w.changes->'{key}'")
    cursor.execute(
        f"SELECT DISTINCT one.key FROM import_write w{each}, jsonb_each({of}) one"
        f" WHERE w.changes ? '{key}' AND jsonb_typeof(one.value) = 'array'"  # old and new; of others it says which row
    )
    said = {name for (name,) in cursor.fetchall()}
    columns = {column: field for column, field in settable(model).items() if column in said}
    if not columns:
        return 0
    sets = [
        f"\"{column}\" = CASE WHEN m.moved ? '{column}' THEN (m.moved->'{column}'->>1)::{field.db_type(connection)}"
        f' ELSE t."{column}" END'
        for column, field in columns.items()
    ]
    if any(field.column == "updated_by_id" for field in model._meta.concrete_fields):
        sets.append("updated_by_id = %(by)s")
    cursor.execute(
        f"""
        WITH said AS (
            SELECT DISTINCT ON (pk, one.key) {pk} AS pk, one.key, one.value FROM import_write w{each},
                jsonb_each({of}) one WHERE w.changes ? '{key}' AND jsonb_typeof(one.value) = 'array'
            ORDER BY pk, one.key, w.line
        ), m AS (SELECT pk, jsonb_object_agg(key, value) AS moved FROM said GROUP BY pk)
        UPDATE {model._meta.db_table} t SET {", ".join(sets)} FROM m WHERE t.id = m.pk
        """,
        {"by": by},
    )
    return cursor.rowcount


# What a line adds: where it stands among the changes, and the model of its rows.
PAIRS: tuple[tuple[str, type[models.Model], tuple[str, str]], ...] = (
    ("names", OrganisationName, ("name", "kind")),
    ("units", UnitNumber, ("label", "number")),
    ("further", FurtherNumber, ("kind", "value")),
)
ROWS: tuple[tuple[str, type[models.Model]], ...] = (
    ("site", Site),
    ("membership", Membership),
    ("contact", ContactPerson),
)
CHOICES = (
    ("themes", "members_organisation_themes", ("organisation_id", "theme_id")),
    ("supervisors", "members_organisation_supervisors", ("from_organisation_id", "to_organisation_id")),
)


def _pairs_added(cursor, key: str, model: type[models.Model], pair: tuple[str, str]) -> int:
    """Of each line any number of rows, of which two columns are said."""
    said = dict(zip(pair, ("p->>0", "p->>1"), strict=True))
    columns = {name: said.get(name) or _default(field) for name, field in settable(model, {"organisation_id"}).items()}
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} (organisation_id, {', '.join(columns)})"
        f" SELECT w.match, {', '.join(columns.values())} FROM import_write w, jsonb_array_elements(w.changes->'{key}') p"
        f" WHERE w.changes ? '{key}' ORDER BY w.line",
        [],
    )
    return cursor.rowcount


def added(cursor, model: type[models.Model], key: str, owner: str, *, several: bool = False, **given: str) -> int:
    """The row that a line adds, or each of several, to what the line is about."""
    fields = settable(model, without={owner})
    values = [given.get(column) or value_or_default(field, f'c."{column}"') for column, field in fields.items()]
    each, of = (f", jsonb_array_elements(w.changes->'{key}') p", "p") if several else ("", f"w.changes->'{key}'")
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({owner}, {names_of(fields)}) SELECT w.match, {', '.join(values)}"
        f" FROM import_write w{each}, jsonb_to_record({of}) AS c({record_of(fields)})"
        f" WHERE w.changes ? '{key}' ORDER BY w.line",
        [],
    )
    return cursor.rowcount


def chosen(cursor, key: str, through: str, columns: tuple[str, str]) -> int:
    cursor.execute(
        f"INSERT INTO {through} ({', '.join(columns)})"
        f" SELECT DISTINCT w.match, (one #>> '{{}}')::bigint FROM import_write w, jsonb_array_elements(w.changes->'{key}') one"
        f" WHERE w.changes ? '{key}' ORDER BY 1, 2 ON CONFLICT DO NOTHING",
        [],
    )
    return cursor.rowcount


def _ended(batch: ImportBatch) -> int:
    if not (batch.whole and batch.ends_on):
        return 0
    rows = missing(batch)
    return rows.update(left_on=Greatest(Value(batch.ends_on), Coalesce("joined_on", Value(batch.ends_on))))


def missing(batch: ImportBatch) -> models.QuerySet[Membership]:
    """The current memberships of the cluster of which no line of the file speaks, not even as one that it may be."""
    lines = ImportRow.objects.filter(batch=batch)
    spoken_of = lines.filter(match=OuterRef("organisation_id"))
    asked = RawSQL(  # noqa: S611 (our own words)
        "SELECT (c->>0)::bigint FROM members_importrow r, jsonb_array_elements(r.candidates) c WHERE r.batch_id = %s",
        [batch.pk],
    )
    current = Membership.objects.filter(cluster=batch.cluster_id).current()
    return current.filter(~Exists(spoken_of)).exclude(organisation__in=asked)


# --- columns ----------------------------------------------------------------------------------------------------------
NOT_GIVEN = frozenset({"id", "created_at", "updated_at"})  # the database's own


def settable(model: type[models.Model], without: Iterable[str] = ()) -> dict[str, Any]:
    """The columns that are written, by name."""
    return {
        field.column: field
        for field in model._meta.concrete_fields
        if not field.generated and field.column not in NOT_GIVEN.union(without)
    }


def names_of(fields: Iterable[str]) -> str:
    """In quotes: some are words of SQL too."""
    return ", ".join(f'"{column}"' for column in fields)


def record_of(fields: Mapping[str, Any]) -> str:
    """As what a JSON object is read."""
    return ", ".join(f'"{column}" {field.db_type(connection)}' for column, field in fields.items())


def value_or_default(field, expression: str) -> str:
    has_one = field.has_default() or field.empty_strings_allowed  # no day nor record has
    return f"coalesce({expression}, {_default(field)})" if has_one and not field.null else expression


def _default(field) -> str:
    """What a new object would have, as SQL; of the few kinds of columns that there are."""
    if field.null:
        return "NULL"
    value = field.get_prep_value(field.get_default())
    if isinstance(value, bool):
        return str(value).lower()
    return "'" + str(value or "").replace("'", "''") + "'"
