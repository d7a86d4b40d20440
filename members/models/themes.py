from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.names import names_constraint
from cluster_portal.records.ordering import sort_key
from cluster_portal.records.scope import KeptByTheNetwork
from cluster_portal.writing.translated import Translated, active_language
from members.at_once import ThemesAtOnce


class ThemeQuerySet(ThemesAtOnce, KeptByTheNetwork):
    def domains(self):
        return self.filter(parent=None)

    def with_domain(self):
        return self.select_related("parent")

    def in_order(self):
        """By name in the visitor's language."""
        return self.order_by(f"sort_name_{active_language()}", "pk")


class Theme(models.Model):
    """What a cluster or an organisation works on. Two levels: a domain, and the themes under it."""

    name_fr = models.CharField(_("name in French"), max_length=80, unique=True)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="themes",
        limit_choices_to={"parent": None},
        verbose_name=_("domain"),
        help_text=_("Leave blank for a domain."),
    )
    description_fr = models.TextField(_("description in French"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    focus = models.BooleanField(
        _("sector in focus"),
        default=False,
        help_text=_("Shown on the home page with the clusters that work on it."),
    )
    sort_name_fr = sort_key("name_fr")
    sort_name_en = sort_key("name_en", "name_fr")

    name = Translated("name")
    description = Translated("description")
    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["sort_name_fr", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="members_theme_not_its_own_domain",
                violation_error_message=_("A theme cannot be its own domain."),
            ),
            names_constraint("name_fr", optional=("name_en",)),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.parent_id and self.pk and self.themes.exists():
            raise ValidationError({"parent": _("A domain that has themes under it cannot be put under another.")})

    def get_absolute_url(self):
        return reverse("members:theme-detail", args=[self.slug])
