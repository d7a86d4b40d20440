"""Which rows answer to the words of a visitor: those that have them, or else those that have what was likely meant."""

from collections.abc import Callable
from dataclasses import dataclass

from cluster_portal.facets import Rows
from cluster_portal.models import SearchWord
from cluster_portal.records.search import fold
from cluster_portal.records.spelling import Readings

FEW = 3  # rows at most, of a query beside which another spelling is offered
LIKELIER = 8  # as many times more are found by that


@dataclass(frozen=True)
class Answer:
    """The words that were searched, and the keys of what they find, the best first."""

    words: str
    keys: list[int]


def is_literal(words: str) -> bool:
    """In quotation marks nothing is read otherwise."""
    return len(words) > 2 and words[0] == words[-1] == '"'


def literally(words: str) -> str:
    return words if is_literal(words) else f'"{words}"'


def no_ties(_key: int) -> int:
    return 0


def found(rows, words: str, ties: Callable[[int], int] = no_ties) -> list[int]:
    """The best first; among equals who has most ``ties``, then the alphabet."""
    ranks = rows.search(words).best_by_name(words).values_list("pk", "rank")
    return [key for key, _rank in sorted(ranks, key=lambda row: (-row[1], -ties(row[0])))]


def answer(rows, words: str, ties: Callable[[int], int] = no_ties, among: Callable[[], Rows] | None = None) -> Answer:
    """What the words find; where that is nothing, what the likeliest other reading finds ``among`` what may be shown."""
    keys = found(rows, words, ties) if words else []
    if not keys and not is_literal(words):
        for reading in Readings(SearchWord.objects.all(), rows, words):
            keys = found(rows, reading, ties)
            if keys and (among is None or Rows(keys) & among()):
                return Answer(reading, keys)
        keys = []
    return Answer(words, keys)


def offer(rows, given: Answer, among: Callable[[], Rows] | None = None) -> str:
    """Other words, beside an answer that is none, or that is rare where they are common; blank if there are none."""
    if len(given.keys) > FEW:
        return ""
    named = rows.filter(pk__in=given.keys, search_document__names__contains=f"|{fold(given.words)}|")
    if given.keys and named.exists():
        return ""
    enough = max(1, LIKELIER * len(given.keys))
    for reading in Readings(SearchWord.objects.all(), rows, given.words.strip('"')):
        keys = Rows(rows.search(reading).values_list("pk", flat=True))
        if len(keys if among is None else keys & among()) >= enough:
            return reading
    return ""
