"""What pairs of clusters have in common, counted from the index of the lists."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations

from cluster_portal.facets import Rows
from cluster_portal.pages.addresses import address_of
from projects.figures import Figure, KeyFigures


@dataclass(frozen=True, slots=True)
class Pair:
    slugs: tuple[str, str]
    names: tuple[str, str]
    members: Figure
    projects: Figure


class SharedFigures:
    """Members and projects that two clusters have in common on a day."""

    def __init__(self, on: date | None = None, like: KeyFigures | None = None) -> None:
        self.network = KeyFigures(on=on, like=like)
        self.on, self.day = on, self.network.day

    @cached_property
    def slugs(self) -> list[str]:
        return list(self.network.member_facets.cluster.values)

    def name(self, slug: str) -> str:
        return self.network.label("cluster", slug)

    @cached_property
    def _members(self) -> dict[str, Rows]:
        cluster, members = self.network.member_facets.cluster, self.network.member_rows
        return {slug: cluster.having(slug) & members for slug in self.slugs}

    @cached_property
    def _projects(self) -> dict[str, Rows]:
        cluster, projects = self.network.project_facets.cluster, self.network.project_rows
        return {slug: cluster.having(slug) & projects for slug in self.slugs}

    def pair(self, one: str, other: str) -> Pair:
        day = f"&on={self.on.isoformat()}" if self.on else ""
        query = f"?shared={other}{day}"
        members, projects = self._members, self._projects
        return Pair(
            (one, other),
            (self.name(one), self.name(other)),
            Figure(members[one].shared_with(members[other]), address_of("members:cluster-members", one) + query),
            Figure(projects[one].shared_with(projects[other]), address_of("projects:cluster-projects", one) + query),
        )

    def pairs(self) -> list[Pair]:
        """Every pair that has something in common."""
        members, projects = self._members, self._projects
        return [
            self.pair(one, other)
            for one, other in combinations(self.slugs, 2)
            if members[one] & members[other] or projects[one] & projects[other]
        ]
