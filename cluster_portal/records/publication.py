"""One lifecycle for clusters, organisations and projects: draft, in review, published, archived; or refused.

Only published rows appear in anything public. An archived row keeps its page, which becomes a dated
notice. What is to be published on a day stays unfinished until then: nothing can show it too early. Dates of change are kept by a database trigger (``portal_touch``), so that saving without a
change moves nothing, whoever saves and however.
"""

from datetime import date

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
    REFUSED = "refused", _("Refused")


WITH_A_PAGE = (Status.PUBLISHED, Status.ARCHIVED)
UNFINISHED = (Status.DRAFT, Status.IN_REVIEW)  # somebody has it in hand


class PublicationQuerySet(models.QuerySet):
    """Verbs return the number of rows that really changed."""

    def published(self):
        return self.filter(status=Status.PUBLISHED)

    def with_a_page(self):
        """What a visitor may open: published, or archived with its notice."""
        return self.filter(status__in=WITH_A_PAGE)

    def to_publish(self):
        return self.exclude(status=Status.PUBLISHED)

    def to_publish_by(self, day: date):
        """Those of which somebody said so, and which nobody published or refused meanwhile."""
        return self.unfinished().filter(publish_on__lte=day)

    def unfinished(self):
        return self.filter(status__in=UNFINISHED)

    def assigned_to(self, user):
        """What somebody has in hand."""
        return self.filter(assigned_to=user.pk)

    def hand_over(self, to, by=None) -> int:
        """To somebody else, or to nobody in particular. Who made it stays as it was."""
        return self.update(assigned_to=to, updated_by=by)

    def publish(self, by=None) -> int:
        return self.to_publish().update(
            status=Status.PUBLISHED, archived_on=None, publish_on=None, updated_by=by
        )  # fmt: skip

    def to_submit_for_review(self):
        """Drafts only: what is published or archived has been through it."""
        return self.filter(status=Status.DRAFT)

    def submit_for_review(self, by=None) -> int:
        return self.to_submit_for_review().update(status=Status.IN_REVIEW, updated_by=by)

    def to_refuse(self):
        """What somebody submitted, and it is not to be published: with a reason, and not for ever."""
        return self.filter(status=Status.IN_REVIEW)

    def refuse(self, by=None) -> int:
        return self.to_refuse().update(status=Status.REFUSED, publish_on=None, updated_by=by)

    def to_take_back(self):
        """To be worked on once more."""
        return self.filter(status__in=(Status.IN_REVIEW, Status.REFUSED))

    def take_back(self, by=None) -> int:
        return self.to_take_back().update(status=Status.DRAFT, updated_by=by)

    def to_archive(self):
        return self.exclude(status=Status.ARCHIVED)

    def archive(self, by=None) -> int:
        today = timezone.localdate()
        return self.to_archive().update(status=Status.ARCHIVED, archived_on=today, publish_on=None, updated_by=by)


class Publication(models.Model):
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    publish_on = models.DateField(
        _("to be published on"),
        null=True,
        blank=True,
        help_text=_(
            "From that day on it is published, without anybody doing anything. Blank: when somebody publishes it."
        ),
    )
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

    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("assigned to"),
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


def language_constraint(name: str):
    """A check that ``language`` is one that the site speaks."""
    return models.CheckConstraint(
        condition=models.Q(language__in=[code for code, _name in settings.LANGUAGES]),
        name=name,
        violation_error_message=_("Choose one of the values offered."),
    )


def choices_constraint(field: str, choices: type[models.TextChoices], *, blank: bool = False):
    """A check that the database refuses what the form would: one for every field with choices."""
    allowed = [*choices.values, ""] if blank else choices.values
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": allowed}),
        name=f"%(app_label)s_%(class)s_{field}_known",
        violation_error_message=_("Choose one of the values offered."),
    )
