"""What is done to several rows of a list at once: a page says before what would come, a message after what came.

What does not go is named with its reason, and holds back nothing else. `at_once` asks, and does what was confirmed.
"""

from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cluster_portal.history.change_sets import key_under_way
from cluster_portal.records import among  # noqa: F401 (the lookup of that name)
from cluster_portal.records.scope import EDIT_NETWORK

from .refusals import refusal, without_refused

Needs = dict[str, tuple[Any, Callable[[], Q]]]
Line = tuple[int, Any]  # a level of messages, and what to say

NAMED = 10  # rows that a page or a message names, and of each reason
LONGEST_REASON = 200
KEPT_BY_OTHERS = gettext_lazy("Another cluster keeps it.")


class ValuesForm(forms.Form):
    """What an action asks for besides the rows. ``asked_of`` is who answers."""

    def __init__(self, *args, asked_of, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked_of = asked_of


@dataclass
class Plan:
    """What would become of the rows that were chosen, by their keys: those that go, those that lack something, those
    that do not go and why; the others are as they should be already."""

    chosen: list[int]
    going: list[int]
    lacking: dict[int, list[str]] = field(default_factory=dict)
    refused: dict[str, list[int]] = field(default_factory=dict)

    @property
    def unchanged(self) -> int:
        return len(self.chosen) - len(self.going) - len(self.lacking) - sum(map(len, self.refused.values()))

    def digest(self) -> str:
        """The same for the same rows with the same fate, and no other."""
        whole = sha256()
        for keys in (self.chosen, self.going, sorted(self.lacking), *self.refused.values()):
            whole.update(b"%d:" % len(keys))
            whole.update(array("q", keys).tobytes())
        return whole.hexdigest()[:32]

    def with_those_that_lack(self) -> "Plan":
        return Plan(self.chosen, sorted({*self.going, *self.lacking}), {}, self.refused)


@dataclass
class Done:
    """Rows changed, the keys of those that the database refused, by reason, and what else there is to say."""

    changed: int = 0
    refused: dict[str, list[int]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


@dataclass(eq=False)
class Verb:
    """`name` is that of the queryset's method, which `to_…` has a sister that finds the rows for which it is due. Both take
    the values of the `form`, where there is one, by their names."""

    name: str
    label: Any
    sentence: Any  # lazy, and counted by `count`
    with_reason: bool = False
    only_if_fit: bool = False  # what lacks something goes only if somebody says so
    form: type[ValuesForm] | None = None
    of_network: bool = False
    values_are_told: bool = True  # the page shows what comes of the values: others are asked about anew

    # --- for whom, and of what ----------------------------------------------------------------------------------------
    def open_to(self, user) -> bool:
        return not self.of_network or user.has_perm(EDIT_NETWORK)

    def first_values(self) -> dict[str, Any] | None:
        """With which the page begins to reckon; nothing where they are to be given first."""
        return None if self.form else {}

    def kept(self, rows: QuerySet, user) -> QuerySet:
        return rows.kept_by(user) if hasattr(rows, "kept_by") else rows.editable_by(user)

    def refusals(self, rows: QuerySet, values: dict[str, Any]) -> Iterable[tuple[Any, QuerySet]]:
        """Why a row does not go that is kept by whoever asks, and which rows these are."""
        return ()

    def due(self, rows: QuerySet, values: dict[str, Any]) -> QuerySet:
        return getattr(rows, f"to_{self.name}")(**values)

    def plan(
        self, model_admin, queryset: QuerySet, user, values: dict[str, Any] | None, told: dict[str, Any] | None = None
    ) -> Plan:
        """Of nothing but the rows of ``queryset``. As long as there are no ``values`` all go that could."""
        chosen = sorted(set(queryset.order_by().values_list("pk", flat=True)))
        those = model_admin.model._default_manager.filter(pk__among=chosen)
        left, refused = set(chosen), {}
        if not user.has_perm(EDIT_NETWORK):
            left &= set(_keys(self.kept(those, user)))
            if others := sorted(set(chosen) - left):
                refused[str(KEPT_BY_OTHERS)] = others
        if values is None or not left:
            return Plan(chosen, sorted(left), {}, refused)
        for reason, rows in self.refusals(those, values):
            if found := sorted(left & set(_keys(rows))):
                refused[str(reason)] = found
                left -= set(found)
        due = left & set(_keys(self.due(those, values)))
        lacking: dict[int, list[str]] = {}
        wanted = model_admin.wanted_for_publishing if self.only_if_fit and due else {}
        for label, condition in wanted.values():
            for pk in sorted(_keys(those.filter(condition(), pk__among=sorted(due)))):
                lacking.setdefault(pk, []).append(str(label))
        return Plan(chosen, sorted(due - set(lacking)), lacking, refused)

    def weight(self, model_admin, plan: Plan) -> int:
        """How many rows it writes: where they are very many, nobody waits for it."""
        return len(plan.going)

    def previews(self, rows: QuerySet, values: dict[str, Any]) -> dict[int, str]:
        """Of these first rows, what would be in the place of what."""
        return {}

    # --- done ---------------------------------------------------------------------------------------------------------
    def write(self, rows: QuerySet, user, values: dict[str, Any]) -> int:
        return getattr(rows, self.name)(by=user, **values)

    def carry_out(self, rows: QuerySet, keys: list[int], user, values: dict[str, Any]) -> Done:
        if not keys:
            return Done()
        changed, errors = without_refused(
            keys, lambda some: self.write(rows.filter(pk__among=some), user, values)
        )  # fmt: skip
        done = Done(changed)
        for pk, error in errors.items():
            done.refused.setdefault(str(refusal(error, rows.model)), []).append(pk)
        return done

    # --- what is said -------------------------------------------------------------------------------------------------
    def said(self, model_admin, plan: Plan, done: Done) -> Iterable[Line]:
        if done.changed:
            yield messages.SUCCESS, self.sentence % {"count": done.changed}
        yield from done.lines
        if plan.unchanged:
            yield messages.INFO, self._unchanged(plan.unchanged) % {"count": plan.unchanged}
        by_reason = {reason: list(keys) for reason, keys in done.refused.items()}
        for reason, keys in plan.refused.items():
            by_reason.setdefault(reason, []).extend(keys)
        for pk, what in plan.lacking.items():
            by_reason.setdefault(", ".join(what), []).append(pk)
        named = names(model_admin, *by_reason.values())
        for reason, keys in by_reason.items():
            told = ", ".join(str(row) for row in named(keys))
            if (more := len(keys) - NAMED) > 0:
                sentence = ngettext("%(names)s and %(more)d more", "%(names)s and %(more)d more", more)
                told = sentence % {"names": told, "more": more}
            yield messages.ERROR, _("%(names)s: %(reason)s") % {"names": told, "reason": reason}

    def _unchanged(self, number: int) -> str:
        if self.form:
            return ngettext(
                "%(count)d left as it was: it is like that already.",
                "%(count)d left as they were: they are like that already.",
                number,
            )
        return ngettext(
            "%(count)d left as it was: its state does not call for it.",
            "%(count)d left as they were: their state does not call for it.",
            number,
        )


def _keys(rows: QuerySet) -> Iterable[int]:
    return rows.order_by().values_list("pk", flat=True)


def with_way_back(text: str) -> str:
    """And a link to the page that takes back what this request did."""
    key = key_under_way()
    return (
        format_html('{} <a href="{}">{}</a>', text, reverse("admin:undo_set", args=[key]), _("Undo")) if key else text
    )


def names(model_admin, *groups: Iterable[int]) -> Callable[[Iterable[int]], list]:
    """Fetches the first rows of each group in one query; what it gives back finds those of a group, in their order."""
    wanted = {pk for group in groups for pk in sorted(group)[:NAMED]}
    rows = model_admin.for_form(model_admin.model._default_manager.filter(pk__in=wanted)) if wanted else ()
    found = list(rows)

    def of(group: Iterable[int]) -> list:
        first = set(sorted(group)[:NAMED])
        return [row for row in found if row.pk in first]

    return of
