"""What the cells of a spreadsheet mean: a reader for each kind of cell, which says what it had to repair.

A reader takes a text and never raises. ``Cell.value`` is what the database would keep, None of a blank cell; each change
that is more than blanks taken off the ends is among ``Cell.repairs``; where ``Cell.problem`` is set nothing was understood
(``read_many`` alone also gives what it did understand).
"""

from .amounts import read_amount, read_yes_no
from .contacts import read_email, read_phone, read_website
from .days import read_date, read_year
from .numbers import (
    read_naf,
    read_rnsr,
    read_ror,
    read_siren,
    read_siret,
    read_uai,
    read_unit_numbers,
)
from .places import ABROAD, Places
from .positions import position_problem, read_coordinates, read_latitude, read_longitude
from .postal import read_city, read_postcode
from .repairs import Cell, Repair, RepairCode, sentence
from .several import read_many
from .texts import read_address, read_capitals, read_name, read_text

__all__ = [
    "ABROAD",
    "Cell",
    "Places",
    "Repair",
    "RepairCode",
    "position_problem",
    "read_address",
    "read_amount",
    "read_capitals",
    "read_city",
    "read_coordinates",
    "read_date",
    "read_email",
    "read_latitude",
    "read_longitude",
    "read_many",
    "read_naf",
    "read_name",
    "read_phone",
    "read_postcode",
    "read_rnsr",
    "read_ror",
    "read_siren",
    "read_siret",
    "read_text",
    "read_uai",
    "read_unit_numbers",
    "read_website",
    "read_year",
    "read_yes_no",
    "sentence",
]
