"""The steps of an import: which are open in which state, and what their pages share.

A page of a step that is not the batch's turn leads to the one that is. Whoever sends something holds the batch until it is
answered, so that nobody else moves it meanwhile.
"""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from members.admin.finding import number
from members.imports.problems import said
from members.models import ImportBatch
from members.models.imports import State

NOT_YET_WRITTEN = frozenset({State.UPLOADED, State.MATCHED, State.CHECKED, State.FAILED, State.INTERRUPTED})
DONE_WITH = frozenset({State.IMPORTING, State.IMPORTED, State.UNDONE, State.FAILED, State.INTERRUPTED})
View = Callable[[ModelAdmin, HttpRequest, ImportBatch], HttpResponseBase]


@dataclass(frozen=True)
class Step:
    """``open``: the states in which its page is there. ``reads``: it needs the file itself."""

    name: str
    title: Any
    template: str
    open: frozenset[State]
    reads: bool = False


STEPS = (
    Step("file", pgettext_lazy("step of an import", "File"), "admin/imports/file.html", NOT_YET_WRITTEN, reads=True),
    Step(
        "columns",
        pgettext_lazy("step of an import", "Columns"),
        "admin/imports/columns.html",
        NOT_YET_WRITTEN,
        reads=True,
    ),
    Step(
        "values",
        pgettext_lazy("step of an import", "Values"),
        "admin/imports/values.html",
        NOT_YET_WRITTEN - {State.UPLOADED},
        reads=True,
    ),
    Step(
        "check",
        pgettext_lazy("step of an import", "Check"),
        "admin/imports/check.html",
        frozenset({State.CHECKING, State.CHECKED}),
    ),
    Step(
        "confirm",
        pgettext_lazy("step of an import", "Confirm"),
        "admin/imports/confirm.html",
        frozenset({State.CHECKED}),
    ),
    Step("result", pgettext_lazy("step of an import", "Result"), "admin/imports/result.html", DONE_WITH),
)
TURNS = {State.UPLOADED: "file", State.MATCHED: "values", State.CHECKING: "check", State.CHECKED: "check"}


def turn_of(batch: ImportBatch) -> str:
    """The name of the step at which a batch is."""
    return TURNS.get(State(batch.state), "result")


def is_open(batch: ImportBatch, step: Step) -> bool:
    return batch.state in step.open and (bool(batch.stored_as) or not step.reads or turn_of(batch) == step.name)


def address_of(batch: ImportBatch, step: str) -> str:
    return reverse(f"admin:members_import_{step}", args=[batch.pk])


def batch_asked(model_admin: ModelAdmin, request: HttpRequest, pk: str, *, hold: bool = False) -> ImportBatch:
    """One of her clusters; whatever else is asked for is not there."""
    if not model_admin.has_change_permission(request):
        raise PermissionDenied
    rows = ImportBatch.objects.editable_by(request.user).select_related("cluster", "uploaded_by")
    if hold:
        rows = rows.select_for_update(of=("self",))
    batch = rows.filter(pk=number(pk)).first()
    if batch is None:
        raise Http404
    return batch


def page_of(model_admin: ModelAdmin, step: Step | None, view: View):
    """The view of an address below that of a batch."""

    def respond(request: HttpRequest, pk: str, **more: str) -> HttpResponseBase:
        sent = request.method == "POST"
        with transaction.atomic() if sent else nullcontext():
            batch = batch_asked(model_admin, request, pk, hold=sent)
            if step and not is_open(batch, step):
                return elsewhere(request, batch)
            if sent and step and step.reads and not batch.stored_as:
                return elsewhere(request, batch, said("import-file-gone", {}))
            return view(model_admin, request, batch, **more)

    return model_admin.admin_site.admin_view(respond)


def elsewhere(request: HttpRequest, batch: ImportBatch, sentence: str = "") -> HttpResponseRedirect:
    """To the step whose turn it is, with a word why."""
    messages.info(request, sentence or _("This import is at another step by now: here it is."))
    return HttpResponseRedirect(address_of(batch, turn_of(batch)))


def shown(
    model_admin: ModelAdmin, request: HttpRequest, batch: ImportBatch | None, step: str, context: dict[str, Any]
) -> HttpResponse:
    """The page of a step, with the way through all of them."""
    known = {one.name: one for one in STEPS}
    steps = [
        (one.title, address_of(batch, one.name) if batch and is_open(batch, one) else "", one.name == step)
        for one in STEPS
    ]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"{batch.file_name} – {known[step].title}" if batch else _("Bring a file in"),
        "subtitle": None,
        "opts": model_admin.opts,
        "batch": batch,
        "steps": steps,
        "list_url": reverse("admin:members_importbatch_changelist"),
        "refresh": 0,
        "errors": [],
        "wrong": bool(context.get("form") and context["form"].is_bound and context["form"].errors),
        **context,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, known[step].template if step else "admin/imports/upload.html", context)
