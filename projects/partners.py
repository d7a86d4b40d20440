"""Who could join a project: a ranking that anybody can recompute, with its reasons.

Each candidate gets points for the themes that it shares, for the funded projects that it has been part of,
for being near, and for being new to the team. The points are those below, shown on the page; the
question is one plain SQL query over what the portal knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from cluster_portal.facets import Rows
from members.facets import MEMBER_INDEX, MemberReading
from members.models import Organisation, Site, Theme
from projects.figures import FIGURE_INDEX
from projects.models import Participation, Project

SHOWN = 20
POINTS_OF_A_THEME, COUNTED_THEMES = 20, 3
POINTS_OF_A_PROJECT, COUNTED_PROJECTS = 4, 5
POINTS_OF_NEARNESS, NEAR_KM = 15, 300
POINTS_OF_NEW = 5

# Candidates, each with its number of funded projects, come from the indexes of lists and figures, so that a
# candidate is exactly a member that the member list shows. Kilometres are on a sphere. A candidate without a known head
# office has no distance, and no points for it: least() and greatest() pass over NULL, so the one needs its
# CASE and the other gives 0 by itself.
QUERY = f"""
WITH themes AS (
    SELECT organisation_id AS id, count(*) AS themes FROM members_organisation_themes
    WHERE theme_id = ANY(%(themes)s::bigint[]) GROUP BY organisation_id
), together AS (
    SELECT t.organisation_id AS id, count(*) AS together
    FROM projects_participation t JOIN projects_project p ON p.id = t.project_id
    WHERE p.status = 'published' AND t.project_id IN (
        SELECT project_id FROM projects_participation WHERE organisation_id = ANY(%(team)s::bigint[]))
    GROUP BY t.organisation_id
), measured AS (
    SELECT o.id, o.sort_name, coalesce(themes, 0) AS themes, candidate.funded,
           coalesce(together, 0) AS together,
           CASE WHEN s.latitude + %(latitude)s::float8 IS NOT NULL THEN 2 * 6371 * asin(least(1, sqrt(
               sin(radians(s.latitude - %(latitude)s::float8) / 2) ^ 2
               + cos(radians(%(latitude)s::float8)) * cos(radians(s.latitude))
                 * sin(radians(s.longitude - %(longitude)s::float8) / 2) ^ 2))) END AS km
    FROM unnest(%(candidates)s::bigint[], %(funded)s::int[]) AS candidate (id, funded)
    JOIN members_organisation o ON o.id = candidate.id
    LEFT JOIN themes ON themes.id = o.id
    LEFT JOIN together ON together.id = o.id
    LEFT JOIN members_site s ON s.organisation_id = o.id AND s.head_office
)
SELECT id, themes, funded, together, km,
       {POINTS_OF_A_THEME} * least(themes, {COUNTED_THEMES}) + {POINTS_OF_A_PROJECT} * least(funded, {COUNTED_PROJECTS})
       + {POINTS_OF_NEARNESS} * greatest(0, 1 - km / {NEAR_KM})
       + CASE WHEN cardinality(%(team)s::bigint[]) > 0 AND together = 0 THEN {POINTS_OF_NEW} ELSE 0 END AS points
FROM measured
ORDER BY points DESC, sort_name, id
LIMIT %(shown)s
"""


@dataclass(slots=True)
class Search:
    """What a partner is sought for. ``team``: who is there already, and is not suggested."""

    themes: Sequence[Theme] = ()
    region: str = ""
    kind: str = ""
    team: Sequence[int] = ()
    place: tuple[float, float] | None = None  # latitude and longitude of the head office to be near

    @property
    def is_empty(self) -> bool:
        return not (self.themes or self.region or self.kind or self.team)

    @property
    def theme_ids(self) -> list[int]:
        return [theme.pk for theme in self.themes]


@dataclass(slots=True)
class Suggestion:
    organisation_id: int
    theme_count: int
    funded: int
    together: int
    km: float | None
    points: float
    themes: list[int] = field(default_factory=list)


def candidates(search: Search, facets: MemberReading) -> list[int]:
    """The members that the choices leave, without those who are there already."""
    rows = facets.current
    if search.themes:
        rows &= facets.theme.having_any(theme.slug for theme in search.themes)
    for facet, value in (("region", search.region), ("kind", search.kind)):
        if value:
            rows &= facets[facet].having(value)
    return list(rows - Rows(search.team))


def suggestions(search: Search, facets: MemberReading | None = None) -> tuple[list[Suggestion], int]:
    """The best candidates, the best first, and how many there are in all."""
    if search.is_empty:
        return [], 0
    able = candidates(search, facets or MEMBER_INDEX.at())
    experience = FIGURE_INDEX.at().experience
    latitude, longitude = search.place or (None, None)
    values = {
        "candidates": able,
        "themes": search.theme_ids,
        "team": list(search.team),
        "shown": SHOWN,
        "funded": [experience.get(pk) or 0 for pk in able],
        "latitude": latitude,
        "longitude": longitude,
    }
    with connection.cursor() as cursor:
        cursor.execute(QUERY, values)
        found = [Suggestion(*row[:5], float(row[5])) for row in cursor.fetchall()]
    _name_themes(found, search.theme_ids)
    return found, len(able)


def _name_themes(found: list[Suggestion], sought: list[int]) -> None:
    links = Organisation.themes.through.objects.filter(
        organisation__in=[suggestion.organisation_id for suggestion in found], theme__in=sought
    )
    by_organisation: dict[int, list[int]] = {}
    for organisation, theme in links.order_by("pk").values_list("organisation_id", "theme_id"):
        by_organisation.setdefault(organisation, []).append(theme)
    for suggestion in found:
        suggestion.themes = by_organisation.get(suggestion.organisation_id, [])


def with_finer_themes(slugs: Sequence[str]) -> list[Theme]:
    """The themes with these slugs; a domain stands for itself and the themes under it."""
    return [
        theme
        for theme in Theme.objects.select_related("parent").in_order()
        if theme.slug in slugs or (theme.parent and theme.parent.slug in slugs)
    ]


def for_project(project: Project) -> Search:
    """Around the head office of its coordinator, on its themes, among those who are not in it yet.

    A partner that is not published is none here: distances would tell where it is.
    """
    participations = list(
        Participation.objects.public()
        .filter(project=project)
        .order_by("role", "pk")
        .values_list("organisation_id", "role")
    )
    coordinator = next((pk for pk, role in participations if role == "coordinator"), None)
    return Search(
        themes=with_finer_themes([theme.slug for theme in project.themes.all()]),
        team=[pk for pk, _role in participations],
        place=head_office(coordinator),
    )


def for_organisation(organisation: Organisation) -> Search:
    return Search(
        themes=with_finer_themes([theme.slug for theme in organisation.themes.all()]),
        team=[organisation.pk],
        place=head_office(organisation.pk),
    )


def head_office(organisation: int | None) -> tuple[float, float] | None:
    found = Site.objects.filter(organisation=organisation, head_office=True, latitude__isnull=False)
    place = found.values_list("latitude", "longitude").first()
    return (float(place[0]), float(place[1])) if place else None
