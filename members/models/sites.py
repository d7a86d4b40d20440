"""Where organisations are: their sites, each known as far as it is."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.names import names_constraint
from cluster_portal.records.questions import Question
from cluster_portal.records.rows import FormRow
from members.countries import HOME, country_field, country_known, country_name
from members.identifiers import NOT_A_NUMBER, IsIdentifier, validate_siret
from members.positions import department_of, is_french, questions_on_position
from members.querysets import SiteQuerySet

from .organisations import Organisation
from .places import Department, Region

SIRET_OF_ANOTHER = _("The SIRET of a site begins with the SIREN of its organisation.")
SIRET_TWICE = _("A site of another organisation already has this SIRET.")


class Site(FormRow):
    """Where an organisation is, as far as that is known: an address, a town, a department, a region alone, a country.

    A region filter matches any site.
    """

    class Precision(models.TextChoices):
        ADDRESS = "address", _("Address")
        CITY = "city", _("Town")
        DEPARTMENT = "department", _("Department")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="sites")
    name = models.CharField(_("name of the site"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    postcode = models.CharField(_("postcode"), max_length=12, blank=True)
    city = models.CharField(_("town"), max_length=80, blank=True)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sites",
        verbose_name=_("department"),
        help_text=_("Or the collectivity overseas. Blank abroad, and where it is not known."),
    )
    # where the department is known, a trigger sees to it that this is its region
    region = models.ForeignKey(
        Region,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sites",
        verbose_name=_("region"),
        help_text=_("Needed only where the department is not known: it follows from that."),
    )
    country = country_field()
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    precision = models.CharField(
        _("precision of the coordinates"),
        max_length=10,
        choices=Precision.choices,
        blank=True,
    )
    siret = models.CharField("SIRET", max_length=14, blank=True, validators=[validate_siret])
    head_office = models.BooleanField(_("head office"), default=False)

    objects = SiteQuerySet.as_manager()
    # what triggers refuse, under the names that they give
    refused_by_triggers = {
        "members_site_siret_of_its_organisation": SIRET_OF_ANOTHER,
        "members_site_siret_of_one_organisation": SIRET_TWICE,
    }

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["-head_office", "pk"]
        indexes = [models.Index(fields=["siret"], condition=~Q(siret=""), name="members_site_siret")]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None, precision="")
                | (
                    Q(latitude__isnull=False, longitude__isnull=False)  # a check that comes to NULL passes
                    & Q(latitude__range=(-90, 90), longitude__range=(-180, 180))
                    & Q(precision__in=("address", "city", "department"))
                ),
                name="members_site_coordinates_with_precision",
                violation_error_message=_(
                    "Give latitude (-90 to 90), longitude (-180 to 180) and their precision, or none of the three."
                ),
            ),
            country_known(),
            models.CheckConstraint(
                condition=Q(country=HOME) | Q(department=None, region=None, siret=""),
                name="members_site_abroad",
                violation_error_message=_("A site abroad has no French department, region or SIRET."),
            ),
            models.CheckConstraint(
                condition=~Q(country=HOME) | ~Q(city="") | Q(department__isnull=False) | Q(region__isnull=False),
                name="members_site_somewhere",
                violation_error_message=_("Say at least the town, the department or the region."),
            ),
            models.CheckConstraint(
                condition=~Q(country=HOME) | Q(postcode="") | Q(postcode__regex=r"^[0-9]{5}$"),
                name="members_site_french_postcode",
                violation_error_message=_("A French postcode has five digits."),
            ),
            names_constraint(optional=("name", "address", "city")),
            models.CheckConstraint(
                condition=Q(latitude=None) | Q(longitude=None) | ~Q(latitude=0, longitude=0),
                name="members_site_not_in_the_gulf_of_guinea",
                violation_error_message=_(
                    "Latitude 0 and longitude 0 are a place in the sea: leave both blank if unknown."
                ),
            ),
            models.CheckConstraint(
                condition=Q(IsIdentifier(F("siret"), function="members_is_siret")),
                name="members_site_siret_exists",
                violation_error_message=format_lazy(NOT_A_NUMBER, name="SIRET"),
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(head_office=True),
                name="members_site_one_head_office",
                violation_error_message=_("An organisation has one head office."),
            ),
            models.UniqueConstraint(
                fields=["organisation", "siret"],
                condition=~Q(siret=""),
                name="members_site_siret_once",
                violation_error_message=_("Another site of this organisation has this SIRET."),
            ),
        ]

    def __str__(self):
        return self.name or self.place

    @property
    def place(self) -> str:
        """The finest that is known."""
        return self.city or str(self.department or self.region or country_name(self.country.code))

    def clean(self):
        self.follow_postcode()
        if not self.siret:
            return
        if not self.has_siret_of_its_organisation():
            raise ValidationError({"siret": SIRET_OF_ANOTHER})
        if Site.objects.with_siret_elsewhere(self.siret, self.organisation).exists():
            raise ValidationError({"siret": SIRET_TWICE})

    def follow_postcode(self):
        """The department of a postcode is not typed a second time; where another is given, it is asked about."""
        if self.country != HOME:
            return
        self.postcode = "".join(self.postcode.split())
        if self.department_id is None and self.region_id is None and is_french(self.postcode):
            self.department = Department.objects.filter(insee_code=department_of(self.postcode)).first()

    def has_siret_of_its_organisation(self):
        """By any SIREN of an organisation that has one; a laboratory may be in the building of another."""
        first, begins = self.organisation.siren, self.siret[:9]
        return (
            not first
            or begins in ("", first)
            or (self.organisation.pk and self.organisation.further_numbers.filter(kind="siren", value=begins).exists())
        )

    def questions(self):
        yield from questions_on_position(self)
        if self.postcode and self.department_id and self.department.insee_code != department_of(self.postcode):
            meant = Department.objects.filter(insee_code=department_of(self.postcode)).first()
            sentence = (
                _("%(postcode)s is in %(meant)s, not %(department)s.")
                if meant
                else _("The postcode %(postcode)s is not one of %(department)s.")
            )
            yield Question(
                "site-postcode",
                (self.postcode, self.department.insee_code),
                sentence % {"postcode": self.postcode, "meant": meant, "department": self.department},
                ("department", "postcode"),
            )
