"""A line of a file, read: cells of text in, values of fields out, with what was repaired and what could not be understood.

A number that identifies and cannot be read refuses its line: whom it speaks of is not known. Any other cell that cannot
be read is left out and told, and the rest of its line goes on.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from members.countries import HOME
from members.models import Department, Region, Theme
from members.models.imports import ImportBatch
from members.models.organisations import Kind

from . import cells
from .cells import Cell, Places
from .fields import BY_NAME, Field
from .subjects import handling_of

IDENTIFIERS = frozenset({"siren", "siret", "uai_code", "rnsr_id", "ror_id"})
ONLY_OF = {  # fields that only one kind has
    "size": Kind.COMPANY, "naf_code": Kind.COMPANY, "headcount": Kind.COMPANY,
    "rnsr_id": Kind.LABORATORY, "unit_numbers": Kind.LABORATORY,
    "uai_code": Kind.INSTITUTION, "institution_type": Kind.INSTITUTION,
}  # fmt: skip
FURTHER = {"siren": "siren", "uai_code": "uai", "rnsr_id": "rnsr", "ror_id": "ror"}
CONTACT = ("contact_name", "contact_role", "contact_email", "contact_phone")
SAID = "said"  # among the values: fields whose cell says something that is left out, and so is no blank
CAPITALS = "capitals"  # an offer: a name in capitals is put in small letters
PLACE = ("address", "postcode", "city", "department", "region", "siret", "latitude", "longitude")

Problem = tuple[str, str, dict[str, Any]]  # field, code, what it speaks of: ``members.imports.sentences``


@dataclass(slots=True)
class Line:
    """``refused``: it is not known whom it speaks of, or what it would be."""

    values: dict[str, Any] = field(default_factory=dict)
    repairs: list[tuple[str, str, str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    refused: bool = False

    def refuse(self, name: str, code: str, **told: Any) -> None:
        self.problems.append((name, code, told))
        self.refused = True

    def leave_out(self, name: str, code: str, **told: Any) -> None:
        self.problems.append((name, code, told))


class LineReader:
    """Reads the lines of one batch, by its columns, constants and values."""

    fields: ClassVar[Mapping[str, Field]] = BY_NAME
    identifiers: ClassVar[frozenset[str]] = IDENTIFIERS

    def __init__(self, batch: ImportBatch) -> None:
        self.places = Places.load()
        self.constants = self._still_there(batch.constants)
        self.mapped = batch.values
        self.declined = frozenset(batch.declined)
        self.columns: dict[str, list[int]] = {}
        for index, name in enumerate(batch.columns):
            if name:
                self.columns.setdefault(name, []).append(index)
        self.themes = set(Theme.objects.values_list("pk", flat=True))
        departments = Department.objects.values_list("pk", "region", "name")
        self.regions = {pk: region for pk, region, _name in departments}
        self.departments = {pk: name for pk, _region, name in departments}

    @staticmethod
    def _still_there(constants: Mapping[str, Any]) -> dict[str, Any]:
        """Without a theme or a region that was deleted since it was chosen for each file."""
        kept = dict(constants)
        if "themes" in kept:
            kept["themes"] = list(
                Theme.objects.filter(pk__in=kept["themes"]).order_by("pk").values_list("pk", flat=True)
            )
        if "region" in kept and not Region.objects.filter(pk=kept["region"]).exists():
            del kept["region"]
        return kept

    def line(self, row: Sequence[str]) -> Line:
        line = Line()
        # the country first: it says how a postcode is read
        for name, indexes in sorted(self.columns.items(), key=lambda one: one[0] != "country"):
            if name not in ("coordinates", "unit_labels"):
                self._field(line, name, [row[index] for index in indexes if index < len(row)])
        for name, value in self.constants.items():
            if name != CAPITALS and name not in self.columns and value not in ("", None, []):
                line.values[name] = value
        self._units(line, row)
        self._coordinates(line, row)
        self._numbers(line)
        self._place(line)
        self._contact(line)
        self._fitting(line)
        return line

    @property
    def readers(self) -> Mapping[str, Callable[[str], Cell]]:
        """What reads the cells of each field."""
        return READERS

    # --- one field ----------------------------------------------------------------------------------------------------
    def _field(self, line: Line, name: str, texts: list[str]) -> None:
        field = self.fields[name]
        if field.chosen:
            self._chosen(line, name, texts)
            return
        found: list[Any] = []
        for text in texts:
            if not text or text.isspace():
                continue
            cell = self._cell(name, text, many=field.many, country=line.values.get("country") or HOME)
            value = self._repaired(line, name, cell)
            if cell.problem:
                self._told(line, name, cell)
            if value is not None:
                found += [one for one in (value if isinstance(value, list) else [value]) if one not in found]
        if found:
            line.values[name] = found if field.many else found[0]

    def _cell(self, name: str, text: str, *, many: bool, country: str) -> Cell:
        if name == "department":
            return self.places.department(text)
        if name == "country":
            return self.places.country(text)
        if name == "postcode":
            return cells.read_postcode(text, country)
        if name == "unit_numbers":
            return cells.read_unit_numbers(text)
        if name == "name" and self.constants.get(CAPITALS):
            return cells.read_capitals(text)
        read = self.readers[name]
        return cells.read_many(text, read) if many else read(text)

    def _told(self, line: Line, name: str, cell: Cell) -> None:
        if name in self.identifiers:
            line.refuse(name, cell.problem.code, **cell.problem.params)
        else:
            line.leave_out(name, cell.problem.code, **cell.problem.params)

    def _repaired(self, line: Line, name: str, cell: Cell) -> Any:
        """Its value as it can be kept, or what stood there where the repair is not wanted."""
        for repair in cell.repairs:
            if repair.code not in self.declined:
                line.repairs.append((name, repair.code, repair.before, repair.after))
            elif name in ("address", "city", "name"):
                return repair.before
            else:
                line.leave_out(name, "line-declined", value=repair.before)
                return None
        return _as_kept(cell.value)

    def _chosen(self, line: Line, name: str, texts: list[str]) -> None:
        """What was said that each distinct text becomes; one that nothing was said of is left out and told."""
        mapped = self.mapped.get(name, {})
        found: list[Any] = []
        for text in texts:
            for part in distinct_values(name, text):
                becomes = mapped.get(part)
                if becomes is None:
                    line.leave_out(name, "line-unmapped", value=part)
                    continue
                for one in becomes if isinstance(becomes, list) else [becomes]:
                    if one in ("", None):
                        line.values.setdefault(SAID, []).append(name)
                        continue
                    if name == "themes" and one not in self.themes:
                        line.leave_out(name, "line-unmapped", value=part)
                    elif one not in found:
                        found.append(one)
        if not found:
            return
        if name == "themes":
            line.values[name] = sorted(found)
        elif len(found) > 1:
            line.leave_out(name, "line-several", value=", ".join(texts))
        else:
            line.values[name] = found[0]

    # --- what several columns say together ----------------------------------------------------------------------------
    def _units(self, line: Line, row: Sequence[str]) -> None:
        """Labels in one column and numbers in another, position by position; lists of two lengths are a question."""
        labels = [part for index in self.columns.get("unit_labels", ()) for part in parts(_at(row, index))]
        if not labels:
            return
        numbers = [part for index in self.columns.get("unit_numbers", ()) for part in parts(_at(row, index))]
        line.problems = [one for one in line.problems if one[0] != "unit_numbers"]
        line.values.pop("unit_numbers", None)
        if len(labels) != len(numbers):
            line.leave_out("unit_numbers", "line-not-aligned", labels=len(labels), numbers=len(numbers))
            return
        found = []
        for label, number in zip(labels, numbers, strict=True):
            cell = cells.read_unit_numbers(f"{label} {number}")
            if cell.problem:
                self._told(line, "unit_numbers", cell)
            found += [one for one in _as_kept(cell.value) or [] if one not in found]
        if found:
            line.values["unit_numbers"] = found

    def _coordinates(self, line: Line, row: Sequence[str]) -> None:
        for index in self.columns.get("coordinates", ()):
            text = _at(row, index)
            if not text.strip() or "latitude" in line.values:
                continue
            cell = cells.read_coordinates(text)
            if cell.problem:
                self._told(line, "coordinates", cell)
            elif value := self._repaired(line, "coordinates", cell):
                line.values["latitude"], line.values["longitude"] = value
        if ("latitude" in line.values) != ("longitude" in line.values):
            line.values.pop("latitude", None)
            line.values.pop("longitude", None)
            line.leave_out("coordinates", "line-half-a-position")

    def _numbers(self, line: Line) -> None:
        """First and further numbers of a kind; the SIREN of a company that gives its SIRET."""
        values = line.values
        sirens = values.get("siren", [])
        sirets = values.get("siret", [])
        if sirets and not sirens:
            sirens = list(dict.fromkeys(siret[:9] for siret in sirets if not cells.read_siren(siret[:9]).problem))
        elif strangers := [siret for siret in sirets if siret[:9] not in sirens]:
            if len(strangers) == len(sirets):
                line.refuse("siret", "line-of-another", siret=strangers[0], siren=sirens[0])
            else:
                values["siret"] = sirets = [siret for siret in sirets if siret not in strangers]
        if sirens:
            values["siren"] = sirens
        further = []
        for name, kind in FURTHER.items():
            numbers = values.get(name)
            if numbers:
                values[name] = numbers[0]
                further += [[kind, number] for number in numbers[1:]]
        if further:
            values["further"] = further
        if sirets:
            values["siret"], others = sirets[0], sirets[1:]
            if others:
                values["sirets"] = sirets  # by each of them it is recognised
                line.leave_out("siret", "line-sites-without-place", count=len(others), numbers=", ".join(others))

    def _place(self, line: Line) -> None:
        """What follows from the rest, and what contradicts it."""
        values = line.values
        country = values.get("country") or HOME
        if country != HOME:
            for name in ("department", "region", "siret"):
                values.pop(name, None)
        elif not values.get("department"):
            cell = self.places.of_postcode(values.get("postcode", ""))
            if found := self._repaired(line, "postcode", cell):
                values["department"] = found
        if country == HOME and (department := values.get("department")):
            region = self.regions[department]
            if values.get("region") not in (None, region):
                line.leave_out("region", "line-contradicts-department")
            values["region"] = region
            if "latitude" in values:
                self._position(line, department)

    def _position(self, line: Line, department: int) -> None:
        latitude, longitude = Decimal(line.values["latitude"]), Decimal(line.values["longitude"])
        wrong = cells.position_problem(
            latitude, longitude, self.places.department_code(department), self.departments[department]
        )
        if wrong:
            del line.values["latitude"], line.values["longitude"]
            line.leave_out("coordinates", wrong.code, **wrong.params)

    def _contact(self, line: Line) -> None:
        """A person has a name; what hangs on none is left out and told."""
        values = {name.removeprefix("contact_"): line.values.pop(name) for name in CONTACT if name in line.values}
        if not values:
            return
        if values.get("name"):
            line.values["contact"] = values
        else:
            line.leave_out("contact_name", "line-contact-without-name")

    def _fitting(self, line: Line) -> None:
        """What only another kind has. A line without a kind may be of any: it is looked at again when that is known."""
        kind = line.values.get("kind")
        for name, only in ONLY_OF.items():
            if kind and kind != only and name in line.values:
                del line.values[name]
                line.leave_out(name, "line-of-another-kind")
        if not any(line.values.get(name) for name in ("name", *IDENTIFIERS, "slug")):
            line.refuse("name", "line-nobody")


def parts(text: str) -> list[str]:
    """Several names in one cell. A comma parts nothing: names have commas in them."""
    return [" ".join(piece.split()) for piece in re.split(r"[;|\r\n]+", text) if not piece.isspace() and piece]


def _as_kept(value: Any) -> Any:
    """As JSON can keep it."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_as_kept(one) for one in value]
    return value


def _at(row: Sequence[str], index: int) -> str:
    return row[index] if index < len(row) else ""


def distinct_values(name: str, text: str) -> list[str]:
    """What of a cell is mapped to what the portal knows: each theme of several, and the whole of any other."""
    if not text or text.isspace():
        return []
    if name == "themes":
        return list(dict.fromkeys(parts(text)))
    return [" ".join(text.split())]


def values_in(batch: ImportBatch, rows: Iterable[Sequence[str]]) -> dict[str, dict[str, int]]:
    """For each chosen field the distinct texts of its columns, with the number of lines of each."""
    counted: dict[str, dict[str, int]] = {}
    handling = handling_of(batch)
    chosen = [(index, name) for index, name in enumerate(batch.columns) if name and handling.field(name).chosen]
    for row in rows:
        seen = set()
        for index, name in chosen:
            for part in distinct_values(name, _at(row, index)):
                if (name, part) not in seen:
                    seen.add((name, part))
                    of_field = counted.setdefault(name, {})
                    of_field[part] = of_field.get(part, 0) + 1
    return counted


READERS: dict[str, Callable[[str], Cell]] = {
    "name": cells.read_name,
    "acronym": lambda text: cells.read_name(text, 30),
    "former_names": cells.read_name,
    "trade_names": cells.read_name,
    "slug": cells.read_text,
    "closed_on": cells.read_date,
    "siren": cells.read_siren,
    "siret": cells.read_siret,
    "uai_code": cells.read_uai,
    "rnsr_id": cells.read_rnsr,
    "ror_id": cells.read_ror,
    "naf_code": cells.read_naf,
    "supervisors": cells.read_text,
    "founding_year": cells.read_year,
    "description_fr": cells.read_text,
    "description_en": cells.read_text,
    "website": cells.read_website,
    "email": cells.read_email,
    "phone": cells.read_phone,
    "national": cells.read_yes_no,
    "address": cells.read_address,
    "postcode": cells.read_postcode,
    "city": cells.read_city,
    "latitude": cells.read_latitude,
    "longitude": cells.read_longitude,
    "joined_on": cells.read_date,
    "left_on": cells.read_date,
    "contact_name": lambda text: cells.read_name(text, 120),
    "contact_role": lambda text: cells.read_name(text, 120),
    "contact_email": cells.read_email,
    "contact_phone": cells.read_phone,
}
