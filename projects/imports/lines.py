"""A line of a file of projects, read: the project, and in lists that stand beside one another its partners, labels and
fundings. Lists that do not align are never guessed at: what stands beside the names is left out and told."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import chain
from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import override

from cluster_portal.records.search import fold
from members.imports import cells
from members.imports.cells import Cell
from members.imports.cells.repairs import problem
from members.imports.fields import Field
from members.imports.lines import Line, LineReader
from projects.models import Participation, ProjectLabel

from .fields import BY_NAME, IDENTIFYING

OF_PARTNERS = (
    "partners", "partner_sirens", "partner_sirets", "partner_numbers", "partner_roles", "partner_towns",
    "partner_departments", "partner_costs", "partner_fundings",
)  # fmt: skip
NAMING = ("partners", "partner_sirets", "partner_sirens", "partner_numbers")  # which organisation, the usual first
OF_COORDINATOR = ("coordinator", "coordinator_number", "coordinator_cost", "coordinator_funding")
OF_LEAD, OF_OTHERS = ("lead_cluster", "label_roles", "labelled_on"), ("other_clusters", "other_labelled_on")
OF_FUNDINGS = ("programmes", "funding_amounts", "funded_on")
TOGETHER = frozenset((*OF_PARTNERS, *OF_COORDINATOR, *OF_LEAD, *OF_OTHERS, *OF_FUNDINGS))
MOST = Decimal(10) ** 12  # euros, below which an amount is
# How people say it beside the labels of the portal; folded.
ROLES = {
    **dict.fromkeys(("coordinateur", "coordonnateur", "coordinatrice", "porteur", "porteuse", "porteur du projet", "chef de file", "leader", "lead", "pilote", "coord", "project leader"), "coordinator"),
    **dict.fromkeys(("partenaire", "participant", "membre", "beneficiaire", "associe", "beneficiary", "member"), "partner"),
}  # fmt: skip
ROLES_OF_LABELS = {
    **dict.fromkeys(("chef de file", "pilote", "principal", "leader", "lead", "labellisateur", "labelling", "pole leader"), "lead"),
    **dict.fromkeys(("co", "co labellisateur", "colabellisateur", "co labellisation", "co labelling", "secondaire", "associe"), "co"),
}  # fmt: skip


def read_amount(text: str) -> Cell:
    """As the database keeps it: to the cent."""
    cell = cells.read_amount(text)
    if cell.value is None:
        return cell
    if abs(cell.value) >= MOST or cell.value != round(cell.value, 2):
        return problem("project-amount-cents", text.strip(), cell.repairs)
    return cell


def read_number(text: str) -> Cell:
    """[kind, number] of whichever kind it is: as it stands, before any is made right by a repair."""
    known = [(kind, cell) for kind, read in NUMBERS if (cell := read(text)).value is not None and not cell.problem]
    for kind, cell in sorted(known, key=lambda one: len(one[1].repairs)):
        return Cell([kind, cell.value], cell.repairs)
    return problem("project-number", text.strip())


NUMBERS: tuple[tuple[str, Callable[[str], Cell]], ...] = (
    ("siret", cells.read_siret), ("siren", cells.read_siren), ("rnsr", cells.read_rnsr), ("uai", cells.read_uai),
    ("ror", cells.read_ror),
)  # fmt: skip


@cache
def _roles(of_labels: bool) -> dict[str, str]:
    choices, said = (ProjectLabel.Role, ROLES_OF_LABELS) if of_labels else (Participation.Role, ROLES)
    known = dict(said)
    for language, _name in settings.LANGUAGES:
        with override(language):
            known |= {fold(str(label)): value for value, label in choices.choices}
    return known | {value: value for value in choices.values}


def read_role(text: str, *, of_labels: bool) -> Cell:
    role = _roles(of_labels).get(fold(text))
    if role is None:
        return problem("project-role", text.strip())
    return Cell(role)


READERS: dict[str, Callable[[str], Cell]] = {
    "acronym": lambda text: cells.read_name(text, 60),
    "title_fr": cells.read_name,
    "title_en": cells.read_name,
    "slug": cells.read_text,
    "summary_fr": cells.read_text,
    "summary_en": cells.read_text,
    "website": cells.read_website,
    "national": cells.read_yes_no,
    "start": cells.read_date,
    "end": cells.read_date,
    "total_cost": read_amount,
    "public_funding": read_amount,
    "coordinator": cells.read_name,
    "coordinator_number": read_number,
    "coordinator_cost": read_amount,
    "coordinator_funding": read_amount,
    "partners": cells.read_name,
    "partner_sirens": cells.read_siren,
    "partner_sirets": cells.read_siret,
    "partner_numbers": read_number,
    "partner_roles": lambda text: read_role(text, of_labels=False),
    "partner_towns": cells.read_city,
    "partner_costs": read_amount,
    "partner_fundings": read_amount,
    "lead_cluster": cells.read_name,
    "labelled_on": cells.read_date,
    "label_roles": lambda text: read_role(text, of_labels=True),
    "other_clusters": cells.read_name,
    "other_labelled_on": cells.read_date,
    "programmes": cells.read_name,
    "funding_amounts": read_amount,
    "funded_on": cells.read_date,
}


def parts(text: str) -> list[str]:
    """What stands in one cell, parted by "|" where there is one, and else by ";" or lines. A blank keeps its place, for
    the sake of the columns beside it."""
    if not text or text.isspace():
        return []
    if "|" in text:
        return [piece.strip() for piece in text.split("|")]
    pieces = [piece.strip() for piece in re.split(r";|\r\n?|\n", text)]
    while len(pieces) > 1 and not pieces[-1]:
        pieces.pop()
    return pieces


def beside(names: list[list[str]], others: list[list[str]]) -> list[str] | None:
    """What stands beside each name, of columns with several; None where it does not say beside which."""
    pairs = (
        list(zip(names, others, strict=True))
        if len(names) == len(others)
        else [(list(chain(*names)), list(chain(*others)))]
    )
    found: list[str] = []
    for of_names, of_others in pairs:
        if not any(of_others):
            found += [""] * len(of_names)
        elif len(of_names) == len(of_others):
            found += of_others
        else:
            return None
    return found


class ProjectReader(LineReader):
    """Reads the lines of one batch of projects."""

    fields: ClassVar[Mapping[str, Field]] = BY_NAME
    identifiers: ClassVar[frozenset[str]] = frozenset()

    @property
    def readers(self) -> Mapping[str, Callable[[str], Cell]]:
        return READERS

    def line(self, row: Sequence[str]) -> Line:
        line = Line()
        for name, indexes in self.columns.items():
            if name not in TOGETHER:
                self._field(line, name, [row[index] for index in indexes if index < len(row)])
        if "themes" not in self.columns and (themes := self.constants.get("themes")):
            line.values["themes"] = sorted(themes)
        for key, rows in (
            ("partners", [*self._coordinator(line, row), *self._partners(line, row)]),
            ("labels", self._labels(line, row)),
            ("fundings", self._fundings(line, row)),
        ):
            if rows:
                line.values[key] = rows
        if not any(line.values.get(name) for name in IDENTIFYING):
            line.refuse("title_fr", "project-nameless")
        return line

    # --- lists beside one another -------------------------------------------------------------------------------------
    def _cells(self, row: Sequence[str], name: str) -> list[list[str]]:
        return [parts(row[index]) if index < len(row) else [] for index in self.columns.get(name, ())]

    def _together(
        self, line: Line, row: Sequence[str], names: Sequence[str], naming: Sequence[str], unnamed: str
    ) -> list[dict[str, Any]]:
        """For each of several its values by field. ``naming``: the fields of which one says how many there are."""
        texts = {name: self._cells(row, name) for name in names}
        first = next((name for name in naming if any(chain(*texts[name]))), None)
        if first is None:
            for name in names:
                for text in filter(None, chain(*texts[name])):
                    line.leave_out(name, unnamed, value=text)
            return []
        several: list[dict[str, Any]] = [{} for _each in chain(*texts[first])]
        for name in names:
            found = beside(texts[first], texts[name])
            if found is None:
                numbers = {"number": len(list(chain(*texts[name]))), "beside": len(several)}
                line.leave_out(name, "project-not-aligned", **numbers)
                continue
            for one, text in zip(several, found, strict=True):
                if text and (value := self._part(line, name, text)) is not None:
                    one[name] = value
        for one in several:
            if not any(name in one for name in naming):
                for name, value in one.items():
                    line.leave_out(name, unnamed, value=str(value))
                one.clear()
        return list(filter(None, several))

    def _part(self, line: Line, name: str, text: str) -> Any:
        cell = self.places.department(text) if name == "partner_departments" else self.readers[name](text)
        if cell.problem:
            self._told(line, name, cell)
        return self._repaired(line, name, cell)

    def _coordinator(self, line: Line, row: Sequence[str]) -> list[dict[str, Any]]:
        of_it = OF_COORDINATOR
        texts = {name: [row[i].strip() for i in self.columns.get(name, ()) if i < len(row)] for name in of_it}
        values = {name: self._part(line, name, text[0]) for name, text in texts.items() if text and text[0]}
        found = {name: value for name, value in values.items() if value is not None}
        if not found.keys() & {"coordinator", "coordinator_number"}:
            for name, value in found.items():
                line.leave_out(name, "project-of-nobody", value=str(value))
            return []
        named = _named(found.get("coordinator"), [found["coordinator_number"]] if "coordinator_number" in found else [])
        sums = _sums(found.get("coordinator_cost"), found.get("coordinator_funding"))
        return [{**named, **sums, "role": "coordinator"}]

    def _partners(self, line: Line, row: Sequence[str]) -> list[dict[str, Any]]:
        found = []
        for one in self._together(line, row, OF_PARTNERS, NAMING, "project-of-nobody"):
            numbers = [["siret", one["partner_sirets"]]] if "partner_sirets" in one else []
            numbers += [["siren", one["partner_sirens"]]] if "partner_sirens" in one else []
            numbers += [one["partner_numbers"]] if "partner_numbers" in one else []
            place = {"city": one.get("partner_towns"), "department": one.get("partner_departments")}
            found.append(
                {
                    **_named(one.get("partners"), numbers),
                    **{key: value for key, value in place.items() if value},
                    **({"role": one["partner_roles"]} if "partner_roles" in one else {}),
                    **_sums(one.get("partner_costs"), one.get("partner_fundings")),
                }
            )
        return found

    def _labels(self, line: Line, row: Sequence[str]) -> list[dict[str, Any]]:
        if not {"lead_cluster", "other_clusters"} & self.columns.keys():
            return self._own_label(line, row)
        found = []
        leads = self._together(line, row, OF_LEAD, ("lead_cluster",), "project-label-of-nobody")
        for number, one in enumerate(leads):
            role = one.get("label_roles", "co" if number else "lead")
            found.append({"cluster": one["lead_cluster"], "role": role, "date": one.get("labelled_on")})
        for one in self._together(line, row, OF_OTHERS, ("other_clusters",), "project-label-of-nobody"):
            found.append({"cluster": one["other_clusters"], "role": "co", "date": one.get("other_labelled_on")})
        return found

    def _own_label(self, line: Line, row: Sequence[str]) -> list[dict[str, Any]]:
        """A day and no cluster: the label is that of whoever brings the file in."""
        texts = [text for text in chain(*self._cells(row, "labelled_on")) if text]
        if "labelled_on" not in self.columns:
            said = self.constants.get("labelled_on")
            day = self._part(line, "labelled_on", said) if said else None
        else:
            day = self._part(line, "labelled_on", texts[0]) if len(texts) == 1 else None
            if len(texts) > 1:
                line.leave_out("labelled_on", "project-not-aligned", number=len(texts), beside=1)
        role = next((text for text in chain(*self._cells(row, "label_roles")) if text), "")
        role = self._part(line, "label_roles", role) if role else "lead"
        return [{"own": True, "role": role or "lead", "date": day}] if day else []

    def _fundings(self, line: Line, row: Sequence[str]) -> list[dict[str, Any]]:
        return [
            {"programme": one["programmes"], "amount": one.get("funding_amounts"), "date": one.get("funded_on")}
            for one in self._together(line, row, OF_FUNDINGS, ("programmes",), "project-funding-of-nothing")
        ]


def _named(name: str | None, numbers: list[list[str]]) -> dict[str, Any]:
    return {**({"name": name} if name else {}), **({"numbers": numbers} if numbers else {})}


def _sums(cost: str | None, funding: str | None) -> dict[str, str]:
    return {key: value for key, value in (("cost", cost), ("public_funding", funding)) if value is not None}
