from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cluster_portal.atlas import Pin, pin_map
from cluster_portal.facets import by_overlap, next_after
from cluster_portal.pages import absolute, list_response
from cluster_portal.typography import date_in_words, sentence_list
from cluster_portal.way_back import way_back
from members.cards import cards
from members.counts import MemberCounts
from members.former_slugs import follows_former_slugs, get_by_slug
from members.headings import member_heading
from members.listings import MemberListing
from members.models import Cluster, Organisation

SIMILAR = 4


@require_safe
def organisation_list(request):
    return member_list_response(request, MemberListing(request.GET, request.path))


@require_safe
@follows_former_slugs
def cluster_members(request, slug):
    cluster = get_by_slug(Cluster.objects.with_a_page(), slug)
    if cluster.is_archived:
        return redirect(cluster)
    listing = MemberListing(request.GET, request.path, fixed={"cluster": cluster.slug})
    crumbs = [
        {"label": _("Clusters"), "url": reverse("members:cluster-list")},
        {"label": str(cluster), "url": cluster.get_absolute_url()},
    ]
    return member_list_response(request, listing, cluster=cluster, crumbs=crumbs)


def member_list_response(request, listing, **context):
    listing.heading = member_heading(listing)
    shown = cards(
        listing.page_ids, listing.facet_data, listing.on, first=listing.effective("theme"), path=listing.path
    )
    return list_response(
        request,
        listing,
        "members/organisation_list.html",
        {
            "title": listing.heading,
            "organisations": shown,
            "suggest_url": reverse("suggest"),
            **context,
        },
    )


@require_safe
@follows_former_slugs
def organisation_detail(request, slug):
    organisation = get_by_slug(Organisation.objects.for_page(), slug)
    if organisation.is_archived:
        return archived(request, organisation)
    counts = MemberCounts()
    sites = list(organisation.sites.all())
    memberships = [m for m in organisation.memberships.all() if m.cluster.status == "published" and m.has_begun()]
    current = [m for m in memberships if m.is_current()]
    back_url, back_label = way_back(request, reverse("members:organisation-list"), _("Members"))
    context = {
        "title": organisation.name,
        "description": _summary(organisation, sites),
        "organisation": organisation,
        "notice": _notice(organisation, memberships, current),
        "successor": _followed_by(organisation),
        "kind_line": _kind_line(organisation),
        "names": _names(organisation),
        "themes": _themes(organisation, counts),
        "memberships": [_membership(m) for m in current],
        "past_memberships": [_membership(m) for m in memberships if m not in current],
        "sites": [_site(site) for site in sites],
        "atlas": _site_map(organisation, sites),
        "identifiers": _identifiers(organisation, sites),
        "verified": _verified(organisation),
        "contacts": organisation.public_contacts,
        "similar": _similar(organisation, counts),
        "back_url": back_url,
        "back_label": back_label,
        "structured_data": _structured_data(request, organisation, sites),
    }
    return render(request, "members/organisation_detail.html", context)


def archived(request, organisation):
    return render(
        request,
        "members/archived.html",
        {
            "title": organisation.name,
            "name": organisation.name,
            "archived_on": organisation.archived_on,
            "successor": _followed_by(organisation),
            "robots": "noindex,follow",
            "list_url": reverse("members:organisation-list"),
            "list_label": _("All members"),
            "crumbs": [{"label": _("Members"), "url": reverse("members:organisation-list")}],
        },
    )


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
    more = [
        organisation.get_size_display(),
        organisation.get_institution_type_display(),
    ]
    line = [organisation.get_kind_display(), *(text for text in more if text)]
    text = " · ".join(str(part) for part in line)
    return f"{text}, {organisation.get_headcount_display()}" if organisation.headcount else text


def _names(organisation) -> list[str]:
    names = [organisation.acronym] if organisation.acronym else []
    for other in organisation.other_names:
        if other["kind"] == "former" and other["until"]:
            names.append(_("formerly %(name)s (until %(year)s)") % {"name": other["name"], "year": other["until"]})
        elif other["kind"] == "former":
            names.append(_("formerly %(name)s") % {"name": other["name"]})
        else:
            names.append(_("also known as %(name)s") % {"name": other["name"]})
    return names


def _themes(organisation, counts: MemberCounts) -> list[tuple[str, str]]:
    members = reverse("members:organisation-list")
    slugs = organisation.theme_slugs
    return list(zip(counts.words("theme", slugs), (f"{members}?theme={slug}" for slug in slugs), strict=True))


def _membership(membership) -> dict:
    joined, left = membership.joined_on, membership.left_on
    if left and not membership.is_current():
        period = (_("From %(start)s to %(end)s") if joined else _("Until %(end)s")) % {
            "start": date_in_words(joined),
            "end": date_in_words(left),
        }
    else:
        period = _("Member since %(date)s") % {"date": date_in_words(joined)} if joined else _("Member")
    cluster = membership.cluster
    return {
        "name": str(cluster),
        "full_name": cluster.full_name,
        "url": cluster.get_absolute_url(),
        "category": membership.category,
        "period": period,
    }


def _site(site) -> dict:
    region = site.department.region
    members = reverse("members:organisation-list")
    notes = {
        "city": _("Address known to the town"),
        "department": _("Address known to the department"),
        "address": "",
        "": "",
    }
    town = f"{site.postcode} {site.city}".strip()
    return {
        "name": site.name,
        "head_office": site.head_office,
        "town": site.city or site.department.name,
        "address": ", ".join(filter(None, [site.address, town])) if site.address else town,
        "place": [
            (site.department.name, f"{members}?department={site.department.slug}"),
            (region.name, f"{members}?region={region.slug}"),
        ]
        if site.department.slug != region.slug
        else [(region.name, f"{members}?region={region.slug}")],
        "precision_note": "" if site.address else notes[site.precision],
    }


def _site_map(organisation, sites):
    pins = [Pin(site.latitude, site.longitude) for site in sites if site.latitude is not None]
    if not sites:
        return ""
    here = {site.department.region.shape_code for site in sites}
    towns = sentence_list([site.city or site.department.name for site in sites])
    label = _("Map: %(name)s in %(towns)s") % {
        "name": organisation.name,
        "towns": towns,
    }
    return pin_map(pins, here, label)


def _identifiers(organisation, sites) -> list[dict]:
    members = reverse("members:organisation-list")
    siret = next((site.siret for site in sites if site.siret), "")
    rows = [
        ("SIREN", _spaced(organisation.siren, 3), organisation.siren, ""),
        ("SIRET", _spaced(siret, 3), siret, ""),
        ("RNSR", organisation.rnsr_id, organisation.rnsr_id, ""),
        ("UAI", organisation.uai_code, organisation.uai_code, ""),
        (
            "ROR",
            organisation.ror_id,
            organisation.ror_id,
            f"https://ror.org/{organisation.ror_id}",
        ),
        (_("Activity (NAF)"), organisation.naf_code, "", ""),
        (
            _("Size"),
            organisation.get_size_display(),
            "",
            f"{members}?size={organisation.size}",
        ),
        (_("Founded in"), organisation.founding_year, "", ""),
        (
            _("Country"),
            organisation.country if organisation.country != "FR" else "",
            "",
            "",
        ),
    ]
    if organisation.kind == "laboratory":
        bodies = organisation.supervisors.published().in_order()
        rows += [(_("Supervised by"), body.name, "", body.get_absolute_url()) for body in bodies]
    return [{"label": label, "value": value, "copy": copy, "url": url} for label, value, copy, url in rows if value]


def _spaced(digits: str, size: int) -> str:
    """“552 100 554”; the last five digits of a SIRET stay together."""
    head, tail = (digits[:9], digits[9:]) if len(digits) == 14 else (digits, "")
    groups = [head[i : i + size] for i in range(0, len(head), size)]
    return "\u202f".join([*groups, tail] if tail else groups)


def _verified(organisation) -> dict | None:
    if not organisation.verified_on:
        return None
    cluster = organisation.verified_by
    return {
        "on": organisation.verified_on,
        "source": organisation.verified_source,
        "by": str(cluster) if cluster and cluster.has_a_page else "",
    }


def _similar(organisation, counts: MemberCounts) -> list[dict]:
    """Current members that share the most themes; among equals those of its regions, then whoever comes
    next, so that not every page shows the same four."""
    own = organisation.theme_slugs
    themes = counts.facets["theme"]
    near = counts.facets["region"].union({site.department.region.slug for site in organisation.sites.all()})
    others = counts.everyone & ~(1 << organisation.pk)
    found: dict[int, int] = {}
    for shared, rows in by_overlap([themes.bits.get(slug, 0) for slug in own], others):
        for group in (rows & near, rows & ~near):
            found.update(dict.fromkeys(next_after(organisation.pk, group, SIMILAR - len(found)), shared))
    rows = {row.pk: row for row in Organisation.objects.filter(pk__in=found).with_town()}
    return [_similar_line(rows[pk], shared, own, counts) for pk, shared in found.items() if pk in rows]


def _similar_line(other, shared: int, own: list[str], counts: MemberCounts) -> dict:
    themes = [slug for slug in own if counts.facets["theme"].bits.get(slug, 0) >> other.pk & 1]
    reason = ngettext("%(count)s shared theme: %(themes)s", "%(count)s shared themes: %(themes)s", shared)
    where = [str(other.get_kind_display()), other.town]
    words = reason % {"count": shared, "themes": sentence_list(counts.words("theme", themes))}
    return {
        "url": other.get_absolute_url(),
        "name": other.name,
        "kind": other.kind,
        "kind_label": where[0],
        "reason": " · ".join(filter(None, [*where, words])),
    }


def _summary(organisation, sites) -> str:
    """For search engines: what it is and where, then the beginning of its description."""
    town = next((site.city for site in sites if site.city), "")
    kind = str(organisation.get_kind_display())
    lead = _("%(kind)s in %(town)s.") % {"kind": kind, "town": town} if town else f"{kind}."
    return f"{lead} {organisation.description}"[:300].strip()


def _structured_data(request, organisation, sites) -> dict:
    types = {
        "company": "Corporation",
        "laboratory": "ResearchOrganization",
        "institution": "Organization",
    }
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
        data["identifier"] = {
            "@type": "PropertyValue",
            "propertyID": "SIREN",
            "value": organisation.siren,
        }
    data["address"] = [
        {
            "@type": "PostalAddress",
            "streetAddress": site.address,
            "postalCode": site.postcode,
            "addressLocality": site.city,
            "addressRegion": site.department.region.name,
            "addressCountry": "FR",
        }
        for site in sites
    ]
    return data
