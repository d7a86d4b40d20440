"""What is announced for a day is so from that day on, everywhere and without another save: by the site's own days."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import translation

from members.facets import MEMBER_INDEX
from members.models import Cluster, Membership, Organisation
from projects.models import Project

pytestmark = pytest.mark.django_db

DAY = date(2026, 12, 10)
EVE_IN_FRANCE = datetime(2026, 12, 9, 22, 59, tzinfo=UTC)  # 23:59
THE_DAY_IN_FRANCE = datetime(2026, 12, 9, 23, 1, tzinfo=UTC)  # 00:01, and the server still writes the 9th


@pytest.fixture
def cluster():
    return Cluster.objects.create(name="Pôle Zyblor", slug="zyblor", status="published")


@pytest.fixture
def company(cluster):
    with time_machine.travel(EVE_IN_FRANCE):
        company = Organisation.objects.create(name="Vexalia", slug="vexalia", kind="company", status="published")
        Membership.objects.create(organisation=company, cluster=cluster, joined_on=date(2020, 1, 1))
        return company


def announced(company, **dates):
    """The same company, of which something is announced."""
    for name, day in dates.items():
        rows = Organisation.objects if name == "closed_on" else Membership.objects
        rows.filter(**{"pk" if name == "closed_on" else "organisation": company.pk}).update(**{name: day})


def where_it_is_named(client) -> set[str]:
    """By which ways the company is a member of the cluster."""
    found = set()
    with translation.override("en"):
        if "Vexalia" in client.get("/en/members/?q=zyblor&former=1").text:
            found.add("search")
        if "Vexalia" in client.get("/en/clusters/zyblor/members/").text:
            found.add("list")
        if ">Current<" in client.get("/en/members/vexalia/").text.replace("</svg>", ">"):
            found.add("page")
        card = client.get("/en/members/?former=1").text
        if "/en/clusters/zyblor/" in card:
            found.add("card")
    if Membership.objects.current().exists():
        found.add("database")
    assert not (Membership.objects.current() & Membership.objects.ended()).exists()
    if any(MEMBER_INDEX.at().members_on.values()):
        found.add("index")
    return found


EVERYWHERE = {"search", "list", "page", "card", "database", "index"}


@pytest.mark.parametrize(
    ("dates", "before", "after"),
    [
        ({"left_on": DAY}, EVERYWHERE, set()),
        ({"closed_on": DAY}, EVERYWHERE, set()),
        ({"joined_on": DAY}, set(), EVERYWHERE),
        ({"joined_on": None, "left_on": date(2026, 12, 9)}, set(), set()),
    ],
)
def test_a_membership_begins_and_ends_on_its_day_in_france(client, company, dates, before, after):
    announced(company, **dates)
    with time_machine.travel(EVE_IN_FRANCE):
        assert where_it_is_named(client) == before
    with time_machine.travel(THE_DAY_IN_FRANCE):
        assert where_it_is_named(client) == after
    with time_machine.travel(EVE_IN_FRANCE):  # a day may be looked at again, by a clock that was put right
        assert where_it_is_named(client) == before


def test_a_document_written_on_the_day_says_the_same(client, company):
    with time_machine.travel(THE_DAY_IN_FRANCE):
        assert where_it_is_named(client) == EVERYWHERE
        announced(company, closed_on=DAY)
        assert where_it_is_named(client) == set()
        announced(company, closed_on=date(2026, 12, 11))
        assert where_it_is_named(client) == EVERYWHERE


def test_the_page_of_a_closed_organisation_says_until_when_it_was_a_member(client, company):
    announced(company, closed_on=date(2024, 3, 2))
    page = " ".join(client.get("/en/members/vexalia/").text.split())
    assert "No longer a member of a cluster" in page
    assert "From 1 January 2020 to 2 March 2024" in page
    assert "Current" not in page.partition("<main")[2].partition("</main>")[0]


def test_who_left_and_who_closed_have_ended_for_staff(client, admin_user, company):
    with time_machine.travel(EVE_IN_FRANCE):
        announced(company, closed_on=DAY)
    for moment, listed in ((EVE_IN_FRANCE, []), (THE_DAY_IN_FRANCE, ["Vexalia"])):
        with time_machine.travel(moment):
            client.force_login(admin_user)
            rows = client.get("/admin/members/membership/?now=ended").context["cl"].result_list
            assert [row.organisation.name for row in rows] == listed


def test_a_project_is_found_by_who_labelled_it_from_that_day_on(client, cluster):
    project = Project.objects.create(acronym="MIRABEL", slug="mirabel", status="published")
    project.labels.create(cluster=cluster, role="lead", date=DAY)
    for moment, is_found in ((EVE_IN_FRANCE, False), (THE_DAY_IN_FRANCE, True), (EVE_IN_FRANCE, False)):
        with time_machine.travel(moment):
            assert ("MIRABEL" in client.get("/en/projects/?q=zyblor").text) is is_found
