"""What a list page shows besides its rows: facets with their options, chips, pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext

if TYPE_CHECKING:
    from cluster_portal.listing.address import ListAddress


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
    mark: Callable[[str, str], str] | None = None  # draws the label of an option, given its value and its words


@dataclass(slots=True)
class Option:
    name: str
    value: str
    label: str
    count: int
    selected: bool
    level: int
    listing: "ListAddress"

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
    mark: Callable[[str, str], str] | None = None


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
