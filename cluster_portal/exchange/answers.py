"""A table as the answer to a request: which format is asked for, and the file."""

from dataclasses import dataclass
from threading import BoundedSemaphore
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from cluster_portal.exchange.formats import FORMATS, Format, about_text, in_the_language_of
from cluster_portal.exchange.tables import Table
from cluster_portal.serving.errors import too_many_requests

ASKED, COMPANION = "format", "about"  # parameters of an address
# A workbook takes a processor for seconds: one at a time in each process leaves the others to whoever reads pages.
ONE_WORKBOOK = BoundedSemaphore(1)
PATIENCE = 10  # seconds until somebody is asked to come back


@dataclass(frozen=True, slots=True)
class FileLink:
    label: str
    url: str
    about: str  # the address of the companion, of what has one


def file_links(url: str) -> list[FileLink]:
    """The files of what stands at an address."""
    found = []
    for one in FORMATS.values():
        file = f"{url}{'&' if '?' in url else '?'}{urlencode({ASKED: one.key})}"
        found.append(FileLink(str(one.label), file, f"{file}&{COMPANION}=1" if one.companion else ""))
    return found


def file_asked(request: HttpRequest) -> bool:
    return ASKED in request.GET


def with_its_file(request: HttpRequest, url: str) -> str:
    """The same file of the list at another address."""
    kept = {name: request.GET[name] for name in (ASKED, COMPANION) if name in request.GET}
    return f"{url}{'&' if '?' in url else '?'}{urlencode(kept)}" if kept else url


def unknown_format(request: HttpRequest) -> HttpResponse:
    """With the formats that there are, as links to this very list."""
    params = request.GET.copy()
    params.pop(ASKED, None)
    params.pop(COMPANION, None)
    page = f"{request.path}?{params.urlencode()}" if params else request.path
    context = {
        "title": _("No such file"),
        "robots": "noindex",
        "back": page,
        "files": file_links(page),
    }
    return render(request, "exchange/unknown_format.html", context, status=404)


def file_answer(request: HttpRequest, table: Table, asked: str, *, companion: bool = False) -> HttpResponseBase:
    """The file in the format asked for, which is one of ``FORMATS``."""
    response = _companion(table) if companion else _file(request, table, FORMATS[asked])
    response["X-Robots-Tag"] = "noindex"
    return response


def _companion(table: Table) -> HttpResponse:
    response = HttpResponse(about_text(table), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{table.name}.txt"'
    return response


def _file(request: HttpRequest, table: Table, chosen: Format) -> HttpResponseBase:
    name = f"{table.name}.{chosen.extension}"
    if chosen.texts:
        pieces = in_the_language_of(table, chosen.texts(table))
        response = StreamingHttpResponse(pieces, content_type=chosen.content_type)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    if request.method == "HEAD":
        return HttpResponse(content_type=chosen.content_type)
    if not ONE_WORKBOOK.acquire(timeout=PATIENCE):
        return too_many_requests(request)
    try:
        file = chosen.file(table)
    finally:
        ONE_WORKBOOK.release()
    return FileResponse(file, as_attachment=True, filename=name, content_type=chosen.content_type)
