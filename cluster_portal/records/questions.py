"""What may well be wrong and cannot be refused, for a person may know better: it is asked once, and remembered.

A model says what it would ask of a row in a method ``questions()``. Whoever writes rows (the staff's forms, an import)
asks ``unanswered`` of them, lets somebody answer, and keeps the answer by ``confirm``. An answer is about values and
not about a row or a visit: the same values are not asked about twice, in whatever form or file they come.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

RIGHT = _("It is right as it is.")


@dataclass(frozen=True)
class Question:
    """`about`: the values as texts, ids of rows among them; `fields`: the columns whose change gives rise to it."""

    code: str
    about: tuple[str, ...]
    sentence: Any
    fields: tuple[str, ...]
    answer: Any = RIGHT

    @property
    def key(self) -> str:
        """Names it in a form: a box that was ticked for other values confirms nothing."""
        return sha256("\0".join((self.code, *self.about)).encode()).hexdigest()[:20]


class ConfirmationQuerySet(models.QuerySet):
    def unanswered(self, questions: Iterable[Question]) -> list[Question]:
        """One query, or none when nothing is asked."""
        asked = list(questions)
        if not asked:
            return []
        known = {
            (code, tuple(about))
            for code, about in self.filter(
                question__in={one.code for one in asked}, about__in=[list(one.about) for one in asked]
            ).values_list("question", "about")
        }
        return [one for one in asked if (one.code, one.about) not in known]

    def confirm(self, questions: Iterable[Question], by: Any = None) -> None:
        self.bulk_create(
            [self.model(question=one.code, about=list(one.about), confirmed_by=by) for one in questions],
            ignore_conflicts=True,
        )
