"""Staff decide: each field of a proposal against what is live, and all that follows in one transaction and one change set.

A value that was changed since the proposal was made is never taken by the way: whoever decides says so for that field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_portal.admin.refusals import refusal
from cluster_portal.admin.slugs import free_slug
from cluster_portal.history.change_sets import Kind, key_under_way, tell
from cluster_portal.records.publication import Status
from cluster_portal.records.transactions import refused_at_once
from contributions import letters
from contributions.fields import Json, Proposable, Subject, fields_of, known_fields
from contributions.models import ChangeProposal, ProposalMessage
from members.models import Membership, Organisation
from members.querysets import today
from projects.models import Project

SENTENCE = gettext_lazy("Proposal decided")
BY_THE_ORGANISATION = gettext_lazy("the organisation itself")


class Taken(models.TextChoices):
    """What becomes of one field."""

    AS_PROPOSED = "proposed", gettext_lazy("Accept")
    EDITED = "edited", gettext_lazy("Accept, edited")
    REFUSED = "refused", gettext_lazy("Leave as it is")


class AlreadyDecided(Exception):  # noqa: N818 (an answer, and no fault)
    """Somebody else was quicker; ``args`` holds the proposal as it is now."""


class Refused(Exception):  # noqa: N818
    """Something that was accepted cannot be written: ``args`` holds the sentences by field, "" for the whole."""


@dataclass(frozen=True)
class Difference:
    """One field: what stands there now, what was proposed, and what stood there then."""

    field: Proposable
    now: Json
    proposed: Json
    based_on: Json

    @property
    def changed_since(self) -> bool:
        return self.now != self.based_on

    @property
    def is_there_already(self) -> bool:
        return self.now == self.proposed

    @property
    def shown(self) -> tuple[str, str, str]:
        return tuple(self.field.shown(value) for value in (self.now, self.proposed, self.based_on))


def differences(proposal: ChangeProposal) -> list[Difference]:
    """Of what would change a record that is there, in the order of its fields."""
    if proposal.kind in (ChangeProposal.Kind.JOIN, ChangeProposal.Kind.PROJECT) or not proposal.values:
        return []
    subject = proposal.subject
    return [
        Difference(field, field.now(subject), proposal.values[field.name], proposal.based_on.get(field.name, ""))
        for field in fields_of(subject)
        if field.name in proposal.values
    ]


def held(pk: int) -> ChangeProposal:
    """The proposal, for whoever decides now; of two who decide at once the second is told."""
    proposal = ChangeProposal.objects.select_for_update(of=("self",)).with_subject().get(pk=pk)
    if proposal.state not in ChangeProposal.OPEN:
        raise AlreadyDecided(proposal)
    return proposal


def decide(
    pk: int, by, decisions: Mapping[str, tuple[str, Json]], reason: str = "", *, verified: bool = False
) -> ChangeProposal:
    """Writes what is taken of a proposal, field by field. ``decisions``: name -> (what becomes of it, the value). Raises
    ``AlreadyDecided``, and ``Refused`` where a value cannot be written: then nothing is."""
    try:
        with refused_at_once():
            proposal = held(pk)
            tell(Kind.PROPOSAL, SENTENCE)
            written = _write(proposal, by, decisions, verified=verified)
            refused = [name for name, (taken, _value) in decisions.items() if taken == Taken.REFUSED]
            proposal.decisions = {name: {"taken": taken, "value": value} for name, (taken, value) in decisions.items()}
            _close(proposal, by, reason, _state(bool(written), bool(refused)))
    except IntegrityError as error:
        raise Refused({"": [refusal(error, type(ChangeProposal.objects.with_subject().get(pk=pk).subject))]}) from error
    return proposal


def _state(some_taken: bool, some_refused: bool) -> str:
    if some_taken:
        return ChangeProposal.State.PARTLY if some_refused else ChangeProposal.State.ACCEPTED
    return ChangeProposal.State.REFUSED


def _write(proposal: ChangeProposal, by, decisions: Mapping[str, tuple[str, Json]], *, verified: bool) -> list[str]:
    subject = proposal.subject
    known = known_fields(type(subject))
    taken = {name: value for name, (how, value) in decisions.items() if how != Taken.REFUSED}
    errors: dict[str, list[str]] = {}
    for name, value in taken.items():
        try:
            known[name].write(subject, value)
        except ValidationError as error:
            errors[name] = error.messages
    columns = {field.name for field in subject._meta.concrete_fields}
    own = [name for name in taken if name in columns]
    try:
        subject.clean_fields(exclude=columns - set(own))
    except ValidationError as error:
        errors |= error.message_dict
    if errors:
        raise Refused(errors)
    if verified and isinstance(subject, Organisation):
        subject.verified_on, subject.verified_source = today(), str(BY_THE_ORGANISATION)
        own += ["verified_on", "verified_source"]
    if own or taken:
        subject.updated_by = by
        subject.save(update_fields=[*own, "updated_by"])
    return list(taken)


def _close(proposal: ChangeProposal, by, reason: str, state: str) -> None:
    proposal.state, proposal.reviewer, proposal.decided_at, proposal.reason = state, by, timezone.now(), reason
    proposal.change_set = key_under_way()
    proposal.save(
        update_fields=[
            "state",
            "reviewer",
            "decided_at",
            "reason",
            "change_set",
            "decisions",
            "organisation",
            "project",
        ]
    )
    letters.decided(proposal)


def settle(pk: int, by, *, accepted: bool, reason: str = "") -> ChangeProposal:
    """Of what names no value: an error in words is dealt with, or not one; anything is refused whole."""
    with refused_at_once():
        proposal = held(pk)
        if not accepted:
            proposal.decisions = {name: {"taken": Taken.REFUSED, "value": ""} for name in proposal.values}
        _close(proposal, by, reason, ChangeProposal.State.ACCEPTED if accepted else ChangeProposal.State.REFUSED)
    return proposal


def admit(pk: int, by, organisation: Organisation | None = None) -> ChangeProposal:
    """A request to join becomes a membership from today: of the organisation that is there, or of a draft with all that was
    typed. The draft is in the hand of whoever admits it."""
    try:
        with refused_at_once():
            proposal = held(pk)
            tell(Kind.PROPOSAL, SENTENCE)
            one = organisation or proposal.organisation or _draft_of(proposal, Organisation, by)
            if not Membership.objects.filter(organisation=one, cluster=proposal.cluster).current().exists():
                Membership.objects.create(organisation=one, cluster=proposal.cluster, joined_on=today())
            proposal.organisation = one
            _close(proposal, by, "", ChangeProposal.State.ACCEPTED)
    except IntegrityError as error:
        raise Refused({"": [refusal(error, Organisation)]}) from error
    return proposal


def take_up(pk: int, by) -> ChangeProposal:
    """A project that was proposed becomes a draft, in the hand of whoever takes it up; who labels it is not said by it."""
    try:
        with refused_at_once():
            proposal = held(pk)
            tell(Kind.PROPOSAL, SENTENCE)
            proposal.project = _draft_of(proposal, Project, by)
            _close(proposal, by, "", ChangeProposal.State.ACCEPTED)
    except IntegrityError as error:
        raise Refused({"": [refusal(error, Project)]}) from error
    return proposal


def _draft_of(proposal: ChangeProposal, model: type[Organisation] | type[Project], by) -> Subject:
    given: dict[str, Any] = {"status": Status.DRAFT, "created_by": by, "updated_by": by, "assigned_to": by}
    if model is Organisation:
        given |= {"kind": proposal.values.get("kind", ""), "lead_cluster": proposal.cluster}
    made = model(**given)
    known = known_fields(model)
    columns = {field.name for field in model._meta.concrete_fields}
    said = {name: value for name, value in proposal.values.items() if name in known and value not in ("", [], None)}
    for name, value in said.items():
        if name in columns:
            known[name].write(made, value)
    made.slug = free_slug(model, proposal.name) or free_slug(model, model._meta.model_name)
    try:
        made.clean_fields(exclude=columns - set(said) - {"kind"})
    except ValidationError as error:
        raise Refused(error.message_dict) from error
    made.save()
    for name, value in said.items():
        if name not in columns:
            known[name].write(made, value)
    return made


def ask(pk: int, by, text: str) -> None:
    """A question to the sender: it waits for the answer, where everybody sees that it does."""
    with refused_at_once():
        proposal = held(pk)
        message = ProposalMessage.objects.create(proposal=proposal, text=text, by=by, from_staff=True)
        proposal.state = ChangeProposal.State.WAITING
        proposal.save(update_fields=["state"])
        letters.asked(proposal, message)


def by_whom(proposal: ChangeProposal) -> str:
    """For the second who decides."""
    who = proposal.reviewer.get_full_name() or proposal.reviewer.get_username() if proposal.reviewer else _("somebody")
    return _("Already decided by %(who)s: %(state)s.") % {"who": who, "state": proposal.get_state_display()}
