"""What a list page shows besides its rows: facets with their options, chips, pages."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext


@dataclass(frozen=True, slots=True)
class DeclaredFacet:
    """A facet as a list declares it: its parameter, its words, its icon, and how it is offered.

    ``finer``: the parameters of values inside those of the facet, with their words (a department in a region).
    """

    name: str
    label: str | Promise
    icon: str
    finer: tuple[tuple[str, str | Promise], ...] = ()
    searchable: bool = False
    open: bool = True
    multi: bool = True
    shown: bool = True  # among the facets; a choice made by a link elsewhere is a chip only
    used_only: bool = False  # a value that nothing has on that day is no choice
    mark: Callable[[str, str], str] | None = None  # draws the label of an option, given its value and its words

    @property
    def parameters(self) -> dict[str, str | Promise]:
        """What addresses call its values, each with its words."""
        return {self.name: self.label, **dict(self.finer)}


@dataclass(slots=True)
class Option:
    """One value of a facet as a page shows it."""

    name: str
    value: str
    label: str
    count: int
    selected: bool
    level: int

    @property
    def disabled(self) -> bool:
        return not self.count and not self.selected


@dataclass(slots=True)
class ShownFacet:
    declared: DeclaredFacet
    options: list[Option]

    @property
    def name(self) -> str:
        return self.declared.name

    @property
    def label(self) -> str:
        return str(self.declared.label)

    @property
    def icon(self) -> str:
        return self.declared.icon

    @property
    def multi(self) -> bool:
        return self.declared.multi

    @property
    def mark(self) -> Callable[[str, str], str] | None:
        return self.declared.mark

    @property
    def searchable(self) -> bool:
        return self.declared.searchable and len(self.options) > 8

    @property
    def open(self) -> bool:
        return self.declared.open or bool(self.selected_count)

    @property
    def selected_count(self) -> int:
        return sum(option.selected for option in self.options)


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
