"""The forms that anybody may send: what they ask for, and what keeps robots out without a puzzle for people."""

import re
from datetime import timedelta
from decimal import Decimal

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from cluster_portal.admin.boxes import LineBox, TextBox
from contributions.fields import Json, Proposable, Subject, fields_of, known_fields
from contributions.models import Frequency
from contributions.models.messages import LONGEST_MESSAGE
from members.models import Organisation
from projects.models import Outcome, Project

SALT = "contributions.opened"
FASTEST = timedelta(seconds=3)  # from the page to what is sent: less is no person
LONGEST_OPEN = timedelta(days=2)
LONGEST_TEXT = 4000
TAG = re.compile(r"</?[a-z][a-z0-9]*(\s[^<>]*)?/?>", re.IGNORECASE)  # <b>, and not <lea@example.org>


def opened_for(subject: Subject | None) -> str:
    return signing.TimestampSigner(salt=SALT).sign(_name_of(subject))


def _name_of(subject: Subject | None) -> str:
    return f"open:{subject._meta.label_lower}:{subject.pk}" if subject else "open"


class OpenForm(forms.Form):
    """On the page of ``subject``, if it is about one record. ``homepage`` is for robots alone: people do not see it.
    ``opened`` says when the page was made, and of what: it may have been merged into another one since."""

    sender_name = LineBox(label=_("Your name"), max_length=120, required=False)
    sender_email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("You confirm it by a link in a mail. It is not published, and used for this alone."),
    )
    homepage = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    NOT_SHOWN = ("homepage", "opened")

    def __init__(self, subject: Subject | None, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.subject = subject
        self.initial["opened"] = opened_for(subject)

    def clean(self):
        values = super().clean()
        if values.get("homepage"):
            raise ValidationError(_("This was taken for a robot’s. Leave the box “Do not fill in” empty."), "robot")
        self._look_at_the_clock(values.get("opened", ""))
        return values

    def _look_at_the_clock(self, opened: str) -> None:
        signer = signing.TimestampSigner(salt=SALT)
        try:
            name = signer.unsign(opened, max_age=LONGEST_OPEN)
        except signing.SignatureExpired:
            raise self._once_more(_("This page was open for long. Look at it once more, and send it again.")) from None
        except signing.BadSignature:
            raise self._once_more(_("Look at it once more, and send it again.")) from None
        if name != _name_of(self.subject):
            sentence = _(
                "The page on which you began has become that of %(name)s. Look at it once more, and send it again."
            )
            error = self._once_more(sentence % {"name": self.subject})
            self.begun_on(name)
            raise error
        try:
            signer.unsign(opened, max_age=FASTEST)
        except signing.SignatureExpired:
            return
        raise ValidationError(_("That was quicker than anybody types. Wait a moment, and send it again."), "fast")

    def _once_more(self, sentence: str) -> ValidationError:
        """The page that says so is a new one: sent again, it is taken."""
        self.data = self.data.copy()
        self.data["opened"] = opened_for(self.subject)
        return ValidationError(sentence, "old")

    def begun_on(self, name: str) -> None:
        """What is in the boxes stood on the page of another record, or was typed there."""


class ReportForm(OpenForm):
    """An error in words."""

    note = TextBox(
        label=_("What is wrong?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What stands there, and what should. Do not name private persons."),
    )
    field_order = ("note", "sender_name", "sender_email")


class MessageForm(OpenForm):
    """What is written to an organisation, which is sent it as it stands."""

    text = TextBox(
        label=_("Your message"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 9}),
        validators=[RegexValidator(TAG, _("It is sent as plain text: write it without HTML."), inverse_match=True)],
    )
    sender_name = LineBox(label=_("Your name"), max_length=120, help_text=_("It is sent along."))
    sender_email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("It is sent along, for the answer. You confirm the message by a link in a mail first."),
    )
    field_order = ("text", "sender_name", "sender_email")


class CorrectionForm(OpenForm):
    """The public fields of a record, as they stand; what is changed is proposed."""

    note = TextBox(
        label=_("A word to whoever decides"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Where it can be looked up, for instance. It is not published."),
    )

    tells_all = False

    def __init__(self, subject: Subject, *args, **kwargs):
        super().__init__(subject, *args, **kwargs)
        self.proposable: list[Proposable] = fields_of(subject)
        self.stands: dict[str, Json] = {}
        for field in self.proposable:
            self.fields[f"field-{field.name}"] = box = field.box()
            box.label = field.label
            self.stands[field.name] = now = field.now(subject)
            if field.told or self.tells_all or not now:
                self.initial[f"field-{field.name}"] = field.in_box(now)
            else:
                box.help_text = _(
                    "One is known, and shown to nobody. Leave the box blank unless it should be another one."
                )
        self.order_fields(
            [*(f"field-{field.name}" for field in self.proposable), "note", "sender_name", "sender_email"]
        )

    def clean(self):
        values = super().clean()
        if not self.errors and not self.changed and not values.get("note"):
            raise ValidationError(_("Nothing is changed yet: change what is wrong, or say it in a word."), "same")
        return values

    def begun_on(self, name: str) -> None:
        """What nobody touched there is not proposed here."""
        other = type(self.subject)._default_manager.filter(pk=name.rpartition(":")[2]).first()
        for field in self.proposable if other else ():
            box = f"field-{field.name}"
            if box in self.cleaned_data and same(as_json(self.cleaned_data[box]), field.now(other)):
                stands = self.stands[field.name]
                self.data.setlist(box, stands if isinstance(stands, list) else [stands])

    @property
    def changed(self) -> dict[str, Json]:
        """What is proposed, field by field: where the form says something else than what stands there."""
        said = {
            field.name: as_json(self.cleaned_data.get(f"field-{field.name}"))
            for field in self.proposable
            if f"field-{field.name}" in self.cleaned_data
        }
        untold = {field.name for field in self.proposable if not field.told}  # left blank, it stays
        return {
            name: value
            for name, value in said.items()
            if not same(value, self.stands[name]) and not (value == "" and name in untold)
        }


class KnownSenderForm(CorrectionForm):
    """Of whoever was sent its link: the address stands with the link, and nobody types another."""

    tells_all = True  # the organisation reads its own address

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

    def __init__(self, model: type[Organisation] | type[Project] | type[Outcome], subject: Subject, *args, **kwargs):
        """``subject``: the cluster, or the project, that is to have it."""
        super().__init__(subject, *args, **kwargs)
        self.names = [name for name in known_fields(model) if name != "closed_on"]
        for name in self.names:
            field = known_fields(model)[name]
            self.fields[f"field-{name}"] = box = field.box()
            box.label, box.required = field.label, name in NEEDED[model]
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


class FollowListForm(OpenForm):
    sender_name = None  # nobody reads it
    frequency = forms.ChoiceField(
        label=_("How often"),
        choices=Frequency.choices,
        initial=Frequency.WEEKLY,
        widget=forms.RadioSelect,
        help_text=_("A mail comes only if something changed."),
    )
    field_order = ("sender_email", "frequency")


NEEDED = {
    Organisation: ("kind", "name"),
    Project: ("title_fr",),
    Outcome: ("kind", "title_fr"),
}  # without which it is none
