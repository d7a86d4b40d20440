"""Where departments are, on the real ones."""

import pytest

from members.models import Cluster, Department, Site
from members.positions import department_of, near


@pytest.mark.parametrize(
    ("postcode", "department"),
    [
        ("69001", "69"),
        ("01200", "01"),
        ("20000", "2A"),
        ("20167", "2A"),
        ("20200", "2B"),
        ("20600", "2B"),
        ("97200", "972"),
        ("97133", "977"),
        ("97150", "978"),
        ("97490", "974"),
        ("97744", "974"),
        ("97801", "974"),
    ],
)
def test_a_postcode_begins_with_its_department(postcode, department):
    assert department_of(postcode) == department


def test_every_department_has_a_place(network):
    codes = set(Department.objects.exclude(region=None).values_list("insee_code", flat=True))
    assert len(codes) == 101
    for code, latitude, longitude in (
        ("38", 45.18, 5.72),
        ("974", -20.88, 55.45),
        ("2A", 41.92, 8.73),
        ("75", 48.85, 2.35),
    ):
        assert near(code, latitude, longitude) and not near(code, longitude, latitude)
    assert not any(near(code, 0, 0) for code in codes)


def test_the_network_itself_is_asked_nothing_about_its_places(network):
    rows = [*Site.objects.select_related("department"), *Cluster.objects.select_related("department")]
    questions = [question.sentence for row in rows for question in row.questions()]
    assert rows and questions == []
