"""What the lines of a file may be, and who knows how to read, match, compare and write them.

Members are known here; whoever stands on this floor adds what else there is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from members.models.imports import ImportBatch

from .fields import Field


@dataclass(frozen=True)
class Handling:
    """``model``: what a line becomes. ``reader``: of one batch, with a method ``line``. ``match``, ``compare`` and ``trial`` work on the lines that are
    stored; ``write`` writes what they would, and says how many rows of what. ``proposals``: of values, by field.
    ``identifying``: the fields of which a file needs one. ``needed``: those that a new record must have, by a column or a
    constant. ``erasable``: those that a blank cell can take away. ``telling``: puts lines into words for the pages
    (``members.imports.telling``). ``after``: what follows the writing in its transaction. ``complete``: adds to the lines
    that were read what others know of them."""

    model: type[models.Model]
    fields: tuple[Field, ...]
    identifying: tuple[str, ...]
    needed: tuple[str, ...]
    reader: Callable[[ImportBatch], Any]
    match: Callable[[ImportBatch], None]
    compare: Callable[..., None]
    trial: Callable[..., None]
    write: Callable[[ImportBatch, int], dict[str, int]]
    proposals: Callable[[], Any]
    by_contents: Callable[[Sequence[str]], str]
    constants: tuple[str, ...] = ()
    offers: Mapping[str, Any] = field(default_factory=dict)
    left_out: Callable[[], tuple[str, ...]] = tuple
    erasable: tuple[str, ...] = ()
    telling: Callable[..., Any] | None = None
    publish: Callable[[ImportBatch, int], int] = lambda batch, by: 0
    complete: Callable[[ImportBatch], None] = lambda batch: None

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)


HANDLINGS: dict[str, Handling] = {}


def handling_of(batch: ImportBatch) -> Handling:
    return HANDLINGS[batch.subject]
