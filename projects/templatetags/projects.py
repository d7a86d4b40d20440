"""Projects on the pages of members, clusters, regions and themes: their templates ask, members' code does not."""

from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import islice

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, npgettext

from cluster_portal.facets import in_order
from cluster_portal.listing.markup import card_links, card_tags
from cluster_portal.pages.addresses import address
from cluster_portal.templatetags.portal import icon, kind_logo, state_badge
from cluster_portal.writing.translated import Text, in_active_language
from cluster_portal.writing.typography import euros, number, sentence_list
from projects.cards import State, brief_cards, labelled_in, state_of, year_of, years
from projects.facets import PROJECT_INDEX
from projects.models import Participation

register = template.Library()

SHOWN = 8  # participations of an organisation
BESIDE = 6  # organisations beside it
LATEST = 4


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


@register.inclusion_tag("projects/_of_organisation.html")
def projects_of_organisation(organisation):
    """Its participations, as coordinator first and the newest first, and whom it works with: two queries."""
    rows = [Line(*row) for row in Participation.objects.of(organisation)]
    if not rows:
        return {"total": 0}
    facets = PROJECT_INDEX.at()
    for line in rows:
        line.year = year_of(line.pk, facets["year"])
    rows.sort(key=lambda line: (line.role != "coordinator", -line.year, -(line.start or date.min).toordinal(), line.pk))
    for line in rows[:SHOWN]:
        line.state = state_of(line.pk, facets["state"])
    return {
        "total": len(rows),
        "coordinated": sum(line.role == "coordinator" for line in rows),
        "list_url": f"{address('projects:project-list')}?partner={organisation.slug}",
        "projects": rows[:SHOWN],
        "partners": _beside(organisation, [line.pk for line in rows]),
    }


@dataclass(slots=True)
class Line:
    """A project in one line, with the part that an organisation takes in it."""

    role: str
    pk: int
    slug: str
    acronym: str
    title_fr: str
    title_en: str
    start: date | None
    end: date | None
    year: int = 0
    state: State | None = None

    @property
    def name(self) -> Text:
        return Text(self.acronym) if self.acronym else in_active_language(self.title_fr, self.title_en)

    @property
    def title(self) -> Text:
        return in_active_language(self.title_fr, self.title_en) if self.acronym else Text("")

    @property
    def url(self) -> str:
        return address("projects:project-detail", "SLUG").replace("SLUG", self.slug)

    @property
    def years(self) -> str:
        return years(self.start, self.end) or labelled_in(self.year)

    @property
    def coordinator(self) -> bool:
        return self.role == "coordinator"


def _beside(organisation, projects: list[int]) -> list[dict]:
    """The organisations most often beside this one."""
    page = address("members:organisation-detail", "SLUG")
    return [
        {"name": name, "url": page.replace("SLUG", slug), "kind": kind, "count": count}
        for name, slug, kind, count in Participation.objects.most_often_beside(organisation, projects)[:BESIDE]
    ]


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
