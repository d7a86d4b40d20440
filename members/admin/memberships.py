from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import PortalAdmin
from cluster_portal.admin.base import link
from cluster_portal.admin.search import documents_matching
from members.models import Membership, Organisation

from .filters import ClusterOfMembership, CurrentMembership
from .own import OfOwnCluster


@admin.register(Membership)
class MembershipAdmin(OfOwnCluster, PortalAdmin):
    list_display = ["organisation_name", "cluster_link", "category", "joined_on", "left_on"]
    list_filter = [CurrentMembership, ClusterOfMembership]
    search_fields = ["organisation__name"]
    ordering = ["-joined_on", "-pk"]  # unknown dates first: they are to be found
    search_help_text = _("Words of the organisation")
    fields = ["organisation", "cluster", "category", "joined_on", "left_on"]

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
