"""Addresses on the web, e-mail and telephone numbers as people and programs leave them in cells."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from cluster_portal.records import phones
from cluster_portal.records.websites import is_public_page

from .repairs import Cell, RepairCode, problem, reader, too_long
from .signs import Text

SCHEMES = re.compile(r"(?:\s*[\"'<(]*\s*(?:ht{1,2}ps?|hhtps?|htpps?)\s*[:;]?\s*[/\\]{1,3}\s*|\s*https?:(?![/\\])\s*)+", re.IGNORECASE)  # fmt: skip
NO_SITE = re.compile(r"(?:www\.?)?/?", re.IGNORECASE)
LONGEST_WEBSITE, LONGEST_EMAIL = 200, 254
MAILTO = re.compile(r"mailto:\s*", re.IGNORECASE)
IN_BRACKETS = re.compile(r"[^<>]*<\s*([^<>\s]+)\s*>")
# most of what there is in France itself; for the rest the library is asked, which takes a hundred times as long
COMMON_PHONE = re.compile(r"0((?:[13][0-9]|2[0-57-9]|4[1-9]|5[0-8]|6[0-24-8]|7[3-9])[0-9]{7})")
OVERSEAS = re.compile(r"^(?:\+|00)33\s?(?=[2-7])")  # of La Réunion or Guadeloupe, whose own are +262 and +590
SIGNS = re.compile(r"[\s.\-/()]")
_is_address = URLValidator(schemes=["http", "https"])


@reader
def read_website(raw: str) -> Cell:
    """The address of a page. A scheme that is missing is https://, as in the forms."""
    text = Text(raw)
    written = SCHEMES.match(text.value)
    scheme = ""
    if written:
        rest = text.value[written.end() :]
        scheme = "https" if "https" in written[0].lower() else "http"
        proper = re.fullmatch("https?://", written[0])
        if NO_SITE.fullmatch(rest):
            text.change(RepairCode.EMPTY_ADDRESS, "")
        elif not proper:
            text.change(RepairCode.SCHEME_TWICE, f"{scheme}://{rest}")
    elif text.value and NO_SITE.fullmatch(text.value):
        text.change(RepairCode.EMPTY_ADDRESS, "")
    if not text.value:
        return Cell(None, text.done)
    if re.search(r"[\s;,|]+(?:https?:|www\.)", text.value[1:]):
        return problem("cell-several", raw.strip(), text.done)
    text.change(RepairCode.PUNCTUATION, text.value.rstrip(" .,;>\"'" + ("" if "(" in text.value else ")")))
    if not scheme:
        if "@" in text.value.partition("/")[0]:
            return problem("cell-website", raw.strip(), text.done)
        text.change(RepairCode.SCHEME, f"https://{text.value.lstrip('/')}")
    begins, _slashes, page = text.value.partition("://")
    host = re.split("[/?#]", page, maxsplit=1)[0]
    text.change(RepairCode.CASE, f"{begins}://{host.lower()}{page[len(host) :]}")
    if len(text.value) > LONGEST_WEBSITE:
        return too_long(text.value, LONGEST_WEBSITE, text.done)
    if not is_public_page(text.value) or not _passes(_is_address, text.value):
        return problem("cell-website", raw.strip(), text.done)
    return Cell(text.value, text.done)


def _passes(check, value: str) -> bool:
    try:
        check(value)
    except (ValidationError, ValueError):
        return False
    return True


@reader
def read_email(raw: str) -> Cell:
    text = Text(raw)
    if not text.value:
        return Cell(None, text.done)
    if bracketed := IN_BRACKETS.fullmatch(text.value):
        text.change(RepairCode.LABEL, bracketed[1])
    text.change(RepairCode.LABEL, MAILTO.sub("", text.value, count=1).partition("?")[0])
    if len(re.findall("@", text.value)) > 1:
        return problem("cell-several", raw.strip(), text.done)
    text.change(RepairCode.PUNCTUATION, text.value.strip(" .,;:<>\"'"))
    if " " in text.value:
        text.change(RepairCode.BLANKS, re.sub(r"\s*([@.])\s*", r"\1", text.value))
    if len(text.value) > LONGEST_EMAIL or not _passes(validate_email, text.value):
        return problem("cell-email", raw.strip(), text.done)
    return Cell(text.value, text.done)


@reader
def read_phone(raw: str) -> Cell:
    """As it is kept, +33476000000: that is no repair, for it is shown as people of its country write it."""
    text = Text(raw)
    if not text.value:
        return Cell(None, text.done)
    if not text.whole_again():
        return problem("cell-lost-digits", raw.strip(), text.done)
    text.change(RepairCode.LABEL, re.sub(r"^(?:t[ée]l(?:[ée]phone)?|phone|fixe|mobile|standard)\b\W*(?=[+0-9(])", "", text.value, flags=re.IGNORECASE))  # fmt: skip
    kept = text.value if len(text.value) < 60 else ""
    if line := COMMON_PHONE.fullmatch(SIGNS.sub("", kept)):
        return Cell(f"+33{line[1]}", text.done)
    value = _kept_number(kept) or _kept_number(OVERSEAS.sub("0", kept))
    if not value:
        return problem("cell-phone", raw.strip(), text.done)
    digits = re.sub(r"\D", "", kept)
    if len(digits) == 9 and value.endswith(digits) and not kept.startswith("0"):
        text.change(RepairCode.LEADING_ZEROS, value)
    elif re.search(r"[/;,|]", kept) or not _same_digits(digits, value):
        text.change(RepairCode.PHONE, value)
    return Cell(value, text.done)


def _kept_number(text: str) -> str:
    try:
        return phones.read_phone(text)
    except (ValidationError, ValueError):
        return ""


def _same_digits(typed: str, kept: str) -> bool:
    """Whether what is kept has the digits that were typed, after its country."""
    bare = re.sub(r"\D", "", kept)
    return bare.endswith(typed.removeprefix("00").lstrip("0")) or typed.endswith(bare[2:])
