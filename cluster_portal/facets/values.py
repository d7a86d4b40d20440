"""What a facet holds once it is read: its values, and which rows have each."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import override

from cluster_portal.facets.rows import NO_ROWS, Rows


def both(label) -> dict[str, str]:
    """A lazy text in each language of the interface."""
    labels = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            labels[language] = str(label)
    return labels


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet: its slug in the URL, its labels by language, the value above it."""

    slug: str
    labels: dict[str, str]
    parent: str = ""
    parameter: str = ""  # the URL parameter, when it is not the facet's own (department under region)

    def label(self, language: str) -> str:
        return self.labels.get(language) or next((text for text in self.labels.values() if text), self.slug)


@dataclass(frozen=True, slots=True)
class FacetValues:
    """A facet as read: its values in order of display, and the rows that have each.

    ``orders`` gives another order for a language in which the labels sort differently; ``given`` the rows that
    were given a value themselves, where ``rows`` also counts what is below it.
    """

    values: dict[str, Value]
    rows: dict[str, Rows]
    orders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    given: dict[str, Rows] = field(default_factory=dict)

    def having(self, slug: str) -> Rows:
        """The rows with this value; an unknown value has none."""
        return self.rows.get(slug, NO_ROWS)

    def having_any(self, slugs: Iterable[str]) -> Rows:
        return Rows.in_any(self.having(slug) for slug in slugs)

    def in_order(self, language: str) -> Iterable[Value]:
        return (self.values[slug] for slug in self.orders.get(language, self.values))

    def of(self, key: int) -> list[str]:
        """The values that one row has."""
        return [slug for slug in self.values if key in self.having(slug)]

    def given_to(self, key: int, language: str) -> list[str]:
        """The values that one row was given itself, in order."""
        return [value.slug for value in self.in_order(language) if key in self.given.get(value.slug, NO_ROWS)]
