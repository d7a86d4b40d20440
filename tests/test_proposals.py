"""From a public page to the published change: somebody says what is wrong, confirms it, and staff decide field by field."""

import re
from datetime import date, timedelta
from html import unescape
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from cluster_portal.mail.sending import KEPT_DAYS
from cluster_portal.models import OutgoingMail
from cluster_portal.personal_data.retention import TERMS
from cluster_portal.personal_data.sought import Sought
from cluster_portal.personal_data.sources import SOURCES
from contributions.links import FOLLOW, UNCONFIRMED_FOR, path_to
from contributions.models import ChangeProposal, ProposalMessage
from contributions.proposing import forget_what_nobody_confirmed
from members.models import LabelPeriod, Membership, Organisation, RoleAssignment, Site, Theme
from projects.models import Project, ProjectLabel
from tests.admin_rows import cluster, organisation, places, project
from tests.test_undo import undo
from tests.work import do_what_waits

pytestmark = pytest.mark.django_db
SECRET = "Xylophage"


@pytest.fixture(autouse=True)
def fresh(django_capture_on_commit_callbacks, settings):
    cache.clear()
    settings.MAIL_PER_MINUTE = 6000


@pytest.fixture
def net(db):
    """CARA, labelled, with a member; another cluster with one of its own; somebody of staff in each."""
    places()
    one, other = cluster("CARA", "CARA"), cluster("Minalogic", "MIN")
    for known in (one, other):
        LabelPeriod.objects.create(cluster=known, phase=5, start=date(2023, 1, 1))
    firm = organisation("Volta", slug="volta", website="https://www.volta.example/", email="bonjour@volta.example")
    Membership.objects.create(organisation=firm, cluster=one, joined_on=date(2020, 1, 1))
    Organisation.objects.filter(pk=firm.pk).update(lead_cluster=one)
    Theme.objects.create(name_fr="Énergie", name_en="Energy", slug="energie")
    return {"cara": one, "minalogic": other, "firm": firm}


def staff(name: str, of) -> Client:
    user = get_user_model().objects.create_user(name)
    RoleAssignment.objects.create(user_id=user.pk, role="cluster_editor", cluster=of, valid_from=date(2026, 1, 1))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def typed(client: Client, address: str) -> dict[str, str]:
    """The form as a browser would send it back untouched."""
    page = client.get(address)
    assert page.status_code == 200
    form = page.context["form"]
    values = {}
    for bound in form:
        value = bound.value()
        if value not in (None, "", []):
            values[bound.html_name] = value
    return values


def sent(client: Client, address: str, time_machine, after=10, **changed):
    form = typed(client, address) | {"sender_email": "lea@example.org"} | changed
    time_machine.shift(after)
    return client.post(address, form)


@pytest.fixture(autouse=True)
def a_morning(time_machine):
    time_machine.move_to("2026-11-25 09:00:00+00:00", tick=False)


def link_in(mail_) -> str:
    return unescape(re.search(r"http://testserver(\S+)", mail_.body)[1])


def confirmed(client: Client, index: int = -1) -> ChangeProposal:
    do_what_waits()
    address = link_in(mail.outbox[index])
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 302
    return ChangeProposal.objects.latest("pk")


def page_of(proposal: ChangeProposal) -> str:
    return f"/admin/contributions/changeproposal/{proposal.pk}/change/"


@pytest.mark.django_db(transaction=False)
def test_from_the_public_page_to_the_published_change_and_the_senders_mail(
    net, time_machine, django_capture_on_commit_callbacks
):
    visitor, editor = Client(), staff("ada", net["cara"])
    page = visitor.get("/en/members/volta/")
    assert 'href="/en/members/volta/propose/"' in page.text and 'href="/en/members/volta/report/"' in page.text
    with django_capture_on_commit_callbacks(execute=True):
        answer = sent(
            visitor,
            "/en/members/volta/propose/",
            time_machine,
            **{"field-description_en": f"Batteries. {SECRET}", "field-phone": "04 76 00 00 00", "field-city": "Lyon"},
        )
    assert answer.status_code == 302
    proposal = ChangeProposal.objects.get()
    assert proposal.state == "unconfirmed" and proposal.values == {
        "description_en": f"Batteries. {SECRET}",
        "phone": "+33476000000",
        "city": "Lyon",
    }
    assert proposal.based_on == {"description_en": "", "phone": "", "city": ""}
    queue = "/admin/contributions/changeproposal/"
    assert "Volta" not in editor.get(queue).text, "nobody has confirmed it"
    confirmed(visitor)
    assert "Volta" in editor.get(queue).text
    first = editor.get("/admin/").text
    assert first.index("What waits for a decision") < first.index("Organisations")
    shown = editor.get(page_of(proposal))
    form = {
        "decide": "1", "reason": "Son téléphone est juste", "choice-description_en": "edit",
        "value-description_en": "Batteries.", "choice-phone": "refuse", "choice-city": "take",
    }  # fmt: skip
    assert "Batteries" in shown.text
    with django_capture_on_commit_callbacks(execute=True):
        assert editor.post(page_of(proposal), form).status_code == 302
    firm = Organisation.objects.get(pk=net["firm"].pk)
    assert (firm.description_en, firm.phone, firm.updated_by.username) == ("Batteries.", "", "ada")
    assert Site.objects.get(organisation=firm).city == "Lyon"
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reviewer.username) == ("partly", "ada")
    assert [proposal.decisions[name]["taken"] for name in ("description_en", "phone", "city")] == [
        "edited",
        "refused",
        "proposed",
    ]
    assert "Batteries." in visitor.get("/en/members/volta/").text
    do_what_waits()
    told = mail.outbox[-1]
    assert told.to == ["lea@example.org"] and "Son téléphone est juste" in told.body
    follow = visitor.get(link_in(told)).text
    assert "accepted in part" in follow and "accepted, in other words" in follow and "not accepted" in follow
    again = editor.post(page_of(proposal), form, follow=True)
    assert "Already decided by ada" in again.text
    key = str(proposal.change_set)
    undo(editor, key)
    firm.refresh_from_db()
    assert firm.description_en == "" and not Site.objects.filter(organisation=firm).exists()


def proposed(net, **values) -> ChangeProposal:
    about = {"organisation": net["firm"]} if "organisation" not in values else {}
    given = {
        "kind": "correction",
        "state": "pending",
        "sender_email": "lea@example.org",
        "confirmed_at": timezone.now(),
    }
    return ChangeProposal.objects.create(
        **{"fingerprint": str(ChangeProposal.objects.count())} | about | given | values
    )


def test_a_question_waits_for_its_answer_and_comes_back_with_it(net, django_capture_on_commit_callbacks):
    editor = staff("ada", net["cara"])
    proposal = proposed(net, kind="report", note="Le site est faux.", sent_from="http://testserver")
    with django_capture_on_commit_callbacks(execute=True):
        assert editor.post(page_of(proposal), {"ask": "1", "question": "Lequel est juste ?"}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "waiting"
    do_what_waits()
    assert "Lequel est juste ?" in mail.outbox[-1].body
    address = link_in(mail.outbox[-1])
    assert Client().post(address, {"text": "volta.fr"}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "pending" and ProposalMessage.objects.count() == 2
    assert "volta.fr" in editor.get(page_of(proposal)).text
    Client().post(address, {"text": "encore"})
    assert ProposalMessage.objects.count() == 2, "nobody asked"
    assert editor.post(page_of(proposal), {"all": "1"}).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == "accepted"


def test_what_is_about_the_records_of_others_is_nobody_elses(net):
    proposal = proposed(net, values={"acronym": "VLT"}, based_on={"acronym": ""}, note=SECRET)
    stranger = staff("mia", net["minalogic"])
    assert stranger.get(page_of(proposal)).status_code == 404
    assert stranger.post(page_of(proposal), {"all": "1"}).status_code == 404
    assert "Volta" not in stranger.get("/admin/contributions/changeproposal/").text
    joining = proposed(net, kind="join", organisation=net["firm"], cluster=net["minalogic"])
    assert stranger.get(page_of(joining)).status_code == 200, "the cluster that is asked decides"
    assert staff("ada", net["cara"]).get(page_of(joining)).status_code == 404


def test_a_request_to_join_becomes_a_draft_and_a_membership(net, time_machine, django_capture_on_commit_callbacks):
    visitor, editor = Client(), staff("ada", net["cara"])
    assert "Become a member" in visitor.get("/en/clusters/cara/").text
    found = visitor.get("/en/clusters/cara/join/?q=Volta+SAS").text
    assert "Is it one of these?" in found and "?organisation=volta" in found
    address = "/en/clusters/cara/join/?new=1&q=Neuvolt"
    with django_capture_on_commit_callbacks(execute=True):
        answer = sent(
            visitor, address, time_machine,
            **{"field-name": "Neuvolt", "field-kind": "company", "field-city": "Lyon", "field-themes": ["energie"]},
        )  # fmt: skip
    assert answer.status_code == 302, answer.context["form"].errors
    proposal = confirmed(visitor)
    assert editor.post(page_of(proposal), {"all": "1"}).status_code == 302
    made = Organisation.objects.get(name="Neuvolt")
    assert (made.status, made.lead_cluster, made.assigned_to.username) == ("draft", net["cara"], "ada")
    assert made.sites.get().city == "Lyon" and made.themes.get().slug == "energie"
    assert made.memberships.get().joined_on == timezone.localdate()
    follow = visitor.get(path_to(proposal, FOLLOW)).text
    assert "accepted" in follow and "/members/neuvolt/" not in follow, "a draft has no page"
    assert "Neuvolt" not in visitor.get("/en/members/?q=neuvolt").text.replace("q=neuvolt", "")


def test_a_project_that_is_proposed_becomes_a_draft(net, time_machine, django_capture_on_commit_callbacks):
    visitor, editor = Client(), staff("ada", net["cara"])
    with django_capture_on_commit_callbacks(execute=True):
        answer = sent(
            visitor,
            "/en/clusters/cara/propose-a-project/",
            time_machine,
            **{"field-title_fr": "Batteries durables", "field-start": "2027-01-01"},
        )
    assert answer.status_code == 302, answer.context["form"].errors
    proposal = confirmed(visitor)
    assert editor.post(page_of(proposal), {"all": "1"}).status_code == 302
    made = Project.objects.get(title_fr="Batteries durables")
    assert (made.status, made.start, made.created_by.username) == ("draft", date(2027, 1, 1), "ada")


def test_the_menu_leads_to_the_ways_to_take_part(net):
    LabelPeriod.objects.filter(cluster=net["minalogic"]).update(end=date(2024, 1, 1))
    visitor = Client()
    assert visitor.get("/en/").text.count('href="/en/take-part/"') == 2, "in the menu and at the foot"
    page = visitor.get("/en/take-part/").text
    assert 'href="/en/clusters/cara/join/"' in page and 'href="/en/clusters/cara/propose-a-project/"' in page
    assert "/en/clusters/min/" not in page, "a former cluster takes nobody"


def test_an_outcome_that_is_proposed_is_read_on_the_page_of_its_project(
    net, time_machine, django_capture_on_commit_callbacks
):
    work = project("PILE", slug="pile")
    ProjectLabel.objects.create(project=work, cluster=net["cara"], role="lead", date=date(2024, 1, 1))
    visitor, editor = Client(), staff("ada", net["cara"])
    address = "/en/projects/pile/propose-an-outcome/"
    assert f'href="{address}"' in visitor.get("/en/projects/pile/").text
    wrong = sent(visitor, address, time_machine, **{"field-title_en": "A patent", "field-year": "1066"})
    assert wrong.status_code == 200 and set(wrong.context["form"].errors) == {
        "field-kind", "field-title_fr", "field-year",
    }  # fmt: skip
    said = {"field-kind": "patent", "field-title_fr": "Un brevet", "field-year": "2025", "field-link": "brevet.example"}
    with django_capture_on_commit_callbacks(execute=True):
        assert sent(visitor, address, time_machine, **said).status_code == 302
    proposal = confirmed(visitor)
    assert (proposal.kind, proposal.project, proposal.cluster) == ("project", work, None)
    assert "Outcome proposed" in mail.outbox[-1].body and "PILE" in mail.outbox[-1].subject
    waits = editor.get("/admin/contributions/changeproposal/queue/").text
    assert "Outcome proposed" in waits and "Un brevet → PILE" in waits
    assert "Patent" in editor.get(page_of(proposal)).text
    assert staff("mia", net["minalogic"]).get(page_of(proposal)).status_code == 404
    form = {"decide": "1", "reason": "Sans lien", "choice-link": "refuse"}
    with django_capture_on_commit_callbacks(execute=True):
        editor.post(page_of(proposal), form | {f"choice-{name}": "take" for name in ("kind", "title_fr", "year")})
    assert "Un brevet" in visitor.get("/en/projects/pile/").text
    do_what_waits()
    told = mail.outbox[-1]
    assert told.to == ["lea@example.org"] and "Sans lien" in told.body
    assert "accepted in part" in visitor.get(link_in(told)).text
    Project.objects.filter(pk=work.pk).update(status="archived", archived_on=date(2026, 1, 1))
    assert visitor.get(address)["Location"] == "/en/projects/pile/"


def test_the_database_refuses_what_no_proposal_is_and_staff_read_a_sentence(net):
    cases = {
        "contributions_changeproposal_kind_known": {"kind": "x"},
        "contributions_changeproposal_state_known": {"state": "x"},
        "contributions_proposal_language": {"language": "de"},
        "contributions_proposal_about": {"organisation": None},
        "contributions_proposal_sender": {"sender_email": ""},
        "contributions_proposal_reason": {"state": "refused"},
        "contributions_proposal_once": {"fingerprint": "0"},
    }
    constraints = {constraint.name: constraint for constraint in ChangeProposal._meta.constraints}
    assert set(constraints) == set(cases)
    proposed(net)
    for name, wrong in cases.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            proposed(net, **wrong)
        assert str(constraints[name].violation_error_message).endswith("."), name


# --- what is refused, and what is told to nobody ----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "after", "said"),
    [
        ({"homepage": "http://spam.example"}, 10, "robot"),
        ({}, 1, "quicker than anybody types"),
        ({}, 3 * 24 * 3600, "open for long"),
        ({"opened": "open:forged"}, 10, "send it again"),
        ({"note": "x" * 4001}, 10, "at most 4000"),
        ({"note": "x" * 1_000_000}, 10, "at most 4000"),
        ({"sender_email": "lea@example.org\nBcc: all@example.org"}, 10, "valid email"),
        ({"note": ""}, 10, "required"),
    ],
)
def test_a_refusal_is_a_sentence_and_keeps_what_was_typed(net, time_machine, changed, after, said):
    answer = sent(Client(), "/en/members/volta/report/", time_machine, after=after, **{"note": "Le site.", **changed})
    assert answer.status_code == 200 and said in unescape(answer.text)
    assert not ChangeProposal.objects.exists() and not OutgoingMail.objects.exists()
    if "note" not in changed:
        assert "Le site." in answer.text


def test_five_an_hour_are_taken_from_one_address_and_twenty_a_day_from_one_network(net, time_machine):
    client = Client()
    for number in range(5):
        assert sent(client, "/en/members/volta/report/", time_machine, note=f"Faux {number}").status_code == 302
    answer = sent(client, "/en/members/volta/report/", time_machine, note="Faux encore")
    assert answer.status_code == 429 and "Faux encore" in answer.text and "five an hour" in answer.text
    for number in range(14):
        sender = f"x{number}@example.org"
        answer = sent(client, "/en/members/volta/report/", time_machine, note=f"Et {number}", sender_email=sender)
        assert answer.status_code == 302
    answer = sent(client, "/en/members/volta/report/", time_machine, note="Un de trop", sender_email="z@example.org")
    assert answer.status_code == 429
    time_machine.shift(24 * 3600)
    assert sent(client, "/en/members/volta/report/", time_machine, note="Demain").status_code == 302


def test_the_same_twice_is_one_and_gets_the_same_thanks(net, time_machine):
    answers = [
        sent(Client(), "/en/members/volta/report/", time_machine, note="Le site est faux.") for _again in range(2)
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert ChangeProposal.objects.count() == 1
    assert OutgoingMail.objects.count() == 2, "the first mail may be lost"
    Client().post(link_in_row(OutgoingMail.objects.earliest("pk")))
    assert sent(Client(), "/en/members/volta/report/", time_machine, note="Le site est faux.").status_code == 302
    assert ChangeProposal.objects.get().state == "pending" and OutgoingMail.objects.count() == 2


def test_who_was_erased_sends_the_same_anew(net, time_machine):
    sent(Client(), "/en/members/volta/report/", time_machine, note="Le site est faux.")
    first = ChangeProposal.objects.get()
    SOURCES["proposals"].erase([str(first.pk)], Sought.of(email="lea@example.org"))
    OutgoingMail.objects.all().delete()
    sent(Client(), "/en/members/volta/report/", time_machine, note="Le site est faux.")
    assert OutgoingMail.objects.get().to == "lea@example.org", "and not nobody"
    assert ChangeProposal.objects.exclude(pk=first.pk).get().fingerprint == first.fingerprint


def test_what_was_sent_with_a_mistyped_address_stands_in_nobodys_way(net, time_machine):
    for sender in ("lea@exmaple.org", "lea@example.org"):
        sent(Client(), "/en/members/volta/report/", time_machine, note="Le site est faux.", sender_email=sender)
    assert set(OutgoingMail.objects.values_list("to", flat=True)) == {"lea@exmaple.org", "lea@example.org"}
    Client().post(link_in_row(OutgoingMail.objects.get(to="lea@example.org")))
    assert ChangeProposal.objects.get(state="pending").sender_email == "lea@example.org"


def test_the_mail_that_asks_for_confirmation_carries_no_word_of_whoever_typed_the_address(net, time_machine):
    """It may be a third person’s: else the site sends anything to anybody."""
    bait = "Gagnez http://evil.example"
    for address, name in (("join/?new=1&q=x", "field-name"), ("propose-a-project/", "field-title_fr")):
        typed_in = {name: bait, "note": bait, "sender_name": bait}
        if "join" in address:
            typed_in["field-kind"] = "company"
        assert sent(Client(), f"/en/clusters/cara/{address}", time_machine, **typed_in).status_code == 302
    mails = OutgoingMail.objects.all()
    assert len(mails) == 2
    assert not [one for one in mails if "Gagnez" in one.subject + one.text + one.html or "CARA" not in one.subject]


def test_one_mailbox_is_one_sender_however_its_address_is_written(net, time_machine):
    spelt = ["lea@example.org", "LEA@example.org", "l.e.a@example.org", "lea+1@example.org", "lea+2@Example.org"]
    answers = [
        sent(Client(), "/en/members/volta/report/", time_machine, note=f"De {one}", sender_email=one).status_code
        for one in (*spelt, "lea+3@example.org", "leo@example.org")
    ]
    assert answers == [302] * 5 + [429, 302]


def test_what_is_not_confirmed_within_two_days_is_gone(net, time_machine):
    sent(Client(), "/en/members/volta/report/", time_machine, note="Faux")
    time_machine.shift(timedelta(hours=47, minutes=59))
    assert forget_what_nobody_confirmed() == 0
    address = link_in_row(OutgoingMail.objects.get())
    assert Client().get(address).status_code == 200
    time_machine.shift(timedelta(minutes=2))
    assert Client().get(address).status_code == Client().post(address).status_code == 404, "whenever the worker comes"
    assert forget_what_nobody_confirmed() == 1 and not ChangeProposal.objects.exists()


def test_a_link_that_was_altered_or_is_no_longer_good_says_so(net, time_machine):
    sent(Client(), "/en/members/volta/report/", time_machine, note="Faux")
    address = link_in_row(OutgoingMail.objects.get())
    for wrong in (
        address[:-3],
        address + "x",
        address.replace("confirm/", ""),
        "/en/proposals/confirm/",
        "/en/proposals/?t=%00",
    ):
        answer = Client().get(wrong)
        assert answer.status_code == 404 and "This link leads nowhere" in answer.text
    assert Client().post(address).status_code == 302
    assert Client().get(address).status_code == 302, "a second opening leads to what became of it"
    assert ChangeProposal.objects.get().state == "pending"
    ChangeProposal.objects.all().delete()
    assert Client().get(address).status_code == 404


def link_in_row(row: OutgoingMail) -> str:
    return re.search(r"http://testserver(\S+)", row.text)[1]


def test_an_address_of_the_organisation_itself_is_known_as_such(net, time_machine):
    for sender, known in (
        ("bonjour@volta.example", True),
        ("lea@volta.example", True),
        ("lea@gmail.com", False),
        ("lea@autre.example", False),
    ):
        sent(Client(), "/en/members/volta/report/", time_machine, note=f"De {sender}", sender_email=sender)
        assert ChangeProposal.objects.latest("pk").sender_known is known, sender


def test_former_and_archived_pages_take_no_proposal(net):
    LabelPeriod.objects.filter(cluster=net["minalogic"]).update(end=date(2024, 1, 1))
    assert "holds no label today" in Client().get("/en/clusters/min/join/").text
    assert "/en/clusters/min/join/" not in Client().get("/en/clusters/min/").text
    Organisation.objects.filter(pk=net["firm"].pk).update(status="archived", archived_on=date(2026, 1, 1))
    answer = Client().get("/en/members/volta/propose/")
    assert (answer.status_code, answer["Location"]) == (302, "/en/members/volta/")
    Organisation.objects.filter(pk=net["firm"].pk).update(status="draft", archived_on=None)
    assert Client().get("/en/members/volta/propose/").status_code == 404
    assert Client().get("/en/clusters/cara/join/?organisation=volta").status_code == 404
    assert "Volta" not in Client().get("/en/clusters/cara/join/?q=volta").text.replace("q=volta", "")


def test_what_waits_is_public_nowhere(net):
    work = project("PILE", slug="pile")
    proposed(
        net,
        values={"name": SECRET, "description_fr": SECRET},
        based_on={"name": "Volta", "description_fr": ""},
        note=SECRET,
    )
    proposed(net, kind="join", organisation=None, cluster=net["cara"], values={"name": SECRET, "kind": "company"})
    proposed(net, organisation=None, project=work, values={"title_fr": SECRET}, based_on={"title_fr": ""})
    client = Client()
    for address in (
        "/en/members/volta/", "/en/members/volta/propose/", "/en/clusters/cara/", "/en/projects/pile/", "/en/members/?q=xylophage",
        "/en/projects/?q=xylophage", "/en/suggestions/?q=xylophage", "/en/key-figures/", "/sitemap-members.xml",
        "/en/members/?format=csv", "/en/members/?format=json", "/en/projects/?format=json", "/en/clusters/cara/join/?q=xylophage",
    ):  # fmt: skip
        answer = client.get(address)
        body = b"".join(answer.streaming_content).decode() if answer.streaming else answer.text
        assert SECRET not in body, address


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/en/legal/", ("a year after the decision", "two days", "30 days", "and when, after a year")),
        ("/fr/mentions-legales/", ("un an après la décision", "deux jours", "30 jours", "au bout d’un an")),
    ],
)
def test_the_legal_notice_says_what_is_kept_of_a_sender_and_for_how_long(address, words):
    """The numbers are those by which it is deleted."""
    assert (TERMS["proposals"].days, TERMS["mails"].days, UNCONFIRMED_FOR.days, KEPT_DAYS) == (365, 365, 2, 30)
    call_command("load_reference", stdout=StringIO())
    page = Client().get(address).text
    assert [one for one in words if one not in page] == []
