"""Does the site work? Asked by whatever watches it, often, and most of all when something is wrong."""

from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpResponse, JsonResponse

from cluster_portal.work.life import worker_alive

PATIENCE = 2.5  # seconds

# A server that hangs holds its connection for as long as the network allows: another thread waits for it, not the probe.
_asking = ThreadPoolExecutor(max_workers=2, thread_name_prefix="health")


def _worker_is_there() -> bool | None:
    """None when the database does not answer."""
    try:
        return worker_alive()
    except (DatabaseError, InterfaceError):
        return None
    finally:
        connection.close()


def health() -> HttpResponse:
    """Without a worker the site serves its visitors all the same: that is told, and is no reason to take it away."""
    try:
        worker = _asking.submit(_worker_is_there).result(timeout=PATIENCE)
    except TimeoutError:
        worker = None
    if worker is None:
        body, status = {"status": "unavailable", "database": "no answer"}, 503
    else:
        body, status = {"status": "ok", "database": "ok", "worker": "ok" if worker else "none"}, 200
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})
