from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.names import names_constraint
from cluster_portal.records.ordering import sort_key
from cluster_portal.records.scope import KeptByTheNetwork


class RegionQuerySet(KeptByTheNetwork):
    def in_order(self):
        return self.order_by("sort_name", "pk")


class Region(models.Model):
    """One of France's 18 regions: where an organisation has a site, or a cluster works."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    locative_fr = models.CharField(
        _("“in the region”, in French"),
        max_length=80,
        blank=True,
        help_text=_("As it reads in a sentence: « en Bretagne », « dans le Grand Est »."),
    )
    insee_code = models.CharField(_("INSEE code"), max_length=2, unique=True)
    iso_code = models.CharField(_("ISO 3166-2 code"), max_length=6, blank=True)
    nuts_code = models.CharField(_("NUTS code"), max_length=20, blank=True)
    shape_code = models.CharField(_("code of its outline on the map"), max_length=6, blank=True)
    overseas = models.BooleanField(_("overseas"), default=False)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    sort_name = sort_key("name")

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["sort_name", "pk"]
        constraints = [names_constraint("name", optional=("locative_fr",))]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("members:region-detail", args=[self.slug])


class Department(models.Model):
    """The finer division of a region: the precision at which many addresses are known.

    New Caledonia, Polynesia and the other collectivities overseas are in none of the 18 regions.
    """

    name = models.CharField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    locative_fr = models.CharField(
        _("“in the department”, in French"),
        max_length=80,
        blank=True,
        help_text=_("As it reads in a sentence: « dans le Rhône », « en Isère », « à Paris »."),
    )
    insee_code = models.CharField(_("INSEE code"), max_length=3, unique=True)
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="departments",
        verbose_name=_("region"),
        help_text=_("Blank for a collectivity overseas, which is in no region."),
    )
    sort_name = sort_key("name")

    objects = KeptByTheNetwork.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["sort_name", "pk"]
        constraints = [names_constraint("name", optional=("locative_fr",))]

    def __str__(self):
        return f"{self.name} ({self.insee_code})"
