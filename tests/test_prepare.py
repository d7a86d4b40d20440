"""`prepare`, which `make run` calls: all of it once, and then only what has changed."""

import json

import pytest
from django.core.management import call_command

from cluster_portal.management.commands import prepare


@pytest.fixture
def calls(monkeypatch, settings, tmp_path) -> list[str]:
    """The commands that `prepare` calls, with inputs of its own to look at."""
    settings.VAR_DIR = settings.BASE = tmp_path
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "regions.csv").write_text("one")
    for name in ("REFERENCE", "DEMO", "STATIC"):
        monkeypatch.setattr(prepare, name, ("data",))
    made: list[str] = []

    def call(name, **options):
        made.append("accounts" if options.get("accounts") else name)
        if options.get("accounts"):
            (tmp_path / "demo-accounts.txt").write_text("admin secret\n")

    monkeypatch.setattr(prepare, "call_command", call)
    return made


@pytest.mark.django_db
def test_what_was_done_is_not_done_again(calls, capsys):
    call_command("prepare")
    assert calls == ["load_reference", "demo", "collectstatic", "accounts"]
    calls.clear()
    call_command("prepare")
    assert calls == []
    assert "admin secret" in capsys.readouterr().out


@pytest.mark.django_db
def test_changed_data_are_loaded_again(calls, tmp_path):
    call_command("prepare")
    calls.clear()
    (tmp_path / "data" / "regions.csv").write_text("one and another")
    call_command("prepare", without_static=True, without_demo=True)
    assert calls == ["load_reference"]


@pytest.mark.django_db
def test_another_database_is_filled_though_this_one_was(calls, tmp_path, monkeypatch):
    call_command("prepare")
    assert len(json.loads((tmp_path / "prepared.json").read_text())) == 3
    calls.clear()
    monkeypatch.setattr(prepare, "_database_identity", lambda: "another")
    call_command("prepare", without_static=True)
    assert calls == ["load_reference", "demo", "accounts"]


@pytest.mark.django_db
def test_an_interrupted_step_is_done_again(calls, monkeypatch):
    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(prepare, "call_command", interrupted)
        with pytest.raises(KeyboardInterrupt):
            call_command("prepare")
    call_command("prepare")
    assert calls[0] == "load_reference"
