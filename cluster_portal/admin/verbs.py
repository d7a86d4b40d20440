"""What is done to several rows of a list at once: a page says before what would come, a message after what came.

What does not go is named with its reason, and holds back nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.http import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cluster_portal.history.change_sets import Kind, key_under_way, tell
from cluster_portal.records.transactions import refused_at_once

from .base import refusal

Needs = dict[str, tuple[Any, Callable[[], Q]]]

NAMED = 10  # rows that a page or a message names
CONFIRMED, ALL, REASON = "confirmed", "all", "reason"  # what the page sends
LONGEST_REASON = 200
KEPT_BY_OTHERS = _("Another cluster keeps it.")


@dataclass
class Plan:
    """What would become of the rows that were chosen: those that go, those that lack something, those that stay."""

    going: list[int]
    lacking: dict[int, list[str]]
    others: list[int]
    chosen: int

    @property
    def unchanged(self) -> int:
        return self.chosen - len(self.going) - len(self.lacking) - len(self.others)


@dataclass
class Done:
    """Rows changed, and names of those that the database refused, by reason."""

    changed: int = 0
    refused: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Verb:
    """`name` is that of the queryset's method, which `to_…` has a sister that finds the rows for which it is due."""

    name: str
    label: Any
    sentence: Any  # lazy, and counted by `count`
    with_reason: bool = False

    def asked_and_done(
        self, model_admin, request, queryset: QuerySet, lacking: Needs | None = None
    ) -> HttpResponseBase | None:
        """``lacking``: what a row must not lack to be among those that go by themselves."""
        rows = model_admin.model._default_manager.all()
        plan = self._plan(rows, queryset, request.user, lacking or {})
        reason = " ".join(request.POST.get(REASON, "").split())[:LONGEST_REASON]
        confirmed = CONFIRMED in request.POST
        if confirmed and request.POST.get(ALL):
            plan.going, plan.lacking = sorted({*plan.going, *plan.lacking}), {}
        nothing = not plan.going and not (plan.lacking and not confirmed)
        if not nothing and not (confirmed and (reason or not self.with_reason)):
            return self._page(model_admin, request, rows, plan, unanswered=confirmed)
        tell(Kind.BULK if len(plan.going) > 1 else Kind.FORM, self.label, reason)
        done = self._do(rows.filter(pk__in=plan.going), request.user, model_admin.model) if plan.going else Done()
        self._report(model_admin, request, rows, plan, done)
        return None

    def _plan(self, rows: QuerySet, queryset: QuerySet, user, wanted: Needs) -> Plan:
        chosen = rows.filter(pk__in=list(queryset.order_by().values_list("pk", flat=True)))
        kept = set(chosen.kept_by(user).values_list("pk", flat=True))
        every = set(chosen.values_list("pk", flat=True))
        due = set(getattr(chosen, f"to_{self.name}")().values_list("pk", flat=True)) & kept
        lacking: dict[int, list[str]] = {}
        for label, condition in wanted.values() if due else ():
            for pk in rows.filter(condition(), pk__in=due).values_list("pk", flat=True):
                lacking.setdefault(pk, []).append(str(label))
        return Plan(sorted(due - set(lacking)), lacking, sorted(every - kept), len(every))

    def _do(self, rows: QuerySet, user, model) -> Done:
        try:
            with refused_at_once():
                return Done(getattr(rows, self.name)(by=user))
        except IntegrityError:
            pass
        # one row refused must not hold back the others
        done = Done()
        for obj in list(rows):
            try:
                with refused_at_once():
                    done.changed += getattr(rows.filter(pk=obj.pk), self.name)(by=user)
            except IntegrityError as error:
                done.refused.setdefault(str(refusal(error, model)), []).append(str(obj))
        return done

    # --- what is said -------------------------------------------------------------------------------------------------
    def _page(self, model_admin, request, rows: QuerySet, plan: Plan, *, unanswered: bool) -> TemplateResponse:
        opts = model_admin.opts
        number = len(plan.going) + len(plan.lacking)
        kind = opts.verbose_name if number == 1 else opts.verbose_name_plural
        context = {
            **model_admin.admin_site.each_context(request),
            "title": _("%(action)s: %(number)d %(rows)s") % {"action": self.label, "number": number, "rows": kind},
            "subtitle": None,
            "opts": opts,
            "verb": self,
            "plan": plan,
            "going": _named(rows, dict.fromkeys(plan.going, "")),
            "lacking": _named(rows, {pk: ", ".join(what) for pk, what in plan.lacking.items()}),
            "others": _named(rows, dict.fromkeys(plan.others, KEPT_BY_OTHERS)),
            "unanswered": unanswered,
            "longest_reason": LONGEST_REASON,
            "sent": [
                (name, value)
                for name in ("action", "select_across", ACTION_CHECKBOX_NAME)
                for value in request.POST.getlist(name)
            ],
            "list_url": request.get_full_path(),
        }
        request.current_app = model_admin.admin_site.name
        return TemplateResponse(request, "admin/confirm_verb.html", context)

    def _report(self, model_admin, request, rows: QuerySet, plan: Plan, done: Done) -> None:
        if done.changed:
            text = self.sentence % {"count": done.changed}
            model_admin.message_user(request, with_way_back(text), messages.SUCCESS)
        if plan.unchanged:
            text = ngettext(
                "%(count)d left as it was: its state does not call for it.",
                "%(count)d left as they were: their state does not call for it.",
                plan.unchanged,
            )
            model_admin.message_user(request, text % {"count": plan.unchanged}, messages.INFO)
        for reason, names in done.refused.items():
            self._refused(model_admin, request, names[:NAMED], len(names) - NAMED, reason)
        if plan.others:
            named = _named(rows, dict.fromkeys(plan.others, ""))
            self._refused(model_admin, request, named.names, named.more, KEPT_BY_OTHERS)
        by_reason: dict[str, list[int]] = {}
        for pk, what in plan.lacking.items():
            by_reason.setdefault(", ".join(what), []).append(pk)
        for reason, keys in by_reason.items():
            named = _named(rows, dict.fromkeys(keys, ""))
            self._refused(model_admin, request, named.names, named.more, reason)

    @staticmethod
    def _refused(model_admin, request, names: list[str], more: int, reason) -> None:
        told = ", ".join(names)
        if more > 0:
            sentence = ngettext("%(names)s and %(more)d more", "%(names)s and %(more)d more", more)
            told = sentence % {"names": told, "more": more}
        model_admin.message_user(
            request, _("%(names)s: %(reason)s") % {"names": told, "reason": reason}, messages.ERROR
        )


def with_way_back(text: str) -> str:
    """And a link to the page that takes back what this request did."""
    key = key_under_way()
    return (
        format_html('{} <a href="{}">{}</a>', text, reverse("admin:undo_set", args=[key]), _("Undo")) if key else text
    )


@dataclass
class Named:
    """The first rows of many, each with what is said of it, and how many more there are."""

    rows: list[tuple[Any, Any]]
    more: int

    @property
    def names(self) -> list[str]:
        return [str(row) for row, _said in self.rows]


def _named(rows: QuerySet, said: dict[int, Any]) -> Named:
    """Of the rows with these keys."""
    first = rows.filter(pk__in=sorted(said)[:NAMED]) if said else ()
    return Named([(row, said[row.pk]) for row in first], max(len(said) - NAMED, 0))
