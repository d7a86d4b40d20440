"""Tasks for tests of the queue: what a worker of another process finds by its path."""

import os
import time
from pathlib import Path

from django.db import connection, transaction
from django_tasks import task

from cluster_portal.history.change_sets import Kind, change_set
from cluster_portal.work.knowing import SaidToStaff, called, when_interrupted, when_retried


@task()
def write(file: str, text: str = "done") -> None:
    Path(file).write_text(text)


@task()
def take_long(file: str, seconds: float = 120) -> None:
    """Says in the file who is at it, once a row is written that is not committed before the end."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE nothing_of_this ON COMMIT DROP AS SELECT 1")
        Path(file).write_text(str(os.getpid()))
        time.sleep(seconds)
        cursor.execute("SELECT 1")


@task()
def sleep_in_the_database(file: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('statement_timeout'), pg_sleep(2)")
        Path(file).write_text(" ".join(map(str, cursor.fetchone()[:2])))


@task()
def stumble(words: str = "no such luck") -> None:
    raise ValueError(words)


@task()
def refuse() -> None:
    raise SaidToStaff("The file is not there any more.")


@task(takes_context=True)
def tell_its_number(context, file: str) -> None:
    Path(file).write_text(context.task_result.id)


@task()
def touch(name: str, to: str) -> None:
    from members.models import Organisation

    Organisation.objects.filter(name=name).update(name=to)


@task()
def touch_by(name: str, to: str, who: int) -> None:
    with change_set(Kind.IMPORT, by=who, sentence="Import of a file"):
        touch.func(name, to)


told: list[tuple[str, str]] = []  # (what, number of the task)


def forbid(number: str) -> None:
    if ("forbid", "") in told:
        raise SaidToStaff("It was undone.")
    told.append(("retried", number))


called(stumble, "Check of a spreadsheet")
when_interrupted(take_long, lambda number: told.append(("interrupted", number)))
when_interrupted(stumble, lambda number: told.append(("failed", number)))
when_retried(stumble, forbid)
