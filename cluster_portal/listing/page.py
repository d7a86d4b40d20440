"""A list page of one kind of rows: its page, its chips, and what to try when nothing matches."""

from collections.abc import Iterable
from functools import cached_property
from itertools import islice
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cluster_portal.listing.matching import Matching, intersection
from cluster_portal.listing.parts import Chip, Drop, Group, PageLink
from cluster_portal.writing.translated import active_language
from cluster_portal.writing.typography import date_in_words

PAGE_SIZE = 25
MAX_DROPS = 12  # criteria that a list without results offers to give up


class Listing(Matching):
    """One list for one request. A subclass says which facets there are, how text is searched and how rows
    are ordered; the machinery is the same for all."""

    page_size = PAGE_SIZE

    def ordered(self) -> QuerySet:
        """The rows of the list in the order of ``self.sort``, by the FilterSet."""
        raise NotImplementedError

    def spelling(self) -> str:
        """What the visitor may have meant by ``self.query``, or blank."""
        return ""

    def chip_label(self, group: Group, name: str) -> str | Promise:
        return group.label

    def flag_words(self, flag: str) -> tuple[str | Promise, str | Promise]:
        """Label and value of a flag's chip."""
        raise NotImplementedError

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
        sequence = self._ranked if self.sort == "relevance" else self.facet_data.order(self.sort)
        return list(islice(self.matched.in_order(sequence), start, end))

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

    @property
    def is_filtered(self) -> bool:
        """Whether this is a permutation of filters rather than a page of the plain list."""
        return bool(self.chips or self.flags or self.sort != self.default_sort)

    @property
    def share_url(self) -> str:
        return self.url(page=self.page_number)

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
        return len(intersection(rows, self._narrowing(chosen).values()))

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
