"""Whose rows somebody of staff meets: in lists, forms, boxes and inlines alike, and in whatever is sent by hand.

Each model says which of its rows somebody edits and among which she chooses (``cluster_portal.records.scope``).
"""

from collections.abc import Callable, Iterator

from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin
from django.core import checks
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, ManyToManyField, Model, QuerySet
from django.http import Http404, HttpRequest

from cluster_portal.records.scope import EDIT_NETWORK, RowsOfAnother

from .naming import WithoutLinks, take_off_names, take_off_names_of_drafts


def keeps(user, obj) -> bool:
    """Whether somebody edits what identifies a row that she sees; asked once for each object in hand."""
    rows = type(obj)._default_manager.all()
    if not hasattr(rows, "kept_by") or user.has_perm(EDIT_NETWORK):
        return True
    known = obj.__dict__.setdefault("_kept_by", {})
    if user.pk not in known:
        known[user.pk] = rows.kept_by(user).filter(pk=obj.pk).exists()
    return known[user.pk]


class Scoped:
    """``own_choices``: the foreign keys that take only what the person edits, and not whatever she may choose: the
    cluster of a membership is her own."""

    own_choices: tuple[str, ...] = ()

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if getattr(request.resolver_match, "url_name", "") == "autocomplete":
            return rows.selectable_by(request.user)
        return rows.editable_by(request.user)

    def choices_of(self, db_field, request) -> QuerySet:
        """What a box of the form takes, whoever sent it and however."""
        rows = db_field.remote_field.model._default_manager.all()
        own = db_field.name in self.own_choices
        return rows.editable_by(request.user) if own else rows.selectable_by(request.user)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", self.choices_of(db_field, request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs.setdefault("queryset", self.choices_of(db_field, request))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class ScopedRows(Scoped):
    """Inline rows. Those that follow their parent are all shown, and edited by whoever keeps it; of those that several
    write, each meets her own."""

    @property
    def follow_their_parent(self) -> bool:
        return isinstance(self.model._default_manager.all(), RowsOfAnother)

    def get_queryset(self, request):
        if self.follow_their_parent:
            return super(Scoped, self).get_queryset(request)
        return super().get_queryset(request)

    def _may(self, request, obj) -> bool:
        return obj is None or not self.follow_their_parent or keeps(request.user, obj)

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and self._may(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._may(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._may(request, obj)


_ways_to_ask: list[Callable[[HttpRequest, Model], str]] = []


def asked_by(address: Callable[[HttpRequest, Model], str]) -> None:
    """Has the form of a record that somebody else keeps lead to where a change is asked of her."""
    _ways_to_ask[:] = [address]


class ScopedPages(Scoped):
    """The pages of a model: what is out of scope is not there."""

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Like a number that does not exist, in words that tell nobody whether it does."""
        raise Http404

    def get_object(self, request, object_id, from_field=None):
        obj = super().get_object(request, object_id, from_field)
        if obj is not None:
            take_off_names([obj], request.user)
        return obj

    def render_change_form(self, request, context, *args, **kwargs):
        obj = context.get("original")
        may_ask = obj is not None and obj.pk and _ways_to_ask and not keeps(request.user, obj)
        context["ask_url"] = _ways_to_ask[0](request, obj) if may_ask else ""
        if not request.user.has_perm(EDIT_NETWORK):
            context["adminform"] = WithoutLinks(context["adminform"])
            context["inline_admin_formsets"] = [WithoutLinks(one) for one in context["inline_admin_formsets"]]
        return super().render_change_form(request, context, *args, **kwargs)

    def construct_change_message(self, request, form, formsets, add=False):
        """A history is read by all who meet the row, and names no draft that a row of its form points at."""
        for formset in formsets or ():
            changed = [row for row, _columns in formset.changed_objects]
            take_off_names_of_drafts([*formset.new_objects, *changed, *formset.deleted_objects], formset.fk.name)
        return super().construct_change_message(request, form, formsets, add)

    def get_readonly_fields(self, request, obj=None):
        fixed = super().get_readonly_fields(request, obj)
        if obj is None or keeps(request.user, obj):
            return fixed
        return list(self._shown(request, obj))

    def _shown(self, request, obj) -> Iterator[str]:
        for _title, options in self.get_fieldsets(request, obj):
            for field in options["fields"]:
                yield from [field] if isinstance(field, str) else field

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or keeps(request.user, obj))

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST":
            self._refuse_strangers(request)
        return super().changelist_view(request, extra_context)

    def _refuse_strangers(self, request: HttpRequest) -> None:
        """An action on rows that no list offered."""
        sent = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
        try:
            known = self.get_queryset(request).filter(pk__in=sent).count()
        except (ValueError, ValidationError, OverflowError) as error:
            raise Http404 from error
        if known != len(sent):
            raise Http404


def own_choices(site) -> set[tuple[str, str]]:
    """(label of the model, field) of every box of a site that takes what is one's own."""
    return {(one.model._meta.label_lower, name) for one in _every(site) for name in getattr(one, "own_choices", ())}


def _every(site) -> Iterator[ModelAdmin | BaseModelAdmin]:
    for model_admin in site._registry.values():
        yield model_admin
        for inline in model_admin.inlines:
            yield inline(model_admin.model, site)


def check_scope(app_configs=None, **kwargs) -> list[checks.CheckMessage]:
    """Whatever the staff's pages show says who edits it and who chooses it. Nothing is open by having been forgotten."""
    from django.contrib.admin import site  # made when it is first asked for

    found: list[checks.CheckMessage] = []
    for one in _every(site):
        if not isinstance(one, Scoped):
            found.append(
                checks.Error(f"{type(one).__name__} is not Scoped: it shows every row to everybody.", id="portal.E010")
            )
        models = {one.model} | {
            field.related_model
            for field in (*one.opts.fields, *one.opts.many_to_many)
            if isinstance(field, (ForeignKey, ManyToManyField))
            and field.editable
            and field.name not in (one.exclude or ())
        }
        for model in models:
            rows = model._default_manager.all()
            for question in ("editable_by", "selectable_by"):
                if not hasattr(rows, question):
                    found.append(
                        checks.Error(f"{model._meta.label}.objects has no {question}(user).", id="portal.E011")
                    )
    return found
