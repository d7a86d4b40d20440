"""What points at an organisation, and what becomes of it when two turn out to be one, or one to be two.

Each foreign key has somebody who says so; an app says it of its own models (``register``). A key of which nobody does
stops every merger in words, and fails a test: nothing is lost by having been forgotten.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, QuerySet
from django.utils.translation import gettext_lazy as _

from cluster_portal.history.tracking import TRACKED
from members.models import Organisation

Moved = dict[str, list[int]]  # by ``label`` of a relation, the keys of rows that have no history of their own


@dataclass(frozen=True)
class Choice:
    """What is asked of one thing: ``options`` are (value, words); ``proposed`` nothing where somebody has to say."""

    name: str
    title: str
    options: Sequence[tuple[str, str]]
    proposed: str = ""


@dataclass
class Part:
    """What a relation comes to in one merger. ``moving`` and ``same`` (they stay where they are, since the survivor
    has the like) are rows in words; ``choices`` are the clashes."""

    title: Any
    moving: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        return bool(self.moving or self.same or self.choices)


@dataclass
class Pair:
    """The one that stays and the other, and what was chosen, by the names of the choices."""

    survivor: Organisation
    other: Organisation
    chosen: dict[str, str]
    moved: Moved = field(default_factory=dict)

    def choice(self, name: str, proposed: str = "") -> str:
        return self.chosen.get(name) or proposed


class Relation:
    """``label``: ``app.Model.field``, as ``label_of`` says it. By itself it moves all rows."""

    def __init__(self, label: str, title: Any, *, splits: bool = True) -> None:
        self.label, self.title, self.splits = label, title, splits

    @property
    def model(self) -> type[Model]:
        return apps.get_model(*self.label.split(".")[:2])

    @property
    def column(self) -> str:
        return self.label.split(".")[2]

    def rows(self, organisation: Organisation) -> QuerySet:
        return self.model._base_manager.filter(**{self.column: organisation.pk}).order_by("pk")

    def editable_by(self, user, organisation: Organisation) -> QuerySet:
        """Those of the rows that she edits, where somebody else may keep some of them."""
        rows = self.rows(organisation)
        scope = getattr(self.model._default_manager, "editable_by", None)
        return rows.filter(pk__in=scope(user).order_by().values("pk")) if scope else rows

    def words(self, row: Any) -> str:
        return str(row)

    def is_alike(self, row: Any, others: list, pair: Pair) -> bool:
        """Whether the survivor has the like already, so that the row stays where it is."""
        return False

    def part(self, pair: Pair) -> Part:
        stays, moves = self._apart(pair)
        return Part(self.title, [self.words(row) for row in moves], [self.words(row) for row in stays])

    def _apart(self, pair: Pair) -> tuple[list, list]:
        theirs, ours = list(self.rows(pair.other)), list(self.rows(pair.survivor))
        stays = [row for row in theirs if self.is_alike(row, ours, pair)]
        return stays, [row for row in theirs if row not in stays]

    def merge(self, pair: Pair) -> None:
        _stays, moves = self._apart(pair)
        self.move([row.pk for row in moves], pair.survivor, pair.moved)

    def move(self, keys: list[int], to: Organisation, moved: Moved) -> None:
        if not keys:
            return
        self.model._base_manager.filter(pk__in=keys).update(**{self.column: to.pk})
        if not self.has_a_history:
            moved[self.label] = keys

    @property
    def has_a_history(self) -> bool:
        table = self.model._meta.db_table  # that of pairs is tracked under a name of its own
        return any(one.model._meta.db_table == table for one in TRACKED.values())


class Stays(Relation):
    """What belongs to the row itself, and goes on saying what it said."""

    def __init__(self, label: str, why: str) -> None:
        super().__init__(label, "", splits=False)
        self.why = why

    def part(self, pair: Pair) -> Part:
        return Part(self.title)

    def merge(self, pair: Pair) -> None:
        pass


RELATIONS: dict[str, Relation] = {}


def register(*relations: Relation) -> None:
    """In the order in which they are shown and carried out."""
    for one in relations:
        RELATIONS[one.label] = one


def label_of(key: ForeignKey) -> str:
    return f"{key.model._meta.label}.{key.name}"


def keys_to_organisations() -> list[ForeignKey]:
    """Of all models, those that a many-to-many hides among them; but not of the history, which tells what was."""
    return [
        one
        for model in apps.get_models(include_auto_created=True)
        if not model._meta.proxy and not hasattr(model, "pgh_tracked_model")
        for one in model._meta.local_fields
        if isinstance(one, ForeignKey) and one.related_model._meta.concrete_model is Organisation
    ]


def unhandled() -> list[ForeignKey]:
    return [key for key in keys_to_organisations() if label_of(key) not in RELATIONS]


NOBODY_KNOWS = _(
    "Nobody has said what becomes of this when two organisations are merged: %(what)s. Tell whoever runs the site."
)


def what_stops_it() -> str:
    """A sentence, or nothing."""
    left = unhandled()
    if not left:
        return ""
    names = [f"{key.model._meta.verbose_name_plural} ({label_of(key)})" for key in left]
    return str(NOBODY_KNOWS) % {"what": ", ".join(names)}


def in_order() -> Iterable[Relation]:
    return RELATIONS.values()
