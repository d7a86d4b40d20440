"""The site of the staff's pages: the stock one, in the portal's look, both languages and the staff's own order."""

from collections.abc import Callable
from functools import partial, update_wrapper

from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db import DataError
from django.http import Http404
from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.i18n import set_language

from cluster_portal.records.scope import ENTER_ADMIN
from cluster_portal.sign_in import second_factor
from cluster_portal.work import staff_pages as background

from . import typed
from .at_once import bulk_change
from .changes import change_set, changes, of_others_lately
from .filters import numbers_of
from .once import once
from .recent import last_actions
from .reminders import reminders
from .scope import own_choices
from .slugs import propose
from .undo import undo_set

_addresses: list[Callable[[AdminSite], list]] = []


def with_addresses(of_app: Callable[[AdminSite], list]) -> Callable[[AdminSite], list]:
    """Pages that an app adds to the site beside those of its models."""
    _addresses.append(of_app)
    return of_app


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


class PortalAdminSite(AdminSite):
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
            path("slug/", self.admin_view(propose), name="slug"),
            path("work/", self.admin_view(partial(background.work, self)), name="work"),
            path("work/<str:key>/retry/", self.admin_view(partial(background.retry, self)), name="retry_work"),
            path("changes/", self.admin_view(partial(changes, self)), name="changes"),
            path("changes/<str:key>/", self.admin_view(partial(change_set, self)), name="change_set"),
            path("changes/<str:key>/undo/", self.admin_view(partial(undo_set, self)), name="undo_set"),
            *(address for of_app in _addresses for address in of_app(self)),
            path("at-once/<int:pk>/", self.admin_view(partial(bulk_change, self)), name="bulk_change"),
            *super().get_urls(),
        ]

    def admin_view(self, view, cacheable=False):
        """What no database can hold or compare is refused, whatever filter, box or list it was meant for."""
        answer = super().admin_view(view, cacheable)

        def checked(request, *args, **kwargs):
            if not self.has_permission(request):
                if request.method == "POST":
                    typed.keep(self, request)
            elif left := typed.come_back_to(self, request):
                return left
            try:
                return once(request, lambda: answer(request, *args, **kwargs))
            except (DataError, ValueError) as error:  # psycopg refuses a NUL itself
                words = [request.path_info, *(text for pair in request.GET.lists() for text in (pair[0], *pair[1]))]
                asked_for_it = isinstance(error, DataError) and request.method == "GET" and request.GET
                if asked_for_it or any("\0" in text for text in words):
                    raise SuspiciousOperation("The address asks for what no database can compare.") from error
                raise

        return update_wrapper(checked, answer)

    def login(self, request, extra_context=None):
        """Nobody comes in by Django's own door, or out, or to a new password: allauth's stand at its address."""
        raise Http404

    logout = password_change = password_change_done = login

    def has_permission(self, request):
        return request.user.is_active and request.user.has_perm(ENTER_ADMIN) and not second_factor.missing(request)

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
        """With what waits for her on top, and what needs work, whatever the models' admins say of it; what others did lately, and one's own last actions."""
        of_others = of_others_lately(self, request)  # first: it finds her records of every model at once
        lists = [
            model_admin
            for model_admin in self._registry.values()
            if getattr(model_admin, "needs_filter", None) and model_admin.has_view_permission(request)
        ]
        numbers = numbers_of([(one.needs_filter, one.rows_at_work(request)) for one in lists], request.user)
        context = {
            "waiting": [
                model_admin.waiting_on_home(request)
                for model_admin in self._registry.values()
                if hasattr(model_admin, "waiting_on_home") and model_admin.has_view_permission(request)
            ],
            "to_do": [line for one, of_it in zip(lists, numbers, strict=True) for line in one.to_do(of_it)],
            "background_work": background.to_do(request),
            "last_actions": last_actions(self, request),
            "of_others": of_others,
            "reminders": reminders(request),
            **(extra_context or {}),
        }
        return super().index(request, context)
