"""The State's own registers brought in: the same check whatever their encoding, with the repairs that they need.

The files are no part of the project: where they are not found these tests are skipped, and say how they are run.
"""

from collections import Counter

import pytest

from members.models import Cluster, Department, ImportRow, Organisation, Region
from tests.imports import actions, checked, codes, imported, line
from tests.test_real_files import FOLDER
from tests.test_real_files import pytestmark as where_they_are

pytestmark = [pytest.mark.django_db, *(where_they_are if isinstance(where_they_are, list) else [where_they_are])]
REGISTER = "epv_entreprises_patrimoine_vivant_2025.csv"
THE_SAME = (REGISTER, "epv_cp1252_crlf.csv", "epv_entreprises_patrimoine_vivant_2025.xlsx")


@pytest.fixture
def france(db):
    """The real regions, departments and clusters, and nobody in them."""
    from io import StringIO

    from django.core.management import call_command

    call_command("load_reference", stdout=StringIO(), verbosity=0)
    return Cluster.objects.get(slug="cara")


@pytest.fixture
def keeper(france):
    from django.contrib.auth import get_user_model

    return get_user_model().objects.create_superuser("keeper")


def found(batch) -> list[tuple]:
    rows = ImportRow.objects.filter(batch=batch).order_by("pk")
    return list(rows.values_list("action", "rule", "values", "repairs", "problems", "changes"))


def test_a_register_is_checked_alike_in_each_encoding(france, keeper):
    checks = {}
    for name in THE_SAME:
        batch = checked(france, keeper, (FOLDER / name).read_bytes(), name)
        checks[name] = found(batch)
        assert batch.counts["rows"] == 1298
        assert (batch.counts["create"], batch.counts["update"], batch.counts["refuse"], batch.counts["skip"]) == (1289, 6, 2, 1)  # fmt: skip
        repairs = {(field, code): number for field, code, number in batch.counts["repairs"]}
        assert repairs["siret", "leading_zeros"] == 27
        assert len(batch.values["region"]) == 20 and None not in batch.values["region"].values()
        sirets = Counter(row.values.get("siret") for row in batch.rows.exclude(action="refuse"))
        assert sum(1 for number in sirets.values() if number > 1) == 5, "repeats within the file"
    one, other, third = checks.values()
    assert one == other == third


def test_a_register_is_brought_in_and_again(france, keeper):
    content = (FOLDER / REGISTER).read_bytes()
    batch = imported(checked(france, keeper, content))
    assert batch.state == "imported" and batch.counts["written"]["organisations"] == 1289
    assert Organisation.objects.count() == 1289 and france.memberships.count() == 1289
    assert not Organisation.objects.exclude(siren__regex=r"^\d{9}$").exists()
    regions = Counter(Region.objects.filter(sites__isnull=False).values_list("name", flat=True))
    # 240 lines of the file, of which one has the SIRET of a site in another region
    assert regions["Île-de-France"] == 239 and sum(regions.values()) == 1291
    again = imported(checked(france, keeper, content))
    assert again.counts["written"] == {} and again.counts["unchanged"] == 1289


def test_a_register_of_institutions_with_97_columns(france, keeper):
    name = "etablissements_enseignement_superieur_2023.csv"
    batch = checked(france, keeper, (FOLDER / name).read_bytes(), name, kind="institution")
    assert len(batch.headers) == 97 and batch.counts["rows"] == 250
    assert Counter(actions(batch).values()) == {"create": 249, "refuse": 1}
    repairs = {(field, code): number for field, code, number in batch.counts["repairs"]}
    assert repairs["siret", "several"] == 33 and repairs["uai_code", "several"] == 16
    madrid = line(batch, 2)
    assert madrid.values["country"] == "ES" and madrid.values["city"] == "Madrid" and "department" not in madrid.values
    assert not Department.objects.filter(pk=madrid.values.get("department", 0)).exists()
    (refused,) = batch.rows.filter(action="refuse")
    assert codes(refused) == ["line-number-twice"], "two schools with one ROR id and two UAI codes"
    imported(batch)
    school = Organisation.objects.get(uai_code="0602099F")
    assert set(school.further_numbers.values_list("kind", "value")) >= {("uai", "0951803U")}
