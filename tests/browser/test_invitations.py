"""From an invitation to the second factor of whoever took it up, in a browser; and the pages of people, readable by
everybody."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.urls import reverse
from pghistory.models import Context
from playwright.sync_api import Browser, Page, expect

from cluster_portal.history.tracking import TRACKED
from cluster_portal.models import Answer, SecurityEvent, UnsentMail
from members.models import Cluster, Invitation, RoleAssignment
from tests.browser.test_sign_in import set_up_app, sign_in
from tests.staff import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network_connection")]
WRITTEN = (Invitation, RoleAssignment, Authenticator, UserSession, SecurityEvent, UnsentMail, Session, Answer)


@pytest.fixture(scope="module")
def root(network_connection) -> Iterator[str]:
    """A superuser, committed before the test begins its transaction: the site's threads see her; and no mail server."""
    cache.clear()
    was, settings.SECOND_FACTOR = settings.SECOND_FACTOR, True
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "cluster_portal.sign_in.outbox.OutboxBackend"
    get_user_model().objects.create_superuser("root", "root@portal.example", PASSWORD)
    yield "root"
    settings.SECOND_FACTOR, settings.EMAIL_BACKEND = was, backend
    for rows in WRITTEN:
        rows.objects.all().delete()
    TRACKED["members.roleassignment"].events.objects.all().delete()
    Context.objects.all().delete()
    get_user_model().objects.filter(username__in=["root", "nina"]).delete()
    cache.clear()


def test_from_the_invitation_to_the_second_factor(
    page: Page, browser: Browser, base_url, violations, expected_complaints, root
):
    """Invited, told by a letter that the outbox holds, accepted by a new account, and in once the app is set up."""
    faults: list[str] = []
    expected_complaints.append("status of 404")

    def look(at: Page, name: str) -> None:
        for width in (390, 1280):
            at.set_viewport_size({"width": width, "height": 900})
            faults.extend(f"{name}, {width}: {fault}" for fault in violations(at))
            if at.evaluate("document.documentElement.scrollWidth") > width:
                faults.append(f"{name}, {width}: scrolls sideways")

    sign_in(page, root)
    set_up_app(page)
    page.goto(reverse("admin:members_people"))
    look(page, "teams")
    page.get_by_role("link", name="Le réseau").click()
    page.get_by_label("Adresse électronique").fill("nina@portal.example")
    page.get_by_label("Rôle").select_option("network_editor")
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.get_by_text("L’invitation part pour nina@portal.example.")).to_be_visible()
    look(page, "people of the network")
    page.goto(reverse("admin:portal_unsentmail_changelist"))
    page.get_by_role("link", name=re.compile("Invitation|nov|202")).first.click()
    letter = page.locator("#content-main").inner_text()
    address = re.search(r"http://\S+(/admin/invitation/\S+/)", letter)[1]

    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.goto(address)
    expect(page).to_have_url(re.compile("/admin/invitation/$"))
    look(page, "an invitation")
    page.goto("/admin/invitation/altered/")
    look(page, "no invitation")
    page.context.clear_cookies()
    page.context.add_cookies(cookies)

    context = browser.new_context(base_url=base_url, locale="fr-FR")
    hers = context.new_page()
    hers.goto(address)
    expect(hers).to_have_url(re.compile("/admin/invitation/$"))
    hers.locator("#id_first_name").fill("Nina")
    hers.locator("#id_last_name").fill("Simon")
    hers.locator("#id_password1").fill(PASSWORD)
    hers.locator("#id_password2").fill(PASSWORD)
    hers.get_by_role("button", name="Accepter et créer le compte").click()
    expect(hers.get_by_text("Votre compte est prêt. Connectez-vous.")).to_be_visible()
    sign_in(hers, "nina")
    expect(hers).to_have_url(re.compile("/admin/account/$"))
    set_up_app(hers)
    hers.goto("/admin/")
    expect(hers.get_by_role("heading", name="Ce que vous pouvez modifier")).to_be_visible()

    page.goto(reverse("admin:members_people_of_network"))
    expect(page.get_by_text("Nina Simon", exact=True)).to_be_visible()
    look(page, "people of the network, with somebody")
    page.get_by_role("link", name=re.compile("Mettre fin au rôle")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nina Simon")
    look(page, "end of a role")
    page.goto(reverse("admin:members_people_of", args=[Cluster.objects.get(slug="cara").pk]))
    look(page, "people of a cluster")
    assert faults == []
    hers.goto(address)
    expect(hers.get_by_text("Cette invitation a déjà été acceptée")).to_be_visible()
    context.close()
