from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Answer(models.Model):
    """What the staff's pages answered to a form, so that the same sending again gets the same answer.

    Kept for a day. `form` names one form of one page as it was rendered once for one person, `sent` what she sent last.
    """

    form = models.CharField(max_length=64)
    sent = models.CharField(max_length=64, blank=True)
    location = models.TextField(blank=True, help_text="Where the answer led; blank: nothing was done.")
    page = models.TextField(blank=True, help_text="The page that closes a window for one box.")
    messages = models.JSONField(default=list)
    at = models.DateTimeField(_("answered"), db_default=Now())

    class Meta:
        verbose_name = _("answer to a form")
        verbose_name_plural = _("answers to forms")
        ordering = ["-at", "pk"]
        indexes = [models.Index(fields=["at"], name="portal_answer_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["form"],
                name="portal_answer_once",
                violation_error_message=_("This form was sent already."),
            )
        ]

    def __str__(self):
        return self.location
