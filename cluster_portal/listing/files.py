"""A public list as a file, and in words what it is."""

from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from cluster_portal.exchange.answers import ASKED, COMPANION, file_answer, unknown_format
from cluster_portal.exchange.formats import FORMATS
from cluster_portal.exchange.tables import Table
from cluster_portal.listing.whole import WholeList


def list_file(request: HttpRequest, whole: WholeList) -> HttpResponseBase:
    """The keys are found now, in one state of the index."""
    asked = request.GET.get(ASKED, "")
    if asked not in FORMATS:
        return unknown_format(request)
    found = list(whole.keys())
    table = Table.of(
        file_name(request.path, whole.shown.day),
        whole.columns,
        whole.words,
        lambda: whole.records(found),
        whole.shown.facts(request, len(found)),
        whole.position,
    )
    return file_answer(request, table, asked, companion=COMPANION in request.GET)


def file_name(path: str, day: date) -> str:
    """After the address: “clusters-cara-membres-2026-03-12”."""
    _language, *words = path.strip("/").split("/")
    return "-".join([*words, day.isoformat()])
