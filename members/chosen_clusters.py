"""Which clusters an address asks for: of a region, on a theme, with the label on a day."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cluster_portal.pages.asked import AskedDay, read_day, read_slug
from cluster_portal.writing.typography import at_least, date_in_words, number
from members.cluster_facts import ClusterFacts
from members.counts import MemberCounts


@dataclass(frozen=True)
class ChosenClusters:
    """Every published cluster; those that held the label on a day when one is asked."""

    path: str
    region: str
    theme: str
    asked: AskedDay
    counts: MemberCounts

    @classmethod
    def read(cls, params: QueryDict, path: str) -> "ChosenClusters":
        asked = read_day(params, first=date.min, last=date.max)
        return cls(path, read_slug(params, "region"), read_slug(params, "theme"), asked, MemberCounts(asked.day))

    @property
    def on(self) -> date | None:
        """Today too: “labelled today” is not the list of all clusters."""
        return self.asked.day

    @property
    def is_to_come(self) -> bool:
        """Until such a day labels may be given, prolonged or taken back: nothing is known of it."""
        return self.on is not None and self.on > timezone.localdate()

    @cached_property
    def found(self) -> list[ClusterFacts]:
        """Wherever they are, whatever they work on."""
        if self.is_to_come:
            return []
        return [cluster for cluster in self.counts.clusters.values() if not self.on or cluster.held_label(self.on)]

    @cached_property
    def chosen(self) -> list[ClusterFacts]:
        return [
            cluster
            for cluster in self.found
            if (not self.region or cluster.works_in(self.region)) and (not self.theme or cluster.works_on(self.theme))
        ]

    @cached_property
    def followed(self) -> dict[str, list[str]]:
        """By slug, the names of what each became."""
        return {} if self.on else {cluster.slug: cluster.followed_by(self.counts.day) for cluster in self.found}

    @cached_property
    def going_on(self) -> list[ClusterFacts]:
        """What a choice gives is counted among them: former ones stand apart below the list, and not in its heading."""
        return [cluster for cluster in self.found if not self.followed.get(cluster.slug)]

    @cached_property
    def current(self) -> list[ClusterFacts]:
        return [cluster for cluster in self.chosen if not self.followed.get(cluster.slug)]

    @cached_property
    def former(self) -> list[ClusterFacts]:
        return [cluster for cluster in self.chosen if self.followed.get(cluster.slug)]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.on or self.region or self.theme)

    @property
    def filters(self) -> list[str]:
        """In words."""
        return [
            f"{label} – {value}"
            for label, facet, slug in ((_("Region"), "region", self.region), (_("Theme"), "theme", self.theme))
            for value in self.counts.words(facet, [slug])
        ]

    @property
    def address(self) -> str:
        chosen = {"on": self.on.isoformat() if self.on else "", "region": self.region, "theme": self.theme}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"{self.path}?{query}" if query else self.path

    @cached_property
    def heading(self) -> str:
        clusters = self.current
        if self.on:
            return self._heading_of_a_day(self.on, len(clusters))
        if not clusters:
            return _("No cluster")
        labelled = sum(bool(cluster.held_label()) for cluster in clusters)
        text = ngettext(
            "%(number)s cluster, of which %(labelled)s labelled today",
            "%(number)s clusters, of which %(labelled)s labelled today",
            len(clusters),
        )
        is_minimum = self.counts.label_count.is_minimum
        return text % {"number": number(len(clusters)), "labelled": at_least(number(labelled), is_minimum)}

    def _heading_of_a_day(self, on: date, labelled: int) -> str:
        shown = {"number": number(labelled), "date": date_in_words(on)}
        if self.is_to_come:
            return _("Labels on %(date)s: not known yet") % shown
        is_minimum = self.counts.label_count.is_minimum
        if not labelled:
            none = _("No cluster is known to have held the label on %(date)s")
            return (none if is_minimum else _("No cluster labelled on %(date)s")) % shown
        if is_minimum:
            text = ngettext(
                "At least %(number)s cluster labelled on %(date)s",
                "At least %(number)s clusters labelled on %(date)s",
                labelled,
            )
        else:
            text = ngettext(
                "%(number)s cluster labelled on %(date)s",
                "%(number)s clusters labelled on %(date)s",
                labelled,
            )
        return text % shown
