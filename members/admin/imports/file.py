"""The second step: what was recognised of the file, which can be changed."""

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cluster_portal.exchange import sheets
from cluster_portal.exchange.sentences import Sentence
from cluster_portal.exchange.sheets import Layout, Unreadable
from members.imports import batches
from members.models import ImportBatch, ImportRow

from .steps import address_of, shown

FORMATS = {
    "csv": gettext_lazy("CSV (a text with separators)"), "xlsx": gettext_lazy("XLSX (a workbook)"), "json": "JSON",
}  # fmt: skip
ENCODINGS = {"utf-8": "UTF-8", "cp1252": "Windows-1252"}
SEPARATORS = {
    ";": pgettext_lazy("separator", "semicolon (;)"),
    ",": pgettext_lazy("separator", "comma (,)"),
    "\t": pgettext_lazy("separator", "tab"),
    "|": pgettext_lazy("separator", "bar (|)"),
}
SHOWN_COLUMNS = 300


class HowToRead(forms.Form):
    """What a person chooses of a ``Layout``; a format has the boxes that mean something for it."""

    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), choices=list(ENCODINGS.items()))
    separator = forms.ChoiceField(label=gettext_lazy("Separator"), choices=list(SEPARATORS.items()))
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"))
    header_row = forms.IntegerField(
        label=gettext_lazy("Line of the headers"), min_value=1, max_value=1_000_000,
        widget=forms.NumberInput({"class": "vIntegerField"}),
    )  # fmt: skip

    def __init__(self, data, layout: Layout, names: list[str]) -> None:
        super().__init__(data, initial=layout.as_json(), label_suffix="", use_required_attribute=False)
        self.layout = layout
        self.fields["sheet"].choices = [(name, name) for name in names]
        boxes = {"csv": ("encoding", "separator", "header_row"), "xlsx": ("sheet", "header_row")}
        for name in set(self.fields) - set(boxes.get(layout.format, ())):
            del self.fields[name]

    def chosen(self) -> Layout:
        """With another sheet, or another separator, the line of the headers is looked for anew unless it was said too."""
        said = {"encoding": self.layout.encoding, "separator": self.layout.separator, "sheet": self.layout.sheet}
        said |= {name: value for name, value in self.cleaned_data.items() if name in said}
        moved = said["sheet"] != self.layout.sheet and "header_row" not in self.changed_data
        line = 0 if moved else self.cleaned_data["header_row"]
        return Layout(format=self.layout.format, header_row=line, **said)


def page(model_admin: ModelAdmin, request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    layout = batches.layout_of(batch)
    seen = batch.layout
    form = HowToRead(request.POST if request.method == "POST" else None, layout, seen.get("sheets", []))
    errors: list[str] = []
    if request.method == "POST":
        if "go-on" in request.POST:
            return HttpResponseRedirect(address_of(batch, "columns"))
        if form.is_valid():
            try:
                return _read_anew(request, batch, form.chosen())
            except Unreadable as error:
                errors = [str(error)]
    first = seen.get("first", [])
    context = {
        "form": form,
        "errors": errors,
        "format": FORMATS.get(layout.format, layout.format),
        "header_row": layout.header_row,
        "notices": [str(Sentence(*one)) for one in seen.get("notices", [])],
        "offers": [_offered(Layout.from_json(one)) for one in seen.get("offers", [])],
        "headers": batch.headers,
        "first": [(line, cells) for line, cells in first],
        "go_on": address_of(batch, "columns"),
    }
    return shown(model_admin, request, batch, "file", context)


def _offered(layout: Layout) -> dict[str, str]:
    """Another way to read it, as the boxes that are sent for it."""
    name = str(SEPARATORS.get(layout.separator, layout.separator))
    return {
        "label": _("Read it with the separator “%(separator)s”") % {"separator": name},
        "encoding": layout.encoding, "separator": layout.separator,
    }  # fmt: skip


def _read_anew(request: HttpRequest, batch: ImportBatch, chosen: Layout) -> HttpResponseRedirect:
    """As somebody chose; what an earlier reading found is forgotten, for its lines may be others."""
    batches.take(batch, sheets.recognise(batch.path, batch.file_name, chosen))
    ImportRow.objects.filter(batch=batch).delete()
    batch.counts, batch.checked_at = {}, None
    batch.save()
    messages.success(request, _("The file is read anew."))
    return HttpResponseRedirect(address_of(batch, "file"))
