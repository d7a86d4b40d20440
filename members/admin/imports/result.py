"""The last step: what was written, the way back, and the lines that are to be repaired, as a file."""

import csv
import io
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.contrib.admin import ModelAdmin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cluster_portal.exchange.csv_file import cell
from cluster_portal.exchange.formats import private_folder
from cluster_portal.history.reading import taken_back
from members import open_pages
from members.imports import tasks
from members.imports.batches import REASON
from members.imports.problems import said
from members.imports.subjects import handling_of
from members.imports.telling import InFigures, Telling, sentences_of
from members.models import ImportBatch, ImportRow
from members.models.imports import State, Subject

from .check import under_way
from .confirm import waits_for, what_is_left
from .steps import address_of, elsewhere, shown

AT_ONCE = 1_000  # rows fetched together
LONGEST_CELL = 32_767  # of a spreadsheet
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def page(model_admin: ModelAdmin, request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    if request.method == "POST":
        return _started_again(request, batch)
    if batch.state == State.IMPORTING:
        context = {**under_way(batch), "waits_for": waits_for(batch)}
        return shown(model_admin, request, batch, "result", context)
    failed = batch.state in (State.FAILED, State.INTERRUPTED)
    if failed:
        context = {
            "under_way": False,
            "failed": said(*batch.problem) if batch.problem else _("Interrupted, nothing was written: start it again."),
            "checked": batch.checked_at is not None,
            "file_is_kept": bool(batch.stored_as),
            "add_url": reverse("admin:members_importbatch_add"),
        }
        return shown(model_admin, request, batch, "result", context)
    undone = batch.change_set in taken_back([batch.change_set]) if batch.change_set else batch.state == State.UNDONE
    rows = ImportRow.objects.of(batch).to_repair()
    context = {
        "under_way": False,
        "failed": "",
        "undone": undone,
        "written": list(_written(batch)),
        "left": what_is_left(batch),
        "to_repair": rows.count(),
        "undo_url": reverse("admin:undo_set", args=[batch.change_set]) if batch.change_set and not undone else "",
        "change_url": reverse("admin:change_set", args=[batch.change_set]) if batch.change_set else "",
        "lists": _lists(batch),
        "add_url": reverse("admin:members_importbatch_add"),
        "parts": open_pages.IMPORT_RESULT.parts(request, batch),
    }
    return shown(model_admin, request, batch, "result", context)


def _written(batch: ImportBatch) -> Iterator[str]:
    words = (handling_of(batch).telling or Telling).written
    counts = batch.counts.get("written", {})
    for key in [*(key for key in words if key in counts), *(key for key in counts if key not in words)]:
        count = InFigures(counts[key])
        yield words[key] % {"count": count} if key in words else f"{key}: {count}"


def _lists(batch: ImportBatch) -> list[tuple[str, str]]:
    of_cluster = f"?cluster={batch.cluster.slug}"
    if batch.subject != Subject.MEMBERS:
        model = handling_of(batch).model._meta
        address = reverse(f"admin:{model.app_label}_{model.model_name}_changelist")
        return [(_("Projects labelled by %(cluster)s") % {"cluster": batch.cluster}, address + of_cluster)]
    return [
        (
            _("Organisations of %(cluster)s") % {"cluster": batch.cluster},
            reverse("admin:members_organisation_changelist") + of_cluster,
        ),
        (
            _("Memberships of %(cluster)s") % {"cluster": batch.cluster},
            reverse("admin:members_membership_changelist") + of_cluster,
        ),
    ]


def _started_again(request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    """After a failure: an import that was checked is confirmed once more, another check begins from the file."""
    if batch.state not in (State.FAILED, State.INTERRUPTED):
        return elsewhere(request, batch)
    if batch.checked_at is not None:
        batch.state, batch.problem = State.CHECKED, []
        batch.save(update_fields=["state", "problem"])
        return HttpResponseRedirect(address_of(batch, "confirm"))
    if not batch.stored_as:
        return elsewhere(request, batch, said("import-file-gone", {}))
    tasks.start_check(batch)
    return HttpResponseRedirect(address_of(batch, "check"))


# --- lines to repair --------------------------------------------------------------------------------------------------
def rows(model_admin: ModelAdmin, request: HttpRequest, batch: ImportBatch, kind: str) -> HttpResponseBase:
    """The same columns and the reason: what is repaired there can be brought in again."""
    if kind not in ("csv", "xlsx") or batch.state not in (State.CHECKED, State.IMPORTED, State.UNDONE):
        raise Http404
    name = f"{slugify(batch.file_name.rpartition('.')[0]) or 'import'}-{_('to-repair')}"
    if kind == "xlsx":
        file = _workbook(batch)
        return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)
    response = StreamingHttpResponse(_csv_lines(batch), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _cells(batch: ImportBatch) -> Iterator[list[str]]:
    known = [place for place, header in enumerate(batch.headers) if header not in (str(REASON),)]
    yield [*(batch.headers[place] for place in known), str(REASON)]
    for row in ImportRow.objects.of(batch).to_repair().iterator(AT_ONCE):
        texts = [row.raw[place] if place < len(row.raw) else "" for place in known]
        yield [*texts, " ".join(sentences_of(row))]


def _csv_lines(batch: ImportBatch) -> Iterator[str]:
    yield "\ufeff"
    text = io.StringIO()
    lines = csv.writer(text, delimiter=";")
    for cells in _cells(batch):
        lines.writerow([cell(one, ",") for one in cells])
        yield text.getvalue()
        text.seek(0)
        text.truncate()


def _workbook(batch: ImportBatch) -> IO[bytes]:
    file = TemporaryFile(dir=private_folder())  # noqa: SIM115 (the answer closes it)
    options: dict[str, Any] = {"constant_memory": True, "tmpdir": str(private_folder())}
    with xlsxwriter.Workbook(file, options) as book:
        sheet, text = book.add_worksheet(), book.add_format({"num_format": "@"})
        for row, cells in enumerate(_cells(batch)):
            for column, one in enumerate(cells):
                if one:
                    sheet.write_string(row, column, one[:LONGEST_CELL], text)
    file.seek(0)
    return file
