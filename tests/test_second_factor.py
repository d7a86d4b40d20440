"""Of whom a second factor is demanded, what she reaches without one, and how she comes by it and loses it."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from cluster_portal.models import SecurityEvent
from cluster_portal.sign_in.second_factor import GIVEN_BY
from tests.admin_rows import cluster
from tests.staff import PASSWORD, browser, code_of, person, sign_in

pytestmark = pytest.mark.django_db
HOME = "/admin/"
ACCOUNT = "/admin/account/"
SET_UP = "/admin/account/app/"
AT_THE_DOOR = "/admin/login/second-factor/"


@pytest.fixture(autouse=True)
def demanded(settings, monkeypatch):
    settings.SECOND_FACTOR = True
    # a test's own transaction is never committed: what waits for that is done at once
    monkeypatch.setattr("django.db.transaction.on_commit", lambda do, **more: do())


def secret_on(page) -> str:
    return re.search(r'class="secret">(\w+)<', page.text)[1]


def set_up(client: Client) -> str:
    secret = secret_on(client.get(SET_UP))
    answer = client.post(SET_UP, {"code": code_of(secret)})
    assert answer.status_code == 302, answer.text
    return secret


def in_half_a_minute(secret: str) -> str:
    """A code that was not used yet."""
    return code_of(secret, time.time() + 30)


def is_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


def admin_addresses() -> list[str]:
    """Every address of the admin, whatever is asked for put as 1."""
    found: list[str] = []

    def walk(patterns, path):
        for pattern in patterns:
            here = path + re.sub(r"<[^>]*>", "1", str(pattern.pattern))
            here = re.sub(r"\(\?P<url>.*", "anything/", here).removesuffix("$")
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, here)
            else:
                assert isinstance(pattern, URLPattern)
                found.append(here)

    walk(admin.site.urls[0], HOME)
    return found


OPEN = {
    "/admin/language/": "chooses the language",
    "/admin/login/": "the way in",
    "/admin/logout/": "the way out",
    "/admin/password_change/": "of one's own account",
}


@pytest.mark.parametrize("role", ["network_editor", "administrator"])
def test_without_a_second_factor_nothing_of_the_admin_is_reached(role):
    client = browser()
    person("anna", role)
    sign_in(client, "anna")
    walked = [address for address in admin_addresses() if address not in OPEN]
    assert len(walked) > 90
    for address in walked:
        for ask in (client.get, client.post):
            answer = ask(address)
            assert answer.status_code == 302 and answer["Location"].startswith("/admin/login/?next="), address
    led = client.get(HOME, follow=True)
    assert led.request["PATH_INFO"] == ACCOUNT
    assert "Your role asks for a second factor" in led.text
    assert "Lists" not in led.text and "/admin/members/" not in led.text


def test_a_superuser_needs_one_too():
    client = browser()
    person("root", None, is_superuser=True)
    sign_in(client, "root")
    assert not is_in(client)
    set_up(client)
    assert is_in(client)


@pytest.mark.parametrize("role", ["cluster_editor", "cluster_manager"])
def test_editors_of_a_cluster_come_in_without(role):
    client = browser()
    person("cara", role, cluster())
    sign_in(client, "cara")
    assert is_in(client)


def test_a_setting_puts_it_off(settings):
    settings.SECOND_FACTOR = False
    client = browser()
    person("anna")
    sign_in(client, "anna")
    assert is_in(client)


def test_one_is_led_to_an_app_and_its_codes_and_then_in():
    client = browser()
    user = person("anna")
    sign_in(client, "anna")
    page = client.get(SET_UP)
    assert "<svg" in page.text and "<?xml" not in page.text and "data:" not in page.text
    secret = secret_on(page)
    assert "This code is not right" in client.post(SET_UP, {"code": "000000"}).text
    assert not is_in(client)
    secret = secret_on(client.get(SET_UP))
    answer = client.post(SET_UP, {"code": code_of(secret)}, follow=True)
    assert answer.request["PATH_INFO"] == reverse("mfa_view_recovery_codes")
    codes = re.findall(r"<li>\s*<code>(\d+)</code>", answer.text)
    assert len(codes) == 10
    file = client.get(reverse("mfa_download_recovery_codes"))
    assert file.text.split() == codes and file["Content-Disposition"].startswith("attachment")
    assert is_in(client)
    assert SecurityEvent.objects.get(kind="factor_added", user=user).detail == "authenticator app"


def signed_out_with_an_app(name: str = "anna") -> tuple[Client, str, list[str]]:
    client = browser()
    sign_in(client, name)
    secret = set_up(client)
    codes = client.get(reverse("mfa_download_recovery_codes")).text.split()
    client.post(reverse("admin:logout"))
    return client, secret, codes


def test_from_then_on_the_password_alone_opens_nothing():
    person("anna")
    client, secret, _codes = signed_out_with_an_app()
    assert sign_in(client, "anna")["Location"] == AT_THE_DOOR
    assert not is_in(client) and client.get(ACCOUNT).status_code == 302
    assert "This code is not right" in client.post(AT_THE_DOOR, {"code": "000000"}).text
    assert client.post(AT_THE_DOOR, {"code": in_half_a_minute(secret)})["Location"] == HOME
    assert is_in(client)
    assert SecurityEvent.objects.filter(kind="signed_in").latest("pk").detail == "password, authenticator app"
    assert SecurityEvent.objects.filter(kind="wrong_code").count() == 1


def test_whoever_has_one_gives_it_whatever_her_role_and_the_setting(settings):
    settings.SECOND_FACTOR = False
    person("cara", "cluster_editor", cluster())
    client, _secret, _codes = signed_out_with_an_app("cara")
    assert sign_in(client, "cara")["Location"] == AT_THE_DOOR and not is_in(client)


def test_a_code_is_used_once():
    person("anna")
    client, secret, _codes = signed_out_with_an_app()
    code = in_half_a_minute(secret)
    sign_in(client, "anna")
    client.post(AT_THE_DOOR, {"code": code})
    client.post(reverse("admin:logout"))
    sign_in(client, "anna")
    assert "This code is not right" in client.post(AT_THE_DOOR, {"code": code}).text


def test_a_recovery_code_stands_in_once():
    person("anna")
    client, _secret, codes = signed_out_with_an_app()
    sign_in(client, "anna")
    assert client.post(AT_THE_DOOR, {"code": codes[3]}).status_code == 302 and is_in(client)
    client.post(reverse("admin:logout"))
    sign_in(client, "anna")
    assert "This code is not right" in client.post(AT_THE_DOOR, {"code": codes[3]}).text
    client.post(AT_THE_DOOR, {"code": codes[4]})
    assert "8 codes are left" in client.get(ACCOUNT).text
    client.post(reverse("mfa_generate_recovery_codes"))
    assert not set(client.get(reverse("mfa_download_recovery_codes")).text.split()) & set(codes)


def test_the_sixth_wrong_code_is_refused_and_so_is_the_right_one_after_it():
    person("anna")
    client, secret, _codes = signed_out_with_an_app()
    sign_in(client, "anna")
    for _ in range(5):
        assert "This code is not right" in client.post(AT_THE_DOOR, {"code": "000000"}).text
    for code in ("000000", in_half_a_minute(secret)):
        assert "Too many attempts" in client.post(AT_THE_DOOR, {"code": code}).text
    assert not is_in(client)


def test_a_session_from_before_gives_it_too():
    person("anna")
    old, new = browser(), browser()
    sign_in(old, "anna")
    sign_in(new, "anna")
    secret = set_up(new)
    asked = old.get(reverse("admin:members_organisation_changelist"), follow=True)
    assert asked.request["PATH_INFO"] == reverse("mfa_reauthenticate") and not is_in(old)
    where = f"{asked.request['PATH_INFO']}?{asked.request['QUERY_STRING']}"
    answer = old.post(where, {"code": in_half_a_minute(secret)})
    assert answer["Location"] == reverse("admin:members_organisation_changelist") and is_in(old)


@pytest.mark.parametrize("on", [True, False])
def test_a_session_from_before_takes_none_away(settings, on):
    settings.SECOND_FACTOR = on
    person("anna")
    old, new = browser(), browser()
    sign_in(old, "anna")
    sign_in(new, "anna")
    set_up(new)
    old.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for name in ("mfa_deactivate_totp", "mfa_generate_recovery_codes", "account_change_password", "usersessions_list"):
        for ask in (old.get, old.post):
            answer = ask(reverse(name))
            assert answer.status_code == 302 and answer["Location"].startswith(reverse("mfa_reauthenticate")), name
    assert Authenticator.objects.filter(type="totp").exists()


def test_who_takes_her_last_one_away_is_led_to_another_and_out_elsewhere():
    person("anna")
    here, there = browser(), browser()
    sign_in(here, "anna")
    secret = set_up(here)
    sign_in(there, "anna")
    there.post(AT_THE_DOOR, {"code": in_half_a_minute(secret)})
    assert is_in(there)
    assert here.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert here.get(HOME, follow=True).request["PATH_INFO"] == ACCOUNT
    assert there.get(HOME, follow=True).request["PATH_INFO"] == "/admin/login/"
    assert not Authenticator.objects.exists(), "the codes on paper go too"
    assert set(SecurityEvent.objects.filter(kind="factor_removed").values_list("detail", flat=True)) == {
        "authenticator app",
        "recovery code",
    }


def test_what_one_has_given_opens_nothing_for_the_next_who_signs_in_there():
    person("anna")
    person("bea")
    client = browser()
    sign_in(client, "anna")
    set_up(client)
    assert is_in(client)
    client.force_login(person("eva"))
    assert not is_in(client)
    session = client.session
    session[GIVEN_BY] = get_user_model().objects.get(username="anna").pk
    session.save()
    assert not is_in(client)
    sign_in(client, "bea")
    assert not is_in(client)


def test_a_code_by_mail_is_no_second_factor(mailoutbox):
    person("anna")
    client, _secret, _codes = signed_out_with_an_app()
    mailoutbox.clear()
    client.post(reverse("account_request_login_code"), {"email": "anna@portal.example"})
    code = re.search(r"Code: (\S+)", mailoutbox[0].body)[1]
    answer = client.post(reverse("account_confirm_login_code"), {"code": code})
    assert answer["Location"] == AT_THE_DOOR and not is_in(client)


def test_nor_does_a_new_password_take_its_place(mailoutbox):
    person("anna")
    client, _secret, _codes = signed_out_with_an_app()
    client.post(reverse("account_reset_password"), {"email": "anna@portal.example"})
    link = re.search(r"Address: http://testserver(\S+)", mailoutbox[-1].body)[1]
    form = client.get(link, follow=True).request["PATH_INFO"]
    client.post(form, {"password1": "une-autre-phrase-longue", "password2": "une-autre-phrase-longue"})
    assert sign_in(client, "anna", "une-autre-phrase-longue")["Location"] == AT_THE_DOOR


def test_after_a_while_a_change_of_factors_asks_who_it_is(time_machine):
    person("anna")
    client = browser()
    sign_in(client, "anna")
    set_up(client)
    time_machine.move_to(time.time() + 301)
    for name in ("mfa_deactivate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"):
        answer = client.post(reverse(name)) if name == "mfa_deactivate_totp" else client.get(reverse(name))
        assert answer.status_code == 302 and answer["Location"].startswith(reverse("account_reauthenticate")), name
    assert Authenticator.objects.filter(type="totp").exists()
    confirm = f"{reverse('account_reauthenticate')}?next={reverse('mfa_view_recovery_codes')}"
    assert "This is not your password." in client.post(confirm, {"password": "wrong"}).text
    assert client.post(confirm, {"password": PASSWORD})["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200


def test_every_change_of_factors_is_told_by_mail(mailoutbox):
    person("anna")
    client = browser()
    sign_in(client, "anna")
    mailoutbox.clear()
    set_up(client)
    client.post(reverse("mfa_generate_recovery_codes"))
    client.post(reverse("mfa_deactivate_totp"))
    assert [letter.subject.partition(" · ")[2] for letter in mailoutbox] == [
        "Second factor set up",
        "New recovery codes",
        "Second factor removed",
    ]
