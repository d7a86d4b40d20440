"""What happened, in the words of the forms: per record and row what was added, taken away or changed from what to what."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import BooleanField, DateField, DateTimeField, DecimalField, Field, ForeignKey, Model, TextField
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, localize
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .change_sets import Kind, last_day_to_take_back
from .reading import ChangeSet, Event
from .tracking import BEFORE, Tracked

NOTHING = "–"
GONE = _("no longer there")
NOT_TOLD = frozenset({"id", "created_at", "created_by", "is_demo"})
NOT_TOLD_AT_FIRST = frozenset({"assigned_to"})  # whoever makes it has it in hand
AROUND = 6  # words shown on each side of a difference
COMPARED = 4_000  # words; of a longer text it is said that it changed

Names = dict[tuple[type[Model], Any], str]
Words = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Value:
    """``words``, for a long text: what stayed (``same``), was taken out (``old``) or put in (``new``), in order."""

    label: str
    old: str
    new: str
    words: Words = field(default_factory=list)
    column: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What was done to one row: ``added``, ``removed`` or ``changed``. Without a title, the record itself."""

    title: str
    done: str
    values: list[Value]
    row: str = ""  # which: model and key

    @property
    def in_a_word(self) -> str:
        return str(DONE[self.done])


DONE = {
    "added": pgettext_lazy("done to a row", "added"),
    "removed": pgettext_lazy("done to a row", "removed"),
    "changed": pgettext_lazy("done to a row", "changed"),
}


@dataclass(frozen=True, slots=True)
class Mention:
    """Another change set. ``in_part``: it was taken back of one record only; ``again``: that was taken back too."""

    key: str
    when: Any
    who: str
    in_part: bool = False
    again: bool = False

    @property
    def url(self) -> str:
        return reverse("admin:change_set", args=[self.key])


@dataclass(frozen=True, slots=True)
class Entry:
    when: Any
    who: str
    how: str
    sentence: str
    lines: list[Line]
    key: str
    undoes: Mention | None = None
    undone: list[Mention] = field(default_factory=list)
    until: date | None = None  # the last day on which it can be taken back, where there is one

    @property
    def url(self) -> str:
        return reverse("admin:change_set", args=[self.key])

    @property
    def undo(self) -> str:
        """Where it is taken back; blank once it cannot be any more."""
        return "" if self.is_over else reverse("admin:undo_set", args=[self.key])

    @property
    def is_over(self) -> bool:
        return self.until is not None and timezone.localdate() > self.until


def points_at(sets: list[ChangeSet]) -> dict[type[Model], set]:
    """Whatever the rows and those who changed them are named by."""
    wanted: dict[type[Model], set] = {}
    for one in sets:
        people = [one.said.get("user"), one.said.get("undoes_by"), *(undo.by for undo in one.undone)]
        wanted.setdefault(get_user_model(), set()).update(filter(None, people))
        for event in one.events:
            for relation in _relations(event.tracked):
                if (pk := event.row.get(relation.column)) is not None:
                    wanted.setdefault(relation.related_model._meta.concrete_model, set()).add(pk)
    return wanted


def entries(sets: list[ChangeSet], root: type[Model], names: Names) -> list[Entry]:
    return [
        Entry(
            one.at,
            person(one.said.get("user"), names),
            str(Kind(one.said.get("kind", Kind.UNKNOWN)).label),
            in_words(one.said),
            list(lines(one.events, root, names)),
            one.key,
            _undoes(one.said, names),
            [
                Mention(undo.key, undo.at, person(undo.by, names), undo.of is not None, undo.again)
                for undo in one.undone
            ],
            last_day_to_take_back(one.said.get("kind", ""), one.at),
        )
        for one in sets
    ]


def in_words(said: dict) -> str:
    """The sentence in the reader's language, and the reason as it was given."""
    sentence = gettext(said["sentence"]) if said.get("sentence") else ""
    return " – ".join(filter(None, (sentence, said.get("reason", ""))))


def person(pk: int | None, names: Names) -> str:
    return names.get((get_user_model(), pk), NOTHING)


def _undoes(said: dict[str, Any], names: Names) -> Mention | None:
    if not said.get("undoes"):
        return None
    when = parse_datetime(said.get("undoes_at", ""))
    return Mention(said["undoes"], when, person(said.get("undoes_by"), names), "of" in said)


def lines(events: list[Event], root: type[Model], names: Names) -> Iterator[Line]:
    """Several changes of a row within a set are told as one: what it was before the first, and is after the last."""
    rows: dict[tuple[str, int], list[Event]] = {}
    for event in events:
        rows.setdefault((event.tracked.label, event.pk), []).append(event)
    for of_row in rows.values():
        tracked, first, last = of_row[0].tracked, of_row[0], of_row[-1]
        was = first.row if first.what in (BEFORE, "delete") else None
        now = last.row if last.what in ("insert", "update") else None
        if was is None and now is None:
            continue
        itself = tracked.model._meta.concrete_model is root._meta.concrete_model
        values = [] if tracked.of_field or tracked.unsaid else list(_values(tracked, was, now, names))
        if was is not None and now is not None and not values and not tracked.unsaid:
            continue
        done = "added" if was is None else "removed" if now is None else "changed"
        title = "" if itself else title_of(tracked, root, now or was or {}, names)
        yield Line(title, done, values, f"{tracked.label}:{of_row[0].pk}")


def _values(tracked: Tracked, was: dict | None, now: dict | None, names: Names) -> Iterator[Value]:
    named_by = set() if was and now else {relation.name for relation in _naming(tracked)}
    for one in tracked.model._meta.concrete_fields:
        if one.name in NOT_TOLD | named_by or one.column not in (now or was or {}):
            continue
        if one.name in NOT_TOLD_AT_FIRST and not (was and now):
            continue
        old, new = (row[one.column] if row else None for row in (was, now))
        if old == new or (not (was and now) and (old or new) in (None, "", False)):
            continue
        if not (was and now) and one.name in tracked.owners:
            continue
        words = compared(old or "", new or "") if isinstance(one, TextField) and was and now else []
        label = capfirst(str(one.verbose_name))
        yield Value(label, shown(one, old, names), shown(one, new, names), words, one.column)


def title_of(tracked: Tracked, root: type[Model], row: dict, names: Names) -> str:
    if tracked.of_field:
        kind = str(root._meta.get_field(tracked.of_field).verbose_name)
    else:
        kind = str(tracked.model._meta.verbose_name)
    what = [name for one in _naming(tracked) if (name := shown(one, row.get(one.column), names)) != NOTHING]
    return capfirst(_("%(kind)s: %(what)s") % {"kind": kind, "what": ", ".join(what)} if what else kind)


def _naming(tracked: Tracked) -> list[Field]:
    return [tracked.model._meta.get_field(name) for name in tracked.named_by]


def _relations(tracked: Tracked) -> list[ForeignKey]:
    return [
        one
        for one in tracked.model._meta.concrete_fields
        if isinstance(one, ForeignKey) and one.name in {kept.name for kept in tracked.events._meta.fields}
    ]


def shown(one: Field, value: Any, names: Names) -> str:
    """As the form and the lists write it."""
    if value in (None, ""):
        return NOTHING
    if isinstance(one, ForeignKey):
        return names.get((one.related_model._meta.concrete_model, value), str(GONE))
    if isinstance(one, BooleanField):
        return gettext("Yes") if value else gettext("No")
    if one.choices:
        return str(dict(one.flatchoices).get(value, value))
    if isinstance(one, DateTimeField):
        return date_format(timezone.localtime(one.to_python(value)), "SHORT_DATETIME_FORMAT")
    if isinstance(one, DateField):
        return date_format(one.to_python(value), "SHORT_DATE_FORMAT")
    if isinstance(one, DecimalField):
        return localize(one.to_python(str(value)))
    return str(value)


def compared(old: str, new: str) -> Words:
    """Two texts word by word; of what stayed, what is far from any difference is left out."""
    before, after = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (old, new))
    if max(len(before), len(after)) > 2 * COMPARED:
        return [("old", "…"), ("new", "…")]
    told: Words = []
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for step, (tag, a, b, c, d) in enumerate(steps):
        if tag == "equal":
            told.append(("same", _shortened(before[a:b], step == 0, step == len(steps) - 1)))
            continue
        if b > a:
            told.append(("old", "".join(before[a:b])))
        if d > c:
            told.append(("new", "".join(after[c:d])))
    return told


def _shortened(words: list[str], first: bool, last: bool) -> str:
    around = 2 * AROUND  # blanks count
    if len(words) <= 2 * around + 1:
        return "".join(words)
    head = "" if first else "".join(words[:around])
    return head + " … " + ("" if last else "".join(words[-around:]))
