"""The vocabulary from which another spelling is offered when a query finds nothing."""

from django.contrib.postgres.search import SearchQuery, TrigramSimilarity
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from cluster_portal.records.search import fold, words_query


def _words_read(language: str) -> models.Func:
    """How many words of a vocabulary entry that language does not consider empty."""
    query = SearchQuery(F("word"), config=language)
    return models.Func(query, function="numnode", output_field=models.IntegerField())


class SearchWordQuerySet(models.QuerySet):
    def finding(self, rows):
        """The words by which some of the rows are found, and those that no search reads ("avec", "with").

        The vocabulary knows the words of drafts too: what it answers must not depend on them.
        """
        found = Exists(rows.filter(search_document__document=words_query(OuterRef("word"))))
        read = {name: _words_read(name) for name in ("french", "english")}
        return self.alias(**read).filter(found | Q(french=0) | Q(english=0))

    def spelt(self, words: list[str]) -> list[str]:
        """How folded words are written; as they are when that is not known."""
        spellings = dict(self.filter(word__in=words).values_list("word", "spelling"))
        return [spellings.get(word, word) for word in words]

    def nearest(self, text: str) -> str:
        """``text`` with each unknown word replaced by the nearest known one; blank when none is near."""
        words = text.split()
        known = set(self.filter(word__in=[fold(word) for word in words]).values_list("word", flat=True))
        corrected = [
            word if len(fold(word)) < 4 or fold(word) in known else self._nearest_word(fold(word)) or word
            for word in words
        ]
        return " ".join(corrected) if corrected != words else ""

    def _nearest_word(self, folded: str) -> str | None:
        near = self.filter(word__trigram_similar=folded).annotate(similarity=TrigramSimilarity("word", folded))
        return near.order_by("-similarity", "word").values_list("spelling", flat=True).first()
