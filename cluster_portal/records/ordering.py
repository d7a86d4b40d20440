"""Alphabetical order that puts É with E and ignores case, alike on every server.

The embedded PostgreSQL has no ICU, so names sort on a stored ``lower(unaccent(name))`` column
instead of a collation, byte by byte: a server of any language has the same order, and so has the facet index, which
sorts these keys itself. ``portal_unaccent`` is created by the first migration.
"""

from django.db import models
from django.db.models.functions import Lower


class Unaccent(models.Func):
    """``unaccent()`` is STABLE; a generated column needs this IMMUTABLE wrapper of it."""

    function = "portal_unaccent"
    arity = 1
    output_field = models.TextField()


def sort_key(field) -> models.GeneratedField:
    """``field``: the name of a column, or an expression over columns of the same row."""
    return models.GeneratedField(
        expression=Lower(Unaccent(field)), output_field=models.TextField(db_collation="C"), db_persist=True
    )
