"""The check of a file: every line read, matched and compared, and nothing written but what the check found.

Reading goes in parts, each committed, so that whoever waits sees how far it is; what follows is one transaction.
"""

import json
from collections import Counter
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from cluster_portal.exchange import sheets
from members.models import ImportBatch, ImportRow
from members.models.imports import Action, Decision, State

from . import geocoding
from .batches import layout_of
from .problems import TOLD_BY_A_LOOK
from .subjects import handling_of
from .writing import missing

UNREAD = "unread"  # the rule of lines that are refused for what stands in them
SAMPLES = 3  # of each kind of repair
PART = 1_000  # lines read between two commits
COPIED = 'batch_id, line, raw, "values", repairs, problems, action, "group", rule, candidates, changes, decision'


def check(batch: ImportBatch) -> None:
    """From the file to the result; ``Unreadable`` where a line cannot be read at all."""
    rows = ImportRow.objects.filter(batch=batch)
    decided = list(rows.exclude(decision="").values_list("line", "decision", "decided"))
    rows.delete()
    stage(batch)
    handling_of(batch).complete(batch)
    with transaction.atomic():
        _decided_before(batch, decided)
        judge(batch)
        batch.state, batch.checked_at, batch.problem = State.CHECKED, timezone.now(), []
        batch.save(update_fields=["state", "checked_at", "problem", "counts", "task"])


def stage(batch: ImportBatch) -> None:
    """The lines of the file, read."""
    reader = handling_of(batch).reader(batch)
    rows = sheets.rows(batch.path, layout_of(batch))
    done = 0
    while part := list(islice(rows, PART)):
        with transaction.atomic(), connection.cursor() as cursor:
            with cursor.copy(f"COPY members_importrow ({COPIED}) FROM STDIN") as out:
                for row in part:
                    out.write_row(_row(batch, row, reader.line(row.cells)))
            done += len(part)
            ImportBatch.objects.filter(pk=batch.pk).update(done=done, total=max(done, batch.total))
    batch.done, batch.total = done, done
    ImportBatch.objects.filter(pk=batch.pk).update(done=done, total=done)


def _row(batch: ImportBatch, row: sheets.Row, line: Any) -> tuple:
    problems = [("", one.code, dict(one.params)) for one in row.problems] + line.problems
    action = Action.REFUSE if line.refused else Action.CREATE
    texts = (json.dumps(part) for part in (row.cells, line.values, line.repairs, problems))
    rule = UNREAD if line.refused else ""
    return (batch.pk, row.line, *texts, action.value, row.line, rule, "[]", "{}", "")


def judge(batch: ImportBatch) -> None:
    """Whom each line speaks of and what it would change, as things stand; decisions that were made hold."""
    handling = handling_of(batch)
    _forget_an_earlier_look(batch)
    handling.match(batch)
    _decided(batch)
    handling.compare(batch)
    handling.trial(batch)
    batch.counts = counted(batch)


def _forget_an_earlier_look(batch: ImportBatch) -> None:
    """What it refused may go now, and what it told of problems is told anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE members_importrow SET action = CASE WHEN rule = %(unread)s THEN action ELSE 'create' END, problems = (
                SELECT coalesce(jsonb_agg(one), '[]') FROM jsonb_array_elements(problems) one
                WHERE NOT one->>1 = ANY(%(told)s)
            ) WHERE batch_id = %(batch)s AND (action = 'refuse' OR problems <> '[]')
            """,
            {"batch": batch.pk, "unread": UNREAD, "told": sorted(TOLD_BY_A_LOOK)},
        )


def _decided_before(batch: ImportBatch, decided: list[tuple[int, str, int | None]]) -> None:
    """What was said of the lines of this file when it was checked before."""
    if not decided:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE members_importrow r SET decision = d.decision, decided = d.decided"
            " FROM unnest(%s::int[], %s::text[], %s::bigint[]) d (line, decision, decided)"
            " WHERE r.batch_id = %s AND r.line = d.line",
            [*(list(column) for column in zip(*decided, strict=True)), batch.pk],
        )


# A decision is of one group as it was asked about, and of one of those that it may be. Lines that came together since, each
# with another answer, are asked about anew; so is one whose candidate is none any more, or that is not asked about.
OUTLIVED = """
UPDATE members_importrow r SET decision = '', decided = NULL
WHERE r.batch_id = %(batch)s AND r.decision <> '' AND (
    r.action <> 'ask' OR r."group" IN (
        SELECT o."group" FROM members_importrow o WHERE o.batch_id = %(batch)s AND o.action = 'ask' GROUP BY o."group"
        HAVING count(DISTINCT (o.decision, coalesce(o.decided, 0))) > 1
    ) OR r.decision = 'this' AND NOT EXISTS (
        SELECT FROM jsonb_array_elements(r.candidates) one WHERE (one->>0)::bigint = r.decided
    )
)
"""


def _decided(batch: ImportBatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(OUTLIVED, {"batch": batch.pk})
    asked = ImportRow.objects.filter(batch=batch, action=Action.ASK)
    asked.filter(decision=Decision.SKIP).update(action=Action.SKIP)
    asked.filter(decision=Decision.NEW).update(action=Action.CREATE, match=None)
    asked.filter(decision=Decision.THIS).update(action=Action.UPDATE, match=F("decided"))


def decide(batch: ImportBatch, groups: list[int], decision: str, key: int | None = None) -> int:
    """What somebody says of groups of lines that are asked about: of all of them the same. For ``this`` without a key, the
    surest of the candidates of each; a key must be one of them. How many lines it is said of."""
    handling = handling_of(batch)
    with transaction.atomic(), connection.cursor() as cursor:
        rows = ImportRow.objects.filter(batch=batch, group__in=groups)
        rows = rows.filter(action=Action.ASK) | rows.exclude(decision="")
        concerned = list(rows.values_list("line", flat=True))
        if decision == Decision.THIS:
            cursor.execute(
                """
                UPDATE members_importrow SET decision = 'this', action = 'update',
                    decided = coalesce(%(key)s, (candidates->0->>0)::bigint), match = coalesce(%(key)s, (candidates->0->>0)::bigint)
                WHERE batch_id = %(batch)s AND line = ANY(%(lines)s) AND candidates <> '[]'
                    AND (%(key)s IS NULL OR EXISTS (
                        SELECT FROM jsonb_array_elements(candidates) one WHERE (one->>0)::bigint = %(key)s))
                """,
                {"key": key, "batch": batch.pk, "lines": concerned},
            )
            number = cursor.rowcount
        else:
            action = {Decision.NEW: Action.CREATE, Decision.SKIP: Action.SKIP}.get(decision, Action.ASK)
            lines = ImportRow.objects.filter(batch=batch, line__in=concerned)
            number = lines.update(decision=decision, decided=None, match=None, action=action, changes={})
        if decision in (Decision.THIS, Decision.NEW):
            handling.compare(batch, groups)
            handling.trial(batch, groups)
        batch.counts = counted(batch)
        batch.checked_at = timezone.now()  # a page of confirmation that was opened before is not this one's any more
        batch.save(update_fields=["counts", "checked_at"])
    return number


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def counted(batch: ImportBatch) -> dict[str, Any]:
    """Numbers of lines: by what becomes of them, which add up to ``rows``; by rule, by kind of repair and of problem."""
    rows = ImportRow.objects.filter(batch=batch)
    counts: dict[str, Any] = dict.fromkeys(Action.values, 0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT action, rule, count(*) FROM members_importrow WHERE batch_id = %s GROUP BY 1, 2", [batch.pk]
        )
        rules: Counter[str] = Counter()
        for action, rule, number in cursor.fetchall():
            counts[action] += number
            if rule:
                rules[f"{action} {rule}"] += number
        cursor.execute(
            "SELECT one->>0, one->>1, count(DISTINCT line) FROM members_importrow, jsonb_array_elements(repairs) one"
            " WHERE batch_id = %s GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
            [batch.pk],
        )
        repairs = [list(row) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT one->>0, one->>1, count(DISTINCT line) FROM members_importrow, jsonb_array_elements(problems) one"
            " WHERE batch_id = %s GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
            [batch.pk],
        )
        problems = [list(row) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT name, code, (array_agg(jsonb_build_array(before, after) ORDER BY first))[1:%s] FROM ("
            " SELECT one->>0 AS name, one->>1 AS code, one->2 AS before, one->3 AS after, min(line) AS first"
            " FROM members_importrow, jsonb_array_elements(repairs) one WHERE batch_id = %s GROUP BY 1, 2, 3, 4"
            ") kinds GROUP BY 1, 2",
            [SAMPLES, batch.pk],
        )
        samples = {f"{name} {code}": [_loaded(pair) for pair in pairs] for name, code, pairs in cursor.fetchall()}
        cursor.execute(
            "SELECT count(*) FILTER (WHERE changes ? 'proposed'), count(*) FILTER (WHERE problems <> '[]'),"
            " count(*) FILTER (WHERE changes ? 'create'), count(*) FILTER (WHERE changes ? 'membership')"
            " FROM members_importrow WHERE batch_id = %s",
            [batch.pk],
        )
        proposed, with_problems, created, joining = cursor.fetchone()
    counts |= {
        "rows": rows.count(),
        "rules": dict(rules),
        "repairs": repairs,
        "samples": samples,
        "problems": problems,
        "proposed": proposed,
        "with_problems": with_problems,
        "organisations": created,
        "memberships": joining,
        "missing": missing(batch).count() if batch.whole else 0,
        "located": geocoding.counted(batch),
    }
    return counts
