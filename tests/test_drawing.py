import re
from decimal import Decimal

import pytest
from django.utils import translation

from cluster_portal import drawing, typography


def marks(svg: str) -> dict[str, int]:
    return {name: path.count("z") for name, path in re.findall(r'class="(co|la|in)" d="([^"]*)"', svg)}


def test_one_mark_stands_for_ten_members():
    assert marks(drawing.grappe(432, 48, 28)) == {"co": 43, "la": 5, "in": 3}


def test_a_kind_with_few_members_still_has_its_mark():
    assert marks(drawing.grappe(400, 2, 0)) == {"co": 40, "la": 1}


def test_the_kinds_are_spread_through_the_bunch():
    order = drawing._spread((8, 2, 0))
    assert sorted(order) == [0] * 8 + [1] * 2
    first, second = (position for position, kind in enumerate(order) if kind == 1)
    assert first < 5 <= second


def test_all_marks_stay_inside_the_picture():
    for amounts in [(900, 90, 60), (30, 0, 0), (5700, 0, 0)]:
        svg = drawing.grappe(*amounts, size=260)
        for x, y in re.findall(r"M(-?[\d.]+) (-?[\d.]+)", svg):
            assert 0 <= float(x) <= 260 and 0 <= float(y) <= 260


def test_two_clusters_can_be_compared_by_the_size_of_their_bunch():
    def side(svg):
        return re.search(r"h([\d.]+)v", svg)[1]

    assert side(drawing.grappe(50, 0, 0)) == side(drawing.grappe(500, 0, 0))


def test_a_bunch_alone_says_what_it_shows_and_beside_numbers_is_silent():
    assert 'aria-hidden="true"' in drawing.grappe(10, 10, 10)
    svg = drawing.grappe(10, 10, 10, label='10 "marks"')
    assert 'role="img"' in svg and "&quot;marks&quot;" in svg


@pytest.mark.parametrize(("total", "scale"), [(0, 1), (400, 1), (401, 2), (16_000, 50), (10**9, 1000)])
def test_a_mark_stands_for_a_round_number(total, scale):
    assert drawing.members_per_mark(total) == scale


def test_the_parts_of_a_bar_fill_it():
    widths = [
        float(width) for width in re.findall(r'width="([\d.]+)"', drawing.bar([("f-s1", 1), ("f-s2", 3), ("x", 0)]))
    ]
    assert widths == [250, 750]


def test_no_picture_carries_a_style():
    pictures = [
        drawing.grappe(120, 30, 10),
        drawing.bar([("f-co", 3)]),
        drawing.track(30),
        drawing.line_chart([("A", [(2020, 3), (2021, 5)])], title="t", description="d"),
        drawing.column_chart([("f-pub", "A", [(2020, 3), (2021, 5)])], title="t", description="d"),
    ]
    assert not any("style" in picture for picture in pictures)


def test_coordinates_have_a_dot_in_french():
    with translation.override("fr"):
        svg = drawing.line_chart([("Projets", [(2020, 1234.5), (2021, 5)])], title="t", description="d")
    assert not re.search(r'(?:cx|cy|x|y|d)="[^"]*,', svg)


def test_a_chart_has_a_name_a_description_and_its_last_value():
    phases = [drawing.Phase("Phase V", 2019, 2026, True)]
    svg = drawing.line_chart(
        [("Labelled", [(2018, 640), (2025, 672)]), ("Funded", [(2018, 251), (2025, 670)])],
        title="By year",
        description="Up.",
        phases=phases,
    )
    assert "<title" in svg and "<desc" in svg and "Labelled 672" in svg and "phase--now" in svg
    first, second = re.findall(r'class="lab t\d" x="\d+" y="([\d.]+)"', svg)
    assert abs(float(first) - float(second)) >= 18


def test_an_empty_series_draws_nothing():
    assert drawing.line_chart([], title="t", description="d") == ""


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("fr", ("12\u202f346", "2,10\u00a0M€", "7,50\u00a0Md€", "2\u202f600\u202f000\u00a0€", "37\u00a0%")),
        ("en", ("12,346", "€2.10M", "€7.50bn", "€2,600,000", "37%")),
    ],
)
def test_numbers_follow_the_typography_of_the_language(language, expected):
    with translation.override(language):
        written = (
            typography.number(12346),
            typography.euros(Decimal("2100000")),
            typography.euros(7_500_000_000),
            typography.euros_in_full(Decimal("2600000.00")),
            typography.percent(37),
        )
    assert written == expected
