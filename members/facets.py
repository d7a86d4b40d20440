"""What member lists are made from: the facets, what each value is called, and which organisations have it.

Everything is read from a few sources by key, or derived from them in memory (``cluster_portal.facets``).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.conf import settings
from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, When
from django.db.models import Value as Constant
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from cluster_portal.facets import (
    NO_ROWS,
    Each,
    Facet,
    FacetIndex,
    FacetValues,
    Fact,
    Lookup,
    Numbers,
    Order,
    Reading,
    Records,
    Rows,
    Source,
    Spans,
    Table,
    Texts,
    Value,
    both,
    replaced,
)
from cluster_portal.facets.columns import EVER
from cluster_portal.records.publication import Status
from members.cluster_facts import ClusterRecords, cluster_facts, predecessors, read_clusters
from members.countries import CODES, HOME, country_names, in_alphabetical_order
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
from members.querysets import NOWHERE, OVERSEAS

FIRST_YEAR = 2005  # the first labels
YEARS = range(FIRST_YEAR, FIRST_YEAR + 60)
Keys = frozenset[int]

ORGANISATION, SITE, MEMBERSHIP = "members_organisation", "members_site", "members_membership"
SUPERVISION = "members_organisation_supervisors"
CLUSTER, REGION, DEPARTMENT, THEME = "members_cluster", "members_region", "members_department", "members_theme"


def of(rows: QuerySet, keys: list[int] | None, owner: str = "organisation_id") -> QuerySet:
    """All rows, or those of some keys, in the order of the keys."""
    return (rows if keys is None else rows.filter(**{f"{owner}__in": keys})).order_by(owner)


# What all lists refer to -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A region or a department as sentences and maps need it; a department has no outline of its own."""

    name: str
    slug: str
    locative_fr: str
    shape_code: str = ""


@dataclass(frozen=True, slots=True)
class Geography:
    """Regions, and departments with the region of each (none of a collectivity overseas), in alphabetical order."""

    regions: dict[str, Place]
    region_slugs: dict[int, str]  # by primary key
    departments: dict[int, tuple[Place, str, str]]  # by primary key: the place, its label, its region

    @property
    def places(self) -> dict[str, Place]:
        """Regions, then departments, by slug; overseas the region stands for both."""
        departments = {place.slug: place for place, _label, _region in self.departments.values()}
        return {**departments, **self.regions}


def load_geography() -> Geography:
    departments = Department.objects.select_related("region").order_by("sort_name", "pk")
    regions = list(Region.objects.in_order())
    return Geography(
        {r.slug: Place(r.name, r.slug, r.locative_fr, r.shape_code) for r in regions},
        {r.pk: r.slug for r in regions},
        {
            d.pk: (Place(d.name, d.slug, d.locative_fr), str(d), d.region.slug if d.region else OVERSEAS)
            for d in departments
        },
    )


@dataclass(frozen=True, slots=True)
class ThemeTree:
    """The themes, and for each language their order: domains, each followed by its themes."""

    slugs: dict[int, str]
    values: dict[str, Value]
    orders: dict[str, tuple[str, ...]]

    def with_domains(self, given: dict[str, Rows]) -> dict[str, Rows]:
        """A domain has what it is given itself and what its themes have."""
        rows = dict(given)
        for value in self.values.values():
            if value.parent:
                rows[value.parent] = rows.get(value.parent, NO_ROWS) | rows.get(value.slug, NO_ROWS)
        return rows


def load_theme_tree() -> ThemeTree:
    themes = list(Theme.objects.select_related("parent").order_by("sort_name_fr", "pk"))
    values = {
        theme.slug: Value(
            theme.slug, {"fr": theme.name_fr, "en": theme.name_en}, theme.parent.slug if theme.parent else ""
        )
        for theme in themes
    }
    slugs = {theme.pk: theme.slug for theme in themes}
    orders = {}
    for language in ("fr", "en"):
        themes.sort(key=lambda theme: (getattr(theme, f"sort_name_{language}"), theme.pk))
        orders[language] = tuple(
            theme.slug
            for domain in themes
            if domain.parent is None
            for theme in (domain, *(child for child in themes if child.parent_id == domain.pk))
        )
    return ThemeTree(slugs, values, orders)


def load_cluster_values() -> dict[int, Value]:
    """The published clusters in alphabetical order, by primary key."""
    clusters = Cluster.objects.published().order_by("sort_name", "pk").only("name", "acronym", "slug")
    return {cluster.pk: Value(cluster.slug, {"fr": str(cluster)}) for cluster in clusters}


class Vocabulary(Reading):
    """What the facets of every list are called."""

    geography = Lookup(load_geography, REGION, DEPARTMENT)
    theme_tree = Lookup(load_theme_tree, THEME)
    cluster_values = Lookup(load_cluster_values, CLUSTER)

    places = Fact(lambda at: at.geography.places)
    published_clusters = Fact(lambda at: frozenset(at.cluster_values), settles=True)


@cache
def named(choices: tuple) -> dict[str, Value]:
    return {value: Value(value, both(label)) for value, label in choices}


def by_cluster(at: Vocabulary, rows: dict[int, Rows]) -> FacetValues:
    values = at.cluster_values
    return FacetValues(
        {value.slug: value for value in values.values()},
        {value.slug: rows[pk] for pk, value in values.items() if pk in rows},
    )


# The sources -------------------------------------------------------------------------------------------


class Organisations(Table):
    status: Each[str]
    kind: Each[str]
    size: Each[str]
    institution_type: Each[str]
    country: Each[str]
    national: Each[int]
    is_demo: Each[int]
    closed_on: Numbers
    verified_on: Numbers
    sort_name: Texts


def read_organisations(keys: list[int] | None):
    return of(Organisation.objects.all(), keys, "pk").values_list("pk", *Organisations.columns)


def read_sites(keys: list[int] | None):
    return of(Site.objects.all(), keys).values_list("organisation_id", place_of_site())


def place_of_site(prefix: str = "") -> Case:
    """The finest place of a site that lists know: ``department 12``, ``region 3``, ``country DE``, or ``somewhere``."""
    finer = ("department_id", "region_id")
    named = [
        When(
            **{f"{prefix}{key}__isnull": False},
            then=Concat(Constant(key.replace("_id", " ")), Cast(f"{prefix}{key}", CharField())),
        )
        for key in finer
    ]
    abroad = When(~Q(**{f"{prefix}country": HOME}), then=Concat(Constant("country "), f"{prefix}country"))
    return Case(*named, abroad, default=Constant("somewhere"), output_field=CharField())


def read_supervision(keys: list[int] | None):
    links = Organisation.supervisors.through.objects
    return of(links.all(), keys, "from_organisation_id").values_list("from_organisation_id", "to_organisation_id")


class Bodies(Records):
    """Whoever supervises: (key, slug, name, acronym, status)."""


def read_bodies(keys: list[int] | None):
    supervising = Organisation.supervisors.through.objects.filter(to_organisation=OuterRef("pk"))
    bodies = of(Organisation.objects.filter(Exists(supervising)), keys, "pk")
    return bodies.values_list("pk", "slug", "name", "acronym", "status", "sort_name")


def read_themes(keys: list[int] | None):
    return of(Organisation.themes.through.objects.all(), keys).values_list("organisation_id", "theme_id")


def read_memberships(keys: list[int] | None):
    return of(Membership.objects.all(), keys).values_list("organisation_id", "cluster_id", "joined_on", "left_on")


def read_other_names(keys: list[int] | None):
    return of(OrganisationName.objects.all(), keys).values_list("organisation_id")


def read_contacts(keys: list[int] | None):
    return of(ContactPerson.objects.agreed(), keys).values_list("organisation_id")


# What is made of them ----------------------------------------------------------------------------------


def published(at: "MemberReading") -> Rows:
    """Everybody who has a public page, members or not."""
    return at.organisations.status["published"]


def closed(at: "MemberReading") -> Rows:
    return at.organisations.closed_on.up_to(at.day.toordinal())


def closed_again(at: "MemberReading", old: Rows, keys: Keys) -> Rows:
    closings, today = at.organisations.closed_on, at.day.toordinal()
    return (old - Rows(keys)) | Rows(key for key in keys if (closings.get(key) or EVER) <= today)


def members_on(at: "MemberReading", keys: Keys | None = None) -> dict[int, Rows]:
    """The members of each cluster: whoever closes leaves."""
    return {cluster: rows - at.closed for cluster, rows in at.memberships.on(at.day, keys).items()}


def members_on_again(at: "MemberReading", old: dict[int, Rows], keys: Keys) -> dict[int, Rows]:
    return replaced(old, keys, members_on(at, keys))


def current(at: "MemberReading") -> Rows:
    """Who is a member of a published cluster, and shown."""
    members = Rows.in_any(rows for cluster, rows in at.members_on.items() if cluster in at.published_clusters)
    return members & at.published


def kinds(at: "MemberReading") -> FacetValues:
    plurals = (("company", _("Companies")), ("laboratory", _("Laboratories")), ("institution", _("Institutions")))
    return of_choices(plurals, at.organisations.kind)


def sizes(at: "MemberReading") -> FacetValues:
    plurals = (
        ("micro", _("Micro-enterprises")),
        ("sme", _("SMEs")),
        ("midcap", _("Mid-caps")),
        ("large", _("Large companies")),
    )
    return of_choices(plurals, at.organisations.size)


def institution_types(at: "MemberReading") -> FacetValues:
    return of_choices(tuple(InstitutionType.choices), at.organisations.institution_type)


def of_choices(choices: tuple, rows: Each[str]) -> FacetValues:
    return FacetValues(named(choices), {slug: rows[slug] for slug, _label in choices if rows[slug]})


def regions(at: "MemberReading") -> FacetValues:
    """Regions, and under them departments, by any site; nationwide organisations are in each."""
    departments, nationwide = at.geography.departments, at.organisations.national[True]
    parts: dict[str, list[int]] = {}
    for pk, (_place, _label, region) in departments.items():
        parts.setdefault(region, []).append(pk)
    keys = {slug: pk for pk, slug in at.geography.region_slugs.items()}
    labels = {slug: {"fr": region.name} for slug, region in at.geography.regions.items()}
    if OVERSEAS in parts:
        labels[OVERSEAS] = both(_("Overseas, in no region"))
    values, rows = {}, {}
    for slug, words in labels.items():
        here = parts.get(slug, [])
        values[slug] = Value(slug, words)
        sites = (at.sites[f"department {pk}"] for pk in here)
        rows[slug] = Rows.in_any([nationwide, at.sites[f"region {keys.get(slug)}"], *sites])
        for pk in here if len(here) > 1 or slug == OVERSEAS else ():  # overseas, the department is the region
            place, name, _region = departments[pk]
            label = {"fr": place.name if slug == OVERSEAS else name}
            values[place.slug] = Value(place.slug, label, slug, "department")
            rows[place.slug] = at.sites[f"department {pk}"] | nationwide
    values[NOWHERE] = Value(NOWHERE, both(_("Not located")))
    rows[NOWHERE] = at.organisations.country[HOME] - nationwide - at.located
    return FacetValues(values, rows)


def located(at: "MemberReading") -> Rows:
    """With a site of which at least the region is known, or that is abroad."""
    return Rows.in_any(rows for place, rows in at.sites.items() if place != "somewhere")


def countries(at: "MemberReading") -> FacetValues:
    """Where organisations are at home or have a site; France last of the known ones only if there are others."""
    rows: dict[str, list[Rows]] = {code: [rows] for code, rows in at.organisations.country.items()}
    for place, here in at.sites.items():
        kind, _blank, code = place.partition(" ")
        rows.setdefault(code if kind == "country" else HOME, []).append(here)
    orders = {
        language: tuple(code for code in in_alphabetical_order(language) if code in rows)
        for language, _name in settings.LANGUAGES
    }
    values = {code: Value(code, labels) for code, labels in country_labels().items() if code in rows}
    return FacetValues(values, {code: Rows.in_any(parts) for code, parts in rows.items()}, orders)


@cache
def country_labels() -> dict[str, dict[str, str]]:
    """Of each country, its name in each language."""
    names = {language: country_names(language) for language, _name in settings.LANGUAGES}
    return {code: {language: names[language][code] for language in names} for code in CODES}


def supervisors(at: "MemberReading") -> FacetValues:
    """Published bodies of which a laboratory is published, in alphabetical order, with those that they supervise."""
    bodies = sorted(
        (
            body
            for body in at.bodies
            if body[4] == Status.PUBLISHED and at.supervision[body[0]].shared_with(at.published)
        ),
        key=lambda body: (body[5], body[0]),
    )
    return FacetValues(
        {slug: Value(slug, {"fr": acronym or name}) for _pk, slug, name, acronym, *_rest in bodies},
        {slug: at.supervision[pk] for pk, slug, *_rest in bodies},
    )


def themes(at: "MemberReading") -> FacetValues:
    tree, given = at.theme_tree, at.themes_given.by(at.theme_tree.slugs)
    return FacetValues(tree.values, tree.with_domains(given), tree.orders, given)


def latest_joining(at: "MemberReading", keys: Keys | None = None) -> Iterable[tuple[int, int]]:
    """The day on which the latest current membership began, where it is known."""
    today, published_clusters = at.day.toordinal(), at.published_clusters
    latest: dict[int, int] = {}
    for key, cluster, first, beyond in at.memberships.of_keys(keys):
        if latest.get(key, 0) < first <= today < beyond and cluster in published_clusters:
            latest[key] = first
    gone = set(at.closed)
    return [(key, day) for key, day in latest.items() if key not in gone]


def clusters_of_each(at: "MemberReading", keys: Keys | None = None) -> Iterable[tuple[int, int]]:
    """Of how many published clusters each is a member."""
    found: Counter[int] = Counter()
    among = None if keys is None else Rows(keys)
    for cluster, rows in at.members_on.items():
        if cluster in at.published_clusters:
            found.update(rows if among is None else rows & among)
    return found.items()


def year_ends(at: "MemberReading", keys: Keys | None = None, cluster: int | None = None) -> dict[int, Rows]:
    """For the last day of each year, who was a member then, or will be: of one cluster, or of any.

    The same rule as ``current``, for all years in one pass.
    """
    closings, clusters = at.organisations.closed_on, at.published_clusters if cluster is None else {cluster}
    spans: dict[tuple[int, int], list[int]] = {}
    for key, of_cluster, first, beyond in at.memberships.of_keys(keys):
        if of_cluster in clusters:
            began, ended = year_of(first), min(year_of(beyond), year_of(closings.get(key) or EVER))
            if began < ended:
                spans.setdefault((began, ended), []).append(key)
    years = dict.fromkeys(YEARS, NO_ROWS)
    for (began, ended), members in spans.items():
        rows = Rows(members) & at.published
        for year in range(max(began, YEARS.start), min(ended, YEARS.stop)):
            years[year] |= rows
    return years


@cache
def year_of(ordinal: int) -> int:
    if ordinal <= 0:
        return 0
    return date.fromordinal(ordinal).year if ordinal < EVER else EVER


def year_ends_again(at: "MemberReading", old: dict[int, Rows], keys: Keys) -> dict[int, Rows]:
    return dict.fromkeys(old, NO_ROWS) | replaced(old, keys, year_ends(at, keys))


class MemberReading(Vocabulary):
    """What member lists, and the pages beside them, know of a day."""

    organisations = Source(Organisations, read_organisations, {ORGANISATION: "id"})
    sites = Source(Each[str], read_sites, {SITE: "organisation_id"})
    supervision = Source(Each[int], read_supervision, {SUPERVISION: "from_organisation_id"})
    bodies = Source(Bodies, read_bodies, {ORGANISATION: "id", SUPERVISION: "to_organisation_id"})
    themes_given = Source(Each[int], read_themes, {"members_organisation_themes": "organisation_id"})
    memberships = Source(Spans, read_memberships, {MEMBERSHIP: "organisation_id"})

    closed = Fact(closed, patch=closed_again, dated=True, settles=True)
    members_on = Fact(members_on, patch=members_on_again, dated=True)
    members_until = Fact(
        lambda at: at.memberships.on(at.day, ever=True),
        patch=lambda at, old, keys: replaced(old, keys, at.memberships.on(at.day, keys, ever=True)),
        dated=True,
    )
    published = Fact(published)
    current = Fact(current, dated=True)
    clusters_of_each = Fact(
        lambda at: Numbers.of(clusters_of_each(at)),
        patch=lambda at, old, keys: old.replaced(keys, clusters_of_each(at, keys)),
        dated=True,
    )
    at_year_ends = Fact(year_ends, patch=year_ends_again)

    kind = Facet(kinds)
    size = Facet(sizes)
    type = Facet(institution_types)
    located = Fact(located)
    region = Facet(regions)
    country = Facet(countries)
    supervisor = Facet(supervisors)
    theme = Facet(themes)
    cluster = Facet(lambda at: by_cluster(at, at.members_on), dated=True)
    cluster_ever = Facet(lambda at: by_cluster(at, at.members_until), dated=True)

    joined = Fact(
        lambda at: Numbers.of(latest_joining(at)),
        patch=lambda at, old, keys: old.replaced(keys, latest_joining(at, keys)),
        dated=True,
    )
    by_name = Order(lambda at: at.published, lambda at: at.organisations.sort_name.__getitem__)
    by_newest = Order(lambda at: at.published, lambda at: at.joined.highest_first, after=by_name, dated=True)
    by_verified = Order(lambda at: at.published, lambda at: at.organisations.verified_on.highest_first, after=by_name)

    invented = Fact(lambda at: bool(at.organisations.is_demo[True]))
    other_names = Source(Table, read_other_names, {"members_organisationname": "organisation_id"})
    contacts = Source(Table, read_contacts, {"members_contactperson": "organisation_id"})
    # few organisations have them: the page of any other need not ask
    otherwise_named = Fact(lambda at: at.other_names.rows)
    represented = Fact(lambda at: at.contacts.rows)
    cluster_records = Source(
        ClusterRecords,
        read_clusters,
        {
            CLUSTER: ("id", predecessors),
            "members_clustername": "cluster_id",
            "members_clusterregion": "cluster_id",
            "members_cluster_themes": "cluster_id",
            "members_labelperiod": "cluster_id",
            "members_succession": "predecessor_id",
        },
    )
    clusters = Fact(
        lambda at: cluster_facts(
            at.cluster_records, at.theme_tree.slugs, at.theme_tree.values, at.geography.region_slugs
        )
    )


MEMBER_INDEX = FacetIndex(MemberReading)
