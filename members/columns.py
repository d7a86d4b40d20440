"""The columns of files of organisations and clusters: what the export writes and the import understands.

The names are those of the fields where there is one. A label is told apart from every other in its language, for a file
is read by its labels again.
"""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cluster_portal.exchange.columns import Column, Words, choice, plain, several
from cluster_portal.records.publication import Status
from members.countries import country_names
from members.models import LabelPeriod, Organisation, Site

IDENTITY, NUMBERS = _("Identity"), _("Official numbers")
ACTIVITY, PLACE = pgettext_lazy("columns", "Activity"), pgettext_lazy("columns", "Head office or first site")
NETWORK, MEMBERSHIP, CONTACT = (
    pgettext_lazy("columns", "Network"),
    pgettext_lazy("columns", "Membership"),
    pgettext_lazy("columns", "Contact person"),
)


def _country(row, words: Words) -> str:
    return country_names(words.language).get(row.country, row.country)


def _of_site(key: str):
    """Of the head office, or else of the first site."""
    return lambda row, words: (row.site or {}).get(key) or ""


def _precision(row, words: Words) -> str:
    return words.label(Site.Precision, (row.site or {}).get("precision"))


def _degrees(key: str):
    def value(row, words: Words) -> Decimal | None:
        text = (row.site or {}).get(key)
        return None if text is None else Decimal(text)

    return value


def _day(found: dict | None, key: str) -> date | None:
    text = (found or {}).get(key)
    return date.fromisoformat(text) if text else None


def _of_contact(key: str):
    return lambda row, words: (row.contact or {}).get(key) or ""


ORGANISATION_COLUMNS = (
    Column("slug", pgettext_lazy("column", "Identifier in the directory"), plain("slug"), IDENTITY, public=True),
    Column("kind", pgettext_lazy("column", "Kind"), choice("kind", Organisation.Kind), IDENTITY, public=True),
    Column("name", pgettext_lazy("column", "Name"), plain("name"), IDENTITY, public=True),
    Column("acronym", pgettext_lazy("column", "Acronym"), plain("acronym"), IDENTITY, public=True),
    Column("former_names", pgettext_lazy("column", "Former names"), several("former_names"), IDENTITY, public=True),
    Column("trade_names", pgettext_lazy("column", "Trade names"), several("trade_names"), IDENTITY, public=True),
    Column("description_fr", pgettext_lazy("column", "Description in French"), plain("description_fr"), ACTIVITY, public=True),
    Column("description_en", pgettext_lazy("column", "Description in English"), plain("description_en"), ACTIVITY, public=True),
    Column("themes", pgettext_lazy("column", "Themes"), several("theme_names"), ACTIVITY, public=True),
    Column("founding_year", pgettext_lazy("column", "Founding year"), plain("founding_year"), IDENTITY, public=True),
    Column("website", pgettext_lazy("column", "Website"), plain("website"), IDENTITY, public=True),
    # behind a link on the page, never printed there: a file of all of them would be a harvest
    Column("email", pgettext_lazy("column", "General e-mail"), plain("email"), IDENTITY),
    Column("phone", pgettext_lazy("column", "General phone"), plain("phone"), IDENTITY, public=True),
    Column(
        "national",
        pgettext_lazy("column", "Works nationwide"),
        lambda row, words: row.national,
        IDENTITY,
        public=True,
    ),
    Column("country", pgettext_lazy("column", "Country"), _country, IDENTITY, public=True),
    Column("siren", pgettext_lazy("column", "SIREN"), plain("siren"), NUMBERS, public=True),
    # found by whoever searches for them, and shown nowhere
    Column("further_numbers", pgettext_lazy("column", "Further official numbers"), several("numbers"), NUMBERS),
    Column("ror_id", pgettext_lazy("column", "ROR"), plain("ror_id"), NUMBERS, public=True),
    Column("size", pgettext_lazy("column", "Company size"), choice("size", Organisation.Size), ACTIVITY, public=True),
    Column("naf_code", pgettext_lazy("column", "NAF code"), plain("naf_code"), ACTIVITY, public=True),
    Column("headcount", pgettext_lazy("column", "Headcount"), choice("headcount", Organisation.Headcount), ACTIVITY, public=True),
    Column("rnsr_id", pgettext_lazy("column", "RNSR"), plain("rnsr_id"), NUMBERS, public=True),
    Column("unit_numbers", pgettext_lazy("column", "Unit numbers"), several("units"), NUMBERS, public=True),
    Column("supervisors", pgettext_lazy("column", "Supervising bodies"), several("bodies"), NETWORK, public=True),
    Column("uai_code", pgettext_lazy("column", "UAI"), plain("uai_code"), NUMBERS, public=True),
    Column(
        "institution_type",
        pgettext_lazy("column", "Type of institution"),
        choice("institution_type", Organisation.InstitutionType),
        ACTIVITY,
        public=True,
    ),
    Column("closed_on", pgettext_lazy("column", "Closed on"), plain("closed_on"), IDENTITY, public=True),
    Column("siret", pgettext_lazy("column", "SIRET"), _of_site("siret"), NUMBERS, public=True),
    Column("address", pgettext_lazy("column", "Address"), _of_site("address"), PLACE, public=True),
    Column("postcode", pgettext_lazy("column", "Postcode"), _of_site("postcode"), PLACE, public=True),
    Column("city", pgettext_lazy("column", "Town"), _of_site("city"), PLACE, public=True),
    Column("department", pgettext_lazy("column", "Department"), _of_site("department"), PLACE, public=True),
    Column("region", pgettext_lazy("column", "Region"), _of_site("region"), PLACE, public=True),
    Column("latitude", pgettext_lazy("column", "Latitude"), _degrees("latitude"), PLACE, public=True),
    Column("longitude", pgettext_lazy("column", "Longitude"), _degrees("longitude"), PLACE, public=True),
    Column("precision", pgettext_lazy("column", "Precision of the coordinates"), _precision, PLACE, public=True),
    Column(
        "clusters",
        pgettext_lazy("column", "Clusters"),
        lambda row, words: words.named("cluster", row.member_of),
        NETWORK,
        public=True,
    ),
    Column("status", pgettext_lazy("column", "Publication status"), choice("status", Status), NETWORK),
    Column("verified_on", pgettext_lazy("column", "Verified on"), plain("verified_on"), NETWORK, public=True),
    Column(
        "verified_by",
        pgettext_lazy("column", "Verified by"),
        lambda row, words: "".join(words.named("cluster", [row.verified_by])),
        NETWORK,
        public=True,
    ),
    Column(
        "verified_source",
        pgettext_lazy("column", "Source of the verification"),
        plain("verified_source"),
        NETWORK,
        public=True,
    ),
)  # fmt: skip

# In the lists of staff, of what one cluster says of its members.
MEMBERSHIP_COLUMNS = (
    Column(
        "category",
        pgettext_lazy("column", "Membership category"),
        lambda row, words: (row.membership or {}).get("category") or "",
        MEMBERSHIP,
    ),
    Column(
        "joined_on",
        pgettext_lazy("column", "Member since"),
        lambda row, words: _day(row.membership, "joined_on"),
        MEMBERSHIP,
    ),
    Column(
        "left_on", pgettext_lazy("column", "Left on"), lambda row, words: _day(row.membership, "left_on"), MEMBERSHIP
    ),
)

# In a list of memberships, whose each is.
OWN_CLUSTER = Column(
    "cluster",
    pgettext_lazy("column", "Member of"),
    lambda row, words: "".join(words.named("cluster", [row.cluster])),
    MEMBERSHIP,
)

# With contacts, for a purpose that is kept: a row for each person, or one without any.
CONTACT_COLUMNS = (
    Column("contact_name", pgettext_lazy("column", "Contact: name"), _of_contact("name"), CONTACT),
    Column("contact_role", pgettext_lazy("column", "Contact: role"), _of_contact("role"), CONTACT),
    Column("contact_email", pgettext_lazy("column", "Contact: e-mail"), _of_contact("email"), CONTACT),
    Column("contact_phone", pgettext_lazy("column", "Contact: phone"), _of_contact("phone"), CONTACT),
)

EVERY_ORGANISATION_COLUMN = (*ORGANISATION_COLUMNS, *MEMBERSHIP_COLUMNS, *CONTACT_COLUMNS)


CLUSTER_COLUMNS = (
    Column("slug", pgettext_lazy("column", "Identifier in the directory"), plain("slug"), IDENTITY, public=True),
    Column("name", pgettext_lazy("column", "Name"), plain("name"), IDENTITY, public=True),
    Column("acronym", pgettext_lazy("column", "Acronym"), plain("acronym"), IDENTITY, public=True),
    Column("former_names", pgettext_lazy("column", "Former names"), several("former_names"), IDENTITY, public=True),
    Column("other_names", pgettext_lazy("column", "Other names"), several("other_names"), IDENTITY, public=True),
    Column("presentation_fr", pgettext_lazy("column", "Presentation in French"), plain("presentation_fr"), ACTIVITY, public=True),
    Column("presentation_en", pgettext_lazy("column", "Presentation in English"), plain("presentation_en"), ACTIVITY, public=True),
    Column("themes", pgettext_lazy("column", "Themes"), several("theme_names"), ACTIVITY, public=True),
    Column("regions", pgettext_lazy("column", "Regions"), several("region_names"), PLACE, public=True),
    Column("city", pgettext_lazy("column", "Town"), plain("city"), PLACE, public=True),
    Column("department", pgettext_lazy("column", "Department"), plain("department_name"), PLACE, public=True),
    Column("latitude", pgettext_lazy("column", "Latitude"), plain("latitude"), PLACE, public=True),
    Column("longitude", pgettext_lazy("column", "Longitude"), plain("longitude"), PLACE, public=True),
    Column("website", pgettext_lazy("column", "Website"), plain("website"), IDENTITY, public=True),
    Column("email", pgettext_lazy("column", "General e-mail"), plain("email"), IDENTITY),
    Column("phone", pgettext_lazy("column", "General phone"), plain("phone"), IDENTITY, public=True),
    Column("founding_year", pgettext_lazy("column", "Founding year"), plain("founding_year"), IDENTITY, public=True),
    Column(
        "label_phase",
        pgettext_lazy("column", "Label phase"),
        lambda row, words: words.label(LabelPeriod.Phase, (row.label or {}).get("phase")),
        NETWORK,
        public=True,
    ),
    Column(
        "labelled_since",
        pgettext_lazy("column", "In that phase since"),
        lambda row, words: _day(row.label, "start"),
        NETWORK,
        public=True,
    ),
    Column(
        "labelled_until",
        pgettext_lazy("column", "In that phase until"),
        lambda row, words: _day(row.label, "end"),
        NETWORK,
        public=True,
    ),
    Column("members", pgettext_lazy("column", "Number of members"), plain("member_count"), NETWORK, public=True),
    Column("status", pgettext_lazy("column", "Publication status"), choice("status", Status), NETWORK),
)  # fmt: skip
