from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Length, StrIndex
from django.db.models.lookups import Exact, GreaterThan
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.days import YearHasCome, days_constraint, years_constraint
from cluster_portal.records.names import names_constraint
from cluster_portal.records.ordering import sort_key
from cluster_portal.records.phones import PhoneField, phones_constraint
from cluster_portal.records.publication import Publication, Status, choices_constraint
from cluster_portal.records.rows import FormRow
from cluster_portal.records.scope import KeptByTheNetwork
from cluster_portal.records.websites import validate_website, websites_constraint
from cluster_portal.writing.translated import Translated
from members.logos import logo_field
from members.positions import questions_on_position
from members.querysets import ClusterQuerySet, LabelPeriodQuerySet, RowsOfCluster

from .places import Department, Region
from .themes import Theme

# Addresses of the site that stand where a cluster's would, in both languages; a test compares them with the routes.
NOT_FOR_A_CLUSTER = ("compare", "comparer", "shared-members", "membres-communs")
SUCCESSIONS_IN_CIRCLE = _("These clusters would have come out of each other, in a circle.")
SPOKEN_LENGTH = 36  # characters beyond which everybody says the acronym


class Cluster(Publication):
    """The organisation that coordinates a network of companies, laboratories and institutions in a
    defined area and around a theme (“pôle de compétitivité”)."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    presentation_fr = models.TextField(_("presentation in French"), blank=True)
    presentation_en = models.TextField(_("presentation in English"), blank=True)
    themes = models.ManyToManyField(Theme, related_name="clusters", blank=True, verbose_name=_("themes"))
    regions = models.ManyToManyField(
        Region,
        through="ClusterRegion",
        related_name="clusters",
        verbose_name=_("regions"),
    )
    city = models.CharField(_("town of the head office"), max_length=80, blank=True)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="clusters",
        verbose_name=_("department of the head office"),
    )
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    website = models.URLField(_("website"), blank=True, validators=[validate_website])
    email = models.EmailField(
        _("general e-mail"),
        blank=True,
        help_text=_("The cluster’s address, not a person’s."),
    )
    phone = PhoneField(_("general phone"))
    logo = logo_field("clusters")
    founding_year = models.PositiveSmallIntegerField(
        _("founding year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1800), MaxValueValidator(2100)],
    )
    # of what ``__str__`` says
    sort_name = sort_key(
        Case(
            When(
                ~Q(acronym="")
                & (Q(Exact(StrIndex("name", "acronym"), 1)) | Q(GreaterThan(Length("name"), SPOKEN_LENGTH))),
                then=F("acronym"),
            ),
            default=F("name"),
        )
    )

    presentation = Translated("presentation")
    objects = ClusterQuerySet.as_manager()
    refused_by_triggers = {"members_succession_in_circle": SUCCESSIONS_IN_CIRCLE}

    class Meta:
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")
        ordering = ["sort_name", "pk"]
        constraints = [
            choices_constraint("status", Status),
            days_constraint("publish_on"),
            models.CheckConstraint(
                # said twice, for a check that comes to NULL passes
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="members_cluster_coordinates_paired",
                violation_error_message=_("Give both latitude (-90 to 90) and longitude (-180 to 180), or neither."),
            ),
            models.CheckConstraint(
                condition=Q(latitude=None) | Q(longitude=None) | ~Q(latitude=0, longitude=0),
                name="members_cluster_not_in_the_gulf_of_guinea",
                violation_error_message=_(
                    "Latitude 0 and longitude 0 are a place in the sea: leave both blank if unknown."
                ),
            ),
            names_constraint("name", optional=("acronym", "city")),
            years_constraint(1800, 2100, "founding_year"),
            models.CheckConstraint(
                condition=Q(YearHasCome(F("founding_year"))),
                name="members_cluster_founded_by_now",
                violation_error_message=_("The founding year is in the future."),
            ),
            websites_constraint("website"),
            phones_constraint(),
            models.CheckConstraint(
                condition=~Q(slug__in=NOT_FOR_A_CLUSTER),
                name="members_cluster_slug_free",
                violation_error_message=_("This address is a page of the site: choose another last part."),
            ),
        ]

    def __str__(self):
        """The name that people use: the acronym where the name begins with it, or is too long to say."""
        return self.acronym if self._goes_by_acronym else self.name

    def get_absolute_url(self):
        return reverse("members:cluster-detail", args=[self.slug])

    def get_members_url(self):
        return reverse("members:cluster-members", args=[self.slug])

    def questions(self):
        return questions_on_position(self)

    def first_year(self) -> int | None:
        """Of which anybody could be a member of it."""
        if self.founding_year:
            return self.founding_year
        first = self.label_periods.order_by("start").first() if self.pk else None
        return first.start.year if first else None

    @property
    def full_name(self) -> str:
        """What the acronym stands for, or the acronym where the name is shown in full."""
        if self._goes_by_acronym:
            return self.name.removeprefix(self.acronym).lstrip(" -–,:")
        return self.acronym

    @property
    def _goes_by_acronym(self) -> bool:
        return bool(self.acronym) and (self.name.startswith(self.acronym) or len(self.name) > SPOKEN_LENGTH)


class ClusterRegion(FormRow):
    """A region in which a cluster works, the main one first."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="cluster_regions")
    region = models.ForeignKey(Region, models.PROTECT, related_name="region_clusters", verbose_name=_("region"))
    rank = models.PositiveSmallIntegerField(_("rank"), default=0, help_text=_("0 is the main one."))

    objects = RowsOfCluster.as_manager()

    class Meta:
        verbose_name = _("region of the cluster")
        verbose_name_plural = _("regions of the cluster")
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "region"],
                name="members_clusterregion_once",
                violation_error_message=_("This region is already in the list."),
            )
        ]

    def __str__(self):
        return str(self.region)


class ClusterNameKind(models.TextChoices):
    FORMER = "former", _("Former name")
    ALTERNATIVE = "alternative", _("Other name")


class ClusterName(FormRow):
    """Another name that a cluster is, or was, known by: LUTB for CARA."""

    Kind = ClusterNameKind

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=150)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.ALTERNATIVE)
    until = models.DateField(_("used until"), null=True, blank=True)

    objects = RowsOfCluster.as_manager()

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "name"],
                name="members_clustername_once",
                violation_error_message=_("This name is already in the list."),
            ),
            choices_constraint("kind", ClusterNameKind),
            names_constraint("name"),
            days_constraint("until"),
        ]

    def __str__(self):
        return self.name

    @property
    def is_former(self) -> bool:
        """A name that is given up on a later day is still in use."""
        return self.kind == ClusterNameKind.FORMER and (self.until is None or self.until < timezone.localdate())


LABEL_ENDS_AFTER_START = _("The last day of a label is on or after its first day.")


class LabelPeriod(FormRow):
    """A dated period for which a cluster holds its State label; both days included.

    “55 clusters” is true of 27 March 2023 and of no other day by itself: it is counted from these.
    """

    class Phase(models.IntegerChoices):
        ONE = 1, "I"
        TWO = 2, "II"
        THREE = 3, "III"
        FOUR = 4, "IV"
        FIVE = 5, "V"

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="label_periods")
    phase = models.PositiveSmallIntegerField(_("phase"), choices=Phase.choices)
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"), null=True, blank=True)
    probationary = models.BooleanField(_("probationary"), default=False)
    source = models.CharField(_("source"), max_length=300, blank=True)

    objects = LabelPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("label period")
        verbose_name_plural = _("label periods")
        ordering = ["start", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(phase__in=(1, 2, 3, 4, 5)),
                name="members_labelperiod_phase_known",
                violation_error_message=_("The phase is I to V."),
            ),
            days_constraint("start", "end"),
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")),
                name="members_labelperiod_dates_in_order",
                violation_error_message=LABEL_ENDS_AFTER_START,
            ),
            ExclusionConstraint(
                name="members_labelperiod_no_overlap",
                expressions=[
                    ("cluster", RangeOperators.EQUAL),
                    (
                        Func(
                            F("start"),
                            F("end"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("This cluster already holds a label for part of that period."),
            ),
        ]

    def clean(self):
        # Before the database is asked for overlaps, which it cannot tell of a period that ends before it begins.
        if self.start and self.end and self.end < self.start:
            raise ValidationError({"end": LABEL_ENDS_AFTER_START})

    def __str__(self):
        return (
            f"{self.get_phase_display()} ({self.start:%Y}–{self.end:%Y})"
            if self.end
            else (f"{self.get_phase_display()} ({self.start:%Y}–)")
        )


class SuccessionKind(models.TextChoices):
    MERGER = "merger", _("Merger")
    ABSORPTION = "absorption", _("Absorption")
    RENAMING = "renaming", _("Renaming")
    SPLIT = "split", _("Split")


class Succession(FormRow):
    """What became of a cluster, or where it comes from: a merger, a renaming, a split."""

    Kind = SuccessionKind

    predecessor = models.ForeignKey(
        Cluster,
        models.CASCADE,
        related_name="successions",
        verbose_name=_("predecessor"),
    )
    successor = models.ForeignKey(Cluster, models.CASCADE, related_name="origins", verbose_name=_("successor"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    date = models.DateField(_("date"), null=True, blank=True, help_text=_("Blank when unknown."))
    year = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, help_text=_("When only the year is known.")
    )

    objects = KeptByTheNetwork.as_manager()

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        ordering = ["date", "pk"]
        constraints = [
            choices_constraint("kind", SuccessionKind),
            days_constraint("date"),
            years_constraint(1900, 2100, "year"),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")),
                name="members_succession_two_clusters",
                violation_error_message=_("A cluster cannot succeed itself."),
            ),
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                name="members_succession_once",
                violation_error_message=_("This succession is already recorded."),
            ),
        ]

    def clean(self):
        ends = self.predecessor_id, self.successor_id
        if all(ends) and ends[0] != ends[1] and Cluster.objects.follows(ends[1], ends[0]):
            raise ValidationError(SUCCESSIONS_IN_CIRCLE)

    def __str__(self):
        return f"{self.predecessor} → {self.successor}"

    @property
    def since(self) -> tuple[int, int, int]:
        """Year, month and day; 0 for what is not known, so that a year alone counts from its beginning."""
        return (self.date.year, self.date.month, self.date.day) if self.date else (self.year or 0, 0, 0)

    def has_come(self, day) -> bool:
        """What is announced for a later day has not happened."""
        return self.since <= (day.year, day.month, day.day)
