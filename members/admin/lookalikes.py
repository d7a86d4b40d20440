"""Organisations that a new one may already be: the same number or web address, or nearly the same name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.publication import Status
from cluster_portal.records.search import fold
from members.likeness import NEAR, bare_name, likeness
from members.models import Cluster, Organisation

CANDIDATES = 40
SHARED = 3  # organisations on one site, beyond which it says nothing of any of them
SHOWN = 8

SAME_SIREN = _("same SIREN")
SAME_SITE = _("same website")
SAME_NAME = _("same name")
NEAR_NAME = _("similar name")


def lookalikes(name: str, acronym: str = "", siren: str = "", website: str = "") -> list[tuple[Organisation, str]]:
    """(organisation, why), the surest first. Names are compared without case, accents and legal forms."""
    found: dict[int, tuple[Organisation, str]] = {}
    if siren:
        for organisation in Organisation.objects.filter(siren=siren).order_by("sort_name", "pk")[:SHOWN]:
            found[organisation.pk] = organisation, SAME_SIREN
    for organisation in _on_same_site(website):
        found.setdefault(organisation.pk, (organisation, SAME_SITE))
    for organisation, why in _near_names(name, acronym):
        found.setdefault(organisation.pk, (organisation, why))
    return _answering(found.values())[:SHOWN]


def _answering(found: Iterable[tuple[Organisation, str]]) -> list[tuple[Organisation, str]]:
    """What was merged answers with what it was merged into."""
    found = list(found)
    into = Organisation.objects.in_bulk({one.merged_into_id for one, _why in found if one.merged_into_id})
    answers: dict[int, tuple[Organisation, str]] = {}
    for organisation, why in found:
        one = into.get(organisation.merged_into_id, organisation)
        answers.setdefault(one.pk, (one, why))
    return list(answers.values())


def _on_same_site(website: str) -> list[Organisation]:
    """Those with the same site; of one that many share (that of a university, a town), those with the same page."""
    host, page = _host(website), _page(website)
    if not host:
        return []
    rows = Organisation.objects.filter(website__iregex=rf"^https?://(www\.)?{re.escape(host)}([:/?#]|$)")
    sharing = list(rows.order_by("sort_name", "pk")[: SHARED + 1])
    if len(sharing) <= SHARED:
        return sharing
    return [one for one in rows.filter(website__icontains=page) if _page(one.website) == page][:SHOWN] if page else []


def _near_names(name, acronym):
    wanted = bare_name(name)
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
        ranked.append((max(likeness(wanted, bare_name(other)) for other in names), organisation))
    for alike, organisation in sorted(ranked, key=lambda pair: (-pair[0], pair[1].pk)):
        if alike >= NEAR:
            yield organisation, SAME_NAME if alike == 1 else NEAR_NAME


def _host(website: str) -> str:
    return (_parts(website).hostname or "").removeprefix("www.")


def _parts(website: str) -> SplitResult:
    """Of what is no address at all, nothing."""
    try:
        return urlsplit(website)
    except ValueError:
        return urlsplit("")


def _page(website: str) -> str:
    """What follows the host, as far as it tells one page from another."""
    parts = _parts(website)
    return f"{parts.path.rstrip('/')}?{parts.query}".rstrip("?").lower()


# --- whom one is told of ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Told:
    """One that she may choose: why it is alike, and where it leads her."""

    organisation: Organisation
    why: str
    url: str


def told_to(user, found: list[tuple[Organisation, str]]) -> tuple[list[Told], list[str]]:
    """Those that ``user`` may choose; and of the rest, which others have not published, a line each: no name, but whom to
    ask."""
    if not found:
        return [], []
    rows = Organisation.objects.filter(pk__in=[organisation.pk for organisation, _why in found])
    open_to_her = dict(with_whose(rows.selectable_by(user), user).values_list("pk", "is_hers"))
    told = [
        Told(organisation, str(why), address_for(organisation, open_to_her[organisation.pk]))
        for organisation, why in found
        if organisation.pk in open_to_her
    ]
    return told, _lines_of_hidden(rows.exclude(pk__in=list(open_to_her))) if len(told) < len(found) else []


def with_whose(rows, user):
    """``is_hers``: whether she edits anything of it."""
    return rows.annotate(is_hers=Exists(Organisation.objects.editable_by(user).filter(pk=OuterRef("pk"))))


def address_for(organisation: Organisation, is_hers: bool) -> str:
    """Its form for whoever edits anything of it, its page for others."""
    if is_hers:
        return reverse("admin:members_organisation_change", args=[organisation.pk])
    return organisation.get_absolute_url()


def _lines_of_hidden(rows) -> list[str]:
    leads = list(rows.with_lead().order_by("pk").values_list("lead", flat=True))
    published = Cluster.objects.filter(pk__in={lead for lead in leads if lead}, status=Status.PUBLISHED).in_bulk()
    return [
        gettext("one more, not yet published, known to %(cluster)s") % {"cluster": published[lead]}
        if lead in published
        else gettext("one more, not yet published")
        for lead in leads
    ]
