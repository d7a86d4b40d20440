"""A few rows of everything, for the tests of the staff's pages; `many` makes lists grow."""

from datetime import date
from decimal import Decimal

from cluster_portal.models import Page
from members.models import (
    Cluster,
    ClusterName,
    ClusterRegion,
    ContactPerson,
    Department,
    LabelPeriod,
    Membership,
    Organisation,
    OrganisationName,
    Region,
    Site,
    Succession,
    Theme,
)  # fmt: skip
from projects.models import (
    DeclaredFigure,
    Funder,
    Funding,
    Outcome,
    Participation,
    Programme,
    Project,
    ProjectLabel,
)  # fmt: skip


def places() -> Department:
    region, _ = Region.objects.get_or_create(insee_code="84", name="Auvergne-Rhône-Alpes", slug="auvergne-rhone-alpes")
    return Department.objects.get_or_create(insee_code="38", name="Isère", slug="isere", region=region)[0]


def cluster(name="Énergies Alpines", acronym="ENA", **values) -> Cluster:
    slug = values.pop("slug", acronym.lower())
    return Cluster.objects.create(name=name, acronym=acronym, slug=slug, **{"status": "published", **values})


def organisation(name="Électricité du Vercors", **values) -> Organisation:
    number = Organisation.objects.count()
    values = {"kind": "company", "slug": f"organisation-{number}", "status": "published", **values}
    return Organisation.objects.create(name=name, **values)


def project(acronym="VOLTA", **values) -> Project:
    values = {"slug": f"project-{Project.objects.count()}", "status": "published", **values}
    return Project.objects.create(acronym=acronym, **values)


def programme() -> Programme:
    funder, _ = Funder.objects.get_or_create(name_fr="État", slug="etat", level="state")
    return Programme.objects.get_or_create(name_fr="Fonds unique", acronym="FUI", slug="fui", funder=funder)[0]


def a_network(many: int) -> tuple[Organisation, Cluster, Project]:
    """An organisation, a cluster and a project with `many` rows of each sort, in lists of `many` more."""
    department, known = places(), cluster()
    domain = Theme.objects.create(name_fr="Énergie", name_en="Energy", slug="energie")
    for number in range(many):
        theme = Theme.objects.create(name_fr=f"Thème {number}", slug=f"theme-{number}", parent=domain)
        region = Region.objects.create(name=f"Région {number}", insee_code=f"{number:02d}", slug=f"region-{number}")
        other = cluster(f"Pôle {number}", f"P{number}", city="Grenoble", department=department)
        ClusterRegion.objects.create(cluster=known, region=region, rank=number)
        ClusterName.objects.create(cluster=known, name=f"Ancien {number}")
        LabelPeriod.objects.create(
            cluster=known, phase=5, start=date(2005 + number, 1, 1), end=date(2005 + number, 12, 31)
        )
        Succession.objects.create(predecessor=known, successor=other, kind="split")
        known.themes.add(theme)
    companies = [organisation(f"Société {number}", verified_by=known) for number in range(many + 1)]
    clusters = list(Cluster.objects.exclude(pk=known.pk))
    for company in companies:
        Site.objects.create(organisation=company, department=department, city="Grenoble")
        Membership.objects.create(organisation=company, cluster=known, joined_on=date(2010, 1, 1))
        company.themes.add(domain)
    first = companies[0]
    for number in range(many):
        Site.objects.create(organisation=first, department=department, city=f"Ville {number}")
        Membership.objects.create(organisation=first, cluster=clusters[number], joined_on=date(2012, 1, 1))
        OrganisationName.objects.create(organisation=first, name=f"Nom {number}")
        ContactPerson.objects.create(organisation=first, name=f"Contact {number}")
        Page.objects.create(key=f"text-{number}", title_fr=f"Texte {number}")
        DeclaredFigure.objects.create(
            indicator="clusters", value=55, source=f"Source {number}", cluster=clusters[number]
        )
        paying = programme()
        work = project(f"PROJET {number}", total_cost=Decimal(100), public_funding=Decimal(40))
        for role, company in enumerate(companies):
            Participation.objects.create(
                project=work, organisation=company, role="partner" if role else "coordinator", cost=Decimal(10)
            )
        for role, labelling in enumerate(clusters):
            ProjectLabel.objects.create(
                project=work, cluster=labelling, role="co" if role else "lead", date=date(2015, 1, 1)
            )
        for year in range(many):
            Funding.objects.create(project=work, programme=paying, amount=Decimal(5), date=date(2016 + year, 1, 1))
            Outcome.objects.create(project=work, kind="patent", title_fr=f"Brevet {year}")
    return first, known, Project.objects.latest("pk")


def form_of(page) -> dict:
    """What a browser would send back from a change page: the form as it stands, inline rows included."""
    context, data = page.context_data if hasattr(page, "context_data") else page.context, {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is None or value is False or bound.name == "logo":
                continue
            if isinstance(value, list):
                data[bound.html_name] = [str(getattr(one, "pk", one)) for one in value]
            else:
                if isinstance(value, date):
                    value = bound.field.widget.format_value(value)  # in the language of the page
                data[bound.html_name] = "on" if value is True else str(value)
    if context.get("given"):
        data["given"] = context["given"]
    return data
