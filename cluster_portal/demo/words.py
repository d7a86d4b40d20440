"""The vocabulary: fields of activity and sentence patterns, read from the two TOML files beside this.

French joins words ("de" + "le" is "du", "de" + "onduleurs" is "d’onduleurs"), so each phrase is kept in
the forms that the patterns ask for, worked out once.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from django.utils.text import slugify

HERE = Path(__file__).parent

# h aspiré: no elision before these
ASPIRATED = ("haras", "harnais", "hauban", "haut", "houle", "hublot", "hêtraie", "hangar", "halle")
SECOND_HALF = re.compile(r" et (?=(?:le |la |les |l’|ses |son |sa ))")


def elides(word: str) -> bool:
    lower = word.lower()
    if lower.startswith("h"):
        return not lower.startswith(ASPIRATED)
    return lower[:1] in "aeiouàâäéèêëîïôöùûüœæ"


def _joined(phrase: str, masculine: str, plural: str, bare: str) -> str:
    for article, contracted in (("le ", masculine), ("les ", plural)):
        if phrase.lower().startswith(article):
            return contracted + phrase[len(article) :]
    return bare + phrase


def of(phrase: str) -> str:
    """ "le bois" -> "du bois", "onduleurs" -> "d’onduleurs", "la pêche et le fret" -> "de la pêche et du fret"."""
    if " entre " not in phrase and len(halves := SECOND_HALF.split(phrase, maxsplit=1)) == 2:
        return f"{of(halves[0])} et {of(halves[1])}"
    return _joined(phrase, "du ", "des ", "d’" if elides(phrase) else "de ")


def to(phrase: str) -> str:
    """ "le bois" -> "au bois", "les sols" -> "aux sols", "Lyon" -> "à Lyon"."""
    if " entre " not in phrase and len(halves := SECOND_HALF.split(phrase, maxsplit=1)) == 2:
        return f"{to(halves[0])} et {to(halves[1])}"
    return _joined(phrase, "au ", "aux ", "à ")


def without_article(phrase: str) -> str:
    """ "la tribologie" -> "tribologie"; a masculine or plural article stays, for "du", "des"."""
    return re.sub(r"(^| et )(la |l’)", r"\1", phrase)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


class Phrase(NamedTuple):
    fr: str
    en: str
    of: str
    to: str


def phrase(text: str) -> Phrase:
    fr, en = text.split(" | ")
    return Phrase(fr, en, of(fr), to(fr))


@dataclass(frozen=True)
class Field:
    """A field of activity and its words."""

    key: str
    stems: list[str]
    area: Phrase
    products: list[Phrase]
    services: list[Phrase]
    topics: list[Phrase]
    uses: list[Phrase]
    roots: list[str]
    trades: list[str]
    naf: list[str]


class Pattern(NamedTuple):
    fr: str
    en: str


@cache
def fields() -> list[Field]:
    with (HERE / "fields.toml").open("rb") as file:
        rows = tomllib.load(file)["field"]
    phrases = ("products", "services", "topics", "uses")
    return [
        Field(**row | {key: [phrase(text) for text in row[key]] for key in phrases} | {"area": phrase(row["area"])})
        for row in rows
    ]


@cache
def field_of(*names: str) -> Field:
    """The field whose words suit the first of these French names (a theme, then its domain) that one suits."""
    for name in names:
        folded = " " + slugify(name).replace("-", " ")
        suited = [
            (len(stem), field) for field in fields() for stem in field.stems if f" {stem.replace('-', ' ')}" in folded
        ]
        if suited:
            return max(suited, key=lambda pair: pair[0])[1]
    return fields()[sum(map(ord, names[0])) % len(fields())] if names else fields()[0]


@cache
def patterns(*path: str) -> list[Pattern]:
    """``patterns("company", "opening")``."""
    found = _sentences()
    for key in path:
        found = found[key]
    return [Pattern(*text.split(" | ")) for text in found]


@cache
def _sentences() -> dict:
    with (HERE / "sentences.toml").open("rb") as file:
        return tomllib.load(file)


NUMBERS = [
    ("deux", "two"), ("trois", "three"), ("quatre", "four"), ("cinq", "five"), ("six", "six"),
    ("sept", "seven"), ("huit", "eight"), ("neuf", "nine"),
]  # fmt: skip


class Context:
    """The words that one organisation or project fills its patterns with, in both languages."""

    def __init__(self, rng: Random, main: Field, other: Field, *, name: str, town: str, pole: str, years, many: int):
        p, p2, p3 = rng.sample(main.products, 3)
        t, t2, t3 = rng.sample(main.topics, 3)
        s, s2 = rng.sample(main.services, 2)
        u, u2 = rng.sample(main.uses, 2)
        if other is not main and rng.random() < 0.5:
            t2 = rng.choice(other.topics)
            p2 = rng.choice(other.products)
        few = rng.choice(NUMBERS)
        year, later = years
        town = town or "France"
        self.fr = {
            "name": name, "of_name": of(name), "town": town, "of_town": of(town), "pole": pole, "year": year,
            "at_town": to(town) if town != "France" else "en France",
            "later": later, "few": few[0], "many": f"{many:,}".replace(",", "\u202f"), "crowd": f"{many * 23:,}".replace(",", "\u202f"),
            "p": p.fr, "p2": p2.fr, "p3": p3.fr, "of_p": p.of, "of_p2": p2.of, "s": s.fr, "s2": s2.fr, "of_s": s.of, "to_s": s.to,
            "t": t.fr, "t2": t2.fr, "t3": t3.fr, "of_t": t.of, "of_t2": t2.of, "to_t": t.to, "to_t2": t2.to,
            "u": u.fr, "u2": u2.fr, "area": main.area.fr, "of_area": main.area.of, "to_area": main.area.to,
        }  # fmt: skip
        self.en = {
            "name": name, "town": town, "pole": pole, "year": year, "later": later, "few": few[1], "many": f"{many:,}", "crowd": f"{many * 23:,}",
            "p": p.en, "p2": p2.en, "p3": p3.en, "s": s.en, "s2": s2.en, "t": t.en, "t2": t2.en, "t3": t3.en,
            "u": u.en, "u2": u2.en, "area": main.area.en,
        }  # fmt: skip

    def write(self, chosen: list[Pattern]) -> tuple[str, str]:
        """The same sentences in French and in English."""
        return (
            " ".join(capital(pattern.fr.format(**self.fr)) for pattern in chosen),
            " ".join(capital(pattern.en.format(**self.en)) for pattern in chosen),
        )
