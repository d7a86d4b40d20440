"""The grappe: the members of a cluster as a bunch of marks, a square, a disc or a pediment for each kind."""

import math
from collections.abc import Sequence
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from cluster_portal.drawing.charts import HIDDEN, dotted
from cluster_portal.writing.typography import number

GOLDEN_ANGLE = math.radians(137.5)
KINDS = ("co", "la", "in")
MARKS_OF_A_TILE = 57
SCALES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def members_per_mark(total: int, at_most: int = 400) -> int:
    """The smallest round number of members that one mark may stand for."""
    return next((scale for scale in SCALES if total <= scale * at_most), SCALES[-1])


def _marks(count: int, per_mark: int) -> int:
    return max(1, round(count / per_mark)) if count > 0 else 0


def _spread(amounts: Sequence[int]) -> list[int]:
    """The kinds in turn, each as evenly spaced as its share allows: the most overdue kind comes next."""
    total = sum(amounts)
    placed = [0] * len(amounts)
    order = []
    for position in range(1, total + 1):
        overdue = [amount * position / total - done for amount, done in zip(amounts, placed, strict=True)]
        kind = overdue.index(max(overdue))
        placed[kind] += 1
        order.append(kind)
    return order


def _mark(kind: int, x: float, y: float, step: float) -> str:
    if kind == 0:
        side = dotted(step * 1.1)
        return f"M{dotted(x - step * 0.55)} {dotted(y - step * 0.55)}h{side}v{side}h-{side}z"
    if kind == 1:
        radius = dotted(step * 0.655)
        across = dotted(step * 1.31)
        turn = f"a{radius} {radius} 0 1 0"
        return f"M{dotted(x - step * 0.655)} {dotted(y)}{turn} {across} 0{turn} -{across} 0z"
    half, roof, wall = dotted(step * 0.65), dotted(step * 0.58), dotted(step * 0.7)
    width = dotted(step * 1.3)
    return f"M{dotted(x)} {dotted(y - step * 0.64)}l{half} {roof}v{wall}h-{width}v-{wall}z"


@lru_cache(maxsize=512)
def _grappe_paths(amounts: tuple[int, int, int], size: int, room_for: int) -> str:
    middle = size / 2
    step = middle / (math.sqrt(max(sum(amounts), room_for) + 0.5) + 0.95)
    paths: list[list[str]] = [[], [], []]
    for position, kind in enumerate(_spread(amounts)):
        radius, angle = step * math.sqrt(position + 0.5), position * GOLDEN_ANGLE
        x, y = middle + radius * math.cos(angle), middle + radius * math.sin(angle)
        paths[kind].append(_mark(kind, x, y, step))
    return "".join(
        f'<path class="{name}" d="{"".join(path)}"/>' for name, path in zip(KINDS, paths, strict=True) if path
    )


def grappe(
    companies: int,
    laboratories: int,
    institutions: int,
    per_mark: int = 10,
    size: int = 120,
    label: str | None = None,
) -> SafeString:
    """The members of a cluster as marks on a sunflower spiral: squares, discs and pediments.

    Without a label it is decoration beside numbers. At tile size the step is fixed, so that the
    bunches of two clusters can be compared; a bigger one fills its box.
    """
    amounts = (_marks(companies, per_mark), _marks(laboratories, per_mark), _marks(institutions, per_mark))
    room_for = MARKS_OF_A_TILE if size <= 120 else 0
    role = f'role="img" aria-label="{escape(label)}"' if label else HIDDEN
    paths = _grappe_paths(amounts, size, room_for)
    return mark_safe(f'<svg class="grappe" viewBox="0 0 {size} {size}" {role}>{paths}</svg>')


def grappe_label(companies: int, laboratories: int, institutions: int) -> str:
    """The bunch said in words, for those who do not see it."""
    return gettext(
        "Members drawn as a bunch. Companies, as squares: %(companies)s; laboratories, as discs: "
        "%(laboratories)s; institutions, as pediments: %(institutions)s."
    ) % {
        "companies": number(companies),
        "laboratories": number(laboratories),
        "institutions": number(institutions),
    }
