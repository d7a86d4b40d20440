"""The boxes of a form by functions, where Django's templates take a tenth of a millisecond each: a project of three
hundred partners has two thousand boxes. What has no function here is rendered by its template, to the same but for blanks.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.templatetags.static import static
from django.utils.formats import localize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as in_admins_words  # which Django's own catalogue holds

INPUTS = "checkbox date datetime email hidden input number password tel text time url"


class MarkupByFunctions(DjangoTemplates):
    def render(self, template_name, context, request=None):
        markup = MARKUP.get(template_name)
        if markup is None or context.get("can_delete_related") or context.get("can_view_related"):
            return super().render(template_name, context, request)
        return mark_safe(markup(context))


def _attributes(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {written(name)}" if value is True else f' {written(name)}="{written(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def written(value: Any) -> str:
    """As `conditional_escape` does, which looks first for what is translated later."""
    text = value if isinstance(value, str) else str(value)
    return text if isinstance(text, SafeString) else escape(text)


def _input(context: Mapping[str, Any]) -> str:
    widget = context["widget"]
    value = widget["value"]
    shown = "" if value is None else f' value="{written(value)}"'
    name = written(widget["name"])
    return f'<input type="{written(widget["type"])}" name="{name}"{shown}{_attributes(widget["attrs"])}>'


def _select(context: Mapping[str, Any]) -> str:
    widget = context["widget"]
    lines = [f'<select name="{written(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            lines.append(f'\n  <optgroup label="{written(localize(group))}">')
        for option in options:
            value, label = written(option["value"]), written(localize(option["label"]))
            lines.append(f'\n  <option value="{value}"{_attributes(option["attrs"])}>{label}</option>')
        if group:
            lines.append("\n  </optgroup>")
    return "".join([*lines, "\n</select>"])


def _errors(context: Mapping[str, Any]) -> str:
    errors = context["errors"]
    if not errors:
        return ""
    identity = f' id="{written(errors.field_id)}_error"' if errors.field_id else ""
    lines = "".join(f"<li>{written(localize(error))}</li>" for error in errors)
    return f'<ul class="{written(context["error_class"])}"{identity}>{lines}</ul>'


def _with_links(context: Mapping[str, Any]) -> str:
    """A box, and beside it the ways to open what it names and to add what is missing."""
    model = context["model_name"]
    reference = "" if context["model_has_limit_choices_to"] else f'data-model-ref="{written(model)}"'
    links = []
    if not context["is_hidden"]:
        query, name = written(context["url_params"]), written(context["name"])
        if context["can_change_related"]:
            there = f"{written(context['change_related_template_url'])}?{query}"
            title = in_admins_words("Change selected %(model)s") % {"model": written(context["model"])}
            links.append(
                _link("change", name, f'data-href-template="{there}" data-popup="yes"', title, "icon-changelink.svg")
            )
        if context["can_add_related"]:
            there = f"{written(context['add_related_url'])}?{query}"
            title = in_admins_words("Add another %(model)s") % {"model": written(context["model"])}
            links.append(_link("add", name, f'data-popup="yes" href="{there}"', title, "icon-addlink.svg"))
    return f'<div class="related-widget-wrapper" {reference}>\n    {context["rendered_widget"]}\n    {"".join(links)}\n</div>'


def _link(does: str, name: str, where: str, title: str, icon: str) -> str:
    picture = f'<img src="{written(static(f"admin/img/{icon}"))}" alt="" width="24" height="24">'
    kind = f'class="related-widget-wrapper-link {does}-related" id="{does}_id_{name}"'
    return f'<a {kind} {where} title="{title}">{picture}</a>'


MARKUP: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{f"django/forms/widgets/{kind}.html": _input for kind in INPUTS.split()},
    "django/forms/widgets/select.html": _select,
    "django/forms/errors/list/default.html": _errors,
    "django/forms/errors/list/ul.html": _errors,
    "admin/widgets/related_widget_wrapper.html": _with_links,
}
