"""What staff say of a proposal."""

from collections.abc import Mapping, Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin.boxes import LineBox, TextBox
from contributions.deciding import Difference, Taken
from contributions.fields import Json
from contributions.forms import as_json, same
from contributions.models.proposals import LONGEST_REASON


class DecisionForm(forms.Form):
    """Of each field what becomes of it, with the value in a box. ``everything``: all that was not changed since is taken as
    proposed."""

    verified = forms.BooleanField(label=_("This verifies the page: the organisation itself, today"), required=False)
    reason = LineBox(label=_("Reason"), max_length=LONGEST_REASON, required=False)

    def __init__(self, lines: Sequence[Difference], data=None, *, everything: bool = False):
        super().__init__(data)
        self.lines, self.everything = lines, everything
        for line in lines:
            name = line.field.name
            self.fields[f"taken-{name}"] = forms.ChoiceField(
                choices=[(Taken.AS_PROPOSED, Taken.AS_PROPOSED.label), (Taken.REFUSED, Taken.REFUSED.label)],
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"value-{name}"] = line.field.box()
            self.initial[f"value-{name}"] = line.proposed
            if not line.changed_since:
                self.initial[f"taken-{name}"] = Taken.AS_PROPOSED

    def clean(self):
        values = super().clean()
        for line in self.lines:
            box = f"taken-{line.field.name}"
            if self.everything and not line.changed_since:
                values[box] = Taken.AS_PROPOSED
            if not values.get(box):
                sentence = (
                    _("This was changed since: say what becomes of it.")
                    if line.changed_since
                    else _("Say what becomes of it.")
                )
                self.add_error(box, sentence)
        refused = [line for line in self.lines if values.get(f"taken-{line.field.name}") == Taken.REFUSED]
        if refused and not values.get("reason"):
            self.add_error("reason", _("The sender is told why: give a reason."))
        return values

    @property
    def decisions(self) -> dict[str, tuple[str, Json]]:
        """By field: what becomes of it, and what is written. A value that was changed in its box is taken edited."""
        found = {}
        for line in self.lines:
            name = line.field.name
            taken = self.cleaned_data[f"taken-{name}"]
            value = as_json(self.cleaned_data[f"value-{name}"])
            if taken == Taken.AS_PROPOSED and not self.everything and not same(value, line.proposed):
                taken = Taken.EDITED
            kept = line.proposed if taken == Taken.AS_PROPOSED else value
            found[name] = (str(taken), "" if taken == Taken.REFUSED else kept)
        return found

    def tell(self, sentences: Mapping[str, Sequence[str]]) -> None:
        """What could not be written."""
        for name, said in sentences.items():
            box = f"value-{name}"
            self.add_error(box if box in self.fields else None, ValidationError(list(said)))

    def rows(self):
        """(difference, choice, box) for the page."""
        for line in self.lines:
            yield line, self[f"taken-{line.field.name}"], self[f"value-{line.field.name}"]


class QuestionForm(forms.Form):
    text = TextBox(label=_("A question to the sender"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    reason = LineBox(
        label=_("Why it is refused"),
        max_length=LONGEST_REASON,
        help_text=_("The sender reads it."),
        error_messages={"required": _("The sender is told why: give a reason.")},
    )


class MemberChosenForm(forms.Form):
    """Which organisation asks: one that is there, or a new one."""

    def __init__(self, told, data=None):
        super().__init__(data)
        known = [(str(one.organisation.pk), f"{one.organisation} ({one.why})") for one in told]
        self.fields["member"] = forms.ChoiceField(
            label=_("Is it one of these?"),
            choices=[*known, ("", _("No, it is a new one"))],
            widget=forms.RadioSelect,
            required=False,
            initial=None if known else "",
        )

    def clean(self):
        if len(self.fields["member"].choices) > 1 and "member" not in self.data:
            raise ValidationError(_("Say which one it is, or that it is a new one."))
        return super().clean()
