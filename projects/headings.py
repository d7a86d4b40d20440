"""What the heading of a project list says of each facet, right in number and gender."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext

from cluster_portal.listing.heading import Phrase, either, in_brackets
from cluster_portal.writing.typography import number
from members.headings import in_regions, on_themes


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


def _states(listing) -> str:
    return counted(listing.effective("state"), listing.total)


def _milestones(listing) -> str:
    """“labelled by CARA”, “funded by ANR or FUI”: participles agree with the number of projects."""
    total, chosen = listing.total, listing.effective("milestone")
    clusters, programmes = either(listing.labels("cluster")), either(listing.labels("programme"))
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
    return " ".join(parts)


def _shared(listing) -> str:
    others = listing.labels("shared")
    return _("together with %(names)s") % {"names": either(others)} if others else ""


def _partners(listing) -> str:
    partners = listing.labels("partner")
    return _("with %(names)s") % {"names": either(partners)} if partners else ""


PHRASES = (
    Phrase(("state",), _states),
    Phrase(("milestone", "cluster", "programme"), _milestones),
    Phrase(("shared",), _shared),
    Phrase(("partner",), _partners),
    Phrase(("region",), in_regions),
    Phrase(("theme",), on_themes),
    in_brackets("year"),
    in_brackets("budget"),
)
