"""Names, addresses and texts: one line where the database wants one, and nothing that it would refuse."""

import re
import unicodedata

from cluster_portal.writing.one_line import one_line, without_hidden_signs

from .repairs import BLANK, Cell, Repair, RepairCode, problem, reader, too_long

_control = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff]")
LONGEST_TEXT = 100_000
SHOWN = 500  # characters of a text, in a repair of it
KEPT_IN_CAPITALS = frozenset("SA SAS SASU SARL EURL SNC SCI SCOP SCA SCS SELARL GIE GIP EPIC EPST EPCI CNRS INRAE INSA CHU CHRU CCI CEA IUT UMR BTP PME ETI TPE".split())  # fmt: skip
SMALL_WORDS = frozenset("de du des la le les et en au aux sur sous par pour dans à a d l".split())
WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]\.?)*", re.UNICODE)


def read_name(raw: str, most: int = 250) -> Cell:
    """One line of at most so many characters, with single blanks and no invisible signs."""
    return _one_line(raw, most, " ")


def read_address(raw: str, most: int = 200) -> Cell:
    """A name whose lines are parted by commas."""
    return _one_line(raw, most, ", ")


def _one_line(raw: str, most: int, between: str) -> Cell:
    text = raw.strip(" \t\r\n")
    if not text:
        return BLANK
    if text.isascii() and text.isprintable() and "  " not in text and len(text) <= most:  # as nearly all are
        return Cell(text)
    if _control.search(text):
        return problem("cell-control", _control.sub("�", text))
    if len(text) > 10 * most:
        return too_long(text, most)
    repairs: list[Repair] = []
    if "\n" in text or "\r" in text:
        lines = (line.strip(between + "\t") for line in re.split("[\r\n]+", text))
        text = _changed(repairs, RepairCode.LINES, text, between.join(filter(None, lines)))
    text = _changed(repairs, RepairCode.ACCENTS, text, unicodedata.normalize("NFC", text))
    text = _changed(repairs, RepairCode.BLANKS, text, one_line(text))
    if not text:
        return problem("cell-unreadable-sign", raw, tuple(repairs))
    return too_long(text, most, tuple(repairs)) if len(text) > most else Cell(text, tuple(repairs))


def _changed(repairs: list[Repair], code: str, before: str, after: str) -> str:
    if before != after:
        repairs.append(Repair(str(code), before[:SHOWN], after[:SHOWN]))
    return after


def read_text(raw: str, most: int = LONGEST_TEXT) -> Cell:
    """A text of any number of lines."""
    text = re.sub(r"\r\n?", "\n", raw).strip(" \t\n")
    if not text:
        return BLANK
    if _control.search(text):
        return problem("cell-control", _control.sub("�", text))
    repairs: list[Repair] = []
    if not text.isascii():
        text = _changed(repairs, RepairCode.ACCENTS, text, unicodedata.normalize("NFC", text))
        text = _changed(repairs, RepairCode.BLANKS, text, without_hidden_signs(text))
    if not one_line(text):
        return problem("cell-unreadable-sign", raw, tuple(repairs))
    return too_long(text, most, tuple(repairs)) if len(text) > most else Cell(text, tuple(repairs))


@reader
def read_capitals(raw: str, most: int = 250) -> Cell:
    """A name all in capitals in small letters, such as a person would write it: an offer, to be looked at."""
    cell = read_name(raw, most)
    if (
        cell.problem
        or not isinstance(cell.value, str)
        or not cell.value.isupper()
        or not re.search(r"[^\W\d_]{4}", cell.value)
    ):
        return cell
    after = _in_small_letters(cell.value)
    if after == cell.value or len(after) > most:
        return cell
    return Cell(after, (*cell.repairs, Repair(str(RepairCode.CAPITALS), cell.value, after)))


def _in_small_letters(name: str) -> str:
    words = WORD.findall(name)

    def small(found: re.Match[str]) -> str:
        word = found[0]
        plain = unicodedata.normalize("NFKD", word)
        if (
            word in KEPT_IN_CAPITALS
            or "." in word
            or (len(word) > 1 and len(words) > 1 and not re.search("[AEIOUY]", plain))
        ):
            return word
        if word.lower() in SMALL_WORDS and found.start():  # the D of D’ART is one of them
            return word.lower()
        return word[0] + word[1:].lower()

    return unicodedata.normalize("NFC", WORD.sub(small, name))
