from django.contrib import admin
from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import PortalAdmin
from cluster_portal.admin.base import link
from cluster_portal.admin.counts import counted
from cluster_portal.records.ordering import InLanguage
from cluster_portal.writing.typography import euros
from projects.models import Funder, Funding, Programme


@admin.register(Programme)
class ProgrammeAdmin(PortalAdmin):
    list_display = ["title", "acronym", "funder_link", "years", "projects_number", "website"]
    list_filter = ["funder__level"]
    list_per_page = 100
    search_fields = ["name_fr", "name_en", "acronym", "funder__name_fr", "funder__acronym"]
    ordering = [InLanguage("sort_name"), "pk"]
    slug_from = ("acronym", "name_fr")
    fields = ["name_fr", "name_en", "acronym", "slug", "funder", ("first_year", "last_year"), "website"]

    def for_list(self, rows, user):
        return rows.select_related("funder").annotate(projects_count=counted(Funding, "programme", distinct="project"))

    def for_form(self, rows):
        return rows.select_related("funder")

    @admin.display(description=_("programme"), ordering=InLanguage("sort_name"))
    def title(self, obj):
        return obj.name

    @admin.display(description=_("funder"), ordering=InLanguage("funder__sort_name"))
    def funder_link(self, obj):
        return link(reverse("admin:projects_funder_change", args=[obj.funder_id]), obj.funder) if obj.funder else None

    @admin.display(description=_("years"), ordering="first_year")
    def years(self, obj):
        return f"{obj.first_year or '?'}–{obj.last_year or ''}" if obj.first_year or obj.last_year else None

    @admin.display(description=_("projects"), ordering="projects_count")
    def projects_number(self, obj):
        return link(f"{reverse('admin:projects_project_changelist')}?programme={obj.slug}", obj.projects_count)


@admin.register(Funder)
class FunderAdmin(PortalAdmin):
    list_display = ["title", "acronym", "level", "programmes_number", "amount", "website"]
    list_filter = ["level"]
    search_fields = ["name_fr", "name_en", "acronym"]
    ordering = [InLanguage("sort_name"), "pk"]
    slug_from = ("acronym", "name_fr")
    fields = ["name_fr", "name_en", "acronym", "slug", "level", "website"]

    def for_list(self, rows, user):
        return rows.annotate(programmes_count=counted(Programme, "funder"), paid=Sum("programmes__fundings__amount"))

    @admin.display(description=_("funder"), ordering=InLanguage("sort_name"))
    def title(self, obj):
        return obj.name

    @admin.display(description=_("programmes"), ordering="programmes_count")
    def programmes_number(self, obj):
        return obj.programmes_count

    @admin.display(description=_("paid by its programmes"), ordering="paid")
    def amount(self, obj):
        return euros(obj.paid) or None
