"""The import of a file on screen: an address for each step, left and returned to, and the list of past imports."""

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin import PortalAdmin
from cluster_portal.admin.base import link
from cluster_portal.history.reading import taken_back
from cluster_portal.writing.typography import number
from members.admin.filters import ClusterOfMembership
from members.models import ImportBatch
from members.models.imports import COUNTED, Action, State

from . import check, columns, confirm, file, result, upload, values
from .steps import STEPS, address_of, batch_asked, page_of, turn_of

NOT_IN_LISTS = ("layout", "headers", "columns", "constants", "values", "erasing", "declined")


@admin.register(ImportBatch)
class ImportBatchAdmin(PortalAdmin):
    """Nothing of it is edited as a form, and nothing deleted: each import says where it stands, and leads there."""

    change_list_template = "admin/imports/list.html"
    list_display = ["file_name", "subject", "cluster", "uploaded_by", "uploaded_at", "how_far", "counted", "way_on"]
    list_display_links = None
    exclude = ["uploaded_by", "imported_by"]  # no form, and accounts are chosen nowhere
    list_filter = [ClusterOfMembership]
    search_fields = ["file_name"]
    search_help_text = _("A part of the name of the file")

    def get_urls(self):
        pages = {
            "file": file.page, "columns": columns.page, "values": values.page, "check": check.page,
            "confirm": confirm.page, "result": result.page,
        }  # fmt: skip
        steps = [
            path(f"<str:pk>/{step.name}/", page_of(self, step, pages[step.name]), name=f"members_import_{step.name}")
            for step in STEPS
        ]
        others = [
            ("<str:pk>/decide/", check.decide, "decide"),
            ("<str:pk>/decline/", check.decline, "decline"),
            ("<str:pk>/rows.<str:kind>", result.rows, "rows"),
        ]
        return [
            path("add/", self.admin_site.admin_view(self._with_self(upload.page)), name="members_importbatch_add"),
            path(
                "model.<str:kind>", self.admin_site.admin_view(self._with_self(upload.model_file)),
                name="members_import_model",
            ),
            *steps,
            *(path(route, page_of(self, None, view), name=f"members_import_{name}") for route, view, name in others),
            *super().get_urls(),
        ]  # fmt: skip

    def _with_self(self, view):
        def respond(request, *args, **kwargs):
            return view(self, request, *args, **kwargs)

        return respond

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None):
        """To the step at which it is."""
        batch = batch_asked(self, request, object_id)
        return HttpResponseRedirect(address_of(batch, turn_of(batch)))

    def history_view(self, request, object_id, extra_context=None):
        """What an import wrote is told where it was written."""
        raise Http404

    def has_delete_permission(self, request, obj=None):
        return False

    def for_list(self, rows, user):
        return rows.select_related("cluster", "uploaded_by").defer(*NOT_IN_LISTS)

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        undone = taken_back([one.change_set for one in changelist.result_list if one.change_set])
        for one in changelist.result_list:
            one.is_taken_back = one.change_set in undone
        return changelist

    @admin.display(description=_("state"), ordering="state")
    def how_far(self, batch):
        if batch.state == State.IMPORTED and batch.is_taken_back:
            return State.UNDONE.label
        return batch.get_state_display()

    @admin.display(description=_("lines"))
    def counted(self, batch):
        counts = ((action, batch.counts.get(action, 0)) for action in Action)
        return ", ".join(f"{number(count)} {COUNTED[action] % {'count': count}}" for action, count in counts if count)

    @admin.display(description=_("go on"))
    def way_on(self, batch):
        step = next(one for one in STEPS if one.name == turn_of(batch))
        return link(reverse("admin:members_importbatch_change", args=[batch.pk]), step.title)
