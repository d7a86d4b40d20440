"""The heading of a list: a sentence made from its filters, put together from phrases that each speak of some facets."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cluster_portal.writing.typography import date_in_words


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a heading says of one facet, or of several that have their words in common; blank when nothing is chosen."""

    facets: tuple[str, ...]
    words: Callable[[Any], str]  # of the listing


def sentence(listing, phrases: Iterable[Phrase]) -> SafeString:
    """The phrases in their order, then the words sought and the day; every value in it is escaped."""
    parts = [phrase.words(listing) for phrase in phrases]
    if listing.address.query:
        parts.append(_("for %(words)s") % {"words": quoted(listing.answer.words)})
    if listing.address.on:
        parts.append(_("on %(date)s") % {"date": date_in_words(listing.address.on)})
    return mark_safe(escape(" ".join(filter(None, parts))))


def either(items: list[str]) -> str:
    """“A, B or C”: values of one group add up."""
    if len(items) < 2:
        return "".join(items)
    head = pgettext("between the items of a list", ", ").join(items[:-1])
    return _("%(items)s or %(last)s") % {"items": head, "last": items[-1]}


def quoted(words: str) -> str:
    return _("“%(words)s”") % {"words": words}


def in_brackets(facet: str) -> Phrase:
    """“(SMEs or Mid-caps)”: the values as they are called, where the language has no better words."""

    def words(listing) -> str:
        labels = listing.labels(facet)
        return f"({either(labels)})" if labels else ""

    return Phrase((facet,), words)
