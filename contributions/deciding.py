"""A proposal beside what is live, field by field, and what becomes of it once somebody of staff has decided.

What a proposal would write is a *record*: the one that it is about, or a new one (a draft organisation, a draft project,
an outcome). Values pass through the boxes of the staff's own forms, and the database has the last word.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop, pgettext_lazy

from cluster_portal.admin.once import digest
from cluster_portal.admin.refusals import refusal
from cluster_portal.admin.slugs import free_slug
from cluster_portal.history.change_sets import Kind, key_under_way, tell
from cluster_portal.records.publication import Status
from cluster_portal.records.transactions import refused_at_once
from members.admin.former_names import keep_former_name
from members.models import Cluster, Membership, Organisation
from members.models.organisations import source_itself
from projects.models import Outcome, Participation, Project

from .fields import Json, Proposable, fields_of, known_fields, write_site
from .forms import as_json
from .models import ChangeProposal
from .models.proposals import ProposalKind, ProposalState

Record = Organisation | Project | Cluster | Outcome
TAKE, EDIT, REFUSE = "take", "edit", "refuse"
SENTENCE, CONFIRMED = gettext_noop("Proposal taken up"), gettext_noop("Confirmed by the organisation")
CHANGED_AGAIN = gettext_lazy("Somebody wrote another value while you looked at it: look at it again.")


class Taken(TextChoices):
    """What became of one field, as it is kept with the proposal."""

    AS_PROPOSED = "proposed", gettext_lazy("accepted")
    EDITED = "edited", gettext_lazy("accepted, edited")
    REFUSED = "refused", pgettext_lazy("proposal", "refused")


class AlreadyDecided(Exception):  # noqa: N818 (an answer, and no fault)
    """Somebody else was faster; ``args`` holds the proposal as it is now."""


class Refusal(Exception):  # noqa: N818
    """Nothing was written: a sentence for each field, by name; "" is the whole."""

    def __init__(self, sentences: dict[str, str]) -> None:
        super().__init__(sentences)
        self.sentences = sentences


@dataclass
class Line:
    """One field of a proposal. ``field`` is nothing where it may no longer be proposed."""

    name: str
    field: Proposable | None
    now: Json
    proposed: Json
    based_on: Json
    is_new: bool  # of a record that is not there yet

    @property
    def label(self) -> str:
        return str(self.field.label) if self.field else self.name

    @property
    def stands_there(self) -> bool:
        return not self.is_new and self.now == self.proposed

    @property
    def changed_since(self) -> bool:
        """Somebody has written another value meanwhile than the one that was to be replaced."""
        return not self.is_new and self.now not in (self.based_on, self.proposed)

    @property
    def seen(self) -> str:
        """Of the value that a page shows as live: what is decided upon another one is asked again."""
        return digest(repr(self.now))[:12]

    def shown(self, value: Json) -> str:
        return self.field.shown(value) if self.field and self.field.reads(value) else str(value)


@dataclass
class Matter:
    """A proposal with the record that it would write, and its lines."""

    proposal: ChangeProposal
    record: Record | None  # nothing: only a membership is asked for, or only a note was written
    is_new: bool
    lines: list[Line]

    @property
    def by_name(self) -> dict[str, Line]:
        return {line.name: line for line in self.lines}


@dataclass
class Decision:
    """``choices``: of each line how it is decided; ``values``: of those that were edited, and of those that are taken."""

    choices: dict[str, str]
    values: dict[str, Json]
    reason: str = ""
    refused: bool = False  # the whole of it, where there are no lines
    is_this_one: Organisation | None = None  # who asks to join is in the directory already
    verified: bool = False  # by the organisation, today
    former_name: bool = False  # stays as one by which it is found
    seen: dict[str, str] = field(default_factory=dict)  # by name, of the values upon which it was decided
    joined_on: date | None = None

    @property
    def refuses_all(self) -> bool:
        return self.refused or set(self.choices.values()) == {REFUSE}


# --- what stands there ------------------------------------------------------------------------------------------------
def known_fields_of(proposal: ChangeProposal) -> dict[str, Proposable]:
    """Of whatever it speaks of, whether it may still be proposed or not."""
    match proposal.kind:
        case ProposalKind.JOIN:
            return known_fields(Organisation)
        case ProposalKind.PROJECT:
            return known_fields(Outcome if proposal.is_outcome else Project)
    return known_fields(type(proposal.subject))


def matter_of(proposal: ChangeProposal) -> Matter:
    record, is_new = _record_of(proposal)
    if record is None:
        return Matter(proposal, None, False, [])
    fields = {field.name: field for field in fields_of(record)}
    fields = {name: one for name, one in fields.items() if one.reads(proposal.values.get(name, ""))}
    names = [name for name in fields if name in proposal.values]
    names += [name for name in proposal.values if name not in fields]
    lines = [
        Line(
            name,
            fields.get(name),
            "" if is_new or name not in fields else fields[name].now(record),
            proposal.values[name],
            proposal.based_on.get(name, ""),
            is_new,
        )
        for name in names
    ]
    return Matter(proposal, record, is_new, lines)


def _record_of(proposal: ChangeProposal) -> tuple[Record | None, bool]:
    match proposal.kind:
        case ProposalKind.JOIN if proposal.organisation:
            return None, False
        case ProposalKind.JOIN:
            kind = proposal.values.get("kind")
            kind = kind if kind in Organisation.Kind.values else Organisation.Kind.COMPANY
            return Organisation(kind=kind, lead_cluster=proposal.cluster), True
        case ProposalKind.PROJECT if proposal.is_outcome:
            return Outcome(project=proposal.project), True
        case ProposalKind.PROJECT:
            return Project(), True
    return proposal.subject, False


# --- what was typed ---------------------------------------------------------------------------------------------------
def clean(field: Proposable, value: Any) -> Json:
    """As the box of the staff's form reads it; ``ValidationError`` says why not."""
    return as_json(field.box().clean(value))


def form_of(matter: Matter, data: Any = None) -> forms.Form:
    """The boxes in which a value is edited before it is accepted, filled with what is proposed."""
    form = forms.Form(data, prefix="value")
    for line in matter.lines:
        if line.field:
            form.initial[line.name] = line.field.in_box(line.proposed)
            form.fields[line.name] = line.field.box()
            form.fields[line.name].label = line.label
    return form


# --- decided ----------------------------------------------------------------------------------------------------------
def decide(proposal: ChangeProposal, decision: Decision, user) -> ChangeProposal:
    """All of it, or nothing and what stood in the way (``Refusal``). Within a transaction: of two who decide at once the
    second is told of the first (``AlreadyDecided``). The record is locked first, as whoever merges it does."""
    with transaction.atomic():
        _lock(proposal.subject)
        locked = ChangeProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        if locked.state not in ChangeProposal.OPEN:
            raise AlreadyDecided(locked)
        if decision.is_this_one:
            _lock(decision.is_this_one)
            locked.organisation = Organisation.objects.get(pk=decision.is_this_one.pk)
        matter = matter_of(locked)
        taken = dict(_taken(matter, decision))
        now = {name: matter.by_name[name].seen for name in taken}
        if again := {name: str(CHANGED_AGAIN) for name in taken if decision.seen.get(name, now[name]) != now[name]}:
            raise Refusal(again)
        by_itself = locked.kind in (ProposalKind.JOIN, ProposalKind.CONFIRMATION)  # writes without any field
        changes = bool(taken) or by_itself and not decision.refuses_all
        if changes:
            tell(Kind.PROPOSAL, CONFIRMED if locked.kind == ProposalKind.CONFIRMATION else SENTENCE)
            try:
                with refused_at_once():
                    write(matter, taken, decision, user)
            except ValidationError as error:
                raise Refusal(_sentences(error, matter)) from error
            except IntegrityError as error:
                model = type(matter.record) if matter.record is not None else Membership
                raise Refusal({"": str(refusal(error, model))}) from error
        _keep(locked, matter, taken, decision, user, changes)
    return locked


def _lock(record: Any) -> None:
    type(record)._default_manager.select_for_update(of=("self",)).filter(pk=record.pk).first()


def _taken(matter: Matter, decision: Decision) -> Iterator[tuple[str, Json]]:
    for line in matter.lines:
        choice = decision.choices.get(line.name)
        if line.field and choice in (TAKE, EDIT):
            yield line.name, decision.values[line.name]


def _keep(proposal, matter: Matter, taken: dict[str, Json], decision: Decision, user, changes: bool) -> None:
    proposal.decisions = {
        line.name: {
            "taken": _how(line, taken),
            "value": taken.get(line.name, ""),
        }
        for line in matter.lines
    }
    refused = decision.refuses_all or (bool(matter.lines) and not taken)
    partly = any(one["taken"] == Taken.REFUSED for one in proposal.decisions.values())
    proposal.state = (
        ProposalState.REFUSED if refused else ProposalState.PARTLY if partly else ProposalState.ACCEPTED
    )  # fmt: skip
    proposal.reason, proposal.reviewer, proposal.decided_at = decision.reason, user, timezone.now()
    proposal.change_set = key_under_way() if changes else None
    proposal.save(
        update_fields=[
            "decisions", "state", "reason", "reviewer", "decided_at", "change_set", "organisation", "project",
        ]
    )  # fmt: skip


def _how(line: Line, taken: dict[str, Json]) -> str:
    if line.name not in taken:
        return Taken.REFUSED.value
    return (Taken.AS_PROPOSED if taken[line.name] == line.proposed else Taken.EDITED).value


def _sentences(error: ValidationError, matter: Matter) -> dict[str, str]:
    known = matter.by_name
    found: dict[str, list[str]] = {}
    for name, errors in getattr(error, "error_dict", {"": [error]}).items():
        place = name if name in known else ""
        found.setdefault(place, []).extend(" ".join(each.messages) for each in errors)
    return {name: " ".join(dict.fromkeys(texts)) for name, texts in found.items()}


# --- written ----------------------------------------------------------------------------------------------------------
def write(matter: Matter, taken: dict[str, Json], decision: Decision, user) -> None:
    proposal = matter.proposal
    if matter.record is None:
        if proposal.kind == ProposalKind.JOIN:
            _make_member(proposal.organisation, proposal, decision)
        return
    record: Any = matter.record
    fields = {line.name: line.field for line in matter.lines if line.field and line.name in taken}
    former = getattr(record, "name", "")
    in_row = {name for name, field in fields.items() if field.in_row}
    for name in in_row:
        fields[name].write(record, taken[name])
    if matter.is_new:
        _make(record, proposal, user)
    else:
        _change(record, in_row, bool(decision.verified), proposal, user)
    if of_site := {name: taken[name] for name, field in fields.items() if field.of_site}:
        write_site(record, of_site)
    for name, one in fields.items():
        if not one.in_row and not one.of_site:
            _field_error(name, lambda one=one, name=name: one.write(record, taken[name]))
    if decision.former_name and former and former != getattr(record, "name", former):
        keep_former_name(record, former)
    if matter.is_new and proposal.kind == ProposalKind.JOIN:
        proposal.organisation = record
        _make_member(record, proposal, decision)
    if isinstance(record, Project) and matter.is_new:
        proposal.project = record
        if proposal.organisation:
            Participation(project=record, organisation=proposal.organisation, role="partner").save()


def _field_error(name: str, do) -> None:
    """What a row beside the record refuses is told at the field that wrote it."""
    try:
        do()
    except ValidationError as error:
        texts = getattr(error, "error_dict", {}).get(name) or [error]
        raise ValidationError({name: [message for each in texts for message in each.messages]}) from error


def _make(record: Any, proposal: ChangeProposal, user) -> None:
    if isinstance(record, Outcome):
        record.full_clean(exclude=["project"])
        record.save()
        return
    record.status, record.created_by, record.updated_by, record.assigned_to = Status.DRAFT, user, user, user
    text = record.name if isinstance(record, Organisation) else record.acronym or record.title_fr or record.title_en
    model = type(record)
    record.slug = free_slug(model, text) or free_slug(model, model._meta.model_name)
    record.full_clean()
    record.save()


def _change(record: Any, in_row: set[str], verified: bool, proposal: ChangeProposal, user) -> None:
    """Only what was taken: a record that lacks something else takes it all the same."""
    columns = set(in_row)
    if verified and isinstance(record, Organisation):
        columns |= {"verified_on", "verified_by", "verified_source"}
        record.verified_on, record.verified_source = timezone.localdate(), source_itself()
        record.verified_by_id = _verifying(record, proposal)
    if not columns:
        return
    others = {field.name for field in record._meta.fields} - columns
    record.clean_fields(exclude=others)
    if columns & {"successor", "siren", "name"}:
        record.clean()
    record.validate_unique(exclude=others)
    record.validate_constraints()
    if user is not None:
        columns.add("updated_by")
        record.updated_by = user
    record.save(update_fields=columns)


def _verifying(record: Organisation, proposal: ChangeProposal) -> int | None:
    """The cluster whose staff heard it from the organisation; nobody where that said so itself."""
    if proposal.kind == ProposalKind.CONFIRMATION:
        return None
    return Organisation.objects.with_lead().values_list("lead", flat=True).get(pk=record.pk)


def _make_member(organisation: Organisation, proposal: ChangeProposal, decision: Decision) -> None:
    membership = Membership(
        organisation=organisation, cluster=proposal.cluster, joined_on=decision.joined_on or timezone.localdate()
    )
    membership.full_clean()
    membership.save()
