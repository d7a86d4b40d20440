import re
from decimal import Decimal

import pytest
from django.utils import translation

from cluster_portal.drawing import charts
from cluster_portal.writing import typography
from members import grappe


def test_the_parts_of_a_bar_fill_it():
    widths = [
        float(width) for width in re.findall(r'width="([\d.]+)"', charts.bar([("f-s1", 1), ("f-s2", 3), ("x", 0)]))
    ]
    assert widths == [250, 750]


def test_no_picture_carries_a_style():
    pictures = [
        grappe.grappe(120, 30, 10),
        charts.bar([("f-co", 3)]),
        charts.track(30),
        charts.line_chart([("A", [(2020, 3), (2021, 5)])], title="t", description="d"),
        charts.column_chart([("f-pub", "A", [(2020, 3), (2021, 5)])], title="t", description="d"),
    ]
    assert not any("style" in picture for picture in pictures)


def test_coordinates_have_a_dot_in_french():
    with translation.override("fr"):
        svg = charts.line_chart([("Projets", [(2020, 1234.5), (2021, 5)])], title="t", description="d")
    assert not re.search(r'(?:cx|cy|x|y|d)="[^"]*,', svg)


def test_a_chart_has_a_name_a_description_and_its_last_value():
    phases = [charts.Phase("Phase V", 2019, 2026, True)]
    svg = charts.line_chart(
        [("Labelled", [(2018, 640), (2025, 672)]), ("Funded", [(2018, 251), (2025, 670)])],
        title="By year",
        description="Up.",
        phases=phases,
    )
    assert "<title" in svg and "<desc" in svg and "Labelled 672" in svg and "phase--now" in svg
    first, second = re.findall(r'class="lab t\d" x="\d+" y="([\d.]+)"', svg)
    assert abs(float(first) - float(second)) >= 18


@pytest.mark.parametrize("points", [[(2025, 600), (2026, 90)], [(2026, 90)]])
def test_a_year_that_is_under_way_is_no_fall(points):
    svg = charts.line_chart(
        [("Labelled", points), ("Funded", points)], title="t", description="d", under_way=(2026, "2026, under way")
    )
    assert svg.count('class="d1 under-way"') == svg.count('class="d2 under-way"') == 1
    assert svg.count('class="d1"') == svg.count('class="d2"') == len(points) - 1
    assert "2026, under way</text>" in svg
    assert "under-way" not in charts.line_chart([("Labelled", points)], title="t", description="d")


def test_an_empty_series_draws_nothing():
    assert charts.line_chart([], title="t", description="d") == ""


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


@pytest.mark.parametrize(
    ("amount", "french", "english"),
    [
        ("55000000000.00", "55\u00a0Md€", "€55bn"),
        ("7500000000", "7,5\u00a0Md€", "€7.5bn"),
        ("586000000", "586\u00a0M€", "€586M"),
        ("2125000", "2,13\u00a0M€", "€2.13M"),
        ("90000", "90\u202f000\u00a0€", "€90,000"),
        ("0", "0\u00a0€", "€0"),
    ],
)
def test_a_declared_amount_is_no_more_precise_than_its_source(amount, french, english):
    for language, expected in (("fr", french), ("en", english)):
        with translation.override(language):
            assert typography.euros(Decimal(amount), as_declared=True) == expected
    with translation.override("fr"):
        assert typography.euros_for_one(Decimal("3.00"), as_declared=True) == "3\u00a0€"
        assert typography.euros_for_one(Decimal("2.80"), as_declared=True) == "2,8\u00a0€"
