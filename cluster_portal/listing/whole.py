"""A public list whole: the very rows that its address asks for, all pages of them, with their public columns.

What a file holds and what a mail tells of a list are both read from here, so that no other definition of the rows can
differ from the page's.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_portal.exchange.columns import Column, Words
from cluster_portal.exchange.tables import Fact, Position, licence
from cluster_portal.listing.page import Listing
from cluster_portal.pages.this_page import absolute

Records = Callable[[list[int]], Iterator[Any]]  # the rows of some keys
Place = Callable[[Any], Position | None]
Named = Callable[[Collection[int], int], list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows, in plain words: its heading, its address, the day, the filters, the order."""

    title: str
    address: str
    day: date
    filters: Sequence[str] = ()
    order: str = ""

    @classmethod
    def of(cls, listing: Listing) -> "Shown":
        address = listing.address
        return cls(
            unescape(listing.heading),
            address.replacing(page=1).url,
            address.on or timezone.localdate(),
            [f"{chip.label} – {chip.value}" for chip in listing.chips if chip.name != "on"],
            next((str(sort["label"]) for sort in listing.sorts if sort["selected"]), ""),
        )

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


@dataclass(frozen=True)
class WholeList:
    """In the language that is active when it is made. ``keys`` are found anew at each call, in one state of the index.

    ``named(keys, most)``: of rows that anybody may see, the first names in alphabetical order, each with its address.
    ``no_news``: columns of which a change tells nothing of the row itself.
    """

    shown: Shown
    columns: Sequence[Column]
    words: Words
    keys: Callable[[], Iterator[int]]
    records: Records
    position: Place
    named: Named
    no_news: frozenset[str] = frozenset()
