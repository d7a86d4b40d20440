"""The steps of an import before anything is written: the file is received, recognised, and its columns are chosen."""

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from cluster_portal.exchange import sheets
from cluster_portal.exchange.sheets import Layout, Recognised, Unreadable
from members.models import Cluster, ColumnMapping, ImportBatch
from members.models.imports import KEPT_DAYS, State

from .fields import LEFT_OUT, folded_header, propose
from .lines import values_in
from .subjects import handling_of

SAMPLES = 3  # texts of a column that are shown,
SHOWN_OF_A_CELL = 120  # characters,
REASON = gettext_lazy("What stands in the way")
LOOKED_AT = 200  # and lines that are looked through for them and for what a column holds
MOST_VALUES = 500  # distinct texts of a column that are mapped one by one


def receive(
    cluster: Cluster, by, name: str, chunks: Iterable[bytes], subject: str = "members", layout: Layout | None = None
) -> ImportBatch:
    """Keeps a file and what was recognised of it; ``Unreadable`` when it is nothing that can be brought in."""
    forget_old_files()
    settings.IMPORTS_ROOT.mkdir(parents=True, exist_ok=True, mode=0o700)
    stored_as = secrets.token_hex(16)
    path = settings.IMPORTS_ROOT / stored_as
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            for chunk in chunks:
                size += len(chunk)
                if size > sheets.MAX_BYTES:
                    raise Unreadable("file-too-large", megabytes=sheets.MAX_BYTES // 1024**2)
                digest.update(chunk)
                file.write(chunk)
        found = sheets.recognise(path, name, layout)
        batch = _held(cluster, by, name, subject, digest.hexdigest(), stored_as, found)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return batch


def _held(
    cluster: Cluster, by, name: str, subject: str, checksum: str, stored_as: str, found: Recognised
) -> ImportBatch:
    batch = ImportBatch(
        cluster=cluster,
        uploaded_by=by,
        subject=subject,
        file_name=name[-200:],
        checksum=checksum,
        stored_as=stored_as,
    )
    take(batch, found)
    batch.save()
    return batch


def take(batch: ImportBatch, found: Recognised) -> None:
    """What was recognised, with the columns that are proposed for it. Nothing is saved yet."""
    batch.headers = found.headers
    batch.layout = {**found.layout.as_json(), **_seen(batch.path, found)}
    batch.total = found.row_count or 0
    batch.done = 0
    batch.state, batch.problem = State.UPLOADED, []
    remembered = mapping_of(batch)
    if remembered:
        batch.columns = [remembered.columns.get(folded_header(header), LEFT_OUT) for header in found.headers]
        batch.constants, batch.values = remembered.constants, remembered.values
        batch.erasing, batch.declined = remembered.erasing, remembered.declined
        return
    handling = handling_of(batch)
    batch.columns = propose(
        found.headers,
        columns_of(batch),
        handling.fields,
        handling.by_contents,
        {*handling.left_out(), *reason_headers()},
    )
    batch.constants, batch.values, batch.erasing, batch.declined = {}, {}, [], []


def _seen(path: Path, found: Recognised) -> dict[str, Any]:
    """What the pages show of a file again and again, kept beside its layout so that none of them reads it anew: what was
    noticed, the first rows, of each column the first texts and how many cells are blank. These are not counted where
    counting takes long."""
    samples: list[list[str]] = [[] for _header in found.headers]
    filled = [0] * len(found.headers)
    counted = 0
    for row in islice(sheets.rows(path, found.layout), None if found.row_count is not None else LOOKED_AT):
        counted += 1
        for place, text in enumerate(row.cells):
            if text and not text.isspace():
                filled[place] += 1
                if len(samples[place]) < SAMPLES and text not in samples[place]:
                    samples[place].append(text[:SHOWN_OF_A_CELL])
    return {
        "notices": [[one.code, dict(one.params)] for one in found.notices],
        "offers": [one.as_json() for one in found.offers],
        "sheets": found.sheets,
        "first": [[row.line, [cell[:SHOWN_OF_A_CELL] for cell in row.cells]] for row in found.sample],
        "samples": samples,
        "blanks": [counted - number for number in filled] if found.row_count is not None else [],
    }


def layout_of(batch: ImportBatch) -> Layout:
    return Layout.from_json(batch.layout)


def columns_of(batch: ImportBatch) -> list[list[str]]:
    """The first texts of each column that are not blank."""
    columns: list[list[str]] = [[] for _header in batch.headers]
    for row in islice(sheets.rows(batch.path, layout_of(batch)), LOOKED_AT):
        for column, text in zip(columns, row.cells, strict=False):
            if text and not text.isspace():
                column.append(text)
    return columns


def reason_headers() -> set[str]:
    """What the column is called in which lines that were not imported come back with their reason; folded."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with override(language):
            found.add(folded_header(str(REASON)))
    return found


def fingerprint(headers: Sequence[str]) -> str:
    """Of the headers, whatever their order; a file of lines that came back is the file that they came from."""
    names = sorted(set(map(folded_header, headers)) - reason_headers())
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def mapping_of(batch: ImportBatch) -> ColumnMapping | None:
    """What the cluster chose for a file with these headers before."""
    return ColumnMapping.objects.filter(
        cluster=batch.cluster_id, subject=batch.subject, fingerprint=fingerprint(batch.headers)
    ).first()


def remember(batch: ImportBatch) -> None:
    """For the next file with these headers; values that were mapped before and do not stand in this one are kept."""
    before = mapping_of(batch)
    values = {name: dict(known) for name, known in (before.values if before else {}).items()}
    for name, mapped in batch.values.items():
        values[name] = {**values.get(name, {}), **mapped}
    ColumnMapping.objects.update_or_create(
        cluster_id=batch.cluster_id,
        subject=batch.subject,
        fingerprint=fingerprint(batch.headers),
        defaults={
            "columns": {folded_header(h): name for h, name in zip(batch.headers, batch.columns, strict=True)},
            "constants": batch.constants,
            "values": values,
            "erasing": batch.erasing,
            "declined": batch.declined,
        },
    )


def objections(batch: ImportBatch, columns: Sequence[str], constants: Mapping[str, Any]) -> list[str]:
    """Why one cannot go on with these columns, in sentences."""
    handling = handling_of(batch)
    labels = {field.name: str(field.label) for field in handling.fields}
    found = []
    for name in dict.fromkeys(filter(None, columns)):
        headers = [header for header, column in zip(batch.headers, columns, strict=True) if column == name]
        if len(headers) > 1 and not handling.field(name).many:
            found.append(
                _("“%(field)s” is given by several columns (%(headers)s): leave out all but one.")
                % {"field": labels[name], "headers": ", ".join(headers)}
            )
    if not set(handling.identifying) & set(columns):
        found.append(
            _("No column says whom a line speaks of. Choose one for %(fields)s.")
            % {"fields": _(" or ").join([", ".join(labels[n] for n in handling.identifying[:-1]), labels[handling.identifying[-1]]])}
        )  # fmt: skip
    for name in handling.needed:
        if name not in columns and not constants.get(name):
            found.append(
                _("A new one needs a value for “%(field)s”: choose a column, or say what it is on every line.")
                % {"field": labels[name]}
            )
    return found


def choose_columns(
    batch: ImportBatch, columns: Sequence[str], constants: Mapping[str, Any], erasing: Sequence[str]
) -> None:
    """What was chosen, and for the values of these columns what is proposed where nothing was said yet."""
    batch.columns, batch.constants, batch.erasing = list(columns), dict(constants), list(erasing)
    counted = distinct(batch)
    proposals = handling_of(batch).proposals()
    values: dict[str, dict[str, Any]] = {}
    for name, texts in counted.items():
        said = batch.values.get(name, {})
        values[name] = {text: said[text] if text in said else proposals.of(name, text) for text in texts}
    batch.values = values
    batch.layout = {**batch.layout, "numbers": counted}  # of lines, for the page of values
    batch.save(update_fields=["columns", "constants", "erasing", "values", "layout"])


def distinct(batch: ImportBatch) -> dict[str, dict[str, int]]:
    """For each chosen field the distinct texts, with the number of lines of each, the commonest first."""
    counted = values_in(batch, (row.cells for row in sheets.rows(batch.path, layout_of(batch))))
    return {name: dict(sorted(texts.items(), key=lambda one: (-one[1], one[0]))) for name, texts in counted.items()}


def unmapped(batch: ImportBatch) -> dict[str, list[str]]:
    """The texts of which nobody said what they become, nor does the portal know."""
    return {
        name: missing
        for name, mapped in batch.values.items()
        if (missing := [text for text, becomes in mapped.items() if becomes is None])
    }


def forget_old_files() -> int:
    """Deletes the files that were kept long enough, and says how many; the lines of their imports stay."""
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    old = ImportBatch.objects.filter(uploaded_at__lt=before).exclude(stored_as="")
    count = 0
    for batch in old:
        batch.path.unlink(missing_ok=True)
        count += ImportBatch.objects.filter(pk=batch.pk).update(stored_as="")
    return count


def in_words(counts: Mapping[str, int]) -> str:
    """What would be written, in a sentence with numbers."""
    parts = [
        sentence % {"count": counts[key]}
        for key, sentence in (
            ("create", ngettext("%(count)d new line", "%(count)d new lines", counts.get("create", 0))),
            ("update", ngettext("%(count)d changed line", "%(count)d changed lines", counts.get("update", 0))),
        )
        if counts.get(key)
    ]
    return _(" and ").join(parts)
