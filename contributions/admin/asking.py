"""What a cluster asks of whoever keeps what it sees: a change is proposed from the form that it may only read."""

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cluster_portal.admin.boxes import TextBox
from cluster_portal.admin.scope import keeps
from cluster_portal.pages.this_page import site_of
from contributions.fields import CATALOGUES, Json, Subject, fields_of
from contributions.forms import as_json, same
from contributions.from_imports import ask_what_was_left
from contributions.models import ChangeProposal
from contributions.requesting import SameAlready, request_change
from members.admin.finding import number
from members.admin.own import cluster_worked_for
from members.models import ImportBatch, ImportRow, Organisation
from members.models.imports import State
from projects.models import Project

from .queue import A_PAGE, name_of_subject

ASKABLE = {model._meta.label_lower: model for model in (Organisation, Project) if model in CATALOGUES}
NOTHING = gettext_lazy("Nothing is changed yet: write what it should be, or a note.")


class Asking(forms.Form):
    """The boxes as they stand, and a note. What is changed is asked for."""

    def __init__(self, subject: Subject, *args, **kwargs):
        self.known = fields_of(subject)
        self.now = {one.name: one.now(subject) for one in self.known}
        super().__init__(*args, initial={one.name: one.in_box(self.now[one.name]) for one in self.known}, **kwargs)
        for one in self.known:
            self.fields[one.name] = one.box()
            self.fields[one.name].label = one.label
        self.fields["note"] = TextBox(
            label=gettext_lazy("Note to whoever keeps it"),
            required=False,
            max_length=4000,
            widget=forms.Textarea({"rows": 3}),
        )

    def changed(self) -> dict[str, Json]:
        typed = {one.name: as_json(self.cleaned_data[one.name]) for one in self.known}
        return {name: value for name, value in typed.items() if not same(value, self.now[name])}

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.changed() and not cleaned.get("note"):
            raise forms.ValidationError(NOTHING)
        return cleaned


def ask(model_admin: ModelAdmin, request: HttpRequest, label: str, pk: str) -> HttpResponse:
    model = ASKABLE.get(label)
    if model is None:
        raise Http404
    subject = model._default_manager.editable_by(request.user).filter(pk=number(pk)).first()
    cluster = cluster_worked_for(request)
    if subject is None or cluster is None:
        raise Http404
    if keeps(request.user, subject):  # hers to change
        return HttpResponseRedirect(_form_of(subject))
    form = Asking(subject, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            request_change(
                subject, form.changed(), form.now, by=request.user, of=cluster, note=form.cleaned_data["note"],
                sent_from=site_of(request),
            )  # fmt: skip
        except SameAlready as same:
            form.add_error(None, str(same))
        else:
            messages.success(request, _("It is asked of whoever keeps it. What becomes of it stands below."))
            return HttpResponseRedirect(reverse("admin:contributions_asked"))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Propose a change: %(name)s") % {"name": subject},
        "subtitle": None,
        "opts": model_admin.opts,
        "form": form,
        "subject": subject,
        "form_url": _form_of(subject),
        "media": form.media,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/contributions/ask.html", context)


def _form_of(subject) -> str:
    return reverse(f"admin:{subject._meta.app_label}_{subject._meta.model_name}_change", args=[subject.pk])


def way_to_ask(request: HttpRequest, obj) -> str:
    """From the form of a record that somebody else keeps; nothing for whoever works for no cluster."""
    label = obj._meta.concrete_model._meta.label_lower
    if label not in ASKABLE or cluster_worked_for(request) is None:
        return ""
    return reverse("admin:contributions_ask", args=[label, obj.pk])


def ask_import(model_admin: ModelAdmin, request: HttpRequest, pk: str) -> HttpResponse:
    """What an import of hers left because others keep it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    batch = ImportBatch.objects.editable_by(request.user).filter(pk=number(pk), state=State.IMPORTED).first()
    if batch is None:
        raise Http404
    with transaction.atomic():
        count = ask_what_was_left(batch, request.user, site_of(request))
    text = ngettext("%(count)d request sent.", "%(count)d requests sent.", count) % {"count": count}
    messages.success(request, text)
    return HttpResponseRedirect(reverse("admin:contributions_asked"))


def way_to_ask_import(request: HttpRequest, batch: ImportBatch) -> SafeString:
    """A button on the page of the import, where it left anything."""
    left = ImportRow.objects.of(batch).proposing().exclude(match=None).count()
    if not left or batch.state != State.IMPORTED:
        return mark_safe("")
    context = {"left": left, "url": reverse("admin:contributions_ask_import", args=[batch.pk])}
    return render_to_string("admin/contributions/_ask_import.html", context, request)


def asked(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    """What her clusters asked of others, the newest first, and what became of it."""
    rows = (
        ChangeProposal.objects.asked_by(request.user)
        .select_related("organisation", "project", "cluster", "from_cluster", "sent_by")
        .order_by("-created_at", "-pk")
    )
    shown = Paginator(rows, A_PAGE).get_page(request.GET.get("p"))
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("What we asked of others"),
        "subtitle": None,
        "opts": model_admin.opts,
        "lines": [
            {
                "about": name_of_subject(one),
                "url": _form_of(one.subject),
                "fields": [
                    (str(known[name].label), known[name].shown(value)) if name in known else (name, str(value))
                    for known in [{field.name: field for field in fields_of(one.subject)}]
                    for name, value in one.values.items()
                ],
                "one": one,
                "by": (one.sent_by.get_full_name() or one.sent_by.get_username()) if one.sent_by else "",
            }
            for one in shown.object_list
        ],
        "page": shown,
        "address": "?",
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/contributions/asked.html", context)
