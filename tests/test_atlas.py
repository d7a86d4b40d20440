import re
from types import SimpleNamespace

import pytest

from cluster_portal.drawing import atlas

CODES = ["FR-J", "FR-X7", "FR-X5", "FR-U", "FR-X2", "FR-X4", "FR-R", "FR-X6", "FR-E", "FR-X1", "FR-X3", "FR-F"]
CODES += ["FR-H", "FR-GP", "FR-MQ", "FR-GF", "FR-RE", "FR-YT"]
COUNTS = [3412, 2894, 1655, 1522, 1318, 1104, 1087, 1012, 941, 706, 598, 512, 61, 38, 41, 27, 134, 9]


@pytest.fixture
def areas():
    return [
        SimpleNamespace(shape_code=code, name=f"Region <{code}>", url=f"/?a=1&region={code}", count=count)
        for code, count in zip(CODES, COUNTS, strict=True)
    ]


@pytest.fixture(autouse=True)
def outlines():
    if not atlas.SHAPES.exists():
        pytest.skip("the region outlines are not installed (make vendor)")


def test_the_map_has_a_link_for_each_of_the_eighteen_regions(areas):
    svg = atlas.atlas(areas).svg
    assert svg.count("<a ") == 18
    assert svg.count('class="inset"') == 5


def test_names_and_links_on_the_map_are_escaped(areas):
    svg = atlas.atlas(areas).svg
    assert "Region &lt;FR-J&gt;" in svg and "?a=1&amp;region=FR-J" in svg


def test_five_colours_with_a_legend_that_leaves_no_number_out(areas):
    drawn = atlas.atlas(areas)
    assert [step.name for step in drawn.legend] == ["q1", "q2", "q3", "q4", "q5"]
    assert set(re.findall(r'<path class="(q\d)"', drawn.svg)) == {"q1", "q2", "q3", "q4", "q5"}


@pytest.mark.parametrize("counts", [[], [0, 0], [5], [1, 1, 1], [0, 1, 2, 3], [7] * 18, list(range(18))])
def test_thresholds_rise_whatever_the_numbers(counts):
    steps = atlas.thresholds(counts)
    assert steps == sorted(set(steps)) and len(steps) <= 4


def test_the_map_stays_light_enough_for_the_home_page(areas):
    assert len(atlas.atlas(areas).svg) < 60_000


@pytest.mark.parametrize(
    ("place", "latitude", "longitude", "frame", "x", "y"),
    [
        ("Lyon", 45.75, 4.85, "mainland", 610, 420),
        ("Brest", 48.39, -4.49, "mainland", 38, 214),
        ("Saint-Denis", -20.88, 55.45, "FR-RE", 530, 730),
        ("Fort-de-France", 14.60, -61.08, "FR-MQ", 238, 770),
    ],
)
def test_a_place_falls_where_it_belongs(place, latitude, longitude, frame, x, y):
    (found_x, found_y), found_frame = atlas.position(latitude, longitude)
    assert found_frame == frame
    assert (found_x, found_y) == pytest.approx((x, y), abs=12)


def test_a_place_abroad_is_off_the_map():
    assert atlas.position(40.7, -74.0) is None
    assert "<circle" not in atlas.pin_map([atlas.Pin(40.7, -74.0)])


def test_a_small_map_weighs_little():
    assert len(atlas.pin_map([atlas.Pin(45.75, 4.85)], here=["FR-X7"])) < 20_000


def test_overseas_boxes_come_only_when_needed():
    assert "inset" not in atlas.pin_map([atlas.Pin(45.75, 4.85)])
    assert atlas.pin_map([atlas.Pin(-20.88, 55.45)], here=["FR-RE"]).count("inset") == 1
