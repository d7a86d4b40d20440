from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from cluster_portal.records.days import DayHasCome, YearHasCome, days_constraint, years_constraint
from cluster_portal.records.names import names_constraint
from cluster_portal.records.ordering import sort_key
from cluster_portal.records.phones import PhoneField, phones_constraint
from cluster_portal.records.publication import Publication, Status, choices_constraint
from cluster_portal.records.rows import FormRow
from cluster_portal.records.websites import validate_website, websites_constraint
from cluster_portal.writing.translated import Translated
from members.countries import country_field, country_known
from members.identifiers import (
    NOT_A_NUMBER,
    IsIdentifier,
    validate_naf,
    validate_rnsr,
    validate_ror,
    validate_siren,
    validate_uai,
)
from members.logos import logo_field
from members.querysets import ContactPersonQuerySet, KindManager, OrganisationQuerySet, RowsOfOrganisation

from .clusters import Cluster
from .themes import Theme

SUCCESSORS_IN_CIRCLE = _("These organisations would have taken each other over, in a circle.")
SUPERVISORS_IN_CIRCLE = _("These bodies would supervise each other, in a circle, or one of them itself.")
NUMBER_TWICE = _("Another organisation already has this number.")


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


ITSELF = _("the organisation")


def source_itself() -> str:
    """How a verification by the organisation itself names its source; it stands on the page as it is."""
    with override(settings.LANGUAGE_CODE):
        return str(ITSELF)


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
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
        help_text="It was the same one: its address and its number answer with that one.",
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
        "members_number_of_one_organisation": NUMBER_TWICE,
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
            models.CheckConstraint(
                condition=Q(merged_into=None) | Q(status="archived") & ~Q(merged_into=F("id")),
                name="members_organisation_merged_is_archived",
                violation_error_message=_("It was merged into another: take the merger back first."),
            ),
            names_constraint("name", optional=("acronym",)),
            days_constraint("closed_on", "verified_on", "publish_on"),
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

    @property
    def is_confirmed_by_itself(self) -> bool:
        """Whether it is the organisation that said last that its page is right, and no cluster."""
        return bool(self.verified_on) and not self.verified_by_id and self.verified_source == source_itself()

    def clean(self):
        if self.pk and self.successor_id and Organisation.objects.follows(self.successor_id, self.pk):
            raise ValidationError({"successor": SUCCESSORS_IN_CIRCLE})
        others = Organisation.objects.exclude(pk=self.pk)
        if self.status != Status.ARCHIVED and any(
            others.bearing_further(kind, number).exists()
            for kind, number in (("uai", self.uai_code), ("rnsr", self.rnsr_id), ("ror", self.ror_id))
            if number
        ):
            raise ValidationError(NUMBER_TWICE)


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


class OrganisationName(FormRow):
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


class ContactPerson(FormRow):
    """Somebody to speak to, for one cluster. Private unless the person agreed; never searched or logged, in no public file.

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
