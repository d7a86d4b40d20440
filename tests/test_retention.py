"""What is kept of persons ends by itself, on the day that was said and not before, and by a dry run nothing ends."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone

from cluster_portal.models import OutgoingMail
from cluster_portal.personal_data import retention
from cluster_portal.personal_data.retention import TERMS, end_what_is_due, overdue
from cluster_portal.work.knowing import daily
from contributions.models import ChangeProposal
from members.models import ContactPerson, ImportBatch, Membership, RoleAssignment
from tests.admin_rows import organisation
from tests.staff import person
from tests.test_admin_scope import Net

pytestmark = pytest.mark.django_db
YEAR = 365


@pytest.fixture
def net():
    made = Net()
    ContactPerson.objects.all().delete()
    return made


def ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def run(*options: str) -> dict[str, int]:
    call_command("retention", *options)
    return overdue()


def test_contacts_of_whom_left_three_years_ago_end_and_of_nobody_else(net):
    def contact(name, left_days, *, cluster=net.cara, of=net.cara, closed=None, back=False):
        one = organisation(name, closed_on=ago(closed).date() if closed else None)
        left = ago(left_days).date() if left_days else None
        Membership.objects.create(organisation=one, cluster=of, joined_on="2010-01-01", left_on=left)
        if back:
            Membership.objects.create(organisation=one, cluster=of, joined_on=ago(30).date())
        return ContactPerson.objects.create(organisation=one, cluster=cluster, name=name)

    contact("long ago", 3 * YEAR)
    contact("closed long ago", None, closed=3 * YEAR)
    contact("of the network", 3 * YEAR, cluster=None)
    contact("just not", 3 * YEAR - 1)
    contact("member still", None)
    contact("came back", 4 * YEAR, back=True)
    contact("known to another", 3 * YEAR, cluster=net.minalogic)
    never = organisation("never a member")
    ContactPerson.objects.create(organisation=never, cluster=None, name="never a member")
    assert overdue()["contacts"] == 3
    run("--yes")
    assert set(ContactPerson.objects.values_list("name", flat=True)) == {
        "just not", "member still", "came back", "known to another", "never a member",
    }  # fmt: skip


def test_proposals_end_a_year_after_their_decision(net):
    def proposal(note, **values):
        ChangeProposal.objects.create(
            kind="report", cluster=net.cara, sender_email="a@b.fr", note=note, fingerprint=note, **values
        )

    proposal("old", state="accepted", decided_at=ago(YEAR))
    proposal("refused", state="refused", reason="Non.", decided_at=ago(YEAR + 1))
    proposal("young", state="accepted", decided_at=ago(YEAR - 1), created_at=ago(3 * YEAR))
    proposal("waiting", state="pending", created_at=ago(3 * YEAR))
    proposal("expired", state="expired", created_at=ago(YEAR))
    assert overdue()["proposals"] == 3
    run("--yes")
    assert set(ChangeProposal.objects.values_list("note", flat=True)) == {"young", "waiting"}


def test_who_was_written_to_is_forgotten_a_year_later(net):
    """Else the address of a sender outlives what she sent. What still waits is not lost."""
    for number, (state, days) in enumerate((("sent", YEAR), ("refused", YEAR), ("sent", YEAR - 1), ("waiting", YEAR))):
        OutgoingMail.objects.create(
            kind="x", to="a@b.fr", subject=f"{state} {days}", message_id=number, state=state, queued_at=ago(days)
        )
    assert overdue()["mails"] == 2
    run("--yes")
    assert set(OutgoingMail.objects.values_list("subject", flat=True)) == {f"sent {YEAR - 1}", f"waiting {YEAR}"}


def test_files_end_after_thirty_days(net, settings, tmp_path):
    settings.IMPORTS_ROOT = tmp_path
    for name, days in (("old", 30), ("young", 29)):
        (tmp_path / name).write_text("x")
        ImportBatch.objects.create(
            cluster=net.cara, file_name=name, checksum="x", stored_as=name, uploaded_at=ago(days)
        )
    assert overdue()["import_files"] == 1
    run("--yes")
    assert [path.name for path in tmp_path.iterdir()] == ["young"]


def test_accounts_closed_for_two_years_become_a_number(net):
    def account(name, *, active=False, seen=None, until=None):
        one = person(name, None, is_active=active, last_login=seen, date_joined=ago(5 * YEAR))
        if until is not None:
            RoleAssignment.objects.create(
                user_id=one.pk, role="cluster_editor", cluster=net.cara, valid_from="2020-01-01", valid_until=until
            )

    account("gone", seen=ago(2 * YEAR), until=ago(2 * YEAR).date())
    account("never seen")
    account("open", active=True, seen=ago(4 * YEAR))
    account("seen lately", seen=ago(2 * YEAR - 1))
    account("worked lately", seen=ago(3 * YEAR), until=ago(YEAR).date())
    names = lambda: set(get_user_model().objects.values_list("username", flat=True))  # noqa: E731
    assert overdue()["accounts"] == 2
    assert run("--yes")["accounts"] == 0  # and not again
    assert {"open", "seen lately", "worked lately"} <= names() and not {"gone", "never seen"} & names()


def test_a_dry_run_says_and_changes_nothing(net, capsys):
    person("gone", None, is_active=False, date_joined=ago(5 * YEAR))
    run()
    said = capsys.readouterr().out
    assert "1  accounts closed for two years" in said and "nothing was done (add --yes)" in said
    assert get_user_model().objects.filter(username="gone").exists()
    run("--yes")
    assert "1 taken away." in capsys.readouterr().out


def test_the_worker_does_so_only_where_it_was_told_to(net, settings):
    person("gone", None, is_active=False, date_joined=ago(5 * YEAR))
    assert settings.RETENTION is False
    end_what_is_due()
    assert overdue()["accounts"] == 1
    settings.RETENTION = True
    end_what_is_due()
    assert overdue()["accounts"] == 0


def test_every_term_is_named_and_has_its_days():
    assert {key: term.days for key, term in TERMS.items()} == {
        "contacts": 1095, "proposals": 365, "import_files": 30, "accounts": 730, "messages": 730, "alerts": 730,
        "signed_links": 730, "mails": 365,
    }  # fmt: skip
    assert retention.end_what_is_due in daily()
