"""The address of a list: read once, leniently, changed into others, and written in one canonical form."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext

from cluster_portal.pages.asked import at_most, read_day, read_number, read_slugs
from cluster_portal.records.search import clean_query

FURTHEST = timedelta(days=366 * 5)  # a list may look ahead: to memberships and projects that are planned
RELEVANCE = "relevance"  # the order of what answers to words, the best first


@dataclass(frozen=True)
class ListAddress:
    """What one list is asked for. Each change gives another address, of the first page."""

    path: str
    plain_order: str  # of the list without words
    fixed: frozenset[tuple[str, str]] = frozenset()  # what the path itself chooses: it narrows like a choice
    chosen: frozenset[tuple[str, str]] = frozenset()  # pairs of parameter and slug
    query: str = ""
    on: date | None = None  # nothing for today
    flags: frozenset[str] = frozenset()
    sort: str = ""  # blank where nothing, or nothing that can be, was asked
    page: int = 1

    @cached_property
    def _slugs(self) -> dict[str, tuple[str, ...]]:
        slugs: dict[str, tuple[str, ...]] = {}
        for name, slug in sorted(self.chosen | self.fixed):
            slugs[name] = (*slugs.get(name, ()), slug)
        return slugs

    def slugs(self, name: str) -> tuple[str, ...]:
        """What a parameter asks for, in alphabetical order, whether the path chooses it or the visitor."""
        return self._slugs.get(name, ())

    @cached_property
    def fixed_names(self) -> frozenset[str]:
        return frozenset(name for name, _slug in self.fixed)

    @property
    def order(self) -> str:
        return self.sort if self.sort and (self.query or self.sort != RELEVANCE) else self.default_order

    @property
    def default_order(self) -> str:
        return RELEVANCE if self.query else self.plain_order

    def replacing(self, **changes: Any) -> Self:
        return replace(self, **{"page": 1, **changes})

    def toggling(self, name: str, slug: str) -> Self:
        return self.replacing(chosen=self.chosen ^ {(name, slug)})

    def without(self, name: str, slug: str = "") -> Self:
        """Without one criterion: the words (``q``), the day (``on``), a flag, or one choice."""
        if name == "q":
            return self.replacing(query="")
        if name == "on":
            return self.replacing(on=None)
        if name in self.flags:
            return self.replacing(flags=self.flags - {name})
        return self.replacing(chosen=self.chosen - {(name, slug)})

    @property
    def url(self) -> str:
        """Sorted keys, a key once for each of its values, nothing that would be so without being said."""
        pairs = [*self.chosen, *((flag, "1") for flag in self.flags)]
        if self.query:
            pairs.append(("q", self.query))
        if self.on:
            pairs.append(("on", self.on.isoformat()))
        if self.order != self.default_order:
            pairs.append(("sort", self.order))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return f"{self.path}?{urlencode(sorted(pairs))}" if pairs else self.path

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True)
class Parameters:
    """What the addresses of one kind of list may say; whatever else they say falls away."""

    choices: tuple[str, ...]
    flags: tuple[str, ...]
    orders: tuple[str, ...]  # the first is that of the plain list

    def read(self, params: QueryDict, path: str, fixed: Mapping[str, str]) -> "ReadAddress":
        notices = []
        asked = read_day(params, last=timezone.localdate() + FURTHEST)
        if asked.misread:
            notices.append(gettext("The date was not understood: it reads like 2021-12-31. The list is today’s."))
        chosen = set()
        for name in self.choices:
            if name in params and name not in fixed:
                slugs = sorted(read_slugs(params, name))
                kept = at_most(slugs)
                chosen |= {(name, slug) for slug in kept}
                if len(kept) < len(slugs):
                    cut = gettext("Of one group, the list keeps %(kept)s choices at most: the others were left out.")
                    notices.append(cut % {"kept": len(kept)})
        sort = params.get("sort", "")
        address = ListAddress(
            path,
            self.orders[0],
            frozenset(fixed.items()),
            frozenset(chosen),
            clean_query(params.get("q", "")),
            asked.on,
            frozenset(name for name in self.flags if params.get(name) == "1"),
            sort if sort in (RELEVANCE, *self.orders) else "",
            read_number(params, "page"),
        )
        return ReadAddress(address, tuple(notices))


@dataclass(frozen=True)
class ReadAddress:
    """An address as it was understood, and what the visitor should know of what was not."""

    address: ListAddress
    notices: tuple[str, ...] = field(default=())
