"""A name for the way in which a file is read, by which a form knows that it speaks of the same columns and values."""

from cluster_portal.admin.once import digest
from members.models import ImportBatch


def what_is_read(batch: ImportBatch) -> str:
    layout = [str(batch.layout.get(name, "")) for name in ("format", "encoding", "separator", "sheet", "header_row")]
    return digest(*layout, *batch.headers)[:16]


def what_is_mapped(batch: ImportBatch) -> str:
    """The texts, in their order, of which a page of values speaks."""
    texts = [part for name, known in sorted(batch.values.items()) for part in (name, *sorted(known))]
    return digest(what_is_read(batch), *texts)[:16]


def what_was_checked(batch: ImportBatch) -> str:
    """The numbers that a page of confirmation shows."""
    return digest(str(batch.checked_at), str(sorted(batch.counts.items(), key=str)))[:16]
