"""A list page of one kind of rows: its page, its chips, and what to try when nothing matches."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations, islice
from typing import Any, ClassVar, Self

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cluster_portal.exchange.answers import FileLink, file_links
from cluster_portal.facets import FacetIndex, FacetValues, Reading, Rows
from cluster_portal.listing.address import RELEVANCE, ListAddress, Parameters
from cluster_portal.listing.answers import Answer, answer, is_literal, literally, offer
from cluster_portal.listing.filters import ListFilter, differences
from cluster_portal.listing.heading import Phrase, sentence
from cluster_portal.listing.matching import Matching
from cluster_portal.listing.parts import Chip, DeclaredFacet, Drop, PageLink, ShownFacet
from cluster_portal.writing.translated import active_language
from cluster_portal.writing.typography import date_in_words, sentence_list

PAGE_SIZE = 25
MAX_DROPS = 12  # criteria that a list without results offers to give up
SHORT = 2  # letters of a word that is none to give up ("à", "de")
MOST_ASKED = 12  # choices of fewer words that are looked up, at one search each

Words = str | Promise


class Listing:
    """One list for one request: an address, and what the index answers to it.

    A subclass declares which facets, flags and orders there are, how they are asked in SQL and said in the heading,
    and which rows there are at all; the machinery is the same for all. It is a definition or it is none: one that
    lacks the filter, the order or the words of something it declares is refused when the class is made.
    """

    index: ClassVar[FacetIndex]
    declared: ClassVar[tuple[DeclaredFacet, ...]]
    flags: ClassVar[Mapping[str, tuple[Words, Words]]] = {}  # label and value of the chip of each
    orders: ClassVar[tuple[tuple[str, Words], ...]]  # the first is that of the plain list
    filters: ClassVar[type[ListFilter]]
    phrases: ClassVar[tuple[Phrase, ...]]  # of the heading
    parameters: ClassVar[Parameters]
    own_page: ClassVar[str] = ""  # the name of the address by which a row is found when it is pasted as words
    page_size = PAGE_SIZE

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        facets, orders = {facet.name for facet in cls.declared}, tuple(name for name, _label in cls.orders)
        wrong = list(differences(cls.filters, facets, set(cls.flags), set(orders)))
        said = {name for phrase in cls.phrases for name in phrase.facets}
        wrong += [f"the facet {name!r} has no words in the heading" for name in sorted(facets - said)]
        wrong += [f"the heading speaks of {name!r}, which is no facet of the list" for name in sorted(said - facets)]
        # what sorts differently in each language is held for each of them
        held = {name.removeprefix("by_").removesuffix("_fr") for name in cls.index.reading.kept if name[:3] == "by_"}
        wrong += [f"the index holds no order {name!r}" for name in orders if name not in held]
        if wrong:
            raise ImproperlyConfigured(f"{cls.__name__} is no definition of a list: {'; '.join(wrong)}.")
        names = [name for facet in cls.declared for name in facet.parameters]
        cls.parameters = Parameters(tuple(names), tuple(cls.flags), orders)

    def __init__(self, address: ListAddress, notices: Sequence[str] = (), like: Self | None = None) -> None:
        """``like``: a listing whose reading of the index, and whose search, serve again where they are the same."""
        self.address, self.notices, self.like = address, notices, like
        if like is not None and like.address.on == address.on:
            self._as_read: Reading = like._as_read
        else:
            self._as_read = self.index.at(address.on)

    @classmethod
    def asked(cls, params: QueryDict, path: str, fixed: Mapping[str, str] | None = None) -> Self:
        """The list that a request asks for. ``fixed`` is what the path chooses (``{"cluster": "cara"}``)."""
        read = cls.parameters.read(params, path, fixed or {})
        return cls(read.address, read.notices)

    def at(self, address: ListAddress) -> Self:
        """The same kind of list at another address."""
        return type(self)(address, like=self)

    # What a subclass says ---------------------------------------------------------------------------------

    def base(self) -> Rows:
        """Every row that the list may show."""
        raise NotImplementedError

    def further_facets(self) -> dict[str, str | FacetValues]:
        """Facets that are not in the index by their own names: another name in it, or values of their own."""
        return {}

    def ties(self, key: int) -> int:
        """What puts one row before another that answers to the words as well."""
        return 0

    # What matches -----------------------------------------------------------------------------------------

    @cached_property
    def reading(self) -> Reading:
        return self._as_read.also(**self.further_facets())

    @cached_property
    def answer(self) -> Answer:
        words = self.address.query
        like = self.like
        if like is not None and (like.address.query, like.address.on) == (words, self.address.on):  # ties are of a day
            return like.answer
        return answer(self._published, words, self.ties, self.base)

    @property
    def _published(self) -> QuerySet:
        return self.filters._meta.model._default_manager.published()

    @property
    def ranked(self) -> list[int]:
        """Primary keys that match the words, the best first."""
        return self.answer.keys

    @cached_property
    def matching(self) -> Matching:
        within = self.base() & Rows(self.ranked) if self.address.query else self.base()
        return Matching(self.declared, self.reading, self.address, within)

    @property
    def matched(self) -> Rows:
        """Every row of the list."""
        return self.matching.rows

    @cached_property
    def total(self) -> int:
        return len(self.matched)

    def effective(self, facet: str) -> tuple[str, ...]:
        """The values chosen in a facet that count."""
        return self.matching.chosen.get(facet, ())

    def labels(self, facet: str) -> list[str]:
        """What they are called, as far as they are known."""
        slugs, language = self.effective(facet), active_language()
        values = self.reading[facet].values if slugs else {}
        return [values[slug].label(language) for slug in slugs if slug in values]

    def in_sql(self) -> QuerySet:
        """The same rows in the same order, by the database."""
        return self.filters.of(self).ordered(self.address.order)

    # What the page shows ----------------------------------------------------------------------------------

    @cached_property
    def heading(self) -> SafeString:
        return sentence(self, self.phrases)

    @cached_property
    def facets(self) -> list[ShownFacet]:
        return self.matching.facets()

    @cached_property
    def pages(self) -> int:
        return max(1, -(-self.total // self.page_size))

    @cached_property
    def page_number(self) -> int:
        return min(max(self.address.page, 1), self.pages)

    @cached_property
    def page_ids(self) -> list[int]:
        if not self.total:
            return []
        start, end = (self.page_number - 1) * self.page_size, self.page_number * self.page_size
        return list(islice(self.keys(), start, end))

    def keys(self) -> Iterator[int]:
        """Of every row, in the order of the list."""
        order = self.address.order
        return self.matched.in_order(self.ranked if order == RELEVANCE else self.reading.order(order))

    @cached_property
    def files(self) -> list[FileLink]:
        """The whole list to take away."""
        return file_links(self.address.replacing(page=1).url)

    def _page_url(self, number: int) -> str:
        return self.address.replacing(page=number).url

    @cached_property
    def page(self) -> dict:
        number, pages = self.page_number, self.pages
        first = (number - 1) * self.page_size + 1
        return {
            "number": number,
            "pages": pages,
            "first": first,
            "last": min(first + self.page_size - 1, self.total),
            "previous": self._page_url(number - 1) if number > 1 else "",
            "next": self._page_url(number + 1) if number < pages else "",
            "links": list(self._page_links(number, pages)),
        }

    def _page_links(self, number: int, pages: int) -> Iterable[PageLink]:
        near = {1, pages, *range(number - 2, number + 3)} & set(range(1, pages + 1))
        last = 0
        for target in sorted(near):
            if target - last == 2:
                yield PageLink(last + 1, self._page_url(last + 1))
            elif target - last > 2:
                yield PageLink(0, "", gap=True)
            yield PageLink(target, self._page_url(target), current=target == number)
            last = target

    @cached_property
    def sorts(self) -> list[dict]:
        address = self.address
        offered = [*([(RELEVANCE, _("Relevance"))] if address.query else []), *self.orders]
        # the default has no value: it is what an address without an order means
        return [
            {
                "value": "" if name == address.default_order else name,
                "label": label,
                "selected": name == address.order,
            }
            for name, label in offered
        ]

    @property
    def is_filtered(self) -> bool:
        """Whether this is a permutation of filters rather than a page of the plain list."""
        return self.address.replacing(page=1).url != self.address.path

    @cached_property
    def share_url(self) -> str:
        return self._page_url(self.page_number)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the form must carry although nothing in it shows it."""
        address = self.address
        pairs = [("on", address.on.isoformat())] if address.on else []
        ticked = {(option.name, option.value) for facet in self.facets for option in facet.options if option.selected}
        pairs += [pair for pair in self._choices() if pair not in ticked]
        if not self.total and address.order != address.default_order:
            pairs.append(("sort", address.order))  # the toolbar, which has it otherwise, is not shown
        return pairs + [(flag, "1") for flag in sorted(address.flags)]

    def _choices(self) -> list[tuple[str, str]]:
        """What the visitor chose, in the order of the facets."""
        address = self.address
        names = [name for name in self.parameters.choices if name not in address.fixed_names]
        return [(name, slug) for name in names for slug in address.slugs(name)]

    @cached_property
    def chips(self) -> list[Chip]:
        language, address = active_language(), self.address
        facets = {name: facet for facet in self.declared for name in facet.parameters}
        chips = []
        if address.query:
            chips.append(self._chip(_("Words"), gettext("“%(words)s”") % {"words": address.query}, "q", address.query))
        for name, slug in self._choices():
            values = self.reading[facets[name].name].values
            label = values[slug].label(language) if slug in values else slug
            chips.append(self._chip(facets[name].parameters[name], label, name, slug))
        if address.on:
            chips.append(self._chip(_("Date"), date_in_words(address.on), "on", ""))
        chips.extend(self._chip(*self.flags[flag], flag, "1") for flag in sorted(address.flags))
        return chips

    def _chip(self, label: Words, value: Words, name: str, slug: str) -> Chip:
        return Chip(str(label), str(value), self.address.without(name, slug).url, name, slug)

    @cached_property
    def drops(self) -> list[Drop]:
        """When nothing matches: each criterion to give up, with the number of results without it."""
        if self.total:
            return []
        chips = [chip for chip in self.chips if chip.name not in (*self.flags, "on")][:MAX_DROPS]
        return [
            Drop(chip.label, chip.value, chip.url, self.at(self.address.without(chip.name, chip.slug)).total)
            for chip in chips
        ]

    @cached_property
    def fewer_words(self) -> list[Drop]:
        """When all the words together find nothing: what is found by most of them, and the words that this gives up.

        The criteria stay. As few words as possible are given up, and the choice with most results comes first.
        """
        words = self.address.query.split()
        telling = [place for place, word in enumerate(words) if len(word) > SHORT]
        if self.total or len(telling) < 2 or is_literal(self.address.query):
            return []
        asked = 0
        for number in range(1, len(telling)):
            offers = []
            for given_up in combinations(telling, number):
                if (asked := asked + 1) > MOST_ASKED:
                    return offers
                kept = " ".join(word for place, word in enumerate(words) if place not in given_up)
                listing = self.at(self.address.replacing(query=kept, page=1))
                if listing.total and not listing.as_typed:  # no other words than those that are named
                    lost = sentence_list([gettext("“%(words)s”") % {"words": words[place]} for place in given_up])
                    offers.append(Drop(lost, kept, listing.address.url, listing.total))
            if offers:
                return sorted(offers, key=lambda drop: -drop.count)
        return []

    @property
    def as_typed(self) -> str:
        """Where other words than those of the visitor are answered, the address of the list of those very words."""
        if self.answer.words == self.address.query:
            return ""
        return self.address.replacing(query=literally(self.address.query)).url

    @cached_property
    def suggestion(self) -> dict | None:
        """Another spelling, offered only when it finds something, and more than the query itself."""
        if not self.address.query or self.as_typed:
            return None
        words = offer(self._published, self.answer, self.base)
        return {"text": words, "url": self.address.replacing(query=words, sort="").url} if words else None
