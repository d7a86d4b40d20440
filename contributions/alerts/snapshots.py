"""What stood in a list when it was last looked at: which rows, and of each a short digest of its public columns.

Some 8 bytes a row once packed. Nothing of what a row said can be read from it.
"""

import hashlib
import zlib
from array import array
from dataclasses import dataclass

from cluster_portal.exchange.columns import Words
from cluster_portal.listing.whole import WholeList

ENOUGH = 6  # bytes of a digest: of 16,000 changes none is missed in ten thousand million looks
FORM = 8


class Codes(Words):
    """Words without what things are called: a cluster or a choice that is named anew changes none of its rows. What may
    not be named is left out as it was."""

    def __init__(self, words: Words) -> None:
        super().__init__(
            words.language, {what: {key: str(key) for key in named} for what, named in words.names.items()}
        )

    def label(self, choices, value):
        return value


@dataclass(frozen=True)
class Difference:
    """Primary keys."""

    joined: list[int]
    left: list[int]
    changed: list[int]

    def __bool__(self) -> bool:
        return bool(self.joined or self.left or self.changed)


@dataclass(frozen=True)
class Snapshot:
    """``form``: of which columns the digests are. A portal that learns a new one tells nobody that everything changed."""

    form: bytes
    rows: dict[int, bytes]

    @classmethod
    def of(cls, whole: WholeList) -> "Snapshot":
        columns = [column for column in whole.columns if column.name not in whole.no_news]
        form = _digest([column.name for column in columns], FORM)
        values, codes = [column.value for column in columns], Codes(whole.words)
        records = whole.records(list(whole.keys()))
        return cls(form, {row.pk: _digest([value(row, codes) for value in values], ENOUGH) for row in records})

    def packed(self) -> bytes:
        keys = array("q", self.rows)
        return zlib.compress(self.form + keys.tobytes() + b"".join(self.rows.values()))

    @classmethod
    def unpacked(cls, packed: bytes) -> "Snapshot":
        whole = zlib.decompress(packed)
        keys = array("q")
        number = (len(whole) - FORM) // (keys.itemsize + ENOUGH)
        digests = FORM + number * keys.itemsize
        keys.frombytes(whole[FORM:digests])
        starts = range(digests, len(whole), ENOUGH)
        return cls(whole[:FORM], {key: whole[at : at + ENOUGH] for key, at in zip(keys, starts, strict=True)})

    def since(self, before: "Snapshot") -> Difference:
        then, now = before.rows, self.rows
        same_form = before.form == self.form
        return Difference(
            [key for key in now if key not in then],
            [key for key in then if key not in now],
            [key for key, digest in now.items() if same_form and then.get(key, digest) != digest],
        )


def _digest(said: list, size: int) -> bytes:
    return hashlib.blake2b(repr(said).encode(), digest_size=size).digest()
