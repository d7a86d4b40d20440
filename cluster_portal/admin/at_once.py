"""From a list to what was confirmed: asks about the rows that were chosen, and does it, behind the pages where they are
very many.

What was confirmed is an ``Order``, made of plain values: whoever carries it out finds the rows anew, reads the rights of
whoever gave it anew, and does nothing at all where it would no longer be what she was told.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django_tasks import task

from cluster_portal.history.change_sets import Kind, change_set, key_under_way, tell
from cluster_portal.models import BulkChange
from cluster_portal.records.scope import ENTER_ADMIN
from cluster_portal.work.knowing import SaidToStaff, called, when_interrupted, when_retried
from cluster_portal.work.life import worker_alive

from .chosen import ACROSS, Chosen, address_of, in_words
from .once import digest
from .verbs import LONGEST_REASON, NAMED, Line, Plan, ValuesForm, Verb, names, with_way_back

CONFIRMED, ALL, REASON, ASKED = "confirmed", "all", "reason", "asked"  # what the page sends
AT_MOST = 500  # rows that are written while somebody waits for the page
KEPT = timedelta(days=30)  # for which one reads what became of a change
BEGINS = timedelta(seconds=5)  # between taking up an order and holding its row
REFRESHED = 2  # seconds


class NotDone(Exception):
    """Nothing was written; the text says why."""


CHANGED_SINCE = gettext_lazy("The rows have changed since you confirmed: nothing was written. Look at them again.")
NOT_ALLOWED = gettext_lazy("You may not do this any more: nothing was written.")
FAILED = gettext_lazy("It failed, and nothing was written. Whoever runs the site finds why in its log.")


@dataclass(frozen=True)
class Order:
    """``values``: what was typed in the form, as it was sent. ``token``: what was told of the rows."""

    model: str
    verb: str
    query: str
    ticked: list[str] | None
    values: dict[str, list[str]]
    reason: str
    lacking_too: bool
    token: str

    @property
    def chosen(self) -> Chosen:
        return Chosen(self.query, None if self.ticked is None else tuple(self.ticked))

    @property
    def model_admin(self):
        from django.contrib.admin import site  # made when it is first asked for

        return site._registry[apps.get_model(self.model)]


# --- asked ------------------------------------------------------------------------------------------------------------
def answer(verb: Verb, model_admin, request: HttpRequest, queryset) -> HttpResponseBase | None:
    """The page that asks, until everything is said and confirmed; then what was confirmed is done."""
    chosen = Chosen.of(request)
    queryset = chosen.among(queryset)
    form = _form(verb, request.POST if ASKED in request.POST else None, request.user)
    values = _values(verb, form)
    plan = verb.plan(model_admin, queryset, request.user, values)
    reason = " ".join(request.POST.get(REASON, "").split())[:LONGEST_REASON]
    confirmed = request.POST.get(CONFIRMED, "")
    if not plan.going and not (plan.lacking and not (confirmed and not request.POST.get(ALL))):
        return _told(verb, model_admin, request, plan, values or {}, reason)
    token = _token(verb, plan, form)
    answered = values is not None and (form is None or form.is_bound) and (reason or not verb.with_reason)
    # rows that were ticked are named by whoever sends them; what a filter finds, only the page can have told
    as_told = confirmed == token or (confirmed == "1" and not chosen.all)
    if not (answered and confirmed and as_told):
        return _page(verb, model_admin, request, chosen, plan, form, values, token)
    lacking_too = ALL in request.POST
    if lacking_too:
        plan = plan.with_those_that_lack()
    if verb.weight(model_admin, plan) <= AT_MOST:
        return _told(verb, model_admin, request, plan, values, reason)
    typed = {name: request.POST.getlist(name) for name in form.fields} if form else {}
    ticked = None if chosen.ticked is None else list(chosen.ticked)
    order = Order(
        model_admin.opts.label_lower, verb.name, chosen.query, ticked, typed, reason, lacking_too, token
    )  # fmt: skip
    return HttpResponseRedirect(reverse("admin:bulk_change", args=[_queued(order, verb, plan, request.user).pk]))


def _form(verb: Verb, sent, user) -> ValuesForm | None:
    return verb.form(sent, asked_of=user) if verb.form else None


def _values(verb: Verb, form: ValuesForm | None) -> dict[str, Any] | None:
    if form is None:
        return {}
    if not form.is_bound:
        return verb.first_values()
    return form.cleaned_data if form.is_valid() else None


def _token(verb: Verb, plan: Plan, form: ValuesForm | None) -> str:
    """What the page tells: how many were chosen and how many go, which, and of which values."""
    typed = ""
    if form and form.is_bound and verb.values_are_told:
        typed = repr([(name, form.data.getlist(name)) for name in form.fields])
    return ".".join([str(len(plan.chosen)), str(len(plan.going)), plan.digest(), digest(typed)[:16]])


def _told(verb: Verb, model_admin, request, plan: Plan, values: dict[str, Any], reason: str) -> None:
    for number, (level, text) in enumerate(carried_out(verb, model_admin, plan, request.user, values, reason)):
        text = with_way_back(text) if number == 0 and level == messages.SUCCESS else text
        model_admin.message_user(request, text, level)


def carried_out(verb: Verb, model_admin, plan: Plan, user, values: dict[str, Any], reason: str) -> list[Line]:
    """What to say of it."""
    tell(Kind.BULK if len(plan.going) > 1 else Kind.FORM, verb.label, reason or values.get(REASON, ""))
    with transaction.atomic():
        done = verb.carry_out(model_admin.model._default_manager.all(), plan.going, user, values)
    return list(verb.said(model_admin, plan, done))


# --- the page ---------------------------------------------------------------------------------------------------------
def _page(verb: Verb, model_admin, request, chosen: Chosen, plan: Plan, form, values, token: str) -> TemplateResponse:
    opts = model_admin.opts
    count = len(plan.going) + len(plan.lacking)
    named = names(model_admin, plan.going, plan.lacking, *plan.refused.values())
    going = named(plan.going)
    first = model_admin.model._default_manager.filter(pk__in=[row.pk for row in going])
    previews = verb.previews(first, values) if values and going else {}
    confirmed = request.POST.get(CONFIRMED, "")
    sent = [("action", verb.name), (ACROSS, "1")] if chosen.all else [("action", verb.name)]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _title(verb, opts, count),
        "subtitle": None,
        "opts": opts,
        "verb": verb,
        "form": form,
        "given": _given(form, values) if values is not None and form and form.is_bound and verb.values_are_told else [],
        "reckoned": values is not None,
        "plan": plan,
        "chosen": in_words(model_admin, request, len(plan.chosen)) if chosen.all else "",
        "going": {"rows": [(row, previews.get(row.pk, "")) for row in going], "more": max(len(plan.going) - NAMED, 0)},
        "lacking": {
            "rows": [(row, ", ".join(plan.lacking[row.pk])) for row in named(plan.lacking)],
            "more": max(len(plan.lacking) - NAMED, 0),
        },
        "refused": [
            {"rows": [(row, reason) for row in named(keys)], "more": max(len(keys) - NAMED, 0)}
            for reason, keys in plan.refused.items()
        ],
        "changed_since": _changed_since(confirmed, token),
        "unanswered": bool(confirmed) and verb.with_reason and not request.POST.get(REASON, "").strip(),
        "reason": request.POST.get(REASON, ""),
        "longest_reason": LONGEST_REASON,
        "token": token,
        "sent": [*sent, *((ACTION_CHECKBOX_NAME, pk) for pk in chosen.ticked or ())],
        "list_url": request.get_full_path(),
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/confirm_verb.html", context)


def _title(verb: Verb, opts, count: int) -> str:
    kind = opts.verbose_name if count == 1 else opts.verbose_name_plural
    return _("%(action)s: %(number)d %(rows)s") % {"action": verb.label, "number": count, "rows": kind}


def _given(form: ValuesForm, values: dict[str, Any]) -> list[tuple[str, str]]:
    """What was typed and chosen, in words."""
    found = []
    for box in form.visible_fields():
        value = values[box.name]
        if isinstance(value, list):
            text = ", ".join(map(str, value))
        elif isinstance(value, bool):
            text = _("Yes") if value else _("No")
        elif isinstance(value, date):
            text = date_format(value, "DATE_FORMAT")
        else:
            text = str(
                dict(getattr(box.field, "choices", ())).get(value, value) if isinstance(value, str) else value or ""
            )
        found.append((str(box.label), text or "–"))
    return found


def _changed_since(confirmed: str, token: str) -> str:
    """What to say where other rows would go than those of which she was told; other values are her own."""
    before, now = confirmed.split("."), token.split(".")
    if len(before) != len(now) or before[-1] != now[-1] or before[:3] == now[:3]:
        return ""
    if before[:2] == now[:2]:
        return _("The rows have changed since you were told of them: look at them again.")
    return _(
        "Since you were told of them the rows have changed: there were %(before)s, of which %(going)s would change; now"
        " there are %(now)s and %(going_now)s."
    ) % {"before": before[0][:9], "going": before[1][:9], "now": now[0], "going_now": now[1]}


# --- behind the pages -------------------------------------------------------------------------------------------------
def _queued(order: Order, verb: Verb, plan: Plan, user) -> BulkChange:
    BulkChange.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    title = _title(verb, order.model_admin.opts, len(plan.going))
    change = BulkChange.objects.create(
        by=user, title=title[:300], order=asdict(order), number=len(plan.going), language=get_language() or "fr"
    )
    _enqueue(change)
    return change


def _enqueue(change: BulkChange) -> None:
    queued = carry_out.enqueue(change.pk)
    BulkChange.objects.filter(pk=change.pk).update(task=str(queued.id))


@task
def carry_out(pk: int) -> None:
    """Does what somebody confirmed; what became of it stands in the row, and is saved with it or not at all."""
    taken = BulkChange.objects.filter(pk=pk, state=BulkChange.State.WAITING)
    if not taken.update(state=BulkChange.State.RUNNING, started_at=timezone.now()):
        return
    change = BulkChange.objects.get(pk=pk)
    order = Order(**change.order)
    with override(change.language):
        try:
            verb = order.model_admin.verb_named(order.verb)
            with override("en"):
                sentence = str(verb.label)
            with transaction.atomic(), change_set(Kind.BULK, by=change.by_id, sentence=sentence):
                held = BulkChange.objects.select_for_update().get(pk=pk)
                _finish(held, BulkChange.State.DONE, carry_out_order(order, change.by_id), key_under_way() or "")
        except NotDone as why:
            _finish(change, BulkChange.State.FAILED, [(messages.ERROR, str(why))])
        except Exception:
            _finish(change, BulkChange.State.FAILED, [(messages.ERROR, str(FAILED))])
            raise


def carry_out_order(order: Order, user_id: int) -> list[Line]:
    """Finds the rows anew, in the scope that she has now; raises ``NotDone`` where they are not as she was told."""
    user = get_user_model()._default_manager.get(pk=user_id)
    model_admin = order.model_admin
    verb = model_admin.verb_named(order.verb)
    asking = HttpRequest()
    asking.user = user
    if not (user.has_perm(ENTER_ADMIN) and model_admin.has_change_permission(asking) and verb.open_to(user)):
        raise NotDone(NOT_ALLOWED)
    sent = QueryDict(mutable=True)
    for name, typed in order.values.items():
        sent.setlist(name, typed)
    form = _form(verb, sent, user)
    values = _values(verb, form)
    if values is None:
        raise NotDone(CHANGED_SINCE)
    plan = verb.plan(model_admin, order.chosen.found_by(model_admin, user), user, values)
    if _token(verb, plan, form) != order.token:
        raise NotDone(CHANGED_SINCE)
    plan = plan.with_those_that_lack() if order.lacking_too else plan
    return carried_out(verb, model_admin, plan, user, values, order.reason)


def _finish(change: BulkChange, state: str, lines: list[Line], key: str = "") -> None:
    change.state, change.key, change.finished_at = state, key, timezone.now()
    change.told = [[level, str(text)] for level, text in lines]
    change.save(update_fields=["state", "key", "told", "finished_at"])


def interrupted(task_id: str) -> None:
    """The worker died that was at it."""
    BulkChange.objects.filter(task=task_id, state=BulkChange.State.RUNNING).update(state=BulkChange.State.INTERRUPTED)


def tried_again(task_id: str) -> None:
    """An administrator has it tried again; whoever confirmed it may have started it again herself."""
    ended = (BulkChange.State.INTERRUPTED, BulkChange.State.FAILED)
    again = BulkChange.objects.filter(task=task_id, state__in=ended)
    if not again.update(state=BulkChange.State.WAITING, started_at=None, finished_at=None, told=[]):
        raise SaidToStaff(_("This was started again elsewhere, or is done."))


called(carry_out, gettext_lazy("Change of many rows"))
when_interrupted(carry_out, interrupted)
when_retried(carry_out, tried_again)


def bulk_change(site, request: HttpRequest, pk: int) -> HttpResponseBase:
    """How far a change is that somebody confirmed, for her alone; what was interrupted she starts again."""
    change = BulkChange.objects.filter(pk=pk, by=request.user.pk).first()
    if change is None:
        raise Http404
    if _nobody_is_at(change):
        change.state = BulkChange.State.INTERRUPTED
    if request.method == "POST":
        if change.state == BulkChange.State.INTERRUPTED:
            BulkChange.objects.filter(pk=pk).update(state=BulkChange.State.WAITING, started_at=None)
            _enqueue(change)
        return HttpResponseRedirect(request.path)
    order = Order(**change.order)
    context = {
        **site.each_context(request),
        "title": _title(order.model_admin.verb_named(order.verb), order.model_admin.opts, change.number),
        "subtitle": None,
        "opts": order.model_admin.opts,
        "change": change,
        "lines": [(messages.DEFAULT_TAGS[level], text) for level, text in change.told],
        "undo": reverse("admin:undo_set", args=[change.key]) if change.key else "",
        "list_url": address_of(order.model_admin, order.query),
        "refreshed": REFRESHED if change.under_way else 0,
        "waits_long": change.state == BulkChange.State.WAITING
        and change.created_at < timezone.now() - BEGINS
        and not worker_alive(),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/bulk_change.html", context)


def _nobody_is_at(change: BulkChange) -> bool:
    """Whether it is said to be under way, and nobody holds its row: the worker is gone, and all that it wrote."""
    if change.state != BulkChange.State.RUNNING or change.started_at > timezone.now() - BEGINS:
        return False
    with transaction.atomic():
        free = BulkChange.objects.select_for_update(skip_locked=True).filter(
            pk=change.pk, state=BulkChange.State.RUNNING
        )
        return free.exists()
