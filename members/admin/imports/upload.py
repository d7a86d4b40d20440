"""The first step: a file is received, and what it is said of it is the cluster's own word."""

import csv
import io
from typing import Any

import xlsxwriter
from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_portal.exchange.sheets import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Unreadable
from members.admin.own import cluster_worked_for
from members.imports import batches
from members.imports.subjects import HANDLINGS
from members.models import Cluster, ImportBatch
from members.models.imports import State, Subject

from .steps import address_of, shown

EXAMPLES: dict[str, dict[str, tuple[str, str]]] = {
    Subject.MEMBERS: {
        "name": ("Fonderie de l’Exemple", "Laboratoire d’essais imaginaires"),
        "kind": (gettext_lazy("Company"), gettext_lazy("Laboratory")),
        "siren": ("732829320", ""),
        "siret": ("73282932000074", ""),
        "website": ("https://www.example.org", "https://lab.example.org"),
        "address": ("12 rue de l’Exemple", "1 place de l’Essai"),
        "postcode": ("38000", "69002"),
        "city": ("Grenoble", "Lyon"),
        "themes": ("", ""),
        "joined_on": ("2024-01-15", "2023-09-01"),
        "contact_name": ("Camille Exemple", ""),
        "contact_email": ("camille@example.org", ""),
    },
    Subject.PROJECTS: {
        "acronym": ("EXEMPLE", "ESSAI"),
        "title_fr": ("Un projet inventé pour l’exemple", "Un autre, à deux partenaires"),
        "start": ("2024-01-15", "2025-09-01"),
        "end": ("2027-01-14", "2028-08-31"),
        "total_cost": ("1200000", "800000"),
        "public_funding": ("500000", "400000"),
        "coordinator": ("Fonderie de l’Exemple", ""),
        "coordinator_number": ("732829320", ""),
        "partners": ("", "Une société | Un laboratoire"),
        "partner_numbers": ("", ""),
        "partner_costs": ("", "300000 | 500000"),
        "labelled_on": ("2023-11-30", "2025-05-15"),
    },
}


class Upload(forms.Form):
    """``cluster`` is among those that she edits; where there is one only, nobody is asked."""

    cluster = forms.ModelChoiceField(Cluster.objects.none(), label=gettext_lazy("Cluster"))
    subject = forms.ChoiceField(label=gettext_lazy("What it holds"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,  # said in the same words as whatever else is no list
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,.xlsx,.json,.geojson"}),
    )
    whole = forms.TypedChoiceField(
        label=gettext_lazy("Whom it holds"),
        choices=[("", gettext_lazy("some of our members")), ("1", gettext_lazy("all our members: say who is missing"))],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", use_required_attribute=False, **kwargs)
        clusters = Cluster.objects.editable_by(request.user).order_by("sort_name", "pk")
        self.fields["cluster"].queryset = clusters
        self.fields["cluster"].initial = cluster_worked_for(request)
        known = [(one.value, one.label) for one in Subject if one in HANDLINGS]
        self.fields["subject"].choices = known
        self.fields["subject"].initial = known[0][0]
        if len(known) == 1:
            self.fields["subject"].widget = forms.HiddenInput()
        if len(own := list(clusters[:2])) == 1:
            self.fields["cluster"].widget = forms.HiddenInput()
            self.fields["cluster"].initial = own[0].pk


def page(model_admin: ModelAdmin, request: HttpRequest) -> HttpResponse:
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = Upload(*sent, request=request)
    if sent and form.is_valid() and (batch := _received(request, form)):
        return HttpResponseRedirect(_way_on(batch))
    context = {
        "form": form,
        "megabytes": MAX_BYTES // 1024**2,
        "rows": MAX_ROWS,
        "columns": MAX_COLUMNS,
        "models": [one for one in HANDLINGS if one in EXAMPLES],
    }
    return shown(model_admin, request, None, "", context)


def _received(request: HttpRequest, form: Upload) -> ImportBatch | None:
    sent, file = form.cleaned_data, form.cleaned_data["file"]
    try:
        batch = batches.receive(sent["cluster"], request.user, file.name, file.chunks(), sent["subject"])
        batch.whole = sent["whole"] and batch.subject == Subject.MEMBERS
        batch.save(update_fields=["whole"])
        return batch
    except Unreadable as error:
        form.add_error("file", str(error))
        return None


def _way_on(batch: ImportBatch) -> str:
    """To what was recognised; straight to the check where the cluster brought such a file in before."""
    if batches.mapping_of(batch) and not batches.objections(batch, batch.columns, batch.constants):
        batches.choose_columns(batch, batch.columns, batch.constants, batch.erasing)
        batch.state = State.MATCHED
        batch.save(update_fields=["state"])
        return address_of(batch, "values")
    return address_of(batch, "file")


# --- a file to begin with ---------------------------------------------------------------------------------------------
def model_file(model_admin: ModelAdmin, request: HttpRequest, kind: str) -> HttpResponse:
    """With headers that are understood, in the language of the page, and two invented lines."""
    subject = request.GET.get("of", Subject.MEMBERS)
    if subject not in HANDLINGS or subject not in EXAMPLES or kind not in ("csv", "xlsx"):
        raise Http404
    handling = HANDLINGS[subject]
    examples = EXAMPLES[subject]
    lines = [
        [capfirst(str(handling.field(name).label)) for name in examples],
        *([str(pair[place]) for pair in examples.values()] for place in (0, 1)),
    ]
    name = _("members-to-bring-in") if subject == Subject.MEMBERS else _("projects-to-bring-in")
    return _as_csv(name, lines) if kind == "csv" else _as_workbook(name, lines)


def _as_csv(name: str, lines: list[list[str]]) -> HttpResponse:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(lines)
    return _attached("\ufeff" + text.getvalue(), "text/csv; charset=utf-8", f"{name}.csv")


def _as_workbook(name: str, lines: list[list[str]]) -> HttpResponse:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet, text, bold = book.add_worksheet(), book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        sheet.set_column(0, len(lines[0]) - 1, 24, text)  # as text, so that no program takes the zeros off a number
        for row, line in enumerate(lines):
            for column, cell in enumerate(line):
                sheet.write_string(row, column, cell, bold if row == 0 else text)
        sheet.freeze_panes(1, 0)
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _attached(file.getvalue(), media, f"{name}.xlsx")


def _attached(content: str | bytes, media: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
