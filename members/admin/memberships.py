from functools import partial

from django.contrib import admin
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import PortalAdmin
from cluster_portal.admin.base import link
from cluster_portal.admin.search import DocumentSearch, documents_matching
from members.models import Membership, Organisation

from . import endings, finding, new_member
from .at_once import REPLACE_CATEGORY, SET_CATEGORY, SET_JOINED
from .exports import MembershipsExported
from .filters import ClusterOfMembership, CurrentMembership, MembershipNeeds
from .own import OfOwnCluster


@admin.register(Membership)
class MembershipAdmin(MembershipsExported, OfOwnCluster, PortalAdmin):
    list_display = ["organisation_name", "cluster_link", "category", "joined_on", "left_on"]
    list_filter = [MembershipNeeds, CurrentMembership, ClusterOfMembership]
    search_fields = ["organisation__name"]
    ordering = ["-joined_on", "-pk"]  # unknown dates first: they are to be found
    search_help_text = _("Words of the organisation")
    fields = ["organisation", "cluster", "category", "joined_on", "left_on"]
    verbs = (
        endings.END_MEMBERSHIPS,
        endings.TAKE_UP_AGAIN,
        SET_CATEGORY,
        REPLACE_CATEGORY,
        SET_JOINED,
    )  # what is a mistake is deleted one by one
    more_tools = ((_("Bring a file in"), "admin:members_importbatch_add"),)

    def get_urls(self):
        pages = {
            "find": finding.find, "join": finding.join, "new": new_member.new, "alike": new_member.alike,
            "end": endings.end, "take_up": endings.take_up,
        }  # fmt: skip
        return [
            *(
                path(f"{name.replace('_', '-')}/", self._page(view), name=f"members_membership_{name}")
                for name, view in pages.items()
            ),
            *super().get_urls(),
        ]

    def add_url(self, request, typed):
        """A member is looked for before it is added."""
        return f"{reverse('admin:members_membership_find')}?{urlencode({'q': typed})}"

    def rows_by_name(self, request):
        return Organisation.objects.editable_by(request.user)

    spelt_otherwise = DocumentSearch.spelt_otherwise

    def _page(self, view):
        return self.admin_site.admin_view(partial(view, self))

    def for_list(self, rows, user):
        return rows.select_related("organisation", "cluster")

    def for_form(self, rows):
        return rows.select_related("organisation", "cluster")

    def get_search_results(self, request, queryset, search_term):
        if not search_term.strip():
            return queryset, False
        return queryset.filter(organisation__in=documents_matching(Organisation.objects.order_by(), search_term)), False

    @admin.display(description=_("organisation"), ordering="organisation__sort_name")
    def organisation_name(self, obj):
        return str(obj.organisation)

    @admin.display(description=_("cluster"), ordering="cluster__sort_name")
    def cluster_link(self, obj):
        return link(f"?cluster={obj.cluster.slug}", obj.cluster)
