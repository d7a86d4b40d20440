"""Addresses of a file are looked up where the operator says so; where nobody answers, the check goes on without."""

import time

import pytest
from django.contrib.auth import get_user_model

from members.imports import geocoding
from members.models import ImportRow, Site
from tests.admin_rows import places
from tests.imports import checked, csv, imported, line
from tests.services import service, table
from tests.test_admin_scope import net, sign_in  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db
HEADERS = ("Nom", "Adresse", "Code postal", "Ville")
VOLTA = ("Volta", "3 rue Ampère", "38000", "Grenoble")
HERE = {"latitude": "45.19123", "longitude": "5.71456", "result_score": "0.93", "result_type": "housenumber"}


@pytest.fixture
def geocoder(settings):
    with service() as one:
        settings.GEOCODER_URL = one.url
        one.answer = lambda asked: table([row | HERE for row in asked.table])
        yield one


@pytest.fixture
def cara(net, sign_in):  # noqa: F811
    places()
    sign_in("cara")
    return get_user_model().objects.get(username="cara")


def where(site: Site) -> tuple[str, str, str]:
    return str(site.latitude), str(site.longitude), site.precision


def site_of(name: str) -> Site:
    return Site.objects.get(organisation__name=name)


def test_an_address_becomes_a_place_on_the_map(net, cara, geocoder):  # noqa: F811
    batch = checked(net.cara, cara, csv(HEADERS, VOLTA))
    (asked,) = geocoder.seen
    assert asked.path == "/search/csv/"
    assert asked.table == [{"line": "0", "address": "3 rue Ampère", "postcode": "38000", "city": "Grenoble"}], (
        "no name is sent"
    )
    assert batch.counts["located"] == {"asked": 1, "found": 1, "unanswered": 0, "why": ""}
    imported(batch)
    assert len(geocoder.seen) == 1, "an import does not ask again"
    assert where(site_of("Volta")) == ("45.19123", "5.71456", "address")


def test_the_same_file_again_changes_nothing_and_a_place_that_staff_put_right_stays(net, cara, geocoder):  # noqa: F811
    imported(checked(net.cara, cara, csv(HEADERS, VOLTA)))
    assert imported(checked(net.cara, cara, csv(HEADERS, VOLTA))).counts["unchanged"] == 1
    Site.objects.filter(organisation__name="Volta").update(latitude="45.20000")
    row = ("Volta", "3 rue Ampère", "38000", "Grenoble", Site.objects.get(organisation__name="Volta").organisation.slug)
    again = imported(checked(net.cara, cara, csv((*HEADERS, "Page address"), row)))
    assert again.counts["unchanged"] == 1 and where(site_of("Volta"))[0] == "45.20000"


@pytest.mark.parametrize(
    ("stands", "column"),
    [
        ({"latitude": None, "longitude": None, "precision": ""}, "Grenoble"),
        ({"precision": "city", "latitude": "45.18", "longitude": "5.72"}, "Grenoble"),
        ({"precision": "address", "latitude": "45.18", "longitude": "5.72", "address": "1 place de l’Étoile"}, "Grenoble"),
    ],
)  # fmt: skip
def test_what_is_known_worse_or_of_another_address_gives_way(net, cara, geocoder, stands, column):  # noqa: F811
    values = {"organisation": net.own, "city": "Grenoble", "postcode": "38000", "address": "3 rue Ampère"} | stands
    site = Site.objects.create(department=places(), **values)
    imported(
        checked(net.cara, cara, csv((*HEADERS, "Page address"), (net.own.name, *VOLTA[1:3], column, net.own.slug)))
    )
    site.refresh_from_db()
    assert where(site) == ("45.19123", "5.71456", "address") and site.address == "3 rue Ampère"


def test_coordinates_of_the_file_are_not_looked_up(net, cara, geocoder):  # noqa: F811
    imported(checked(net.cara, cara, csv((*HEADERS, "latitude, longitude"), (*VOLTA, "45.1, 5.7"))))
    assert geocoder.seen == [] and where(site_of("Volta")) == ("45.10000", "5.70000", "address")


@pytest.mark.parametrize(
    "answer",
    [
        {"result_score": "0.59"},
        {"result_score": ""},
        {"result_score": "nan"},
        {"result_type": "locality"},
        {"result_type": ""},
        {"latitude": "5.71456", "longitude": "45.19123"},  # swapped
        {"latitude": "48.85", "longitude": "2.35"},  # Paris
        {"latitude": "nan"},
        {"latitude": ""},
        {"latitude": "1e400"},
        {"line": "77"},
    ],
)
def test_what_is_not_sure_is_not_believed(net, cara, geocoder, answer):  # noqa: F811
    geocoder.answer = lambda asked: table([row | HERE | answer for row in asked.table])
    batch = checked(net.cara, cara, csv(HEADERS, VOLTA))
    assert batch.counts["located"] == {"asked": 1, "found": 0, "unanswered": 0, "why": ""}
    imported(batch)
    assert site_of("Volta").precision == "city", "the centre of its town"


def test_a_town_gives_its_own_place_and_never_that_of_a_street(net, cara, geocoder):  # noqa: F811
    found = {"Grenoble": "municipality", "Vienne": "street"}
    geocoder.answer = lambda asked: table(
        [row | HERE | {"result_type": found[row["city"]]} for row in asked.table]
    )  # fmt: skip
    rows = [("Un", "", "38000", "Grenoble"), ("Deux", "", "38200", "Vienne")]
    batch = checked(net.cara, cara, csv(HEADERS, *rows))
    assert line(batch, 2).values["located"]["precision"] == "city"
    assert line(batch, 3).values["located"] == {}


def test_nobody_is_asked_of_what_needs_no_answer(net, cara, geocoder):  # noqa: F811
    rows = [
        ("Sans ville", "", "38000", "", "France"),
        ("Ailleurs", "1 Hauptstraße", "10115", "Berlin", "Allemagne"),
        ("Nulle part", "3 rue Ampère", "", "", "France"),
        ("", "5 rue sans nom", "38000", "Grenoble", "France"),  # refused
        ("Une", *VOLTA[1:], "France"),
        ("Autre", *VOLTA[1:], "France"),  # the same question
    ]
    batch = checked(net.cara, cara, csv((*HEADERS, "Pays"), *rows))
    assert [row["address"] for asked in geocoder.seen for row in asked.table] == ["3 rue Ampère"]
    assert batch.counts["located"] == {"asked": 2, "found": 2, "unanswered": 0, "why": ""}


def test_switched_off_nobody_is_asked(net, cara, geocoder, settings):  # noqa: F811
    settings.GEOCODER_URL = ""
    batch = checked(net.cara, cara, csv(HEADERS, VOLTA))
    assert geocoder.seen == [] and batch.counts["located"] == {}
    assert "located" not in line(batch, 2).values


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (500, "The service answered with an error."),
        (b"line\n\xff", "The answer of the service was not understood."),
        (b"x" * 9_000_000, "The answer of the service is too long."),
        (lambda asked: time.sleep(1) or b"", "The service took too long to answer."),
    ],
)
def test_without_an_answer_the_check_goes_on_and_says_so(net, cara, sign_in, geocoder, monkeypatch, answer, why):  # noqa: F811
    monkeypatch.setattr(geocoding, "SECONDS_OF_A_BATCH", 0.5 if callable(answer) else 10)
    geocoder.answer = answer
    batch = checked(net.cara, cara, csv(HEADERS, VOLTA, ("Ohm", "5 rue Ampère", "38000", "Grenoble")))
    page = sign_in("cara").get(f"/admin/members/importbatch/{batch.pk}/check/")
    assert page.status_code == 200
    assert f"{why} 2 addresses were not looked up" in " ".join(page.text.split())
    imported(batch)
    assert site_of("Volta").precision == site_of("Ohm").precision == "city"


def test_many_are_asked_in_batches_and_who_failed_once_is_left_alone(net, cara, geocoder, monkeypatch):  # noqa: F811
    monkeypatch.setattr(geocoding, "AT_ONCE", 2)
    geocoder.answer = lambda asked: table([row | HERE for row in asked.table]) if len(geocoder.seen) == 1 else 500
    rows = [(f"Firme {number}", f"{number} rue Ampère", "38000", "Grenoble") for number in range(7)]
    batch = checked(net.cara, cara, csv(HEADERS, *rows))
    assert [len(asked.table) for asked in geocoder.seen] == [2, 2]
    assert batch.counts["located"] == {"asked": 7, "found": 2, "unanswered": 5, "why": "error"}
    assert ImportRow.objects.filter(batch=batch, values__located__precision="address").count() == 2


def test_the_whole_file_has_a_minute(net, cara, geocoder, monkeypatch):  # noqa: F811
    monkeypatch.setattr(geocoding, "AT_ONCE", 1)
    monkeypatch.setattr(geocoding, "SECONDS_OF_A_FILE", 0.6)
    geocoder.answer = lambda asked: time.sleep(0.4) or table([row | HERE for row in asked.table])
    rows = [(f"Firme {number}", f"{number} rue Ampère", "38000", "Grenoble") for number in range(9)]
    batch = checked(net.cara, cara, csv(HEADERS, *rows))
    assert len(geocoder.seen) <= 2 and batch.counts["located"]["why"] == "slow"
    assert batch.counts["located"]["unanswered"] >= 8


def test_what_was_found_is_told_on_the_page(net, cara, sign_in, geocoder):  # noqa: F811
    batch = checked(net.cara, cara, csv(HEADERS, VOLTA))
    page = sign_in("cara").get(f"/admin/members/importbatch/{batch.pk}/check/").text
    assert "Of 1 address, 1 was found by the address service." in " ".join(page.split())
