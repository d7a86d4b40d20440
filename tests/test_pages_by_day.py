"""What single pages say the day before something turns, on the day itself, and the day after."""

from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from django.contrib.auth import get_user_model

from members.models import ContactPerson, LabelPeriod, Membership, Organisation, Succession
from projects.models import Funding, Project, ProjectLabel
from tests.admin_rows import cluster, organisation, programme, project

pytestmark = pytest.mark.django_db

EDGE = date(2026, 3, 1)


def around(client, url: str, *words: str) -> list[tuple[bool, ...]]:
    """Whether a page says each of the words the day before, on the day, and the day after."""
    said = []
    for step in (-1, 0, 1):
        with time_machine.travel(EDGE + timedelta(days=step), tick=False):
            text = unescape(client.get(url).content.decode()).replace("\u00a0", " ")
            said.append(tuple(word in text for word in words))
    return said


@pytest.fixture
def company(db):
    one = organisation("Quorvex", slug="quorvex")
    Membership.objects.create(
        organisation=one, cluster=cluster("Alpin", "ALP", slug="alpin"), joined_on=date(2015, 1, 1)
    )
    return one


def test_an_organisation_is_closed_from_the_day_on(company, client):
    Organisation.objects.filter(pk=company.pk).update(closed_on=EDGE)
    assert around(client, "/en/members/quorvex/", "closed on 1 March 2026") == [(False,), (True,), (True,)]
    card = around(client, "/en/members/?former=1", "Closed on 1 March 2026")
    assert card == [(False,), (True,), (True,)]
    assert around(client, "/en/members/", ">Quorvex<") == [(True,), (False,), (False,)]


def test_a_member_has_left_on_the_first_day_out(company, client):
    company.memberships.update(left_on=EDGE)
    said = around(client, "/en/members/quorvex/", "Member since 1 January 2015", "From 1 January 2015 to 1 March 2026")
    assert said == [(True, False), (False, True), (False, True)]
    assert around(client, "/en/members/quorvex/", "No longer a member") == [(False,), (True,), (True,)]
    assert around(client, "/en/members/?former=1", "Not a member") == [(False,), (True,), (True,)]


def test_a_member_has_joined_on_the_day(company, client):
    company.memberships.update(joined_on=EDGE)
    assert around(client, "/en/members/quorvex/", "Member since 1 March 2026") == [(False,), (True,), (True,)]
    assert around(client, "/en/clusters/alpin/", ">Quorvex<") == [(False,), (True,), (True,)]


def test_a_label_covers_its_first_and_its_last_day(db, client):
    alpin = cluster("Alpin", "ALP", slug="alpin")
    LabelPeriod.objects.create(cluster=alpin, phase=4, start=EDGE, end=EDGE)
    for url in ("/en/clusters/alpin/", "/en/clusters/"):
        assert around(client, url, "Labelled, phase IV") == [(False,), (True,), (False,)], url
    assert around(client, "/en/clusters/", "1 labelled today") == [(False,), (True,), (False,)]
    assert around(client, "/en/clusters/alpin/", "Label until 1 March 2026") == [(False,), (False,), (True,)]
    for on, count in ((EDGE - timedelta(days=1), 0), (EDGE, 1), (EDGE + timedelta(days=1), 0)):
        assert len(client.get(f"/en/clusters/?on={on}").context["clusters"]) == count


@pytest.mark.parametrize("when", [{"date": EDGE}, {"date": EDGE, "year": 2026}])
def test_a_cluster_is_followed_by_another_from_the_day_on(db, client, when):
    """A merger that is announced has not happened."""
    before, after = cluster("Alpin", "ALP", slug="alpin"), cluster("Boréal", "BOR", slug="boreal")
    Succession.objects.create(predecessor=before, successor=after, kind="merger", **when)
    followed = [(False,), (True,), (True,)]
    assert around(client, "/en/clusters/alpin/", "This cluster merged into") == followed
    assert around(client, "/en/clusters/", "Followed by") == followed
    assert around(client, "/en/clusters/", "2 clusters") == [(True,), (False,), (False,)]


def test_of_a_succession_in_a_year_the_year_counts(db, client):
    before, after = cluster("Alpin", "ALP", slug="alpin"), cluster("Boréal", "BOR", slug="boreal")
    row = Succession.objects.create(predecessor=before, successor=after, kind="merger", year=2026)
    assert around(client, "/en/clusters/alpin/", "This cluster merged into") == [(True,)] * 3
    Succession.objects.filter(pk=row.pk).update(year=2027)
    assert around(client, "/en/clusters/alpin/", "This cluster merged into") == [(False,)] * 3
    Succession.objects.filter(pk=row.pk).update(year=None)
    assert around(client, "/en/clusters/alpin/", "This cluster merged into") == [(True,)] * 3


def test_a_person_is_shown_from_the_day_of_the_agreement_on(company, client):
    ContactPerson.objects.create(organisation=company, name="Zyblor Public", agreed_on=EDGE)
    assert around(client, "/en/members/quorvex/", "Zyblor Public") == [(False,), (True,), (True,)]


def test_a_project_begins_and_ends_on_its_days(db, client):
    project("VOLTA", slug="volta", start=EDGE, end=EDGE)
    begun = around(client, "/en/projects/volta/", "In preparation", "Running", "Finished")
    assert begun == [(True, False, False), (False, True, False), (False, False, True)]
    steps = around(client, "/en/projects/volta/", "Planned beginning", "Begun", "Planned end", "Ended")
    assert steps == [(True, False, True, False), (False, True, True, False), (False, True, False, True)]


def test_a_project_is_labelled_funded_and_abandoned_on_the_day(db, client):
    volta = project("VOLTA", slug="volta")
    label = ProjectLabel.objects.create(project=volta, cluster=cluster(), date=EDGE)
    states = ("In preparation</span>", "Labelled</span>", "Funded</span>", "Abandoned</span>")

    def turns(index):
        before = tuple(place == 0 for place in range(4))
        return [before, *[tuple(place == index for place in range(4))] * 2]

    assert around(client, "/en/projects/", *states) == turns(1)
    label.delete()
    funding = Funding.objects.create(project=volta, programme=programme(), date=EDGE)
    assert around(client, "/en/projects/", *states) == turns(2)
    funding.delete()
    Project.objects.filter(pk=volta.pk).update(stated="abandoned", stated_on=EDGE, stated_reason="Essai")
    assert around(client, "/en/projects/", *states) == turns(3)
    assert around(client, "/en/projects/volta/", "Essai") == [(False,), (True,), (True,)]


def test_what_was_verified_a_year_ago_is_due_the_day_after(company, admin_client, settings):
    settings.SESSION_COOKIE_AGE = 10 * 24 * 3600  # one visit of three days
    with time_machine.travel(EDGE - timedelta(days=1), tick=False):
        admin_client.force_login(get_user_model().objects.get(username="admin"))
    Organisation.objects.filter(pk=company.pk).update(verified_on=EDGE - timedelta(days=365))
    due = around(admin_client, "/admin/members/organisation/?needs=unverified", "Quorvex</a>")
    assert due == [(False,), (False,), (True,)]
