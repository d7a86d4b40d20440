"""The page that tells what happened to a record and to all its rows; and who may read which name there."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
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


@dataclass(frozen=True, slots=True)
class LastChange:
    """Who changed something, and when; false where that is not known."""

    who: str = ""
    when: str = ""

    def __bool__(self) -> bool:
        return bool(self.who)

    def said(self) -> dict[str, str]:
        return {"who": self.who, "when": self.when}


NOBODY_KNOWN = LastChange()


class LastChanges:
    """Who changed what of a record and its rows last, as far as its newest change sets tell. Asked for when needed."""

    def __init__(self, obj: Model, user) -> None:
        self.obj, self.user = obj, user

    @cached_property
    def _sets(self) -> list[reading.ChangeSet]:
        return reading.history_of(self.obj, self.user)[0] if reading.sources_of(type(self.obj)) else []

    def of_column(self, model: type[Model], pk, name: str) -> LastChange:
        """Of the value of a column of a row; of one whose values are kept nowhere, of anything in the row."""
        try:
            column = model._meta.get_field(name).column
        except FieldDoesNotExist:
            return NOBODY_KNOWN
        return self._last(model, pk, lambda was, now: column not in now or was.get(column) != now[column], "update")

    def of_row(self, model: type[Model], pk, *, deleted: bool = False) -> LastChange:
        return self._last(model, pk, lambda was, now: True, "delete" if deleted else "update")

    def _last(self, model, pk, is_it: Callable[[dict, dict], bool], what: str) -> LastChange:
        for one in self._sets:
            was: dict = {}
            for event in one.events:
                if event.pk != pk or event.tracked.model._meta.concrete_model is not model._meta.concrete_model:
                    continue
                if event.what == what and is_it(was, event.row):
                    return self._told(one)
                was = event.row
        return NOBODY_KNOWN

    def _told(self, one: reading.ChangeSet) -> LastChange:
        person = get_user_model()
        names = names_of(self.user, {person: {one.said["user"]}}) if one.said.get("user") else {}
        who = names.get((person, one.said.get("user")), "")
        return LastChange(who, date_format(timezone.localtime(one.at), "SHORT_DATETIME_FORMAT"))


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
