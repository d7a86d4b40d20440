"""What a list repeats, as HTML: the options of its facets and the cards of its rows.

A page has some two hundred options and twenty-five cards. The template engine took 2 and 3 ms for them, more
than everything else on the page together; these functions take a tenth of it, and so they are the
exception to the rule that markup stands in templates. They escape every value themselves.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from cluster_portal.writing.typography import NARROW_SPACE, in_french


def facet_options_html(facet) -> SafeString:
    """One checkbox (or radio button) an option: name, value, label, count, selected, disabled, level.

    `mark` draws the label of a facet whose options have a mark of their own. An option may answer to a parameter of its
    own: a department stands under its region.
    """
    control = "checkbox" if facet.multi else "radio"
    thousands = NARROW_SPACE if in_french() else ","
    rows = []
    for option in facet.options:
        before, between = _option(control, option.name, option.value, str(option.label), bool(option.level), facet.mark)
        state = " checked" if option.selected else " disabled" if option.disabled else ""
        count = f"{option.count:,}".replace(",", thousands)
        rows.append(f"{before}{state}{between}{count}</span></div>")
    return mark_safe("".join(rows))


# What stands in an option or a link is the same on page after page; to escape it each time took a tenth of a list.
@lru_cache(maxsize=4096)
def _option(
    control: str, name: str, value: str, text: str, inside: bool, mark: Callable[[str, str], str] | None
) -> tuple[str, str]:
    """An option up to its state, and from there to its count."""
    field, slug = escape(name), escape(value)
    key = f"f-{field}-{slug}"
    label = mark(value, text) if mark else escape(text)
    return (
        f'<div class="form-check{" is-sub" if inside else ""}"><input class="form-check-input" type="{control}" '
        f'name="{field}" value="{slug}" id="{key}"',
        f'><label for="{key}">{label}</label><span class="n">',
    )


@lru_cache(maxsize=4096)
def _link(css: str, name: str, url: str) -> str:
    return f'<a{css} href="{escape(url)}">{escape(name)}</a>'


def card_links(pairs: Iterable[tuple[str, str]], css: str = "") -> list[str]:
    return [_link(css, str(name), url) for name, url in pairs]


def card_tags(card) -> str:
    tags = card_links(card.themes, ' class="tag"')
    if number := card.more_themes:
        words = ngettext("%(number)s more theme", "%(number)s more themes", number) % {"number": number}
        tags.append(
            f'<span class="tag tag--more"><span aria-hidden="true">+ {number}</span>'
            f'<span class="visually-hidden">{escape(words)}</span></span>'
        )
    tags += card_links(card.clusters, ' class="tag tag--cluster"')
    items = "".join(f"<li>{tag}</li>" for tag in tags)
    return f'<ul class="tag-list">{items}</ul>\n' if tags else ""
