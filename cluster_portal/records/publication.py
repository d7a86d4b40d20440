"""One lifecycle for clusters, organisations and projects: draft, in review, published, archived.

Only published rows appear in anything public. An archived row keeps its page, which becomes a dated
notice. Dates of change are kept by a database trigger (``portal_touch``), so that saving without a
change moves nothing, whoever saves and however.
"""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


WITH_A_PAGE = (Status.PUBLISHED, Status.ARCHIVED)


class PublicationQuerySet(models.QuerySet):
    """Verbs return the number of rows that really changed."""

    def published(self):
        return self.filter(status=Status.PUBLISHED)

    def with_a_page(self):
        """What a visitor may open: published, or archived with its notice."""
        return self.filter(status__in=WITH_A_PAGE)

    def to_publish(self):
        return self.exclude(status=Status.PUBLISHED)

    def publish(self, by=None) -> int:
        return self.to_publish().update(status=Status.PUBLISHED, archived_on=None, updated_by=by)

    def to_submit_for_review(self):
        """Drafts only: what is published or archived has been through it."""
        return self.filter(status=Status.DRAFT)

    def submit_for_review(self, by=None) -> int:
        return self.to_submit_for_review().update(status=Status.IN_REVIEW, updated_by=by)

    def to_archive(self):
        return self.exclude(status=Status.ARCHIVED)

    def archive(self, by=None) -> int:
        return self.to_archive().update(status=Status.ARCHIVED, archived_on=timezone.localdate(), updated_by=by)


class Publication(models.Model):
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    archived_on = models.DateField(_("archived on"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), editable=False, db_default=Now())
    updated_at = models.DateTimeField(_("updated"), editable=False, db_default=Now())
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("updated by"),
    )

    class Meta:
        abstract = True

    @property
    def has_a_page(self) -> bool:
        """Whether a visitor may learn of it at all."""
        return self.status in WITH_A_PAGE

    @property
    def is_archived(self) -> bool:
        return self.status == Status.ARCHIVED


def choices_constraint(field: str, choices: type[models.TextChoices], *, blank: bool = False):
    """A check that the database refuses what the form would: one for every field with choices."""
    allowed = [*choices.values, ""] if blank else choices.values
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": allowed}),
        name=f"%(app_label)s_%(class)s_{field}_known",
        violation_error_message=_("Choose one of the values offered."),
    )
