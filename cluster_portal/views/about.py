"""“What is a cluster?”: the portal explains itself; the texts are staff’s."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cluster_portal.models import Page
from cluster_portal.views.overview import focus, network_counts
from cluster_portal.writing import rich_text
from members.counts import MemberCounts
from members.label_phases import PHASES
from members.tiles import PER_MARK, tile

ABOUT = "what-is-a-cluster"


@require_safe
def about(request):
    """The portal explains itself; the texts are staff's."""
    page = get_object_or_404(Page, key=ABOUT)
    body = rich_text.render(page.body)
    counts = MemberCounts()
    today = timezone.localdate()
    return render(
        request,
        "about.html",
        {
            "title": str(page.title),
            "page": page,
            "body": body,
            "toc": rich_text.contents(body),
            "description": str(page.standfirst)[:300],
            "phases": [
                {
                    "label": _("Phase %(phase)s") % {"phase": phase.roman},
                    "years": phase.years,
                    "now": phase.covers(today),
                    "count": sum(
                        any(label.phase == phase.number for label in cluster.labels)
                        for cluster in counts.clusters.values()
                    )
                    or None,
                }
                for phase in PHASES
            ],
            "counts": network_counts(counts),
            "focus": focus(counts),
            "example": _example(counts),
        },
    )


def _example(counts: MemberCounts) -> dict | None:
    """One cluster drawn as its members: the labelled one nearest to the median size."""
    sized = sorted((len(counts.having("cluster", c.slug)), c.slug) for c in counts.labelled())
    if not sized or not sized[len(sized) // 2][0]:
        return None
    number, slug = sized[len(sized) // 2]
    example = tile(counts.clusters[slug], counts)
    return {
        "name": example.name,
        "url": example.url,
        "member_count": number,
        "per_mark": PER_MARK,
        "grappe": counts.grappe(counts.having("cluster", slug), PER_MARK, size=200),
    }
