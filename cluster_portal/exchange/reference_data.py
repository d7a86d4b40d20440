"""Rows of the project's own data files, brought into the database without undoing anybody's work.

What was written for each row is remembered. A column is brought up to date only while the database
still holds what was written last; a row that staff deleted is not made again; a row that was there
before the files is left as it is. Foundation: the models come from the caller.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import IntegrityError, connection, models, transaction

from cluster_portal.exchange.data_files import Row, cell_value

Values = dict[str, Any]
LOCK = 0x5EED  # one loading at a time


@dataclass(frozen=True)
class Table:
    """How the rows of a file become rows of a model.

    ``key`` names a row for good, whatever its other cells become. ``same`` are the columns by which
    a row that is already in the database is recognised. ``references`` says which table's keys a
    column holds. ``always`` are values that no file gives. Columns ``ignored`` have other readers.
    """

    name: str
    model: type[models.Model]
    rows: Callable[[], Iterable[Row]]
    key: Callable[[Mapping[str, str]], str]
    same: tuple[str, ...]
    references: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    always: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Report:
    """How many rows of a table were made, brought up to date, left as staff changed them, left
    deleted; ``refused`` are sentences about rows that contradict what staff entered."""

    table: Table
    total: int = 0
    created: int = 0
    updated: int = 0
    kept: int = 0
    deleted: int = 0
    refused: list[str] = field(default_factory=list)


@dataclass
class Change:
    """A row to write: the object, the columns that move, and what will then be remembered of it."""

    row: Row
    key: str
    instance: models.Model
    moved: list[str]
    columns: dict[str, str | None]


class Loader:
    """Loads tables in the order given: a table comes after those that it refers to.

    ``memory`` is a model with ``source``, ``key`` and ``values``, unique on the first two.
    """

    def __init__(self, memory: Any) -> None:
        self.memory = memory
        self.ids: dict[str, dict[str, int | None]] = {}

    def load_all(self, tables: Iterable[Table]) -> list[Report]:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            return [self.load(table) for table in tables]

    def load(self, table: Table) -> Report:
        return _TableLoad(self, table).run()


class _TableLoad:
    """One table on its way into the database."""

    def __init__(self, loader: Loader, table: Table) -> None:
        self.loader, self.table, self.report = loader, table, Report(table)
        self.ids = loader.ids.setdefault(table.name, {})
        self.known = {memory.key: memory for memory in loader.memory._base_manager.filter(source=table.name)}
        self.rows_by_id = table.model._base_manager.in_bulk([memory.values["id"] for memory in self.known.values()])
        self.new: list[Change] = []
        self.changed: list[Change] = []
        self.memories: list[models.Model] = []

    def run(self) -> Report:
        seen: dict[str, int] = {}
        for row in self.table.rows():
            key = self._key(row, seen)
            self.report.total += 1
            values = self._values(row)
            if key in self.known:
                self._compare(row, key, values)
            elif values is None:
                self.ids[key] = None
                self.report.deleted += 1
            else:
                self._meet(row, key, values)
        self._write(self.new, self._create)
        self._write(self.changed, self._update)
        self._remember()
        return self.report

    # --- reading -----------------------------------------------------------------------------------------------

    def _key(self, row: Row, seen: dict[str, int]) -> str:
        try:
            key = self.table.key(row.cells)
        except KeyError as column:
            raise row.error(f"there is no column {column}") from column
        if not key:
            raise row.error("the row does not say what it is")
        if key in seen:
            raise row.error(f"“{key}” is already on line {seen[key]}")
        seen[key] = row.line
        return key

    def _values(self, row: Row) -> Values | None:
        """By column of the database; None when a row that this one cannot do without was deleted."""
        values: Values = dict(self.table.always)
        for column, cell in row.cells.items():
            if column in self.table.ignored:
                continue
            try:
                model_field = _field(self.table.model, column)
            except FieldDoesNotExist as error:
                raise row.error(f"“{column}” is not a column of this table") from error
            if column in self.table.references:
                value = self._referred(row, column, cell, model_field.null)
                if value is None and not model_field.null:
                    return None
            else:
                value = cell_value(row, model_field, cell)
            values[model_field.attname] = value
        return values

    def _referred(self, row: Row, column: str, cell: str, may_be_blank: bool) -> int | None:
        if not cell and may_be_blank:
            return None
        table = self.table.references[column]
        known = self.loader.ids.get(table, {})
        if cell not in known:
            raise row.error(f"“{cell}” in “{column}” is not among the {table}")
        return known[cell]

    # --- comparing ---------------------------------------------------------------------------------------------

    def _compare(self, row: Row, key: str, values: Values | None) -> None:
        """A row that was loaded before: what the file changed goes in, what staff changed stays."""
        memory = self.known[key]
        instance = self.rows_by_id.get(memory.values["id"])
        self.ids[key] = instance.pk if instance else None
        if instance is None:
            self.report.deleted += 1
        if instance is None or values is None:
            return
        last, moved, kept = dict(memory.values["columns"]), [], False
        for column, value in values.items():
            wanted, current = _plain(value), _plain(getattr(instance, column))
            if current == wanted:
                last[column] = wanted
            elif current == last.get(column, _EMPTY.get(current)):
                moved.append(column)
                setattr(instance, column, value)
            else:
                kept = True
        self.report.kept += kept
        if moved:
            self._check(row, instance, moved)
            columns = last | {column: _plain(values[column]) for column in moved}
            self.changed.append(Change(row, key, instance, moved, columns))
        elif last != memory.values["columns"]:
            self._note(key, instance.pk, last)

    def _meet(self, row: Row, key: str, values: Values) -> None:
        """A row that was never loaded: made, unless somebody has entered it already."""
        columns = {column: _plain(value) for column, value in values.items()}
        same = {_field(self.table.model, name).attname for name in self.table.same}
        instance = self._entered.get(tuple(columns[name] for name in sorted(same)))
        if instance is None:
            instance = self.table.model(**values)
            self._check(row, instance, [f.attname for f in instance._meta.concrete_fields if not f.primary_key])
            self.new.append(Change(row, key, instance, list(values), columns))
            return
        self.ids[key] = instance.pk
        self.report.kept += any(_plain(getattr(instance, column)) != value for column, value in columns.items())
        self._note(key, instance.pk, columns)

    @cached_property
    def _entered(self) -> dict[tuple, models.Model]:
        """The rows of the table, by the columns that tell whether a new row is one of them."""
        same = sorted(_field(self.table.model, name).attname for name in self.table.same)
        return {
            tuple(_plain(getattr(instance, column)) for column in same): instance
            for instance in self.table.model._base_manager.all()
        }

    # --- writing -----------------------------------------------------------------------------------------------

    def _check(self, row: Row, instance: models.Model, columns: list[str]) -> None:
        """What the model says of each column: length, choices, form of an address."""
        skipped = {f.name for f in instance._meta.fields if f.attname not in columns or f.is_relation}
        lacking = [f.name for f in instance._meta.fields if f.name in skipped and _lacks(instance, f, columns)]
        if lacking:
            raise row.error(f"there is no {' and no '.join(lacking)}")
        try:
            instance.clean_fields(exclude=skipped)
        except ValidationError as error:
            said = "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())
            raise row.error(said) from error

    def _write(self, changes: list[Change], write: Callable[[list[Change]], None]) -> None:
        """All at once; one by one when the database refuses, so that one contradiction stops nothing else."""
        if not changes:
            return
        try:
            with transaction.atomic():
                write(changes)
            written = changes
        except IntegrityError:
            written = [change for change in changes if self._written_alone(change, write)]
        for change in written:
            self.ids[change.key] = change.instance.pk
            self._note(change.key, change.instance.pk, change.columns)
        if write == self._create:
            self.report.created += len(written)
        else:
            self.report.updated += len(written)

    def _written_alone(self, change: Change, write: Callable[[list[Change]], None]) -> bool:
        try:
            with transaction.atomic():
                write([change])
        except IntegrityError as error:
            self.ids.setdefault(change.key, None)
            said = str(error).splitlines()
            self.report.refused.append(f"{change.row.place}: {' '.join(said[:2])}")
            return False
        return True

    def _create(self, changes: list[Change]) -> None:
        for change in changes:
            change.instance.pk = None  # set by an attempt that the database refused
        self.table.model._base_manager.bulk_create([change.instance for change in changes])

    def _update(self, changes: list[Change]) -> None:
        moved = sorted({column for change in changes for column in change.moved})
        self.table.model._base_manager.bulk_update([change.instance for change in changes], moved)

    def _note(self, key: str, pk: int, columns: dict[str, str | None]) -> None:
        values = {"id": pk, "columns": columns}
        self.memories.append(self.loader.memory(source=self.table.name, key=key, values=values))

    def _remember(self) -> None:
        self.loader.memory._base_manager.bulk_create(
            self.memories, update_conflicts=True, unique_fields=["source", "key"], update_fields=["values"]
        )


def _lacks(instance: models.Model, model_field: models.Field, columns: list[str]) -> bool:
    """Whether a link that a row cannot do without is missing."""
    wanted = model_field.is_relation and not model_field.null and model_field.attname in columns
    return wanted and getattr(instance, model_field.attname) is None


def _field(model: type[models.Model], name: str) -> models.Field:
    model_field = model._meta.get_field(name)
    if not isinstance(model_field, models.Field):  # the far side of somebody else's link
        raise FieldDoesNotExist(name)
    return model_field


_EMPTY: dict[str | None, str | None] = {None: None, "": ""}  # a column that an earlier file did not have


def _plain(value: Any) -> str | None:
    """A form in which what is remembered, what a file says and what the database holds can be compared."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)
