"""Somebody writes to an organisation, or to a project's coordinator: what she says arrives, no address is shown, and nothing
of it is kept."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from cluster_portal.mail import sending
from cluster_portal.models import OutgoingMail
from cluster_portal.personal_data.retention import TERMS
from contributions.forms import MessageForm
from contributions.models import NoMoreMail, RelayedMessage, UnwantedMail
from contributions.relaying import MOST_A_DAY, forget_what_nobody_confirmed
from members.models import Cluster, Membership, Organisation
from projects.models import Participation, Project
from tests.admin_rows import cluster, organisation, places, project
from tests.smtp import mail_server
from tests.staff import browser, person
from tests.test_merge import confirmed
from tests.test_personal_data import dump
from tests.test_proposals import typed
from tests.work import do_what_waits

pytestmark = pytest.mark.django_db
SECRET, SENDER, NAME, HIDDEN = "Xylophagie", "lea@yvran.example", "Léa Yvrandelle", "accueil@volta.example"
ORGANISATION, PROJECT = "/en/members/volta/write/", "/en/projects/pile/write/"


@pytest.fixture(autouse=True)
def fresh(settings, time_machine):
    cache.clear()
    settings.MAIL_PER_MINUTE = 6000
    time_machine.move_to("2026-11-25 09:00:00+00:00", tick=False)


@pytest.fixture
def server(settings):
    with mail_server() as known:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", known.port
        settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "", False, False
        yield known


@pytest.fixture
def volta(db) -> Organisation:
    """Of CARA, which keeps it; and coordinator of a project."""
    places()
    made = organisation("Volta", slug="volta", email=HIDDEN, lead_cluster=cluster("CARA", "CARA"))
    Membership.objects.create(organisation=made, cluster=made.lead_cluster, joined_on=date(2020, 1, 1))
    Participation.objects.create(project=project("PILE", slug="pile"), organisation=made, role="coordinator")
    return made


def sent(address: str, time_machine, *, after=10, client=None, **changed):
    client = client or Client()
    form = typed(client, address) | {"sender_email": SENDER, "sender_name": NAME, "text": f"Bonjour. {SECRET} ?"}
    time_machine.shift(after)
    return client.post(address, form | changed)


def text_of(message) -> str:
    return (
        next(part for part in message.walk() if part.get_content_type() == "text/plain")
        .get_payload(decode=True)
        .decode()
    )


def link_in(text: str) -> str:
    return unescape(re.search(r"http://testserver(\S+)", text)[1])


def link_of(kind: str) -> str:
    return link_in(OutgoingMail.objects.filter(kind=kind).latest("pk").text)


def rows_naming(*words: str) -> set[str]:
    return {table for table, rows in dump().items() if any(word in row for word in words for row in rows)}


# --- from the page to the organisation's mail ---------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["/en/members/volta/", "/fr/projets/pile/"])
def test_from_the_page_to_the_mail_and_nothing_of_it_stays(
    volta, server, time_machine, django_capture_on_commit_callbacks, page
):
    address = unescape(re.search(r'href="([^"]*/(?:write|ecrire)/)"', Client().get(page).text)[1])
    with django_capture_on_commit_callbacks(execute=True):
        answer = sent(address, time_machine)
    assert answer.status_code == 302 and HIDDEN not in Client().get(answer.headers["Location"]).text
    do_what_waits()
    (asked,) = server.taken
    assert asked["To"] == SENDER and SECRET not in asked.as_string() and HIDDEN not in asked.as_string()
    link = link_in(text_of(asked))
    page_ = Client().get(link)
    assert SECRET in page_.text and HIDDEN not in page_.text and "no-store" in page_.headers["Cache-Control"]
    assert RelayedMessage.objects.unconfirmed().exists() and len(server.taken) == 1, "opening it changes nothing"
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            assert Client().post(link).status_code == 302
    do_what_waits()
    _asked, got = server.taken
    assert (got["To"], got["Reply-To"]) == (HIDDEN, SENDER)
    assert f"Bonjour. {SECRET} ?" in text_of(got) and NAME in text_of(got)
    assert "PILE" in text_of(got) if "pile" in page else "Volta" in text_of(got)
    assert got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert rows_naming(SECRET, SENDER, "Yvrandelle") == set()
    assert [mail.to for mail in OutgoingMail.objects.all()] == ["", ""]
    assert SECRET not in Client().get(link).text and HIDDEN not in Client().get(link).text
    one = RelayedMessage.objects.get()
    assert (one.organisation, bool(one.project), bool(one.passed_on_at)) == (volta, "pile" in page, True)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_public_page_says_the_address(volta, language):
    Cluster.objects.update(email="cara@volta.example")
    with override(language):
        pages = [
            reverse(f"{app}:{model}-{what}", args=[slug])
            for app, model, slug, whats in (
                ("members", "organisation", "volta", ["detail"]),
                ("members", "cluster", "cara", ["detail", "members"]),
                ("projects", "project", "pile", ["detail"]),
                ("contributions", "organisation", "volta", ["write", "report", "propose"]),
                ("contributions", "project", "pile", ["write", "report", "propose"]),
                ("contributions", "cluster", "cara", ["report", "propose"]),
            )
            for what in whats
        ] + [reverse("members:organisation-list"), reverse("projects:project-list")]
        pages += [
            f"{reverse('members:organisation-list')}?format={kind}" for kind in ("csv", "json", "xlsx", "geojson")
        ]
    for page in pages:
        answer = Client().get(page)
        content = answer.getvalue() if answer.streaming else answer.content
        assert (
            answer.status_code == 200 and b"volta.example" not in unescape(content.decode(errors="replace")).encode()
        ), page


def test_who_proposes_another_address_does_not_read_the_one_that_stands(volta, time_machine):
    client, address = Client(), "/en/members/volta/propose/"
    form = typed(client, address) | {"sender_email": SENDER, "field-acronym": "VLT"}
    assert "field-email" not in form
    time_machine.shift(10)
    assert client.post(address, form).status_code == 302
    assert client.post(address, form | {"field-email": "neuf@volta.example"}).status_code == 302
    first, second = volta.proposals.order_by("pk")
    assert first.values == {"acronym": "VLT"}, "left blank, it stays"
    assert second.based_on["email"] == HIDDEN, "whoever decides reads both"
    page = client.get(link_of("proposal-confirm")).text
    assert "neuf@volta.example" in page and HIDDEN not in page and "shown to nobody" in page


# --- what is refused ----------------------------------------------------------------------------------------------------
def test_what_cannot_be_sent_is_a_sentence_and_nothing_is_lost(volta, time_machine):
    kept = f"Bonjour. {SECRET} ?"
    cases = [
        ({"homepage": "http://spam.example"}, 10, "robot", kept),
        ({}, 1, "quicker than anybody types", kept),
        ({"opened": "open:forged"}, 10, "send it again", kept),
        ({"text": ""}, 10, "required", NAME),
        ({"text": "x" * 1_000_000}, 10, "at most 4000", "x" * 1_000_000),
        ({"text": "<b>Bonjour</b>"}, 10, "plain text", "<b>Bonjour</b>"),
        ({"text": 'Voir <a href="https://spam.example">ici</a>'}, 10, "plain text", "spam.example"),
        ({"sender_name": ""}, 10, "required", kept),
        ({"sender_email": "lea@example.org\nBcc: all@example.org"}, 10, "valid email", kept),
        ({"sender_email": "lea"}, 10, "valid email", kept),
    ]
    for address in (ORGANISATION, PROJECT):
        for changed, after, said, stays in cases:
            answer = sent(address, time_machine, after=after, **changed)
            assert answer.status_code == 200 and said in (text := unescape(answer.text)), changed
            assert stays in text, changed
    assert not RelayedMessage.objects.exists() and not OutgoingMail.objects.exists()


def test_what_only_looks_like_html_is_sent():
    for text in ("Léa <lea@example.org>", "a < b et c > d", "<https://volta.example/>", "1<2"):
        MessageForm.base_fields["text"].clean(text)


def test_the_same_twice_is_one_row_and_asked_about_again(volta, time_machine):
    for _again in range(2):
        assert sent(ORGANISATION, time_machine).status_code == 302
    assert RelayedMessage.objects.count() == 1 and OutgoingMail.objects.count() == 2
    Client().post(link_of("message-confirm"))
    assert (
        sent(ORGANISATION, time_machine, text=f"Bonjour.  {SECRET} ?", sender_email=SENDER.upper()).status_code == 302
    )
    assert RelayedMessage.objects.count() == 1 and OutgoingMail.objects.count() == 3, "it has left already"
    assert sent(ORGANISATION, time_machine, sender_email="autre@example.org").status_code == 302
    assert RelayedMessage.objects.count() == 2, "what somebody else writes is another message"


def test_limits_of_a_sender_and_of_a_receiver(volta, time_machine):
    other = organisation("Volta Services", slug="volta-services", email=HIDDEN.upper())
    for number in range(5):
        assert sent(ORGANISATION, time_machine, text=f"Bonjour {number}").status_code == 302
    answer = sent(ORGANISATION, time_machine, text="Encore un")
    assert answer.status_code == 429 and "five an hour" in answer.text and "Encore un" in answer.text
    links = [link_in(text) for text in OutgoingMail.objects.order_by("pk").values_list("text", flat=True)]
    for link in links:
        assert Client().post(link).status_code == 302
    now = timezone.now()
    for _more in range(MOST_A_DAY - 6):
        RelayedMessage.objects.create(organisation=other, passed_on_at=now)  # the same address reads them
    cache.clear()
    for number in (1, 2):
        assert sent(ORGANISATION, time_machine, text=f"Dernier {number}").status_code == 302
    *_before, last, too_many = OutgoingMail.objects.filter(kind="message-confirm").order_by("pk")
    assert Client().post(link_in(last.text)).status_code == 302
    answer = Client().post(link_in(too_many.text))
    assert answer.status_code == 200 and f"was sent {MOST_A_DAY} messages since yesterday" in answer.text
    assert "Dernier 2" in answer.text, "it waits still"
    assert "since yesterday" in (page := Client().get(PROJECT).text) and "<textarea" not in page
    time_machine.shift(timedelta(days=1))
    assert Client().post(link_in(too_many.text)).status_code == 302, "on the next day"
    assert RelayedMessage.objects.passed_on().count() == MOST_A_DAY + 1


def test_what_is_not_confirmed_within_two_days_is_gone(volta, time_machine):
    sent(ORGANISATION, time_machine)
    link = link_of("message-confirm")
    time_machine.shift(timedelta(hours=47, minutes=59))
    assert forget_what_nobody_confirmed() == 0 and Client().get(link).status_code == 200
    time_machine.shift(timedelta(minutes=2))
    assert Client().post(link).status_code == 404, "whether it was cleared away yet or not"
    assert forget_what_nobody_confirmed() == 1 and not RelayedMessage.objects.exists()


def test_an_altered_link_says_so_and_one_for_another_thing_is_no_key(volta, time_machine):
    sent(ORGANISATION, time_machine)
    link = link_of("message-confirm")
    for wrong in (link[:-2], link + "x", "/en/messages/confirm/", link.replace("messages/confirm", "messages/no-more"),
                  link.replace("messages/confirm", "proposals/confirm"), "/en/messages/no-more/?t=%00"):  # fmt: skip
        answer = Client().get(wrong)
        assert answer.status_code == 404 and "This link leads nowhere" in answer.text, wrong
        assert Client().post(wrong).status_code == 404
    assert RelayedMessage.objects.unconfirmed().exists() and not NoMoreMail.objects.exists()


# --- no more of these -----------------------------------------------------------------------------------------------------
def test_the_receiver_wants_no_more_and_no_page_has_a_button(volta, settings, time_machine):
    settings.KEPT_PAGES_MB = 4
    pages = ["/en/members/volta/", "/en/projects/pile/"]
    assert all("/write/" in Client().get(page).text for _kept in range(2) for page in pages)
    sent(ORGANISATION, time_machine, text="Une autre")
    late = link_of("message-confirm")
    sent(ORGANISATION, time_machine)
    Client().post(link_of("message-confirm"))
    mail = OutgoingMail.objects.get(kind="message")
    link = link_in(mail.text)
    assert mail.headers["List-Unsubscribe"] == f"<http://testserver{link}>" and link.startswith("/fr/")
    page = Client().get(link)
    assert page.status_code == 200 and "<form" in page.text and not NoMoreMail.objects.exists()
    robot = Client(enforce_csrf_checks=True)
    for _twice in range(2):
        assert robot.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert NoMoreMail.objects.get().matter == UnwantedMail.MESSAGES
    assert not any("/write/" in Client().get(page).text for page in pages), "kept pages are made anew"
    for address in (ORGANISATION, PROJECT):
        page = Client().get(address)
        assert page.status_code == 200 and "can be written to" in page.text and "<textarea" not in page.text
    answer = Client().post(late)
    assert "can be written to" in answer.text and "Une autre" in answer.text
    assert OutgoingMail.objects.filter(kind="message").count() == 1


def test_who_has_no_address_or_is_no_longer_there_is_written_to_by_nobody(volta, time_machine):
    form = typed(Client(), ORGANISATION) | {"sender_email": SENDER, "sender_name": NAME, "text": SECRET}
    sent(ORGANISATION, time_machine, text="Avant")
    link = link_of("message-confirm")
    Organisation.objects.filter(pk=volta.pk).update(email="")
    assert "/write/" not in Client().get("/en/members/volta/").text + Client().get("/en/projects/pile/").text
    answer = Client().post(ORGANISATION, form)
    assert answer.status_code == 200 and "can be written to" in answer.text and SECRET in answer.text
    Organisation.objects.filter(pk=volta.pk).update(email=HIDDEN, status="archived")
    assert Client().get(ORGANISATION).headers["Location"] == "/en/members/volta/"
    assert "can be written to" in Client().get(PROJECT).text
    assert "can be written to" in Client().post(link).text
    Organisation.objects.filter(pk=volta.pk).update(status="draft")
    assert Client().get(ORGANISATION).status_code == 404
    assert Client().get(link).status_code == 200 and "can be written to" in Client().get(link).text
    Project.objects.update(status="archived")
    assert Client().get(PROJECT).headers["Location"] == "/en/projects/pile/"
    assert not OutgoingMail.objects.filter(kind="message").exists()


def test_of_one_that_was_merged_the_other_is_written_to(volta, time_machine):
    sent(ORGANISATION, time_machine)
    link = link_of("message-confirm")
    other = organisation("Voltaire", slug="voltaire", email="bonjour@voltaire.example")
    boss = browser()
    boss.force_login(get_user_model().objects.create_superuser("boss"))
    confirmed(boss, other, volta, email="other")
    answer = Client().get(ORGANISATION)
    assert (answer.status_code, answer.headers["Location"]) == (301, "/en/members/voltaire/write/")
    other.refresh_from_db()
    assert "Voltaire is sent these words" in Client().get(link).text
    assert Client().post(link).status_code == 302
    assert OutgoingMail.objects.get(kind="message").to == other.email
    assert RelayedMessage.objects.get().organisation == other


# --- staff ----------------------------------------------------------------------------------------------------------------
def test_staff_read_numbers_and_neither_words_nor_senders(volta, time_machine):
    minalogic = cluster("Minalogic", "MIN")
    Membership.objects.create(organisation=volta, cluster=minalogic, joined_on=date(2020, 1, 1))
    now = timezone.now()
    for days in (1, 29, 31, 364, 366):
        RelayedMessage.objects.create(organisation=volta, passed_on_at=now - timedelta(days=days))
    sent(ORGANISATION, time_machine)
    client = {}
    for name, role, of in (("ada", "cluster_editor", volta.lead_cluster), ("mia", "cluster_editor", minalogic),
                           ("boss", "administrator", None)):  # fmt: skip
        client[name] = browser()
        client[name].force_login(person(name, role, of))
    form = reverse("admin:members_company_change", args=[volta.pk])
    said = "2 in thirty days, 4 in a year"
    assert said in client["ada"].get(form).text and said not in client["mia"].get(form).text
    mails = reverse("admin:portal_outgoingmail_changelist")
    waiting = OutgoingMail.objects.get()
    pages = [
        form, reverse("admin:members_company_history", args=[volta.pk]), reverse("admin:members_organisation_changelist"),
        "/admin/", reverse("admin:contributions_queue"), mails, (one := reverse("admin:portal_outgoingmail_change", args=[waiting.pk])),
    ]  # fmt: skip
    for page in pages:
        assert not re.search(f"{SECRET}|yvran", client["boss"].get(page, follow=True).text, re.IGNORECASE), page
    assert one in client["boss"].get(mails).text and "shown to nobody" in client["boss"].get(one).text
    assert one not in client["boss"].get(f"{mails}?q=yvran").text, "nobody finds by an address that she wrote"
    for tried in ("to__startswith=lea", "reply_to=x", "text__contains=Bonjour"):
        assert client["boss"].get(f"{mails}?{tried}").status_code == 400, tried
    for others in ("aaa@example.org", "zzz@example.org"):
        OutgoingMail.objects.create(kind="x", to=others, subject=others, message_id=others)
    for order, place in (("2", -1), ("-2", 0)):
        rows = list(client["boss"].get(f"{mails}?o={order}").context["cl"].result_list)
        assert rows[place] == waiting, "not in the place of her address either"
    assert client["boss"].get(f"{mails}?state__exact=waiting").status_code == 200
    found = client["boss"].post("/admin/personal-data/", {"name": NAME, "email": SENDER, "phone": "", "do": "find"})
    assert {"messages", "mails"} <= {part.key for part in found.context["parts"]}
    assert "Volta" not in found.text and SECRET not in found.text
    found = client["boss"].post("/admin/personal-data/", {"name": SECRET, "email": "", "phone": "", "do": "find"})
    assert "Relayed messages" in found.text and "Bonjour" not in found.text


def test_to_erase_a_sender_erases_nobody_to_whom_she_wrote(volta, time_machine):
    sent(ORGANISATION, time_machine)
    Client().post(link_of("message-confirm"))
    boss = browser()
    boss.force_login(person("boss", "administrator"))
    asked = {"name": "", "email": SENDER, "phone": ""}
    found = boss.post("/admin/personal-data/", asked | {"do": "find"}).context["parts"]
    rows = [f"{part.key}:{row.key}" for part in found for row in part.rows]
    token = boss.post("/admin/personal-data/", asked | {"do": "erase", "row": rows}).context["token"]
    assert boss.post("/admin/personal-data/", asked | {"do": "confirm", "row": rows, "token": token}).status_code == 302
    volta.refresh_from_db()
    assert volta.email == HIDDEN and rows_naming(SENDER, "Yvrandelle") == set()


def test_a_mail_server_that_refuses_an_address_does_not_tell_it_to_staff(
    volta, server, time_machine, django_capture_on_commit_callbacks
):
    server.answer = lambda recipient: f"550 no such user <{recipient}>"
    with django_capture_on_commit_callbacks(execute=True):
        sent(ORGANISATION, time_machine)
    do_what_waits()
    mail = OutgoingMail.objects.get()
    assert mail.state == "refused" and mail.error.startswith("550 no such user") and SENDER not in mail.error
    time_machine.shift(timedelta(days=sending.KEPT_DAYS + 1))
    forget_what_nobody_confirmed()
    sending.forget_what_was_said()
    assert rows_naming(SECRET, SENDER, "Yvrandelle") == set()


# --- how long, and what the database refuses --------------------------------------------------------------------------------
def test_that_there_was_a_message_is_known_for_two_years(volta):
    term, now = TERMS["messages"], timezone.now()
    for days in (729, 731):
        RelayedMessage.objects.create(organisation=volta, passed_on_at=now - timedelta(days=days))
    assert term.due(term.moment) == 1 == term.end(term.moment)
    assert RelayedMessage.objects.get().passed_on_at == now - timedelta(days=729)


def test_of_what_has_left_it_is_soon_forgotten_that_it_is_not_to_be_sent_again(volta, time_machine):
    sent(ORGANISATION, time_machine)
    Client().post(link_of("message-confirm"))
    time_machine.shift(timedelta(hours=47))
    forget_what_nobody_confirmed()
    assert RelayedMessage.objects.get().fingerprint
    time_machine.shift(timedelta(hours=2))
    forget_what_nobody_confirmed()
    assert RelayedMessage.objects.get().fingerprint is None


def test_the_database_refuses_what_no_message_is_and_says_it_in_a_sentence(volta):
    whole = {"organisation": volta, "text": "Bonjour", "sender_email": SENDER}
    now = timezone.now()
    cases = {
        "contributions_message_language": [{"language": "de"}],
        "contributions_message_kept_until_passed_on": [
            {"text": ""}, {"sender_email": ""}, {"passed_on_at": now},
            {"passed_on_at": now, "text": "", "sender_email": ""} | {"sender_name": NAME},
        ],
    }  # fmt: skip
    constraints = {constraint.name: constraint for constraint in RelayedMessage._meta.constraints}
    assert set(constraints) == set(cases)
    for name, rows in cases.items():
        for wrong in rows:
            with pytest.raises(IntegrityError, match=name), transaction.atomic():
                RelayedMessage.objects.bulk_create([RelayedMessage(**whole | wrong)])
        assert str(constraints[name].violation_error_message).endswith(".")
