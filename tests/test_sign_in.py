"""How staff come in: by which ways, who does not, how often somebody may try, and what is written down of it."""

import logging
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone

from cluster_portal.models import SecurityEvent, UnsentMail
from cluster_portal.serving import ending
from cluster_portal.serving.front import FrontWorker, as_a_proxy_tells
from cluster_portal.sign_in import letters, security_log
from cluster_portal.templatetags.sign_in import device
from members.models import RoleAssignment
from tests.admin_rows import cluster
from tests.staff import PASSWORD, browser, person, sign_in

pytestmark = pytest.mark.django_db
HOME = "/admin/"
REFUSED = "Too many attempts. Try again in ten minutes."
WRONG = "This name and this password do not match."


def kinds(**filters) -> list[str]:
    return list(SecurityEvent.objects.filter(**filters).order_by("pk").values_list("kind", flat=True))


def is_in(client: Client) -> bool:
    return client.get(HOME).status_code == 200


# --- the door ---------------------------------------------------------------------------------------------------------
def test_no_way_in_of_djangos_own_is_left():
    doors = {"login": "account_login", "logout": "account_logout", "password_change": "account_change_password"}
    for theirs, ours in doors.items():
        assert resolve(reverse(f"admin:{theirs}")).view_name == ours
    client = browser()
    client.force_login(person("anna"))
    assert client.get(reverse("admin:password_change_done")).status_code == 404


def test_nobody_signs_up_and_no_other_site_vouches_for_anybody():
    assert not apps.is_installed("allauth.socialaccount")
    for name in ("account_signup", "account_email", "mfa_signup_webauthn", "socialaccount_connections"):
        with pytest.raises(NoReverseMatch):
            reverse(name)
    for path in ("/accounts/signup/", "/admin/signup/", "/admin/login/signup/", "/accounts/login/"):
        assert browser().post(path, {"username": "x"}).status_code in (302, 404)
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize("name", ["anna", "anna@portal.example", "ANNA@portal.example"])
def test_one_signs_in_by_name_or_address(name):
    person("anna")
    client = browser()
    answer = sign_in(client, name)
    assert answer.status_code == 302 and answer["Location"] == HOME
    assert is_in(client)


def test_an_address_of_two_accounts_is_nobodys():
    person("anna")
    get_user_model().objects.filter(pk=person("anne").pk).update(email="anna@portal.example")
    assert sign_in(browser(), "anna@portal.example").status_code == 200


def cast() -> dict[str, tuple[str, str]]:
    """What is typed by somebody who may not come in: name and password."""
    person("anna")
    person("gone", is_active=False)
    person("former", role=None)
    person("codeless", password=None)
    return {
        "wrong password": ("anna", "not-the-password"),
        "unknown": ("nobody", PASSWORD),
        "disabled": ("gone", PASSWORD),
        "without a role": ("former", PASSWORD),
        "without a password": ("codeless", PASSWORD),
        "address": ("nobody@portal.example", PASSWORD),
    }


def test_whoever_may_not_come_in_reads_what_a_wrong_password_reads():
    read = {}
    for number, (who, (name, password)) in enumerate(cast().items()):
        answer = sign_in(browser(), name, password, address=f"198.51.100.{number}")
        assert answer.status_code == 200 and "sessionid" not in answer.cookies
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.text).replace(f'value="{name}"', "")
        read[who] = text
    assert WRONG in read["unknown"]
    assert len(set(read.values())) == 1


class Counted(PBKDF2PasswordHasher):
    """As the site hashes, with fewer rounds; how often, stands in `calls`."""

    iterations = 50_000
    calls = 0

    def encode(self, *args, **kwargs):
        Counted.calls += 1
        return super().encode(*args, **kwargs)


def test_and_waits_as_long(settings):
    settings.PASSWORD_HASHERS = ["tests.test_sign_in.Counted"]
    typed, taken = cast(), {}
    for _turn in range(5):  # of all, one after another: what slows the machine for a moment slows no one alone
        for who, (name, password) in typed.items():
            cache.clear()
            Counted.calls, began = 0, time.thread_time()
            sign_in(browser(), name, password)
            assert Counted.calls == 1, who
            taken.setdefault(who, []).append(time.thread_time() - began)
    fastest = {who: min(times) for who, times in taken.items()}
    assert max(fastest.values()) < 1.5 * min(fastest.values()), fastest


def test_who_loses_her_role_is_out_at_once_and_everywhere():
    user = person("anna")
    client = browser()
    sign_in(client, "anna")
    assert is_in(client)
    RoleAssignment.objects.filter(user=user.pk).update(valid_until=timezone.localdate())
    for name in ("admin:index", "mfa_index", "account_change_password", "usersessions_list", "mfa_activate_totp"):
        answer = client.get(reverse(name), follow=True)
        assert answer.request["PATH_INFO"] == "/admin/login/" and answer.status_code == 200, name
    assert 'name="login"' in answer.text


def test_another_person_signs_in_where_one_without_a_role_was_signed_in():
    person("anna")
    client = browser()
    client.force_login(person("former", role=None))
    assert sign_in(client, "anna").status_code == 302 and is_in(client)


@pytest.mark.parametrize("way", ["account_request_login_code", "account_reset_password", "account_login"])
def test_who_may_no_longer_come_in_is_nobody_at_every_door(way):
    client = browser()
    client.force_login(person("former", role=None))
    assert client.get(reverse(way)).status_code == 200
    client.post(reverse(way), {"email": "x@portal.example"})
    assert "_auth_user_id" not in client.session


def test_a_role_that_ends_while_one_signs_in_opens_nothing():
    user = person("anna")
    client = browser()
    ask_for_code(client, "anna@portal.example")
    code = re.search(r"Code: (\S+)", mail.outbox[0].body)[1]
    RoleAssignment.objects.filter(user=user.pk).delete()
    answer = client.post(reverse("account_confirm_login_code"), {"code": code}, follow=True)
    assert WRONG in answer.text and "_auth_user_id" not in client.session


def test_one_is_led_to_the_page_that_was_asked_for():
    person("anna")
    client = browser()
    asked = reverse("admin:members_organisation_changelist") + "?q=a"
    door = client.get(asked)
    assert door["Location"].startswith("/admin/login/?next=")
    page = client.get(door["Location"]).text
    _languages, sent, of_the_passkey = re.findall(r'name="next" value="([^"]*)"', page)
    assert sent == of_the_passkey
    assert sign_in(client, "anna", next=sent)["Location"] == asked


# --- how often --------------------------------------------------------------------------------------------------------
def test_the_sixth_wrong_password_of_an_account_is_refused_for_ten_minutes_from_wherever(time_machine):
    time_machine.move_to(start := timezone.now(), tick=False)
    person("anna")
    person("bea")
    for number in range(5):
        assert WRONG in sign_in(browser(), "anna", "wrong", address=f"203.0.113.{number}").text
    refused = sign_in(browser(), "anna", address="203.0.113.99")
    assert REFUSED in refused.text, "the right one too: whether it is right is not looked at"
    assert REFUSED in sign_in(browser(), "anna@portal.example", address="203.0.113.98").text, "by either name"
    assert sign_in(browser(), "bea", address="203.0.113.99").status_code == 302
    time_machine.move_to(start + timedelta(minutes=9, seconds=59), tick=False)
    assert REFUSED in sign_in(browser(), "anna", address="203.0.113.97").text
    time_machine.move_to(start + timedelta(minutes=10, seconds=1), tick=False)
    assert sign_in(browser(), "anna", address="203.0.113.97").status_code == 302
    assert kinds(kind="refused") == ["refused"], "told once, however often"


def test_the_sixth_wrong_password_from_an_address_is_refused_whosever_it_is():
    for number in range(7):
        person(f"anna{number}")
    for number in range(5):
        assert WRONG in sign_in(browser(), f"anna{number}", "wrong").text
    assert REFUSED in sign_in(browser(), "anna5").text
    assert REFUSED in sign_in(browser(), "unknown").text
    assert sign_in(browser(), "anna5", address="198.51.100.2").status_code == 302, "her account is not locked by that"


def test_what_was_counted_long_ago_is_no_longer_kept(time_machine):
    person("anna")
    sign_in(browser(), "nobody", "wrong")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE portal_cache SET expires = now() - interval '1 second'")
        cursor.execute("SELECT array_agg(cache_key) FROM portal_cache")
        (old,) = cursor.fetchone()
        sign_in(browser(), "anna")
        cursor.execute("SELECT count(*) FROM portal_cache WHERE cache_key = ANY(%s) AND expires < now()", [old])
        assert old and cursor.fetchone() == (0,)


def test_addresses_of_one_network_of_the_sixth_version_are_one():
    for number in range(5):
        sign_in(browser(), f"x{number}", "wrong", address=f"2001:db8:1:2::{number}")
    assert REFUSED in sign_in(browser(), "y", "wrong", address="2001:db8:1:2:ffff::1").text
    assert WRONG in sign_in(browser(), "y", "wrong", address="2001:db8:1:3::1").text


def test_a_right_password_ends_the_row_of_wrong_ones_of_the_account():
    person("anna")
    for turn in range(3):
        for number in range(4):
            assert WRONG in sign_in(browser(), "anna", "wrong", address=f"203.0.113.{turn * 10 + number}").text
        assert sign_in(browser(), "anna", address=f"203.0.113.{turn * 10 + 9}").status_code == 302


def test_who_knocks_at_a_locked_account_is_not_locked_out_of_her_own():
    person("bea")
    for number in range(5):
        sign_in(browser(), "anna", "wrong", address=f"203.0.113.{number}")
    for _ in range(6):
        assert REFUSED in sign_in(browser(), "anna", "wrong").text
    assert sign_in(browser(), "bea").status_code == 302


def test_an_account_of_ones_own_wipes_out_nothing_of_what_one_tries_on_others():
    person("mallory")
    person("anna")
    for turn in range(5):
        assert sign_in(browser(), "mallory").status_code == 302
        assert WRONG in sign_in(browser(), f"anna{turn}", "wrong").text
    assert REFUSED in sign_in(browser(), "anna").text


@pytest.fixture
def shared_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_five_are_looked_at(shared_cache):
    person("anna")

    def attempt(number: int) -> str:
        try:
            return sign_in(browser(), "anna", "wrong", address=f"203.0.113.{number}").text
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as threads:
        read = list(threads.map(attempt, range(24)))
    assert sum(WRONG in text for text in read) == 5
    assert sum(REFUSED in text for text in read) == 19
    assert kinds(kind="wrong_password") == ["wrong_password"] * 5


ANOTHER_PROCESS = """
import sys
import django
from django.db import connection
django.setup()
connection.settings_dict["NAME"] = sys.argv[1]
from django.test.utils import setup_test_environment
setup_test_environment()
from tests.staff import browser, sign_in
for number in range(3):
    text = sign_in(browser(), "anna", "wrong", address=f"203.0.113.{number}").text
    print("looked at" if "do not match" in text else "refused" if "Too many" in text else text)
"""


@pytest.mark.django_db(transaction=True)
def test_all_processes_count_together(shared_cache):
    person("anna")
    for number in range(3):
        assert WRONG in sign_in(browser(), "anna", "wrong", address=f"192.0.2.{number}").text
    there = subprocess.run(
        [sys.executable, "-c", ANOTHER_PROCESS, connection.settings_dict["NAME"]],
        cwd=Path(__file__).resolve().parent.parent, capture_output=True, text=True, timeout=120,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )  # fmt: skip
    assert there.stdout.split("\n")[:3] == ["looked at", "looked at", "refused"], there.stderr
    assert REFUSED in sign_in(browser(), "anna", address="192.0.2.9").text


@pytest.mark.parametrize(
    ("peer", "said", "visitor"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("::ffff:127.0.0.1", "6.6.6.6, 203.0.113.7, ::ffff:10.0.0.2", "203.0.113.7"),
        ("::ffff:192.0.2.5", "203.0.113.7", "192.0.2.5"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("192.0.2.5", "203.0.113.7", "192.0.2.5"),
    ],
)
def test_whose_address_it_is_the_trusted_proxies_tell_and_nobody_else(peer, said, visitor):
    from ipaddress import ip_network

    seen = {}
    trusted = [ip_network("127.0.0.0/8"), ip_network("10.0.0.0/8")]
    asked = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "HTTP_X_FORWARDED_FOR": said}
    as_a_proxy_tells(lambda environ, start: seen.update(environ) or [], trusted, everybody=False)(asked, None)
    assert seen["REMOTE_ADDR"] == visitor


def test_where_everybody_is_a_proxy_the_last_address_counts():
    seen = {}
    asked = {"REMOTE_ADDR": "172.18.0.3", "wsgi.url_scheme": "http", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 203.0.113.7"}
    as_a_proxy_tells(lambda environ, start: seen.update(environ) or [], [], everybody=True)(asked, None)
    assert seen["REMOTE_ADDR"] == "203.0.113.7"


# --- a code by mail, a forgotten password -----------------------------------------------------------------------------
def ask_for_code(client: Client, address: str):
    return client.post(reverse("account_request_login_code"), {"email": address}, follow=True)


def parts(letter) -> tuple[str, str]:
    (html, kind), *_more = letter.alternatives
    assert kind == "text/html"
    return letter.body, html


def test_a_code_by_mail_signs_in_once():
    person("anna", password=None)
    client = browser()
    page = ask_for_code(client, "anna@portal.example")
    assert "a code is on its way" in page.text
    (letter,) = mail.outbox
    assert letter.to == ["anna@portal.example"] and letter.subject == "Cluster Portal · Your code to sign in"
    text, html = parts(letter)
    code = re.search(r"Code: (\S+)", text)[1]
    assert f"<strong>{code}</strong>" in html
    confirm = reverse("account_confirm_login_code")
    assert "This code is not right" in client.post(confirm, {"code": "nonsense"}).text
    assert client.post(confirm, {"code": code})["Location"] == HOME and is_in(client)
    again = browser()
    assert again.post(confirm, {"code": code}).status_code == 302 and not is_in(again)
    assert "code by mail" in SecurityEvent.objects.get(kind="signed_in").detail
    assert kinds(kind="wrong_code") == ["wrong_code"]


def test_a_code_is_worth_something_for_ten_minutes(time_machine):
    time_machine.move_to(start := timezone.now(), tick=False)
    person("anna")
    for seconds, works in ((599, True), (601, False)):
        client = browser()
        time_machine.move_to(start, tick=False)
        ask_for_code(client, "anna@portal.example")
        code = re.search(r"Code: (\S+)", [one for one in mail.outbox if "Code:" in one.body][-1].body)[1]
        time_machine.move_to(start + timedelta(seconds=seconds), tick=False)
        client.post(reverse("account_confirm_login_code"), {"code": code})
        assert is_in(client) is works


def test_after_three_wrong_codes_the_code_is_worth_nothing():
    person("anna")
    client = browser()
    ask_for_code(client, "anna@portal.example")
    code = re.search(r"Code: (\S+)", mail.outbox[0].body)[1]
    confirm = reverse("account_confirm_login_code")
    for wrong in ("a", "b", "c"):
        client.post(confirm, {"code": wrong})
    client.post(confirm, {"code": code})
    assert not is_in(client)


@pytest.mark.parametrize("ask", ["account_request_login_code", "account_reset_password"])
def test_whether_an_address_is_known_nobody_learns(ask):
    cast()
    read = set()
    for name in ("anna", "gone", "former", "nobody"):
        page = browser().post(reverse(ask), {"email": f"{name}@portal.example"}, follow=True)
        assert page.status_code == 200
        read.add(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.text).replace(name, ""))
    assert len(read) == 1
    assert [letter.to for letter in mail.outbox] == [["anna@portal.example"]]


def forgotten(client: Client, address: str) -> str:
    """The link that comes, as a path."""
    client.post(reverse("account_reset_password"), {"email": address})
    return re.search(r"Address: http://testserver(\S+)", mail.outbox[-1].body)[1]


def choose(client: Client, link: str, password: str):
    form = client.get(link, follow=True)
    sent = {"password1": password, "password2": password}
    return client.post(form.request["PATH_INFO"], sent, follow=True) if 'name="password1"' in form.text else form


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_works_once():
    person("anna")
    elsewhere, client = browser(), browser()
    sign_in(elsewhere, "anna")
    link = forgotten(client, "anna@portal.example")
    assert "too short" in choose(client, link, "court").text
    done = choose(client, link, "une-autre-phrase-longue")
    assert "Your password is changed" in done.text and not is_in(client), "a link alone signs nobody in"
    assert not is_in(elsewhere), "wherever she was signed in she no longer is"
    assert "no longer valid" in choose(browser(), link, "encore-une-autre-phrase").text
    assert sign_in(browser(), "anna").status_code == 200
    assert sign_in(browser(), "anna", "une-autre-phrase-longue").status_code == 302
    assert mail.outbox[-2].subject == "Cluster Portal · Your password was changed"


def test_an_address_that_the_account_had_before_opens_nothing():
    user = person("anna")
    forgotten(browser(), "anna@portal.example")  # allauth remembers the address
    get_user_model().objects.filter(pk=user.pk).update(email="new@portal.example")
    mail.outbox.clear()
    for ask in ("account_request_login_code", "account_reset_password"):
        browser().post(reverse(ask), {"email": "anna@portal.example"})
    assert mail.outbox == []
    sign_in(browser(), "anna")
    assert [letter.to for letter in mail.outbox] == [["new@portal.example"]], "nor is it told anything"


def test_links_in_mails_are_at_the_public_address_whatever_host_was_asked(settings):
    settings.SITE_URL = "https://portal.example"
    person("anna")
    browser().post(reverse("account_reset_password"), {"email": "anna@portal.example"}, headers={"host": "localhost"})
    assert "https://portal.example/admin/login/password/" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [("fr", "Un nouvel appareil", "Si ce n’était pas vous"), ("en", "A new device", "If this was not you")],
)
def test_mails_come_in_both_languages_as_text_and_as_html(language, subject, said):
    person("anna")
    sign_in(browser(**{"accept-language": language}), "anna")
    (letter,) = mail.outbox
    text, html = parts(letter)
    assert letter.subject == f"Cluster Portal · {subject}"
    for part in (text, html):
        assert said in part and "198.51.100.1" in part and "Chrome/140.0" in part and "anna" in part
    assert f'<html lang="{language}">' in html and "&#x27;" not in text


def test_every_mail_that_allauth_can_send_here_has_words():
    folder = Path(apps.get_app_config("account").module.__file__).parent.parent / "templates"
    theirs = {str(path.relative_to(folder))[: -len("_subject.txt")] for path in folder.rglob("email/*_subject.txt")}
    never = {"email_changed", "email_confirm", "email_confirmation", "email_confirmation_signup", "email_deleted"}
    never |= {"account_already_exists", "unknown_account", "password_reset_code", "account_connected"}
    never |= {"account_disconnected"}
    assert {name for name in theirs if name.rpartition("/")[2] not in never} <= set(letters.LETTERS)


# --- sessions, passwords ----------------------------------------------------------------------------------------------
def own_sessions(client: Client) -> list[str]:
    return re.findall(r'name="which" value="(\d+)"', client.get(reverse("usersessions_list")).text)


def test_ones_own_sessions_are_listed_and_end_at_once():
    person("anna")
    here, there, third, stranger = browser(), browser(**{"user-agent": "Firefox/150"}), browser(), browser()
    for client in (here, there, third):
        sign_in(client, "anna")
    person("bea")
    sign_in(stranger, "bea")
    page = here.get(reverse("usersessions_list")).text
    assert "Firefox 150" in page and "Chrome 140, Linux" in page and page.count("This one") == 1
    first, second = own_sessions(here)
    assert stranger.post(reverse("usersessions_list"), {"which": first}).status_code == 404 and is_in(there)
    for wrong in ("0", "x", "", "9" * 30):
        assert here.post(reverse("usersessions_list"), {"which": wrong}).status_code == 404
    here.post(reverse("usersessions_list"), {"which": first})
    assert (is_in(there), is_in(third), is_in(here)) == (False, True, True)
    here.post(reverse("usersessions_list"), {"which": "others"})
    assert (is_in(third), is_in(here)) == (False, True)
    sign_in(there, "anna")
    here.post(reverse("usersessions_list"), {"which": "all"})
    assert not is_in(there) and not is_in(here)
    assert is_in(stranger)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox 150, Windows"),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.1",
            "Edge 140, Linux",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/1 Safari/604.1",
            "Safari 18, iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome 140, Android"),
        ("curl/8.1", "curl/8.1"),
        ("", ""),
    ],
)
def test_a_session_is_shown_by_what_people_call_its_browser(said, shown):
    assert device(said) == shown


def test_signing_out_ends_the_session():
    person("anna")
    client = browser()
    sign_in(client, "anna")
    key = client.cookies["sessionid"].value
    assert client.get(reverse("admin:logout")).status_code == 200 and is_in(client), (
        "a page that only reads ends nothing"
    )
    out = client.post(reverse("admin:logout"), follow=True)
    assert "You have signed out." in out.text and 'name="login"' in out.text
    client.cookies["sessionid"] = key
    assert not is_in(client)


def test_a_changed_password_ends_every_other_session():
    person("anna")
    here, there = browser(), browser()
    sign_in(here, "anna")
    sign_in(there, "anna")
    change = reverse("admin:password_change")
    new = {"password1": "une-autre-phrase-longue", "password2": "une-autre-phrase-longue"}
    assert "This is not your password." in here.post(change, {"oldpassword": "wrong", **new}).text
    assert here.post(change, {"oldpassword": PASSWORD, **new}).status_code == 302
    assert is_in(here) and not is_in(there)
    assert own_sessions(here) == [], "nor is the session of before listed"
    assert sign_in(browser(), "anna", "une-autre-phrase-longue").status_code == 302


def test_a_password_that_an_administrator_gives_is_told_and_written_down():
    user = person("anna")
    boss = browser()
    boss.force_login(admin_user := person("boss", "administrator"))
    change = reverse("admin:auth_user_password_change", args=[user.pk])
    sent = {"password1": "une-autre-phrase-longue", "password2": "une-autre-phrase-longue", "usable_password": "true"}
    assert boss.post(change, sent).status_code == 302
    assert [letter.to for letter in mail.outbox] == [["anna@portal.example"]]
    assert SecurityEvent.objects.get(kind="password_changed", user=user).detail == "boss"
    own = reverse("admin:auth_user_password_change", args=[admin_user.pk])
    assert boss.post(own, sent)["Location"] == reverse("admin:password_change")
    assert get_user_model().objects.get(pk=admin_user.pk).check_password(PASSWORD)


def test_too_many_tries_at_the_password_of_a_session_read_a_page(settings):
    person("anna")
    client = browser()
    sign_in(client, "anna")
    sent = {"oldpassword": "x", "password1": "une-autre-phrase-longue", "password2": "une-autre-phrase-longue"}
    answers = [client.post(reverse("admin:password_change"), sent) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert "Too many attempts at once" in answers[-1].text and answers[-1]["Retry-After"] == "60"


# --- what is written down ---------------------------------------------------------------------------------------------
def test_the_log_says_who_came_in_and_who_did_not_and_nothing_of_what_was_typed():
    user = person("anna")
    client = browser()
    sign_in(client, "anna", "wrong")
    sign_in(client, "my-password-in-the-wrong-box", "wrong")
    sign_in(client, "anna")
    client.post(reverse("admin:logout"))
    assert kinds(user=user) == ["wrong_password", "signed_in", "new_device", "signed_out"]
    assert kinds(user=None) == ["wrong_password"]
    signed_in = SecurityEvent.objects.get(kind="signed_in")
    assert (signed_in.detail, signed_in.address, "Chrome" in signed_in.browser) == ("password", "198.51.100.1", True)
    for event in SecurityEvent.objects.values():
        assert "wrong-box" not in str(event)


def test_administrators_read_the_log_and_nobody_writes_it():
    event = SecurityEvent.objects.create(kind="signed_in", user=person("anna"), detail="password, passkey")
    boss, network = browser(**{"accept-language": "fr"}), browser()
    boss.force_login(person("boss", "administrator"))
    network.force_login(person("network"))
    for page in (
        reverse("admin:portal_securityevent_changelist"),
        reverse("admin:portal_securityevent_change", args=[event.pk]),
    ):
        shown = boss.get(page)
        assert shown.status_code == 200 and "mot de passe, clé d’accès" in shown.text
        assert network.get(page).status_code in (403, 404)
        assert boss.post(page, {"kind": "refused"}).status_code == 403 or "refused" not in kinds()
    assert boss.get(reverse("admin:portal_securityevent_add")).status_code == 403
    assert boss.post(reverse("admin:portal_securityevent_delete", args=[event.pk]), {"post": "yes"}).status_code == 403
    assert SecurityEvent.objects.filter(pk=event.pk, kind="signed_in").exists()


def test_the_log_is_kept_as_long_as_stated(settings):
    settings.SECURITY_LOG_DAYS = 30
    now = timezone.now()
    for days in (29, 31):
        made = SecurityEvent.objects.create(kind="refused")
        SecurityEvent.objects.filter(pk=made.pk).update(at=now - timedelta(days=days))
    person("anna")
    sign_in(browser(), "anna")
    assert kinds(kind="refused") == ["refused"]


def test_a_new_device_is_told_once_and_of_each_person():
    person("anna")
    person("bea")
    known, other = browser(), browser()
    for _ in range(2):
        sign_in(known, "anna")
        known.post(reverse("admin:logout"))
    assert [letter.subject for letter in mail.outbox] == ["Cluster Portal · A new device"]
    sign_in(known, "bea")
    known.post(reverse("admin:logout"))
    sign_in(known, "anna")
    sign_in(other, "anna")
    assert [letter.to[0] for letter in mail.outbox] == [f"{who}@portal.example" for who in ("anna", "bea", "anna")]
    assert kinds(kind="new_device") == ["new_device"] * 3


def test_a_forged_mark_of_a_known_device_is_none():
    user = person("anna")
    client = browser()
    client.cookies[security_log.KNOWN_BROWSER] = f"{user.pk}:forged"
    assert sign_in(client, "anna").status_code == 302
    assert kinds(kind="new_device") == ["new_device"]


# --- mail -------------------------------------------------------------------------------------------------------------
def test_without_a_mail_server_administrators_read_what_would_have_been_sent(settings):
    settings.EMAIL_BACKEND = "cluster_portal.sign_in.outbox.OutboxBackend"
    old = UnsentMail.objects.create(to="x", subject="old", text="x")
    UnsentMail.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(days=31))
    person("anna")
    client = browser()
    ask_for_code(client, "anna@portal.example")
    kept = UnsentMail.objects.get()
    code = re.search(r"Code: (\S+)", kept.text)[1]
    boss = browser()
    boss.force_login(person("boss", "administrator"))
    assert code in boss.get(reverse("admin:portal_unsentmail_change", args=[kept.pk])).text
    assert client.post(reverse("account_confirm_login_code"), {"code": code}).status_code == 302 and is_in(client)
    assert client.get(reverse("admin:portal_unsentmail_changelist")).status_code == 403


def test_a_mail_server_that_is_away_keeps_nobody_out_and_is_written_down(settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    person("anna")
    client = browser()
    with caplog.at_level(logging.ERROR):
        assert sign_in(client, "anna").status_code == 302
    assert is_in(client) and "could not be sent" in caplog.text
    assert SecurityEvent.objects.get(kind="mail_failed").detail == "Cluster Portal · A new device"


def test_a_mail_goes_out_beside_the_answer(settings, monkeypatch):
    settings.MAIL_BESIDE_THE_ANSWER = True
    handed_over = []
    monkeypatch.setattr(letters._POST, "submit", lambda work, letter: handed_over.append(letter))
    person("anna")
    sign_in(browser(), "anna")
    assert len(handed_over) == 1 and mail.outbox == []


def test_a_process_that_ends_sends_first_what_was_handed_over(monkeypatch):
    assert letters._POST.shutdown in ending._first
    done = []
    monkeypatch.setattr("cluster_portal.serving.ending._first", [lambda: done.append("sent")])
    monkeypatch.setattr("os._exit", lambda status: done.append("ended"))
    idle = SimpleNamespace(fronts=[], cfg=SimpleNamespace(graceful_timeout=1), owes_answers=lambda: False)
    FrontWorker.finish(idle)
    assert done == ["sent", "ended"]
    with ThreadPoolExecutor(1) as post:
        post.submit(time.sleep, 0.2).add_done_callback(lambda _work: done.append("delivered"))
        monkeypatch.setattr("cluster_portal.serving.ending._first", [post.shutdown])
        FrontWorker.finish(idle)
    assert done[2:] == ["delivered", "ended"]


# --- every page -------------------------------------------------------------------------------------------------------
def test_every_page_of_signing_in_says_that_it_is_not_to_be_kept_and_runs_nothing_inline():
    person("anna")
    client, door = browser(), browser()
    sign_in(client, "anna")
    for name in sorted(pages()):
        for who in (client, door):
            page = who.get(reverse(name))
            assert page.status_code in (200, 302, 404), name
            assert page.status_code != 200 or "no-store" in page["Cache-Control"], name
            assert "unsafe" not in page["Content-Security-Policy"] and " style=" not in page.text, name
            assert "data:" not in page.text, name


def pages() -> set[str]:
    from cluster_portal.sign_in import urls

    listed, found = list(urls.urlpatterns), set()
    while listed:
        one = listed.pop()
        listed += getattr(one, "url_patterns", [])
        if getattr(one, "name", None) and not one.pattern.converters:
            found.add(one.name)
    assert len(found) > 20
    return found


def test_the_models_of_allauth_are_on_no_page():
    """Keys of authenticator apps stand in them."""
    assert not [model for model in admin.site._registry if model.__module__.startswith("allauth")]


def test_a_cluster_editor_sees_the_way_to_her_account():
    client = browser()
    client.force_login(person("cara", "cluster_editor", cluster()))
    assert f'href="{reverse("mfa_index")}"' in client.get(HOME).text
