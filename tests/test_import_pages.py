"""Bringing a file in on the staff's pages: each step by its address, from the upload to the way back."""

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from members.imports import tasks
from members.models import ColumnMapping, ImportBatch, Organisation
from members.models.imports import State
from tests.admin_rows import places
from tests.test_admin_directory import messages
from tests.test_admin_scope import CAST, SECRET, net, sign_in  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db
ADD, LIST = reverse("admin:members_importbatch_add"), reverse("admin:members_importbatch_changelist")
STEPS = ("file", "columns", "values", "check", "confirm", "result")
HEADERS = "Raison sociale;Type;SIREN;CP;Ville;Thématique;Courriel;Remarque"
NEW = "Fonderie de l’Isère;Entreprise;732829320;38000;Grenoble;Energie;contact@fonderie.example;bonne"
ODD = "Atelier du Drac;Entreprise;123456789;38000;Grenoble;Energie;;"  # no SIREN
UNKNOWN = "Forge de Voiron;Entreprise;;38500;Voiron;Métaux rares;;"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    settings.IMPORTS_ROOT = tmp_path / "imports"
    return settings.IMPORTS_ROOT


@pytest.fixture(autouse=True)
def worker(monkeypatch):
    """One is there, unless a test says otherwise."""
    for module in ("check", "confirm"):
        monkeypatch.setattr(f"members.admin.imports.{module}.worker_alive", lambda: True)


def file_of(*lines: str, name: str = "membres.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\r\n".join(lines).encode(), "text/csv")


def upload(browser, cluster, *lines: str, **values):
    file = values.pop("file", None) or file_of(*lines)
    return browser.post(ADD, {"cluster": cluster.pk, "subject": "members", "whole": "", "file": file, **values})


def at(batch: ImportBatch, step: str) -> str:
    return reverse(f"admin:members_import_{step}", args=[batch.pk])


def latest() -> ImportBatch:
    return ImportBatch.objects.latest("pk")


def hidden(page, name: str) -> str:
    return re.search(rf'name="{name}"\s+value="([^"]*)"', page.text)[1]


def boxes_of_columns(page) -> dict[str, str]:
    """The form of columns as it stands."""
    found = {"of": hidden(page, "of")}
    for name, options in re.findall(r'<select name="(column-\d+)".*?>(.*?)</select>', page.text, re.S):
        found[name] = re.search(r'value="([^"]*)" selected', options)[1]
    return found


def choose(browser, batch: ImportBatch, **values):
    address = at(batch, "columns")
    return browser.post(address, boxes_of_columns(browser.get(address)) | values)


def say(browser, batch: ImportBatch, **becomes: str | list[str]):
    """Of texts that are not known what each becomes, by the name of its box."""
    page = browser.get(at(batch, "values"))
    sent = {f"said-{name}": "1" for name in becomes}
    return browser.post(at(batch, "values"), {"of": hidden(page, "of"), **sent, **becomes})


def work(batch: ImportBatch) -> ImportBatch:
    """What the worker does with the tasks that wait."""
    for row in DBTaskResult.objects.filter(status="READY").order_by("enqueued_at"):
        task = getattr(tasks, row.task_path.rpartition(".")[2])
        task.func(*row.args_kwargs["args"])
        with connection.cursor() as cursor:
            cursor.execute("DISCARD TEMP")  # as a commit does, of which a test has none
        DBTaskResult.objects.filter(pk=row.pk).update(status="SUCCESSFUL")
    batch.refresh_from_db()
    return batch


def checked(browser, cluster, *lines: str, **values) -> ImportBatch:
    """As far as the check of a file in which everything is known."""
    assert upload(browser, cluster, HEADERS, *lines, **values).status_code == 302
    batch = latest()
    choose(browser, batch)
    if ImportBatch.objects.get(pk=batch.pk).state == State.MATCHED:
        say(browser, batch)
    return work(batch)


def confirm(browser, batch: ImportBatch, **values):
    page = browser.get(at(batch, "confirm"))
    return browser.post(at(batch, "confirm"), {"of": hidden(page, "of"), **values})


def numbers_on(page) -> dict[str, int]:
    part = re.search(r'<ul class="import__numbers">(.*?)</ul>', page.text, re.S)[1]
    return {label.strip(): int(number) for number, label in re.findall(r"<b>(\d+)</b>\s*([^<]+)", part)}


# --- the whole way ----------------------------------------------------------------------------------------------------
def test_a_file_is_brought_in_step_by_step_and_taken_back(sign_in, net):  # noqa: F811
    places()
    cara = sign_in("cara")
    answer = upload(cara, net.cara, HEADERS, NEW, ODD, UNKNOWN)
    batch = latest()
    assert answer.url == at(batch, "file")
    assert (batch.cluster, batch.uploaded_by.username, batch.state) == (net.cara, "cara", "uploaded")
    page = cara.get(answer.url)
    assert "semicolon" in page.text and "Fonderie de l’Isère" in page.text and "Remarque" in page.text

    page = cara.get(at(batch, "columns"))
    boxes = boxes_of_columns(page)
    assert [boxes[f"column-{place}"] for place in range(8)] == [
        "name", "kind", "siren", "postcode", "city", "themes", "email", "",
    ]  # fmt: skip
    assert "Fonderie de l’Isère" in page.text and "1 is left out" in page.text
    answer = choose(cara, batch)
    assert answer.url == at(batch, "values"), "one text is not known"
    page = cara.get(answer.url)
    assert "not known yet" in page.text and "Métaux rares" in page.text and "1 text is understood" in page.text
    answer = say(cara, batch, **{"themes-1": str(net.theme.pk)})
    assert answer.url == at(batch, "check")

    page = cara.get(answer.url)
    assert 'http-equiv="refresh"' in page.text and 'role="status"' in page.text
    work(batch)
    page = cara.get(at(batch, "check"))
    assert numbers_on(page) == {
        "new": 2, "changed": 0, "unchanged": 0, "to decide": 0, "refused": 1, "skipped": 0, "lines read": 3,
    }  # fmt: skip
    assert "is not a SIREN" in page.text and 'http-equiv="refresh"' not in page.text

    page = cara.get(at(batch, "confirm"))
    assert "2 organisations are made and become members of CARA" in page.text
    assert "1 line is refused" in page.text
    assert Organisation.objects.filter(name="Fonderie de l’Isère").count() == 0, "nothing is written before"
    answer = confirm(cara, batch)
    assert answer.url == at(batch, "result")
    assert "under way" in cara.get(answer.url).text
    work(batch)
    made = Organisation.objects.get(name="Fonderie de l’Isère")
    assert (made.kind, made.siren, made.status, made.lead_cluster) == ("company", "732829320", "draft", net.cara)
    forge = Organisation.objects.get(name="Forge de Voiron")
    assert list(forge.themes.all()) == [net.theme] and forge.memberships.get().cluster == net.cara
    page = cara.get(at(batch, "result"))
    assert "2 organisations made" in page.text and "2 memberships made" in page.text
    undo = reverse("admin:undo_set", args=[batch.change_set])
    assert undo in page.text
    answer = cara.post(undo, follow=True)
    assert messages(answer)[0].startswith("Taken back"), messages(answer)
    assert not Organisation.objects.filter(name__in=["Fonderie de l’Isère", "Forge de Voiron"]).exists()
    page = cara.get(at(batch, "result"))
    assert "was taken back" in page.text and undo not in page.text
    assert "taken back" in cara.get(LIST).text


def test_next_month_the_same_columns_are_one_click(sign_in, net):  # noqa: F811
    places()
    cara = sign_in("cara")
    upload(cara, net.cara, HEADERS, NEW, UNKNOWN)
    first = latest()
    choose(cara, first)
    say(cara, first, **{"themes-1": str(net.theme.pk)})
    assert ColumnMapping.objects.get().values["themes"]["Métaux rares"] == [net.theme.pk]
    answer = upload(cara, net.cara, HEADERS, NEW, UNKNOWN)
    again = latest()
    assert answer.url == at(again, "values") and again.pk != first.pk
    page = cara.get(answer.url)
    assert "was brought in before" in page.text and "not known yet" not in page.text
    assert page.text.count("Check the file") == 1
    answer = cara.post(at(again, "values"), {"of": hidden(page, "of")})
    assert answer.url == at(again, "check")
    assert work(again).counts["create"] == 2
