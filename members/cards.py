"""What a card shows of an organisation, for a page of them in a constant number of light queries.

The rows are read as tuples, and the words of themes, clusters and regions come from the facet index:
a page of 25 costs four small queries, compiled once, and no model instance.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_portal.facets import FacetValues
from cluster_portal.pages.addresses import address, address_of
from cluster_portal.records.compiled import compiled
from cluster_portal.writing.translated import Text, active_language, in_active_language, shortened
from cluster_portal.writing.typography import date_in_words
from members.countries import HOME, country_name
from members.models import Membership, Organisation, Site

SHOWN_THEMES = 3
DESCRIPTION = 170  # characters of a description on a card, cut at a word


@dataclass(slots=True)
class Card:
    pk: int
    url: str
    name: str
    kind: str
    kind_label: str
    kind_url: str
    acronym: str
    description: Text
    national: bool
    country: str
    state: str = ""
    note: str = ""
    size_label: str = ""
    size_url: str = ""
    headcount_label: str = ""
    logo_url: str = ""
    town: str = ""
    joined_on: date | None = None
    regions: list[tuple[str, str]] = field(default_factory=list)  # or collectivities overseas, or countries
    themes: list[tuple[str, str]] = field(default_factory=list)
    more_themes: int = 0
    clusters: list[tuple[str, str]] = field(default_factory=list)

    @property
    def detail(self) -> str:
        """One short line: town and first theme."""
        return " · ".join(filter(None, [self.town, self.themes[0][0] if self.themes else ""]))


def cards(
    ids: list[int], facets: Mapping[str, FacetValues], at: date | None = None, first=(), path: str = ""
) -> list[Card]:
    """Cards in the order of ``ids``; the themes in ``first`` come before the others. Their place, kind and
    themes lead into the list at ``path``, so that inside a cluster one stays there; into all members without."""
    members = path or address("members:organisation-list")
    found = {card.pk: card for card in _identities(ids, members)}
    _add_places(found, facets["region"], members)
    _add_themes(found, facets["theme"], set(first), members)
    _add_clusters(found, facets["cluster"], at)
    return [found[pk] for pk in ids if pk in found]


@compiled
def identities_of(organisations: list[int]):
    return (
        Organisation.objects.filter(pk__in=organisations)
        .order_by()
        .values_list(
            "pk",
            "slug",
            "name",
            "kind",
            "acronym",
            "description_fr",
            "description_en",
            "national",
            "country",
            "size",
            "headcount",
            "closed_on",
            "logo",
            named=True,
        )
    )


@compiled
def places_of(organisations: list[int]):
    sites = Site.objects.filter(organisation__in=organisations).order_by("-head_office", "pk")
    return sites.values_list("organisation_id", "city", "country", "department__slug", "region__slug")


@compiled
def themes_of(organisations: list[int]):
    links = Organisation.themes.through.objects.filter(organisation__in=organisations).order_by("pk")
    return links.values_list("organisation_id", "theme__slug")


@compiled
def memberships_of(organisations: list[int], at: date):
    memberships = Membership.objects.current(at).filter(organisation__in=organisations, cluster__status="published")
    return memberships.order_by("joined_on", "pk").values_list("organisation_id", "cluster__slug", "joined_on")


def _identities(ids, members: str):
    kinds, sizes, headcounts = (
        {value: str(label) for value, label in choices.choices}
        for choices in (Organisation.Kind, Organisation.Size, Organisation.Headcount)
    )
    for row in identities_of(ids):
        card = Card(
            row.pk,
            address_of("members:organisation-detail", row.slug),
            row.name,
            row.kind,
            kinds[row.kind],
            f"{members}?kind={row.kind}",
            row.acronym,
            shortened(in_active_language(row.description_fr, row.description_en), DESCRIPTION),
            row.national,
            row.country,
        )
        if row.size:
            card.size_label, card.size_url = sizes[row.size], f"{members}?size={row.size}"
            card.headcount_label = headcounts[row.headcount] if row.headcount else ""
        if row.logo:
            card.logo_url = Organisation._meta.get_field("logo").storage.url(row.logo)
        if row.closed_on and row.closed_on <= timezone.localdate():
            card.state = _("Closed")
            card.note = _("Closed on %(date)s") % {"date": date_in_words(row.closed_on)}
        yield card


def _add_places(found: dict[int, Card], regions: FacetValues, members: str) -> None:
    seen: dict[int, set[str]] = defaultdict(set)
    language = active_language()
    for pk, city, country, department, region in places_of(found):
        card = found[pk]
        card.town = card.town or city
        place = region or department  # a collectivity overseas is in no region
        if country != HOME:
            link = country_name(country), f"{members}?country={country}"
        elif place in regions.values:
            value = regions.values[place]
            link = value.label(language), f"{members}?{value.parameter or 'region'}={place}"
        else:
            continue
        if link[1] not in seen[pk]:
            seen[pk].add(link[1])
            card.regions.append(link)
    for card in found.values():
        if card.regions:
            continue
        if card.national:
            card.regions = [(_("the whole of France"), members)]
        elif card.country != HOME:
            card.regions = [(country_name(card.country), f"{members}?country={card.country}")]


def _add_themes(found: dict[int, Card], themes: FacetValues, first: set[str], members: str) -> None:
    language = active_language()
    slugs: dict[int, list[str]] = defaultdict(list)
    for pk, slug in themes_of(found):
        if slug in themes.values:  # or it was made a moment ago
            slugs[pk].append(slug)
    for pk, own in slugs.items():
        own.sort(key=lambda slug: slug not in first and themes.values[slug].parent not in first)
        found[pk].themes = [
            (themes.values[slug].label(language), f"{members}?theme={slug}") for slug in own[:SHOWN_THEMES]
        ]
        found[pk].more_themes = max(0, len(own) - SHOWN_THEMES)


def _add_clusters(found: dict[int, Card], clusters: FacetValues, at: date | None) -> None:
    for pk, slug, joined in memberships_of(found, at or timezone.localdate()):
        card = found[pk]
        if slug in clusters.values:
            card.clusters.append((clusters.values[slug].labels["fr"], address_of("members:cluster-detail", slug)))
        card.joined_on = max(filter(None, (card.joined_on, joined)), default=None)
    for card in found.values():
        if not card.clusters and not card.state:
            card.state = _("Not a member")
