"""From a public page to the published change and the sender's mail: confirmed by the link in a mail that a mail server
took, decided by staff; in both languages, with and without JavaScript."""

import re
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from playwright.sync_api import Browser, Locator, expect

from cluster_portal.mail import sending
from contributions.models import ChangeProposal
from members.models import Cluster, Membership, Organisation
from projects.models import Project, ProjectLabel
from tests.browser.test_review import picture, session_of, staff_page
from tests.smtp import MailServer, mail_server
from tests.staff import person

pytestmark = pytest.mark.django_db
REASON = "Le registre dit autre chose."


@pytest.fixture(scope="module")
def ground(network_of_its_own) -> SimpleNamespace:
    """A member of CARA, a project that it labelled and an editor: committed, for the site's threads to see."""
    cache.clear()  # twenty a day are taken from this machine, and twenty are sent here
    cara = Cluster.objects.get(slug="cara")
    firm = Organisation.objects.create(
        kind="company", name="Bielles de Gerland", slug="bielles-de-gerland", status="published", lead_cluster=cara
    )
    Membership.objects.create(organisation=firm, cluster=cara)
    project = Project.objects.create(acronym="BIELLE", slug="bielle", status="published")
    ProjectLabel.objects.create(project=project, cluster=cara, role="lead", date=timezone.localdate())
    return SimpleNamespace(key=session_of(person("noa", "cluster_editor", cara)))


@pytest.fixture
def server(settings, monkeypatch) -> Iterator[MailServer]:
    """What the worker sends arrives here; a form may be sent as fast as a program fills it in."""
    monkeypatch.setattr("contributions.forms.FASTEST", timedelta(0))
    settings.MAIL_PER_MINUTE = 60_000
    with mail_server() as known:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_HOST_USER = "127.0.0.1", known.port, ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield known


def arrived(server: MailServer) -> list[SimpleNamespace]:
    """What the worker sends now, in the order in which it was written. In a connection of its own, as the worker has: what
    it did is there for the site's threads."""

    def work() -> None:
        try:
            sending.send_what_waits.func()
        finally:
            connection.close()

    before = len(server.taken)
    worker = Thread(target=work)
    worker.start()
    worker.join()
    return [
        SimpleNamespace(
            to=mail["To"], text=(text := mail.get_payload()[0].get_payload(decode=True).decode()),
            link=re.search(r"https?://\S+", text)[0],
        )
        for mail in server.taken[before:]
    ]  # fmt: skip


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_from_the_public_page_to_the_published_change_and_the_senders_mail(
    browser: Browser, base_url, ground, server, language, scripts
):
    mark, sender = f"{language} {scripts}", f"lea-{language}-{scripts}@example.org".lower()
    width = 1280 if scripts else 390
    options = {"java_script_enabled": scripts, "viewport": {"width": width, "height": 900}}
    context = browser.new_context(base_url=base_url, locale=language, reduced_motion="reduce", **options)
    visitor = context.new_page()
    staff = staff_page(browser, base_url, ground.key, language, **options)
    for page in (visitor, staff):
        page.set_default_timeout(5_000)

    def say(text: str) -> str:
        with override(language):
            return gettext(text)

    def address(name: str, slug: str) -> str:
        with override(language):
            return reverse(name, args=[slug])

    def send(page: str, way: str, *boxes: tuple[str, str]) -> None:
        """From a public page by one of its ways; ``boxes`` with what is typed, or chosen, there."""
        visitor.goto(page)
        visitor.get_by_role("link", name=say(way)).first.click()
        if way == "Become a member":
            visitor.locator("#id_q").fill("Zyzomys")
            visitor.get_by_role("button", name=say("Look for it")).click()
            visitor.get_by_role("link", name=say("Tell us about it")).click()
        for box, value in (*boxes, ("sender_email", sender)):
            fill(visitor.locator(f"#id_{box}"), value)
        assert visitor.evaluate("document.documentElement.scrollWidth") <= width
        visitor.get_by_role("button", name=say("Send"), exact=True).click()
        expect(visitor.get_by_role("heading", level=1)).to_have_text(say("Look into your mails"))

    firm, cara, work = (
        address("members:organisation-detail", "bielles-de-gerland"),
        address("members:cluster-detail", "cara"),
        address("projects:project-detail", "bielle"),
    )
    send(firm, "Report an error", ("note", f"Le téléphone est faux ({mark})."))
    send(firm, "Propose a change", (f"field-description_{language}", f"Nous forgeons des bielles, {mark}."))
    send(cara, "Become a member", ("field-kind", "company"), ("field-name", f"Zyzomys {mark}"))
    send(cara, "Propose a project", ("field-title_fr", f"Des bielles creuses, {mark}"))
    send(work, "Propose an outcome", ("field-kind", "patent"), ("field-title_fr", f"Brevet de bielle, {mark}"))
    picture(visitor, f"sent-{mark}")

    letters = arrived(server)
    assert [letter.to for letter in letters] == [sender] * 5
    for letter in letters:
        visitor.goto(letter.link)
        visitor.get_by_role("button", name=say("Yes, I sent this")).click()
        expect(visitor.get_by_role("status").first).to_be_attached()
    report, change, join, project, outcome = ChangeProposal.objects.filter(sender_email=sender).order_by("pk")
    assert {one.state for one in (report, change, join, project, outcome)} == {"pending"}

    staff.goto(reverse("admin:contributions_queue"))
    for proposal in (report, change, join, project, outcome):
        staff.locator(f'a[href$="/changeproposal/{proposal.pk}/change/"]').click()
        if proposal == report:
            staff.locator("[name=reason]").fill(REASON)
        staff.locator("[name=none]" if proposal == report else "[name=all]").click()
        expect(staff.locator(".messagelist")).to_be_visible()
    visitor.goto(firm)
    expect(visitor.get_by_text(f"Nous forgeons des bielles, {mark}.")).to_be_visible()
    visitor.goto(work)
    expect(visitor.get_by_text(f"Brevet de bielle, {mark}")).to_be_visible()
    assert Organisation.objects.get(name=f"Zyzomys {mark}").status == "draft"
    assert Project.objects.get(title_fr=f"Des bielles creuses, {mark}").status == "draft"

    letters = arrived(server)
    assert [letter.to for letter in letters] == [sender] * 5
    assert REASON in letters[0].text and say("What you sent was not accepted.") in letters[0].text
    assert all(say("What you sent was accepted. Thank you.") in letter.text for letter in letters[1:])
    visitor.goto(letters[1].link)
    expect(visitor.get_by_text(f"Nous forgeons des bielles, {mark}.")).to_be_visible()
    picture(visitor, f"followed-{mark}")
    for page in (visitor, staff):
        page.context.close()


def fill(box: Locator, value: str) -> None:
    if box.evaluate("box => box.tagName") == "SELECT":
        box.select_option(value)
    else:
        box.fill(value)
