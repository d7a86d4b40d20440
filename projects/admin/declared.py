from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import PortalAdmin
from cluster_portal.admin.base import link
from projects.figure_tables import WRITTEN
from projects.models import DeclaredFigure


@admin.register(DeclaredFigure)
class DeclaredFigureAdmin(PortalAdmin):
    list_display = ["indicator", "figure", "year", "scope", "source", "source_link"]
    list_filter = ["indicator", "year"]
    search_fields = ["source", "note_fr", "note_en", "cluster__name", "region__name", "theme__name_fr"]
    ordering = ["indicator", "-year", "pk"]
    fieldsets = [
        (None, {"fields": ["indicator", ("value", "unit"), "year", ("first_day", "last_day")]}),
        (_("Where it was published"), {"fields": ["source", "link"]}),
        (
            _("Of what it speaks"),
            {
                "fields": ["cluster", "region", "theme", "note_fr", "note_en"],
                "description": _("Leave all three blank for a figure of the whole network."),
            },
        ),
    ]

    def for_list(self, rows, user):
        return rows.select_related("cluster", "region", "theme")

    def for_form(self, rows):
        return rows.select_related("cluster", "region", "theme")

    @admin.display(description=_("value"), ordering="value")
    def figure(self, obj):
        return WRITTEN[obj.unit](obj.value)

    @admin.display(description=_("of what"))
    def scope(self, obj):
        for name in ("cluster", "region", "theme"):
            if found := getattr(obj, name):
                return link(reverse(f"admin:members_{name}_change", args=[found.pk]), found)
        return _("The whole network")

    @admin.display(description=_("source page"))
    def source_link(self, obj):
        return link(obj.link, _("Open")) if obj.link else None
