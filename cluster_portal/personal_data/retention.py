"""How long what is known of persons is kept, where nobody asks: each app registers its terms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cluster_portal.history.change_sets import unrecorded
from cluster_portal.work.knowing import every_day


@dataclass(frozen=True)
class Term:
    """``due(moment)``: how many are older than that; ``end(moment)`` does away with them and says how many."""

    key: str
    label: Any
    days: int
    due: Callable[[datetime], int]
    end: Callable[[datetime], int]

    @property
    def moment(self) -> datetime:
        return timezone.now() - timedelta(days=self.days)


TERMS: dict[str, Term] = {}


def keep(term: Term) -> Term:
    TERMS[term.key] = term
    return term


def overdue() -> dict[str, int]:
    return {key: term.due(term.moment) for key, term in TERMS.items()}


def end() -> dict[str, int]:
    """One term after the other, each whole. No history of it: it would keep what is to go."""
    counts = {}
    for key, term in TERMS.items():
        with transaction.atomic(), unrecorded():
            counts[key] = term.end(term.moment)
    return counts


@every_day
def end_what_is_due() -> None:
    if settings.RETENTION:
        end()
