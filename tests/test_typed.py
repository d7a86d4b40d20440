"""What was typed in a form survives the end of a session."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import get_resolver, reverse

from members.models import Company, Organisation, Theme
from tests.admin_rows import form_of, organisation
from tests.test_admin_directory import errors
from tests.test_admin_scope import addresses

pytestmark = pytest.mark.django_db
PASSWORD = "un mot de passe juste"


def person(name: str):
    return get_user_model().objects.create_superuser(name, f"{name}@portal.example", PASSWORD)


def sign_in(client: Client, name: str, to: str = ""):
    return client.post(reverse("admin:login"), {"login": name, "password": PASSWORD, "next": to})


@pytest.fixture
def anna():
    person("anna")
    client = Client(headers={"accept-language": "en"})
    assert sign_in(client, "anna").status_code == 302
    return client


def address(one) -> str:
    return reverse("admin:members_company_change", args=[one.pk])


def sent_too_late(client, where, form):
    Session.objects.all().delete()
    answer = client.post(where, form)
    assert answer.status_code == 302 and answer.url.startswith(reverse("admin:login"))
    return answer


def test_she_finds_what_she_typed_and_saves_it(anna):
    one, theme = organisation("Avant"), Theme.objects.create(name_fr="Énergie", slug="energie")
    form = form_of(anna.get(address(one))) | {"acronym": "AP <i>", "themes": [str(theme.pk)]}
    to = sent_too_late(anna, address(one), form)
    door = anna.get(to.url)
    assert "Your session had ended. What you typed is kept: sign in, and go on from there." in door.text
    assert sign_in(anna, "anna", address(one)).url == address(one)
    page = anna.get(address(one))
    assert page.status_code == 200 and "Your session had ended, and this was not saved." in page.text
    again = form_of(page)
    assert (again["acronym"], again["themes"]) == ("AP <i>", [str(theme.pk)])
    one.refresh_from_db()
    assert one.acronym == "", "nothing is saved by looking"
    assert "AP &lt;i&gt;" in anna.get(address(one)).text, "nor lost by looking twice"
    assert anna.post(address(one), again).status_code == 302
    one.refresh_from_db()
    assert one.acronym == "AP <i>" and list(one.themes.all()) == [theme]
    assert "Your session had ended" not in anna.get(address(one)).text


def test_a_new_record_is_not_lost_either(anna):
    where = reverse("admin:members_company_add")
    form = form_of(anna.get(where)) | {"name": "Nouvelle", "slug": "nouvelle"}
    sent_too_late(anna, where, form)
    sign_in(anna, "anna", where)
    page = anna.get(where)
    assert form_of(page)["name"] == "Nouvelle" and not Company.objects.exists()
    assert anna.post(where, form_of(page)).status_code == 302
    assert Company.objects.get().name == "Nouvelle"


def test_what_others_saved_meanwhile_is_asked_about(anna):
    one = organisation("Avant")
    form = form_of(anna.get(address(one))) | {"name": "D’Anna"}
    Organisation.objects.filter(pk=one.pk).update(name="D’une autre")
    sent_too_late(anna, address(one), form)
    sign_in(anna, "anna")
    page = anna.get(address(one))
    assert "D’une autre" in errors(page) and form_of(page)["name"] == "D’Anna"


def test_whoever_wants_it_no_more_sees_what_stands_there(anna):
    one = organisation("Avant")
    form = form_of(anna.get(address(one))) | {"name": "Après"}
    where = address(one) + "?_changelist_filters=q%3Da"
    sent_too_late(anna, where, form)
    sign_in(anna, "anna")
    page = anna.get(where)
    assert 'href="?' not in page.text.partition("and this was not saved")[2][:200]
    answer = anna.get(where + "&leave_typed=1")
    assert answer.url == where
    page = anna.get(where)
    assert form_of(page)["name"] == "Avant" and "Your session had ended" not in page.text


def test_nobody_else_at_the_same_browser_is_shown_it(anna):
    person("berthe")
    one = organisation("Avant")
    sent_too_late(anna, address(one), form_of(anna.get(address(one))) | {"name": "D’Anna"})
    sign_in(anna, "berthe")
    assert "D’Anna" not in anna.get(address(one)).text


def test_of_a_browser_in_which_nobody_signed_in_nothing_is_kept():
    one = organisation("Avant")
    stranger = Client()
    stranger.post(address(one), {"name": "x" * 1000})
    assert not Session.objects.exists()


def test_what_is_too_long_or_no_form_is_not_kept(anna):
    one = organisation("Avant")
    form = form_of(anna.get(address(one)))
    sent_too_late(anna, address(one), form | {"description_fr": "x" * 1_000_000})
    assert not Session.objects.exists()
    sent_too_late(anna, reverse("admin:members_company_changelist"), {"action": "publish"})
    assert not Session.objects.exists()


def test_of_no_form_but_those_that_show_it_unsaved_and_of_none_with_passwords_is_anything_kept(anna):
    """By every address of the staff's pages that takes something: looking at what was kept would save it otherwise."""
    other = get_user_model().objects.create_user("zoe", password=PASSWORD)
    one = organisation("Avant")
    kept = set()
    for route, name in addresses(get_resolver().url_patterns):
        if not route.startswith("admin/") or "(?P" in route or "login" in route:
            continue
        where = "/" + re.sub("<[^>]*>", str(one.pk if "person" not in route else other.pk), route)
        Session.objects.all().delete()
        anna.post(where, {"name": "x", "password1": "changé-par-surprise", "password2": "changé-par-surprise"})
        if any("boxes" in (session.get_decoded().get("typed") or {}) for session in Session.objects.all()):
            kept.add(name)
    models = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    assert kept == {f"{name}_{page}" for name in models - {"members_person"} for page in ("add", "change")}
    other.refresh_from_db()
    assert other.check_password(PASSWORD)


def test_a_password_that_was_sent_too_late_is_set_by_nobody(anna):
    other = get_user_model().objects.create_user("zoe", password=PASSWORD)
    where = reverse("admin:auth_user_password_change", args=[other.pk])
    sent_too_late(anna, where, {"password1": "changé-par-surprise", "password2": "changé-par-surprise"})
    assert not Session.objects.exists()
    sign_in(anna, "anna", where)
    assert anna.get(where).status_code == 200
    other.refresh_from_db()
    assert other.check_password(PASSWORD)
