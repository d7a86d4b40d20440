"""Search as staff type it: without accents, without case, the beginnings of words in any order."""

from django.db.models import Func, TextField, Value
from django.db.models.functions import Concat

from cluster_portal.search import clean_query, fold


class Fold(Func):
    """`portal_fold`: what `cluster_portal.search.fold` does, in the database."""

    function = "portal_fold"
    arity = 1
    output_field = TextField()


class FoldedSearch:
    """Every word begins a word of one of the `search_fields`. For tables of some thousands of rows."""

    def searched_text(self):
        parts = [part for field in self.search_fields for part in (Value(" "), field)]
        return Concat(*parts, Value(""), output_field=TextField())

    def searched_words(self, search_term) -> list[str]:
        return fold(clean_query(search_term)).split()

    def get_search_results(self, request, queryset, search_term):
        words = self.searched_words(search_term)
        if words:
            queryset = queryset.alias(searched=Concat(Value(" "), Fold(self.searched_text()), output_field=TextField()))
            for word in words:
                queryset = queryset.filter(searched__contains=f" {word}")
        elif search_term.strip():
            queryset = queryset.none()
        return queryset, False
