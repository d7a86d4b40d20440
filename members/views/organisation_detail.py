"""The page of one organisation: who it is, where, in which clusters, and who resembles it.

Each part is read as light rows of its own; the words of themes, clusters and regions come from the member index.
"""

import re
from datetime import date
from decimal import Decimal
from heapq import nsmallest
from typing import NamedTuple

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from cluster_portal.drawing.atlas import Pin, pin_map
from cluster_portal.facets import Rows, by_overlap
from cluster_portal.pages.addresses import address, address_of
from cluster_portal.pages.archived import archived_page
from cluster_portal.pages.former_slugs import follows_former_slugs, get_by_slug
from cluster_portal.pages.this_page import absolute
from cluster_portal.pages.way_back import way_back
from cluster_portal.records.compiled import compiled
from cluster_portal.writing.translated import Text, active_language
from cluster_portal.writing.typography import date_in_words, sentence_list
from members import open_pages
from members.cluster_facts import ClusterFacts
from members.countries import HOME, country_name
from members.counts import MemberCounts
from members.facets import Place
from members.models import Membership, Organisation, Site

SIMILAR = 4
BODIES = 6  # supervising bodies that are shown unfolded
LABORATORIES = 8  # of those that a body supervises
LONG = 900  # letters of a description, above which it folds after its first paragraph
BETWEEN_PARAGRAPHS = re.compile(r"\s*\n\s*\n\s*")
BETWEEN_SENTENCES = re.compile(r"(?<=[.!?…])[»”\")]?\s+(?=\S)")
KINDS = dict(Organisation.Kind.choices)


@compiled
def sites_of(organisation: int):
    return Site.objects.rows_of(organisation)


@compiled
def memberships_of(organisation: int, at: date):
    return Membership.objects.of(organisation, at)


@compiled
def named(organisations: list[int]):
    return (
        Organisation.objects.filter(pk__in=organisations)
        .order_by()
        .with_town()
        .values_list("pk", "slug", "name", "kind", "town", named=True)
    )


class SiteRow(NamedTuple):
    """A site as the page shows it, as far as its place is known; department and region by their facts."""

    name: str
    address: str
    postcode: str
    city: str
    latitude: Decimal | None
    longitude: Decimal | None
    precision: str
    siret: str
    head_office: bool
    country: str
    department: Place | None
    region: Place | None

    @property
    def known_as(self) -> str:
        """The finest place that is known."""
        place = self.department or self.region
        return self.city or (place.name if place else country_name(self.country))


@require_safe
@vary_on_headers("Referer")  # the way back
@follows_former_slugs
def organisation_detail(request, slug):
    organisation = get_by_slug(Organisation.objects.with_a_page, slug)
    if organisation.is_archived:
        return archived_page(
            request,
            organisation,
            successor=_followed_by(organisation),
            above={"label": _("Members"), "url": reverse("members:organisation-list")},
            all_of_them=_("All members"),
        )
    counts = MemberCounts()
    themes = counts.facets["theme"].given_to(organisation.pk, active_language())
    sites = _sites(organisation, counts)
    memberships = memberships_of(organisation.pk, counts.day)
    for membership in memberships:
        membership.organisation = organisation
    current = [membership for membership in memberships if membership.is_current()]
    past = [membership for membership in memberships if membership not in current]
    clusters = {cluster.pk: cluster for cluster in counts.clusters.values()}
    back_url, back_label = way_back(
        request,
        reverse("members:organisation-list"),
        _("Members"),
        {reverse("members:cluster-list"): _("Back to the cluster")},
    )
    context = {
        "title": organisation.name,
        "description": _summary(organisation, sites),
        "organisation": organisation,
        "notice": _notice(organisation, memberships, current),
        "successor": _followed_by(organisation),
        "kind_line": _kind_line(organisation),
        "names": _names(organisation, counts),
        "themes": _themes(themes, counts),
        "memberships": [_membership(m, clusters[m.cluster_id]) for m in current],
        "past_memberships": [_membership(m, clusters[m.cluster_id]) for m in past],
        "sites": [_site(site, sites) for site in sites],
        "atlas": _site_map(organisation, sites),
        "identifiers": _identifiers(organisation, sites),
        "supervisors": _supervisors(organisation),
        "supervised": _supervised(organisation, counts),
        "presentation": _presentation(organisation.description),
        "verified": _verified(organisation, clusters),
        "contacts": _contacts(organisation, counts),
        "similar": _similar(organisation, themes, sites, counts),
        "crumbs": [{"label": back_label, "url": back_url}],
        "others": open_pages.ORGANISATION.parts(request, organisation),
        "structured_data": _structured_data(request, organisation, sites),
    }
    return render(request, "members/organisation_detail.html", context)


def _sites(organisation, counts: MemberCounts) -> list[SiteRow]:
    """The head office first."""
    places = counts.facets.places
    return [
        SiteRow(*row, places.get(department), places.get(region))
        for *row, department, region in sites_of(organisation.pk)
    ]


def _notice(organisation, memberships, current) -> str:
    if organisation.closed_on and organisation.closed_on <= timezone.localdate():
        return _("This organisation closed on %(date)s.") % {"date": date_in_words(organisation.closed_on)}
    if memberships and not current:
        left = max((m.left_on for m in memberships if m.left_on), default=None)
        if left:
            return _("No longer a member of a cluster since %(date)s.") % {"date": date_in_words(left)}
    return ""


def _followed_by(organisation) -> dict | None:
    successor = organisation.successor
    if successor is None or not successor.has_a_page:
        return None
    return {"name": successor.name, "url": successor.get_absolute_url()}


def _kind_line(organisation) -> str:
    """“Company · SME, 20 to 49 people”."""
    more = [organisation.get_size_display(), organisation.get_institution_type_display()]
    text = " · ".join(str(part) for part in (organisation.get_kind_display(), *more) if part)
    return f"{text}, {organisation.get_headcount_display()}" if organisation.headcount else text


def _contacts(organisation, counts: MemberCounts) -> list[dict]:
    """The persons who agreed to be shown."""
    if organisation.pk not in counts.facets.represented:
        return []
    return list(organisation.contacts.public().values("name", "role"))


def _names(organisation, counts: MemberCounts) -> list[str]:
    names = [organisation.acronym] if organisation.acronym else []
    if organisation.pk not in counts.facets.otherwise_named:
        return names
    for name, kind, until in organisation.names.values_list("name", "kind", "until"):
        if kind == "former" and until:
            names.append(_("formerly %(name)s (until %(year)s)") % {"name": name, "year": until})
        elif kind == "former":
            names.append(_("formerly %(name)s") % {"name": name})
        else:
            names.append(_("also known as %(name)s") % {"name": name})
    return names


def _themes(slugs: list[str], counts: MemberCounts) -> list[tuple[str, str]]:
    members = address("members:organisation-list")
    return list(zip(counts.words("theme", slugs), (f"{members}?theme={slug}" for slug in slugs), strict=True))


def _membership(membership: Membership, cluster: ClusterFacts) -> dict:
    joined, left = membership.joined_on, membership.first_day_out
    if left and not membership.is_current():
        period = (_("From %(start)s to %(end)s") if joined else _("Until %(end)s")) % {
            "start": date_in_words(joined),
            "end": date_in_words(left),
        }
    else:
        period = _("Member since %(date)s") % {"date": date_in_words(joined)} if joined else _("Member")
    return {
        "name": cluster.label,
        "full_name": cluster.full_name,
        "url": address_of("members:cluster-detail", cluster.slug),
        "category": membership.category,
        "period": period,
    }


def _site(site: SiteRow, sites: list[SiteRow]) -> dict:
    department, region = site.department, site.region
    members = address("members:organisation-list")
    notes = {"city": _("Address known to the town"), "department": _("Address known to the department")}
    town = f"{site.postcode} {site.city}".strip()
    place = []
    if department and department != region:  # of the departments overseas, some are the region
        place.append((department.name, f"{members}?department={department.slug}"))
    if region:
        place.append((region.name, f"{members}?region={region.slug}"))
    if site.country != HOME:
        place.append((country_name(site.country), f"{members}?country={site.country}"))
    return {
        "name": site.name,
        "head_office": site.head_office,
        "town": site.known_as,
        "address": ", ".join(filter(None, [site.address, town])),
        "place": place,
        "siret": _spaced(site.siret) if _needs_its_number(site, sites) else "",
        "precision_note": "" if site.address else notes.get(site.precision, ""),
    }


def _needs_its_number(site: SiteRow, sites: list[SiteRow]) -> bool:
    """Whether nothing else tells it from another site in the same place."""
    told = (site.known_as, site.name, site.address)
    return sum((other.known_as, other.name, other.address) == told for other in sites) > 1


def _site_map(organisation, sites) -> SafeString | str:
    if not sites:
        return ""
    pins = [Pin(site.latitude, site.longitude) for site in sites if site.latitude is not None]
    towns = sentence_list(list(dict.fromkeys(site.known_as for site in sites)))
    label = _("Map: %(name)s in %(towns)s") % {"name": organisation.name, "towns": towns}
    return pin_map(pins, {site.region.shape_code for site in sites if site.region}, label)


def _identifiers(organisation, sites) -> list[dict]:
    """Label, value, the text to copy and the address behind it, of what is known."""
    siret = next((site.siret for site in sites if site.siret), "")
    country = organisation.country.code
    abroad = country_name(country) if country != HOME else ""
    compatriots = f"{address('members:organisation-list')}?country={country}"
    sizes = f"{address('members:organisation-list')}?size={organisation.size}"
    rows = [
        ("SIREN", _spaced(organisation.siren), organisation.siren, ""),
        ("SIRET", _spaced(siret), siret, ""),
        ("RNSR", organisation.rnsr_id, organisation.rnsr_id, ""),
        ("UAI", organisation.uai_code, organisation.uai_code, ""),
        ("ROR", organisation.ror_id, organisation.ror_id, f"https://ror.org/{organisation.ror_id}"),
        (_("Activity (NAF)"), organisation.naf_code, "", ""),
        (_("Size"), organisation.get_size_display(), "", sizes),
        (_("Founded in"), organisation.founding_year, "", ""),
        (_("Country"), abroad, "", compatriots),
    ]
    if organisation.kind == "laboratory":
        units = [str(unit) for unit in organisation.unit_numbers.all()]
        rows = [(_("Unit number"), unit, unit, "") for unit in units] + rows
    return [{"label": label, "value": value, "copy": copy, "url": url} for label, value, copy, url in rows if value]


def _supervisors(organisation) -> dict:
    """Some, and those that unfold."""
    if organisation.kind != "laboratory":
        return {"shown": [], "folded": []}
    bodies = organisation.supervisors.published().in_order().values_list("name", "slug")
    links = [(name, address_of("members:organisation-detail", slug)) for name, slug in bodies]
    most = BODIES if len(links) > BODIES + 1 else len(links)
    return {"shown": links[:most], "folded": links[most:]}


def _supervised(organisation, counts: MemberCounts) -> dict | None:
    """The laboratories of a body: how many, their list, and some of them, members first."""
    rows = counts.facets.supervisor.having(organisation.slug) & counts.facets.published
    if not rows:
        return None
    name_of = counts.facets.organisations.sort_name.__getitem__
    first = nsmallest(LABORATORIES, rows, key=lambda key: (key not in counts.everyone, name_of(key)))
    known = {row.pk: row for row in named(first)}
    return {
        "count": len(rows),
        "url": f"{address('members:organisation-list')}?former=1&supervisor={organisation.slug}",
        "some": [
            {"name": row.name, "url": address_of("members:organisation-detail", row.slug), "town": row.town}
            for row in (known[key] for key in first if key in known)
        ],
    }


def _presentation(text: Text) -> dict:
    """The description in its paragraphs; where all would be long, the first one, or as many sentences of it as are
    not too long either, and the others apart."""
    paragraphs = [part for part in BETWEEN_PARAGRAPHS.split(text.strip()) if part]
    long = sum(map(len, paragraphs)) > LONG
    if long:
        paragraphs = [*_parted(paragraphs[0]), *paragraphs[1:]]
    most = 1 if long else len(paragraphs)
    return {"lang": text.lang, "shown": paragraphs[:most], "folded": paragraphs[most:]}


def _parted(paragraph: str) -> list[str]:
    """A long paragraph in two, between the last sentences that end in time; of one endless sentence, all."""
    ends = [match.end() for match in BETWEEN_SENTENCES.finditer(paragraph) if match.end() <= LONG]
    if len(paragraph) <= LONG or not ends:
        return [paragraph]
    return [paragraph[: ends[-1]].rstrip(), paragraph[ends[-1] :].lstrip()]


def _spaced(digits: str) -> str:
    """“552 100 554”; the last five digits of a SIRET stay together."""
    groups = [digits[start : start + 3] for start in range(0, min(len(digits), 9), 3)]
    return "\u202f".join([*groups, digits[9:]] if len(digits) > 9 else groups)


def _verified(organisation, clusters: dict[int, ClusterFacts]) -> dict | None:
    """Who confirmed the page, when, from what; a cluster that is not public goes unnamed."""
    if not organisation.verified_on:
        return None
    cluster = clusters.get(organisation.verified_by_id)
    return {
        "on": organisation.verified_on,
        "source": organisation.verified_source,
        "by": cluster.label if cluster else "",
        "itself": organisation.is_confirmed_by_itself,
    }


def _similar(organisation, own: list[str], sites, counts: MemberCounts) -> list[dict]:
    """Current members that share the most themes; among equals those of its regions, then whoever comes
    next, so that not every page shows the same four."""
    themes = counts.facets["theme"]
    near = counts.facets["region"].having_any({site.region.slug for site in sites if site.region})
    others = counts.everyone - Rows([organisation.pk])
    found: dict[int, int] = {}
    for shared, rows in by_overlap([themes.having(slug) for slug in own], others):
        for group in (rows & near, rows - near):
            found.update(dict.fromkeys(group.after(organisation.pk, SIMILAR - len(found)), shared))
    rows = {row.pk: row for row in named(found)}
    return [_similar_line(rows[pk], shared, own, counts) for pk, shared in found.items() if pk in rows]


def _similar_line(other, shared: int, own: list[str], counts: MemberCounts) -> dict:
    themes = [slug for slug in own if other.pk in counts.facets.theme.having(slug)]
    reason = ngettext("%(count)s shared theme: %(themes)s", "%(count)s shared themes: %(themes)s", shared)
    words = reason % {"count": shared, "themes": sentence_list(counts.words("theme", themes))}
    kind = str(KINDS[other.kind])
    return {
        "url": address_of("members:organisation-detail", other.slug),
        "name": other.name,
        "kind": other.kind,
        "kind_label": kind,
        "reason": " · ".join(filter(None, [kind, other.town, words])),
    }


def _summary(organisation, sites) -> str:
    """For search engines: what it is and where, then the beginning of its description."""
    town = next((site.city for site in sites if site.city), "")
    kind = str(organisation.get_kind_display())
    lead = _("%(kind)s in %(town)s.") % {"kind": kind, "town": town} if town else f"{kind}."
    return f"{lead} {organisation.description}"[:300].strip()


def _structured_data(request, organisation, sites) -> dict:
    types = {"company": "Corporation", "laboratory": "ResearchOrganization", "institution": "Organization"}
    data = {
        "@context": "https://schema.org",
        "@type": types[organisation.kind],
        "name": organisation.name,
        "url": absolute(request, organisation.get_absolute_url()),
    }
    optional = {
        "alternateName": organisation.acronym,
        "description": str(organisation.description)[:500],
        "sameAs": organisation.website,
        "foundingDate": str(organisation.founding_year or ""),
        "telephone": organisation.phone,
    }
    data.update({key: value for key, value in optional.items() if value})
    if organisation.siren:
        data["identifier"] = {"@type": "PropertyValue", "propertyID": "SIREN", "value": organisation.siren}
    data["address"] = [
        {
            "@type": "PostalAddress",
            "streetAddress": site.address,
            "postalCode": site.postcode,
            "addressLocality": site.city,
            "addressRegion": place.name if (place := site.region or site.department) else "",
            "addressCountry": site.country,
        }
        for site in sites
    ]
    if not sites and organisation.country != HOME:
        data["address"] = [{"@type": "PostalAddress", "addressCountry": organisation.country.code}]
    return data
