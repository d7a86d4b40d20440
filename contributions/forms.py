"""The forms that anybody may send: what they ask for, and what keeps robots out without a puzzle for people."""

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin.boxes import LineBox, TextBox
from contributions.fields import Json, Proposable, Subject, fields_of, known_fields
from members.models import Organisation
from members.models.organisations import Kind
from projects.models import Project

SALT = "contributions.opened"
FASTEST = timedelta(seconds=3)  # from the page to what is sent: less is no person
LONGEST_OPEN = timedelta(days=2)
LONGEST_TEXT = 4000


def opened_now() -> str:
    return signing.TimestampSigner(salt=SALT).sign("open")


class OpenForm(forms.Form):
    """``homepage`` is for robots alone: people do not see it. ``opened`` says when the page was made."""

    sender_name = LineBox(label=_("Your name"), max_length=120, required=False)
    sender_email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("You confirm it by a link in a mail. It is not published, and used for this alone."),
    )
    homepage = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    NOT_SHOWN = ("homepage", "opened")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["opened"] = opened_now()

    def clean(self):
        values = super().clean()
        if values.get("homepage"):
            raise ValidationError(_("This was taken for a robot’s. Leave the box “Do not fill in” empty."), "robot")
        self._look_at_the_clock(values.get("opened", ""))
        return values

    def _look_at_the_clock(self, opened: str) -> None:
        signer = signing.TimestampSigner(salt=SALT)
        try:
            signer.unsign(opened, max_age=LONGEST_OPEN)
        except signing.SignatureExpired:
            raise ValidationError(
                _("This page was open for long. Look at it once more, and send it again."), "old"
            ) from None
        except signing.BadSignature:
            raise ValidationError(_("Look at it once more, and send it again."), "old") from None
        try:
            signer.unsign(opened, max_age=FASTEST)
        except signing.SignatureExpired:
            return
        raise ValidationError(_("That was quicker than anybody types. Wait a moment, and send it again."), "fast")


class ReportForm(OpenForm):
    """An error in words."""

    note = TextBox(
        label=_("What is wrong?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What stands there, and what should. Do not name private persons."),
    )
    field_order = ("note", "sender_name", "sender_email")


class CorrectionForm(OpenForm):
    """The public fields of a record, as they stand; what is changed is proposed."""

    note = TextBox(
        label=_("A word to whoever decides"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Where it can be looked up, for instance. It is not published."),
    )

    def __init__(self, subject: Subject, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.subject = subject
        self.proposable: list[Proposable] = fields_of(subject)
        self.stands: dict[str, Json] = {}
        for field in self.proposable:
            self.fields[f"field-{field.name}"] = box = field.box()
            box.label = field.label
            self.stands[field.name] = self.initial[f"field-{field.name}"] = field.now(subject)
        self.order_fields(
            [*(f"field-{field.name}" for field in self.proposable), "note", "sender_name", "sender_email"]
        )

    def clean(self):
        values = super().clean()
        if not self.errors and not self.changed and not values.get("note"):
            raise ValidationError(_("Nothing is changed yet: change what is wrong, or say it in a word."), "same")
        return values

    @property
    def changed(self) -> dict[str, Json]:
        """What is proposed, field by field: where the form says something else than what stands there."""
        said = {
            field.name: as_json(self.cleaned_data.get(f"field-{field.name}"))
            for field in self.proposable
            if f"field-{field.name}" in self.cleaned_data
        }
        return {name: value for name, value in said.items() if not same(value, self.stands[name])}


class KnownSenderForm(CorrectionForm):
    """Of whoever was sent its link: the address stands with the link, and nobody types another."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["sender_email"]


def as_json(value) -> Json:
    """What a box understood, as a proposal keeps it."""
    if value is None:
        return ""
    if isinstance(value, (str, int)):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else str(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return sorted(one.slug for one in value)


def same(one: Json, other: Json) -> bool:
    """Line ends are the browser's."""
    if isinstance(one, str) and isinstance(other, str):
        return one.replace("\r\n", "\n").strip() == other.replace("\r\n", "\n").strip()
    return one == other


class NewRecordForm(OpenForm):
    """A record that is not in the directory yet, with the public fields that it would have."""

    note = TextBox(
        label=_("A word to whoever decides"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, model: type[Organisation] | type[Project], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.names = [name for name in known_fields(model) if name not in NOT_OF_NEW]
        for name in self.names:
            field = known_fields(model)[name]
            self.fields[f"field-{name}"] = box = field.box()
            box.label = field.label
        if model is Organisation:
            self.fields["field-kind"] = forms.ChoiceField(label=_("Kind"), choices=[("", "—"), *Kind.choices])
            self.names = ["kind", *self.names]
            self.fields["field-name"].required = True
        else:
            self.fields["field-title_fr"].required = True
        self.order_fields([*(f"field-{name}" for name in self.names), "note", "sender_name", "sender_email"])

    @property
    def said(self) -> dict[str, Json]:
        values = {name: as_json(self.cleaned_data.get(f"field-{name}")) for name in self.names}
        return {name: value for name, value in values.items() if value not in ("", [])}


class JoinAgainForm(OpenForm):
    """An organisation that is in the directory asks to be a member."""

    note = TextBox(
        label=_("A word to whoever decides"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ("note", "sender_name", "sender_email")


NOT_OF_NEW = frozenset({"closed_on", "kind"})
