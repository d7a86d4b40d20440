"""What becomes of an organisation's part in projects when it turns out to be another one (``members.duplicates``)."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cluster_portal.writing.typography import euros_in_full
from members.duplicates.relations import Choice, Pair, Part, Relation, register
from projects.models import Participation

OURS, THEIRS, SUM = "ours", "theirs", "sum"
SUMS = (("cost", gettext_lazy("cost")), ("public_funding", gettext_lazy("public funding")))


class Participations(Relation):
    """The same project twice: one part is left of two. What it costs is asked where both say something else."""

    def rows(self, organisation):
        return Participation.objects.filter(organisation=organisation.pk).select_related("project").order_by("pk")

    def words(self, row) -> str:
        return f"{row.project} ({row.get_role_display()})"

    def _both(self, pair: Pair) -> tuple[list[tuple[Participation, Participation]], list[Participation]]:
        ours = {row.project_id: row for row in self.rows(pair.survivor)}
        theirs = list(self.rows(pair.other))
        twice = [(ours[row.project_id], row) for row in theirs if row.project_id in ours]
        return twice, [row for row in theirs if row.project_id not in ours]

    def part(self, pair: Pair) -> Part:
        twice, free = self._both(pair)
        choices = [choice for ours, theirs in twice for choice in self._choices(ours, theirs)]
        alike = [self.words(theirs) for ours, theirs in twice if not list(self._choices(ours, theirs))]
        return Part(self.title, [self.words(row) for row in free], alike, choices)

    def _choices(self, ours: Participation, theirs: Participation):
        project = str(ours.project)
        if ours.role != theirs.role:
            options = ((OURS, ours.get_role_display()), (THEIRS, theirs.get_role_display()))
            coordinates = OURS if ours.role == Participation.Role.COORDINATOR else THEIRS
            yield Choice(_name(ours, "role"), _("%(project)s, role") % {"project": project}, options, coordinates)
        for column, title in SUMS:
            one, other = getattr(ours, column), getattr(theirs, column)
            if one is None or other is None or one == other:
                continue
            options = (
                (OURS, _euros(one)),
                (THEIRS, _euros(other)),
                (SUM, _("both: %(sum)s") % {"sum": _euros(one + other)}),
            )
            yield Choice(
                _name(ours, column), _("%(project)s, %(what)s") % {"project": project, "what": title}, options
            )  # fmt: skip

    def merge(self, pair: Pair) -> None:
        twice, free = self._both(pair)
        Participation.objects.filter(pk__in=[theirs.pk for _ours, theirs in twice]).delete()
        for ours, theirs in twice:
            proposed = {choice.name: choice.proposed for choice in self._choices(ours, theirs)}
            role = _name(ours, "role")
            ours.role = {OURS: ours.role, THEIRS: theirs.role}[pair.choice(role, proposed.get(role, OURS))]
            for column, _title in SUMS:
                one, other = getattr(ours, column), getattr(theirs, column)
                how = pair.choice(_name(ours, column), OURS if one is not None else THEIRS)
                setattr(ours, column, _chosen(one, other, how))
        Participation.objects.bulk_update([ours for ours, _theirs in twice], ["role", "cost", "public_funding"])
        self.move([row.pk for row in free], pair.survivor, pair.moved)


def _name(row: Participation, column: str) -> str:
    return f"participation-{row.pk}-{column}"


def _chosen(one: Decimal | None, other: Decimal | None, how: str) -> Decimal | None:
    if one is None or other is None:
        return other if one is None else one
    return {OURS: one, THEIRS: other, SUM: one + other}[how]


def _euros(amount: Decimal) -> str:
    return str(euros_in_full(amount))


register(Participations("projects.Participation.organisation", gettext_lazy("Projects")))
