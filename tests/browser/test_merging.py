"""What staff do with two that are one, and with whoever asks to be forgotten: each from its first page to its end."""

import re

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from playwright.sync_api import Page, expect

from members.models import Cluster, ContactPerson, MatchCandidate, Membership, Organisation
from tests.staff import person

pytestmark = pytest.mark.django_db
ZENOBIE = {"name": "Zénobie Marchepied", "email": "zenobie.marchepied@bogie.example.org"}


@pytest.fixture(scope="module")
def key(network_of_its_own) -> str:
    """Of the session of an administrator. A company that is there twice, with a contact person: committed."""
    cara = Cluster.objects.get(slug="cara")
    rows = [
        Organisation.objects.create(kind="company", name=name, slug=slug, status="published", **more)
        for name, slug, more in (
            ("Bogie de Vaise", "bogie-de-vaise", {"website": "https://bogie.example.org"}),
            ("Bogies de Vaise SAS", "bogies-de-vaise-sas", {"acronym": "BDV"}),
        )
    ]
    for row in rows:
        Membership.objects.create(organisation=row, cluster=cara)
    ContactPerson.objects.create(organisation=rows[1], cluster=cara, **ZENOBIE)
    MatchCandidate.objects.create(first=rows[0], second=rows[1], score=0.9, reasons=["similar"])
    user = person("boss", "administrator", first_name="Ada", last_name="Exemple")
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


@pytest.fixture
def boss(page: Page, key: str, base_url: str) -> Page:
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": base_url}])
    return page


def in_language(page: Page, base_url: str, language: str) -> None:
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": base_url}])


def test_what_is_there_twice_is_noticed_merged_and_parted_again(boss: Page, base_url: str):
    in_language(boss, base_url, "en")
    boss.goto(reverse("admin:members_company_add"))
    boss.locator("#id_name").press_sequentially("Bogie de Vaise")
    alike = boss.locator(".lookalikes")
    expect(alike).to_contain_text("Bogies de Vaise SAS")

    boss.goto(reverse("admin:members_matchcandidate_changelist"))
    row = boss.locator("#result_list tr", has_text="Bogies de Vaise SAS")
    row.get_by_role("link", name="Look at both").click()
    expect(boss.get_by_role("heading", level=1)).to_have_text("Are these one and the same?")
    boss.locator("[name=preview]").click()
    expect(boss.get_by_role("heading", level=1)).to_have_text("Merge: what would come")
    expect(boss.locator(".merge__table").first).to_contain_text("BDV")
    boss.locator("[name=confirm]").click()
    done = boss.locator(".messagelist")
    expect(done).to_contain_text("was merged into")

    survivor = Organisation.objects.get(merged__isnull=False)
    gone = survivor.merged.get()
    public = boss.context.new_page()
    public.goto(f"/en/members/{gone.slug}/?x=1")
    expect(public).to_have_url(re.compile(rf"/en/members/{survivor.slug}/\?x=1$"))
    expect(public.locator("main")).to_contain_text("BDV")

    done.get_by_role("link", name="Undo").click()
    expect(boss.locator("#content-main")).to_contain_text("This is what it would change")
    boss.get_by_role("button", name="Undo").click()
    expect(boss.locator(".messagelist")).to_contain_text("Taken back")
    public.goto(f"/en/members/{gone.slug}/")
    expect(public).to_have_url(re.compile(rf"/en/members/{gone.slug}/$"))
    expect(public.get_by_role("heading", level=1)).to_contain_text(gone.name)


def look_for(page: Page, name: str) -> None:
    page.goto(reverse("admin:personal_data"))
    page.get_by_label(re.compile("^Nom")).fill(name)
    page.locator("[value=find]").click()


def test_whoever_asks_to_be_forgotten_is_found_shown_and_erased(boss: Page, base_url: str):
    in_language(boss, base_url, "fr")
    look_for(boss, ZENOBIE["name"])
    expect(boss.locator(".personal__found [name=row]")).to_be_checked()
    boss.locator("[value=page]").click()
    expect(boss.locator("#content-main")).to_contain_text(ZENOBIE["email"])
    look_for(boss, ZENOBIE["name"])
    boss.locator("[value=erase]").click()
    boss.get_by_role("button", name="Effacer pour toujours").click()
    certificate = boss.locator("#content-main")
    expect(certificate).to_contain_text("Effacement n°")
    expect(certificate).not_to_contain_text(ZENOBIE["name"])
    assert not ContactPerson.objects.filter(email=ZENOBIE["email"]).exists()
    look_for(boss, ZENOBIE["name"])
    expect(boss.locator("#content-main")).to_contain_text("Personne n’est trouvé")
