"""How far two organisations may be one and the same: a score between 0 and 1, and why.

What the names say weighs most; the place and what both give as their address on the web add to it, and what
contradicts (numbers of two companies, two kinds) takes from it. Nothing of it asks the database.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from members.likeness import NEAR, OF_A_SORT, likeness
from members.models.duplicates import Reason

OFFERED = 0.6  # what is less alike than that is not worth a look
SHORTENED = 3  # letters at least of a word that stands for a longer one: "tech" for "technologies"
LETTERS_OF_ACRONYM = 3

NAME, TOWN, DEPARTMENT, NOWHERE, CONTACT = 0.78, 0.16, 0.11, 0.06, 0.12
OTHER_NUMBER, OTHER_KIND, OTHER_SITE = 0.3, 0.12, 0.1
FORMER = 0.88  # of a name that only one of the two bears today
PART = 0.72  # the first words of the other's name: within one town
LETTERS_OF_SLIP, LETTERS_OF_PART = 6, 6
BY_SITE_ALONE = 0.62  # the same website, and names that have nothing in common


@dataclass(frozen=True, slots=True)
class Facts:
    """Of one organisation, folded. ``names``: the one that it bears, then others. ``numbers`` are pairs of a kind and a number, the SIREN of a company among them."""

    kind: str
    names: tuple[str, ...]
    acronym: str
    host: str
    contacts: frozenset[str]
    numbers: frozenset[tuple[str, str]]
    departments: frozenset[int]
    towns: frozenset[str]


def held_against(one: Facts, other: Facts) -> tuple[float, list[str]]:
    """0 where nothing is worth a look."""
    if one.numbers & other.numbers:
        return 1.0, [Reason.NUMBER]
    named, why = _names(one, other)
    reasons = [why] if why else []
    same_site = bool(one.host) and one.host == other.host
    same_contact = bool(one.contacts & other.contacts)
    if not named and not same_site:
        return 0.0, []
    score = NAME * named if named else BY_SITE_ALONE - DEPARTMENT
    reasons += [Reason.WEBSITE] * same_site + [Reason.CONTACT] * same_contact
    score += CONTACT * (same_site or same_contact) * bool(named)
    if one.towns & other.towns and one.departments & other.departments:
        score, reasons = score + TOWN, [*reasons, Reason.TOWN]
    elif one.departments & other.departments:
        score, reasons = score + DEPARTMENT, [*reasons, Reason.DEPARTMENT]
    elif not (one.departments and other.departments):
        score += NOWHERE
    if _contradicting(one, other):
        score, reasons = score - OTHER_NUMBER, [*reasons, Reason.OTHER_NUMBER]
    if one.kind != other.kind:
        score, reasons = score - OTHER_KIND, [*reasons, Reason.OTHER_KIND]
    if one.host and other.host and not same_site and why != Reason.NAME:
        score -= OTHER_SITE
    return round(min(max(score, 0.0), 1.0), 3), reasons


def _contradicting(one: Facts, other: Facts) -> bool:
    """Of a kind of number of which each has one, they have none in common."""
    kinds = {kind for kind, _number in one.numbers} & {kind for kind, _number in other.numbers}
    return bool(kinds)


def _names(one: Facts, other: Facts) -> tuple[float, str]:
    best = (0.0, "")
    for mine in one.names:
        for theirs in other.names:
            alike, why = _of_names(mine, theirs)
            if alike and (mine != one.names[0] or theirs != other.names[0]):
                alike *= FORMER
            best = max(best, (alike, why))
    if best[0] < 0.8 and _same_acronym(one, other):
        return 0.8, Reason.ACRONYM
    return best


def _of_names(one: str, other: str) -> tuple[float, str]:
    if one == other or one.replace(" ", "") == other.replace(" ", ""):
        return 1.0, Reason.NAME
    mine, theirs = _telling(one), _telling(other)
    if sorted(mine) == sorted(theirs):
        return 0.96, Reason.WORDS
    if _slipped(one.split(), other.split()):
        return 0.95, Reason.SIMILAR
    if _shortened(mine, theirs):
        return 0.93, Reason.WORDS
    alike = likeness(one, other)
    if alike < NEAR and len(mine) > 1:
        alike = likeness(" ".join(sorted(mine)), " ".join(sorted(theirs)))
    if alike >= NEAR:
        return alike, Reason.SIMILAR
    return (PART, Reason.PART) if _part_of(mine, theirs) or _part_of(theirs, mine) else (0.0, "")


def _slipped(one: list[str], other: list[str]) -> bool:
    """Word by word the same, but for one that has two letters exchanged, or, beside other words, one too many."""
    if len(one) != len(other):
        return False
    differing = [(mine, theirs) for mine, theirs in zip(one, other, strict=True) if mine != theirs]
    if len(differing) != 1:
        return False
    mine, theirs = sorted(differing[0], key=len)
    if len(mine) == len(theirs):
        places = [place for place in range(len(mine)) if mine[place] != theirs[place]]
        return len(places) == 2 and places[1] == places[0] + 1 and sorted(mine) == sorted(theirs)
    return (
        len(one) > 1
        and len(theirs) == len(mine) + 1 >= LETTERS_OF_SLIP
        and any(theirs[:place] + theirs[place + 1 :] == mine for place in range(len(theirs)))
    )


def _part_of(short: list[str], long: list[str]) -> bool:
    """The first words of the longer name, which tell enough."""
    return len(short) < len(long) and long[: len(short)] == short and sum(map(len, short)) >= LETTERS_OF_PART


def _telling(name: str) -> list[str]:
    return [word for word in name.split() if word not in OF_A_SORT] or name.split()


def _shortened(one: list[str], other: list[str]) -> bool:
    """Word by word the same, or the beginning of it, with none left over. The first tells most, and stands as it is."""
    if len(one) != len(other) or one[0] != other[0]:
        return False
    left = list(other)
    for word in sorted(one, key=len, reverse=True):
        found = next((that for that in left if _stands_for(word, that)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _stands_for(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or len(short) >= SHORTENED and long.startswith(short)


def _same_acronym(one: Facts, other: Facts) -> bool:
    """The acronym of one is the whole name of the other, or what the words of its name begin with, while the other has none."""
    return any(
        len(mine.acronym) >= LETTERS_OF_ACRONYM
        and (mine.acronym in theirs.names or (not theirs.acronym and mine.acronym in map(_initials, theirs.names)))
        for mine, theirs in ((one, other), (other, one))
    )


def _initials(name: str) -> str:
    words: Iterable[str] = (word for word in name.split() if len(word) > 2)
    return "".join(word[0] for word in words)
