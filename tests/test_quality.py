"""The numbers of the page of quality are lists: counted by plain loops over objects, and against the lists themselves."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cluster_portal.admin.quality import measures, numbers
from cluster_portal.exchange.visiting import Met
from members.admin.quality import last_of_months, take_snapshots
from members.models import (
    Cluster,
    FurtherNumber,
    MatchCandidate,
    Membership,
    Organisation,
    QualitySnapshot,
    RegisterCheck,
    Site,
    WebsiteCheck,
)  # fmt: skip
from members.websites import write
from projects.models import Funding, Participation, Project, ProjectLabel
from tests.small_network import forget_network, make_network
from tests.staff import browser, person

SIRENS = ["552081317", "542065479", "552100554"]


@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker):
    """A small network with every fault in it, committed once for this module."""
    with django_db_blocker.unblock():
        net = make_network(seed=11, organisations=60, projects=30)
        try:
            spoil(net)
            yield net
        finally:
            forget_network()


def spoil(net) -> None:
    random = Random(3)
    today = timezone.localdate()
    for number, one in enumerate(net.organisations):
        one.refresh_from_db()
        one.description_fr = random.choice(["", "Un texte."])
        one.description_en = random.choice(["", "A text."])
        one.verified_on = random.choice([None, today - timedelta(days=365), today - timedelta(days=366), today])
        one.website = f"https://site-{number}.example/"
        if number < len(SIRENS):
            one.siren = SIRENS[number]
        one.save()
        if number % 7 == 3:
            FurtherNumber.objects.create(organisation=one, kind="siren", value="732829320")
        if number % 5 == 0:
            write([(one.pk, one.website, Met.AWAY)], today - timedelta(days=2))
            write([(one.pk, one.website if number % 2 else "https://elsewhere.example/", Met.AWAY)], today)
        if one.siren:
            RegisterCheck.objects.create(organisation=one, siren=one.siren, closed=number % 2 == 0)
        Site.objects.filter(organisation=one).exclude(precision="").update(
            precision=random.choice(["city", "address", "department"])
        )
    for number in range(0, len(net.organisations) - 1, 4):
        first, second = sorted(one.pk for one in net.organisations[number : number + 2])
        decided = {} if number % 3 else {"decision": "different", "decided_at": timezone.now()}
        MatchCandidate.objects.create(first_id=first, second_id=second, score=0.7, **decided)
    for project in net.projects[::3]:
        Participation.objects.filter(project=project).update(cost=Decimal(10), public_funding=Decimal(5))


# --- a second computation ---------------------------------------------------------------------------------------------
class Loop:
    """By reading every object, one after the other."""

    def __init__(self, part: Cluster | None) -> None:
        self.part, self.today = part, timezone.localdate()
        self.memberships = list(Membership.objects.select_related("cluster", "organisation"))
        self.sites = list(Site.objects.all())
        self.further = {one.organisation_id for one in FurtherNumber.objects.all()}
        self.in_projects = {one.organisation_id for one in Participation.objects.all()}
        self.checks = {one.organisation_id: one for one in WebsiteCheck.objects.all()}
        self.pairs = list(MatchCandidate.objects.select_related("first", "second"))
        self.registers = {one.organisation_id: one for one in RegisterCheck.objects.all()}

    def current(self, one: Membership) -> bool:
        ends = [one.left_on, one.organisation.closed_on]
        return (one.joined_on is None or one.joined_on <= self.today) and not any(
            end is not None and end <= self.today for end in ends
        )

    def ended(self, one: Membership) -> bool:
        return any(end is not None and end <= self.today for end in (one.left_on, one.organisation.closed_on))

    def members(self):
        for one in Organisation.objects.all():
            own = [m for m in self.memberships if m.organisation_id == one.pk]
            if self.part is None or any(self.current(m) and m.cluster == self.part for m in own):
                yield one, own

    def former(self):
        for one in Organisation.objects.all():
            own = [m for m in self.memberships if m.organisation_id == one.pk]
            here = [m for m in own if m.cluster == self.part]
            if self.part is None or (any(map(self.ended, here)) and not any(map(self.current, here))):
                yield one, own

    def count(self) -> dict[str, tuple[int, int]]:
        found: dict[str, int] = dict.fromkeys((one.name for one in measures()), 0)
        alive = 0
        for one, own in self.members():
            if one.status == "archived":
                continue
            alive += 1
            sites = [site for site in self.sites if site.organisation_id == one.pk]
            check, register = self.checks.get(one.pk), self.registers.get(one.pk)
            wrong = {
                "identifier": one.country == "FR" and not one.siren and one.pk not in self.further,
                "site": not sites and not one.national and one.country == "FR",
                "coordinates": bool(sites) and all(site.precision not in ("city", "address") for site in sites),
                "theme": not one.themes.exists(),
                "description_fr": not one.description_fr,
                "description_en": not one.description_en,
                "unverified": one.status == "published"
                and (one.verified_on is None or (self.today - one.verified_on).days > 365),
                "unpublished": one.status != "published"
                and any(self.current(m) and m.cluster.status == "published" for m in own),
                "website": check is not None and check.failed_days >= 2 and check.website == one.website,
                "twice": any(
                    one in (pair.first, pair.second)
                    and pair.decision == "open"
                    and "archived" not in (pair.first.status, pair.second.status)
                    for pair in self.pairs
                ),
                "closed": one.closed_on is None and register is not None and register.closed,
            }
            for name, is_wrong in wrong.items():
                found[f"organisation.{name}"] += is_wrong
        shown = 0
        for one, own in self.former():
            if one.status != "published":
                continue
            shown += 1
            found["organisation.former"] += (
                bool(own) and not any(map(self.current, own)) and one.pk not in self.in_projects
            )
        here = [m for m in self.memberships if self.current(m) and self.part in (None, m.cluster)]
        found["membership.undated"] = sum(m.joined_on is None for m in here)
        projects = [
            project
            for project in Project.objects.exclude(status="archived")
            if self.part is None or ProjectLabel.objects.filter(project=project, cluster=self.part).exists()
        ]
        found["project.sums"] = sum(map(self.apart, projects))
        wholes = {"organisation": alive, "membership": len(here), "project": len(projects)}
        return {
            name: (number, shown if name == "organisation.former" else wholes[name.partition(".")[0]])
            for name, number in found.items()
        }

    def apart(self, project: Project) -> bool:
        partners, fundings = (
            list(Participation.objects.filter(project=project)),
            list(Funding.objects.filter(project=project)),
        )
        for parts, total in (
            ([one.cost for one in partners], project.total_cost),
            ([one.public_funding for one in partners], project.public_funding),
            ([one.amount for one in fundings], project.public_funding),
        ):
            known = [part for part in parts if part is not None]
            if total is None or not known:
                continue
            if sum(known) > total or (len(known) == len(parts) and sum(known) < total):
                return True
        return False


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["", "cluster-0", "cluster-2"])
def test_every_number_is_what_a_loop_over_the_objects_counts(rows, slug):
    part = Cluster.objects.get(slug=slug) if slug else None
    counted = Loop(part).count()
    assert numbers(slug) == counted
    if not slug:  # nothing is tried by nothing
        assert all(number for number, _whole in counted.values()), counted
        assert all(number < whole for number, whole in counted.values())


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["", "cluster-0"])
def test_every_number_is_the_length_of_the_list_behind_it(rows, slug):
    """As the staff's list counts it, for whoever may read all of it."""
    client = browser()
    client.force_login(person("boss", "administrator"))
    found = numbers(slug)
    for one in measures():
        page = client.get(one.of.url(one.need, slug))
        assert page.context["cl"].result_count == found[one.name][0], one.name


@pytest.mark.django_db
def test_an_editor_reads_of_her_clusters_and_of_no_other(rows):
    alpha, other = Cluster.objects.get(slug="cluster-0"), Cluster.objects.get(slug="cluster-1")
    client = browser()
    client.force_login(person("editor", "cluster_editor", alpha))
    answer = client.get("/admin/members/cluster/quality/")
    assert answer.headers["Location"] == f"/admin/members/cluster/{alpha.pk}/quality/"
    page = client.get(answer.headers["Location"])
    assert {line["label"]: line["number"] for line in page.context["lines"]} == {
        one.label: numbers("cluster-0")[one.name][0] for one in measures()
    }
    assert client.get(f"/admin/members/cluster/{other.pk}/quality/").status_code == 404
    for one in measures():  # her lists say the same
        listed = client.get(one.of.url(one.need, alpha.slug)).context["cl"].result_count
        assert listed == numbers("cluster-0")[one.name][0], one.name


@pytest.mark.django_db
def test_what_is_perhaps_here_twice_leads_to_its_pairs_too(rows):
    client = browser()
    client.force_login(person("boss", "administrator"))
    lyon = Cluster.objects.get(slug="cluster-0")
    page = client.get(f"/admin/members/cluster/{lyon.pk}/quality/")
    (line,) = [line for line in page.context["lines"] if line["label"] == "perhaps here twice"]
    assert f'<a href="{line["way"]}">“Merge the two that are ticked”, or pair by pair</a>' in page.text
    listed = set(client.get(line["way"]).context["cl"].queryset)
    members = set(Membership.objects.current().filter(cluster=lyon).values_list("organisation", flat=True))
    assert listed == {one for one in MatchCandidate.objects.open() if members & {one.first_id, one.second_id}} != set()
    assert len(listed) < MatchCandidate.objects.open().count()
    one = Organisation.objects.get(
        pk=(members & {key for pair in listed for key in (pair.first_id, pair.second_id)}).pop()
    )
    found = client.get(line["url"])
    way = f"/admin/members/matchcandidate/?{urlencode({'q': one.name})}"
    assert f'<a href="{way}">perhaps twice</a>' in found.text
    assert listed & set(client.get(way).context["cl"].queryset)


@pytest.mark.django_db
def test_the_questions_do_not_grow_with_the_rows(rows):
    with CaptureQueriesContext(connection) as few:
        numbers("cluster-0")
    with CaptureQueriesContext(connection) as all_of_them:
        numbers()
    assert len(few) == 9 and len(all_of_them) == 4


# --- day by day -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_each_night_every_part_is_counted_once_and_what_is_old_goes(rows):
    day = date(2026, 11, 23)
    QualitySnapshot.objects.create(day=day - timedelta(days=401), numbers={})
    QualitySnapshot.objects.create(day=day - timedelta(days=400), numbers={})
    for _twice in "12":
        take_snapshots(day)
    kept = QualitySnapshot.objects.filter(day=day)
    parts = {None, *Cluster.objects.filter(status="published").values_list("pk", flat=True)}
    assert sorted(kept.values_list("cluster", flat=True), key=str) == sorted(parts, key=str)
    assert QualitySnapshot.objects.exclude(day=day).count() == 1
    said = kept.get(cluster=None).numbers
    assert said == {name: list(pair) for name, pair in numbers().items()}


@pytest.mark.django_db
def test_the_trend_has_the_last_count_of_each_of_twelve_months(rows):
    for month in range(1, 13):
        for day in (3, 20):
            QualitySnapshot.objects.create(
                day=date(2026, month, day), numbers={"organisation.theme": [100 * month + day, 5000]}
            )
    QualitySnapshot.objects.create(day=date(2025, 12, 31), numbers={"organisation.theme": [7, 5000]})
    QualitySnapshot.objects.create(day=date(2025, 10, 31), numbers={"organisation.theme": [8, 5000]})
    months = last_of_months(None, date(2026, 12, 15))
    assert [day for day, _said in months] == [date(2025, 12, 31), *(date(2026, month, 20) for month in range(1, 12))]
    QualitySnapshot.objects.filter(day__month=5).delete()  # a gap makes the year no longer
    assert [day.month for day, _said in last_of_months(None, date(2026, 12, 15))] == [
        12,
        1,
        2,
        3,
        4,
        6,
        7,
        8,
        9,
        10,
        11,
    ]
    client = Client(headers={"accept-language": "en"})
    client.force_login(person("boss", "administrator"))
    page = client.get("/admin/members/cluster/quality/")
    theme = next(line for line in page.context["lines"] if line["label"] == "no theme")
    assert theme["past"] == [said["organisation.theme"][0] for _day, said in last_of_months(None)] != []
    assert page.text.count('class="sparkline"') == 1  # of what was counted


# --- what mends it ----------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_day_of_joining_is_set_for_all_that_have_none(rows):
    client = browser()
    client.force_login(person("boss", "administrator"))
    url = next(one for one in measures() if one.need == "undated")
    address = url.of.url("undated", "cluster-0")
    undated = [m for m in Membership.objects.filter(cluster__slug="cluster-0") if m.joined_on is None]
    due = client.get(address).context["cl"].result_count
    assert due
    sent = {"action": "set_joined_on", "select_across": "1", "index": "0"}
    asked = client.post(address, sent)
    token = asked.context["token"]
    answered = {**sent, "asked": "1", "joined_on": "2004-06-01", "confirmed": token}
    page = client.post(address, answered)
    if page.status_code == 200:  # the values are told first
        client.post(address, {**answered, "confirmed": page.context["token"]})
    assert client.get(address).context["cl"].result_count == 0
    assert Membership.objects.filter(pk__in=[m.pk for m in undated], joined_on=date(2004, 6, 1)).count() >= due


@pytest.mark.django_db
def test_a_form_says_how_far_it_is_filled_in_and_what_helps_most_next(rows):
    client = browser()
    client.force_login(person("boss", "administrator"))
    one = Organisation.objects.create(kind="company", name="Zéphyr", slug="zephyr", status="draft")
    address = f"/admin/members/organisation/{one.pk}/change/"
    told = client.get(address).context["completeness"]
    assert str(told["next"].label) == "theme" and told["share"] == "0%"
    one.themes.set([rows.themes[0]])
    told = client.get(address).context["completeness"]
    assert str(told["next"].label) == "site" and str(told["more"][0].label) == "description in French"
    Organisation.objects.filter(pk=one.pk).update(status="archived")
    assert "completeness" not in client.get(address).text
