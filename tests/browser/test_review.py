"""From the first page of staff to the published change: by keyboard with JavaScript, by clicks without."""

import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from contributions.models import ChangeProposal, SavedAnswer
from members.models import Cluster, Membership, Organisation
from tests.browser.conftest import AXE
from tests.staff import person

pytestmark = pytest.mark.django_db
PICTURES = os.environ.get("PICTURES")


@pytest.fixture(scope="module")
def ground(network_of_its_own):
    """An editor, a record of hers and what was sent about it: committed, for the site's threads to see."""
    cara = Cluster.objects.get(slug="cara")
    firm = Organisation.objects.create(
        kind="company", name="Essieux de Vaise", slug="essieux-de-vaise", status="published", lead_cluster=cara,
        website="https://essieux.example.org", acronym="EDV",
        description_fr="Nous fabriquons des essieux pour le fret ferroviaire et les tramways.",
    )  # fmt: skip
    Membership.objects.create(organisation=firm, cluster=cara)
    SavedAnswer.objects.create(cluster=cara, title="Registre", text="Le registre dit autre chose.")
    user = person("lea", "cluster_editor", cara, first_name="Léa", last_name="Exemple")
    joins = [sent(firm, number, **asks_to_join(cara)) for number in (1, 2)]
    return SimpleNamespace(firm=firm, proposal=sent(firm, 3), joins=joins, key=session_of(user))


def session_of(user) -> str:
    """The key of one in which she is signed in."""
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def asks_to_join(cara: Cluster) -> dict:
    values = {"kind": "company", "name": "Essieux de Vaise SAS", "city": "Lyon", "website": "https://neuf.example.org"}
    return {"kind": "join", "organisation": None, "cluster": cara, "based_on": {}, "values": values}


def sent(firm, number: int, **more) -> ChangeProposal:
    values = {
        "description_fr": "Nous fabriquons des essieux pour le fret ferroviaire, les métros et les tramways.",
        "website": f"https://www.essieux{number}.example.org",
        "acronym": f"EV{number}",
    }
    based_on = {"description_fr": firm.description_fr, "website": "https://autre.example.org", "acronym": firm.acronym}
    facts = {
        "kind": "correction",
        "values": values,
        "based_on": based_on,
        "organisation": firm,
        "note": "Notre site a changé d’adresse.",
    }
    return ChangeProposal.objects.create(
        state="pending", sender_email="contact@essieux.example.org", sender_known=True,
        fingerprint=f"walk-{number}-{more.get('kind', '')}", confirmed_at=timezone.now() - timedelta(days=number * 7),
        **{**facts, **more},
    )  # fmt: skip


def staff_page(browser: Browser, base_url: str, key: str, language: str = "en", **options) -> Page:
    context = browser.new_context(
        base_url=base_url, locale="fr-FR" if language == "fr" else "en-GB", reduced_motion="reduce", **options
    )
    context.add_cookies([
        {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": base_url},
        {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": base_url},
    ])  # fmt: skip
    context.add_init_script(path=AXE)
    return context.new_page()


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def test_a_proposal_is_decided_by_keyboard_and_is_public_at_once(browser, base_url, ground, violations):
    firm, proposal = ground.firm, ground.proposal
    page = staff_page(browser, base_url, ground.key, viewport={"width": 1280, "height": 900})
    page.set_default_timeout(5_000)
    page.goto("/admin/")
    picture(page, "home")
    page.get_by_role("link", name="What waits for a decision").click()
    picture(page, "queue")
    assert violations(page) == []
    page.locator(f'a[href$="/changeproposal/{proposal.pk}/change/"]').click()
    expect(page.get_by_text("changed since", exact=True)).to_have_count(1)
    picture(page, "proposal")
    assert violations(page) == []
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.keyboard.press("Control+A")
    page.keyboard.type("VAISE")
    page.keyboard.press("Tab")
    page.keyboard.press("a")
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.get_by_label("or a saved answer").select_option("Registre")
    expect(page.get_by_label("Answer to the sender")).to_have_value("Le registre dit autre chose.")
    picture(page, "proposal-chosen")
    page.get_by_role("button", name="Decide as chosen").click()
    expect(page.get_by_text("Undo")).to_be_visible()
    picture(page, "decided")
    page.goto(reverse("admin:contributions_changeproposal_change", args=[proposal.pk]))
    expect(page.get_by_text("Already decided by Léa Exemple")).to_be_visible()
    picture(page, "already")
    firm.refresh_from_db()
    assert (firm.acronym, firm.website) == ("VAISE", "https://essieux.example.org")
    page.goto(f"/fr/membres/{firm.slug}/")
    expect(page.get_by_text("les métros et les tramways")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("width", [820, 390])
def test_without_javascript_and_in_french_it_is_done_by_clicks(browser, base_url, ground, width):
    joins = ground.joins[width == 390]
    page = staff_page(
        browser, base_url, ground.key, "fr", java_script_enabled=False, viewport={"width": width, "height": 900}
    )  # fmt: skip
    page.set_default_timeout(5_000)
    page.goto(reverse("admin:contributions_queue"))
    picture(page, f"queue-{width}")
    page.locator(f'a[href$="/changeproposal/{joins.pk}/change/"]').click()
    expect(page.locator(".proposal__alike")).to_contain_text("Essieux de Vaise")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    picture(page, f"join-{width}")
    page.locator("[name=none]").click()
    expect(page.locator(".errornote")).to_be_visible()
    page.locator("[name=reason]").fill("Elle est déjà membre.")
    page.locator("[name=none]").click()
    joins.refresh_from_db()
    assert joins.state == "refused" and joins.reason == "Elle est déjà membre."
    page.context.close()
