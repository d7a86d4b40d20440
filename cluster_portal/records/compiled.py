"""Questions that a page asks at every visit, turned into SQL once.

To put a queryset together and write it as SQL takes Django several times as long as the server takes to answer. A
compiled question keeps the SQL that its queryset gave at first, and which of the parameters in it are its own:

    @compiled
    def sites_of(organisation: int):
        return Site.objects.rows_of(organisation)

    sites_of(7691)  # the list that the queryset would give

The queryset stays the one definition. What would not hold for other values is refused when it is compiled: SQL that
depends on a value, a value that does not arrive in it as it was given, a day or a moment that is none of the parameters
(it would stay that of the first visit). Where a value would change the SQL (none, an empty list), the queryset is asked
as it is.
"""

from collections import namedtuple
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, update_wrapper
from typing import Any, get_type_hints

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    NamedValuesListIterable,
    ValuesIterable,
    ValuesListIterable,
    get_related_populators,
    prefetch_related_objects,
)

MOST_VALUES = 64  # of a list; each length has SQL of its own, and a longer one is not asked for by a page
LISTS = (list, tuple, set, dict)
CONSTANTS = (str, int, float, Decimal)  # what may stand in the SQL beside the parameters: nothing that time moves
QUESTIONS: "list[Compiled]" = []

Read = Callable[[list[tuple], Any], list[Any]]


class NotCompilable(TypeError):
    """The SQL of a question would not hold for other values."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The SQL of a question, its parameters (the position of a value, or a constant) and how rows are read."""

    sql: str
    parameters: tuple[tuple[int | None, Any], ...]
    read: Read


class Compiled:
    """A question compiled when it is first asked; ``question`` gives the ordinary queryset."""

    def __init__(self, question: Callable[..., QuerySet]) -> None:
        self.question = question
        self._kept: dict[tuple[int, ...], Kept] = {}
        self.name = f"{question.__module__}.{question.__name__}"
        update_wrapper(self, question)
        QUESTIONS.append(self)

    @cached_property
    def types(self) -> dict[str, Any]:
        """The type of each parameter, by name."""
        return {name: kind for name, kind in get_type_hints(self.question).items() if name != "return"}

    def __call__(self, *values: Any) -> list[Any]:
        given: list[Any] = []
        lengths: tuple[int, ...] = ()
        for value in values:
            if isinstance(value, LISTS):
                several = dict.fromkeys(value)
                given += several
                lengths += (len(several),)
            else:
                given.append(value)
        if None in given or not all(0 < length <= MOST_VALUES for length in lengths):
            return list(self.question(*values))
        kept = self._kept.get(lengths) or self.compile(*lengths)
        parameters = [constant if at is None else given[at] for at, constant in kept.parameters]
        connection = connections[self._alias()]
        with connection.cursor() as cursor:
            cursor.execute(kept.sql, parameters)
            return kept.read(cursor.fetchall(), connection)

    def first(self, *values: Any) -> Any:
        return next(iter(self(*values)), None)

    def compile(self, *lengths: int) -> Kept:
        """The SQL for lists of these lengths, one for each parameter that is a list."""
        (sql, constants, positions, read), other = self._written(lengths, 1), self._written(lengths, 2)
        if (sql, constants, positions) != other[:3]:
            raise NotCompilable(f"{self.name}: the SQL depends on the values that it is given.")
        parameters = zip(positions, constants, strict=True)
        kept = self._kept[lengths] = Kept(sql, tuple(parameters), read)
        return kept

    def _written(self, lengths: tuple[int, ...], edition: int) -> tuple[str, list[Any], list[int | None], Read]:
        """SQL, constants, where the values stand, reader: for values that occur nowhere else."""
        arguments, given = self._samples(lengths, edition)
        queryset = self.question(*arguments)
        compiler = queryset.query.get_compiler(self._alias())
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet as nothing:
            raise NotCompilable(f"{self.name}: there is nothing to ask the database.") from nothing
        constants: list[Any] = []
        positions: list[int | None] = []
        for parameter in parameters:
            at = next(
                (n for n, value in enumerate(given) if type(value) is type(parameter) and value == parameter), None
            )
            if at is None and not isinstance(parameter, CONSTANTS):
                raise NotCompilable(f"{self.name}: {parameter!r} is neither given nor the same for ever.")
            positions.append(at)
            constants.append(None if at is not None else parameter)
        if set(range(len(given))) - set(positions):
            raise NotCompilable(f"{self.name}: a value does not arrive in the SQL as it is given.")
        return sql, constants, positions, _reader(queryset, compiler, self._alias())

    def _samples(self, lengths: tuple[int, ...], edition: int) -> tuple[list[Any], list[Any]]:
        """Values for each parameter, and all of them in one line."""
        arguments: list[Any] = []
        given: list[Any] = []
        of_lists = iter(lengths)
        for kind in self.types.values():
            several = getattr(kind, "__origin__", None) is list
            make = _SAMPLES.get(kind.__args__[0] if several else kind)
            if make is None:
                raise NotCompilable(f"{self.name}: {kind} is no type of a parameter.")
            made = [make(1000 * edition + len(given) + n) for n in range(next(of_lists) if several else 1)]
            given += made
            arguments.append(made if several else made[0])
        return arguments, given

    @cached_property
    def _model(self):
        return self.question(*self._samples((1,) * len(self.types), 0)[0]).model

    def _alias(self) -> str:
        return router.db_for_read(self._model)


_SAMPLES: dict[Any, Callable[[int], Any]] = {
    int: lambda n: 2**31 - 1 - n,
    str: lambda n: f"\ue000{n}",  # of the private use area: no name and no slug
    date: lambda n: date.max - timedelta(days=n),
}


def compiled(question: Callable[..., QuerySet]) -> Compiled:
    """A question, with parameters of the types int, str, date and lists of them, as one that is compiled once."""
    return Compiled(question)


def _reader(queryset: QuerySet, compiler: Any, alias: str) -> Read:
    """From rows of the database to what the queryset gives, as its own iterator would."""
    columns = [column for column, _sql, _name in compiler.select[: compiler.col_count]]
    converters = list(compiler.get_converters(columns).items())
    made = _maker(queryset, compiler, alias)
    along = queryset._prefetch_related_lookups  # type: ignore[attr-defined]

    def read(rows: list[tuple], connection: Any) -> list[Any]:
        if converters:
            rows = [_converted(row, converters, connection) for row in rows]
        found: list[Any] = [made(row) for row in rows] if made else rows
        if along:
            prefetch_related_objects(found, *along)
        return found

    return read


def _converted(row: Sequence[Any], converters: list, connection: Any) -> tuple:
    values = list(row)
    for position, (functions, expression) in converters:
        for convert in functions:
            values[position] = convert(values[position], expression, connection)
    return tuple(values)


def _maker(queryset: Any, compiler: Any, alias: str) -> Callable[[tuple], Any] | None:
    """What makes an object of a row; nothing where the row itself is wanted."""
    kind = queryset._iterable_class
    if queryset._known_related_objects:
        raise NotCompilable("The rows of one object are asked for by its key, not through the object.")
    if kind is ValuesListIterable:
        return None
    if kind is FlatValuesListIterable:
        return lambda row: row[0]
    names = [*queryset.query.extra_select, *queryset.query.values_select, *queryset.query.annotation_select]
    if kind is NamedValuesListIterable:
        return namedtuple("Row", queryset._fields or names)._make  # type: ignore[attr-defined]
    if kind is ValuesIterable:
        names = list(queryset.query.selected or names)
        return lambda row: dict(zip(names, row, strict=True))
    if kind is ModelIterable:
        return _instances(compiler, alias)
    raise NotCompilable(f"Rows are not read as {kind.__name__}.")


def _instances(compiler: Any, alias: str) -> Callable[[tuple], Any]:
    info = compiler.klass_info
    fields = info["select_fields"]
    own = slice(fields[0], fields[-1] + 1)
    names = [column.target.attname for column, _sql, _name in compiler.select[own]]
    related = get_related_populators(info, compiler.select, alias)  # type: ignore[call-arg]  # of another Django
    annotations = list((compiler.annotation_col_map or {}).items())

    def instance(row: tuple) -> Any:
        found = info["model"].from_db(alias, names, row[own])
        for populator in related:
            populator.populate(row, found)
        for name, position in annotations:
            setattr(found, name, row[position])
        return found

    return instance
