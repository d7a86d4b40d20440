"""Pictures of the data, drawn on the server as SVG.

Every size and place is an attribute and every colour a class of the stylesheet: the security policy
allows no inline style, and the dark scheme recolours the pictures for free. A coordinate is written
with a dot whatever the language.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from cluster_portal.writing.typography import number

HIDDEN = 'aria-hidden="true" focusable="false"'


def dotted(value: float) -> str:
    """A coordinate: one decimal, a dot, no useless zero."""
    return f"{value:.1f}".removesuffix(".0")


# ── Bars ────────────────────────────────────────────────────────────────────────────────────────


def bar(parts: Iterable[tuple[str, float]]) -> SafeString:
    """Shares of a whole side by side: (class, value). The legend with the numbers goes below it."""
    shown = [(name, float(value)) for name, value in parts if value and value > 0]
    total = sum(value for _, value in shown)
    start, rects = 0.0, []
    for name, value in shown:
        width = value / total * 1000
        rects.append(
            f'<rect class="{escape(name)}" x="{dotted(start)}" y="0" width="{dotted(width)}" height="40" '
            'vector-effect="non-scaling-stroke"/>'
        )
        start += width
    return mark_safe(
        f'<svg class="bar" viewBox="0 0 1000 40" preserveAspectRatio="none" {HIDDEN}>{"".join(rects)}</svg>'
    )


def track(share: float, name: str = "f-pub") -> SafeString:
    """One share of a hundred; a sliver stays visible."""
    width = min(100.0, max(0.8, float(share))) if share > 0 else 0.0
    return mark_safe(
        f'<svg class="track" viewBox="0 0 100 10" preserveAspectRatio="none" {HIDDEN}>'
        f'<rect class="bg" width="100" height="10"/>'
        f'<rect class="{escape(name)}" width="{dotted(width)}" height="10"/></svg>'
    )


# ── Charts by year ──────────────────────────────────────────────────────────────────────────────


class Phase(NamedTuple):
    """A band behind a chart: first and last year, and whether it is the present one."""

    label: str
    start: int
    end: int
    now: bool = False


WIDTH, HEIGHT = 960, 380
LEFT, RIGHT, TOP, BOTTOM = 56, 840, 20, 336


def _ceiling(top: float) -> tuple[float, float]:
    """A round end for the axis and the step between its lines, for four or five lines."""
    if top <= 0:
        return 4, 1
    magnitude = 10 ** math.floor(math.log10(top))
    step = next(magnitude * part for part in (0.25, 0.5, 1, 2, 2.5, 5) if top / (magnitude * part) <= 5 or part == 5)
    if step < 1:
        step = 1
    return math.ceil(top / step) * step, step


def _axis(ceiling: float, step: float) -> str:
    lines = []
    for index in range(round(ceiling / step) + 1):
        y = BOTTOM - index * step / ceiling * (BOTTOM - TOP)
        lines.append(
            f'<path class="{"ax" if index else "ax0"}" d="M{LEFT} {dotted(y)}H{RIGHT}"/>'
            f'<text x="{LEFT - 10}" y="{dotted(y + 4)}" text-anchor="end">{number(index * step)}</text>'
        )
    return "".join(lines)


def _bands(phases: Iterable[Phase], left_of, right_of, years: Sequence[int], label_at: int = BOTTOM - 12) -> str:
    bands = []
    for phase in phases:
        first, last = max(phase.start, years[0]), min(phase.end, years[-1])
        if first > last:
            continue
        x, width = left_of(first), right_of(last) - left_of(first) - 2
        name = "phase phase--now" if phase.now else "phase"
        bands.append(
            f'<rect class="{name}" x="{dotted(x)}" y="{TOP}" width="{dotted(width)}" height="{BOTTOM - TOP}"/>'
        )
        if width > 50:
            bands.append(f'<text x="{dotted(x + 8)}" y="{label_at}">{escape(phase.label)}</text>')
    return "".join(bands)


def _years_below(years: Sequence[int], middle_of) -> str:
    every = math.ceil(len(years) / 12)
    return "".join(
        f'<text x="{dotted(middle_of(year))}" y="366" text-anchor="middle">{year}</text>' for year in years[::every]
    )


def _chart(title: str, description: str, key: str, content: str) -> SafeString:
    return mark_safe(
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{key}-t {key}-d">'
        f'<title id="{key}-t">{escape(title)}</title><desc id="{key}-d">{escape(description)}</desc>'
        f"{content}</svg>"
    )


def line_chart(
    series: Sequence[tuple[str, Sequence[tuple[int, float]]]],
    *,
    title: str,
    description: str,
    phases: Iterable[Phase] = (),
    under_way: tuple[int, str] | None = None,
    key: str = "chart",
) -> SafeString:
    """One or two series by year, each named at its end; the values belong in a table below.

    The second line is dashed and its dots are squares: colour is never the only difference. ``under_way``: a last year
    that is not over, and the words for it; its points are hollow and what leads to them is faint, for it is no fall.
    """
    years = sorted({year for _, points in series for year, _ in points})
    if not years:
        return mark_safe("")
    span = max(1, years[-1] - years[0])

    def x_of(year: float) -> float:
        return LEFT + (min(max(year, years[0]), years[-1]) - years[0]) / span * (RIGHT - LEFT)

    ceiling, step = _ceiling(max(value for _, points in series for _, value in points))

    def y_of(value: float) -> float:
        return BOTTOM - value / ceiling * (BOTTOM - TOP)

    bands = _bands(phases, x_of, lambda year: x_of(year + 1), years)
    lines, dots, names = [], [], []
    label_at: list[float] = []
    for index, (name, points) in enumerate(series, start=1):
        spots = [(x_of(year), y_of(float(value))) for year, value in sorted(points)]
        if not spots:
            continue
        unfinished = under_way is not None and max(year for year, _ in points) == under_way[0]
        over = spots[:-1] if unfinished else spots
        lines.append(_line(f"l{index}", over))
        if unfinished:
            lines.append(_line(f"l{index} under-way", spots[-2:]))
        dots += [_dot(index, x, y) for x, y in over]
        dots += [_dot(index, x, y, " under-way") for x, y in spots[len(over) :]]
        y = spots[-1][1] + 5
        while any(abs(y - other) < 18 for other in label_at):
            y += 18
        label_at.append(y)
        last = number(sorted(points)[-1][1])
        names.append(f'<text class="lab t{index}" x="{RIGHT + 14}" y="{dotted(y)}">{escape(name)} {last}</text>')
    if under_way:
        names.append(f'<text class="note" x="{RIGHT}" y="{TOP + 18}" text-anchor="end">{escape(under_way[1])}</text>')
    content = bands + _axis(ceiling, step) + _years_below(years, x_of) + "".join(lines + dots + names)
    return _chart(title, description, key, content)


def _line(name: str, spots: Sequence[tuple[float, float]]) -> str:
    return f'<path class="{name}" d="M{"L".join(f"{dotted(x)} {dotted(y)}" for x, y in spots)}"/>' if spots else ""


def _dot(index: int, x: float, y: float, more: str = "") -> str:
    if index == 1:
        return f'<circle class="d1{more}" cx="{dotted(x)}" cy="{dotted(y)}" r="4"/>'
    return f'<rect class="d2{more}" x="{dotted(x - 3.5)}" y="{dotted(y - 3.5)}" width="7" height="7"/>'


def column_chart(
    series: Sequence[tuple[str, str, Sequence[tuple[int, float]]]],
    *,
    title: str,
    description: str,
    phases: Iterable[Phase] = (),
    key: str = "columns",
) -> SafeString:
    """Amounts by year as columns, side by side: (class of the fill, name, points)."""
    years = sorted({year for _, _, points in series for year, _ in points})
    if not years:
        return mark_safe("")
    years = list(range(years[0], years[-1] + 1))
    slot = (RIGHT - LEFT) / len(years)
    width = slot * 0.7 / max(1, len(series))
    ceiling, step = _ceiling(max(value for _, _, points in series for _, value in points))

    def left_of(year: float) -> float:
        return LEFT + (year - years[0]) * slot

    # above the columns, which would hide what stands at their foot
    bands = _bands(phases, left_of, lambda year: left_of(year + 1), years, label_at=TOP + 18)
    columns = []
    for index, (name, _, points) in enumerate(series):
        for year, value in points:
            height = float(value) / ceiling * (BOTTOM - TOP)
            x = left_of(year) + slot * 0.15 + index * width
            columns.append(
                f'<rect class="{escape(name)}" x="{dotted(x)}" y="{dotted(BOTTOM - height)}" '
                f'width="{dotted(max(1.0, width - 1))}" height="{dotted(height)}"/>'
            )
    content = (
        bands + _axis(ceiling, step) + _years_below(years, lambda year: left_of(year) + slot / 2) + "".join(columns)
    )
    return _chart(title, description, key, content)


# ── In a line of text ───────────────────────────────────────────────────────────────────────────


def sparkline(values: Sequence[float]) -> SafeString:
    """How a number went, without axes: for the cell of a table that has the values beside it. From zero to the most."""
    if len(values) < 2:
        return mark_safe("")
    top = max(*values, 1)
    spots = [(2 + index / (len(values) - 1) * 116, 26 - value / top * 22) for index, value in enumerate(values)]
    path = "L".join(f"{dotted(x)} {dotted(y)}" for x, y in spots)
    x, y = spots[-1]
    return mark_safe(
        f'<svg class="sparkline" viewBox="0 0 124 30" {HIDDEN}><path d="M{path}"/>'
        f'<circle cx="{dotted(x)}" cy="{dotted(y)}" r="3"/></svg>'
    )
