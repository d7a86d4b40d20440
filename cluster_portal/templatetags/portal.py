"""Small pieces of markup that recur on every page, made by functions because lists show hundreds of them."""

import json
from functools import lru_cache

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django_htmx.jinja import htmx_script

from cluster_portal.drawing import charts
from cluster_portal.listing.markup import facet_options_html
from cluster_portal.pages.addresses import address
from cluster_portal.records.phones import written_phone
from cluster_portal.serving.templates_by_language import decided_by_language
from cluster_portal.writing import typography

register = template.Library()


@lru_cache(maxsize=64)
def _kept(template_name: str, language: str, words: tuple[tuple[str, str | bool], ...]) -> SafeString:
    return render_to_string(template_name, dict(words))


def _frame(template_name: str, **words: str | bool) -> SafeString:
    """A part of the frame that is the same on every page: rendered once for a language and a few words."""
    if settings.DEBUG:
        return render_to_string(template_name, words)
    return _kept(template_name, get_language() or "", tuple(words.items()))


@register.simple_tag
@decided_by_language
def site_brand() -> SafeString:
    return _frame("_brand.html")


@register.simple_tag
@decided_by_language
def site_search() -> SafeString:
    return _frame("_site_search.html")


@register.simple_tag
def site_sections(section: str = "") -> SafeString:
    return _frame("_sections.html", section=str(section or ""))


@register.simple_tag
def site_footer(demo_network: bool = False) -> SafeString:
    return _frame("_footer.html", demo_network=bool(demo_network))


@register.simple_tag
@decided_by_language
@lru_cache(maxsize=256)
def icon(name: str, css: str = "icon") -> SafeString:
    """One symbol of the sprite; decorative, a word always stands beside it."""
    href = f"{static('icons.svg')}#{name}"
    return format_html('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"/></svg>', css, href)


# ``{% url %}`` resolves anew each time: the two dozen links of the frame cost more than the page's own words.
register.simple_tag(decided_by_language(address), name="address")


@register.simple_tag
@decided_by_language
def htmx() -> SafeString:
    """The script of htmx. It needs no nonce: the security policy lets in what this site serves."""
    return htmx_script()


@register.simple_tag
def state_badge(text: str, tone: str = "", symbol: str = "") -> SafeString:
    """A state in words: `tone` is "", "warn" or "off"."""
    css = f"state state--{tone}" if tone else "state"
    return format_html('<span class="{}">{}{}</span>', css, icon(symbol) if symbol else "", text)


@register.simple_tag
def external_link(url: str, text: str) -> SafeString:
    """A link that leaves the site; only http addresses become links."""
    if not str(url).startswith(("http://", "https://")):
        return escape(text)
    return format_html('<a href="{}" rel="noopener">{} {}</a>', url, icon("external"), text)


@register.simple_block_tag
def stat(content: str, value: object, url: str = "", tone: str = "cluster") -> SafeString:
    """One figure of a row of figures: the words are the block, `tone` is a kind or a source of money."""
    css = f"stat is-{tone}" if tone else "stat"
    shown = conditional_escape(value)
    if url:
        shown = f'<a href="{conditional_escape(url)}">{shown}</a>'
    return mark_safe(f'<div class="{css}"><dt>{content.strip()}</dt><dd>{shown}</dd></div>')


register.filter("number", typography.number)
register.filter("at_least", typography.at_least)
register.filter("percent", typography.percent)
register.filter("euros", typography.euros)
register.filter("euros_in_full", typography.euros_in_full)
register.filter("date_long", typography.date_long)
register.filter("date_in_words", typography.date_in_words)
register.filter("date_short", typography.date_short)
register.filter("phone", written_phone)
register.simple_tag(charts.track, name="track")
register.simple_tag(charts.bar, name="bar")


@register.simple_tag
def json_ld(data: dict) -> SafeString:
    """Structured data for search engines: a data block, which the security policy does not run."""
    text = json.dumps(data, ensure_ascii=False, cls=DjangoJSONEncoder)
    for sign, escaped in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):
        text = text.replace(sign, escaped)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


@register.simple_tag
def facet_options(facet) -> SafeString:
    return facet_options_html(facet)


@register.filter
def lang_attribute(language: str | None) -> SafeString:
    """`lang="fr"` where a text is not in the language of the page, nothing otherwise."""
    return format_html('lang="{}"', language) if language else mark_safe("")


@register.filter
def links(pairs) -> SafeString:
    """(name, url) pairs as links with commas between."""
    return mark_safe(", ".join(format_html('<a href="{1}">{0}</a>', name, url) for name, url in pairs))
