"""The twenty-two tasks of docs/staff.md, each walked as the document says, by a test that bears its name.

With PICTURES=folder in the environment each leaves a picture there, and with WALKED_IN=fr they are walked in French.
"""

import os
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext, override
from playwright.sync_api import Browser, BrowserContext, Page, expect

from members.models import Cluster, Company, ContactPerson, Invitation, Membership, Organisation, RoleAssignment, Theme
from projects.models import Participation, Project
from tests.staff import PASSWORD, person
from tests.work import do_what_waits

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("team")]
DOCS = Path(__file__).parents[2] / "docs"
LANGUAGE, PICTURES = os.environ.get("WALKED_IN", "en"), os.environ.get("PICTURES")


def organisation(name: str, cluster: Cluster, **values) -> Organisation:
    values = {"kind": "company", "status": "published", "slug": slugify(name), **values}
    made = Organisation.objects.create(name=name, lead_cluster=cluster, **values)
    Membership.objects.create(organisation=made, cluster=cluster, joined_on=date(2020, 1, 1))
    return made


@pytest.fixture(scope="module")
def team(network_of_its_own) -> SimpleNamespace:
    """Who works, and on what: committed, for the site's threads to see."""
    cara, minalogic = (Cluster.objects.get(slug=slug) for slug in ("cara", "minalogic"))
    people = {
        "editor": person("lea", "cluster_editor", cara, first_name="Léa", last_name="Exemple"),
        "manager": person("ines", "cluster_manager", cara, first_name="Inès", last_name="Exemple"),
        "colleague": person("noe", "cluster_editor", cara, first_name="Noé", last_name="Exemple"),
        "leaver": person("tom", "cluster_editor", cara, first_name="Tom", last_name="Exemple"),
        "network": person("sacha", "network_editor", first_name="Sacha", last_name="Exemple"),
    }
    made = SimpleNamespace(
        people=people,
        cara=cara,
        stranger=organisation("Turbines de Belledonne", minalogic),
        waiting=organisation("Pistons de Rillieux", cara, status="draft"),
        draft=organisation("Batteries du Rhône", cara, status="draft"),
        member=organisation("Essieux de Vaise", cara),
        renamed=organisation("Moteurs Martin", cara),
        leaving=organisation("Freins de Bron", cara),
        back=organisation("Pneus de Meyzieu", cara),
        wrong=organisation("Vitrages de Corbas", cara),
        stays=organisation("Jantes de Villeurbanne", cara),
        closed=organisation("Carrosserie Dubois", cara),
        many=[organisation(f"Atelier {name}", cara, status="draft") for name in ("Ampère", "Curie", "Volta")],
        project=Project.objects.create(
            acronym="ESSAI", title_fr="Un essai", slug="essai", status="published", total_cost=100_000
        ),
    )
    made.back.memberships.update(left_on=date(2025, 1, 1))
    made.project.labels.create(cluster=cara, role="lead", date=date(2024, 1, 1))
    Participation.objects.create(project=made.project, organisation=made.member, role="coordinator", cost=60_000)
    Participation.objects.create(project=made.project, organisation=made.renamed, role="partner", cost=50_000)
    made.sessions = {}
    for who, user in people.items():
        session = SessionStore()
        session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        made.sessions[who] = session.session_key
    return made


def say(text: str, **values) -> str:
    """What the site says for an English text, in the language of the walk."""
    with override(LANGUAGE):
        return gettext(text) % values if values else gettext(text)


@pytest.fixture
def browser_of(browser: Browser, team, base_url) -> Iterator[Callable[[str], Page]]:
    """Somebody of the team -> her browser."""
    opened: list[BrowserContext] = []

    def made(who: str = "") -> Page:
        context = browser.new_context(base_url=base_url, viewport={"width": 1280, "height": 900}, locale=LANGUAGE)
        context.set_default_timeout(10_000)
        cookies = {settings.LANGUAGE_COOKIE_NAME: LANGUAGE}
        if who:
            cookies[settings.SESSION_COOKIE_NAME] = team.sessions[who]
        context.add_cookies([{"name": name, "value": value, "url": base_url} for name, value in cookies.items()])
        opened.append(context)
        return context.new_page()

    yield made
    for context in opened:
        context.close()


@pytest.fixture
def picture(request) -> Callable[[Page], None]:
    """Keeps what the page shows, under the name of the task, where pictures are wanted."""

    def take(page: Page) -> None:
        if PICTURES:
            name = request.node.originalname.removeprefix("test_").replace("_", "-")
            page.screenshot(path=Path(PICTURES) / LANGUAGE / f"{name}.png")

    return take


def go_to_list(page: Page, model: type[Model]) -> None:
    page.goto(reverse("admin:index"))
    with override(LANGUAGE):
        name = str(capfirst(model._meta.verbose_name_plural))
    page.locator("#content-main").get_by_role("link", name=name, exact=True).click()


def search(page: Page, words: str) -> None:
    page.locator("#searchbar").fill(words)
    page.keyboard.press("Enter")


def tick(page: Page, *rows: str) -> None:
    for row in rows:
        page.get_by_role("row", name=row).get_by_role("checkbox").check()


def choose(page: Page, action: str) -> None:
    page.locator("select[name=action]").select_option(label=action)
    page.locator("button[name=index]").click()


def save(page: Page) -> None:
    page.locator("input[name=_save]").click()


def done(page: Page, text: str | re.Pattern) -> None:
    expect(page.locator(".messagelist")).to_contain_text(text)


def of(model, **values):
    return model.objects.get(**values)


def pick(page: Page, box: str, name: str) -> None:
    """Types into a box that offers while one types, and takes what it offers."""
    page.locator(f"#{box} + .select2-container .select2-selection").click()
    page.get_by_role("searchbox").last.fill(name)
    page.get_by_role("option", name=name).first.click()


# --- the document -----------------------------------------------------------------------------------------------------
def tasks_of(document: str) -> dict[str, list[str]]:
    """Heading -> lines."""
    text = (DOCS / document).read_text(encoding="utf-8")
    part = re.split("^## ", text, flags=re.M)[1]
    return {
        heading.partition("\n")[0]: heading.partition("\n")[2].strip().splitlines()
        for heading in re.split("^### ", part, flags=re.M)[1:]
    }


def test_each_task_is_walked_here_and_told_in_six_lines_at_most_in_both_languages():
    english, french = tasks_of("staff.md"), tasks_of("staff.fr.md")
    assert len(english) == len(french) == 22
    for heading in english:
        name = "test_" + re.sub("[^a-z]+", "_", heading.lower().replace("’", ""))
        assert callable(globals().get(name)), name
    for told in (english, french):
        assert all(0 < len(lines) <= 6 for lines in told.values())


# --- the tasks --------------------------------------------------------------------------------------------------------
def test_sign_in(browser_of, picture):
    page = browser_of()
    page.goto("/admin/")
    page.locator("input[name=login]").fill("lea")
    page.locator("input[name=password]").fill(PASSWORD)
    picture(page)
    page.get_by_role("button", name=say("Sign in"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("What there is to edit"))


def test_see_what_waits_for_you(browser_of, picture):
    page = browser_of("editor")
    page.goto(reverse("admin:index"))
    expect(page.get_by_role("heading", name=say("What others changed this week"))).to_be_visible()
    picture(page)
    page.get_by_role("region", name=say("What needs work")).get_by_role(
        "link", name=re.compile(rf"^\d+\s+{say('drafts')}$", re.I)
    ).first.click()
    expect(page.get_by_role("row", name="Pistons de Rillieux")).to_be_visible()


def test_find_a_record(browser_of, picture):
    page = browser_of("editor")
    go_to_list(page, Company)
    search(page, "pistons rillieux")
    expect(page.get_by_role("row", name="Pistons de Rillieux")).to_be_visible()
    picture(page)
    page.set_viewport_size({"width": 800, "height": 900})
    expect(page.get_by_role("navigation", name=re.compile("Filt"))).to_be_hidden()
    page.get_by_role("link", name=say("Filters")).click()
    expect(page.get_by_role("navigation", name=re.compile("Filt"))).to_be_visible()
    page.get_by_role("link", name=say("Close the filters")).click()
    expect(page.get_by_role("navigation", name=re.compile("Filt"))).to_be_hidden()


def test_publish_what_is_ready(browser_of, picture, team):
    page = browser_of("editor")
    go_to_list(page, Company)
    search(page, "Batteries du Rhône")
    tick(page, "Batteries du Rhône")
    choose(page, say("Publish"))
    expect(page.locator(".confirm")).to_contain_text(say("no theme"))
    page.locator("input[name=all]").check()
    picture(page)
    page.locator("input[type=submit]").click()
    done(page, say("Undo"))
    assert of(Organisation, pk=team.draft.pk).status == "published"


def test_change_what_a_record_says(browser_of, picture, team):
    page = browser_of("editor")
    page.goto(reverse("admin:members_company_change", args=[team.member.pk]))
    page.locator("#id_description_fr").fill("Des essieux pour tous.")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name=say("Home")).first.click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"] and page.locator("#id_description_fr").input_value() == "Des essieux pour tous."
    picture(page)
    save(page)
    done(page, "Essieux de Vaise")
    assert of(Organisation, pk=team.member.pk).description_fr == "Des essieux pour tous."
    assert asked == ["beforeunload"], "saving asks nothing"


def test_add_a_contact_person(browser_of, picture, team):
    page = browser_of("editor")
    page.goto(reverse("admin:members_company_change", args=[team.member.pk]))
    page.locator("#contacts-group .add-row a").click()
    page.locator("#id_contacts-0-name").fill("Camille Exemple")
    picture(page)
    save(page)
    done(page, "Essieux de Vaise")
    assert of(ContactPerson, organisation=team.member).cluster == team.cara


def test_add_a_partner_to_a_project(browser_of, picture, team):
    page = browser_of("editor")
    page.goto(reverse("admin:projects_project_change", args=[team.project.pk]))
    page.locator("#participations-group .add-row a").click()
    pick(page, "id_participations-2-organisation", "Freins de Bron")
    page.locator("#id_participations-2-role").select_option("partner")
    picture(page)
    save(page)
    done(page, "ESSAI")
    assert team.project.participations.filter(organisation=team.leaving).exists()


def test_correct_sums_that_do_not_add_up(browser_of, picture, team):
    page = browser_of("editor")
    page.goto(reverse("admin:index"))
    page.get_by_role("link", name=say("sums that do not add up")).click()
    page.get_by_role("link", name=re.compile("ESSAI")).first.click()
    expect(page.locator(".sum-wrong").first).to_be_visible()
    picture(page)
    page.locator("#id_total_cost").fill("110 000 €")
    save(page)
    done(page, "ESSAI")
    assert of(Project, pk=team.project.pk).total_cost == 110_000


def test_change_a_theme_of_many_rows(browser_of, picture, team):
    theme = Theme.objects.filter(parent=None).order_by("pk")[0]
    page = browser_of("editor")
    go_to_list(page, Company)
    search(page, "Atelier")
    page.locator("#action-toggle").check()
    choose(page, say("Add themes"))
    page.locator(f"input[name=themes][value={theme.slug}]").check()
    page.locator(".confirm input[type=submit]").click()
    for one in team.many:
        expect(page.locator(".confirm__rows--going")).to_contain_text(one.name)
    picture(page)
    page.locator(".confirm input[type=submit]").click()
    done(page, say("Undo"))
    assert all(one.themes.filter(pk=theme.pk).exists() for one in team.many)


def test_archive_what_is_over(browser_of, picture, team):
    page = browser_of("editor")
    go_to_list(page, Company)
    search(page, "Carrosserie Dubois")
    tick(page, "Carrosserie Dubois")
    choose(page, say("Archive"))
    page.locator("#reason").fill("Fermée en octobre")
    picture(page)
    page.locator("input[type=submit]").click()
    done(page, say("Undo"))
    assert of(Organisation, pk=team.closed.pk).status == "archived"


def test_see_who_changed_what(browser_of, picture, team):
    page = browser_of("editor")
    page.goto(reverse("admin:members_company_change", args=[team.stays.pk]))
    page.locator("#id_acronym").fill("JV")
    save(page)
    page = browser_of("manager")
    page.goto(reverse("admin:members_company_change", args=[team.stays.pk]))
    page.locator(".historylink").click()
    expect(page.locator(".history__who").first).to_contain_text("Léa Exemple")
    expect(page.locator(".history__lines").first).to_contain_text("JV")
    page.get_by_role("navigation", name=say("Lists")).get_by_role("link", name=say("Changes")).click()
    expect(page.locator(".history__sets")).to_contain_text("Jantes de Villeurbanne")
    picture(page)


def test_settle_what_two_people_changed(browser_of, picture, team):
    address = reverse("admin:members_company_change", args=[team.member.pk])
    first, second = browser_of("editor"), browser_of("colleague")
    first.goto(address)
    second.goto(address)
    second.locator("#id_description_en").fill("Axles for everybody.")
    second.locator("#id_acronym").fill("EV")
    save(second)
    done(second, "Essieux de Vaise")
    first.locator("#id_description_en").fill("Axles.")
    first.locator("#id_acronym").fill("EDV")
    save(first)
    expect(first.locator(".contested").first).to_contain_text("Noé Exemple")
    first.locator("input[name=take-acronym][value=theirs]").check()
    picture(first)
    save(first)
    done(first, "Essieux de Vaise")
    kept = of(Organisation, pk=team.member.pk)
    assert (kept.acronym, kept.description_en) == ("EV", "Axles.")


def test_add_a_new_member(browser_of, picture, team):
    page = browser_of("editor")
    page.goto(reverse("admin:index"))
    page.locator("#find-member").fill("Cardans de Givors")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=say("Add “%(typed)s”…", typed="Cardans de Givors")).click()
    expect(page.locator("input[name$=name]").first).to_have_value("Cardans de Givors")
    page.locator("select[name$=kind]").select_option("company")
    page.locator("input[name$=city]").fill("Givors")
    picture(page)
    page.get_by_role("button", name=say("Save as a draft")).click()
    done(page, "Cardans de Givors")
    made = of(Organisation, name="Cardans de Givors")
    assert (made.status, made.memberships.get().cluster) == ("draft", team.cara)


def test_make_a_member_of_an_organisation_that_is_here_already(browser_of, picture, team):
    page = browser_of("editor")
    page.goto(reverse("admin:index"))
    page.locator("#find-member").fill("turbines belledonne")
    page.keyboard.press("Enter")
    found = page.get_by_role("listitem").filter(has_text="Turbines de Belledonne")
    picture(page)
    found.get_by_role("button", name=say("Make it a member of %(cluster)s", cluster=team.cara)).click()
    done(page, "Turbines de Belledonne")
    assert team.stranger.memberships.filter(cluster=team.cara).exists()


def test_rename_an_organisation(browser_of, picture, team):
    page = browser_of("editor")
    page.goto(reverse("admin:members_company_change", args=[team.renamed.pk]))
    page.locator("#id_name").fill("Moteurs Durand")
    save(page)
    expect(page.locator("input[name=keep_former_name]")).to_be_checked()
    picture(page)
    save(page)
    done(page, "Moteurs Durand")
    assert of(Organisation, pk=team.renamed.pk).names.get().name == "Moteurs Martin"


def test_end_a_membership(browser_of, picture, team):
    page = browser_of("editor")
    go_to_list(page, Membership)
    search(page, "Freins de Bron")
    tick(page, "Freins de Bron")
    choose(page, say("End memberships"))
    page.locator("input[name=reason]").fill("Cotisation non renouvelée")
    picture(page)
    page.locator(".submit-row input[type=submit]").click()
    done(page, say("Undo"))
    assert team.leaving.memberships.get().left_on == timezone.localdate()


SPREADSHEET = """Raison sociale;Type;CP;Ville;Thématique;Courriel
Fonderie de l’Essai;Entreprise;69001;LYON CEDEX 1;Métaux rares;contact@fonderie.example
Jantes de Villeurbanne;Entreprise;;;;
"""


def behind_the_pages(do: Callable[[], object]) -> None:
    """In a thread of its own, for what is done there is committed as the site's threads commit."""

    def done_and_closed() -> None:
        try:
            do()
        finally:
            connection.close()

    worker = Thread(target=done_and_closed)
    worker.start()
    worker.join()


def test_bring_members_in_from_a_spreadsheet(browser_of, picture, team, settings, tmp_path, monkeypatch):
    settings.IMPORTS_ROOT = tmp_path
    for module in ("check", "confirm"):
        monkeypatch.setattr(f"members.admin.imports.{module}.worker_alive", lambda: True)
    page = browser_of("editor")
    page.goto(reverse("admin:index"))
    page.get_by_role("link", name=say("Bring a file in")).first.click()
    file = {"name": "membres.csv", "mimeType": "text/csv", "buffer": SPREADSHEET.encode()}
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name=say("Bring it in")).click()
    expect(page.get_by_role("cell", name="LYON CEDEX 1")).to_be_visible()
    page.get_by_role("link", name=say("Go on to the columns")).click()
    expect(page.locator("#column-0")).to_have_value("name")
    page.get_by_role("button", name=say("Go on"), exact=True).click()
    page.get_by_label("Métaux rares").select_option(index=2)
    page.get_by_role("button", name=say("Check the file")).click()
    behind_the_pages(do_what_waits)
    page.reload()
    page.get_by_role("button", name=say("It is this one")).click()
    done(page, re.compile("1"))
    picture(page)
    page.get_by_role("link", name=say("Go on to the confirmation")).click()
    page.locator(".submit-row button").click()
    behind_the_pages(do_what_waits)
    page.reload()
    expect(page.locator("#content-main")).to_contain_text(say("What was written"))
    expect(page.get_by_role("link", name=say("Undo this import"))).to_be_visible()
    made = of(Organisation, name="Fonderie de l’Essai")
    assert made.sites.get().city == "LYON" and made.memberships.get().cluster == team.cara
    assert Organisation.objects.filter(name="Jantes de Villeurbanne").count() == 1


def test_take_a_membership_up_again(browser_of, picture, team):
    page = browser_of("editor")
    go_to_list(page, Membership)
    search(page, "Pneus de Meyzieu")
    tick(page, "Pneus de Meyzieu")
    choose(page, say("Take memberships up again"))
    picture(page)
    page.locator(".submit-row input[type=submit]").click()
    done(page, say("Undo"))
    assert team.back.memberships.filter(left_on=None).exists()


def test_put_one_value_back(browser_of, picture, team):
    page = browser_of("editor")
    address = reverse("admin:members_company_change", args=[team.wrong.pk])
    page.goto(address)
    page.locator("#id_acronym").fill("FAUX")
    save(page)
    page.goto(address)
    page.locator(".historylink").click()
    page.get_by_role("link", name=say("Put this value back")).first.click()
    expect(page.locator(".history")).to_contain_text("FAUX")
    picture(page)
    page.locator("#content-main input[type=submit], #content-main button[type=submit]").first.click()
    done(page, re.compile("."))
    assert of(Organisation, pk=team.wrong.pk).acronym == ""


def test_undo_what_was_done_to_many(browser_of, picture, team):
    page = browser_of("editor")
    go_to_list(page, Company)
    search(page, "Atelier")
    tick(page, *(one.name for one in team.many))
    choose(page, say("Submit for review"))
    page.locator(".confirm input[type=submit]").click()
    done(page, say("Undo"))
    states = Organisation.objects.filter(pk__in=[one.pk for one in team.many]).values_list("status", flat=True)
    assert list(states.all()) == ["in_review"] * 3
    page.get_by_role("navigation", name=say("Lists")).get_by_role("link", name=say("Changes")).click()
    page.locator(".history__sets li").filter(has_text="Atelier Volta").first.get_by_role("link").first.click()
    page.get_by_role("link", name=say("Undo all of it")).click()
    picture(page)
    page.locator("#content-main input[type=submit], #content-main button[type=submit]").first.click()
    done(page, re.compile("."))
    assert list(states.all()) == ["draft"] * 3


def test_invite_a_colleague(browser_of, picture, team):
    page = browser_of("manager")
    page.goto(reverse("admin:index"))
    page.goto(reverse("admin:members_company_changelist"))
    page.get_by_role("navigation", name=say("Lists")).get_by_role("link", name=say("Teams")).click()
    page.locator("input[name=email]").fill("maelle@portal.example")
    picture(page)
    page.get_by_role("button", name=say("Send the invitation")).click()
    done(page, "maelle@portal.example")
    assert of(Invitation, email="maelle@portal.example").cluster == team.cara


def test_end_a_colleagues_access(browser_of, picture, team):
    page = browser_of("manager")
    page.goto(reverse("admin:members_people_of", args=[team.cara.pk]))
    page.get_by_role("link", name=re.compile(f"{say('End the role')}.*Tom Exemple")).click()
    picture(page)
    page.get_by_role("button", name=say("End the role")).click()
    done(page, re.compile("."))
    assert not RoleAssignment.objects.running().filter(user_id=team.people["leaver"].pk).exists()
