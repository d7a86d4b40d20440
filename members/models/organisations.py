from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cluster_portal.records.days import DayHasCome, YearHasCome, days_constraint, years_constraint
from cluster_portal.records.names import names_constraint
from cluster_portal.records.ordering import sort_key
from cluster_portal.records.phones import PhoneField, phones_constraint
from cluster_portal.records.publication import Publication, Status, choices_constraint
from cluster_portal.records.questions import Question
from cluster_portal.records.websites import validate_website, websites_constraint
from cluster_portal.writing.translated import Translated
from members.countries import HOME, country_field, country_known, country_name
from members.identifiers import (
    NOT_A_NUMBER,
    IsIdentifier,
    validate_naf,
    validate_rnsr,
    validate_ror,
    validate_siren,
    validate_siret,
    validate_uai,
)
from members.logos import logo_field
from members.positions import department_of, questions_on_position
from members.querysets import ContactPersonQuerySet, KindManager, OrganisationQuerySet, RowsOfOrganisation, SiteQuerySet

from .clusters import Cluster
from .places import Department, Region
from .themes import Theme

SUCCESSORS_IN_CIRCLE = _("These organisations would have taken each other over, in a circle.")
SUPERVISORS_IN_CIRCLE = _("These bodies would supervise each other, in a circle, or one of them itself.")
SIRET_OF_ANOTHER = _("The SIRET of a site begins with the SIREN of its organisation.")
SIRET_TWICE = _("A site of another organisation already has this SIRET.")


class Kind(models.TextChoices):
    COMPANY = "company", _("Company")
    LABORATORY = "laboratory", _("Laboratory")
    INSTITUTION = "institution", _("Institution")


class Size(models.TextChoices):
    """Décret n° 2008-1354 of 18 December 2008, article 3."""

    MICRO = "micro", _("Micro-enterprise")
    SME = "sme", _("SME")
    MIDCAP = "midcap", _("Mid-cap")
    LARGE = "large", _("Large company")


class Headcount(models.TextChoices):
    """The bands of the SIRENE register, by their codes."""

    NONE = "00", _("no employee")
    B1 = "01", _("1 or 2 people")
    B3 = "02", _("3 to 5 people")
    B6 = "03", _("6 to 9 people")
    B10 = "11", _("10 to 19 people")
    B20 = "12", _("20 to 49 people")
    B50 = "21", _("50 to 99 people")
    B100 = "22", _("100 to 199 people")
    B200 = "31", _("200 to 249 people")
    B250 = "32", _("250 to 499 people")
    B500 = "41", _("500 to 999 people")
    B1000 = "42", _("1,000 to 1,999 people")
    B2000 = "51", _("2,000 to 4,999 people")
    B5000 = "52", _("5,000 to 9,999 people")
    B10000 = "53", _("10,000 people or more")


class InstitutionType(models.TextChoices):
    HIGHER_EDUCATION = "higher_education", _("Higher education")
    RESEARCH_BODY = "research_body", _("National research body")
    HOSPITAL = "hospital", _("Hospital")
    TECHNICAL_CENTRE = "technical_centre", _("Technical centre")
    TRAINING = "training", _("Training")
    AUTHORITY = "authority", _("Public authority")
    SUPPORT = "support", _("Support network or cluster partner")
    FOUNDATION = "foundation", _("Foundation")
    FUNDER = "funder", _("Funder")


class Organisation(Publication):
    """A company, a laboratory or an institution.

    One table, so that one search, one list and one export serve all three; the check constraints
    tie each kind to the attributes that it may have.
    """

    Kind = Kind
    Size = Size
    Headcount = Headcount
    InstitutionType = InstitutionType

    kind = models.CharField(_("kind"), max_length=11, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=250)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    description_fr = models.TextField(_("description in French"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    themes = models.ManyToManyField(Theme, related_name="organisations", blank=True, verbose_name=_("themes"))
    founding_year = models.PositiveSmallIntegerField(
        _("founding year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1100), MaxValueValidator(2100)],
    )
    website = models.URLField(_("website"), blank=True, validators=[validate_website])
    email = models.EmailField(
        _("general e-mail"),
        blank=True,
        help_text=_("The organisation’s address, not a person’s."),
    )
    phone = PhoneField(_("general phone"))
    logo = logo_field("organisations")
    national = models.BooleanField(
        _("works nationwide"),
        default=False,
        help_text=_("It is then found in every region, and its page says so."),
    )

    country = country_field(help_text=_("Where it is at home; its sites may be elsewhere."))
    siren = models.CharField("SIREN", max_length=9, blank=True, validators=[validate_siren])
    ror_id = models.CharField("ROR", max_length=9, blank=True, validators=[validate_ror])
    size = models.CharField(_("size"), max_length=6, choices=Size.choices, blank=True)
    naf_code = models.CharField(
        _("NAF code"),
        max_length=6,
        blank=True,
        validators=[validate_naf],
    )
    headcount = models.CharField(_("headcount"), max_length=2, choices=Headcount.choices, blank=True)
    rnsr_id = models.CharField("RNSR", max_length=10, blank=True, validators=[validate_rnsr])
    supervisors = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="supervised",
        verbose_name=_("supervising bodies"),
    )
    uai_code = models.CharField("UAI", max_length=8, blank=True, validators=[validate_uai])
    institution_type = models.CharField(
        pgettext_lazy("institution", "type"),
        max_length=16,
        choices=InstitutionType.choices,
        blank=True,
    )

    closed_on = models.DateField(
        _("closed on"),
        null=True,
        blank=True,
        help_text=_("The day the organisation ceased."),
    )
    successor = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("taken over by"),
    )
    lead_cluster = models.ForeignKey(
        Cluster,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kept by"),
        help_text=_("The cluster whose editors keep the name, the sites and the description. Blank: the network."),
    )
    verified_on = models.DateField(_("last verified"), null=True, blank=True)
    verified_by = models.ForeignKey(
        Cluster,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="verifications",
        verbose_name=_("verified by"),
    )
    verified_source = models.CharField(_("source of the verification"), max_length=200, blank=True)
    is_demo = models.BooleanField(_("invented (demo network)"), default=False, editable=False)
    sort_name = sort_key("name")

    description = Translated("description")
    objects = OrganisationQuerySet.as_manager()
    # what triggers refuse, under the names that they give
    refused_by_triggers = {
        "members_organisation_successors_in_circle": SUCCESSORS_IN_CIRCLE,
        "members_organisation_supervisors_in_circle": SUPERVISORS_IN_CIRCLE,
        "members_site_siret_of_its_organisation": SIRET_OF_ANOTHER,
        "members_site_siret_of_one_organisation": SIRET_TWICE,
    }

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["sort_name", "pk"]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="members_organisation_by_name"),
            models.Index(fields=["-verified_on", "id"], name="members_organisation_verified"),
            models.Index(fields=["verified_by"], name="members_organisation_verifier"),
            models.Index(
                fields=["id"],
                condition=Q(is_demo=True),
                name="members_organisation_demo",
            ),
        ]
        constraints = [
            choices_constraint("status", Status),
            choices_constraint("kind", Kind),
            choices_constraint("size", Size, blank=True),
            choices_constraint("headcount", Headcount, blank=True),
            choices_constraint("institution_type", InstitutionType, blank=True),
            country_known(),
            models.CheckConstraint(
                condition=Q(kind="company") | Q(size="", naf_code="", headcount=""),
                name="members_organisation_company_only",
                violation_error_message=_("Size, NAF code and headcount are for companies only."),
            ),
            models.CheckConstraint(
                condition=Q(kind="laboratory") | Q(rnsr_id=""),
                name="members_organisation_laboratory_only",
                violation_error_message=_("An RNSR number is for laboratories only."),
            ),
            models.CheckConstraint(
                condition=Q(kind="institution") | Q(uai_code="", institution_type=""),
                name="members_organisation_institution_only",
                violation_error_message=_("UAI code and type are for institutions only."),
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(successor=F("id")),
                name="members_organisation_not_its_own_successor",
                violation_error_message=_("An organisation cannot take itself over."),
            ),
            names_constraint("name", optional=("acronym",)),
            days_constraint("closed_on", "verified_on"),
            years_constraint(1100, 2100, "founding_year"),
            models.CheckConstraint(
                condition=Q(YearHasCome(F("founding_year"))),
                name="members_organisation_founded_by_now",
                violation_error_message=_("The founding year is in the future."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(founding_year=None) | Q(closed_on__year__gte=F("founding_year")),
                name="members_organisation_closed_after_founding",
                violation_error_message=_("An organisation closes in or after the year it was founded."),
            ),
            models.CheckConstraint(
                condition=Q(DayHasCome(F("verified_on"))),
                name="members_organisation_verified_by_now",
                violation_error_message=_("The day of the verification is in the future."),
            ),
            websites_constraint("website"),
            phones_constraint(),
            *(
                models.CheckConstraint(
                    condition=Q(IsIdentifier(F(column), function=function)),
                    name=f"members_organisation_{column}_exists",
                    violation_error_message=format_lazy(NOT_A_NUMBER, name=name),
                )
                for column, function, name in (
                    ("siren", "members_is_siren", "SIREN"),
                    ("rnsr_id", "members_is_rnsr", "RNSR"),
                    ("uai_code", "members_is_uai", "UAI"),
                    ("ror_id", "members_is_ror", "ROR"),
                    ("naf_code", "members_is_naf", "NAF"),
                )
            ),
            models.UniqueConstraint(
                fields=["siren"],
                condition=~Q(siren="") & Q(kind="company") & ~Q(status="archived"),
                name="members_organisation_siren_once",
                violation_error_message=_("Another company already has this SIREN."),
            ),
            models.UniqueConstraint(
                fields=["rnsr_id"],
                condition=~Q(rnsr_id="") & ~Q(status="archived"),
                name="members_organisation_rnsr_once",
                violation_error_message=_("Another laboratory already has this RNSR number."),
            ),
            models.UniqueConstraint(
                fields=["uai_code"],
                condition=~Q(uai_code="") & ~Q(status="archived"),
                name="members_organisation_uai_once",
                violation_error_message=_("Another institution already has this UAI code."),
            ),
            models.UniqueConstraint(
                fields=["ror_id"],
                condition=~Q(ror_id="") & ~Q(status="archived"),
                name="members_organisation_ror_once",
                violation_error_message=_("Another organisation already has this ROR id."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("members:organisation-detail", args=[self.slug])

    def clean(self):
        if self.pk and self.successor_id and Organisation.objects.follows(self.successor_id, self.pk):
            raise ValidationError({"successor": SUCCESSORS_IN_CIRCLE})


class Company(Organisation):
    """A business, of a size in the sense of French law."""

    objects = KindManager("company")

    class Meta:
        proxy = True
        verbose_name = _("company")
        verbose_name_plural = _("companies")


class Laboratory(Organisation):
    """A research unit, with the bodies that supervise it."""

    objects = KindManager("laboratory")

    class Meta:
        proxy = True
        verbose_name = _("laboratory")
        verbose_name_plural = _("laboratories")


class Institution(Organisation):
    """Whoever teaches, supervises, funds or supports: a university, a research body, a hospital, an authority..."""

    objects = KindManager("institution")

    class Meta:
        proxy = True
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")


class OrganisationNameKind(models.TextChoices):
    FORMER = "former", _("Former name")
    TRADE = "trade", _("Trade name")


class OrganisationName(models.Model):
    """Another name that an organisation is, or was, known by: searched like the name itself."""

    Kind = OrganisationNameKind

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")
    name = models.CharField(_("name"), max_length=250)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices, default=Kind.FORMER)
    until = models.PositiveSmallIntegerField(_("used until (year)"), null=True, blank=True)

    objects = RowsOfOrganisation.as_manager()

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["-until", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="members_organisationname_once",
                violation_error_message=_("This name is already in the list."),
            ),
            choices_constraint("kind", OrganisationNameKind),
            names_constraint("name"),
            years_constraint(1100, 2100, "until"),
        ]

    def __str__(self):
        return self.name


class Site(models.Model):
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
        if not self.siret:
            return
        if not self.has_siret_of_its_organisation():
            raise ValidationError({"siret": SIRET_OF_ANOTHER})
        if Site.objects.with_siret_elsewhere(self.siret, self.organisation).exists():
            raise ValidationError({"siret": SIRET_TWICE})

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
            yield Question(
                "site-postcode",
                (self.postcode, self.department.insee_code),
                _("The postcode %(postcode)s is not one of %(department)s.")
                % {"postcode": self.postcode, "department": self.department},
                ("postcode", "department"),
            )


class ContactPerson(models.Model):
    """Somebody to speak to, for one cluster. Private unless the person agreed; never searched, exported or logged.

    Without a cluster, the network's own: no editor of a cluster sees it.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="contacts")
    cluster = models.ForeignKey(
        Cluster,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("known to"),
        help_text=_(
            "The cluster that speaks to this person. Its editors and the network see the person, nobody else does."
        ),
    )
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = PhoneField(_("phone"))
    agreed_on = models.DateField(
        _("agreed to be shown on"),
        null=True,
        blank=True,
        help_text=_("Leave blank to keep this person private."),
    )

    objects = ContactPersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ["name", "pk"]
        constraints = [
            names_constraint("name", optional=("role",)),
            phones_constraint(),
            days_constraint("agreed_on"),
            models.CheckConstraint(
                condition=Q(DayHasCome(F("agreed_on"))),
                name="members_contactperson_agreed_by_now",
                violation_error_message=_("The day of the agreement is in the future."),
            ),
        ]

    def __str__(self):
        return self.name
