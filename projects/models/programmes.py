from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.days import years_constraint
from cluster_portal.records.names import names_constraint
from cluster_portal.records.ordering import sort_key
from cluster_portal.records.publication import choices_constraint
from cluster_portal.records.scope import KeptByTheNetwork
from cluster_portal.records.websites import validate_website, websites_constraint
from cluster_portal.writing.translated import Translated


class FunderLevel(models.TextChoices):
    EUROPE = "europe", _("Europe")
    STATE = "state", _("State")
    REGION = "region", _("Region")
    OTHER = "other", _("Other")


class Funder(models.Model):
    """A body that pays for research and development: the State, Bpifrance, a region, the Union."""

    Level = FunderLevel

    name_fr = models.CharField(_("name in French"), max_length=120, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    acronym = models.CharField(_("acronym"), max_length=20, blank=True)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    level = models.CharField(_("level"), max_length=6, choices=FunderLevel.choices)
    website = models.URLField(_("website"), blank=True, validators=[validate_website])
    sort_name_fr = sort_key("name_fr")
    sort_name_en = sort_key("name_en", "name_fr")

    name = Translated("name")

    objects = KeptByTheNetwork.as_manager()

    class Meta:
        verbose_name = _("funder")
        verbose_name_plural = _("funders")
        ordering = ["sort_name_fr", "pk"]
        constraints = [
            choices_constraint("level", FunderLevel),
            names_constraint("name_fr", optional=("name_en", "acronym")),
            websites_constraint("website"),
        ]

    def __str__(self):
        return self.acronym or self.name


class Programme(models.Model):
    """A funding programme: FUI, PSPC, i-Démo, CORAM, ANR, Horizon Europe, FEDER..."""

    name_fr = models.CharField(_("name in French"), max_length=150, unique=True)
    name_en = models.CharField(_("name in English"), max_length=150, blank=True)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    funder = models.ForeignKey(
        Funder,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="programmes",
        verbose_name=_("funder"),
    )
    first_year = models.PositiveSmallIntegerField(
        _("first year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1950), MaxValueValidator(2100)],
    )
    last_year = models.PositiveSmallIntegerField(
        _("last year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1950), MaxValueValidator(2100)],
    )
    website = models.URLField(_("website"), blank=True, validators=[validate_website])
    sort_name_fr = sort_key("name_fr")
    sort_name_en = sort_key("name_en", "name_fr")

    name = Translated("name")

    objects = KeptByTheNetwork.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["sort_name_fr", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_year=None) | Q(last_year=None) | Q(last_year__gte=F("first_year")),
                name="projects_programme_years_in_order",
                violation_error_message=_("A programme ends in or after the year it begins."),
            ),
            names_constraint("name_fr", optional=("name_en", "acronym")),
            years_constraint(1950, 2100, "first_year", "last_year"),
            websites_constraint("website"),
        ]

    def __str__(self):
        return self.acronym or self.name
