"""The card of a project."""

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, npgettext, pgettext

from cluster_portal.listing.markup import card_links, card_tags
from cluster_portal.templatetags.portal import icon, state_badge
from cluster_portal.writing.typography import euros, number, sentence_list
from members.templatetags.members import kind_badge, kind_logo

register = template.Library()


@register.simple_tag
def project_badge() -> SafeString:
    """What the page is about, where an organisation has the badge of its kind."""
    return kind_badge("project", pgettext("kind", "Collaborative R&D project"))


@register.simple_tag
def project_card(card) -> SafeString:
    """One project in a list; written here for the reason that cluster_portal.listing.markup gives."""
    state = state_badge(card.state.label, card.state.tone, card.state.icon)
    title = f"<p{_lang(card.title)}><strong>{escape(card.title)}</strong></p>\n" if card.title else ""
    summary = f"<p{_lang(card.summary)}>{escape(card.summary)}</p>\n" if card.summary else ""
    facts = "".join(f"<li>{fact}</li>" for fact in _facts(card))
    return mark_safe(
        f'<article class="org-card">\n{kind_logo("project")}\n<div>\n'
        f'<div class="org-card__head">{state}</div>\n'
        f'<h2><a href="{escape(card.url)}"{_lang(card.name)}>{escape(card.name)}</a></h2>\n{title}{summary}'
        f'<ul class="meta">{facts}</ul>\n{card_tags(card)}</div>\n</article>\n'
    )


def _lang(text) -> str:
    return f' lang="{text.lang}"' if text.lang else ""


def _facts(card) -> list[str]:
    """Who leads it with how many, when, for how much, paid by which programmes."""
    facts = []
    if card.coordinator:
        facts.append(gettext("Coordinated by %(name)s") % {"name": card_links([card.coordinator])[0]})
    if card.partners:
        partners = ngettext("%(number)s partner", "%(number)s partners", card.partners)
        facts.append(partners % {"number": number(card.partners)})
    if card.years:
        facts.append(icon("calendar") + escape(card.years))
    if card.total_cost is not None:
        total = {"total": euros(card.total_cost), "public": euros(card.public_funding)}
        facts.append(
            escape(
                gettext("%(total)s in all") % total
                if card.public_funding is None
                else gettext("%(total)s in all, of which %(public)s public") % total
            )
        )
    if card.programmes:
        names = {"names": sentence_list(card_links(card.programmes))}
        facts.append(capfirst(npgettext("project", "funded by %(names)s", "funded by %(names)s", 1) % names))
    if card.national:
        facts.append(escape(gettext("Works nationwide")))
    return facts
