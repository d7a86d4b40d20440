"""What a worker left when it died, and whoever waits for it: changes of many rows, files that are checked and brought in."""

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cluster_portal.models import BulkChange
from cluster_portal.work import queue
from cluster_portal.work.knowing import SaidToStaff
from cluster_portal.work.recovery import recover
from members.imports import tasks
from members.models import ImportBatch, Organisation
from tests.imports import csv, received
from tests.test_admin_scope import net, sign_in  # noqa: F401 (fixtures)
from tests.test_imports import cara  # noqa: F401 (a fixture)
from tests.test_many_rows import FILTER, Asked, few, places_and_names  # noqa: F401 (fixtures)
from tests.work import do_what_waits

pytestmark = pytest.mark.django_db


def left_by_a_worker() -> str:
    """The one task that waits is begun by a worker that is no more."""
    row = DBTaskResult.objects.get(status="READY")
    row.claim("gone:1:a")
    return str(row.pk)


def test_a_change_of_many_rows_is_interrupted_and_an_administrator_has_it_tried_again(
    sign_in, net, places_and_names, few  # noqa: F811
):  # fmt: skip
    Asked(sign_in("network"), FILTER, "archive", reason="Essai").confirmed()
    number = left_by_a_worker()
    BulkChange.objects.update(state="running", started_at=timezone.now())
    assert recover() == 1 and BulkChange.objects.get().state == "interrupted"
    assert queue.retry(number) and BulkChange.objects.get().state == "waiting"
    assert do_what_waits() == 1 and BulkChange.objects.get().state == "done"
    assert Organisation.objects.filter(status="archived").count() == 3


@pytest.mark.parametrize("step", ["check", "import"])
def test_a_file_is_interrupted_and_an_administrator_has_it_tried_again(net, cara, step):  # noqa: F811
    batch = received(net.cara, cara, csv(("Nom", "SIREN"), ("Neuve", "552081317")))
    tasks.start_check(batch)
    if step == "import":
        do_what_waits()
        batch.refresh_from_db()
        tasks.start_import(batch, cara.pk)
    number = left_by_a_worker()
    assert recover() == 1
    batch.refresh_from_db()
    assert (batch.state, batch.problem[0]) == ("interrupted", "import-interrupted")
    assert queue.retry(number) and do_what_waits() >= 1  # an import has doubles looked for afterwards
    batch.refresh_from_db()
    assert batch.state == ("checked" if step == "check" else "imported") and batch.problem == []


def test_who_has_started_again_herself_is_not_overtaken(net, cara):  # noqa: F811
    batch = received(net.cara, cara, csv(("Nom", "SIREN"), ("Neuve", "552081317")))
    tasks.start_check(batch)
    number = left_by_a_worker()
    recover()
    batch.refresh_from_db()
    tasks.start_check(batch)
    do_what_waits()
    with pytest.raises(SaidToStaff):
        queue.retry(number)
    assert ImportBatch.objects.get(pk=batch.pk).state == "checked"
    assert DBTaskResult.objects.get(pk=number).status == "FAILED"


def test_whatever_goes_wrong_in_the_database_nobody_waits_for_ever(net, cara, monkeypatch):  # noqa: F811
    """Not all that the database refuses is a connection that broke: a disk that is full, a deadlock."""

    def full(batch):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$")

    monkeypatch.setattr("members.imports.checking.check", full)
    batch = received(net.cara, cara, csv(("Nom", "SIREN"), ("Neuve", "552081317")))
    tasks.start_check(batch)
    do_what_waits()
    batch.refresh_from_db()
    assert batch.state == "interrupted" and DBTaskResult.objects.get().status == "FAILED"
