"""What people send in is decided by whoever keeps it: field by field, against what is live, once, and with a reason."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cluster_portal.admin.on_the_day import publish_what_is_due
from cluster_portal.models import OutgoingMail, Page
from cluster_portal.personal_data.sought import Sought
from cluster_portal.personal_data.sources import SOURCES
from contributions import deciding
from contributions.deciding import AlreadyDecided, Decision
from contributions.models import ChangeProposal, Notice, NoticeChoice, NoticeLanguage, ProposalMessage, SavedAnswer
from contributions.notices import tell_staff
from contributions.waiting import what_waits
from members.models import Department, Membership, Organisation, RoleAssignment, Theme
from projects.models import Outcome, Project, ProjectLabel
from tests.admin_rows import cluster, form_of, organisation, places, project
from tests.imports import checked, csv, imported

pytestmark = pytest.mark.django_db

QUEUE = "/admin/contributions/changeproposal/queue/"
REASON = "The register says otherwise."


@pytest.fixture
def cara():
    return cluster("CARA", "CARA")


@pytest.fixture
def minalogic():
    return cluster("Minalogic", "MINALOGIC")


@pytest.fixture
def firm(cara):
    return member("Firme de CARA", cara, website="https://old.example", acronym="FDC")


def member(name, of, **values) -> Organisation:
    made = organisation(name, lead_cluster=of, **values)
    Membership.objects.create(organisation=made, cluster=of)
    return made


def staff(name: str, role="cluster_editor", of=None):
    user, made = get_user_model().objects.get_or_create(username=name, email=f"{name}@portal.example")
    if made:
        RoleAssignment.objects.create(user_id=user.pk, role=role, cluster=of)
    return user


def browser(user) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def ada(cara):
    return browser(staff("ada", of=cara))


def sent(values=None, based_on=None, **more) -> ChangeProposal:
    """As it stands once its sender has confirmed it."""
    number = ChangeProposal.objects.count()
    facts = {
        "kind": "correction",
        "state": "pending",
        "sender_email": "someone@firm.example",
        "language": "en",
        "confirmed_at": timezone.now(),
        "fingerprint": sha256(str(number).encode()).hexdigest(),
    }
    return ChangeProposal.objects.create(values=values or {}, based_on=based_on or {}, **facts | more)


def page_of(proposal) -> str:
    return reverse("admin:contributions_changeproposal_change", args=[proposal.pk])


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def decide(client: Client, proposal, **choices):
    """``name="take"``; more of what is sent in ``more``."""
    more = choices.pop("more", {})
    data = {f"choice-{name}": choice for name, choice in choices.items()}
    return client.post(page_of(proposal), {**data, "decide": "1", **more})


def now(row):
    return type(row)._default_manager.get(pk=row.pk)


# --- the difference ---------------------------------------------------------------------------------------------------
def test_each_box_shows_what_stands_there_and_what_is_proposed(ada, firm):
    proposal = sent({"website": "https://new.example"}, {"website": "https://old.example"}, organisation=firm)
    page = ada.get(page_of(proposal))
    assert page.status_code == 200
    assert "https://old.example" in text(page) and "https://new.example" in text(page)
    assert "changed since" not in text(page)
    assert "<del>https://old.example</del> <ins>https://new.example</ins>" in page.content.decode()


def test_what_is_taken_is_written_and_mailed(ada, firm):
    proposal = sent({"website": "https://new.example"}, {"website": "https://old.example"}, organisation=firm)
    answer = decide(ada, proposal, website="take")
    assert answer.status_code == 302 and answer.url == QUEUE
    assert now(firm).website == "https://new.example"
    decided = now(proposal)
    assert decided.state == "accepted" and decided.reviewer.username == "ada" and decided.decided_at
    assert decided.decisions == {"website": {"taken": "proposed", "value": "https://new.example"}}
    letter = OutgoingMail.objects.get()
    assert letter.to == "someone@firm.example" and "accepted" in letter.text


def test_the_change_set_is_that_of_a_proposal_and_is_taken_back(ada, firm):
    proposal = sent({"website": "https://new.example"}, {"website": "https://old.example"}, organisation=firm)
    answer = ada.post(page_of(proposal), {"all": "1"}, follow=True)
    undo = reverse("admin:undo_set", args=[now(proposal).change_set])
    assert undo in answer.content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT metadata->>'kind' FROM pghistory_context WHERE id = %s", [now(proposal).change_set])
        assert cursor.fetchall() == [("proposal",)]
    assert undo in ada.get(page_of(proposal)).content.decode()
    ada.post(undo)
    assert now(firm).website == "https://old.example"
    assert "taken back since" in text(ada.get(page_of(proposal)))


def test_one_box_is_taken_one_edited_and_one_refused(ada, firm):
    values = {"website": "https://new.example", "acronym": "NEW", "email": "all@firm.example"}
    proposal = sent(values, {"website": "https://old.example", "acronym": "FDC", "email": ""}, organisation=firm)
    decide(
        ada, proposal, website="take", acronym="edit", email="refuse",
        more={"value-acronym": "Newer", "reason": REASON},
    )  # fmt: skip
    changed = now(firm)
    assert (changed.website, changed.acronym, changed.email) == ("https://new.example", "Newer", "")
    decided = now(proposal)
    assert decided.state == "partly" and decided.reason == REASON
    assert {name: one["taken"] for name, one in decided.decisions.items()} == {
        "website": "proposed", "acronym": "edited", "email": "refused",
    }  # fmt: skip


def test_a_refusal_needs_a_reason_of_at_most_500_letters(ada, firm):
    proposal = sent({"acronym": "NEW"}, {"acronym": "FDC"}, organisation=firm)
    for reason in ("", "x" * 501):
        answer = decide(ada, proposal, acronym="refuse", more={"reason": reason})
        assert answer.status_code == 200 and "Nothing is decided yet" in text(answer)
        assert now(proposal).state == "pending"
    decide(ada, proposal, acronym="refuse", more={"reason": "x" * 500})
    assert now(proposal).state == "refused" and now(firm).acronym == "FDC" and now(proposal).change_set is None


def test_a_saved_answer_is_a_reason_and_those_of_others_are_not_offered(ada, firm, cara, minalogic):
    proposal = sent({"acronym": "NEW"}, {"acronym": "FDC"}, organisation=firm)
    own = SavedAnswer.objects.create(cluster=cara, title="Register", text=REASON)
    network = SavedAnswer.objects.create(title="Of all", text="Of the network.")
    theirs = SavedAnswer.objects.create(cluster=minalogic, title="Theirs", text="Of Minalogic.")
    page = ada.get(page_of(proposal)).content.decode()
    assert own.title in page and network.title in page and theirs.title not in page
    answer = ada.post(page_of(proposal), {"none": "1", "saved": theirs.pk})
    assert answer.status_code == 200 and now(proposal).state == "pending"
    ada.post(page_of(proposal), {"none": "1", "saved": own.pk})
    assert now(proposal).state == "refused" and now(proposal).reason == REASON


def test_what_changed_since_needs_a_click_of_its_own(ada, firm):
    proposal = sent(
        {"website": "https://new.example", "acronym": "NEW"},
        {"website": "https://older.example", "acronym": "FDC"},
        organisation=firm,
    )
    page = ada.get(page_of(proposal))
    assert text(page).count("changed since") == 1 and "https://older.example" in text(page)
    answer = ada.post(page_of(proposal), {"all": "1"})
    assert answer.status_code == 200 and "This was changed since: decide on it by itself." in text(answer)
    assert now(firm).website == "https://old.example" and now(firm).acronym == "FDC"
    ada.post(page_of(proposal), {"all": "1", "choice-website": "take"})
    assert now(firm).website == "https://new.example" and now(firm).acronym == "NEW"


def test_what_another_writes_while_it_is_looked_at_is_asked_again(ada, firm):
    proposal = sent({"acronym": "NEW"}, {"acronym": "FDC"}, organisation=firm)
    seen = re.search(r'name="seen-acronym" value="(\w+)"', ada.get(page_of(proposal)).content.decode())[1]
    Organisation.objects.filter(pk=firm.pk).update(acronym="ELSE")
    answer = decide(ada, proposal, acronym="take", more={"seen-acronym": seen})
    assert answer.status_code == 200 and "while you looked at it" in text(answer)
    assert now(firm).acronym == "ELSE"


def test_every_box_is_decided(ada, firm):
    proposal = sent({"acronym": "NEW", "email": "a@b.fr"}, {"acronym": "FDC", "email": ""}, organisation=firm)
    answer = decide(ada, proposal, acronym="take")
    assert answer.status_code == 200 and "Decide on this one too." in text(answer)
    assert now(firm).acronym == "FDC" and 'value="take" checked' in answer.content.decode()


def test_of_two_reviewers_the_second_reads_who_decided(ada, firm, cara):
    proposal = sent({"acronym": "NEW"}, {"acronym": "FDC"}, organisation=firm)
    zoe = browser(staff("zoe", of=cara))
    decide(ada, proposal, acronym="take")
    answer = zoe.post(page_of(proposal), {"none": "1", "reason": REASON}, follow=True)
    assert "Already decided by ada: accepted." in text(answer)
    assert now(proposal).state == "accepted" and now(firm).acronym == "NEW"


def test_who_decides_at_the_same_moment_writes_nothing(ada, firm, cara):
    """She read the proposal while it was open; when she writes, it is not."""
    proposal = sent({"acronym": "NEW"}, {"acronym": "FDC"}, organisation=firm)
    decide(ada, proposal, acronym="take")
    with pytest.raises(AlreadyDecided) as faster:
        deciding.decide(proposal, Decision({"acronym": "edit"}, {"acronym": "LATE"}), staff("zoe", of=cara))
    assert faster.value.args[0].reviewer.username == "ada" and now(firm).acronym == "NEW"


def test_what_is_written_between_the_look_and_the_decision_is_not_written_over(firm, cara):
    """And the record is locked before its proposal, as who merges it does: else each would wait for the other."""
    proposal = sent({"acronym": "NEW"}, {"acronym": "FDC"}, organisation=firm)
    seen = {line.name: line.seen for line in deciding.matter_of(proposal).lines}
    type(firm).objects.filter(pk=firm.pk).update(acronym="MID")
    decision = Decision({"acronym": "take"}, {"acronym": "NEW"}, seen=seen)
    with CaptureQueriesContext(connection) as queries, pytest.raises(deciding.Refusal, match="acronym"):
        deciding.decide(proposal, decision, staff("zoe", of=cara))
    locks = [one["sql"] for one in queries if "FOR UPDATE" in one["sql"]]
    assert ["members_organisation" in sql.partition("WHERE")[0] for sql in locks] == [True, False]
    assert now(firm).acronym == "MID" and now(proposal).state == "pending"


def test_nobody_is_written_to_who_was_erased(ada, firm):
    proposal = sent({"acronym": "NEW"}, {"acronym": "FDC"}, organisation=firm, sender_email="Zoe@Firm.example")
    SOURCES["proposals"].erase([str(proposal.pk)], Sought.of(email="zoe@firm.example"))
    assert "@firm.example" not in now(proposal).sender_email.lower()
    answer = ada.post(page_of(proposal), {"ask": "1", "question": "Lequel ?"})
    assert "nobody to ask" in text(answer) and now(proposal).state == "pending"
    decide(ada, proposal, acronym="take")
    assert now(proposal).state == "accepted" and not OutgoingMail.objects.exists()


def test_values_are_read_as_in_the_forms_of_staff(ada, firm):
    proposal = sent({"siren": "123456789", "website": "javascript:alert(1)"}, {"siren": ""}, organisation=firm)
    answer = ada.post(page_of(proposal), {"decide": "1", "choice-siren": "take", "choice-website": "take"})
    assert answer.status_code == 200 and now(firm).siren == "" and now(proposal).state == "pending"
    assert text(answer).count("Nothing is decided yet") == 1
    assert answer.content.decode().count('<p class="error">') == 2


def test_what_the_database_refuses_is_a_sentence(ada, firm):
    organisation("Elle", siren="552100554")
    proposal = sent({"siren": "552100554"}, {"siren": ""}, organisation=firm)
    answer = decide(ada, proposal, siren="take")
    assert answer.status_code == 200 and "Another company already has this SIREN." in text(answer)
    assert now(proposal).state == "pending"


def test_a_record_that_lacks_something_else_takes_the_box_all_the_same(ada, cara):
    """Without a theme, a site or a description, which publishing with others would ask for; and with an address that no
    form would take today."""
    bare = member("Nue", cara, status="draft", slug="de.jadis")
    proposal = sent({"acronym": "NEW"}, {"acronym": ""}, organisation=bare)
    decide(ada, proposal, acronym="take")
    assert now(bare).acronym == "NEW"


def test_themes_and_the_town_are_written_beside_the_record(ada, firm):
    Theme.objects.create(name_fr="Énergie", name_en="Energy", slug="energie")
    proposal = sent({"themes": ["energie"], "city": "Lyon"}, {"themes": [], "city": ""}, organisation=firm)
    ada.post(page_of(proposal), {"all": "1"})
    assert [one.slug for one in firm.themes.all()] == ["energie"] and firm.sites.get().city == "Lyon"
    assert now(proposal).state == "accepted"


def test_a_place_is_written_at_once_and_one_that_moves_takes_its_department_along(ada, firm, cara):
    isere = places()
    paris = Department.objects.create(insee_code="75", name="Paris", slug="paris", region=isere.region)
    there = {"address": "1 rue Haute", "postcode": "38000", "city": "Grenoble"}
    ada.post(page_of(sent(there, dict.fromkeys(there, ""), organisation=firm)), {"all": "1"})
    site = firm.sites.get()
    assert (site.address, site.postcode, site.city, site.department) == (*there.values(), isere)
    at = {"latitude": "45.18000", "longitude": "5.72000", "precision": "city"}
    firm.sites.update(**at)
    ada.post(page_of(sent({"address": "2 rue Basse"}, {"address": "1 rue Haute"}, organisation=firm)), {"all": "1"})
    assert firm.sites.get().precision == "city"  # of the town, where it is still
    moved = {"postcode": "75001", "city": "Paris"}
    ada.post(page_of(sent(moved, {name: there[name] for name in moved}, organisation=firm)), {"all": "1"})
    site = firm.sites.get()
    assert (site.address, site.department, site.latitude, site.precision) == ("2 rue Basse", paris, None, "")
    request = sent({"kind": "company", "name": "Neuve", **there}, kind="join", cluster=cara)
    ada.post(page_of(request), {"all": "1", "joined_on": "2024-01-01"})
    assert Organisation.objects.get(name="Neuve").sites.get().department == isere


@pytest.mark.parametrize(
    "values",
    [
        {"name": ["a"]}, {"founding_year": {"a": 1}}, {"founding_year": "then"}, {"closed_on": 5}, {"closed_on": "2024-02-31"},
        {"themes": "energie"}, {"themes": ["none", 1]}, {"acronym": True}, {"name": "x" * 1000}, {"<b>": None},
    ],
)  # fmt: skip
def test_a_value_that_is_none_of_its_box_is_shown_and_never_written(ada, firm, values):
    """As one that was proposed when the box was another."""
    proposal = sent(values, values, organisation=firm)
    before = Organisation.objects.filter(pk=firm.pk).values().get()
    assert ada.get(page_of(proposal)).status_code == 200
    ada.post(page_of(proposal), {"all": "1"})
    ada.post(page_of(proposal), {"none": "1", "reason": REASON})
    assert now(proposal).state == "refused" and ada.get(page_of(proposal)).status_code == 200
    assert Organisation.objects.filter(pk=firm.pk).values().get() == before


def test_what_may_no_longer_be_proposed_is_refused_and_says_so(ada, firm):
    proposal = sent({"naf_code": "62.01Z", "acronym": "NEW"}, {"acronym": "FDC"}, organisation=firm)
    assert "It may no longer be proposed" in text(ada.get(page_of(proposal)))
    ada.post(page_of(proposal), {"all": "1"})
    assert now(firm).acronym == "NEW" and now(firm).naf_code == ""
    assert now(proposal).state == "partly" and now(proposal).reason


def test_a_name_that_gives_way_stays_as_a_former_one_unless_staff_say_no(ada, cara):
    for keeps in (True, False):
        firm = member(f"Ancienne {keeps}", cara)
        proposal = sent({"name": "Nouvelle"}, {"name": firm.name}, organisation=firm)
        ada.post(page_of(proposal), {"all": "1", **({"former_name": "on"} if keeps else {})})
        assert now(firm).name == "Nouvelle" and firm.names.filter(kind="former").exists() is keeps


def test_the_day_and_the_source_of_a_verification_are_offered(ada, firm, cara):
    proposal = sent({"acronym": "NEW"}, {"acronym": "FDC"}, organisation=firm)
    assert "Verified today, source: the organisation" in text(ada.get(page_of(proposal)))
    ada.post(page_of(proposal), {"all": "1", "verified": "on"})
    changed = now(firm)
    assert (changed.verified_on, changed.verified_by, changed.verified_source) == (
        timezone.localdate(), cara, "l’organisation",
    )  # fmt: skip


def test_an_error_that_was_reported_is_answered(ada, firm):
    done, refused = (sent(kind="report", note="The telephone is wrong.", organisation=firm) for _ in "12")
    assert "The telephone is wrong." in text(ada.get(page_of(done)))
    ada.post(page_of(done), {"all": "1", "reason": "Put right, thank you."})
    ada.post(page_of(refused), {"none": "1"})
    assert now(done).state == "accepted" and now(done).reason and now(refused).state == "pending"
    ada.post(page_of(refused), {"none": "1", "reason": REASON})
    assert now(refused).state == "refused"


# --- questions --------------------------------------------------------------------------------------------------------
def test_a_question_waits_for_its_answer_and_is_mailed(ada, firm):
    proposal = sent({"acronym": "NEW"}, {"acronym": "FDC"}, organisation=firm)
    ada.post(page_of(proposal), {"ask": "1", "question": "Since when?"})
    assert now(proposal).state == "waiting" and "Since when?" in OutgoingMail.objects.get().text
    assert "waiting for an answer" in text(ada.get(f"{QUEUE}?only=waiting"))
    ProposalMessage.objects.create(proposal=proposal, text="Since May.", from_staff=False)
    ChangeProposal.objects.update(state="pending")
    page = text(ada.get(page_of(proposal)))
    assert page.index("Since when?") < page.index("Since May.")
    assert ada.post(page_of(proposal), {"ask": "1", "question": ""}).status_code == 200


# --- whose it is ------------------------------------------------------------------------------------------------------
def test_only_whoever_keeps_a_record_meets_its_proposals(ada, firm, cara, minalogic):
    theirs = member("Firme de Minalogic", minalogic)
    Membership.objects.create(organisation=theirs, cluster=cara)  # she sees it, and does not keep it
    stranger = sent({"acronym": "NEW"}, {"acronym": ""}, organisation=theirs)
    unconfirmed = sent({"acronym": "X"}, {"acronym": "FDC"}, organisation=firm, state="unconfirmed")
    joins_them = sent({"name": "Nouvelle"}, kind="join", cluster=minalogic)
    for proposal in (stranger, unconfirmed, joins_them):
        assert ada.get(page_of(proposal)).status_code == 404
        assert ada.post(page_of(proposal), {"all": "1"}).status_code == 404
    assert "Nothing waits here." in text(ada.get(QUEUE))
    assert browser(staff("mina", of=minalogic)).get(page_of(stranger)).status_code == 200
    assert browser(staff("nina", role="network_editor")).get(QUEUE).status_code in (200, 302)


# --- what is not there yet --------------------------------------------------------------------------------------------
def test_a_request_to_join_becomes_a_draft_and_a_membership(ada, cara):
    values = {"kind": "laboratory", "name": "Laboratoire neuf", "city": "Grenoble", "website": "https://labo.example"}
    proposal = sent(values, kind="join", cluster=cara)
    assert "Laboratoire neuf" in text(ada.get(page_of(proposal)))
    answer = ada.post(page_of(proposal), {"all": "1", "joined_on": "2026-03-01"}, follow=True)
    made = Organisation.objects.get(name="Laboratoire neuf")
    assert (made.kind, made.status, made.lead_cluster, made.sites.get().city) == (
        "laboratory", "draft", cara, "Grenoble",
    )  # fmt: skip
    assert made.memberships.get().cluster == cara and made.memberships.get().joined_on.isoformat() == "2026-03-01"
    assert reverse("admin:members_organisation_change", args=[made.pk]) in answer.content.decode()
    assert now(proposal).organisation == made and now(proposal).state == "accepted"


def test_what_looks_like_whoever_asks_to_join_is_shown_and_may_be_the_one(ada, cara, minalogic):
    there = member("Électricité du Vercors", minalogic)
    proposal = sent({"kind": "company", "name": "Electricite du Vercors SAS"}, kind="join", cluster=cara)
    page = ada.get(page_of(proposal))
    assert "It may be here already" in text(page) and there.name in text(page)
    before = Organisation.objects.count()
    ada.post(page_of(proposal), {"is": there.pk})
    assert Organisation.objects.count() == before
    assert there.memberships.filter(cluster=cara).exists() and now(proposal).state == "accepted"
    assert now(there).name == "Électricité du Vercors"


def test_who_is_in_the_directory_already_becomes_a_member_once(ada, cara, minalogic):
    there = member("Elle", minalogic)
    proposal = sent(kind="join", cluster=cara, organisation=there)
    ada.post(page_of(proposal), {"all": "1"})
    assert there.memberships.filter(cluster=cara).count() == 1 and now(proposal).state == "accepted"
    again = sent(kind="join", cluster=cara, organisation=there)
    answer = ada.post(page_of(again), {"all": "1"})
    assert "already a member of this cluster" in text(answer) and now(again).state == "pending"


def test_a_request_to_join_is_refused_with_a_reason(ada, cara, minalogic):
    proposal = sent(kind="join", cluster=cara, organisation=member("Elle", minalogic))
    ada.post(page_of(proposal), {"none": "1", "reason": REASON})
    assert now(proposal).state == "refused" and not cara.memberships.exists()


def test_a_project_becomes_a_draft_whose_label_is_open(ada, cara, firm):
    proposal = sent({"acronym": "VOLTA", "title_fr": "Pile"}, kind="project", cluster=cara, organisation=firm)
    ada.post(page_of(proposal), {"all": "1"})
    made = Project.objects.get()
    assert (made.acronym, made.status, made.labels.count()) == ("VOLTA", "draft", 0)
    assert made.participations.get().organisation == firm and now(proposal).project == made
    assert ada.get(reverse("admin:projects_project_change", args=[made.pk])).status_code == 200


def test_an_outcome_becomes_a_row_of_its_project(ada, cara):
    known = project()
    ProjectLabel.objects.create(project=known, cluster=cara, role="lead", date=timezone.localdate())
    values = {"kind": "patent", "title_fr": "Un brevet", "year": 2024, "link": ""}
    proposal = sent(values, kind="project", project=known)
    ada.post(page_of(proposal), {"all": "1"})
    made = Outcome.objects.get()
    assert (made.project, made.kind, made.title_fr, made.year) == (known, "patent", "Un brevet", 2024)


# --- requests of other clusters ---------------------------------------------------------------------------------------
def test_who_may_only_read_a_record_asks_for_a_change(ada, cara, minalogic):
    theirs = member("Firme de Minalogic", minalogic, acronym="OLD")
    Membership.objects.create(organisation=theirs, cluster=cara)
    form = ada.get(reverse("admin:members_organisation_change", args=[theirs.pk])).content.decode()
    address = reverse("admin:contributions_ask", args=["members.organisation", theirs.pk])
    assert address in form
    page = ada.get(address)
    filled = {box.html_name: box.value() or "" for box in page.context["form"] if box.name != "themes"}
    assert "Nothing is changed yet" in text(ada.post(address, filled))
    assert ada.post(address, {**filled, "acronym": "NEW"}).status_code == 302
    assert "already" in text(ada.post(address, {**filled, "acronym": "NEW"}))
    asked = ChangeProposal.objects.get()
    assert (asked.state, asked.values, asked.based_on) == ("pending", {"acronym": "NEW"}, {"acronym": "OLD"})
    assert asked.from_cluster == cara and asked.sent_by.username == "ada"
    assert ada.get(page_of(asked)).status_code == 404  # not hers to decide
    mina = browser(staff("mina", of=minalogic))
    assert "Firme de Minalogic" in text(mina.get(f"{QUEUE}?what=request"))
    mina.post(page_of(asked), {"all": "1"})
    assert now(theirs).acronym == "NEW"
    assert "accepted" in text(ada.get(reverse("admin:contributions_asked")))


def test_nobody_asks_about_what_she_does_not_see_or_keeps(ada, firm, minalogic):
    stranger = member("Étrangère", minalogic)
    assert ada.get(reverse("admin:contributions_ask", args=["members.organisation", stranger.pk])).status_code == 404
    assert ada.get(reverse("admin:contributions_ask", args=["members.cluster", minalogic.pk])).status_code == 404
    own = ada.get(reverse("admin:contributions_ask", args=["members.organisation", firm.pk]))
    assert own.status_code == 302
    assert "contributions/changeproposal/ask" not in ada.get(own.url).content.decode()


def test_what_an_import_left_is_asked_of_whoever_keeps_it(ada, cara, minalogic):
    theirs = member("Firme de Minalogic", minalogic, siren="552100554", website="https://a.example")
    file = csv(("Raison sociale", "SIREN", "Site internet"), ("Firme de Minalogic", "552100554", "https://b.example"))
    batch = imported(checked(cara, get_user_model().objects.get(username="ada"), file))
    assert now(theirs).website == "https://a.example"
    page = ada.get(reverse("admin:members_import_result", args=[batch.pk]))
    address = reverse("admin:contributions_ask_import", args=[batch.pk])
    assert address in page.content.decode()
    assert browser(staff("mina", of=minalogic)).post(address).status_code == 404 and ada.get(address).status_code == 405
    for _twice in "12":
        assert ada.post(address).status_code == 302
    asked = ChangeProposal.objects.get()
    assert (asked.organisation, asked.values, asked.based_on) == (
        theirs, {"website": "https://b.example"}, {"website": "https://a.example"},
    )  # fmt: skip


# --- the queue --------------------------------------------------------------------------------------------------------
def test_what_waits_is_sorted_by_age_and_counted_by_matter(ada, firm, cara, minalogic, settings):
    settings.REVIEW_DAYS = 14
    days = lambda number: timezone.now() - timedelta(days=number)  # noqa: E731
    old = sent({"acronym": "A"}, {"acronym": "FDC"}, organisation=firm, confirmed_at=days(20))
    sent({"name": "Neuve"}, kind="join", cluster=cara, confirmed_at=days(3))
    sent({"email": "a@b.fr"}, {"email": ""}, organisation=firm, from_cluster=minalogic, confirmed_at=days(2))
    member("En relecture", cara, status="in_review")
    page = text(ada.get(QUEUE))
    order = [page.index(words) for words in ("20 days", "3 days", "2 days", "En relecture")]
    assert order == sorted(order)
    assert re.search(r"All 4 In review 1 Proposals 1 Requests to become a member 1 Requests of other clusters 1", page)
    overdue = text(ada.get(f"{QUEUE}?only=overdue"))
    assert "20 days" in overdue and "3 days" not in overdue
    ada.post(page_of(old), {"mine": "1"})
    assert now(old).assigned_to.username == "ada"
    mine = text(ada.get(f"{QUEUE}?only=mine"))
    assert "20 days" in mine and "3 days" not in mine
    ChangeProposal.objects.filter(pk=old.pk).update(state="waiting")
    assert "20 days" not in text(ada.get(f"{QUEUE}?only=overdue")), "it is its sender who keeps it waiting"
    ChangeProposal.objects.filter(pk=old.pk).update(state="pending")
    home = text(ada.get("/admin/"))
    assert home.index("What waits for a decision") < home.index("Requests of other clusters")
    assert "1 overdue" in home


def test_a_queue_of_2000_is_read_in_few_queries(ada, firm, cara):
    ChangeProposal.objects.bulk_create(
        ChangeProposal(
            kind="correction", state="pending", organisation=firm, values={"acronym": str(number)},
            based_on={"acronym": "FDC"}, sender_email="a@b.fr", fingerprint=str(number),
            confirmed_at=timezone.now() - timedelta(minutes=number),
        )
        for number in range(2_000)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as queries:
        page = ada.get(QUEUE)
    assert "Page 1 of 40" in text(page)
    assert len(queries) <= 12, [query["sql"][:120] for query in queries]


def test_the_criteria_are_printed_beside_the_queue(ada, firm):
    Page.objects.create(key="review-criteria", title_fr="Critères", title_en="Criteria", body_en="Only members.")
    assert "Only members." in text(ada.get(QUEUE))
    proposal = sent({"acronym": "A"}, {"acronym": "FDC"}, organisation=firm)
    assert "Only members." in text(ada.get(page_of(proposal)))


# --- draft, in review, published, refused -----------------------------------------------------------------------------
def test_what_is_in_review_is_refused_with_a_reason_and_may_be_a_draft_again(ada, cara):
    submitted = member("Soumise", cara, status="in_review")
    lists = reverse("admin:members_organisation_changelist")
    asked = ada.post(lists, {"action": "refuse", "_selected_action": submitted.pk})
    assert asked.status_code == 200 and now(submitted).status == "in_review"
    ada.post(lists, {"action": "refuse", "_selected_action": submitted.pk, "confirmed": "1", "reason": REASON})
    assert now(submitted).status == "refused"
    assert REASON in ada.get(reverse("admin:members_organisation_history", args=[submitted.pk])).content.decode()
    assert Client().get(submitted.get_absolute_url()).status_code == 404
    assert submitted.name not in Client().get("/en/members/").content.decode()
    ada.post(lists, {"action": "take_back", "_selected_action": submitted.pk, "confirmed": "1"})
    assert now(submitted).status == "draft"


def test_what_is_to_be_published_on_a_day_is_on_that_day_and_not_before(cara):
    today = timezone.localdate()
    due = member("Aujourd’hui", cara, status="draft", publish_on=today)
    late = member("Demain", cara, status="in_review", publish_on=today + timedelta(days=1))
    refused = member("Refusée", cara, status="refused", publish_on=today)
    for one in (due, late):
        assert Client().get(one.get_absolute_url()).status_code == 404
    assert publish_what_is_due() == 1
    assert now(due).status == "published" and now(due).publish_on is None
    assert now(late).status == "in_review" and now(refused).status == "refused"
    assert Client().get(due.get_absolute_url()).status_code == 200
    assert due.name in Client().get("/en/members/").content.decode()
    assert publish_what_is_due() == 0


def test_the_day_stays_with_the_draft_and_goes_when_it_is_published(ada, cara):
    day = timezone.localdate() + timedelta(days=9)
    draft = member("Brouillon", cara, status="draft", publish_on=day)
    address = reverse("admin:members_company_change", args=[draft.pk])
    for status, stays in (("in_review", day), ("published", None), ("draft", None)):
        form = form_of(ada.get(address)) | {"status": status}
        assert ada.post(address, form).status_code == 302
        assert (now(draft).status, now(draft).publish_on) == (status, stays)


# --- notices ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def at(monkeypatch):
    """The clock."""
    begun = timezone.now()

    def set_to(hour: int, days: int = 0):
        moment = timezone.localtime(begun).replace(hour=hour, minute=0) + timedelta(days=days)
        monkeypatch.setattr("contributions.notices.timezone.now", lambda: moment)

    return set_to


def told() -> list[tuple[str, int]]:
    """(to whom, of how many things) of the mails that one look makes."""
    before = set(OutgoingMail.objects.values_list("pk", flat=True))
    tell_staff()
    made = OutgoingMail.objects.exclude(pk__in=before).order_by("pk")
    return [(one.to.partition("@")[0], int(re.search(r"\d+", one.subject)[0])) for one in made]


def test_staff_are_told_at_once_or_in_the_morning_and_never_twice(firm, cara, at):
    NoticeChoice.objects.create(user=staff("ada", of=cara), matter="proposal", time="at_once")
    staff("bob", of=cara)  # says nothing: each morning
    NoticeChoice.objects.create(user=staff("cleo", of=cara), matter="proposal", time="never")
    sent({"acronym": "A"}, {"acronym": "FDC"}, organisation=firm)
    gone = sent({"email": "a@b.fr"}, {"email": ""}, organisation=firm)
    at(5)
    assert told() == [("ada", 2)] and told() == []
    ChangeProposal.objects.filter(pk=gone.pk).update(state="accepted")
    at(7)
    assert told() == [("bob", 1)] and told() == []
    sent({"phone": "+33476000000"}, {"phone": ""}, organisation=firm)
    at(8)
    assert told() == [("ada", 1)]
    at(6, days=1)
    assert told() == []
    at(7, days=1)
    assert told() == [("bob", 1)] and told() == []


def test_what_comes_back_to_be_looked_at_is_told_again(cara, at):
    staff("bob", of=cara)
    made = member("Firme en attente", cara, status="in_review")
    at(7)
    assert told() == [("bob", 1)]
    Organisation.objects.filter(pk=made.pk).update(status="refused")
    at(7, days=1)
    assert told() == []
    Organisation.objects.filter(pk=made.pk).update(status="in_review")
    at(7, days=2)
    assert told() == [("bob", 1)] and told() == []


def test_the_way_to_what_waits_is_the_sites_and_no_senders(firm, cara, at, settings):
    staff("bob", of=cara)
    settings.SITE_URL = "https://portal.example"
    sent({"acronym": "A"}, {"acronym": "FDC"}, organisation=firm, sent_from="https://evil.example")
    at(8)
    tell_staff()
    mail = OutgoingMail.objects.get()
    assert "https://portal.example/admin/" in mail.text and "evil" not in mail.text + mail.html


TIMES = {"review": "never", "proposal": "at_once", "join": "morning", "request": "never", "refused": "at_once"}


def test_the_times_of_notices_are_ones_own(ada):
    address = reverse("admin:contributions_notices")
    assert ada.post(address, {**TIMES, "language": "en"}).status_code == 302
    assert dict(NoticeChoice.objects.values_list("matter", "time")) == TIMES
    for wrong in ({"join": "hourly"}, {"language": "de"}):
        assert ada.post(address, {**TIMES, "language": "en", **wrong}).status_code == 200
    assert NoticeLanguage.objects.get().language == "en"


def test_staff_are_written_to_in_the_language_that_they_chose(ada, firm, cara, at, settings):
    settings.SITE_URL = "https://portal.example"
    address = reverse("admin:contributions_notices")
    assert ada.get(address).context["form"]["language"].value() == "en", "that of the page, until she says another"
    ada.post(address, {**TIMES, "language": "en"})
    bob = browser(staff("bob", of=cara))
    bob.post(address, {**TIMES, "language": "fr"})
    assert bob.get(address).context["form"]["language"].value() == "fr", "her own, though she reads the page in English"
    NoticeChoice.objects.create(user=staff("cleo", of=cara), matter="proposal", time="at_once")
    sent({"acronym": "A"}, {"acronym": "FDC"}, organisation=firm)
    at(5)
    tell_staff()
    mails = {one.to.partition("@")[0]: (one.language, one.subject) for one in OutgoingMail.objects.all()}
    french = ("fr", "1 chose vous attend")
    assert mails == {"ada": ("en", "1 thing waits for you"), "bob": french, "cleo": french}
    link = "https://portal.example/admin/contributions/changeproposal/queue/"
    assert f"Ce qui attend une décision\n{link}" in OutgoingMail.objects.get(to__startswith="bob").text
    assert f"What waits for a decision\n{link}" in OutgoingMail.objects.get(to__startswith="ada").text


def test_what_waits_is_hers_alone(firm, cara, minalogic):
    sent({"acronym": "A"}, {"acronym": "FDC"}, organisation=firm)
    assert len(what_waits(staff("ada", of=cara))) == 1
    assert what_waits(staff("mina", of=minalogic)) == []


# --- the rules of the database ----------------------------------------------------------------------------------------
def test_the_database_refuses_what_nobody_should_write_and_says_why(cara):
    user = staff("ada", of=cara)
    rows = [
        lambda: SavedAnswer(cluster=cara, title="A", text="x"),
        lambda: SavedAnswer(title="A", text="x"),  # of the network
        lambda: NoticeChoice(user=user, matter="proposal", time="never"),
        lambda: Notice(user=user, matter="proposal", about="x"),
    ]
    for row in rows:
        row().save()
        with pytest.raises(ValidationError) as refused:
            row().full_clean()
        assert all(sentence.endswith(".") for sentence in refused.value.messages)
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row()).objects.bulk_create([row()])
    for wrong in (
        NoticeChoice(user=user, matter="weather", time="never"),
        NoticeChoice(user=user, matter="join", time="hourly"),
        NoticeLanguage(user=user, language="de"),
        Notice(user=user, matter="weather", about="y"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(wrong).objects.bulk_create([wrong])
