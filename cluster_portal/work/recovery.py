"""Tasks whose worker died become failures, and whoever waits for them is told."""

import logging
from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from .knowing import Interrupted, known
from .life import LIVING, WORKERS

logger = logging.getLogger(__name__)

EVERY = 30  # seconds between two looks of each worker
INTERRUPTED_PATH = f"{Interrupted.__module__}.{Interrupted.__qualname__}"

# hashtext() may be negative, the number of a lock is not
LEFT = f"""
SELECT id FROM {DBTaskResult._meta.db_table}
WHERE status = %s AND (hashtext(worker_ids ->> -1)::bigint & 4294967295) NOT IN ({LIVING})
ORDER BY started_at, id
"""


def recover() -> int:
    """How many tasks were found that nobody is at any more."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT, [TaskResultStatus.RUNNING, WORKERS])
        left = [pk for (pk,) in cursor]
    return sum(_interrupted(row) for row in DBTaskResult.objects.filter(pk__in=left))


def _interrupted(row: DBTaskResult) -> bool:
    """Whether it still was as it was found: it may have been finished in between, or found by another worker."""
    if not fail(row, lambda: _fail(row)):
        return False
    logger.error("The task %s (%s) was interrupted: its worker %s ended", row.pk, row.task_path, row.worker_ids[-1])
    return True


def fail(row: DBTaskResult, write: Callable[[], bool]) -> bool:
    """Writes down that a task failed and tells whoever waits for it; whether ``write`` found anything to write."""
    import_task(row)
    tell = known(row.task_path).interrupted
    try:
        with transaction.atomic():
            written = write()
            if written and tell is not None:
                tell(str(row.pk))
            return written
    except Exception:  # it is a failure all the same, and other tasks wait
        logger.exception("Nobody could be told what became of the task %s (%s)", row.pk, row.task_path)
        return write()


def _fail(row: DBTaskResult) -> bool:
    found = DBTaskResult.objects.filter(
        pk=row.pk, status=TaskResultStatus.RUNNING, worker_ids=row.worker_ids, started_at=row.started_at
    ).update(
        status=TaskResultStatus.FAILED, finished_at=timezone.now(), exception_class_path=INTERRUPTED_PATH, traceback=""
    )
    return bool(found)


def import_task(row: DBTaskResult) -> None:
    """The module that defines it says what is known of it; one that is there no more says nothing."""
    try:
        row.task  # noqa: B018
    except Exception:
        logger.warning("The task %s is unknown: %s", row.pk, row.task_path)
