"""What a list repeats, as HTML: the options of its facets and the cards of its rows.

A page has some two hundred options and twenty-five cards. The template engine took 2 and 3 ms for them, more
than everything else on the page together; these functions take a tenth of it, and so they are the
exception to the rule that markup stands in templates. They escape every value themselves.
"""

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from cluster_portal.writing.typography import NARROW_SPACE, in_french

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


def card_links(pairs: Iterable[tuple[str, str]], css: str = "") -> list[str]:
    return [f'<a{css} href="{escape(url)}">{escape(str(name))}</a>' for name, url in pairs]


def card_html(card, *, logo: str, kind: str, state: str, pin: str) -> SafeString:
    """One organisation in a list. The marks (logo, kind, state, pin) are drawn by the caller, who keeps them.

    `card` has url, name, description (with its `lang`), town, regions, national, acronym, size_label, size_url,
    headcount_label, note, themes, more_themes and clusters; regions, themes and clusters are pairs of name and address.
    """
    text = card.description
    language = f' lang="{text.lang}"' if getattr(text, "lang", "") else ""
    description = f"<p{language}>{escape(text)}</p>\n" if text else ""
    return mark_safe(
        f'<article class="org-card{" org-card--closed" if card.state else ""}">\n{logo}\n<div>\n'
        f'<div class="org-card__head">{kind}{state}</div>\n'
        f'<h2><a href="{escape(card.url)}">{escape(card.name)}</a></h2>\n{description}'
        f'<ul class="meta">{_facts(card, pin)}</ul>\n{card_tags(card)}</div>\n</article>\n'
    )


def _facts(card, pin: str) -> str:
    """Where it is, the head office first; what it is called for short; how large it is."""
    facts = []
    regions = card_links(card.regions)
    if card.town or regions:
        place = ", ".join(filter(None, [escape(card.town), *regions[:1]]))
        if regions[1:]:
            place += ", " + gettext("other sites: %(links)s") % {"links": ", ".join(regions[1:])}
        facts.append(pin + place)
    if card.national and card.town:  # without a town, its region already says “the whole of France”
        facts.append(escape(gettext("Works nationwide")))
    if card.acronym:
        facts.append(escape(card.acronym))
    if card.size_label:
        size = card_links([(card.size_label, card.size_url)])[0]
        facts.append(f"{size}, {escape(card.headcount_label)}" if card.headcount_label else size)
    if card.note:
        facts.append(escape(card.note))
    return "".join(f"<li>{fact}</li>" for fact in facts)


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
