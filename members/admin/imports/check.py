"""The fifth step: what each line would do, and what is to be decided, before anything is written."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_portal.exchange.asking import Why
from cluster_portal.exchange.sentences import sentence
from cluster_portal.records.search import clean_query
from cluster_portal.work.life import worker_alive
from cluster_portal.work.queue import ahead_of
from cluster_portal.writing.typography import number as in_figures
from members.admin.finding import number
from members.imports import checking, tasks, writing
from members.imports.problems import said
from members.imports.subjects import handling_of
from members.imports.telling import Telling, label_of, repair_in_words
from members.models import ImportBatch, ImportRow
from members.models.imports import COUNTED, Action, Decision, State

from .confirm import why_nobody_leaves
from .steps import address_of, elsewhere, shown

PAGE = 50  # lines
REFRESH = 3  # seconds until a page that shows how far it is asks again
ORDER = (Action.CREATE, Action.UPDATE, Action.UNCHANGED, Action.ASK, Action.REFUSE, Action.SKIP)
ASKING = ("several", "contradicted", "archived", "elsewhere", "similar")  # kinds of questions
SURE_ENOUGH = frozenset({"several", "elsewhere", "similar"})  # of which the surest may be taken at once
MISSING, DECIDED, PROPOSED = "missing", "decided", "proposed"


@dataclass(frozen=True, slots=True)
class Number:
    count: int
    label: str
    url: str
    current: bool


@dataclass(slots=True)
class Kind:
    """A kind of repair: what was done, how often, and some of it."""

    code: str
    label: str
    count: int = 0
    url: str = ""
    fields: list[str] = field(default_factory=list)
    samples: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """What of the lines is to be seen, as the address says it; what it says and nobody knows is as if it was not said."""

    action: str = ""
    rule: str = ""
    problem: tuple[str, str] | None = None
    repair: str = ""
    show: str = ""
    text: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        name, colon, code = query.get("problem", "").partition(":")
        action, page, show = query.get("action", ""), query.get("p", ""), query.get("show", "")
        return cls(
            action if action in Action.values else "",
            query.get("rule", "").replace("\0", "")[:20],
            (name, code) if colon and "\0" not in name + code else None,
            query.get("repair", "").replace("\0", "")[:40],
            show if show in (MISSING, DECIDED, PROPOSED) else "",
            " ".join(query.get("q", "").replace("\0", " ").split())[:200],
            int(page) if page.isascii() and page.isdecimal() and len(page) < 7 else 1,
        )

    def rows(self, batch: ImportBatch):
        rows = ImportRow.objects.of(batch)
        if self.action:
            rows = rows.filter(action=self.action)
        if self.rule:
            rows = rows.filter(rule=self.rule)
        if self.problem:
            rows = rows.with_problem(*self.problem)
        if self.repair:
            rows = rows.with_repair(self.repair)
        if self.show == DECIDED:
            rows = rows.decided()
        if self.show == PROPOSED:
            rows = rows.proposing()
        if self.text.isascii() and self.text.isdecimal() and len(self.text) < 8:
            return rows.filter(line=int(self.text))
        return rows.named(clean_query(self.text)) if self.text else rows

    def number(self, batch: ImportBatch, rows) -> int:
        """How many they are; what the check counted is not counted again."""
        if self.problem or self.repair or self.text or self.show:
            return rows.count()
        if self.rule:
            rules = batch.counts["rules"]
            return sum(
                rules.get(f"{action} {self.rule}", 0) for action in ([self.action] if self.action else Action.values)
            )
        return batch.counts[self.action or "rows"]

    @property
    def narrowed(self) -> bool:
        return bool(self.action or self.rule or self.problem or self.repair or self.show or self.text)

    def as_query(self) -> str:
        parts = {
            "action": self.action, "rule": self.rule, "problem": ":".join(self.problem or ()), "repair": self.repair,
            "show": self.show, "q": self.text,
        }  # fmt: skip
        return urlencode({name: value for name, value in parts.items() if value})


def page(model_admin: ModelAdmin, request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    if batch.state == State.CHECKING:
        return shown(model_admin, request, batch, "check", under_way(batch))
    asked = Asked.of(request.GET)
    context = {
        "under_way": False,
        "numbers": _numbers(batch, asked),
        "rows_read": batch.counts["rows"],
        "since": batch.counts.get("since", 0),
        "located": _located(batch),
        "repairs": _repairs(batch),
        "declined": [(code, repair_in_words(code)) for code in batch.declined],
        "problems": _problems(batch),
        "questions": _questions(batch),
        "decided": _decided(batch),
        "asked": asked,
        "asked_for": _asked_for(asked),
        "states": [(one.value, capfirst(str(one.label))) for one in ORDER],
        "confirm_url": address_of(batch, "confirm"),
        "ready": batch.counts["create"] or batch.counts["update"] or batch.counts.get("missing"),
        "missing": batch.counts.get("missing", 0),
        "missing_url": "?show=missing#lines",
        "proposed": batch.counts.get("proposed", 0),
        "nobody_leaves": why_nobody_leaves(batch),
        "to_repair": ImportRow.objects.of(batch).to_repair().count(),
        **(_missing(batch, asked) if asked.show == MISSING else _lines(request, batch, asked)),
    }
    return shown(model_admin, request, batch, "check", context)


def _located(batch: ImportBatch) -> dict[str, Any]:
    """What the address service said; nothing where it was not asked."""
    located = batch.counts.get("located", {})
    return located and {**located, "why": Why(located["why"]).label if located["why"] else ""}


def under_way(batch: ImportBatch) -> dict[str, Any]:
    """How far the work is at which the page looks; without a worker it does not look again."""
    worker = worker_alive()
    ahead = ahead_of(batch.task) if batch.task else 0
    return {
        "under_way": True,
        "worker": worker,
        "refresh": REFRESH if worker else 0,
        "ahead": ahead,
        "done": batch.done,
        "total": batch.total,
        "percent": batch.percent,
    }


def _numbers(batch: ImportBatch, asked: Asked) -> list[Number]:
    return [
        Number(
            batch.counts[one],
            COUNTED[one] % {"count": batch.counts[one]},
            f"?action={one.value}#lines",
            asked.action == one.value,
        )
        for one in ORDER
    ]


def _repairs(batch: ImportBatch) -> list[Kind]:
    """By kind, whatever the field; a line with two of a kind counts in each of its fields."""
    found: dict[str, Kind] = {}
    samples = batch.counts.get("samples", {})
    for name, code, count in batch.counts["repairs"]:
        kind = found.setdefault(code, Kind(code, repair_in_words(code), url=f"?{urlencode({'repair': code})}#lines"))
        kind.count += count
        kind.fields.append(label_of(name))
        kind.samples += samples.get(f"{name} {code}", [])
        del kind.samples[checking.SAMPLES :]
    return sorted(found.values(), key=lambda kind: (-kind.count, kind.label))


def _problems(batch: ImportBatch) -> list[Number]:
    """A kind is told by the sentence of one of its lines, whose words stand for those of the others."""
    found = []
    for name, code, count in batch.counts["problems"]:
        text = sentence(code, _Anything())
        label = f"{capfirst(label_of(name))} – {text}" if name else text
        found.append(Number(count, label, f"?{urlencode({'problem': f'{name}:{code}'})}#lines", current=False))
    return found


class _Anything(dict):
    """For whatever a sentence speaks of: three dots."""

    def __missing__(self, key: str) -> str:
        return "…"


def _questions(batch: ImportBatch) -> list[dict[str, Any]]:
    """Kinds of lines to decide, with what can be said of all of one kind."""
    found = []
    for rule in ASKING:
        if count := batch.counts["rules"].get(f"{Action.ASK} {rule}", 0):
            found.append(
                {
                    "rule": rule, "count": count, "label": Telling.rule(rule), "sure": rule in SURE_ENOUGH,
                    "url": f"?{urlencode({'action': Action.ASK, 'rule': rule})}#lines",
                }
            )  # fmt: skip
    return found


def _decided(batch: ImportBatch) -> int:
    """How many lines somebody decided, of a check in which anything is to decide or was."""
    if any(f" {rule}" in key for key in batch.counts["rules"] for rule in ASKING):
        return ImportRow.objects.of(batch).decided().count()
    return 0


def _asked_for(asked: Asked) -> str:
    """What the lines are narrowed to, in words."""
    parts = []
    if asked.action:
        parts.append(str(Action(asked.action).label))
    if asked.rule:
        parts.append(Telling.rule(asked.rule))
    if asked.problem:
        parts.append(sentence(asked.problem[1], _Anything()))
    if asked.repair:
        parts.append(repair_in_words(asked.repair))
    if asked.show:
        parts.append(
            {DECIDED: _("decided by you or a colleague"), PROPOSED: _("would be proposed"), MISSING: _("missing")}[
                asked.show
            ]
        )
    if asked.text:
        parts.append(f"“{asked.text}”")
    return ", ".join(parts)


def _pages(count: int, asked: int) -> tuple[int, list[Any]]:
    """The page that is shown, and the numbers that lead to the others."""
    paginator = Paginator(range(count), PAGE)
    now = min(max(1, asked), paginator.num_pages)
    return now, list(paginator.get_elided_page_range(now)) if paginator.num_pages > 1 else []


def _lines(request: HttpRequest, batch: ImportBatch, asked: Asked) -> dict[str, Any]:
    rows = asked.rows(batch)
    count = asked.number(batch, rows)
    now, pages = _pages(count, asked.page)
    telling = handling_of(batch).telling or Telling
    found = list(rows.defer("batch")[(now - 1) * PAGE : now * PAGE]) if count else []
    query = asked.as_query()
    return {
        "lines": list(telling(found, request.user)),
        "found": count,
        "missing_ones": None,
        "pages": pages,
        "page": now,
        "address": f"?{query}&" if query else "?",
        "back": f"{query}&p={now}" if query else f"p={now}",
    }


def _missing(batch: ImportBatch, asked: Asked) -> dict[str, Any]:
    rows = writing.missing(batch) if batch.whole else None
    count = rows.count() if rows is not None else 0
    now, pages = _pages(count, asked.page)
    found = rows.select_related("organisation").order_by("organisation__sort_name", "pk") if rows is not None else []
    return {
        "lines": [],
        "missing_ones": [
            (one.organisation.name, reverse("admin:members_membership_change", args=[one.pk]), one.joined_on)
            for one in found[(now - 1) * PAGE : now * PAGE]
        ],
        "found": count,
        "pages": pages,
        "page": now,
        "address": "?show=missing&",
        "back": "",
    }


# --- what is said of lines --------------------------------------------------------------------------------------------
def decide(model_admin: ModelAdmin, request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    """Of one group of lines, or of all that are asked for one reason: this one, a new one, skip; or nothing after all."""
    if request.method != "POST" or batch.state != State.CHECKED:
        return elsewhere(request, batch)
    decision, _colon, key = request.POST.get("decision", "").partition(":")
    if decision not in ("", *Decision.values):
        raise Http404
    chosen = number(key) if key else None
    if chosen is not None and not _may_be_chosen(batch, request, chosen):
        raise Http404
    if rule := request.POST.get("rule", ""):
        if decision == Decision.THIS and rule not in SURE_ENOUGH:
            raise Http404
        rows = ImportRow.objects.of(batch).filter(action=Action.ASK, rule=rule)
        groups = list(rows.order_by("group").values_list("group", flat=True).distinct())
        chosen = None
    else:
        groups = [number(request.POST.get("group", ""))]
        if decision == Decision.THIS and chosen is None:
            raise Http404
    batch.acting = request.user
    count = checking.decide(batch, groups, decision, chosen)
    if count:
        told = ngettext("%(count)s line decided.", "%(count)s lines decided.", count)
        if not decision:
            told = ngettext("%(count)s line is to decide again.", "%(count)s lines are to decide again.", count)
        messages.success(request, told % {"count": in_figures(count)})
    else:
        messages.warning(request, _("These lines are not to decide any more: nothing is changed."))
    back = Asked.of(QueryDict(request.POST.get("back", "")))
    query = back.as_query()
    return HttpResponseRedirect(f"{address_of(batch, 'check')}?{query}{'&' if query else ''}p={back.page}#lines")


def _may_be_chosen(batch: ImportBatch, request: HttpRequest, key: int) -> bool:
    """Only what the page names to her."""
    telling = handling_of(batch).telling or Telling
    return key in telling([ImportRow(batch=batch, candidates=[[key, "", None]])], request.user).mentions


def decline(model_admin: ModelAdmin, request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    """Kinds of repairs that are not wanted; the file is checked anew without them."""
    if request.method != "POST" or batch.state != State.CHECKED:
        return elsewhere(request, batch)
    if not batch.stored_as:
        return elsewhere(request, batch, said("import-file-gone", {}))
    offered = {code for _name, code, _count in batch.counts["repairs"]} | set(batch.declined)
    declined = [code for code in request.POST.getlist("declined") if code in offered]
    if sorted(declined) == sorted(batch.declined):
        messages.info(request, _("Nothing is chosen otherwise: the check stands."))
        return HttpResponseRedirect(address_of(batch, "check"))
    batch.declined = declined
    tasks.start_check(batch)
    return HttpResponseRedirect(address_of(batch, "check"))
