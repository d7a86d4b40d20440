"""One organisation of two, and two of one (docs/decisions/0030).

What is merged stays, archived, under its number and its address, and says into what: its address redirects, its number
answers with the survivor, and taking the change set back finds it as it was.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_portal.admin.slugs import free_slug
from cluster_portal.history.change_sets import Kind, tell
from cluster_portal.records.publication import UNFINISHED, Status
from cluster_portal.records.transactions import refused_at_once
from members.models import MatchCandidate, Organisation

from .fields import Line, lines, values_of
from .relations import RELATIONS, Moved, Pair, Part, Relation, in_order, what_stops_it

MERGED = gettext_lazy("Merged two organisations")
SPLIT = gettext_lazy("Split an organisation")


@dataclass
class Plan:
    """What merging comes to, with the choices that were made so far."""

    pair: Pair
    of_network: bool  # who decides also by whom it is kept
    lines: list[Line]
    parts: list[tuple[Relation, Part]]
    missing: list[str] = field(default_factory=list)  # what has to be said first, in words
    stopped: str = ""

    @property
    def digest(self) -> str:
        """Another as soon as anything on either side is."""
        said = [repr(self.lines), self.pair.survivor.pk, self.pair.other.pk]
        said += [f"{relation.label} {part.moving} {part.same} {part.choices}" for relation, part in self.parts]
        return sha256("\n".join(map(str, said)).encode()).hexdigest()[:32]

    @property
    def number(self) -> int:
        return sum(len(part.moving) for _relation, part in self.parts)


def plan(survivor: Organisation, other: Organisation, chosen: dict[str, str], *, of_network: bool) -> Plan:
    found = lines(survivor, other, of_network=of_network)
    # what was chosen, or proposed: names and numbers go where the fields do not
    sides = {line.name: chosen.get(line.name) or line.proposed for line in found}
    pair = Pair(survivor, other, {**chosen, **sides})
    parts = [(relation, part) for relation in in_order() if (part := relation.part(pair)).anything]
    missing = [
        f"{part.title}: {choice.title}"
        for _relation, part in parts
        for choice in part.choices
        if pair.choice(choice.name, choice.proposed) not in dict(choice.options)
    ]
    return Plan(pair, of_network, found, parts, missing, what_stops_it())


class Refused(ValidationError):
    """A merger that does not go, in words."""


def merge(
    survivor: Organisation, other: Organisation, chosen: dict[str, str], user, *, of_network: bool, shown: str = ""
) -> None:
    """All of it or nothing. Raises ``Refused``, and ``IntegrityError`` for what the database refuses. ``shown``: the digest
    of the plan that somebody looked at; of another one nothing is written."""
    if survivor.pk == other.pk or survivor.merged_into_id or other.merged_into_id:
        raise Refused(_("These are one already."))
    if stopped := what_stops_it():
        raise Refused(stopped)
    with refused_at_once():
        rows = Organisation.objects.select_for_update().in_bulk([survivor.pk, other.pk])
        survivor, other = rows[survivor.pk], rows[other.pk]
        if survivor.merged_into_id or other.merged_into_id:
            raise Refused(_("These are one already."))
        found = plan(survivor, other, chosen, of_network=of_network)
        if shown and shown != found.digest:
            raise Refused(_("Somebody changed one of them meanwhile: look at it again."))
        if found.missing:
            raise Refused([_("Say what is right: %(what)s.") % {"what": one} for one in found.missing])
        _merge(found, user)


def _merge(found: Plan, user) -> None:
    pair = found.pair
    survivor, other = pair.survivor, pair.other
    values = values_of(survivor, other, pair.chosen, of_network=found.of_network)
    # whoever keeps them goes on keeping them, whatever memberships move: to work on the one, and to take this back
    leads = dict(Organisation.objects.with_lead().filter(pk__in=[survivor.pk, other.pk]).values_list("pk", "lead"))
    if not found.of_network:
        values["lead_cluster_id"] = leads[survivor.pk]
    for relation in in_order():
        if not relation.has_a_history:
            relation.merge(pair)
    decided = _decided(survivor, other, user)
    # before what has a history is written: what is said of a change set is kept with the rows that it writes
    tell(
        Kind.MERGE,
        MERGED,
        merged={"survivor": survivor.pk, "other": other.pk},
        moved=pair.moved or None,
        decided=decided or None,
    )
    # first it gives up its numbers, which the survivor may take
    Organisation.objects.filter(pk=other.pk).update(
        status=Status.ARCHIVED,
        archived_on=other.archived_on or timezone.localdate(),
        publish_on=None,
        merged_into=survivor.pk,
        lead_cluster=leads[other.pk],
        successor=None if other.successor_id == survivor.pk else other.successor_id,
        updated_by=user,
    )
    status = values.get("status", survivor.status)
    values["archived_on"] = (survivor.archived_on or other.archived_on) if status == Status.ARCHIVED else None
    if status not in UNFINISHED:
        values["publish_on"] = None
    for relation in in_order():
        if relation.label == "members.Site.organisation":  # a SIRET begins with the SIREN of whoever has it by then
            Organisation.objects.filter(pk=survivor.pk).update(**values, updated_by=user)
        if relation.has_a_history:
            relation.merge(pair)


def _decided(survivor: Organisation, other: Organisation, user) -> dict[str, Any]:
    """The pair is decided, and remembers what was thought of it before."""
    one = MatchCandidate.objects.of_pair(survivor.pk, other.pk).first()
    if one is None:
        return {}
    before = {
        "pk": one.pk, "decision": one.decision, "by": one.decided_by_id,
        "at": one.decided_at.isoformat() if one.decided_at else None,
    }  # fmt: skip
    one.decision, one.decided_by, one.decided_at = MatchCandidate.Decision.SAME, user, timezone.now()
    one.save(update_fields=["decision", "decided_by", "decided_at"])
    return before


# --- split ------------------------------------------------------------------------------------------------------------
def splitting(organisation: Organisation, user) -> list[tuple[Relation, list]]:
    """The rows that may go to a new one, relation by relation: a draft shows nothing, so what another cluster says of the
    organisation stays where it is, unless the network splits it."""
    found = ((one, list(one.editable_by(user, organisation))) for one in in_order() if one.splits)
    return [(relation, rows) for relation, rows in found if rows]


def split(organisation: Organisation, name: str, chosen: dict[str, Iterable[int]], user) -> Organisation:
    """``chosen``: by the label of a relation, the keys of the rows that go to the new one, which is a draft."""
    with refused_at_once():
        organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
        lead = Organisation.objects.with_lead().values_list("lead", flat=True).get(pk=organisation.pk)
        made = Organisation(
            kind=organisation.kind, name=name, country=organisation.country, status=Status.DRAFT, lead_cluster_id=lead,
            created_by=user, updated_by=user,
        )  # fmt: skip
        made.slug = free_slug(Organisation, name) or free_slug(Organisation, made.kind)
        made.full_clean(exclude=["slug"])
        made.save()
        tell(Kind.SPLIT, SPLIT, merged={"survivor": organisation.pk, "other": made.pk})
        moved: Moved = {}  # stays empty: what has no history is not offered
        for label, keys in chosen.items():
            relation = RELATIONS[label]
            own = set(relation.editable_by(user, organisation).values_list("pk", flat=True))
            if relation.splits:
                relation.move(sorted(own & set(keys)), made, moved)
    return made


# --- taken back -------------------------------------------------------------------------------------------------------
def put_back(said: dict[str, Any]) -> None:
    """What has no history of its own: it stands with the change set which rows went where."""
    merged = said.get("merged") or {}
    survivor, other = merged.get("survivor"), merged.get("other")
    if Organisation.objects.filter(pk=other, merged_into__isnull=False).exists():
        return  # it is merged still
    for label, keys in (said.get("moved") or {}).items():
        if relation := RELATIONS.get(label):
            rows = relation.model._base_manager.filter(pk__in=keys, **{relation.column: survivor})
            rows.update(**{relation.column: other})
    if decided := said.get("decided"):
        MatchCandidate.objects.filter(pk=decided["pk"], decision=MatchCandidate.Decision.SAME).update(
            decision=decided["decision"], decided_by=decided["by"], decided_at=decided["at"]
        )


def proposed_survivor(one: Organisation, other: Organisation) -> Organisation:
    """What is published, of which more hangs on it, that was verified later, that is older."""

    def weight(row: Organisation):
        hanging = sum(relation.rows(row).count() for relation in in_order() if relation.splits)
        verified = row.verified_on.toordinal() if row.verified_on else 0
        return row.status == Status.PUBLISHED, hanging, verified, -row.pk

    return max(one, other, key=weight)
