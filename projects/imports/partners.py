"""Which organisations, clusters and programmes a file of projects names.

A number says which organisation it is, as for members; a name does together with a town or a department. A name alone says
so of those only that take part in the project already.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from cluster_portal.records.search import fold
from members.imports.matching import bare
from members.likeness import bare_name
from members.models import Cluster, Organisation
from members.models.imports import ImportBatch
from projects.models import Programme

Found = set[int]
CHOOSE, SEVERAL, UNKNOWN = "project-partner-choose", "project-partner-several", "project-partner-unknown"


@dataclass(frozen=True, slots=True)
class Place:
    city: str
    department: int | None


@dataclass(slots=True)
class Directory:
    """What the names and numbers of a batch stand for, among the organisations that she may choose."""

    by_number: dict[tuple[str, str], Found] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, Found] = field(default_factory=lambda: defaultdict(set))
    places: dict[int, list[Place]] = field(default_factory=lambda: defaultdict(list))
    sirens: dict[int, str] = field(default_factory=dict)

    def which(self, said: dict[str, Any]) -> tuple[int | None, str]:
        """The organisation, or why it is not known."""
        numbers = said.get("numbers", ())
        found = self._by_numbers(numbers)
        if len(found) == 1:
            return found.pop(), ""
        if found:
            return None, SEVERAL
        named = set(self.by_name.get(bare_name(said.get("name", "")), ()))
        if not named:
            return None, UNKNOWN
        siren = {number[:9] for kind, number in numbers if kind in ("siren", "siret")}
        # a number that is another one contradicts the name
        named = {key for key in named if not siren or not self.sirens.get(key) or self.sirens[key] in siren}
        if not named:
            return None, UNKNOWN
        if len(same := {key for key in named if self.sirens.get(key) in siren}) == 1:
            return same.pop(), ""  # that of an institution, which several may share
        here = {key for key in named if self._is_in(key, said.get("city"), said.get("department"))}
        return (here.pop(), "") if len(here) == 1 else (None, SEVERAL if here else CHOOSE)

    def _by_numbers(self, numbers: Iterable[list[str]]) -> Found:
        """A SIRET of a known SIREN is another site of it."""
        found: Found = set()
        for kind, number in numbers:
            sure = self.by_number.get((kind, number), set())
            if not sure and kind == "siret":
                sure = self.by_number.get(("siren", number[:9]), set())
            found |= sure
        return found

    def _is_in(self, key: int, city: str | None, department: int | None) -> bool:
        return any(
            (bool(city) and fold(place.city) == fold(city or ""))
            or (not city and department is not None and place.department == department)
            for place in self.places[key]
        )


SAID = """
SELECT DISTINCT p->>'name', p->'numbers' FROM members_importrow r, jsonb_array_elements(r."values"->'partners') p
WHERE r.batch_id = %(batch)s AND r."values" ? 'partners' AND (%(groups)s::int[] IS NULL OR r."group" = ANY(%(groups)s)
    OR r.match IN (SELECT match FROM members_importrow WHERE batch_id = %(batch)s AND "group" = ANY(%(groups)s)))
"""
NUMBERS = """
SELECT 'siren', siren, id FROM members_organisation WHERE siren = ANY(%(numbers)s) AND kind = 'company' AND id IN (SELECT id FROM import_open)
UNION SELECT 'siret', siret, organisation_id FROM members_site WHERE siret = ANY(%(numbers)s) AND organisation_id IN (SELECT id FROM import_open)
UNION SELECT 'rnsr', rnsr_id, id FROM members_organisation WHERE rnsr_id = ANY(%(numbers)s) AND id IN (SELECT id FROM import_open)
UNION SELECT 'uai', uai_code, id FROM members_organisation WHERE uai_code = ANY(%(numbers)s) AND id IN (SELECT id FROM import_open)
UNION SELECT 'ror', ror_id, id FROM members_organisation WHERE ror_id = ANY(%(numbers)s) AND id IN (SELECT id FROM import_open)
UNION SELECT kind, value, organisation_id FROM members_furthernumber
    WHERE value = ANY(%(numbers)s) AND kind <> 'siren' AND organisation_id IN (SELECT id FROM import_open)
"""
NAMES = f"""
SELECT named.name, named.id, o.siren FROM (
    SELECT id, {bare("name")} AS name FROM members_organisation
    UNION SELECT organisation_id, {bare("name")} FROM members_organisationname
) named JOIN import_open USING (id) JOIN members_organisation o USING (id) WHERE named.name = ANY(%(names)s)
"""


def directory(batch: ImportBatch, groups: list[int] | None = None) -> Directory:
    """``groups``: of whose lines alone it is asked."""
    found = Directory()
    of_hers = Organisation.objects.selectable_by(batch.whose_rights).exclude(status="archived")
    sql, params = of_hers.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(SAID, {"batch": batch.pk, "groups": groups})
        said = cursor.fetchall()
        names = list({bare_name(name) for name, _numbers in said if name})
        numbers = list({number for _name, several in said for _kind, number in _listed(several)})
        if not said:
            return found
        cursor.execute(f"CREATE TEMP TABLE import_open (id) ON COMMIT DROP AS {sql}", params)
        cursor.execute("CREATE UNIQUE INDEX ON import_open (id); ANALYZE import_open")
        cursor.execute(NUMBERS, {"numbers": [*numbers, *{number[:9] for number in numbers if len(number) == 14}]})
        for kind, number, key in cursor.fetchall():
            found.by_number[kind, number].add(key)
        cursor.execute(NAMES.replace("%", "%%").replace("%%(", "%("), {"names": names})
        for name, key, siren in cursor.fetchall():
            found.by_name[name].add(key)
            found.sirens[key] = siren
        keys = [key for several in found.by_name.values() for key in several]
        cursor.execute(
            "SELECT organisation_id, city, department_id FROM members_site WHERE organisation_id = ANY(%s)", [keys]
        )
        for key, city, department in cursor.fetchall():
            found.places[key].append(Place(city, department))
        cursor.execute("DROP TABLE import_open")
    return found


def _listed(value: Any) -> list[list[str]]:
    return (json.loads(value) if isinstance(value, str) else value) or []


def clusters(batch: ImportBatch) -> dict[str, Found]:
    """Those that she may name, by acronym, name and address; folded."""
    known: dict[str, Found] = defaultdict(set)
    for key, *names in Cluster.objects.selectable_by(batch.whose_rights).values_list("pk", "acronym", "name", "slug"):
        for name in filter(None, names):
            known[fold(name)].add(key)
    return known


def programmes() -> dict[str, Found]:
    """By acronym, name in both languages and address; folded."""
    known: dict[str, Found] = defaultdict(set)
    for key, *names in Programme.objects.values_list("pk", "acronym", "name_fr", "name_en", "slug"):
        for name in filter(None, names):
            known[fold(name)].add(key)
    return known
