"""The heading of a member list: a sentence made from the filters, right in number and gender."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cluster_portal.writing.translated import active_language
from cluster_portal.writing.typography import date_in_words, number
from members.facets import NOWHERE, Place


def either(items: list[str]) -> str:
    """“A, B or C”: values of one group add up."""
    if len(items) < 2:
        return "".join(items)
    head = pgettext("between the items of a list", ", ").join(items[:-1])
    return _("%(items)s or %(last)s") % {"items": head, "last": items[-1]}


def quoted(words: str) -> str:
    return _("“%(words)s”") % {"words": words}


def places(slugs, known: dict[str, Place]) -> str:
    """“in Bretagne or in Grand Est”: French needs the right preposition for each."""
    in_french = active_language() == "fr"
    phrases = [
        _("without an address")
        if slug == NOWHERE
        else place.locative_fr
        if in_french and place.locative_fr
        else _("in %(place)s") % {"place": place.name}
        for slug in dict.fromkeys(slugs)
        if slug == NOWHERE or (place := known.get(slug))
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


def member_heading(listing) -> SafeString:
    """The sentence; every value in it is escaped."""
    chosen = {group.name: listing.effective(group.name) for group in listing.groups}
    parts = [counted(chosen["kind"], listing.total)]
    language = active_language()

    def labels(facet):
        values = listing.facet_data[facet].values
        return [values[slug].label(language) for slug in chosen[facet] if slug in values]

    if sizes := labels("size"):
        parts.append("(" + either(sizes) + ")")
    if types := labels("type"):
        parts.append("(" + either(types) + ")")
    if clusters := labels("cluster"):
        parts.append(
            ngettext("of the cluster %(names)s", "of the clusters %(names)s", len(clusters))
            % {"names": either([_after_noun(name) for name in clusters])}
        )
    if others := labels("shared"):
        parts.append(_("who are also in %(names)s") % {"names": either(others)})
    if chosen["region"] and (where := places(chosen["region"], listing.facet_data.places)):
        parts.append(where)
    if themes := labels("theme"):
        parts.append(
            ngettext("on the theme %(names)s", "on the themes %(names)s", len(themes)) % {"names": either(themes)}
        )
    if listing.query:
        parts.append(_("for %(words)s") % {"words": quoted(listing.query)})
    if listing.on:
        parts.append(_("on %(date)s") % {"date": date_in_words(listing.on)})
    return mark_safe(escape(" ".join(parts)))
