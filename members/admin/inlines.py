"""What belongs to an organisation, as rows of its form."""

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

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
    under_identity = True
    model = ContactPerson
    fields = ["name", "role", "email", "phone", "cluster", "agreed_on"]
    fetched = ("cluster",)


class MembershipRows(DatedRows):
    together, first, last, last_included = "cluster_id", "joined_on", "left_on", False
    constraint = "members_membership_no_overlap"


class MembershipInline(OfOwnCluster, PortalTabularInline):
    under_identity = True
    model = Membership
    formset = MembershipRows
    fields = ["cluster", "category", "joined_on", "left_on", "onwards"]
    readonly_fields = ["onwards"]
    fetched = ("organisation", "cluster")

    @admin.display(description=_("end, take up again"))
    def onwards(self, obj):
        """To the page that ends it, or takes it up again; of a row that is not saved yet, to none."""
        if obj is None or obj.pk is None:
            return ""
        has_left = obj.left_on is not None and obj.left_on <= timezone.localdate()
        way, text = ("take_up", _("Take up again…")) if has_left else ("end", _("End…"))
        back = reverse("admin:members_organisation_change", args=[obj.organisation_id])
        query = urlencode({"of": obj.pk, REDIRECT_FIELD_NAME: back})
        return format_html('<a href="{}?{}">{}</a>', reverse(f"admin:members_membership_{way}"), query, text)
