"""Derived rows, written by database triggers only: the migration ``project_documents`` defines them."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from .projects import Project


class ProjectDocument(models.Model):
    """The words by which a project is found, gathered from it and what it is tied to.

    Acronym and title weigh A; themes, labelling clusters and programmes B; the summary C; the names of
    partners D. What is not published adds nothing.
    """

    project = models.OneToOneField(Project, models.CASCADE, primary_key=True, related_name="search_document")
    document = SearchVectorField()
    names = models.TextField(help_text="|acronym|title|other title|, folded")

    class Meta:
        verbose_name = _("search document of a project")
        verbose_name_plural = _("search documents of projects")
        indexes = [
            GinIndex(fields=["document"], name="projects_search_words"),
            # Suggestions: words of names only, and what begins so. The weights of the document would be
            # rechecked row by row.
            GinIndex(SearchVector("names", config="simple"), name="projects_search_names"),
            models.Index(fields=["names"], opclasses=["text_pattern_ops"], name="projects_search_beginnings"),
        ]

    def __str__(self):
        return self.names
