"""Official numbers as files have them. What is repaired is proven by its check digit; a number is never made shorter."""

import re
from collections.abc import Callable

from django.core.exceptions import ValidationError

from members.identifiers import validate_rnsr, validate_ror, validate_siren, validate_siret, validate_uai
from members.models.numbers import LABEL, NUMBER
from members.naf import NAF_CODES

from .repairs import Cell, Repair, RepairCode, problem, reader
from .signs import Text

NAMED = re.compile(r"(?:n(?:um[ée]ro|[°º])?\W{0,3}(?:de\s)?)?(?:siren|siret|uai|rne|rnsr|naf|ape|ror|code)\b\W*(?:n[°º]\W*)?", re.IGNORECASE)  # fmt: skip
VAT = re.compile(r"FR([0-9]{2})([0-9]{9})")
ROR_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?ror\.org/", re.IGNORECASE)
NAF = re.compile(r"([0-9]{2})\.?([0-9]{1,2}) ?([A-Za-z])?(?:(?![A-Za-z0-9])\W*(.*))?", re.DOTALL)
NAF_IN_ONE = re.compile(r"([0-9]{3,4})([A-Za-z]?)")
UNIT = re.compile(
    r"([A-Za-z]{1,6}(?:[_-][A-Za-z]{1,3}|\s[SMTDI](?=\s*[0-9]))?)(?:\s[A-Za-z]{2,12})?[\s_:-]*(?:n[°º.]\s*)?([0-9]{1,6}\s?[A-Za-z]?)"
)
LOST = 2  # leading zeros that a spreadsheet may have eaten: no company has more


def _holds(check: Callable[[str], None], value: str) -> bool:
    try:
        check(value)
    except ValidationError:
        return False
    return True


def _begin(raw: str) -> Text:
    text = Text(raw)
    if text.value and (named := NAMED.match(text.value)):
        text.change(RepairCode.LABEL, text.value[named.end() :].strip())
    return text


@reader
def read_siret(raw: str) -> Cell:
    """Fourteen digits; zeros that a spreadsheet ate are put back where the check digits hold then."""
    text = _begin(raw)
    if not text.value:
        return Cell(None, text.done)
    if not text.whole_again():
        return problem("cell-lost-digits", raw.strip(), text.done)
    text.without_blanks(".-/")
    value = text.value
    if len(value) == 9 and _holds(validate_siren, value):
        return problem("cell-siret-is-siren", raw.strip(), text.done)
    return _padded(text, 14, validate_siret, "cell-siret")


@reader
def read_siren(raw: str) -> Cell:
    """Nine digits; also those of a SIRET or of a VAT number that is right. None is cut from a SIRET that fails."""
    text = _begin(raw)
    if not text.value:
        return Cell(None, text.done)
    if not text.whole_again():
        return problem("cell-lost-digits", raw.strip(), text.done)
    text.without_blanks(".-/")
    value = text.value.upper()
    vat = VAT.fullmatch(value)
    if vat and int(vat[1]) == (12 + 3 * (int(vat[2]) % 97)) % 97 and _holds(validate_siren, vat[2]):
        text.change(RepairCode.SIREN_OF_VAT, vat[2])
    elif len(value) == 14 and _holds(validate_siret, value) and _holds(validate_siren, value[:9]):
        text.change(RepairCode.SIREN_OF_SIRET, value[:9])
    return _padded(text, 9, validate_siren, "cell-siren")


def _padded(text: Text, length: int, check: Callable[[str], None], code: str) -> Cell:
    value = text.value
    if not (value.isascii() and value.isdecimal()):
        return problem(code, text.raw.strip(), text.done)
    if length - LOST <= len(value) < length and _holds(check, value.zfill(length)):
        text.change(RepairCode.LEADING_ZEROS, value.zfill(length))
    elif len(value) != length or not _holds(check, value):
        return problem(code, text.raw.strip(), text.done)
    return Cell(text.value, text.done)


def _lettered(raw: str, digits: int, check: Callable[[str], None], code: str) -> Cell:
    """Digits, and the letter that checks them."""
    text = _begin(raw)
    if not text.value:
        return Cell(None, text.done)
    text.without_blanks(".-/")
    text.change(RepairCode.CASE, text.value.upper())
    value = text.value
    if re.fullmatch(r"[0-9]+[A-Z]", value):
        whole = value.zfill(digits + 1)
        if digits + 1 - LOST <= len(value) <= digits + 1 and _holds(check, whole):
            text.change(RepairCode.LEADING_ZEROS, whole)
            return Cell(whole, text.done)
    return problem(code, raw.strip(), text.done)


@reader
def read_uai(raw: str) -> Cell:
    """Seven digits and their letter."""
    return _lettered(raw, 7, validate_uai, "cell-uai")


@reader
def read_rnsr(raw: str) -> Cell:
    """Nine digits and their letter."""
    return _lettered(raw, 9, validate_rnsr, "cell-rnsr")


@reader
def read_ror(raw: str) -> Cell:
    """Nine characters, alone or at the end of their address."""
    text = Text(raw)
    if address := ROR_ADDRESS.match(text.value):
        text.change(RepairCode.LABEL, text.value[address.end() :].strip("/ "))
    elif named := NAMED.match(text.value):
        text.change(RepairCode.LABEL, text.value[named.end() :].strip())
    text.without_blanks(".-")
    text.change(RepairCode.CASE, text.value.lower())
    if not text.value:
        return Cell(None, text.done)
    if not text.value.isascii() or not _holds(validate_ror, text.value):
        return problem("cell-ror", raw.strip(), text.done)
    return Cell(text.value, text.done)


@reader
def read_naf(raw: str) -> Cell:
    """A code of the register. Its dot is put back; one with less than all its figures only if it can be no other."""
    text = Text(raw)
    if text.value and (named := NAMED.match(text.value)):
        text.change(RepairCode.LABEL, text.value[named.end() :].strip())
    if not text.value:
        return Cell(None, text.done)
    if text.value in NAF_CODES:
        return Cell(text.value, text.done)
    whole = NAF.fullmatch(text.value)
    if whole and whole[4]:  # the name of the activity, beside its code
        text.change(RepairCode.LABEL, text.value[: whole.start(4)].rstrip(" -–:;,.()"))
    text.without_blanks()
    text.change(RepairCode.CASE, text.value.upper())
    found = _naf_codes(text.value)
    if len(found) == 1:
        (code,) = found
        complete = len(re.sub(r"\W", "", text.value)) == 5
        text.change(RepairCode.NAF_DOT if complete else RepairCode.NAF_SHORT, code)
        return Cell(code, text.done)
    if 1 < len(found) <= 6:
        return problem("cell-naf-several", raw.strip(), text.done, codes=", ".join(sorted(found)))
    return problem("cell-naf", raw.strip(), text.done)


def _naf_codes(value: str) -> set[str]:
    """Those that the text may stand for: with a zero lost at either end, or without the letter."""
    if not value.isascii():
        return set()
    if dotted := re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})([A-Z]?)", value):
        division, rest, letter = dotted.groups()
        patterns = [(division.zfill(2), rest if len(rest) == 2 else rest + "0", letter)]
    elif joined := NAF_IN_ONE.fullmatch(value):
        digits, letter = joined.groups()
        whole = [digits] if len(digits) == 4 else [f"0{digits}", f"{digits}0"]
        patterns = [(four[:2], four[2:], letter) for four in whole]
    else:
        return set()
    letters = "ABCDEFGHZ"
    return {
        code
        for division, rest, letter in patterns
        for code in (f"{division}.{rest}{one}" for one in (letter or letters))
        if code in NAF_CODES
    }


@reader
def read_unit_numbers(raw: str) -> Cell:
    """(label, number) of each: UMR 5506 and EA 1496, however they are parted."""
    text = Text(raw)
    if not text.value:
        return Cell(None, text.done)
    pieces = [piece.strip() for piece in re.split(r"[,;|\n\r]+|\s/\s|\s(?:et|and|&)\s", text.value) if piece.strip()]
    found: dict[tuple[str, str], None] = {}
    for piece in pieces:
        unit = UNIT.fullmatch(piece)
        label = re.sub(r"[\s-]", "_", unit[1].upper()) if unit else ""
        number = re.sub(r"\s", "", unit[2].upper()) if unit else ""
        if not re.match(LABEL, label, re.ASCII) or not re.match(NUMBER, number, re.ASCII):
            return problem("cell-unit-number", piece, text.done)
        found[label, number] = None
    shown = ", ".join(f"{label} {number}" for label, number in found)
    repairs = list(text.done)
    if len(pieces) > 1:
        repairs.append(Repair(str(RepairCode.SEVERAL), text.value, shown))
    elif shown != text.value:
        repairs.append(Repair(str(RepairCode.UNIT_NUMBER), text.value, shown))
    return Cell(list(found), tuple(repairs)) if found else problem("cell-unit-number", raw.strip(), text.done)
