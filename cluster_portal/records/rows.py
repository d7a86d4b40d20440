"""Rows of a form, hundreds of them perhaps: what a form asks of the database about each is one question."""

from typing import Any

from django.core.exceptions import FieldError
from django.db import models, router
from django.db.models import CheckConstraint, ForeignKey, Q


class FormRow(models.Model):
    """Django asks of each foreign key whether its row exists, and of each check, in a savepoint of its own, whether it
    holds. Here a row in hand exists, and the checks are asked together; only where they do not all hold, one by one,
    for the sentence of each."""

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Any = None) -> None:
        in_hand = {field.name for field in self._meta.concrete_fields if self._has_in_hand(field)}
        super().clean_fields(exclude={*(exclude or ()), *in_hand})

    def _has_in_hand(self, field: models.Field) -> bool:
        if not isinstance(field, ForeignKey):
            return False
        other = self._state.fields_cache.get(field.name)
        return other is not None and not other._state.adding and other.pk == getattr(self, field.attname)

    def validate_constraints(self, exclude: Any = None) -> None:
        self._checks_hold = self._hold_together(exclude)
        super().validate_constraints(exclude)

    def _hold_together(self, exclude: Any) -> bool:
        checks = [Q(one.condition) for one in self._meta.constraints if isinstance(one, CheckConstraint)]
        against = self._get_field_expression_map(meta=self._meta, exclude=exclude)  # type: ignore[attr-defined]
        try:
            return bool(checks) and Q(*checks).check(against, using=router.db_for_write(type(self), instance=self))
        except FieldError:  # one speaks of a field that is not looked at
            return False

    def get_constraints(self) -> Any:
        every = super().get_constraints()  # type: ignore[misc]
        if not getattr(self, "_checks_hold", False):
            return every
        return [(model, [one for one in ours if not isinstance(one, CheckConstraint)]) for model, ours in every]
