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


def theme_names(through, owner: str) -> ArraySubquery:
    links = through.objects.filter(**{owner: OuterRef("pk")}).order_by("pk")
    return ArraySubquery(links.values(written=name_in_language("theme__")))


def _names(kind: str) -> ArraySubquery:
    names = OrganisationName.objects.filter(organisation=OuterRef("pk"), kind=kind).order_by("-until", "pk")
    return ArraySubquery(names.values("name"))


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


def _told(rows: QuerySet, day: date | None, bodies: QuerySet, *more: str, **annotations) -> QuerySet:
    units = UnitNumber.objects.filter(organisation=OuterRef("pk")).order_by("pk")
    links = Organisation.supervisors.through.objects.filter(
        from_organisation=OuterRef("pk"), to_organisation__in=bodies
    ).order_by("to_organisation__sort_name", "to_organisation")
    memberships = Membership.objects.current(day).filter(organisation=OuterRef("pk")).order_by("joined_on", "pk")
    annotations |= {
        "theme_names": theme_names(Organisation.themes.through, "organisation"),
        "former_names": _names("former"),
        "trade_names": _names("trade"),
        "units": ArraySubquery(units.values(written=Concat("label", Value(" "), "number"))),
        "bodies": ArraySubquery(links.values("to_organisation__name")),
        "member_of": ArraySubquery(memberships.values("cluster")),
        "site": first_site(),
    }
    rows = rows.order_by().annotate(**annotations)
    return rows.values_list("pk", *PUBLIC_FIELDS, *more, *annotations, named=True)


def published_organisations(keys: list[int], day: date | None) -> Iterator[Any]:
    published = Organisation.objects.published()

    def read(piece: list[int]) -> QuerySet:
        return _told(published.filter(pk__in=piece), day, published)

    return in_pieces(keys, read)


class OfCluster(NamedTuple):
    """What one cluster says of its members: its memberships, and its contact persons if they are asked for."""

    cluster: Cluster
    contacts: bool = False

    def annotations(self) -> dict:
        """The membership that is current, or else the latest."""
        memberships = Membership.objects.filter(organisation=OuterRef("pk"), cluster=self.cluster).order_by(
            F("left_on").desc(nulls_first=True), F("joined_on").desc(nulls_last=True), "-pk"
        )
        told = JSONObject(category="category", joined_on="joined_on", left_on="left_on")
        found = {"membership": Subquery(memberships.values(told=told)[:1])}
        if self.contacts:
            people = ContactPerson.objects.filter(organisation=OuterRef("pk"), cluster=self.cluster)
            person = JSONObject(name="name", role="role", email="email", phone="phone")
            found["contacts"] = ArraySubquery(people.order_by("name", "pk").values(told=person))
        return found


def organisations_of_staff(user, keys: list[int], own: OfCluster | None = None) -> Iterator[Any]:
    """What somebody of staff meets, with what the rows of other clusters, published or hers, say of it. With contacts, a
    row for each person."""
    bodies = Organisation.objects.selectable_by(user)
    numbers = FurtherNumber.objects.filter(organisation=OuterRef("pk")).order_by("pk")
    more = {
        "numbers": ArraySubquery(numbers.values(written=Concat(Upper("kind"), Value(" "), "value"))),
        **(own.annotations() if own else {}),
    }

    def read(piece: list[int]) -> QuerySet:
        rows = Organisation.objects.editable_by(user).filter(pk__in=piece)
        return _told(rows, None, bodies, *PRIVATE_FIELDS, **more)

    rows = in_pieces(keys, read)
    return each_person(rows) if own and own.contacts else rows


class WithPerson:
    """A row, and one of its contact persons or none."""

    def __init__(self, row, contact: dict | None) -> None:
        self.row, self.contact = row, contact

    def __getattr__(self, name: str):
        return getattr(self.row, name)


def each_person(rows: Iterable[Any]) -> Iterator[WithPerson]:
    for row in rows:
        for person in row.contacts or [None]:
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
