"""Taking back what was changed: a value, what one change set did to a record, or all of it.

A page shows what would come; what is sent from there is looked at anew, and is a change set like any other
(docs/decisions/0020).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import FileField, Model
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpRequest, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cluster_portal.history import reading, telling
from cluster_portal.history.change_sets import Kind, key_under_way, last_day_to_take_back, tell
from cluster_portal.history.clashes import settle
from cluster_portal.history.previewing import Later, as_events, changed_since
from cluster_portal.history.steps import (
    Found,
    Left,
    Step,
    Tables,
    What,
    Which,
    Why,
    kept_fields,
    steps_of,
    values_that_come,
)
from cluster_portal.history.taking_back import take_back
from cluster_portal.history.tracking import TRACKED, Tracked
from cluster_portal.records.scope import EDIT_NETWORK

from .changes import is_key, record_line
from .files import forget
from .history import names_of
from .refusals import refusal, sentence_of
from .undo_rights import leave_what_is_not_hers

SHOWN = 100  # rows that are shown, of those that would change and of those that would not
NAMED = 10  # rows that a message names

SENTENCES = {
    Why.SINCE: _("Changed since."),
    Why.GONE: _("Removed since."),
    Why.BUILT_ON: _("Something was built on it since: %(detail)s."),
    Why.ITS_RECORD_STAYS: _("It stays with its record."),
    Why.CLASH: "%(detail)s",
    Why.MISSING: _("What it points at is no longer there."),
    Why.NOT_HERS: _("This is not yours to change."),
    Why.NOT_CHOSEN: _("You could not choose this in a form."),
    Why.UNSAID: _("Of people the history keeps no values: nothing to put back."),
    Why.FILE: _("The picture is no longer kept."),
    Why.REFUSED: "%(detail)s",
    Why.WHOLE: _("It is taken back as a whole or not at all."),
}
CONTRADICTED = _("The database refuses it, because it contradicts something saved since.")


class Whole:
    """A kind of change that is taken back as a whole or not at all: two records that became one are not parted in parts."""

    def is_hers(self, user, said: dict[str, Any]) -> bool:
        """Whether she may, of whomever the rows are that it wrote."""
        raise NotImplementedError

    def everywhere(self, user):
        """Whoever is told of all of it and may write all of it, in her place."""
        raise NotImplementedError

    def hinges_on(self, step: Step, said: dict[str, Any]) -> bool:
        """Whether this row stays as the change left it, of those without which nothing else goes back either."""
        raise NotImplementedError

    def put_back(self, said: dict[str, Any]) -> None:
        """What has no history, once the rest is as it was."""
        raise NotImplementedError


_whole: dict[str, Whole] = {}


def taken_back_as_a_whole(kind: Kind, how: Whole) -> None:
    _whole[kind.value] = how


def undo_set(site, request: HttpRequest, key: str):
    which, acting = _which(key, request.GET), request.user
    said = reading.said_of(which.key)
    whole = _whole.get(said.get("kind", ""))
    if whole:
        which = Which(which.key)
        if whole.is_hers(request.user, said):
            acting = whole.everywhere(request.user)
    scope = list(reading.Scope(acting).tables())
    found = steps_of(scope, which)
    if found is None:
        raise Http404
    if whole and acting is request.user:
        for step in found.steps:
            step.leave(Why.NOT_HERS)
    last = last_day_to_take_back(said.get("kind", ""), found.at)
    if last and timezone.localdate() > last:
        found.steps.clear()
        return _shown(site, request, which, found, scope)
    leave_what_is_not_hers(site, request, found.steps, acting, imported=found.said.get("kind") == Kind.IMPORT)
    _leave_pictures_that_are_gone(found.steps)
    settle(found.steps)
    if whole:
        _all_or_nothing(whole, found)
    if request.method == "POST":
        return _confirmed(site, request, which, found)
    return _shown(site, request, which, found, scope)


def _all_or_nothing(whole: Whole, found: Found) -> bool:
    """Whether the rest stays as well."""
    stays = any(whole.hinges_on(step, found.said) for step in found.steps)
    if stays:
        for step in found.steps:
            if step.goes:
                step.leave(Why.WHOLE)
    return stays


# --- what is asked ----------------------------------------------------------------------------------------------------


def _which(key: str, asked: QueryDict) -> Which:
    """``of`` names a record, ``row`` one of its rows, ``field`` a column of that."""
    if not is_key(key):
        raise Http404
    record = row = None
    if "of" in asked:
        record = _row_named(asked["of"])
    if "row" in asked:
        model, pk = _row_named(asked["row"])
        if model._meta.label_lower not in TRACKED:
            raise Http404
        row = TRACKED[model._meta.label_lower], pk
    column = asked.get("field", "")
    if (row and not record) or ("field" in asked and not (row and column in _columns(row[0]))):
        raise Http404
    return Which(key, record, row, column)


def _row_named(text: str) -> tuple[type[Model], int]:
    """As ``reading.name_of_record`` writes it, of whatever has a history or rows that have."""
    label, _colon, pk = text.partition(":")
    models = {one.model._meta.label_lower: one.model for one in TRACKED.values()}
    models |= {root._meta.label_lower: root for root, _column in map(reading.root_of, TRACKED.values())}
    if label not in models or not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        raise Http404
    return models[label], int(pk)


def _columns(tracked: Tracked) -> set[str]:
    return {one.column for one in kept_fields(tracked)}


def _leave_pictures_that_are_gone(steps: list[Step]) -> None:
    """A picture goes off the disk with the row that showed it; the row comes back without."""
    for tracked, pictures in _with_pictures(steps):
        concerned = [one for one in steps if one.tracked is tracked and one.goes and one.what is not What.TAKE]
        coming = values_that_come(concerned, pictures)
        for step in concerned:
            for one in pictures:
                name = coming[tracked.label, step.pk][one.column]
                if not name or (step.what is What.PUT and one.column not in step.columns) or one.storage.exists(name):
                    continue
                if step.what is What.PUT:
                    step.leave(Why.FILE, [one.column])
                else:
                    step.emptied.add(one.column)
                    step.left.append(Left(Why.FILE, (one.column,)))


# --- the page ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Stays:
    """What is left of a row: its title (none for the record itself), which of its boxes, and why."""

    title: str
    boxes: list[str]
    why: str
    since: telling.Mention | None = None


@dataclass(slots=True)
class Record:
    head: dict[str, Any]
    lines: list[telling.Line] = field(default_factory=list)
    stays: list[Stays] = field(default_factory=list)


def _shown(site, request, which: Which, found: Found, scope: Tables):
    steps = found.steps
    going, staying = [one for one in steps if one.goes], [one for one in steps if one.left]
    one = reading.ChangeSet(which.key, found.at, found.said)
    told = as_events(list({id(step): step for step in [*going[:SHOWN], *staying[:SHOWN]]}.values()))
    later = changed_since(scope, staying[:SHOWN])
    names = _names(request.user, told, one, later)
    records: dict[tuple, Record] = {}
    for step, events in told:
        place = (step.root, step.root_pk)
        record = records.setdefault(place, Record(record_line(site, *place, names)))
        if step.goes:
            record.lines += telling.lines(events, step.root, names)
        record.stays += _stays(step, events, names, later)
    (entry,) = telling.entries([one], get_user_model(), names)
    context = {
        **site.each_context(request),
        "title": _("Take back a change"),
        "subtitle": None,
        "entry": entry,
        "coming": [one for one in records.values() if one.lines],
        "records": len({(step.root, step.root_pk) for step in going}),
        "more": len(going) - len(going[:SHOWN]),
        "staying": [one for one in records.values() if one.stays],
        "more_staying": len(staying) - len(staying[:SHOWN]),
        "of_others": found.more and not which.record and not request.user.has_perm(EDIT_NETWORK),
        "people_go": any(step.tracked.unsaid and step.what is What.TAKE for step in going),
        "back": _history_of(site, request.user, which) or reverse("admin:change_set", args=[which.key]),
    }
    return TemplateResponse(request, "admin/undo.html", context)


def _names(user, told, one: reading.ChangeSet, later: dict[tuple[str, int, str], Later]) -> telling.Names:
    every = reading.ChangeSet(one.key, one.at, one.said, [event for _step, events in told for event in events])
    wanted = telling.points_at([every])
    wanted.setdefault(get_user_model(), set()).update(who for one in later.values() if (who := one.said.get("user")))
    for step, _events in told:
        wanted.setdefault(step.root, set()).add(step.root_pk)
    names = names_of(user, {model: keys for model, keys in wanted.items() if keys})
    for step, events in told:  # what is not there is named by what it said
        if not step.tracked.owners and step.what is not What.TAKE:
            names.setdefault((step.root, step.pk), str(_as_it_was(step, events[-1].row)))
    return names


def _as_it_was(step: Step, row: dict[str, Any]) -> Model:
    values = {one.attname: row[one.column] for one in kept_fields(step.tracked)}
    return step.tracked.model(pk=step.pk, **values)


def _stays(step: Step, events, names: telling.Names, later: dict[tuple[str, int, str], Later]) -> Iterator[Stays]:
    boxes = {one.column: capfirst(str(one.verbose_name)) for one in kept_fields(step.tracked)}
    title = telling.title_of(step.tracked, step.root, events[-1].row, names) if step.tracked.owners else ""
    for left in step.left:
        one_by_one = left.why is Why.SINCE and left.columns
        for columns in [[one] for one in left.columns] if one_by_one else [list(left.columns)]:
            place = (step.tracked.label, step.pk, columns[0] if one_by_one else "")
            wrote = later.get(place) if left.why in (Why.SINCE, Why.GONE) else None
            since = telling.Mention("", wrote.at, telling.person(wrote.said.get("user"), names)) if wrote else None
            yield Stays(title, [boxes[name] for name in columns], _sentence(step, left), since)


def _sentence(step: Step, left: Left) -> str:
    detail = left.detail
    if left.why is Why.CLASH:
        detail = sentence_of(detail, step.tracked.model) or str(CONTRADICTED)
    elif left.why is Why.BUILT_ON:
        detail = capfirst(str(apps.get_model(detail)._meta.verbose_name_plural))
    return str(SENTENCES[left.why]) % {"detail": detail}


def _history_of(site, user, which: Which) -> str:
    """The page from which one came, of a record that is there and hers."""
    if not which.record:
        return ""
    model, pk = which.record
    if model not in site._registry or not model._default_manager.editable_by(user).filter(pk=pk).exists():
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_history", args=[pk])


# --- and done ---------------------------------------------------------------------------------------------------------


def _confirmed(site, request, which: Which, found: Found):
    steps = found.steps
    of = reading.name_of_record(*which.record) if which.record else None
    author = found.said.get("user")
    tell(Kind.UNDO, undoes=which.key, undoes_at=found.at.isoformat(), undoes_by=author, of=of)
    with transaction.atomic():
        pictures = _pictures_that_go(steps)
        for step, error in take_back(steps, request.user.pk):
            step.left.append(Left(Why.REFUSED, (), str(refusal(error, step.tracked.model))))
        whole = _whole.get(found.said.get("kind", ""))
        if whole and _all_or_nothing(whole, found):
            transaction.set_rollback(True)
        else:
            forget(pictures)
            if whole and any(one.goes for one in steps):
                whole.put_back(found.said)
    done = [one for one in steps if one.goes]
    if done:
        text = ngettext("Taken back: %(count)d row.", "Taken back: %(count)d rows.", len(done))
        messages.success(request, text % {"count": len(done)})
    else:
        messages.warning(request, _("Nothing of it could be taken back."))
    _tell_what_was_left(request, which, found)
    return HttpResponseRedirect(_history_of(site, request.user, which) or _page_of(request.user, which.key, bool(done)))


def _tell_what_was_left(request, which: Which, found: Found) -> None:
    by_reason: dict[str, dict[tuple[type[Model], int], Step]] = {}
    for step in found.steps:
        for left in step.left:
            by_reason.setdefault(_sentence(step, left), {})[step.root, step.root_pk] = step
    named = {id(step): step for records in by_reason.values() for step in list(records.values())[:NAMED]}
    one = reading.ChangeSet(which.key, found.at, found.said)
    names = _names(request.user, as_events(list(named.values())), one, {}) if named else {}
    for reason, records in by_reason.items():
        words = [names.get(place, str(telling.GONE)) for place in list(records)[:NAMED]]
        if len(records) > NAMED:
            words.append("…")
        text = _("Left as it was: %(names)s (%(number)d). %(reason)s")
        messages.warning(request, text % {"names": ", ".join(words), "number": len(records), "reason": reason})


def _page_of(user, key: str, done: bool) -> str:
    """Of the new change set, where it is told to her: of what she took away perhaps nothing is."""
    new = key_under_way()
    if done and new and reading.is_told(user, new):
        return reverse("admin:change_set", args=[new])
    return reverse("admin:change_set", args=[key]) if not done else reverse("admin:changes")


def _pictures_that_go(steps: list[Step]) -> list[FieldFile]:
    """Those that rows show today and will not."""
    found = []
    for tracked, pictures in _with_pictures(steps):
        going = [one for one in steps if one.tracked is tracked and one.goes and one.what is not What.BRING]
        for one in pictures:
            keys = [step.pk for step in going if step.what is What.TAKE or one.column in step.columns]
            for row in tracked.model._base_manager.filter(pk__in=keys).exclude(**{one.name: ""}).only(one.name):
                found.append(getattr(row, one.name))
    return found


def _with_pictures(steps: list[Step]) -> Iterator[tuple[Tracked, list[FileField]]]:
    for tracked in {step.tracked.label: step.tracked for step in steps}.values():
        if pictures := [one for one in kept_fields(tracked) if isinstance(one, FileField)]:
            yield tracked, pictures
