"""Invitations: who may send one and to what, what becomes of its link, and how it is accepted."""

import hashlib
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cluster_portal.models import SecurityEvent, UnsentMail
from members.models import Invitation, RoleAssignment
from members.querysets import InvitationQuerySet
from members.rights import rights_of
from tests.admin_rows import cluster
from tests.staff import browser, code_of, person, sign_in

pytestmark = pytest.mark.django_db
NINA = "nina@portal.example"
DAY = timedelta(days=1)
LINK = re.compile(r"http://testserver(/admin/invitation/\S+/)")
CLEAN = "/admin/invitation/"
ACCOUNT = {
    "username": "nina", "first_name": "Nina", "last_name": "Simon",
    "password1": "une-phrase-toute-neuve", "password2": "une-phrase-toute-neuve",
}  # fmt: skip
ROLES = ("cluster_editor", "cluster_manager", "network_editor", "administrator")


class Cast:
    """CARA and another cluster; browsers of those who work there, by name."""

    def __init__(self) -> None:
        self.cara, self.other = cluster("CARA", "CARA"), cluster("Minalogic", "MINALOGIC")
        self.people = {
            "manager": person("manager", "cluster_manager", self.cara, first_name="Maya", last_name="Nager"),
            "editor": person("editor", "cluster_editor", self.cara),
            "stranger": person("stranger", "cluster_manager", self.other),
            "network": person("network", "network_editor"),
            "boss": person("boss", "administrator"),
            "root": person("root", None, is_superuser=True),
        }

    def __getitem__(self, name: str) -> Client:
        client = browser()
        client.force_login(self.people[name])
        return client


@pytest.fixture
def cast() -> Cast:
    made = Cast()
    mail.outbox.clear()
    return made


def team(place) -> str:
    """The page of the people of a cluster, or of the network."""
    if place is None:
        return reverse("admin:members_people_of_network")
    return reverse("admin:members_people_of", args=[place.pk])


def invite(client: Client, place, role: str = "cluster_editor", email: str = NINA):
    return client.post(team(place), {"email": email, "role": role})


def link() -> str:
    """That of the last letter."""
    return LINK.search(mail.outbox[-1].body)[1]


def invited(cast: Cast, role: str = "cluster_editor", email: str = NINA, by: str = "manager") -> str:
    """The link of an invitation that was just sent."""
    answer = invite(cast[by], cast.cara if role.startswith("cluster") else None, role, email)
    assert answer.status_code == 302, answer.text
    return link()


def opened(link: str, client: Client | None = None):
    return (client or browser()).get(link, follow=True)


def roles_of(user) -> set[tuple]:
    return set(RoleAssignment.objects.running().filter(user=user.pk).values_list("role", "cluster__name"))


def nina():
    return get_user_model().objects.filter(username="nina").first()


# --- who invites ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["manager", "editor", "stranger", "network", "boss", "root"])
def test_a_manager_invites_to_her_own_cluster_administrators_to_anything_and_nobody_else(cast, name):
    places = {"cara": cast.cara, "other": cast.other, "network": None}
    may = {"manager": {"cara"}, "stranger": {"other"}, "boss": set(places), "root": set(places)}.get(name, set())
    for where, place in places.items():
        for role in ROLES:
            email = f"{where}-{role}@portal.example"
            before = Invitation.objects.count()
            answer = invite(cast[name], place, role, email)
            fits = role.startswith("cluster") is bool(place)
            if where not in may:
                assert answer.status_code == 404, (where, role)
            elif not fits:
                assert answer.status_code == 200 and "is not one of the available choices" in answer.text, (where, role)
            else:
                assert answer.status_code == 302, (where, role)
            done = where in may and fits
            assert Invitation.objects.count() == before + done and len(mail.outbox) == before + done, (where, role)
    assert cast[name].post("/admin/members/cluster/99999999999999999999/people/", {}).status_code == 404


@pytest.mark.parametrize(
    "sent", [{"email": "x"}, {"email": ""}, {"email": "a@b.fr\nBcc: c@d.fr"}, {"email": "\0@b.fr"}]
)
def test_what_is_no_address_gets_no_letter(cast, sent):
    answer = cast["manager"].post(team(cast.cara), {"role": "cluster_editor", **sent})
    assert answer.status_code in (200, 400) and not Invitation.objects.exists() and mail.outbox == []


def test_who_works_there_already_or_is_invited_is_not_invited_again(cast):
    manager = cast["manager"]
    assert "has this role already" in invite(manager, cast.cara, email="EDITOR@portal.example").text
    assert invite(manager, cast.cara).status_code == 302
    assert "is invited already" in invite(manager, cast.cara, email=NINA.upper()).text
    assert invite(manager, cast.cara, "cluster_manager").status_code == 302, "to another role she may be"
    assert invite(manager, cast.cara, "cluster_manager", "editor@portal.example").status_code == 302
    assert Invitation.objects.count() == len(mail.outbox) == 3


def test_of_two_who_invite_the_same_at_one_moment_the_second_reads_so(cast, monkeypatch):
    invited(cast)  # sent by a colleague after the form was looked through
    monkeypatch.setattr(InvitationQuerySet, "unanswered", InvitationQuerySet.none)
    refused = invite(cast["manager"], cast.cara)
    assert "This address is invited to this already." in refused.text
    assert Invitation.objects.count() == len(mail.outbox) == 1


def test_one_person_sends_a_hundred_letters_an_hour(cast):
    cache.clear()
    manager = cast["manager"]
    for number in range(100):
        assert invite(manager, cast.cara, email=f"a{number}@portal.example").status_code == 302
    refused = invite(manager, cast.cara)
    assert "You have sent many invitations" in refused.text and Invitation.objects.count() == 100
    first = Invitation.objects.earliest("pk")
    again = manager.post(reverse("admin:members_invitation", args=[first.pk]), {"do": "again"}, follow=True)
    assert "You have sent many invitations" in again.text and len(mail.outbox) == 100
    cache.clear()


# --- the letter -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        (
            "en",
            "Invitation to work on the portal",
            ["Invited by: Maya Nager", "As: Cluster editor · CARA", "Valid until:"],
        ),
        (
            "fr",
            "Invitation à travailler sur le portail",
            ["De la part de\u00a0: Maya Nager", "Rédaction d’un pôle · CARA", "Valable jusqu’au\u00a0:"],
        ),
    ],
)
def test_the_letter_says_who_invites_to_what_and_until_when_as_text_and_as_html(cast, language, subject, said):
    manager = cast["manager"]
    manager.post(team(cast.cara), {"email": NINA, "role": "cluster_editor"}, headers={"accept-language": language})
    (letter,) = mail.outbox
    (html, kind), *_more = letter.alternatives
    assert kind == "text/html" and letter.to == [NINA] and letter.subject == f"Cluster Portal · {subject}"
    for line in said:
        assert line in letter.body
        assert line.rpartition(": ")[2] in html
    until = timezone.localtime(Invitation.objects.get().expires_at)
    assert str(until.year) in letter.body and f"{until:%H:%M}" in letter.body.replace(" h ", ":").replace(".", ":")
    assert f'<a href="http://testserver{link()}">' in html


def test_the_link_is_at_the_public_address_whatever_host_was_asked(cast, settings):
    settings.SITE_URL = "https://portal.example"
    cast["manager"].post(team(cast.cara), {"email": NINA, "role": "cluster_editor"}, headers={"host": "localhost"})
    assert "https://portal.example/admin/invitation/" in mail.outbox[-1].body


def test_without_a_mail_server_the_letter_goes_to_the_outbox(cast, settings):
    settings.EMAIL_BACKEND = "cluster_portal.sign_in.outbox.OutboxBackend"
    invite(cast["manager"], cast.cara)
    letter = UnsentMail.objects.get(to=NINA)
    assert "invites you" in opened(LINK.search(letter.text)[1]).text


# --- its secret -------------------------------------------------------------------------------------------------------
def everything_in_the_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(one::text, chr(10)), '') FROM \"{table}\" one")  # noqa: S608
            found.append(cursor.fetchone()[0])
    return "\n".join(found) + "\n".join(str(one.get_decoded()) for one in Session.objects.all())


def test_the_secret_of_a_link_is_nowhere_in_the_database_in_the_log_or_on_a_page(cast, caplog):
    with caplog.at_level(logging.DEBUG):
        manager, client = cast["manager"], browser()
        invite(manager, cast.cara)
        secret = link().split("/")[-2]
        assert len(secret) >= 43, "256 bits"
        pages = [opened(link(), client), manager.get(team(cast.cara)), client.get(CLEAN)]
        digest = hashlib.sha256(secret.encode()).hexdigest()
        stored = everything_in_the_database()
        assert digest in stored and secret not in stored
        assert client.post(CLEAN, ACCOUNT).status_code == 302
    assert secret not in everything_in_the_database() and secret not in caplog.text
    assert not [page for page in pages if secret in page.text]


def test_the_link_is_taken_off_the_address_and_told_to_no_other_site(cast):
    answer = browser().get(invited(cast))
    assert (answer.status_code, answer["Location"]) == (302, CLEAN)
    assert answer["Referrer-Policy"] == "no-referrer" and "no-store" in answer["Cache-Control"]
    page = opened(link())
    assert page["Referrer-Policy"] == "same-origin", "or a browser would name no origin for the form"
    assert "no-store" in page["Cache-Control"]


def test_opening_a_link_accepts_nothing(cast):
    address = invited(cast)
    for _turn in range(3):
        assert "Accept, and make the account" in opened(address).text
        assert browser().head(address).status_code == 302
    assert Invitation.objects.get().accepted_at is None and nina() is None


def test_a_letter_that_is_sent_again_has_a_new_link_and_the_earlier_one_is_worth_nothing(cast, time_machine):
    time_machine.move_to(start := timezone.now(), tick=False)
    first = invited(cast)
    known = Invitation.objects.get()
    time_machine.move_to(start + 3 * DAY, tick=False)
    answer = cast["manager"].post(reverse("admin:members_invitation", args=[known.pk]), {"do": "again"}, follow=True)
    assert "the link in the earlier one no longer works" in answer.text
    assert link() != first and opened(first).status_code == 404
    time_machine.move_to(start + 9 * DAY, tick=False)
    assert opened(link()).status_code == 200, "seven days count from the last letter"


# --- for whom there is no account yet ---------------------------------------------------------------------------------
def test_whoever_has_no_account_makes_one_and_is_led_to_signing_in(cast):
    client = browser()
    page = opened(invited(cast), client)
    assert "Maya Nager invites you to work on Cluster Portal, as: <strong>Cluster editor · CARA</strong>" in page.text
    assert 'name="username" value="nina"' in page.text
    answer = client.post(CLEAN, ACCOUNT, follow=True)
    assert answer.request["PATH_INFO"] == "/admin/login/" and "Your account is ready. Sign in." in answer.text
    user = nina()
    assert (user.first_name, user.last_name, user.email) == ("Nina", "Simon", NINA)
    assert user.check_password(ACCOUNT["password1"]) and not user.is_superuser and not user.is_staff
    assert roles_of(user) == {("cluster_editor", "CARA")}
    given = RoleAssignment.objects.get(user=user.pk)
    assert (given.valid_from, given.valid_until, given.granted_by) == (
        timezone.localdate(),
        None,
        cast.people["manager"],
    )
    assert client.get("/admin/").status_code == 302, "the link alone signs nobody in"
    assert (
        sign_in(client, "nina", ACCOUNT["password1"])["Location"] == "/admin/"
        and client.get("/admin/").status_code == 200
    )


def test_whoever_is_invited_to_administer_sets_up_a_second_factor_before_she_reaches_anything(
    cast, settings, monkeypatch
):
    monkeypatch.setattr("django.db.transaction.on_commit", lambda do, **more: do())
    client = browser()
    opened(invited(cast, "administrator", by="boss"), client)
    client.post(CLEAN, ACCOUNT)
    settings.SECOND_FACTOR = True
    sign_in(client, "nina", ACCOUNT["password1"])
    led = client.get("/admin/", follow=True)
    assert led.request["PATH_INFO"] == "/admin/account/" and "Your role asks for a second factor" in led.text
    secret = re.search(r'class="secret">(\w+)<', client.get("/admin/account/app/").text)[1]
    client.post("/admin/account/app/", {"code": code_of(secret)})
    assert client.get("/admin/").status_code == 200
    assert client.get(team(None)).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password1": "court", "password2": "court"}, "too short"),
        ({"password2": "autre-chose-que-cela"}, "match"),
        ({"password1": "simon-nina-simon", "password2": "simon-nina-simon"}, "too similar"),
        ({"password1": "12345678901234", "password2": "12345678901234"}, "entirely numeric"),
        ({"username": ""}, "required"),
        ({"username": "manager"}, "already exists"),
        ({"username": "MANAGER"}, "already exists"),
        ({"username": "boss@portal.example"}, "A user name contains no @"),
        ({"username": "a b"}, "valid username"),
        ({"first_name": ""}, "required"),
        ({"last_name": ""}, "required"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said_and_nothing_is_made(cast, wrong, said):
    client = browser()
    opened(invited(cast), client)
    wrong = {"password1": "Nina-Simon-Nina", "password2": "Nina-Simon-Nina"} if said == "too similar" else wrong
    if said == "too similar":
        wrong |= {"username": "nina-simon-nin"}
    answer = client.post(CLEAN, ACCOUNT | wrong)
    assert answer.status_code == 200 and said in answer.text
    assert get_user_model().objects.count() == len(cast.people) and Invitation.objects.get().accepted_at is None
    assert client.post(CLEAN, ACCOUNT).status_code == 302, "and once it is right the link still works"


def test_ones_own_address_may_be_the_user_name_and_a_taken_name_is_not_proposed(cast):
    get_user_model().objects.create_user("Nina")
    client = browser()
    assert 'value="nina2"' in opened(invited(cast), client).text
    assert client.post(CLEAN, ACCOUNT | {"username": NINA}).status_code == 302
    assert get_user_model().objects.get(username=NINA).email == NINA


def test_nothing_that_is_sent_beside_gives_more_than_was_offered(cast):
    client = browser()
    opened(invited(cast), client)
    more = {
        "role": "administrator",
        "cluster": cast.other.pk,
        "is_superuser": "on",
        "is_staff": "on",
        "email": "x@y.fr",
    }
    client.post(CLEAN, ACCOUNT | more)
    assert roles_of(nina()) == {("cluster_editor", "CARA")}
    assert (nina().is_superuser, nina().is_staff, nina().email) == (False, False, NINA)


# --- for whom there is ------------------------------------------------------------------------------------------------
def test_an_existing_user_signs_in_as_herself_and_accepts(cast):
    user = person("nina", "cluster_editor", cast.other)
    client = browser()
    page = opened(invited(cast), client)
    assert "There is an account with your address" in page.text and "password1" not in page.text
    assert client.post(CLEAN, ACCOUNT)["Location"] == f"/admin/login/?next={CLEAN.replace('/', '%2F')}"
    assert get_user_model().objects.filter(email=NINA).count() == 1
    answer = sign_in(client, "nina", next=CLEAN)
    assert answer["Location"] == CLEAN
    assert "You are signed in as nina." in client.get(CLEAN).text
    done = client.post(CLEAN, follow=True)
    assert done.request["PATH_INFO"] == "/admin/" and "From now on you are: Cluster editor · CARA." in done.text
    assert roles_of(user) == {("cluster_editor", "Minalogic"), ("cluster_editor", "CARA")}


def test_the_address_of_an_account_is_found_whatever_its_capital_letters(cast):
    person("nina", "cluster_editor", cast.other)
    address = invited(cast, email="Nina@Portal.Example")
    client = browser()
    client.force_login(nina())
    assert "You are signed in as nina" in opened(address, client).text
    client.post(CLEAN)
    assert ("cluster_editor", "CARA") in roles_of(nina())


def test_whoever_is_signed_in_as_somebody_else_accepts_nothing(cast):
    client = cast["editor"]
    page = opened(invited(cast, "cluster_manager"), client)
    assert page.status_code == 403 and "you are signed in as editor" in page.text
    assert "Maya Nager, who sent the invitation" in page.text and NINA not in page.text
    assert client.post(CLEAN, ACCOUNT).status_code == 403
    assert nina() is None and roles_of(cast.people["editor"]) == {("cluster_editor", "CARA")}
    client.post("/admin/logout/")
    assert "Accept, and make the account" in opened(link(), client).text


def test_an_account_without_an_address_takes_no_invitation(cast):
    get_user_model().objects.filter(username="editor").update(email="")
    cast.people["editor"].refresh_from_db()
    assert opened(invited(cast), cast["editor"]).status_code == 403


def test_a_session_that_owes_its_second_factor_accepts_nothing(cast, settings):
    user = person("nina", "network_editor")
    client = browser()
    client.force_login(user)
    address = invited(cast, "administrator", by="boss")
    settings.SECOND_FACTOR = True
    client.get(address)
    assert client.get(CLEAN)["Location"] == "/admin/account/"
    assert client.post(CLEAN)["Location"] == "/admin/account/"
    assert roles_of(user) == {("network_editor", None)}


def test_a_session_that_has_not_given_the_factor_of_its_account_gives_it_first(cast):
    user = person("nina", "cluster_editor", cast.other)
    Authenticator.objects.create(user=user, type="totp", data={})
    client = browser()
    client.force_login(user)
    client.get(invited(cast))
    for answer in (client.get(CLEAN), client.post(CLEAN)):
        assert answer["Location"] == f"/admin/account/confirm/code/?next={CLEAN.replace('/', '%2F')}"
    assert roles_of(user) == {("cluster_editor", "Minalogic")}


def test_whoever_worked_here_before_accepts_and_signs_in_again(cast):
    user = person("nina", None)
    client = browser()
    client.force_login(user)  # a session from before, which lets her in nowhere
    page = opened(invited(cast), client)
    assert "You were here before" in page.text
    done = client.post(CLEAN, follow=True)
    assert done.request["PATH_INFO"] == "/admin/login/" and "Your account is ready" in done.text
    assert roles_of(user) == {("cluster_editor", "CARA")}
    assert sign_in(client, "nina").status_code == 302


def test_a_closed_account_is_not_opened_by_an_invitation(cast):
    user = person("nina", None, is_active=False)
    client = browser()
    page = opened(invited(cast), client)
    assert page.status_code == 403 and "account with your address is closed" in page.text
    assert client.post(CLEAN, ACCOUNT).status_code == 403
    assert not RoleAssignment.objects.filter(user=user.pk).exists() and get_user_model().objects.count() == 7


def test_where_two_accounts_have_the_address_each_signs_in_to_accept(cast):
    for name in ("nina", "nine"):
        user = person(name, "cluster_editor", cast.other)
        get_user_model().objects.filter(pk=user.pk).update(email=NINA)
    client = browser()
    assert "There is an account with your address" in opened(invited(cast), client).text
    sign_in(client, "nine", next=CLEAN)
    client.post(CLEAN)
    assert ("cluster_editor", "CARA") in roles_of(user) and ("cluster_editor", "CARA") not in roles_of(nina())


def test_where_two_accounts_that_let_nobody_in_have_the_address_neither_is_chosen(cast):
    for name in ("nina", "nine"):
        user = person(name, None)
        get_user_model().objects.filter(pk=user.pk).update(email=NINA)
    client = browser()
    assert "There is an account with your address" in opened(invited(cast), client).text
    assert client.post(CLEAN, ACCOUNT)["Location"].startswith("/admin/login/")
    assert roles_of(user) == roles_of(nina()) == set()


@pytest.mark.parametrize(
    ("held", "becomes"),
    [
        ([(-30, None)], [(-30, None)]),
        ([(-30, 5)], [(-30, None)]),
        ([(5, None)], [(0, None)]),
        ([(-30, 5), (10, 20)], [(-30, 10), (10, 20)]),
        ([(-30, -5)], [(-30, -5), (0, None)]),
        ([(-30, 0)], [(-30, 0), (0, None)]),
    ],
)
def test_a_role_that_she_has_or_had_already_is_made_to_fit(cast, held, becomes):
    today = timezone.localdate()
    user = person("nina", "cluster_editor", cast.other)
    address = invited(cast)  # before she had it
    for first, end in held:
        RoleAssignment.objects.create(
            user_id=user.pk, role="cluster_editor", cluster=cast.cara, valid_from=today + first * DAY,
            valid_until=None if end is None else today + end * DAY,
        )  # fmt: skip
    client = browser()
    client.force_login(user)
    opened(address, client)
    assert client.post(CLEAN).status_code == 302
    rows = RoleAssignment.objects.filter(user=user.pk, cluster=cast.cara).order_by("valid_from", "pk")
    days = [((row.valid_from - today).days, row.valid_until and (row.valid_until - today).days) for row in rows]
    assert days == becomes and cast.cara.pk in rights_of(user).clusters


# --- what is no longer worth anything ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("after", "works"), [(7 * DAY - timedelta(seconds=1), True), (7 * DAY, False), (8 * DAY, False)]
)
def test_an_invitation_is_accepted_within_seven_days(cast, time_machine, after, works):
    time_machine.move_to(start := timezone.now().replace(microsecond=0), tick=False)
    client, late = browser(), browser()
    address = invited(cast)
    time_machine.move_to(start + 7 * DAY - timedelta(hours=1), tick=False)
    opened(address, late)  # whose form was open in time
    time_machine.move_to(start + after, tick=False)
    page = opened(address, client)
    assert page.status_code == (200 if works else 410)
    if not works:
        assert "This invitation has expired" in page.text and "Maya Nager, who sent the invitation" in page.text
    assert (late.post(CLEAN, ACCOUNT).status_code == 302) is works
    assert (nina() is not None) is works


def test_what_ran_out_may_be_sent_anew_by_the_same_form(cast, time_machine):
    time_machine.move_to(start := timezone.now(), tick=False)
    first = invited(cast)
    time_machine.move_to(start + 8 * DAY, tick=False)
    assert invited(cast) != first
    assert Invitation.objects.count() == 1 and opened(link()).status_code == 200 and opened(first).status_code == 404


def test_a_link_works_once(cast):
    client = browser()
    address = invited(cast)
    opened(address, client)
    client.post(CLEAN, ACCOUNT)
    for again in (browser(), client):
        page = opened(address, again)
        assert page.status_code == 410 and "This invitation was accepted already" in page.text
        assert "Maya Nager, who sent the invitation" in page.text and "nina" not in page.text
        assert again.post(CLEAN, ACCOUNT | {"username": "autre"}).status_code == 410
    assert get_user_model().objects.count() == len(cast.people) + 1


def test_a_form_that_was_open_while_the_invitation_was_used_makes_no_second_account(cast):
    address, first, second = invited(cast), browser(), browser()
    opened(address, first), opened(address, second)
    assert first.post(CLEAN, ACCOUNT).status_code == 302
    assert second.post(CLEAN, ACCOUNT | {"username": "autre"}).status_code == 410
    assert not get_user_model().objects.filter(username="autre").exists()


def test_a_withdrawn_invitation_says_so(cast):
    address = invited(cast)
    known = Invitation.objects.get()
    answer = cast["manager"].post(reverse("admin:members_invitation", args=[known.pk]), {"do": "withdraw"}, follow=True)
    assert f"The invitation of {NINA} is withdrawn." in answer.text
    page = opened(address)
    assert page.status_code == 410 and "This invitation was withdrawn" in page.text and "Maya Nager" in page.text
    known.refresh_from_db()
    assert known.revoked_by == cast.people["manager"]
    assert invite(cast["manager"], cast.cara).status_code == 302, "and may be invited again"


@pytest.mark.parametrize("how", ["ended", "elsewhere", "closed", "gone"])
def test_an_invitation_is_worth_what_the_role_of_whoever_sent_it_is(cast, how):
    address = invited(cast)
    manager = cast.people["manager"]
    role = RoleAssignment.objects.filter(user=manager.pk)
    if how == "ended":  # by its date, without anybody doing anything
        role.update(valid_until=timezone.localdate())
    elif how == "elsewhere":
        role.update(cluster=cast.other)
    elif how == "closed":
        get_user_model().objects.filter(pk=manager.pk).update(is_active=False)
    else:
        manager.delete()
    client = browser()
    page = opened(address, client)
    assert page.status_code == 410 and "This invitation was withdrawn" in page.text
    assert client.post(CLEAN, ACCOUNT).status_code == 410 and nina() is None


@pytest.mark.parametrize(
    "change", [lambda s: s[:-1], lambda s: s + "A", lambda s: s[1:] + s[0], lambda s: "é", lambda s: "%00"]
)
def test_an_altered_link_names_nobody(cast, change):
    secret = invited(cast).split("/")[-2]
    page = opened(f"/admin/invitation/{change(secret)}/")
    assert page.status_code == 404 and "There is no such invitation" in page.text
    assert "Maya" not in page.text and "CARA" not in page.text and NINA not in page.text
    assert "ask whoever invited you" in page.text


def test_an_altered_link_is_not_answered_with_the_one_that_was_opened_before(cast):
    client = browser()
    assert opened(invited(cast), client).status_code == 200
    assert opened("/admin/invitation/altered/", client).status_code == 404 == client.post(CLEAN, ACCOUNT).status_code


def test_without_a_link_there_is_nothing_to_accept(cast):
    invited(cast)
    assert browser().get(CLEAN).status_code == browser().post(CLEAN, ACCOUNT).status_code == 404
    digest = Invitation.objects.get().token_digest
    assert opened(f"/admin/invitation/{digest}/").status_code == 404, "what stands in the database opens nothing"


def test_who_tries_many_links_is_refused_for_a_while_and_right_links_are_not_counted(cast, time_machine):
    time_machine.move_to(start := timezone.now(), tick=False)
    cache.clear()
    address = invited(cast)
    for _turn in range(25):
        assert opened(address).status_code == 200
    for number in range(20):
        assert opened(f"/admin/invitation/wrong{number}/").status_code == 404
    refused = opened(address)
    assert refused.status_code == 429 and "Too many attempts" in refused.text and "Maya" not in refused.text
    assert browser().get(address, REMOTE_ADDR="203.0.113.9", follow=True).status_code == 200, "from elsewhere it works"
    time_machine.move_to(start + timedelta(minutes=10, seconds=1), tick=False)
    assert opened(address).status_code == 200
    cache.clear()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_refusal_is_one_page_in_the_site_s_look_and_leads_on(cast, language):
    page = browser(**{"accept-language": language}).get("/admin/invitation/nothing/", follow=True)
    assert f'<html lang="{language}"' in page.text and 'href="/admin/login/"' in page.text
    assert ("Cette invitation n’existe pas" in page.text) is (language == "fr")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_does():
    cache.clear()
    cast = Cast()
    address = invited(cast)
    ready = Barrier(4)

    def attempt(number: int) -> int:
        try:
            client = browser()
            opened(address, client)
            ready.wait()
            return client.post(CLEAN, ACCOUNT | {"username": f"nina{number}"}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        answers = sorted(threads.map(attempt, range(4)))
    assert answers == [302, 410, 410, 410]
    assert get_user_model().objects.filter(username__startswith="nina").count() == 1
    assert RoleAssignment.objects.filter(cluster=cast.cara, role="cluster_editor").count() == 2
    cache.clear()


# --- what is written down ---------------------------------------------------------------------------------------------
def test_the_security_log_says_who_invited_who_accepted_and_what_was_withdrawn(cast):
    client = browser()
    opened(invited(cast), client)
    client.post(CLEAN, ACCOUNT)
    invited(cast, email="autre@portal.example")
    known = Invitation.objects.get(email="autre@portal.example")
    cast["manager"].post(reverse("admin:members_invitation", args=[known.pk]), {"do": "withdraw"})
    said = [
        (event.kind, event.user.username, event.detail)
        for event in SecurityEvent.objects.filter(kind__regex="^(invit|role)").order_by("pk")
    ]
    assert said == [
        ("invited", "manager", f"{NINA}, Cluster editor, CARA"),
        ("invitation_accepted", "nina", "Cluster editor, CARA, manager"),
        ("role_given", "nina", "Cluster editor, CARA, manager"),
        ("invited", "manager", "autre@portal.example, Cluster editor, CARA"),
        ("invitation_revoked", "manager", "autre@portal.example, Cluster editor, CARA"),
    ]
    page = cast["boss"].get(reverse("admin:portal_securityevent_changelist"), headers={"accept-language": "fr"})
    assert "Rédaction d’un pôle" in page.text and "A invité quelqu’un" in page.text


def test_the_changes_say_that_the_role_came_by_an_invitation(cast):
    client = browser()
    opened(invited(cast), client)
    client.post(CLEAN, ACCOUNT)
    changes = cast["boss"].get(reverse("admin:changes"))
    (told,) = [one for one in changes.context["sets"] if one["entry"].sentence == "Invitation accepted"]
    assert (told["entry"].who, told["records"][0]["name"]) == ("Nina Simon", "Nina Simon")


def test_invitations_are_kept_as_long_as_the_security_log(cast, settings, time_machine):
    settings.SECURITY_LOG_DAYS = 30
    time_machine.move_to(start := timezone.now(), tick=False)
    for number, email in enumerate(("used", "withdrawn", "over")):
        address = invited(cast, email=f"{email}@portal.example")
        if number == 0:
            client = browser()
            opened(address, client)
            client.post(CLEAN, ACCOUNT)
    known = Invitation.objects.get(email="withdrawn@portal.example")
    cast["manager"].post(reverse("admin:members_invitation", args=[known.pk]), {"do": "withdraw"})
    time_machine.move_to(start + 29 * DAY, tick=False)
    invited(cast, email="a@portal.example")
    assert Invitation.objects.count() == 4
    time_machine.move_to(start + 31 * DAY, tick=False)
    invited(cast, email="b@portal.example")
    assert set(Invitation.objects.values_list("email", flat=True)) == {
        "over@portal.example", "a@portal.example", "b@portal.example",
    }, "what ran out on the seventh day goes thirty days after that"  # fmt: skip
    time_machine.move_to(start + 38 * DAY, tick=False)
    invited(cast, email="c@portal.example")
    assert not Invitation.objects.filter(email="over@portal.example").exists()


# --- what the database refuses ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "network_editor"}, {"cluster": None}, {"role": "king"},
        {"accepted_at": timezone.now(), "revoked_at": timezone.now()},
        {"expires_at": timezone.now() - 400 * DAY},
        {"email": NINA.upper()},
        {"token_digest": "a" * 64, "email": "autre@portal.example"},
    ],
)  # fmt: skip
def test_the_database_refuses_an_invitation_that_makes_no_sense(cast, wrong):
    values = {
        "email": NINA, "role": "cluster_editor", "cluster": cast.cara, "expires_at": timezone.now() + DAY,
    }  # fmt: skip
    Invitation.objects.create(**values, token_digest="a" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(**{**values, "email": "autre@portal.example", "token_digest": "b" * 64, **wrong})


def test_the_same_may_be_sent_and_answered_many_times_and_once_be_open(cast):
    for number in range(3):
        Invitation.objects.create(
            email=NINA, role="cluster_editor", cluster=cast.cara, expires_at=timezone.now() + DAY,
            token_digest=f"{number}" * 64, accepted_at=timezone.now() if number < 2 else None,
        )  # fmt: skip
    assert Invitation.objects.open().count() == 1


@pytest.mark.parametrize("name", ["editor", "stranger", "network"])
def test_nobody_sends_again_or_withdraws_what_is_not_hers(cast, name):
    address = invited(cast)
    known = Invitation.objects.get()
    for do in ("again", "withdraw", "x", ""):
        assert cast[name].post(reverse("admin:members_invitation", args=[known.pk]), {"do": do}).status_code == 404
    assert cast[name].get(reverse("admin:members_invitation", args=[known.pk])).status_code == 404
    assert opened(address).status_code == 200 and len(mail.outbox) == 1
    assert cast["boss"].post(reverse("admin:members_invitation", args=[known.pk]), {"do": "x"}).status_code == 404
