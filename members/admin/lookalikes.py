"""Organisations that a new one may already be: the same number or web address, or nearly the same name."""

import re
from difflib import SequenceMatcher
from urllib.parse import urlsplit

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.search import fold
from members.models import Organisation

LEGAL_FORMS = re.compile(r"\b(sas|sasu|sarl|sa|eurl|sci|scop|se|gie|inc|ltd|gmbh)\b")
NEAR = 0.86  # of the letters; "Helioss" is near "Helios", "Helium" is not
CANDIDATES = 40
SHOWN = 8

SAME_SIREN = _("same SIREN")
SAME_SITE = _("same website")
SAME_NAME = _("same name")
NEAR_NAME = _("similar name")


def lookalikes(name: str, acronym: str = "", siren: str = "", website: str = "") -> list[tuple[Organisation, str]]:
    """(organisation, why), the surest first. Names are compared without case, accents and legal forms."""
    found: dict[int, tuple[Organisation, str]] = {}
    host = _host(website)
    same = Q(siren=siren) if siren else Q()
    if host:
        same |= Q(website__iregex=rf"^https?://(www\.)?{re.escape(host)}(/|$)")
    if same:
        for organisation in Organisation.objects.filter(same).order_by("sort_name", "pk")[:SHOWN]:
            found[organisation.pk] = organisation, SAME_SIREN if siren == organisation.siren else SAME_SITE
    for organisation, why in _near_names(name, acronym):
        found.setdefault(organisation.pk, (organisation, why))
    return list(found.values())[:SHOWN]


def _near_names(name, acronym):
    wanted = _bare(name)
    if not wanted:
        return
    candidates = Organisation.objects.filter(search_document__names__trigram_word_similar=wanted).annotate(
        nearness=TrigramWordSimilarity(wanted, "search_document__names")
    )
    if folded := fold(acronym):
        named = Organisation.objects.filter(search_document__names__contains=f"|{folded}|")
        yield from ((organisation, SAME_NAME) for organisation in named.order_by("sort_name", "pk")[:SHOWN])
    ranked = []
    for organisation in candidates.select_related("search_document").order_by("-nearness", "pk")[:CANDIDATES]:
        names = organisation.search_document.names.strip("|").split("|")
        ranked.append((max(_likeness(wanted, _bare(other)) for other in names), organisation))
    for likeness, organisation in sorted(ranked, key=lambda pair: (-pair[0], pair[1].pk)):
        if likeness >= NEAR:
            yield organisation, SAME_NAME if likeness == 1 else NEAR_NAME


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.replace(" ", ""), other.replace(" ", ""), autojunk=False).ratio()


def _bare(name: str) -> str:
    folded = fold(name)
    return " ".join(LEGAL_FORMS.sub(" ", folded).split()) or folded


def _host(website: str) -> str:
    return (urlsplit(website).hostname or "").removeprefix("www.") if website else ""
