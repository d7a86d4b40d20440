"""Names, addresses and texts: one line where the database wants one, and nothing that it would refuse."""

import re
import unicodedata

from cluster_portal.writing.one_line import CONTROLS, HIDDEN, one_line, without_hidden_signs

from .repairs import Cell, Repair, RepairCode, problem, reader

_control = re.compile("[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff]")
_shapeless = re.compile(f"[{HIDDEN}{CONTROLS}]")
LONGEST_TEXT = 100_000
KEPT_IN_CAPITALS = frozenset("SA SAS SASU SARL EURL SNC SCI SCOP SCA SCS SELARL GIE GIP EPIC EPST EPCI CNRS INRAE INSA CHU CHRU CCI CEA IUT UMR BTP PME ETI TPE".split())  # fmt: skip
SMALL_WORDS = frozenset("de du des la le les et en au aux sur sous par pour dans à a d l".split())
WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]\.?)*", re.UNICODE)


@reader
def read_name(raw: str, most: int = 250) -> Cell:
    """One line of at most so many characters, with single blanks and no invisible signs."""
    text = raw.strip(" \t\r\n")
    if not text:
        return Cell()
    if _control.search(text):
        return problem("cell-control", _control.sub("�", text))
    repairs: list[Repair] = []
    if "\n" in text or "\r" in text:
        text = _changed(repairs, RepairCode.LINES, text, re.sub(r"\s*[\r\n]+\s*", " ", text))
    if not text.isascii():
        text = _changed(repairs, RepairCode.ACCENTS, text, unicodedata.normalize("NFC", text))
    text = _changed(repairs, RepairCode.BLANKS, text, one_line(text))
    if not text:
        return problem("cell-unreadable-sign", raw, tuple(repairs))
    if len(text) > most:
        return problem("cell-too-long", text, tuple(repairs), length=len(text), most=most)
    return Cell(text, tuple(repairs))


def _changed(repairs: list[Repair], code: str, before: str, after: str) -> str:
    if before != after:
        repairs.append(Repair(str(code), before, after))
    return after


@reader
def read_address(raw: str, most: int = 200) -> Cell:
    """A name whose lines are parted by commas."""
    text = raw.strip(" \t\r\n")
    if "\n" not in text and "\r" not in text:
        return read_name(text, most)
    parted = re.sub(r"[\s,]*[\r\n]+[\s,]*", ", ", text)
    cell = read_name(parted, most)
    return Cell(cell.value, (Repair(str(RepairCode.LINES), text, parted), *cell.repairs), cell.problem)


@reader
def read_text(raw: str, most: int = LONGEST_TEXT) -> Cell:
    """A text of any number of lines."""
    text = re.sub(r"\r\n?", "\n", raw).strip(" \t\n")
    if not text:
        return Cell()
    if _control.search(text):
        return problem("cell-control", _control.sub("�", text))
    repairs: list[Repair] = []
    if not text.isascii():
        text = _changed(repairs, RepairCode.ACCENTS, text, unicodedata.normalize("NFC", text))
        text = _changed(
            repairs, RepairCode.BLANKS, text, without_hidden_signs(text.replace("\n", "\v")).replace("\v", "\n")
        )
    if not text.strip():
        return problem("cell-unreadable-sign", raw, tuple(repairs))
    if len(text) > most:
        return problem("cell-too-long", text, tuple(repairs), length=len(text), most=most)
    return Cell(text, tuple(repairs))


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
        if word in KEPT_IN_CAPITALS or "." in word or (len(words) > 1 and not re.search("[AEIOUY]", plain)):
            return word
        if word.lower() in SMALL_WORDS and found.start():
            return word.lower()
        elided = name[found.end() : found.end() + 1] in ("'", "’") and len(word) == 1
        return word.lower() if elided and found.start() else word[0] + word[1:].lower()

    return unicodedata.normalize("NFC", WORD.sub(small, name))
