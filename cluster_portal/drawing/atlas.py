"""The map of the French regions, drawn on the server.

`python -m cluster_portal.drawing.atlas SOURCE TARGET` turns the region outlines of the npm package
jvectormap-content (`fr_regions_2016-mill.js`, MIT) into a small JSON file: outlines simplified to what
a screen shows, overseas regions moved into boxes below the mainland. Names, links and numbers are ours.
"""

import json
import logging
import math
import re
import sys
from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, Protocol

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from cluster_portal.drawing.charts import dotted
from cluster_portal.writing.typography import number

logger = logging.getLogger(__name__)

Point = tuple[float, float]

WIDTH, HEIGHT, HEIGHT_WITH_BOXES = 900, 750, 816
BOX_WIDTH, BOX_HEIGHT, BOX_TOP = 126, 92, 716
BOXES = {"FR-GP": 30, "FR-MQ": 178, "FR-GF": 326, "FR-RE": 474, "FR-YT": 622}
MAINLAND = "mainland"
# Where a number is read best, placed by eye: the middle of an outline is often another region's.
NUMBER_AT = {
    "FR-J": (467, 196), "FR-X7": (592, 444), "FR-X5": (446, 581), "FR-U": (680, 562), "FR-X2": (328, 467),
    "FR-X4": (658, 199), "FR-R": (266, 292), "FR-X6": (484, 97), "FR-E": (157, 238), "FR-X1": (608, 312),
    "FR-X3": (321, 165), "FR-F": (418, 293), "FR-H": (872, 693),
}  # fmt: skip
ROUND = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9)  # first digits of a threshold
MILLER_RADIUS = 6381372.0
SIMPLIFIED_BY = {"shapes": 0.8, "small": 1.8}  # units of the drawing, for the large map and for the small ones
SHAPES = Path(__file__).resolve().parents[2] / "static" / "vendor" / "regions.json"


# ── Building the file ───────────────────────────────────────────────────────────────────────────


def _outlines(path: str) -> list[list[Point]]:
    """Each island of an SVG path made of `M`, relative `l` and `Z`, as points."""
    islands = []
    for island in path.split("M")[1:]:
        pairs = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", island)]
        x, y = pairs[0]
        points = [(x, y)]
        for step_x, step_y in pairs[1:]:
            x, y = x + step_x, y + step_y
            points.append((x, y))
        islands.append(points)
    return islands


def _distance(point: Point, start: Point, end: Point) -> float:
    (px, py), (ax, ay), (bx, by) = point, start, end
    length = math.hypot(bx - ax, by - ay)
    if not length:
        return math.hypot(px - ax, py - ay)
    return abs((bx - ax) * (ay - py) - (ax - px) * (by - ay)) / length


def _simplified(points: Sequence[Point], tolerance: float) -> list[Point]:
    """Douglas and Peucker: a point that bends the line by less than the tolerance goes."""
    if len(points) < 3:
        return list(points)
    bends = [_distance(point, points[0], points[-1]) for point in points[1:-1]]
    furthest = max(range(len(bends)), key=bends.__getitem__) + 1
    if bends[furthest - 1] <= tolerance:
        return [points[0], points[-1]]
    head = _simplified(points[: furthest + 1], tolerance)
    return head[:-1] + _simplified(points[furthest:], tolerance)


def _drawn(islands: Iterable[Sequence[Point]]) -> str:
    return "".join(
        "M" + "L".join(f"{dotted(x)} {dotted(y)}" for x, y in island) + "Z" for island in islands if len(island) > 2
    )


def _into_box(islands: list[list[Point]], left: int) -> tuple[float, float, float]:
    """Scale and offsets that put an overseas region into its box, as large as fits."""
    xs = [x for island in islands for x, _ in island]
    ys = [y for island in islands for _, y in island]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    scale = min((BOX_WIDTH - 20) / width, (BOX_HEIGHT - 20) / height)
    return (
        scale,
        left + BOX_WIDTH / 2 - scale * (min(xs) + width / 2),
        BOX_TOP + BOX_HEIGHT / 2 - scale * (min(ys) + height / 2),
    )


def _frames(source: str) -> list[dict]:
    """The source's own drawing frames: from projected metres to its pixels."""
    found = re.findall(
        r"width: ([\d.]+),\s*top: ([\d.]+),\s*height: ([\d.]+),\s*bbox: \[\{\s*y: (-?[\d.]+),\s*x: (-?[\d.]+)"
        r"\s*\}, \{\s*y: (-?[\d.]+),\s*x: (-?[\d.]+)\s*\}\],\s*left: ([\d.]+)",
        source,
    )
    names = ("width", "top", "height", "y0", "x0", "y1", "x1", "left")
    return [dict(zip(names, map(float, values), strict=True)) for values in found]


def _frame_of(islands: list[list[Point]], frames: list[dict]) -> dict:
    x, y = islands[0][0]
    return next(
        frame
        for frame in frames
        if frame["left"] - 1 <= x <= frame["left"] + frame["width"] + 1
        and frame["top"] - 1 <= y <= frame["top"] + frame["height"] + 1
    )


def build(source: Path, target: Path) -> None:
    """Write the outlines and the projection of each frame; the same source gives the same file."""
    text = source.read_text(encoding="utf-8")
    frames = _frames(text)
    mainland = max(frames, key=lambda frame: frame["width"])
    atlas: dict = {"shapes": {}, "small": {}, "frames": {MAINLAND: {**mainland, "scale": 1, "dx": 0, "dy": 0}}}
    for code, path in re.findall(r'"(FR-\w+)": \{\s*path: "([^"]*)"', text):
        islands = _outlines(path)
        if code in BOXES:
            scale, dx, dy = _into_box(islands, BOXES[code])
            frame = _frame_of(islands, [frame for frame in frames if frame is not mainland])
            atlas["frames"][code] = {**frame, "scale": scale, "dx": dx, "dy": dy}
            islands = [[(x * scale + dx, y * scale + dy) for x, y in island] for island in islands]
        for size, tolerance in SIMPLIFIED_BY.items():
            outline = [_simplified(island, tolerance) for island in islands]
            # A unit of the drawing is less than a pixel: whole numbers halve what the home page weighs.
            outline = [[(round(x), round(y)) for x, y in island] for island in outline]
            atlas[size][code] = _drawn(outline)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(atlas, sort_keys=True), encoding="utf-8")


# ── Drawing ─────────────────────────────────────────────────────────────────────────────────────


class Area(Protocol):
    """What the map needs to know of a region."""

    name: str
    shape_code: str
    url: str
    count: int


class LegendStep(NamedTuple):
    """One colour of the map and the numbers that it stands for."""

    name: str
    text: str


class Atlas(NamedTuple):
    svg: SafeString
    legend: list[LegendStep]


@dataclass(frozen=True)
class Pin:
    """A place to mark; several at one place make a larger dot."""

    latitude: float
    longitude: float
    count: int = 1


@lru_cache(maxsize=1)
def _shapes() -> dict:
    try:
        return json.loads(SHAPES.read_text(encoding="utf-8"))
    except FileNotFoundError:
        logger.warning("The region outlines are missing: run `make vendor`. Maps are left out meanwhile.")
        return {"shapes": {}, "small": {}, "frames": {}}


def thresholds(counts: Iterable[int]) -> list[int]:
    """Where each colour after the first begins: fifths of the regions, on round numbers."""
    ranked = sorted(count for count in counts if count > 0)
    if len(ranked) < 2:
        return []
    steps: list[int] = []
    for fifth in (1, 2, 3, 4):
        value = ranked[min(len(ranked) - 1, round(len(ranked) * fifth / 5))]
        magnitude = 10 ** math.floor(math.log10(value))
        rounded = max(int(magnitude * part) for part in ROUND if magnitude * part <= value)
        if rounded > 1 and (not steps or rounded > steps[-1]):
            steps.append(rounded)
    return steps


def _legend(steps: list[int]) -> list[LegendStep]:
    if not steps:
        return []
    legend = [LegendStep("q1", gettext("fewer than %(number)s") % {"number": number(steps[0])})]
    for index, (low, following) in enumerate(pairwise(steps), start=2):
        text = gettext("%(low)s to %(high)s") % {"low": number(low), "high": number(following - 1)}
        legend.append(LegendStep(f"q{index}", text if following - 1 > low else number(low)))
    text = gettext("%(number)s and more") % {"number": number(steps[-1])}
    return [*legend, LegendStep(f"q{len(steps) + 1}", text)]


def _region_link(area: Area, outline: str, step: int) -> str:
    label = ngettext("%(region)s: %(number)s member", "%(region)s: %(number)s members", area.count) % {
        "region": area.name,
        "number": number(area.count),
    }
    box = ""
    if area.shape_code in BOXES:
        left = BOXES[area.shape_code]
        box = f'<rect class="inset" x="{left}" y="{BOX_TOP}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}"/>'
        text = f'<text class="out" x="{left + BOX_WIDTH // 2}" y="{BOX_TOP - 8}">{escape(area.name)}</text>'
    else:
        x, y = NUMBER_AT.get(area.shape_code, (0, 0))
        text = f'<text class="n" x="{x}" y="{y}">{number(area.count)}</text>'
    return (
        f'<a class="{"hi" if step > 3 else "lo"}" href="{escape(area.url)}" aria-label="{escape(label)}">'
        f'{box}<path class="q{step}" d="{outline}"/>{text}</a>'
    )


def atlas(areas: Iterable[Area], label: str | None = None) -> Atlas:
    """The regions as links, coloured by their numbers. The same data stands beside it as a list."""
    areas, outlines = list(areas), _shapes()["shapes"]
    if not outlines:
        return Atlas(mark_safe(""), [])
    steps = thresholds(area.count for area in areas)
    links = [
        _region_link(area, outlines[area.shape_code], bisect_right(steps, area.count) + 1)
        for area in areas
        if area.shape_code in outlines
    ]
    label = label or gettext("Map of the regions, by number of members")
    svg = (
        f'<svg class="atlas" viewBox="0 0 {WIDTH} {HEIGHT_WITH_BOXES}" role="group" '
        f'aria-label="{escape(label)}">{"".join(links)}</svg>'
    )
    return Atlas(mark_safe(svg), _legend(steps))


def position(latitude: float, longitude: float) -> tuple[Point, str] | None:
    """Where a place falls on the map and in which frame, by Miller's projection; nothing if it is off the map."""
    latitude, longitude = float(latitude), float(longitude)
    x = MILLER_RADIUS * math.radians(longitude)
    y = -MILLER_RADIUS * math.log(math.tan(math.radians(45 + 0.4 * latitude))) / 0.8
    for name, frame in _shapes()["frames"].items():
        if frame["x0"] <= x <= frame["x1"] and frame["y0"] <= y <= frame["y1"]:
            across = (x - frame["x0"]) / (frame["x1"] - frame["x0"]) * frame["width"] + frame["left"]
            down = (y - frame["y0"]) / (frame["y1"] - frame["y0"]) * frame["height"] + frame["top"]
            return (across * frame["scale"] + frame["dx"], down * frame["scale"] + frame["dy"]), name
    return None


def pin_map(pins: Iterable[Pin], here: Collection[str] = (), label: str = "") -> SafeString:
    """A small map with dots: `here` are the shape codes of the regions to set off. Overseas boxes come when needed."""
    outlines = _shapes()["small"]
    if not outlines:
        return mark_safe("")
    spots = [(found, pin.count) for pin in pins if (found := position(pin.latitude, pin.longitude))]
    overseas = {frame for (_, frame), _ in spots if frame != MAINLAND} | (set(here) & set(BOXES))
    drawn = "".join(
        f'<path class="{"here" if code in here else "land"}" d="{outline}"/>'
        for code, outline in outlines.items()
        if code not in BOXES or code in overseas
    )
    boxes = "".join(
        f'<rect class="inset" x="{BOXES[code]}" y="{BOX_TOP}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}"/>'
        for code in sorted(overseas)
    )
    dots = "".join(
        f'<circle class="pin" cx="{dotted(x)}" cy="{dotted(y)}" r="{dotted(11 + 5 * math.sqrt(count))}"/>'
        for ((x, y), _), count in sorted(spots, key=lambda spot: -spot[1])
    )
    height = HEIGHT_WITH_BOXES if overseas else HEIGHT
    role = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true" focusable="false"'
    return mark_safe(f'<svg class="atlas" viewBox="0 0 {WIDTH} {height}" {role}>{boxes}{drawn}{dots}</svg>')


if __name__ == "__main__":
    build(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else SHAPES)
