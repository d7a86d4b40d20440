"""Organisations as staff look for them: the visitors' search, and the beginnings of words, names first."""

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, IntegerField, Value, When

from cluster_portal.search import clean_query, fold, words_query


def matching(rows, term: str):
    """Every word of `term`, whole in any of its forms or as a beginning, somewhere in the search document."""
    text = clean_query(term)
    words = fold(text).split()
    if not words:
        return rows.none() if term.strip() else rows
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
    return rows.order_by(nearness, "sort_name", "pk")
