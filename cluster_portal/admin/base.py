"""The class that every model's admin and every inline derives from: autocomplete, addresses, refusals."""

from collections import Counter
from contextlib import nullcontext
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin, ShowFacets, StackedInline, TabularInline
from django.contrib.admin.options import IS_POPUP_VAR, IncorrectLookupParameters
from django.contrib.admin.utils import NestedObjects
from django.contrib.admin.views.main import ERROR_FLAG, ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import FieldError, PermissionDenied
from django.core.paginator import Paginator
from django.db import DatabaseError, IntegrityError, OperationalError, models, transaction
from django.forms import Media
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cluster_portal.history.change_sets import Kind, tell
from cluster_portal.records.scope import EDIT_NETWORK
from cluster_portal.records.transactions import refused_at_once

from . import at_once
from .boxes import BOXES
from .chosen import Chosen
from .emptiness import EmptyLists
from .files import FilesGoWithRows, ShownPicture, forget
from .filters import SelectFilter
from .forms import ChosenField, ChosenForm, ChosenSelect, RowForm
from .formsets import RowsOfOneParent
from .history import TellsHistory
from .merging import MergedPages
from .refusals import refusal
from .scope import ScopedPages, ScopedRows
from .search import FoldedSearch
from .told import told_of, with_what_is_told
from .verbs import Needs, Verb


class ChosenByTyping:
    """A foreign key is an autocomplete box wherever the other model has an admin: no list of 16,000 options."""

    form = ChosenForm
    formfield_overrides = {**BOXES, models.ImageField: {"widget": ShownPicture}}

    def get_autocomplete_fields(self, request):
        return [
            field.name
            for field in (*self.opts.fields, *self.opts.many_to_many)
            if field.remote_field and field.related_model in self.admin_site._registry
        ]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = ChosenSelect(db_field, self.admin_site, using=kwargs.get("using"))
        kwargs.setdefault("form_class", ChosenField)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"  # for an address typed without one
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            # beside a box: open what it names, or add what is missing; deleting has its own page
            field.widget.can_delete_related = field.widget.can_view_related = False
            if not request.user.has_perm(EDIT_NETWORK):  # she chooses among more than she opens
                field.widget.can_change_related = False
        return field


class PortalInline(ScopedRows, ChosenByTyping):
    """`fetched`: the foreign keys whose objects come with the rows. `under_identity`: what the form shows right after its
    first boxes, since it is what people come for."""

    formset = RowsOfOneParent
    under_identity = False
    extra = 0
    fetched: tuple[str, ...] = ()

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related(*self.fetched) if self.fetched else rows

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.asked_of = request.user
        return formset


class PortalTabularInline(PortalInline, TabularInline):
    is_table = True
    form = RowForm


class PortalStackedInline(PortalInline, StackedInline):
    is_table = False


class PagedByKeys(Paginator):
    """Finds the keys of a page first, and then its rows: on the way to page 300 the server sorts and skips keys, and not
    whole rows with all that is looked up for them."""

    def page(self, number):
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        keys = list(self.object_list.values_list("pk", flat=True)[start : start + self.per_page])
        return self._get_page(self.object_list.filter(pk__in=keys), number, self)


class RowsAlone(ChangeList):
    """What the address finds, without the rows of a page: for an action on all of it."""

    def get_results(self, request):
        self.result_list, self.result_count = self.queryset.none(), 0


def _is_idle(one, request) -> bool:
    return isinstance(one, type) and issubclass(one, SelectFilter) and one.parameter_name not in request.GET


class PortalAdmin(
    EmptyLists, MergedPages, FilesGoWithRows, TellsHistory, ScopedPages, ChosenByTyping, FoldedSearch, ModelAdmin
):
    show_full_result_count = False  # a second count of everything, for a number that nobody needs
    show_facets = ShowFacets.NEVER  # a count for every option of every filter
    list_per_page = 50
    paginator = PagedByKeys
    change_list_template = "admin/portal_change_list.html"
    actions = None
    more_tools: tuple[
        tuple[Any, str], ...
    ] = ()  # beside the button that adds one: what it says, and the name of its page
    verbs: tuple[Verb, ...] = ()  # what can be done to several rows at once
    wanted_for_publishing: Needs = {}
    slug_from: tuple[str, ...] = ()  # the boxes of a new row from which its address is proposed

    @property
    def media(self):
        return super().media + Media(js=["admin-portal.js"])

    def get_queryset(self, request):
        """Fetches with the rows what the page at hand shows of them."""
        rows = super().get_queryset(request)
        page = getattr(request.resolver_match, "url_name", "") or ""
        if page.endswith(("_changelist", "_export")):
            return self.for_list(rows, request.user)
        if page == "autocomplete":
            return self.for_boxes(rows)
        return with_what_is_told(self.for_form(rows)) if page.endswith("_change") else rows

    def for_list(self, rows, user):
        """With what the columns tell, and of that only what ``user`` may be told."""
        return rows

    def for_form(self, rows):
        return rows

    def for_boxes(self, rows):
        return rows

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.asked_of = request.user
        form.slug_from = self.slug_from
        return form

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "slug" and field:
            field.help_text = _(
                "The last part of the page’s address. If you change it, the old address keeps leading to the page."
            )
        return field

    def save_model(self, request, obj, form, change):
        """Only the columns that changed, and none when none did: triggers that watch others stay still."""
        if not change:
            super().save_model(request, obj, form, change)
        elif columns := self.changed_columns(obj, form):
            obj.save(update_fields=columns)
            forget(form.initial.get(name) for name in form.changed_data)

    def changed_columns(self, obj, form) -> set[str]:
        return {field.name for field in obj._meta.concrete_fields} & set(form.changed_data)

    def get_list_filter(self, request):
        """An action needs the filters that the address names, and not what others would offer."""
        every = super().get_list_filter(request)
        return [one for one in every if not _is_idle(one, request)] if request.method == "POST" else every

    def get_changelist(self, request, **kwargs):
        return RowsAlone if getattr(request, "rows_alone", False) else super().get_changelist(request, **kwargs)

    def get_changelist_instance(self, request):
        """What an address asks for and no query can be made of is a wrong filter, which Django takes away."""
        whole = transaction.atomic() if request.method == "POST" else nullcontext()  # what is sent is answered in one
        try:
            with whole:
                request.changelist = super().get_changelist_instance(request)
                return request.changelist
        except (ArithmeticError, ValueError, TypeError, LookupError, FieldError, DatabaseError) as error:
            if not request.GET or isinstance(error, OperationalError):
                raise
            raise IncorrectLookupParameters(error) from error

    # --- several rows at once -----------------------------------------------------------------------------------------
    def get_actions(self, request):
        actions = super().get_actions(request)
        if IS_POPUP_VAR not in request.GET and self.has_change_permission(request):
            actions |= {
                verb.name: (partial(at_once.answer, verb), verb.name, verb.label)
                for verb in self.verbs
                if verb.open_to(request.user)
            }
        return actions

    def verb_named(self, name: str) -> Verb:
        return next(verb for verb in self.verbs if verb.name == name)

    def response_action(self, request, queryset):
        """What several rows are done at once is told as such in their histories."""
        action = self.get_actions(request).get(request.POST.get("action"))
        tell(Kind.BULK, action[2] if action else "")
        return super().response_action(request, queryset)

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST" and Chosen.of(request).all and self.get_actions(request):
            return self._of_all_that_match(request)
        title = capfirst(self.opts.verbose_name_plural)
        tools = [(label, reverse(name)) for label, name in self.more_tools]
        return super().changelist_view(request, {"title": title, "more_tools": tools, **(extra_context or {})})

    def _of_all_that_match(self, request):
        """An action on what the list's address finds, whatever was ticked. Where the address is wrong, on nothing."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        request.rows_alone = True
        try:
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
        return self.response_action(request, rows) or HttpResponseRedirect(request.get_full_path())

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Its name above what it is."""
        kind = capfirst(self.opts.verbose_name)
        context.update(title=str(obj) if obj else _("New: %(name)s") % {"name": kind}, subtitle=kind if obj else None)
        context.setdefault("completeness", None)  # said by whatever is published
        context["told"] = told_of(request, obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            if request.method != "POST":
                return super().changeform_view(request, object_id, form_url, extra_context)
            with refused_at_once():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            # what the form cannot see: somebody else saved the same thing a moment ago
            self.message_user(request, refusal(error, self.model), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def get_deleted_objects(self, objs, request):
        """What a deletion takes along, and what stands in its way, as numbers: naming thousands of rows one by one
        would ask the database for each of them."""
        collector = NestedObjects(using=objs[0]._state.db if objs else "default", origin=objs)
        collector.collect(objs)
        taken = {model: rows for model, rows in collector.model_objs.items() if rows}
        numbers = {model._meta.verbose_name_plural: len(rows) for model, rows in taken.items()}
        refused = {
            model._meta.verbose_name
            for model, rows in taken.items()
            if model in self.admin_site._registry
            and not all(self.admin_site._registry[model].has_delete_permission(request, row) for row in rows)
        }
        in_the_way = Counter(capfirst(row._meta.verbose_name_plural) for row in collector.protected)
        return (
            [f"{capfirst(one._meta.verbose_name)}: {one}" for one in objs],
            numbers,
            refused,
            [_("%(name)s: %(number)d") % {"name": name, "number": number} for name, number in in_the_way.items()],
        )


class WrittenByTheSite(PortalAdmin):
    """To be read."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def link(url: str, text) -> str:
    return format_html('<a href="{}">{}</a>', url, text) if url else text
