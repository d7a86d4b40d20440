"""A list page: what the URL asks, what matches, and the links that change one thing of it.

The URL is the whole state. It is read once, leniently (unknown keys fall away, an unknown value matches
nothing and can be taken away by its chip), and every link of the page is written from it in one
canonical form: sorted keys, repeated for several values, empty ones dropped. The subclass of an app says
which facets there are, how text is searched and how rows are ordered; the machinery is the same for all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate, islice
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cluster_portal.facets import FacetIndex, Loaded, bitmap, in_order
from cluster_portal.search import clean_query
from cluster_portal.translated import active_language
from cluster_portal.typography import date_in_words

PAGE_SIZE = 25
FIRST_DAY = date(2005, 1, 1)  # the first labels
# What is read of one facet in one URL: more is not a choice that anyone made. Every link of the page repeats all
# that is chosen, so that without a limit an address of 60 kB would be answered with 60 MB.
MAX_VALUES, MAX_SLUG, MAX_LETTERS = 30, 120, 800
MAX_DROPS = 12  # criteria that a list without results offers to give up


@dataclass(frozen=True, slots=True)
class Group:
    """A facet as it is shown: its parameter, its words, its icon, and whether it is worth a search box."""

    name: str
    label: str | Promise
    icon: str
    searchable: bool = False
    open: bool = True
    multi: bool = True
    shown: bool = True  # among the facets; a choice made by a link elsewhere is a chip only


@dataclass(slots=True)
class Option:
    name: str
    value: str
    label: str
    count: int
    selected: bool
    level: int
    listing: "Listing"

    @property
    def disabled(self) -> bool:
        return not self.count and not self.selected

    @property
    def url(self) -> str:
        """The same list with this option toggled, from its first page."""
        return self.listing.url(toggle=(self.name, self.value))


@dataclass(slots=True)
class ShownFacet:
    name: str
    label: str
    icon: str
    searchable: bool
    open: bool
    multi: bool
    options: list[Option]
    selected_count: int


@dataclass(slots=True)
class Chip:
    label: str
    value: str
    url: str
    name: str
    slug: str

    @property
    def aria(self) -> str:
        return gettext("Remove the filter: %(label)s %(value)s") % {
            "label": self.label,
            "value": self.value,
        }


@dataclass(slots=True)
class Drop:
    label: str
    value: str
    url: str
    count: int


@dataclass(slots=True)
class PageLink:
    number: int
    url: str
    current: bool = False
    gap: bool = False


class Listing:
    """One list for one request.

    ``params`` is the request's QueryDict, ``path`` the address of the list, ``fixed`` what the path itself
    already chooses (``{"cluster": "cara"}``): it narrows like a choice but has no chip.
    """

    index: FacetIndex
    groups: tuple[Group, ...] = ()
    orders: tuple[tuple[str, str | Promise], ...] = ()  # the first is the default
    base_facet = "listed"  # the facet whose value below is every row that the list may show
    page_size = PAGE_SIZE

    def __init__(self, params, path: str, fixed: dict[str, str] | None = None) -> None:
        self.path = path
        self.fixed = fixed or {}
        self.notices: list[str] = []
        self.query = clean_query(params.get("q", ""))
        self.on = self._read_day(params.get("on", ""))
        self.flags = {name for name in self.flag_names if params.get(name) == "1"}
        self.chosen = {name: self._read_slugs(params, name) for name in self.parameters}
        for name, slug in self.fixed.items():
            self.chosen[name] = (slug,)
        self.sort = self._read_sort(params.get("sort", ""))
        self.asked_page = self._read_page(params.get("page", ""))

    # What an app says of its list --------------------------------------------------------------------

    flag_names: tuple[str, ...] = ()
    extra_parameters: tuple[str, ...] = ()  # of values inside another facet (department under region)

    def base(self) -> str:
        """The value of ``base_facet`` that holds every row of this list."""
        return "current"

    def ranked_ids(self) -> list[int]:
        """Primary keys that match ``self.query``, the best first."""
        raise NotImplementedError

    def ordered(self) -> QuerySet:
        """The rows of the list in the order of ``self.sort``, by the FilterSet."""
        raise NotImplementedError

    def sequence(self) -> Sequence[int] | None:
        """Every row that any list may show in the order of ``self.sort``, when the index holds that order:
        a page is then a walk along it, with no sorting and no offset."""
        return None

    def spelling(self) -> str:
        """What the visitor may have meant by ``self.query``, or blank."""
        return ""

    @property
    def default_sort(self) -> str:
        return "relevance" if self.query else self.orders[0][0]

    # Reading the URL ---------------------------------------------------------------------------------

    @property
    def parameters(self) -> tuple[str, ...]:
        return (*(group.name for group in self.groups), *self.extra_parameters)

    def _read_day(self, text: str) -> date | None:
        if not text:
            return None
        try:
            day = parse_date(text[:20])
        except ValueError:
            day = None
        today = timezone.localdate()
        if day is None or not FIRST_DAY <= day <= today + timedelta(days=366 * 5):
            self.notices.append(gettext("The date was not understood: it reads like 2021-12-31. The list is today’s."))
            return None
        return None if day == today else day

    def _read_slugs(self, params, name: str) -> tuple[str, ...]:
        values = (value.replace("\x00", "").strip()[:MAX_SLUG] for value in params.getlist(name))
        slugs = sorted({value for value in values if value})[:MAX_VALUES]
        until = accumulate(map(len, slugs))
        return tuple(slug for slug, letters in zip(slugs, until, strict=True) if letters <= MAX_LETTERS)

    def _read_sort(self, text: str) -> str:
        allowed = [value for value, _label in self.orders]
        return text if text in allowed or (text == "relevance" and self.query) else self.default_sort

    @staticmethod
    def _read_page(text: str) -> int:
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1

    # Writing URLs ------------------------------------------------------------------------------------

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
    def is_filtered(self) -> bool:
        """Whether this is a permutation of filters rather than a page of the plain list."""
        return bool(self.chips or self.flags or self.sort != self.default_sort)

    @property
    def share_url(self) -> str:
        return self.url(page=self.page_number)

    @property
    def clear_url(self) -> str:
        return self.url(plain=True, on=None, sort=self.orders[0][0])

    @property
    def action(self) -> str:
        return self.path

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form must carry although nothing in it shows it."""
        pairs = [("on", self.on.isoformat())] if self.on else []
        ticked = {(option.name, option.value) for facet in self.facets for option in facet.options if option.selected}
        chosen = [(name, slug) for name, slugs in self.chosen.items() if name not in self.fixed for slug in slugs]
        pairs += [pair for pair in chosen if pair not in ticked]
        if not self.total and self.sort != self.default_sort:
            pairs.append(("sort", self.sort))  # the toolbar, which has it otherwise, is not shown
        return pairs + [(flag, "1") for flag in sorted(self.flags)]

    # What matches ------------------------------------------------------------------------------------

    @cached_property
    def facet_data(self) -> dict[str, Loaded]:
        return self.index.at(self.on)

    @cached_property
    def _ranked(self) -> list[int]:
        return self.ranked_ids()

    @cached_property
    def _text_bits(self) -> int:
        return bitmap(self._ranked)

    def effective(self, name: str, chosen: dict | None = None) -> tuple[str, ...]:
        """The values of a facet that count: a more precise choice replaces the broader one above it."""
        chosen = self.chosen if chosen is None else chosen
        values = self.facet_data[name].values
        slugs = [slug for parameter in self._parameters_of(name) for slug in chosen.get(parameter, ())]
        broad = {values[slug].parent for slug in slugs if slug in values}
        return tuple(slug for slug in slugs if slug not in broad)

    def _parameters_of(self, facet: str) -> list[str]:
        inside = {value.parameter for value in self.facet_data[facet].values.values() if value.parameter}
        return [facet, *sorted(inside)]

    def _narrowing(self, chosen: dict) -> dict[str, int]:
        """For every facet in which something is chosen, the rows that have it."""
        narrowing = {}
        for group in self.groups:
            asked = any(chosen.get(name) for name in self._parameters_of(group.name))
            if asked:
                narrowing[group.name] = self.facet_data[group.name].union(self.effective(group.name, chosen))
        return narrowing

    def _all_rows(self, *, with_text: bool = True) -> int:
        rows = self.facet_data[self.base_facet].bits.get(self.base(), 0)
        return rows & self._text_bits if with_text and self.query else rows

    @cached_property
    def _chosen_rows(self) -> dict[str, int]:
        return self._narrowing(self.chosen)

    @cached_property
    def matched(self) -> int:
        """The bitmap of every row of the list."""
        return _intersection(self._all_rows(), self._chosen_rows.values())

    @cached_property
    def total(self) -> int:
        return self.matched.bit_count()

    @cached_property
    def facets(self) -> list[ShownFacet]:
        language = active_language()
        shown = []
        for group in self.groups:
            if group.name in self.fixed or not group.shown:
                continue
            others = _intersection(
                self._all_rows(),
                (rows for name, rows in self._chosen_rows.items() if name != group.name),
            )
            options = self._options(group, others, language)
            selected = sum(option.selected for option in options)
            if options and (len(options) > 1 or selected):
                shown.append(
                    ShownFacet(
                        group.name,
                        str(group.label),
                        group.icon,
                        group.searchable and len(options) > 8,
                        group.open or bool(selected),
                        group.multi,
                        options,
                        selected,
                    )
                )
        return shown

    def _options(self, group: Group, others: int, language: str) -> list[Option]:
        data = self.facet_data[group.name]
        chosen = {name: set(self.chosen.get(name, ())) for name in self._parameters_of(group.name)}
        opened = {
            parent
            for slug in data.values
            if slug in chosen.get(data.values[slug].parameter or group.name, ())
            for parent in (slug, data.values[slug].parent)
        }
        options = []
        for value in data.in_order(language):
            slug, name = value.slug, value.parameter or group.name
            selected = slug in chosen.get(name, ())
            # Finer places unfold under what is chosen: a hundred departments would bury the regions.
            if value.parameter and value.parent not in opened:
                continue
            count = (data.bits.get(slug, 0) & others).bit_count()
            if not self.is_offered(group.name, slug, count) and not selected:
                continue
            options.append(
                Option(
                    name,
                    slug,
                    value.label(language),
                    count,
                    selected,
                    1 if value.parent else 0,
                    self,
                )
            )
        return options

    def is_offered(self, facet: str, slug: str, count: int) -> bool:
        """Whether an option is listed at all; one without a result stays, disabled."""
        return True

    # The page ----------------------------------------------------------------------------------------

    @cached_property
    def pages(self) -> int:
        return max(1, -(-self.total // self.page_size))

    @cached_property
    def page_number(self) -> int:
        return min(max(self.asked_page, 1), self.pages)

    @cached_property
    def page_ids(self) -> list[int]:
        if not self.total:
            return []
        start, end = (self.page_number - 1) * self.page_size, self.page_number * self.page_size
        sequence = self._ranked if self.sort == "relevance" else self.sequence()
        if sequence is None:
            return list(self.ordered().values_list("pk", flat=True)[start:end])
        return list(islice(in_order(sequence, self.matched), start, end))

    @cached_property
    def page(self) -> dict:
        number, pages = self.page_number, self.pages
        first = (number - 1) * self.page_size + 1
        return {
            "number": number,
            "pages": pages,
            "first": first,
            "last": min(first + self.page_size - 1, self.total),
            "previous": self.url(page=number - 1) if number > 1 else "",
            "next": self.url(page=number + 1) if number < pages else "",
            "links": list(self._page_links(number, pages)),
        }

    def _page_links(self, number: int, pages: int) -> Iterable[PageLink]:
        near = {1, pages, *range(number - 2, number + 3)} & set(range(1, pages + 1))
        last = 0
        for target in sorted(near):
            if target - last == 2:
                yield PageLink(last + 1, self.url(page=last + 1))
            elif target - last > 2:
                yield PageLink(0, "", gap=True)
            yield PageLink(target, self.url(page=target), current=target == number)
            last = target

    @cached_property
    def sorts(self) -> list[dict]:
        offered = [
            *([("relevance", _("Relevance"))] if self.query else []),
            *self.orders,
        ]
        return [{"value": value, "label": label, "selected": value == self.sort} for value, label in offered]

    # What is in force --------------------------------------------------------------------------------

    @cached_property
    def chips(self) -> list[Chip]:
        language = active_language()
        chips = []
        if self.query:
            chips.append(
                self._chip(
                    _("Words"),
                    gettext("“%(words)s”") % {"words": self.query},
                    "q",
                    self.query,
                )
            )
        for group in self.groups:
            values = self.facet_data[group.name].values
            for name in self._parameters_of(group.name):
                for slug in () if name in self.fixed else self.chosen.get(name, ()):
                    label = values[slug].label(language) if slug in values else slug
                    chips.append(self._chip(self.chip_label(group, name), label, name, slug))
        if self.on:
            chips.append(self._chip(_("Date"), date_in_words(self.on), "on", ""))
        chips.extend(self._chip(*self.flag_words(flag), flag, "1") for flag in sorted(self.flags))
        return chips

    def chip_label(self, group: Group, name: str) -> str | Promise:
        return group.label

    def flag_words(self, flag: str) -> tuple[str | Promise, str | Promise]:
        """Label and value of a flag's chip."""
        raise NotImplementedError

    def _chip(self, label, value, name: str, slug: str) -> Chip:
        return Chip(str(label), str(value), self.url(without=(name, slug)), name, slug)

    @cached_property
    def drops(self) -> list[Drop]:
        """When nothing matches: each criterion to give up, with the number of results without it."""
        if self.total:
            return []
        return [
            Drop(chip.label, chip.value, chip.url, self._count_without(chip))
            for chip in islice((chip for chip in self.chips if chip.name not in (*self.flag_names, "on")), MAX_DROPS)
        ]

    def _count_without(self, chip: Chip) -> int:
        chosen = {
            name: tuple(slug for slug in slugs if (name, slug) != (chip.name, chip.slug))
            for name, slugs in self.chosen.items()
        }
        rows = self._all_rows(with_text=chip.name != "q")
        return _intersection(rows, self._narrowing(chosen).values()).bit_count()

    @cached_property
    def suggestion(self) -> dict | None:
        """Another spelling, offered only when it finds something and the query itself finds nothing."""
        if not self.query or self._ranked:
            return None
        words = self.spelling()
        if not words or not self._like_this(words).ranked_ids():
            return None
        return {"text": words, "url": self.url(query=words, sort="relevance")}

    def _like_this(self, words: str) -> "Listing":
        """The same list with other words and nothing else chosen."""
        return type(self)(QueryDict(urlencode({"q": words})), self.path, self.fixed)


def _intersection(rows: int, narrowings: Iterable[int]) -> int:
    for narrowing in narrowings:
        rows &= narrowing
    return rows
