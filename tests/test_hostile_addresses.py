"""Addresses that nobody types: whatever they hold, they get an answer that is no fault of ours."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.admin_rows import a_network

ODD = [
    "\0",
    "x\0",
    "",
    "é",
    "١",
    "9" * 40,
    "-1",
    "1,x,\0",
    "9999-99-99",
    "0000-01-01",
    "(",
    "[",
    "{",
    "\\",
    "%",
    "\ud7ff",
    "a" * 3000,
]
LOOKUPS = [
    "",
    "__exact",
    "__in",
    "__gte",
    "__isnull",
    "__regex",
    "__iregex",
    "__icontains",
    "__range",
    "__year",
    "__date",
]


def parameters(model_admin, request) -> list[str]:
    """What a list can be narrowed by: its own filters, every column, and what the admin adds to an address."""
    own = [
        getattr(one, "parameter_name", None) or one
        for one in model_admin.get_list_filter(request)
        if not isinstance(one, tuple)
    ]
    columns = [f"{field.attname}{lookup}" for field in model_admin.opts.concrete_fields for lookup in LOOKUPS]
    return [*map(str, own), *columns, "q", "o", "p", "e", "all", "_to_field", "_facets", "_popup", "unknown"]


@pytest.fixture
def staff(db, admin_client):
    a_network(2)
    return admin_client


def status_of(client: Client, address: str) -> int:
    """In a transaction of its own: what the database refuses spoils the one it is asked in."""
    with transaction.atomic():
        response = client.get(address)
        transaction.set_rollback(True)
    return response.status_code


def test_no_filter_of_any_list_of_staff_fails(staff, rf):
    staff.raise_request_exception = False
    request = rf.get("/admin/")
    request.user = get_user_model().objects.get(username="admin")
    names = {model: parameters(one, request) for model, one in admin.site._registry.items()}

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def every_filter(data):
        model = data.draw(st.sampled_from(list(names)))
        name = data.draw(st.sampled_from(names[model]))
        value = data.draw(st.sampled_from(ODD))
        path = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        address = f"{path}?{quote(name)}={quote(value)}"
        assert status_of(staff, address) in (200, 302, 400), address

    every_filter()


@pytest.mark.parametrize("value", ODD)
def test_the_filters_that_failed_once_do_not(staff, value):
    staff.raise_request_exception = False
    for name in ("status__exact", "name__regex", "id__in", "q", "needs", "region"):
        address = f"/admin/members/organisation/?{name}={quote(value)}"
        assert status_of(staff, address) in (200, 302, 400), address
    for address in (
        f"/admin/members/organisation/{quote(value, safe='')}/change/",
        f"/admin/autocomplete/?term={quote(value)}",
    ):
        assert status_of(staff, address) in (200, 302, 400, 403, 404), address


@pytest.mark.parametrize(
    "wrong", ["https://elsewhere.example/", "//elsewhere.example/", "/nothing/", "/admin/nothing/", "x", "\0"]
)
def test_after_a_wrong_next_staff_are_at_home(db, wrong):
    get_user_model().objects.create_superuser("anna", password="a-password")
    signed_in = Client().post(
        f"/admin/login/?next={quote(wrong)}",
        {"login": "anna", "password": "a-password", "next": wrong.replace("\0", "")},
    )
    assert signed_in.status_code == 302 and signed_in["Location"] == "/admin/"


@pytest.mark.parametrize("right", ["/admin/members/organisation/?q=a", "/fr/membres/", "/en/members/"])
def test_a_right_next_is_where_staff_are_led(db, right):
    get_user_model().objects.create_superuser("anna", password="a-password")
    form = {"login": "anna", "password": "a-password", "next": right}
    assert Client().post(f"/admin/login/?next={quote(right)}", form)["Location"] == right


def test_the_sign_in_page_says_where_one_is_and_leads_back(client, db):
    page = client.get("/admin/login/", headers={"Accept-Language": "en"}).content.decode()
    assert page.count("<h1") == 1 and "Sign in" in page
    assert 'href="/en/"' in page and "Back to the public site" in page
    assert "Forgotten your password?" in page


def test_staff_stay_signed_in_while_they_work_and_half_a_day_after(db, time_machine, settings):
    assert settings.SESSION_COOKIE_AGE == 12 * 3600
    get_user_model().objects.create_superuser("anna", password="a-password")
    client, now = Client(), timezone.now()
    time_machine.move_to(now)
    client.post("/admin/login/", {"login": "anna", "password": "a-password"})
    for _ in range(3):
        now += timedelta(hours=11)
        time_machine.move_to(now)
        assert client.get("/admin/").status_code == 200
    time_machine.move_to(now + timedelta(hours=12, minutes=1))
    assert client.get("/admin/").status_code == 302


def test_security_txt_names_a_contact_where_there_is_one(client, settings):
    address = "/.well-known/security.txt"
    assert client.get(address).status_code == 404
    settings.SECURITY_CONTACT, settings.SITE_URL = "mailto:security@portal.example", "https://portal.example"
    response = client.get(address)
    assert response["Content-Type"].startswith("text/plain")
    lines = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert lines["Contact"] == "mailto:security@portal.example"
    assert lines["Canonical"] == "https://portal.example" + address
    left = timezone.datetime.fromisoformat(lines["Expires"]) - timezone.now()
    assert timedelta(days=170) < left < timedelta(days=365)


@pytest.mark.parametrize(
    "icon", ["favicon.ico", "favicon.svg", "apple-touch-icon.png", "apple-touch-icon-precomposed.png"]
)
def test_icons_are_where_browsers_look_for_them(client, db, icon):
    response = client.get(f"/{icon}", follow=True)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("image/")
    assert len(response.getvalue()) > 100
