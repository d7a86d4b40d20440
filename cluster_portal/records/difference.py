"""Three states of a value: as somebody was given it, as it stands now, and as she sends it back.

What a person changed is the difference between what she was given and what she sends; what she left alone is not hers
to write, whatever her form still shows of it.
"""

from collections.abc import Sequence
from enum import Enum


class Whose(Enum):
    """Whose value stands in the end."""

    NOW = "as it stands"
    SENT = "as she sends it"
    ASKED = "she is asked: somebody else changed the same thing to something else"


def whose(given: Sequence[str], now: Sequence[str], sent: Sequence[str]) -> Whose:
    if sent in (given, now):
        return Whose.NOW
    return Whose.SENT if now == given else Whose.ASKED


def merged_choices(given: Sequence[str], now: Sequence[str], sent: Sequence[str]) -> list[str]:
    """Of several choices at once: what is there now, without what she took away, with what she added."""
    taken_away = set(given) - set(sent)
    kept = [one for one in now if one not in taken_away]
    return kept + [one for one in dict.fromkeys(sent) if one not in given and one not in kept]
