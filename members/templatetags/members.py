"""The marks of the kinds, and the card of an organisation, made by functions because lists show dozens of them
(docs/decisions/0007). They escape every value themselves."""

from functools import lru_cache
from html import escape

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy

from cluster_portal.listing.markup import card_links, card_tags
from cluster_portal.serving.templates_by_language import decided_by_language
from cluster_portal.templatetags.portal import icon, state_badge

register = template.Library()

KINDS = {
    "company": gettext_lazy("Company"),
    "laboratory": gettext_lazy("Laboratory"),
    "institution": gettext_lazy("Institution"),
    "cluster": gettext_lazy("Competitiveness cluster"),
}


@lru_cache(maxsize=64)
def _kind_badge(kind: str, text: str, language: str) -> SafeString:
    return format_html('<span class="kind is-{}">{}{}</span>', kind, icon(kind), text or KINDS.get(kind, kind))


@register.simple_tag
@decided_by_language
def kind_badge(kind: str, text: str = "") -> SafeString:
    """Shape, tint and word of a kind; `text` replaces the word."""
    return _kind_badge(str(kind), str(text), get_language() or "")


@register.simple_tag
@decided_by_language
def kind_shape(kind: str) -> SafeString:
    return format_html('<span class="shape is-{}" aria-hidden="true"></span>', kind)


@register.simple_tag
def logo(organisation, css: str = "logo") -> SafeString:
    """The logo in its fixed box, or the mark of the kind: never an empty frame."""
    url = getattr(organisation, "logo_url", None)
    if url:
        return format_html('<span class="{}"><img src="{}" alt="" loading="lazy" decoding="async"></span>', css, url)
    return _fallback_logo(str(organisation.kind), css)


@register.simple_tag
@decided_by_language
def kind_logo(kind: str, css: str = "logo") -> SafeString:
    return _fallback_logo(kind, css)


@lru_cache(maxsize=64)
def _kind_link(kind: str, text: str, url: str) -> SafeString:
    return format_html('<a class="kind is-{}" href="{}">{}{}</a>', kind, url, icon(kind), text)


@lru_cache(maxsize=32)
def _fallback_logo(kind: str, css: str) -> SafeString:
    return format_html('<span class="{} logo--none is-{}">{}</span>', css, kind, icon(kind, "sign"))


@register.simple_tag
def organisation_card(card) -> SafeString:
    """One organisation in a list.

    `card` has url, name, kind, kind_label, kind_url, logo_url, description (with its `lang`), town, regions, national,
    acronym, size_label, size_url, headcount_label, state, note, themes, more_themes and clusters; regions, themes and
    clusters are pairs of name and address.
    """
    text = card.description
    language = f' lang="{text.lang}"' if getattr(text, "lang", "") else ""
    description = f"<p{language}>{escape(text)}</p>\n" if text else ""
    state = state_badge(card.state, "off", "close") if card.state else ""
    return mark_safe(
        f'<article class="org-card{" org-card--closed" if card.state else ""}">\n{logo(card)}\n<div>\n'
        f'<div class="org-card__head">{_kind_link(card.kind, card.kind_label, card.kind_url)}{state}</div>\n'
        f'<h2><a href="{escape(card.url)}">{escape(card.name)}</a></h2>\n{description}'
        f'<ul class="meta">{_facts(card)}</ul>\n{card_tags(card)}</div>\n</article>\n'
    )


def _facts(card) -> str:
    """Where it is, the head office first; what it is called for short; how large it is."""
    facts = []
    regions = card_links(card.regions)
    if card.town or regions:
        place = ", ".join(filter(None, [escape(card.town), *regions[:1]]))
        if regions[1:]:
            place += ", " + gettext("other sites: %(links)s") % {"links": ", ".join(regions[1:])}
        facts.append(icon("region") + place)
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
