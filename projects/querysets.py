"""The questions that are asked of projects, as querysets that read aloud."""

from datetime import date
from decimal import Decimal

from django.contrib.postgres.search import SearchVector
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from cluster_portal.records.ordering import InLanguage
from cluster_portal.records.publication import PublicationQuerySet
from cluster_portal.records.scope import KeptByTheNetwork, RowsOfAnother
from cluster_portal.records.search import Searched, starts_query, typed
from members.at_once import BearsThemes, WithWebsite
from members.models import Department, Region
from members.querysets import OVERSEAS
from members.scope import OfOneCluster
from projects.scope import ProjectScope

UNKNOWN = "none"  # the value of a filter for what is not known

# Size classes of the total cost: the slug, from how many euros, below how many.
BUDGETS: tuple[tuple[str, Decimal | None, Decimal | None], ...] = (
    ("under-250k", None, Decimal(250_000)),
    ("250k-500k", Decimal(250_000), Decimal(500_000)),
    ("500k-1m", Decimal(500_000), Decimal(1_000_000)),
    ("1m-2m", Decimal(1_000_000), Decimal(2_000_000)),
    ("2m-5m", Decimal(2_000_000), Decimal(5_000_000)),
    ("over-5m", Decimal(5_000_000), None),
)


def _costs(at_least: Decimal | None, below: Decimal | None) -> Q:
    known = Q(total_cost__isnull=False)
    if at_least is not None:
        known &= Q(total_cost__gte=at_least)
    return known & Q(total_cost__lt=below) if below is not None else known


class ProjectQuerySet(BearsThemes, WithWebsite, ProjectScope, Searched, PublicationQuerySet):
    """``at`` is a date; today when left out."""

    shown_name = InLanguage("sort_name")

    def with_state(self, at: date | None = None):
        """``state``: what the dates and milestones say on that day, unless staff stated otherwise.

        A project whose last day is past never shows as ongoing, whatever else is known of it: staff may
        say that it was abandoned, but to say that it goes on they move its last day.
        """
        at = at or timezone.localdate()
        stated = ~Q(stated="") & (Q(stated_on=None) | Q(stated_on__lte=at))
        return self.annotate(
            state=Case(
                When(stated & Q(stated__in=("finished", "abandoned")), then=F("stated")),
                When(end__lt=at, then=Value("finished")),
                When(stated, then=F("stated")),
                When(start__lte=at, then=Value("running")),
                When(self._has_funding(at), then=Value("funded")),
                When(self._has_label(at), then=Value("labelled")),
                default=Value("planned"),
                output_field=CharField(),
            )
        )

    def _labels(self, at: date | None):
        """The labels given by then by clusters that are published."""
        labels = self.model.labels.rel.related_model.objects
        return labels.filter(project=OuterRef("pk"), date__lte=at or timezone.localdate(), cluster__status="published")

    def _fundings(self, at: date | None):
        fundings = self.model.fundings.rel.related_model.objects
        return fundings.filter(project=OuterRef("pk"), date__lte=at or timezone.localdate())

    def _has_label(self, at: date | None):
        return Exists(self._labels(at))

    def _has_funding(self, at: date | None):
        return Exists(self._fundings(at))

    def labelled(self, at: date | None = None):
        """Labelled by at least one cluster by that day, whatever became of it."""
        return self.filter(self._has_label(at))

    def funded(self, at: date | None = None):
        """Given public money by at least one programme by that day."""
        return self.filter(self._has_funding(at))

    # What a list is narrowed by ----------------------------------------------------------------------

    def existing_by(self, at: date):
        """Labelled, funded or begun by that day. One without any date is not known to have existed."""
        return self.filter(Q(start__lte=at) | self._has_label(at) | self._has_funding(at))

    def in_states(self, states, at: date | None = None):
        return self.with_state(at).filter(state__in=states)

    def at_milestones(self, milestones, at: date | None = None):
        """Milestones add up as time goes by: a funded project that was labelled is still labelled."""
        reached = {"labelled": self._has_label(at), "funded": self._has_funding(at)}
        wanted = Q(pk__in=[])
        for milestone in milestones:
            if milestone in reached:
                wanted |= Q(reached[milestone])
        return self.filter(wanted)

    def _participations(self):
        """With partners that are published: the others are nowhere in public, their region neither."""
        participations = self.model.participations.rel.related_model.objects
        return participations.filter(project=OuterRef("pk"), organisation__status="published")

    def in_regions(self, slugs):
        """A partner has a site in one of these regions; what works nationwide matches all.

        ``"none"`` asks for projects that are not located.
        """
        known = [slug for slug in slugs if slug != UNKNOWN]
        partners = self._participations()
        nationwide = Q(national=True) | Q(Exists(partners.filter(organisation__national=True)))
        found = Q(pk__in=[])
        if known:
            place = Q(organisation__sites__region__slug__in=known)
            anywhere = Q(Exists(Region.objects.filter(slug__in=known)))  # an unknown region is nowhere
            if OVERSEAS in known:
                collectivities = Department.objects.filter(region=None)
                anywhere |= Q(Exists(collectivities))
                place |= Q(organisation__sites__department__in=collectivities)
            found = (nationwide & anywhere) | Q(Exists(partners.filter(place)))
        if UNKNOWN in slugs:
            located = Exists(partners.filter(organisation__sites__isnull=False))
            found |= ~nationwide & ~Q(located)
        return self.filter(found)

    def with_partners(self, slugs):
        """With at least one of these organisations."""
        return self.filter(Exists(self._participations().filter(organisation__slug__in=slugs)))

    def on_themes(self, slugs):
        """On one of the themes, or on a theme under one of the domains."""
        links = self.model.themes.through.objects.filter(project=OuterRef("pk"))
        return self.filter(Exists(links.filter(Q(theme__slug__in=slugs) | Q(theme__parent__slug__in=slugs))))

    def labelled_by(self, slugs, at: date | None = None):
        return self.filter(Exists(self._labels(at).filter(cluster__slug__in=slugs)))

    def in_programmes(self, slugs, at: date | None = None):
        return self.filter(Exists(self._fundings(at).filter(programme__slug__in=slugs)))

    def with_since(self, at: date | None = None):
        """``since``: the first label given by that day, or else the first day of the project."""
        first = self._labels(at).order_by().values("project").annotate(first=Min("date")).values("first")
        return self.annotate(since=Coalesce(Subquery(first), F("start")))

    def of_years(self, years, at: date | None = None):
        known = [int(year) for year in years if year.isascii() and year.isdigit() and len(year) == 4]
        found = Q(since__year__in=known)
        return self.with_since(at).filter(found | Q(since=None) if UNKNOWN in years else found)

    def of_budgets(self, slugs):
        found = Q(total_cost=None) if UNKNOWN in slugs else Q(pk__in=[])
        for slug, at_least, below in BUDGETS:
            if slug in slugs:
                found |= _costs(at_least, below)
        return self.filter(found)

    def with_budget(self):
        """``budget``: the slug of the size class of the total cost."""
        return self.annotate(
            budget=Case(
                *(When(_costs(at_least, below), then=Value(slug)) for slug, at_least, below in BUDGETS),
                default=Value(UNKNOWN),
                output_field=CharField(),
            )
        )

    # In what order, and with what ---------------------------------------------------------------------

    def in_order(self):
        return self.order_by(self.shown_name, "pk")

    def newest_first(self, at: date | None = None):
        """By first label, or else first day; what has neither comes last."""
        return self.with_since(at).order_by(F("since").desc(nulls_last=True), "-pk")

    def biggest_first(self):
        return self.order_by(F("total_cost").desc(nulls_last=True), self.shown_name, "pk")

    def suggested(self, text: str, count: int = 6) -> list[int]:
        """The keys of published projects whose acronym or title begins so, then some of which another word does."""
        _whole, beginning, starts = typed(text)
        if not starts:
            return []
        documents = self.model.search_document.related.related_model.objects.filter(project__status="published")
        begun = documents.filter(names__startswith=beginning).order_by("names", "pk")
        ids = list(begun.values_list("pk", flat=True)[:count])
        if len(ids) < count:
            words = documents.annotate(words=SearchVector("names", config="simple")).filter(words=starts_query(starts))
            # An order that no index gives: walking one, the server would fold every name until enough are found.
            latest = words.exclude(pk__in=ids).order_by(F("pk") * -1)
            ids += latest.values_list("pk", flat=True)[: count - len(ids)]
        return ids


class RowsOfProject(RowsOfAnother):
    parent = "project"


class ParticipationQuerySet(RowsOfProject):
    def public(self):
        """A published organisation in a published project: others appear nowhere in public."""
        return self.filter(organisation__status="published", project__status="published")

    def of(self, organisation):
        """What it takes part in: (role, project, slug, acronym, titles, first and last day), in no order."""
        rows = self.filter(organisation=organisation, project__status="published").order_by()
        return rows.values_list(
            "role",
            "project",
            *(f"project__{name}" for name in ("slug", "acronym", "title_fr", "title_en", "start", "end")),
        )

    def most_often_beside(self, organisation, projects):
        """(name, slug, kind, number of projects) of the other partners of some projects, most often first."""
        others = self.filter(project__in=projects, organisation__status="published").exclude(organisation=organisation)
        return (
            others.values_list("organisation__name", "organisation__slug", "organisation__kind")
            .annotate(count=Count("pk"))
            .order_by("-count", "organisation__sort_name", "organisation")
        )

    def together_with(self, team):
        """(organisation, number of projects) of those who are in a published project with one of the team."""
        theirs = self.filter(organisation__in=team).values("project")
        published = self.filter(project__status="published", project__in=theirs).order_by()
        return published.values_list("organisation_id").annotate(count=Count("pk"))

    def for_page(self):
        """The partners of a project that may be named: the coordinator first, then by cost."""
        return (
            self.filter(organisation__status="published")
            .select_related("organisation")
            .only(
                "project",
                "role",
                "cost",
                "public_funding",
                "organisation__name",
                "organisation__slug",
                "organisation__kind",
                "organisation__national",
                "organisation__country",
            )
            .order_by("role", F("cost").desc(nulls_last=True), "pk")
        )


class ProjectLabelQuerySet(OfOneCluster):
    """Each cluster edits its own label; the one that keeps the project sees to no other."""

    def for_page(self):
        """By published clusters, the lead first."""
        return (
            self.filter(cluster__status="published")
            .select_related("cluster")
            .only("project", "role", "date", "cluster__name", "cluster__acronym", "cluster__slug")
            .order_by("-role", "date", "pk")
        )


class FundingQuerySet(RowsOfProject):
    def for_page(self):
        """With the programme and who pays."""
        return self.select_related("programme__funder", "funder").order_by("date", "pk")


class DeclaredFigureQuerySet(KeptByTheNetwork):
    def clusters_on(self, at: date):
        """How many clusters of the network held the label on that day; the largest number first."""
        of_the_day = self.of_scope().filter(indicator="clusters", first_day__lte=at, last_day__gte=at)
        return of_the_day.order_by("-value", "pk")

    def of_scope(self, kind: str = "", slug: str = ""):
        """What was declared for one cluster, region or theme; without one, for the whole network.

        The latest year comes first, and what has no year last.
        """
        scope = {f"{kind}__slug": slug} if kind else {"cluster": None, "region": None, "theme": None}
        return self.filter(**scope).order_by("indicator", F("year").desc(nulls_last=True), "pk")
