from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.days import days_constraint, years_constraint
from cluster_portal.records.names import names_constraint
from cluster_portal.records.ordering import sort_key
from cluster_portal.records.publication import Publication, Status, choices_constraint
from cluster_portal.records.rows import FormRow
from cluster_portal.records.websites import validate_website, websites_constraint
from cluster_portal.writing.translated import Translated
from members.models import Cluster, Organisation, Theme
from projects.querysets import (
    FundingQuerySet,
    ParticipationQuerySet,
    ProjectLabelQuerySet,
    ProjectQuerySet,
    RowsOfProject,
)

from .programmes import Funder, Programme


class State(models.TextChoices):
    PLANNED = "planned", _("In preparation")
    LABELLED = "labelled", _("Labelled")
    FUNDED = "funded", _("Funded")
    RUNNING = "running", _("Running")
    FINISHED = "finished", _("Finished")
    ABANDONED = "abandoned", _("Abandoned")


def euros(verbose_name, **options) -> models.DecimalField:
    """An amount in euros and cents; never a float."""
    return models.DecimalField(verbose_name, max_digits=14, decimal_places=2, **options)


class Project(Publication):
    """A collaborative research and development project.

    Its state follows from its dates and its milestones unless staff state otherwise, with a reason.
    Total cost = public funding + private investment.
    """

    State = State

    acronym = models.CharField(_("acronym"), max_length=60, blank=True)
    title_fr = models.CharField(_("title in French"), max_length=250, blank=True)
    title_en = models.CharField(_("title in English"), max_length=250, blank=True)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    summary_fr = models.TextField(_("summary in French"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    themes = models.ManyToManyField(Theme, related_name="projects", blank=True, verbose_name=_("themes"))
    start = models.DateField(_("first day"), null=True, blank=True)
    end = models.DateField(_("last day"), null=True, blank=True)
    website = models.URLField(_("official page"), blank=True, validators=[validate_website])
    national = models.BooleanField(
        _("works nationwide"),
        default=False,
        help_text=_("It is then found in every region, and its page says so."),
    )
    total_cost = euros(_("total cost"), null=True, blank=True)
    public_funding = euros(_("public funding"), null=True, blank=True)
    private_investment = models.GeneratedField(
        expression=F("total_cost") - F("public_funding"),
        db_persist=True,
        output_field=models.DecimalField(max_digits=14, decimal_places=2),
        verbose_name=_("private investment"),
    )
    stated = models.CharField(
        _("state, if not the one that the dates say"),
        max_length=9,
        choices=State.choices,
        blank=True,
    )
    stated_on = models.DateField(_("in that state since"), null=True, blank=True)
    stated_reason = models.CharField(_("reason"), max_length=300, blank=True)
    is_demo = models.BooleanField(_("invented (demo network)"), default=False, editable=False)
    sort_name_fr = sort_key("acronym", "title_fr", "title_en")
    sort_name_en = sort_key("acronym", "title_en", "title_fr")

    title = Translated("title")
    summary = Translated("summary")
    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["sort_name_fr", "pk"]
        indexes = [
            models.Index(fields=["sort_name_fr", "id"], name="projects_project_by_name_fr"),
            models.Index(fields=["sort_name_en", "id"], name="projects_project_by_name_en"),
            models.Index(fields=["-start", "id"], name="projects_project_by_start"),
        ]
        constraints = [
            choices_constraint("status", Status),
            choices_constraint("stated", State, blank=True),
            models.CheckConstraint(
                condition=Q(stated="") | ~Q(stated_reason=""),
                name="projects_project_stated_with_reason",
                violation_error_message=_("Say why the state differs from what the dates say."),
            ),
            models.CheckConstraint(
                condition=Q(start=None) | Q(end=None) | Q(end__gte=F("start")),
                name="projects_project_dates_in_order",
                violation_error_message=_("A project ends on or after the day it begins."),
            ),
            models.CheckConstraint(
                condition=(Q(total_cost=None) | Q(total_cost__gte=0))
                & (Q(public_funding=None) | Q(public_funding__gte=0)),
                name="projects_project_sums_not_negative",
                violation_error_message=_("A sum in euros is never negative."),
            ),
            models.CheckConstraint(
                condition=Q(total_cost=None) | Q(public_funding=None) | Q(public_funding__lte=F("total_cost")),
                name="projects_project_public_within_cost",
                violation_error_message=_("Public funding is never above the total cost."),
            ),
            models.CheckConstraint(
                condition=~Q(acronym="", title_fr="", title_en=""),
                name="projects_project_named",
                violation_error_message=_("Give the project an acronym or a title."),
            ),
            names_constraint(optional=("acronym", "title_fr", "title_en")),
            days_constraint("start", "end", "stated_on", "publish_on"),
            websites_constraint("website"),
        ]

    def __str__(self):
        return self.acronym or self.title

    def get_absolute_url(self):
        return reverse("projects:project-detail", args=[self.slug])


class ParticipationRole(models.TextChoices):
    COORDINATOR = "coordinator", _("Coordinator")
    PARTNER = "partner", _("Partner")


class Participation(FormRow):
    """An organisation in a project, with its cost and its public funding."""

    Role = ParticipationRole

    project = models.ForeignKey(Project, models.CASCADE, related_name="participations", verbose_name=_("project"))
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="participations",
        verbose_name=_("organisation"),
    )
    role = models.CharField(
        _("role"),
        max_length=11,
        choices=ParticipationRole.choices,
        default=ParticipationRole.PARTNER,
    )
    cost = euros(_("cost"), null=True, blank=True)
    public_funding = euros(_("public funding"), null=True, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["role", "pk"]
        constraints = [
            choices_constraint("role", ParticipationRole),
            models.UniqueConstraint(
                fields=["project", "organisation"],
                name="projects_participation_once",
                violation_error_message=_("This organisation already takes part in the project."),
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(role="coordinator"),
                name="projects_participation_one_coordinator",
                violation_error_message=_("A project has one coordinator."),
            ),
            models.CheckConstraint(
                condition=(Q(cost=None) | Q(cost__gte=0)) & (Q(public_funding=None) | Q(public_funding__gte=0)),
                name="projects_participation_sums_not_negative",
                violation_error_message=_("A sum in euros is never negative."),
            ),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(public_funding=None) | Q(public_funding__lte=F("cost")),
                name="projects_participation_public_within_cost",
                violation_error_message=_("Public funding is never above the cost."),
            ),
        ]

    def __str__(self):
        return f"{self.organisation} · {self.project}"


class LabelRole(models.TextChoices):
    LEAD = "lead", _("Lead cluster")
    CO_LABELLING = "co", _("Co-labelling cluster")


class ProjectLabel(FormRow):
    """A cluster's label on a project, at a date. Labelled is not funded."""

    Role = LabelRole

    project = models.ForeignKey(Project, models.CASCADE, related_name="labels", verbose_name=_("project"))
    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="project_labels", verbose_name=_("cluster"))
    role = models.CharField(_("role"), max_length=4, choices=LabelRole.choices, default=LabelRole.LEAD)
    date = models.DateField(_("labelled on"))

    objects = ProjectLabelQuerySet.as_manager()

    class Meta:
        verbose_name = _("project label")
        verbose_name_plural = _("project labels")
        ordering = ["-role", "date", "pk"]
        constraints = [
            choices_constraint("role", LabelRole),
            days_constraint("date"),
            models.UniqueConstraint(
                fields=["project", "cluster"],
                name="projects_projectlabel_once",
                violation_error_message=_("This cluster already labelled the project."),
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(role="lead"),
                name="projects_projectlabel_one_lead",
                violation_error_message=_("A project has one lead cluster."),
            ),
        ]

    def __str__(self):
        return f"{self.cluster} · {self.project}"


class Funding(FormRow):
    """Public money that a programme decided to give a project, at a date."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="fundings", verbose_name=_("project"))
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="fundings", verbose_name=_("programme"))
    funder = models.ForeignKey(
        Funder,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="fundings",
        verbose_name=_("funder"),
        help_text=_("Blank: the funder of the programme."),
    )
    amount = euros(_("amount"), null=True, blank=True)
    date = models.DateField(_("decided on"))

    objects = FundingQuerySet.as_manager()

    class Meta:
        verbose_name = _("funding")
        verbose_name_plural = _("fundings")
        ordering = ["date", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="projects_funding_not_negative",
                violation_error_message=_("A sum in euros is never negative."),
            ),
            days_constraint("date"),
        ]

    def __str__(self):
        return f"{self.programme} · {self.project}"


class OutcomeKind(models.TextChoices):
    PRODUCT = "product", _("Product")
    SERVICE = "service", _("Service")
    PROCESS = "process", _("Process")
    PATENT = "patent", _("Patent")
    PUBLICATION = "publication", _("Publication")
    START_UP = "start_up", _("Start-up")


class Outcome(FormRow):
    """What came of a project."""

    Kind = OutcomeKind

    project = models.ForeignKey(Project, models.CASCADE, related_name="outcomes", verbose_name=_("project"))
    kind = models.CharField(_("kind"), max_length=11, choices=OutcomeKind.choices)
    title_fr = models.CharField(_("title in French"), max_length=250)
    title_en = models.CharField(_("title in English"), max_length=250, blank=True)
    year = models.PositiveSmallIntegerField(
        _("year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2000), MaxValueValidator(2100)],
    )
    link = models.URLField(_("link"), blank=True, validators=[validate_website])

    title = Translated("title")

    objects = RowsOfProject.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["year", "pk"]
        constraints = [
            choices_constraint("kind", OutcomeKind),
            names_constraint(optional=("title_fr", "title_en")),
            years_constraint(2000, 2100, "year"),
            websites_constraint("link"),
        ]

    def __str__(self):
        return self.title
