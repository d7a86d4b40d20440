"""The import itself: what was checked is looked at once more, and written in one transaction, or not at all."""

from hashlib import sha256
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import TextField
from django.db.models.functions import MD5, Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cluster_portal.history.change_sets import Kind, change_set, key_under_way, tell
from cluster_portal.records.transactions import refused_at_once
from members.duplicates.tasks import find_duplicates
from members.models import ImportBatch, ImportRow
from members.models.imports import Action, State

from .checking import counted, judge
from .subjects import handling_of
from .writing import missing

SENTENCE = _("Import of a file")
Seen = dict[int, tuple[str, int | None, str]]  # of what it changes a digest: all of it, twice, takes 150 MB


class ChangedSince(Exception):
    """Since the check somebody changed what some lines speak of."""


def run(batch: ImportBatch, by: int | None) -> None:
    """Writes a batch whose state is ``importing``. What changed since it was checked is shown again first."""
    seen, leaving = _seen(batch), batch.counts.get("leaving")
    try:
        with change_set(Kind.IMPORT, by=by), refused_at_once():
            tell(Kind.IMPORT, SENTENCE, batch.file_name)
            wait_for_others(batch)
            judge(batch)
            if _what_matters(seen, _seen(batch)) or _others_would_leave(batch, leaving):
                raise ChangedSince
            handling = handling_of(batch)
            written = handling.write(batch, by)
            if batch.publishes:
                written["published"] = handling.publish(batch, by)
            batch.counts = {**batch.counts, "written": written}
            batch.state, batch.imported_at, batch.imported_by_id = State.IMPORTED, timezone.now(), by
            batch.change_set = (key_under_way() or "") if written else ""
            batch.save(update_fields=["state", "imported_at", "imported_by", "change_set", "counts"])
            if written:
                find_duplicates.enqueue()
    except ChangedSince:
        _show_again(batch, seen)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        failed(batch, "import-refused", constraint=name or "")


def wait_for_others(batch: ImportBatch) -> None:
    """Imports of one cluster go one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('members_import'), %s)", [int(batch.cluster_id)])


def who_leaves(batch: ImportBatch) -> str:
    """A word for the memberships that would end: it is another as soon as one more would, or one less."""
    keys = missing(batch).order_by("pk").values_list("pk", flat=True) if batch.whole and batch.ends_on else ()
    return sha256(" ".join(map(str, keys)).encode()).hexdigest()


def _others_would_leave(batch: ImportBatch, confirmed: str | None) -> bool:
    """Than those whom somebody was shown; and while a line is open, it may be one of them."""
    if not (batch.whole and batch.ends_on):
        return False
    is_open = batch.counts[Action.ASK] or batch.counts[Action.REFUSE]
    return bool(confirmed) and (confirmed != who_leaves(batch) or bool(is_open))


def _seen(batch: ImportBatch) -> Seen:
    """What each line would do, as it was last found."""
    rows = ImportRow.objects.filter(batch=batch).values_list(
        "line", "action", "match", MD5(Cast("changes", TextField()))
    )
    return {line: (action, match, changes) for line, action, match, changes in rows.iterator()}


def _what_matters(before: Seen, now: Seen) -> list[int]:
    """Lines that would do something else than was shown. One that has nothing left to do does no harm."""
    return [
        line
        for line, (action, match, changes) in now.items()
        if action in (Action.CREATE, Action.UPDATE, Action.ASK) and before.get(line) != (action, match, changes)
    ]


def _show_again(batch: ImportBatch, seen: Seen) -> None:
    with transaction.atomic():
        judge(batch)
        changed = _what_matters(seen, _seen(batch))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE members_importrow SET problems = problems || %s::jsonb WHERE batch_id = %s AND line = ANY(%s)",
                ['[["", "line-changed-since", {}]]', batch.pk, changed],
            )
        batch.ends_on = None  # who would leave is looked at again
        batch.counts = {**counted(batch), "since": len(changed)}
        batch.state, batch.checked_at = State.CHECKED, timezone.now()
        batch.save(update_fields=["state", "checked_at", "counts", "ends_on"])


def failed(batch: ImportBatch, code: str, **told: Any) -> None:
    batch.state, batch.problem = State.FAILED, [code, told]
    batch.save(update_fields=["state", "problem"])
