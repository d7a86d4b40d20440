"""What matches: the rows that an address asks for, and what each option of the facets would give."""

from collections.abc import Iterable, Sequence
from functools import cached_property

from cluster_portal.facets import Reading, Rows
from cluster_portal.listing.address import ListAddress
from cluster_portal.listing.parts import DeclaredFacet, Option, ShownFacet
from cluster_portal.writing.translated import active_language

UNKNOWN = "none"  # the value of rows of which nothing is known: an option only where it finds some


class Matching:
    """An address, asked of the facets as read for its day, within some rows."""

    def __init__(self, declared: Sequence[DeclaredFacet], reading: Reading, address: ListAddress, within: Rows) -> None:
        self.declared, self.reading, self.address, self.within = declared, reading, address, within

    @cached_property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """For every facet in which something is chosen, the values that count: a finer one replaces the one above."""
        chosen = {}
        for facet in self.declared:
            if asked := [slug for name in facet.parameters for slug in self.address.slugs(name)]:
                values = self.reading[facet.name].values
                above = {values[slug].parent for slug in asked if slug in values}
                chosen[facet.name] = tuple(slug for slug in asked if slug not in above)
        return chosen

    @cached_property
    def _having(self) -> dict[str, Rows]:
        """For the same facets, the rows with one of these values."""
        return {name: self.reading[name].having_any(slugs) for name, slugs in self.chosen.items()}

    @cached_property
    def rows(self) -> Rows:
        return intersection(self.within, self._having.values())

    def rows_but_for(self, facet: str) -> Rows:
        """The rows that all the other facets leave: choices within one add up."""
        return intersection(self.within, (rows for name, rows in self._having.items() if name != facet))

    def facets(self) -> list[ShownFacet]:
        language = active_language()
        shown = (
            ShownFacet(facet, self._options(facet, language))
            for facet in self.declared
            if facet.shown and facet.name not in self.address.fixed_names
        )
        return [facet for facet in shown if len(facet.options) > 1 or facet.selected_count]

    def _options(self, facet: DeclaredFacet, language: str) -> list[Option]:
        read, others = self.reading[facet.name], self.rows_but_for(facet.name)
        chosen = {name: set(self.address.slugs(name)) for name in facet.parameters}
        opened = {
            slug
            for name, slugs in chosen.items()
            for slug in slugs
            if slug in read.values and name == (read.values[slug].parameter or facet.name)
        }
        opened |= {read.values[slug].parent for slug in opened}
        options = []
        for value in read.in_order(language):
            # Finer places unfold under what is chosen: a hundred departments would bury the regions.
            if value.parameter and value.parent not in opened:
                continue
            slug, name, rows = value.slug, value.parameter or facet.name, read.having(value.slug)
            count, selected = rows.shared_with(others), slug in chosen[name]
            left_out = (facet.used_only and not rows) or (slug == UNKNOWN and not count)
            if selected or not left_out:
                options.append(Option(name, slug, value.label(language), count, selected, 1 if value.parent else 0))
        return options


def intersection(rows: Rows, narrowings: Iterable[Rows]) -> Rows:
    for narrowing in narrowings:
        rows &= narrowing
    return rows
