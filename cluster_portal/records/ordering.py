"""Alphabetical order that puts É with E, ignores case and begins at the first letter, alike on every server.

The embedded PostgreSQL has no ICU, so names sort on a stored column instead of a collation, byte by byte: a server of any
language has the same order, and so has the facet index, which sorts these keys itself. What makes the key of a name,
``portal_sort_key``, and ``portal_unaccent`` below it, are created by migrations.
"""

from django.db import models
from django.db.models.functions import Coalesce, NullIf

from cluster_portal.writing.translated import active_language


class Unaccent(models.Func):
    """``unaccent()`` is STABLE; a generated column needs this IMMUTABLE wrapper of it."""

    function = "portal_unaccent"
    arity = 1
    output_field = models.TextField()


class SortKey(models.Func):
    """Folded as for search, but that "st" stays "st": quotation marks, dashes and dots sort nothing."""

    function = "portal_sort_key"
    arity = 1
    output_field = models.TextField(db_collation="C")


def first_of(*fields: str) -> models.expressions.Combinable:
    """The first of some texts that is not blank."""
    *others, last = fields
    return Coalesce(*(NullIf(name, models.Value("")) for name in others), last) if others else models.F(last)


def sort_key(*fields) -> models.GeneratedField:
    """Of the first of these columns that is not blank, or of one expression over columns of the same row."""
    of = first_of(*fields) if len(fields) > 1 else fields[0]
    return models.GeneratedField(
        expression=SortKey(of), output_field=models.TextField(db_collation="C"), db_persist=True
    )


class InLanguage(models.Expression):
    """``InLanguage("sort_name")`` is the column ``sort_name_fr`` or ``sort_name_en``: what a language shows is what is
    sorted in it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def resolve_expression(self, *args, **options):
        return models.F(f"{self.name}_{active_language()}").resolve_expression(*args, **options)
