"""One search over everything: what the words name, what they may mean, and what holds them."""

from urllib.parse import urlencode

from django.http import QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from cluster_portal.pages.addresses import address, address_of
from cluster_portal.pages.this_page import PERMUTATION
from cluster_portal.records.search import clean_query, fold, typed
from cluster_portal.views.meanings import Meaning, clusters_named, members_named, places_named, themes_named
from cluster_portal.writing.typography import number
from members.cards import cards as member_cards
from members.counts import MemberCounts
from members.listings import MemberListing
from members.tiles import tile
from members.words_as_filters import read_as_filters
from projects.cards import cards as project_cards
from projects.figures import KeyFigures, Scope
from projects.listings import ProjectListing

NOTHING = ("best", "best_member", "read_as", "groups", "lists", "found_nothing")  # before anything is asked
SHOWN = 5  # of members and of projects, before their lists
MEANT = 8  # of clusters, of themes, of places


@require_safe
def search(request):
    words = clean_query(request.GET.get("q", ""))
    counts = MemberCounts()
    found = _found(words, counts) if fold(words) else dict.fromkeys(NOTHING)
    here = pgettext("the page", "Search")
    context = {
        "title": _("Search: %(words)s") % {"words": words} if words else here,
        "title_of_page": here,
        "words": words,
        "robots": PERMUTATION,
    }
    return render(request, "search.html", context | found)


def _found(words: str, counts: MemberCounts) -> dict:
    starts = fold(words).split()
    clusters, themes, places = (list(named(starts, counts)) for named in (clusters_named, themes_named, places_named))
    query = QueryDict(urlencode({"q": words}))
    members = MemberListing.asked(query, address("members:organisation-list"))
    projects = ProjectListing.asked(query, address("projects:project-list"))
    best = next((one for one in (*clusters, *themes, *places) if one.is_exact), None)
    exact = None if best else _member_named(words, members)
    first = [pk for pk in members.page_ids if pk != exact][:SHOWN]
    return {
        "found_nothing": not (clusters or themes or places or members.total or projects.total),
        "best": best and _card(best, counts),
        "best_member": member_cards([exact], members.reading)[0] if exact else None,
        "read_as": read_as_filters(words, counts),
        "groups": [
            {"label": label, "found": [one for one in found if one is not best][:MEANT]}
            for label, found in (
                (_("Clusters"), clusters),
                (_("Themes"), themes),
                (_("Regions and departments"), places),
            )
            if any(one is not best for one in found)
        ],
        "lists": [
            {
                "key": "members",
                "label": _("Members"),
                "listing": members,
                "cards": member_cards(first, members.reading),
            },
            {
                "key": "projects",
                "label": _("Projects"),
                "listing": projects,
                "cards": project_cards(projects.page_ids[:SHOWN], projects.reading),
            },
        ],
    }


def _card(best: Meaning, counts: MemberCounts) -> dict:
    """What the words name, with the ways on that a visitor would look for."""
    figures = KeyFigures(Scope("region" if best.kind == "department" else best.kind, best.slug))
    links = []
    if best.kind == "department":
        members = len(counts.having("region", best.slug))
        links.append((_("Members (%(number)s)") % {"number": number(members)}, best.url))
    else:
        for label, figure in (
            (_("Members (%(number)s)"), figures.members),
            (_("Labelled projects (%(number)s)"), figures.milestones["labelled"]),
        ):
            links.append((label % {"number": number(figure.value)}, figure.url))
        name = f"projects:{best.kind}-figures"
        links.append((_("Key figures"), address_of(name, best.slug)))
    kinds = {
        "cluster": _("Competitiveness cluster"),
        "theme": _("Theme"),
        "region": _("Region"),
        "department": _("Department"),
    }
    return {
        "kind": kinds[best.kind],
        "name": best.name,
        "detail": best.detail,
        "url": best.url,
        "links": links,
        "tile": tile(counts.clusters[best.slug], counts) if best.kind == "cluster" else None,
    }


def _member_named(words: str, members: MemberListing) -> int | None:
    """The one member whose name, or one of whose names, is just these words."""
    exact = [pk for pk, is_exact, _begins in members_named(*typed(words)) if is_exact and pk in members.matched]
    return exact[0] if len(exact) == 1 else None
