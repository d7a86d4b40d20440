from types import SimpleNamespace

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cluster_portal import drawing
from cluster_portal.atlas import Pin, pin_map
from cluster_portal.pages import PERMUTATION, absolute
from cluster_portal.rich_text import render as render_markdown
from cluster_portal.translated import active_language
from cluster_portal.typography import date_in_words, number, percent
from members.cards import cards
from members.counts import MemberCounts
from members.facets import MEMBER_INDEX
from members.former_slugs import follows_former_slugs, get_by_slug
from members.label_phases import PHASES
from members.models import Cluster, Region
from members.tiles import PER_MARK, label_state, tile

SHOWN_OF_A_KIND = 4
NEIGHBOURS = 8
SIZES = (("micro", "f-s1"), ("sme", "f-s2"), ("midcap", "f-s3"), ("large", "f-s4"))


@require_safe
def cluster_list(request):
    """Every published cluster; those that held the label on a day when ``on`` is given."""
    region, theme = (
        request.GET.get(name, "").replace("\x00", "")[:120]
        for name in ("region", "theme")
    )
    on, misread = _day(request.GET.get("on", ""))
    everyone = Cluster.objects.published().for_tiles()
    clusters = list(everyone.labelled(on) if on else everyone)
    chosen = [c for c in clusters if _works_in(c, region) and _works_on(c, theme)]
    counts = MemberCounts(on)
    current = [c for c in chosen if on or _holds_label(c)]
    former = [] if on else [c for c in chosen if not _holds_label(c)]
    places = [c for c in current if c.latitude is not None]
    return render(
        request,
        "members/cluster_list.html",
        {
            "title": _("Clusters"),
            "heading": _heading(len(current), len(former), on),
            "notice": _("The date was not understood: it reads like 2021-12-31.")
            if misread
            else "",
            "on": on,
            "clear_url": reverse("members:cluster-list")
            if on or region or theme
            else "",
            "clusters": [tile(cluster, counts, on) for cluster in current],
            "former": [_former(cluster) for cluster in former],
            "region_options": _region_options(clusters, theme, region),
            "theme_options": _theme_options(clusters, region, theme),
            "atlas": pin_map(_pins(places), label=_("Map of the head offices")),
            "unlocated_count": len(current) - len(places),
            "grappe_per_mark": PER_MARK,
            **({"robots": PERMUTATION} if on or region or theme else {}),
        },
    )


def _day(text: str):
    try:
        day = parse_date(text[:20])
    except ValueError:
        day = None
    return day, bool(text) and day is None


def _holds_label(cluster, on=None) -> bool:
    on = on or timezone.localdate()
    return any(
        p.start <= on and (p.end is None or on <= p.end)
        for p in cluster.label_periods.all()
    )


def _works_in(cluster, slug: str) -> bool:
    return not slug or any(
        link.region.slug == slug for link in cluster.cluster_regions.all()
    )


def _works_on(cluster, slug: str) -> bool:
    return not slug or slug in _theme_slugs(cluster)


def _theme_slugs(cluster) -> set[str]:
    """Its themes, and the domains above them."""
    above = MEMBER_INDEX.at()["theme"].values
    own = {theme.slug for theme in cluster.themes.all()}
    return own | {
        above[slug].parent for slug in own if slug in above and above[slug].parent
    }


def _heading(labelled: int, former: int, on) -> str:
    if on:
        text = ngettext(
            "%(number)s cluster labelled on %(date)s",
            "%(number)s clusters labelled on %(date)s",
            labelled,
        )
        return text % {"number": number(labelled), "date": date_in_words(on)}
    text = ngettext(
        "%(number)s labelled cluster", "%(number)s labelled clusters", labelled
    )
    return text % {"number": number(labelled)}


def _former(cluster) -> dict:
    state = label_state(cluster)
    return {
        "name": cluster.name,
        "url": cluster.get_absolute_url(),
        "note": state["text"] if state else "",
    }


def _pins(clusters) -> list[Pin]:
    places: dict[tuple, int] = {}
    for cluster in clusters:
        place = (cluster.latitude, cluster.longitude)
        places[place] = places.get(place, 0) + 1
    return [Pin(*place, count) for place, count in places.items()]


def _region_options(clusters, theme, chosen) -> list[dict]:
    within = [c for c in clusters if _works_on(c, theme)]
    return [
        _option(
            region.slug,
            region.name,
            sum(_works_in(c, region.slug) for c in within),
            chosen,
        )
        for region in Region.objects.in_order()
    ]


def _theme_options(clusters, region, chosen) -> list[dict]:
    within = [_theme_slugs(c) for c in clusters if _works_in(c, region)]
    data, language = MEMBER_INDEX.at()["theme"], active_language()
    return [
        _option(
            value.slug,
            ("\u2003" if value.parent else "") + value.label(language),
            sum(value.slug in slugs for slugs in within),
            chosen,
        )
        for value in data.in_order(language)
    ]


def _option(value, label, count, chosen) -> dict:
    return {
        "value": value,
        "label": label,
        "count": count,
        "selected": value == chosen,
        "disabled": not count and value != chosen,
    }


@require_safe
@follows_former_slugs
def cluster_detail(request, slug):
    cluster = get_by_slug(Cluster.objects.for_page(), slug)
    succession = _what_became_of(cluster)
    if cluster.is_archived:
        return render(
            request,
            "members/archived.html",
            {
                "title": str(cluster),
                "name": cluster.name,
                "archived_on": cluster.archived_on,
                "successor": succession,
                "robots": "noindex,follow",
                "list_url": reverse("members:cluster-list"),
                "list_label": _("All clusters"),
                "crumbs": [
                    {"label": _("Clusters"), "url": reverse("members:cluster-list")}
                ],
            },
        )
    counts = MemberCounts()
    rows = counts.having("cluster", cluster.slug)
    kinds = counts.by_kind(rows)
    members_url = cluster.get_members_url()
    composition = _composition(counts, rows, members_url)
    per_mark = (
        PER_MARK
        if kinds["members"] <= 2000
        else drawing.members_per_mark(kinds["members"], 200)
    )
    paragraphs = str(cluster.presentation).split("\n\n", 1)
    regions = [link.region for link in cluster.cluster_regions.all()]
    context = {
        "title": str(cluster),
        "cluster": cluster,
        "description": paragraphs[0][:300],
        "crumbs": [{"label": _("Clusters"), "url": reverse("members:cluster-list")}],
        "notice": _notice(succession),
        "introduction": _first_paragraph(cluster, paragraphs[0]),
        "presentation_html": render_markdown(paragraphs[1])
        if len(paragraphs) > 1
        else "",
        "themes": [
            (str(theme.name), theme.get_absolute_url())
            for theme in cluster.themes.all()
        ],
        "regions": [(region.name, region.get_absolute_url()) for region in regions],
        "label_state": label_state(cluster),
        "counts": kinds,
        "members_url": members_url,
        "today": timezone.localdate(),
        "grappe": counts.grappe(
            rows,
            per_mark,
            size=260,
            label=drawing.grappe_label(
                kinds["companies"], kinds["laboratories"], kinds["institutions"]
            ),
        ),
        "grappe_per_mark": per_mark,
        "composition": composition,
        "composition_bar": drawing.bar(
            (part["bar"], part["count"]) for part in composition
        ),
        "composition_sentence": _small_companies(counts, rows, kinds["companies"]),
        "by_kind": _by_kind(counts, rows, kinds, members_url),
        "lineage": _lineage(cluster),
        "phases": _phases(cluster),
        "phases_source": _(
            "As far as public sources tell; a phase that is not recorded is not a phase without label."
        ),
        "other_names": [
            {"label": n.get_kind_display(), "name": n.name} for n in cluster.names.all()
        ],
        "atlas": pin_map(_pins([cluster]), {r.shape_code for r in regions})
        if cluster.latitude is not None
        else pin_map([], {r.shape_code for r in regions}),
        "neighbours": _neighbours(cluster, counts, regions),
        "structured_data": _structured_data(request, cluster),
    }
    return render(request, "members/cluster_detail.html", context)


def _first_paragraph(cluster, text: str):
    introduction = cluster.presentation
    return type(introduction)(text, introduction.lang) if text else ""


def _what_became_of(cluster) -> dict | None:
    for succession in cluster.successions.all():
        if succession.successor.status == "published":
            when = (
                date_in_words(succession.date)
                if succession.date
                else (succession.year or "")
            )
            return {
                "name": str(succession.successor),
                "url": succession.successor.get_absolute_url(),
                "kind": succession.kind,
                "when": when,
            }
    return None


def _notice(succession) -> str:
    """What a visitor of a former cluster reads first, with the way to what it became."""
    if succession is None:
        return ""
    sentences = {
        "merger": _("This cluster merged into %(name)s."),
        "absorption": _("This cluster was absorbed by %(name)s."),
        "renaming": _("This cluster is now called %(name)s."),
        "split": _("This cluster was split; see %(name)s."),
    }
    from django.utils.html import format_html

    link = format_html('<a href="{}">{}</a>', succession["url"], succession["name"])
    sentence = format_html(
        sentences[succession["kind"]].replace("%(name)s", "{}"), link
    )
    return format_html("<strong>{}</strong> {}", sentence, succession["when"])


def _composition(counts, rows, members_url) -> list[dict]:
    sizes, labels = counts.by_size(rows), counts.facets["size"].values
    kinds, language = counts.by_kind(rows), active_language()
    parts = [
        {
            "css": css,
            "bar": css,
            "label": labels[slug].label(language),
            "count": sizes[slug],
            "url": f"{members_url}?size={slug}",
        }
        for slug, css in SIZES
    ]
    unknown = kinds["companies"] - sum(sizes.values())
    if unknown:
        parts.append(
            {
                "css": "is-company",
                "bar": "f-co",
                "label": _("Companies of unknown size"),
                "count": unknown,
                "url": f"{members_url}?kind=company",
            }
        )
    parts += [
        {
            "css": "is-laboratory",
            "bar": "f-la",
            "label": _("Laboratories"),
            "count": kinds["laboratories"],
            "url": f"{members_url}?kind=laboratory",
        },
        {
            "css": "is-institution",
            "bar": "f-in",
            "label": _("Institutions"),
            "count": kinds["institutions"],
            "url": f"{members_url}?kind=institution",
        },
    ]
    return [part for part in parts if part["count"]]


def _small_companies(counts, rows, companies: int) -> str:
    sizes = counts.by_size(rows)
    if not companies:
        return ""
    share = 100 * (sizes["micro"] + sizes["sme"]) / companies
    return _("%(share)s of the companies are SMEs or micro-enterprises.") % {
        "share": percent(share)
    }


def _by_kind(counts, rows, kinds, members_url) -> list[dict]:
    from cluster_portal.facets import ids_of

    groups = []
    labels = {
        "company": (
            _("Companies"),
            "companies",
            lambda n: ngettext("See the company", "See the %(number)s companies", n),
        ),
        "laboratory": (
            _("Laboratories"),
            "laboratories",
            lambda n: ngettext(
                "See the laboratory", "See the %(number)s laboratories", n
            ),
        ),
        "institution": (
            _("Institutions"),
            "institutions",
            lambda n: ngettext(
                "See the institution", "See the %(number)s institutions", n
            ),
        ),
    }
    newest = {
        kind: ids_of(counts.having("kind", kind, rows))[-SHOWN_OF_A_KIND:]
        for kind in labels
    }
    shown = {
        card.pk: card
        for card in cards([pk for ids in newest.values() for pk in ids], counts.facets)
    }
    for kind, (label, plural, see_all) in labels.items():
        if kinds[plural]:
            groups.append(
                {
                    "kind": kind,
                    "label": label,
                    "count": kinds[plural],
                    "url": f"{members_url}?kind={kind}",
                    "see_all": see_all(kinds[plural])
                    % {"number": number(kinds[plural])},
                    "organisations": [shown[pk] for pk in newest[kind] if pk in shown],
                }
            )
    return groups


def _lineage(cluster) -> list[dict]:
    """Where the cluster comes from, oldest first: predecessors, former names, labels, what came after."""
    steps = []
    verbs = {
        "merger": _("Merged into this cluster."),
        "absorption": _("Absorbed by this cluster."),
        "renaming": _("Took its present name."),
        "split": _("This cluster came out of it."),
    }
    for origin in cluster.origins.all():
        before = origin.predecessor
        steps.append(
            (
                origin.date,
                origin.year,
                {
                    "title": before.name,
                    "text": verbs[origin.kind],
                    "url": before.get_absolute_url()
                    if before.status in ("published", "archived")
                    else "",
                },
            )
        )
    for name in cluster.names.all():
        if name.kind == "former":
            steps.append(
                (
                    name.until,
                    None,
                    {
                        "title": name.name,
                        "text": _("Former name, until that day.")
                        if name.until
                        else _("Former name."),
                    },
                )
            )
    for period in cluster.label_periods.all():
        now = _holds_label(
            SimpleNamespace(label_periods=SimpleNamespace(all=lambda p=period: [p]))
        )
        steps.append(
            (
                period.start,
                None,
                {
                    "title": _("Label of phase %(phase)s")
                    % {"phase": period.get_phase_display()},
                    "now": now,
                    "text": _("Until %(date)s.") % {"date": date_in_words(period.end)}
                    if period.end
                    else "",
                },
            )
        )
    for succession in cluster.successions.all():
        after = succession.successor
        steps.append(
            (
                succession.date,
                succession.year,
                {
                    "title": str(after),
                    "text": str(succession.get_kind_display()),
                    "url": after.get_absolute_url()
                    if after.status in ("published", "archived")
                    else "",
                },
            )
        )
    if len(steps) < 2:
        return []
    steps.sort(
        key=lambda step: (
            step[0].year if step[0] else step[1] or 0,
            step[0] or timezone.localdate().min,
        )
    )
    return [
        {**words, "date": day, "when": year or _("Date unknown")}
        if not day
        else {**words, "date": day}
        for day, year, words in steps
    ]


def _phases(cluster) -> list[dict]:
    periods = {period.phase: period for period in cluster.label_periods.all()}
    today = timezone.localdate()
    if not periods:
        return []
    return [
        {
            "label": _("Phase %(phase)s") % {"phase": phase.roman},
            "years": phase.years,
            "held": phase.number in periods,
            "now": phase.covers(today) and phase.number in periods,
            "probationary": phase.number in periods
            and periods[phase.number].probationary,
        }
        for phase in PHASES
    ]


def _neighbours(cluster, counts, regions) -> list[dict]:
    others = [
        c
        for c in Cluster.objects.published().for_tiles().labelled()
        if c.pk != cluster.pk
    ]
    own = {theme.slug for theme in cluster.themes.all()}
    places = {region.slug for region in regions}
    on_theme = [c for c in others if own & {theme.slug for theme in c.themes.all()}]
    in_region = [
        c
        for c in others
        if c not in on_theme
        and places & {link.region.slug for link in c.cluster_regions.all()}
    ]
    groups = (
        (_("On the same themes"), on_theme),
        (_("In the same regions"), in_region),
    )
    return [
        {"label": label, "clusters": [tile(c, counts) for c in found[:NEIGHBOURS]]}
        for label, found in groups
        if found
    ]


def _structured_data(request, cluster) -> dict:
    data = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": cluster.name,
        "url": absolute(request, cluster.get_absolute_url()),
        "areaServed": [link.region.name for link in cluster.cluster_regions.all()],
        "knowsAbout": [str(theme.name) for theme in cluster.themes.all()],
    }
    optional = {
        "alternateName": cluster.acronym,
        "sameAs": cluster.website,
        "description": str(cluster.presentation)[:500],
        "foundingDate": str(cluster.founding_year or ""),
        "email": "",
        "telephone": cluster.phone,
    }
    data.update({key: value for key, value in optional.items() if value})
    if cluster.city:
        data["address"] = {
            "@type": "PostalAddress",
            "addressLocality": cluster.city,
            "addressCountry": "FR",
        }
    return data
