"""Who is at work: each request, task and command that changes something is one change set.

Its line stands in django-pghistory's table of contexts, written with its first change: whatever changes nothing leaves
nothing. What was written without saying who is of the kind ``unknown``, and has no line.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pghistory
import pgtrigger
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from pghistory import runtime

READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
LONGEST_REQUEST_ID = 64


class Kind(models.TextChoices):
    FORM = "form", _("form")
    BULK = "bulk", _("several at once")
    IMPORT = "import", _("import")
    MERGE = "merge", _("merger of two records")
    SPLIT = "split", _("split of a record")
    PROPOSAL = "proposal", _("proposal")
    COMMAND = "command", _("command")
    UNDO = "undo", _("taken back")
    UNKNOWN = "unknown", _("unknown")


DAYS_TO_TAKE_BACK = {Kind.MERGE: 30}  # by then others have built on it; of every other kind there is no end


def last_day_to_take_back(kind: str, at: datetime) -> date | None:
    """Of a change set of a kind that can be taken back for a time only."""
    days = DAYS_TO_TAKE_BACK.get(Kind(kind)) if kind else None
    return timezone.localdate(at) + timedelta(days=days) if days else None


@contextmanager
def change_set(kind: Kind, *, by: int | None = None, sentence: str = "", request: str = "") -> Iterator[None]:
    """What is written within, by whatever way, belongs together.

    ``sentence`` is kept in English as it stands in the catalogue, and read in the language of its reader.
    """
    said = {"user": by, "kind": kind.value, "sentence": sentence, "request": request}
    said = {name: value for name, value in said.items() if value}
    if hasattr(runtime._tracker, "value"):  # part of the one under way
        with pghistory.context(**said):
            yield
        return
    try:
        with connection.execute_wrapper(_as_with_parameters), pghistory.context(**said):
            yield
    finally:
        _nobodys_from_here()


def _nobodys_from_here() -> None:
    """Who is at work is told until the end of a transaction, which may go on."""
    if connection.in_atomic_block and not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pghistory.context_id', '', true)")


def _as_with_parameters(execute, sql, params, many, context):
    """pghistory puts a question with parameters before each statement: one without any must read as if it had some,
    and one that is to be executed many times is, one by one."""
    if many:
        for some in params:
            context["cursor"].execute(sql, some)
        return None
    if params is None:
        return execute(
            sql.replace(b"%", b"%%") if isinstance(sql, bytes) else sql.replace("%", "%%"), (), many, context
        )
    return execute(sql, params, many, context)


def tell(kind: Kind, sentence: Any = "", reason: str = "", **more: Any) -> None:
    """What the change set under way turns out to be, and why, in the words of whoever did it; without one nothing."""
    with override("en"):
        said = {"sentence": str(sentence), "reason": reason, **more}
    pghistory.context(kind=kind.value, **{name: value for name, value in said.items() if value not in ("", None)})


def key_under_way() -> str | None:
    """By which the pages of the history know the change set of whoever is at work; nothing where nobody is."""
    under_way = getattr(runtime._tracker, "value", None)
    return str(under_way.id) if under_way else None


def one_change_set(respond: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a request that may write is a change set. Those that read pass by."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in READING:
            return respond(request)
        user = getattr(request, "user", None)
        with change_set(Kind.FORM, by=user.pk if user else None, request=request_id(request)):
            return respond(request)

    return middleware


def request_id(request: HttpRequest) -> str:
    """The proxy's, so that its log can be held against the history, or one of our own."""
    given = request.headers.get("X-Request-ID", "")
    plain = given.isascii() and given.replace("-", "").replace("_", "").isalnum()
    return given if plain and len(given) <= LONGEST_REQUEST_ID else uuid4().hex


# Within these anybody may do anything, in any number of steps: not one change set. Or they serve requests or do tasks, each
# its own.
NOT_ONE_CHANGE = frozenset({"shell", "dbshell", "runserver", "test", "serve", "worker"})


@contextmanager
def of_command(arguments: list[str]) -> Iterator[None]:
    """All that one call of ``manage.py`` writes, by whatever account of the machine."""
    name = arguments[1] if len(arguments) > 1 else ""
    if not name or name in NOT_ONE_CHANGE:
        yield
        return
    with change_set(Kind.COMMAND, sentence=f"manage.py {name}"):
        yield


@contextmanager
def unrecorded() -> Iterator[None]:
    """Within, nothing is kept of what is written; of a transaction, COPY included.

    For what a program writes of its own: an invented network, the facts that the project carries.
    """
    ignored = [
        name
        for model, trigger in pgtrigger.registered()
        for pgid in [trigger.get_pgid(model)]
        for name in (pgid, f"{model._meta.db_table}:{pgid}")  # an older pgtrigger asks for the second
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(ignored) + "}"])
    yield
    if not connection.needs_rollback:  # which takes it back too
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pgtrigger.ignore', '', true)")
