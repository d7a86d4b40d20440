"""What the heading of a member list says of each facet, right in number and gender."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_portal.listing.heading import Phrase, either, in_brackets
from cluster_portal.writing.translated import active_language
from cluster_portal.writing.typography import number
from members.facets import Place
from members.querysets import NOWHERE, OVERSEAS

SAID = {
    NOWHERE: lambda: _("without an address"),
    OVERSEAS: lambda: _("overseas, in no region"),
}


def places(slugs, known: dict[str, Place]) -> str:
    """“in Bretagne or in Grand Est”: French needs the right preposition for each."""
    in_french = active_language() == "fr"
    phrases = [
        SAID[slug]()
        if slug in SAID
        else place.locative_fr
        if in_french and place.locative_fr
        else _("in %(place)s") % {"place": place.name}
        for slug in dict.fromkeys(slugs)
        if slug in SAID or (place := known.get(slug))
    ]
    return either(phrases)


def counted(kinds, total: int) -> str:
    """“42 laboratories”, “3 companies or laboratories”: the noun with its number."""
    shown = {"number": number(total)}
    nouns = {
        "company": ngettext("%(number)s company", "%(number)s companies", total),
        "laboratory": ngettext("%(number)s laboratory", "%(number)s laboratories", total),
        "institution": ngettext("%(number)s institution", "%(number)s institutions", total),
    }
    if not total:
        nouns = {"company": _("No company"), "laboratory": _("No laboratory"), "institution": _("No institution")}
    known = [kind for kind in nouns if kind in kinds]
    if len(known) == 1:
        return nouns[known[0]] % shown
    members = ngettext("%(number)s member", "%(number)s members", total) % shown if total else _("No member")
    if not known or len(known) == 3:
        return members
    words = {
        "company": _("companies"),
        "laboratory": _("laboratories"),
        "institution": _("institutions"),
    }
    return _("%(members)s (%(kinds)s)") % {
        "members": members,
        "kinds": either([words[k] for k in known]),
    }


def _after_noun(name: str) -> str:
    """“du pôle Avenia” for Pôle Avenia: French would say the noun twice."""
    return name.removeprefix("Pôle ") if active_language() == "fr" else name


def _kinds(listing) -> str:
    return counted(listing.effective("kind"), listing.total)


def _clusters(listing) -> str:
    clusters = [_after_noun(name) for name in listing.labels("cluster")]
    if not clusters:
        return ""
    return ngettext("of the cluster %(names)s", "of the clusters %(names)s", len(clusters)) % {
        "names": either(clusters)
    }


def _shared(listing) -> str:
    others = listing.labels("shared")
    return _("who are also in %(names)s") % {"names": either(others)} if others else ""


def _supervised(listing) -> str:
    bodies = listing.labels("supervisor")
    return _("supervised by %(names)s") % {"names": either(bodies)} if bodies else ""


def in_regions(listing) -> str:
    chosen = listing.effective("region")
    return places(chosen, listing.reading.places) if chosen else ""


def on_themes(listing) -> str:
    themes = listing.labels("theme")
    if not themes:
        return ""
    return ngettext("on the theme %(names)s", "on the themes %(names)s", len(themes)) % {"names": either(themes)}


PHRASES = (
    Phrase(("kind",), _kinds),
    in_brackets("size"),
    in_brackets("type"),
    Phrase(("cluster",), _clusters),
    Phrase(("shared",), _shared),
    Phrase(("supervisor",), _supervised),
    Phrase(("region",), in_regions),
    in_brackets("country"),
    Phrase(("theme",), on_themes),
)
