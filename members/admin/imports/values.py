"""The fourth step: what the texts of kinds, sizes, categories, themes and regions become.

Those that are understood are told in a word, and can be changed; open stand those of which nothing is known yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_portal.writing.one_line import one_line
from members.imports import batches, tasks
from members.imports.batches import MOST_VALUES
from members.imports.subjects import handling_of
from members.imports.values import CATEGORY_LENGTH, CHOICES
from members.models import ImportBatch

from .columns import regions, themes
from .once_read import what_is_mapped
from .steps import address_of, elsewhere, shown

OPEN, LEFT_OUT = "?", ""  # nobody said what it becomes; nothing


@dataclass(frozen=True, slots=True)
class Text:
    """A text that stands in the file; ``box`` is the select, or the line, of what it becomes."""

    text: str
    lines: int
    name: str
    box: SafeString


@dataclass(slots=True)
class Mapped:
    """A field with its texts: those that are open, and those that are understood; ``more`` are open and not shown."""

    name: str
    label: str
    several: bool
    open: list[Text] = field(default_factory=list)
    understood: list[Text] = field(default_factory=list)
    more: int = 0
    number: int = 0  # of those that are understood, shown or not
    summary: str = ""


def page(model_admin: ModelAdmin, request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    fields = _fields(batch)
    if request.method == "POST":
        if request.POST.get("of") != what_is_mapped(batch):
            return elsewhere(request, batch, _("Other columns are chosen since that page was shown: look once more."))
        batch.values = {**batch.values, **_sent(request, batch)}
        batches.remember(batch)
        tasks.start_check(batch)
        return HttpResponseRedirect(address_of(batch, "check"))
    handling = handling_of(batch)
    pairs = list(zip(batch.headers, batch.columns, strict=True))
    context = {
        "of": what_is_mapped(batch),
        "fields": fields,
        "open": any(one.open for one in fields),
        "remembered": batches.mapping_of(batch) is not None,
        "taken": [(header, capfirst(str(handling.field(name).label))) for header, name in pairs if name],
        "left_out": [header for header, name in pairs if not name],
        "columns_url": address_of(batch, "columns"),
    }
    return shown(model_admin, request, batch, "values", context)


def _texts(batch: ImportBatch) -> Iterator[tuple[str, list[tuple[str, Any, int, str]]]]:
    """For each field its texts, the commonest first: what each becomes, the number of its lines, the name of its box."""
    numbers = batch.layout.get("numbers", {})
    for name, known in batch.values.items():
        lines = numbers.get(name, {})
        ordered = sorted((text for text in known if text in lines), key=lambda text: (-lines[text], text))
        yield name, [(text, known[text], lines[text], f"{name}-{place}") for place, text in enumerate(ordered)]


def _fields(batch: ImportBatch) -> list[Mapped]:
    handling = handling_of(batch)
    found = []
    for name, texts in _texts(batch):
        one = Mapped(name, capfirst(str(handling.field(name).label)), several=name == "themes")
        boxes = Boxes(name)
        for text, becomes, lines, box in texts:
            if becomes is None:
                if len(one.open) < MOST_VALUES:
                    one.open.append(Text(text, lines, box, boxes.of(box, becomes)))
                else:
                    one.more += 1
            else:
                one.number += 1
                if len(one.understood) < MOST_VALUES:
                    one.understood.append(Text(text, lines, box, boxes.of(box, becomes)))
        sentence = ngettext("%(count)s text is understood.", "%(count)s texts are understood.", one.number)
        one.summary = sentence % {"count": one.number}
        if texts:
            found.append(one)
    return found


class Boxes:
    """The boxes of one field, all of the same options, which are written once."""

    def __init__(self, name: str) -> None:
        self.name, self.several = name, name == "themes"
        self.options: list[tuple[Any, str]] | None = None
        if name == "themes":
            self.options = list(themes())
        elif name == "region":
            self.options = list(regions())
        elif name in CHOICES:
            self.options = list(CHOICES[name].choices)
        self.written = format_html_join("", '<option value="{}">{}</option>', self.options or ())

    def of(self, box: str, becomes: Any) -> SafeString:
        if self.options is None:
            return format_html(
                '<input type="text" name="{0}" id="{0}" value="{1}" maxlength="{2}">',
                box,
                becomes or "",
                CATEGORY_LENGTH,
            )
        chosen = becomes if isinstance(becomes, list) else [OPEN if becomes is None else becomes]
        if becomes == LEFT_OUT:
            chosen = [LEFT_OUT]
        written = format_html(
            '<option value="{}">{}</option><option value="">{}</option>{}',
            OPEN,
            _("not said"),
            _("leave out"),
            self.written,
        )
        for one in chosen or [LEFT_OUT]:
            value = format_html('value="{}">', one)
            written = SafeString(written.replace(value, value[:-1] + " selected>", 1))
        return format_html(
            '<select name="{0}" id="{0}"{1}>{2}</select>',
            box,
            SafeString(" multiple size=4") if self.several else "",
            written,
        )

    def read(self, sent: list[str]) -> Any:
        """What was sent for one text; what is no choice is not said."""
        if self.options is None:
            return one_line(sent[0].replace("\0", " "))[:CATEGORY_LENGTH] if sent else LEFT_OUT
        known = {str(value): value for value, _label in self.options}
        chosen = [known[one] for one in sent if one in known]
        if self.several:
            return chosen or (None if not sent or OPEN in sent else LEFT_OUT)
        return chosen[0] if chosen else LEFT_OUT if LEFT_OUT in sent else None


def _sent(request: HttpRequest, batch: ImportBatch) -> dict[str, dict[str, Any]]:
    found = {}
    for name, texts in _texts(batch):
        boxes, said = Boxes(name), dict(batch.values[name])
        for text, _becomes, _lines, box in texts:
            if f"said-{box}" in request.POST:  # a select of which nothing is chosen sends nothing
                said[text] = boxes.read(request.POST.getlist(box))
        found[name] = said
    return found
