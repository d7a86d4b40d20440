"""The queue in tests: what was put into it is done when a test says so, in its own process and transaction."""

from unittest.mock import patch

from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from cluster_portal.work.worker import Worker


def do_what_waits() -> int:
    """What is in the queue, as the worker does it; how many tasks that were."""
    before = DBTaskResult.objects.finished().count()
    with patch.object(db_worker, "close_old_connections"):  # the test's own, with its transaction
        Worker(batch=True, interval=0).run()
    return DBTaskResult.objects.finished().count() - before
