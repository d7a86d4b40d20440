"""The facets of member lists: what each value is called, and which organisations have it."""

from array import array
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from cluster_portal.facets import NO_ROWS, Facet, FacetIndex, FacetValues, Fact, Order, Reading, Rows, Value, both
from cluster_portal.facets.index import rows_by
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


def load_current(at: date) -> Rows:
    """Who is a member of a cluster, and shown."""
    return _keys(Organisation.objects.published().members(at))


def load_published(at: date) -> Rows:
    """Everybody who has a public page, members or not."""
    return _keys(Organisation.objects.published())


def _keys(organisations) -> Rows:
    return Rows(organisations.order_by().values_list("pk", flat=True))


def load_choices(field: str, choices) -> FacetValues:
    values = {value: Value(value, both(label)) for value, label in choices}
    return FacetValues(values, rows_by(Organisation.objects.all(), field, "pk"))


def load_kinds(at: date) -> FacetValues:
    plurals = [
        ("company", _("Companies")),
        ("laboratory", _("Laboratories")),
        ("institution", _("Institutions")),
    ]
    return load_choices("kind", plurals)


def load_sizes(at: date) -> FacetValues:
    plurals = [
        ("micro", _("Micro-enterprises")),
        ("sme", _("SMEs")),
        ("midcap", _("Mid-caps")),
        ("large", _("Large companies")),
    ]
    return load_choices("size", plurals)


def load_institution_types(at: date) -> FacetValues:
    return load_choices("institution_type", InstitutionType.choices)


def load_regions(at: date) -> FacetValues:
    """Regions, and under them departments, by any site; nationwide organisations are in each."""
    sites = Site.objects.all()
    regions = rows_by(sites, "department__region__slug", "organisation_id")
    departments = rows_by(sites, "department__slug", "organisation_id")
    nationwide = _keys(Organisation.objects.filter(national=True))
    values, rows = {}, {}
    by_region: dict[str, list[Department]] = {}
    for department in Department.objects.select_related("region").order_by("sort_name"):
        by_region.setdefault(department.region.slug, []).append(department)
    for region in Region.objects.in_order():
        values[region.slug] = Value(region.slug, {"fr": region.name})
        rows[region.slug] = regions.get(region.slug, NO_ROWS) | nationwide
        parts = by_region.get(region.slug, [])
        for part in parts if len(parts) > 1 else ():  # overseas, the department is the region
            values[part.slug] = Value(part.slug, {"fr": str(part)}, region.slug, "department")
            rows[part.slug] = departments.get(part.slug, NO_ROWS) | nationwide
    values[NOWHERE] = Value(NOWHERE, both(_("Not located")))
    rows[NOWHERE] = _keys(Organisation.objects.filter(national=False, sites=None))
    return FacetValues(values, rows)


@dataclass(frozen=True, slots=True)
class Place:
    """A region or a department as sentences and maps need it; a department has no outline of its own."""

    name: str
    slug: str
    locative_fr: str
    shape_code: str = ""


def load_otherwise_named(at: date) -> Rows:
    """The few organisations that have other names: the page of any other need not ask."""
    return Rows(OrganisationName.objects.order_by().values_list("organisation_id", flat=True))


def load_represented(at: date) -> Rows:
    """The few of which a person agreed to be shown."""
    return Rows(ContactPerson.objects.agreed().order_by().values_list("organisation_id", flat=True))


def load_names_order(at: date) -> array:
    """Published organisations in alphabetical order."""
    return _sequence(Organisation.objects.published().in_order())


def load_newest_order(at: date) -> array:
    """Published organisations by their latest current membership."""
    return _sequence(Organisation.objects.published().newest_first(at))


def load_verified_order(at: date) -> array:
    """Published organisations by the day on which they were last verified."""
    return _sequence(Organisation.objects.published().recently_verified_first())


def _sequence(organisations) -> array:
    return array("q", organisations.values_list("pk", flat=True))


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


def with_domains(rows: dict[str, Rows], values: dict[str, Value]) -> dict[str, Rows]:
    """A domain has what it is given itself and what its themes have."""
    for value in values.values():
        if value.parent:
            rows[value.parent] = rows.get(value.parent, NO_ROWS) | rows.get(value.slug, NO_ROWS)
    return rows


def load_themes(at: date) -> FacetValues:
    values, orders = load_theme_tree()
    links = Organisation.themes.through.objects.all()
    given = rows_by(links, "theme__slug", "organisation_id")
    return FacetValues(values, with_domains(dict(given), values), orders, given)


def cluster_values() -> dict[str, Value]:
    clusters = Cluster.objects.published().order_by("sort_name", "pk")
    return {cluster.slug: Value(cluster.slug, {"fr": str(cluster)}) for cluster in clusters}


def load_clusters(at: date) -> FacetValues:
    memberships = Membership.objects.current(at).filter(cluster__status="published")
    return FacetValues(cluster_values(), rows_by(memberships, "cluster__slug", "organisation_id"))


def load_clusters_ever(at: date) -> FacetValues:
    """Who is or was a member of each cluster, by that day."""
    memberships = Membership.objects.begun(at).filter(cluster__status="published")
    return FacetValues(cluster_values(), rows_by(memberships, "cluster__slug", "organisation_id"))


ORGANISATION, SITE, MEMBERSHIP, CLUSTER = (
    "members_organisation",
    "members_site",
    "members_membership",
    "members_cluster",
)
REGION, DEPARTMENT, THEME = "members_region", "members_department", "members_theme"


class MemberReading(Reading):
    """What member lists, and the pages beside them, know of a day."""

    current = Fact(load_current, {ORGANISATION, MEMBERSHIP, CLUSTER}, dated=True)
    published = Fact(load_published, {ORGANISATION})

    kind = Facet(load_kinds, {ORGANISATION})
    size = Facet(load_sizes, {ORGANISATION})
    type = Facet(load_institution_types, {ORGANISATION})
    region = Facet(load_regions, {ORGANISATION, SITE, REGION, DEPARTMENT})
    theme = Facet(load_themes, {"members_organisation_themes", THEME})
    cluster = Facet(load_clusters, {MEMBERSHIP, CLUSTER}, dated=True)
    cluster_ever = Facet(load_clusters_ever, {MEMBERSHIP, CLUSTER}, dated=True)

    by_name = Order(load_names_order, {ORGANISATION})
    by_newest = Order(load_newest_order, {ORGANISATION, MEMBERSHIP, CLUSTER}, dated=True)
    by_verified = Order(load_verified_order, {ORGANISATION})

    invented = Fact(lambda at: Organisation.objects.filter(is_demo=True).exists(), {ORGANISATION})
    otherwise_named = Fact(load_otherwise_named, {"members_organisationname"})
    represented = Fact(load_represented, {"members_contactperson"})
    places = Fact(load_places, {REGION, DEPARTMENT})
    clusters = Fact(
        load_cluster_facts,
        {
            CLUSTER,
            "members_clusterregion",
            "members_cluster_themes",
            THEME,
            REGION,
            "members_clustername",
            "members_labelperiod",
            "members_succession",
        },
    )


MEMBER_INDEX = FacetIndex(MemberReading)
