"""What the rest of the portal says of its tasks: what they are called, and whom to tell of what became of them.

It is said where the task is defined, and so known wherever the task is: a row of the queue names the module.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_tasks.base import Task

Tell = Callable[[str], object]


class SaidToStaff(Exception):
    """A failure that was foreseen: its text is a sentence for whoever waits for the task."""


class Interrupted(SaidToStaff):
    """The worker died while it was at the task."""


INTERRUPTED = _("The worker ended while it was at this, and what was not finished was not kept. Start it again.")


@dataclass
class Known:
    called: Any = ""
    interrupted: Tell | None = None
    retried: Tell | None = None


_known: dict[str, Known] = {}


def known(task_path: str) -> Known:
    return _known.get(task_path, Known())


def called(task: Task, name: Any) -> None:
    """By that name (a lazy translation) staff know the task."""
    _known.setdefault(task.module_path, Known()).called = name


def when_interrupted(task: Task, tell: Tell) -> None:
    """``tell(task_result_id)`` is called once for each such task that ended without its own doing, in the transaction that
    says so: its worker died, or something went wrong that the task itself did not foresee. What the task has said of itself
    by then, ``tell`` leaves."""
    _known.setdefault(task.module_path, Known()).interrupted = tell


def when_retried(task: Task, tell: Tell) -> None:
    """``tell(task_result_id)`` is called before a task that failed waits again; ``SaidToStaff`` refuses it."""
    _known.setdefault(task.module_path, Known()).retried = tell


_daily: list[Callable[[], object]] = []


def every_day(do: Callable[[], object]) -> Callable[[], object]:
    """Done once a day by a worker, beside its tasks; said where the app is made ready."""
    _daily.append(do)
    return do


def daily() -> list[Callable[[], object]]:
    return list(_daily)


_often: list[Callable[[], object]] = []


def every_minute(do: Callable[[], object]) -> Callable[[], object]:
    """Done each minute by a worker, beside its tasks: what nobody asks for, and is due as soon as its time has come."""
    _often.append(do)
    return do


def often() -> list[Callable[[], object]]:
    return list(_often)
