"""Rules that came after the rows: a new constraint holds for whatever is written from then on, and is checked on what
is there where it holds already. A row that breaks it stops no migration; ``manage.py check_data`` names it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import IntegrityError, connection, migrations, models, transaction


@dataclass(frozen=True)
class UnheldRule:
    """A check constraint that rows from before it may break."""

    name: str
    table: str
    condition: str

    def broken_by(self) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {self.table} WHERE NOT ({self.condition}) ORDER BY id")
            return [pk for (pk,) in cursor.fetchall()]

    def hold(self) -> bool:
        """Whether it holds for all rows, from now on without exception."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"ALTER TABLE {self.table} VALIDATE CONSTRAINT {self.name}")
        except IntegrityError:
            return False
        return True


def unheld_rules() -> Iterator[UnheldRule]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, conrelid::regclass::text, pg_get_expr(conbin, conrelid) FROM pg_constraint "
            "WHERE contype = 'c' AND NOT convalidated ORDER BY 2, 1"
        )
        rules = [UnheldRule(*row) for row in cursor.fetchall()]
    yield from rules


def added(model_name: str, *constraints: models.CheckConstraint) -> list[AddConstraintNotValid]:
    return [AddConstraintNotValid(model_name=model_name, constraint=constraint) for constraint in constraints]


def hold_where_possible(apps: Any, schema_editor: Any) -> None:
    broken = [rule.name for rule in unheld_rules() if not rule.hold()]
    if broken:
        print(f"\n  Rows from before break {', '.join(broken)}: “manage.py check_data” names them.")


def held_where_possible() -> migrations.RunPython:
    """The last operation of a migration that adds constraints."""
    return migrations.RunPython(hold_where_possible, migrations.RunPython.noop)
