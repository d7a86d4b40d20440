"""Two organisations field by field: what stands on either side, and which of the two is proposed.

What is filled comes before what is blank, and what was verified later before what was verified earlier. Where that says
nothing, the one that stays goes on saying what it says.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Field
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cluster_portal.records.publication import Status
from cluster_portal.writing.typography import date_short
from members.countries import country_name
from members.models import Organisation

OURS, THEIRS = "ours", "theirs"
TOGETHER = {"verified_on": ("verified_by", "verified_source"), "closed_on": ("successor",)}
FIELDS = (
    "name", "acronym", "description_fr", "description_en", "founding_year", "website", "email", "phone", "logo",
    "national", "country", "siren", "ror_id", "size", "headcount", "naf_code", "rnsr_id", "uai_code", "institution_type",
    "status", "lead_cluster", "verified_on", "closed_on",
)  # fmt: skip
OF_KINDS = {
    "size": "company", "headcount": "company", "naf_code": "company", "rnsr_id": "laboratory", "uai_code": "institution",
    "institution_type": "institution",
}  # fmt: skip
# The row’s own keys, what follows from others, and what says where it stands: no side is taken.
LEFT_ALONE = frozenset(
    {
        "id", "kind", "slug", "sort_name", "is_demo", "archived_on", "created_at", "updated_at", "created_by", "updated_by",
        "assigned_to", "merged_into", "publish_on",
    }
)  # fmt: skip
MORE_PUBLIC = (Status.ARCHIVED, Status.REFUSED, Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED)


@dataclass(frozen=True)
class Line:
    """``same``: both sides say the same. ``proposed`` is a side."""

    name: str
    label: str
    ours: str
    theirs: str
    same: bool
    proposed: str


def fields_of(survivor: Organisation) -> Iterator[Field]:
    for name in FIELDS:
        if OF_KINDS.get(name, survivor.kind) == survivor.kind:
            yield Organisation._meta.get_field(name)


def lines(survivor: Organisation, other: Organisation, *, of_network: bool) -> list[Line]:
    """Who keeps it, the network decides."""
    found = []
    for one in fields_of(survivor):
        if one.name == "lead_cluster" and not of_network:
            continue
        names = (one.name, *TOGETHER.get(one.name, ()))
        same = all(getattr(survivor, _key(name)) == getattr(other, _key(name)) for name in names)
        ours, theirs = (_words(side, one, names) for side in (survivor, other))
        found.append(
            Line(one.name, capfirst(str(one.verbose_name)), ours, theirs, same, _proposed(survivor, other, one.name))
        )
    return found


def _key(name: str) -> str:
    return Organisation._meta.get_field(name).attname


def _words(row: Organisation, one: Field, names: tuple[str, ...]) -> str:
    value = getattr(row, one.name)
    if one.name == "country":
        return country_name(row.country.code)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if not value:
        return ""
    said = [date_short(value) if one.get_internal_type() == "DateField" else _said(row, one, value)]
    said += [str(getattr(row, name)) for name in names[1:] if getattr(row, name)]
    return ", ".join(map(str, said))


def _said(row: Organisation, one: Field, value: Any) -> str:
    return str(dict(one.flatchoices).get(value, value)) if one.choices else str(value)


def _proposed(survivor: Organisation, other: Organisation, name: str) -> str:
    ours, theirs = getattr(survivor, _key(name)), getattr(other, _key(name))
    if name == "status":
        return OURS if MORE_PUBLIC.index(ours) >= MORE_PUBLIC.index(theirs) else THEIRS
    if name == "verified_on":
        return THEIRS if theirs and (not ours or theirs > ours) else OURS
    if name in ("closed_on", "country"):  # blank says that it is open: that is no gap
        return OURS
    if name == "lead_cluster":
        return THEIRS if theirs and not ours else OURS
    if bool(ours) != bool(theirs):
        return OURS if ours else THEIRS
    if ours and _later(other, survivor) and name not in ("name", "acronym"):
        return THEIRS
    return OURS


def _later(one: Organisation, other: Organisation) -> bool:
    return bool(one.verified_on) and (not other.verified_on or one.verified_on > other.verified_on)


def values_of(
    survivor: Organisation, other: Organisation, chosen: dict[str, str], *, of_network: bool
) -> dict[str, Any]:
    """What is written into the survivor, by column."""
    found = {}
    for line in lines(survivor, other, of_network=of_network):
        if line.same or (chosen.get(line.name) or line.proposed) != THEIRS:
            continue
        for name in (line.name, *TOGETHER.get(line.name, ())):
            value = getattr(other, _key(name))
            # neither is taken over by itself
            found[_key(name)] = None if name == "successor" and value == survivor.pk else value
    if survivor.successor_id == other.pk and "successor_id" not in found:
        found["successor_id"] = None
    return found
