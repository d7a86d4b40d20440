"""Memberships that end and are taken up again: what is possible is done, what is not is said, and nothing is done before
it was confirmed."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import Membership, Organisation
from tests.admin_rows import organisation
from tests.test_admin_directory import messages
from tests.test_admin_scope import CAST, NETWORK, OF_CARA, net, sign_in, url  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db
END, TAKE_UP = reverse("admin:members_membership_end"), reverse("admin:members_membership_take_up")
LIST = reverse("admin:members_membership_changelist")


def of(*rows) -> str:
    return ",".join(str(one.pk) for one in rows)


def in_cara(net, number: int, **values) -> list[Membership]:  # noqa: F811
    made = [net.member(f"Firme {n}", net.cara) for n in range(number)]
    Membership.objects.filter(organisation__in=made).update(**values or {"category": ""})
    return list(Membership.objects.filter(organisation__in=made).order_by("pk"))


def end(browser, *rows, day="2026-06-30", **values):
    return browser.post(END, {"of": of(*rows), "left_on": day, "reason": "", **values}, follow=True)


def take_up(browser, *rows, day="2026-06-30", **values):
    return browser.post(TAKE_UP, {"of": of(*rows), "joined_on": day, "reason": "", **values}, follow=True)


def lead_of(one) -> int | None:
    return Organisation.objects.with_lead().get(pk=one.pk).lead


def said_of_the_last() -> dict:
    with connection.cursor() as cursor:
        cursor.execute("SELECT metadata::text FROM pghistory_context ORDER BY created_at DESC, id DESC LIMIT 1")
        return json.loads(cursor.fetchone()[0])


def test_the_action_names_ten_and_the_number_and_does_nothing_yet(sign_in, net):  # noqa: F811
    cara, rows = sign_in("cara"), in_cara(net, 12)
    gone = in_cara(net, 1, left_on=date(2021, 1, 1))[0]
    selected = [one.pk for one in (*rows, gone)]
    page = cara.post(LIST, {"action": "end_memberships", "_selected_action": selected})
    assert page.status_code == 200 and "End memberships: 12 memberships" in page.text and "and 2 more" in page.text
    assert page.text.count("<li>Firme") == 11, "ten, and the line of the one that left"
    assert [(str(row), why) for row, why in page.context["refused"][0]["rows"]] == [
        ("Firme 0 · CARA", "Has left already.")
    ]
    assert Membership.objects.filter(left_on=None, cluster=net.cara).count() == 15


def test_select_all_means_all_of_the_filter_that_she_may(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    in_cara(net, 3)
    one = Membership.objects.filter(cluster=net.cara).first()
    page = cara.post(f"{LIST}?cluster=cara", {
        "action": "end_memberships", "_selected_action": [one.pk], "select_across": "1"})  # fmt: skip
    every = set(Membership.objects.filter(cluster=net.cara).values_list("pk", flat=True))
    assert set(page.context["plan"].chosen) == set(page.context["plan"].going) == every
    assert page.context["list_url"] == f"{LIST}?cluster=cara" and "_selected_action" not in page.text
    assert "All 6 memberships that match: cluster: CARA" in page.text


def test_they_end_on_the_day_with_the_reason_in_the_history(sign_in, net):  # noqa: F811
    cara, rows = sign_in("cara"), in_cara(net, 3)
    answer = end(cara, *rows, reason="Cotisation impayée")
    assert messages(answer) == ["3 memberships ended. Undo"]
    assert {one.left_on for one in Membership.objects.filter(pk__in=[one.pk for one in rows])} == {date(2026, 6, 30)}
    said = said_of_the_last()
    assert (said["kind"], said["sentence"], said["reason"]) == ("bulk", "End memberships", "Cotisation impayée")
    history = cara.get(url(Organisation, "history", rows[0].organisation_id)).text
    assert "End memberships – Cotisation impayée" in history and "Left on" in history
    assert Organisation.objects.get(pk=rows[0].organisation_id).status == "published"


def test_what_is_not_possible_is_listed_and_the_others_go(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    fine, gone, later, planned = in_cara(net, 4)
    Membership.objects.filter(pk=gone.pk).update(left_on=date(2021, 1, 1))
    Membership.objects.filter(pk=later.pk).update(joined_on=date(2026, 7, 1))
    Membership.objects.filter(pk=planned.pk).update(left_on=timezone.localdate() + timedelta(days=90))
    answer = end(cara, fine, gone, later, planned)
    assert messages(answer) == [
        "2 memberships ended. Undo", "Firme 1 · CARA: Has left already.", "Firme 2 · CARA: Joins after that day.",
    ]  # fmt: skip
    left = dict(Membership.objects.values_list("pk", "left_on"))
    assert (left[fine.pk], left[gone.pk], left[later.pk]) == (date(2026, 6, 30), date(2021, 1, 1), None)
    assert left[planned.pk] == date(2026, 6, 30), "an end that has not come yet may come earlier"


def test_the_lead_passes_on(sign_in, net):  # noqa: F811
    cara, minalogic = sign_in("cara"), sign_in("minalogic")
    kept = net.shared.memberships.get(cluster=net.minalogic)
    assert lead_of(net.shared) == net.minalogic.pk
    today = timezone.localdate().isoformat()
    end(minalogic, kept, day=today)
    assert lead_of(net.shared) == net.cara.pk
    assert 'name="name"' in cara.get(url(Organisation, "change", net.shared.pk)).text
    take_up(minalogic, kept, day=today)
    assert lead_of(net.shared) == net.minalogic.pk, "it never was away"


def test_those_in_no_other_cluster_are_archived_if_asked_for(sign_in, net):  # noqa: F811
    cara, today = sign_in("cara"), timezone.localdate().isoformat()
    own, shared = net.own.memberships.get(), net.shared.memberships.get(cluster=net.cara)
    answer = end(cara, own, shared, day=today, archive="on")
    assert messages(answer) == [
        "2 memberships ended. Undo",
        "1 archived.",
        "1 is in another cluster, and not archived.",
    ]
    net.own.refresh_from_db()
    assert (net.own.status, net.own.archived_on, net.own.updated_by.username) == (
        "archived", timezone.localdate(), "cara",
    )  # fmt: skip
    assert Organisation.objects.get(pk=net.shared.pk).status == "published"


def test_what_she_kept_until_then_is_archived_though_its_first_lead_would_have_it_back(sign_in, net):  # noqa: F811
    theirs = net.shared.memberships.get(cluster=net.minalogic)
    Membership.objects.filter(pk=theirs.pk).update(left_on=date(2024, 1, 1))
    assert lead_of(net.shared) == net.cara.pk
    own = net.shared.memberships.get(cluster=net.cara)
    end(sign_in("cara"), own, day=timezone.localdate().isoformat(), archive="on")
    assert lead_of(net.shared) == net.minalogic.pk
    assert Organisation.objects.get(pk=net.shared.pk).status == "archived"


def test_what_others_keep_is_not_archived(sign_in, net):  # noqa: F811
    kept = organisation("Gardée par le réseau")
    row = Membership.objects.create(organisation=kept, cluster=net.cara)
    answer = end(sign_in("cara"), row, day=timezone.localdate().isoformat(), archive="on")
    assert "Gardée par le réseau: Another cluster keeps it." in messages(answer)
    assert Organisation.objects.get(pk=kept.pk).status == "published"


def test_nothing_is_archived_before_it_has_left(sign_in, net):  # noqa: F811
    own = net.own.memberships.get()
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    answer = end(sign_in("cara"), own, day=tomorrow, archive="on", reason="Rachetée")
    assert (
        answer.status_code == 200 and "They are members until then" in answer.text and 'value="Rachetée"' in answer.text
    )
    own.refresh_from_db()
    assert own.left_on is None
    end(sign_in("cara"), own, day=tomorrow)
    own.refresh_from_db()
    assert own.left_on.isoformat() == tomorrow and own.is_current()


@pytest.mark.parametrize(("day", "sentence"), [("", "required"), ("x", "four figures"), ("31/12/0202", "")])
def test_a_day_that_is_none_ends_nothing(sign_in, net, day, sentence):  # noqa: F811
    own = net.own.memberships.get()
    answer = end(sign_in("cara"), own, day=day)
    assert answer.status_code == 200 and sentence in answer.text and "errorlist" in answer.text
    own.refresh_from_db()
    assert own.left_on is None


def test_they_are_taken_up_again_as_a_new_membership(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    gone, never_away, still, later = in_cara(net, 4, category="PME")
    Membership.objects.filter(pk=gone.pk).update(left_on=date(2021, 1, 1))
    Membership.objects.filter(pk=never_away.pk).update(left_on=date(2026, 6, 30))
    Membership.objects.filter(pk=later.pk).update(left_on=date(2026, 9, 1))
    page = cara.post(LIST, {"action": "take_up_again", "_selected_action": [gone.pk, still.pk]})
    assert page.context["title"] == "Take memberships up again: 1 membership"
    assert [(str(row), why) for row, why in page.context["refused"][0]["rows"]] == [
        ("Firme 2 · CARA", "Is a member, and has not left.")
    ]
    answer = take_up(cara, gone, never_away, still, later, reason="De retour")
    assert messages(answer) == [
        "2 are members again. Undo", "Firme 2 · CARA: Is a member, and has not left.",
        "Firme 3 · CARA: Was a member until a later day.",
    ]  # fmt: skip
    again = gone.organisation.memberships.order_by("joined_on").values_list("category", "joined_on", "left_on")
    assert list(again) == [("PME", date(2020, 1, 1), date(2021, 1, 1)), ("PME", date(2026, 6, 30), None)]
    assert list(never_away.organisation.memberships.values_list("joined_on", "left_on")) == [(date(2020, 1, 1), None)]
    said = said_of_the_last()
    assert (said["kind"], said["sentence"], said["reason"]) == ("bulk", "Take memberships up again", "De retour")


def test_two_times_of_one_member_are_taken_up_once_after_the_last(sign_in, net):  # noqa: F811
    first = in_cara(net, 1, left_on=date(2021, 1, 1))[0]
    second = Membership.objects.create(
        organisation=first.organisation, cluster=net.cara, joined_on=date(2022, 1, 1), left_on=date(2023, 1, 1)
    )
    answer = take_up(sign_in("cara"), first, second, day="2022-06-01")
    assert "Was a member until a later day." in messages(answer)[0] and first.organisation.memberships.count() == 2
    take_up(sign_in("cara"), first, second)
    assert first.organisation.memberships.count() == 3


def test_what_has_closed_is_not_taken_up_and_what_is_archived_says_so(sign_in, net):  # noqa: F811
    closed, archived = in_cara(net, 2, left_on=date(2021, 1, 1))
    Organisation.objects.filter(pk=closed.organisation_id).update(closed_on=date(2021, 1, 1))
    Organisation.objects.filter(pk=archived.organisation_id).update(status="archived")
    answer = take_up(sign_in("cara"), closed, archived)
    assert messages(answer) == [
        "1 is a member again. Undo", "Firme 1: Archived, and seen by nobody until it is published.", "Firme 0 · CARA: Has closed.",
    ]  # fmt: skip


@pytest.mark.parametrize("name", CAST)
def test_numbers_out_of_scope_are_not_there(sign_in, net, name):  # noqa: F811
    browser = sign_in(name)
    own, theirs, secret = (one.memberships.get() for one in (net.own, net.stranger, net.secret))
    allowed = {
        own: name in (*OF_CARA, *NETWORK),
        theirs: name in ("minalogic", "both", *NETWORK),
        secret: name in ("minalogic", "both", *NETWORK),
    }
    for row, may in allowed.items():
        for address in (END, TAKE_UP):
            assert browser.get(address, {"of": of(row)}).status_code == (200 if may else 404)
        if not may:
            assert end(browser, row).status_code == take_up(browser, row).status_code == 404
            assert end(browser, own, row).status_code == 404
            row.refresh_from_db()
            assert row.left_on is None
    own.refresh_from_db()
    assert own.left_on is None, "one that is not hers stops all that was sent"
    for wrong in ("", "x", "1,x", "0", str(2**70), f"{own.pk},,", "²"):
        assert browser.get(END, {"of": wrong}).status_code == 404, wrong
        assert browser.post(END, {"of": wrong, "left_on": "2026-06-30"}).status_code == 404, wrong


def test_the_form_of_an_organisation_leads_there_and_back(sign_in, net):  # noqa: F811
    cara, here = sign_in("cara"), url(Organisation, "change", net.shared.pk)
    own = net.shared.memberships.get(cluster=net.cara)
    page = cara.get(here).text
    link = f"{END}?of={own.pk}&amp;next={here.replace('/', '%2F')}"
    assert link in page and page.count(f"{END}?of=") == 1, "her own alone"
    asked = cara.get(link.replace("&amp;", "&"))
    assert asked.context["back"] == here and "Firme des deux · CARA" in asked.text
    answer = end(cara, own, next=here)
    assert answer.request["PATH_INFO"] == here
    assert f"{TAKE_UP}?of={own.pk}" in answer.text
    assert end(cara, own, next="https://elsewhere.example/").request["PATH_INFO"] == LIST


def test_a_new_organisation_has_no_such_links(sign_in, net):  # noqa: F811
    page = sign_in("cara").get(url(Organisation, "add"))
    assert page.status_code == 200 and END not in page.text


def test_how_many_they_are_is_no_matter(sign_in, net):  # noqa: F811
    cara, numbers = sign_in("cara"), []
    today = timezone.localdate().isoformat()
    for many in (1, 12):
        rows = in_cara(net, many)
        cara.get(END, {"of": of(*rows)})
        with CaptureQueriesContext(connection) as shown:
            cara.get(END, {"of": of(*rows)})
        with CaptureQueriesContext(connection) as ended:
            cara.post(END, {"of": of(*rows), "left_on": today, "archive": "on"})
        with CaptureQueriesContext(connection) as again:
            cara.post(TAKE_UP, {"of": of(*rows), "joined_on": today})
        numbers.append((len(shown), len(ended), len(again)))
    assert numbers[0] == numbers[1] and numbers[0][0] <= 15, numbers


def test_one_that_the_database_refuses_holds_back_no_other(sign_in, net):  # noqa: F811
    rows = in_cara(net, 3)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.no() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE 'no' USING ERRCODE = 'check_violation'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER no BEFORE UPDATE ON members_membership FOR EACH ROW"
            f" WHEN (NEW.id = {rows[1].pk}) EXECUTE FUNCTION pg_temp.no()"
        )
    answer = end(sign_in("cara"), *rows)
    said = messages(answer)
    assert said[0] == "2 memberships ended. Undo" and said[1].startswith("Firme 1 · CARA: ") and len(said) == 2
    left = dict(Membership.objects.filter(pk__in=[one.pk for one in rows]).values_list("pk", "left_on"))
    assert left == {rows[0].pk: date(2026, 6, 30), rows[1].pk: None, rows[2].pk: date(2026, 6, 30)}


def test_a_list_of_numbers_that_is_too_long_is_not_cut_short(sign_in, net):  # noqa: F811
    one = in_cara(net, 1)[0]
    long = ",".join([str(one.pk)] * (2_000_000 // (len(str(one.pk)) + 1) + 2))
    for sent in (long, f"{one.pk}," + "0" * 2_000_000 + str(one.pk)):
        assert sign_in("cara").post(END, {"of": sent, "left_on": "2026-06-30"}).status_code in (400, 404)
    one.refresh_from_db()
    assert one.left_on is None
    many = ",".join([str(one.pk)] * 50_000)
    assert sign_in("cara").post(END, {"of": many, "left_on": "2026-06-30", "reason": ""}).status_code == 302
