"""The SQL form of a list: the same rows in the same order, asked of the database.

Pages never use it: they count and walk sets of rows (``cluster_portal.facets``). It is for what needs the rows
themselves, all of them (export, feeds, API), and it is the oracle of the sets: tests hold both together. A list whose
facets, flags or orders are not those of its ``ListFilter`` cannot be declared.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet

from cluster_portal.listing.address import RELEVANCE


class ValuesField(forms.Field):
    """Several slugs; what is unknown among them simply matches nothing."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value):
        return tuple(value or ())


class ValuesFilter(django_filters.Filter):
    """The filter of a facet: ``method`` narrows the queryset by a tuple of slugs; an empty one leaves it alone."""

    field_class = ValuesField


class FlagFilter(django_filters.BooleanFilter):
    """A flag of the address, which ``listed`` or the other filters read."""

    def filter(self, qs, value):
        return qs


class DayFilter(django_filters.DateFilter):
    """The day, which ``listed`` and the other filters read."""

    def filter(self, qs, value):
        return qs


class ListFilter(django_filters.FilterSet):
    """A subclass has a ``ValuesFilter`` for each facet, a ``FlagFilter`` for each flag, and its orders."""

    q = django_filters.CharFilter(method="search")
    on = DayFilter()

    orders: ClassVar[dict[str, Callable[[Any, date | None], QuerySet]]] = {}

    @classmethod
    def of(cls, listing) -> "ListFilter":
        """What a listing asks for, with the values of its facets that count."""
        address, chosen = listing.address, listing.matching.chosen
        return cls({**chosen, **dict.fromkeys(address.flags, True), "q": listing.answer.words, "on": address.on})

    @property
    def day(self) -> date | None:
        return self.form.cleaned_data.get("on")

    def listed(self, queryset):
        """What the list may show at all on that day."""
        raise NotImplementedError

    def filter_queryset(self, queryset):
        return super().filter_queryset(self.listed(queryset))

    def search(self, queryset, name, words):
        return queryset.search(words)

    def ordered(self, order: str) -> QuerySet:
        if order == RELEVANCE:
            return self.qs.best_first(self.form.cleaned_data["q"], self.day)
        return self.orders[order](self.qs, self.day)


def differences(filters: type[ListFilter], facets: set[str], flags: set[str], orders: set[str]) -> Iterator[str]:
    """What a list declares and its SQL form lacks, or the other way round, in words for whoever declares it."""
    of_kind = {
        "facet": (facets, {name for name, one in filters.base_filters.items() if isinstance(one, ValuesFilter)}),
        "flag": (flags, {name for name, one in filters.base_filters.items() if isinstance(one, FlagFilter)}),
        "order": (orders, set(filters.orders)),
    }
    for what, (declared, filtered) in of_kind.items():
        for name in sorted(declared - filtered):
            yield f"the {what} {name!r} has no form in {filters.__name__}"
        for name in sorted(filtered - declared):
            yield f"{filters.__name__} has the {what} {name!r}, which the list does not declare"
