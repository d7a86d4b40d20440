"""What an organisation says of itself: an opening, and up to four sentences more, in one language or both."""

from datetime import date
from random import Random

from .words import Context, Field, Pattern, patterns

PEOPLE = {"micro": (2, 9), "sme": (12, 240), "midcap": (260, 4600), "large": (5200, 60_000), "": (14, 260)}


def describe(
    rng: Random, fields: tuple[Field, Field], *, kind: str, size: str, institution_type: str, name: str, town: str, pole: str,
    founded: int, closed: date | None, abroad: bool, today: date,
) -> tuple[str, str]:  # fmt: skip
    """In French and in English; one of the two is missing now and then."""
    later = min(max(founded + rng.randint(3, 30), 2004), today.year - 1)
    context = Context(
        rng, *fields, name=name, town=town, pole=pole, years=(founded, later), many=rng.randint(*PEOPLE[size])
    )
    french, english = context.write(_sentences(rng, kind, size, institution_type, closed=bool(closed), abroad=abroad))
    language = rng.random()
    if language < 0.13:
        return french, ""
    if language < 0.15:
        return "", english
    return french, english


def _sentences(
    rng: Random, kind: str, size: str, institution_type: str, *, closed: bool, abroad: bool
) -> list[Pattern]:
    openings = patterns(kind, "opening", institution_type) if institution_type else patterns(kind, "opening")
    if abroad:  # neither a town nor a cluster to speak of
        return [rng.choice([pattern for pattern in openings if "town}" not in pattern.fr])]
    chosen = [rng.choice(openings)]
    if size and rng.random() < 0.45:
        chosen.append(rng.choice(patterns("company", size)))
    more = rng.choices((0, 1, 2, 3), (14, 44, 30, 12))[0]
    chosen.extend(rng.sample(patterns(kind, "more"), more))
    if closed and kind == "company":
        chosen.append(rng.choice(patterns("company", "closed")))
    return chosen
