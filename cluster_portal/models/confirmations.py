from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.questions import ConfirmationQuerySet


class Confirmation(models.Model):
    """Somebody was asked whether unusual values are right, and said that they are: it is not asked again of them."""

    question = models.CharField(_("question"), max_length=40)
    about = models.JSONField(_("values"), help_text="The values that were looked at, as texts in the question’s order.")
    confirmed_at = models.DateTimeField(_("confirmed"), auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("confirmed by")
    )

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ["-confirmed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "about"],
                name="portal_confirmation_once",
                violation_error_message=_("This is confirmed already."),
            )
        ]

    def __str__(self):
        return f"{self.question}: {', '.join(self.about)}"
