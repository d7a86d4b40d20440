"""What of the directory itself points at an organisation."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_portal.records.search import fold
from cluster_portal.writing.typography import date_short
from members.models import ContactPerson, FurtherNumber, Membership, Organisation, OrganisationName, Site

from .relations import Choice, Pair, Part, Relation, Stays, register

UNION, OURS, THEIRS = "union", "ours", "theirs"


# --- memberships ------------------------------------------------------------------------------------------------------
class Clash:
    """Memberships of one cluster that overlap, on both sides: one at the end, unless somebody says otherwise."""

    def __init__(self, ours: list[Membership], theirs: list[Membership]) -> None:
        self.ours, self.theirs = ours, theirs
        self.name = f"membership-{ours[0].cluster_id}-{theirs[0].pk}"

    @property
    def every(self) -> list[Membership]:
        return [*self.ours, *self.theirs]

    @property
    def joined_on(self) -> date | None:
        days = [one.joined_on for one in self.every]
        return None if None in days else min(day for day in days if day)

    @property
    def left_on(self) -> date | None:
        days = [one.left_on for one in self.every]
        return None if None in days else max(day for day in days if day)

    def choice(self) -> Choice:
        options = (
            (UNION, _("the whole time, %(dates)s") % {"dates": _span(self.joined_on, self.left_on)}),
            (OURS, _("as the one that stays has it, %(dates)s") % {"dates": _spans(self.ours)}),
            (THEIRS, _("as the other has it, %(dates)s") % {"dates": _spans(self.theirs)}),
        )
        return Choice(self.name, str(self.ours[0].cluster), options, UNION)


def _span(joined: date | None, left: date | None) -> str:
    return " – ".join((date_short(joined) if joined else "?", date_short(left) if left else _("today")))


def _spans(rows: list[Membership]) -> str:
    return ", ".join(_span(row.joined_on, row.left_on) for row in rows)


def _overlap(one: Membership, other: Membership) -> bool:
    """As the database sees it: ``left_on`` is the first day out, and who left on the day it joined was never in."""
    if one.cluster_id != other.cluster_id or any(
        row.joined_on and row.joined_on == row.left_on for row in (one, other)
    ):
        return False
    return _begins_before_end(one, other) and _begins_before_end(other, one)


def _begins_before_end(one: Membership, other: Membership) -> bool:
    return one.joined_on is None or other.left_on is None or one.joined_on < other.left_on


class Memberships(Relation):
    def rows(self, organisation):
        return Membership.objects.filter(organisation=organisation.pk).select_related("cluster").order_by("pk")

    def words(self, row) -> str:
        return f"{row.cluster} ({_span(row.joined_on, row.left_on)})"

    def part(self, pair: Pair) -> Part:
        clashes, free = self._clashes(pair)
        return Part(self.title, [self.words(row) for row in free], choices=[clash.choice() for clash in clashes])

    def _clashes(self, pair: Pair) -> tuple[list[Clash], list[Membership]]:
        ours, free, clashes = list(self.rows(pair.survivor)), [], []
        theirs = list(self.rows(pair.other))
        while theirs:
            group = [theirs.pop(0)]
            grown = True
            met: list[Membership] = []
            while grown:  # whoever overlaps with one of a group belongs to it
                more = [row for row in ours if row not in met and any(_overlap(row, one) for one in [*group, *met])]
                others = [row for row in theirs if any(_overlap(row, one) for one in [*group, *met, *more])]
                met += more
                group += others
                theirs = [row for row in theirs if row not in others]
                grown = bool(more or others)
            if met:
                clashes.append(Clash(met, group))
            else:
                free += group
        return clashes, free

    def merge(self, pair: Pair) -> None:
        clashes, free = self._clashes(pair)
        going, moving = [], [row.pk for row in free]
        kept: list[Membership] = []
        for clash in clashes:
            how = pair.choice(clash.name, UNION)
            if how == OURS:
                going += clash.theirs
            elif how == THEIRS:
                going += clash.ours
                moving += [row.pk for row in clash.theirs]
            else:
                first, *rest = clash.ours
                going += [*rest, *clash.theirs]
                first.joined_on, first.left_on = clash.joined_on, clash.left_on
                first.category = first.category or next((row.category for row in clash.every if row.category), "")
                kept.append(first)
        Membership.objects.filter(pk__in=[row.pk for row in going]).delete()
        Membership.objects.bulk_update(kept, ["joined_on", "left_on", "category"])
        self.move(moving, pair.survivor, pair.moved)


# --- what is simply there or not --------------------------------------------------------------------------------------
class Sites(Relation):
    """What the other says of the same place fills what the survivor’s leaves blank."""

    FILLED = (("siret",), ("latitude", "longitude", "precision"), ("name",))  # what says one thing together

    def is_alike(self, row, others, pair) -> bool:
        return any(self._same(row, one) for one in others)

    @staticmethod
    def _same(row: Site, one: Site) -> bool:
        if row.siret and one.siret:
            return row.siret == one.siret
        return (
            all(fold(getattr(row, name)) == fold(getattr(one, name)) for name in ("address", "city"))
            and row.postcode == one.postcode
            and (row.department_id, row.region_id, row.country) == (one.department_id, one.region_id, one.country)
        )

    def merge(self, pair: Pair) -> None:
        stays, _moves = self._apart(pair)
        super().merge(pair)
        ours = list(self.rows(pair.survivor))
        for row in stays:
            one = next(one for one in ours if self._same(row, one))
            for names in self.FILLED:
                if getattr(one, names[0]) in (None, ""):
                    for name in names:
                        setattr(one, name, getattr(row, name))
        Site.objects.bulk_update(ours, [name for names in self.FILLED for name in names])

    def words(self, row) -> str:
        return ", ".join(filter(None, [row.name, row.address, f"{row.postcode} {row.place}".strip(), row.siret]))

    def rows(self, organisation):
        return Site.objects.filter(organisation=organisation.pk).select_related("department", "region").order_by("pk")

    def move(self, keys, to, moved) -> None:
        """One head office: that of the one that has it."""
        if keys and Site.objects.filter(organisation=to.pk, head_office=True).exists():
            Site.objects.filter(pk__in=keys, head_office=True).update(head_office=False)
        super().move(keys, to, moved)


class Names(Relation):
    """Its own name and acronym among those that the survivor goes on being found by."""

    def is_alike(self, row, others, pair) -> bool:
        return fold(row.name) in self._called(pair) or any(row.name == one.name for one in others)

    def part(self, pair: Pair) -> Part:
        part = super().part(pair)
        part.moving += [name for name in self._own(pair) if name not in part.moving]
        return part

    def _called(self, pair: Pair) -> set[str]:
        """Name and acronym of what comes of them."""
        name = pair.survivor.name if pair.choice("name", OURS) == OURS else pair.other.name
        acronym = pair.survivor.acronym if pair.choice("acronym", OURS) == OURS else pair.other.acronym
        return {fold(one) for one in (name, acronym) if one}

    def _own(self, pair: Pair) -> Iterator[str]:
        """What either is called, and the one that comes of them would not be."""
        known = self._called(pair)
        for one in (pair.survivor.name, pair.other.name, pair.survivor.acronym, pair.other.acronym):
            if one and fold(one) not in known:
                known.add(fold(one))
                yield one

    def merge(self, pair: Pair) -> None:
        super().merge(pair)
        there = {fold(name) for name in self.rows(pair.survivor).values_list("name", flat=True)}
        OrganisationName.objects.bulk_create(
            OrganisationName(organisation=pair.survivor, name=name, kind=OrganisationName.Kind.TRADE)
            for name in self._own(pair)
            if fold(name) not in there
        )


class Numbers(Relation):
    """Further numbers, among them the first ones of the other that the survivor cannot bear in the same place."""

    FIRST = (("siren", "siren"), ("uai", "uai_code"), ("rnsr", "rnsr_id"), ("ror", "ror_id"))
    OF_KIND = {"uai": "institution", "rnsr": "laboratory"}

    def is_alike(self, row, others, pair) -> bool:
        known = [(one.kind, one.value) for one in others]
        return (row.kind, row.value) in known or row.value == self._first(pair).get(row.kind)

    def _first(self, pair: Pair) -> dict[str, str]:
        """Those of what comes of them, by their kind."""
        found = {}
        for kind, name in self.FIRST:
            ours, theirs = getattr(pair.survivor, name), getattr(pair.other, name)
            fits = self.OF_KIND.get(kind, pair.survivor.kind) == pair.survivor.kind
            found[kind] = theirs if fits and pair.choice(name, OURS if ours else THEIRS) == THEIRS else ours
        return found

    def _own(self, pair: Pair) -> list[tuple[str, str]]:
        first = self._first(pair)
        numbers = ((kind, getattr(side, name)) for kind, name in self.FIRST for side in (pair.survivor, pair.other))
        return [(kind, number) for kind, number in numbers if number and number != first[kind]]

    def part(self, pair: Pair) -> Part:
        part = super().part(pair)
        part.moving += [f"{FurtherNumber.Kind(kind).label} {value}" for kind, value in self._own(pair)]
        return part

    def merge(self, pair: Pair) -> None:
        super().merge(pair)
        there = set(self.rows(pair.survivor).values_list("kind", "value"))
        FurtherNumber.objects.bulk_create(
            FurtherNumber(organisation=pair.survivor, kind=kind, value=value)
            for kind, value in dict.fromkeys(self._own(pair))
            if (kind, value) not in there
        )


class UnitNumbers(Relation):
    def is_alike(self, row, others, pair) -> bool:
        return any((row.label, row.number) == (one.label, one.number) for one in others)

    def part(self, pair: Pair) -> Part:
        return super().part(pair) if pair.survivor.kind == "laboratory" else Part(self.title)

    def merge(self, pair: Pair) -> None:
        if pair.survivor.kind == "laboratory":
            super().merge(pair)


class Contacts(Relation):
    """Of people the history keeps no values: nobody is ever taken away by a merger."""

    def is_alike(self, row, others, pair) -> bool:
        return any(
            (row.cluster_id, fold(row.name), row.email.lower()) == (one.cluster_id, fold(one.name), one.email.lower())
            for one in others
        )

    def words(self, row) -> str:
        return str(row.cluster) if row.cluster else _("the network")

    def rows(self, organisation):
        return ContactPerson.objects.filter(organisation=organisation.pk).select_related("cluster").order_by("pk")

    def part(self, pair: Pair) -> Part:
        """Numbers, and for whom: who they are is for their clusters to read."""
        part = super().part(pair)
        for name in ("moving", "same"):
            rows = getattr(part, name)
            setattr(part, name, [f"{who} ({rows.count(who)})" for who in dict.fromkeys(rows)])
        return part


# --- pairs ------------------------------------------------------------------------------------------------------------
class Chosen(Relation):
    """Of a many-to-many: what the other chose, or who chose it. ``far`` is the other end of the pair."""

    def __init__(self, label: str, title: Any, far: str, **more: Any) -> None:
        super().__init__(label, title, **more)
        self.far = far

    def rows(self, organisation):
        return super().rows(organisation).select_related(self.far)

    def words(self, row) -> str:
        return str(getattr(row, self.far))

    def is_alike(self, row, others, pair) -> bool:
        """What would point at itself stays as well."""
        far = self.model._meta.get_field(self.far)
        chosen = getattr(row, far.attname)
        itself = far.related_model is Organisation and chosen == pair.survivor.pk
        return itself or any(chosen == getattr(one, far.attname) for one in others)


class ChosenBy(Chosen):
    """Those that chose the other: what chose both chooses one, and nothing goes on pointing at what was merged."""

    def merge(self, pair: Pair) -> None:
        stays, moves = self._apart(pair)
        self.model._base_manager.filter(pk__in=[row.pk for row in stays]).delete()
        self.move([row.pk for row in moves], pair.survivor, pair.moved)
        # nor would it supervise itself
        self.model._base_manager.filter(**{self.column: pair.other.pk, self.far: pair.survivor.pk}).delete()


class Predecessors(Relation):
    """Whom the other took over, the survivor has."""

    def rows(self, organisation):
        return Organisation.objects.filter(successor=organisation.pk).order_by("pk")

    def merge(self, pair: Pair) -> None:
        self.rows(pair.other).filter(pk=pair.survivor.pk).update(successor=None)
        self.move(list(self.rows(pair.other).values_list("pk", flat=True)), pair.survivor, pair.moved)

    def part(self, pair: Pair) -> Part:
        return Part(self.title, [str(row) for row in self.rows(pair.other) if row.pk != pair.survivor.pk])


class Merged(Predecessors):
    """What was merged into the other before."""

    def rows(self, organisation):
        return Organisation.objects.filter(merged_into=organisation.pk).order_by("pk")

    def merge(self, pair: Pair) -> None:
        self.move(list(self.rows(pair.other).values_list("pk", flat=True)), pair.survivor, pair.moved)


register(
    Memberships("members.Membership.organisation", gettext_lazy("Memberships")),
    Numbers(
        "members.FurtherNumber.organisation", gettext_lazy("Further official numbers")
    ),  # before the sites, which need them
    Sites("members.Site.organisation", gettext_lazy("Sites")),
    Contacts("members.ContactPerson.organisation", gettext_lazy("Contact persons")),
    Names("members.OrganisationName.organisation", gettext_lazy("Other names")),
    Chosen("members.Organisation_themes.organisation", gettext_lazy("Themes"), "theme"),
    UnitNumbers("members.UnitNumber.organisation", gettext_lazy("Unit numbers")),
    Chosen("members.Organisation_supervisors.from_organisation", gettext_lazy("Supervising bodies"), "to_organisation"),
    ChosenBy(
        "members.Organisation_supervisors.to_organisation", gettext_lazy("Supervised laboratories"), "from_organisation"
    ),
    Predecessors("members.Organisation.successor", gettext_lazy("Organisations taken over")),
    Merged("members.Organisation.merged_into", gettext_lazy("Organisations merged before"), splits=False),
    Stays("members.SearchDocument.organisation", "a trigger keeps it for each row"),
    Stays("members.MatchCandidate.first", "what was decided of a pair is read through what either was merged into"),
    Stays("members.MatchCandidate.second", "as the first"),
    Stays("members.WebsiteCheck.organisation", "the website of the one that stays is asked by itself"),
    Stays("members.RegisterCheck.organisation", "the register is asked of the one that stays by itself"),
)
