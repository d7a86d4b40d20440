"""The heading of a project list: a sentence made from the filters, right in number and gender."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from cluster_portal.writing.translated import active_language
from cluster_portal.writing.typography import date_in_words, number
from members.headings import either, places, quoted


def counted(states, total: int) -> str:
    """“42 running projects”, “3 projects (running or finished)”: the noun with its number."""
    shown = {"number": number(total)}
    nouns = {
        "planned": ngettext("%(number)s project in preparation", "%(number)s projects in preparation", total),
        "labelled": ngettext(
            "%(number)s project waiting for funding", "%(number)s projects waiting for funding", total
        ),
        "funded": ngettext("%(number)s project about to start", "%(number)s projects about to start", total),
        "running": ngettext("%(number)s running project", "%(number)s running projects", total),
        "finished": ngettext("%(number)s finished project", "%(number)s finished projects", total),
        "abandoned": ngettext("%(number)s abandoned project", "%(number)s abandoned projects", total),
    }
    if not total:
        nouns = {
            "planned": _("No project in preparation"),
            "labelled": _("No project waiting for funding"),
            "funded": _("No project about to start"),
            "running": _("No running project"),
            "finished": _("No finished project"),
            "abandoned": _("No abandoned project"),
        }
    known = [state for state in nouns if state in states]
    if len(known) == 1:
        return nouns[known[0]] % shown
    projects = ngettext("%(number)s project", "%(number)s projects", total) % shown if total else _("No project")
    if not known:
        return projects
    words = {
        "planned": npgettext("project", "in preparation", "in preparation", total),
        "labelled": npgettext("project", "waiting for funding", "waiting for funding", total),
        "funded": npgettext("project", "about to start", "about to start", total),
        "running": npgettext("project", "running", "running", total),
        "finished": npgettext("project", "finished", "finished", total),
        "abandoned": npgettext("project", "abandoned", "abandoned", total),
    }
    return _("%(projects)s (%(states)s)") % {"projects": projects, "states": either([words[state] for state in known])}


def _milestones(chosen, total: int, *, clusters: str, programmes: str) -> list[str]:
    """“labelled by CARA”, “funded by ANR or FUI”: participles agree with the number of projects."""
    parts = []
    if clusters:
        parts.append(
            npgettext("project", "labelled by %(names)s", "labelled by %(names)s", total) % {"names": clusters}
        )
    if programmes:
        parts.append(npgettext("project", "funded by %(names)s", "funded by %(names)s", total) % {"names": programmes})
    reached = [milestone for milestone in ("labelled", "funded") if milestone in chosen]
    if len(reached) == 2:
        parts.append(npgettext("project", "labelled or funded", "labelled or funded", total))
    elif reached == ["labelled"] and not clusters:
        parts.append(npgettext("project", "labelled", "labelled", total))
    elif reached == ["funded"] and not programmes:
        parts.append(npgettext("project", "funded", "funded", total))
    return parts


def project_heading(listing) -> SafeString:
    """The sentence; every value in it is escaped."""
    chosen = {group.name: listing.effective(group.name) for group in listing.groups}
    language, total = active_language(), listing.total

    def labels(facet):
        values = listing.facet_data[facet].values
        return [values[slug].label(language) for slug in chosen[facet] if slug in values]

    parts = [counted(chosen["state"], total)]
    parts += _milestones(
        chosen["milestone"], total, clusters=either(labels("cluster")), programmes=either(labels("programme"))
    )
    if others := labels("shared"):
        parts.append(_("together with %(names)s") % {"names": either(others)})
    if partners := labels("partner"):
        parts.append(_("with %(names)s") % {"names": either(partners)})
    if chosen["region"] and (where := places(chosen["region"], listing.facet_data.places)):
        parts.append(where)
    if themes := labels("theme"):
        parts.append(
            ngettext("on the theme %(names)s", "on the themes %(names)s", len(themes)) % {"names": either(themes)}
        )
    if years := labels("year"):
        parts.append("(" + either(years) + ")")
    if budgets := labels("budget"):
        parts.append("(" + either(budgets) + ")")
    if listing.query:
        parts.append(_("for %(words)s") % {"words": quoted(listing.query)})
    if listing.on:
        parts.append(_("on %(date)s") % {"date": date_in_words(listing.on)})
    return mark_safe(escape(" ".join(parts)))
