"""What the portal gives out as a file, it reads again as the same rows, whatever the format and the language."""

import re
from decimal import Decimal

import pytest

from cluster_portal.exchange.sheets import recognise, rows
from tests.files import FORMATS, taken
from tests.small_network import make_network

pytestmark = pytest.mark.django_db
NAMES = {"csv-fr": "members.csv", "csv": "members.csv"}


def alike(text: str) -> object:
    """A number by its value, an answer by its meaning: what formats write in ways of their own."""
    if " | " in text:
        return sorted(str(alike(one)) for one in text.split(" | "))
    if re.fullmatch(r"-?(?:[1-9][0-9]*|0)(?:[.,][0-9]+)?", text):
        return Decimal(text.replace(",", "."))
    return {"oui": "yes", "non": "no"}.get(text, text)


@pytest.mark.parametrize("path", ["/fr/membres/", "/en/members/", "/fr/projets/", "/en/clusters/"])
def test_every_format_is_read_again_as_the_same_rows(path, tmp_path):
    make_network()
    found = {}
    for file_format in FORMATS:
        file = tmp_path / NAMES.get(file_format, f"members.{file_format}")
        file.write_bytes(taken(path, file_format))
        recognised = recognise(file, file.name)
        lines = list(rows(file, recognised.layout))
        assert recognised.row_count == len(lines) and not [row for row in lines if row.problems]
        assert not [notice for notice in recognised.notices if notice.code != "layout-hidden-sheets"], file_format
        found[file_format] = (recognised.headers, [[alike(cell) for cell in row.cells] for row in lines])
    headers, expected = found["csv"]
    assert len(expected) > 1 and len(headers) > 5
    for file_format in FORMATS:
        assert found[file_format][1] == expected, file_format
    assert found["csv-fr"][0] == found["xlsx"][0] == headers
    assert found["json"][0] == found["geojson"][0] and len(found["json"][0]) == len(headers)
