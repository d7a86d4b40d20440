"""Who is looked for, and how she is recognised in a text: whatever the accents, the order of her names, the blanks and
dots of a number."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError

from cluster_portal.records.phones import read_phone
from cluster_portal.records.search import LETTERS, fold

ERASED = "…"  # what stands in the place of what named somebody
SHORTEST_NAME = 3  # letters: a shorter one would be found within anything
BETWEEN_DIGITS = r"[\s./()-]*"


@dataclass(frozen=True)
class Sought:
    """Numbers are as they are kept, +33476000000."""

    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str = "", email: str = "", phone: str = "") -> "Sought":
        """From what stands in a form or in a row. What cannot tell one person from others is left out."""
        name, email, phone = " ".join(name.split()), email.strip(), phone.strip()
        try:
            phone = read_phone(phone) if phone else ""
        except ValidationError:
            phone = phone if sum(letter.isdigit() for letter in phone) >= 6 else ""
        letters = sum(letter.isalnum() for letter in fold(name))
        return cls(
            (name,) if letters >= SHORTEST_NAME else (), (email,) if "@" in email else (), (phone,) if phone else ()
        )

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) for one in fields(self))

    def __or__(self, other: "Sought") -> "Sought":
        return Sought(*(tuple(dict.fromkeys((*getattr(self, f.name), *getattr(other, f.name)))) for f in fields(self)))

    @property
    def sure(self) -> "Sought":
        """Without names of one word, which are those of towns and of others too."""
        return Sought(tuple(name for name in self.names if len(fold(name).split()) > 1), self.emails, self.phones)

    # --- in a text ----------------------------------------------------------------------------------------------------
    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        """Of folded texts."""
        found = []
        for name in self.names:
            words = fold(name).split()
            orders = {tuple(words), (words[-1], *words[:-1])}
            either = "|".join(r"[^a-z0-9]+".join(map(re.escape, order)) for order in sorted(orders))
            found.append(re.compile(rf"(?<![a-z0-9])(?:{either})(?![a-z0-9])"))
        for email in self.emails:
            found.append(re.compile(rf"(?<![\w.+-]){re.escape(_plain(email))}(?![\w-])"))
        for phone in self.phones:
            digits = BETWEEN_DIGITS.join(_national(phone))
            country = rf"(?:(?:\+|00)\s*{_country(phone)}{BETWEEN_DIGITS}(?:0{BETWEEN_DIGITS})?|0)?"
            found.append(re.compile(rf"(?<![0-9]){country}{digits}(?![0-9])"))
        return found

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where she is named, from and to."""
        folded, places = [], []
        for place, letter in enumerate(text):
            for part in _plain(letter):
                folded.append(part)
                places.append(place)
        whole = "".join(folded)
        found = sorted(
            (places[one.start()], places[one.end() - 1] + 1)
            for pattern in self._patterns
            for one in pattern.finditer(whole)
        )
        apart: list[tuple[int, int]] = []
        for first, last in found:
            if apart and first <= apart[-1][1]:
                apart[-1] = (apart[-1][0], max(last, apart[-1][1]))
            else:
                apart.append((first, last))
        return apart

    def names_her(self, text: str) -> bool:
        return bool(self.spans(text))

    def taken_out_of(self, value: Any) -> Any:
        """The value without her: of a text, or of all the texts in what JSON holds."""
        if isinstance(value, str):
            for first, last in reversed(self.spans(value)):
                value = value[:first] + ERASED + value[last:]
            return value
        if isinstance(value, list):
            return [self.taken_out_of(one) for one in value]
        if isinstance(value, dict):
            return {self.taken_out_of(key): self.taken_out_of(one) for key, one in value.items()}
        return value

    def all_words_in(self, text: str) -> bool:
        """Whether a table whose cells hold her names apart may speak of her: all words of a name, or a number, or an address."""
        words = set(fold(text).split())
        return any(set(fold(name).split()) <= words for name in self.names) or self.names_her(text)

    def excerpts(self, text: str, around: int = 40) -> Iterator[str]:
        for first, last in self.spans(text):
            before, after = text[max(first - around, 0) : first], text[last : last + around]
            yield " ".join(f"{'…' if first > around else ''}{before}{text[first:last]}{after}".split())

    # --- in the database ----------------------------------------------------------------------------------------------
    @cached_property
    def likely(self) -> tuple[list[str], list[str]]:
        """Patterns for LIKE which no text lacks that names her, whatever its case, and digits for texts reduced to theirs."""
        texts = [f"%{_escaped(email)}%" for email in self.emails]
        texts += ["%" + re.sub("[aeiounyc]+", "%", max(fold(name).split(), key=len)) + "%" for name in self.names]
        return texts, [f"%{_national(phone)}%" for phone in self.phones]


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.translate(LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).lower()


def _national(phone: str) -> str:
    digits = re.sub(r"\D", "", phone.partition(";")[0])
    return digits.removeprefix("33") if phone.startswith("+33") else digits.lstrip("0")


def _country(phone: str) -> str:
    return "33" if phone.startswith("+33") else ""


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
