"""A page of one app shows parts of another without knowing it (docs/decisions/0009).

The app that owns the page declares it with its places, and its template prints what stands in each. Whoever has
something to show there fills the page in, in its ``AppConfig.ready``. So an organisation's page shows projects, and
``members`` knows of none.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

Fill = Callable[[HttpRequest, Any], Mapping[str, SafeString]]


class OpenPage:
    """A page with places that other apps fill in, in the order in which they are installed."""

    def __init__(self, *places: str) -> None:
        self.places = places
        self._fills: list[Fill] = []

    def filled_by(self, fill: Fill) -> Fill:
        """Registers ``fill(request, subject)``, which gives the markup of some of the places."""
        self._fills.append(fill)
        return fill

    def parts(self, request: HttpRequest, subject: Any) -> dict[str, SafeString]:
        """The markup of each place for one organisation, cluster... ; empty where nobody has anything to show.

        Raises ``KeyError`` for a place that the page does not have.
        """
        parts = {place: mark_safe("") for place in self.places}
        for fill in self._fills:
            for place, markup in fill(request, subject).items():
                parts[place] += markup
        return parts
