"""“What is a cluster?”: the portal explains itself; the texts are staff’s."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cluster_portal.models import Page
from cluster_portal.views.overview import focus, network_counts
from cluster_portal.writing import rich_text
from members.counts import MemberCounts
from members.label_counts import label_count
from members.label_phases import PHASES, Phase
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
                    **_clusters_of(phase, counts),
                }
                for phase in PHASES
            ],
            "counts": network_counts(counts),
            "focus": focus(counts),
            "example": _example(counts),
        },
    )


def _clusters_of(phase: Phase, counts: MemberCounts) -> dict:
    """How many held the label at some time of a phase: at least these, unless its first day is known in full."""
    labels = [label for cluster in counts.clusters.values() for label in cluster.labels if label.phase == phase.number]
    if not labels:
        return {"count": None}
    first = min(label.start for label in labels)
    at_first = label_count(first, sum(label.covers(first) for label in labels))
    number = sum(any(label.phase == phase.number for label in cluster.labels) for cluster in counts.clusters.values())
    return {"count": number, "is_minimum": at_first.is_minimum, "declared": at_first.declared}


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
