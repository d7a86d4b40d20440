"""What was taken away and is brought in again changes nothing, in every format and both languages."""

import pytest
from django.contrib.auth import get_user_model

from members.models import Cluster, ImportRow, Membership, Organisation, RoleAssignment
from tests.files import FORMATS, taken
from tests.imports import checked, imported
from tests.test_imports import data, events
from tests.test_undo import differences

CLUSTER = "cara"


@pytest.fixture
def keeper(network):
    user = get_user_model().objects.create_user("keeper")
    RoleAssignment.objects.create(user_id=user.pk, role="network_editor")
    return user


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("format_", FORMATS)
def test_a_public_list_of_members_brought_in_again_changes_nothing(keeper, language, format_):
    cluster = Cluster.objects.get(slug=CLUSTER)
    number = Organisation.objects.published().filter(memberships__in=Membership.objects.current().filter(cluster=cluster)).distinct().count()  # fmt: skip
    assert number > 3
    path = {"fr": f"/fr/membres/?cluster={CLUSTER}", "en": f"/en/members/?cluster={CLUSTER}"}[language]
    content = taken(path, format_)
    name = f"members.{'xlsx' if format_ == 'xlsx' else 'json' if 'json' in format_ else 'csv'}"
    batch = checked(cluster, keeper, content, name)
    wrong = list(ImportRow.objects.filter(batch=batch).exclude(action="unchanged").values_list("action", "rule", "changes", "problems", "raw"))  # fmt: skip
    assert wrong == [] and batch.counts["problems"] == []
    assert batch.counts["unchanged"] == batch.counts["rows"] >= (number - 5 if format_ == "geojson" else number)
    before, written = data(), events()
    batch = imported(batch)
    assert (batch.state, batch.counts["written"]) == ("imported", {})
    assert differences(before, data()) == {} and events() == written
