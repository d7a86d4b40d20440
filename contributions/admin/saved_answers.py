from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import PortalAdmin
from contributions.models import SavedAnswer
from members.admin.own import OfOwnCluster


@admin.register(SavedAnswer)
class SavedAnswerAdmin(OfOwnCluster, PortalAdmin):
    list_display = ["title", "whose", "text"]
    search_fields = ["title", "text"]
    search_help_text = _("Words of the title or the text")
    ordering = ["title", "pk"]
    fields = ["cluster", "title", "text"]

    def for_list(self, rows, user):
        return rows.select_related("cluster")

    def for_form(self, rows):
        return rows.select_related("cluster")

    @admin.display(description=_("cluster"), ordering="cluster__sort_name")
    def whose(self, obj):
        return str(obj.cluster) if obj.cluster_id else _("the network")
