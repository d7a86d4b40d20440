"""The page of one cluster: what it is, who is in it, where it comes from, who is beside it."""

from urllib.parse import urlsplit

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cluster_portal.drawing.atlas import Pin, pin_map
from cluster_portal.pages.addresses import address_of
from cluster_portal.pages.archived import archived_page
from cluster_portal.pages.former_slugs import follows_former_slugs, get_by_slug
from cluster_portal.pages.this_page import absolute
from cluster_portal.records.search import fold
from cluster_portal.writing.rich_text import render as render_markdown
from cluster_portal.writing.translated import Text
from cluster_portal.writing.typography import date_in_words, number, percent
from members import grappe, open_pages
from members.cards import cards
from members.cluster_facts import ClusterFacts
from members.composition import Composition, composition
from members.counts import MemberCounts
from members.label_phases import PHASES
from members.models import Cluster, ClusterName
from members.tiles import label_state, tile

SHOWN_OF_A_KIND = 4
NEIGHBOURS = 8
MOST_MARKS = 60  # in the bunch of the hero


@require_safe
@follows_former_slugs
def cluster_detail(request, slug):
    cluster = get_by_slug(Cluster.objects.for_page, slug)
    crumbs = [{"label": _("Clusters"), "url": reverse("members:cluster-list")}]
    succession = _what_became_of(cluster)
    if cluster.is_archived:
        return archived_page(
            request, cluster, name=cluster.name, successor=succession, above=crumbs[0], all_of_them=_("All clusters")
        )
    counts = MemberCounts()
    facts = counts.clusters[cluster.slug]
    context = {
        "title": str(cluster),
        "cluster": cluster,
        "crumbs": crumbs,
        "today": counts.day,
        "notice": _notice(succession),
        "label_state": label_state(facts, counts.day),
        "themes": _links("theme", facts.themes, counts),
        "regions": _links("region", facts.regions, counts),
        "other_names": [{"label": _name_kind(name), "name": name.name} for name in cluster.names.all()],
        "atlas": pin_map(
            [Pin(cluster.latitude, cluster.longitude)] if cluster.latitude is not None else [],
            counts.shapes(facts.regions),
        ),
        "lineage": _lineage(cluster, facts),
        "succession": succession,
        "phases": _phases(facts),
        "phases_source": _("As far as public sources tell: a phase that is not recorded may have been held."),
        "neighbours": _neighbours(facts, counts),
        "others": open_pages.CLUSTER.parts(request, cluster),
        "structured_data": _structured_data(request, cluster, facts, counts),
        **_presentation(cluster),
        **_membership(cluster, counts),
    }
    return render(request, "members/cluster_detail.html", context)


def _name_kind(name) -> str:
    return str((ClusterName.Kind.FORMER if name.is_former else ClusterName.Kind.ALTERNATIVE).label)


def _links(facet: str, slugs, counts: MemberCounts) -> list[tuple[str, str]]:
    pages = (address_of(f"members:{facet}-detail", slug) for slug in slugs)
    return list(zip(counts.words(facet, slugs), pages, strict=True))


def _presentation(cluster) -> dict:
    """The first paragraph introduces; what follows is Markdown below the figures."""
    text = cluster.presentation
    first, _blank, rest = normalize_newlines(str(text).strip()).partition("\n\n")  # a form sends \r\n
    return {
        "description": first[:300],
        "introduction": Text(first, text.lang) if first else "",
        "presentation_html": render_markdown(rest) if rest else "",
    }


def _membership(cluster, counts: MemberCounts) -> dict:
    """Who is in it, in numbers and by kind."""
    rows, members_url = counts.having("cluster", cluster.slug), cluster.get_members_url()
    kinds = counts.by_kind(rows)
    shown = (kinds["companies"], kinds["laboratories"], kinds["institutions"])
    per_mark = grappe.members_per_mark(kinds["members"], MOST_MARKS)
    return {
        "counts": kinds,
        "members_url": members_url,
        "grappe": counts.grappe(rows, per_mark, size=260, label=grappe.grappe_label(*shown)),
        "grappe_per_mark": per_mark,
        "composition": _composition(counts, rows, kinds, members_url),
        "composition_sentence": _small_companies(counts, rows, kinds["companies"]),
        "by_kind": _by_kind(counts, rows, kinds, members_url),
    }


def _composition(counts, rows, kinds, members_url) -> Composition:
    found = {size: (number, f"{members_url}?size={size}") for size, number in counts.by_size(rows).items()}
    for kind, plural in (("company", "companies"), ("laboratory", "laboratories"), ("institution", "institutions")):
        found[kind] = (kinds[plural], f"{members_url}?kind={kind}")
    return composition(found, lambda facet, slug: counts.words(facet, [slug])[0])


def _small_companies(counts, rows, companies: int) -> str:
    if not companies:
        return ""
    sizes = counts.by_size(rows)
    share = 100 * (sizes["micro"] + sizes["sme"]) / companies
    return _("%(share)s of the companies are SMEs or micro-enterprises.") % {"share": percent(share)}


def _by_kind(counts, rows, kinds, members_url) -> list[dict]:
    """The latest pages of each kind, and the way to all of them."""
    totals = dict(zip(("company", "laboratory", "institution"), list(kinds.values())[:3], strict=True))
    latest = {kind: counts.having("kind", kind, rows).highest(SHOWN_OF_A_KIND) for kind in totals}
    shown = {card.pk: card for card in cards([pk for ids in latest.values() for pk in ids], counts.facets)}
    see_all = {
        "company": ngettext("See the company", "See the %(number)s companies", totals["company"]),
        "laboratory": ngettext("See the laboratory", "See the %(number)s laboratories", totals["laboratory"]),
        "institution": ngettext("See the institution", "See the %(number)s institutions", totals["institution"]),
    }
    return [
        {
            "kind": kind,
            "label": counts.words("kind", [kind])[0],
            "count": total,
            "url": f"{members_url}?kind={kind}",
            "see_all": see_all[kind] % {"number": number(total)},
            "organisations": [shown[pk] for pk in latest[kind] if pk in shown],
        }
        for kind, total in totals.items()
        if total
    ]


def _what_became_of(cluster) -> dict | None:
    today = timezone.localdate()
    for succession in cluster.successions.all():
        after = succession.successor
        if after.status == "published" and succession.has_come(today):
            when = date_in_words(succession.date) if succession.date else str(succession.year or "")
            return {"name": str(after), "url": after.get_absolute_url(), "kind": succession.kind, "when": when}
    return None


def _notice(succession) -> str:
    """What a visitor of a former cluster reads first, with the way to what it became."""
    if succession is None:
        return ""
    sentences = {
        "merger": _("This cluster merged into {}."),
        "absorption": _("This cluster was absorbed by {}."),
        "renaming": _("This cluster is now called {}."),
        "split": _("This cluster was split; see {}."),
    }
    link = format_html('<a href="{}">{}</a>', succession["url"], succession["name"])
    sentence = format_html(sentences[succession["kind"]], link)
    when = format_html(" ({})", succession["when"]) if succession["when"] else ""
    return format_html("<strong>{}</strong>{}", sentence, when)


def _lineage(cluster, facts: ClusterFacts) -> list[dict]:
    """Where the cluster comes from and what it becomes, oldest first: predecessors, former names, labels, what followed.

    Each step is read forwards, as its day saw it: “Lyon Urban Truck & Bus – becomes CARA.”
    """
    today = timezone.localdate()
    of_origins = {
        "merger": _("merges into %(name)s."),
        "absorption": _("is absorbed by %(name)s."),
        "renaming": _("becomes %(name)s."),
        "split": _("is split; %(name)s comes out of it."),
    }
    of_successors = {
        "merger": _("%(name)s merges into it."),
        "absorption": _("absorbs %(name)s."),
        "renaming": _("is what %(name)s becomes."),
        "split": _("comes out of %(name)s, which is split."),
    }
    this = {"name": str(cluster)}
    steps = [
        _step(origin.date, origin.year, origin.predecessor, of_origins[origin.kind] % this)
        for origin in cluster.origins.all()
    ]
    before = [fold(origin.predecessor.name) for origin in cluster.origins.all()]
    steps += [
        _step(name.until, None, name.name, _("Former name."))
        for name in cluster.names.all()
        if name.is_former and not any(words in fold(name.name) for words in before)
    ]
    steps += [
        _step(
            label.start,
            None,
            _("Label of phase %(phase)s") % {"phase": label.roman},
            _("Until %(date)s.") % {"date": date_in_words(label.end)} if label.end else "",
            now=label.covers(today),
            source=label.source,
        )
        for label in facts.labels
    ]
    steps += [
        _step(after.date, after.year, after.successor, of_successors[after.kind] % this)
        for after in cluster.successions.all()
    ]
    steps.sort(key=lambda step: step["order"])
    return steps if len(steps) > 1 or cluster.successions.all() else []  # a label alone is no story


def _step(day, year, what, text: str, now: bool = False, source: str = "") -> dict:
    """One step of a lineage; ``what`` is a cluster, linked when it has a page, or a name; ``source``: who says so."""
    is_cluster = isinstance(what, Cluster)
    linked = is_cluster and what.status in ("published", "archived")
    return {
        "date": day,
        "when": year or _("Date unknown"),
        "title": what.name if is_cluster else what,
        "url": what.get_absolute_url() if linked else "",
        "text": text,
        "now": now,
        "source": source,
        "source_name": (urlsplit(source).hostname or source).removeprefix("www."),
        "order": (day.year, day.month, day.day) if day else (year or 0, 0, 0),
    }


def _phases(facts: ClusterFacts) -> list[dict]:
    held = {label.phase: label for label in facts.labels}
    today = timezone.localdate()
    if not held:
        return []
    return [
        {
            "label": _("Phase %(phase)s") % {"phase": phase.roman},
            "years": phase.years,
            "held": phase.number in held,
            "now": phase.number in held and held[phase.number].covers(today),
            "probationary": phase.number in held and held[phase.number].probationary,
        }
        for phase in PHASES
    ]


def _neighbours(facts: ClusterFacts, counts: MemberCounts) -> list[dict]:
    others = [other for other in counts.labelled() if other.slug != facts.slug]
    on_theme = [other for other in others if set(facts.themes) & set(other.themes)]
    in_region = [other for other in others if other not in on_theme and set(facts.regions) & set(other.regions)]
    groups = ((_("On the same themes"), on_theme), (_("In the same regions"), in_region))
    return [
        {"label": label, "clusters": [tile(other, counts) for other in found[:NEIGHBOURS]]}
        for label, found in groups
        if found
    ]


def _structured_data(request, cluster, facts: ClusterFacts, counts: MemberCounts) -> dict:
    data = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": cluster.name,
        "url": absolute(request, cluster.get_absolute_url()),
        "areaServed": counts.words("region", facts.regions),
        "knowsAbout": counts.words("theme", facts.themes),
    }
    optional = {
        "alternateName": cluster.acronym,
        "sameAs": cluster.website,
        "description": str(cluster.presentation)[:500],
        "foundingDate": str(cluster.founding_year or ""),
        "telephone": cluster.phone,
    }
    data.update({key: value for key, value in optional.items() if value})
    if cluster.city:
        data["address"] = {"@type": "PostalAddress", "addressLocality": cluster.city, "addressCountry": "FR"}
    return data
