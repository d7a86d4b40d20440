from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cluster_portal.pages.asked import read_slug
from cluster_portal.pages.this_page import PERMUTATION
from cluster_portal.records.compiled import compiled
from cluster_portal.writing.translated import active_language
from cluster_portal.writing.typography import number, sentence_list
from members.cards import cards
from members.facets import MEMBER_INDEX
from members.models import Organisation
from projects import partners
from projects.forms import PartnerForm
from projects.models import Project


@compiled
def project_with(slug: str):
    return Project.objects.published().filter(slug=slug)


@compiled
def organisation_with(slug: str):
    return Organisation.objects.published().filter(slug=slug)


@require_safe
def partner_search(request):
    facets = MEMBER_INDEX.at()
    asked = {name: read_slug(request.GET, name) for name in ("project", "organisation", "theme", "region", "kind")}
    search, sought_for, notice = _search(asked, facets)
    found, total = partners.suggestions(search, facets)
    shown = cards([suggestion.organisation_id for suggestion in found], facets, first=search.themes)
    names = {slug: facets.theme.values[slug].label(active_language()) for slug in search.themes}
    by_pk = {card.pk: card for card in shown}
    title = _("Partners for %(name)s") % {"name": sought_for} if sought_for else _("Find partners")
    return render(
        request,
        "projects/partners.html",
        {
            "title": title,
            "heading": title,
            "sought_for": sought_for,
            "search": search,
            "notice": notice,
            "form": PartnerForm(_understood(asked, sought_for), facets, sought_for),
            "crumbs": [{"label": _("Projects"), "url": reverse("projects:project-list")}],
            "results": [
                {
                    "card": by_pk[s.organisation_id],
                    "reason": reason(s, names, bool(search.team)),
                    "points": round(s.points),
                }
                for s in found
                if s.organisation_id in by_pk
            ],
            "result_heading": _heading(len(found), total),
            "weights": partners,
            **({"robots": PERMUTATION} if request.GET else {}),
        },
    )


def _understood(asked: dict[str, str], sought_for) -> dict[str, str]:
    """What the form repeats: without a project or an organisation that is not known."""
    known = {"project": isinstance(sought_for, Project), "organisation": isinstance(sought_for, Organisation)}
    return {name: value for name, value in asked.items() if known.get(name, True)}


def _search(asked, facets):
    """What is sought, for whom, and what could not be understood."""
    search, sought_for, notice = partners.Search(), None, ""
    if asked["project"]:
        sought_for = project_with.first(asked["project"])
        search = partners.for_project(sought_for, facets) if sought_for else search
        notice = "" if sought_for else _("This project is not known: choose a theme, a region or a kind instead.")
    elif asked["organisation"]:
        sought_for = organisation_with.first(asked["organisation"]) or _answering_to(asked["organisation"])
        search = partners.for_organisation(sought_for, facets) if sought_for else search
        notice = "" if sought_for else _("This organisation is not known: choose a theme, a region or a kind instead.")
    for name in ("theme", "region", "kind"):
        if asked[name] and asked[name] not in facets[name].values:
            # An unknown value must not widen the search in silence.
            return partners.Search(), sought_for, _("One of the choices is not known: choose again below.")
    if asked["theme"]:
        search.themes = partners.with_finer_themes([asked["theme"]], facets)
    search.region, search.kind = asked["region"], asked["kind"]
    return search, sought_for, notice


def _answering_to(slug: str) -> Organisation | None:
    """By an address that it had, or that of what was merged into it."""
    return Organisation.objects.published().answering_to([slug]).first()


def _heading(shown: int, total: int) -> str:
    if shown < total:
        return _("The %(shown)s best suggestions of %(total)s") % {"shown": number(shown), "total": number(total)}
    return ngettext("%(number)s suggestion", "%(number)s suggestions", total) % {"number": number(total)}


def reason(suggestion: partners.Suggestion, theme_names: dict[str, str], with_team: bool) -> list[str]:
    """Why this one, in words, each reason a phrase of its own."""
    parts = []
    if suggestion.themes:
        names = [theme_names[slug] for slug in suggestion.themes if slug in theme_names]
        parts.append(
            ngettext("%(number)s shared theme: %(themes)s", "%(number)s shared themes: %(themes)s", len(names))
            % {"number": number(len(names)), "themes": sentence_list(names)}
        )
    if suggestion.funded:
        parts.append(
            ngettext("%(number)s funded project", "%(number)s funded projects", suggestion.funded)
            % {"number": number(suggestion.funded)}
        )
    else:
        parts.append(_("no funded project yet"))
    if suggestion.km is not None:
        parts.append(
            _("%(distance)s km away") % {"distance": number(suggestion.km)}
            if suggestion.km >= 1
            else _("in the same town")
        )
    if with_team:
        parts.append(
            ngettext(
                "already together in %(number)s project", "already together in %(number)s projects", suggestion.together
            )
            % {"number": number(suggestion.together)}
            if suggestion.together
            else _("never worked together")
        )
    return parts
