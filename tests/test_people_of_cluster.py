"""The people of a cluster: who reads and ends what, and what goes with a role that ends."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from cluster_portal.models import SecurityEvent
from members.models import Cluster, Invitation, Membership, Organisation, Person, RoleAssignment
from projects.models import Project, ProjectLabel
from tests.admin_rows import form_of, organisation
from tests.staff import browser, person, sign_in
from tests.test_invitations import Cast, cast, invite, invited, link, opened, team  # noqa: F401 (cast: a fixture)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CAST = ("manager", "editor", "stranger", "network", "boss", "root")


def role(user, **values) -> RoleAssignment:
    return RoleAssignment.objects.get(user=user.pk, **values)


def ending(assignment: RoleAssignment) -> str:
    return reverse("admin:members_role_end", args=[assignment.pk])


def end(client, assignment: RoleAssignment, **sent):
    return client.post(ending(assignment), sent, follow=True)


def runs(assignment: RoleAssignment) -> bool:
    assignment.refresh_from_db()
    return assignment.is_running()


def draft(name: str, lead, assigned_to, status: str = "draft", **values) -> Organisation:
    made = organisation(name, lead_cluster=lead, status=status, **values)
    Membership.objects.create(organisation=made, cluster=lead)
    Organisation.objects.filter(pk=made.pk).update(created_by=assigned_to, assigned_to=assigned_to)
    return made


def work(acronym: str, assigned_to, status: str = "draft", **labels) -> Project:
    made = Project.objects.create(acronym=acronym, slug=acronym.lower(), status=status)
    Project.objects.filter(pk=made.pk).update(created_by=assigned_to, assigned_to=assigned_to)
    for part, one in labels.items():
        ProjectLabel.objects.create(project=made, cluster=one, role=part, date=timezone.localdate())
    return made


def whose(row):
    row.refresh_from_db()
    return row.assigned_to and row.assigned_to.username


# --- who reads it -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", CAST)
def test_the_pages_are_there_for_managers_of_the_cluster_and_administrators_and_for_nobody_else(cast, name):  # noqa: F811
    people = cast.people
    leaver = person("leaver", None)
    draft("Laissée", cast.cara, leaver)
    work("SEUL", leaver)
    pages = {
        team(cast.cara): ("manager", "boss", "root"),
        team(cast.other): ("stranger", "boss", "root"),
        team(None): ("boss", "root"),
        reverse("admin:members_people"): ("manager", "stranger", "boss", "root"),
        ending(role(people["editor"])): ("manager", "boss", "root"),
        ending(role(people["stranger"])): ("stranger", "boss", "root"),
        ending(role(people["network"])): ("boss", "root"),
        reverse("admin:members_hand_over", args=[cast.cara.pk, leaver.pk]): ("manager", "boss", "root"),
        reverse("admin:members_hand_over_of_network", args=[leaver.pk]): ("boss", "root"),
        reverse("admin:members_hand_over", args=[cast.other.pk, leaver.pk]): (),
        reverse("admin:members_people_of", args=[2**31 - 1]): (),
        reverse("admin:members_people_of", args=[2**70]): (),
        reverse("admin:members_role_end", args=[2**70]): (),
        reverse("admin:members_hand_over", args=[cast.cara.pk, 2**70]): (),
        reverse("admin:members_invitation", args=[2**70]): (),
    }
    client = cast[name]
    for page, those in pages.items():
        answer = client.get(page, follow=True)
        assert answer.status_code == (200 if name in those else 404), page
        if name not in those:
            assert client.post(page, {"email": "a@b.fr", "role": "cluster_editor", "sure": "on"}).status_code == 404, (
                page
            )
    assert not Invitation.objects.exists()
    assert all(runs(one) for one in RoleAssignment.objects.all())


@pytest.mark.parametrize("name", CAST)
def test_the_first_page_the_header_and_the_form_of_the_cluster_lead_there_whoever_manages_people(cast, name):  # noqa: F811
    leads = f'href="{reverse("admin:members_people")}"'
    client = cast[name]
    for page in ("/admin/", reverse("admin:members_organisation_changelist")):
        assert (leads in client.get(page).text) is (name not in ("editor", "network")), page
    form = client.get(reverse("admin:members_cluster_change", args=[cast.cara.pk]))
    assert (f'href="{team(cast.cara)}"' in form.text) is (name in ("manager", "boss", "root"))


def test_whoever_manages_one_cluster_is_led_straight_to_its_people(cast):  # noqa: F811
    overview = reverse("admin:members_people")
    assert cast["manager"].get(overview)["Location"] == team(cast.cara)
    RoleAssignment.objects.create(user_id=cast.people["manager"].pk, role="cluster_manager", cluster=cast.other)
    page = cast["manager"].get(overview)
    assert page.status_code == 200 and team(cast.cara) in page.text and team(cast.other) in page.text
    assert team(None) not in page.text and team(None) in cast["boss"].get(overview).text


def words(page) -> str:
    main = page.text.partition('id="content-main"')[2].partition("<footer")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_the_page_says_who_works_there_since_when_was_seen_last_and_has_a_second_factor(cast, time_machine):  # noqa: F811
    time_machine.move_to(timezone.now().replace(year=2026, month=6, day=15, hour=9), tick=False)
    RoleAssignment.objects.update(valid_from="2026-01-31")
    RoleAssignment.objects.create(
        user_id=person("former", None, first_name="Ada", last_name="Byron").pk, role="cluster_editor", cluster=cast.cara,
        valid_from="2025-02-01", valid_until="2026-03-01",
    )  # fmt: skip
    RoleAssignment.objects.create(
        user_id=person("later", None).pk, role="cluster_editor", cluster=cast.cara, valid_from="2026-09-01"
    )
    get_user_model().objects.filter(username="editor").update(last_login="2026-05-04T12:00:00Z")
    Authenticator.objects.create(user=cast.people["manager"], type="totp", data={})
    Authenticator.objects.create(user=cast.people["editor"], type="recovery_codes", data={})
    page = cast["manager"].get(team(cast.cara))
    said = words(page)
    editor = said[said.index("editor editor · editor@portal.example") :]
    assert "Cluster editor since 31 January 2026 Last seen on 4 May 2026 Without a second factor" in editor
    maya = said[said.index("Maya Nager") :]
    assert maya.startswith("Maya Nager manager · manager@portal.example Cluster manager since 31 January 2026")
    assert "Last seen on 15 June 2026 With a second factor" in maya[:200]
    assert "later later · later@portal.example Cluster editor since 1 September 2026 Never seen yet" in said
    assert "Worked here before Ada Byron Cluster editor from 1 February 2025 until 1 March 2026" in said
    assert "stranger" not in said and "boss" not in said


def test_last_seen_is_when_somebody_worked_and_not_only_when_she_signed_in(cast, time_machine):  # noqa: F811
    time_machine.move_to(start := timezone.now().replace(year=2027, month=6, day=15, hour=21), tick=False)
    client = browser()
    sign_in(client, "editor")
    for hours in (6, 12, 18, 24):
        time_machine.move_to(start + timedelta(hours=hours), tick=False)
        assert client.get("/admin/").status_code == 200
    assert "Last seen on 16 June 2027" in words(cast["boss"].get(team(cast.cara)))


def test_open_invitations_stand_there_with_their_end_and_those_that_ran_out_say_so(cast, time_machine):  # noqa: F811
    time_machine.move_to(start := timezone.now(), tick=False)
    invited(cast, email="one@portal.example")
    said = words(cast["manager"].get(team(cast.cara)))
    assert "Not accepted yet one@portal.example Cluster editor" in said and "by manager Valid until" in said
    assert "one@portal.example" not in cast["stranger"].get(team(cast.other)).text
    time_machine.move_to(start + 8 * DAY, tick=False)
    assert "Expired" in words(cast["manager"].get(team(cast.cara)))


def test_the_pages_ask_no_more_for_more_people(cast):  # noqa: F811
    leaver = person("leaver", None)
    works_on = person("works-on", "cluster_editor", cast.other)  # so that her rights are asked of each row
    RoleAssignment.objects.create(user_id=works_on.pk, role="cluster_editor", cluster=cast.cara)

    def asked() -> list[int]:
        numbers = []
        for client, page in (
            (cast["manager"], team(cast.cara)),
            (cast["boss"], team(cast.cara)),
            (cast["boss"], team(None)),
            (cast["boss"], reverse("admin:members_people")),
            (cast["boss"], ending(role(cast.people["editor"]))),
            (cast["manager"], ending(role(cast.people["editor"]))),
            (cast["manager"], ending(role(works_on, cluster=cast.cara))),
            (cast["manager"], reverse("admin:members_hand_over", args=[cast.cara.pk, leaver.pk])),
        ):
            client.get(page)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page).status_code == 200
            numbers.append(len(captured))
        return numbers

    def more(number: int) -> None:
        for each in range(number):
            name = f"p{number}-{each}"
            user = person(name, "cluster_editor", cast.cara)
            browser().force_login(user)
            person(f"n{name}", "network_editor")
            Authenticator.objects.create(user=user, type="totp", data={})
            draft(f"Firme {name}", cast.cara, person(f"left-{name}", None))
            for owner in (leaver, works_on, cast.people["editor"]):
                draft(f"Firme {name} de {owner}", cast.cara, owner)
                work(f"P{number}{each}{owner}", owner)
            Invitation.objects.create(
                email=f"{name}@i.example", role="cluster_editor", cluster=cast.cara, invited_by=cast.people["manager"],
                expires_at=timezone.now() + DAY, token_digest=name,
            )  # fmt: skip

    more(1)
    few = asked()
    more(5)
    assert asked() == few and max(few) <= 15, few


# --- an end -----------------------------------------------------------------------------------------------------------
def test_an_end_is_asked_about_first_and_then_is_at_once(cast):  # noqa: F811
    assignment, manager = role(cast.people["editor"]), cast["manager"]
    page = manager.get(ending(assignment))
    assert "End the role of editor?" in page.text and "No role is left" in page.text and runs(assignment)
    done = end(manager, assignment)
    assert done.request["PATH_INFO"] == team(cast.cara) and "The role of editor has ended." in done.text
    assert not runs(assignment) and assignment.valid_until == timezone.localdate()
    again = end(manager, assignment)
    assert "has ended already" in again.text


def test_the_sessions_of_whoever_has_no_role_left_end_at_once_and_nobody_elses(cast):  # noqa: F811
    hers, other = [browser(), browser()], browser()
    for client in hers:
        sign_in(client, "editor")
    sign_in(other, "stranger")
    assert all(client.get("/admin/").status_code == 200 for client in (*hers, other))
    keys = [client.session.session_key for client in hers]
    end(cast["manager"], role(cast.people["editor"]))
    assert all(client.get("/admin/").status_code == 302 for client in hers) and other.get("/admin/").status_code == 200
    assert not Session.objects.filter(pk__in=keys).exists()
    assert not UserSession.objects.filter(user=cast.people["editor"]).exists()
    RoleAssignment.objects.create(user_id=cast.people["editor"].pk, role="cluster_editor", cluster=cast.other)
    assert all(client.get("/admin/").status_code == 302 for client in hers), "nor does a later role open them again"


def test_whoever_keeps_another_role_stays_signed_in_with_that(cast):  # noqa: F811
    RoleAssignment.objects.create(user_id=cast.people["editor"].pk, role="cluster_editor", cluster=cast.other)
    client = browser()
    sign_in(client, "editor")
    page = cast["manager"].get(ending(role(cast.people["editor"], cluster=cast.cara)))
    assert "No role is left" not in page.text
    end(cast["manager"], role(cast.people["editor"], cluster=cast.cara))
    assert client.get("/admin/").status_code == 200
    assert client.get(reverse("admin:members_cluster_change", args=[cast.cara.pk])).status_code == 404
    assert client.get(reverse("admin:members_cluster_change", args=[cast.other.pk])).status_code == 200


def test_a_role_that_has_not_begun_is_taken_back(cast):  # noqa: F811
    later = RoleAssignment.objects.create(
        user_id=person("later", None).pk, role="cluster_editor", cluster=cast.cara,
        valid_from=timezone.localdate() + 5 * DAY,
    )  # fmt: skip
    assert "has ended" in end(cast["manager"], later).text
    later.refresh_from_db()
    assert later.valid_until == later.valid_from and "later" not in words(cast["manager"].get(team(cast.cara)))


@pytest.mark.parametrize("name", ["manager", "editor", "stranger", "network"])
def test_nobody_ends_what_is_not_hers_to_give(cast, name):  # noqa: F811
    for who, assignment in {who: role(user) for who, user in cast.people.items() if who != "root"}.items():
        may = name == "manager" and who in ("manager", "editor") or name == "stranger" == who
        if not may:
            assert cast[name].post(ending(assignment), {"sure": "on"}).status_code == 404, who
            assert runs(assignment), who


def test_the_last_administrator_stays(cast):  # noqa: F811
    boss = role(cast.people["boss"])
    for name in ("boss", "root"):
        done = end(cast[name], boss, sure="on")
        assert "is the last administrator" in done.text and runs(boss)
    person("closed", "administrator", is_active=False)
    RoleAssignment.objects.create(
        user_id=person("later", None).pk, role="administrator", valid_from=timezone.localdate() + DAY
    )
    assert "is the last administrator" in end(cast["root"], boss).text and runs(boss), "neither of these is one today"
    person("second", "administrator")
    assert "has ended" in end(cast["root"], boss).text and not runs(boss)


def test_whoever_ends_her_own_role_is_asked_again_and_is_out(cast):  # noqa: F811
    own, manager = role(cast.people["manager"]), browser()
    sign_in(manager, "manager")
    assert "Yes, I end my own role" in manager.get(ending(own)).text
    assert "Yes, I end my own role" not in manager.get(ending(role(cast.people["editor"]))).text
    refused = end(manager, own)
    assert "This field is required" in refused.text and runs(own)
    done = end(manager, own, sure="on")
    assert not runs(own) and done.request["PATH_INFO"] == "/admin/login/"
    assert manager.get("/admin/").status_code == 302
    RoleAssignment.objects.create(user_id=cast.people["manager"].pk, role="cluster_editor", cluster=cast.other)
    assert manager.get("/admin/").status_code == 302, "her session is over, whatever she is given later"


def test_whoever_ends_one_of_her_own_roles_goes_on_with_the_rest(cast):  # noqa: F811
    RoleAssignment.objects.create(user_id=cast.people["manager"].pk, role="cluster_editor", cluster=cast.other)
    manager = browser()
    sign_in(manager, "manager")
    done = end(manager, role(cast.people["manager"], cluster=cast.cara), sure="on")
    assert done.request["PATH_INFO"] == "/admin/" and done.status_code == 200


def test_the_name_stays_where_it_stands_and_the_history_says_who_ended_it(cast):  # noqa: F811
    firm = draft("Firme", cast.cara, cast.people["editor"])
    end(cast["manager"], role(cast.people["editor"]), to=cast.people["manager"].pk)
    firm.refresh_from_db()
    assert firm.created_by == cast.people["editor"] and firm.assigned_to == cast.people["manager"]
    form = cast["manager"].get(reverse("admin:members_organisation_change", args=[firm.pk])).text
    assert "editor" in form and "manager" in form
    told = words(cast["manager"].get(reverse("admin:members_organisation_history", args=[firm.pk])))
    assert "Maya Nager" in told and "Role ended" in told and "Assigned to editor → became Maya Nager" in told
    (change,) = [one for one in cast["boss"].get(reverse("admin:changes")).context["sets"] if one["entry"].sentence]
    assert (change["entry"].who, change["entry"].sentence) == ("Maya Nager", "Role ended")
    assert {"editor", "Firme"} <= {record["name"] for record in change["records"]}
    assert get_user_model().objects.filter(username="editor", is_active=True).exists()


def test_the_security_log_says_who_ended_whose_role(cast):  # noqa: F811
    sign_in(browser(), "editor")
    end(cast["manager"], role(cast.people["editor"]))
    event = SecurityEvent.objects.get(kind="role_ended")
    assert (event.user, event.detail) == (cast.people["editor"], "Cluster editor, CARA, manager")
    assert SecurityEvent.objects.filter(kind="session_ended", user=cast.people["editor"]).count() == 1


# --- invitations of whoever leaves --------------------------------------------------------------------------------------
def open_invitations() -> set[str]:
    return set(Invitation.objects.open().values_list("email", flat=True))


def test_the_invitations_that_a_leaver_had_open_are_withdrawn_and_those_of_others_are_not(cast):  # noqa: F811
    invited(cast, email="hers@portal.example")
    address = link()
    invited(cast, email="boss@invites.example", by="boss")
    end(cast["boss"], role(cast.people["manager"]))
    assert open_invitations() == {"boss@invites.example"}
    gone = Invitation.objects.get(email="hers@portal.example")
    assert gone.revoked_by == cast.people["boss"] and opened(address).status_code == 410
    assert SecurityEvent.objects.filter(kind="invitation_revoked").count() == 1


def test_of_two_clusters_the_invitations_to_the_one_that_she_left_are_withdrawn(cast):  # noqa: F811
    RoleAssignment.objects.create(user_id=cast.people["manager"].pk, role="cluster_manager", cluster=cast.other)
    invited(cast, email="cara@portal.example")
    invite(cast["manager"], cast.other, email="other@portal.example")
    end(cast["boss"], role(cast.people["manager"], cluster=cast.cara))
    assert open_invitations() == {"other@portal.example"}


def test_an_administrator_who_becomes_a_manager_keeps_what_she_may_still_invite_to(cast):  # noqa: F811
    second = person("second", "administrator")
    RoleAssignment.objects.create(user_id=second.pk, role="cluster_manager", cluster=cast.cara)
    cast.people["second"] = second
    for place, kind in ((cast.cara, "cluster_editor"), (cast.other, "cluster_editor"), (None, "network_editor")):
        invite(cast["second"], place, kind, f"{place and place.slug}@portal.example")
    end(cast["boss"], role(second, role="administrator"))
    assert open_invitations() == {"cara@portal.example"}


# --- what was in hand ---------------------------------------------------------------------------------------------------
@pytest.fixture
def in_hand(cast) -> dict:  # noqa: F811
    """Rows of every sort; those that the editor of CARA leaves to a colleague, by name."""
    editor, stranger = cast.people["editor"], cast.people["stranger"]
    return {
        "draft": draft("Brouillon", cast.cara, editor),
        "review": draft("En relecture", cast.cara, editor, "in_review"),
        "project": work("PROJET", editor, lead=cast.cara),
        "unlabelled": work("SEUL", editor),
        "published": draft("Publiée", cast.cara, editor, "published"),
        "other's": draft("De Minalogic", cast.other, editor),
        "colleague's": draft("De la collègue", cast.cara, cast.people["manager"]),
        "co-labelled": work("COLABEL", stranger, lead=cast.other, co=cast.cara),
    }


LEFT = {"draft", "review", "project", "unlabelled"}


def test_drafts_and_reviews_are_handed_over_to_a_named_colleague(cast, in_hand):  # noqa: F811
    before = {name: whose(row) for name, row in in_hand.items()}
    page = cast["manager"].get(ending(role(cast.people["editor"])))
    assert (
        "4 drafts are assigned to editor" in page.text
        and "De Minalogic" not in page.text
        and "Publiée" not in page.text
    )
    for name in ("Brouillon", "En relecture", "PROJET", "SEUL"):
        assert f"<li>{name}</li>" in page.text.replace("\n", ""), name
    refused = end(cast["manager"], role(cast.people["editor"]))
    assert "This field is required" in refused.text and runs(role(cast.people["editor"]))
    end(cast["manager"], role(cast.people["editor"]), to=cast.people["manager"].pk)
    for name, row in in_hand.items():
        assert whose(row) == ("manager" if name in LEFT else before[name]), name


@pytest.mark.parametrize("to", ["stranger", "network", "editor", "closed", "nobody"])
def test_a_manager_hands_over_to_somebody_who_works_for_the_cluster_and_to_nobody_else(cast, in_hand, to):  # noqa: F811
    person("closed", "cluster_editor", cast.cara, is_active=False)
    pk = 2**31 - 1 if to == "nobody" else get_user_model().objects.get(username=to).pk
    refused = end(cast["manager"], role(cast.people["editor"]), to=pk)
    assert "not one of the available choices" in refused.text and runs(role(cast.people["editor"]))
    assert whose(in_hand["draft"]) == "editor"


def test_an_administrator_may_hand_over_to_the_network_too(cast, in_hand):  # noqa: F811
    end(cast["boss"], role(cast.people["editor"]), to=cast.people["network"].pk)
    assert whose(in_hand["draft"]) == whose(in_hand["unlabelled"]) == "network"


def test_whoever_goes_on_for_another_cluster_keeps_what_is_hers_there_and_what_no_cluster_keeps(cast, in_hand):  # noqa: F811
    RoleAssignment.objects.create(user_id=cast.people["editor"].pk, role="cluster_editor", cluster=cast.other)
    end(cast["manager"], role(cast.people["editor"], cluster=cast.cara), to=cast.people["manager"].pk)
    for name, row in in_hand.items():
        if name in LEFT:
            assert whose(row) == ("editor" if name == "unlabelled" else "manager"), name
    assert whose(in_hand["other's"]) == "editor"
    assert Project.objects.kept_by(Person.objects.get(username="editor")).filter(acronym="SEUL").exists()


def test_whoever_stays_as_a_manager_hands_nothing_over(cast, in_hand):  # noqa: F811
    RoleAssignment.objects.create(user_id=cast.people["editor"].pk, role="cluster_manager", cluster=cast.cara)
    page = cast["boss"].get(ending(role(cast.people["editor"], role="cluster_editor")))
    assert "assigned to editor" not in page.text
    end(cast["boss"], role(cast.people["editor"], role="cluster_editor"))
    assert whose(in_hand["draft"]) == "editor"


def test_a_project_that_no_cluster_has_labelled_belongs_to_whoever_took_it_over(cast, in_hand):  # noqa: F811
    project = reverse("admin:projects_project_change", args=[in_hand["unlabelled"].pk])
    assert cast["manager"].get(project).status_code == 404
    end(cast["manager"], role(cast.people["editor"]), to=cast.people["manager"].pk)
    assert cast["manager"].get(project).status_code == 200


def test_when_nobody_is_left_the_drafts_are_assigned_to_nobody(cast, in_hand):  # noqa: F811
    RoleAssignment.objects.filter(user=cast.people["editor"].pk).update(valid_until=timezone.localdate())
    mine = draft("À moi", cast.cara, cast.people["manager"])
    own = role(cast.people["manager"])
    page = cast["manager"].get(ending(own))
    assert "Nobody else works here" in page.text and "the network reads on its first page" in page.text
    end(cast["manager"], own, sure="on")
    assert not runs(own)
    assert whose(mine) is None


def test_what_somebody_left_whose_role_ended_by_its_date_is_handed_over_from_the_page(cast, in_hand):  # noqa: F811
    editor = cast.people["editor"]
    RoleAssignment.objects.filter(user=editor.pk).update(valid_until=timezone.localdate())
    page = cast["manager"].get(team(cast.cara))
    assert "3 drafts are still assigned to editor" in page.text, "what no cluster keeps is the network's"
    address = reverse("admin:members_hand_over", args=[cast.cara.pk, editor.pk])
    assert f'href="{address}"' in page.text
    done = cast["manager"].post(address, {"to": cast.people["manager"].pk}, follow=True)
    assert "3 drafts handed over." in done.text
    assert {name for name, row in in_hand.items() if whose(row) == "manager"} == LEFT - {"unlabelled"} | {"colleague's"}
    assert cast["manager"].get(address).status_code == 404, "nothing is left"
    assert "still assigned" not in done.text
    assert "2 drafts are still assigned to editor" in cast["boss"].get(team(None)).text
    of_network = reverse("admin:members_hand_over_of_network", args=[editor.pk])
    assert "2 drafts handed over." in cast["boss"].post(of_network, {"to": cast.people["network"].pk}, follow=True).text
    assert whose(in_hand["unlabelled"]) == "network"


def test_what_those_who_edit_everything_have_in_hand_is_left_behind_nowhere(cast):  # noqa: F811
    for name in ("root", "boss", "network", "editor"):
        draft(f"De {name}", cast.cara, cast.people[name])
    for place in (cast.cara, None):
        assert "still assigned" not in cast["boss"].get(team(place)).text
    get_user_model().objects.filter(username="root").update(is_active=False)
    for place in (cast.cara, None):
        assert "1 draft is still assigned to root" in cast["boss"].get(team(place)).text


def test_a_new_record_is_assigned_to_whoever_makes_it(cast):  # noqa: F811
    editor = cast["editor"]
    address = reverse("admin:members_company_add")
    values = form_of(editor.get(address)) | {"name": "Nouvelle", "slug": "nouvelle", "status": "draft"}
    assert editor.post(address, values).status_code == 302
    made = Organisation.objects.get(slug="nouvelle")
    assert made.assigned_to == made.created_by == cast.people["editor"]


# --- the last editor ------------------------------------------------------------------------------------------------------
def test_a_cluster_whose_last_editor_leaves_stands_on_the_first_page_of_the_network(cast):  # noqa: F811
    listed = reverse("admin:members_cluster_changelist") + "?needs=editor"

    def unedited() -> set[str]:
        page = cast["network"].get(listed)
        return {row.name for row in page.context["cl"].result_list}

    assert unedited() == set() and "That nobody edits".lower() not in cast["network"].get("/admin/").text.lower()
    end(cast["manager"], role(cast.people["editor"]))
    assert unedited() == set(), "her manager is there"
    end(cast["boss"], role(cast.people["manager"]))
    assert unedited() == {"CARA"}
    first = cast["network"].get("/admin/")
    line = re.search(r'<a href="([^"]*needs=editor)"><b>(\d+)</b>', first.text.replace("\n", ""))
    assert (line[1], line[2]) == (listed, "1")
    assert "needs=editor" not in cast["stranger"].get("/admin/").text
    Cluster.objects.filter(pk=cast.cara.pk).update(status="archived")
    assert unedited() == set(), "nobody has to edit what is archived"


@pytest.mark.parametrize(
    ("since", "until", "missing"), [(-9, None, False), (1, None, True), (-9, 1, False), (-9, 0, True)]
)
def test_whether_somebody_edits_a_cluster_is_a_question_about_a_day(cast, since, until, missing):  # noqa: F811
    today = timezone.localdate()
    RoleAssignment.objects.filter(user=cast.people["editor"].pk).delete()
    RoleAssignment.objects.filter(user=cast.people["manager"].pk).update(
        valid_from=today + since * DAY, valid_until=None if until is None else today + until * DAY
    )
    assert Cluster.objects.without_an_editor().filter(pk=cast.cara.pk).exists() is missing
    assert not Cluster.objects.without_an_editor(today + 5 * DAY).filter(pk=cast.cara.pk).exists() or until in (0, 1)


def test_whoever_has_a_closed_account_edits_nothing(cast):  # noqa: F811
    get_user_model().objects.filter(username__in=["manager", "editor"]).update(is_active=False)
    assert set(Cluster.objects.without_an_editor()) == {cast.cara}


# --- by the form of the person --------------------------------------------------------------------------------------------
def form_of_person(cast, name: str):  # noqa: F811
    address = reverse("admin:members_person_change", args=[cast.people[name].pk])
    client = cast["boss"]
    return client, address, form_of(client.get(address))


@pytest.mark.parametrize("way", ["date", "row", "account"])
def test_a_role_that_ends_in_the_form_of_the_person_ends_as_it_does_anywhere(cast, way):  # noqa: F811
    hers = browser()
    sign_in(hers, "manager")
    invited(cast, email="hers@portal.example")
    mine = draft("À moi", cast.cara, cast.people["manager"])
    client, address, form = form_of_person(cast, "manager")
    if way == "date":
        form |= {"role_assignments-0-valid_until": timezone.localdate().isoformat()}
    elif way == "row":
        form |= {"role_assignments-0-DELETE": "on"}
    else:
        form.pop("is_active")
    answer = client.post(address, form, follow=True)
    assert answer.status_code == 200 and "was changed successfully" in answer.text
    assert (
        hers.get("/admin/").status_code == 302 and not UserSession.objects.filter(user=cast.people["manager"]).exists()
    )
    assert open_invitations() == set()
    takes_over = reverse("admin:members_hand_over", args=[cast.cara.pk, cast.people["manager"].pk])
    assert f'<a href="{escape(takes_over)}">' in answer.text and whose(mine) == "manager"
    kinds = list(SecurityEvent.objects.filter(kind="role_ended").values_list("detail", flat=True))
    assert kinds == ([] if way == "account" else ["Cluster manager, CARA, boss"])
    page = client.get(takes_over)
    assert "1 draft is assigned to Maya Nager" in page.text


def test_a_role_given_in_the_form_of_the_person_is_in_the_security_log(cast):  # noqa: F811
    client, address, form = form_of_person(cast, "editor")
    new = {
        "role_assignments-TOTAL_FORMS": 2, "role_assignments-1-role": "cluster_editor",
        "role_assignments-1-cluster": cast.other.pk, "role_assignments-1-valid_from": timezone.localdate().isoformat(),
    }  # fmt: skip
    assert client.post(address, form | new).status_code == 302
    event = SecurityEvent.objects.get(kind="role_given")
    assert (event.user, event.detail) == (cast.people["editor"], "Cluster editor, Minalogic, boss")
    assert not SecurityEvent.objects.filter(kind="role_ended").exists()


def test_a_role_that_becomes_another_in_the_form_is_the_end_of_one_and_the_beginning_of_another(cast):  # noqa: F811
    client, address, form = form_of_person(cast, "editor")
    assert client.post(address, form | {"role_assignments-0-role": "cluster_manager"}).status_code == 302
    said = SecurityEvent.objects.filter(kind__startswith="role").order_by("pk").values_list("kind", "detail")
    assert list(said) == [
        ("role_ended", "Cluster editor, CARA, boss"), ("role_given", "Cluster manager, CARA, boss"),
    ]  # fmt: skip


@pytest.mark.parametrize("way", ["date", "row", "account", "other role"])
def test_the_last_administrator_stays_in_the_form_of_the_person_too(cast, way):  # noqa: F811
    client, address, form = form_of_person(cast, "boss")
    changes = {
        "date": {"role_assignments-0-valid_until": timezone.localdate().isoformat()},
        "row": {"role_assignments-0-DELETE": "on"},
        "account": {},
        "other role": {"role_assignments-0-role": "network_editor"},
    }[way]
    if way == "account":
        form.pop("is_active")
    refused = client.post(address, form | changes)
    assert refused.status_code == 200 and "This is the last administrator" in refused.text
    assert runs(role(cast.people["boss"])) and get_user_model().objects.get(username="boss").is_active
    person("second", "administrator")
    assert client.post(address, form | changes).status_code == 302
