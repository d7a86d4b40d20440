"""Filters whose values come from a ``Listing``, which has read and cleaned the URL already."""

import django_filters
from django import forms


class ValuesField(forms.Field):
    """Several slugs; what is unknown among them simply matches nothing."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value):
        return tuple(value or ())


class ValuesFilter(django_filters.Filter):
    """``method`` narrows the queryset by a tuple of slugs; an empty one leaves it alone."""

    field_class = ValuesField


def filter_data(listing) -> dict:
    """The state of a listing as the data of a FilterSet: each facet's effective values."""
    data = {group.name: listing.effective(group.name) for group in listing.groups}
    flags = {flag: flag in listing.flags for flag in listing.flag_names}
    return {**data, **flags, "q": listing.query, "on": listing.on}
