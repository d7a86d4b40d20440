"""The work on members in a browser: found and added, on a phone too, with what looks like it shown while it is typed."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from playwright.sync_api import Page, expect

from members.models import Cluster, Department, Membership, Organisation
from tests.browser.test_staff_pages import CUT_OFF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network_connection")]


@pytest.fixture(scope="module")
def signed_in(network_connection) -> Iterator[str]:
    """An administrator's session, committed before the tests begin their transactions."""
    user = get_user_model().objects.create_superuser("members-browser")
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    yield store.session_key
    store.delete()
    user.delete()


@pytest.fixture
def editor(page: Page, signed_in, base_url) -> Page:
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": signed_in, "url": base_url}])
    return page


def address(page: str, **asked) -> str:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"{reverse(f'admin:members_membership_{page}')}?{query}"


def pages() -> Iterator[tuple[str, str]]:
    known = Organisation.objects.published().filter(memberships__left_on=None, memberships__isnull=False)[0]
    row, cluster = known.memberships.filter(left_on=None)[0], Cluster.objects.published()[0]
    yield "find", address("find", q=known.name.split()[0])
    yield "find for a cluster", address("find", q=known.name.split()[0], cluster=cluster.pk)
    yield "nothing found", address("find", q="zzyx")
    yield "new", address("new", cluster=cluster.pk, name="Volca")
    yield "of which cluster", address("new", name="Volca")
    yield "end", address("end", of=row.pk)
    yield "take up", address("take_up", of=row.pk)
    yield "empty list", reverse("admin:members_organisation_changelist") + "?q=zzyx&status__exact=draft"


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_the_pages_are_accessible_and_fit(editor: Page, violations, width):
    editor.set_viewport_size({"width": width, "height": 900})
    for name, where in pages():
        editor.goto(where)
        expect(editor.get_by_role("heading", level=1)).to_be_visible()
        found = violations(editor) if width != 820 else []  # between the two, only what fits may differ
        assert found == [], f"{name}: {found}"
        assert editor.evaluate("document.documentElement.scrollWidth") <= width, f"{name}: no sideways scroll"
        assert editor.evaluate(CUT_OFF) == [], f"{name}: each box is seen to its end"


def test_what_looks_like_it_is_shown_while_the_name_is_typed(editor: Page):
    known, cluster = Organisation.objects.published().order_by("pk")[0], Cluster.objects.published()[0]
    editor.goto(address("new", cluster=cluster.pk))
    editor.locator("#id_name").press_sequentially(known.name)
    expect(editor.locator("#alike")).to_contain_text(known.name)
    editor.locator("#id_name").fill("Zzyx Wvut")
    expect(editor.locator("#alike")).to_have_text(re.compile(r"^\s*$"))


def test_the_department_follows_the_postcode_until_somebody_chooses_one(editor: Page):
    editor.goto(address("new", cluster=Cluster.objects.published()[0].pk))
    postcode, department = editor.locator("#id_site-postcode"), editor.locator("#id_site-department")
    rhone, ain = (str(Department.objects.get(insee_code=code).pk) for code in ("69", "01"))
    postcode.press_sequentially("69 200")
    expect(department).to_have_value(rhone)
    postcode.fill("01000")
    expect(department).to_have_value(ain)
    department.select_option(rhone)
    postcode.fill("01000 ")
    expect(department).to_have_value(rhone)
    for code, insee in (("20137", "2A"), ("20200", "2B"), ("97400", "974"), ("97150", "978")):
        department.select_option("")
        editor.reload()
        postcode.fill(code)
        expect(department).to_have_value(str(Department.objects.get(insee_code=insee).pk))


def test_enter_in_the_box_of_departments_takes_the_one_that_was_typed(editor: Page):
    """“rhone” is Rhône, and not the first of Auvergne-Rhône-Alpes, which is Ain."""
    editor.goto(reverse("admin:members_company_add"))
    editor.locator("#sites-group .add-row a, #sites-group .addlink").first.click()
    editor.locator("[id^='id_sites-0-department'] + .select2 .select2-selection").click()
    editor.get_by_role("searchbox").last.fill("rhone")
    expect(editor.locator(".select2-results__option--highlighted")).to_contain_text("Rhône (69)")
    editor.keyboard.press("Enter")
    rhone = Department.objects.get(insee_code="69")
    expect(editor.locator("#id_sites-0-department")).to_have_value(str(rhone.pk))


def test_the_memberships_stand_under_the_name(editor: Page):
    row = Membership.objects.filter(left_on=None).order_by("pk")[0]
    editor.goto(reverse("admin:members_organisation_change", args=[row.organisation_id]))
    top = {name: editor.locator(place).bounding_box()["y"] for name, place in {
        "name": "#id_name", "memberships": "#memberships-group", "contacts": "#contacts-group",
        "description": "#id_description_fr", "sites": "#sites-group"}.items()}  # fmt: skip
    assert sorted(top, key=top.__getitem__) == ["name", "memberships", "contacts", "description", "sites"]
    editor.locator("#memberships-group .add-row a, #memberships-group .addlink").first.click()
    expect(editor.locator("#memberships-group tr.dynamic-memberships").last.locator("input").first).to_be_attached()
