from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cluster_portal.drawing.atlas import Pin, pin_map
from cluster_portal.exchange.answers import file_asked, file_links
from cluster_portal.listing.files import list_file
from cluster_portal.pages.addresses import address_of
from cluster_portal.pages.this_page import PERMUTATION
from cluster_portal.writing.translated import active_language
from cluster_portal.writing.typography import sentence_list
from members import open_pages
from members.chosen_clusters import ChosenClusters
from members.querysets import NOWHERE, OVERSEAS
from members.tiles import PER_MARK, tile
from members.whole_lists import whole_clusters


@require_safe
def cluster_list(request):
    chosen = ChosenClusters.read(request.GET, request.path)
    if file_asked(request):
        return list_file(request, whole_clusters(chosen))
    counts, on, current = chosen.counts, chosen.on, chosen.current
    places = [cluster for cluster in current if cluster.latitude is not None]
    return render(
        request,
        "members/cluster_list.html",
        {
            "title": _("Clusters"),
            "heading": chosen.heading,
            "label_count": counts.label_count if on and not chosen.is_to_come else None,
            "is_to_come": chosen.is_to_come,
            "today": timezone.localdate(),
            "notice": _("The date was not understood: it reads like 2021-12-31.") if chosen.asked.misread else "",
            "on": on,
            "clear_url": reverse("members:cluster-list") if chosen.is_narrowed else "",
            "clusters": [tile(cluster, counts) for cluster in current],
            "former": [_former(cluster, chosen.followed[cluster.slug]) for cluster in chosen.former],
            "region_options": _region_options(chosen),
            "theme_options": _theme_options(chosen),
            "atlas": pin_map(_pins(places), label=_("Map of the head offices")),
            "unlocated_count": len(current) - len(places),
            "grappe_per_mark": PER_MARK,
            "files": file_links(chosen.address),
            "others": open_pages.CLUSTER_LIST.parts(request, chosen),
            **({"robots": PERMUTATION} if chosen.is_narrowed else {}),
        },
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


def _region_options(chosen: ChosenClusters) -> list[dict]:
    found = [cluster for cluster in chosen.going_on if not chosen.theme or cluster.works_on(chosen.theme)]
    return [
        _option(value.slug, value.labels["fr"], sum(c.works_in(value.slug) for c in found), chosen.region)
        for value in chosen.counts.facets["region"].values.values()
        if not value.parent and value.slug not in (NOWHERE, OVERSEAS)
    ]


def _theme_options(chosen: ChosenClusters) -> list[dict]:
    language = active_language()
    found = [cluster for cluster in chosen.going_on if not chosen.region or cluster.works_in(chosen.region)]
    return [
        _option(
            value.slug,
            ("\u2003" if value.parent else "") + value.label(language),
            sum(c.works_on(value.slug) for c in found),
            chosen.theme,
        )
        for value in chosen.counts.facets["theme"].in_order(language)
    ]


def _option(value, label, count, chosen) -> dict:
    return {
        "value": value,
        "label": label,
        "count": count,
        "selected": value == chosen,
        "disabled": not count and value != chosen,
    }
