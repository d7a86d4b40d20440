"""The import itself: what was checked is looked at once more, and written in one transaction, or not at all."""

from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cluster_portal.history.change_sets import Kind, change_set, key_under_way, tell
from cluster_portal.records.transactions import refused_at_once
from members.models import ImportBatch, ImportRow
from members.models.imports import Action, State

from .checking import counted, judge
from .subjects import handling_of

SENTENCE = _("Import of a file")
Seen = dict[int, tuple[str, int | None, Any]]


class ChangedSince(Exception):
    """Since the check somebody changed what some lines speak of."""


def run(batch: ImportBatch, by: int | None) -> None:
    """Writes a batch whose state is ``importing``. What changed since it was checked is shown again first."""
    seen = _seen(batch)
    try:
        with change_set(Kind.IMPORT, by=by), refused_at_once():
            tell(Kind.IMPORT, SENTENCE, batch.file_name)
            wait_for_others(batch)
            judge(batch)
            if _what_matters(seen, _seen(batch)):
                raise ChangedSince
            handling = handling_of(batch)
            written = handling.write(batch, by)
            if batch.publishes:
                written["published"] = handling.publish(batch, by)
            batch.counts = {**batch.counts, "written": written}
            batch.state, batch.imported_at, batch.imported_by_id = State.IMPORTED, timezone.now(), by
            batch.change_set = (key_under_way() or "") if written else ""
            batch.save(update_fields=["state", "imported_at", "imported_by", "change_set", "counts"])
    except ChangedSince:
        _show_again(batch, seen)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        failed(batch, "import-refused", constraint=name or "")


def wait_for_others(batch: ImportBatch) -> None:
    """Imports of one cluster go one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('members_import'), %s)", [int(batch.cluster_id)])


def _seen(batch: ImportBatch) -> Seen:
    """What each line would do, as it was last found."""
    rows = ImportRow.objects.filter(batch=batch).values_list("line", "action", "match", "changes")
    return {line: (action, match, changes) for line, action, match, changes in rows}


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
        for row in ImportRow.objects.filter(batch=batch, line__in=changed):
            row.problems.append(["", "line-changed-since", {}])
            row.save(update_fields=["problems"])
        batch.counts = {**counted(batch), "since": len(changed)}
        batch.state, batch.checked_at = State.CHECKED, timezone.now()
        batch.save(update_fields=["state", "checked_at", "counts"])


def failed(batch: ImportBatch, code: str, **told: Any) -> None:
    batch.state, batch.problem = State.FAILED, [code, told]
    batch.save(update_fields=["state", "problem"])
