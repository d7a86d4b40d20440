"""Where the addresses of a file are, asked of a geocoder as that of the national address base, in batches.

It is asked only where the operator says so (``GEOCODER_URL``), of addresses alone, and never for longer than a minute. What it
answers is kept with the lines: an import does not ask again. Where it is away, slow or broken the check goes on.
"""

import json
import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from cluster_portal.exchange.asking import NoAnswer, Service
from members.countries import HOME
from members.models import Department, ImportBatch, ImportRow
from members.models.imports import Action
from members.models.sites import Site
from members.positions import near

AT_ONCE = 1_000  # addresses
SECONDS_OF_A_BATCH = 20
SECONDS_OF_A_FILE = 60
SURE = 0.6  # of 1: below it is another place as often as not
COLUMNS = ("address", "postcode", "city")
ANSWERED = ("latitude", "longitude", "result_score", "result_type")
STREETS = ("housenumber", "street")

Question = tuple[str, str, str, str]  # address, postcode, town, INSEE code of the department


def locate(batch: ImportBatch) -> None:
    """Writes to each line that needs it, under ``located``, the position that was found; blank where none was, and why where
    nobody answered."""
    if not settings.GEOCODER_URL:
        return
    lines = _lines_of_questions(batch)
    questions = list(lines)
    ends = time.monotonic() + SECONDS_OF_A_FILE
    why = ""
    for first in range(0, len(questions), AT_ONCE):
        part = questions[first : first + AT_ONCE]
        answers: Sequence[dict[str, str]] = [{"why": why}] * len(part)
        if not why:
            try:
                answers = _asked(part, ends - time.monotonic())
            except NoAnswer as error:  # who did not answer once is not waited for again
                why = error.why.value
                answers = [{"why": why}] * len(part)
        _keep(batch, [(line, answer) for one, answer in zip(part, answers, strict=True) for line in lines[one]])


def _lines_of_questions(batch: ImportBatch) -> dict[Question, list[int]]:
    """An address that stands in several lines is one question. What cannot be held against a department is not asked."""
    departments = dict(Department.objects.values_list("pk", "insee_code"))
    rows = ImportRow.objects.filter(batch=batch).exclude(action=Action.REFUSE).order_by("line")
    found: dict[Question, list[int]] = {}
    for line, values in rows.values_list("line", "values").iterator():
        department = departments.get(values.get("department"))
        address, postcode, city = (str(values.get(name) or "") for name in COLUMNS)
        known = "latitude" in values or values.get("country", HOME) != HOME
        if department and (address or city) and not known:
            found.setdefault((address, postcode, city, department), []).append(line)
    return found


def _asked(questions: Sequence[Question], seconds: float) -> list[dict[str, str]]:
    service = Service(settings.GEOCODER_URL, seconds=min(max(seconds, 0.1), SECONDS_OF_A_BATCH))
    rows = [(str(number), *one[:3]) for number, one in enumerate(questions)]
    fields = [*(("columns", name) for name in COLUMNS), *(("result_columns", name) for name in ANSWERED)]
    answers = {row.get("line"): row for row in service.csv("/search/csv/", ("line", *COLUMNS), rows, fields)}
    return [_believed(one, answers.get(str(number), {})) for number, one in enumerate(questions)]


def _believed(question: Question, answer: dict[str, Any]) -> dict[str, str]:
    """The position of an answer that is sure, fits the question and is in its department; else nothing."""
    address, _postcode, _city, department = question
    try:
        score, latitude, longitude = (
            float(answer.get(name) or "") for name in ("result_score", "latitude", "longitude")
        )
    except (TypeError, ValueError):
        return {}
    kind = answer.get("result_type")
    if kind in STREETS and address:
        precision = Site.Precision.ADDRESS
    elif kind == "municipality":
        precision = Site.Precision.CITY
    else:  # of a town that is a street elsewhere, too
        return {}
    if not (score >= SURE and abs(latitude) <= 90 and abs(longitude) <= 180 and near(department, latitude, longitude)):
        return {}
    return {"latitude": f"{latitude:.5f}", "longitude": f"{longitude:.5f}", "precision": precision.value}


def _keep(batch: ImportBatch, found: list[tuple[int, dict[str, str]]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            'UPDATE members_importrow r SET "values" = r."values" || jsonb_build_object(\'located\', said.found::jsonb)'
            " FROM unnest(%s::int[], %s::text[]) said (line, found) WHERE r.batch_id = %s AND r.line = said.line",
            [[line for line, _answer in found], [json.dumps(answer) for _line, answer in found], batch.pk],
        )


def counted(batch: ImportBatch) -> dict[str, Any]:
    """Lines that were to be located, those that were, those that nobody answered, and why; nothing where none was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE located ? 'latitude'), count(*) FILTER (WHERE located ? 'why'),"
            " coalesce(max(located->>'why'), '') FROM ("
            " SELECT \"values\"->'located' AS located FROM members_importrow WHERE batch_id = %s AND \"values\" ? 'located'"
            ") lines",
            [batch.pk],
        )
        asked, found, unanswered, why = cursor.fetchone()
    return {"asked": asked, "found": found, "unanswered": unanswered, "why": why} if asked else {}
