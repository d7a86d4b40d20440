"""The URL of a list: read once, leniently, and written in one canonical form with one thing changed."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext

from cluster_portal.listing.parts import Group
from cluster_portal.pages.asked import at_most, read_day, read_number, read_slugs
from cluster_portal.records.search import clean_query

FURTHEST = timedelta(days=366 * 5)  # a list may look ahead: to memberships and projects that are planned


class ListAddress:
    """What the URL of a list asks, and the addresses that ask almost the same.

    ``params`` is the request's QueryDict, ``path`` the address of the list, ``fixed`` what the path itself
    already chooses (``{"cluster": "cara"}``): it narrows like a choice but has no chip.
    """

    groups: tuple[Group, ...] = ()
    orders: tuple[tuple[str, str | Promise], ...] = ()  # the first is the default
    flag_names: tuple[str, ...] = ()
    extra_parameters: tuple[str, ...] = ()  # of values inside another facet (department under region)

    def __init__(self, params, path: str, fixed: dict[str, str] | None = None) -> None:
        self.path = path
        self.fixed = fixed or {}
        self.notices: list[str] = []
        self.query = clean_query(params.get("q", ""))
        self.on = self._read_day(params)
        self.flags = {name for name in self.flag_names if params.get(name) == "1"}
        self.chosen = {name: self._read_slugs(params, name) for name in self.parameters}
        for name, slug in self.fixed.items():
            self.chosen[name] = (slug,)
        self.sort = self._read_sort(params.get("sort", ""))
        self.asked_page = read_number(params, "page")

    @property
    def parameters(self) -> tuple[str, ...]:
        return (*(group.name for group in self.groups), *self.extra_parameters)

    @property
    def default_sort(self) -> str:
        return self._default_for(self.query)

    def _read_day(self, params) -> date | None:
        asked = read_day(params, last=timezone.localdate() + FURTHEST)
        if asked.misread:
            self.notices.append(gettext("The date was not understood: it reads like 2021-12-31. The list is today’s."))
        return asked.on

    def _read_slugs(self, params, name: str) -> tuple[str, ...]:
        asked = sorted(read_slugs(params, name))
        read = at_most(asked)
        if len(read) < len(asked):
            cut = gettext("Of one group, the list keeps %(kept)s choices at most: the others were left out.")
            self.notices.append(cut % {"kept": len(read)})
        return read

    def _read_sort(self, text: str) -> str:
        allowed = [value for value, _label in self.orders]
        return text if text in allowed or (text == "relevance" and self.query) else self.default_sort

    def url(
        self,
        *,
        toggle=None,
        without=None,
        page=1,
        query=None,
        sort=None,
        on=...,
        plain=False,
    ) -> str:
        """The address of this list with one thing changed; any change goes back to page 1."""
        chosen = {} if plain else {name: set(values) for name, values in self.chosen.items() if name not in self.fixed}
        flags = set() if plain else set(self.flags)
        words = self.query if query is None and not plain else (query or "")
        day = self.on if on is ... else on
        if toggle:
            chosen.setdefault(toggle[0], set()).symmetric_difference_update({toggle[1]})
        if without:
            name, value = without
            if name == "q":
                words = ""
            elif name == "on":
                day = None
            elif name in flags:
                flags.discard(name)
            else:
                chosen.get(name, set()).discard(value)
        pairs = [(name, value) for name, values in chosen.items() for value in values]
        pairs += [(name, "1") for name in flags]
        if words:
            pairs.append(("q", words))
        if day:
            pairs.append(("on", day.isoformat()))
        order = sort or self.sort
        if order == "relevance" and not words:
            order = self._default_for(words)
        if order != self._default_for(words):
            pairs.append(("sort", order))
        if page > 1:
            pairs.append(("page", str(page)))
        return f"{self.path}?{urlencode(sorted(pairs))}" if pairs else self.path

    def _default_for(self, words: str) -> str:
        return "relevance" if words else self.orders[0][0]

    @property
    def clear_url(self) -> str:
        return self.url(plain=True, on=None, sort=self.orders[0][0])

    @property
    def action(self) -> str:
        return self.path
