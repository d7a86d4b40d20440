"""The staff's pages in a browser: readable by everybody, in the portal's colours, without anything the policy refuses."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from playwright.sync_api import Page, expect

from cluster_portal.history.change_sets import Kind, change_set
from members.models import Cluster, Organisation
from projects.models import Project
from tests import some_tasks
from tests.services import service
from tests.test_register import RESULT
from tests.work import do_what_waits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network_connection")]


@pytest.fixture(scope="module")
def session(network_connection) -> Iterator[str]:
    """An administrator's session, committed before the tests begin their transactions."""
    user = get_user_model().objects.create_superuser("browser")
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    yield store.session_key
    store.delete()
    user.delete()


@pytest.fixture(scope="module")
def changed(network_connection) -> Iterator[Organisation]:
    """A draft that was changed, committed like the session."""
    one = Organisation.objects.create(name="Société de l’essai", slug="societe-de-l-essai", kind="company")
    with change_set(Kind.FORM):
        Organisation.objects.filter(pk=one.pk).update(acronym="ZZZ", founding_year=1999)
    yield one
    one.delete()


@pytest.fixture(scope="module")
def tasks(network_connection) -> Iterator[None]:
    """One that waits, one under way and two that failed, committed like the session."""
    some_tasks.stumble.enqueue()
    some_tasks.refuse.enqueue()
    do_what_waits()
    some_tasks.stumble.enqueue()
    DBTaskResult.objects.get(pk=some_tasks.take_long.enqueue("file").id).claim("portal-1:4711:k2Jd93aB")
    yield
    DBTaskResult.objects.all().delete()


@pytest.fixture
def editor(page: Page, session, base_url) -> Page:
    """A browser in which an administrator has signed in."""
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base_url}])
    return page


def pages() -> dict[str, str]:
    company = Organisation.objects.published().filter(sites__isnull=False, memberships__isnull=False).order_by("pk")[0]
    work = Project.objects.filter(participations__isnull=False, fundings__isnull=False).order_by("pk")[0]
    known = Cluster.objects.filter(label_periods__isnull=False).order_by("pk")[0]
    return {
        "first page": reverse("admin:index"),
        "list": reverse("admin:members_organisation_changelist"),
        "organisation": reverse("admin:members_organisation_change", args=[company.pk]),
        "new company": reverse("admin:members_company_add"),
        "cluster": reverse("admin:members_cluster_change", args=[known.pk]),
        "project": reverse("admin:projects_project_change", args=[work.pk]),
        "deletion": reverse("admin:members_cluster_delete", args=[known.pk]),
        "history": reverse("admin:members_organisation_history", args=[company.pk]),
        "changes": reverse("admin:changes"),
        "background work": reverse("admin:work"),
    }


# the boxes that reach out of their row, which hides what does
CUT_OFF = """[...document.querySelectorAll('.form-row :is(input, select, textarea)')].filter(box =>
    box.offsetWidth && box.getBoundingClientRect().right > box.closest('.form-row').getBoundingClientRect().right + 0.5
).map(box => box.id)"""


@pytest.mark.parametrize("width", [360, 820, 1440])
def test_the_pages_of_staff_are_accessible(editor: Page, violations, tasks, width):
    editor.set_viewport_size({"width": width, "height": 900})
    for name, address in pages().items():
        editor.goto(address)
        expect(editor.get_by_role("heading", level=1)).to_be_visible()
        boxes = editor.locator("select.admin-autocomplete + .select2-container .select2-selection")
        if boxes.count():
            expect(boxes.first).to_have_attribute("aria-label", re.compile("."))  # its script has run
        found = violations(editor) if width != 820 else []  # between the two, only what fits may differ
        assert found == [], f"{name}: {found}"
        assert editor.evaluate("document.documentElement.scrollWidth") <= width, f"{name}: no sideways scroll"
        assert editor.evaluate(CUT_OFF) == [], f"{name}: each box is seen to its end"


@pytest.mark.parametrize("width", [360, 1440])
def test_the_page_that_asks_before_an_action_is_accessible(editor: Page, violations, width):
    editor.set_viewport_size({"width": width, "height": 900})
    editor.goto(f"{reverse('admin:members_organisation_changelist')}?status__exact=published")
    for row in range(12):
        editor.locator("input.action-select").nth(row).check()
    editor.locator("select[name=action]").select_option("archive")
    editor.locator("button[name=index]").click()
    expect(editor.locator("#reason")).to_be_visible()
    editor.evaluate("document.querySelector('#reason').required = false")
    editor.locator("input[type=submit]").click()
    expect(editor.locator("#no-reason")).to_be_visible()
    assert violations(editor) == []
    assert editor.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [360, 1440])
def test_what_the_register_says_is_readable_and_chosen_without_a_script(editor: Page, violations, settings, width):
    rows = list(Organisation.objects.filter(kind="company").exclude(siren="").order_by("pk")[:3])
    editor.set_viewport_size({"width": width, "height": 900})
    with service() as register:
        settings.COMPANY_SEARCH_URL = register.url
        register.answer = lambda asked: {"results": [RESULT | {"siren": asked.values["q"][0]}]}
        for address in (
            reverse("admin:members_organisation_register", args=[rows[0].pk]),
            f"{reverse('admin:members_organisation_registers')}?ids={','.join(str(row.pk) for row in rows)}",
        ):
            editor.goto(address)
            expect(editor.get_by_role("checkbox", name="27.12Z").first).not_to_be_checked()
            assert violations(editor) == []
            assert editor.evaluate("document.documentElement.scrollWidth") <= width


def test_a_box_finds_without_accents_what_is_typed(editor: Page):
    editor.goto(reverse("admin:members_membership_add"))
    known = Organisation.objects.order_by("pk")[0]
    editor.get_by_role("combobox").first.click()
    editor.get_by_role("searchbox").last.fill(known.name.lower().replace("é", "e"))
    editor.get_by_role("option", name=known.name).first.click()
    expect(editor.locator(f"#id_organisation option[value='{known.pk}']")).to_be_attached()


def test_an_address_is_proposed_while_a_name_is_typed_and_left_once_it_is_ones_own(editor: Page):
    editor.goto(reverse("admin:members_company_add"))
    name, slug = editor.locator("#id_name"), editor.locator("#id_slug")
    name.press_sequentially("L’Œuvre au noir")
    expect(slug).to_have_value("l-oeuvre-au-noir")
    slug.fill("oeuvre")
    name.press_sequentially(" et plus")
    editor.wait_for_timeout(600)  # a proposal would be here by then
    expect(slug).to_have_value("oeuvre")


def test_the_language_is_switched_from_any_page(editor: Page):
    editor.goto(reverse("admin:members_organisation_changelist") + "?q=a")
    expect(editor.locator("html")).to_have_attribute("lang", "fr")
    editor.get_by_role("button", name="EN, English version").click()
    expect(editor.locator("html")).to_have_attribute("lang", "en")
    assert editor.url.endswith("?q=a")


def test_a_change_is_taken_back_in_three_clicks(editor: Page, violations, changed):
    one = changed
    for width in (360, 1440):
        editor.set_viewport_size({"width": width, "height": 900})
        editor.goto(reverse("admin:members_organisation_history", args=[one.pk]))
        assert violations(editor) == []
        editor.get_by_role("link", name=re.compile("^Put this value back|^Remettre cette valeur")).first.click()
        expect(editor.get_by_role("heading", level=1)).to_be_visible()
        assert violations(editor) == []
        assert editor.evaluate("document.documentElement.scrollWidth") <= width, "no sideways scroll"
    editor.goto(reverse("admin:members_organisation_history", args=[one.pk]))
    editor.get_by_role("link", name=re.compile("^Undo this change|^Annuler cette modification")).first.click()
    expect(editor.get_by_text("ZZZ")).to_be_visible()
    editor.get_by_role("button", name=re.compile("^Undo|^Annuler la modification")).click()
    expect(editor.locator(".messagelist")).to_contain_text(re.compile("Taken back|Annulation faite"))
    assert Organisation.objects.get(pk=one.pk).acronym == ""
