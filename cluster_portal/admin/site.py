"""The site of the staff's pages: the stock one, in the portal's look, both languages and the staff's own order."""

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.i18n import set_language


class Suggestions(AutocompleteJsonView):
    """What a box offers while somebody types, as the model's admin words it: homonyms must be told apart."""

    def serialize_result(self, obj, to_field_name):
        worded = getattr(self.model_admin, "label_in_boxes", str)
        return {**super().serialize_result(obj, to_field_name), "text": worded(obj)}


class PortalAdminSite(AdminSite):
    site_title = _("Cluster Portal, editing")
    site_header = _("Cluster Portal")
    index_title = _("What there is to edit")
    site_url = reverse_lazy("home")
    index_template = "admin/portal_index.html"
    empty_value_display = "–"
    enable_nav_sidebar = False  # the lists need the width; the header names them all

    def get_urls(self):
        return [path("language/", set_language, name="language"), *super().get_urls()]

    def autocomplete_view(self, request):
        return Suggestions.as_view(admin_site=self)(request)

    def get_app_list(self, request, app_label=None):
        """Applications and models in the order in which they were registered, the everyday ones first."""
        app_list = super().get_app_list(request, app_label)
        rank = {model: position for position, model in enumerate(self._registry)}
        for app in app_list:
            app["models"].sort(key=lambda entry: rank[entry["model"]])
        return sorted(app_list, key=lambda app: min(rank[entry["model"]] for entry in app["models"]))

    def index(self, request, extra_context=None):
        """With what needs work on top: whatever the models' admins say of it."""
        to_do = [
            line
            for model_admin in self._registry.values()
            if hasattr(model_admin, "to_do") and model_admin.has_view_permission(request)
            for line in model_admin.to_do(request)
        ]
        return super().index(request, {"to_do": to_do, **(extra_context or {})})
