"""The queue as those read it who wait for it: how many are before me, who is at what, what failed and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from .knowing import INTERRUPTED, Interrupted, SaidToStaff, known
from .recovery import import_task

LATELY = timedelta(days=7)  # for which a failure stands on the first page
SHOWN = 50  # failures


def ahead_of(task_result_id: str) -> int:
    """How many tasks are done before that one, those under way included; 0 once it is its turn."""
    mine = DBTaskResult.objects.filter(pk=task_result_id, status=TaskResultStatus.READY).first()
    if mine is None:
        return 0
    before = Q(priority__gt=mine.priority) | Q(priority=mine.priority) & (
        Q(run_after__lt=mine.run_after) | Q(run_after=mine.run_after, enqueued_at__lt=mine.enqueued_at)
    )
    return (DBTaskResult.objects.ready().filter(before) | DBTaskResult.objects.running()).count()


@dataclass(frozen=True)
class Numbers:
    """``oldest`` is since when the task that waits longest does; ``done`` and ``failed`` are of the last day, and week."""

    waiting: int
    oldest: datetime | None
    running: int
    done: int
    failed: int


def numbers() -> Numbers:
    now = timezone.now()
    waits = Q(status=TaskResultStatus.READY) & (Q(run_after=get_date_max()) | Q(run_after__lte=now))
    return Numbers(
        **DBTaskResult.objects.aggregate(
            waiting=Count("pk", filter=waits),
            oldest=Min("enqueued_at", filter=waits),
            running=Count("pk", filter=Q(status=TaskResultStatus.RUNNING)),
            done=Count("pk", filter=Q(status=TaskResultStatus.SUCCESSFUL, finished_at__gte=now - timedelta(days=1))),
            failed=Count("pk", filter=Q(status=TaskResultStatus.FAILED, finished_at__gte=now - LATELY)),
        )
    )


@dataclass(frozen=True)
class Entry:
    """A task in words. ``reason`` is a sentence, of one that failed."""

    pk: str
    name: str
    when: datetime | None
    worker: str
    reason: str


def running() -> list[Entry]:
    return [_entry(row) for row in DBTaskResult.objects.running().order_by("started_at", "pk")[:SHOWN]]


def failures() -> list[Entry]:
    return [_entry(row) for row in DBTaskResult.objects.failed().order_by("-finished_at", "pk")[:SHOWN]]


def _entry(row: DBTaskResult) -> Entry:
    import_task(row)
    failed = row.status == TaskResultStatus.FAILED
    return Entry(
        pk=str(row.pk),
        name=str(known(row.task_path).called or row.task_path),
        when=row.finished_at if failed else row.started_at,
        worker=row.worker_ids[-1] if row.worker_ids else "",
        reason=reason(row) if failed else "",
    )


def reason(row: DBTaskResult) -> str:
    """Why it failed, as a sentence: what the task itself said to staff, or that the log has it."""
    try:
        kind = import_string(row.exception_class_path)
    except ImportError:
        kind = None
    if kind is Interrupted:
        return str(INTERRUPTED)
    if isinstance(kind, type) and issubclass(kind, SaidToStaff):
        said = row.traceback.rpartition(f"{row.exception_class_path}: ")[2].strip()
        return gettext(said) if said else str(INTERRUPTED)
    return gettext("An error of the program or of the database (%(kind)s). The log of errors tells it in full.") % {
        "kind": row.exception_class_path.rpartition(".")[2]
    }


def retry(task_result_id: str) -> bool:
    """Whether that task had failed and waits again now. What refuses it says so to staff (``SaidToStaff``)."""
    with transaction.atomic():
        row = DBTaskResult.objects.failed().select_for_update().filter(pk=task_result_id).first()
        if row is None:
            return False
        import_task(row)
        tell = known(row.task_path).retried
        if tell is not None:
            tell(str(row.pk))
        DBTaskResult.objects.filter(pk=row.pk).update(
            status=TaskResultStatus.READY,
            enqueued_at=timezone.now(),
            started_at=None,
            finished_at=None,
            exception_class_path="",
            traceback="",
        )
    return True
