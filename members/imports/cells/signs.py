"""The signs around a value: blanks of every kind, words for nothing, what spreadsheets make of numbers."""

import re
import unicodedata

from cluster_portal.writing.one_line import BLANKS, CONTROLS, HIDDEN

from .repairs import Repair, RepairCode

_ordinary = " \t\r\n"
_any_blank = re.compile(f"[{BLANKS}]+")
_hidden = re.compile(f"[{HIDDEN}\u200c\u200d{CONTROLS}]")
# what people write where they have nothing to write
NOTHING = frozenset(
    "- -- --- – — _ / // \\ . .. ... … ? ?? n/a n.a. n.a #n/a nc n.c. n.c n/c nd n.d. néant neant aucun aucune null none nan".split()
) | {"non renseigné", "non renseignée", "non communiqué", "non connu", "inconnu", "inconnue", "sans objet", "not known", "unknown", "pas de siret", "pas de site", "vide"}  # fmt: skip
FLOAT = re.compile(r"([0-9]+)[.,]0{1,6}")
SCIENTIFIC = re.compile(r"([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,3})")


class Text:
    """A cell on its way to a value, with what has been repaired so far."""

    __slots__ = ("raw", "repairs", "value")

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.repairs: list[Repair] = []
        self.value = raw.strip(_ordinary)
        if not self.value.isascii() or not self.value.isprintable():
            self.change(RepairCode.BLANKS, _blanks_made_ordinary(self.value))
        if self.value.startswith("'"):  # with which spreadsheets mark a text
            self.change(RepairCode.PUNCTUATION, self.value.lstrip("' "))
        if len(self.value) < 20 and self.value.lower() in NOTHING:
            self.change(RepairCode.NOTHING, "")

    def change(self, code: str, after: str) -> None:
        if after != self.value:
            self.repairs.append(Repair(str(code), self.value, after))
            self.value = after

    @property
    def done(self) -> tuple[Repair, ...]:
        return tuple(self.repairs)

    def without_blanks(self, signs: str = "") -> None:
        """Of digits that were written in groups."""
        self.change(RepairCode.BLANKS, re.sub(rf"[\s{re.escape(signs)}]", "", self.value))

    def whole_again(self) -> bool:
        """A number from which a spreadsheet made 5221005540001.0 or 5.221005540001E+12. False if digits are lost."""
        if written := FLOAT.fullmatch(self.value):
            self.change(RepairCode.FLOAT, written[1])
        elif written := SCIENTIFIC.fullmatch(self.value):
            digits, power = written[1] + (written[2] or ""), int(written[3])
            if len(digits) <= power:
                return False
            if len(digits) == power + 1:
                self.change(RepairCode.FLOAT, digits)
        return True


def _blanks_made_ordinary(text: str) -> str:
    text = _any_blank.sub(" ", _hidden.sub("", text)).strip()
    return unicodedata.normalize("NFC", text)
