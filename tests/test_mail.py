"""Mails to people outside: written with what they tell of, sent once, tried again, and lost by nobody."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cluster_portal.mail import Letter, queue, sending
from cluster_portal.models import OutgoingMail
from tests.smtp import mail_server
from tests.work import do_what_waits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick(settings):
    settings.MAIL_PER_MINUTE = 6000


@pytest.fixture
def server(settings):
    with mail_server() as known:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", known.port
        settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "", False, False
        yield known


LETTER = Letter(
    subject="Décidé : <b>Volta</b>",
    paragraphs=["Une ligne.\nUne autre."],
    lines=[("Raison :", "parce que")],
    link=("Voir", "https://portal.example/?t=a&b"),
    end="Fin.",
)


def queued(to="lea@example.org", **more):
    return queue(LETTER, to, language="fr", kind="test", **more)


def test_a_mail_is_read_as_text_and_as_html(server, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        queued(reply_to="equipe@example.org", headers={"List-Unsubscribe": "<https://portal.example/x>"})
    do_what_waits()
    (got,) = server.taken
    text, html = (part.get_payload(decode=True).decode() for part in got.get_payload())
    assert (got["To"], got["Reply-To"], got["Auto-Submitted"]) == (
        "lea@example.org",
        "equipe@example.org",
        "auto-generated",
    )
    assert got["List-Unsubscribe"] == "<https://portal.example/x>"
    assert (
        "Une ligne.\r\nUne autre." in text and "https://portal.example/?t=a&b" in text and "Raison : parce que" in text
    )
    assert "Une ligne.<br>Une autre." in html and 'href="https://portal.example/?t=a&amp;b"' in html
    assert "&lt;b&gt;Volta&lt;/b&gt;" in html and 'lang="fr"' in html
    row = OutgoingMail.objects.get()
    assert (row.state, row.attempts) == ("sent", 1) and row.sent_at and got["Message-ID"] == row.message_id


def test_what_is_taken_back_with_its_transaction_is_not_sent(django_capture_on_commit_callbacks):
    def take_back() -> None:
        with transaction.atomic():
            queued()
            raise ZeroDivisionError

    with django_capture_on_commit_callbacks(execute=True) as callbacks, pytest.raises(ZeroDivisionError):
        take_back()
    assert callbacks == [] and not OutgoingMail.objects.exists() and not DBTaskResult.objects.exists()


def test_what_is_said_once_is_queued_once():
    assert queued(once="a") and not queued(once="a") and queued(once="b") and queued() and queued()
    assert OutgoingMail.objects.count() == 4


def test_one_task_is_enough_for_all(django_capture_on_commit_callbacks):
    for number in range(5):
        with django_capture_on_commit_callbacks(execute=True):
            queued(f"x{number}@example.org")
    assert DBTaskResult.objects.ready().count() == 1
    do_what_waits()
    assert [one.to for one in mail.outbox] == [[f"x{number}@example.org"] for number in range(5)]


def test_a_server_that_says_later_is_asked_later_and_one_that_says_never_is_not(server, time_machine):
    time_machine.move_to("2026-11-25 09:00:00+00:00", tick=False)
    server.answer = lambda to: {"full": "452 full", "none": "550 nobody here"}.get(to.partition("@")[0], "250 ok")
    for name in ("full", "none", "lea"):
        queued(f"{name}@example.org")
    sending.wake()
    do_what_waits()
    full, none, lea = (OutgoingMail.objects.get(to=f"{name}@example.org") for name in ("full", "none", "lea"))
    assert (full.state, none.state, lea.state) == ("waiting", "refused", "sent")
    assert full.not_before == timezone.now() + timedelta(minutes=1) and none.error == "550 nobody here"
    server.answer = lambda to: "250 ok"
    do_what_waits()
    full.refresh_from_db()
    assert full.state == "waiting", "it is not time yet"
    time_machine.shift(61)
    assert do_what_waits() == 1
    full.refresh_from_db()
    assert (full.state, full.attempts) == ("sent", 2) and len(server.taken) == 2


def test_a_server_that_is_away_loses_nothing_and_is_given_up_after_a_day(settings, time_machine):
    time_machine.move_to("2026-11-25 09:00:00+00:00", tick=False)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    queued()
    for delay in (*sending.DELAYS, 0):
        sending.wake()
        do_what_waits()
        row = OutgoingMail.objects.get()
        assert row.state == ("waiting" if delay else "refused")
        time_machine.shift(delay * 60 + 1)
    assert sending.send_again(OutgoingMail.objects.all()) == 1
    assert OutgoingMail.objects.get().state == "waiting"


def test_of_a_mail_at_which_the_worker_died_it_is_said_that_nobody_knows(django_capture_on_commit_callbacks):
    queued()
    queued("leo@example.org")
    OutgoingMail.objects.filter(to="lea@example.org").update(state="sending", attempts=1)
    sending.interrupted("some task")
    do_what_waits()
    assert [one.to for one in mail.outbox] == [["leo@example.org"]], "the one is not sent twice, the other not lost"
    assert OutgoingMail.objects.get(to="lea@example.org").state == "unsure"
    with django_capture_on_commit_callbacks(execute=True):
        assert sending.send_again(OutgoingMail.objects.all()) == 1
    do_what_waits()
    assert len(mail.outbox) == 2


def test_a_mail_that_is_erased_while_it_is_sent_holds_up_no_other(django_capture_on_commit_callbacks, monkeypatch):
    with django_capture_on_commit_callbacks(execute=True):
        queue(Letter("un"), "zoe@example.org", language="fr", kind="x")
        queue(Letter("deux"), "lea@example.org", language="fr", kind="x")
    send = sending.get_connection

    def erasing():
        OutgoingMail.objects.filter(to="zoe@example.org").delete()
        return send()

    monkeypatch.setattr(sending, "get_connection", erasing)
    do_what_waits()
    assert [one.to for one in mail.outbox] == [["zoe@example.org"], ["lea@example.org"]]
    assert OutgoingMail.objects.get().state == "sent"


def test_a_name_that_is_erased_while_a_mail_is_sent_does_not_come_back(django_capture_on_commit_callbacks, monkeypatch):
    with django_capture_on_commit_callbacks(execute=True):
        queue(Letter("un", ["Zoé Yvrandelle"]), "lea@example.org", language="fr", kind="x")

    def erasing():
        OutgoingMail.objects.update(text="…", html="…")
        raise OSError("the server is away")

    monkeypatch.setattr(sending, "get_connection", erasing)
    do_what_waits()
    row = OutgoingMail.objects.get()
    assert (row.state, row.error, row.text, row.html) == ("waiting", "the server is away", "…", "…")


def test_what_a_mail_said_is_forgotten_after_thirty_days():
    for days, state in ((29, "sent"), (31, "sent"), (31, "waiting")):
        row = queued()
        OutgoingMail.objects.filter(pk=row.pk).update(queued_at=timezone.now() - timedelta(days=days), state=state)
    assert sending.forget_what_was_said() == 1
    assert OutgoingMail.objects.filter(text="").count() == 1 and OutgoingMail.objects.count() == 3


def test_the_database_refuses_a_state_and_a_language_that_are_none():
    for wrong in ({"state": "x"}, {"language": "de"}):
        row = queued()
        with pytest.raises(IntegrityError), transaction.atomic():
            OutgoingMail.objects.filter(pk=row.pk).update(**wrong)


def test_a_thousand_are_queued_within_seconds():
    begun = timezone.now()
    for number in range(200):
        queued(f"x{number}@example.org")
    assert (timezone.now() - begun).total_seconds() < 4, (
        "a fifth of the thousand in less than a fifth of ten seconds, twice over"
    )


def test_administrators_send_again_what_did_not_leave(admin_client):
    row = queued()
    OutgoingMail.objects.filter(pk=row.pk).update(state="refused", error="550")
    page = admin_client.get("/admin/portal/outgoingmail/")
    assert "lea@example.org" in page.text and "550" in page.text
    shown = admin_client.get(f"/admin/portal/outgoingmail/{row.pk}/change/").text
    assert "https://portal.example/?t=…" in shown and "?t=a" not in shown, "nobody speaks for whoever gets it"
    admin_client.post("/admin/portal/outgoingmail/", {"action": "send_again", "_selected_action": [row.pk], "index": 0})
    assert OutgoingMail.objects.get().state == "waiting"
