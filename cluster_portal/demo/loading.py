"""Copying rows into PostgreSQL, and what is put aside for the time it takes.

Search documents are made once at the end instead of once a batch; big indexes of theirs are built
afterwards instead of row by row. All of it in the caller's transaction: an interruption undoes everything.
"""

from collections.abc import Iterable, Sequence
from contextlib import contextmanager

from django.db import connection
from django.db.models import Model

from cluster_portal.models import SearchWord
from members.models import (
    FurtherNumber,
    Membership,
    Organisation,
    OrganisationName,
    SearchDocument,
    Site,
    UnitNumber,
)
from projects.models import Funding, Outcome, Participation, Project, ProjectDocument, ProjectLabel

DOCUMENTS_AT_ONCE = 32_000  # each time their words are held against the vocabulary: the more, the fewer words again
BUILD_INDEXES_FROM = 20_000  # rows; below, adding to the indexes is as quick and locks nobody out
Table = tuple[type[Model], tuple[str, ...]]

ORGANISATIONS: Table = (
    Organisation,
    (
        "id", "kind", "name", "acronym", "slug", "description_fr", "description_en", "founding_year", "website", "email",
        "phone", "logo", "national", "country", "siren", "ror_id", "size", "naf_code", "headcount", "rnsr_id", "uai_code",
        "institution_type", "closed_on", "successor_id", "lead_cluster_id", "verified_on", "verified_by_id", "verified_source", "is_demo",
        "status", "archived_on", "created_at", "updated_at",
    ),
)  # fmt: skip
MEMBER_TABLES: dict[str, Table] = {
    "organisations": ORGANISATIONS,
    "themes": (Organisation.themes.through, ("organisation_id", "theme_id")),
    "names": (OrganisationName, ("organisation_id", "name", "kind", "until")),
    "sites": (
        Site,
        (
            "organisation_id", "name", "address", "postcode", "city", "department_id", "region_id", "country", "latitude",
            "longitude", "precision", "siret", "head_office",
        ),
    ),
    "memberships": (Membership, ("organisation_id", "cluster_id", "category", "joined_on", "left_on")),
    "supervisors": (Organisation.supervisors.through, ("from_organisation_id", "to_organisation_id")),
    "unit_numbers": (UnitNumber, ("organisation_id", "label", "number")),
    "further_numbers": (FurtherNumber, ("organisation_id", "kind", "value")),
}  # fmt: skip
PROJECT_TABLES: dict[str, Table] = {
    "projects": (
        Project,
        (
            "id", "acronym", "title_fr", "title_en", "slug", "summary_fr", "summary_en", "start", "end", "website",
            "total_cost", "public_funding", "stated", "stated_on", "stated_reason", "is_demo", "status", "archived_on",
            "created_at", "updated_at",
        ),
    ),
    "themes": (Project.themes.through, ("project_id", "theme_id")),
    "participations": (Participation, ("project_id", "organisation_id", "role", "cost", "public_funding")),
    "labels": (ProjectLabel, ("project_id", "cluster_id", "role", "date")),
    "fundings": (Funding, ("project_id", "programme_id", "amount", "date")),
    "outcomes": (Outcome, ("project_id", "kind", "title_fr", "title_en", "year")),
}  # fmt: skip

DOCUMENTS: dict[type[Model], tuple[type[Model], str, dict[str, Table]]] = {
    Organisation: (SearchDocument, "members_refresh_documents", MEMBER_TABLES),
    Project: (ProjectDocument, "projects_refresh_documents", PROJECT_TABLES),
}


def table_name(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def copy(table: Table, rows: Iterable[Sequence]) -> None:
    model, columns = table
    constants = _defaults(model, columns)
    names = ", ".join(map(connection.ops.quote_name, (*columns, *constants)))
    rest = tuple(constants.values())
    with connection.cursor() as cursor, cursor.copy(f"COPY {table_name(model)} ({names}) FROM STDIN") as out:
        for row in rows:
            out.write_row((*row, *rest))


def _defaults(model: type[Model], columns: tuple[str, ...]) -> dict[str, object]:
    """What a new object would have in the columns that are not copied and may not be null."""
    return {
        field.column: field.get_prep_value(field.get_default())
        for field in model._meta.concrete_fields
        if not (field.null or field.primary_key or field.generated or field.has_db_default() or field.column in columns)
    }


def copy_batch(tables: dict[str, Table], batch) -> int:
    """The number of rows of the first table, of which the others hang."""
    for attribute, table in tables.items():
        if rows := getattr(batch, attribute):
            copy(table, rows)
    return len(getattr(batch, next(iter(tables))))


def first_free_id(model: type[Model]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table_name(model)}")
        return cursor.fetchone()[0]


def continue_ids_after_the_highest(model: type[Model]) -> None:
    """The ids were given here, not drawn from the sequence: move it on, and never back, for it obeys no rollback."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
        sequence = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT setval(%s, greatest(max(id), (SELECT last_value FROM {sequence}))) FROM {table_name(model)}",
            [sequence],
        )


@contextmanager
def alone_with(*models: type[Model]):
    """No other writer until the end of the transaction; readers go on."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(map(table_name, models))} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # checked batch by batch: the queue of checks stays short
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def without_document_triggers():
    """Without the triggers that write a search document anew at each change (``cluster_portal.records.triggers``)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
            r"WHERE NOT tgisinternal AND tgenabled = 'O' AND tgname LIKE '%\_document\_%'"
        )
        triggers = [(table, connection.ops.quote_name(name)) for table, name in cursor.fetchall()]
        for table, name in triggers:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    yield
    with connection.cursor() as cursor:
        for table, name in triggers:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")


def write_documents(model: type[Model], first_id: int, count: int, progress) -> None:
    """The search documents of organisations, or of projects, by the function that the triggers call too."""
    documents, refresh, tables = DOCUMENTS[model]
    with connection.cursor() as cursor, indexes_afterwards(documents, count > BUILD_INDEXES_FROM):
        cursor.execute(f"ANALYZE {', '.join(table_name(model) for model, _columns in tables.values())}")
        # from the sixth call on, a plan made for any ids would read whole tables: plan for these ids
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        for start in range(first_id, first_id + count, DOCUMENTS_AT_ONCE):
            stop = min(start + DOCUMENTS_AT_ONCE, first_id + count)
            cursor.execute(f"SELECT {refresh}(ARRAY(SELECT generate_series(%s, %s)::bigint))", [start, stop - 1])
            progress(stop - start)
        cursor.execute("SET LOCAL plan_cache_mode = auto")


@contextmanager
def indexes_afterwards(model: type[Model], worth_it: bool):
    """Indexes that no constraint stands on are dropped, and built again in one go."""
    definitions = []
    if worth_it:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
                "WHERE indrelid = %s::regclass AND NOT indisunique",
                [model._meta.db_table],
            )
            definitions = cursor.fetchall()
            for name, _definition in definitions:
                cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        for _name, definition in definitions:
            cursor.execute(definition)


def vacuum() -> None:
    """Outside of a transaction. Sets the visibility map too, without which index-only scans read the table."""
    copied = [model for model, _columns in (*MEMBER_TABLES.values(), *PROJECT_TABLES.values())]
    with connection.cursor() as cursor:
        for model in (*copied, SearchDocument, SearchWord, ProjectDocument):
            cursor.execute(f"VACUUM (ANALYZE) {table_name(model)}")
