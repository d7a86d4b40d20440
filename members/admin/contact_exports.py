"""What is kept of files with contact persons: to be read by whoever answers for the people of the cluster."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import WrittenByTheSite
from members.models import ContactExport


@admin.register(ContactExport)
class ContactExportAdmin(WrittenByTheSite):
    list_display = ["at", "user", "cluster", "purpose", "people", "rows"]
    search_fields = ["purpose"]
    search_help_text = _("Words of the purpose")
    ordering = ["-at", "-pk"]
    fields = readonly_fields = [
        "at", "user", "cluster", "purpose", "people", "rows", "filters", "address", "columns", "format",
    ]  # fmt: skip

    def for_list(self, rows, user):
        return rows.select_related("user", "cluster")
