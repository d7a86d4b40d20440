from datetime import date
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from cluster_portal.drawing.atlas import Pin, pin_map
from cluster_portal.exchange.answers import file_asked, file_links
from cluster_portal.exchange.columns import Words
from cluster_portal.listing.files import Shown, table_file
from cluster_portal.pages.addresses import address_of
from cluster_portal.pages.asked import read_day, read_slug
from cluster_portal.pages.this_page import PERMUTATION
from cluster_portal.writing.translated import active_language
from cluster_portal.writing.typography import at_least, date_in_words, number, sentence_list
from members import open_pages
from members.columns import CLUSTER_COLUMNS as EVERY_COLUMN
from members.counts import MemberCounts
from members.exports import position_of_cluster, published_clusters
from members.querysets import NOWHERE, OVERSEAS
from members.tiles import PER_MARK, tile

CLUSTER_COLUMNS = [column for column in EVERY_COLUMN if column.public]


@require_safe
def cluster_list(request):
    """Every published cluster; those that held the label on a day when ``on`` is given."""
    region, theme = read_slug(request.GET, "region"), read_slug(request.GET, "theme")
    asked = read_day(request.GET, first=date.min, last=date.max)
    on = asked.day  # today too: “labelled today” is not the list of all clusters
    counts = MemberCounts(on)
    is_to_come = bool(on) and on > timezone.localdate()  # labels may be given, taken back or prolonged until then
    found = [] if is_to_come else [c for c in counts.clusters.values() if not on or c.held_label(on)]
    chosen = [
        cluster
        for cluster in found
        if (not region or cluster.works_in(region)) and (not theme or cluster.works_on(theme))
    ]
    followed = {} if on else {cluster.slug: cluster.followed_by(counts.day) for cluster in found}
    going_on = [cluster for cluster in found if not followed.get(cluster.slug)]
    current = [cluster for cluster in chosen if not followed.get(cluster.slug)]
    former = [cluster for cluster in chosen if followed.get(cluster.slug)]
    heading = _heading(current, counts, on, is_to_come)
    places = [cluster for cluster in current if cluster.latitude is not None]
    narrowed = bool(on or region or theme)
    address = _address(request.path, on, region, theme)
    if file_asked(request):
        return _file(request, address, counts, current + former, heading, region, theme)
    return render(
        request,
        "members/cluster_list.html",
        {
            "title": _("Clusters"),
            "heading": heading,
            "label_count": counts.label_count if on and not is_to_come else None,
            "is_to_come": is_to_come,
            "today": timezone.localdate(),
            "notice": _("The date was not understood: it reads like 2021-12-31.") if asked.misread else "",
            "on": on,
            "clear_url": reverse("members:cluster-list") if narrowed else "",
            "clusters": [tile(cluster, counts) for cluster in current],
            "former": [_former(cluster, followed[cluster.slug]) for cluster in former],
            # what a choice gives: the former ones, which stand apart below, are not counted in its heading either
            "region_options": _region_options([c for c in going_on if not theme or c.works_on(theme)], region, counts),
            "theme_options": _theme_options([c for c in going_on if not region or c.works_in(region)], theme, counts),
            "atlas": pin_map(_pins(places), label=_("Map of the head offices")),
            "unlocated_count": len(current) - len(places),
            "grappe_per_mark": PER_MARK,
            "files": file_links(address),
            "others": open_pages.CLUSTER_LIST.parts(request, current),
            **({"robots": PERMUTATION} if narrowed else {}),
        },
    )


def _heading(clusters: list, counts: MemberCounts, on, is_to_come: bool) -> str:
    if not clusters and not on:
        return _("No cluster")
    is_minimum = counts.label_count.is_minimum
    if on:
        date = date_in_words(on)
        if is_to_come:
            return _("Labels on %(date)s: not known yet") % {"date": date}
        if not clusters:
            none = _("No cluster is known to have held the label on %(date)s")
            return (none if is_minimum else _("No cluster labelled on %(date)s")) % {"date": date}
        if is_minimum:
            text = ngettext(
                "At least %(number)s cluster labelled on %(date)s",
                "At least %(number)s clusters labelled on %(date)s",
                len(clusters),
            )
        else:
            text = ngettext(
                "%(number)s cluster labelled on %(date)s",
                "%(number)s clusters labelled on %(date)s",
                len(clusters),
            )
        return text % {"number": number(len(clusters)), "date": date}
    labelled = sum(bool(cluster.held_label()) for cluster in clusters)
    text = ngettext(
        "%(number)s cluster, of which %(labelled)s labelled today",
        "%(number)s clusters, of which %(labelled)s labelled today",
        len(clusters),
    )
    return text % {"number": number(len(clusters)), "labelled": at_least(number(labelled), is_minimum)}


def _address(path: str, on, region: str, theme: str) -> str:
    chosen = {"on": on.isoformat() if on else "", "region": region, "theme": theme}
    query = urlencode({name: value for name, value in chosen.items() if value})
    return f"{path}?{query}" if query else path


def _file(request, address: str, counts: MemberCounts, clusters: list, title: str, region: str, theme: str):
    """Those that the page shows, in its order: with those that others followed at the end."""
    filters = [
        f"{label} – {value}"
        for label, facet, slug in ((_("Region"), "region", region), (_("Theme"), "theme", theme))
        for value in counts.words(facet, [slug])
    ]
    return table_file(
        request,
        CLUSTER_COLUMNS,
        Words(active_language()),
        lambda: (cluster.pk for cluster in clusters),
        lambda keys: published_clusters(keys, counts.on),
        position_of_cluster,
        Shown(title, address, counts.day, filters),
    )


def _former(cluster, followers: list[str]) -> dict:
    """A cluster that another followed, and what became of it."""
    return {
        "name": cluster.label,
        "url": address_of("members:cluster-detail", cluster.slug),
        "note": _("Followed by %(names)s") % {"names": sentence_list(followers)},
    }


def _pins(clusters) -> list[Pin]:
    places: dict[tuple, int] = {}
    for cluster in clusters:
        place = (cluster.latitude, cluster.longitude)
        places[place] = places.get(place, 0) + 1
    return [Pin(*place, count) for place, count in places.items()]


def _region_options(found, chosen: str, counts: MemberCounts) -> list[dict]:
    return [
        _option(value.slug, value.labels["fr"], sum(c.works_in(value.slug) for c in found), chosen)
        for value in counts.facets["region"].values.values()
        if not value.parent and value.slug not in (NOWHERE, OVERSEAS)
    ]


def _theme_options(found, chosen: str, counts: MemberCounts) -> list[dict]:
    language = active_language()
    return [
        _option(
            value.slug,
            ("\u2003" if value.parent else "") + value.label(language),
            sum(c.works_on(value.slug) for c in found),
            chosen,
        )
        for value in counts.facets["theme"].in_order(language)
    ]


def _option(value, label, count, chosen) -> dict:
    return {
        "value": value,
        "label": label,
        "count": count,
        "selected": value == chosen,
        "disabled": not count and value != chosen,
    }
