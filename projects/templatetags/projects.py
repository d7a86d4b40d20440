"""Projects on the pages of members, clusters, regions and themes: their templates ask, members' code does not."""

from html import escape
from itertools import islice

from django import template
from django.db.models import Count, F
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from cluster_portal.addresses import address
from cluster_portal.facets import in_order
from cluster_portal.listing_html import card_links, card_tags
from cluster_portal.templatetags.portal import icon, kind_logo, state_badge
from cluster_portal.translated import Text, in_active_language
from cluster_portal.typography import euros, number
from members.models import Organisation
from projects.cards import brief_cards, labelled_in, state_of, years
from projects.facets import PROJECT_INDEX
from projects.models import Participation, Project

register = template.Library()

SHOWN = 8  # participations of an organisation
BESIDE = 6  # organisations beside it
LATEST = 4


@register.simple_tag
def project_card(card) -> SafeString:
    """One project in a list; written here for the reason that cluster_portal.listing_html gives."""
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
        facts.append(", ".join(card_links(card.programmes)))
    if card.national:
        facts.append(escape(gettext("Works nationwide")))
    return facts


@register.inclusion_tag("projects/_of_organisation.html")
def projects_of_organisation(organisation):
    """Its participations, as coordinator first and the newest first, with how many there are in all."""
    rows = list(
        Project.objects.published()
        .filter(participations__organisation=organisation)
        .annotate(role=F("participations__role"))
        .with_since()
        .order_by("role", F("since").desc(nulls_last=True), "-pk")
        .values_list("pk", "role", "slug", "acronym", "title_fr", "title_en", "start", "end", "since", named=True)
    )
    if not rows:
        return {"total": 0}
    states = PROJECT_INDEX.at()["state"]
    page = address("projects:project-detail", "SLUG")
    return {
        "total": len(rows),
        "coordinated": sum(row.role == "coordinator" for row in rows),
        "list_url": f"{address('projects:project-list')}?partner={organisation.slug}",
        "projects": [_line(row, page, state_of(row.pk, states)) for row in rows[:SHOWN]],
    }


def _line(row, page: str, state) -> dict:
    title = in_active_language(row.title_fr, row.title_en)
    return {
        "name": Text(row.acronym) if row.acronym else title,
        "title": title if row.acronym else "",
        "url": page.replace("SLUG", row.slug),
        "years": years(row.start, row.end) or labelled_in(row.since),
        "coordinator": row.role == "coordinator",
        "state": state,
    }


@register.inclusion_tag("projects/_works_with.html")
def works_with(organisation):
    """The organisations most often beside this one: one query."""
    mine = Participation.objects.public().filter(organisation=organisation).values("project")
    beside = (
        Organisation.objects.published()
        .filter(participations__project__in=mine)
        .exclude(pk=organisation.pk)
        .annotate(shared=Count("participations__project"))
        .order_by("-shared", "sort_name", "pk")
    )
    page = address("members:organisation-detail", "SLUG")
    return {
        "partners": [
            {"name": name, "url": page.replace("SLUG", slug), "kind": kind, "count": count}
            for name, slug, kind, count in beside.values_list("name", "slug", "kind", "shared")[:BESIDE]
        ]
    }


@register.simple_tag
def project_counts(facet: str, slug: str) -> dict:
    """Labelled and funded projects of a cluster, a region or a theme, with the lists that they count."""
    facets = PROJECT_INDEX.at()
    rows = facets["listed"].bits["current"] & facets[facet].bits.get(slug, 0)
    path, query = _list_of(facet, slug)
    counts = {"facets": facets, "rows": rows, "total": rows.bit_count(), "url": f"{path}?{query}" if query else path}
    for milestone in ("labelled", "funded"):
        counts[milestone] = (rows & facets["milestone"].bits[milestone]).bit_count()
        counts[f"{milestone}_url"] = f"{path}?" + "&".join(filter(None, [f"milestone={milestone}", query]))
    return counts


def _list_of(facet: str, slug: str) -> tuple[str, str]:
    """Path and query of the projects of a cluster, a region or a theme."""
    if facet == "cluster":
        return reverse("projects:cluster-projects", args=[slug]), ""
    return address("projects:project-list"), f"{facet}={slug}"


@register.inclusion_tag("projects/_latest.html")
def latest_projects(counts: dict):
    """The newest of what ``project_counts`` counted."""
    newest = list(islice(in_order(counts["facets"]["by_newest"], counts["rows"]), LATEST))
    return {
        "projects": brief_cards(newest, counts["facets"]),
        "total": counts["total"],
        "list_url": counts["url"],
    }
