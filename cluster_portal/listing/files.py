"""A list as a file: the very rows that its address asks for, all pages of them, and in words what they are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_portal.exchange.answers import ASKED, COMPANION, file_answer, unknown_format
from cluster_portal.exchange.columns import Column, Words
from cluster_portal.exchange.formats import FORMATS
from cluster_portal.exchange.tables import Fact, Position, Table, licence
from cluster_portal.listing.page import Listing
from cluster_portal.pages.this_page import absolute

Records = Callable[[list[int]], Iterator[Any]]  # the rows of some keys
Place = Callable[[Any], Position | None]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows, in words: its heading, its address, the day, the filters, the order."""

    title: str
    address: str
    day: date
    filters: Sequence[str] = ()
    order: str = ""

    def facts(self, request: HttpRequest, number: int) -> list[Fact]:
        facts = [
            Fact("title", _("What it is"), self.title),
            Fact("source", _("Source"), f"Cluster Portal, {absolute(request, self.address)}"),
            Fact("day", _("As of"), self.day.isoformat()),
            Fact("made_on", _("File made on"), timezone.localdate().isoformat()),
        ]
        if self.filters:
            facts.append(Fact("filters", _("Filters"), tuple(self.filters)))
        if self.order:
            facts.append(Fact("order", _("Order"), self.order))
        return [*facts, Fact("rows", _("Number of rows"), number), *licence()]


def list_file(
    request: HttpRequest, listing: Listing, columns: Sequence[Column], words: Words, records: Records, position: Place
) -> HttpResponseBase:
    """The keys are found now, in one state of the index."""
    address = listing.address
    shown = Shown(
        str(listing.heading),
        address.replacing(page=1).url,
        address.on or timezone.localdate(),
        [f"{chip.label} – {chip.value}" for chip in listing.chips if chip.name != "on"],
        next((str(sort["label"]) for sort in listing.sorts if sort["selected"]), ""),
    )
    return table_file(request, columns, words, listing.keys, records, position, shown)


def table_file(
    request: HttpRequest,
    columns: Sequence[Column],
    words: Words,
    keys: Callable[[], Iterator[int]],
    records: Records,
    position: Place,
    shown: Shown,
) -> HttpResponseBase:
    asked = request.GET.get(ASKED, "")
    if asked not in FORMATS:
        return unknown_format(request)
    found = list(keys())
    table = Table.of(
        file_name(request.path, shown.day),
        columns,
        words,
        lambda: records(found),
        shown.facts(request, len(found)),
        position,
    )
    return file_answer(request, table, asked, companion=COMPANION in request.GET)


def file_name(path: str, day: date) -> str:
    """After the address: “clusters-cara-membres-2026-03-12”."""
    _language, *words = path.strip("/").split("/")
    return "-".join([*words, day.isoformat()])
