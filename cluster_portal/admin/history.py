"""The page that tells what happened to a record and to all its rows; and who may read which name there."""

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cluster_portal.history import reading, telling
from cluster_portal.history.tracking import TRACKED
from cluster_portal.records.publication import Publication

from .naming import call_unnamed, withheld

MOST_PAGES = 10_000


def people_named(user, sets: list[reading.ChangeSet]) -> telling.Names:
    """What these change sets name, and who made them."""
    return names_of(user, telling.points_at(sets))


def names_of(user, wanted: dict[type[Model], set]) -> telling.Names:
    """The names of these rows, without those that ``user`` may not read."""
    rows = reading.named(wanted)
    for other in withheld([row for row in rows if isinstance(row, Publication)], user):
        call_unnamed(other)
    people = get_user_model()
    return {
        (type(row), row.pk): (row.get_full_name() or row.get_username()) if isinstance(row, people) else str(row)
        for row in rows
    }


def asked_page(request) -> int:
    number = request.GET.get("p", "")
    return min(max(int(number), 1), MOST_PAGES) if number.isdecimal() and len(number) < 6 else 1


class TellsHistory:
    """In place of Django's log of its own forms: what the database kept, whoever wrote."""

    history_template = "admin/record_history.html"

    def history_view(self, request, object_id, extra_context=None):
        if self.model._meta.concrete_model._meta.label_lower not in TRACKED:
            return super().history_view(request, object_id, extra_context)
        obj = ModelAdmin.get_object(self, request, unquote(object_id))  # what it points at is named below
        if obj is None:
            raise Http404
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        page = asked_page(request)
        sets, number = reading.history_of(obj, request.user, page)
        pages = Paginator(range(number), reading.SETS_A_PAGE)
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(name)s") % {"name": obj},
            "subtitle": None,
            "module_name": capfirst(self.opts.verbose_name_plural),
            "object": obj,
            "opts": self.opts,
            "entries": telling.entries(sets, self.model, people_named(request.user, sets)),
            "number": number,
            "page": page,
            "pages": pages.get_elided_page_range(page) if pages.num_pages > 1 and page <= pages.num_pages else (),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.history_template, context)
