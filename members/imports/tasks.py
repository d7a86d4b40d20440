"""What of an import is done behind the pages."""

import logging

from django.contrib.auth import get_user_model
from django.db import OperationalError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from cluster_portal.exchange.sheets import Unreadable
from cluster_portal.work.knowing import SaidToStaff, called, every_day, when_interrupted, when_retried
from members.models import Cluster, ImportBatch
from members.models.imports import State

from . import batches, checking, importing

logger = logging.getLogger(__name__)


@task()
def check_file(batch_id: int) -> None:
    batch = ImportBatch.objects.filter(pk=batch_id, state=State.CHECKING).first()
    if batch is not None:
        _guarded(batch, lambda: checking.check(batch))


@task()
def import_file(batch_id: int, by: int) -> None:
    batch = ImportBatch.objects.filter(pk=batch_id, state=State.IMPORTING).first()
    if batch is None:
        return
    user = get_user_model()._default_manager.filter(pk=by).first()
    if user is None or not Cluster.objects.editable_by(user).filter(pk=batch.cluster_id).exists():
        importing.failed(batch, "import-nobody")
        return
    batch.acting = user
    _guarded(batch, lambda: importing.run(batch, by))


def _guarded(batch: ImportBatch, work) -> None:
    """Whatever happens, whoever waits is told. A database that is gone is another matter: its worker ends, and the task is
    found again as interrupted."""
    try:
        work()
    except Unreadable as error:
        importing.failed(batch, error.sentence.code, **dict(error.sentence.params))
    except FileNotFoundError:
        importing.failed(batch, "import-file-gone")
    except OperationalError:
        raise
    except Exception:
        logger.exception("The import %s failed", batch.pk)
        importing.failed(batch, "import-error")
        raise


def start_check(batch: ImportBatch) -> None:
    """Enqueues the check of a batch whose columns are chosen."""
    batch.state, batch.done, batch.problem, batch.checked_at = State.CHECKING, 0, [], None
    with transaction.atomic():  # a worker finds the batch as soon as it finds the task
        batch.save(
            update_fields=[
                "state", "done", "problem", "checked_at", "columns", "constants", "values", "erasing", "declined",
            ]
        )  # fmt: skip
        _enqueued(batch, check_file.enqueue(batch.pk))


def start_import(batch: ImportBatch, by: int) -> None:
    batch.state, batch.problem = State.IMPORTING, []
    batch.counts = {**batch.counts, "leaving": importing.who_leaves(batch)}
    with transaction.atomic():
        batch.save(update_fields=["state", "problem", "whole", "ends_on", "publishes", "counts"])
        _enqueued(batch, import_file.enqueue(batch.pk, by))


def _enqueued(batch: ImportBatch, result) -> None:
    ImportBatch.objects.filter(pk=batch.pk).update(task=str(result.id))


def interrupted(task_id: str) -> None:
    """Its worker died: nothing was written, or all of it and the batch says so already."""
    ImportBatch.objects.filter(task=task_id, state__in=(State.CHECKING, State.IMPORTING)).update(
        state=State.INTERRUPTED, problem=["import-interrupted", {}]
    )


def _again(task_id: str, state: State) -> None:
    """An administrator has it tried again; whoever waits for it may have gone another way."""
    ended = ImportBatch.objects.filter(task=task_id, state__in=(State.INTERRUPTED, State.FAILED))
    if not ended.update(state=state, problem=[]):
        raise SaidToStaff(gettext("This was started again elsewhere, or is done."))


called(check_file, _("Check of a file"))
called(import_file, _("Import of a file"))
when_interrupted(check_file, interrupted)
when_interrupted(import_file, interrupted)
every_day(batches.forget_old_files)
when_retried(check_file, lambda task_id: _again(task_id, State.CHECKING))
when_retried(import_file, lambda task_id: _again(task_id, State.IMPORTING))
