from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.scope import ForAdministrators


class Erasure(models.Model):
    """That somebody was forgotten, on her request: when, by whose hand, how much of what. Never who it was."""

    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("by whom"),
    )
    counts = models.JSONField(_("what went"), default=list, help_text="Pairs of the key of a source and a number.")

    objects = ForAdministrators.as_manager()

    class Meta:
        verbose_name = _("erasure of a person")
        verbose_name_plural = _("erasures of persons")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.at:%Y-%m-%d}"
