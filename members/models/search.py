"""Derived rows, written by database triggers only: the migration ``search_documents`` defines them."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.publication import Status
from cluster_portal.records.search import DocumentQuerySet

from .organisations import Organisation


class OrganisationDocumentQuerySet(DocumentQuerySet):
    def published(self):
        return self.filter(organisation__status=Status.PUBLISHED)


class SearchDocument(models.Model):
    """The words by which an organisation is found, gathered from it and what it is tied to.

    Names and acronyms weigh A, themes and clusters B, descriptions C, towns and numbers D.
    No person is in it.
    """

    organisation = models.OneToOneField(Organisation, models.CASCADE, primary_key=True, related_name="search_document")
    document = SearchVectorField()
    names = models.TextField(help_text="|name|acronym|other name|, folded")

    objects = OrganisationDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        indexes = [
            GinIndex(fields=["document"], name="members_search_words"),
            # Suggestions: words of names only. The weights of the document would be rechecked row by row.
            GinIndex(SearchVector("names", config="simple"), name="members_search_names"),
        ]

    def __str__(self):
        return self.names
