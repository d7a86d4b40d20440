"""Who could join a project: a ranking that anybody can recompute, with its reasons.

Each candidate gets points for the themes that it shares, for the funded projects that it has been part of,
for being near, and for being new to the team. The points are those below, shown on the page; the
question is one plain SQL query over what the portal knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.utils import timezone

from members.models import Organisation, Site, Theme
from projects.models import Participation, Project

SHOWN = 20
POINTS_OF_A_THEME, COUNTED_THEMES = 20, 3
POINTS_OF_A_PROJECT, COUNTED_PROJECTS = 4, 5
POINTS_OF_NEARNESS, NEAR_KM = 15, 300
POINTS_OF_NEW = 5

# Kilometres on a sphere. A candidate without a known head office has no distance, and no points for it:
# least() and greatest() pass over NULL, so the one needs its CASE and the other gives 0 by itself.
QUERY = """
WITH candidate AS (
    SELECT o.id, o.sort_name,
           (SELECT count(*) FROM members_organisation_themes l
            WHERE l.organisation_id = o.id AND l.theme_id = ANY(%(themes)s::bigint[])) AS themes
    FROM members_organisation o
    WHERE o.status = 'published' AND o.id <> ALL(%(team)s::bigint[])
      AND (o.closed_on IS NULL OR o.closed_on > %(today)s::date)
      AND (%(kind)s::text = '' OR o.kind = %(kind)s)
      AND (cardinality(%(themes)s::bigint[]) = 0 OR o.id IN (
          SELECT l.organisation_id FROM members_organisation_themes l WHERE l.theme_id = ANY(%(themes)s::bigint[])))
      AND (%(region)s::text = '' OR o.national OR o.id IN (
          SELECT s.organisation_id FROM members_site s JOIN members_department d ON d.id = s.department_id
          JOIN members_region r ON r.id = d.region_id WHERE r.slug = %(region)s))
      AND o.id IN (
          SELECT m.organisation_id FROM members_membership m JOIN members_cluster c ON c.id = m.cluster_id
          WHERE c.status = 'published' AND (m.joined_on IS NULL OR m.joined_on <= %(today)s::date)
            AND (m.left_on IS NULL OR m.left_on > %(today)s::date))
), experience AS (
    SELECT t.organisation_id AS id, count(*) AS funded
    FROM projects_participation t JOIN projects_project p ON p.id = t.project_id
    WHERE p.status = 'published' AND t.organisation_id IN (SELECT id FROM candidate) AND EXISTS (
        SELECT 1 FROM projects_funding f WHERE f.project_id = p.id AND f.date <= %(today)s::date)
    GROUP BY t.organisation_id
), together AS (
    SELECT t.organisation_id AS id, count(DISTINCT t.project_id) AS together
    FROM projects_participation t JOIN projects_project p ON p.id = t.project_id
    WHERE p.status = 'published' AND t.project_id IN (
        SELECT project_id FROM projects_participation WHERE organisation_id = ANY(%(team)s::bigint[]))
    GROUP BY t.organisation_id
), measured AS (
    SELECT c.id, c.sort_name, c.themes, coalesce(e.funded, 0) AS funded, coalesce(g.together, 0) AS together,
           CASE WHEN s.latitude + %(latitude)s::float8 IS NOT NULL THEN 2 * 6371 * asin(least(1, sqrt(
               sin(radians(s.latitude - %(latitude)s::float8) / 2) ^ 2
               + cos(radians(%(latitude)s::float8)) * cos(radians(s.latitude))
                 * sin(radians(s.longitude - %(longitude)s::float8) / 2) ^ 2))) END AS km
    FROM candidate c
    LEFT JOIN experience e ON e.id = c.id
    LEFT JOIN together g ON g.id = c.id
    LEFT JOIN members_site s ON s.organisation_id = c.id AND s.head_office AND s.latitude IS NOT NULL
)
SELECT id, themes, funded, together, km, count(*) OVER () AS candidates,
       {theme} * least(themes, {themes}) + {project} * least(funded, {projects})
       + {near} * greatest(0, 1 - km / {km})
       + CASE WHEN cardinality(%(team)s::bigint[]) > 0 AND together = 0 THEN {new} ELSE 0 END AS points
FROM measured
ORDER BY points DESC, sort_name, id
LIMIT %(shown)s
""".format(
    theme=POINTS_OF_A_THEME, themes=COUNTED_THEMES, project=POINTS_OF_A_PROJECT, projects=COUNTED_PROJECTS,
    near=POINTS_OF_NEARNESS, km=NEAR_KM, new=POINTS_OF_NEW,
)


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


def suggestions(search: Search, at: date | None = None) -> tuple[list[Suggestion], int]:
    """The best candidates, the best first, and how many there are in all."""
    if search.is_empty:
        return [], 0
    latitude, longitude = search.place or (None, None)
    values = {
        "themes": search.theme_ids, "team": list(search.team), "kind": search.kind, "region": search.region,
        "today": at or timezone.localdate(), "latitude": latitude, "longitude": longitude, "shown": SHOWN,
    }
    with connection.cursor() as cursor:
        cursor.execute(QUERY, values)
        rows = cursor.fetchall()
    found = [
        Suggestion(pk, themes, funded, together, km, float(points))
        for pk, themes, funded, together, km, _total, points in rows
    ]
    _name_themes(found, search.theme_ids)
    return found, rows[0][5] if rows else 0


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
        theme for theme in Theme.objects.select_related("parent").in_order()
        if theme.slug in slugs or (theme.parent and theme.parent.slug in slugs)
    ]


def for_project(project: Project) -> Search:
    """Around the head office of its coordinator, on its themes, among those who are not in it yet."""
    participations = list(
        Participation.objects.filter(project=project).order_by("role", "pk").values_list("organisation_id", "role")
    )
    coordinator = next((pk for pk, role in participations if role == "coordinator"), None)
    return Search(
        themes=list(project.themes.all()), team=[pk for pk, _role in participations], place=head_office(coordinator)
    )


def for_organisation(organisation: Organisation) -> Search:
    return Search(
        themes=list(organisation.themes.all()), team=[organisation.pk], place=head_office(organisation.pk)
    )


def head_office(organisation: int | None) -> tuple[float, float] | None:
    found = Site.objects.filter(organisation=organisation, head_office=True, latitude__isnull=False)
    place = found.values_list("latitude", "longitude").first()
    return (float(place[0]), float(place[1])) if place else None
