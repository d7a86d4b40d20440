"""Filters beside the staff's lists."""

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import NeedsFilter, SelectFilter
from cluster_portal.records.publication import Status
from members import choices
from members.models import (
    Cluster,
    FurtherNumber,
    LabelPeriod,
    MatchCandidate,
    Membership,
    Organisation,
    RegisterCheck,
    Site,
    UnitNumber,
    WebsiteCheck,
)  # fmt: skip
from members.querysets import is_current, not_verified

SHOWN = Q(status=Status.PUBLISHED)
ALIVE = ~Q(status=Status.ARCHIVED)


def _links(through, column):
    return Exists(through.objects.filter(**{column: OuterRef("pk")}))


def _member_now():
    return Exists(Membership.objects.current().filter(organisation=OuterRef("pk"), cluster__status=Status.PUBLISHED))


def _numbered():
    """By any number that another directory knows it by."""
    own = ~Q(siren="", rnsr_id="", uai_code="", ror_id="")
    return own | Q(_links(FurtherNumber, "organisation")) | Q(_links(UnitNumber, "organisation"))


def _found_so(found):
    return Exists(found.filter(organisation=OuterRef("pk")))


def _only_of_the_past():
    """A member once and of nothing now, and in no project that would keep its page of use."""
    return (
        Q(_links(Membership, "organisation"))
        & ~Q(Exists(Membership.objects.current().filter(organisation=OuterRef("pk"))))
        & ~Q(_links(Organisation.participations.rel.related_model, "organisation"))
    )


def _in_an_open_pair():
    pairs = MatchCandidate.objects.open().order_by()
    return Q(pk__in=pairs.values("first")) | Q(pk__in=pairs.values("second"))


ORGANISATION_NEEDS = {
    "review": (_("in review"), lambda: Q(status=Status.IN_REVIEW)),
    "draft": (_("drafts"), lambda: Q(status=Status.DRAFT)),
    "unpublished": (_("current members that are not published"), lambda: ~SHOWN & Q(_member_now())),
    "unverified": (
        _("published, not verified for a year"),
        lambda: SHOWN & not_verified(),
    ),
    "theme": (_("no theme"), lambda: ALIVE & ~Q(_links(Organisation.themes.through, "organisation"))),
    "site": (
        _("no site"),
        lambda: ALIVE & Q(national=False, country="FR") & ~Q(_links(Site, "organisation")),
    ),
    "description": (_("no description"), lambda: ALIVE & Q(description_fr="", description_en="")),
    "identifier": (_("no official number"), lambda: ALIVE & Q(country="FR") & ~_numbered()),
    "coordinates": (
        _("no coordinates, or those of a department"),
        lambda: (
            ALIVE
            & Q(_links(Site, "organisation"))
            & ~Q(Exists(Site.objects.filter(organisation=OuterRef("pk"), precision__in=("address", "city"))))
        ),
    ),
    "description_fr": (_("no description in French"), lambda: ALIVE & Q(description_fr="")),
    "description_en": (_("no description in English"), lambda: ALIVE & Q(description_en="")),
    "former": (_("former members that are still published"), lambda: SHOWN & _only_of_the_past()),
    "website": (_("website that does not answer"), lambda: ALIVE & Q(_found_so(WebsiteCheck.objects.dead()))),
    "twice": (_("perhaps here twice"), lambda: ALIVE & _in_an_open_pair()),
    "closed": (
        _("closed at the register, not here"),
        lambda: ALIVE & Q(closed_on=None) & Q(_found_so(RegisterCheck.objects.closed_there())),
    ),
}
MEMBERSHIP_NEEDS = {
    "undated": (_("members without the day on which they joined"), lambda: Q(joined_on=None) & is_current()),
}
CLUSTER_NEEDS = {
    "review": (_("in review"), lambda: Q(status=Status.IN_REVIEW)),
    "draft": (_("drafts"), lambda: Q(status=Status.DRAFT)),
    "presentation": (_("no presentation"), lambda: ALIVE & Q(presentation_fr="", presentation_en="")),
    "theme": (_("no theme"), lambda: ALIVE & ~Q(_links(Cluster.themes.through, "cluster"))),
    "label": (_("no label period"), lambda: ALIVE & ~Q(_links(LabelPeriod, "cluster"))),
    "editor": (_("that nobody edits"), lambda: ALIVE & Q(pk__in=Cluster.objects.without_an_editor())),
}


# Without these no filter of the site finds a row, or its page says nothing.
WANTED_OF_ORGANISATIONS = {need: ORGANISATION_NEEDS[need] for need in ("theme", "site")}
WANTED_OF_CLUSTERS = {need: CLUSTER_NEEDS[need] for need in ("presentation", "theme")}


class OrganisationNeeds(NeedsFilter):
    needs = ORGANISATION_NEEDS
    told_first = ("review", "draft", "unpublished", "unverified", "theme", "site", "description")


class MembershipNeeds(NeedsFilter):
    needs = MEMBERSHIP_NEEDS
    has_hands = False


class ClusterNeeds(NeedsFilter):
    needs = CLUSTER_NEEDS


class RegionFilter(SelectFilter):
    title = _("region")
    parameter_name = "region"

    def lookups(self, request, model_admin):
        return choices.regions()


class RegionOfOrganisation(RegionFilter):
    def lookups(self, request, model_admin):
        return [*super().lookups(request, model_admin), ("none", _("Not located"))]

    def narrowed(self, rows, value):
        """By its sites alone: what works nationwide is at home where its sites are."""
        sites = Site.objects.filter(organisation=OuterRef("pk"))
        if value == "none":
            return rows.exclude(Exists(sites))
        return rows.filter(Exists(sites.filter(region__slug=value)))


class RegionOfCluster(RegionFilter):
    def narrowed(self, rows, value):
        return rows.in_regions([value])


class RegionOfDepartment(RegionFilter):
    def narrowed(self, rows, value):
        return rows.filter(region__slug=value)


class ThemeFilter(SelectFilter):
    """For clusters and organisations alike: a domain takes the themes under it along."""

    title = _("theme")
    parameter_name = "theme"

    def lookups(self, request, model_admin):
        return choices.themes()

    def narrowed(self, rows, value):
        return rows.on_themes([value])


class ClusterFilter(SelectFilter):
    title = _("cluster")
    parameter_name = "cluster"

    def lookups(self, request, model_admin):
        return choices.clusters(Cluster.objects.selectable_by(request.user))


def members_of(rows, slug: str):
    """Of organisations those that are members of the cluster today."""
    members = Membership.objects.current().filter(organisation=OuterRef("pk"), cluster__slug=slug)
    return rows.filter(Exists(members))


def former_members_of(rows, slug: str):
    """Those that were, and are not now."""
    ever = Membership.objects.filter(organisation=OuterRef("pk"), cluster__slug=slug)
    return rows.filter(Exists(ever.ended()), ~Exists(ever.current()))


def memberships_of(rows, slug: str):
    return rows.filter(cluster__slug=slug)


class ClusterOfOrganisation(ClusterFilter):
    phrase = _("members of %(value)s")

    def narrowed(self, rows, value):
        return members_of(rows, value)


class FormerClusterOfOrganisation(ClusterFilter):
    title = _("former members of a cluster")
    parameter_name = "left"
    phrase = _("former members of %(value)s")

    def narrowed(self, rows, value):
        return former_members_of(rows, value)


class ClusterOfPair(ClusterFilter):
    phrase = _("one of them a member of %(value)s")

    def narrowed(self, rows, value):
        return rows.concerning(members_of(Organisation.objects.order_by(), value))


class ClusterOfMembership(ClusterFilter):
    def narrowed(self, rows, value):
        return memberships_of(rows, value)


class CurrentMembership(SimpleListFilter):
    title = _("membership today")
    parameter_name = "now"

    def lookups(self, request, model_admin):
        return [("current", _("Members")), ("ended", _("Left"))]

    def queryset(self, request, queryset):
        questions = {None: queryset.all, "current": queryset.current, "ended": queryset.ended}
        return questions.get(self.value(), queryset.none)()


class LabelledToday(SimpleListFilter):
    title = _("label today")
    parameter_name = "labelled"

    def lookups(self, request, model_admin):
        return [("yes", _("Labelled")), ("no", _("Not labelled"))]

    def queryset(self, request, queryset):
        labelled = Cluster.objects.labelled().values("pk")
        if self.value() is None:
            return queryset
        if self.value() == "yes":
            return queryset.filter(pk__in=labelled)
        return queryset.exclude(pk__in=labelled) if self.value() == "no" else queryset.none()
