"""The five phases of the State's policy since the call of 2004; both years included."""

from datetime import date
from typing import NamedTuple


class Phase(NamedTuple):
    number: int
    roman: str
    first_year: int
    last_year: int

    @property
    def years(self) -> str:
        return f"{self.first_year}–{self.last_year}"

    def covers(self, day: date) -> bool:
        return self.first_year <= day.year <= self.last_year


PHASES = (
    Phase(1, "I", 2005, 2008),
    Phase(2, "II", 2009, 2012),
    Phase(3, "III", 2013, 2018),
    Phase(4, "IV", 2019, 2022),
    Phase(5, "V", 2023, 2026),
)
