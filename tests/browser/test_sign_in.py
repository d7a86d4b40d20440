"""Signing in, in a browser: every page within the policy and readable by everybody, passkeys by a virtual device, and
all but these without scripts."""

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from cluster_portal.models import SecurityEvent, UnsentMail
from tests.staff import PASSWORD, code_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network_connection")]
DOOR = ("account_login", "account_request_login_code", "account_reset_password", "account_reset_password_done")
OWN = (
    "mfa_index", "account_change_password", "usersessions_list", "mfa_activate_totp", "mfa_list_webauthn",
    "mfa_add_webauthn", "account_reauthenticate", "account_logout",
)  # fmt: skip


NAMES = [f"anna{number}" for number in range(8)]


@pytest.fixture(scope="module")
def people(network_connection) -> Iterator[list[str]]:
    """Administrators, committed before the tests begin their transactions: the site's threads see them."""
    settings.SECOND_FACTOR = True
    cache.clear()
    made = [get_user_model().objects.create_superuser(name, f"{name}@portal.example", PASSWORD) for name in NAMES]
    yield list(NAMES)
    settings.SECOND_FACTOR = False
    for rows in (Authenticator, UserSession, SecurityEvent, UnsentMail, Session):
        rows.objects.all().delete()
    for user in made:
        user.delete()
    cache.clear()


@pytest.fixture
def anna(people) -> str:
    """Somebody who has never signed in."""
    return people.pop()


@pytest.fixture
def keys(page: Page):
    """A security device that says yes: Chromium's own, for tests."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable", {"enableUI": False})
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def known() -> list[dict]:
        return session.send("WebAuthn.getCredentials", {"authenticatorId": made})["credentials"]

    return known


def sign_in(page: Page, name: str) -> None:
    page.goto("/admin/")
    page.get_by_label("Nom d’utilisateur ou adresse électronique").fill(name)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()


def set_up_app(page: Page) -> str:
    page.goto(reverse("mfa_activate_totp"))
    secret = page.locator("code.secret").inner_text()
    page.get_by_label("Code").last.fill(code_of(secret))
    page.get_by_role("button", name="Ajouter").click()
    expect(page).to_have_url(re.compile("/codes/$"))
    return secret


@pytest.mark.parametrize("width", [360, 1440])
def test_the_pages_of_signing_in_are_accessible_in_both_languages(page: Page, violations, width, anna):
    page.set_viewport_size({"width": width, "height": 900})
    faults = []

    def look(name: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        if (name[:2], width) in {("fr", 360), ("en", 1440)}:  # each language and each width once
            faults.extend(f"{name}: {violation}" for violation in violations(page))
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{name}: scrolls sideways")

    switch = {"en": "EN, English version", "fr": "FR, version française"}
    for language, button in switch.items():
        page.goto(reverse("account_login"))
        page.get_by_role("button", name=button).click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        for name in DOOR:
            page.goto(reverse(name))
            look(f"{language} {name}")
        page.goto(reverse("account_reset_password_from_key", args=["1", "worthless"]))
        look(f"{language} a link that is worth nothing")
        page.goto(reverse("account_request_login_code"))
        page.locator("input[type=email]").fill(f"nobody-{language}-{width}@portal.example")
        page.locator("input[type=submit]").click()
        expect(page).to_have_url(re.compile("/code/confirm/$"))
        look(f"{language} code by mail")
        page.context.clear_cookies(name="sessionid")
    sign_in(page, anna)
    for language in ("en", "fr"):
        page.goto(reverse("mfa_index"))
        if page.locator("html").get_attribute("lang") != language:
            page.get_by_role("button", name=switch[language]).click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        for name in OWN:
            page.goto(reverse(name))
            look(f"{language} {name}")
    set_up_app(page)
    look("codes")
    for name in ("mfa_generate_recovery_codes", "mfa_deactivate_totp"):
        page.goto(reverse(name))
        look(name)
    page.goto(reverse("mfa_reauthenticate") + "?next=/admin/")
    look("confirm by code")
    page.context.clear_cookies()
    sign_in(page, anna)
    expect(page).to_have_url(re.compile("/second-factor/$"))
    look("second factor")
    assert faults == []


def test_the_code_for_the_app_is_seen_and_the_app_opens_the_door(page: Page, anna):
    sign_in(page, anna)
    expect(page).to_have_url(re.compile("/admin/account/$"))
    page.goto(reverse("mfa_activate_totp"))
    box = page.locator(".qr svg").bounding_box()
    assert box and box["width"] > 150 and box["height"] > 150
    assert page.locator(".qr svg path").evaluate("path => path.getBBox().width") > 10
    secret = set_up_app(page)
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Ce que vous pouvez modifier")).to_be_visible()
    page.context.clear_cookies()
    sign_in(page, anna)
    page.get_by_label("Code").fill(code_of(secret, time.time() + 30))
    page.locator("input[type=submit]").click()
    expect(page).to_have_url(re.compile(r"^[^?]*/admin/$"))


def test_a_passkey_is_added_and_signs_in_alone_and_as_a_second_factor(page: Page, keys, anna, violations):
    sign_in(page, anna)
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Nom de la clé d’accès").fill("Ordinateur d’Anna")
    page.get_by_role("button", name="Ajouter la clé d’accès").click()
    expect(page).to_have_url(re.compile("/codes/$"))
    (key,) = keys()
    assert key["isResidentCredential"] and key["rpId"] == "localhost"
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Ce que vous pouvez modifier")).to_be_visible()
    page.context.clear_cookies()
    page.goto("/admin/members/membership/")
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    expect(page).to_have_url(re.compile(r"^[^?]*/admin/members/membership/$"))
    assert SecurityEvent.objects.filter(kind="signed_in").latest("pk").detail == "passkey"
    page.context.clear_cookies()
    sign_in(page, anna)
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    expect(page).to_have_url(re.compile(r"^[^?]*/admin/$"))
    page.goto(reverse("mfa_list_webauthn"))
    assert violations(page) == []
    page.get_by_role("link", name="Renommer Ordinateur d’Anna").click()
    assert violations(page) == []
    page.get_by_label("Nom de la clé d’accès").fill("Portable")
    page.get_by_role("button", name="Enregistrer").click()
    page.goto(reverse("mfa_reauthenticate_webauthn") + "?next=" + reverse("mfa_list_webauthn"))
    assert violations(page) == []
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.get_by_role("link", name="Retirer Portable").click()
    assert violations(page) == []
    page.get_by_role("button", name="Retirer").click()
    expect(page.get_by_text("La clé d’accès est retirée.")).to_be_visible()
    page.goto("/admin/")
    expect(page).to_have_url(re.compile("/admin/account/$"))


def test_a_device_without_a_passkey_is_told_so(page: Page):
    page.goto(reverse("account_login"))
    expect(page.get_by_role("alert")).to_have_count(0)
    page.route("**/login/passkey/", lambda route: route.abort())
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()
    expect(page.get_by_role("alert")).to_contain_text("Cela n’a pas été possible")


@pytest.fixture
def expected_complaints(request) -> list[str]:
    return [r"net::ERR_FAILED"] if "without_a_passkey" in request.node.name else []


def test_all_but_passkeys_works_without_scripts(browser: Browser, base_url, anna):
    context = browser.new_context(java_script_enabled=False, base_url=base_url, locale="fr-FR")
    page = context.new_page()
    page.goto(reverse("account_login"))
    expect(page.get_by_role("button", name="Se connecter avec une clé d’accès")).to_be_hidden()
    sign_in(page, anna)
    set_up_app(page)
    page.goto(reverse("usersessions_list"))
    page.get_by_role("button", name="Se déconnecter partout").click()
    expect(page).to_have_url(re.compile("/admin/login/"))
    context.close()
