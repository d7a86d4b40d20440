"""What is done by the links in a mail, from a public page to its end: a message to an organisation, a list that is followed,
the question whether a page is still right. Once in French with JavaScript, once in English on a phone without."""

import re
from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from playwright.sync_api import Browser, Page, expect

from contributions import asking_members
from contributions.alerts import looking
from contributions.models import Correspondence, ListAlert
from members.models import Cluster, Membership, Organisation
from tests.browser.test_review import picture
from tests.browser.test_taking_part import arrived, server  # noqa: F401 (a fixture)
from tests.smtp import MailServer

pytestmark = pytest.mark.django_db
WALKS = pytest.mark.parametrize(("language", "scripts"), [("fr", True), ("en", False)])


@pytest.fixture
def visitor(browser: Browser, base_url, language, scripts, network_of_its_own, settings):
    """On a computer with JavaScript, or on a phone without; links in mails lead to this site."""
    by_the_worker(cache.clear)  # how much is taken of one sender; here it would lock what the site counts with
    settings.SITE_URL = base_url
    size = {"width": 1280 if scripts else 390, "height": 900}
    context = browser.new_context(
        base_url=base_url, locale=language, reduced_motion="reduce", java_script_enabled=scripts, viewport=size
    )
    page = context.new_page()
    page.set_default_timeout(5_000)
    yield page
    context.close()


def by_the_worker(do: Callable[[], object]) -> None:
    """In a connection of its own: what it does is committed, and the site's threads see it."""

    def work() -> None:
        try:
            do()
        finally:
            connection.close()

    worker = Thread(target=work)
    worker.start()
    worker.join()


def member(name: str, **values) -> Organisation:
    """Committed, for the site's threads to see."""
    made: list[Organisation] = []

    def make() -> None:
        slug = name.lower().replace(" ", "-")
        one = Organisation.objects.create(kind="laboratory", name=name, slug=slug, status="published", **values)
        Membership.objects.create(organisation=one, cluster=Cluster.objects.get(slug="cara"))
        made.append(one)

    by_the_worker(make)
    return made[0]


def said(language: str) -> Callable[[str], str]:
    def say(text: str) -> str:
        with override(language):
            return gettext(text)

    return say


def page_of(one: Organisation, language: str) -> str:
    with override(language):
        return one.get_absolute_url()


def link_to(page: str, text: str, language: str) -> str:
    """The link of a mail that leads to that page."""
    with override(language):
        path = reverse(page)
    return re.search(rf"https?://\S+{re.escape(path)}\?t=\S+", text)[0]


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@WALKS
def test_a_message_reaches_an_organisation_whose_address_no_page_says(
    visitor: Page,
    server: MailServer,  # noqa: F811
    language,
    scripts,
):
    say = said(language)
    firm = member(f"Laboratoire des bielles {language}", email=f"labo-{language}@bielles.example")
    visitor.goto(page_of(firm, language))
    assert firm.email not in visitor.content()
    visitor.get_by_role("link", name=say("Write to the organisation")).click()
    visitor.locator("#id_text").fill("Cherchez-vous un partenaire pour des bielles creuses ?")
    visitor.locator("#id_sender_name").fill("Léa")
    visitor.locator("#id_sender_email").fill("lea@example.net")
    assert fits(visitor) and firm.email not in visitor.content()
    picture(visitor, f"write-{language}")
    visitor.get_by_role("button", name=say("Send"), exact=True).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(say("Look into your mails"))
    (asked,) = arrived(server)
    assert asked.to == "lea@example.net" and "bielles creuses" not in asked.text
    visitor.goto(asked.link)
    picture(visitor, f"confirm-message-{language}")
    visitor.get_by_role("button", name=say("Yes, send it")).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(say("Your message has left"))
    (message,) = arrived(server)
    assert message.to == firm.email and "des bielles creuses ?" in message.text
    assert server.taken[-1]["Reply-To"] == "lea@example.net"
    visitor.goto(link_to("contributions:no-more-messages", message.text, "fr"))
    visitor.get_by_role("main").get_by_role("button").click()
    visitor.goto(page_of(firm, language))
    expect(visitor.get_by_role("link", name=say("Write to the organisation"))).to_have_count(0)


@WALKS
def test_a_list_is_followed_told_of_and_left(
    visitor: Page,
    server: MailServer,  # noqa: F811
    monkeypatch,
    language,
    scripts,
):
    say = said(language)
    monkeypatch.setattr("contributions.querysets.MORNING", 0)
    with override(language):
        visitor.goto(f"{reverse('members:organisation-list')}?kind=laboratory")
    visitor.get_by_role("link", name=say("Follow this list")).click()
    visitor.locator("#id_sender_email").fill("lea@example.net")
    visitor.locator("[name=frequency][value=daily]").check()
    assert fits(visitor)
    picture(visitor, f"follow-{language}")
    visitor.get_by_role("button", name=say("Follow"), exact=True).click()
    (asked,) = arrived(server)
    visitor.goto(asked.link)
    visitor.get_by_role("button", name=say("Yes, follow this list")).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(say("You follow this list"))
    by_the_worker(looking.look_at_lists)
    assert arrived(server) == [], "nothing changed yet"

    new = member(f"Laboratoire des vilebrequins {language}")
    by_the_worker(lambda: ListAlert.objects.update(looked_on=timezone.localdate() - timedelta(days=1)))
    by_the_worker(looking.look_at_lists)
    (news,) = arrived(server)
    assert news.to == "lea@example.net" and new.name in news.text
    visitor.goto(link_to("contributions:alert-stop", news.text, language))
    picture(visitor, f"stop-{language}")
    visitor.get_by_role("button", name=say("Follow this list no longer")).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(say("You no longer follow this list"))
    assert not ListAlert.objects.exists()


@WALKS
def test_an_organisation_is_asked_and_says_by_one_button_that_all_is_right(
    visitor: Page,
    server: MailServer,  # noqa: F811
    language,
    scripts,
):
    say = said(language)
    at_home = {"country": "FR" if language == "fr" else "DE"}
    firm = member(f"Laboratoire des pistons {language}", email=f"pistons-{language}@bielles.example", **at_home)

    def cara_asks_this_one_alone() -> None:
        Organisation.objects.exclude(pk=firm.pk).update(verified_on=timezone.localdate())
        Correspondence.objects.update_or_create(cluster=Cluster.objects.get(slug="cara"), defaults={"asks": True})

    by_the_worker(cara_asks_this_one_alone)
    by_the_worker(asking_members.ask)
    (question,) = arrived(server)
    assert question.to == firm.email and firm.name in question.text
    visitor.goto(link_to("contributions:still-right", question.text, language))
    assert fits(visitor)
    picture(visitor, f"still-right-{language}")
    visitor.get_by_role("button", name=say("Yes, all of it is right")).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(say("Thank you: you have answered"))
    visitor.goto(page_of(firm, language))
    confirmed = say("Confirmed by the organisation on %(date)s").partition("%(")[0]
    expect(visitor.get_by_text(confirmed)).to_be_visible()
    picture(visitor, f"confirmed-{language}")
