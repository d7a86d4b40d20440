"""An import whose process is killed, at ten moments of it: nothing is written, it is said so, and starting again works."""

import subprocess
import sys
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from members.imports import tasks
from members.models import Cluster, ImportBatch, Membership, Organisation, RoleAssignment
from tests.imports import checked, csv
from tests.served_site import PROJECT
from tests.test_imports import data
from tests.test_undo import differences

MOMENTS = 10


def run(batch: ImportBatch, last: int = 0) -> subprocess.CompletedProcess:
    ImportBatch.objects.filter(pk=batch.pk).update(state="importing", task=str(uuid4()), problem=[])
    words = [str(connection.settings_dict["NAME"]), str(batch.pk), str(batch.uploaded_by_id), str(last)]
    command = [sys.executable, "-m", "tests.killed_import", *words]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("network_of_its_own")
def test_killed_at_ten_moments_an_import_writes_nothing_and_can_be_started_again():
    cara = Cluster.objects.get(slug="cara")
    keeper = get_user_model().objects.create_user("keeper")
    RoleAssignment.objects.create(user_id=keeper.pk, role="network_editor")
    known = Organisation.objects.filter(kind="company").exclude(siren="").order_by("pk")[0]
    content = csv(
        ("Nom", "SIREN", "Ville", "Site", "Contact", "Thème"),
        (known.name, known.siren, "Lyon", "https://neuf.example", "Ada", ""),
        *((f"Firme neuve {number}", "", "Lyon", "", "Grace", "") for number in range(40)),
    )
    batch = checked(cara, keeper, content)
    before = data()
    whole = run(batch, last=0)
    assert whole.returncode == 0, whole.stderr
    number = int(whole.stdout)
    batch.refresh_from_db()
    assert batch.state == "imported" and Organisation.objects.filter(name__startswith="Firme neuve").count() == 40
    # of another forty, since these are there now
    batch = checked(
        cara, keeper, content.replace(b"Firme neuve", b"Maison neuve").replace(b"neuf.example", b"encore.example")
    )
    before = data()
    for moment in range(1, MOMENTS + 1):
        killed = run(batch, last=max(1, number * moment // (MOMENTS + 1)))
        assert killed.returncode == -9, (moment, killed.stderr)
        assert differences(before, data()) == {}, moment
        batch.refresh_from_db()
        assert batch.state == "importing"
        tasks.interrupted(batch.task)  # as whoever finds the task left over says
        batch.refresh_from_db()
        assert (batch.state, batch.problem) == ("interrupted", ["import-interrupted", {}])
    assert run(batch).returncode == 0
    batch.refresh_from_db()
    assert batch.state == "imported"
    made = Organisation.objects.filter(name__startswith="Maison neuve")
    assert made.count() == Membership.objects.filter(organisation__in=made, cluster=cara).count() == 40
