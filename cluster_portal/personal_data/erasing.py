"""Forgetting somebody: one act, of which only numbers remain."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from cluster_portal.history.change_sets import unrecorded
from cluster_portal.models import Erasure
from cluster_portal.work.knowing import SaidToStaff

from . import mentions
from .mentions import Mentions
from .sought import Sought
from .sources import SOURCES, Found

MOST_ROUNDS = 3  # what is taken away may be kept by a trigger elsewhere, as a former address is


@dataclass(frozen=True)
class Order:
    """``rows``: the key of a source -> those of its rows. ``left``: tables whose texts are not touched."""

    sought: Sought
    rows: Mapping[str, tuple[str, ...]]
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """(the key of a source, rows) and (a table, rows, how the first of them say it)."""

    rows: list[tuple[str, int]] = field(default_factory=list)
    mentions: list[Mentions] = field(default_factory=list)

    @property
    def counts(self) -> list[tuple[str, int]]:
        return [*self.rows, *((f"table:{one.table}", one.rows) for one in self.mentions)]


def found_in(sought: Sought) -> dict[str, list[Found]]:
    """What each source knows; of those that know nothing, nothing."""
    found = {key: list(source.find(sought)) for key, source in SOURCES.items()}
    return {key: rows for key, rows in found.items() if rows}


def widened(order: Order) -> Order:
    """With what else she is known by in the rows that are hers: the mentions of an address are found by the name, too."""
    found = found_in(order.sought)
    sought, rows = order.sought, {}
    for key, keys in order.rows.items():
        hers = [one for one in found.get(key, []) if one.key in keys]
        if hers:
            rows[key] = tuple(one.key for one in hers)
            for one in hers:
                sought |= one.identity.sure
    return Order(sought, rows, order.left)


def foreseen(order: Order) -> Outcome:
    """What an erasure would do: it is done, counted, and taken back."""
    with transaction.atomic():
        outcome = _do(order)
        transaction.set_rollback(True)
    return outcome


def erase(order: Order, by: int | None) -> Erasure:
    with transaction.atomic():
        outcome = _do(order)
        return Erasure.objects.create(by_id=by, counts=outcome.counts)


def _do(order: Order) -> Outcome:
    """Without a history of its own, which would keep each text as it was before."""
    with unrecorded():
        rows = [(key, SOURCES[key].erase(keys, order.sought)) for key, keys in order.rows.items()]
        sought = order.sought.in_texts_of_all
        named: dict[str, Mentions] = {}
        for _again in range(MOST_ROUNDS):
            found = {one.table: one for one in mentions.find(sought) if one.table not in order.left}
            if not found:
                break
            counts = mentions.erase(sought, found)
            named |= {table: found[table] for table, number in counts.items() if number and table not in named}
        else:
            raise SaidToStaff(_("Her name comes back by itself: nothing was erased. Tell whoever runs the site."))
        mentions.forget_words(sought)
    return Outcome(rows, list(named.values()))
