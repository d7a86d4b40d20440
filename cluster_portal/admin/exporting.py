"""A list of the staff as a file: the rows that it shows, filters and search included, with the columns that one chooses.

What a list offers, its admin says (``file_offered``). Contact persons are among it only for whom they belong to, and for a
purpose, which is kept (``note_contacts``).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _

from cluster_portal.exchange.answers import file_answer
from cluster_portal.exchange.columns import Column, Words
from cluster_portal.exchange.formats import FORMATS
from cluster_portal.exchange.tables import Fact, Position, Table
from cluster_portal.listing.whole import Shown
from cluster_portal.writing.typography import number

from .emptiness import chosen_filters

LONGEST_PURPOSE = 300


@dataclass(frozen=True)
class Offered:
    """What may be taken from a list. ``records`` reads the rows of some keys, with contact persons or without;
    ``contacts`` are the columns that tell of them, none where they are not hers to take."""

    columns: Sequence[Column]
    records: Callable[[list[int], bool], Iterator[Any]]
    words: Words
    position: Callable[[Any], Position | None]
    contacts: Sequence[Column] = ()
    whose: Any = None  # the cluster that the contact persons are known to


class ExportForm(forms.Form):
    purpose = forms.CharField(max_length=LONGEST_PURPOSE, required=False, strip=True)

    def __init__(self, offered: Offered, data=None) -> None:
        super().__init__(data)
        self.offered = offered
        every = [*offered.columns, *offered.contacts]
        self.fields["format"] = forms.ChoiceField(choices=[(key, one.label) for key, one in FORMATS.items()])
        self.fields["column"] = forms.MultipleChoiceField(
            choices=[(column.name, column.label) for column in every],
            error_messages={"required": _("Tick at least one column.")},
        )

    def clean(self):
        cleaned = super().clean()
        if self.with_contacts and not cleaned.get("purpose"):
            self.add_error("purpose", _("Say what the contact persons are needed for, in a few words."))
        return cleaned

    @property
    def chosen(self) -> list[Column]:
        """In the order of the catalogue."""
        ticked = set(self.cleaned_data.get("column", ()))
        return [column for column in (*self.offered.columns, *self.offered.contacts) if column.name in ticked]

    @property
    def with_contacts(self) -> bool:
        return any(column in self.offered.contacts for column in self.chosen)

    def ticked(self) -> set[str]:
        """At first what anybody may have."""
        if self.is_bound:
            return set(self.data.getlist("column"))
        return {column.name for column in self.offered.columns if column.public}

    def groups(self, columns: Iterable[Column]) -> list[dict]:
        ticked = self.ticked()
        by_group: dict[str, list[dict]] = {}
        for column in columns:
            box = {"name": column.name, "label": column.label, "ticked": column.name in ticked}
            by_group.setdefault(str(column.group), []).append(box)
        return [{"label": label, "boxes": boxes} for label, boxes in by_group.items()]


class Exported:
    """For a ``PortalAdmin``."""

    def file_offered(self, request: HttpRequest, changelist: ChangeList) -> Offered:
        raise NotImplementedError

    def note_contacts(self, request: HttpRequest, offered: Offered, keys: list[int], **said: str) -> None:
        """That somebody takes contact persons away: of which rows, what for."""
        raise NotImplementedError

    @property
    def export_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_export"

    def get_urls(self):
        return [
            path("export/", self.admin_site.admin_view(self.export_view), name=self.export_name),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        answer = super().changelist_view(request, extra_context)
        if isinstance(answer, TemplateResponse) and "cl" in (answer.context_data or {}):
            changelist = answer.context_data["cl"]
            if changelist.result_count and not changelist.is_popup:
                asked = changelist.get_query_string(remove=[PAGE_VAR])
                answer.context_data["export_url"] = f"{reverse(f'admin:{self.export_name}')}{asked.rstrip('?')}"
        return answer

    def export_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            changelist = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{self._address_of_list()}?{ERROR_FLAG}=1")
        offered = self.file_offered(request, changelist)
        form = ExportForm(offered, request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            return self._file(request, changelist, offered, form)
        return self._export_page(request, changelist, offered, form)

    def _address_of_list(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _list_in_words(self, changelist: ChangeList) -> Shown:
        """The list in words."""
        address = f"{self._address_of_list()}{changelist.get_query_string(remove=[PAGE_VAR]).rstrip('?')}"
        filters = list(chosen_filters(changelist))
        if words := changelist.query.strip():
            filters.insert(0, f"{_('Words')} – {_('“%(words)s”') % {'words': words}}")
        return Shown(capfirst(str(self.opts.verbose_name_plural)), address, timezone.localdate(), filters)

    def _file(self, request, changelist: ChangeList, offered: Offered, form: ExportForm) -> HttpResponseBase:
        keys = list(changelist.queryset.values_list("pk", flat=True))
        shown, columns, contacts = self._list_in_words(changelist), form.chosen, form.with_contacts
        facts = shown.facts(request, len(keys))
        if not all(column.public for column in columns):
            facts = [fact for fact in facts if fact.key != "licence"]  # what is for the staff is licensed to nobody
        asked = form.cleaned_data["format"]
        if contacts:
            purpose = form.cleaned_data["purpose"]
            facts.append(Fact("purpose", _("Purpose"), purpose))
            facts.append(
                Fact("personal_data", _("Personal data"), _("This file names people: delete it once it has served."))
            )
            if "about" not in request.POST:
                self.note_contacts(
                    request, offered, keys,
                    purpose=purpose, filters="\n".join(shown.filters), address=shown.address, format=asked,
                    columns=", ".join(column.name for column in columns),
                )  # fmt: skip
        table = Table.of(
            f"{slugify(str(self.opts.verbose_name_plural))}-{shown.day}", columns, offered.words,
            lambda: offered.records(keys, contacts), facts, offered.position,
        )  # fmt: skip
        return file_answer(request, table, asked, companion="about" in request.POST)

    def _export_page(self, request, changelist: ChangeList, offered: Offered, form: ExportForm) -> TemplateResponse:
        shown = self._list_in_words(changelist)
        rows = self.opts.verbose_name if changelist.result_count == 1 else self.opts.verbose_name_plural
        context = {
            **self.admin_site.each_context(request),
            "title": _("Export: %(number)s %(rows)s") % {"number": number(changelist.result_count), "rows": rows},
            "subtitle": None,
            "opts": self.opts,
            "shown": shown,
            "form": form,
            "formats": [
                {"key": key, "label": one.label, "ticked": key == (form.data.get("format") or "xlsx")}
                for key, one in FORMATS.items()
            ],
            "groups": form.groups(offered.columns),
            "contacts": form.groups(offered.contacts),
            "whose": offered.whose,
            "longest_purpose": LONGEST_PURPOSE,
            "purpose": form.data.get("purpose", ""),
            "here": request.get_full_path(),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/export.html", context)
