"""Internal notes: read by the cluster whose they are and by the network, and by nothing that the public or a file shows."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from contributions.models import InternalNote
from members.columns import ORGANISATION_COLUMNS
from members.models import Membership
from tests.admin_rows import form_of, organisation
from tests.files import content
from tests.test_admin_scope import net, sign_in  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db
SAID = "Yvrandelle veut quitter le pôle"


@pytest.fixture
def volta(net):  # noqa: F811
    """A member of two clusters."""
    made = organisation("Volta", lead_cluster=net.cara)
    for cluster in (net.cara, net.minalogic):
        Membership.objects.create(organisation=made, cluster=cluster)
    return made


def address(one) -> str:
    return reverse(f"admin:{one._meta.app_label}_{one._meta.model_name}_change", args=[one.pk])


def test_a_note_is_written_on_the_form_by_whoever_signs_it(sign_in, volta, net):  # noqa: F811
    cara = sign_in("cara")
    page = cara.get(address(volta))
    assert 'name="notes-TOTAL_FORMS"' in page.text
    sent = form_of(page) | {"notes-TOTAL_FORMS": "1", "notes-0-text": SAID, "notes-0-cluster": str(net.cara.pk)}
    sent |= {"notes-0-organisation": str(volta.pk), "notes-0-id": ""}
    assert cara.post(address(volta), sent).status_code == 302
    note = InternalNote.objects.get()
    assert (note.text, note.author.username, note.cluster, note.subject) == (SAID, "cara", net.cara, volta)
    assert SAID in cara.get(address(volta)).text
    assert SAID not in cara.get(address(volta).replace("change", "history")).text


@pytest.mark.parametrize(("name", "reads"), [("cara", True), ("minalogic", False), ("both", True), ("network", True)])
@pytest.mark.parametrize("of", ["organisation", "cluster"])
def test_a_note_is_read_by_its_cluster_and_by_the_network(sign_in, volta, net, name, reads, of):  # noqa: F811
    subject = {"organisation": volta} if of == "organisation" else {"about": net.cara}
    InternalNote.objects.create(**subject, cluster=net.cara, text=SAID)
    if name == "minalogic" and of == "cluster":
        return  # there is no such page for her
    assert (SAID in sign_in(name).get(address(next(iter(subject.values())))).text) is reads


def test_a_note_of_the_network_is_read_by_no_cluster(sign_in, volta):  # noqa: F811
    InternalNote.objects.create(organisation=volta, text=SAID)
    assert SAID not in sign_in("both").get(address(volta)).text
    assert SAID in sign_in("network").get(address(volta)).text


def test_nobody_writes_a_note_in_the_name_of_another_cluster(sign_in, volta, net):  # noqa: F811
    sent = form_of(sign_in("cara").get(address(volta)))
    sent |= {"notes-TOTAL_FORMS": "1", "notes-0-text": SAID, "notes-0-cluster": str(net.minalogic.pk)}
    answer = sign_in("cara").post(address(volta), sent | {"notes-0-organisation": str(volta.pk), "notes-0-id": ""})
    assert answer.status_code == 200 and not InternalNote.objects.exists()


def test_a_note_is_in_no_public_page_no_search_and_no_file(client, sign_in, volta, net):  # noqa: F811
    InternalNote.objects.create(organisation=volta, cluster=net.cara, text=SAID)
    for path in ("/fr/membres/volta/", "/fr/membres/", "/fr/suggestions/?q=yvrandelle"):
        assert "Yvrandelle" not in client.get(path).text, path
    assert client.get("/fr/membres/?q=yvrandelle").context["listing"].total == 0
    network = sign_in("network")
    assert network.get("/admin/members/organisation/", {"q": "yvrandelle"}).context["cl"].result_count == 0
    columns = [column.name for column in ORGANISATION_COLUMNS]
    file = content(network.post("/admin/members/organisation/export/", {"format": "csv", "column": columns}))
    assert b"Volta" in file and b"Yvrandelle" not in file


# --- reminders --------------------------------------------------------------------------------------------------------
def reminded(client) -> list[str]:
    return [one.text for one in client.get("/admin/").context["reminders"]]


def test_on_the_day_its_author_is_reminded_and_nobody_else(sign_in, volta, net):  # noqa: F811
    cara = sign_in("cara")
    author = cara.get("/admin/").wsgi_request.user
    today = timezone.localdate()
    note = InternalNote.objects.create(
        organisation=volta, cluster=net.cara, author=author, text=SAID, remind_on=today + timedelta(days=1)
    )
    assert reminded(cara) == []
    note.remind_on = today
    note.save()
    assert reminded(cara) == [SAID]
    assert reminded(sign_in("both")) == reminded(sign_in("network")) == []
    assert f'href="{address(volta)}"' in cara.get("/admin/").text
    done = f"/admin/notes/{note.pk}/done/"
    assert sign_in("both").post(done).status_code == 404
    assert cara.get(done).status_code == 405
    assert cara.post(done).status_code == 302 and reminded(cara) == []
    assert InternalNote.objects.get().text == SAID


def test_who_works_there_no_more_is_reminded_of_nothing(sign_in, volta, net):  # noqa: F811
    minalogic = sign_in("minalogic")
    author = minalogic.get("/admin/").wsgi_request.user
    note = InternalNote.objects.create(
        organisation=volta, cluster=net.cara, author=author, text=SAID, remind_on=date(2020, 1, 1)
    )
    assert reminded(minalogic) == []
    assert minalogic.post(f"/admin/notes/{note.pk}/done/").status_code == 404


def test_what_is_written_into_logs_does_not_say_what_a_note_says(volta, net):  # noqa: F811
    note = InternalNote.objects.create(organisation=volta, cluster=net.cara, text=SAID)
    assert "Yvrandelle" not in json.dumps([str(note), repr(note)])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("contributions_internalnote_about_one", {"about": "cara"}),
        ("contributions_internalnote_about_one", {"organisation": None}),
        ("contributions_internalnote_says_something", {"text": ""}),
    ],
)
def test_the_database_refuses_a_note_about_nothing_or_of_nothing(volta, net, name, values):  # noqa: F811
    values = {key: net.cara if value == "cara" else value for key, value in values.items()}
    note = InternalNote(**{"organisation": volta, "cluster": net.cara, "text": SAID, **values})
    with pytest.raises(ValidationError) as refused:
        note.full_clean()
    assert all(sentence.endswith(".") for sentence in refused.value.messages)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        InternalNote.objects.bulk_create([note])
