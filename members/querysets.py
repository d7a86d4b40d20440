"""The questions that are asked of the data, as querysets that read aloud.

Every method narrows or enriches and returns a queryset. Time comes in as ``at`` (a date; today when
left out).
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from cluster_portal.models import FormerSlug
from cluster_portal.records.publication import PublicationQuerySet, Status
from cluster_portal.records.scope import EDIT_NETWORK, RowsOfAnother
from cluster_portal.records.search import Searched, fold
from members.at_once import ClustersAtOnce, MembershipsAtOnce, OrganisationsAtOnce, Rewrites
from members.countries import HOME
from members.scope import ClusterScope, OfOneCluster, OrganisationScope, RoleScope

NOWHERE, OVERSEAS = "none", "overseas"  # places that are no row: unknown, and France overseas outside the regions


def a_year_ago() -> date:
    return today() - timedelta(days=365)


def not_verified() -> Q:
    """Of an organisation: what nobody has looked at for a year."""
    return Q(verified_on=None) | Q(verified_on__lt=a_year_ago())


def today() -> date:
    return timezone.localdate()


def is_current(at: date | None = None) -> Q:
    """Joined by then, not left yet and not closed: ``left_on`` and ``closed_on`` are the first days out."""
    at = at or today()
    return (
        (Q(joined_on=None) | Q(joined_on__lte=at))
        & (Q(left_on=None) | Q(left_on__gt=at))
        & (Q(organisation__closed_on=None) | Q(organisation__closed_on__gt=at))
    )


def _places_among(slugs, known) -> Q:
    overseas = Q(region=None) if OVERSEAS in slugs else Q(pk__in=[])
    return Q(slug__in=known) | overseas


def reaches(first: int, sought: int, onwards: Callable[[set[int]], Iterable[int]]) -> bool:
    """Whether steps onwards from ``first`` lead to ``sought``; one query a step."""
    seen: set[int] = set()
    here = {first}
    while here:
        if sought in here:
            return True
        seen |= here
        here = set(onwards(here)) - seen
    return False


class MembershipQuerySet(MembershipsAtOnce, OfOneCluster):
    def current(self, at: date | None = None):
        return self.filter(is_current(at))

    def begun(self, at: date | None = None):
        """Current on that day or ended by then."""
        return self.filter(Q(joined_on=None) | Q(joined_on__lte=at or today()))

    def ended(self, at: date | None = None):
        """Left by then, or closed."""
        at = at or today()
        return self.filter(Q(left_on__lte=at) | Q(organisation__closed_on__lte=at))

    def public(self):
        """Between a published organisation and a published cluster."""
        return self.filter(organisation__status="published", cluster__status="published")

    def latest_of_pairs(self, rows) -> dict[tuple[int, int], tuple[int, date | None, date | None]]:
        """(organisation, cluster) of these rows -> their latest membership: its key, when it left, when it closed."""
        pairs = self.filter(organisation__in=rows.order_by().values("organisation"))
        without_end_first = F("left_on").desc(nulls_first=True)
        latest = pairs.order_by(
            "organisation", "cluster", without_end_first, F("joined_on").desc(nulls_first=True), "-pk"
        ).distinct("organisation", "cluster")
        columns = latest.values_list("organisation", "cluster", "pk", "left_on", "organisation__closed_on")
        return {(one, other): (pk, left_on, closed_on) for one, other, pk, left_on, closed_on in columns}

    def of(self, organisation, at: date | None = None):
        """What an organisation's page says of its memberships: those that have begun, in published clusters."""
        return (
            self.begun(at)
            .filter(organisation=organisation, cluster__status="published")
            .only("cluster_id", "category", "joined_on", "left_on")
        )


class RowsOfOrganisation(RowsOfAnother):
    parent = "organisation"


class RowsOfCluster(RowsOfAnother):
    parent = "cluster"


class LabelPeriodQuerySet(RowsOfCluster):
    def covering(self, at: date | None = None):
        at = at or today()
        return self.filter(Q(end=None) | Q(end__gte=at), start__lte=at)


class ClusterQuerySet(ClustersAtOnce, ClusterScope, PublicationQuerySet):
    def labelled(self, at: date | None = None):
        """Clusters whose State label covers that day: “55 clusters” of 27 March 2023."""
        periods = self.model.label_periods.rel.related_model.objects.covering(at)
        return self.filter(Exists(periods.filter(cluster=OuterRef("pk"))))

    def without_an_editor(self, at: date | None = None):
        """Those for which nobody works on that day: neither an editor nor a manager."""
        return self.filter(~Exists(self._team(at)))

    def _team(self, at: date | None):
        assignments = self.model.role_assignments.rel.related_model.objects
        return assignments.at_work(at).filter(cluster=OuterRef("pk"))

    def in_regions(self, slugs):
        return self.filter(
            Exists(self.model.regions.through.objects.filter(cluster=OuterRef("pk"), region__slug__in=slugs))
        )

    def on_themes(self, slugs):
        """On one of the themes, or on a theme under one of the domains."""
        links = self.model.themes.through.objects.filter(cluster=OuterRef("pk"))
        return self.filter(Exists(links.filter(Q(theme__slug__in=slugs) | Q(theme__parent__slug__in=slugs))))

    def follows(self, first: int, sought: int) -> bool:
        """Whether the cluster ``sought`` is ``first`` or came out of it, at whatever remove."""
        successions = self.model.successions.rel.related_model.objects
        return reaches(
            first,
            sought,
            lambda some: successions.filter(predecessor__in=some).values_list("successor", flat=True),
        )

    def that_followed(self, cluster, at: date | None = None):
        """Those that it had become by that day, at whatever remove."""
        successions = self.model.successions.rel.related_model.objects
        found, last = set(), {cluster.pk}
        while last:
            steps = successions.filter(predecessor__in=last)
            last = {step.successor_id for step in steps if step.has_come(at or today())} - found
            found |= last
        return self.filter(pk__in=found)

    def for_page(self):
        """What the page of a cluster shows besides its ``ClusterFacts``."""
        shown = ("published", "archived")
        succession = self.model.origins.rel.related_model.objects.filter(
            predecessor__status__in=shown, successor__status__in=shown
        )
        return self.with_a_page().prefetch_related(
            "names",
            Prefetch("origins", succession.select_related("predecessor")),
            Prefetch("successions", succession.select_related("successor")),
        )


class OrganisationQuerySet(OrganisationsAtOnce, OrganisationScope, Searched, PublicationQuerySet):
    def follows(self, first: int, sought: int) -> bool:
        """Whether the organisation ``sought`` is ``first`` or took it over, at whatever remove."""
        return reaches(
            first,
            sought,
            lambda some: self.filter(pk__in=some, successor__isnull=False).values_list("successor", flat=True),
        )

    def with_a_page(self):
        """What was merged has none of its own: its address leads to what it was merged into."""
        return super().with_a_page().filter(merged_into=None)

    def unmerged(self):
        """Those that stand for themselves."""
        return self.filter(merged_into=None)

    def answering(self, keys):
        """Those that answer under these keys: themselves, and what they were merged into."""
        into = self.model._default_manager.filter(pk__in=keys, merged_into__isnull=False).order_by()
        return self.filter(Q(pk__in=keys, merged_into=None) | Q(pk__in=into.values("merged_into")))

    def answering_to(self, slugs):
        """Those whose address one of these slugs was, or that of what was merged into them."""
        former = FormerSlug.objects.filter(model="organisation", slug__in=slugs).values("object_id")
        those = self.model._default_manager.filter(Q(slug__in=slugs) | Q(pk__in=former)).order_by()
        return self.answering(those.values("pk"))

    def supervises(self, sought: int, body: int) -> bool:
        """Whether ``sought`` is that body or supervises it, at whatever remove."""
        links = self.model.supervisors.through.objects
        return reaches(
            body,
            sought,
            lambda some: links.filter(from_organisation__in=some).values_list("to_organisation", flat=True),
        )

    def members(self, at: date | None = None):
        """With at least one membership that is current in a published cluster."""
        memberships = self.model.memberships.rel.related_model.objects.current(at)
        return self.filter(Exists(memberships.filter(organisation=OuterRef("pk"), cluster__status="published")))

    def of_kinds(self, kinds):
        return self.filter(kind__in=kinds)

    def of_sizes(self, sizes):
        return self.filter(size__in=sizes)

    def of_institution_types(self, types):
        return self.filter(institution_type__in=types)

    def in_places(self, slugs):
        """Any site in one of these regions or departments; nationwide ones match all.

        ``"overseas"`` stands for the collectivities that are in no region, ``"none"`` for organisations of France of
        which no region, nor such a collectivity, is known.
        """
        sites = self.model.sites.rel.related_model
        own = sites.objects.filter(organisation=OuterRef("pk"))
        known = [slug for slug in slugs if slug not in (OVERSEAS, NOWHERE)]
        regions = sites.region.field.related_model.objects.filter(slug__in=known)
        departments = sites.department.field.related_model.objects.filter(_places_among(slugs, known))
        anywhere = Exists(regions) | Exists(departments)  # an unknown place is nowhere
        here = Exists(own.filter(Q(region__slug__in=known) | Q(department__in=departments)))
        located = here | (Q(national=True) & anywhere)
        if NOWHERE not in slugs:
            return self.filter(located)
        somewhere = own.filter(Q(department__isnull=False) | Q(region__isnull=False) | ~Q(country=HOME))
        return self.filter(located | Q(~Exists(somewhere), national=False, country=HOME))

    def of_countries(self, codes):
        """At home in one of these countries, or with a site there."""
        sites = self.model.sites.rel.related_model.objects.filter(organisation=OuterRef("pk"), country__in=codes)
        return self.filter(Q(country__in=codes) | Exists(sites))

    def supervised_by(self, slugs):
        """Of which one of these published organisations is a supervising body."""
        links = self.model.supervisors.through.objects.filter(from_organisation=OuterRef("pk"))
        return self.filter(
            Exists(links.filter(to_organisation__slug__in=slugs, to_organisation__status=Status.PUBLISHED))
        )

    def on_themes(self, slugs):
        """On one of the themes, or on a theme under one of the domains."""
        links = self.model.themes.through.objects.filter(organisation=OuterRef("pk"))
        return self.filter(Exists(links.filter(Q(theme__slug__in=slugs) | Q(theme__parent__slug__in=slugs))))

    def in_clusters(self, slugs, at: date | None = None, *, ever: bool = False):
        """Members on that day, or with ``ever`` those that were members before too."""
        memberships = self.model.memberships.rel.related_model.objects
        memberships = memberships.begun(at) if ever else memberships.current(at)
        return self.filter(
            Exists(
                memberships.filter(
                    organisation=OuterRef("pk"),
                    cluster__slug__in=slugs,
                    cluster__status="published",
                )
            )
        )

    def with_town(self):
        """``town``: that of the head office, or else of its first site; blank when neither is known."""
        sites = self.model.sites.rel.related_model.objects.filter(organisation=OuterRef("pk"))
        first = sites.order_by("-head_office", "pk").values("city")[:1]
        return self.annotate(town=Coalesce(Subquery(first), Value("")))

    def for_suggestions(self):
        """(key, slug, name, kind, town, and what else tells one from another of the same name)."""
        known = ("acronym", "siren", "rnsr_id", "uai_code")
        return self.order_by().with_town().values_list("pk", "slug", "name", "kind", "town", *known, named=True)

    def in_order(self):
        return self.order_by("sort_name", "pk")

    def best_first(self, text: str, at: date | None = None):
        """Among equals those that are members of most clusters."""
        memberships = self.model.memberships.rel.related_model.objects.current(at)
        ties = memberships.filter(organisation=OuterRef("pk"), cluster__status="published").order_by()
        number = ties.values("organisation").annotate(number=Count("cluster", distinct=True)).values("number")
        ranked = self.with_rank(text).annotate(ties=Coalesce(Subquery(number), 0))
        return ranked.order_by("-rank", "-ties", self.shown_name, "pk")

    def bearing_further(self, kind: str, number: str):
        """Those with a number beside their first of that kind; what is archived gave its numbers up."""
        rows = self.exclude(status="archived")
        return rows.filter(further_numbers__kind=kind, further_numbers__value=number)

    def bearing(self, kind: str, number: str):
        """Those with an official number that only one may have; a SIREN is that of several establishments."""
        first = {"uai": "uai_code", "rnsr": "rnsr_id", "ror": "ror_id"}.get(kind)
        if not first:
            return self.none()
        return self.bearing_further(kind, number) | self.exclude(status="archived").filter(**{first: number})

    def newest_first(self, at: date | None = None):
        """By the day of the latest current membership."""
        memberships = self.model.memberships.rel.related_model.objects.current(at).filter(
            organisation=OuterRef("pk"),
            cluster__status="published",
            joined_on__isnull=False,
        )
        latest = memberships.order_by("-joined_on").values("joined_on")[:1]
        return self.annotate(joined=Subquery(latest)).order_by(F("joined").desc(nulls_last=True), "sort_name", "pk")

    def recently_verified_first(self):
        return self.order_by(F("verified_on").desc(nulls_last=True), "sort_name", "pk")


class SiteQuerySet(Rewrites, RowsOfOrganisation):
    def with_siret_elsewhere(self, siret: str, organisation):
        """Sites of other organisations with that number; what is archived gave it up."""
        return self.filter(siret=siret).exclude(organisation=organisation.pk).exclude(organisation__status="archived")

    def rows_of(self, organisation):
        """The sites of one organisation as its page shows them, with the slugs of department and region; the head
        office first."""
        return (
            self.filter(organisation=organisation)
            .order_by("-head_office", "pk")
            .values_list(
                "name",
                "address",
                "postcode",
                "city",
                "latitude",
                "longitude",
                "precision",
                "siret",
                "head_office",
                "country",
                "department__slug",
                "region__slug",
            )
        )

    def regions_of(self, organisations):
        """(organisation, name and slug of the region) of their sites; those of head offices first."""
        return (
            self.filter(organisation__in=organisations, region__isnull=False)
            .order_by("-head_office", "pk")
            .values_list("organisation_id", "region__name", "region__slug")
        )


class KindManager(models.Manager.from_queryset(OrganisationQuerySet)):
    """The manager of a proxy: one kind of organisation."""

    def __init__(self, kind: str = "") -> None:
        super().__init__()
        self.kind = kind

    def get_queryset(self):
        return super().get_queryset().filter(kind=self.kind)

    def create(self, **values):
        return super().create(**{"kind": self.kind, **values})


class RoleAssignmentQuerySet(RoleScope):
    def running(self, at: date | None = None):
        at = at or today()
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=at), valid_from__lte=at)

    def not_over(self, at: date | None = None):
        """Running, or to begin."""
        ends_later = Q(valid_until__gt=at or today()) & Q(valid_until__gt=F("valid_from"))
        return self.filter(Q(valid_until=None) | ends_later)

    def over(self, at: date | None = None):
        """Those that were never to run are left out: taken back before they began."""
        return self.filter(valid_until__lte=at or today(), valid_until__gt=F("valid_from"))

    def at_work(self, at: date | None = None):
        """Running, of somebody whose account is open."""
        return self.running(at).filter(user__is_active=True)

    def of(self, cluster):
        """Of one cluster; of none: those of the network."""
        return self.filter(cluster=cluster) if cluster else self.filter(cluster=None)

    def administrators(self, at: date | None = None):
        return self.at_work(at).filter(role="administrator")


class InvitationQuerySet(RoleScope):
    def unanswered(self):
        """Whether still in time or not."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self, at: datetime | None = None):
        return self.unanswered().filter(expires_at__gt=at or timezone.now())

    def of(self, cluster):
        return self.filter(cluster=cluster) if cluster else self.filter(cluster=None)

    def forgotten_by(self, moment: datetime):
        """Those that were answered, or ran out, before then."""
        return self.filter(
            Q(accepted_at__lt=moment)
            | Q(revoked_at__lt=moment)
            | Q(accepted_at=None, revoked_at=None, expires_at__lt=moment)
        )


class ContactPersonQuerySet(OfOneCluster):
    def agreed(self):
        """Persons who agreed to be shown, or said from which day on they do."""
        return self.filter(agreed_on__isnull=False)

    def public(self):
        """Agreed by today; and whom a cluster knows that is not published itself, it does not show either."""
        return self.filter(Q(cluster=None) | Q(cluster__status="published"), agreed_on__lte=today())


class MatchCandidateQuerySet(models.QuerySet):
    def open(self):
        """Those that wait for a decision, and are still two."""
        return self.filter(decision="open", first__merged_into=None, second__merged_into=None).exclude(
            Q(first__status=Status.ARCHIVED) | Q(second__status=Status.ARCHIVED)
        )

    def editable_by(self, user):
        """Those of which she keeps one at least, and may choose the other."""
        if user.has_perm(EDIT_NETWORK):
            return self.all()
        organisations = self.model._meta.get_field("first").related_model.objects
        kept = organisations.kept_by(user).order_by().values("pk")
        known = organisations.selectable_by(user).order_by().values("pk")
        return self.filter(Q(first__in=kept, second__in=known) | Q(second__in=kept, first__in=known))

    def selectable_by(self, user):
        return self.editable_by(user)

    def concerning(self, organisations):
        """Those of which one at least is among these."""
        keys = organisations.values("pk")
        return self.filter(Q(first__in=keys) | Q(second__in=keys))

    def of_pair(self, one: int, other: int):
        return self.filter(first=min(one, other), second=max(one, other))

    def between(self, one: int, other: int):
        """Those that speak of these two, or of what was merged into either."""

        def of(first: int, second: int) -> Q:
            return (Q(first=first) | Q(first__merged_into=first)) & (Q(second=second) | Q(second__merged_into=second))

        return self.filter(of(one, other) | of(other, one))


class ImportBatchQuerySet(OfOneCluster):
    def under_way(self):
        return self.filter(state__in=("checking", "importing"))

    def before(self, batch):
        """Those of the same cluster that are being written while this one wants to be."""
        return self.filter(cluster=batch.cluster_id, state="importing").exclude(pk=batch.pk)

    def in_order(self):
        """The newest first."""
        return self.order_by("-uploaded_at", "-pk")


class ImportRowQuerySet(models.QuerySet):
    def of(self, batch):
        return self.filter(batch=batch).order_by("line")

    def with_problem(self, name, code):
        return self._where("problems", "one->>0 = %s AND one->>1 = %s", [name, code])

    def with_repair(self, code):
        return self._where("repairs", "one->>1 = %s", [code])

    def _where(self, column, condition, params):
        """Not by containment: that takes the place of a word in a list for nothing."""
        sql = f"EXISTS (SELECT FROM jsonb_array_elements({column}) one WHERE {condition})"
        return self.extra(where=[sql], params=params)  # noqa: S610 (our own words)

    def decided(self):
        return self.exclude(decision="")

    def proposing(self):
        """Lines of which a part is told to the cluster that keeps their organisation, and not written."""
        return self.filter(changes__has_key="proposed")

    def to_repair(self):
        """Those that are not imported, or not all of them: refused, to decide, with problems."""
        return self.filter(Q(action__in=("refuse", "ask")) | ~Q(problems=[]))

    def named(self, text):
        """By a part of the name that stands in the file."""
        return self.filter(said__contains=fold(text))


class ContactExportQuerySet(RoleScope):
    """Read by those who answer for the people of the cluster."""


class WebsiteCheckQuerySet(models.QuerySet):
    def dead(self):
        """Of the address that the organisation names still: no answer on two days at least."""
        return self.filter(failed_days__gte=self.model.DAYS_THAT_COUNT, website=F("organisation__website"))


class RegisterCheckQuerySet(models.QuerySet):
    def closed_there(self):
        """By the number that the organisation bears still."""
        return self.filter(closed=True, siren=F("organisation__siren"))
