"""Names are found as people type them: floors of what `manage.py search_quality` measures."""

import json

import pytest
from django.core.management import call_command

from cluster_portal.management.commands.search_quality import measure
from members.models import Organisation, UnitNumber

FLOORS = {  # percent among the first five, and those that one click more finds
    "exact name": (99.5, 99.5),
    "one typing error": (90, 97),
    "two words joined": (85, 85),
    "name without blanks": (85, 85),
    "word split": (85, 85),
    "unit number joined": (99, 99),
    "singular for plural": (98, 98),
    "acronym with town": (99, 99),
    "name with town": (99, 99),
    "with a legal form": (99, 99),
}


@pytest.fixture
def measured(network):
    laboratories = Organisation.objects.published().filter(kind="laboratory", unit_numbers=None).order_by("pk")
    UnitNumber.objects.bulk_create(
        UnitNumber(organisation=one, label="UMR", number=f"{9900 + place}")
        for place, one in enumerate(laboratories[:20])
    )
    return measure(sample=40)


def test_names_are_found_however_they_are_typed(measured):
    asked = {way: result.asked for way, result in measured.items()}
    assert set(asked) == set(FLOORS) and min(asked.values()) >= 15, asked
    below = {
        way: (result.shares, result.missed)
        for way, result in measured.items()
        if result.shares["found"] < FLOORS[way][0] or result.shares["found_or_offered"] < FLOORS[way][1]
    }
    assert not below


def test_an_operator_reads_the_shares_and_what_was_missed(network, settings, tmp_path, capsys):
    settings.VAR_DIR = tmp_path
    call_command("search_quality", sample=3)
    shown = capsys.readouterr().out
    assert all(way in shown for way in FLOORS)
    written = json.loads((tmp_path / "search_quality.json").read_text())
    assert set(written) == set(FLOORS) and written["exact name"]["found"] == 100
