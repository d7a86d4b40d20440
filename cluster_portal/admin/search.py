"""Search as staff type it: without accents, without case, the beginnings of words in any order."""

from difflib import get_close_matches
from itertools import islice

from django.contrib.postgres.search import SearchQuery, TrigramWordSimilarity
from django.db.models import Case, Func, IntegerField, TextField, Value, When
from django.db.models.functions import Concat
from django.db.models.lookups import Exact, StartsWith

from cluster_portal.models import SearchWord
from cluster_portal.records.search import clean_query, fold, speak_of_today, words_query
from cluster_portal.records.spelling import Readings

MOST_NAMES = 2000  # of a table of some hundreds of rows
NEAR = 0.75  # of the letters of a word
READINGS = 2  # that are tried, of a page that asks for much else


class Fold(Func):
    """`portal_fold`: what `cluster_portal.records.search.fold` does, in the database."""

    function = "portal_fold"
    arity = 1
    output_field = TextField()


class FoldedSearch:
    """Every word begins a word of one of the `search_fields`; rows whose first field begins so come first, since Enter
    takes the first of a box: “rhone” is the department before it is those of Auvergne-Rhône-Alpes. For tables of some
    hundreds of rows."""

    def searched_words(self, search_term) -> list[str]:
        return fold(clean_query(search_term)).split()

    def searched_text(self):
        parts = [part for field in self.search_fields for part in (Value(" "), field)]
        return Concat(*parts, Value(""), output_field=TextField())

    def get_search_results(self, request, queryset, search_term):
        words = self.searched_words(search_term)
        if words:
            queryset = queryset.alias(searched=Concat(Value(" "), Fold(self.searched_text()), output_field=TextField()))
            for word in words:
                queryset = queryset.filter(searched__contains=f" {word}")
            if "o" not in request.GET:  # no other order was asked for
                queryset = queryset.order_by(self._nearness(" ".join(words)), *queryset.query.order_by)
        elif search_term.strip():
            queryset = queryset.none()
        return queryset, False

    def spelt_otherwise(self, rows, search_term: str) -> str:
        """Words of the first field that are nearly those which found nothing; blank if there are none."""
        names = rows.order_by().values_list(Fold(self.search_fields[0]), flat=True)[:MOST_NAMES]
        known = sorted({word for name in names for word in name.split()})
        asked = self.searched_words(search_term)
        near = [next(iter(get_close_matches(word, known, 1, NEAR)), word) for word in asked]
        return "" if near == asked else " ".join(near)

    def _nearness(self, text: str) -> Case:
        own = Fold(self.search_fields[0])
        return Case(
            When(Exact(own, Value(text)), then=Value(0)),
            When(StartsWith(own, Value(text)), then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )


class DocumentSearch:
    """For what has a `search_document`: the visitors' search, and the beginnings of words, nearest names first."""

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        found = documents_matching(queryset, search_term)
        return found if "o" in request.GET else nearest_first(found, search_term), False

    def spelt_otherwise(self, rows, search_term: str) -> str:
        """What was likely meant by a word that finds nothing, as visitors are offered it too; by several words, the name
        that is most like them."""
        text = clean_query(search_term)
        if len(text.split()) > 1:
            names = "search_document__names"
            alike = rows.filter(**{f"{names}__trigram_word_similar": fold(text)})
            alike = alike.annotate(nearness=TrigramWordSimilarity(fold(text), names))
            return str(alike.order_by("-nearness", "pk").first() or "")
        for reading in islice(Readings(SearchWord.objects.all(), rows, text), READINGS):
            if documents_matching(rows, reading).exists():
                return reading
        return ""


def documents_matching(rows, term: str):
    """Every word of `term`, whole in any of its forms or as a beginning, somewhere in the search document."""
    text = clean_query(term)
    words = fold(text).split()
    if not words:
        return rows.none() if term.strip() else rows
    speak_of_today()
    beginnings = SearchQuery(" & ".join(f"{word}:*" for word in words), config="simple", search_type="raw")
    return rows.filter(search_document__document=words_query(text) | beginnings)


def nearest_first(rows, term: str):
    """A name or acronym that is the term, then those that begin so, then by name."""
    folded = fold(clean_query(term))
    names = "search_document__names__contains"
    nearness = Case(
        When(**{names: f"|{folded}|"}, then=Value(0)),
        When(**{names: f"|{folded}"}, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.order_by(nearness, rows.shown_name, "pk")
