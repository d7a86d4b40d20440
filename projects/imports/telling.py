"""What became of a line of projects, in words: which project it is about and why, what it would change of it."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy, npgettext_lazy, pgettext_lazy

from cluster_portal.writing.typography import date_short, euros_in_full
from members.imports import telling
from members.imports.telling import RULES, Change, Mention
from members.models import Cluster, ImportRow, Organisation
from projects.models import Participation, Programme, Project, ProjectLabel

from .differences import COLUMNS, SUMS
from .fields import BY_NAME

RULES |= {
    "acronym-title": pgettext_lazy("why a line is about a project", "same acronym and same title"),
    "acronym-year": pgettext_lazy("why a line is about a project", "same acronym and same first year"),
    "title-year": pgettext_lazy("why a line is about a project", "same title and same first year"),
    "title": pgettext_lazy("why a line is about a project", "same title"),
    "title-only": pgettext_lazy("why a line is about a project", "same title, and nothing else that says so"),
    "acronym": pgettext_lazy("why a line is about a project", "same acronym, and nothing else that says so"),
    "similar-title": pgettext_lazy("why a line is about a project", "similar title"),
}
LISTS = {
    "partners": BY_NAME["partners"].label,
    "labels": pgettext_lazy("of a project", "labels"),
    "fundings": pgettext_lazy("of a project", "fundings"),
}
ORDER = (
    "create",
    "set",
    *COLUMNS,
    "themes",
    "partners",
    "partners_set",
    "labels",
    "labels_set",
    "fundings",
    "fundings_set",
)
WRITTEN: dict[str, Any] = {
    "projects": ngettext_lazy("%(count)s project made", "%(count)s projects made", "count"),
    "published": npgettext_lazy("projects", "%(count)s of them published", "%(count)s of them published", "count"),
    "projects_changed": ngettext_lazy("%(count)s project changed", "%(count)s projects changed", "count"),
    "themes": ngettext_lazy("%(count)s theme added", "%(count)s themes added", "count"),
    "partners": ngettext_lazy("%(count)s participation added", "%(count)s participations added", "count"),
    "partners_changed": ngettext_lazy("%(count)s participation changed", "%(count)s participations changed", "count"),
    "labels": ngettext_lazy("%(count)s label added", "%(count)s labels added", "count"),
    "labels_changed": ngettext_lazy("%(count)s label changed", "%(count)s labels changed", "count"),
    "fundings": ngettext_lazy("%(count)s funding added", "%(count)s fundings added", "count"),
    "fundings_changed": ngettext_lazy("%(count)s funding changed", "%(count)s fundings changed", "count"),
}


class Telling(telling.Telling):
    """Lines of projects, for one reader."""

    written = WRITTEN

    def __init__(self, rows: Iterable[ImportRow], user) -> None:
        super().__init__(rows, user)
        for row in self.rows:
            row.changes = _in_order(row.changes)

    @cached_property
    def mentions(self) -> dict[int, Mention]:
        keys = {
            key for row in self.rows for key in (row.match, row.decided, *(one[0] for one in row.candidates)) if key
        }
        if not keys:
            return {}
        hers = set(Project.objects.editable_by(self.user).filter(pk__in=keys).values_list("pk", flat=True))
        leads = ProjectLabel.objects.filter(
            project__in=keys, role="lead", cluster__in=Cluster.objects.selectable_by(self.user)
        ).select_related("cluster")
        keepers = {label.project_id: str(label.cluster) for label in leads} if self._proposing() else {}
        known = Project.objects.selectable_by(self.user).filter(pk__in=keys).defer("summary_fr", "summary_en")
        return {
            one.pk: Mention(
                one.pk,
                " · ".join(filter(None, (one.acronym, one.title))),
                reverse("admin:projects_project_change", args=[one.pk]) if one.pk in hers else one.get_absolute_url(),
                str(one.start.year) if one.start else "",
                "",
                keepers.get(one.pk, ""),
            )
            for one in known
        }

    @cached_property
    def others(self) -> dict[tuple[str, int], str]:
        """Names of the organisations, clusters and programmes that stand among the changes."""
        keys: dict[str, set[int]] = {"organisation_id": set(), "cluster_id": set(), "programme_id": set()}
        for row in self.rows:
            for one in _listed(row):
                for name in keys.keys() & one.keys():
                    keys[name].add(one[name])
        found: dict[tuple[str, int], str] = {}
        for name, rows in (
            ("organisation_id", Organisation.objects.selectable_by(self.user)),
            ("cluster_id", Cluster.objects.selectable_by(self.user)),
            ("programme_id", Programme.objects.all()),
        ):
            if keys[name]:
                found |= {(name, one.pk): str(one) for one in rows.filter(pk__in=keys[name])}
        return found

    @staticmethod
    def _percent(rule: str, score: float | None) -> int | None:
        return round(100 * score) if rule == "similar-title" and score is not None else None

    def name_of(self, row: ImportRow) -> str:
        values = row.values
        title = values.get("title_fr") or values.get("title_en")
        return " · ".join(filter(None, (values.get("acronym"), title))) or str(values.get("slug", ""))

    def changes(self, row: ImportRow) -> Iterator[Change]:
        for key, said in row.changes.items():
            if key == "create":
                for name, value in said.items():
                    yield self.change(name, None, value)
            elif key == "set":
                for name, moved in said.items():
                    yield self.change(name, *moved)
            elif key.endswith("_set"):
                yield from self._rows_changed(key.removesuffix("_set"), said)
            elif key != "proposed":
                yield self.change(key, None, said)

    def change(self, name: str, old: Any, new: Any, of: str = "") -> Change:
        label = LISTS.get(name) or telling.label_of(name)
        return Change(capfirst(str(label)), self.worded(name, old), self.worded(name, new))

    def _rows_changed(self, key: str, rows: list[dict[str, Any]]) -> Iterator[Change]:
        for row in rows:
            which = self._which(row)
            old, new = (
                {name: value[side] for name, value in row.items() if isinstance(value, list)} for side in (0, 1)
            )
            told = [self._row(key, one) or _("not known") for one in (old, new)]
            yield Change(f"{capfirst(str(LISTS[key]))} – {which}", *told)

    def worded(self, name: str, value: Any) -> str:
        if name in LISTS and value:
            return "; ".join(
                f"{self._which(row)} ({told})" if (told := self._row(name, row)) else self._which(row) for row in value
            )
        if value is not None and value != "" and name in SUMS:
            return str(euros_in_full(Decimal(str(value))))
        if value and name in ("start", "end"):
            return _day(value)
        return super().worded(name, value)

    def _which(self, row: dict[str, Any]) -> str:
        return next((self.others.get((name, key), "") for name, key in row.items() if name.endswith("_id")), "")

    def _row(self, key: str, row: dict[str, Any]) -> str:
        """What is said of a partner, a label or a funding beside its name."""
        role, parts = row.get("role"), []
        if role:
            parts.append(str((ProjectLabel if key == "labels" else Participation).Role(role).label))
        if row.get("date"):
            parts.append(_day(row["date"]))
        for name, label in (("amount", ""), ("cost", _("cost")), ("public_funding", _("public funding"))):
            if row.get(name) is not None:
                parts.append(f"{label} {euros_in_full(Decimal(str(row[name])))}".strip())
        return ", ".join(parts)


def _in_order(changes: dict[str, Any]) -> dict[str, Any]:
    """As a form asks for it: the database keeps the keys in an order of its own."""
    return {
        key: _in_order(changes[key]) if key in ("create", "set", "proposed") else changes[key]
        for key in sorted(changes, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
    }


def _listed(row: ImportRow) -> Iterator[dict[str, Any]]:
    for key in LISTS:
        yield from row.changes.get(key, ())
        yield from row.changes.get(f"{key}_set", ())
        yield from row.changes.get("proposed", {}).get(key, [[], []])[1]


def _day(text: str) -> str:
    return str(date_short(date.fromisoformat(text)))
