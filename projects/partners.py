"""Who could join a project: a ranking that anybody can recompute, with its reasons.

Each candidate gets points for the themes that it shares, for the funded projects that it has been part of,
for being near, and for being new to the team. The points are those below, shown on the page.

All but nearness are whole numbers of points for sets of rows that the index holds, so that thousands of candidates are a
few dozen groups. Only those whose points, with all that nearness may add, reach the page are asked for their distance.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from cluster_portal.facets import NO_ROWS, Rows, by_overlap
from cluster_portal.records.compiled import compiled
from cluster_portal.writing.translated import active_language
from members.cards import themes_of
from members.facets import MEMBER_INDEX, MemberReading
from members.models import Organisation, Site
from projects.figures import COUNTED_PROJECTS, FIGURE_INDEX
from projects.models import Participation, Project

SHOWN = 20
POINTS_OF_A_THEME, COUNTED_THEMES = 20, 3
POINTS_OF_A_PROJECT = 4  # as many as COUNTED_PROJECTS
POINTS_OF_NEARNESS, NEAR_KM = 15, 300
POINTS_OF_NEW = 5

Points = dict[int, Rows]  # those that have so many

# Kilometres are on a sphere. A candidate without a known head office has no distance, and no points for it: least() and
# greatest() pass over NULL, so the one needs its CASE and the other gives 0 by itself.
NEAREST = f"""
WITH measured AS (
    SELECT o.id, o.sort_name, candidate.points,
           CASE WHEN s.latitude IS NOT NULL THEN 2 * 6371 * asin(least(1, sqrt(
               sin(radians(s.latitude - %(latitude)s::float8) / 2) ^ 2
               + cos(radians(%(latitude)s::float8)) * cos(radians(s.latitude))
                 * sin(radians(s.longitude - %(longitude)s::float8) / 2) ^ 2))) END AS km
    FROM unnest(%(candidates)s::bigint[], %(points)s::int[]) AS candidate (id, points)
    JOIN members_organisation o ON o.id = candidate.id
    LEFT JOIN members_site s ON s.organisation_id = o.id AND s.head_office
)
SELECT id, km, points + {POINTS_OF_NEARNESS} * greatest(0, 1 - km / {NEAR_KM}) AS points
FROM measured
ORDER BY points DESC, sort_name, id
LIMIT {SHOWN}
"""


@compiled
def participants(project: int):
    rows = Participation.objects.public().filter(project=project).order_by("role", "pk")
    return rows.values_list("organisation_id", "role")


@compiled
def together_with(team: list[int]):
    return Participation.objects.together_with(team)


@compiled
def themes_of_project(project: int):
    return Project.themes.through.objects.filter(project=project).values_list("theme__slug", flat=True)


@compiled
def head_offices(organisation: int):
    known = Site.objects.filter(organisation=organisation, head_office=True, latitude__isnull=False)
    return known.values_list("latitude", "longitude")


@dataclass(slots=True)
class Search:
    """What a partner is sought for. ``team``: who is there already, and is not suggested."""

    themes: Sequence[str] = ()  # slugs
    region: str = ""
    kind: str = ""
    team: Sequence[int] = ()
    place: tuple[float, float] | None = None  # latitude and longitude of the head office to be near

    @property
    def is_empty(self) -> bool:
        return not (self.themes or self.region or self.kind or self.team)


@dataclass(slots=True)
class Suggestion:
    organisation_id: int
    points: float
    km: float | None = None
    themes: list[str] = field(default_factory=list)  # slugs
    funded: int = 0
    together: int = 0


def candidates(search: Search, facets: MemberReading) -> Rows:
    """The members that the choices leave, without those who are there already."""
    rows = facets.current
    if search.themes:
        rows &= facets.theme.having_any(search.themes)
    for facet, value in (("region", search.region), ("kind", search.kind)):
        if value:
            rows &= facets[facet].having(value)
    return rows - Rows(search.team)


def suggestions(search: Search, facets: MemberReading | None = None) -> tuple[list[Suggestion], int]:
    """The best candidates, the best first, and how many there are in all."""
    if search.is_empty:
        return [], 0
    facets = facets or MEMBER_INDEX.at()
    figures = FIGURE_INDEX.at()
    able = candidates(search, facets)
    together = dict(together_with(search.team)) if search.team else {}
    points: Points = {0: able}
    sought = [facets.theme.given.get(slug, NO_ROWS) for slug in search.themes]
    points = with_points(
        points, ((POINTS_OF_A_THEME * min(n, COUNTED_THEMES), rows) for n, rows in by_overlap(sought, able))
    )
    points = with_points(
        points, ((POINTS_OF_A_PROJECT * n, figures.experienced[n]) for n in range(COUNTED_PROJECTS, 0, -1))
    )
    if search.team:
        points = with_points(points, [(POINTS_OF_NEW, able - Rows(together))])
    found = _nearest(points, search.place) if search.place else _in_order_of_names(points, facets)
    themes: dict[int, list[str]] = {}
    for organisation, slug in themes_of([suggestion.organisation_id for suggestion in found]):
        if slug in search.themes:
            themes.setdefault(organisation, []).append(slug)
    for suggestion in found:
        key = suggestion.organisation_id
        suggestion.themes, suggestion.together = themes.get(key, []), together.get(key, 0)
        suggestion.funded = figures.experience.get(key) or 0
    return found, len(able)


def with_points(points: Points, more: Iterable[tuple[int, Rows]]) -> Points:
    """Each set of rows gets its points on top; no row is in two of them."""
    more = list(more)
    found: Points = {}
    for known, rows in points.items():
        for added, having in more:
            if some := rows & having:
                found[known + added] = found.get(known + added, NO_ROWS) | some
                rows -= some
        if rows:
            found[known] = found.get(known, NO_ROWS) | rows
    return found


def _best(points: Points, reach: int) -> Points:
    """Those that the first ones may be among, when each may still get up to so many points more."""
    best: Points = {}
    known = least = 0
    for number in sorted(points, reverse=True):
        if known >= SHOWN and number + reach < least:
            break
        if known < SHOWN:
            least = number
        known += len(points[number])
        best[number] = points[number]
    return best


def _in_order_of_names(points: Points, facets: MemberReading) -> list[Suggestion]:
    found = [
        Suggestion(key, number)
        for number, rows in _best(points, 0).items()
        for key in rows.in_order(facets.order("name"))
    ]
    return found[:SHOWN]


def _nearest(points: Points, place: tuple[float, float]) -> list[Suggestion]:
    best = [(key, number) for number, rows in _best(points, POINTS_OF_NEARNESS).items() for key in rows]
    values = {
        "candidates": [key for key, _number in best],
        "points": [number for _key, number in best],
        "latitude": place[0],
        "longitude": place[1],
    }
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, values)
        return [Suggestion(key, float(points), km) for key, km, points in cursor.fetchall()]


def with_finer_themes(slugs: Iterable[str], facets: MemberReading) -> list[str]:
    """These themes; a domain stands for itself and the themes under it."""
    known = set(slugs)
    return [theme.slug for theme in facets.theme.values.values() if theme.slug in known or theme.parent in known]


def for_project(project: Project, facets: MemberReading) -> Search:
    """Around the head office of its coordinator, on its themes, among those who are not in it yet.

    A partner that is not published is none here: distances would tell where it is.
    """
    team = participants(project.pk)
    coordinator = next((pk for pk, role in team if role == "coordinator"), None)
    return Search(
        themes=with_finer_themes(themes_of_project(project.pk), facets),
        team=[pk for pk, _role in team],
        place=head_office(coordinator),
    )


def for_organisation(organisation: Organisation, facets: MemberReading) -> Search:
    return Search(
        themes=with_finer_themes(facets.theme.given_to(organisation.pk, active_language()), facets),
        team=[organisation.pk],
        place=head_office(organisation.pk),
    )


def head_office(organisation: int | None) -> tuple[float, float] | None:
    place = head_offices.first(organisation) if organisation else None
    return (float(place[0]), float(place[1])) if place else None
