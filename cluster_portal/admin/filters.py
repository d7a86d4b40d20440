"""Filters beside the lists: what needs work, and choices too many for a column of links."""

from collections.abc import Sequence

from django.contrib.admin import SimpleListFilter
from django.db.models import CharField, Count, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from cluster_portal.records.publication import UNFINISHED

MINE = "mine"  # the need of what waits for the person who asks
OF_HERS = _("drafts and reviews assigned to me")


class NeedsFilter(SimpleListFilter):
    """What keeps a row from being fit to publish, or from being believed, and first what somebody has in hand herself.
    `needs`: key -> (label, condition). `told_first`: those that the first page tells, where that is not all of them.
    `has_hands`: whether such a row is in somebody's hands at all."""

    title = _("what needs work")
    template = "admin/needs_filter.html"
    parameter_name = "needs"
    needs: dict
    told_first: tuple[str, ...] | None = None
    has_hands = True

    def lookups(self, request, model_admin):
        return list(self.labels().items())

    def queryset(self, request, queryset):
        if self.value() == MINE and self.has_hands:
            return queryset.filter(self._in_hand_of(request.user))
        if self.value() is None:
            return queryset
        return self.narrowed(queryset, self.value()) if self.value() in self.needs else queryset.none()

    @classmethod
    def labels(cls) -> dict:
        mine = {MINE: OF_HERS} if cls.has_hands else {}
        return {**mine, **{need: label for need, (label, _condition) in cls.needs.items()}}

    @staticmethod
    def _in_hand_of(user) -> Q:
        return Q(status__in=UNFINISHED, assigned_to=user.pk)

    @classmethod
    def narrowed(cls, rows, need: str):
        return rows.filter(cls.needs[need][1]())


def numbers_of(lists: Sequence[tuple[type[NeedsFilter], QuerySet]], user) -> list[dict[str, int]]:
    """Of each of some lists, given with its rows: how many have each need, without those that nothing has. What the columns
    of a row tell is counted in one reading of a list; what other tables tell, of all of them in one question, which the
    server answers set by set and not row by row."""
    found: list[dict[str, int]] = []
    asked = []
    for number, (of, rows) in enumerate(lists):
        needs = {need: each for need, (_label, each) in of.needs.items() if need in (of.told_first or of.needs)}
        conditions = {MINE: of._in_hand_of(user), **{need: each() for need, each in needs.items()}}
        told = [need for need, condition in conditions.items() if not asks_elsewhere(condition)]
        counts = rows.order_by().aggregate(**{f"n_{need}": Count("pk", filter=conditions[need]) for need in told})
        found.append({need: counts[f"n_{need}"] for need in told})
        asked += [
            counted_as(f"{number} {need}", of.narrowed(rows.order_by(), need)) for need in needs if need not in told
        ]
    for name, count in asked[0].union(*asked[1:], all=True) if asked else ():
        number, need = name.split(" ")
        found[int(number)][need] = count
    return [{need: count for need, count in numbers.items() if count} for numbers in found]


def counted_as(name: str, rows) -> QuerySet:
    """(name, how many rows), to be asked together with others; of no row there is no pair."""
    named = rows.order_by().annotate(need=Value(name, output_field=CharField()))
    return named.values("need").annotate(number=Count("pk")).values_list("need", "number")


def asks_elsewhere(condition: Q) -> bool:
    return any(
        asks_elsewhere(part) if isinstance(part, Q) else not isinstance(part, tuple) or isinstance(part[1], QuerySet)
        for part in condition.children
    )


class SelectFilter(SimpleListFilter):
    """A drop-down with its own button: for lists of some dozens. A value that it does not offer finds nothing."""

    template = "admin/select_filter.html"

    def __init__(self, request, params, model, model_admin):
        super().__init__(request, params, model, model_admin)
        self.others = [
            (name, value)
            for name, values in request.GET.lists()
            if name not in (self.parameter_name, "p", "_facets")
            for value in values
        ]

    def queryset(self, request, queryset):
        if not self.value():
            return queryset
        offered = {str(value) for value, _label in self.lookup_choices}
        return self.narrowed(queryset, self.value()) if self.value() in offered else queryset.none()

    def narrowed(self, rows, value: str):
        raise NotImplementedError

    def choices(self, changelist):
        yield {"selected": not self.value(), "value": "", "display": _("All")}
        for value, title in self.lookup_choices:
            yield {"selected": str(value) == self.value(), "value": value, "display": title}
