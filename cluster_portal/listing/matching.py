"""What matches: the rows of a list, and what each option of its facets would give, from the facet index."""

from collections.abc import Iterable
from functools import cached_property

from cluster_portal.facets import FacetIndex, Reading, Rows
from cluster_portal.listing.address import ListAddress
from cluster_portal.listing.parts import Group, Option, ShownFacet
from cluster_portal.writing.translated import active_language


class Matching(ListAddress):
    """The rows that an address asks for, as sets, and the facets beside them."""

    index: FacetIndex

    def base(self) -> Rows:
        """Every row that this list may show."""
        raise NotImplementedError

    def ranked_ids(self) -> list[int]:
        """Primary keys that match ``self.query``, the best first."""
        raise NotImplementedError

    def is_offered(self, facet: str, slug: str, count: int) -> bool:
        """Whether an option is listed at all; one without a result stays, disabled."""
        return True

    @cached_property
    def facet_data(self) -> Reading:
        return self.index.at(self.on)

    @cached_property
    def _ranked(self) -> list[int]:
        return self.ranked_ids()

    @cached_property
    def _text_rows(self) -> Rows:
        return Rows(self._ranked)

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

    def _narrowing(self, chosen: dict) -> dict[str, Rows]:
        """For every facet in which something is chosen, the rows that have it."""
        narrowing = {}
        for group in self.groups:
            asked = any(chosen.get(name) for name in self._parameters_of(group.name))
            if asked:
                narrowing[group.name] = self.facet_data[group.name].having_any(self.effective(group.name, chosen))
        return narrowing

    def _all_rows(self, *, with_text: bool = True) -> Rows:
        return self.base() & self._text_rows if with_text and self.query else self.base()

    @cached_property
    def _chosen_rows(self) -> dict[str, Rows]:
        return self._narrowing(self.chosen)

    @cached_property
    def matched(self) -> Rows:
        """Every row of the list."""
        return intersection(self._all_rows(), self._chosen_rows.values())

    @cached_property
    def total(self) -> int:
        return len(self.matched)

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

    def _options(self, group: Group, others: Rows, language: str) -> list[Option]:
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
            count = data.having(slug).shared_with(others)
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


def intersection(rows: Rows, narrowings: Iterable[Rows]) -> Rows:
    for narrowing in narrowings:
        rows &= narrowing
    return rows
