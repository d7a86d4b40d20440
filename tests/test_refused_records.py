"""A record in review that is refused: whoever submitted it reads why, and whoever proposed it from outside."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cluster_portal.models import OutgoingMail
from contributions.models import NoticeChoice, NoticeLanguage
from contributions.notices import tell_staff
from members.models import Organisation
from projects.models import Project
from tests.admin_rows import cluster
from tests.test_review import QUEUE, REASON, browser, member, now, page_of, sent, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def cara():
    return cluster("CARA", "CARA")


@pytest.fixture(autouse=True)
def address(settings):
    settings.SITE_URL = "https://portal.example"


def chosen(user, time: str) -> None:
    """When she is told of refusals; of nothing else."""
    for matter in ("review", "refused"):
        NoticeChoice.objects.create(user=user, matter=matter, time=time if matter == "refused" else "never")


def do(client: Client, verb: str, record, reason="") -> None:
    """One of the verbs of its list."""
    page = reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_changelist")
    data = {"action": verb, "_selected_action": record.pk, "confirmed": "1", "reason": reason}
    assert client.post(page, data).status_code == 302


def told(kind: str) -> list[tuple[str, str, str]]:
    tell_staff()
    mails = OutgoingMail.objects.filter(kind=kind).order_by("pk")
    return [(one.to.partition("@")[0], one.subject, one.text) for one in mails]


def test_who_submitted_a_record_is_told_once_why_it_was_refused(cara):
    ada, bob, nina = (staff(name, of=cara) for name in ("ada", "bob", "nina"))
    for user, language in ((ada, "en"), (bob, "fr")):
        chosen(user, "at_once")
        NoticeLanguage.objects.create(user=user, language=language)
    chosen(nina, "at_once")
    hers = [member(name, cara, status="draft") for name in ("Première", "Seconde")]
    his = member("Troisième", cara, status="draft")
    for user, record in ((ada, hers[0]), (ada, hers[1]), (bob, his)):
        do(browser(user), "submit_for_review", record)
    assert told("notice") == []
    for record in (*hers, his):
        do(browser(nina), "refuse", record, REASON)
    assert "Première" not in browser(ada).get(QUEUE).text, "nothing waits any more"
    to_ada, to_bob = told("notice")
    assert to_ada[:2] == ("ada", "2 records that you submitted were refused")
    assert to_ada[2].count(REASON) == 2 and "Troisième" not in to_ada[2]
    assert to_bob[:2] == ("bob", "1 fiche que vous avez soumise a été refusée")
    assert reverse("admin:members_organisation_change", args=[his.pk]) in to_bob[2]
    assert len(told("notice")) == 2, "once"
    do(browser(bob), "take_back", his)
    do(browser(bob), "submit_for_review", his)
    do(browser(nina), "refuse", his, "Still not.")
    assert len(told("notice")) == 3 and "Still not." in told("notice")[-1][2], "refused again, told again"
    do(browser(ada), "take_back", hers[0])
    do(browser(nina), "submit_for_review", hers[0])
    do(browser(nina), "refuse", hers[0], "Mine.")
    assert len(told("notice")) == 3, "what she refused herself, she knows"


def test_who_is_told_nothing_by_mail_is_not_told_of_refusals_and_nobody_is_of_old_ones(cara, time_machine):
    ada, bob, nina = (staff(name, of=cara) for name in ("ada", "bob", "nina"))
    chosen(ada, "never")
    chosen(bob, "at_once")
    for user in (ada, bob):
        record = member(f"De {user}", cara, status="draft")
        do(browser(user), "submit_for_review", record)
        do(browser(nina), "refuse", record, REASON)
    time_machine.move_to(timezone.now() + timezone.timedelta(days=31))
    assert told("notice") == []
    time_machine.move_to(timezone.now() - timezone.timedelta(days=31))
    assert [to for to, _subject, _text in told("notice")] == ["bob"]


@pytest.mark.parametrize("kind", ["join", "project"])
def test_who_proposed_it_reads_once_that_it_is_not_published_and_why(cara, kind):
    ada, nina = browser(staff("ada", of=cara)), browser(staff("nina", role="network_editor"))
    values = {"kind": "company", "name": "Neuve"} if kind == "join" else {"title_fr": "Neuve"}
    proposal = sent(values, kind=kind, cluster=cara, language="fr", sent_from="http://testserver")
    ada.post(page_of(proposal), {"all": "1"})
    made = now(proposal).organisation or now(proposal).project
    assert isinstance(made, Organisation if kind == "join" else Project) and made.status == "draft"
    for _twice in "12":
        type(made).objects.filter(pk=made.pk).update(status="in_review")
        do(nina, "refuse", made, REASON)
        ((to, subject, text),) = told("proposal-refused")
        type(made).objects.filter(pk=made.pk).update(status="draft")
    assert (to, subject) == (
        "someone",
        "Non publié : ce que vous avez envoyé au sujet de Neuve".replace(" :", "\u00a0:"),
    )
    assert REASON in text
    follow = re.search(r"https://portal.example(/\S+)", text)[1]
    assert REASON not in Client().get(follow).text, "it is a draft again"
    type(made).objects.filter(pk=made.pk).update(status="in_review")
    do(nina, "refuse", made, REASON)
    assert REASON in Client().get(follow).text
    assert not mail.outbox
