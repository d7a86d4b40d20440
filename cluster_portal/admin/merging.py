"""Two people on one record: what she did not touch stays as the other left it, and where both changed the same thing,
nothing is saved before she has seen both values.

Each form of something that is there carries, signed, what it gave: the strings in its boxes and in those of its rows.
When it comes back, it is laid over what stands in the database by then, and Django saves the result as if she had opened
the form a moment ago. A form that carries nothing (an older page, a post made by hand) counts as given as it stands now.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import TO_FIELD_VAR
from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.core import signing
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.forms.models import model_to_dict
from django.http import HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from cluster_portal.records.difference import Whose, merged_choices, whose

from .history import NOBODY_KNOWN, LastChange, LastChanges
from .typed import not_saved_yet
from .values import Box, boxes_of, plain

GIVEN = "given"  # the hidden box of the form
TAKE = "take-"  # before the name of a box: whose value she chose, where both changed it
MINE, THEIRS = "mine", "theirs"
SALT = "portal.given"

Strings = dict[str, list[str]]


# --- what stands there ------------------------------------------------------------------------------------------------
class Rows:
    """The rows of an inline as they stand in the database. One blank form tells of the boxes of them all."""

    def __init__(self, formset, inline, may_change: bool) -> None:
        self.prefix, self.may_change = formset.prefix, may_change
        self.absolute_max = formset.absolute_max
        self.verbose_name = inline.verbose_name
        blank = formset.empty_form
        self.model = blank._meta.model
        self.parent, self.key, self.parent_key = formset.instance, blank._meta.model._meta.pk.name, formset.fk.name
        self.can_delete = formset.can_delete
        self.boxes = boxes_of(blank, without=(self.key, self.parent_key, DELETION_FIELD_NAME))
        self.rows = {str(row.pk): self._values(row, blank) for row in formset.get_queryset()}

    def _values(self, row, blank) -> dict[str, Any]:
        values = model_to_dict(row, [box.name for box in self.boxes])
        return {box.name: values.get(box.name, box.field.initial) for box in self.boxes}

    def strings(self) -> dict[str, Strings]:
        return {pk: {box.name: box.strings(values[box.name]) for box in self.boxes} for pk, values in self.rows.items()}

    def html(self, index: int, name: str) -> str:
        return f"{self.prefix}-{index}-{name}"

    def words(self, strings: Strings, *, sent: bool = False) -> str:
        """A row as people tell it from others: by the first two things that it says."""
        said = [box.words(strings[box.name], sent=sent) for box in self.boxes if any(strings.get(box.name) or ())]
        return " · ".join(said[:2]) or str(self.verbose_name)


class State:
    """A form and its rows, not bound to anything sent."""

    def __init__(self, form, formsets: Iterable[tuple]) -> None:
        self.boxes = boxes_of(form)
        self.values = {box.name: form.get_initial_for_field(box.field, box.name) for box in self.boxes}
        self.rows = [Rows(formset, inline, may_change) for formset, inline, may_change in formsets]

    def strings(self) -> tuple[Strings, dict[str, dict[str, Strings]]]:
        """In the language that is active, which decides how days and numbers are written."""
        fields = {box.name: box.strings(self.values[box.name]) for box in self.boxes}
        return fields, {rows.prefix: rows.strings() for rows in self.rows}


@dataclass(frozen=True)
class Given:
    """What a form gave to whom: the boxes, and the rows by prefix and key."""

    language: str
    fields: Strings
    rows: dict[str, dict[str, Strings]]
    name: str = ""

    def signed(self, of: str) -> str:
        content = {"of": of, "language": self.language, "name": self.name, "fields": self.fields, "rows": self.rows}
        return signing.dumps(content, salt=SALT, compress=True)

    @classmethod
    def read(cls, text: str, of: str) -> "Given | None":
        """None: it was made elsewhere, of another record or for somebody else."""
        try:
            content = signing.loads(text, salt=SALT)
        except signing.BadSignature:
            return None
        if content.pop("of", None) != of:
            return None
        return cls(**content)


def as_given(state: State, name: str = "") -> Given:
    fields, rows = state.strings()
    return Given(
        get_language() or "",
        {key: plain(strings) for key, strings in fields.items()},
        {
            prefix: {pk: {key: plain(strings) for key, strings in row.items()} for pk, row in rows_of.items()}
            for prefix, rows_of in rows.items()
        },
        name,
    )


# --- laid over it -----------------------------------------------------------------------------------------------------
@dataclass
class Asked:
    """What she is asked before anything is saved: sentences by prefix of the form and name of the box, and by prefix of
    the rows."""

    boxes: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, list[Any]] = field(default_factory=dict)

    def of_box(self, prefix: str, name: str, sentence) -> None:
        self.boxes.setdefault(prefix, {})[name] = sentence

    def of_row(self, prefix: str, sentence) -> None:
        self.rows.setdefault(prefix, []).append(sentence)


@dataclass(frozen=True)
class Here:
    """What a box says now, the strings in which it says so, and the row of which it says it."""

    value: Any
    strings: list[str]
    model: type
    pk: Any


class Merge:
    """`data` is what was sent laid over what stands there; `asked` is what it cannot decide, with who `changed` it."""

    def __init__(self, state: State, given: Given | None, sent: QueryDict, files, obj, changed: LastChanges) -> None:
        self.state, self.sent, self.files, self.obj, self.changed = state, sent, files, obj, changed
        self.now = state.strings()
        here = as_given(state)
        self.given = given or here
        if self.given.language in ("", here.language):
            self.compared = here
        else:
            with override(self.given.language):
                self.compared = as_given(state)
        self.asked = Asked()
        self.data = sent.copy()
        for box in state.boxes:
            if box.is_file:
                self._file(box)
            else:
                stands = Here(state.values[box.name], self.now[0][box.name], type(obj), obj.pk)
                self._box(box, box.name, box.name, self._three(box, "", ""), stands)
        for rows in state.rows:
            self._rows(rows)
        self.data._mutable = False

    def _three(self, box: Box, prefix: str, pk: str) -> tuple[list[str], list[str]]:
        """What she was given in a box, and what it says now, in the language in which it was given."""
        given, now = self.given, self.compared
        if prefix:
            now_there = now.rows[prefix][pk][box.name]
            return given.rows.get(prefix, {}).get(pk, {}).get(box.name, now_there), now_there
        return given.fields.get(box.name, now.fields[box.name]), now.fields[box.name]

    def _box(self, box: Box, html_in: str, html_out: str, three, here: "Here", prefix: str = "") -> None:
        given, now = three
        sent = plain(box.sent(self.sent, html_in))
        if box.takes_several:
            box.put(self.data, html_out, merged_choices(given, here.strings, sent))
            return
        theirs = self.sent.get(TAKE + html_in) == THEIRS  # what she wrote is not hers to write any more
        decided = Whose.NOW if theirs else whose(given, now, sent)
        if decided is Whose.ASKED and box.says(self.sent, html_in, here.value):
            decided = Whose.NOW
        if decided is Whose.NOW:
            box.put(self.data, html_out, here.strings)
        elif html_in != html_out:
            box.put(self.data, html_out, box.sent(self.sent, html_in))
        if decided is Whose.ASKED:
            by = self.changed.of_column(here.model, here.pk, box.name)
            self.asked.of_box(prefix, box.name, contested(box.words(here.strings), by, TAKE + html_out))

    def _file(self, box: Box) -> None:
        given, now = self._three(box, "", "")
        touched = box.name in self.files or f"{box.name}-clear" in self.sent
        if touched and given != now:
            by = self.changed.of_column(type(self.obj), self.obj.pk, box.name)
            self.asked.of_box("", box.name, contested(box.words([now[0].rpartition("/")[2]]), by))

    # --- rows ---------------------------------------------------------------------------------------------------------
    @cached_property
    def _sent_rows(self) -> dict[str, dict[int, dict[str, list[str]]]]:
        """The boxes that were sent, by prefix and number of the row."""
        prefixes = sorted((rows.prefix for rows in self.state.rows), key=len, reverse=True)
        pattern = re.compile(rf"({'|'.join(map(re.escape, prefixes))})-([0-9]{{1,6}})-(.+)", re.S)
        found: dict = {prefix: {} for prefix in prefixes}
        for name, values in self.sent.lists():
            if match := prefixes and pattern.fullmatch(name):
                found[match[1]].setdefault(int(match[2]), {})[match[3]] = values
        return found

    def _rows(self, rows: Rows) -> None:
        sent = self._sent_rows[rows.prefix]
        counts = [self.sent.get(f"{rows.prefix}-{name}", "") for name in (INITIAL_FORM_COUNT, TOTAL_FORM_COUNT)]
        if not all(re.fullmatch("[0-9]{1,6}", count) for count in counts):
            return  # Django says what is wrong with it
        initial, total = map(int, counts)
        if not initial <= total <= rows.absolute_max:
            return
        by_key = {
            sent[index][rows.key][0]: index for index in range(initial) if sent.get(index, {}).get(rows.key, [""])[0]
        }
        for index, names in sent.items():
            for name in names:
                del self.data[rows.html(index, name)]
        out = 0
        for pk in rows.rows:
            self._row(rows, pk, by_key.get(pk), out)
            out += 1
        self.data[f"{rows.prefix}-{INITIAL_FORM_COUNT}"] = str(out)
        back = [index for pk, index in by_key.items() if pk not in rows.rows and self._is_missed(rows, pk, index)]
        for index in (*back, *range(initial, total)):
            for name, values in sent.get(index, {}).items():
                if index >= initial or name not in (rows.key, DELETION_FIELD_NAME):
                    self.data.setlist(rows.html(out, name), values)
            out += 1
        self.data[f"{rows.prefix}-{TOTAL_FORM_COUNT}"] = str(out)

    def _row(self, rows: Rows, pk: str, index: int | None, out: int) -> None:
        """A row that is there, at its place in what is sent on."""
        here = self.now[1][rows.prefix][pk]
        if index is not None:
            for name, values in self._sent_rows[rows.prefix][index].items():  # boxes of questions among them
                self.data.setlist(rows.html(out, name), values)
        self.data[rows.html(out, rows.key)] = pk
        self.data[rows.html(out, rows.parent_key)] = str(rows.parent.pk)
        deleted = index is not None and self._deletes(rows, index)
        for box in rows.boxes:
            html = rows.html(out, box.name)
            if index is None or deleted or not rows.may_change:
                box.put(self.data, html, here[box.name])
            else:
                three = self._three(box, rows.prefix, pk)
                there = Here(rows.rows[pk][box.name], here[box.name], rows.model, int(pk))
                self._box(box, rows.html(index, box.name), html, three, there, f"{rows.prefix}-{out}")
        given = self.given.rows.get(rows.prefix, {}).get(pk)
        if deleted and given is not None and given != self.compared.rows[rows.prefix][pk]:
            by = self.changed.of_row(rows.model, int(pk))
            sentence = (
                _("“%(row)s” was changed by %(who)s on %(when)s, and you delete it: save again if it is to go.")
                if by
                else _("“%(row)s” was changed meanwhile, and you delete it: save again if it is to go.")
            )
            self.asked.of_row(rows.prefix, sentence % {"row": rows.words(here), **by.said()})

    def _deletes(self, rows: Rows, index: int) -> bool:
        return rows.can_delete and bool(self.sent.get(rows.html(index, DELETION_FIELD_NAME)))

    def _is_missed(self, rows: Rows, pk: str, index: int) -> bool:
        """Whether she wrote in a row that is there no more; it comes back as a new one, and she is told."""
        if not rows.may_change or self._deletes(rows, index):
            return False
        sent = {box.name: plain(box.sent(self.sent, rows.html(index, box.name))) for box in rows.boxes}
        given = self.given.rows.get(rows.prefix, {}).get(pk)
        if given is not None and all(given.get(name, strings) == strings for name, strings in sent.items()):
            return False
        by = self.changed.of_row(rows.model, int(pk), deleted=True) if pk.isdecimal() else NOBODY_KNOWN
        sentence = (
            _(
                "“%(row)s” was deleted by %(who)s on %(when)s; what you wrote there stands in a new row: save again to "
                "add it."
            )
            if by
            else _("“%(row)s” was deleted meanwhile; what you wrote there stands in a new row: save again to add it.")
        )
        self.asked.of_row(rows.prefix, sentence % {"row": rows.words(given or sent, sent=given is None), **by.said()})
        return True


def contested(value: str, by: LastChange, choice: str = ""):
    """Who changed it and to what, and the choice between the two; of a file there is none, for no browser sends it again."""
    sentence = (
        _("%(who)s changed this on %(when)s, while you had the form open.") % by.said()
        if by
        else _("Somebody changed this while you had the form open.")
    )
    if not choice:
        again = _("It now says “%(value)s”. Save again to replace it with yours.") % {"value": value}
        return format_html('<div class="contested">{} {}</div>', sentence, again)
    return format_html(
        '<div class="contested"><p>{}</p>'
        '<label><input type="radio" name="{name}" value="{}" checked> {}</label>'
        '<label><input type="radio" name="{name}" value="{}"> {} <q>{}</q></label>'
        "<p>{}</p></div>",
        sentence, MINE, _("Mine, as it stands in the box"), THEIRS, _("Theirs:"), value,
        _("Choose, and save again."), name=choice,
    )  # fmt: skip


# --- asked in the form ------------------------------------------------------------------------------------------------
class AsksInBoxes:
    asked: Asked

    def clean(self):
        cleaned = super().clean()
        for name, sentence in self.asked.boxes.get(self.prefix or "", {}).items():
            self.add_error(name, ValidationError(sentence, code="contested"))
        return cleaned


class AsksInRows:
    asked: Asked

    def full_clean(self):
        super().full_clean()
        for sentence in self.asked.rows.get(self.prefix, ()):
            self._non_form_errors.append(ValidationError(sentence, code="contested"))


def asking(kind: type, mixin: type, asked: Asked) -> type:
    """The form or formset of this request, which asks."""
    return type(kind)(kind.__name__, (mixin, kind), {"asked": asked})


class MergedPages:
    """The form of a model's admin. `keeps_typed`: whether what is sent after the end of a session is kept for its sender."""

    keeps_typed = True
    change_form_template = "admin/portal_change_form.html"

    def _changeform_view(self, request, object_id, form_url, extra_context):
        """Within the transaction of the save."""
        if request.method == "POST" and object_id is not None and "_saveasnew" not in request.POST:
            self._wait_for_others(object_id)
            obj = self.get_object(request, unquote(object_id), self._to_field(request))
            if obj is None and (gone := self._gone(request, object_id)):
                return gone
            if obj is not None and self.has_change_permission(request, obj):
                self._merge(request, obj)
        return super()._changeform_view(request, object_id, form_url, extra_context)

    def _to_field(self, request) -> str | None:
        name = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR))
        return name if name and self.to_field_allowed(request, name) else None

    def _wait_for_others(self, object_id: str) -> None:
        """Whoever saves the same record at this moment is done first."""
        try:
            key = self.opts.pk.to_python(unquote(object_id))
        except ValidationError:
            return
        list(self.model._base_manager.select_for_update(no_key=True).filter(pk=key).values_list("pk"))

    def _gone(self, request, object_id: str):
        """What was deleted while she had its form; of what she was never shown nothing is told."""
        given = Given.read(request.POST.get(GIVEN, ""), self._of(request, unquote(object_id)))
        if given is None or self.model._base_manager.filter(pk=unquote(object_id)).exists():
            return None
        sentence = _("%(kind)s “%(name)s” was deleted meanwhile: nothing was saved.")
        text = sentence % {"kind": capfirst(self.opts.verbose_name), "name": given.name}
        self.message_user(request, text, messages.ERROR)
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def _of(self, request, pk) -> str:
        return f"{request.user.pk} {self.opts.label_lower} {pk}"

    def _merge(self, request, obj) -> None:
        fields = flatten_fieldsets(self.get_fieldsets(request, obj))
        form = self.get_form(request, obj, change=True, fields=fields)(instance=obj)
        state = State(form, self._formsets_now(request, obj))
        given = Given.read(request.POST.get(GIVEN, ""), self._of(request, obj.pk))
        merge = Merge(state, given, request.POST, request.FILES, obj, LastChanges(obj, request.user))
        request.POST = merge.data
        request.stands_there, request.asked_in_form = state, merge.asked

    def _formsets_now(self, request, obj) -> Iterator[tuple]:
        for prefix, formset, inline in prefixed(self.get_formsets_with_inlines(request, obj)):
            rows = formset(instance=obj, prefix=prefix, queryset=inline.get_queryset(request))
            rows.queryset = rows.queryset.select_for_update(
                no_key=True, of=("self",)
            )  # they have pages of their own too
            yield rows, inline, inline.has_change_permission(request, obj)

    def save_form(self, request, form, change):
        if getattr(request, "typed_before", False):  # a form that is but shown again: it cannot be valid
            raise SuspiciousOperation("What was typed before is saved by whoever looks at it.")
        return super().save_form(request, form, change)

    # --- the hooks of Django's own view -------------------------------------------------------------------------------
    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if getattr(request, "typed_before", False):
            form = not_saved_yet(request, form)
        asked = getattr(request, "asked_in_form", None)
        return asking(form, AsksInBoxes, asked) if asked and "" in asked.boxes else form

    def get_formsets_with_inlines(self, request, obj=None):
        asked = getattr(request, "asked_in_form", None)
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            if asked and (asked.rows or asked.boxes):
                formset.form = asking(formset.form, AsksInBoxes, asked)
                formset = asking(formset, AsksInRows, asked)
            yield formset, inline

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context[GIVEN] = ""
        if change and obj is not None and self.has_change_permission(request, obj):
            state = getattr(request, "stands_there", None) or State(
                context["adminform"].form,
                [(one.formset, one.opts, one.has_change_permission) for one in context["inline_admin_formsets"]],
            )
            context[GIVEN] = as_given(state, str(obj)).signed(self._of(request, obj.pk))
        return super().render_change_form(request, context, add, change, form_url, obj)


def prefixed(formsets: Iterable[tuple]) -> Iterator[tuple]:
    """With the prefixes that Django gives them."""
    seen: Counter = Counter()
    for formset, inline in formsets:
        prefix = formset.get_default_prefix()
        seen[prefix] += 1
        yield (prefix if seen[prefix] == 1 and prefix else f"{prefix}-{seen[prefix]}"), formset, inline
