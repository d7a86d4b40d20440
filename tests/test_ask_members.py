"""“Is this still right?”: who is asked, who is not, and what becomes of an answer."""

import re
import time
from datetime import date, timedelta
from html import unescape
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cluster_portal.mail import sending
from cluster_portal.models import OutgoingMail
from cluster_portal.personal_data.retention import end, overdue
from cluster_portal.work.knowing import daily
from contributions import asking_members
from contributions.links import NO_MORE_QUESTIONS, signed
from contributions.models import ChangeProposal, Correspondence, NoMoreMail, SignedLink, digest_of
from members.duplicates.merging import merge
from members.models import Cluster, Membership, Organisation, Site, Theme
from tests.admin_rows import cluster, form_of, organisation, places
from tests.smtp import mail_server
from tests.test_admin_scope import net, sign_in  # noqa: F401 (fixtures)
from tests.test_proposals import staff, typed
from tests.test_undo import undo
from tests.work import do_what_waits

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)
SITE = "https://annuaire.example"


@pytest.fixture(autouse=True)
def a_morning(time_machine, settings):
    time_machine.move_to("2026-11-25 09:00:00+00:00", tick=False)
    settings.SITE_URL, settings.MAIL_PER_MINUTE = SITE, 6000
    cache.clear()


@pytest.fixture
def cara():
    """CARA, which asks."""
    places()
    one = cluster("CARA", "CARA", email="equipe@cara.example")
    Correspondence.objects.create(cluster=one, asks=True)
    return one


def member(name: str, *of: Cluster, left=None, **values) -> Organisation:
    slug = name.lower()
    one = organisation(name, **{"slug": slug, "email": f"{slug}@example.org", "lead_cluster": of[0], **values})
    for known in of:
        Membership.objects.create(organisation=one, cluster=known, joined_on=date(2020, 1, 1), left_on=left)
    return one


def ask(*options: str) -> str:
    said = StringIO()
    call_command("ask_members", *options, stdout=said)
    return said.getvalue()


def asked() -> list[str]:
    """To whom mails were written since this was asked last, by name."""
    names = [to.partition("@")[0] for to in OutgoingMail.objects.order_by("pk").values_list("to", flat=True)]
    OutgoingMail.objects.all().delete()
    return sorted(names)


def said_yes(client, link: str):
    """By the button, of what its page shows."""
    return client.post(link, {"seen": client.get(link).context["seen"]})


def links(to: str = "") -> list[str]:
    """Yes, something changed, no more: as they stand in the newest mail, without the site."""
    mail = OutgoingMail.objects.filter(to__startswith=to).latest("pk")
    found = re.findall(rf"^{SITE}(\S+\?t=\S+)$", mail.text, re.M)
    assert len(found) == 3 and [unescape(one) for one in re.findall(rf'href="{SITE}([^"]*)"', mail.html)] == found
    return found


# --- who --------------------------------------------------------------------------------------------------------------
def test_who_is_asked_and_who_is_not(cara):
    other, silent = cluster("Minalogic", "MIN"), cluster("Systematic", "SYS")
    Correspondence.objects.create(cluster=other, asks=True)
    Correspondence.objects.create(cluster=silent)
    hidden = cluster("Caché", "HID", status="draft")
    Correspondence.objects.create(cluster=hidden, asks=True)
    year = timedelta(days=365)
    due = {
        "never": member("Never", cara),
        "longago": member("Longago", cara, verified_on=TODAY - year - timedelta(days=1)),
        "both": member("Both", other, cara, lead_cluster=cara),
        "third": member("Third", silent, other),
        "leavestomorrow": member("Leavestomorrow", cara, left=TODAY + timedelta(days=1)),
    }
    member("Lately", cara, verified_on=TODAY - year)
    member("Left", cara, left=TODAY)
    member("Closed", cara, closed_on=TODAY)
    member("Silent", silent)
    member("Hidden", hidden)
    member("Without", cara, email="")
    for status in ("draft", "in_review", "archived"):
        member(status.capitalize(), cara, status=status)
    member("Refused", cara, status="refused")
    organisation("Nobody's", slug="nobodys", email="nobodys@example.org")
    said = ask()
    assert "cara: 4 to ask, 0 to remind; today 4 of at most 50" in said and "min: 1 to ask" in said
    assert "5 mails would leave today: nothing was done" in said
    assert not OutgoingMail.objects.exists() and not SignedLink.objects.exists()
    assert "1 mails are in the queue" in ask("--yes", "--cluster", "min")
    assert asked() == ["third"]
    ask("--yes")
    assert asked() == sorted(set(due) - {"third"})
    assert SignedLink.objects.get(organisation=due["both"], purpose="confirm").cluster == cara
    assert "0 mails" in ask("--yes") and asked() == []


def test_a_cluster_sends_as_many_a_day_as_it_said_those_verified_longest_ago_first(cara, time_machine):
    for number in range(5):
        member(f"m{number}", cara, verified_on=date(2020, 1, 1) - timedelta(days=number))
    Correspondence.objects.update(most_a_day=2)
    days = []
    for _day in range(4):
        ask("--yes"), ask("--yes")
        days.append(asked())
        time_machine.shift(timedelta(days=1))
    assert days == [["m3", "m4"], ["m1", "m2"], ["m0"], []]


def test_once_a_year_and_one_reminder_if_nothing_was_answered(cara, time_machine):
    pile, verified = member("Pile", cara), member("Verified", cara)
    member("Volta", cara)
    begun = TODAY

    def on(day: int) -> list[str]:
        time_machine.move_to(f"{begun + timedelta(days=day)} 09:00:00+00:00", tick=False)
        ask("--yes")
        return asked()

    assert on(0) == ["pile", "verified", "volta"]
    Organisation.objects.filter(pk=verified.pk).update(verified_on=begun)  # by somebody of staff
    SignedLink.objects.filter(organisation=pile, purpose="change").update(used_at=timezone.now())
    assert on(20) == []
    assert on(21) == ["volta"]
    assert SignedLink.objects.filter(reminds=True).count() == 2, "both links anew"
    assert on(22) == on(60) == on(364) == []
    assert on(365) == ["pile", "volta"]
    assert on(366) == ["verified"]
    assert on(386) == ["pile", "volta"], "the second reminder is of the second year"
    member("Late", cara)
    assert on(400) == ["late", "verified"]
    assert on(461) == [], "what was asked long ago is reminded no more"


def test_the_reminder_says_so_and_makes_the_links_before_it_void(cara, client, time_machine):
    member("Volta", cara)
    ask("--yes")
    first = links()
    time_machine.shift(timedelta(days=21))
    ask("--yes")
    mail = OutgoingMail.objects.latest("pk")
    assert mail.subject.startswith("Rappel") and "relancer" not in mail.subject
    for old in first[:2]:
        answer = client.get(old)
        assert answer.status_code == 410 and "plus récent" in answer.text
        assert client.post(old).status_code == 410
    assert all(client.get(new).status_code == 200 for new in links()) and not ChangeProposal.objects.exists()


# --- the mail ---------------------------------------------------------------------------------------------------------
def test_the_mail_says_what_is_published_and_can_be_refused_in_one_click(cara, settings):
    volta = member(
        "Volta", cara, description_fr="Des batteries.\nEt des piles.", phone="+33476000000", siren="552100554"
    )
    Site.objects.create(organisation=volta, city="Grenoble", postcode="38000", department=places(), head_office=True)
    volta.themes.add(Theme.objects.create(name_fr="Énergie", name_en="Energy", slug="energie"))
    member("Rossi", cara, country="IT")
    ask("--yes")
    mail = OutgoingMail.objects.get(to="volta@example.org")
    published = ("Volta", "Des batteries.", "Énergie", "Grenoble", "38000", "volta@example.org", "04 76 00 00 00")
    assert all(word in mail.text and word in mail.html for word in published)
    assert f"{SITE}/fr/membres/volta/" in mail.text and mail.reply_to == "equipe@cara.example"
    refuse = SITE + links("volta")[2]
    assert mail.headers == {"List-Unsubscribe": f"<{refuse}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    english = OutgoingMail.objects.get(to="rossi@example.org")
    assert (
        english.language == "en" and "Yes, all of it is right" in english.text and "/en/members/rossi/" in english.text
    )
    Correspondence.objects.update(
        subject_fr="Dites-nous", opening_fr="Chers membres,\n100 % à jour ?", reply_to="a@b.example"
    )
    SignedLink.objects.all().delete()
    ask("--yes")
    own = OutgoingMail.objects.filter(to="volta@example.org").latest("pk")
    assert own.subject == "Dites-nous" and own.text.startswith("Chers membres,\n100 % à jour ?")
    assert own.reply_to == "a@b.example"
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_HOST_USER, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = "", False, False
        sending.wake()
        do_what_waits()
        got = next(one for one in server.taken if one["To"] == "volta@example.org")
    assert (
        got["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        and got["List-Unsubscribe"].strip() == f"<{refuse}>"
    )
    assert not OutgoingMail.objects.exclude(text="").exists(), "what holds a link is not kept once it has left"


def test_the_secret_of_a_link_is_nowhere_but_in_the_mail(cara):
    member("Volta", cara)
    ask("--yes")
    secrets = [link.partition("t=")[2] for link in links()[:2]]
    OutgoingMail.objects.all().delete()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" one WHERE one::text LIKE ANY(%s)', [[f"%{s}%" for s in secrets]]
            )
            assert cursor.fetchone() == (0,), table


def test_each_day_the_worker_asks_where_a_cluster_does_and_the_site_has_an_address(cara, settings, caplog):
    assert asking_members.ask_each_day in daily()
    member("Volta", cara)
    settings.SITE_URL = ""
    asking_members.ask_each_day()
    assert "SITE_URL is not set" in caplog.text and not DBTaskResult.objects.exists()
    with pytest.raises(CommandError, match="SITE_URL is not set"):
        ask("--yes")
    assert "SITE_URL is not set" in ask()
    with pytest.raises(CommandError, match="No such cluster asks its members: nowhere"):
        ask("--cluster", "nowhere")
    settings.SITE_URL = SITE
    asking_members.ask_each_day()
    do_what_waits()
    assert asked() == ["volta"]
    Correspondence.objects.update(asks=False)
    before = DBTaskResult.objects.count()
    asking_members.ask_each_day()
    assert DBTaskResult.objects.count() == before and "No cluster asks its members" in ask("--yes")


# --- yes --------------------------------------------------------------------------------------------------------------
def test_yes_is_one_button_and_the_page_says_who_confirmed_it_and_when(cara, client):
    volta = member("Volta", cara, description_en="Batteries.", verified_on=date(2020, 1, 1), verified_by=cara)
    ask("--yes")
    yes, _changed, _no_more = links()
    english = yes.replace("/fr/", "/en/").replace("toujours-exact", "still-right")
    before = Organisation.objects.values().get()
    for method in (client.get, client.head):
        assert method(english).status_code == 200
    page = client.get(english)
    assert "Batteries." in page.text and page.text.count('<button class="btn btn-primary"') == 1
    assert "noindex" in page.text and "no-store" in page["Cache-Control"]
    assert Organisation.objects.values().get() == before and not ChangeProposal.objects.exists()
    answer = said_yes(client, english)
    assert answer.status_code == 302
    told = client.get(answer["Location"])
    assert told.status_code == 200 and "was confirmed by this link on 25 November 2026" in told.text
    volta.refresh_from_db()
    assert (volta.verified_on, volta.verified_by, volta.verified_source) == (TODAY, None, "l’organisation")
    assert volta.updated_by is None and volta.name == "Volta"
    assert "Confirmed by the organisation on 25 November 2026" in client.get("/en/members/volta/").text
    assert "Confirmé par l’organisation le 25 novembre 2026" in client.get("/fr/membres/volta/").text
    proposal = ChangeProposal.objects.get()
    assert (proposal.kind, proposal.state, proposal.sender_known) == ("confirmation", "accepted", True)
    assert proposal.sender_email == "volta@example.org" and proposal.change_set and proposal.values == {}
    assert "was confirmed by this link" in client.post(english).text, "once"
    assert ChangeProposal.objects.count() == 1
    assert ask("--yes").endswith("0 mails are in the queue.\n")
    editor = staff("ada", cara)
    history = editor.get(f"/admin/members/organisation/{volta.pk}/history/").text
    assert "Confirmed by the organisation" in history
    shown = editor.get(f"/admin/contributions/changeproposal/{proposal.pk}/change/")
    assert shown.status_code == 200 and "Volta" in shown.text
    assert "Volta" not in editor.get("/admin/contributions/changeproposal/queue/").text, "nothing is to be decided"
    undo(editor, str(proposal.change_set))
    volta.refresh_from_db()
    assert (volta.verified_on, volta.verified_by) == (date(2020, 1, 1), cara)


def test_yes_is_said_of_what_was_shown_and_of_nothing_that_was_written_since(cara, client):
    volta = member("Volta", cara, description_fr="Des piles.")
    ask("--yes")
    yes, _changed, _no_more = links()
    shown = {"seen": client.get(yes).context["seen"]}
    Organisation.objects.filter(pk=volta.pk).update(description_fr="Des moulins.")
    for sent in (shown, {}):
        again = client.post(yes, sent)
        assert again.status_code == 200 and "Des moulins." in again.text and "regardez de nouveau" in again.text
    assert not ChangeProposal.objects.exists() and SignedLink.objects.filter(used_at=None).count() == 2
    assert client.post(yes, {"seen": again.context["seen"]}).status_code == 302
    assert ChangeProposal.objects.get().kind == "confirmation"


def test_what_a_cluster_verified_from_the_organisation_is_the_clusters(cara, client):
    member("Volta", cara, verified_on=TODAY, verified_by=cara, verified_source="l’organisation")
    page = client.get("/en/members/volta/").text
    assert "Verified on 25 November 2026" in page and "Confirmed by the organisation" not in page


# --- something changed ------------------------------------------------------------------------------------------------
def test_something_changed_is_the_form_filled_in_and_needs_no_second_mail(cara, client, time_machine):
    volta = member("Volta", cara, description_fr="Des piles.")
    ask("--yes")
    _yes, changed, _no_more = links()
    OutgoingMail.objects.all().delete()
    form = typed(client, changed)
    assert form["field-description_fr"] == "Des piles." and "sender_email" not in form
    quick = client.post(changed, form | {"field-city": "Lyon"})
    assert quick.status_code == 200 and quick.context["form"]["field-city"].value() == "Lyon", "quicker than people"
    time_machine.shift(10)
    same = client.post(changed, form)
    assert same.status_code == 200 and same.context["form"].non_field_errors() and not ChangeProposal.objects.exists()
    answer = client.post(
        changed, form | {"field-city": "Lyon", "sender_name": "Léa", "sender_email": "evil@example.org"}
    )
    assert answer.status_code == 302 and "Lyon" in client.get(answer["Location"]).text
    proposal = ChangeProposal.objects.get()
    assert (proposal.kind, proposal.state, proposal.sender_known) == ("correction", "pending", True)
    assert (proposal.sender_email, proposal.sender_name) == ("volta@example.org", "Léa")
    assert proposal.values == {"city": "Lyon"} and proposal.based_on == {"city": ""} and proposal.confirmed_at
    assert not OutgoingMail.objects.exists() and not Site.objects.filter(organisation=volta).exists()
    again = client.post(changed, form | {"field-city": "Paris"})
    assert again.status_code == 200 and "fonctionne qu’une fois" in again.text.replace("\xa0", " ")
    assert ChangeProposal.objects.count() == 1
    editor = staff("ada", cara)
    assert "Volta" in editor.get("/admin/contributions/changeproposal/queue/").text
    page = f"/admin/contributions/changeproposal/{proposal.pk}/change/"
    assert "volta@example.org" in editor.get(page).text


def test_what_the_same_address_proposed_already_waits_once_and_is_confirmed_by_it(cara, client, time_machine):
    volta = member("Volta", cara)
    for sender in ("Volta@example.org", "lea@example.net"):
        form = typed(client, "/fr/membres/volta/proposer/") | {"field-city": "Lyon", "sender_email": sender}
        time_machine.shift(10)
        assert client.post("/fr/membres/volta/proposer/", form).status_code == 302
    assert set(ChangeProposal.objects.values_list("organisation", "state")) == {(volta.pk, "unconfirmed")}
    ask("--yes")
    _yes, changed, _no_more = links("volta")
    form = typed(client, changed) | {"field-city": "Lyon"}
    time_machine.shift(10)
    answer = client.post(changed, form)
    assert answer.status_code == 302 and client.get(answer["Location"]).status_code == 200
    hers, of_another = ChangeProposal.objects.order_by("pk")
    assert (hers.state, hers.sender_known, of_another.state) == ("pending", True, "unconfirmed")


# --- links that do nothing any more -----------------------------------------------------------------------------------
def test_a_link_works_for_thirty_days_and_an_altered_one_never(cara, client, time_machine):
    member("Volta", cara)
    ask("--yes")
    yes, changed, no_more = links()
    start = SignedLink.objects.values_list("sent_at", flat=True).first()
    time_machine.move_to(start + timedelta(days=30) - timedelta(seconds=1), tick=False)
    assert client.get(yes).status_code == client.get(changed).status_code == 200
    time_machine.move_to(start + timedelta(days=30), tick=False)
    for link in (yes, changed):
        for answer in (client.get(link), client.post(link)):
            assert answer.status_code == 410 and "25 décembre 2026" in answer.text
    secret = yes.partition("t=")[2]
    altered = [
        yes[:-1],
        yes + "x",
        yes.partition("?")[0],
        f"{yes.partition('?')[0]}?t=%00%ff",
        f"{changed.partition('?')[0]}?t={secret}",
    ]
    for link in (*altered, no_more[:-1], no_more.partition("?")[0]):
        for answer in (client.get(link), client.post(link)):
            assert answer.status_code == 404 and "ne mène nulle part" in answer.text, link
    assert not ChangeProposal.objects.exists() and not NoMoreMail.objects.exists()
    time_machine.shift(timedelta(days=3000))
    assert client.get(no_more).status_code == 200, "for ever"


def test_of_what_is_not_published_any_more_nothing_is_confirmed(cara, client):
    volta = member("Volta", cara)
    ask("--yes")
    for status, way in (("archived", "/fr/membres/volta/"), ("draft", "/fr/membres/")):
        Organisation.objects.filter(pk=volta.pk).update(status=status, name="Secrète" if status == "draft" else "Volta")
        for link in links()[:2]:
            for answer in (client.get(link), client.post(link)):
                assert answer.status_code == 410 and "n’est plus dans l’annuaire" in answer.text
                assert f'href="{way}"' in answer.text and "Secrète" not in answer.text
    assert not ChangeProposal.objects.exists()


def test_a_link_follows_a_merged_organisation_and_it_is_asked_once_a_year(cara, client, time_machine):
    volta, double = member("Volta", cara, verified_on=TODAY), member("Voltta", cara)
    ask("--yes")
    assert [one.to for one in OutgoingMail.objects.all()] == ["voltta@example.org"]
    yes, changed, _no_more = links()
    boss = get_user_model().objects.create_superuser("boss")
    Organisation.objects.filter(pk=volta.pk).update(verified_on=date(2020, 1, 1))
    chosen = {"name": "ours", "verified_on": "ours", f"membership-{double.memberships.get().pk}": "union"}
    merge(volta, double, chosen, boss, of_network=True)
    assert SignedLink.objects.get(purpose="confirm").organisation == double
    page = client.get(yes)
    assert page.status_code == 200 and "Voltta et Volta" in page.text
    assert typed(client, changed)["field-name"] == "Volta"
    assert "0 mails" in ask("--yes"), "they are one, which was asked"
    time_machine.shift(timedelta(days=21))
    assert "cara: 0 to ask, 1 to remind" in ask()
    time_machine.shift(timedelta(days=-21))
    assert said_yes(client, yes).status_code == 302
    volta.refresh_from_db()
    double.refresh_from_db()
    assert volta.verified_on == TODAY and double.verified_on is None
    assert ChangeProposal.objects.get().organisation == volta
    time_machine.shift(timedelta(days=21))
    assert "cara: 0 to ask, 0 to remind" in ask()


# --- no more ----------------------------------------------------------------------------------------------------------
def test_who_wants_no_more_questions_is_asked_none_whatever_becomes_of_the_organisation(cara, client, time_machine):
    volta = member("Volta", cara)
    ask("--yes")
    _yes, _changed, no_more = links()
    assert (
        client.get(no_more).status_code == client.head(no_more).status_code == 200 and not NoMoreMail.objects.exists()
    )
    program = Client(enforce_csrf_checks=True)
    answer = program.post(no_more, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and "plus jamais" in answer.text
    assert program.post(no_more, "List-Unsubscribe=One-Click", content_type="text/plain").status_code == 200
    assert NoMoreMail.objects.count() == 1
    OutgoingMail.objects.all().delete()
    other = member("Other", cara, email="VOLTA@Example.org")  # the address is given to another
    Organisation.objects.filter(pk=volta.pk).update(email="")
    for days in (21, 365, 2000):
        time_machine.shift(timedelta(days=days))
        ask("--yes")
        assert asked() == [], days
    Organisation.objects.filter(pk=other.pk).update(email="new@example.org")
    ask("--yes")
    assert asked() == ["new"], "it is the address that was refused"


def test_links_are_kept_for_two_years_since_who_was_asked_is_read_off_them(cara, time_machine):
    member("Volta", cara)
    ask("--yes")
    sent_at = SignedLink.objects.values_list("sent_at", flat=True).first()
    for days, due in ((730, 0), (730 + 1 / 86400, 2)):
        time_machine.move_to(sent_at + timedelta(days=days), tick=False)
        assert overdue()["signed_links"] == due
    end()
    assert not SignedLink.objects.exists()


# --- staff ------------------------------------------------------------------------------------------------------------
def test_an_editor_says_for_her_own_cluster_whether_it_asks_and_reads_the_very_mail(net, sign_in, settings):  # noqa: F811
    browser = sign_in("cara")
    Organisation.objects.filter(pk=net.own.pk).update(email="firme@example.org")
    add = "/admin/contributions/correspondence/add/"
    form = form_of(browser.get(add)) | {"asks": "on", "subject_fr": "Dites-nous", "most_a_day": "7"}
    assert browser.post(add, form | {"cluster": str(net.minalogic.pk)}).status_code == 200, "not hers"
    settings.SITE_URL = ""
    saved = browser.post(add, form, follow=True)
    row = Correspondence.objects.get()
    assert (row.cluster, row.asks, row.most_a_day) == (net.cara, True, 7) and "SITE_URL" in saved.text
    settings.SITE_URL = SITE
    preview = f"/admin/contributions/correspondence/{row.pk}/preview/"
    assert preview in browser.get(f"/admin/contributions/correspondence/{row.pk}/change/").text
    page = unescape(browser.get(preview).text)
    assert (
        "/fr/plus-de-questions/?t=…\n" in page
        and signed(digest_of("firme@example.org"), NO_MORE_QUESTIONS)[:60] not in page
    )
    assert "Dites-nous" in page and "Waiting to be asked or reminded: 1. Today: 1." in page
    assert not SignedLink.objects.exists() and not OutgoingMail.objects.exists()
    ask("--yes")
    mail = OutgoingMail.objects.get()
    secret = re.compile(r"\?t=\S+")
    assert secret.sub("", mail.text.strip()) in secret.sub("", page), "word for word"
    assert (
        sign_in("minalogic").get(preview).status_code
        == 404
        == browser.get(preview.replace(str(row.pk), "999")).status_code
    )
    listed = browser.get("/admin/contributions/correspondence/")
    assert [(one.asked, one.answered) for one in listed.context["cl"].result_list] == [(1, 0)]
    SignedLink.objects.filter(purpose="change").update(used_at=timezone.now())
    listed = browser.get("/admin/contributions/correspondence/")
    assert [(one.asked, one.answered) for one in listed.context["cl"].result_list] == [(1, 1)]


# --- cost -------------------------------------------------------------------------------------------------------------
def test_a_thousand_mails_are_queued_within_ten_seconds(cara):
    Correspondence.objects.update(most_a_day=2000)
    made = Organisation.objects.bulk_create(
        Organisation(kind="company", name=f"M{n}", slug=f"m{n}", status="published", email=f"m{n}@example.org")
        for n in range(1000)
    )
    Membership.objects.bulk_create(Membership(organisation=one, cluster=cara) for one in made)
    Site.objects.bulk_create(Site(organisation=one, city="Grenoble", department=places()) for one in made)
    theme = Theme.objects.create(name_fr="Énergie", name_en="Energy", slug="energie")
    theme.organisations.set(made)
    began = time.perf_counter()
    said = ask("--yes")
    spent = time.perf_counter() - began
    assert "1,000 mails are in the queue" in said and OutgoingMail.objects.count() == 1000
    assert spent < 10, spent


def test_the_database_refuses_what_nobody_should_write_and_says_why(cara):
    volta, now = member("Volta", cara), timezone.now()
    link = {
        "organisation": volta,
        "purpose": "confirm",
        "sent_to": "a@b.example",
        "expires_at": now + timedelta(days=1),
    }
    SignedLink.objects.create(**link, digest="a")
    other = cluster("Minalogic", "MIN")
    for wrong in (
        Correspondence(cluster=cara),
        Correspondence(cluster=other, most_a_day=0),
        Correspondence(cluster=other, most_a_day=2001),
        SignedLink(**link, digest="a"),
        SignedLink(**link | {"expires_at": now}, digest="b"),
        SignedLink(**link | {"purpose": "guess"}, digest="c"),
    ):
        with pytest.raises(ValidationError) as refused:
            wrong.full_clean()
        assert all(sentence.endswith((".", "!")) for sentence in refused.value.messages), refused.value.messages
        with pytest.raises(IntegrityError), transaction.atomic():
            type(wrong).objects.bulk_create([wrong])
