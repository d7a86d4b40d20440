from django.conf import settings
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cluster_portal.records.publication import choices_constraint, language_constraint
from contributions.querysets import NoticeQuerySet, SavedAnswerQuerySet
from members.models import Cluster

from .proposals import LONGEST_REASON


class SavedAnswer(models.Model):
    """A reason that is given again and again: staff choose it instead of typing it."""

    cluster = models.ForeignKey(
        Cluster,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="saved_answers",
        verbose_name=_("cluster"),
        help_text=_("Blank: of the network, offered to everybody."),
    )
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"), max_length=LONGEST_REASON)

    objects = SavedAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved answer")
        verbose_name_plural = _("saved answers")
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                "title",
                Coalesce("cluster_id", Value(0)),  # those of the network have none
                name="contributions_answer_once",
                violation_error_message=_("There is an answer with this title already."),
            ),
        ]

    def __str__(self):
        return self.title


class Matter(models.TextChoices):
    """What somebody of staff is told of: what waits for her decision, by what it is, and what others decided of hers."""

    REVIEW = "review", pgettext_lazy("what waits", "In review")
    PROPOSAL = "proposal", pgettext_lazy("what waits", "Proposals")
    JOIN = "join", pgettext_lazy("what waits", "Requests to become a member")
    REQUEST = "request", pgettext_lazy("what waits", "Requests of other clusters")
    REFUSED = "refused", pgettext_lazy("what waits", "What you submitted and was refused")

    @property
    def waits(self) -> bool:
        return self is not Matter.REFUSED


class NoticeTime(models.TextChoices):
    NEVER = "never", pgettext_lazy("notice", "not by mail")
    AT_ONCE = "at_once", pgettext_lazy("notice", "at once")
    MORNING = "morning", pgettext_lazy("notice", "each morning, all in one mail")


class NoticeChoice(models.Model):
    """When somebody of staff wants to be told by mail that something waits for her; where she says nothing, each morning."""

    Time = NoticeTime

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    matter = models.CharField(_("what"), max_length=8, choices=Matter.choices)
    time = models.CharField(_("when"), max_length=7, choices=NoticeTime.choices)

    class Meta:
        verbose_name = _("notice wanted")
        verbose_name_plural = _("notices wanted")
        ordering = ["user", "matter"]
        constraints = [
            choices_constraint("matter", Matter),
            choices_constraint("time", NoticeTime),
            models.UniqueConstraint(
                fields=["user", "matter"],
                name="contributions_noticechoice_once",
                violation_error_message=_("This was said already."),
            ),
        ]

    def __str__(self):
        return f"{self.get_matter_display()}: {self.get_time_display()}"


class NoticeLanguage(models.Model):
    """In which language somebody of staff is written to; who says nothing is in the site's own."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("person")
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)

    class Meta:
        verbose_name = _("language of notices")
        verbose_name_plural = _("languages of notices")
        ordering = ["user"]
        constraints = [language_constraint("contributions_noticelanguage_known")]

    def __str__(self):
        return self.get_language_display()


class Notice(models.Model):
    """That somebody is, or is to be, told of one thing that waits: never twice of the same."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    matter = models.CharField(_("what"), max_length=8, choices=Matter.choices)
    about = models.CharField(_("about"), max_length=60)  # "proposal:12", "members.organisation:7"
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["made_at", "pk"]
        constraints = [
            choices_constraint("matter", Matter),
            models.UniqueConstraint(
                fields=["user", "about"],
                name="contributions_notice_once",
                violation_error_message=_("This person is told of it already."),
            ),
        ]
        indexes = [models.Index(fields=["user"], condition=models.Q(sent_at=None), name="contributions_notice_unsent")]

    def __str__(self):
        return self.about
