"""The rows of public files are those of the lists: one small network for all of them."""

import pytest
from django.test import Client
from django.utils.translation import override

from members.listings import MemberListing
from members.models import (
    Region,
)
from projects.listings import ProjectListing
from tests.files import FORMATS, columns_of, rows_of, taken
from tests.small_network import forget_network, make_network

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def small(django_db_setup, django_db_blocker):
    """Committed, and taken away again: each test reads it, and what one changes is rolled back."""
    with django_db_blocker.unblock():
        yield make_network()
        forget_network()


QUERIES = [
    "",
    "sort=newest",
    "sort=verified",
    "kind=company&kind=laboratory&region=armor",
    "theme=energy&sort=newest",
    "former=1",
    "on=2014-06-30&cluster=cluster-0",
    "q=organisation+1",
    "q=organisation&sort=name",
    "region=nowhere-at-all",
    "page=2",
]


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("path", ["/fr/membres/", "/en/clusters/cluster-0/members/"])
def test_a_file_of_members_has_the_rows_of_the_list_on_all_its_pages(small, path, query):
    shown = MemberListing.asked(
        Client().get(f"{path}?{query}").wsgi_request.GET,
        path,
        fixed={"cluster": "cluster-0"} if "cluster-0" in path else None,
    )
    if query != "page=2":  # the SQL form is the other definition of the list
        expected = [row.slug for row in shown.in_sql()]
        for file_format in FORMATS:
            rows = rows_of(taken(f"{path}?{query}", file_format), file_format)
            assert [row[0] for row in rows[1:]] == expected, file_format
    else:
        assert len(rows_of(taken(f"{path}?page=2", "csv"), "csv")) == 1 + shown.total


@pytest.mark.parametrize(
    "query",
    [
        "",
        "sort=budget",
        "sort=name&state=running",
        "region=armor",
        "on=2015-01-01",
        "q=projet",
        "programme=programme-a",
    ],
)
@pytest.mark.parametrize("path", ["/fr/projets/", "/fr/clusters/cluster-1/projets/"])
def test_a_file_of_projects_has_the_rows_of_the_list(small, path, query):
    fixed = {"cluster": "cluster-1"} if "cluster-1" in path else None
    with override("fr"):
        shown = ProjectListing.asked(Client().get(f"{path}?{query}").wsgi_request.GET, path, fixed=fixed)
        expected = [row.slug for row in shown.in_sql()]
    for file_format in FORMATS:
        assert [row[0] for row in rows_of(taken(f"{path}?{query}", file_format), file_format)[1:]] == expected


def test_the_clusters_of_the_page_are_those_of_the_file(small):
    for query in ("", "region=armor", "theme=energy", "on=2015-01-01"):
        page = Client().get(f"/fr/clusters/?{query}")
        expected = [tile.slug for tile in page.context["clusters"]]
        counts = {tile.slug: tile.member_count for tile in page.context["clusters"]}
        for file_format in FORMATS:
            file = columns_of(taken(f"/en/clusters/?{query}", file_format), file_format)
            slugs, members = next(iter(file.values())), file.get("Number of members", file.get("members"))
            assert slugs == expected or not expected
            assert [int(number) for number in members] == [counts[slug] for slug in slugs]


def test_a_file_keeps_up_with_former_slugs_of_filters(small):
    region = Region.objects.get(slug="armor")
    region.slug = "armorique"
    region.save()
    from cluster_portal.models import FormerSlug

    FormerSlug.objects.get_or_create(model="region", slug="armor", object_id=region.pk)
    response = Client().get("/fr/membres/?format=csv-fr&region=armor")
    assert response.status_code == 301 and response["Location"] == "/fr/membres/?region=armorique&format=csv-fr"
