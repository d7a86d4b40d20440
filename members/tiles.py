"""A cluster in a grid: its bunch of members, what it works on, where, and its label; and a theme in one line."""

from types import SimpleNamespace

from django.utils.translation import gettext as _

from cluster_portal.pages.addresses import address_of
from cluster_portal.writing.typography import date_in_words
from members.cluster_facts import ClusterFacts
from members.counts import MemberCounts

PER_MARK = 20  # members for one mark of a bunch, the same in every tile so that sizes compare


def label_state(cluster: ClusterFacts, day) -> dict | None:
    """What a visitor should know of the State label on that day, in words."""
    held = cluster.held_label(day)
    if held and held.probationary:
        text = _("Labelled, phase %(phase)s, probationary") % {"phase": held.roman}
        return {"text": text, "tone": "warn", "icon": "warning"}
    if held:
        return {"text": _("Labelled, phase %(phase)s") % {"phase": held.roman}, "tone": "", "icon": "check"}
    past = [label.end for label in cluster.labels if label.end and label.end < day]
    if past:
        return {"text": _("Label until %(date)s") % {"date": date_in_words(max(past))}, "tone": "off", "icon": ""}
    return {"text": _("No label recorded on that day"), "tone": "off", "icon": ""} if cluster.labels else None


def tile(cluster: ClusterFacts, counts: MemberCounts, themes: bool = True) -> SimpleNamespace:
    rows = counts.having("cluster", cluster.slug)
    return SimpleNamespace(
        slug=cluster.slug,
        name=cluster.label,
        url=address_of("members:cluster-detail", cluster.slug),
        grappe=counts.grappe(rows, PER_MARK),
        town=cluster.city,
        state=label_state(cluster, counts.day),
        member_count=len(rows),
        regions=", ".join(counts.words("region", cluster.regions)),
        themes=", ".join(counts.words("theme", cluster.themes)) if themes else "",
    )


def theme_line(theme, counts: MemberCounts, children=()) -> SimpleNamespace:
    """A theme with the number of its members, and the themes under it."""
    return SimpleNamespace(
        label=str(theme.name),
        lang=theme.name.lang,
        url=theme.get_absolute_url(),
        children=children,
        count=len(counts.having("theme", theme.slug)),
    )
