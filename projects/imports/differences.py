"""What a line would change of a project: each value old and new, and the partners, labels and fundings that would be added.

A project is changed by whoever keeps it; of those of others it is told what would be proposed. A label is given by the
cluster whose it is. Later lines of one project fill blanks, and add what they name.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import connection

from cluster_portal.records.search import fold
from members.imports.differences import BATCH, BLANK, Change, Planned, keep, loaded
from members.likeness import bare_name
from members.models import Cluster, Organisation
from members.models.imports import Action, ImportBatch
from members.rights import rights_of
from projects.models import Project

from .partners import clusters, directory, programmes
from .problems import OF_A_LOOK

# Columns of the project itself that a file may fill.
COLUMNS = (
    "acronym", "title_fr", "title_en", "summary_fr", "summary_en", "website", "start", "end", "total_cost",
    "public_funding", "national",
)  # fmt: skip
OTHER_TITLE = {"title_fr": "title_en", "title_en": "title_fr"}
NAMES = ("acronym", "title_fr", "title_en")
SUMS = frozenset({"total_cost", "public_funding", "cost", "amount"})
NULL_WHEN_BLANK = SUMS | {"start", "end"}
ERASABLE = tuple(name for name in COLUMNS if name != "national")


@dataclass(slots=True)
class Known:
    """A project as it stands, or would stand after the lines before this one. Rows that an earlier line of the file spoke
    of are ``told``: a later one fills their blanks and does not take back what was said."""

    key: int | None
    kept: bool
    editable: bool
    columns: dict[str, Any] = field(default_factory=dict)
    themes: set[int] = field(default_factory=set)
    partners: dict[int, dict[str, Any]] = field(default_factory=dict)
    labels: dict[int, dict[str, Any]] = field(default_factory=dict)
    fundings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def coordinator(self) -> int | None:
        return next((key for key, row in self.partners.items() if row["role"] == "coordinator"), None)

    @property
    def lead(self) -> int | None:
        return next((key for key, row in self.labels.items() if row["role"] == "lead"), None)


# Lines that speak of one project are looked at together, whatever each was matched by. ``open``: whether she may know of
# the partner.
CURRENT = """
SELECT r.line, min(r."group") OVER (PARTITION BY coalesce(r.match, -r."group")) AS together, r.match, r.rule, r."values",
    r.problems, r.match IN ({kept}) AS kept, r.match IN ({editable}) AS editable, to_jsonb(p),
    (SELECT jsonb_agg(t.theme_id) FROM projects_project_themes t WHERE t.project_id = p.id),
    (SELECT jsonb_agg(to_jsonb(a) || jsonb_build_object(
        'names', (SELECT jsonb_agg(said.name) FROM (
            SELECT o.name UNION ALL SELECT n.name FROM members_organisationname n WHERE n.organisation_id = o.id) said),
        'open', o.id IN ({selectable})) ORDER BY a.id)
        FROM projects_participation a JOIN members_organisation o ON o.id = a.organisation_id WHERE a.project_id = p.id),
    (SELECT jsonb_agg(to_jsonb(l) ORDER BY l.id) FROM projects_projectlabel l WHERE l.project_id = p.id),
    (SELECT jsonb_agg(to_jsonb(f) ORDER BY f.date, f.id) FROM projects_funding f WHERE f.project_id = p.id)
FROM members_importrow r LEFT JOIN projects_project p ON p.id = r.match
WHERE r.batch_id = {batch} AND r.action IN ('create', 'update', 'unchanged', 'skip') AND r.decision <> 'skip' {only}
ORDER BY together, r.line
"""
ONLY = """AND (r."group" = ANY(%s) OR r.match IN (
    SELECT o.match FROM members_importrow o WHERE o.batch_id = {batch} AND o."group" = ANY(%s)))"""


def compare(batch: ImportBatch, groups: list[int] | None = None) -> None:
    """Writes ``changes``, ``action`` and what came to be known of problems, of all lines or of those of some groups."""
    keep(batch, lambda: _planned(batch, groups))


def _planned(batch: ImportBatch, groups: list[int] | None) -> list[Planned]:
    comparison = _Comparison(batch, groups)
    planned: list[Planned] = []
    for _together, lines in groupby(_lines(batch, groups), key=lambda line: line[1]):
        planned += comparison.group(list(lines))
    return planned


def _lines(batch: ImportBatch, groups: list[int] | None) -> Iterator[tuple]:
    who = batch.whose_rights
    parts, params = {}, []
    for name, rows in (
        ("kept", Project.objects.kept_by(who)),
        ("editable", Project.objects.editable_by(who)),
        ("selectable", Organisation.objects.selectable_by(who)),
    ):
        parts[name], given = rows.order_by().values("pk").query.sql_with_params()
        params += given
    only = ONLY.format(batch=int(batch.pk)) if groups is not None else ""
    sql = CURRENT.format(**parts, batch=int(batch.pk), only=only)
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [*params, groups, groups] if groups is not None else params)
        while rows := cursor.fetchmany(BATCH):
            yield from ([loaded(value) for value in row] for row in rows)


class _Comparison:
    def __init__(self, batch: ImportBatch, groups: list[int] | None) -> None:
        self.batch = batch
        self.read = {name for name in batch.columns if name}
        self.directory = directory(batch, groups)
        self.clusters, self.programmes = clusters(batch), programmes()
        self.rights = rights_of(batch.whose_rights)
        self.acronyms = dict(Cluster.objects.values_list("pk", "acronym"))

    # --- the lines of one project -------------------------------------------------------------------------------------
    def group(self, lines: list[list[Any]]) -> list[Planned]:
        known = _known(lines[0])
        planned = []
        for number, (line, _together, match, rule, values, problems, *_rest) in enumerate(lines):
            # what an earlier comparison told is told anew
            told = [one for one in problems if one[1] not in OF_A_LOOK and one[1] not in AT_CONFIRMATION]
            one = Planned(line, Action.UNCHANGED, rule if rule != "repeat" else "", problems=told)
            if number == 0 and match is None:
                self._create(values, known, one)
            elif known.key is None and not known.columns:  # its first line could not become anything
                one.action, one.rule = Action.REFUSE, "follows"
                one.problems.append(("title_fr", "line-first-refused", {"line": lines[0][0]}))
            else:
                self._update(known, values, one, first=number == 0)
            if one.action != Action.REFUSE:
                self._themes(known, values, one)
                self._partners(known, values, one)
                self._labels(known, values, one)
                self._fundings(known, values, one)
                _settle(one, number)
            planned.append(one)
        return planned

    def _create(self, values: dict[str, Any], known: Known, one: Planned) -> None:
        columns = {name: values[name] for name in COLUMNS if name in values}
        if not any(columns.get(name) for name in NAMES):
            one.action = Action.REFUSE
            one.problems.append(("title_fr", "project-name-missing", {}))
            return
        known.columns, known.kept, known.editable = dict(columns), True, True
        one.changes["create"] = columns

    # --- its own columns ----------------------------------------------------------------------------------------------
    def _update(self, known: Known, values: dict[str, Any], one: Planned, *, first: bool) -> None:
        moved: dict[str, Change] = {}
        for name in COLUMNS:
            old = known.columns.get(name)
            if name in values:
                new = values[name]
                other = known.columns.get(OTHER_TITLE.get(name, ""))
                if other and one.rule != "page" and _same(name, other, new):
                    continue  # the title in one language, in the column of the other
                if not _same(name, old, new, exactly=one.rule == "page") and (first or old in BLANK):
                    moved[name] = [old, new]
            elif first and old not in BLANK and self._erases(name, one):
                moved[name] = [old, None if name in NULL_WHEN_BLANK else ""]
        if not moved:
            return
        if known.kept:
            one.changes["set"] = moved
            known.columns.update({name: new for name, (_old, new) in moved.items()})
        else:
            one.changes.setdefault("proposed", {}).update(moved)

    def _erases(self, name: str, one: Planned) -> bool:
        return (
            name in ERASABLE
            and name in self.batch.erasing
            and name in self.read
            and not any(problem[0] == name for problem in one.problems)
        )

    def _themes(self, known: Known, values: dict[str, Any], one: Planned) -> None:
        added = [theme for theme in values.get("themes", ()) if theme not in known.themes]
        if not added:
            return
        if known.kept:
            one.changes["themes"] = added
            known.themes.update(added)
        else:
            one.changes.setdefault("proposed", {})["themes"] = [[], added]

    # --- who takes part -----------------------------------------------------------------------------------------------
    def _partners(self, known: Known, values: dict[str, Any], one: Planned) -> None:
        spoken_of: set[int] = set()
        added, moved = [], []
        for said in values.get("partners", ()):
            shown = said.get("name") or ", ".join(number for _kind, number in said.get("numbers", ()))
            key, why = self._organisation(known, said, spoken_of)
            if key is None:
                one.problems.append(("partners", why, {"value": shown}))
                continue
            spoken_of.add(key)
            row = known.partners.get(key)
            if said.get("role") == "coordinator" and known.coordinator not in (None, key):
                one.problems.append(("coordinator", "project-coordinator-other", {"value": shown}))
            elif row is None:
                row = {
                    "organisation_id": key, "role": said.get("role") or "partner", "cost": said.get("cost"),
                    "public_funding": said.get("public_funding"),
                }  # fmt: skip
                added.append(row)
                if known.kept:
                    names = [said.get("name", "")]
                    known.partners[key] = {**row, **_just_added(row), "open": True, "names": names}
            elif changes := self._partner_changed(row, said, shown, one):
                moved += _moved(row, changes, organisation_id=key)
        _recorded(known.kept, one, "partners", added, moved)

    def _partner_changed(
        self, row: dict[str, Any], said: dict[str, Any], shown: str, one: Planned
    ) -> dict[str, Change]:
        if said.get("role") == "partner" and row["role"] == "coordinator" and not row.get("told"):
            one.problems.append(("partner_roles", "project-coordinator-stays", {"value": shown}))
        moved: dict[str, Change] = {}
        if said.get("role") == "coordinator" and row["role"] != "coordinator":
            moved["role"] = [row["role"], "coordinator"]
        for name in ("cost", "public_funding"):
            new = said.get(name)
            if new is not None and not _same(name, row[name], new) and (not row.get("told") or row[name] is None):
                moved[name] = [row[name], new]
        row["told"] = True
        row.update({name: new for name, (_old, new) in moved.items()})
        return moved

    def _organisation(self, known: Known, said: dict[str, Any], spoken_of: set[int]) -> tuple[int | None, str]:
        """By a number, else by its name among those that take part already, else as the directory knows it."""
        key, why = self.directory.which(said)
        if key is not None:
            return key, ""
        if not said.get("name"):
            return None, why
        name = bare_name(said["name"])
        numbers = {number[:9] for kind, number in said.get("numbers", ()) if kind in ("siren", "siret")}
        same = [
            partner
            for partner, row in known.partners.items()
            if row["open"] and partner not in spoken_of and name in map(bare_name, row["names"] or ())
            and not (numbers and self.directory.sirens.get(partner) and self.directory.sirens[partner] not in numbers)
        ]  # fmt: skip
        coordinates = said.get("role") == "coordinator"
        # of namesakes the one that has the same part in it
        same.sort(key=lambda partner: _unlike(known.partners[partner], said, coordinates))
        return (same[0], "") if same else (None, why)

    # --- who labelled it ----------------------------------------------------------------------------------------------
    def _labels(self, known: Known, values: dict[str, Any], one: Planned) -> None:
        added, moved = [], []
        proposed: list[dict[str, Any]] = []
        for said in sorted(values.get("labels", ()), key=lambda label: label["role"] != "lead"):
            key = self._cluster(known, said, one)
            if key is None:
                continue
            shown = said.get("cluster") or self.acronyms.get(key, "")
            row = known.labels.get(key)
            if row is None:
                row = {"cluster_id": key, "role": said["role"], "date": said["date"]}
                if self._may_be_given(known, row, shown, one):
                    if known.editable and (known.kept or row["role"] == "co"):
                        added.append(row)
                        known.labels[key] = {**row, **_just_added(row)}
                    else:
                        proposed.append(row)
            elif changes := self._label_changed(known, row, said, shown, one):
                if not self._is_hers(key):
                    one.problems.append(("lead_cluster", "project-label-of-others", {"value": shown}))
                elif known.editable and (known.kept or "role" not in changes):
                    moved += _moved(row, changes, cluster_id=key)
                    row.update({name: new for name, (_old, new) in changes.items()})
                    row["told"] = True
                else:
                    proposed.append({"cluster_id": key, "role": row["role"], "date": row["date"],
                                     **{name: new for name, (_old, new) in changes.items()}})  # fmt: skip
        _recorded(True, one, "labels", added, moved)
        _recorded(False, one, "labels", proposed, [])

    def _is_hers(self, cluster: int) -> bool:
        return self.rights.network or cluster in self.rights.clusters

    def _may_be_given(self, known: Known, row: dict[str, Any], shown: str, one: Planned) -> bool:
        code = ""
        if not row["date"]:
            code = "project-label-undated"
        elif row["role"] == "lead" and known.lead is not None:
            code = "project-lead-other"
        elif not self._is_hers(row["cluster_id"]):
            code = "project-label-of-others"
        elif row["role"] == "co" and known.lead is None and known.kept and not self.rights.network:
            code = "project-label-without-lead"
        if code:
            one.problems.append(("lead_cluster" if row["role"] == "lead" else "other_clusters", code, {"value": shown}))
        return not code

    def _label_changed(
        self, known: Known, row: dict[str, Any], said: dict[str, Any], shown: str, one: Planned
    ) -> dict[str, Change]:
        moved: dict[str, Change] = {}
        if said["date"] and said["date"] != row["date"] and not row.get("told"):
            moved["date"] = [row["date"], said["date"]]
        if said["role"] == "lead" and row["role"] == "co":
            if known.lead is None:
                moved["role"] = ["co", "lead"]
            else:
                one.problems.append(("lead_cluster", "project-lead-other", {"value": shown}))
        elif said["role"] == "co" and row["role"] == "lead" and not row.get("told"):
            one.problems.append(("other_clusters", "project-lead-stays", {"value": shown}))
        return moved

    def _cluster(self, known: Known, said: dict[str, Any], one: Planned) -> int | None:
        if said.get("own"):
            return self.batch.cluster_id
        found = self.clusters.get(fold(said["cluster"]), set())
        if len(found) > 1:
            found = found & known.labels.keys() or found
        if len(found) == 1:
            return next(iter(found))
        code = "project-cluster-several" if found else "project-cluster-unknown"
        one.problems.append(
            ("lead_cluster" if said["role"] == "lead" else "other_clusters", code, {"value": said["cluster"]})
        )
        return None

    # --- who paid -----------------------------------------------------------------------------------------------------
    def _fundings(self, known: Known, values: dict[str, Any], one: Planned) -> None:
        spoken_of: list[dict[str, Any]] = []
        added, moved = [], []
        for said in values.get("fundings", ()):
            programme = self._programme(known, said, one)
            if programme is None:
                continue
            free = [
                row for row in known.fundings
                if row["programme_id"] == programme and not any(row is other for other in spoken_of)
            ]  # fmt: skip
            row, code = _funding_meant(free, said)
            if code:
                one.problems.append(("programmes", code, {"value": said["programme"]}))
            elif row is None:
                row = {"programme_id": programme, "amount": said["amount"], "date": said["date"]}
                added.append(row)
                kept = {**row, **_just_added(row)}
                spoken_of.append(kept)
                if known.kept:
                    known.fundings.append(kept)
            else:
                spoken_of.append(row)
                if said["amount"] is not None and not _same("amount", row["amount"], said["amount"]):
                    if row.get("told") and row["amount"] is not None:
                        one.problems.append(("programmes", "project-funding-other", {"value": said["programme"]}))
                        continue
                    change = [row["amount"], said["amount"]]
                    moved += _moved(row, {"amount": change}, programme_id=programme)
                    row["amount"] = said["amount"]
                row["told"] = True
        _recorded(known.kept, one, "fundings", added, moved)

    def _programme(self, known: Known, said: dict[str, Any], one: Planned) -> int | None:
        found = self.programmes.get(fold(said["programme"]), set())
        if len(found) > 1:
            found = found & {row["programme_id"] for row in known.fundings} or found
        if len(found) == 1:
            return next(iter(found))
        code = "project-programme-several" if found else "project-programme-unknown"
        one.problems.append(("programmes", code, {"value": said["programme"]}))
        return None


AT_CONFIRMATION = frozenset({"line-first-refused", "line-constraint", "line-changed-since"})


def _settle(one: Planned, number: int) -> None:
    if "create" in one.changes:
        one.action = Action.CREATE
    elif one.changes.keys() - {"proposed"}:
        one.action = Action.UPDATE
    elif number:
        one.action, one.rule = Action.SKIP, "repeat"
    if number and not one.rule:
        one.rule = "repeat"


def _recorded(kept: bool, one: Planned, key: str, added: list[dict[str, Any]], moved: list[dict[str, Any]]) -> None:
    """Rows added, and rows that change, of what is kept; of what is not, as they would be."""
    if kept:
        if added:
            one.changes[key] = added
        if moved:
            one.changes[f"{key}_set"] = moved
    elif added or moved:
        as_they_would_be = [
            *added,
            *({name: value[1] if isinstance(value, list) else value for name, value in row.items() if name != "id"} for row in moved),
        ]  # fmt: skip
        one.changes.setdefault("proposed", {})[key] = [[], as_they_would_be]


def _just_added(row: dict[str, Any]) -> dict[str, Any]:
    """What is kept beside a row that a line adds, so that a later one can fill its blanks."""
    return {"id": None, "told": True, "added": row}


def _moved(row: dict[str, Any], changes: dict[str, Change], **which: int) -> list[dict[str, Any]]:
    """The change of a row that is there; one that a line adds is added otherwise."""
    if row["id"] is None:
        row["added"].update({name: new for name, (_old, new) in changes.items()})
        return []
    return [{"id": row["id"], **which, **changes}]


def _unlike(row: dict[str, Any], said: dict[str, Any], coordinates: bool) -> tuple[bool, int]:
    others = sum(not _same(name, row[name], said.get(name)) for name in ("cost", "public_funding"))
    return (row["role"] == "coordinator") != coordinates, others


def _funding_meant(free: list[dict[str, Any]], said: dict[str, Any]) -> tuple[dict[str, Any] | None, str]:
    """Which of the fundings that are known of one programme, or why that cannot be said; neither where it is a new one."""
    if said["date"]:
        free = [row for row in free if row["date"] == said["date"]]
    same = [row for row in free if _same("amount", row["amount"], said["amount"])]
    if same and (said["date"] or len(same) == 1):
        return same[0], ""
    if len(free) == 1:
        return free[0], ""
    if free and said["amount"] is None and said["date"]:
        return free[0], ""
    if free:
        return None, "project-funding-several"
    return (None, "") if said["date"] else (None, "project-funding-undated")


def _known(line: list[Any]) -> Known:
    _line, _together, key, _rule, _values, _problems, kept, editable, columns, themes, partners, labels, fundings = line
    known = Known(key, bool(kept), bool(editable))
    if columns is None:
        return known
    known.columns = columns
    known.themes = set(themes or ())
    known.partners = {row["organisation_id"]: row for row in partners or ()}
    known.labels = {row["cluster_id"]: row for row in labels or ()}
    known.fundings = fundings or []
    return known


def _same(name: str, old: Any, new: Any, *, exactly: bool = False) -> bool:
    if name in SUMS:
        return (old is None and new is None) or (
            old is not None and new is not None and Decimal(str(old)) == Decimal(str(new))
        )
    if old in BLANK and new in BLANK:
        return True
    if name == "website":
        return str(old or "").rstrip("/") == str(new).rstrip("/")
    if name in NAMES and not exactly:
        return fold(str(old or "")) == fold(str(new))
    return old == new
