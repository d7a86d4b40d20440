"""The staff's lists as files: what the list shows to her, the columns that she chooses, and contact persons for a purpose."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.columns import CLUSTER_COLUMNS, CONTACT_COLUMNS, MEMBERSHIP_COLUMNS, ORGANISATION_COLUMNS
from members.models import (
    ContactExport,
    ContactPerson,
    FurtherNumber,
    Membership,
    RoleAssignment,
    Site,
)
from projects.columns import PROJECT_COLUMNS
from projects.models import Participation
from tests.files import FORMATS, content, rows_of
from tests.test_admin_scope import SECRET, Net

pytestmark = pytest.mark.django_db
ORGANISATIONS, MEMBERSHIPS = "/admin/members/organisation/export/", "/admin/members/membership/export/"
PROJECTS, CLUSTERS = "/admin/projects/project/export/", "/admin/members/cluster/export/"
NAMES = [column.name for column in ORGANISATION_COLUMNS]
CONTACTS = [column.name for column in CONTACT_COLUMNS]


@pytest.fixture
def net():
    return Net()


@pytest.fixture
def sign_in(net):
    roles = {
        "cara": [("cluster_editor", net.cara)],
        "manager": [("cluster_manager", net.cara)],
        "minalogic": [("cluster_editor", net.minalogic)],
        "other": [("cluster_manager", net.minalogic)],
        "both": [("cluster_editor", net.cara), ("cluster_editor", net.minalogic)],
        "network": [("network_editor", None)],
        "boss": [("administrator", None)],
    }

    def browser(name: str) -> Client:
        user, made = get_user_model().objects.get_or_create(username=name)
        if made:
            for role, of in roles[name]:
                RoleAssignment.objects.create(user_id=user.pk, role=role, cluster=of)
        client = Client(headers={"accept-language": "en"})
        client.force_login(user)
        return client

    return browser


def take(client: Client, address: str, columns, file_format: str = "json", **more):
    return client.post(address, {"format": file_format, "column": list(columns), **more})


def told(client: Client, address: str, columns=("slug",), **more) -> list[dict]:
    response = take(client, address, columns, **more)
    assert response.status_code == 200 and response["Content-Type"] == "application/json", response.text
    return json.loads(content(response))["rows"]


def slugs(client: Client, address: str) -> list[str]:
    return [row["slug"] for row in told(client, address)]


# --- which rows -----------------------------------------------------------------------------------------------------------
def listed(client: Client, address: str) -> list[str]:
    """What the list shows, on all its pages."""
    cl = client.get(address.replace("export/", "")).context["cl"]
    return [row.slug for row in cl.queryset]


@pytest.mark.parametrize("who", ["cara", "minalogic", "both", "network"])
@pytest.mark.parametrize(
    "query",
    ["", "?status=draft", "?q=firme", "?cluster=cara", "?needs=unverified&o=-1", "?kind__exact=company&p=1", "?q=zanz"],
)
def test_the_rows_are_those_of_the_list(net, sign_in, who, query):
    client = sign_in(who)
    assert slugs(client, ORGANISATIONS + query) == listed(client, ORGANISATIONS + query)


@pytest.mark.parametrize("who", ["cara", "network"])
@pytest.mark.parametrize("query", ["", "?state=planned", "?o=2", "?cluster=cara", "?q=men"])
def test_the_projects_are_those_of_the_list(net, sign_in, who, query):
    client = sign_in(who)
    assert slugs(client, PROJECTS + query) == listed(client, PROJECTS + query)


@pytest.mark.parametrize("who", ["cara", "network"])
@pytest.mark.parametrize("query", ["", "?o=-6", "?q=cara"])
def test_the_clusters_are_those_of_the_list(net, sign_in, who, query):
    client = sign_in(who)
    assert slugs(client, CLUSTERS + query) == listed(client, CLUSTERS + query)


def test_companies_alone_have_a_file_too(net, sign_in):
    address = "/admin/members/company/export/"
    assert set(slugs(sign_in("cara"), address)) == set(listed(sign_in("cara"), address))


def test_a_wrong_filter_leads_to_the_list(net, sign_in):
    response = sign_in("cara").get(f"{ORGANISATIONS}?kind__exact=company&nonsense=1")
    assert response.status_code == 302 and response["Location"] == "/admin/members/organisation/?e=1"


def test_what_others_have_not_published_is_in_no_file(net, sign_in):
    """Drafts of others, their contact persons, the names of their clusters."""
    Membership.objects.create(organisation=net.shared, cluster=net.secret_cluster, category=SECRET)
    net.shared.verified_by = net.secret_cluster
    net.shared.save()
    laboratory = net.member("Laboratoire", net.cara, kind="laboratory")
    laboratory.supervisors.set([net.secret, net.stranger])
    Participation.objects.create(project=net.led, organisation=net.secret, cost=Decimal(5))
    Participation.objects.create(project=net.led, organisation=net.own_draft, role="coordinator")
    client = sign_in("cara")
    every = {
        ORGANISATIONS: [*NAMES, *(column.name for column in MEMBERSHIP_COLUMNS), *CONTACTS],
        MEMBERSHIPS: [*NAMES, "cluster", "category", *CONTACTS],
        PROJECTS: [column.name for column in PROJECT_COLUMNS],
        CLUSTERS: [column.name for column in CLUSTER_COLUMNS],
    }
    for address, columns in every.items():
        for file_format in ("csv", "json", "geojson", "csv-fr"):
            text = content(take(client, address, columns, file_format, purpose="essai")).decode()
            assert SECRET not in text, (address, file_format)
            assert "CARA" in text
    (row,) = [row for row in told(client, ORGANISATIONS, ["slug", "supervisors"]) if row["slug"] == laboratory.slug]
    assert row["supervisors"] == [net.stranger.name]
    (row,) = [row for row in told(client, PROJECTS, ["slug", "coordinator", "partners"]) if row["slug"] == net.led.slug]
    assert row["coordinator"] == net.own_draft.name and row["partners"] == []
    assert SECRET in str(told(sign_in("minalogic"), ORGANISATIONS, ["slug", "name"]))


# --- which columns --------------------------------------------------------------------------------------------------------
def test_the_columns_are_those_that_were_ticked_in_the_order_of_the_catalogue(net, sign_in):
    for file_format in FORMATS:
        file = content(take(sign_in("cara"), ORGANISATIONS, ["status", "name", "email"], file_format))
        labels = rows_of(file, file_format)[0]
        assert labels == (
            ["name", "email", "status"]
            if file_format == "geojson"
            else ["Name", "General e-mail", "Publication status"]
        )


def test_ticked_at_first_is_what_anybody_may_have(net, sign_in):
    page = sign_in("cara").get(ORGANISATIONS)
    ticked = {
        box["name"] for group in page.context["groups"] for box in group["boxes"] if box["ticked"]
    }  # fmt: skip
    assert ticked == {column.name for column in ORGANISATION_COLUMNS if column.public}
    assert not [box for group in page.context["contacts"] for box in group["boxes"] if box["ticked"]]


def test_without_a_column_or_with_an_unknown_format_nothing_goes_out(net, sign_in):
    client = sign_in("cara")
    page = take(client, ORGANISATIONS, [])
    assert "Tick at least one column." in page.text
    for file_format, columns in (("zip", ["name"]), ("csv", ["password"]), ("", ["name"])):
        page = take(client, ORGANISATIONS, columns, file_format)
        assert page["Content-Type"].startswith("text/html") and "Please correct" in page.text


def test_staff_read_what_the_public_does_not(net, sign_in):
    net.own.email = "bureau@firme.example"
    net.own.save()
    FurtherNumber.objects.create(organisation=net.own, kind="siren", value="732829320")
    Site.objects.create(
        organisation=net.own, city="Lyon", latitude=Decimal("45.76004"), longitude=Decimal("4.83567"), precision="city"
    )
    rows = told(sign_in("cara"), ORGANISATIONS, ["slug", "email", "further_numbers", "status", "clusters", "latitude"])
    (row,) = [row for row in rows if row["slug"] == net.own.slug]
    assert row == {
        "slug": net.own.slug, "email": "bureau@firme.example", "further_numbers": ["SIREN 732829320"],
        "status": "Published", "clusters": ["CARA"], "latitude": 45.76004,
    }  # fmt: skip


def test_a_membership_is_that_of_ones_own_cluster(net, sign_in):
    Membership.objects.filter(organisation=net.shared, cluster=net.cara).update(
        left_on=date(2023, 1, 1), category="Ancien"
    )
    Membership.objects.create(
        organisation=net.shared, cluster=net.cara, joined_on=date(2024, 5, 6), category="Collège 1"
    )
    columns = ["slug", "category", "joined_on", "left_on"]
    expected = {
        "cara": ("Collège 1", "2024-05-06", None),
        "minalogic": ("", "2020-01-01", None),
        "network": None,  # of no cluster in particular
    }
    for who, (category, joined_on, left_on) in [(who, one) for who, one in expected.items() if one]:
        (row,) = [row for row in told(sign_in(who), ORGANISATIONS, columns) if row["slug"] == net.shared.slug]
        assert (row["category"], row["joined_on"], row["left_on"]) == (category, joined_on, left_on)
    assert take(sign_in("network"), ORGANISATIONS, columns)["Content-Type"].startswith("text/html")
    (row,) = [
        row
        for row in told(sign_in("network"), f"{ORGANISATIONS}?cluster=cara", columns)
        if row["slug"] == net.shared.slug
    ]
    assert row["category"] == "Collège 1"


def test_a_file_of_memberships_has_a_row_for_each(net, sign_in):
    Membership.objects.filter(organisation=net.shared, cluster=net.cara).update(left_on=date(2023, 1, 1))
    Membership.objects.create(
        organisation=net.shared, cluster=net.cara, joined_on=date(2024, 5, 6), category="Collège 1"
    )
    rows = told(
        sign_in("cara"), f"{MEMBERSHIPS}?q=deux", ["slug", "name", "cluster", "joined_on", "left_on", "category"]
    )
    assert rows == [
        {"slug": net.shared.slug, "name": "Firme des deux", "cluster": "CARA", "joined_on": joined, "left_on": left, "category": category}
        for joined, left, category in [("2024-05-06", None, "Collège 1"), ("2021-01-01", "2023-01-01", "")]
    ]  # fmt: skip
    both = told(sign_in("network"), f"{MEMBERSHIPS}?q=deux", ["cluster", "themes", "city"])
    assert sorted(row["cluster"] for row in both) == ["CARA", "CARA", "Minalogic"]


# --- contact persons ------------------------------------------------------------------------------------------------------
@pytest.fixture
def contacts(net):
    ContactPerson.objects.create(
        organisation=net.shared,
        cluster=net.cara,
        name="Bob de CARA",
        email="bob@cara.example",
        phone="+33612345678",
        role="R&D",
    )
    ContactPerson.objects.create(organisation=net.shared, name="Personne du réseau")
    return ContactPerson.objects


@pytest.mark.parametrize("address", [ORGANISATIONS, MEMBERSHIPS])
def test_contact_persons_have_a_row_each_and_are_those_of_ones_own_cluster(net, sign_in, contacts, address):
    rows = told(sign_in("cara"), address, ["slug", *CONTACTS], purpose="Invitation à l’assemblée")
    mine = [row for row in rows if row["slug"] == net.shared.slug]
    assert [row["contact_name"] for row in mine] == ["Ada de CARA", "Bob de CARA"]
    assert mine[1]["contact_email"] == "bob@cara.example" and mine[1]["contact_phone"] == "+33612345678"
    others = [row for row in rows if row["slug"] == net.own.slug]
    assert [row["contact_name"] for row in others] == [""]
    rows = told(sign_in("minalogic"), address, ["slug", *CONTACTS], purpose="Lettre")
    assert [row["contact_name"] for row in rows if row["slug"] == net.shared.slug] == [f"Zoé {SECRET}"]


def test_contact_persons_go_out_for_a_purpose_alone_and_it_is_kept(net, sign_in, contacts):
    client = sign_in("cara")
    for purpose in ("", "   "):
        page = take(client, ORGANISATIONS, ["name", "contact_email"], "csv", purpose=purpose)
        assert page["Content-Type"].startswith("text/html")
        assert "Say what the contact persons are needed for" in page.text
    assert not ContactExport.objects.exists()
    file = content(
        take(
            client,
            f"{ORGANISATIONS}?q=firme&status__exact=published",
            ["name", "contact_email"],
            "csv",
            purpose="Lettre de mai",
        )
    ).decode()
    assert "bob@cara.example" in file
    kept = ContactExport.objects.get()
    assert (kept.user.username, kept.cluster, kept.purpose, kept.format) == ("cara", net.cara, "Lettre de mai", "csv")
    assert kept.rows == 2 and kept.people == 2 and kept.columns == "name, contact_email"
    assert "firme" in kept.filters and "Published" in kept.filters
    assert kept.address == "/admin/members/organisation/?q=firme&status__exact=published"
    assert "bob" not in str(vars(kept))


def test_a_filter_that_only_an_address_has_is_told_too(net, sign_in):
    page = sign_in("cara").get(f"{ORGANISATIONS}?website=&status__exact=published")
    assert page.context["shown"].filters == ["Status – Published", "website = "]


def test_a_file_without_contact_persons_leaves_no_trail(net, sign_in, contacts):
    take(sign_in("cara"), ORGANISATIONS, ["name", "email"], purpose="x")
    assert not ContactExport.objects.exists()


@pytest.mark.parametrize("who", ["network", "boss", "minalogic"])
def test_nobody_takes_the_contact_persons_of_another_cluster(net, sign_in, contacts, who):
    """Not even who edits the whole network: of people, each cluster answers for its own."""
    for address in (f"{ORGANISATIONS}?cluster=cara", f"{MEMBERSHIPS}?cluster=cara", ORGANISATIONS):
        response = take(sign_in(who), address, ["name", "contact_name"], "csv", purpose="curiosité")
        text = content(response).decode()
        assert "Ada de CARA" not in text and "Bob" not in text and "réseau" not in text
    assert not ContactExport.objects.filter(cluster=net.cara).exists()


def test_who_works_for_two_clusters_takes_those_of_the_one_of_the_list(net, sign_in, contacts):
    client = sign_in("both")
    for cluster, name in (("cara", "Ada de CARA"), ("minalogic", f"Zoé {SECRET}")):
        rows = told(client, f"{ORGANISATIONS}?cluster={cluster}", ["slug", "contact_name"], purpose="essai")
        assert name in {row["contact_name"] for row in rows}
        assert len({row["contact_name"] for row in rows} & {"Ada de CARA", f"Zoé {SECRET}"}) == 1


def test_in_a_list_of_memberships_persons_stand_beside_that_of_their_own_cluster(net, sign_in, contacts):
    rows = told(sign_in("both"), MEMBERSHIPS, ["slug", "cluster", "contact_name"], purpose="essai")  # CARA comes first
    shared = [(row["cluster"], row["contact_name"]) for row in rows if row["slug"] == net.shared.slug]
    assert sorted(shared) == [("CARA", "Ada de CARA"), ("CARA", "Bob de CARA"), ("Minalogic", "")]
    kept = ContactExport.objects.get()
    assert (kept.cluster, kept.rows, kept.people) == (net.cara, len({(r["slug"], r["cluster"]) for r in rows}), 2)


def test_a_file_with_contact_persons_says_so(net, sign_in, contacts, settings):
    settings.DATA_LICENCE = "Licence Ouverte 2.0"
    client = sign_in("cara")
    response = take(client, ORGANISATIONS, ["name", "contact_name"], purpose="Lettre de mai")
    about = json.loads(content(response))["about"]
    assert about["purpose"] == "Lettre de mai" and "delete it" in about["personal_data"] and "licence" not in about
    companion = take(client, ORGANISATIONS, ["name", "contact_name"], "csv", purpose="Lettre de mai", about="1")
    assert companion["Content-Type"] == "text/plain; charset=utf-8" and "Lettre de mai" in companion.text
    assert "Ada" not in companion.text
    public = json.loads(content(take(client, ORGANISATIONS, ["name"])))["about"]
    assert public["licence"] == "Licence Ouverte 2.0"


@pytest.mark.parametrize(
    ("who", "reads"),
    [("cara", False), ("manager", True), ("minalogic", False), ("other", False), ("network", False), ("boss", True)],
)
def test_managers_of_the_cluster_and_administrators_read_the_trail(net, sign_in, contacts, who, reads):
    content(take(sign_in("cara"), ORGANISATIONS, ["name", "contact_email"], purpose="Lettre de mai"))
    kept = ContactExport.objects.get()
    client = sign_in(who)
    page = client.get("/admin/members/contactexport/")
    assert ("Lettre de mai" in page.text) is reads
    one = client.get(f"/admin/members/contactexport/{kept.pk}/change/")
    assert (one.status_code == 200) is reads
    assert client.post(f"/admin/members/contactexport/{kept.pk}/delete/", {"post": "yes"}).status_code in (403, 404)
    client.post(f"/admin/members/contactexport/{kept.pk}/change/", {"purpose": "autre"})
    assert ContactExport.objects.get().purpose == "Lettre de mai"


# --- the page and its cost ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["cara", "network", "boss"])
@pytest.mark.parametrize(
    ("address", "words"), [(ORGANISATIONS, "firme"), (MEMBERSHIPS, "firme"), (PROJECTS, "me"), (CLUSTERS, "ca")]
)
def test_the_list_leads_to_its_file_with_its_filters(net, sign_in, who, address, words):
    client = sign_in(who)
    page = client.get(f"{address.replace('export/', '')}?q={words}&p=1")
    assert f'<a href="{address}?q={words}">Export</a>' in page.text
    page = client.get(f"{address}?q={words}")
    assert page.status_code == 200 and f'action="{address}?q={words}"' in page.text


def test_an_empty_list_offers_no_file(net, sign_in):
    assert "/export/" not in sign_in("cara").get("/admin/members/organisation/?q=nullepart").text


def test_who_is_not_signed_in_takes_nothing(net):
    for address in (ORGANISATIONS, MEMBERSHIPS, PROJECTS, CLUSTERS):
        for response in (Client().get(address), take(Client(), address, ["slug"])):
            assert response.status_code == 302 and "login" in response["Location"]


@pytest.mark.parametrize(
    ("address", "columns"),
    [
        (ORGANISATIONS, [*NAMES, "category", *CONTACTS]),
        (MEMBERSHIPS, [*NAMES, "cluster", *CONTACTS]),
        (PROJECTS, [column.name for column in PROJECT_COLUMNS]),
    ],
)
def test_neither_page_nor_file_asks_more_of_many_rows(net, sign_in, address, columns, monkeypatch):
    monkeypatch.setattr("cluster_portal.exchange.tables.SMALLEST", 20)
    client = sign_in("cara")
    client.get(address)  # what is asked once in a process
    numbers = []
    for number in (3, 120):
        for n in range(number):
            made = net.member(f"Firme {number} {n}", net.cara)
            ContactPerson.objects.create(organisation=made, cluster=net.cara, name="Personne")
            Participation.objects.create(project=net.project(f"P {number} {n}", lead=net.cara), organisation=made)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        page = len(queries)
        with CaptureQueriesContext(connection) as queries:
            content(take(client, address, columns, "csv", purpose="essai"))
        numbers.append((page, len([query for query in queries if "SAVEPOINT" not in query["sql"]])))
    assert numbers[0][0] + 1 >= numbers[1][0] <= 15  # of several pages of the list the keys are asked for first
    assert numbers[1][1] - numbers[0][1] <= 5  # pieces
    assert numbers[1][1] <= 20
