"""The facets of member lists: what each value is called, and which organisations have it."""

from array import array
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from cluster_portal.facets import (
    Facet,
    FacetIndex,
    Loaded,
    Value,
    bitmap,
    bits_by,
    both,
)
from members.cluster_facts import load_cluster_facts
from members.models import (
    Cluster,
    ContactPerson,
    Department,
    Membership,
    Organisation,
    OrganisationName,
    Region,
    Site,
    Theme,
)
from members.models.organisations import InstitutionType

NOWHERE = "none"


def load_listed(at: date) -> Loaded:
    """What a list may show at all: current members, or everybody who has a public page."""
    published = Organisation.objects.published()
    bits = {
        "current": bitmap(published.members(at).order_by().values_list("pk", flat=True)),
        "all": bitmap(published.order_by().values_list("pk", flat=True)),
    }
    return Loaded({}, bits)


def load_choices(field: str, choices) -> Loaded:
    values = {value: Value(value, both(label)) for value, label in choices}
    return Loaded(values, bits_by(Organisation.objects.all(), field, "pk"))


def load_kinds(at: date) -> Loaded:
    plurals = [
        ("company", _("Companies")),
        ("laboratory", _("Laboratories")),
        ("institution", _("Institutions")),
    ]
    return load_choices("kind", plurals)


def load_sizes(at: date) -> Loaded:
    plurals = [
        ("micro", _("Micro-enterprises")),
        ("sme", _("SMEs")),
        ("midcap", _("Mid-caps")),
        ("large", _("Large companies")),
    ]
    return load_choices("size", plurals)


def load_institution_types(at: date) -> Loaded:
    return load_choices("institution_type", InstitutionType.choices)


def load_regions(at: date) -> Loaded:
    """Regions, and under them departments, by any site; nationwide organisations are in each."""
    sites = Site.objects.all()
    regions = bits_by(sites, "department__region__slug", "organisation_id")
    departments = bits_by(sites, "department__slug", "organisation_id")
    organisations = Organisation.objects.order_by().values_list("pk", flat=True)
    nationwide = bitmap(organisations.filter(national=True))
    values, bits = {}, {}
    by_region: dict[str, list[Department]] = {}
    for department in Department.objects.select_related("region").order_by("sort_name"):
        by_region.setdefault(department.region.slug, []).append(department)
    for region in Region.objects.in_order():
        values[region.slug] = Value(region.slug, {"fr": region.name})
        bits[region.slug] = regions.get(region.slug, 0) | nationwide
        parts = by_region.get(region.slug, [])
        for part in parts if len(parts) > 1 else ():  # overseas, the department is the region
            values[part.slug] = Value(part.slug, {"fr": str(part)}, region.slug, "department")
            bits[part.slug] = departments.get(part.slug, 0) | nationwide
    values[NOWHERE] = Value(NOWHERE, both(_("Not located")))
    bits[NOWHERE] = bitmap(organisations.filter(national=False, sites=None))
    return Loaded(values, bits)


@dataclass(frozen=True, slots=True)
class Place:
    """A region or a department as sentences and maps need it; a department has no outline of its own."""

    name: str
    slug: str
    locative_fr: str
    shape_code: str = ""


def load_rarities(at: date) -> dict[str, int]:
    """Bitmaps of the few organisations that have other names, or persons who agreed to be shown: the page of
    any other need not ask."""
    other_names = OrganisationName.objects.order_by().values_list("organisation_id", flat=True)
    contacts = ContactPerson.objects.public().order_by().values_list("organisation_id", flat=True)
    return {"names": bitmap(other_names), "contacts": bitmap(contacts)}


def load_names_order(at: date) -> array:
    """Published organisations in alphabetical order, as primary keys."""
    return array("q", Organisation.objects.published().in_order().values_list("pk", flat=True))


def load_newest_order(at: date) -> array:
    """Published organisations by their latest current membership, as primary keys."""
    return array("q", Organisation.objects.published().newest_first(at).values_list("pk", flat=True))


def load_places(at: date) -> dict[str, Place]:
    """Regions in alphabetical order, then departments, by slug; overseas the region stands for both."""
    departments = {d.slug: Place(d.name, d.slug, d.locative_fr) for d in Department.objects.all()}
    regions = {r.slug: Place(r.name, r.slug, r.locative_fr, r.shape_code) for r in Region.objects.in_order()}
    return {**regions, **{slug: place for slug, place in departments.items() if slug not in regions}}


def load_theme_tree() -> tuple[dict[str, Value], dict[str, tuple[str, ...]]]:
    """The themes, and for each language their order: domains, each followed by its themes."""
    themes = list(Theme.objects.select_related("parent").order_by("sort_name_fr", "pk"))
    values = {
        theme.slug: Value(
            theme.slug, {"fr": theme.name_fr, "en": theme.name_en}, theme.parent.slug if theme.parent else ""
        )
        for theme in themes
    }
    orders = {}
    for language in ("fr", "en"):
        themes.sort(key=lambda theme: getattr(theme, f"sort_name_{language}") or theme.sort_name_fr)
        orders[language] = tuple(
            theme.slug
            for domain in themes
            if domain.parent is None
            for theme in (domain, *(child for child in themes if child.parent_id == domain.pk))
        )
    return values, orders


def with_domains(bits: dict[str, int], values: dict[str, Value]) -> dict[str, int]:
    """A domain has what it is given itself and what its themes have."""
    for value in values.values():
        if value.parent:
            bits[value.parent] = bits.get(value.parent, 0) | bits.get(value.slug, 0)
    return bits


def load_themes(at: date) -> Loaded:
    values, orders = load_theme_tree()
    links = Organisation.themes.through.objects.all()
    given = bits_by(links, "theme__slug", "organisation_id")
    return Loaded(values, with_domains(dict(given), values), orders, given)


def cluster_values() -> dict[str, Value]:
    clusters = Cluster.objects.published().order_by("sort_name", "pk")
    return {cluster.slug: Value(cluster.slug, {"fr": str(cluster)}) for cluster in clusters}


def load_clusters(at: date) -> Loaded:
    memberships = Membership.objects.current(at).filter(cluster__status="published")
    return Loaded(cluster_values(), bits_by(memberships, "cluster__slug", "organisation_id"))


def load_clusters_ever(at: date) -> Loaded:
    """Who is or was a member of each cluster, by that day."""
    memberships = Membership.objects.begun(at).filter(cluster__status="published")
    return Loaded(cluster_values(), bits_by(memberships, "cluster__slug", "organisation_id"))


ORGANISATION, SITE = "members_organisation", "members_site"

MEMBER_INDEX = FacetIndex(
    Facet("listed", frozenset({ORGANISATION, "members_membership", "members_cluster"}), load_listed, dated=True),
    Facet("kind", frozenset({ORGANISATION}), load_kinds),
    Facet("size", frozenset({ORGANISATION}), load_sizes),
    Facet("type", frozenset({ORGANISATION}), load_institution_types),
    Facet("region", frozenset({ORGANISATION, SITE, "members_region", "members_department"}), load_regions),
    Facet("theme", frozenset({"members_organisation_themes", "members_theme"}), load_themes),
    Facet("cluster", frozenset({"members_membership", "members_cluster"}), load_clusters, dated=True),
    Facet("cluster_ever", frozenset({"members_membership", "members_cluster"}), load_clusters_ever, dated=True),
    Facet("by_name", frozenset({ORGANISATION}), load_names_order),
    Facet(
        "by_newest",
        frozenset({ORGANISATION, "members_membership", "members_cluster"}),
        load_newest_order,
        dated=True,
    ),
    Facet("demo", frozenset({ORGANISATION}), lambda at: Organisation.objects.filter(is_demo=True).exists()),
    Facet("rarities", frozenset({"members_organisationname", "members_contactperson"}), load_rarities),
    Facet("places", frozenset({"members_region", "members_department"}), load_places),
    Facet(
        "clusters",
        frozenset(
            {
                "members_cluster",
                "members_clusterregion",
                "members_cluster_themes",
                "members_theme",
                "members_region",
                "members_clustername",
                "members_labelperiod",
                "members_succession",
            }
        ),
        load_cluster_facts,
    ),
)
