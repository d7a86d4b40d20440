"""The page of one proposal: what stands there now beside what is proposed, and a decision on each field."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cluster_portal.admin.boxes import DayBox, TextBox
from cluster_portal.admin.scope import keeps
from cluster_portal.admin.verbs import with_way_back
from cluster_portal.history.reading import taken_back
from contributions import letters
from contributions.deciding import (
    CHANGED_AGAIN,
    EDIT,
    REFUSE,
    TAKE,
    AlreadyDecided,
    Decision,
    Line,
    Matter,
    Refusal,
    Taken,
    clean,
    decide,
    form_of,
    known_fields_of,
    matter_of,
)
from contributions.fields import Json
from contributions.models import ChangeProposal, ProposalMessage, SavedAnswer
from contributions.models.proposals import LONGEST_REASON, ProposalKind, ProposalState
from contributions.waiting import age
from members.admin.finding import number
from members.admin.lookalikes import Told, lookalikes, told_to
from members.models import Organisation

from .queue import criteria, name_of_subject, said_by

MOST_WORDS = 1_500  # of two texts that are marked word by word
ALL, NONE_OF_IT, ASK, MINE = "all", "none", "ask", "mine"  # the buttons, beside the one that decides as chosen
CHOICES = (TAKE, EDIT, REFUSE)

WITHOUT_REASON = gettext_lazy("Say why: the sender reads it. A refusal has a reason.")
NOBODY_TO_ASK = gettext_lazy("Who sent it is not known any more: there is nobody to ask.")
UNDECIDED = gettext_lazy("Decide on this one too.")
OWN_CLICK = gettext_lazy("This was changed since: decide on it by itself.")


class Words(forms.Form):
    """What is said, beside the decisions on the fields."""

    reason = TextBox(
        label=gettext_lazy("Answer to the sender"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3, "maxlength": LONGEST_REASON}),
        help_text=gettext_lazy("Whatever is refused has a reason, which is mailed to the sender with the decision."),
    )
    saved = forms.ModelChoiceField(
        SavedAnswer.objects.none(),
        label=gettext_lazy("or a saved answer"),
        required=False,
        empty_label=gettext_lazy("none"),
    )
    question = TextBox(
        label=gettext_lazy("Question to the sender"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("It waits for the answer, and is in the queue again with it."),
    )
    joined_on = DayBox(label=gettext_lazy("Member from"), required=False)
    verified = forms.BooleanField(label=gettext_lazy("Verified today, source: the organisation"), required=False)
    former_name = forms.BooleanField(
        label=gettext_lazy("Keep the name of before as a former name, by which it is still found"), required=False
    )

    def __init__(self, *args, answers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["saved"].queryset = answers

    @property
    def answer(self) -> str:
        """What was typed, else what was chosen."""
        saved = self.cleaned_data.get("saved")
        return self.cleaned_data.get("reason") or (saved.text if saved else "")


@dataclass
class Shown:
    """A line as the page shows it."""

    line: Line
    box: Any
    choice: str
    was_edited: bool
    errors: list[str] = field(default_factory=list)

    @property
    def now(self) -> str:
        return self.line.shown(self.line.now)

    @property
    def proposed(self) -> SafeString:
        return difference(self.now, self.line.shown(self.line.proposed))

    @property
    def based_on(self) -> str:
        return self.line.shown(self.line.based_on)


@dataclass
class Answered:
    """What was sent, as far as it was understood."""

    choices: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, name: str, sentence: Any) -> None:
        self.errors.setdefault(name, []).append(str(sentence))


def page(model_admin: ModelAdmin, request: HttpRequest, proposal: ChangeProposal) -> HttpResponse:
    answers = SavedAnswer.objects.selectable_by(request.user)
    if request.method != "POST":
        words = Words(answers=answers, initial=_first_words(proposal))
        return _page(model_admin, request, proposal, words, None, Answered())
    words = Words(request.POST, answers=answers)
    if proposal.state not in ChangeProposal.OPEN:
        return _already(request, proposal)
    if MINE in request.POST:
        return _taken_in_hand(request, proposal)
    answered = Answered()
    if words.is_valid():
        done = _asked if ASK in request.POST else _decided
        if answer := done(request, proposal, words, answered):
            return answer
    return _page(model_admin, request, proposal, words, request.POST, answered)


def _first_words(proposal: ChangeProposal) -> dict[str, Any]:
    return {"joined_on": timezone.localdate(), "former_name": True, "verified": False}


# --- what is done -----------------------------------------------------------------------------------------------------
def _already(request: HttpRequest, proposal: ChangeProposal) -> HttpResponse:
    messages.warning(request, already_decided(proposal))
    return HttpResponseRedirect(request.path)


def already_decided(proposal: ChangeProposal) -> str:
    by = proposal.reviewer
    if by is None:
        return _("Already decided: %(state)s.") % {"state": proposal.get_state_display()}
    name = by.get_full_name() or by.get_username()
    return _("Already decided by %(name)s: %(state)s.") % {"name": name, "state": proposal.get_state_display()}


def _taken_in_hand(request: HttpRequest, proposal: ChangeProposal) -> HttpResponse:
    """Or given back to whoever has time."""
    mine = proposal.assigned_to_id == request.user.pk
    ChangeProposal.objects.open().filter(pk=proposal.pk).update(assigned_to=None if mine else request.user)
    return HttpResponseRedirect(request.path)


def _asked(request: HttpRequest, proposal: ChangeProposal, words: Words, answered: Answered) -> HttpResponse | None:
    text = words.cleaned_data["question"]
    if not text or not proposal.sender_is_known:
        words.add_error("question", NOBODY_TO_ASK if text else _("Write the question."))
        return None
    with transaction.atomic():
        locked = ChangeProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if locked.state not in ChangeProposal.OPEN:
            return _already(request, locked)
        message = ProposalMessage.objects.create(proposal=locked, text=text, by=request.user, from_staff=True)
        locked.state, locked.assigned_to = ProposalState.WAITING, request.user
        locked.save(update_fields=["state", "assigned_to"])
        letters.asked(locked, message)
    messages.success(request, _("The question is sent; the proposal waits for the answer."))
    return HttpResponseRedirect(reverse("admin:contributions_queue"))


def _decided(request: HttpRequest, proposal: ChangeProposal, words: Words, answered: Answered) -> HttpResponse | None:
    matter = matter_of(proposal)
    decision = _decision(request, matter, words, answered)
    if (decision.refuses_all or REFUSE in decision.choices.values()) and not decision.reason:
        words.add_error("reason", WITHOUT_REASON)
    if answered.errors or words.errors:
        return None
    try:
        with transaction.atomic():
            decided = decide(proposal, decision, request.user)
            letters.decided(decided)
    except AlreadyDecided as faster:
        return _already(request, faster.args[0])
    except Refusal as refused:
        for name, sentence in refused.sentences.items():
            answered.refuse(name, sentence)
        return None
    _say(request, decided)
    return HttpResponseRedirect(reverse("admin:contributions_queue"))


def _decision(request: HttpRequest, matter: Matter, words: Words, answered: Answered) -> Decision:
    sent, values = request.POST, {}
    this_one = _this_one(request, matter.proposal)
    for line in [] if this_one else matter.lines:
        if line.field is None:
            answered.choices[line.name] = REFUSE
            continue
        choice = REFUSE if NONE_OF_IT in sent else sent.get(f"choice-{line.name}", "")
        if not choice and ALL in sent and not line.changed_since:
            choice = TAKE
        answered.choices[line.name] = choice if choice in CHOICES else ""
        if choice not in CHOICES:
            answered.refuse(line.name, OWN_CLICK if line.changed_since and ALL in sent else UNDECIDED)
        elif choice != REFUSE and sent.get(f"seen-{line.name}", line.seen) != line.seen:
            answered.refuse(line.name, CHANGED_AGAIN)
            answered.choices[line.name] = ""
        elif choice != REFUSE:
            try:
                values[line.name] = _value(line, choice, request)
            except ValidationError as error:
                answered.refuse(line.name, " ".join(error.messages))
    reason = words.answer
    withdrawn = [line for line in matter.lines if line.field is None]
    if withdrawn and not reason:
        with override(matter.proposal.language):
            reason = _("It is not, or no longer, among what may be proposed.")
    return Decision(
        choices=answered.choices,
        values=values,
        reason=reason,
        refused=NONE_OF_IT in sent,
        is_this_one=this_one,
        verified=words.cleaned_data["verified"],
        former_name=words.cleaned_data["former_name"],
        joined_on=words.cleaned_data["joined_on"],
        seen={line.name: line.seen for line in matter.lines},
    )


def _value(line: Line, choice: str, request: HttpRequest) -> Json:
    assert line.field is not None  # noqa: S101 (asked by whoever calls)
    if choice == TAKE:
        return clean(line.field, line.proposed)
    widget, name = line.field.box().widget, f"value-{line.name}"
    return clean(line.field, widget.value_from_datadict(request.POST, request.FILES, name))


def _this_one(request: HttpRequest, proposal: ChangeProposal) -> Organisation | None:
    """Of what looks like who asks to join, the one that it is; a number that she may not choose is not there."""
    sent = request.POST.get("is", "")
    if proposal.kind != ProposalKind.JOIN or not sent:
        return None
    found = Organisation.objects.selectable_by(request.user).filter(pk=number(sent)).first()
    if found is None:
        raise Http404
    return found


def _say(request: HttpRequest, proposal: ChangeProposal) -> None:
    sentence = _("%(about)s: %(state)s.") % {
        "about": name_of_subject(proposal),
        "state": proposal.get_state_display(),
    }
    text: Any = conditional_escape(sentence)
    if url := address_of_record(request, proposal):
        text = format_html('{} <a href="{}">{}</a>', text, url, _("Open its form"))
    messages.success(request, with_way_back(text) if proposal.change_set else text)


def address_of_record(request: HttpRequest, proposal: ChangeProposal) -> str:
    subject = proposal.subject
    if proposal.kind in (ProposalKind.JOIN, ProposalKind.PROJECT):
        subject = proposal.project or proposal.organisation
    if subject is None or not type(subject)._default_manager.editable_by(request.user).filter(pk=subject.pk).exists():
        return ""
    return reverse(f"admin:{subject._meta.app_label}_{subject._meta.model_name}_change", args=[subject.pk])


# --- what is shown ----------------------------------------------------------------------------------------------------
def _page(model_admin, request, proposal: ChangeProposal, words: Words, sent, answered: Answered) -> HttpResponse:
    matter = matter_of(proposal)
    is_open = proposal.state in ChangeProposal.OPEN
    boxes = form_of(matter, sent)
    shown = [
        Shown(
            line,
            boxes[line.name] if line.field else None,
            answered.choices.get(line.name, ""),
            answered.choices.get(line.name) == EDIT,
            answered.errors.get(line.name, []),
        )
        for line in matter.lines
    ]
    joins_new = proposal.kind == ProposalKind.JOIN and proposal.organisation is None
    told, hidden = _alike(proposal, request) if joins_new and is_open else ([], [])
    undone = bool(proposal.change_set) and str(proposal.change_set) in taken_back([str(proposal.change_set)])
    subject = proposal.subject
    public = getattr(subject, "has_a_page", False) and (proposal.kind != ProposalKind.JOIN or proposal.organisation)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": name_of_subject(proposal),
        "subtitle": capfirst(proposal.get_kind_display()),
        "opts": model_admin.opts,
        "proposal": proposal,
        "said_by": said_by(proposal),
        "age": age(proposal.confirmed_at or proposal.created_at),
        "is_open": is_open,
        "is_mine": proposal.assigned_to_id == request.user.pk,
        "shown": shown,
        "decisions": _as_decided(proposal),
        "is_new": matter.is_new,
        "words": words,
        "errors": bool(answered.errors or words.errors),
        "whole_errors": answered.errors.get("", []),
        "messages_so_far": list(proposal.messages.select_related("by")),
        "told": told,
        "hidden": hidden,
        "asks_to_join": proposal.kind == ProposalKind.JOIN,
        "renames": any(one.line.name == "name" for one in shown) and not matter.is_new,
        "may_be_verified": isinstance(matter.record, Organisation) and not matter.is_new,
        "already": "" if is_open else already_decided(proposal),
        "undo_url": reverse("admin:undo_set", args=[proposal.change_set]) if proposal.change_set and not undone else "",
        "undone": undone,
        "public_url": subject.get_absolute_url() if public else "",
        "form_url": address_of_record(request, proposal),
        "criteria": criteria() if is_open else None,
        "saved_texts": {one.pk: one.text for one in words.fields["saved"].queryset},
        "keeps": keeps(request.user, subject) if subject else True,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "admin/contributions/proposal.html", context)


def _alike(proposal: ChangeProposal, request: HttpRequest) -> tuple[list[Told], list[str]]:
    values = {
        name: text
        for name in ("name", "acronym", "siren", "website")
        if isinstance(text := proposal.values.get(name), str)
    }
    return told_to(request.user, lookalikes(**{"name": "", **values}))


def _as_decided(proposal: ChangeProposal) -> list[tuple[str, str, str, str]]:
    """(box, what was proposed, how it was decided, what was written) once it is."""
    known = known_fields_of(proposal)
    lines = []
    for name, one in proposal.decisions.items():
        values = [proposal.values.get(name, ""), one["value"]]
        show = known[name].shown if name in known and all(map(known[name].reads, values)) else str
        lines.append(
            (
                str(known[name].label) if name in known else name,
                show(values[0]),
                str(Taken(one["taken"]).label),
                show(values[1]) if one["taken"] == Taken.EDITED else "",
            )
        )
    return lines


def difference(old: str, new: str) -> SafeString:
    """The new text, with what it takes out of the old one and what it puts in."""
    was, becomes = old.split(), new.split()
    if not was or not becomes or len(was) + len(becomes) > MOST_WORDS:
        return conditional_escape(new)
    parts = []
    for how, a, b, c, d in SequenceMatcher(None, was, becomes, autojunk=False).get_opcodes():
        if how == "equal":
            parts.append(format_html("{}", " ".join(was[a:b])))
            continue
        if b > a:
            parts.append(format_html("<del>{}</del>", " ".join(was[a:b])))
        if d > c:
            parts.append(format_html("<ins>{}</ins>", " ".join(becomes[c:d])))
    return format_html_join(mark_safe(" "), "{}", ((part,) for part in parts))
