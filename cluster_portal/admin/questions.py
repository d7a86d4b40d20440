"""Questions in the staff's forms: a box to tick appears with the question, and what was confirmed is remembered.

See ``cluster_portal.records.questions`` for what is asked, and of what an answer speaks.
"""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.html import format_html

from cluster_portal.models import Confirmation
from cluster_portal.records.questions import Question

BOX = "confirmed"  # the name of every box, behind the prefix of its form


class AsksQuestions(forms.BaseModelForm):
    """A form whose row may be asked about. `asked_of` is who answers; the admin says it of each request's form."""

    asked_of = None

    def _post_clean(self):
        super()._post_clean()
        if not self.errors:
            self.ask(self.questions())

    def questions(self) -> Iterable[Question]:
        """What the values call for; of a row that is there, only what somebody changed now."""
        of_row = getattr(self.instance, "questions", None)
        if of_row is None:
            return
        changed = None if self.instance._state.adding else set(self.changed_data)
        for question in of_row():
            if changed is None or changed & set(question.fields):
                yield question

    def ask(self, questions: Iterable[Question]):
        open_ones = Confirmation.objects.unanswered(questions)
        ticked = set(self.data.getlist(self.add_prefix(BOX))) if hasattr(self.data, "getlist") else set()
        Confirmation.objects.confirm((one for one in open_ones if one.key in ticked), by=self.asked_of)
        for question in open_ones:
            if question.key not in ticked:
                field = next((name for name in question.fields if name in self.fields), NON_FIELD_ERRORS)
                self.add_error(None if field == NON_FIELD_ERRORS else field, self._with_box(question))

    def _with_box(self, question: Question):
        return format_html(
            '<div class="question">{} <label><input type="checkbox" name="{}" value="{}"> {}</label></div>',
            question.sentence, self.add_prefix(BOX), question.key, question.answer,
        )  # fmt: skip
