"""Where persons stand, as each app registers it: how they are found there, told, and forgotten."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.apps import apps
from django.db.models import CharField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from cluster_portal.records.search import fold

from .sought import Sought

MOST_FOUND = 500  # rows of one source


@dataclass(frozen=True)
class Found:
    """A row that speaks of whoever is looked for. ``said``: what it says, in words, under the names of its fields.
    ``identity``: what else she is known by there, where the row is of her and does not only name her. ``certain``: her whole name, address or number stands there, and not its
    words or letters alone."""

    key: str
    what: str
    said: dict[str, str] = field(default_factory=dict)
    identity: Sought = field(default_factory=Sought)
    certain: bool = False


class Source(Protocol):
    """``fields``: those that it answers for, as ``members.contactperson.email``. ``becomes``: what an erasure does to its rows."""

    key: str
    label: Any
    becomes: Any
    fields: tuple[str, ...]

    def find(self, sought: Sought) -> Iterable[Found]: ...

    def erase(self, keys: Iterable[str], sought: Sought) -> int: ...


SOURCES: dict[str, Source] = {}
# Fields that look as if they held a person and do not, with the reason; what they say is found as a mention all the same.
OF_NOBODY: dict[str, str] = {}


def register(source: Source) -> Source:
    SOURCES[source.key] = source
    return source


def of_nobody(reason: str, *fields: str) -> None:
    OF_NOBODY.update(dict.fromkeys(fields, reason))


def _deleted(rows: QuerySet, sought: Sought) -> int:
    number = rows.count()
    rows.delete()
    return number


@dataclass(frozen=True)
class Rows:
    """The rows of a model. She is recognised by the words of ``names`` together (and of ``nicknames``, which are no name
    of hers elsewhere), by one of ``emails`` or of ``phones``, or named in one of ``texts``. ``told``: what else is told of
    a row; of one that is ``unread``, nothing but that. ``forget(rows, sought)`` says how many it forgot."""

    key: str
    label: Any
    becomes: Any
    model: str
    names: tuple[str, ...] = ()
    nicknames: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    also: tuple[str, ...] = ()  # further fields that go with the row
    unread: Callable[[Any], bool] = lambda row: False
    forget: Callable[[QuerySet, Sought], int] = _deleted

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(f"{self.model}.{name}" for name in (*self._known_by, *self.texts, *self.also))

    @property
    def _known_by(self) -> tuple[str, ...]:
        return (*self.names, *self.nicknames, *self.emails, *self.phones)

    def _rows(self) -> QuerySet:
        return apps.get_model(self.model)._base_manager.all()

    def find(self, sought: Sought) -> list[Found]:
        rows = self._rows().annotate(**self._folded())
        condition = Q(pk__in=[])
        for name in sought.names if self.names else ():
            words = Q()
            for word in fold(name).split():
                words &= Q(folded_name__contains=word)
            condition |= words
        for column in self.emails:
            for email in sought.emails:
                condition |= Q(**{f"{column}__iregex": rf"(^|[^\w.+-]){re.escape(email)}($|[^\w.-])"})
        for column in self.phones:
            for phone in sought.phones:
                condition |= Q(**{f"{column}__startswith": phone})
        found = [self._found(row, sought, is_of_her=True) for row in rows.filter(condition).order_by("pk")[:MOST_FOUND]]
        if self.texts:
            known = {one.key for one in found}
            found += [
                self._found(row, sought) for row in self._naming(rows, sought) if str(row.pk) not in known
            ]  # fmt: skip
        return found

    def _folded(self) -> dict:
        if not self.names:
            return {}
        parts = [part for name in (*self.names, *self.nicknames) for part in (F(name), Value(" "))]
        whole = Concat(*parts, output_field=TextField())
        return {"folded_name": Func(whole, function="portal_fold", output_field=CharField())}

    def _naming(self, rows: QuerySet, sought: Sought) -> Iterable[Any]:
        condition = Q(pk__in=[])
        for position, column in enumerate(self.texts):
            text = f"text_{position}"
            rows = rows.alias(**{text: Cast(column, TextField())})
            for pattern in sought.likely:
                condition |= Q(**{f"{text}__iregex": pattern})
        for row in rows.filter(condition).order_by("pk"):
            if any(sought.all_words_in(str(getattr(row, column))) for column in self.texts):
                yield row

    def _name(self, said: Mapping[str, str]) -> str:
        return " ".join(filter(None, (said[name] for name in self.names)))

    def _identity(self, said: Mapping[str, str]) -> Sought:
        """Addresses without a name beside them may be those of several: of whoever writes a mail, and of whoever gets it."""
        if not self.names:
            return Sought()
        identity = Sought.of(name=self._name(said))
        for column in self.emails:
            identity |= Sought.of(email=said[column])
        for column in self.phones:
            identity |= Sought.of(phone=said[column])
        return identity

    def _found(self, row: Any, sought: Sought, *, is_of_her: bool = False) -> Found:
        said = {name: str(getattr(row, name) or "") for name in (*self._known_by, *self.told, *self.texts)}
        texts = (self._name(said), *(said[one] for one in (*self._known_by, *self.texts)))
        certain = any(sought.sure.names_her(text) for text in texts)
        meta = row._meta
        labels = {name: str(meta.get_field(name).verbose_name) for name in said}
        told = {name: said[name] for name in self.told} if self.unread(row) else said
        words = [text for text in told.values() if text]
        return Found(
            str(row.pk),
            " · ".join(words)[:300],
            {labels[name]: text for name, text in told.items() if text},
            self._identity(said) if is_of_her else Sought(),
            certain,
        )

    def erase(self, keys: Iterable[str], sought: Sought) -> int:
        return self.forget(self._rows().filter(pk__in=list(keys)), sought)


def blanked(*columns: str) -> Callable[[QuerySet, Sought], int]:
    """Forgets by taking her out of the texts of these columns; the rows stay."""

    def forget(rows: QuerySet, sought: Sought) -> int:
        number = 0
        for row in rows:
            values = {name: sought.taken_out_of(getattr(row, name)) for name in columns}
            number += type(row)._base_manager.filter(pk=row.pk).update(**values)
        return number

    return forget
