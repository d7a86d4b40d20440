from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.scope import KeptByTheNetwork
from cluster_portal.writing.translated import Translated


class Page(models.Model):
    """A text of the portal that staff edit: “What is a cluster?”, definitions, legal notice."""

    key = models.SlugField(
        _("key"),
        max_length=60,
        unique=True,
        help_text=_("Names the place where the text appears; do not change it."),
    )
    title_fr = models.CharField(_("title in French"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    standfirst_fr = models.TextField(_("opening sentence in French"), blank=True)
    standfirst_en = models.TextField(_("opening sentence in English"), blank=True)
    body_fr = models.TextField(_("text in French (Markdown)"), blank=True)
    body_en = models.TextField(_("text in English (Markdown)"), blank=True)
    updated_at = models.DateTimeField(_("updated"), editable=False, db_default=Now())

    title = Translated("title")
    standfirst = Translated("standfirst")
    body = Translated("body")

    objects = KeptByTheNetwork.as_manager()

    class Meta:
        verbose_name = _("text of the portal")
        verbose_name_plural = _("texts of the portal")
        ordering = ["key"]

    def __str__(self):
        return self.title
