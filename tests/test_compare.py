"""Clusters side by side, and what pairs of them share."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from projects.figures import KeyFigures, Scope
from projects.shared import SharedFigures
from tests.small_network import Oracle, forget_network, make_network

pytestmark = pytest.mark.django_db
PAST = date(2016, 5, 1)


@pytest.fixture(scope="module")
def net(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        found = make_network(seed=11, organisations=90, projects=60)
        yield found
        forget_network()


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def compared(client, *slugs, **query):
    return client.get(reverse("projects:compare"), {"cluster": list(slugs), **query})


def totals(client, html: str):
    """Each number that is a link, with the total of the list behind it."""
    for url, number in re.findall(r'<a href="(/en/clusters/[^"]*/(?:members|projects)/[^"]*)">([\d,]+)[^<]*</a>', html):
        listed = client.get(url.replace("&amp;", "&"))
        assert listed.status_code == 200
        yield url, int(number.replace(",", "")), listed.context["listing"].total


@pytest.mark.parametrize("on", [None, PAST])
def test_every_number_of_a_comparison_is_the_total_of_its_list(net, client, on):
    response = compared(client, "cluster-0", "cluster-1", "cluster-4", **({"on": on.isoformat()} if on else {}))
    found = list(totals(client, response.content.decode()))
    assert len(found) > 30
    assert [number for _url, number, _total in found] == [total for _url, _number, total in found]


def test_columns_stand_in_the_order_asked_for(net, client):
    response = compared(client, "cluster-1", "cluster-0")
    assert [cluster.slug for cluster in response.context["clusters"]] == ["cluster-1", "cluster-0"]


def test_figures_that_share_an_index_are_those_of_each_cluster_alone(net):
    beside = KeyFigures(Scope("cluster", "cluster-0"), like=KeyFigures(Scope("cluster", "cluster-1")))
    alone = KeyFigures(Scope("cluster", "cluster-0"))
    assert (beside.members, beside.money) == (alone.members, alone.money)


@pytest.mark.parametrize(
    ("slugs", "advice"),
    [
        ([], ""),
        (["cluster-0"], "One cluster alone cannot be compared"),
        (["cluster-0", "cluster-0"], "One cluster alone cannot be compared"),
        (["atlantis"], "are not known"),
        (["cluster-0", "cluster-3"], "are not known"),  # a draft is as unknown as any other
        (["\x00", "cluster-0"], "One cluster alone"),
        (["x" * 9000, "cluster-0"], "are not known"),
    ],
)
def test_a_choice_that_cannot_be_compared_says_what_to_do(net, client, slugs, advice):
    response = compared(client, *slugs)
    assert response.status_code == 200
    html = response.content.decode()
    assert advice in html and "Choose two to four clusters" in html
    assert "data--compare" not in html


def test_more_than_four_clusters_are_too_many(net, client):
    from members.models import Cluster

    Cluster.objects.create(name="Fox", slug="cluster-5", status="published")
    response = compared(client, "cluster-0", "cluster-1", "cluster-2", "cluster-4", "cluster-5")
    assert "keep two to four" in response.content.decode() and not response.context["clusters"]
    response = compared(client, "cluster-0", "cluster-1", "cluster-2", "cluster-4")
    assert len(response.context["clusters"]) == 4


def test_an_unknown_cluster_among_known_ones_is_said_and_left_out(net, client):
    html = compared(client, "cluster-0", "cluster-1", "atlantis").content.decode()
    assert "is not known; the others are compared" in html and "data--compare" in html


@pytest.mark.parametrize("on", [None, PAST])
def test_shared_members_and_projects_are_those_that_a_loop_counts(net, on):
    shared = SharedFigures(on)
    for one in ("cluster-0", "cluster-2"):
        for other in ("cluster-1", "cluster-4"):
            pair = shared.pair(one, other)
            first, second = Oracle(net, "cluster", one, on), Oracle(net, "cluster", other, on)
            assert pair.members.value == sum(o in second.members() for o in first.members())
            assert pair.projects.value == sum(p in second.projects() for p in first.projects())


@pytest.mark.parametrize("of", ["members", "projects"])
@pytest.mark.parametrize("on", [None, PAST])
def test_every_cell_of_the_matrix_is_the_total_of_its_list(net, client, of, on):
    query = {"of": of} | ({"on": on.isoformat()} if on else {})
    response = client.get(reverse("projects:shared"), query)
    found = list(totals(client, response.content.decode()))
    assert found
    assert [number for _url, number, _total in found] == [total for _url, _number, total in found]
    assert "cluster-3" not in response.content.decode()


def test_the_other_cluster_is_a_chip_that_can_be_taken_away(net, client):
    response = client.get(reverse("members:cluster-members", args=["cluster-0"]), {"shared": "cluster-1"})
    listing = response.context["listing"]
    assert [(chip.name, chip.slug) for chip in listing.chips] == [("shared", "cluster-1")]
    assert listing.in_sql().count() == listing.total
    assert ("shared", "cluster-1") in listing.hidden  # another filter keeps it


def test_an_unknown_other_cluster_matches_nothing(net, client):
    for name in ("members:cluster-members", "projects:cluster-projects"):
        assert client.get(reverse(name, args=["cluster-0"]), {"shared": "atlantis"}).context["listing"].total == 0


def test_shared_members_have_a_file(net, client):
    response = client.get(reverse("projects:shared"), {"format": "csv"})
    text = b"".join(response.streaming_content).decode()
    assert len(text.splitlines()) == len(SharedFigures().pairs()) + 1


@pytest.mark.parametrize("name", ["projects:compare", "projects:shared"])
@pytest.mark.parametrize("query", [{"on": "\x00"}, {"on": "soon"}, {"of": "\x00"}, {"cluster": "'"}])
def test_any_query_gives_a_page(net, client, name, query):
    assert client.get(reverse(name), query).status_code == 200


def test_comparing_takes_fifteen_queries_at_most(net, client, django_assert_max_num_queries):
    compared(client, "cluster-0", "cluster-1", "cluster-2", "cluster-4")
    with django_assert_max_num_queries(15):
        compared(client, "cluster-0", "cluster-1", "cluster-2", "cluster-4")
    with django_assert_max_num_queries(15):
        client.get(reverse("projects:shared"))
