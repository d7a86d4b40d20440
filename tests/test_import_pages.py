"""Bringing a file in on the staff's pages: each step by its address, from the upload to the way back."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from python_calamine import CalamineWorkbook

from cluster_portal.exchange import sheets
from members.imports import tasks
from members.imports.batches import REASON
from members.models import ColumnMapping, ContactPerson, ImportBatch, ImportRow, Membership, Organisation, Theme
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
def queue(settings):
    """What is done behind the pages waits until a test does it."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


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
    for row in DBTaskResult.objects.filter(status="READY", task_path__startswith=tasks.__name__).order_by(
        "enqueued_at"
    ):
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


def test_what_a_page_proposed_can_be_chosen_otherwise(sign_in, net):  # noqa: F811
    """A column left out, a value of each line, a theme that is two, a text that is left out."""
    places()
    other = Theme.objects.create(name_fr="Matériaux", slug="materiaux")
    cara = sign_in("cara")
    upload(
        cara, net.cara, "Nom;Ville;Thématique;Site", "Forge;Voiron;Acier;forge.example", "Étau;Moirans;Vis;etau.example"
    )
    batch = latest()
    answer = choose(cara, batch)
    assert "A new one needs a value for “kind”" in answer.text and "Error:" in answer.text
    answer = choose(cara, batch, **{"constant-kind": "company", "constant-joined_on": "2024-05-06", "column-3": ""})
    assert answer.url == at(batch, "values")
    say(cara, batch, **{"themes-0": [str(net.theme.pk), str(other.pk)], "themes-1": [""]})
    work(batch)
    forge, vice = ImportRow.objects.of(batch)
    assert forge.values["themes"] == sorted([net.theme.pk, other.pk]) and forge.values["joined_on"] == "2024-05-06"
    assert "website" not in forge.values and "themes" not in vice.values and vice.problems == []
    page = cara.get(at(batch, "check"))
    assert "Company" in page.text and "since 6 May 2024" in page.text and "Énergie, Matériaux" in page.text


def test_a_text_of_which_nothing_is_said_is_told_for_each_line(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    upload(cara, net.cara, HEADERS, UNKNOWN)
    batch = latest()
    choose(cara, batch)
    say(cara, batch, **{"themes-0": ["?"]})
    page = cara.get(at(work(batch), "check"))
    assert "“Métaux rares” is left out: nothing says what it becomes." in page.text


def test_a_blank_cell_takes_a_value_away_where_that_was_ticked(sign_in, net):  # noqa: F811
    Organisation.objects.filter(pk=net.own.pk).update(siren="732829320", email="a@example.org", acronym="FDC")
    lines = ("Nom;Type;SIREN;Courriel;Sigle", "Firme de CARA;Entreprise;732829320;;")
    cara = sign_in("cara")
    upload(cara, net.cara, *lines)
    batch = latest()
    page = cara.get(at(batch, "columns"))
    assert "erase-3" in page.text and "erase-2" not in page.text and "(1)" in page.text
    choose(cara, batch, **{"erase-3": "on"})
    page = cara.get(at(work(batch), "check"))
    assert "<del>a@example.org</del>" in page.text and "FDC" not in page.text
    confirm(cara, batch)
    work(batch)
    net.own.refresh_from_db()
    assert (net.own.email, net.own.acronym) == ("", "FDC")


# --- what was recognised ----------------------------------------------------------------------------------------------
def test_what_was_recognised_can_be_read_in_another_way(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    upload(cara, net.cara, "Nos membres", "Nom;Type", "Forge;Entreprise", "Étau;Entreprise")
    batch = latest()
    page = cara.get(at(batch, "file"))
    assert "The headers are on line 2" in page.text
    answer = cara.post(at(batch, "file"), {"encoding": "utf-8", "separator": ",", "header_row": "2"})
    assert answer.url == at(batch, "file")
    batch.refresh_from_db()
    assert batch.headers == ["Nom;Type"]
    page = cara.get(at(batch, "file"))
    assert "Read it with the separator “semicolon (;)”" in page.text
    cara.post(at(batch, "file"), {"encoding": "utf-8", "separator": ";", "header_row": "2"})
    batch.refresh_from_db()
    assert batch.headers == ["Nom", "Type"] and batch.state == "uploaded"
    answer = cara.post(at(batch, "file"), {"encoding": "utf-8", "separator": ";", "header_row": "99"})
    assert "has no line 99" in answer.text
    batch.refresh_from_db()
    assert batch.headers == ["Nom", "Type"], "what cannot be read changes nothing"


def test_a_form_of_columns_that_speaks_of_another_reading_is_not_taken(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    upload(cara, net.cara, HEADERS, NEW)
    batch = latest()
    boxes = boxes_of_columns(cara.get(at(batch, "columns")))
    cara.post(at(batch, "file"), {"encoding": "utf-8", "separator": ",", "header_row": "1"})
    answer = cara.post(at(batch, "columns"), boxes, follow=True)
    assert "read in another way" in " ".join(messages(answer))
    batch.refresh_from_db()
    assert batch.state == "uploaded"


# --- what is refused --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"Nom;Type\r\n", "no row below"),
        (b"%PDF-1.7 something", "This is a PDF"),
        (b"PK\x03\x04nothing of a workbook", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old XLS format"),
        (b"Nom;Type\r\nForge\0;Entreprise\r\n", "NUL bytes"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_sentence_and_nothing_is_kept(sign_in, net, folder, content, sentence):  # noqa: F811
    answer = upload(sign_in("cara"), net.cara, file=SimpleUploadedFile("membres.csv", content))
    assert answer.status_code == 200 and sentence in answer.text and "Error:" in answer.text
    assert not ImportBatch.objects.exists() and not list(folder.glob("*"))


def test_no_file_at_all_is_asked_for(sign_in, net):  # noqa: F811
    answer = sign_in("cara").post(ADD, {"cluster": net.cara.pk, "subject": "members", "whole": ""})
    assert answer.status_code == 200 and "This field is required" in answer.text


def test_a_file_over_the_limit_is_refused_in_words(sign_in, net, folder, monkeypatch):  # noqa: F811
    monkeypatch.setattr(sheets, "MAX_BYTES", 1024**2)
    answer = upload(sign_in("cara"), net.cara, HEADERS, *["x" * 1000] * 1100)
    assert "larger than 1 MB" in answer.text and not list(folder.glob("*"))


def test_the_limits_are_told_and_let_through_by_what_stands_before_the_site():
    from cluster_portal.serving.front import BIGGEST_REQUEST

    assert BIGGEST_REQUEST >= sheets.MAX_BYTES + 1024**2, "what is a little larger is answered in words"
    deployed = (Path(__file__).parent.parent / "deploy/nginx.conf").read_text()
    assert f"client_max_body_size {BIGGEST_REQUEST // 1024**2}m" in deployed


@pytest.mark.parametrize("name", CAST)
def test_a_batch_of_another_cluster_is_not_there(sign_in, net, name):  # noqa: F811
    own = name not in ("cara", "manager")
    upload(sign_in("minalogic"), net.minalogic, HEADERS, NEW.replace("Fonderie", SECRET))
    batch = latest()
    browser = sign_in(name)
    for step in STEPS:
        assert (browser.get(at(batch, step)).status_code == 404) is not own, step
        assert (browser.post(at(batch, step)).status_code == 404) is not own, step
    others = [at(batch, "decide"), at(batch, "decline"), reverse("admin:members_importbatch_change", args=[batch.pk])]
    for address in others:
        assert (browser.get(address).status_code == 404) is not own and (
            browser.post(address).status_code == 404
        ) is not own
    assert browser.get(reverse("admin:members_import_rows", args=[batch.pk, "csv"])).status_code == 404, (
        "nothing is checked"
    )
    assert ("membres.csv" in browser.get(LIST).text) is own
    batch.refresh_from_db()
    assert own or batch.state == "uploaded"


def test_a_cluster_that_is_not_hers_is_no_choice(sign_in, net):  # noqa: F811
    answer = upload(sign_in("cara"), net.minalogic, HEADERS, NEW)
    assert answer.status_code == 200 and not ImportBatch.objects.exists()
    page = sign_in("network").get(ADD)
    assert f'<option value="{net.minalogic.pk}"' in page.text
    assert "<option" not in re.search(r"<form class=\"import__form.*?</form>", sign_in("cara").get(ADD).text, re.S)[0]


def test_nothing_is_deleted_in_the_list(sign_in, net):  # noqa: F811
    upload(sign_in("cara"), net.cara, HEADERS, NEW)
    root = sign_in("root")
    address = reverse("admin:members_importbatch_delete", args=[latest().pk])
    assert root.get(address).status_code == 403 and root.post(address, {"post": "yes"}).status_code == 403
    page = root.get(LIST)
    assert "action-select" not in page.text and f'href="/admin/members/importbatch/{latest().pk}/change/"' in page.text


# --- the turn of each step --------------------------------------------------------------------------------------------
def test_a_step_that_is_not_its_turn_leads_to_the_one_that_is(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    batch = checked(cara, net.cara, NEW)
    change = reverse("admin:members_importbatch_change", args=[batch.pk])
    open_in = {
        "uploaded": ("file", "columns"), "matched": ("file", "columns", "values"), "checking": ("check",),
        "checked": ("file", "columns", "values", "check", "confirm"), "importing": ("result",),
        "imported": ("result",), "undone": ("result",),
        "failed": ("file", "columns", "values", "result"), "interrupted": ("file", "columns", "values", "result"),
    }  # fmt: skip
    turn = {"uploaded": "file", "matched": "values", "checking": "check", "checked": "check"}
    for state in State:
        ImportBatch.objects.filter(pk=batch.pk).update(state=state)
        for step in STEPS:
            answer = cara.get(at(batch, step))
            if step in open_in[state]:
                assert answer.status_code == 200, (state, step)
            else:
                assert answer.url == at(batch, turn.get(state, "result")), (state, step)
        assert cara.get(change).url == at(batch, turn.get(state, "result"))
        assert cara.get(at(batch, "decide")).status_code == 302


def test_without_its_file_a_checked_import_goes_on_and_is_not_read_anew(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    batch = checked(cara, net.cara, NEW)
    batch.path.unlink()
    ImportBatch.objects.filter(pk=batch.pk).update(stored_as="")
    for step in ("file", "columns", "values"):
        assert cara.get(at(batch, step)).url == at(batch, "check")
    confirm(cara, batch)
    assert work(batch).state == "imported"


def test_no_page_writes_when_it_is_looked_at(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    batch = checked(cara, net.cara, NEW, ODD)
    before = list(ImportBatch.objects.values()), list(ImportRow.objects.values()), DBTaskResult.objects.count()
    for step in STEPS:
        cara.get(at(batch, step))
    cara.get(LIST)
    for kind in ("csv", "xlsx"):
        b"".join(cara.get(reverse("admin:members_import_rows", args=[batch.pk, kind])).streaming_content)
    assert before == (
        list(ImportBatch.objects.values()),
        list(ImportRow.objects.values()),
        DBTaskResult.objects.count(),
    )


def test_a_confirmation_that_was_sent_twice_imports_once(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    batch = checked(cara, net.cara, NEW)
    of = hidden(cara.get(at(batch, "confirm")), "of")
    for _time in range(2):
        assert cara.post(at(batch, "confirm"), {"of": of}).url == at(batch, "result")
    assert DBTaskResult.objects.filter(status="READY").count() == 1


def test_a_confirmation_of_other_numbers_is_shown_again(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    batch = checked(cara, net.cara, NEW)
    of = hidden(cara.get(at(batch, "confirm")), "of")
    ImportBatch.objects.filter(pk=batch.pk).update(counts={**batch.counts, "create": 5})
    answer = cara.post(at(batch, "confirm"), {"of": of}, follow=True)
    assert "numbers changed" in messages(answer)[0]
    batch.refresh_from_db()
    assert batch.state == "checked"


# --- behind the pages -------------------------------------------------------------------------------------------------
def test_without_a_worker_the_page_says_so_instead_of_turning_for_ever(sign_in, net, monkeypatch):  # noqa: F811
    cara = sign_in("cara")
    upload(cara, net.cara, HEADERS, NEW)
    choose(cara, latest())
    address = at(latest(), "check")
    assert 'http-equiv="refresh"' in cara.get(address).text
    monkeypatch.setattr("members.admin.imports.check.worker_alive", lambda: False)
    page = cara.get(address)
    assert "Nobody is at work" in page.text and 'http-equiv="refresh"' not in page.text


def test_the_page_says_how_many_tasks_are_before_it_and_how_far_it_is(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    for _file in range(2):
        upload(cara, net.cara, HEADERS, NEW)
        choose(cara, latest()) if latest().state == "uploaded" else say(cara, latest())
    batch = latest()
    assert "1 task is before it" in cara.get(at(batch, "check")).text
    DBTaskResult.objects.update(status="RUNNING")
    ImportBatch.objects.filter(pk=batch.pk).update(done=400, total=1600)
    page = cara.get(at(batch, "check"))
    assert "400 of 1,600 lines (25 %)" in page.text and '<progress value="400" max="1600">' in page.text


def test_a_check_that_failed_says_why_and_begins_again(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    upload(cara, net.cara, HEADERS, NEW)
    batch = latest()
    choose(cara, batch)
    batch.refresh_from_db()
    tasks.interrupted(batch.task)
    page = cara.get(at(batch, "result"))
    assert "Interrupted, nothing was written" in page.text and "Check it again" in page.text
    assert cara.post(at(batch, "result")).url == at(batch, "check")
    assert work(batch).state == "checked"
    batch.path.unlink()
    ImportBatch.objects.filter(pk=batch.pk).update(state="checking")
    tasks.check_file.func(batch.pk)
    assert "no longer kept" in cara.get(at(batch, "result")).text


def test_an_import_that_was_interrupted_is_confirmed_once_more(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    batch = checked(cara, net.cara, NEW)
    confirm(cara, batch)
    batch.refresh_from_db()
    tasks.interrupted(batch.task)
    assert "To the confirmation again" in cara.get(at(batch, "result")).text
    assert cara.post(at(batch, "result")).url == at(batch, "confirm")
    confirm(cara, batch)
    assert work(batch).state == "imported" and Organisation.objects.filter(name="Fonderie de l’Isère").count() == 1


def test_the_second_import_of_a_cluster_says_for_which_it_waits(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    first = checked(cara, net.cara, NEW, file=file_of(HEADERS, NEW, name="premier.csv"))
    second = checked(cara, net.cara, UNKNOWN.replace("Métaux rares", "Energie"))
    assert "waits" not in cara.get(at(second, "confirm")).text
    ImportBatch.objects.filter(pk=first.pk).update(state="importing")
    assert "premier.csv: this one waits" in cara.get(at(second, "confirm")).text
    ImportBatch.objects.filter(pk=second.pk).update(state="importing")
    assert "premier.csv: this one waits" in cara.get(at(second, "result")).text
    ImportBatch.objects.filter(pk=first.pk).update(cluster=net.minalogic)
    assert "this one waits" not in cara.get(at(second, "result")).text


# --- what is decided --------------------------------------------------------------------------------------------------
def to_decide(browser, of_cara, *more: str) -> ImportBatch:  # noqa: F811
    """Lines with the name of what is here, and nothing else to know it by."""
    lines = [f"{name};Entreprise;;;;;;" for name in ("Firme de CARA", "Firme des deux", "Firme de Minalogic")]
    return checked(browser, of_cara.cara, *lines, *more)


def test_what_is_asked_is_decided_line_by_line_and_otherwise_again(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    batch = to_decide(cara, net)
    assert batch.counts["ask"] == 3
    page = cara.get(at(batch, "check") + "?action=ask")
    assert f"this:{net.own.pk}" in page.text and "same name, in another department or in none" in page.text
    first, second, third = ImportRow.objects.of(batch)
    back = "action=ask&p=1"
    answer = cara.post(at(batch, "decide"), {"group": first.group, "decision": f"this:{net.own.pk}", "back": back})
    assert answer.url == f"{at(batch, 'check')}?action=ask&p=1#lines"
    cara.post(at(batch, "decide"), {"group": second.group, "decision": "new"})
    cara.post(at(batch, "decide"), {"group": third.group, "decision": "skip"})
    batch.refresh_from_db()
    assert [(row.decision, row.action, row.match) for row in ImportRow.objects.of(batch)] == [
        ("this", "unchanged", net.own.pk), ("new", "create", None), ("skip", "skip", None),
    ]  # fmt: skip
    assert (batch.counts["ask"], batch.counts["create"], batch.counts["skip"]) == (0, 1, 1)
    assert "3 lines decided" in cara.get(at(batch, "check")).text
    page = cara.get(at(batch, "check") + "?show=decided")
    assert page.text.count("Decide later") == 3
    cara.post(at(batch, "decide"), {"group": second.group, "decision": ""})
    cara.post(at(batch, "decide"), {"group": third.group, "decision": "new"})
    batch.refresh_from_db()
    assert (batch.counts["ask"], batch.counts["create"], batch.counts["skip"]) == (1, 1, 0)


def test_all_of_a_kind_are_decided_at_once(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    batch = to_decide(cara, net)
    for decision, action in (("new", "create"), ("skip", "skip")):
        answer = cara.post(at(batch, "decide"), {"rule": "elsewhere", "decision": decision}, follow=True)
        assert messages(answer) == ["3 lines decided."]
        batch.refresh_from_db()
        assert batch.counts[action] == 3
        ImportRow.objects.of(batch).update(decision="", action="ask", rule="elsewhere", changes={})
    answer = cara.post(at(batch, "decide"), {"rule": "elsewhere", "decision": "this"}, follow=True)
    assert [row.match for row in ImportRow.objects.of(batch)] == [net.own.pk, net.shared.pk, net.stranger.pk]


def test_nobody_decides_for_what_is_not_offered_to_her(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    batch = to_decide(cara, net)
    row = ImportRow.objects.of(batch)[0]
    ImportRow.objects.filter(pk=row.pk).update(
        candidates=[[net.own.pk, "elsewhere", 1], [net.secret.pk, "elsewhere", 1]]
    )
    page = cara.get(at(batch, "check"))
    assert SECRET not in page.text and f"this:{net.secret.pk}" not in page.text
    for wrong in (f"this:{net.secret.pk}", "this:", "this:x", "that", f"this:{10**30}"):
        assert cara.post(at(batch, "decide"), {"group": row.group, "decision": wrong}).status_code == 404, wrong
    answer = cara.post(at(batch, "decide"), {"group": row.group, "decision": f"this:{net.stranger.pk}"}, follow=True)
    assert "nothing is changed" in messages(answer)[0], "one of another line"
    row.refresh_from_db()
    assert (row.decision, row.match) == ("", None)


def test_what_was_decided_outlives_a_check_without_some_repairs(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    batch = to_decide(cara, net, NEW.replace("Grenoble", "GRENOBLE CEDEX 9"))
    cara.post(at(batch, "decide"), {"group": 2, "decision": f"this:{net.own.pk}"})
    page = cara.get(at(batch, "check"))
    assert "CEDEX and its number taken away" in page.text and "GRENOBLE CEDEX 9 → GRENOBLE" in page.text
    answer = cara.post(at(batch, "decline"), {"declined": ["cedex", "nothing-known"]})
    assert answer.url == at(batch, "check")
    work(batch)
    assert (
        batch.declined == ["cedex"] and ImportRow.objects.get(batch=batch, line=5).values["city"] == "GRENOBLE CEDEX 9"
    )
    assert ImportRow.objects.get(batch=batch, line=2).match == net.own.pk
    page = cara.get(at(batch, "check"))
    assert "not done, as you chose" in page.text
    answer = cara.post(at(batch, "decline"), {"declined": ["cedex"]}, follow=True)
    assert "the check stands" in messages(answer)[0]
    cara.post(at(batch, "decline"), {})
    assert work(batch).declined == []


# --- what is shown ----------------------------------------------------------------------------------------------------
def test_the_numbers_add_up_and_each_leads_to_its_lines(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    batch = to_decide(cara, net, NEW, NEW, ODD)
    numbers = numbers_on(cara.get(at(batch, "check")))
    assert numbers.pop("lines read") == sum(numbers.values()) == 6
    actions = {"new": "create", "changed": "update", "to decide": "ask", "refused": "refuse", "skipped": "skip"}
    for label, action in actions.items():
        page = cara.get(f"{at(batch, 'check')}?action={action}")
        assert (
            page.text.count("<article")
            == numbers[label]
            == ImportRow.objects.filter(batch=batch, action=action).count()
        )


def test_lines_are_found_by_name_number_problem_and_repair(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    batch = to_decide(cara, net, NEW.replace("Grenoble", "GRENOBLE CEDEX 9"), ODD)

    def lines(query: str) -> list[int]:
        page = cara.get(f"{at(batch, 'check')}?{query}")
        return [int(number) for number in re.findall(r'id="line-(\d+)"', page.text)]

    assert lines("q=isere") == [5] and lines("q=FIRME") == [2, 3, 4] and lines("q=6") == [6] and lines("q=nobody") == []
    assert lines("problem=siren:cell-siren") == [6] and lines("repair=cedex") == [5] and lines("repair=city") == []
    assert lines("rule=elsewhere") == [2, 3, 4] and lines("action=ask&rule=similar") == []
    for odd in ("action=x", "p=99", "p=x", "problem=x", "show=x", "q=%00", "rule=%00"):
        assert cara.get(f"{at(batch, 'check')}?{odd}").status_code == 200, odd


def test_what_another_cluster_keeps_is_told_as_proposed_to_it(sign_in, net):  # noqa: F811
    Organisation.objects.filter(pk=net.stranger.pk).update(siren="732829320")
    cara = sign_in("cara")
    batch = checked(cara, net.cara, "Firme de Minalogic;Entreprise;732829320;;;Energie;x@example.org;")
    page = cara.get(at(batch, "check") + "?show=proposed")
    assert "Would be proposed to Minalogic" in page.text and "x@example.org" in page.text
    assert "same SIREN" in page.text and "since when is not known" in page.text
    confirm(cara, batch)
    work(batch)
    net.stranger.refresh_from_db()
    assert net.stranger.email == "" and net.stranger.memberships.filter(cluster=net.cara).exists()


def test_lines_come_by_fifty(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    batch = checked(cara, net.cara, *[f"Forge {number};Entreprise;;;;;;" for number in range(120)])
    for page, count in ((1, 50), (2, 50), (3, 20), (9, 20)):
        assert cara.get(f"{at(batch, 'check')}?p={page}").text.count("<article") == count


def test_no_page_asks_more_than_twelve_questions(sign_in, net):  # noqa: F811
    places()
    cara = sign_in("cara")
    batch = to_decide(cara, net, *[f"Forge {number};Entreprise;;38000;Grenoble;Energie;;" for number in range(120)])
    Organisation.objects.filter(pk=net.stranger.pk).update(siren="732829320")
    ImportBatch.objects.filter(pk=batch.pk).update(whole=True)
    asked = {}
    for step in ("file", "columns", "values", "confirm"):
        asked[step] = at(batch, step)
    for query in ("", "?p=2", "?action=ask", "?q=forge", "?problem=siren:x", "?show=missing", "?show=decided"):
        asked[f"check {query}"] = at(batch, "check") + query
    asked["list"] = LIST
    for name, address in asked.items():
        cara.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert cara.get(address).status_code == 200
        assert len(captured) <= 12, (name, [one["sql"][:100] for one in captured.captured_queries])
    confirm(cara, batch)
    work(batch)
    cara.get(at(batch, "result"))
    with CaptureQueriesContext(connection) as captured:
        cara.get(at(batch, "result"))
    assert len(captured) <= 12


# --- all our members --------------------------------------------------------------------------------------------------
def test_whoever_is_missing_from_a_whole_file_leaves_on_the_day_that_is_said(sign_in, net):  # noqa: F811
    Organisation.objects.filter(pk=net.own.pk).update(siren="732829320")
    cara = sign_in("cara")
    batch = checked(cara, net.cara, "Firme de CARA;Entreprise;732829320;;;;;", whole="1")
    page = cara.get(at(batch, "check"))
    missing = set(
        Membership.objects.filter(cluster=net.cara)
        .exclude(organisation=net.own)
        .values_list("organisation__name", flat=True)
    )
    assert f"{len(missing)} members are missing" in page.text
    listed = cara.get(at(batch, "check") + "?show=missing").text
    assert all(name in listed for name in missing)
    confirm(cara, batch)
    work(batch)
    assert Membership.objects.filter(cluster=net.cara, left_on=None).count() == len(missing) + 1, (
        "off unless it is ticked"
    )
    again = checked(cara, net.cara, "Firme de CARA;Entreprise;732829320;;;;;", whole="1")
    answer = confirm(cara, again, ends="on", ends_on="")
    assert "Say on which day" in answer.text
    confirm(cara, again, ends="on", ends_on="2026-03-01")
    work(again)
    left = Membership.objects.filter(cluster=net.cara, left_on=date(2026, 3, 1))
    assert {one.organisation.name for one in left} == missing
    assert f"{len(missing)} memberships ended" in cara.get(at(again, "result")).text


def test_nobody_leaves_while_lines_are_open(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    batch = checked(cara, net.cara, NEW, ODD, whole="1")
    page = cara.get(at(batch, "confirm"))
    assert "cannot be ended yet: 1 line is refused" in page.text and 'name="ends"' not in page.text
    confirm(cara, batch, ends="on", ends_on="2026-03-01")
    assert work(batch).ends_on is None and not Membership.objects.filter(left_on=date(2026, 3, 1)).exists()


def test_the_new_ones_that_lack_nothing_are_published_if_that_is_ticked(sign_in, net):  # noqa: F811
    places()
    cara = sign_in("cara")
    batch = checked(cara, net.cara, NEW, "Sans lieu;Entreprise;;;;;;")
    confirm(cara, batch, publishes="on")
    work(batch)
    states = dict(
        Organisation.objects.filter(name__in=["Fonderie de l’Isère", "Sans lieu"]).values_list("name", "status")
    )
    assert states == {"Fonderie de l’Isère": "published", "Sans lieu": "draft"}


# --- lines to repair --------------------------------------------------------------------------------------------------
def test_lines_to_repair_come_back_with_their_columns_and_the_reason(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    formula = "=HYPERLINK(1);Entreprise;987;;;;;"
    batch = to_decide(cara, net, NEW, ODD, formula)
    address = reverse("admin:members_import_rows", args=[batch.pk, "csv"])
    content = b"".join(cara.get(address).streaming_content).decode()
    assert content.startswith("\ufeff")
    headers, *rows = csv.reader(io.StringIO(content.removeprefix("\ufeff")), delimiter=";")
    assert headers == [*HEADERS.split(";"), str(REASON)]
    assert [row[0] for row in rows] == [
        "Firme de CARA", "Firme des deux", "Firme de Minalogic", "Atelier du Drac", "'=HYPERLINK(1)",
    ]  # fmt: skip
    assert "To decide" in rows[0][-1] and "is not a SIREN" in rows[3][-1]
    answer = cara.get(reverse("admin:members_import_rows", args=[batch.pk, "xlsx"]))
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book.get_sheet_by_index(0).to_python()
    assert sheet[0] == headers and [row[0] for row in sheet[1:]][-1] == "=HYPERLINK(1)"
    assert all(isinstance(cell, str) for row in sheet for cell in row)
    assert cara.get(address.replace(".csv", ".ods")).status_code == 404


def test_what_was_repaired_there_is_brought_in_with_the_choices_of_before(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    batch = checked(cara, net.cara, NEW, ODD)
    confirm(cara, batch)
    work(batch)
    content = b"".join(cara.get(reverse("admin:members_import_rows", args=[batch.pk, "csv"])).streaming_content)
    repaired = SimpleUploadedFile("repris.csv", content.replace(b"123456789", b"552100554"))
    answer = upload(cara, net.cara, file=repaired)
    again = latest()
    assert answer.url == at(again, "values"), "the column of reasons is not one of the file"
    assert again.columns == [*batch.columns, ""]
    say(cara, again)
    assert work(again).counts["create"] == 1
    rows = cara.get(reverse("admin:members_import_rows", args=[again.pk, "csv"]))
    assert b"".join(rows.streaming_content).decode().count(str(REASON)) == 1


# --- a file to begin with ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_model_file_is_understood_as_it_is(sign_in, net, language, kind):  # noqa: F811
    places()
    cara = sign_in("cara")
    address = reverse("admin:members_import_model", args=[kind])
    content = cara.get(address, headers={"accept-language": language}).content
    assert ("raison" not in content.decode(errors="replace")) or kind == "csv"
    upload(cara, net.cara, file=SimpleUploadedFile(f"modele.{kind}", content))
    batch = latest()
    assert "" not in batch.columns and len(batch.columns) == len(set(batch.columns)) == 12
    choose(cara, batch)
    assert work(batch).counts["create"] == 2 and not batch.counts["refuse"] and not batch.counts["with_problems"]
    assert cara.get(address.replace(f".{kind}", ".ods")).status_code == 404


def test_the_pages_are_in_french_for_whoever_reads_french(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    batch = to_decide(cara, net, NEW)
    page = cara.get(at(batch, "check"), headers={"accept-language": "fr"})
    for words in ("lignes lues", "À décider", "même nom, dans un autre département", "Passer à la confirmation"):
        assert words in page.text


# --- the way here -----------------------------------------------------------------------------------------------------
def test_the_import_is_found_from_the_first_page_and_from_the_lists(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    for page in (
        "index",
        "members_organisation_changelist",
        "members_membership_changelist",
        "members_importbatch_changelist",
    ):
        assert f'href="{ADD}"' in cara.get(reverse(f"admin:{page}")).text, page


def test_contact_columns_make_contacts_of_this_cluster(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    upload(cara, net.cara, "Nom;Type;Contact;Courriel du contact", "Forge;Entreprise;Ada Exemple;ada@example.org")
    batch = latest()
    choose(cara, batch)
    work(batch)
    assert "Ada Exemple, ada@example.org" in cara.get(at(batch, "check")).text
    confirm(cara, batch)
    work(batch)
    made = ContactPerson.objects.get(email="ada@example.org")
    assert (made.cluster, made.agreed_on) == (net.cara, None)
