"""What was meant by words that find nothing: words in one or in two, a letter wrong, lost, added or in another place.

Each word may be read in several ways at a cost; the cheapest readings of the whole query are tried until one finds
something published. The vocabulary (``SearchWord``) knows the words of drafts too: only those by which something
published is found are readings at all, so that no answer depends on a draft.
"""

import heapq
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q, Value

from cluster_portal.records.search import fold, words_query

MOST_WORDS = 16  # of a query that is read otherwise
MOST_TRIED = 12  # readings
SHORTEST = 4  # letters of a word that is corrected: any three are a letter away from many others
LONGEST = 40  # letters of what may be several words typed in one
MOST_PARTS = 5  # of them
WORD = re.compile(r"(?:\b[^\W_][.& ]+)+[^\W_]\b|[^\W_]+")  # initials are one, as folded


def distance(one: str, other: str) -> int:
    """How many letters are wrong, lost, added or swapped with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != wanted)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                row[j] = min(row[j], last[j - 2] + 1)
    return row[-1]


class SearchWordQuerySet(models.QuerySet):
    def finding(self, rows):
        """The words by which some of the rows are found."""
        return self.filter(Exists(rows.filter(search_document__document=words_query(OuterRef("word")))))

    def spelt(self, words: list[str]) -> list[str]:
        """How folded words are written; as they are when that is not known."""
        spellings = dict(self.filter(word__in=words).values_list("word", "spelling"))
        return [spellings.get(word, word) for word in words]

    def near(self, word: str) -> list[tuple[int, str]]:
        """What ``word`` may have been meant to be, as it is written, with the distance; the nearest first."""
        one_off = Q(deletions__overlap=models.Func(Value(word), function="portal_deletions"))
        similar = Q(word__trigram_similar=word)
        for letters_off, nearby in ((1, one_off), (2, one_off | similar)):
            if letters_off > 1 and len(word) < 6:
                break
            known = self.filter(nearby).exclude(word=word).values_list("word", "spelling")
            apart = ((distance(word, other), other, spelling) for other, spelling in known if len(other) >= SHORTEST)
            found = [one for one in apart if one[0] <= letters_off]
            if found:
                # people rarely mistake the first letter, and lose one more often than they add one
                found.sort(key=lambda one: (one[0], one[1][0] != word[0], -len(one[1]), one[1]))
                return [(off, spelling) for off, _other, spelling in found[:MOST_TRIED]]
        return []


@dataclass(frozen=True)
class Reading:
    """Some words of a query, up to a place, read as other words."""

    beyond: int
    cost: float
    words: str


class Readings:
    """What a query may mean otherwise, the likeliest first, as far as each word finds some of the rows."""

    def __init__(self, vocabulary: SearchWordQuerySet, rows, text: str) -> None:
        self.vocabulary, self.rows = vocabulary.finding(rows), rows
        self.words = WORD.findall(text)
        self.folded = [fold(word) for word in self.words]

    def __iter__(self) -> Iterator[str]:
        if not self.words or len(self.words) > MOST_WORDS:
            return
        readings = self._readings()
        ahead: list[tuple[float, int, int, tuple[str, ...]]] = [(0, 0, 0, ())]
        given = made = 0
        while ahead and given < MOST_TRIED:
            cost, _order, place, words = heapq.heappop(ahead)
            if place == len(self.words):
                if cost:
                    given += 1
                    yield " ".join(filter(None, words))
                continue
            for reading in readings[place]:
                made += 1
                heapq.heappush(ahead, (cost + reading.cost, made, reading.beyond, (*words, reading.words)))

    def _readings(self) -> dict[int, list[Reading]]:
        """By the place where each begins. To join or split words is less than to mistake a letter; what finds something as
        it is was hardly mistyped."""
        joined = {
            (first, beyond): "".join(self.folded[first:beyond])
            for first in range(len(self.folded))
            for beyond in range(first + 2, min(first + 3, len(self.folded)) + 1)
        }
        parts = {part for word in self.folded for part in parts_of(word)}
        known = {"d": "d", "l": "l"} | dict(
            self.vocabulary.filter(word__in={*joined.values(), *parts}).values_list("word", "spelling")
        )
        readings = defaultdict(list)
        for (first, beyond), word in joined.items():
            if word in known:
                readings[first].append(Reading(beyond, 0.5, known[word]))
        empty = self._empty()
        for place, word in enumerate(self.folded):
            asked = self.words[place]
            finds = word in empty or self.rows.filter(search_document__document=words_query(word)).exists()
            if finds:
                readings[place].append(Reading(place + 1, 0, asked))
            if word in empty:
                if len(self.words) > 1:
                    readings[place].append(Reading(place + 1, 2, ""))
                continue
            if split := split_of(word, known):
                readings[place].append(Reading(place + 1, 0.2 + 0.2 * len(split), " ".join(split)))
            if len(word) >= SHORTEST and not word.isdigit():
                for apart, spelling in self.vocabulary.near(word):
                    readings[place].append(Reading(place + 1, apart + finds, spelling))
        return readings

    def _empty(self) -> set[str]:
        """The words that a language has for none, such as "avec", "est", "the"."""
        sql = """
            SELECT word FROM unnest(%s::text[]) word
            WHERE numnode(plainto_tsquery('french', word)) = 0 OR numnode(plainto_tsquery('english', word)) = 0
        """
        with connection.cursor() as cursor:
            cursor.execute(sql, [self.folded])
            return {word for (word,) in cursor.fetchall()}


def parts_of(word: str) -> set[str]:
    """Every part of it that may be a word of several that were typed in one."""
    if not 2 * SHORTEST - 2 <= len(word) <= LONGEST:
        return set()
    return {word[first:beyond] for first in range(len(word) - 1) for beyond in range(first + 2, len(word) + 1)} - {word}


def split_of(word: str, known: dict[str, str]) -> list[str]:
    """The fewest known words that it is made of; none if there are none, or many."""
    fewest: list[list[str] | None] = [[]]
    for beyond in range(1, len(word) + 1):
        options = [
            [*before, known[word[first:beyond]]]
            for first, before in enumerate(fewest)
            if before is not None
            and len(before) < MOST_PARTS
            and word[first:beyond] in known
            and beyond - first < len(word)
        ]
        # among equals, the one with the longest last word
        fewest.append(min(options, key=len, default=None))
    return fewest[-1] or []
