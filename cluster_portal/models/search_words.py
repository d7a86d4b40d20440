from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.spelling import SearchWordQuerySet


class SearchWord(models.Model):
    """A word that some document contains, as people write it: what a spelling suggestion offers.

    Words are added and never counted; a suggestion is shown only after it was seen to find something.
    """

    word = models.TextField(primary_key=True, help_text="Folded: hydrogene.")
    spelling = models.TextField(help_text="As written: hydrogène.")

    deletions = models.GeneratedField(
        expression=models.Func("word", function="portal_deletions"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
        help_text="Itself, and itself without each of its letters: what it shares with words that are a letter away.",
    )

    objects = SearchWordQuerySet.as_manager()

    class Meta:
        verbose_name = _("search word")
        verbose_name_plural = _("search words")
        indexes = [
            GinIndex(
                fields=["word"],
                opclasses=["gin_trgm_ops"],
                name="portal_search_spelling",
            ),
            GinIndex(fields=["deletions"], name="portal_search_deletions"),
        ]

    def __str__(self):
        return self.spelling
