from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.days import years_constraint
from cluster_portal.records.names import names_constraint
from cluster_portal.records.publication import choices_constraint
from cluster_portal.records.websites import validate_website, websites_constraint
from cluster_portal.writing.translated import Translated
from members.models import Cluster, Region, Theme
from projects.querysets import DeclaredFigureQuerySet


class Indicator(models.TextChoices):
    CLUSTERS = "clusters", _("Labelled clusters")
    MEMBERS = "members", _("Members")
    COMPANIES = "companies", _("Member companies")
    LABORATORIES = "laboratories", _("Laboratories and institutions")
    PROJECTS_LABELLED = "labelled", _("Labelled projects")
    PROJECTS_FUNDED = "funded", _("Funded projects")
    INVESTMENT = "investment", _("Investment in projects")
    PUBLIC = "public", _("Public funding of projects")
    LEVERAGE = "leverage", _("Private euros for one public euro")


class Unit(models.TextChoices):
    COUNT = "count", _("number")
    EURO = "euro", _("euros")
    RATIO = "ratio", _("euros for one euro")


class DeclaredFigure(models.Model):
    """What somebody published: value, unit, year, scope, source. Shown beside what is computed,
    never mixed with it; without a cluster, a region or a theme it speaks of the whole network."""

    Indicator = Indicator
    Unit = Unit

    indicator = models.CharField(_("indicator"), max_length=12, choices=Indicator.choices)
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=2)
    unit = models.CharField(_("unit"), max_length=5, choices=Unit.choices, default=Unit.COUNT)
    year = models.PositiveSmallIntegerField(
        _("year"),
        null=True,
        blank=True,
        help_text=_("Blank when the source does not say."),
        validators=[MinValueValidator(2000), MaxValueValidator(2100)],
    )
    first_day = models.DateField(
        _("first day"),
        null=True,
        blank=True,
        help_text=_("When the source says of which days it speaks. A number of one day has the same day twice."),
    )
    last_day = models.DateField(_("last day"), null=True, blank=True)
    cluster = models.ForeignKey(
        Cluster,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="declared_figures",
        verbose_name=_("cluster"),
    )
    region = models.ForeignKey(
        Region,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="declared_figures",
        verbose_name=_("region"),
    )
    theme = models.ForeignKey(
        Theme,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="declared_figures",
        verbose_name=_("theme"),
    )
    source = models.CharField(_("source"), max_length=250)
    link = models.URLField(_("link"), blank=True, validators=[validate_website])
    note_fr = models.CharField(_("what it counts, in French"), max_length=250, blank=True)
    note_en = models.CharField(_("what it counts, in English"), max_length=250, blank=True)

    note = Translated("note")
    objects = DeclaredFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("declared figure")
        verbose_name_plural = _("declared figures")
        ordering = ["indicator", "-year", "pk"]
        constraints = [
            choices_constraint("indicator", Indicator),
            choices_constraint("unit", Unit),
            names_constraint(optional=("source", "note_fr", "note_en")),
            years_constraint(2000, 2100, "year"),
            websites_constraint("link"),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="projects_declaredfigure_sourced",
                violation_error_message=_("A declared figure names its source."),
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0),
                name="projects_declaredfigure_not_negative",
                violation_error_message=_("A figure is never negative."),
            ),
            models.CheckConstraint(
                condition=Q(first_day=None, last_day=None)
                | Q(first_day__isnull=False, last_day__isnull=False, first_day__lte=F("last_day")),
                name="projects_declaredfigure_days",
                violation_error_message=_("Give both days, the last one not before the first, or neither."),
            ),
            models.CheckConstraint(
                condition=Q(cluster=None, region=None) | Q(cluster=None, theme=None) | Q(region=None, theme=None),
                name="projects_declaredfigure_one_scope",
                violation_error_message=_("Choose a cluster, a region or a theme, not several."),
            ),
        ]

    def __str__(self):
        return f"{self.get_indicator_display()} · {self.value} ({self.source})"
