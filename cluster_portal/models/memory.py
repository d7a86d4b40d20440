"""What the database remembers about its own rows: old slugs, and what reference data loaded."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.scope import KeptByTheNetwork


class FormerSlug(models.Model):
    """A slug that a page once had. Rows are written by a trigger whenever a slug changes, by
    whatever means, so that an address that was ever public keeps leading somewhere."""

    model = models.CharField(_("kind of page"), max_length=20)
    slug = models.CharField(_("former slug"), max_length=120)
    object_id = models.BigIntegerField(_("identifier"))
    changed_at = models.DateTimeField(_("changed"), auto_now_add=True)

    objects = KeptByTheNetwork.as_manager()

    class Meta:
        verbose_name = _("former slug")
        verbose_name_plural = _("former slugs")
        ordering = ["model", "slug"]
        constraints = [models.UniqueConstraint(fields=["model", "slug"], name="portal_formerslug_once")]

    def __str__(self):
        return f"{self.model}: {self.slug}"


class ReferenceRow(models.Model):
    """What ``load_reference`` last wrote for one row of a reference file.

    A column is brought up to date only while the database still holds the value loaded last;
    a row that staff deleted is not made again.
    """

    source = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    values = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("loaded reference row")
        verbose_name_plural = _("loaded reference rows")
        ordering = ["source", "key"]
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="portal_referencerow_once")]

    def __str__(self):
        return f"{self.source}: {self.key}"
