"""A list that is empty says what was looked for, and the ways on: other words, fewer filters, something new."""

from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst


class EmptyLists:
    """The template of the list (``portal_change_list.html``) says it in place of the rows."""

    def changelist_view(self, request, extra_context=None):
        answer = super().changelist_view(request, {"empty": None, "export_url": "", **(extra_context or {})})
        if isinstance(answer, TemplateResponse) and "cl" in (answer.context_data or {}):
            changelist = answer.context_data["cl"]
            if not changelist.result_count:
                answer.context_data["empty"] = self._emptiness(request, changelist)
        return answer

    def _emptiness(self, request: HttpRequest, changelist: ChangeList) -> dict:
        typed = changelist.query.strip()
        filters = [*chosen_filters(changelist)]
        meant = self.spelt_otherwise(self.rows_by_name(request), typed) if typed and self.search_fields else ""
        may_add = self.has_add_permission(request) and not changelist.is_popup
        return {
            "typed": typed,
            "filters": filters,
            "meant": meant,
            "meant_url": changelist.get_query_string({SEARCH_VAR: meant}) if meant else "",
            "unfiltered_url": f"?{urlencode({SEARCH_VAR: typed})}" if filters and typed else "?" if filters else "",
            "unsearched_url": changelist.get_query_string(remove=[SEARCH_VAR]) if typed else "",
            "add_url": self.add_url(request, typed) if may_add else "",
        }

    def rows_by_name(self, request: HttpRequest):
        """Among whose names another spelling is looked for: those that she meets."""
        return self.model._default_manager.editable_by(request.user)

    def add_url(self, request: HttpRequest, typed: str) -> str:
        """Where something is added that bears the name which was looked for in vain."""
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
        boxes = {field.name for field in self.opts.fields}
        box = next((name for name in ("name", *self.slug_from) if name in boxes), "")
        return f"{address}?{urlencode({box: typed})}" if typed and box else address


def chosen_filters(changelist: ChangeList):
    """The filters that narrow the list, in words."""
    for spec in changelist.filter_specs:
        _every, *others = spec.choices(changelist)
        for choice in others:
            if choice["selected"]:
                yield f"{capfirst(str(spec.title))} – {str(choice['display']).strip()}"
    known = {name for spec in changelist.filter_specs for name in spec.expected_parameters()}
    for name, values in changelist.get_filters_params().items():
        if name not in known:  # asked by an address that somebody wrote: as it stands there
            yield f"{name} = {', '.join(values)}"
