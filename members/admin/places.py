from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import PortalAdmin
from cluster_portal.admin.base import link
from cluster_portal.admin.counts import counted
from members.models import ClusterRegion, Department, Region, Site

from .filters import RegionOfDepartment


@admin.register(Region)
class RegionAdmin(PortalAdmin):
    list_display = ["name", "insee_code", "departments_number", "clusters_number", "organisations_number", "overseas"]
    list_filter = ["overseas"]
    search_fields = ["name", "insee_code"]
    ordering = ["sort_name", "pk"]
    slug_from = ("name",)
    fieldsets = [
        (None, {"fields": ["name", "slug", "locative_fr", "overseas", "population"]}),
        (_("Codes"), {"fields": ["insee_code", "iso_code", "nuts_code", "shape_code"]}),
    ]

    def for_list(self, rows, user):
        return rows.annotate(
            departments_count=counted(Department, "region"),
            clusters_count=counted(ClusterRegion, "region"),
            organisations_count=counted(Site, "region", distinct="organisation"),
        )

    @admin.display(description=_("departments"), ordering="departments_count")
    def departments_number(self, obj):
        return link(f"{reverse('admin:members_department_changelist')}?region={obj.slug}", obj.departments_count)

    @admin.display(description=_("clusters"), ordering="clusters_count")
    def clusters_number(self, obj):
        return link(f"{reverse('admin:members_cluster_changelist')}?region={obj.slug}", obj.clusters_count)

    @admin.display(description=_("organisations"), ordering="organisations_count")
    def organisations_number(self, obj):
        url = f"{reverse('admin:members_organisation_changelist')}?region={obj.slug}"
        return link(url, obj.organisations_count)


@admin.register(Department)
class DepartmentAdmin(PortalAdmin):
    list_display = ["name", "insee_code", "region_link", "sites_number"]
    list_filter = [RegionOfDepartment]
    search_fields = ["name", "insee_code", "region__name"]
    ordering = ["sort_name", "pk"]
    slug_from = ("name",)
    fields = ["name", "slug", "locative_fr", "insee_code", "region"]

    def for_list(self, rows, user):
        return rows.select_related("region").annotate(sites_count=counted(Site, "department"))

    def for_form(self, rows):
        return rows.select_related("region")

    @admin.display(description=_("region"), ordering="region__sort_name")
    def region_link(self, obj):
        return link(reverse("admin:members_region_change", args=[obj.region_id]), obj.region) if obj.region else None

    @admin.display(description=_("sites"), ordering="sites_count")
    def sites_number(self, obj):
        return obj.sites_count
