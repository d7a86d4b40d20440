"""What the log of changes names, and who may keep what was read under it."""

from contextlib import suppress
from threading import Thread
from time import monotonic, sleep

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.http import QueryDict

from cluster_portal.facets import FacetIndex
from cluster_portal.models import Page
from cluster_portal.records.changes import ALL, LOG, ChangeLog, Changes
from members.facets import MEMBER_INDEX, MemberReading
from members.listings import MemberListing
from members.models import Department, Membership, Organisation, Site
from projects.models import Participation, Project

ORGANISATION = "members_organisation"


@pytest.fixture
def log(network):
    """A log that has looked once; what the test does afterwards is its own transaction's change."""
    log = ChangeLog()
    log.look()
    return log


def execute(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def lines(table: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT owner, keys FROM portal_change WHERE source = %s AND xid = pg_current_xact_id_if_assigned()"
            " ORDER BY owner",
            [table],
        )
        return [(owner, keys if keys is None else set(keys)) for owner, keys in cursor.fetchall()]


def test_a_row_that_moves_is_named_by_both_owners(log):
    site = Site.objects.first()
    other = Organisation.objects.exclude(pk=site.organisation_id).first()
    before = site.organisation_id
    Site.objects.filter(pk=site.pk).update(organisation=other, head_office=False, siret="")
    assert lines("members_site") == [("organisation_id", {before, other.pk})]
    assert log.look().changes.of("members_site", "organisation_id") == {before, other.pk}


def test_a_row_with_two_owners_is_named_by_each(log):
    part = Participation.objects.first()
    Participation.objects.filter(pk=part.pk).delete()
    assert lines("projects_participation") == [
        ("organisation_id", {part.organisation_id}),
        ("project_id", {part.project_id}),
    ]


def test_a_statement_that_finds_no_row_leaves_no_line(log):
    Organisation.objects.filter(pk=0).update(national=True)
    execute("DELETE FROM members_site WHERE false")
    assert lines(ORGANISATION) == lines("members_site") == []
    assert not log.look().private


@pytest.mark.parametrize(("number", "named"), [(1, True), (500, True), (501, False)])
def test_rows_are_named_as_long_as_they_are_few(log, number, named):
    Page.objects.bulk_create([Page(key=f"essai-{n}", title_fr="Essai") for n in range(number)], batch_size=1000)
    ((_owner, keys),) = lines("portal_page")
    assert (keys is not None) == named and (not named or len(keys) == number)
    Page.objects.filter(key__startswith="essai").update(title_en="Essay")  # before and after, each row once
    assert [keys is not None for _owner, keys in lines("portal_page")] == [named, named]


def test_a_table_that_is_emptied_has_lost_all_of_its_rows(log):
    execute("TRUNCATE members_site")
    assert lines("members_site") == [("organisation_id", None)]
    assert log.look().changes.of("members_site", "organisation_id") is ALL


def test_changes_add_up_and_all_is_more_than_some():
    some = Changes({("site", "organisation_id"): frozenset({1})})
    more = Changes({("site", "organisation_id"): frozenset({2}), ("theme", "id"): ALL})
    assert (some | more).of("site", "organisation_id") == {1, 2}
    assert (more | some).of("theme", "id") is ALL and some.of("theme", "id") == frozenset()
    assert (some | Changes({("site", "organisation_id"): ALL}) | some).of("site", "organisation_id") is ALL
    assert some.of("site", "department_id") is ALL  # a column that the log does not name cannot tell


def test_an_uncommitted_change_is_read_row_by_row_and_kept_by_nobody(network, django_assert_max_num_queries):
    everyone = MEMBER_INDEX.at()
    before = {name: everyone.read(kept) for name, kept in everyone.kept.items()}
    one = Organisation.objects.get(pk=next(iter(everyone.current)))
    with transaction.atomic():
        one.memberships.all().delete()
        one.sites.all().delete()
        own = MEMBER_INDEX.at()
        with django_assert_max_num_queries(4):  # of memberships, and of sites; nothing else is asked
            assert one.pk not in own.current and one.pk in own.region.having("none")
        assert own.by_name == everyone.by_name
        transaction.set_rollback(True)
    again = MEMBER_INDEX.at()
    assert one.pk in again.current
    assert all(again.read(kept) is before[name] for name, kept in again.kept.items())  # nothing was made anew


def test_what_a_transaction_saw_of_another_moment_is_kept_by_nobody(network_connection):
    """Its snapshot is older than what others have seen since."""
    one = Organisation.objects.published().members().first()
    index = FacetIndex(MemberReading)
    assert one.pk in index.at().published
    with transaction.atomic():
        execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        assert one.pk in index.at().published
        assert LOG.look().private
    assert not LOG.look().private


def test_without_a_history_nothing_is_kept_and_everything_is_right(network):
    """As on a server that crashed, for a transaction, which may not name the new one: others would wait for its end."""
    one = Organisation.objects.published().members().first()
    assert one.pk in MEMBER_INDEX.at().current
    execute("DELETE FROM portal_era")
    for status in ("draft", "published", "archived"):
        Organisation.objects.filter(pk=one.pk).update(status=status)
        assert LOG.look().private
        assert (one.pk in MemberListing.asked(QueryDict(""), "/").matched) == (status == "published")


def test_lines_of_a_history_that_a_dump_brought_along_are_not_believed(network):
    LOG.look()
    before = LOG.look().number
    execute(
        "INSERT INTO portal_change (source, owner, keys, xid) SELECT %s, 'id', '{1}', (txid + 1000000)::text::xid8"
        " FROM (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint) next (txid)",
        ORGANISATION,
    )
    look = LOG.look()
    assert look.number == before and not look.private


def test_a_bulk_change_is_seen_like_any_other(network):
    """More rows than an index reads one by one."""
    assert MEMBER_INDEX.at().region.having("none") != MEMBER_INDEX.at().region.having("corse")
    Site.objects.filter(country="FR").update(department=Department.objects.get(slug="corse-du-sud"))
    located = (
        Membership.objects.current().public().filter(organisation__sites__country="FR", organisation__closed_on=None)
    )
    members = set(located.values_list("organisation_id", flat=True)) & set(MEMBER_INDEX.at().current)
    assert members <= set(MEMBER_INDEX.at().region.having("corse"))
    Project.objects.all().delete()


def test_while_the_server_is_away_nobody_waits_for_the_patience_of_others(monkeypatch):
    def away(self):
        sleep(0.5)
        raise OperationalError

    def ask() -> None:
        with suppress(OperationalError):
            log.look()

    monkeypatch.setattr(type(connections["default"]), "ensure_connection", away)
    log, began = ChangeLog(), monotonic()
    visitors = [Thread(target=ask) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert 0.5 <= monotonic() - began < 1.5
