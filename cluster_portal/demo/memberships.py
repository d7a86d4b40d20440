"""Who belongs to which clusters, since when, and until when."""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from .ground import Ground, Pole

CATEGORIES = {
    "micro": ["Jeunes entreprises", "PME", "Industrie", "Services", ""],
    "sme": ["PME", "Industrie", "Services", "", ""],
    "midcap": ["ETI", "Industrie", "Grands comptes", ""],
    "large": ["Grands groupes", "Industrie", "Grands comptes", ""],
    "laboratory": ["Recherche", "Recherche et formation", "Laboratoires", ""],
    "institution": ["Recherche et formation", "Partenaires institutionnels", "Collectivités", "Formation", ""],
}


class Member(NamedTuple):
    pole: Pole
    category: str
    joined: date
    left: date | None


def day_between(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randint(0, max((last - first).days, 0)))


def poles_for(rng: Random, ground: Ground, *, founded: int, horizon: date) -> list[Pole]:
    """One cluster of its time, and often a second or a third one that is close to it."""
    for _attempt in range(30):
        first = ground.any_pole(rng)
        if first.start < horizon and (first.end is None or founded < first.end.year):
            break
    poles = [first]
    extra = rng.choices((0, 1, 2), (72, 21, 7))[0]
    while extra:
        other = first.related(rng)
        if other not in poles:
            poles.append(other)
        extra -= 1
    return poles


def memberships_of(
    rng: Random,
    ground: Ground,
    poles: list[Pole],
    *,
    founded: int | None,
    closed: date | None,
    category: str,
    today: date,
) -> list[Member]:
    """In order of joining. Nobody joins before being founded, before the cluster, or after closing."""
    members: list[Member] = []
    horizon = closed or today
    categories = CATEGORIES[category]
    for pole in poles:
        first = max(pole.start, date(founded, 1, 1)) if founded else pole.start
        last = min(horizon, pole.end) if pole.end else horizon
        if first >= last:
            continue
        # half of the memberships are spread over all the years, half over the later ones
        joined = day_between(rng, first, last - timedelta(days=1))
        if rng.random() < 0.4:
            joined = max(joined, day_between(rng, first, last - timedelta(days=1)))
        label = rng.choice(categories)
        left = closed or pole.end
        if left is None and rng.random() < (0.05 if len(poles) == 1 else 0.26) and (today - joined).days > 800:
            left = day_between(rng, joined + timedelta(days=365), today - timedelta(days=30))
            left = left.replace(month=1, day=1) if left.replace(month=1, day=1) > joined else left
            if rng.random() < 0.06 and (today - left).days > 500:
                members.append(Member(pole, label, joined, left))
                joined, left = day_between(rng, left + timedelta(days=200), today), None
        members.append(Member(pole, label, joined, left))
        if pole.successor and not closed and rng.random() < 0.8 and pole.end and pole.end < today:
            heir = ground.poles.get(pole.successor)
            if heir and heir not in poles and heir not in (member.pole for member in members) and not heir.end:
                members.append(Member(heir, label, max(pole.end, heir.start), None))
    members.sort(key=lambda member: member.joined)
    return members
