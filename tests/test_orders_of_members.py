"""The orders of the list of members, by a plain sort of objects."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from members.models import Cluster, Membership, Organisation, Site
from tests.admin_rows import places
from tests.small_network import Oracle, SmallNetwork, forget_network, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def net(django_db_setup, django_db_blocker):
    """Some were verified, several on one day; some are members of several clusters for different times."""
    with django_db_blocker.unblock():
        found = make_network(seed=41, organisations=90, projects=0)
        for number, organisation in enumerate(found.organisations):
            organisation.verified_on = date(2025, 1, 1) + timedelta(days=number % 7) if number % 3 else None
            organisation.save()
            organisation.refresh_from_db(fields=["sort_name"])
        yield found
        forget_network()


def listed(client, **query) -> list[str]:
    """The names of all pages, in order."""
    names: list[str] = []
    for number in range(1, 20):
        response = client.get("/en/members/", query | {"page": number})
        names += [card.name for card in response.context["organisations"]]
        if number >= response.context["listing"].pages:
            return names
    raise AssertionError("more pages than there can be")


def joined_last(net: SmallNetwork, organisation, day: date) -> date:
    """The day of its latest membership among those that are current; the first of all days when none is known."""
    days = [
        membership.joined_on
        for membership in net.memberships
        if membership.organisation is organisation
        and membership.cluster.status == "published"
        and membership.joined_on
        and membership.joined_on <= day
        and (membership.left_on is None or membership.left_on > day)
    ]
    return max(days, default=date.min)


@pytest.mark.parametrize("on", [None, date(2014, 12, 31), date(2021, 3, 15)])
def test_the_newest_members_come_first_by_their_latest_membership(net, client, on):
    oracle = Oracle(net, day=on)
    members = sorted(oracle.members(), key=lambda one: (one.sort_name, one.pk))
    several = [one for one in members if len({m.joined_on for m in net.memberships if m.organisation is one}) > 1]
    assert len(several) > 5
    members.sort(key=lambda one: -joined_last(net, one, oracle.day).toordinal())
    asked = {"on": on.isoformat()} if on else {}
    assert listed(client, sort="newest", **asked) == [one.name for one in members]


def test_those_verified_last_come_first_and_those_never_verified_last(net, client):
    members = sorted(Oracle(net).members(), key=lambda one: (one.sort_name, one.pk))
    members.sort(key=lambda one: -(one.verified_on or date.min).toordinal())
    assert any(one.verified_on is None for one in members)
    assert listed(client, sort="verified") == [one.name for one in members]


def test_by_name_case_and_accents_do_not_count(net, client):
    cluster = net.clusters[0]
    for slug, name in (("z", "zéphyr"), ("e", "Écluse"), ("f", "ÉCLUSE 2"), ("d", "eclat")):
        one = Organisation.objects.create(name=name, slug=slug, kind="company", status="published")
        Membership.objects.create(organisation=one, cluster=cluster)
    names = listed(client, sort="name")
    assert [name for name in names if not name.startswith("Organisation")] == ["eclat", "Écluse", "ÉCLUSE 2", "zéphyr"]


@pytest.mark.parametrize("head_office_first", [True, False])
def test_a_member_is_said_to_be_where_its_head_office_is(db, client, head_office_first):
    one = Organisation.objects.create(name="Quorvex", slug="quorvex", kind="company", status="published")
    for is_head_office in (head_office_first, not head_office_first):
        city = "Grenoble" if is_head_office else "Voiron"
        Site.objects.create(organisation=one, department=places(), city=city, head_office=is_head_office)
    groups = client.get(reverse("suggest"), {"q": "quorv"}).json()["groups"]
    assert [item["detail"] for group in groups for item in group["items"]] == ["Entreprise · Grenoble"]


def test_of_those_that_answer_as_well_the_member_of_most_clusters_comes_first(db, client):
    clusters = [Cluster.objects.create(name=name, slug=name.lower(), status="published") for name in ("Ax", "Bx", "Cx")]
    for number, count in enumerate((1, 3, 2)):
        one = Organisation.objects.create(
            name=f"Zyblor {'abc'[number]}", slug=f"zyblor-{number}", kind="company", status="published"
        )
        for cluster in clusters[:count]:
            Membership.objects.create(organisation=one, cluster=cluster)
    listing = client.get("/en/members/?q=zyblor").context["listing"]
    assert [one.name for one in listing.in_sql()] == ["Zyblor b", "Zyblor c", "Zyblor a"]
    assert [one.pk for one in listing.in_sql()] == list(listing.page_ids)
