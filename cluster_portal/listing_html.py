"""The options of a facet as HTML.

A list page shows some two hundred options. The template engine needs several milliseconds for them,
a loop over strings a fraction of one, and the list has to answer faster than that.
"""

from html import escape

from django.utils.safestring import SafeString, mark_safe

from cluster_portal.typography import NARROW_SPACE, in_french

MARKED = ("kind",)


def facet_options_html(facet, mark=None) -> SafeString:
    """One checkbox (or radio button) an option: name, value, label, count, selected, disabled, level.

    `mark` draws the label of a facet whose options have a mark of their own (the kinds). An option may
    answer to a parameter of its own: a department stands under its region.
    """
    control = "checkbox" if facet.multi else "radio"
    thousands = NARROW_SPACE if in_french() else ","
    mark = mark if facet.name in MARKED else None
    rows = []
    for option in facet.options:
        field, value, text = escape(option.name), escape(option.value), str(option.label)
        key = f"f-{field}-{value}"
        label = mark(option.value, text) if mark else escape(text)
        state = " checked" if option.selected else " disabled" if option.disabled else ""
        sub = " is-sub" if option.level else ""
        count = f"{option.count:,}".replace(",", thousands)
        rows.append(
            f'<div class="form-check{sub}"><input class="form-check-input" type="{control}" name="{field}" '
            f'value="{value}" id="{key}"{state}><label for="{key}">{label}</label>'
            f'<span class="n">{count}</span></div>'
        )
    return mark_safe("".join(rows))
