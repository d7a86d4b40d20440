"""The third step: what each column holds, what is the same on every line, and whether a blank cell says something."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cluster_portal.admin.boxes import DayBox, LineBox
from members.imports import batches, tasks
from members.imports.fields import LEFT_OUT, Field
from members.imports.subjects import Handling, handling_of
from members.imports.values import CATEGORY_LENGTH, CHOICES
from members.models import ImportBatch, Region, Theme
from members.models.imports import State

from .once_read import what_is_read
from .steps import address_of, elsewhere, shown


@dataclass(frozen=True, slots=True)
class Column:
    """``blanks``: how many of its cells are blank; None where they were not counted. ``erasable``: whether they can take
    a value away."""

    index: int
    header: str
    samples: list[str]
    options: SafeString
    left_out: bool
    blanks: int | None
    erasable: bool
    erases: bool


def page(model_admin: ModelAdmin, request: HttpRequest, batch: ImportBatch) -> HttpResponse:
    handling = handling_of(batch)
    columns, constants, erasing = batch.columns, batch.constants, batch.erasing
    form = Constants(request.POST if request.method == "POST" else None, handling, batch.constants)
    errors: list[str] = []
    if request.method == "POST":
        if request.POST.get("of") != what_is_read(batch):
            return elsewhere(
                request, batch, _("The file is read in another way since that page was shown: choose once more.")
            )
        columns, erasing = _sent(request, batch, handling)
        if form.is_valid():
            constants = form.chosen()
            errors = batches.objections(batch, columns, constants)
            if not errors:
                return _chosen(batch, columns, constants, erasing)
    seen = batch.layout
    blanks = seen.get("blanks") or [None] * len(batch.headers)
    context = {
        "of": what_is_read(batch),
        "columns": [
            Column(place, header, samples, _options(handling, columns[place]), not columns[place], blank,
                   columns[place] in handling.erasable and blank != 0, columns[place] in erasing)
            for place, (header, samples, blank) in enumerate(
                zip(batch.headers, seen.get("samples", [[]] * len(batch.headers)), blanks, strict=True)
            )
        ],
        "left_out": sum(1 for name in columns if not name),
        "form": form,
        "has_constants": any(batch.constants.values()) or bool(form.errors),
        "errors": errors,
        "erasable": ", ".join(str(handling.field(name).label) for name in handling.erasable),
    }  # fmt: skip
    return shown(model_admin, request, batch, "columns", context)


def _sent(request: HttpRequest, batch: ImportBatch, handling: Handling) -> tuple[list[str], list[str]]:
    """The columns, and the fields that a blank cell takes away."""
    known = {field.name for field in handling.fields}
    columns = [
        name if (name := request.POST.get(f"column-{place}", LEFT_OUT)) in known else LEFT_OUT
        for place in range(len(batch.headers))
    ]
    ticked = [columns[place] for place in range(len(columns)) if f"erase-{place}" in request.POST]
    return columns, [name for name in dict.fromkeys(ticked) if name in handling.erasable]


def _chosen(
    batch: ImportBatch, columns: list[str], constants: dict[str, Any], erasing: list[str]
) -> HttpResponseRedirect:
    """On to the values, or straight to the check where there is none to say anything of."""
    batches.choose_columns(batch, columns, constants, erasing)
    batch.state = State.MATCHED
    batch.save(update_fields=["state"])
    if batches.unmapped(batch):
        return HttpResponseRedirect(address_of(batch, "values"))
    batches.remember(batch)
    tasks.start_check(batch)
    return HttpResponseRedirect(address_of(batch, "check"))


# --- boxes ------------------------------------------------------------------------------------------------------------
def _options(handling: Handling, chosen: str) -> SafeString:
    plain = _all_options(handling.fields, get_language() or "")
    return SafeString(plain.replace(f'value="{chosen}">', f'value="{chosen}" selected>', 1))  # names of ours alone


@cache
def _all_options(fields: tuple[Field, ...], language: str) -> SafeString:
    """Of the select of a column, once for all: three hundred of them stand on a page."""
    groups = [
        format_html(
            '<optgroup label="{}">{}</optgroup>',
            title,
            format_html_join(
                "", '<option value="{}">{}</option>', ((one.name, capfirst(str(one.label))) for one in those)
            ),
        )
        for title, those in groupby(fields, key=lambda field: str(field.of))
    ]
    return format_html('<option value="">{}</option>{}', _("leave out"), SafeString("".join(groups)))


class Constants(forms.Form):
    """What is the same on every line, of the fields that no column says."""

    def __init__(self, data, handling: Handling, known: dict[str, Any]) -> None:
        super().__init__(data, prefix="constant", label_suffix="", use_required_attribute=False)
        for name in handling.constants:
            self.fields[name] = _box(handling.field(name))
            self.initial[name] = _initial(name, known.get(name))
        for name, label in handling.offers.items():
            self.fields[name] = forms.BooleanField(label=label, required=False, initial=bool(known.get(name)))

    def chosen(self) -> dict[str, Any]:
        """As they are kept; those that were left blank are not."""
        return {name: _kept(value) for name, value in self.cleaned_data.items() if value not in (None, "", [], False)}


def _box(field: Field) -> forms.Field:
    label = capfirst(str(field.label))
    if field.name in CHOICES:
        return forms.ChoiceField(label=label, required=False, choices=[("", "–"), *CHOICES[field.name].choices])
    if field.name == "themes":
        return forms.TypedMultipleChoiceField(
            label=label, required=False, coerce=int, choices=themes(), widget=forms.SelectMultiple({"size": 6}),
            help_text=_("Hold down Ctrl, or ⌘ on a Mac, to choose several."),
        )  # fmt: skip
    if field.name == "region":
        return forms.TypedChoiceField(
            label=label, required=False, coerce=int, empty_value=None, choices=[("", "–"), *regions()]
        )
    if field.name.endswith("_on"):
        return DayBox(label=label, required=False)
    return LineBox(label=label, required=False, max_length=CATEGORY_LENGTH)


def _initial(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if value and name.endswith("_on") else value


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def themes() -> Sequence[tuple[int, str]]:
    """A domain, and under it its themes."""
    found = list(Theme.objects.with_domain().in_order())
    domains = [one for one in found if one.parent_id is None]
    rows: list[tuple[int, str]] = []
    for domain in domains:
        rows.append((domain.pk, str(domain)))
        rows += [(one.pk, f"\u2003{one}") for one in found if one.parent_id == domain.pk]
    return rows


def regions() -> Sequence[tuple[int, str]]:
    return list(Region.objects.order_by("sort_name", "pk").values_list("pk", "name"))
