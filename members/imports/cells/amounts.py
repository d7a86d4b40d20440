"""Amounts and answers of yes or no."""

import re

from django.core.exceptions import ValidationError

from cluster_portal.exchange import amounts
from cluster_portal.records.search import fold

from .repairs import Cell, RepairCode, problem, reader
from .signs import SCIENTIFIC, Text

ANSWERS = {
    **dict.fromkeys("yes y oui o true vrai 1 x on".split(), True),
    **dict.fromkeys("no n non false faux 0 off".split(), False),
}


@reader
def read_amount(raw: str) -> Cell:
    """A decimal number of euros, as people write it in either language; refused where the two differ."""
    text = Text(raw)
    if not text.value:
        return Cell(None, text.done)
    if SCIENTIFIC.fullmatch(text.value) and not text.whole_again():
        return problem("cell-lost-digits", raw.strip(), text.done)
    try:
        value = amounts.read_amount(text.value)
    except ValidationError as error:
        known = {key: one for key, one in (error.params or {}).items() if key in ("whole", "part")}
        return problem("cell-amount-ambiguous" if known else "cell-amount", raw.strip(), text.done, **known)
    if not re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text.value):
        text.change(RepairCode.AMOUNT, format(value, "f"))
    return Cell(value, text.done)


@reader
def read_yes_no(raw: str) -> Cell:
    text = Text(raw)
    if not text.value:
        return Cell(None, text.done)
    text.whole_again()
    answer = ANSWERS.get(fold(text.value))
    return problem("cell-yes-no", raw.strip(), text.done) if answer is None else Cell(answer, text.done)
