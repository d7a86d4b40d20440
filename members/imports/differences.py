"""What a line would change: each value old and new, rows that would be added, and what another cluster keeps.

Blank cells never erase, but in the columns for which that was chosen. What identifies an organisation is changed by whoever
keeps it; of others the membership and the contact person are written, and the rest is told as what would be proposed.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from cluster_portal.records.search import fold
from members.countries import HOME
from members.models import Organisation
from members.models.imports import Action, ImportBatch
from members.models.organisations import Kind

from .cells import Places
from .lines import ONLY_OF, PLACE, SAID, Problem
from .problems import TOLD_BY_A_LOOK

# Columns of the organisation itself that a file may fill; official numbers apart.
COLUMNS = (
    "acronym", "website", "email", "phone", "description_fr", "description_en", "founding_year", "closed_on", "size",
    "naf_code", "headcount", "institution_type", "national", "country",
)  # fmt: skip
NUMBERS = ("siren", "rnsr_id", "uai_code", "ror_id")
SITE = ("address", "postcode", "city", "department_id", "siret", "country")
BLANK = (None, "", [], False)
FINENESS = {"department": 0, "city": 1, "address": 2}
BATCH = 500  # lines fetched at once, and written at once

Change = list[Any]  # [old, new]


@dataclass(slots=True)
class Known:
    """An organisation as it stands, or would stand after the lines before this one."""

    key: int | None
    kept: bool
    columns: dict[str, Any] = field(default_factory=dict)
    sites: list[dict[str, Any]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # folded -> kind
    themes: set[int] = field(default_factory=set)
    units: set[tuple[str, str]] = field(default_factory=set)
    further: set[tuple[str, str]] = field(default_factory=set)
    supervisors: set[int] = field(default_factory=set)
    memberships: list[dict[str, Any]] = field(default_factory=list)
    contacts: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class Planned:
    """What becomes of one line. ``changes`` is written by ``members.imports.writing``:

    ``create``: the columns of a new organisation. ``set``: column -> [old, new]; ``proposed``: the same of what another
    cluster keeps, told and not written. ``names`` ([name, kind]), ``themes``, ``units``, ``further``, ``supervisors``: rows
    added. ``site``, ``membership``, ``contact``: a row added; ``site_set``, ``membership_set``, ``contact_set``: the row's
    ``id`` and column -> [old, new].
    """

    line: int
    action: str
    rule: str
    changes: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


# Lines that speak of one organisation are looked at together, whatever each was matched by; and none of them with lines of
# another, whatever they have in common.
CURRENT = """
SELECT r.line, min(r."group") OVER (PARTITION BY coalesce(r.match, -r."group")) AS together, r.action, r.match, r.rule, r."values", r.problems, r.match IN ({kept}) AS kept, to_jsonb(o),
    (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.head_office DESC, s.id) FROM members_site s WHERE s.organisation_id = o.id),
    (SELECT jsonb_agg(jsonb_build_array(n.name, n.kind)) FROM members_organisationname n WHERE n.organisation_id = o.id),
    (SELECT jsonb_agg(t.theme_id) FROM members_organisation_themes t WHERE t.organisation_id = o.id),
    (SELECT jsonb_agg(jsonb_build_array(u.label, u.number)) FROM members_unitnumber u WHERE u.organisation_id = o.id),
    (SELECT jsonb_agg(jsonb_build_array(f.kind, f.value)) FROM members_furthernumber f WHERE f.organisation_id = o.id),
    (SELECT jsonb_agg(p.to_organisation_id) FROM members_organisation_supervisors p WHERE p.from_organisation_id = o.id),
    (SELECT jsonb_agg(to_jsonb(m) ORDER BY m.joined_on NULLS FIRST, m.id) FROM members_membership m
        WHERE m.organisation_id = o.id AND m.cluster_id = {cluster}),
    (SELECT jsonb_agg(to_jsonb(c) ORDER BY c.id) FROM members_contactperson c
        WHERE c.organisation_id = o.id AND c.cluster_id = {cluster})
FROM members_importrow r LEFT JOIN members_organisation o ON o.id = r.match
WHERE r.batch_id = {batch} AND r.action IN ('create', 'update', 'unchanged', 'skip') AND r.decision <> 'skip' {only}
ORDER BY together, r.line
"""
ONLY = """AND (r."group" = ANY(%s) OR r.match IN (
    SELECT o.match FROM members_importrow o WHERE o.batch_id = {batch} AND o."group" = ANY(%s)))"""


def compare(batch: ImportBatch, groups: list[int] | None = None) -> None:
    """Writes ``changes``, ``action`` and what came to be known of problems, of all lines or of those of some groups."""
    keep(batch, lambda: _planned(_Comparison(batch), groups))


def keep(batch: ImportBatch, plan: Callable[[], Iterable[Planned]]) -> None:
    """Writes what was planned into the lines."""
    with transaction.atomic(), connection.cursor() as writing:
        writing.execute(
            "CREATE TEMP TABLE import_plan (line int, action text, rule text, changes jsonb, problems jsonb) ON COMMIT DROP"
        )
        rows = plan()
        with writing.copy("COPY import_plan FROM STDIN") as out:
            for one in rows:
                out.write_row((one.line, one.action, one.rule, json.dumps(one.changes), json.dumps(one.problems)))
        # the lines are new, and the planner knows nothing of their number
        writing.execute("CREATE UNIQUE INDEX ON import_plan (line); ANALYZE import_plan")
        writing.execute(
            "UPDATE members_importrow r SET action = p.action, rule = p.rule, changes = p.changes, problems = p.problems"
            " FROM import_plan p WHERE r.batch_id = %s AND r.line = p.line",
            [batch.pk],
        )
        writing.execute("DROP TABLE import_plan")


def _planned(comparison: "_Comparison", groups: list[int] | None) -> list[Planned]:
    planned: list[Planned] = []
    for _group, lines in groupby(_lines(comparison.batch, groups), key=lambda line: line[1]):
        planned += comparison.group(list(lines))
    return planned


def _lines(batch: ImportBatch, groups: list[int] | None) -> Iterator[tuple]:
    kept, params = Organisation.objects.kept_by(batch.whose_rights).order_by().values("pk").query.sql_with_params()
    only = ONLY.format(batch=int(batch.pk)) if groups is not None else ""
    sql = CURRENT.format(kept=kept, cluster=int(batch.cluster_id), batch=int(batch.pk), only=only)
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [*params, groups, groups] if groups is not None else params)
        while rows := cursor.fetchmany(BATCH):
            yield from ([loaded(value) for value in row] for row in rows)


def loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value.startswith(("[", "{")) else value


class _Comparison:
    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.today = timezone.localdate()
        self.places = Places.load()
        self.read = {name for name in batch.columns if name}
        self.supervisors = _supervisors(batch)
        self.bearers = _bearers(batch)

    # --- a group of lines ---------------------------------------------------------------------------------------------
    def group(self, lines: list[list[Any]]) -> list[Planned]:
        known = _known(lines[0])
        planned = []
        for number, line in enumerate(lines):
            _line, _group, _action, match, rule, values, problems, *_rest = line
            # what an earlier comparison told is told anew
            told = [one for one in problems if one[1] not in TOLD_BY_A_LOOK]
            one = Planned(line[0], Action.UNCHANGED, rule if rule not in ("repeat", "site") else "", problems=told)
            if number == 0 and match is None:
                self._create(known, values, one)
            elif number and (twice := _contradiction(lines[0][5], values)):
                one.action = Action.REFUSE
                one.problems.append(
                    (twice[0], "line-number-twice", {"line": lines[0][0], "one": twice[1], "other": twice[2]})
                )
            elif known.key is None and not known.columns:  # its first line could not become anything
                one.action, one.rule = Action.REFUSE, "follows"
                one.problems.append(("name", "line-first-refused", {"line": lines[0][0]}))
            else:
                self._update(known, values, one, first=number == 0)
            if one.action != Action.REFUSE:
                self._rows(known, values, one)
                self._site(known, values, one, first=number == 0)
                self._membership(known, values, one)
                self._contact(known, values, one)
                self._settle(one, number)
            planned.append(one)
        return planned

    def _settle(self, one: Planned, number: int) -> None:
        written = one.changes.keys() - {"proposed"}
        if "create" in one.changes:
            one.action = Action.CREATE
        elif written:
            one.action = Action.UPDATE
        elif number:
            one.action, one.rule = Action.SKIP, "repeat"
        if number and "site" in one.changes:
            one.rule = "site"
        elif number and not one.rule:
            one.rule = "repeat"

    def _create(self, known: Known, values: dict[str, Any], one: Planned) -> None:
        kind = values.get("kind")
        if not values.get("name"):
            one.action = Action.REFUSE
            one.problems.append(("name", "line-name-missing", {}))
            return
        if not kind:
            one.action = Action.REFUSE
            one.problems.append(("kind", "line-kind-missing", {}))
            return
        columns = {"name": values["name"], "kind": kind}
        for name in (*COLUMNS, *NUMBERS):
            if name in values and self._fits(name, kind, one) and self._is_free(name, values[name], kind, None, one):
                columns[name] = values[name]
        known.columns = dict(columns)
        known.kept = True
        known.names = {fold(columns["name"]): ""}
        one.changes["create"] = columns

    def _fits(self, name: str, kind: str, one: Planned) -> bool:
        if ONLY_OF.get(name, kind) == kind:
            return True
        one.problems.append((name, "line-of-another-kind", {}))
        return False

    # --- what identifies it -------------------------------------------------------------------------------------------
    def _update(self, known: Known, values: dict[str, Any], one: Planned, *, first: bool) -> None:
        moved: dict[str, Change] = {}
        kind = known.columns["kind"]
        for name in COLUMNS:
            old = known.columns.get(name)
            if name in values:
                if not self._fits(name, kind, one):
                    continue
                new = values[name]
                if not _same(name, old, new) and (first or old in BLANK):
                    moved[name] = [old, new]
            elif first and self._erases(name, values, one) and old not in BLANK:
                moved[name] = [old, None if name in ("founding_year", "closed_on") else ""]
        for name in NUMBERS:
            self._number(known, values, name, moved, one)
        if first and one.rule == "page" and values.get("name") and values["name"] != known.columns["name"]:
            moved["name"] = [known.columns["name"], values["name"]]
        self._record(known, one, "set", moved)

    def _record(self, known: Known, one: Planned, key: str, moved: dict[str, Change]) -> None:
        if not moved:
            return
        if known.kept:
            one.changes.setdefault(key, {}).update(moved)
            known.columns.update({name: new for name, (_old, new) in moved.items()})
        else:
            one.changes.setdefault("proposed", {}).update(moved)

    def _number(self, known: Known, values: dict[str, Any], name: str, moved: dict[str, Change], one: Planned) -> None:
        """A blank one is filled; another one stands beside it where an organisation may have several, and is never put in
        the place of what is there."""
        new, old = values.get(name), known.columns.get(name) or ""
        if not new or new == old or not self._fits(name, known.columns["kind"], one):
            return
        further = {"siren": "siren", "uai_code": "uai", "rnsr_id": "rnsr", "ror_id": "ror"}[name]
        if (further, new) in known.further:
            return
        if not old:
            if self._is_free(name, new, known.columns["kind"], known.key, one):
                moved[name] = [old, new]
        else:
            one.problems.append((name, "line-another-number", {"old": old, "new": new}))

    def _is_free(self, name: str, value: Any, kind: str, key: int | None, one: Planned) -> bool:
        """A number that another organisation has is left to it; a SIREN is that of several, but of one company."""
        if name not in NUMBERS or (name == "siren" and kind != Kind.COMPANY):
            return True
        if self.bearers.get((name, value), set()) <= {key}:
            return True
        one.problems.append((name, "line-number-of-another", {"new": value}))
        return False

    def _erases(self, name: str, values: dict[str, Any], one: Planned) -> bool:
        return (
            name in self.batch.erasing
            and name in self.read
            and name not in values.get(SAID, ())
            and not any(problem[0] == name for problem in one.problems)
            and name not in ("national", "country")
        )

    # --- its rows -----------------------------------------------------------------------------------------------------
    def _rows(self, known: Known, values: dict[str, Any], one: Planned) -> None:
        kind = known.columns["kind"]
        added: dict[str, list[Any]] = {"names": self._names(known, values, one)}
        added["themes"] = [theme for theme in values.get("themes", ()) if theme not in known.themes]
        units = values.get("unit_numbers", ())
        if units and self._fits("unit_numbers", kind, one):
            added["units"] = [unit for unit in units if tuple(unit) not in known.units]
        first = {("siren", known.columns.get("siren")), ("uai", known.columns.get("uai_code")),
                 ("rnsr", known.columns.get("rnsr_id")), ("ror", known.columns.get("ror_id"))}  # fmt: skip
        added["further"] = [
            number for number in values.get("further", ()) if tuple(number) not in known.further | first
        ]
        added["supervisors"] = self._bodies(known, values, one)
        for key, rows in added.items():
            if not rows:
                continue
            if known.kept:
                one.changes[key] = rows
            else:
                one.changes.setdefault("proposed", {})[key] = [[], rows]
        if known.kept:
            known.themes.update(added["themes"])
            known.units.update(map(tuple, added.get("units", ())))
            known.further.update(map(tuple, added["further"]))
            known.supervisors.update(added["supervisors"])
            known.names.update({fold(name): sort for name, sort in added["names"]})

    def _names(self, known: Known, values: dict[str, Any], one: Planned) -> list[list[str]]:
        names = [(name, "former") for name in values.get("former_names", ())]
        names += [(name, "trade") for name in values.get("trade_names", ())]
        if "create" not in one.changes and values.get("name") and "name" not in one.changes.get("set", {}):
            names.append((values["name"], "trade"))  # another name is another name
        taken = {*known.names, fold(known.columns["name"])}
        added: list[list[str]] = []
        for name, sort in names:
            if (folded := fold(name)) and folded not in taken:
                taken.add(folded)
                added.append([name, sort])
        return added

    def _bodies(self, known: Known, values: dict[str, Any], one: Planned) -> list[int]:
        added: list[int] = []
        for text in values.get("supervisors", ()):
            found = self.supervisors.get(text, [])
            if known.supervisors.intersection(found):
                continue
            if len(found) != 1:
                code = "line-supervisors-several" if found else "line-supervisor-unknown"
                one.problems.append(("supervisors", code, {"value": text}))
            elif found[0] != known.key and found[0] not in added:
                added.append(found[0])
        return added

    # --- where it is --------------------------------------------------------------------------------------------------
    def _site(self, known: Known, values: dict[str, Any], one: Planned, *, first: bool) -> None:
        given = {name: values[name] for name in PLACE if values.get(name) not in (None, "")}
        if not given:
            return
        site = {
            "address": given.get("address", ""),
            "postcode": given.get("postcode", ""),
            "city": given.get("city", ""),
            "department_id": given.get("department"),
            "region_id": given.get("region"),
            "siret": given.get("siret", ""),
            "country": values.get("country"),  # where the file does not say, it is not changed
            "latitude": given.get("latitude"),
            "longitude": given.get("longitude"),
            "precision": (values.get("precision") or "address") if "latitude" in given else "",
        }
        target = _meant(site, known.sites)
        located = values.get("located", {}) if site["latitude"] is None else {}
        if target is None:
            if "latitude" in located:
                site |= located
            self._new_site(known, site, one)
        elif target.get("id") is not None:
            if "latitude" in located and _says_more(located, site, target):
                site |= located
            self._changed_site(known, site, target, one, first=first)

    def _new_site(self, known: Known, site: dict[str, Any], one: Planned) -> None:
        site["country"] = site["country"] or HOME
        if site["country"] == HOME and not (site["city"] or site["department_id"] or site["region_id"]):
            one.problems.append(("siret" if site["siret"] else "address", "line-site-without-place", {}))
            return
        if site["latitude"] is None and site["country"] == HOME:
            self._in_the_middle(site)
        site["head_office"] = not any(other["head_office"] for other in known.sites)
        if known.kept:
            one.changes["site"] = site
            known.sites.append({**site, "id": None})
        else:
            one.changes.setdefault("proposed", {})["site"] = [None, site]

    def _moved_away(self, target: dict[str, Any], moved: dict[str, Change]) -> None:
        """Coordinates of where it was are not those of where it is: the middle of that, or none."""
        exact = target["precision"] == "address"
        if not any(name in moved for name in ("city", "department_id", *(("address", "postcode") if exact else ()))):
            return
        if target["latitude"] is None or all(moved[name][0] in BLANK for name in moved if name in SITE):
            return
        there = {**target, **{name: new for name, (_old, new) in moved.items()}}
        there |= {"latitude": None, "longitude": None, "precision": ""}
        if there["country"] == HOME:
            self._in_the_middle(there)
        for name in ("latitude", "longitude", "precision"):
            if str(target[name]) != str(there[name]):
                moved[name] = [target[name], there[name]]

    def _in_the_middle(self, site: dict[str, Any]) -> None:
        """Of its town, or else of its department: a place on the map, that says how precise it is."""
        town = self.places.centre_of_town(site["city"], site["department_id"]) if site["city"] else None
        middle = town or (self.places.centre_of_department(site["department_id"]) if site["department_id"] else None)
        if middle:
            site["latitude"], site["longitude"] = (format(round(one, 5), "f") for one in middle)
            site["precision"] = "city" if town else "department"

    def _changed_site(
        self, known: Known, site: dict[str, Any], target: dict[str, Any], one: Planned, *, first: bool
    ) -> None:
        """A later line of the same organisation fills blanks, and does not take back what an earlier one said."""
        if target["country"] != HOME and not site["country"]:
            site |= dict.fromkeys(("postcode", "department_id", "region_id", "siret"))  # read as if they were French
        moved: dict[str, Change] = {
            name: [target[name], site[name]]
            for name in SITE
            if site[name] not in (None, "") and not _same(name, target[name], site[name])
        }
        if site["department_id"] is None and site["region_id"] and site["region_id"] != target["region_id"]:
            if target["department_id"]:
                one.problems.append(("region", "line-contradicts-department", {}))
            else:
                moved["region_id"] = [target["region_id"], site["region_id"]]
        if site["latitude"] is not None and not (
            _near(target["latitude"], site["latitude"]) and _near(target["longitude"], site["longitude"])
        ):
            for name in ("latitude", "longitude", "precision"):
                if str(target[name]) != str(site[name]):
                    moved[name] = [target[name], site[name]]
        if site["latitude"] is None:
            self._moved_away(target, moved)
        if not first:
            moved = {name: change for name, change in moved.items() if change[0] in BLANK}
        if not moved:
            return
        if known.kept:
            one.changes["site_set"] = {"id": target["id"], **moved}
            target.update({name: new for name, (_old, new) in moved.items()})
        else:
            one.changes.setdefault("proposed", {}).update(moved)

    # --- what the cluster says of it ----------------------------------------------------------------------------------
    def _membership(self, known: Known, values: dict[str, Any], one: Planned) -> None:
        given = {name: values[name] for name in ("category", "joined_on", "left_on") if values.get(name)}
        joined, left = given.get("joined_on"), given.get("left_on")
        if joined and left and left < joined:
            one.problems.append(("left_on", "line-left-before-joined", {}))
            left = None
        own = _running(known.memberships, self.today.isoformat())
        if own is None:
            self._joins(known, given, joined, left, one)
            return
        if own.get("id") is None:
            return
        moved: dict[str, Change] = {}
        if given.get("category") and given["category"] != own["category"]:
            moved["category"] = [own["category"], given["category"]]
        elif not given.get("category") and own["category"] and self._erases("category", values, one):
            moved["category"] = [own["category"], ""]
        if joined and joined != own["joined_on"]:
            if _overlaps(known.memberships, own, joined, own["left_on"]):
                one.problems.append(("joined_on", "line-overlaps", {}))
            else:
                moved["joined_on"] = [own["joined_on"], joined]
        begins = joined or own["joined_on"]
        if left and left != own["left_on"] and not (begins and left < begins):
            moved["left_on"] = [own["left_on"], left]
        if moved:
            one.changes["membership_set"] = {"id": own["id"], **moved}
            own.update({name: new for name, (_old, new) in moved.items()})

    def _joins(self, known: Known, given: dict[str, Any], joined, left, one: Planned) -> None:
        if any(row["joined_on"] == joined and row["left_on"] == left for row in known.memberships):
            return  # the same one, over already
        earlier = [row for row in known.memberships if row["left_on"]]
        if earlier and not joined:
            if left:
                return
            joined = max(self.today.isoformat(), *(row["left_on"] for row in earlier))  # taken up again
        if _overlaps(known.memberships, None, joined, left):
            one.problems.append(("joined_on", "line-overlaps", {}))
            return
        row = {"category": given.get("category", ""), "joined_on": joined, "left_on": left}
        one.changes["membership"] = row
        known.memberships.append({**row, "id": None})

    def _contact(self, known: Known, values: dict[str, Any], one: Planned) -> None:
        given = values.get("contact")
        if not given:
            return
        person = {name: given.get(name, "") for name in ("name", "role", "email", "phone")}
        same = next((row for row in known.contacts if _same_person(row, person)), None)
        if same is None:
            one.changes["contact"] = person
            known.contacts.append({**person, "id": None})
        elif same["id"] is not None:
            moved = {name: [same[name], new] for name, new in person.items() if new and new != same[name]}
            if moved:
                one.changes["contact_set"] = {"id": same["id"], **moved}
                same.update({name: new for name, (_old, new) in moved.items()})


def _contradiction(one: dict[str, Any], other: dict[str, Any]) -> tuple[str, str, str] | None:
    """A kind of number of which two lines of one organisation have another each: a number beside it is wrong."""
    for name, kind in (("uai_code", "uai"), ("rnsr_id", "rnsr"), ("ror_id", "ror")):
        mine, its = (
            {values[name], *(value for sort, value in values.get("further", ()) if sort == kind)}
            if name in values
            else set()
            for values in (one, other)
        )
        if mine and its and not mine & its:
            return name, one[name], other[name]
    return None


def _known(line: list[Any]) -> Known:
    *_start, kept, columns, sites, names, themes, units, further, supervisors, memberships, contacts = line
    known = Known(line[3], bool(kept))
    if columns is None:
        return known
    known.columns = columns
    known.sites = sites or []
    known.names = {fold(name): sort for name, sort in names or ()}
    known.themes = set(themes or ())
    known.units = {tuple(unit) for unit in units or ()}
    known.further = {tuple(number) for number in further or ()}
    known.supervisors = set(supervisors or ())
    known.memberships = memberships or []
    known.contacts = contacts or []
    return known


def _same(name: str, old: Any, new: Any) -> bool:
    if old in BLANK and new in BLANK:
        return True
    if name == "website":
        return str(old or "").rstrip("/") == str(new).rstrip("/")
    if name in ("city", "address"):
        return fold(str(old or "")) == fold(str(new))
    return old == new


def _near(old: Any, new: Any) -> bool:
    """To the fifth decimal, which is what is kept."""
    return old is not None and abs(Decimal(str(old)) - Decimal(str(new))) < Decimal("0.00001")


def _meant(site: dict[str, Any], sites: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Which of the sites that are there a line speaks of; none where it is another one."""
    if site["siret"]:
        for one in sites:
            if one["siret"] == site["siret"]:
                return one
        unnumbered = [one for one in sites if not one["siret"]]
        here = [one for one in unnumbered if _same_town(one, site)]
        if here:
            return here[0]
        # a first number for the only place that is known, unless that is somewhere else
        return unnumbered[0] if len(sites) == 1 and unnumbered and not _elsewhere(unnumbered[0], site) else None
    if not sites:
        return None
    street = [one for one in sites if site["address"] and fold(one["address"]) == fold(site["address"])]
    town = [one for one in street or sites if _same_town(one, site)]
    if town:
        return town[0]
    if len(sites) == 1 or not site["city"]:
        return sites[0]
    return None


def _says_more(located: dict[str, Any], site: dict[str, Any], target: dict[str, Any]) -> bool:
    """Whether a position that a geocoder found takes the place of the one that stands there, which somebody may have put
    right: where there is none, a coarser one, or that of another address."""
    if target["latitude"] is None or FINENESS[located["precision"]] > FINENESS[target["precision"]]:
        return True
    return any(
        target[name] and site[name] and not _same(name, target[name], site[name])
        for name in ("address", "postcode", "city")
    )


def _same_town(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if one["city"] and other["city"]:
        return fold(one["city"]) == fold(other["city"])
    if one["postcode"] and other["postcode"]:
        return one["postcode"] == other["postcode"]
    return False


def _elsewhere(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return any(one[name] and other[name] and one[name] != other[name] for name in ("department_id", "region_id"))


def _running(memberships: list[dict[str, Any]], today: str) -> dict[str, Any] | None:
    """That which runs, or is to begin."""
    return next((row for row in memberships if not row["left_on"] or row["left_on"] > today), None)


def _overlaps(
    memberships: list[dict[str, Any]], but: dict[str, Any] | None, joined: str | None, left: str | None
) -> bool:
    for row in memberships:
        if row is but:
            continue
        begins, ends = row["joined_on"] or date.min.isoformat(), row["left_on"] or date.max.isoformat()
        if begins < (left or date.max.isoformat()) and (joined or date.min.isoformat()) < ends:
            return True
    return False


def _same_person(one: dict[str, Any], other: dict[str, Any]) -> bool:
    if one["email"] and other["email"]:
        return one["email"].lower() == other["email"].lower()
    return fold(one["name"]) == fold(other["name"])


BEARERS = """
WITH said AS (
    SELECT DISTINCT v.value FROM members_importrow r CROSS JOIN LATERAL (VALUES
        (r."values"->>'siren'), (r."values"->>'rnsr_id'), (r."values"->>'uai_code'), (r."values"->>'ror_id')) v (value)
    WHERE r.batch_id = %s AND v.value IS NOT NULL
)
SELECT 'siren', siren, id FROM members_organisation JOIN said ON value = siren WHERE kind = 'company' AND status <> 'archived'
UNION ALL SELECT 'rnsr_id', rnsr_id, id FROM members_organisation JOIN said ON value = rnsr_id WHERE status <> 'archived'
UNION ALL SELECT 'uai_code', uai_code, id FROM members_organisation JOIN said ON value = uai_code WHERE status <> 'archived'
UNION ALL SELECT 'ror_id', ror_id, id FROM members_organisation JOIN said ON value = ror_id WHERE status <> 'archived'
UNION ALL SELECT CASE n.kind WHEN 'rnsr' THEN 'rnsr_id' WHEN 'uai' THEN 'uai_code' ELSE 'ror_id' END, n.value, n.organisation_id
    FROM members_furthernumber n JOIN said ON said.value = n.value JOIN members_organisation o ON o.id = n.organisation_id
    WHERE n.kind <> 'siren' AND o.status <> 'archived'
"""


def _bearers(batch: ImportBatch) -> dict[tuple[str, str], set[int]]:
    """Of the official numbers in the file those organisations that have them."""
    found: dict[tuple[str, str], set[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(BEARERS, [batch.pk])
        for name, value, key in cursor.fetchall():
            found.setdefault((name, value), set()).add(key)
    return found


def _supervisors(batch: ImportBatch) -> dict[str, list[int]]:
    """For each text in the column of supervising bodies the institutions that it names: by a number, a name, an acronym."""
    open_to_her = Organisation.objects.selectable_by(batch.whose_rights).exclude(status="archived")
    sql, params = open_to_her.filter(kind=Kind.INSTITUTION).order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT said.text, array_agg(DISTINCT o.id) FROM (
                SELECT DISTINCT jsonb_array_elements_text("values"->'supervisors') AS text FROM members_importrow
                WHERE batch_id = %s AND "values" ? 'supervisors'
            ) said JOIN members_organisation o ON o.id IN ({sql}) AND (
                portal_fold(said.text) = portal_fold(o.name)
                OR (o.acronym <> '' AND portal_fold(said.text) = portal_fold(o.acronym))
                OR said.text IN (o.siren, o.uai_code, o.ror_id, o.slug)
            ) GROUP BY said.text
            """.replace("%", "%%").replace("%%s", "%s"),
            [batch.pk, *params],
        )
        return dict(cursor.fetchall())
