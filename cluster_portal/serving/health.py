"""Does the site work? Asked by whatever watches it, often, and most of all when something is wrong."""

from concurrent.futures import ThreadPoolExecutor

from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpResponse, JsonResponse

PATIENCE = 2.5  # seconds

# A server that hangs holds its connection for as long as the network allows: another thread waits for it, not the probe.
_asking = ThreadPoolExecutor(max_workers=2, thread_name_prefix="health")


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except (DatabaseError, InterfaceError):
        return False
    finally:
        connection.close()


def health() -> HttpResponse:
    try:
        answers = _asking.submit(_database_answers).result(timeout=PATIENCE)
    except TimeoutError:
        answers = False
    body = {"status": "ok", "database": "ok"} if answers else {"status": "unavailable", "database": "no answer"}
    return JsonResponse(body, status=200 if answers else 503, headers={"Cache-Control": "no-store"})
