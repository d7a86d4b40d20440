"""Organisations and clusters as rows of a file: what is read for the columns of ``members.columns``.

What is private is not read at all for a file that anybody may have, so that no column could show it.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject, NullIf, Upper
from django.utils import timezone

from cluster_portal.admin.counts import number_of
from cluster_portal.exchange.tables import Position, in_pieces
from cluster_portal.records.publication import Status
from cluster_portal.records.scope import EDIT_NETWORK
from cluster_portal.writing.translated import active_language
from members.models import (
    Cluster,
    ClusterName,
    ClusterRegion,
    ContactPerson,
    FurtherNumber,
    LabelPeriod,
    Membership,
    Organisation,
    OrganisationName,
    Site,
    UnitNumber,
)

PUBLIC_FIELDS = (
    "slug", "kind", "name", "acronym", "description_fr", "description_en", "founding_year", "website", "phone", "national",
    "country", "siren", "ror_id", "size", "naf_code", "headcount", "rnsr_id", "uai_code", "institution_type", "closed_on",
    "verified_on", "verified_by", "verified_source",
)  # fmt: skip
PRIVATE_FIELDS = ("email", "status")


def name_in_language(prefix: str = "") -> Coalesce:
    """Of what has its name in two languages, with the other one where that of the reader is blank."""
    here, there = ("name_fr", "name_en") if active_language() == "fr" else ("name_en", "name_fr")
    return Coalesce(NullIf(f"{prefix}{here}", Value("")), f"{prefix}{there}")


def theme_names(through, owner: str, key: str = "pk") -> ArraySubquery:
    links = through.objects.filter(**{owner: OuterRef(key)}).order_by("pk")
    return ArraySubquery(links.values(written=name_in_language("theme__")))


def first_site(organisation: str = "pk") -> Subquery:
    """The head office, or else the first."""
    sites = Site.objects.filter(organisation=OuterRef(organisation)).order_by("-head_office", "pk")
    return Subquery(
        sites.values(
            told=JSONObject(
                siret="siret",
                address="address",
                postcode="postcode",
                city="city",
                department="department__name",
                region="region__name",
                latitude=Cast("latitude", CharField()),  # as text: no digit is lost on the way
                longitude=Cast("longitude", CharField()),
                precision="precision",
            )
        )[:1]
    )


def position_of_site(site: dict | None) -> Position | None:
    if not site or site["latitude"] is None:
        return None
    return Decimal(site["longitude"]), Decimal(site["latitude"])


def position_of_organisation(record) -> Position | None:
    return position_of_site(record.site)


def _of_organisation(day: date | None, bodies: QuerySet, key: str = "pk") -> dict:
    """What other tables say of an organisation that anybody may read; ``bodies``: those among its supervising bodies that
    the reader may know of."""
    names = OrganisationName.objects.filter(organisation=OuterRef(key)).order_by("-until", "pk")
    units = UnitNumber.objects.filter(organisation=OuterRef(key)).order_by("pk")
    links = Organisation.supervisors.through.objects.filter(
        from_organisation=OuterRef(key), to_organisation__in=bodies
    ).order_by("to_organisation__sort_name", "to_organisation")
    memberships = Membership.objects.current(day).filter(organisation=OuterRef(key)).order_by("joined_on", "pk")
    return {
        "theme_names": theme_names(Organisation.themes.through, "organisation", key),
        "former_names": ArraySubquery(names.filter(kind="former").values("name")),
        "trade_names": ArraySubquery(names.filter(kind="trade").values("name")),
        "units": ArraySubquery(units.values(written=Concat("label", Value(" "), "number"))),
        "bodies": ArraySubquery(links.values("to_organisation__name")),
        "member_of": ArraySubquery(memberships.values("cluster")),
        "site": first_site(key),
    }


def _numbers(key: str = "pk") -> dict:
    numbers = FurtherNumber.objects.filter(organisation=OuterRef(key)).order_by("pk")
    return {"numbers": ArraySubquery(numbers.values(written=Concat(Upper("kind"), Value(" "), "value")))}


def published_organisations(keys: list[int], day: date | None) -> Iterator[Any]:
    published = Organisation.objects.published()

    def read(piece: list[int]) -> QuerySet:
        told = _of_organisation(day, published)
        return published.filter(pk__in=piece).annotate(**told).values_list("pk", *PUBLIC_FIELDS, *told, named=True)

    return in_pieces(keys, read)


class OfCluster(NamedTuple):
    """What one cluster says of its members, with its contact persons if they are asked for."""

    cluster: Cluster
    contacts: bool = False

    def membership(self) -> dict:
        """The one that is current, or else the latest."""
        memberships = Membership.objects.filter(organisation=OuterRef("pk"), cluster=self.cluster).order_by(
            F("left_on").desc(nulls_first=True), F("joined_on").desc(nulls_last=True), "-pk"
        )
        return {"membership": Subquery(memberships.values(told=MEMBERSHIP)[:1])}

    def people(self, key: str = "pk") -> dict:
        if not self.contacts:
            return {}
        people = ContactPerson.objects.filter(organisation=OuterRef(key), cluster=self.cluster).order_by("name", "pk")
        person = JSONObject(name="name", role="role", email="email", phone="phone")
        return {"persons": ArraySubquery(people.values(told=person))}


MEMBERSHIP = JSONObject(category="category", joined_on="joined_on", left_on="left_on")


def organisations_known_to(user) -> QuerySet:
    """Those that she may choose: ``selectable_by``, with her drafts by number, since it is asked for each row of a file."""
    every = Organisation.objects.selectable_by(user)
    if user.has_perm(EDIT_NETWORK):
        return every
    drafts = list(every.exclude(status=Status.PUBLISHED).order_by().values_list("pk", flat=True))
    return Organisation.objects.filter(Q(status=Status.PUBLISHED) | Q(pk__in=drafts))


def organisations_of_staff(user, keys: list[int], own: OfCluster | None = None) -> Iterator[Any]:
    """What somebody of staff meets, with what other rows that she may know of say of it. With contacts, a row for each
    person."""
    bodies = organisations_known_to(user)

    def read(piece: list[int]) -> QuerySet:
        told = {
            **_of_organisation(None, bodies),
            **_numbers(),
            **({**own.membership(), **own.people()} if own else {}),
        }
        rows = Organisation.objects.editable_by(user).filter(pk__in=piece).annotate(**told)
        return rows.values_list("pk", *PUBLIC_FIELDS, *PRIVATE_FIELDS, *told, named=True)

    return each_person(in_pieces(keys, read), own)


def memberships_of_staff(user, keys: list[int], own: OfCluster | None = None) -> Iterator[Any]:
    """A row for each membership, with its organisation; contact persons beside those of their own cluster."""
    bodies = organisations_known_to(user)

    def read(piece: list[int]) -> QuerySet:
        told = {
            **{field: F(f"organisation__{field}") for field in (*PUBLIC_FIELDS, *PRIVATE_FIELDS)},
            **_of_organisation(None, bodies, "organisation_id"),
            **_numbers("organisation_id"),
            "membership": MEMBERSHIP,
            **(own.people("organisation_id") if own else {}),
        }
        rows = Membership.objects.editable_by(user).filter(pk__in=piece).annotate(**told)
        return rows.values_list("pk", "cluster", *told, named=True)

    return each_person(in_pieces(keys, read), own)


class WithPerson:
    """A row, and one of its contact persons or none."""

    def __init__(self, row, contact: dict | None) -> None:
        self.row, self.contact = row, contact

    def __getattr__(self, name: str):
        return getattr(self.row, name)


def each_person(rows: Iterable[Any], own: OfCluster | None) -> Iterator[Any]:
    """Each row as often as it has contact persons, and once without any."""
    if own is None or not own.contacts:
        yield from rows
        return
    for row in rows:
        theirs = getattr(row, "cluster", own.cluster.pk) == own.cluster.pk
        for person in (row.persons if theirs else ()) or [None]:
            yield WithPerson(row, person)


# --- clusters -------------------------------------------------------------------------------------------------------------
CLUSTER_FIELDS = (
    "slug", "name", "acronym", "presentation_fr", "presentation_en", "city", "latitude", "longitude", "website", "phone",
    "founding_year",
)  # fmt: skip


def _of_clusters(rows: QuerySet, day: date | None, members: QuerySet, *more: str) -> QuerySet:
    former = Q(kind="former") & (Q(until=None) | Q(until__lt=day or timezone.localdate()))
    names = ClusterName.objects.filter(cluster=OuterRef("pk")).order_by("name", "pk")
    regions = ClusterRegion.objects.filter(cluster=OuterRef("pk")).order_by("rank", "pk")
    labels = LabelPeriod.objects.covering(day).filter(cluster=OuterRef("pk"))
    annotations = {
        "theme_names": theme_names(Cluster.themes.through, "cluster"),
        "region_names": ArraySubquery(regions.values("region__name")),
        "former_names": ArraySubquery(names.filter(former).values("name")),
        "other_names": ArraySubquery(names.exclude(former).values("name")),
        "department_name": F("department__name"),
        "label": Subquery(labels.values(told=JSONObject(phase="phase", start="start", end="end"))[:1]),
        "member_count": number_of(members.filter(cluster=OuterRef("pk")), "organisation"),
    }
    rows = rows.order_by().annotate(**annotations)
    return rows.values_list("pk", *CLUSTER_FIELDS, *more, *annotations, named=True)


def published_clusters(keys: list[int], day: date | None) -> Iterator[Any]:
    """With the number of published members of each on that day, as its page tells it."""
    members = Membership.objects.current(day).filter(organisation__status=Status.PUBLISHED)
    published = Cluster.objects.published()
    return in_pieces(keys, lambda piece: _of_clusters(published.filter(pk__in=piece), day, members))


def clusters_of_staff(user, keys: list[int]) -> Iterator[Any]:
    rows = Cluster.objects.editable_by(user)
    return in_pieces(
        keys,
        lambda piece: _of_clusters(rows.filter(pk__in=piece), None, Membership.objects.current(), *PRIVATE_FIELDS),
    )


def position_of_cluster(record) -> Position | None:
    return None if record.latitude is None else (record.longitude, record.latitude)


def names_of_clusters(rows: QuerySet) -> dict[int, str]:
    return {cluster.pk: str(cluster) for cluster in rows.order_by().only("name", "acronym")}
