"""Who is looked for, and how she is recognised in a text: whatever the accents, the order of her names, the blanks and
dots of a number."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Any

from django.core.exceptions import ValidationError

from cluster_portal.records.phones import read_phone
from cluster_portal.records.search import LETTERS, UNSEEN, fold

ERASED = "…"  # what stands in the place of what named somebody
SHORTEST_NAME = 3  # letters: a shorter one would be found within anything
BETWEEN_DIGITS = r"[\s./()\u2010-]*"
LETTER = r"[^\W_]"
HYPHEN = r"[-\u2010]"
BETWEEN_NAMES = r"(?:&#?\w+;|[\W_])+"  # an apostrophe in HTML is spelt out
IN_AN_ADDRESS = r"[-_.+]"  # marie-martin, marie.martin
APOSTROPHE = r"(?:'|&\#x27;|&\#39;)"
SAINTS = {"st": "saint", "ste": "sainte"}
WITH_ACCENTS = range(0x80, 0x2000)  # the scripts that have them


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
        return Sought(tuple(name for name in self.names if len(_words(name)) > 1), self.emails, self.phones)

    @property
    def in_texts_of_all(self) -> "Sought":
        """A name of one word counts there only where nothing else is known of her."""
        return self.sure or self

    # --- in a text ----------------------------------------------------------------------------------------------------
    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        """Of folded texts."""
        found = []
        for name in self.names:
            words = [_either_saint(word) for word in _words(name)]
            orders = sorted({tuple(words[first:] + words[:first]) for first in range(len(words))})
            found.append(re.compile(f"{_apart(orders)}|{_in_an_address(orders)}" if words[1:] else _apart(orders)))
        for email in self.emails:
            spelt = re.escape(_plain(email)).replace("'", APOSTROPHE)
            found.append(re.compile(rf"(?<![\w.+-]){spelt}(?![\w-]|\.\w)"))
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
    def likely(self) -> list[str]:
        """Patterns of PostgreSQL, whatever the case: each text that names her has one of them."""
        texts = [re.escape(email).replace("'", APOSTROPHE) for email in self.emails]
        texts += [_whatever_its_accents(max(_words(name), key=len)) for name in self.names]
        return texts + ["[^0-9]*".join(_national(phone)) for phone in self.phones]


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.translate(LETTERS))
    return _not_seen.sub("", apart).lower()


_not_seen = re.compile(f"[{UNSEEN}]+")


def _words(name: str) -> list[str]:
    return re.findall(f"{LETTER}+", _plain(name))


def _either_saint(word: str) -> str:
    for short, whole in SAINTS.items():
        if word in (short, whole):
            return f"(?:{short}|{whole})"
    return re.escape(word)


def _apart(orders: list[tuple[str, ...]]) -> str:
    """Neither “Saint-Martin” nor “Anne-Marie Martin” names Martin or Marie Martin."""
    either = "|".join(BETWEEN_NAMES.join(order) for order in orders)
    return rf"(?<!{LETTER})(?<!{LETTER}{HYPHEN})(?:{either})(?!{HYPHEN}?{LETTER})"


def _in_an_address(orders: list[tuple[str, ...]]) -> str:
    """Her names in one piece, among others: team-marie-martin.pdf."""
    either = "|".join(IN_AN_ADDRESS.join(order) for order in orders)
    return rf"(?<!{LETTER})(?:{either})(?!{LETTER})"


@lru_cache
def _spelt_with_accents() -> dict[str, str]:
    """A letter, or two -> those of which that is left without accents: o -> ôöø…, oe -> œŒ."""
    found: dict[str, str] = {}
    for letter in map(chr, WITH_ACCENTS):
        if (plain := _plain(letter)) and letter != plain:
            found[plain] = found.get(plain, "") + letter
    return found


def _whatever_its_accents(word: str) -> str:
    known, pattern = _spelt_with_accents(), ""
    letters = [f"[{letter}{known.get(letter, '')}][{UNSEEN}]*" for letter in word]
    place = 0
    while place < len(word):
        one, two = letters[place], word[place : place + 2]
        if len(two) == 2 and two in known:
            one, place = f"(?:{one}{letters[place + 1]}|[{known[two]}][{UNSEEN}]*)", place + 1
        pattern, place = pattern + one, place + 1
    return pattern


def _national(phone: str) -> str:
    digits = re.sub(r"\D", "", phone.partition(";")[0])
    return digits.removeprefix("33") if phone.startswith("+33") else digits.lstrip("0")


def _country(phone: str) -> str:
    return "33" if phone.startswith("+33") else ""
