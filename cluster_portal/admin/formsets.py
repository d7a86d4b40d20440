"""Inline rows, checked against one another.

Django checks an inline row against the rows in the database, and leaves out every constraint that names the parent.
So a second head office, or a membership that overlaps another, would reach the database and come back as a server
error; and a role that moves from one row to another would be refused. Here the rows that were sent are checked
together, since they are all the rows that the parent will have.
"""

from types import SimpleNamespace

from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Func, Q, UniqueConstraint
from django.forms.models import BaseInlineFormSet, ModelChoiceField
from django.utils.translation import gettext

from .forms import ChosenField
from .naming import take_off_names


def holds(condition: Q, row) -> bool:
    """Whether a row in memory meets a condition made of exact comparisons."""
    answers = [
        holds(part, row) if isinstance(part, Q) else getattr(row, part[0], None) == part[1]
        for part in condition.children
    ]
    return (any(answers) if condition.connector == Q.OR else all(answers)) != condition.negated


class RowsOfOneParent(BaseInlineFormSet):
    def get_queryset(self):
        first = not hasattr(self, "_queryset")
        rows = super().get_queryset()
        if first:
            take_off_names(rows, self.form.asked_of, parent=self.fk.name)
        return rows

    def _construct_form(self, i, **kwargs):
        """A row sent back as it came is taken as it is: asking the database about each of its boxes proves nothing."""
        form = super()._construct_form(i, **kwargs)
        setattr(
            form.instance, self.fk.name, self.instance
        )  # as its form was sent, so that a row can be held against it
        form.empty_permitted = form.empty_permitted or i < self.initial_form_count()
        return form

    def add_fields(self, form, index):
        super().add_fields(form, index)
        key = form.fields.get(self._pk_field.name)
        if isinstance(key, ModelChoiceField) and form.instance.pk is not None:
            form.fields[self._pk_field.name] = own = ChosenField(
                key.queryset, initial=key.initial, required=False, widget=key.widget
            )
            own.fetched = form.instance
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = gettext("Delete this row")

    def clean(self):
        """In place of Django's own comparison, which leaves out rows that nobody touched."""
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                self.refuse_repeated(constraint)
            elif isinstance(constraint, CheckConstraint):
                self.refuse_unmet(constraint)

    def kept_forms(self):
        """The rows that will be there after the save."""
        for position, form in enumerate(self.forms):
            added_blank = position >= self.initial_form_count() and not form.has_changed()
            if not added_blank and form.is_valid() and not (self.can_delete and self._should_delete_form(form)):
                yield form

    def refuse_repeated(self, constraint):
        seen = set()
        for form in self.kept_forms():
            if constraint.condition is not None and not holds(constraint.condition, form.instance):
                continue
            fields = [name for name in constraint.fields if name != self.fk.name]
            values = tuple(getattr(form.instance, self.model._meta.get_field(name).attname) for name in fields)
            if values in seen:
                form.add_error(None, constraint.get_violation_error_message())
            seen.add(values)

    def refuse_unmet(self, constraint):
        """A check that compares the parent with another column; the others were made with the row."""
        if self.instance.pk is None or self.fk.name not in _columns(constraint.condition):
            return
        for form in self.kept_forms():
            try:
                constraint.validate(self.model, form.instance)
            except ValidationError as error:
                form.add_error(None, error)

    def save_existing_objects(self, commit=True):
        """Rows that give something up (the role of coordinator, some days) before rows that take it."""
        count = self.initial_form_count()
        self.forms[:count] = sorted(self.forms[:count], key=lambda form: not self.gives_up(form))
        return super().save_existing_objects(commit)

    def gives_up(self, form) -> bool:
        if self.can_delete and self._should_delete_form(form):
            return True
        before = SimpleNamespace(**form.initial)
        return any(
            holds(constraint.condition, before) and not holds(constraint.condition, form.instance)
            for constraint in self.model._meta.constraints
            if isinstance(constraint, UniqueConstraint) and constraint.condition is not None
        )


def _columns(condition: Q) -> set[str]:
    """The columns that a condition speaks of."""
    found: set[str] = set()
    for part in condition.children:
        if isinstance(part, Q):
            found |= _columns(part)
        elif isinstance(part, Func):
            found |= {one.name for one in part.get_source_expressions()}
        else:
            found |= {part[0].split("__")[0], getattr(part[1], "name", "")}
    return found


class DatedRows(RowsOfOneParent):
    """Rows with a first and a last day, which never overlap (within `together`, the column of another parent)."""

    first: str
    last: str
    last_included: bool
    together = ""
    constraint: str

    def clean(self):
        super().clean()
        message = next(
            c for c in self.model._meta.constraints if c.name == self.constraint
        ).get_violation_error_message()
        kept: list = []
        for form in self.kept_forms():
            if any(self.overlap(form.instance, other) for other in kept):
                form.add_error(None, message)
            kept.append(form.instance)

    def overlap(self, one, other) -> bool:
        if self.together and getattr(one, self.together) != getattr(other, self.together):
            return False
        return self._begins_before_end(one, other) and self._begins_before_end(other, one)

    def _begins_before_end(self, one, other) -> bool:
        start, end = getattr(one, self.first), getattr(other, self.last)
        if start is None or end is None:
            return True
        return start <= end if self.last_included else start < end

    def gives_up(self, form) -> bool:
        before, after = form.initial, form.instance
        later = before.get(self.first) is None or (
            getattr(after, self.first) is not None and getattr(after, self.first) >= before[self.first]
        )
        sooner = before.get(self.last) is None or (
            getattr(after, self.last) is not None and getattr(after, self.last) <= before[self.last]
        )
        return super().gives_up(form) or (later and sooner)
