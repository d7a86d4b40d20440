import re

import pytest

from members import grappe


def marks(svg: str) -> dict[str, int]:
    return {name: path.count("z") for name, path in re.findall(r'class="(co|la|in)" d="([^"]*)"', svg)}


def test_one_mark_stands_for_ten_members():
    assert marks(grappe.grappe(432, 48, 28)) == {"co": 43, "la": 5, "in": 3}


def test_a_kind_with_few_members_still_has_its_mark():
    assert marks(grappe.grappe(400, 2, 0)) == {"co": 40, "la": 1}


def test_the_kinds_are_spread_through_the_bunch():
    order = grappe._spread((8, 2, 0))
    assert sorted(order) == [0] * 8 + [1] * 2
    first, second = (position for position, kind in enumerate(order) if kind == 1)
    assert first < 5 <= second


def test_all_marks_stay_inside_the_picture():
    for amounts in [(900, 90, 60), (30, 0, 0), (5700, 0, 0)]:
        svg = grappe.grappe(*amounts, size=260)
        for x, y in re.findall(r"M(-?[\d.]+) (-?[\d.]+)", svg):
            assert 0 <= float(x) <= 260 and 0 <= float(y) <= 260


def test_two_clusters_can_be_compared_by_the_size_of_their_bunch():
    def side(svg):
        return re.search(r"h([\d.]+)v", svg)[1]

    assert side(grappe.grappe(50, 0, 0)) == side(grappe.grappe(500, 0, 0))


def test_a_bunch_alone_says_what_it_shows_and_beside_numbers_is_silent():
    assert 'aria-hidden="true"' in grappe.grappe(10, 10, 10)
    svg = grappe.grappe(10, 10, 10, label='10 "marks"')
    assert 'role="img"' in svg and "&quot;marks&quot;" in svg


@pytest.mark.parametrize(("total", "scale"), [(0, 1), (400, 1), (401, 2), (16_000, 50), (10**9, 1000)])
def test_a_mark_stands_for_a_round_number(total, scale):
    assert grappe.members_per_mark(total) == scale
