"""A small invented network with every difficulty in it, and its figures counted by plain loops.

The loops know nothing of the code under test: they read the rows as lists of objects and apply the
definitions of docs/figures.md, one organisation and one project after the other.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.db import connection
from django.db.models import DateField

from members.models import (
    Cluster,
    ClusterRegion,
    Department,
    LabelPeriod,
    Membership,
    Organisation,
    Region,
    Site,
    Theme,
)
from projects.models import Funding, Participation, Programme, Project, ProjectLabel

TABLES = (
    "members_region",
    "members_theme",
    "members_cluster",
    "members_organisation",
    "portal_searchword",
    "projects_funder",
    "projects_programme",
    "projects_project",
    "projects_declaredfigure",
)
DRAFTS = ("draft", "in_review", "archived")


def some_day(random: Random, first=date(2004, 6, 1), last=date(2026, 6, 30)) -> date:
    return first + timedelta(days=random.randrange((last - first).days))


@dataclass
class SmallNetwork:
    """Rows as they were made, so that a loop over them needs no query."""

    random: Random
    regions: list[Region] = field(default_factory=list)
    themes: list[Theme] = field(default_factory=list)
    clusters: list[Cluster] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    programmes: list[Programme] = field(default_factory=list)
    works_in: dict = field(default_factory=dict)  # object -> set of region slugs
    works_on: dict = field(default_factory=dict)  # object -> set of theme slugs, domains above them included
    memberships: list[Membership] = field(default_factory=list)
    periods: list[LabelPeriod] = field(default_factory=list)
    labels: list[ProjectLabel] = field(default_factory=list)
    fundings: list[Funding] = field(default_factory=list)
    participations: list[Participation] = field(default_factory=list)


def forget_network() -> None:
    """Take the rows away again, from the ordinary test database in which they were committed."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")


def make_network(seed: int = 7, organisations: int = 70, projects: int = 50) -> SmallNetwork:
    net = SmallNetwork(Random(seed))
    departments = []
    for number, name in enumerate(["Armor", "Beaucaire", "Combrailles"], start=1):
        region = Region.objects.create(name=name, slug=name.lower(), insee_code=f"{number:02}")
        net.regions.append(region)
        departments += [
            Department.objects.create(
                name=f"{name} {side}", slug=f"{name.lower()}-{side}", insee_code=f"{number}{part}", region=region
            )
            for part, side in enumerate(["nord", "sud"])
        ]
    Department.objects.create(name="Lointaine", slug="lointaine", insee_code="998")
    for domain in ("Énergie", "Santé"):
        slug = {"Énergie": "energy", "Santé": "health"}[domain]
        parent = Theme.objects.create(name_fr=domain, name_en=slug.title(), slug=slug)
        net.themes.append(parent)
        net.themes += [
            Theme.objects.create(name_fr=f"{domain} {n}", name_en=f"{slug} {n}", slug=f"{slug}-{n}", parent=parent)
            for n in (1, 2)
        ]
    _make_clusters(net)
    for number in range(organisations):
        _make_organisation(net, number, departments)
    _supervise(net)
    net.programmes = [
        Programme.objects.create(name_fr=f"Programme {letter}", acronym=letter, slug=f"programme-{letter.lower()}")
        for letter in "ABC"
    ]
    for number in range(projects):
        _make_project(net, number)
    return net


def _add_themes(net: SmallNetwork, row) -> None:
    chosen = net.random.sample(net.themes, net.random.choice([0, 1, 1, 2, 3]))
    row.themes.set(chosen)
    net.works_on[row] = {theme.slug for theme in chosen} | {theme.parent.slug for theme in chosen if theme.parent}


def _make_clusters(net: SmallNetwork) -> None:
    for number, name in enumerate(["Alpha", "Bravo", "Charlie", "Delta", "Écho"]):
        cluster = Cluster.objects.create(
            name=name, slug=f"cluster-{number}", status="draft" if name == "Delta" else "published"
        )
        net.clusters.append(cluster)
        _add_themes(net, cluster)
        here = net.random.sample(net.regions, net.random.choice([1, 2]))
        for rank, region in enumerate(here):
            ClusterRegion.objects.create(cluster=cluster, region=region, rank=rank)
        net.works_in[cluster] = {region.slug for region in here}
        for phase, first, last in ((1, 2005, 2008), (3, 2013, 2018), (5, 2023, None)):
            if net.random.random() < 0.7:
                end = date(last, 12, 31) if last else None
                net.periods.append(
                    LabelPeriod.objects.create(cluster=cluster, phase=phase, start=date(first, 7, 1), end=end)
                )


def _make_organisation(net: SmallNetwork, number: int, departments: list[Department]) -> None:
    random = net.random
    kind = random.choice(["company", "company", "company", "laboratory", "institution"])
    organisation = Organisation.objects.create(
        kind=kind,
        name=f"Organisation {number}",
        slug=f"organisation-{number}",
        status=random.choice(DRAFTS) if random.random() < 0.2 else "published",
        size=random.choice(["micro", "sme", "midcap", "large", ""]) if kind == "company" else "",
        institution_type=random.choice(["higher_education", "training", "funder", ""]) if kind == "institution" else "",
        national=random.random() < 0.05,
        closed_on=some_day(random) if random.random() < 0.15 else None,
    )
    net.organisations.append(organisation)
    _add_themes(net, organisation)
    places = random.sample(departments, random.choice([0, 1, 1, 2, 3]))
    for rank, department in enumerate(places):
        Site.objects.create(
            organisation=organisation,
            department=department,
            head_office=rank == 0,
            precision="city",
            latitude=Decimal(random.randrange(43000, 50000)) / 1000,
            longitude=Decimal(random.randrange(-1000, 7000)) / 1000,
        )
    net.works_in[organisation] = {department.region.slug for department in places}
    _add_place_known_in_part(net, organisation, number)
    for cluster in random.sample(net.clusters, random.choice([0, 1, 1, 2, 3])):
        joined = some_day(random) if random.random() < 0.9 else None
        left = None
        if random.random() < 0.4:
            left = (joined or date(2006, 1, 1)) + timedelta(days=random.randrange(1, 4000))
            left = random.choice([left, date(left.year, 12, 31), date(left.year + 1, 1, 1)])
        net.memberships.append(
            Membership.objects.create(organisation=organisation, cluster=cluster, joined_on=joined, left_on=left)
        )
        if left and random.random() < 0.5:  # gone, and back again
            again = left + timedelta(days=random.randrange(0, 900))
            net.memberships.append(
                Membership.objects.create(organisation=organisation, cluster=cluster, joined_on=again)
            )


def _add_place_known_in_part(net: SmallNetwork, organisation, number: int) -> None:
    """A region alone, a collectivity that is in none, a town alone, a town abroad: by its number."""
    works_in = net.works_in[organisation]
    if number % 9 == 4:
        region = net.regions[number % len(net.regions)]
        Site.objects.create(organisation=organisation, region=region)
        works_in.add(region.slug)
    if number % 10 == 7:
        Site.objects.create(organisation=organisation, city="Nouméa", department=Department.objects.get(region=None))
        works_in.add("overseas")
    if number % 13 == 6:
        Site.objects.create(organisation=organisation, city="Quelquepart")
        works_in.add("somewhere")
    if number % 11 == 5:
        Site.objects.create(organisation=organisation, city="Turin", postcode="I-10121", country="IT")
        works_in.add("abroad")
    if number % 12 == 8:
        organisation.country = "DE"
        organisation.save(update_fields=["country"])


def _supervise(net: SmallNetwork) -> None:
    """By its number, each laboratory has none to three supervising bodies, published or not."""
    bodies = [organisation for organisation in net.organisations if organisation.kind == "institution"]
    for number, organisation in enumerate(net.organisations):
        if organisation.kind == "laboratory":
            organisation.supervisors.set(bodies[number % 5 : number % 5 + number % 4])


def _make_project(net: SmallNetwork, number: int) -> None:
    random = net.random
    start = some_day(random) if random.random() < 0.8 else None
    cost = Decimal(random.randrange(20_000_000, 900_000_000)) / 100 if random.random() < 0.85 else None
    share = Decimal(random.randrange(15, 60)) / 100
    # of some projects only what the public paid is known
    public = ((cost or Decimal(4_000_000)) * share).quantize(Decimal("0.01")) if random.random() < 0.9 else None
    project = Project.objects.create(
        acronym=f"P{number}",
        title_fr=f"Projet {number}",
        slug=f"project-{number}",
        status=random.choice(DRAFTS) if random.random() < 0.2 else "published",
        start=start,
        end=start + timedelta(days=random.randrange(300, 1500)) if start and random.random() < 0.8 else None,
        total_cost=cost,
        public_funding=public,
        national=random.random() < 0.05,
        **(
            {"stated": "abandoned", "stated_reason": "Essai", "stated_on": some_day(random)}
            if random.random() < 0.1
            else {}
        ),
    )
    net.projects.append(project)
    _add_themes(net, project)
    for rank, cluster in enumerate(random.sample(net.clusters, random.choice([0, 1, 1, 2, 3]))):
        net.labels.append(
            ProjectLabel.objects.create(
                project=project, cluster=cluster, role="co" if rank else "lead", date=some_day(random)
            )
        )
    for programme in random.sample(net.programmes, random.choice([0, 1, 1, 2])):
        net.fundings.append(
            Funding.objects.create(
                project=project,
                programme=programme,
                date=some_day(random),
                amount=Decimal(random.randrange(1_000_000, 90_000_000)) / 100 if random.random() < 0.8 else None,
            )
        )
    for rank, organisation in enumerate(random.sample(net.organisations, random.randrange(0, 6))):
        net.participations.append(
            Participation.objects.create(
                project=project, organisation=organisation, role="partner" if rank else "coordinator"
            )
        )


def days_on_which_something_turns(net: SmallNetwork, *apart: str) -> dict[str, list[date]]:
    """By kind (``Project.end``) the days in the rows, found in their fields; without the kinds named."""
    found: dict[str, set[date]] = {}
    for rows in vars(net).values():
        for row in rows if isinstance(rows, list) else ():
            for column in row._meta.concrete_fields:
                kind = f"{type(row).__name__}.{column.name}"
                if type(column) is DateField and kind not in apart and (day := getattr(row, column.name)):
                    found.setdefault(kind, set()).add(day)
    return {kind: sorted(days) for kind, days in found.items()}


# The figures, counted one by one ----------------------------------------------------------------------


class Oracle:
    """The figures of one scope on one day, by loops over objects."""

    def __init__(self, net: SmallNetwork, kind: str = "", slug: str = "", day: date | None = None) -> None:
        self.net, self.kind, self.slug = net, kind, slug
        self.is_today = day is None
        self.day = day or date.today()

    # members

    def belongs(self, organisation, day: date, slug: str = "") -> bool:
        for membership in self.net.memberships:
            if membership.organisation is not organisation or membership.cluster.status != "published":
                continue
            if slug and membership.cluster.slug != slug:
                continue
            joined = membership.joined_on is None or membership.joined_on <= day
            ends = [membership.left_on, organisation.closed_on]
            if joined and not any(end is not None and end <= day for end in ends):
                return True
        return False

    def is_member(self, organisation, day: date) -> bool:
        if organisation.status != "published":
            return False
        if not self.belongs(organisation, day, self.slug if self.kind == "cluster" else ""):
            return False
        if self.kind == "region":
            return organisation.national or self.slug in self.net.works_in[organisation]
        return self.kind != "theme" or self.slug in self.net.works_on[organisation]

    def members(self, day: date | None = None) -> list[Organisation]:
        return [found for found in self.net.organisations if self.is_member(found, day or self.day)]

    def clusters(self) -> int:
        count = 0
        for cluster in self.net.clusters:
            labelled = any(
                period.cluster is cluster
                and period.start <= self.day
                and (period.end is None or self.day <= period.end)
                for period in self.net.periods
            )
            here = {
                "": True,
                "cluster": cluster.slug == self.slug,
                "region": self.slug in self.net.works_in[cluster],
                "theme": self.slug in self.net.works_on[cluster],
            }[self.kind]
            count += cluster.status == "published" and labelled and here
        return count

    # projects

    def labelled_on(self, project, slug: str = "") -> date | None:
        """The first label given by that day, by any published cluster or by this one."""
        days = [
            label.date
            for label in self.net.labels
            if label.project is project
            and label.cluster.status == "published"
            and label.date <= self.day
            and (not slug or label.cluster.slug == slug)
        ]
        return min(days, default=None)

    def funded_by(self, project) -> set[str]:
        return {
            funding.programme.slug
            for funding in self.net.fundings
            if funding.project is project and funding.date <= self.day
        }

    def is_listed(self, project) -> bool:
        if project.status != "published":
            return False
        begun = project.start is not None and project.start <= self.day
        if not self.is_today and not (begun or self.labelled_on(project) or self.funded_by(project)):
            return False
        if self.kind == "cluster":
            return self.labelled_on(project, self.slug) is not None
        if self.kind == "theme":
            return self.slug in self.net.works_on[project]
        if self.kind == "region":
            partners = [
                p.organisation
                for p in self.net.participations
                if p.project is project and p.organisation.status == "published"
            ]
            return project.national or any(o.national or self.slug in self.net.works_in[o] for o in partners)
        return True

    def projects(self) -> list[Project]:
        return [project for project in self.net.projects if self.is_listed(project)]

    def labelled(self) -> list[Project]:
        return [project for project in self.projects() if self.labelled_on(project)]

    def funded(self) -> list[Project]:
        return [project for project in self.projects() if self.funded_by(project)]

    def state(self, project) -> str:
        if project.stated and project.stated_on <= self.day:
            return project.stated
        if project.end and project.end < self.day:
            return "finished"
        if project.start and project.start <= self.day:
            return "running"
        return "funded" if self.funded_by(project) else "labelled" if self.labelled_on(project) else "planned"

    def in_state(self, state: str) -> int:
        return sum(self.state(project) == state for project in self.projects())

    def year(self, project) -> int | None:
        first = self.labelled_on(project) or project.start
        return first.year if first else None

    def given_by(self, programme: str) -> Decimal | None:
        chosen = self.projects()
        amounts = [
            f.amount
            for f in self.net.fundings
            if f.project in chosen and f.programme.slug == programme and f.date <= self.day and f.amount is not None
        ]
        return sum(amounts) if amounts else None
