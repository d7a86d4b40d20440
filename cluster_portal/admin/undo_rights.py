"""Nobody takes back what she could not edit by the forms: neither a row that others keep, nor a box that she is not
shown, nor a choice that she could not make."""

from typing import Any

from django.db.models import Field, ForeignKey, Model, QuerySet

from cluster_portal.history.reading import keys_of
from cluster_portal.history.steps import Step, What, Why, in_groups, kept_fields
from cluster_portal.history.tracking import Tracked
from cluster_portal.records.scope import EDIT_NETWORK, RowsOfAnother

from .scope import own_choices

ACTIONS = {What.PUT: "change", What.BRING: "add", What.TAKE: "delete"}
FOLLOWS = frozenset({"archived_on"})  # read-only in the forms, where it follows what is chosen


def leave_what_is_not_hers(site, request, steps: list[Step], user, *, imported: bool = False) -> None:
    """``user``: whoever is at work, or stands in for her. ``imported``: it is the import of a file. Whoever keeps what that made takes it away again without being one who
    deletes: of a file that was the wrong one a thousand drafts are left otherwise."""
    for those in in_groups(steps, lambda one: (one.tracked.label, one.what)).values():
        if not user.has_perm(_permission(those[0], imported=imported)):
            for one in those:
                one.leave(Why.NOT_HERS)
    if user.has_perm(EDIT_NETWORK):
        return
    own = own_choices(site)
    _leave_rows_of_others([one for one in steps if one.goes], user, own)
    for those in in_groups((one for one in steps if one.goes), lambda one: one.tracked.label).values():
        _leave_boxes_that_she_is_not_shown(site, request, those)
    _leave_choices_of_others([one for one in steps if one.goes and one.what is not What.TAKE], user, own)


def _permission(step: Step, *, imported: bool) -> str:
    model = step.tracked.model
    action = "change" if imported and step.what is What.TAKE else ACTIONS[step.what]
    if step.tracked.of_field:  # chosen in the form of its owner
        owner = step.root._meta
        return f"{owner.app_label}.change_{owner.model_name}"
    return f"{model._meta.app_label}.{action}_{model._meta.model_name}"


def _leave_rows_of_others(steps: list[Step], user, own: set[tuple[str, str]]) -> None:
    """Of a row that follows another, whoever keeps that one decides."""
    asked: dict[type[Model], set] = {}
    deciding: list[tuple[Step, type[Model], Any]] = []
    for step in steps:
        if parent := _parent(step.tracked):
            place = parent.related_model, step.owners[parent.column]
        elif step.what is not What.BRING:
            place = step.tracked.model, step.pk
        else:
            if not any(label == step.tracked.label for label, _name in own):  # a record, which the network brings back
                step.leave(Why.NOT_HERS)
            continue
        deciding.append((step, *place))
        asked.setdefault(place[0], set()).add(place[1])
    kept = set(keys_of([(model, _kept(model, user).filter(pk__in=keys)) for model, keys in asked.items()]))
    for step, model, pk in deciding:
        if (model, pk) not in kept:
            step.leave(Why.NOT_HERS)


def _parent(tracked: Tracked) -> ForeignKey | None:
    rows = tracked.model._default_manager.all()
    if tracked.of_field:
        return tracked.events._meta.get_field(tracked.owners[0])
    return tracked.events._meta.get_field(rows.parent) if isinstance(rows, RowsOfAnother) else None


def _kept(model: type[Model], user) -> QuerySet:
    """The rows that she edits, identity included."""
    rows = model._default_manager.all()
    return rows.kept_by(user) if hasattr(rows, "kept_by") else rows.editable_by(user)


def _leave_boxes_that_she_is_not_shown(site, request, steps: list[Step]) -> None:
    tracked = steps[0].tracked
    shown = site._registry.get(tracked.model)
    fixed = set(shown.get_readonly_fields(request, None)) - FOLLOWS if shown else set()
    closed = {one.column for one in kept_fields(tracked) if one.name in fixed or not one.editable}
    for one in steps:
        if one.what is What.PUT and closed & set(one.columns):
            one.leave(Why.NOT_HERS, closed)


def _leave_choices_of_others(steps: list[Step], user, own: set[tuple[str, str]]) -> None:
    """What she could not choose in a box, she does not choose by taking a change back."""
    asked: dict[tuple[type[Model], bool], set] = {}
    chosen: list[tuple[Step, str, tuple[type[Model], bool], Any]] = []
    for step in steps:
        for box in filter(_is_a_choice, kept_fields(step.tracked)):
            value = step.coming[box.column]
            if value is not None and (step.what is What.BRING or box.column in step.columns):
                among = box.related_model, (step.tracked.label, box.name) in own
                asked.setdefault(among, set()).add(value)
                chosen.append((step, box.column, among, value))
    open_to_her = set()
    for hers in (True, False):
        rows = [
            (model, _choices(model, user, hers).filter(pk__in=keys))
            for (model, own_alone), keys in asked.items()
            if own_alone is hers
        ]
        open_to_her |= {((model, hers), pk) for model, pk in keys_of(rows)}
    for step, column, among, value in chosen:
        if step.goes and (among, value) not in open_to_her:
            step.leave(Why.NOT_CHOSEN, [column])


def _choices(model: type[Model], user, own: bool) -> QuerySet:
    rows = model._default_manager.all()
    return rows.editable_by(user) if own else rows.selectable_by(user)


def _is_a_choice(one: Field) -> bool:
    return isinstance(one, ForeignKey) and hasattr(one.related_model._default_manager.all(), "selectable_by")
