"""Several values in one cell, as registers write them that have a column for each kind of number."""

import re
from collections.abc import Callable

from .repairs import BLANK, LONGEST_READ, Cell, Repair, RepairCode, too_long
from .signs import SCIENTIFIC

MOST = 200  # values of one cell
PARTED = re.compile(r"[,;|\r\n]+|\s/\s")


def read_many(text: str, read: Callable[[str], Cell]) -> Cell:
    """A list of what ``read`` makes of each; beside the problem of the first that is not understood, those that are."""
    whole = SCIENTIFIC.fullmatch(text.strip())  # the comma of 5,52E+13 parts nothing
    pieces = [text.strip()] if whole else [piece for piece in map(str.strip, PARTED.split(text)) if piece]
    if not pieces:
        return BLANK
    if len(pieces) > MOST:
        return too_long(text, LONGEST_READ)
    cells = [read(piece) for piece in pieces]
    values: list = []
    repairs = (
        [Repair(str(RepairCode.SEVERAL), text.strip()[:LONGEST_READ], " ; ".join(pieces)[:LONGEST_READ])]
        if len(pieces) > 1
        else []
    )
    for piece, cell in zip(pieces, cells, strict=True):
        repairs += cell.repairs
        if cell.value is None:
            continue
        if cell.value in values:
            repairs.append(Repair(str(RepairCode.REPEATED), piece, ""))
        else:
            values.append(cell.value)
    return Cell(values or None, tuple(repairs), next((cell.problem for cell in cells if cell.problem), None))
