"""Files of members for the tests, brought in by the code that the pages and the command share."""

from collections.abc import Sequence

from members.imports import batches, checking, importing
from members.models import ImportBatch, ImportRow

IDENTITY_HEADERS = ("Raison sociale", "SIREN", "SIRET", "Code postal", "Ville", "Site internet")


def csv(headers: Sequence[str], *lines: Sequence[object]) -> bytes:
    """As a French spreadsheet saves it."""
    quoted = [";".join(f'"{str(cell).replace(chr(34), chr(34) * 2)}"' for cell in line) for line in (headers, *lines)]
    return ("\ufeff" + "\r\n".join(quoted) + "\r\n").encode()


def checked(cluster, by, content: bytes, name: str = "membres.csv", values=None, **chosen) -> ImportBatch:
    """Brought in and checked. ``chosen``: constants; ``values``: what texts become, beside what is proposed."""
    options = {
        key: chosen.pop(key) for key in ("whole", "ends_on", "publishes", "declined", "erasing") if key in chosen
    }
    batch = batches.receive(cluster, by, name, iter([content]))
    constants = {"kind": "company", **batch.constants, **chosen}
    assert batches.objections(batch, batch.columns, constants) == []
    batches.choose_columns(batch, batch.columns, constants, options.get("erasing", []))
    for field, texts in (values or {}).items():
        batch.values.setdefault(field, {}).update(texts)
    for key, value in options.items():
        setattr(batch, key, value)
    batch.save()
    checking.check(batch)
    numbers = [batch.counts[action] for action in ImportRow.Action.values]
    assert sum(numbers) == batch.counts["rows"] == batch.rows.count(), "every line that was read is one of these"
    return batch


def received(cluster, by, content: bytes, name: str = "membres.csv") -> ImportBatch:
    """Brought in, and its columns chosen as they are proposed."""
    batch = batches.receive(cluster, by, name, iter([content]))
    batches.choose_columns(batch, batch.columns, {"kind": "company", **batch.constants}, [])
    return batch


def imported(batch: ImportBatch, by=None) -> ImportBatch:
    batch.state = ImportBatch.State.IMPORTING
    batch.save()
    by = by or batch.uploaded_by
    batch.acting = by
    importing.run(batch, by.pk if by else None)
    batch.refresh_from_db()
    return batch


def line(batch: ImportBatch, number: int) -> ImportRow:
    """By its line in the file: the headers are line 1."""
    return ImportRow.objects.get(batch=batch, line=number)


def actions(batch: ImportBatch) -> dict[int, str]:
    return dict(ImportRow.objects.filter(batch=batch).order_by("line").values_list("line", "action"))


def codes(row: ImportRow) -> list[str]:
    return [code for _field, code, _told in row.problems]
