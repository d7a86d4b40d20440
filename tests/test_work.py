"""The queue: what is done with a task, what becomes of one that fails or is interrupted, and what is told of it."""

import json
import logging
import threading
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from cluster_portal.records.changes import LOG
from cluster_portal.work import queue, recovery
from cluster_portal.work.knowing import known
from cluster_portal.work.life import WORKERS, SignOfLife, worker_alive
from cluster_portal.work.recovery import recover
from cluster_portal.work.worker import KEPT_DAYS, Beside, connection_broke, prune
from members.models import Organisation
from tests import some_tasks
from tests.admin_rows import organisation
from tests.staff import person
from tests.work import do_what_waits


@pytest.fixture(autouse=True)
def nothing_told():
    some_tasks.told.clear()


def row_of(result) -> DBTaskResult:
    return DBTaskResult.objects.get(pk=result.id)


@pytest.fixture
def a_worker(transactional_db):
    """A sign of life that others see, as a worker of another process holds it."""
    lives = []

    def begin(name: str = "elsewhere:1:x", do=lambda: None, every: float = 3600) -> SignOfLife:
        life = SignOfLife(name, do, every)
        assert life.take()
        lives.append(life)
        return life

    yield begin
    for life in lives:
        life.let_go()


def running(worker: str, task=some_tasks.take_long) -> DBTaskResult:
    """A task that this worker is at."""
    row = row_of(task.enqueue("file"))
    row.claim(worker)
    return row


# --- doing ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_task_is_done_once_and_in_the_order_of_the_queue(tmp_path):
    for word in "ab":
        some_tasks.write.enqueue(str(tmp_path / "file"), word)
    assert do_what_waits() == 2 and (tmp_path / "file").read_text() == "b"
    assert do_what_waits() == 0


@pytest.mark.django_db
def test_a_task_knows_its_own_number(tmp_path):
    asked = some_tasks.tell_its_number.enqueue(str(tmp_path / "file"))
    do_what_waits()
    assert (tmp_path / "file").read_text() == asked.id


@pytest.mark.django_db
def test_a_task_is_there_if_and_only_if_what_asked_for_it_was_committed():
    def ask_and_stumble() -> None:
        with transaction.atomic():
            some_tasks.stumble.enqueue()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask_and_stumble()
    assert not DBTaskResult.objects.exists()


@pytest.mark.django_db
def test_a_failure_is_logged_with_where_it_happened_and_told_to_staff_in_a_sentence(caplog):
    asked = some_tasks.stumble.enqueue("no such luck")
    with caplog.at_level(logging.ERROR):
        assert do_what_waits() == 1
    assert asked.id in caplog.text and "Traceback" in caplog.text and "in stumble" in caplog.text
    said = queue.reason(row_of(asked))
    assert said.endswith(".") and "no such luck" not in said and "ValueError" in said


@pytest.mark.django_db
def test_whoever_waits_is_told_of_a_failure_that_the_task_did_not_foresee():
    asked = some_tasks.stumble.enqueue()
    do_what_waits()
    assert some_tasks.told == [("failed", asked.id)] and row_of(asked).status == "FAILED"


@pytest.mark.django_db
def test_what_a_task_says_to_staff_is_told_as_it_said_it():
    asked = some_tasks.refuse.enqueue()
    do_what_waits()
    assert queue.reason(row_of(asked)) == "The file is not there any more."


@pytest.mark.django_db
def test_what_a_task_changes_is_one_change_set_with_its_name():
    one = person("ada", password=None)
    organisation("Firme")
    some_tasks.touch.enqueue("Firme", "Autre nom")
    do_what_waits()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT metadata ->> 'kind', metadata ->> 'sentence' FROM pghistory_context WHERE metadata ? 'sentence'"
        )
        assert cursor.fetchall() == [("command", "task tests.some_tasks.touch")]
    some_tasks.touch_by.enqueue("Autre nom", "Troisième", one.pk)
    do_what_waits()
    with connection.cursor() as cursor:
        cursor.execute("SELECT metadata FROM pghistory_context WHERE metadata ->> 'kind' = 'import'")
        said = json.loads(cursor.fetchone()[0])
    assert said["user"] == one.pk and said["sentence"] == "Import of a file", "a task says better what it is"


# --- a worker that dies -----------------------------------------------------------------------------------------------


def test_a_task_is_interrupted_only_when_its_worker_is_gone(a_worker):
    life = a_worker("here:1:a")
    row = running("here:1:a")
    assert recover() == 0 and DBTaskResult.objects.get(pk=row.pk).status == "RUNNING" and not some_tasks.told
    life.let_go()
    until_free("here:1:a")
    assert recover() == 1
    found = DBTaskResult.objects.get(pk=row.pk)
    assert found.status == "FAILED" and queue.reason(found).endswith("Recommencez.")
    assert found.finished_at and some_tasks.told == [("interrupted", str(row.pk))]
    assert recover() == 0 and len(some_tasks.told) == 1, "told once"


def until_free(name: str) -> None:
    """The server notices a closed connection in its own time."""
    waits = SignOfLife(name, lambda: None, 1)
    for _again in range(100):
        taken = waits.take()
        waits.let_go()
        if taken:
            break
        threading.Event().wait(0.05)
    while worker_alive():
        threading.Event().wait(0.05)


def test_every_task_that_a_dead_worker_left_is_found_among_those_of_the_living(a_worker):
    """Numbers of locks are made of names, and may be negative: many names, each with a task of its own."""
    names = [f"machine:{number}:n" for number in range(40)]
    living = {name for position, name in enumerate(names) if position % 2}
    for name in living:
        a_worker(name)
    rows = {name: running(name) for name in names}
    assert recover() == 20
    found = {row.worker_ids[-1] for row in DBTaskResult.objects.failed()}
    assert found == set(names) - living
    assert {number for _what, number in some_tasks.told} == {str(rows[name].pk) for name in found}


def test_a_task_that_was_finished_or_taken_up_again_meanwhile_is_left(transactional_db, monkeypatch):
    finished, again = running("gone:1:a"), running("gone:1:b")
    finished.set_successful(None)
    DBTaskResult.objects.filter(pk=again.pk).update(worker_ids=["gone:1:b", "here:1:c"])
    stale = [finished, again]
    finished.status = "RUNNING"
    assert not any(recovery._interrupted(row) for row in stale)
    assert [DBTaskResult.objects.get(pk=row.pk).status for row in stale] == ["SUCCESSFUL", "RUNNING"]
    assert not some_tasks.told


def test_who_cannot_be_told_keeps_no_task_from_being_a_failure(transactional_db, monkeypatch, caplog):
    def refuse(number):
        organisation("Nothing of this")
        raise OSError("full")

    monkeypatch.setattr(known(some_tasks.take_long.module_path), "interrupted", refuse)
    row = running("gone:1:a")
    assert recover() == 1 and DBTaskResult.objects.get(pk=row.pk).status == "FAILED"
    assert "could be told" in caplog.text
    assert not Organisation.objects.exists()


def test_a_worker_looks_after_others_while_it_is_at_a_task_of_its_own(a_worker):
    seen = threading.Event()
    life = a_worker("here:1:a", seen.set, 0.1)
    life.start()
    assert seen.wait(10)


@pytest.mark.django_db(transaction=True)
def test_no_two_workers_have_one_name(a_worker):
    a_worker("here:1:a")
    twin = SignOfLife("here:1:a", lambda: None, 1)
    assert not twin.take()
    twin.let_go()


@pytest.mark.django_db(transaction=True)
def test_a_task_whose_connection_broke_is_no_failure_that_could_be_written_down(transactional_db):
    def end_my_connection():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(OperationalError) as broken:
        end_my_connection()
    connection.close()
    assert connection_broke(broken.value)
    later = RuntimeError("while tidying up")
    later.__cause__ = broken.value
    assert connection_broke(later)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "question",
    ["SELECT 1/0", "SELECT * FROM nothing", "SET LOCAL statement_timeout = 20; SELECT pg_sleep(1)"],
)
def test_what_the_database_refuses_is_a_failure_like_any_other(question):
    with pytest.raises(Exception) as refused, transaction.atomic(), connection.cursor() as cursor:  # noqa: B017
        cursor.execute(question)
    assert not connection_broke(refused.value)
    assert not connection_broke(ValueError("closed"))


# --- is a worker there, and when is it my turn? -----------------------------------------------------------------------


def test_whether_a_worker_is_there_is_asked_in_one_question(a_worker):
    assert not worker_alive()
    life = a_worker()
    with CaptureQueriesContext(connection) as asked:
        assert worker_alive()
    assert len(asked) == 1
    life.let_go()
    until_free(life.worker_id)
    assert not worker_alive()


def test_the_worker_of_another_portal_on_the_same_server_is_not_ours(transactional_db):
    another = connection.copy()
    another.settings_dict["NAME"] = "postgres"
    with another.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, 7)", [WORKERS])
        assert not worker_alive()
    another.close()


@pytest.mark.django_db
def test_how_many_are_before_mine_is_how_many_are_done_before_it(tmp_path):
    """Against the order in which the worker takes them."""
    plain = [some_tasks.tell_its_number.enqueue(str(tmp_path / f"{n}")) for n in range(3)]
    urgent = some_tasks.tell_its_number.using(priority=10).enqueue(str(tmp_path / "urgent"))
    due = some_tasks.tell_its_number.using(run_after=timezone.now() - timedelta(1)).enqueue(str(tmp_path / "due"))
    later = some_tasks.tell_its_number.using(run_after=timezone.now() + timedelta(1)).enqueue(str(tmp_path / "later"))
    mine = [urgent, due, *plain]
    places = [queue.ahead_of(one.id) for one in mine]
    assert places == [0, 1, 2, 3, 4]
    do_what_waits()
    order = [str(pk) for pk in DBTaskResult.objects.finished().order_by("finished_at").values_list("pk", flat=True)]
    assert order == [one.id for one in mine] and later.id not in order
    assert queue.ahead_of(plain[0].id) == 0 and queue.ahead_of(str(uuid4())) == 0


@pytest.mark.django_db
def test_the_task_under_way_is_before_mine():
    running("here:1:a")
    assert queue.ahead_of(some_tasks.stumble.enqueue().id) == 1


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_task_changes_nothing_of_what_the_public_sees():
    """Pages that are kept are kept on: neither asking, nor doing, nor failing is a change."""
    before = LOG.look().number
    some_tasks.stumble.enqueue()
    assert LOG.look().number == before
    do_what_waits()
    assert LOG.look().number == before
    organisation("Firme")
    assert LOG.look().number != before, "what is a change"


def test_old_results_are_thrown_away_and_what_waits_never_is(transactional_db):
    old, young = timezone.now() - timedelta(days=KEPT_DAYS, minutes=1), timezone.now() - timedelta(days=KEPT_DAYS - 1)
    kept = set()
    for status in ("READY", "RUNNING", "SUCCESSFUL", "FAILED"):
        for moment in (old, young):
            row = row_of(some_tasks.stumble.enqueue())
            ended = moment if status in ("SUCCESSFUL", "FAILED") else None
            values = {"status": status, "enqueued_at": moment, "started_at": moment, "finished_at": ended}
            DBTaskResult.objects.filter(pk=row.pk).update(**values, worker_ids=["here:1:a"])
            if ended != old:
                kept.add(row.pk)
    assert prune() == 2
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == kept


def test_what_a_worker_does_each_day_is_done_on_each_day_and_once(transactional_db, monkeypatch, time_machine):
    """However long it takes: by the calendar of the site, not 24 hours after the last time."""
    times = []
    monkeypatch.setattr("cluster_portal.work.worker.prune", lambda: times.append(timezone.localdate()))
    beside = Beside()
    for moment in (
        "2026-03-01 23:59:50",
        "2026-03-01 23:59:58",
        "2026-03-02 00:00:05",
        "2026-03-02 22:00",
        "2026-03-03 00:01",
    ):
        time_machine.move_to(datetime.fromisoformat(f"{moment}+01:00"), tick=False)
        beside.do()
    assert times == [date(2026, 3, day) for day in (1, 2, 3)]


@pytest.fixture
def boss(db) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person("boss", "administrator", password=None))
    return client


@pytest.mark.django_db
def test_administrators_read_what_waits_what_is_done_and_what_failed(boss):
    some_tasks.stumble.enqueue("no such luck")
    some_tasks.refuse.enqueue()
    do_what_waits()
    waiting = some_tasks.stumble.enqueue()
    DBTaskResult.objects.filter(pk=waiting.id).update(enqueued_at=timezone.now() - timedelta(hours=2))
    later = some_tasks.stumble.using(run_after=timezone.now() + timedelta(1)).enqueue()
    DBTaskResult.objects.filter(pk=later.id).update(enqueued_at=timezone.now() - timedelta(hours=9))
    row = running("machine:7:x")
    done = row_of(some_tasks.refuse.enqueue())
    done.set_successful(None)
    long_done = row_of(some_tasks.refuse.enqueue())
    long_done.set_successful(None)
    DBTaskResult.objects.filter(pk=long_done.pk).update(finished_at=timezone.now() - timedelta(hours=25))

    page = boss.get(reverse("admin:work"))
    shown = page.context["numbers"]
    assert (shown.waiting, shown.running, shown.done, shown.failed) == (1, 1, 1, 2)
    text = " ".join(page.text.split())
    assert "2 hours" in text and "9 hours" not in text
    assert "Check of a spreadsheet" in text and "tests.some_tasks.refuse" in text and "machine:7:x" in text
    assert "The file is not there any more." in text and "no such luck" not in text and "Traceback" not in text
    assert "No worker is running." in text and str(row.pk) not in text


def test_the_page_says_whether_a_worker_is_there(a_worker, boss):
    assert "No worker is running" in boss.get(reverse("admin:work")).text
    assert "No worker is running" in boss.get(reverse("admin:index")).text
    a_worker()
    assert "No worker is running" not in boss.get(reverse("admin:work")).text
    assert "A worker is running" in boss.get(reverse("admin:work")).text
    assert "work__nobody" not in boss.get(reverse("admin:index")).text, "nothing is wrong"


def test_the_first_page_of_administrators_tells_of_failures_of_this_week(a_worker, boss):
    a_worker()
    failed = some_tasks.stumble.enqueue()
    do_what_waits()
    assert "1 task failed this week." in boss.get(reverse("admin:index")).text
    DBTaskResult.objects.filter(pk=failed.id).update(finished_at=timezone.now() - timedelta(days=8))
    assert "failed this week" not in boss.get(reverse("admin:index")).text


@pytest.mark.django_db
def test_to_editors_there_is_no_such_page(boss):
    failed = some_tasks.stumble.enqueue()
    do_what_waits()
    editor = Client(headers={"accept-language": "en"})
    editor.force_login(person("ada", "network_editor", password=None))
    assert editor.get(reverse("admin:work")).status_code == 404
    assert editor.post(reverse("admin:retry_work", args=[failed.id])).status_code == 404
    assert row_of(failed).status == "FAILED"
    first = editor.get(reverse("admin:index")).text
    assert reverse("admin:work") not in first and "No worker" not in first
    assert reverse("admin:work") in boss.get(reverse("admin:index")).text
    assert editor.get("/admin/django_tasks_database/dbtaskresult/").status_code == 404


@pytest.mark.django_db
def test_a_failure_is_tried_again_once_however_often_the_button_is_pressed(boss, tmp_path):
    asked = some_tasks.stumble.enqueue()
    do_what_waits()
    address = reverse("admin:retry_work", args=[asked.id])
    assert boss.get(address).status_code == 405 and row_of(asked).status == "FAILED"
    answer = boss.post(address, follow=True)
    assert "The task waits again." in answer.text
    row = row_of(asked)
    assert (row.status, row.traceback, row.finished_at) == ("READY", "", None)
    assert "has not failed" in boss.post(address, follow=True).text
    assert some_tasks.told == [("failed", asked.id), ("retried", asked.id)]
    assert do_what_waits() == 1 and len(row_of(asked).worker_ids) == 2


@pytest.mark.django_db
def test_a_task_may_refuse_to_be_tried_again_and_says_why(boss):
    asked = some_tasks.stumble.enqueue()
    do_what_waits()
    some_tasks.told.append(("forbid", ""))
    assert "It was undone." in boss.post(reverse("admin:retry_work", args=[asked.id]), follow=True).text
    assert row_of(asked).status == "FAILED"


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["7", "x", "00000000-0000-0000-0000-00000000000g"])
def test_what_is_no_number_of_a_task_is_not_there(boss, key):
    assert boss.post(reverse("admin:retry_work", args=[key])).status_code == 404


@pytest.mark.django_db
def test_the_page_asks_no_more_questions_for_many_failures(boss):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert boss.get(reverse("admin:work")).status_code == 200
        return len(asked)

    some_tasks.stumble.enqueue()
    do_what_waits()
    questions()  # the first of a session asks more
    few = questions()
    for _ in range(60):
        some_tasks.refuse.enqueue()
    do_what_waits()
    assert questions() == few <= 15
