"""Two to four clusters side by side."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from cluster_portal.pages.asked import at_most, read_slugs
from cluster_portal.pages.this_page import PERMUTATION
from cluster_portal.writing.typography import euros, euros_for_one, number
from members.composition import kinds_bar
from members.facets import MEMBER_INDEX
from members.models import Cluster
from projects.figures import Figure, KeyFigures, Scope
from projects.shared import SharedFigures
from projects.views.asked import day_of_figures

FEWEST, MOST = 2, 4


@require_safe
def compare(request):
    """Two to four clusters; with any other choice the page says what to do instead."""
    asked = at_most(read_slugs(request.GET, "cluster"))
    on, notice = day_of_figures(request.GET)
    values = MEMBER_INDEX.at(on)["cluster"].values
    known = {
        cluster.slug: cluster
        for cluster in Cluster.objects.published()
        .filter(slug__in=asked[: MOST + 1])
        .prefetch_related("themes", "cluster_regions__region", "label_periods")
    }
    chosen = [known[slug] for slug in asked if slug in known]
    unknown = [slug for slug in asked if slug not in values]
    advice = _advice(len(unknown), len(asked) - len(unknown)) if asked else ""
    context = {
        "title": _("Compare clusters"),
        "clusters": [],
        "heading": _("Compare clusters"),
        "advice": advice,
        "notice": notice,
        "on": on,
        "day": on or timezone.localdate(),
        "choices": [
            {"slug": slug, "name": value.label("fr"), "selected": slug in asked} for slug, value in values.items()
        ],
        "crumbs": [{"label": _("Clusters"), "url": reverse("members:cluster-list")}],
        **({"robots": PERMUTATION} if request.GET else {}),
    }
    if FEWEST <= len(chosen) <= MOST and len(asked) - len(unknown) <= MOST:
        names = ", ".join(str(cluster) for cluster in chosen)
        context |= {"title": _("Compare: %(names)s") % {"names": names}, **_side_by_side(chosen, on)}
    return render(request, "projects/compare.html", context)


def _advice(unknown: int, known: int) -> str:
    if unknown and FEWEST <= known <= MOST:
        return ngettext(
            "One of the clusters asked for is not known; the others are compared.",
            "%(number)s of the clusters asked for are not known; the others are compared.",
            unknown,
        ) % {"number": number(unknown)}
    if unknown:
        return _("Some of the clusters asked for are not known: choose two to four of those below.")
    if known < FEWEST:
        return _("One cluster alone cannot be compared: choose one to three more below.")
    if known > MOST:
        return _("More than four clusters side by side cannot be read: keep two to four of those below.")
    return ""


def _side_by_side(clusters: list[Cluster], on) -> dict:
    columns: list[KeyFigures] = []
    for cluster in clusters:
        columns.append(KeyFigures(Scope("cluster", cluster.slug), on, like=columns[0] if columns else None))
    shared = SharedFigures(on, like=columns[0])
    return {
        "clusters": clusters,
        "bars": [kinds_bar({kind: figure.value for kind, figure in f.kinds.items()}) for f in columns],
        "places": [_links(c.cluster_regions.all(), "region") for c in clusters],
        "fields": [_links(c.themes.all()) for c in clusters],
        "labels": [_label(c, columns[0].day) for c in clusters],
        "groups": [
            {"label": _("Members"), "rows": _member_rows(columns)},
            {"label": _("Projects"), "rows": _project_rows(columns)},
            {"label": _("Money"), "rows": _money_rows(columns)},
        ],
        "pairs": [
            shared.pair(one.slug, other.slug) for index, one in enumerate(clusters) for other in clusters[index + 1 :]
        ],
    }


def _links(rows, attribute: str = "") -> list[tuple[str, str]]:
    places = [getattr(row, attribute) if attribute else row for row in rows]
    return [(str(place), place.get_absolute_url()) for place in places]


def _label(cluster: Cluster, day) -> str:
    for period in cluster.label_periods.all():
        if period.start <= day and (period.end is None or day <= period.end):
            return _("Phase %(number)s") % {"number": period.get_phase_display()}
    return _("no label on that day")


def _row(label: str, figures: list[Figure], css: str = "") -> dict:
    most = max(figure.value for figure in figures)
    return {
        "label": label,
        "css": css,
        "cells": [
            {"text": number(f.value), "url": f.url, "share": 100 * f.value / most if most else 0} for f in figures
        ],
    }


def _member_rows(columns: list[KeyFigures]) -> list[dict]:
    first = columns[0]
    rows = [_row(_("All members"), [figures.members for figures in columns], "is-total")]
    rows.append(_row(first.label("kind", "company"), [f.kinds["company"] for f in columns]))
    rows += [_row(first.label("size", size), [f.sizes[size] for f in columns], "is-sub") for size in first.sizes]
    rows.append(_row(first.label("kind", "laboratory"), [f.kinds["laboratory"] for f in columns]))
    rows.append(_row(first.label("kind", "institution"), [f.kinds["institution"] for f in columns]))
    higher = [f.institution_types["higher_education"] for f in columns]
    return [*rows, _row(first.label("type", "higher_education"), higher, "is-sub")]


def _project_rows(columns: list[KeyFigures]) -> list[dict]:
    return [
        _row(pgettext("projects", "Labelled"), [f.milestones["labelled"] for f in columns]),
        _row(pgettext("projects", "Funded"), [f.milestones["funded"] for f in columns]),
        _row(pgettext("projects", "Running"), [f.states["running"] for f in columns]),
        _row(pgettext("projects", "Finished"), [f.states["finished"] for f in columns]),
    ]


def _money_rows(columns: list[KeyFigures]) -> list[dict]:
    sums = [figures.money for figures in columns]
    urls = [figures.milestones["funded"].url for figures in columns]

    def row(label, texts):
        cells = [
            {"text": text or "–", "url": url if text else "", "share": None}
            for text, url in zip(texts, urls, strict=True)
        ]
        return {"label": label, "css": "", "cells": cells}

    return [
        row(_("Invested in funded projects"), [euros(money.total) for money in sums]),
        row(_("Public funding"), [euros(money.public) for money in sums]),
        row(_("Private investment"), [euros(money.private) for money in sums]),
        row(_("Private euros for one public euro"), [euros_for_one(money.leverage) for money in sums]),
    ]
