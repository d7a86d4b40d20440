"""What a browser sends of each box of a form, told from the field and its value: no widget is rendered for it."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import pgettext

from cluster_portal.records.publication import Publication

from .naming import UNNAMED, withheld

LONGEST = 2000  # characters of another's text that an error repeats


def plain(strings: list[str]) -> list[str]:
    """For comparison: browsers send every line break as two signs."""
    return [text.replace("\r\n", "\n").replace("\r", "\n") for text in strings]


class Box:
    """A field of a form, read by `reader`. `html` is the name under which it is sent, with the prefix of its form."""

    def __init__(self, name: str, field: forms.Field, reader: Any = None) -> None:
        self.name, self.field, self.reader = name, field, reader
        self.widget = getattr(field.widget, "widget", field.widget)  # inside the wrapper with the “add” button
        self.is_file = isinstance(field, forms.FileField)
        self.takes_several = isinstance(field, (forms.ModelMultipleChoiceField, forms.MultipleChoiceField))

    def strings(self, value: Any) -> list[str]:
        """As they are sent when nobody touches the box."""
        if self.takes_several:
            return sorted(str(getattr(one, "pk", one)) for one in value or ())
        if self.is_file:
            return [getattr(value, "name", value) or ""]
        if isinstance(self.widget, forms.CheckboxInput):
            return ["on"] if self.widget.check_test(value) else []
        value = self.field.prepare_value(value)
        if isinstance(self.widget, forms.MultiWidget):
            parts = self.widget.decompress(value)
            return [_written(widget, part) for widget, part in zip(self.widget.widgets, parts, strict=True)]
        return [_written(self.widget, value)]

    def sent(self, data: QueryDict, html: str) -> list[str]:
        if self.takes_several:
            return sorted(data.getlist(html))
        if isinstance(self.widget, forms.CheckboxInput):
            return ["on"] if self.widget.value_from_datadict(data, {}, html) else []
        return [data.get(name) or "" for name in self._names(html)]

    def says(self, data: QueryDict, html: str, value: Any) -> bool:
        """Whether what was sent is this value, written otherwise perhaps."""
        return not self.field.has_changed(value, self.widget.value_from_datadict(data, {}, html))

    def put(self, data: QueryDict, html: str, strings: list[str]) -> None:
        if self.takes_several or isinstance(self.widget, forms.CheckboxInput):
            data.pop(html, None)
            if strings:
                data.setlist(html, strings)
            return
        for name, text in zip(self._names(html), strings, strict=True):
            data[name] = text

    def _names(self, html: str) -> list[str]:
        if isinstance(self.widget, forms.MultiWidget):
            return [html + suffix for suffix in self.widget.widgets_names]
        return [html]

    def words(self, strings: list[str], *, sent: bool = False) -> str:
        """The value as people read it. What was sent may name only what the box offers; what stands on the form, anything."""
        if isinstance(self.widget, forms.CheckboxInput):
            return pgettext("value of a box", "yes") if strings else pgettext("value of a box", "no")
        text = ", ".join(filter(None, (self._label(one, sent) for one in strings)))
        return Truncator(text).chars(LONGEST) or pgettext("value of a box", "nothing")

    def _label(self, text: str, sent: bool) -> str:
        if isinstance(self.field, forms.ModelChoiceField) and text:
            rows = self.field.queryset if sent else self.field.queryset.model._default_manager
            try:
                row = rows.get(pk=text)
            except (rows.model.DoesNotExist, ValueError):
                return ""
            if isinstance(row, Publication) and withheld([row], self.reader):
                return str(UNNAMED)
            return self.field.label_from_instance(row)
        for value, label in _flat(getattr(self.field, "choices", ())) if text else ():
            if str(value) == text:
                return str(label)
        return text


def _written(widget: forms.Widget, value: Any) -> str:
    written = widget.format_value(value)
    if isinstance(written, (list, tuple)):
        written = written[0] if written else None
    return "" if written is None else str(written)


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield value, label


def boxes_of(form: forms.BaseForm, without: tuple[str, ...] = ()) -> list[Box]:
    """Those that somebody can change."""
    reader = getattr(form, "asked_of", None)
    fields = form.fields.items()
    return [Box(name, field, reader) for name, field in fields if name not in without and not field.disabled]
