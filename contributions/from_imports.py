"""What an import would have written of what others keep becomes requests to whoever keeps it, one for each record."""

from collections.abc import Iterator
from typing import Any

from members.imports.subjects import handling_of
from members.models import ImportBatch, ImportRow, Theme

from .fields import Json, Subject, fields_of
from .requesting import SameAlready, request_change

PLACE = ("address", "postcode", "city")  # of a site that is new here


def ask_what_was_left(batch: ImportBatch, by, sent_from: str = "") -> int:
    """How many requests were made; what was asked already, or stands there by now, is passed over."""
    asked = 0
    for subject, new in _left(batch):
        now = {field.name: field.now(subject) for field in fields_of(subject)}
        values = {name: value for name, value in _values(new, now).items() if value not in (now[name], "", [], None)}
        if not values:
            continue
        try:
            request_change(subject, values, now, by=by, of=batch.cluster_id, sent_from=sent_from)
        except SameAlready:
            continue
        asked += 1
    return asked


def _left(batch: ImportBatch) -> Iterator[tuple[Subject, dict[str, Any]]]:
    """Each record with what the lines of the file would have written of it, the later lines over the earlier."""
    proposed: dict[int, dict[str, Any]] = {}
    for row in ImportRow.objects.of(batch).proposing().exclude(match=None).only("match", "changes"):
        proposed.setdefault(row.match, {}).update({name: pair[1] for name, pair in row.changes["proposed"].items()})
    records = handling_of(batch).model._default_manager.in_bulk(proposed)
    yield from ((records[pk], new) for pk, new in proposed.items() if pk in records)


def _values(new: dict[str, Any], now: dict[str, Json]) -> dict[str, Json]:
    values = {name: value for name, value in new.items() if name in now and name != "themes"}
    site = new.get("site") or {}
    if site and not any(now.get(name) for name in PLACE):
        values |= {name: site[name] for name in PLACE if site.get(name)}
    if added := [one for one in new.get("themes", ()) if isinstance(one, int)]:
        slugs = Theme.objects.filter(pk__in=added).values_list("slug", flat=True)
        values["themes"] = sorted({*(now["themes"] or ()), *slugs})  # type: ignore[misc]
    return values
