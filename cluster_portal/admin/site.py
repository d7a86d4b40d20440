"""The site of the staff's pages: the stock one, in the portal's look, both languages and the staff's own order."""

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.i18n import set_language

from cluster_portal.records.scope import ENTER_ADMIN

from .scope import own_choices


class Suggestions(AutocompleteJsonView):
    """What a box offers while somebody types, as the model's admin words it: homonyms must be told apart."""

    def has_perm(self, request, obj=None):
        """Whoever works here chooses among what the queryset lets her choose."""
        return self.admin_site.has_permission(request)

    def get_queryset(self):
        rows = super().get_queryset()
        box = (self.source_field.model._meta.label_lower, self.source_field.name)
        return rows.editable_by(self.request.user) if box in own_choices(self.admin_site) else rows

    def serialize_result(self, obj, to_field_name):
        worded = getattr(self.model_admin, "label_in_boxes", str)
        return {**super().serialize_result(obj, to_field_name), "text": worded(obj)}


class StaffSignIn(AdminAuthenticationForm):
    def confirm_login_allowed(self, user):
        """With a role that runs today; whoever has none is told what a wrong password is told."""
        if not (user.is_active and user.has_perm(ENTER_ADMIN)):
            raise self.get_invalid_login_error()


class PortalAdminSite(AdminSite):
    login_form = StaffSignIn
    site_title = _("Cluster Portal, editing")
    site_header = _("Cluster Portal")
    index_title = _("What there is to edit")
    site_url = reverse_lazy("home")
    index_template = "admin/portal_index.html"
    empty_value_display = "–"
    enable_nav_sidebar = False  # the lists need the width; the header names them all

    def get_urls(self):
        return [
            path("language/", set_language, name="language"),
            path("r/<path:content_type_id>/<path:object_id>/", self.admin_view(self.on_the_site), name="view_on_site"),
            *super().get_urls(),
        ]

    def has_permission(self, request):
        return request.user.is_active and request.user.has_perm(ENTER_ADMIN)

    def on_the_site(self, request, content_type_id, object_id):
        """To the page of a row that the person meets here; its address is not told to anybody else."""
        try:
            model = ContentType.objects.get_for_id(int(content_type_id)).model_class()
            known = self._registry[model].get_queryset(request).filter(pk=object_id).exists()
        except (KeyError, ValueError, OverflowError, ContentType.DoesNotExist, ValidationError) as error:
            raise Http404 from error
        if not known:
            raise Http404
        return shortcut(request, content_type_id, object_id)

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
