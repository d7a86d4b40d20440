"""What the home page and “What is a cluster?” both show of the network: its figures, and a sector in focus."""

from django.urls import reverse

from members.counts import MemberCounts
from members.models import Theme
from members.tiles import tile
from projects.figures import network_figures


def network_counts(counts: MemberCounts) -> dict:
    """The figures of the home page, each with the list that it counts."""
    labelled = network_figures(counts.on).milestones["labelled"]
    return {
        **counts.by_kind(counts.everyone),
        "clusters": counts.label_count.number,
        "clusters_are_minimum": counts.label_count.is_minimum,
        "clusters_on": counts.day,
        "clusters_url": f"{reverse('members:cluster-list')}?on={counts.day.isoformat()}",
        "projects": labelled.value,
        "projects_url": labelled.url,
    }


def focus(counts: MemberCounts) -> dict | None:
    """A sector that staff put in focus, with the labelled clusters that work on it. One cluster alone is
    no sector; among several sectors the day chooses."""
    labelled = counts.labelled()
    sectors = [
        (theme, clusters)
        for theme in Theme.objects.filter(focus=True).in_order()
        if len(clusters := [cluster for cluster in labelled if cluster.works_on(theme.slug)]) > 1
    ]
    if not sectors:
        return None
    theme, clusters = sectors[counts.day.toordinal() % len(sectors)]
    return {
        "theme": str(theme.name),
        "text": str(theme.description),
        "url": theme.get_absolute_url(),
        "clusters": [tile(cluster, counts, themes=False) for cluster in clusters],
    }
