from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.querysets import ContactExportQuerySet

from .clusters import Cluster


class ContactExport(models.Model):
    """Somebody took contact persons of a cluster away in a file: who, when, which, how many, what for.

    Written by the site alone. Of the persons themselves it keeps nothing.
    """

    at = models.DateTimeField(_("when"), auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("by whom"),
    )
    cluster = models.ForeignKey(
        Cluster,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("whose contact persons"),
    )
    purpose = models.CharField(_("purpose"), max_length=300)
    filters = models.TextField(_("filters"), blank=True)
    address = models.TextField(_("address of the list"))
    rows = models.PositiveIntegerField(_("number of rows"))
    people = models.PositiveIntegerField(_("number of persons"))
    columns = models.TextField(_("columns"))
    format = models.CharField(_("format"), max_length=10)

    objects = ContactExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export of contact persons")
        verbose_name_plural = _("exports of contact persons")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(purpose=""),
                name="members_contactexport_for_a_purpose",
                violation_error_message=_("Say what the contact persons are needed for, in a few words."),
            )
        ]
        indexes = [models.Index(fields=["-at", "-id"], name="members_contactexport_newest")]

    def __str__(self):
        return f"{self.cluster or '–'} · {self.purpose}"
