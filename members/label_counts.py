"""How many clusters held the label on a day: exactly, or at least.

For some phases public sources name a part of the clusters only. What the portal counts on a day is the whole when a
source declares, for that very day, no more than that; else it is a minimum, and every page that shows the number says so.
``members`` keeps no declared figures: whoever does tells of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

FIRST_LABELS = date(2005, 7, 12)  # before, nobody held one


@dataclass(frozen=True, slots=True)
class DeclaredCount:
    """Clusters that held the label on each day from ``first_day`` to ``last_day``, as somebody published."""

    number: int
    first_day: date
    last_day: date
    source: str
    link: str


@dataclass(frozen=True, slots=True)
class LabelCount:
    """The clusters that the portal knows to have held the label on a day, and what was declared of that day."""

    day: date
    number: int
    declared: DeclaredCount | None

    @property
    def is_minimum(self) -> bool:
        return self.day >= FIRST_LABELS and (self.declared is None or self.number < self.declared.number)


Declares = Callable[[date], DeclaredCount | None]
_declared_by: list[Declares] = []


def declared_by(ask: Declares) -> Declares:
    """Registers ``ask(day)``, in an ``AppConfig.ready``."""
    _declared_by.append(ask)
    return ask


def label_count(day: date, number: int) -> LabelCount:
    return LabelCount(day, number, next((found for ask in _declared_by if (found := ask(day))), None))
