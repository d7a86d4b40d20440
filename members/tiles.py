"""A cluster in a grid: its bunch of members, what it works on, where, and its label."""

from datetime import date
from types import SimpleNamespace

from django.utils import timezone
from django.utils.translation import gettext as _

from cluster_portal.typography import date_in_words
from members.counts import MemberCounts

PER_MARK = (
    10  # members for one mark of a bunch, the same in every tile so that sizes compare
)


def label_state(cluster, on: date | None = None) -> dict | None:
    """What a visitor should know of the State label on that day, in words; reads prefetched periods."""
    on = on or timezone.localdate()
    periods = list(cluster.label_periods.all())
    for period in periods:
        if period.start <= on and (period.end is None or on <= period.end):
            phase = _("Labelled, phase %(phase)s") % {
                "phase": period.get_phase_display()
            }
            if period.probationary:
                return {
                    "text": _("%(label)s, probationary") % {"label": phase},
                    "tone": "warn",
                    "icon": "warning",
                }
            return {"text": phase, "tone": "", "icon": "check"}
    past = [period.end for period in periods if period.end and period.end < on]
    if past:
        return {
            "text": _("Label until %(date)s") % {"date": date_in_words(max(past))},
            "tone": "off",
            "icon": "",
        }
    return (
        {"text": _("No label on that day"), "tone": "off", "icon": ""}
        if periods
        else None
    )


def tile(
    cluster, counts: MemberCounts, on: date | None = None, themes: bool = True
) -> SimpleNamespace:
    rows = counts.having("cluster", cluster.slug)
    return SimpleNamespace(
        pk=cluster.pk,
        slug=cluster.slug,
        name=str(cluster),
        url=cluster.get_absolute_url(),
        grappe=counts.grappe(rows, PER_MARK),
        town=cluster.city,
        state=label_state(cluster, on),
        member_count=rows.bit_count(),
        regions=", ".join(link.region.name for link in cluster.cluster_regions.all()),
        themes=", ".join(str(theme.name) for theme in cluster.themes.all())
        if themes
        else "",
    )
