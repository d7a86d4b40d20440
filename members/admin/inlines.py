"""What belongs to an organisation, as rows of its form."""

from cluster_portal.admin import DatedRows, PortalStackedInline, PortalTabularInline, RowsOfOneParent
from members.models import ContactPerson, FurtherNumber, Membership, OrganisationName, Site, UnitNumber
from members.models.sites import SIRET_OF_ANOTHER

from .countries import WithCountry
from .identifiers import WithIdentifiers
from .own import OfOwnCluster


class SiteRows(RowsOfOneParent):
    def clean(self):
        """A new SIREN of the organisation is held against the sites that nobody touched, too."""
        super().clean()
        for form in self.kept_forms():
            if self.instance.pk and not form.has_changed() and not form.instance.has_siret_of_its_organisation():
                form.add_error(None, SIRET_OF_ANOTHER)


class SiteInline(WithIdentifiers, WithCountry, PortalStackedInline):
    model = Site
    formset = SiteRows
    fetched = ("organisation", "department", "region")
    fields = [
        ("name", "head_office", "siret"), ("address", "postcode"), ("city", "country"), ("department", "region"),
        ("latitude", "longitude", "precision"),
    ]  # fmt: skip


class NameInline(PortalTabularInline):
    model = OrganisationName
    fields = ["name", "kind", "until"]


class UnitNumberInline(WithIdentifiers, PortalTabularInline):
    model = UnitNumber
    fields = ["label", "number"]


class FurtherNumberInline(WithIdentifiers, PortalTabularInline):
    model = FurtherNumber
    fields = ["kind", "value"]


class ContactInline(OfOwnCluster, PortalTabularInline):
    model = ContactPerson
    fields = ["name", "role", "email", "phone", "cluster", "agreed_on"]
    fetched = ("cluster",)


class MembershipRows(DatedRows):
    together, first, last, last_included = "cluster_id", "joined_on", "left_on", False
    constraint = "members_membership_no_overlap"


class MembershipInline(OfOwnCluster, PortalTabularInline):
    model = Membership
    formset = MembershipRows
    fields = ["cluster", "category", "joined_on", "left_on"]
    fetched = ("organisation", "cluster")
