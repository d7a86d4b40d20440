"""What members are made of, as parts of one bar: companies by size, laboratories, institutions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cluster_portal.drawing import charts

SIZES = {"micro": "f-s1", "sme": "f-s2", "midcap": "f-s3", "large": "f-s4"}
KINDS = {"company": "f-co", "laboratory": "f-la", "institution": "f-in"}


@dataclass(frozen=True, slots=True)
class Part:
    css: str
    fill: str  # in the bar
    label: str
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Composition:
    sizes: list[Part]
    unsized: Part  # companies
    others: list[Part]

    @property
    def parts(self) -> list[Part]:
        return [*self.sizes, self.unsized, *self.others]

    @property
    def known(self) -> list[Part]:
        return [*self.sizes, *self.others]

    @property
    def bar(self) -> SafeString:
        return charts.bar((part.fill, part.count) for part in self.parts)


def composition(found: Mapping[str, tuple[int, str]], label: Callable[[str, str], str]) -> Composition:
    """``found``: for each size and each kind how many there are, and their list; ``label`` names a value of a facet."""
    sizes = [Part(fill, fill, label("size", slug), *found[slug]) for slug, fill in SIZES.items()]
    companies, companies_url = found["company"]
    unsized = companies - sum(part.count for part in sizes)
    others = [
        Part(f"is-{kind}", fill, label("kind", kind), *found[kind]) for kind, fill in KINDS.items() if kind != "company"
    ]
    return Composition(
        sizes, Part("is-company", KINDS["company"], _("Companies of unknown size"), unsized, companies_url), others
    )


def kinds_bar(kinds: Mapping[str, int]) -> SafeString:
    return charts.bar((fill, kinds[kind]) for kind, fill in KINDS.items())
