"""What matches: the rows of a list, and what each option of its facets would give, from the facet index."""

from collections.abc import Iterable
from functools import cached_property

from cluster_portal.facets import FacetIndex, Loaded, bitmap
from cluster_portal.listing.address import ListAddress
from cluster_portal.listing.parts import Group, Option, ShownFacet
from cluster_portal.writing.translated import active_language


class Matching(ListAddress):
    """The rows that an address asks for, as bitmaps, and the facets beside them."""

    index: FacetIndex
    base_facet = "listed"  # the facet whose value below is every row that the list may show

    def base(self) -> str:
        """The value of ``base_facet`` that holds every row of this list."""
        return "current"

    def ranked_ids(self) -> list[int]:
        """Primary keys that match ``self.query``, the best first."""
        raise NotImplementedError

    def is_offered(self, facet: str, slug: str, count: int) -> bool:
        """Whether an option is listed at all; one without a result stays, disabled."""
        return True

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
        return intersection(self._all_rows(), self._chosen_rows.values())

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
            others = intersection(
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
                        group.mark,
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


def intersection(rows: int, narrowings: Iterable[int]) -> int:
    for narrowing in narrowings:
        rows &= narrowing
    return rows
