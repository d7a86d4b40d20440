"""What clusters share: the members and the projects of each pair."""

from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cluster_portal.exchange.csv_file import csv_response
from cluster_portal.pages.this_page import PERMUTATION
from cluster_portal.writing.typography import number
from projects.shared import Pair, SharedFigures
from projects.views.asked import day_of_figures

TOP_PAIRS = 20


@require_safe
def shared(request):
    on, notice = day_of_figures(request.GET)
    figures = SharedFigures(on)
    what = "projects" if request.GET.get("of") == "projects" else "members"
    pairs = figures.pairs()
    if request.GET.get("format") == "csv":
        return _shared_file(figures, pairs)
    found = [pair for pair in pairs if getattr(pair, what).value]
    found.sort(key=lambda pair: (-getattr(pair, what).value, pair.names))
    return render(
        request,
        "projects/shared.html",
        {
            "title": _("Members and projects that clusters share"),
            "notice": notice,
            "day": figures.day,
            "what": what,
            "matrix": matrix_html(figures, found, what),
            "top": found[:TOP_PAIRS],
            "switch": [
                {"label": _("Members"), "url": _address(request, on), "current": what == "members"},
                {"label": _("Projects"), "url": _address(request, on, of="projects"), "current": what == "projects"},
            ],
            "file_url": _address(request, on, format="csv"),
            "crumbs": [{"label": _("Clusters"), "url": reverse("members:cluster-list")}],
            **({"robots": PERMUTATION} if request.GET else {}),
        },
    )


def _address(request: HttpRequest, on, **chosen: str) -> str:
    if on:
        chosen["on"] = on.isoformat()
    query = "&".join(f"{name}={value}" for name, value in sorted(chosen.items()))
    return f"{request.path}?{query}" if query else request.path


def _shared_file(figures: SharedFigures, pairs: list[Pair]):
    lines = [[_("Cluster"), _("Other cluster"), _("Common members"), _("Common projects"), _("Date")]]
    lines += [[*pair.names, pair.members.value, pair.projects.value, figures.day] for pair in pairs]
    return csv_response(f"shared-{figures.day}", lines)


def matrix_html(figures: SharedFigures, pairs: list[Pair], what: str) -> SafeString:
    """The lower half of a matrix of clusters; half says all, and a full one would be twice the page.

    A loop over strings: the template engine would need a tenth of a second for its cells.
    """
    cells = {frozenset(pair.slugs): getattr(pair, what) for pair in pairs}
    slugs = [slug for slug in figures.slugs if any(slug in pair.slugs for pair in pairs)]
    if not slugs:
        return mark_safe("")
    steps = _steps([figure.value for figure in cells.values()])
    rows = []
    for index, slug in enumerate(slugs[1:], start=1):
        row = []
        for other in slugs[:index]:
            figure = cells.get(frozenset((slug, other)))
            if figure is None:
                row.append("<td></td>")
            else:
                heat = sum(figure.value >= step for step in steps)
                row.append(f'<td class="step-{heat}"><a href="{escape(figure.url)}">{number(figure.value)}</a></td>')
        rows.append(f'<tr><th scope="row">{escape(figures.name(slug))}</th>{"".join(row)}</tr>')
    heads = "".join(f'<th scope="col"><span>{escape(figures.name(slug))}</span></th>' for slug in slugs[:-1])
    return mark_safe(f"<thead><tr><td></td>{heads}</tr></thead><tbody>{''.join(rows)}</tbody>")


def _steps(values: list[int]) -> list[int]:
    """From which value on each of five classes begins; as many pairs in one as in another."""
    ordered = sorted(values)
    return [ordered[len(ordered) * fifth // 5] for fifth in range(5)]
