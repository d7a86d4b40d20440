"""Questions compiled once: the same answers as their querysets, and refused where that could not hold."""

from datetime import date

import pytest
from django.db.models import Count, Value
from django.db.models.functions import Concat
from django.utils import timezone

from cluster_portal.records.compiled import MOST_VALUES, QUESTIONS, NotCompilable, compiled
from contributions.models import UnwantedMail, digest_of, no_more
from members.models import Cluster, ContactPerson, Membership, Organisation, Region, Theme
from projects.models import DeclaredFigure, Participation, Project

DAY = date(2021, 12, 31)
SILENT = "silent@portal.example"


def some(model, count: int = 5) -> list:
    keys = list(model.objects.order_by("pk").values_list("pk", flat=True))
    return keys[:: max(1, len(keys) // count)][:count]


# what each parameter of a question may be given
ASKED = {
    "organisation": lambda: some(Organisation),
    "organisations": lambda: [some(Organisation, count) for count in (1, 4, 25)],
    "project": lambda: some(Project),
    "projects": lambda: [some(Project, count) for count in (1, 4, 25)],
    "slug": lambda: (
        ["minalogic", "bretagne", "hydrogen", "nowhere"]
        + list(Organisation.objects.filter(pk__in=some(Organisation)).values_list("slug", flat=True))
        + list(Project.objects.filter(pk__in=some(Project)).values_list("slug", flat=True))
    ),
    "keys": lambda: [some(Organisation, count) for count in (1, 4, 25)],
    "team": lambda: [some(Organisation, count) for count in (1, 4, 12)],
    "whole": lambda: ["|minalogic|", "|cara|", "|lyon|"],
    "beginning": lambda: ["|a", "|b", "|c"],
    "starts": lambda: ["a:*", "b:*", "c:*"],
    "key": lambda: ["definitions", "nowhere"],
    "digest": lambda: [digest_of(SILENT), digest_of("nobody@portal.example")],
    "matter": lambda: list(UnwantedMail.values),
    "at": lambda: [DAY, timezone.localdate(), date(2019, 6, 1)],  # the last with a number of labels declared
}


def calls(question) -> list[tuple]:
    """Arguments, enough of them that each value of each parameter occurs."""
    values = [ASKED[name]() for name in question.types]
    return [tuple(several[n % len(several)] for several in values) for n in range(max(map(len, values), default=1))]


def as_plain(rows: list) -> list:
    """Objects by what was read of them, so that they are compared by more than their keys."""
    return [
        {name: value for name, value in vars(row).items() if name[0] != "_"} if hasattr(row, "_state") else row
        for row in rows
    ]


PAGES = (
    "/en/members/{organisation}/",
    "/en/projects/{project}/",
    "/en/clusters/minalogic/",
    "/en/clusters/minalogic/members/",
    "/en/clusters/minalogic/projects/",
    "/en/key-figures/",
    "/en/clusters/minalogic/key-figures/",
    "/en/regions/bretagne/",
    "/en/regions/bretagne/key-figures/",
    "/en/themes/hydrogen/",
    "/en/themes/hydrogen/key-figures/",
    "/en/suggestions/?q=ba",
    "/en/partners/?project={project}",
    "/en/partners/?organisation={organisation}",
)


@pytest.fixture
def asked(network, client):
    """The questions of the portal, each known once a page has asked it."""
    of_a_cluster = {"cluster": Cluster.objects.get(slug="minalogic"), "indicator": "members", "unit": "count"}
    DeclaredFigure.objects.create(**of_a_cluster, value=400, year=2023, source="A report")
    slugs = {
        "organisation": Organisation.objects.published().members().order_by("pk").first().slug,
        "project": Project.objects.published().exclude(participations=None).order_by("pk").first().slug,
    }
    partner = Participation.objects.filter(organisation__status="published").earliest("pk").organisation
    Organisation.objects.filter(pk=partner.pk).update(national=True)
    for organisation in some(Organisation, 4):
        ContactPerson.objects.create(organisation_id=organisation, name="Zoé", agreed_on=DAY)
    for matter in UnwantedMail:
        no_more(SILENT, matter)
    for page in PAGES:
        assert client.get(page.format(**slugs)).status_code == 200, page
    return [question for question in QUESTIONS if question.question.__module__.partition(".")[0] != "tests"]


def test_every_question_of_a_page_is_answered_as_its_queryset_would(asked):
    answered = set()
    for question in asked:
        for values in calls(question):
            expected = list(question.question(*values))
            assert as_plain(question(*values)) == as_plain(expected), (question.name, values)
            if expected:
                answered.add(question)
    assert {question.name for question in asked} == {question.name for question in answered}


@compiled
def begun(organisation: int, at: date):
    return Membership.objects.begun(at).filter(organisation=organisation)


@compiled
def named(organisations: list[int]):
    return Organisation.objects.filter(pk__in=organisations).order_by("pk").values_list("pk", "name", named=True)


def test_objects_come_with_what_is_joined_fetched_along_and_computed(network):
    @compiled
    def partners(project: int):
        rows = Participation.objects.filter(project=project).select_related("organisation")
        return rows.prefetch_related("organisation__sites").annotate(number=Count("organisation__sites")).order_by("pk")

    project = Project.objects.exclude(participations=None).first()
    (first, *_others) = rows = partners(project.pk)
    expected = list(partners.question(project.pk))
    assert [(row.pk, row.number, row.organisation.name) for row in rows] == [
        (row.pk, row.number, row.organisation.name) for row in expected
    ]
    assert list(first.organisation.sites.all()) == list(expected[0].organisation.sites.all())
    assert "sites" in first.organisation._prefetched_objects_cache


def test_rows_are_read_in_the_shape_that_the_queryset_asks_for(network):
    @compiled
    def as_dictionaries(slug: str):
        return Region.objects.filter(slug=slug).values("name", "slug")

    @compiled
    def alone(slug: str):
        return Region.objects.filter(slug=slug).values_list("name", flat=True)

    assert as_dictionaries("bretagne") == [{"name": "Bretagne", "slug": "bretagne"}]
    assert alone("bretagne") == ["Bretagne"] and alone("nowhere") == []
    pk = some(Organisation)[0]
    assert named([pk])[0].name == Organisation.objects.get(pk=pk).name


def test_the_queryset_is_put_together_for_the_first_visit_only(network):
    built = []

    @compiled
    def organisation(slug: str):
        built.append(slug)
        return Organisation.objects.filter(slug=slug)

    organisation("a")
    first = len(built)
    organisation("b")
    assert len(built) == first


def test_a_change_is_seen_at_once(network):
    pk = some(Organisation)[0]
    assert named([pk])[0].name != "Renamed"
    Organisation.objects.filter(pk=pk).update(name="Renamed")
    assert named([pk])[0].name == "Renamed"


def test_a_value_that_changes_the_sql_is_asked_as_the_queryset_does(network):
    keys = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    assert named([]) == []
    assert len(named(keys[: MOST_VALUES + 1])) == MOST_VALUES + 1
    assert [row.pk for row in named([keys[0], keys[1], keys[0]])] == keys[:2]

    @compiled
    def below(domain: int):
        return Theme.objects.filter(parent=domain)

    assert set(below(None)) == set(Theme.objects.domains())


def refused(question) -> None:
    with pytest.raises(NotCompilable):
        compiled(question).compile(*(1 for kind in question.__annotations__.values() if kind == list[int]))
    QUESTIONS.pop()


def test_a_question_with_a_day_of_its_own_is_refused(db):
    def begun_by_today(organisation: int):
        return Membership.objects.begun().filter(organisation=organisation)

    refused(begun_by_today)


def test_a_question_whose_value_does_not_arrive_as_given_is_refused(db):
    def beginning(text: str):
        return Organisation.objects.filter(name__startswith=text)

    def forgotten(organisation: int, text: str):
        return Organisation.objects.filter(pk=organisation)

    def of_year(at: date):
        return Membership.objects.filter(joined_on__year=at.year)

    def of_text(at: date):
        return Organisation.objects.annotate(day=Concat(Value(f"{at}"), Value("!"))).filter(day="")

    for question in (beginning, forgotten, of_year, of_text):
        refused(question)


def test_a_question_whose_sql_depends_on_its_value_is_refused(db):
    def even(organisation: int):
        rows = Organisation.objects.filter(pk=organisation)
        return rows.order_by("name") if organisation % 2000 < 1000 else rows

    def nothing(organisation: int):
        return Organisation.objects.filter(pk=organisation).none()

    refused(even)
    refused(nothing)


def test_a_question_through_an_object_is_refused(db):
    cluster = Cluster(pk=1)

    def periods(phase: int):
        return cluster.label_periods.filter(pk=phase)

    refused(periods)


def test_a_day_that_is_given_is_a_parameter(network):
    membership = Membership.objects.exclude(joined_on=None).first()
    before = date.fromordinal(membership.joined_on.toordinal() - 1)
    assert membership in begun(membership.organisation_id, membership.joined_on)
    assert membership not in begun(membership.organisation_id, before)
