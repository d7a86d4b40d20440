"""`manage.py search_quality`: how often a search finds the organisation that is meant, as people type its name."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cluster_portal.listing.answers import answer, offer
from cluster_portal.records.search import clean_query, fold
from members.models import Organisation

SEED = 7
SAMPLE = 200  # of each kind
FIRST = 5  # among how many the right one must be
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORST = 5  # misses shown of each kind


@dataclass(frozen=True)
class Named:
    """A published organisation as people may ask for it."""

    pk: int
    name: str
    acronym: str
    town: str
    units: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        return self.name.split()

    @property
    def longest(self) -> str:
        return max(self.words, key=len)

    def with_longest(self, other: str) -> str:
        words = self.words
        words[words.index(self.longest)] = other
        return " ".join(words)


def exact(one: Named, rng: random.Random) -> str:
    return one.name


def mistyped(one: Named, rng: random.Random) -> str:
    """A swap, a lost, an added or a wrong letter in the longest word."""
    word = one.longest
    if len(word) < 5 or not word.isalpha():
        return ""
    place = rng.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    mistake = rng.choice(("swap", "lost", "added", "wrong"))
    other = {
        "swap": before + after[:1] + letter + after[1:],
        "lost": before + after,
        "added": before + rng.choice(LETTERS) + letter + after,
        "wrong": before + rng.choice(LETTERS) + after,
    }[mistake]
    return one.with_longest(other) if fold(other) != fold(word) else ""


def joined(one: Named, rng: random.Random) -> str:
    """Two words of the name in one."""
    words = one.words
    if len(words) < 2:
        return ""
    place = rng.randrange(len(words) - 1)
    if not (words[place] + words[place + 1]).isalpha():
        return ""
    return " ".join([*words[:place], words[place] + words[place + 1], *words[place + 2 :]])


def in_one(one: Named, rng: random.Random) -> str:
    """The whole name without a blank."""
    return "".join(one.words) if 2 <= len(one.words) <= 3 and "".join(one.words).isalpha() else ""


def split(one: Named, rng: random.Random) -> str:
    """The longest word in two."""
    word = one.longest
    if len(word) < 6 or not word.isalpha():
        return ""
    place = rng.randrange(3, len(word) - 2)
    return one.with_longest(f"{word[:place]} {word[place:]}")


def unit_joined(one: Named, rng: random.Random) -> str:
    """A unit number without its blank: UMR5506."""
    return one.units[0] if one.units else ""


def other_number(one: Named, rng: random.Random) -> str:
    """The longest word in the plural, or in the singular."""
    word = one.longest
    if len(word) < 5 or not word.isalpha() or word[-1].lower() in "xz":
        return ""
    return one.with_longest(word[:-1] if word[-1].lower() == "s" else f"{word}s")


def acronym_with_town(one: Named, rng: random.Random) -> str:
    return f"{one.acronym} {one.town}" if one.acronym and one.town else ""


def name_with_town(one: Named, rng: random.Random) -> str:
    return f"{one.name} {one.town}" if one.town else ""


def with_legal_form(one: Named, rng: random.Random) -> str:
    return rng.choice(("ets {}", "établissements {}", "{} sas", "{} SARL")).format(one.name)


WAYS: dict[str, Callable[[Named, random.Random], str]] = {
    "exact name": exact,
    "one typing error": mistyped,
    "two words joined": joined,
    "name without blanks": in_one,
    "word split": split,
    "unit number joined": unit_joined,
    "singular for plural": other_number,
    "acronym with town": acronym_with_town,
    "name with town": name_with_town,
    "with a legal form": with_legal_form,
}


@dataclass
class Measured:
    """What became of the queries of one kind."""

    asked: int = 0
    first: int = 0  # the right one stands first
    found: int = 0  # it is among the first few
    offered: int = 0  # or is after one click
    missed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def shares(self) -> dict[str, float]:
        numbers = {"first": self.first, "found": self.found, "found_or_offered": self.found + self.offered}
        return {name: round(100 * number / max(1, self.asked), 1) for name, number in numbers.items()}


def measure(sample: int = SAMPLE, seed: int = SEED) -> dict[str, Measured]:
    rng = random.Random(seed)
    everyone = list(_published())
    rng.shuffle(everyone)
    names: dict[int, str] = {one.pk: fold(one.name) for one in everyone}
    measured = {}
    for way, typed in WAYS.items():
        result = measured[way] = Measured()
        for one in everyone:
            if result.asked >= sample:
                break
            if query := typed(one, rng):
                _ask(query, one, names, result, same_name=way != "acronym with town")
    return measured


def _published() -> Iterator[Named]:
    rows = Organisation.objects.published().order_by("pk").prefetch_related("sites", "unit_numbers")
    for row in rows:
        towns = [site.city for site in row.sites.all() if site.city]
        units = tuple(f"{unit.label}{unit.number}" for unit in row.unit_numbers.all())
        yield Named(row.pk, row.name, row.acronym, towns[0] if towns else "", units)


def _ask(query: str, one: Named, names: dict[int, str], result: Measured, same_name: bool) -> None:
    """Equal names cannot be told apart by a name: any of them is right."""

    def right(keys: list[int]) -> bool:
        return one.pk in keys or (same_name and any(names.get(key) == names[one.pk] for key in keys))

    published = Organisation.objects.published()
    given = answer(published, clean_query(query))
    result.asked += 1
    result.first += right(given.keys[:1])
    if right(given.keys[:FIRST]):
        result.found += 1
        return
    other = offer(published, given) if given.words == clean_query(query) else ""
    if other and right(answer(published, other).keys[:FIRST]):
        result.offered += 1
        return
    result.missed.append((query, one.name))


class Command(BaseCommand):
    help = "Measure how well names are found as people type them, on the rows of this database, into var/search_quality.json."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--sample", type=int, default=SAMPLE, help=f"queries of each kind (default {SAMPLE})")
        parser.add_argument("--seed", type=int, default=SEED)

    def handle(self, *args: Any, **options: Any) -> None:
        measured = measure(options["sample"], options["seed"])
        self.stdout.write(f"{'':22}{'asked':>7}{'first':>8}{'in 5':>8}{'or offered':>12}")
        for way, result in measured.items():
            first, found, offered = result.shares.values()
            self.stdout.write(f"{way:22}{result.asked:7}{first:7.1f}%{found:7.1f}%{offered:11.1f}%")
            for query, name in result.missed[:WORST]:
                self.stdout.write(f"{'':6}{query!r} does not find {name!r}")
        target = settings.VAR_DIR / "search_quality.json"
        numbers = {way: {"asked": result.asked, **result.shares} for way, result in measured.items()}
        target.write_text(json.dumps(numbers, indent=1), encoding="utf-8")
        self.stdout.write(f"Written to {target}")
