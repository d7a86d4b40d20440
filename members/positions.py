"""Where departments are, near enough to tell a position or a postcode that is likely to be of another one."""

import csv
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from cluster_portal.records.questions import Question

TOWNS = Path(__file__).parent / "data" / "towns.csv"
# Degrees around the towns of a department that are still it or near it: some 70 km. Towns on the coast of Guyana leave
# more of it uncovered; somebody there says once that a place in the forest is right.
AROUND = 0.7


@lru_cache(maxsize=1)
def _boxes() -> dict[str, tuple[float, float, float, float]]:
    """By INSEE code: south, north, west and east of its towns."""
    found: dict[str, tuple[float, float, float, float]] = {}
    with TOWNS.open(encoding="utf-8", newline="") as file:
        for town in csv.DictReader(file):
            latitude, longitude = float(town["latitude"]), float(town["longitude"])
            south, north, west, east = found.get(town["department"], (latitude, latitude, longitude, longitude))
            found[town["department"]] = (
                min(south, latitude), max(north, latitude), min(west, longitude), max(east, longitude),
            )  # fmt: skip
    return found


def near(insee_code: str, latitude: float, longitude: float) -> bool:
    """True as well of a department of which no town is known."""
    box = _boxes().get(insee_code)
    if box is None:
        return True
    south, north, west, east = box
    return south - AROUND <= latitude <= north + AROUND and west - AROUND <= longitude <= east + AROUND


# Islands whose postcodes are those of Guadeloupe, of which they were a part. What begins with their own codes is a
# CEDEX of La Réunion, which had used up those with hers.
OUT_OF_GUADELOUPE = {"97133": "977", "97150": "978"}
CEDEX_OF_REUNION = ("977", "978")


def department_of(postcode: str) -> str:
    """The INSEE code of the department, or of the collectivity overseas, that a French postcode begins with."""
    if postcode.startswith("20"):
        return "2B" if postcode.startswith(("202", "206")) else "2A"
    if postcode in OUT_OF_GUADELOUPE:
        return OUT_OF_GUADELOUPE[postcode]
    if postcode.startswith(CEDEX_OF_REUNION):
        return "974"
    return postcode[:3] if postcode.startswith(("97", "98")) else postcode[:2]


def is_french(postcode: str) -> bool:
    return len(postcode) == 5 and postcode.isascii() and postcode.isdecimal()


def questions_on_position(row) -> Iterator[Question]:
    """Of a site or a head office: coordinates that are not those of its department."""
    if row.latitude is None or row.longitude is None or not row.department_id:
        return
    department, latitude, longitude = row.department, float(row.latitude), float(row.longitude)
    if near(department.insee_code, latitude, longitude):
        return
    swapped = near(department.insee_code, longitude, latitude)
    sentence = (
        _("Latitude %(latitude)s and longitude %(longitude)s seem to be swapped: the other way round they are in %(department)s.")
        if swapped
        else _("Latitude %(latitude)s and longitude %(longitude)s are far from %(department)s.")
    )  # fmt: skip
    yield Question(
        "position",
        (str(row.latitude), str(row.longitude), department.insee_code),
        sentence % {"latitude": row.latitude, "longitude": row.longitude, "department": department},
        ("latitude", "longitude", "department"),
    )
