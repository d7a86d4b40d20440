"""What became of a line, in words: whom it speaks of and why, each value old and new, what stands in the way.

A page of lines asks for what it names with a few queries, whatever their number, and names nothing that its reader may
not choose.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Value
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy, pgettext_lazy

from cluster_portal.writing.translated import active_language
from cluster_portal.writing.typography import date_short, number
from members.countries import HOME, country_name
from members.models import Cluster, Department, ImportRow, Organisation, OrganisationName, Region, Site, Theme
from members.models.imports import Action

from .cells import RepairCode
from .fields import BY_NAME
from .problems import said
from .subjects import HANDLINGS
from .values import CHOICES, readable

# Why a line speaks of whom, or is asked about.
RULES = {
    "page": pgettext_lazy("why a line is about an organisation", "same address of its page here"),
    "siret": pgettext_lazy("why a line is about an organisation", "same SIRET"),
    "siren": pgettext_lazy("why a line is about an organisation", "same SIREN"),
    "rnsr": pgettext_lazy("why a line is about an organisation", "same RNSR number"),
    "uai": pgettext_lazy("why a line is about an organisation", "same UAI code"),
    "ror": pgettext_lazy("why a line is about an organisation", "same ROR id"),
    "website": pgettext_lazy("why a line is about an organisation", "same website"),
    "name": pgettext_lazy("why a line is about an organisation", "same name in the same department"),
    "same_website": pgettext_lazy(
        "why a line is about an organisation", "a website that several lines of the file have"
    ),
    "elsewhere": pgettext_lazy("why a line is about an organisation", "same name, in another department or in none"),
    "similar": pgettext_lazy("why a line is about an organisation", "similar name in the same department"),
    "several": pgettext_lazy("why a line is about an organisation", "it may be several"),
    "archived": pgettext_lazy("why a line is about an organisation", "it is archived here"),
    "contradicted": pgettext_lazy("why a line is about an organisation", "another kind or another number stands here"),
    "hidden": pgettext_lazy("why a line is about an organisation", "another cluster keeps it, not published yet"),
    "unread": pgettext_lazy("why a line is about an organisation", "what stands in the line"),
    "follows": pgettext_lazy("why a line is about an organisation", "it follows a line that is refused"),
    "repeat": pgettext_lazy("why a line is about an organisation", "speaks of the same as an earlier line"),
    "site": pgettext_lazy("why a line is about an organisation", "a further site of the same as an earlier line"),
}
LABELS = {
    "department_id": gettext_lazy("department"),
    "region_id": gettext_lazy("region"),
    "head_office": gettext_lazy("head office"),
    "names": gettext_lazy("other names"),
    "themes": BY_NAME["themes"].label,
    "units": BY_NAME["unit_numbers"].label,
    "further": gettext_lazy("further official numbers"),
    "supervisors": BY_NAME["supervisors"].label,
    "site": gettext_lazy("site"),
    "membership": gettext_lazy("membership"),
    "contact": gettext_lazy("contact person"),
}
LABELS_OF_A_PERSON = {
    "name": BY_NAME["contact_name"].label, "role": BY_NAME["contact_role"].label,
    "email": BY_NAME["contact_email"].label, "phone": BY_NAME["contact_phone"].label,
}  # fmt: skip
UNREAD = "unread"  # its problems say why
ORDER = ("create", "set", "names", "units", "further", "themes", "supervisors", "site", "site_set", "membership", "membership_set",
         "contact", "contact_set")  # fmt: skip
IN_ONE_CELL = frozenset({"names", "themes", "units", "further", "supervisors", "site", "membership", "contact"})
NOT_SHOWN = frozenset({"id", "head_office"})
# What was written, by the key under which it is counted; of a key that is not here the number alone is told.
WRITTEN: dict[str, Any] = {
    "organisations": ngettext_lazy("%(count)s organisation made", "%(count)s organisations made", "count"),
    "published": ngettext_lazy("%(count)s of them published", "%(count)s of them published", "count"),
    "changed": ngettext_lazy("%(count)s organisation changed", "%(count)s organisations changed", "count"),
    "membership": ngettext_lazy("%(count)s membership made", "%(count)s memberships made", "count"),
    "memberships_changed": ngettext_lazy("%(count)s membership changed", "%(count)s memberships changed", "count"),
    "ended": ngettext_lazy("%(count)s membership ended", "%(count)s memberships ended", "count"),
    "site": ngettext_lazy("%(count)s site added", "%(count)s sites added", "count"),
    "sites_changed": ngettext_lazy("%(count)s site changed", "%(count)s sites changed", "count"),
    "names": ngettext_lazy("%(count)s other name added", "%(count)s other names added", "count"),
    "themes": ngettext_lazy("%(count)s theme added", "%(count)s themes added", "count"),
    "units": ngettext_lazy("%(count)s unit number added", "%(count)s unit numbers added", "count"),
    "further": ngettext_lazy("%(count)s further number added", "%(count)s further numbers added", "count"),
    "supervisors": ngettext_lazy("%(count)s supervising body added", "%(count)s supervising bodies added", "count"),
    "contact": ngettext_lazy("%(count)s contact person added", "%(count)s contact persons added", "count"),
    "contacts_changed": ngettext_lazy("%(count)s contact person changed", "%(count)s contact persons changed", "count"),
}


class InFigures(int):
    """A number that a sentence writes as its language does, and counts with all the same."""

    def __str__(self) -> str:
        return number(int(self))


def label_of(name: str) -> str:
    """Of a field of a file, or of a column of the database."""
    if name in LABELS:
        return str(LABELS[name])
    for handling in HANDLINGS.values():
        for one in handling.fields:
            if one.name == name:
                return str(one.label)
    return name


def _place_of(name: str) -> int:
    """Among the fields of a file, for what the database keeps in no order."""
    known = list(BY_NAME)
    return known.index(name) if name in BY_NAME else len(known)


def repair_in_words(code: str) -> str:
    return str(RepairCode(code).label) if code in RepairCode.values else code


@dataclass(frozen=True, slots=True)
class Mention:
    """What a line is about, or may be: as much as tells it from its namesakes."""

    key: int
    name: str
    url: str
    place: str = ""
    number: str = ""
    keeper: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Candidate:
    mention: Mention
    why: str
    percent: int | None
    chosen: bool


@dataclass(slots=True)
class Told:
    """A line of a file as a page tells it."""

    row: ImportRow
    name: str
    state: str
    why: str = ""
    match: Mention | None = None
    changes: list[Change] = field(default_factory=list)
    proposed: list[Change] = field(default_factory=list)
    repairs: list[tuple[str, str, str, str]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)

    @property
    def is_asked(self) -> bool:
        return bool(self.row.decision) or self.row.action == Action.ASK


class Telling:
    """Lines of members, for one reader. What holds other things derives from it, and says ``mentions``."""

    written = WRITTEN

    def __init__(self, rows: Iterable[ImportRow], user) -> None:
        self.rows, self.user = list(rows), user

    def __iter__(self) -> Iterator[Told]:
        for row in self.rows:
            yield self.told(row)

    # --- what the lines name ------------------------------------------------------------------------------------------
    @cached_property
    def mentions(self) -> dict[int, Mention]:
        keys = {
            key for row in self.rows for key in (row.match, row.decided, *(one[0] for one in row.candidates)) if key
        }
        keys |= {key for row in self.rows for key in self._rows_of(row, "supervisors")}
        if not keys:
            return {}
        rows = Organisation.objects.selectable_by(self.user).with_lead().filter(pk__in=keys)
        hers = set(Organisation.objects.editable_by(self.user).filter(pk__in=keys).values_list("pk", flat=True))
        known = list(rows.only("name", "slug", "kind", "siren", "country", "status", "lead_cluster"))
        sites: dict[int, str] = {}
        for site in Site.objects.filter(organisation__in=[one.pk for one in known]).select_related(
            "department", "region"
        ):
            if site.organisation_id not in sites or site.head_office:
                sites[site.organisation_id] = site.place
        keepers = {one.pk: str(one) for one in Cluster.objects.selectable_by(self.user)} if self._proposing() else {}
        return {
            one.pk: Mention(
                one.pk,
                one.name,
                reverse("admin:members_organisation_change", args=[one.pk])
                if one.pk in hers
                else one.get_absolute_url(),
                sites.get(one.pk, ""),
                one.siren,
                keepers.get(one.lead, ""),
            )
            for one in known
        }

    def _proposing(self) -> bool:
        return any("proposed" in row.changes for row in self.rows)

    @cached_property
    def names(self) -> dict[tuple[str, int], str]:
        """Of departments, regions and themes."""
        departments = (
            Department.objects.order_by().annotate(what=Value("department_id")).values_list("what", "pk", "name")
        )
        regions = Region.objects.order_by().annotate(what=Value("region_id")).values_list("what", "pk", "name")
        themes = Theme.objects.order_by().annotate(what=Value("themes")).values_list("what", "pk", "name_fr")
        english = (
            Theme.objects.order_by().annotate(what=Value("themes in English")).values_list("what", "pk", "name_en")
        )
        return {(what, pk): name for what, pk, name in departments.union(regions, themes, english, all=True)}

    @staticmethod
    def _rows_of(row: ImportRow, key: str) -> list[Any]:
        of_another = row.changes.get("proposed", {}).get(key)
        return row.changes.get(key) or (of_another[1] if of_another else [])

    # --- a line -------------------------------------------------------------------------------------------------------
    def told(self, row: ImportRow) -> Told:
        why = "" if row.rule == UNREAD else self.rule(row.rule)
        told = Told(row, self.name_of(row), str(Action(row.action).label), why)
        told.match = self.mentions.get(row.match) if row.match else None
        if row.match and told.match is None and "create" not in row.changes:
            return self._of_another(told)
        told.changes = list(self.changes(row))
        told.proposed = [self.change(name, old, new) for name, (old, new) in row.changes.get("proposed", {}).items()]
        told.repairs = [
            (label_of(name), repair_in_words(code), str(before), str(after))
            for name, code, before, after in row.repairs
        ]
        told.problems = [(label_of(name) if name else "", said(code, params)) for name, code, params in row.problems]
        told.candidates = [
            Candidate(self.mentions[key], self.rule(rule), self._percent(rule, score), row.decided == key)
            for key, rule, score in row.candidates
            if key in self.mentions
        ]
        return told

    def _of_another(self, told: Told) -> Told:
        """Of what its reader may not know, whoever checked the file: what stands in the line, and nothing of what is here."""
        told.problems = [
            (label_of(name) if name else "", said(code, params))
            for name, code, params in told.row.problems
            if code != "line-another-number"
        ]
        return told

    @staticmethod
    def _percent(rule: str, score: float | None) -> int | None:
        return round(100 * score) if rule == "similar" and score is not None else None

    def name_of(self, row: ImportRow) -> str:
        values = row.values
        return str(values.get("name") or values.get("acronym") or values.get("siret") or values.get("siren") or "")

    @staticmethod
    def rule(code: str) -> str:
        return str(RULES.get(code, code))

    def changes(self, row: ImportRow) -> Iterator[Change]:
        """In the order in which a form asks for it: the database keeps another."""
        for key in sorted(
            row.changes.keys() - {"proposed"}, key=lambda one: ORDER.index(one) if one in ORDER else len(ORDER)
        ):
            what = row.changes[key]
            if key == "create":
                for name in sorted(what, key=_place_of):
                    yield self.change(name, None, what[name])
            elif key == "set" or key.endswith("_set"):
                for name in sorted(what.keys() - NOT_SHOWN, key=_place_of):
                    yield self.change(name, *what[name], of=key.removesuffix("_set"))
            else:
                yield self.change(key, None, what)

    def change(self, name: str, old: Any, new: Any, of: str = "") -> Change:
        label = LABELS_OF_A_PERSON.get(name) if of == "contact" else None
        return Change(capfirst(str(label or label_of(name))), self.worded(name, old), self.worded(name, new))

    def worded(self, name: str, value: Any) -> str:
        """A value as its reader knows it."""
        if value in (None, "", [], {}):
            return ""
        if name in IN_ONE_CELL:
            return self._in_one_cell(name, value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if name in CHOICES:
            return readable(name, value)
        if name in ("department_id", "region_id"):
            return self.names.get((name, value), "")
        if name == "country":
            return country_name(value)
        if name.endswith("_on"):
            return str(date_short(date.fromisoformat(value)))
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    def _in_one_cell(self, name: str, value: Any) -> str:
        if name == "themes":
            return ", ".join(self.theme(pk) for pk in value)
        if name == "supervisors":
            return ", ".join(self.mentions[pk].name for pk in value if pk in self.mentions)
        if name == "names":
            return ", ".join(f"{one} ({OrganisationName.Kind(kind).label})" for one, kind in value)
        if name == "units":
            return ", ".join(" ".join(one) for one in value)
        if name == "further":
            return ", ".join(f"{kind.upper()} {number}" for kind, number in value)
        if name == "membership":
            parts = [value.get("category"), self._days(value)]
            return ", ".join(filter(None, parts)) or _("member, since when is not known")
        if name == "contact":
            return ", ".join(filter(None, (value.get(one) for one in ("name", "role", "email", "phone"))))
        return self._site(value)

    def _days(self, value: dict[str, Any]) -> str:
        joined, left = (self.worded("joined_on", value.get(name)) for name in ("joined_on", "left_on"))
        if joined and left:
            return _("from %(joined)s until %(left)s") % {"joined": joined, "left": left}
        if left:
            return _("until %(left)s") % {"left": left}
        return _("since %(joined)s") % {"joined": joined} if joined else ""

    def _site(self, value: dict[str, Any]) -> str:
        town = " ".join(filter(None, (value.get("postcode"), value.get("city"))))
        area = self.worded("department_id", value.get("department_id")) or self.worded(
            "region_id", value.get("region_id")
        )
        abroad = value.get("country") not in (None, "", HOME)
        parts = [value.get("address"), town, area, country_name(value["country"]) if abroad else ""]
        if value.get("siret"):
            parts.append(f"SIRET {value['siret']}")
        return ", ".join(filter(None, parts))

    def theme(self, pk: int) -> str:
        english = active_language() == "en" and self.names.get(("themes in English", pk))
        return english or self.names.get(("themes", pk), "")


def sentences_of(row: ImportRow) -> list[str]:
    """Why a line is not imported, or not all of it."""
    found = []
    if row.action == Action.ASK:
        found.append(_("To decide: %(why)s.") % {"why": Telling.rule(row.rule)})
    for name, code, params in row.problems:
        sentence = said(code, params)
        found.append(f"{capfirst(label_of(name))}: {sentence}" if name else sentence)
    return found
