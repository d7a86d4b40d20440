"""The process that does what is in the queue, one task after another.

django-tasks-db's own worker, with a sign of life, and with another idea of what a failure is: a task whose connection to the
database broke has no result that could be written down. The process ends, another is started in its place, and finds the
task interrupted, as after a `kill -9`.
"""

import logging
import os
import socket
import sys
import threading
import time
from datetime import date, timedelta
from types import FrameType

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError
from django.utils import timezone, translation
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskContext
from django_tasks.signals import task_finished, task_started
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from cluster_portal.history.change_sets import Kind, change_set

from .knowing import daily, often
from .life import SignOfLife
from .recovery import EVERY, fail, recover

logger = logging.getLogger(__name__)

INTERVAL = 0.5  # seconds between two looks into an empty queue
TOLD_TWICE = 3.0  # seconds: a terminal, systemd and the parent each tell the same
KEPT_DAYS = 30  # for which it is kept what became of a task


class Worker(db_worker.Worker):
    """``batch`` ends when the queue is empty."""

    def __init__(self, *, batch: bool = False, interval: float = INTERVAL) -> None:
        super().__init__(
            queue_names=["*"],
            excluded_queue_names=[],
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            worker_id=new_id(),
            interval=interval,
            batch=batch,
            startup_delay=False,
            max_tasks=None,
        )
        self.told_at = 0.0

    def run_task(self, db_task_result: DBTaskResult) -> None:
        self.running_task = True
        try:
            _do(db_task_result)
        finally:
            self.running_task = False
            translation.deactivate()  # whatever language the task spoke

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """The task under way may be finished; whoever insists ends it, and the next worker finds it interrupted."""
        if self.running:
            self.running, self.told_at = False, time.monotonic()
            if not self.running_task:
                sys.exit(0)
        elif time.monotonic() - self.told_at > TOLD_TWICE:
            os._exit(1)


def new_id() -> str:
    """Where it runs, and what no other has."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{get_random_string(8)}"


def _do(row: DBTaskResult) -> None:
    try:
        task, result = row.task, row.task_result
        backend = type(task.get_backend())
        task_started.send(sender=backend, task_result=result)
        context = [TaskContext(task_result=result)] if task.takes_context else []  # type: ignore[arg-type]
        with change_set(Kind.COMMAND, sentence=f"task {row.task_path}"):
            value = task.call(*context, *result.args, **result.kwargs)
        row.set_successful(value)
    except Exception as error:
        if connection_broke(error):
            raise
        logger.exception("The task %s (%s) failed", row.pk, row.task_path)
        _failed(row, error)
    else:
        task_finished.send(sender=backend, task_result=row.task_result)


def _failed(row: DBTaskResult, error: Exception) -> None:
    fail(row, lambda: row.set_failed(error) is None)


def connection_broke(error: BaseException | None) -> bool:
    """Whether somewhere behind the error stands a connection that is no more, and not a refusal of the database's."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, InterfaceError | psycopg.InterfaceError) and "closed" in str(error):
            return True
        if isinstance(error, psycopg.OperationalError) and _is_away(error.sqlstate):
            return True
        if isinstance(error, DatabaseError) and error.__cause__ is None:
            return False
        error = error.__cause__ or error.__context__
    return False


def _is_away(sqlstate: str | None) -> bool:
    """libpq itself says so without a code; the server with those of a shutdown or of a connection."""
    return sqlstate is None or sqlstate[:2] == "08" or sqlstate in ("57P01", "57P02", "57P03", "57P05")


def work(every: float = EVERY) -> None:
    """Until it is told to end."""
    worker = Worker()
    if threading.current_thread() is threading.main_thread():  # else it is Django's reloader that hears them
        worker.configure_signals()
    beside = Beside()
    life = SignOfLife(worker.worker_id, beside.do, every)
    while not life.take():  # another has that number, which is short
        life.let_go()
        life.worker_id = worker.worker_id = new_id()
    life.start()
    worker.run()


class Beside:
    """What a worker does beside its tasks: it looks for those of workers that died, does what has
    become due, and once a day throws away what is old."""

    def __init__(self) -> None:
        self.done_on: date | None = None

    def do(self) -> None:
        """By the calendar, and not each 24 hours: that would drift, and pass over a day in the end."""
        recover()
        due, today = often(), timezone.localdate()
        if self.done_on != today:
            self.done_on = today
            due += [prune, *daily()]
        for do in due:
            try:
                do()
            except (OperationalError, InterfaceError):
                raise
            except Exception:  # what else there is to do does not wait for it
                logger.exception("What is done every day or minute failed: %s", do.__name__)


def prune() -> int:
    """How many results of tasks that ended long ago are gone."""
    old = DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - timedelta(days=KEPT_DAYS))
    return old.delete()[0]
