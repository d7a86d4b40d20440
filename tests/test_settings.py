"""The settings in a process of their own, since they are read once for each."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
DEPLOYMENT = {
    "DEBUG": "off",
    "SECRET_KEY": "a-key-of-a-deployment-that-is-long-enough-and-has-0123456789",
    "ALLOWED_HOSTS": "portal.example.org",
}


def manage(*arguments: str, var: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(var), **variables}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_nothing_in_the_environment_means_development_by_hand(tmp_path):
    shown = manage("shell", "-v0", "-c", "from django.conf import settings; print(settings.DEBUG)", var=tmp_path)
    assert shown.stdout.strip() == "True", shown.stderr


def test_in_development_no_page_is_kept_for_templates_are_read_anew(tmp_path):
    shown = manage(
        "shell", "-v0", "-c", "from django.conf import settings; print(settings.KEPT_PAGES_MB)", var=tmp_path
    )
    assert shown.stdout.strip() == "0", shown.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
@pytest.mark.parametrize("door", [["manage.py", "check"], ["-c", "import cluster_portal.wsgi"], ["-m", "gunicorn"]])
def test_no_start_without_a_secret_key_and_hosts_once_debug_is_off(tmp_path, door, missing):
    variables = {name: value for name, value in DEPLOYMENT.items() if name != missing}
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "PORT": "1", **variables}
    refused = subprocess.run(
        [sys.executable, *door], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert refused.returncode != 0
    assert f"{missing} is not set. With DEBUG off it is required" in refused.stderr


def test_the_server_does_not_take_a_bare_environment_for_development(tmp_path):
    refused = subprocess.run(
        [sys.executable, "-c", "import cluster_portal.wsgi"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert refused.returncode != 0
    assert "SECRET_KEY is not set" in refused.stderr


def test_the_check_of_a_deployment_is_clean(tmp_path):
    checked = manage("check", "--deploy", "--fail-level", "WARNING", var=tmp_path, **DEPLOYMENT)
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_a_refused_setting_is_a_sentence_and_no_traceback(tmp_path):
    refused = manage("check", var=tmp_path, DEBUG="perhaps")
    assert refused.returncode != 0
    assert refused.stderr.strip().startswith("The settings are refused: DEBUG is 'perhaps', but it accepts on or off")
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("command", [["check"], ["--help"], ["migrate", "--help"], ["makemigrations", "--help"]])
def test_what_needs_no_database_starts_none(tmp_path, command):
    done = manage(*command, var=tmp_path / "var")
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "var" / "postgresql").exists()


def test_the_operators_page_tells_every_variable_as_the_settings_read_it():
    from cluster_portal.settings import env

    page = (PROJECT / "docs" / "operator.md").read_text()
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*) \|$", page, flags=re.M))
    expected = {v.name: f"{v.accepts} | {v.default} | {v.means}" for v in env.declared.values()}
    assert rows == expected


PRINTED = "from django.conf import settings as s; print(s.SECOND_FACTOR, s.EMAIL_BACKEND, s.DEFAULT_FROM_EMAIL)"
CONSOLE = "django.core.mail.backends.console.EmailBackend"
OUTBOX = "cluster_portal.sign_in.outbox.OutboxBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("variables", "printed"),
    [
        ({}, f"False {CONSOLE} portal@localhost"),
        (DEPLOYMENT, f"True {OUTBOX} portal@localhost"),
        (DEPLOYMENT | {"HTTPS": "off"}, f"False {OUTBOX} portal@localhost"),
        (DEPLOYMENT | {"SECOND_FACTOR": "off"}, f"False {OUTBOX} portal@localhost"),
        (DEPLOYMENT | {"HTTPS": "off", "SECOND_FACTOR": "on"}, f"True {OUTBOX} portal@localhost"),
        (DEPLOYMENT | {"MAIL_URL": "smtps://mail.example.org", "MAIL_FROM": "p@example.org"}, f"True {SMTP} p@example.org"),
    ],
)  # fmt: skip
def test_what_is_demanded_and_where_mails_go_follows_from_the_settings(tmp_path, variables, printed):
    assert manage("shell", "-v0", "-c", PRINTED, var=tmp_path, **variables).stdout.strip() == printed


def test_a_mail_server_without_a_sender_is_refused(tmp_path):
    refused = manage("check", var=tmp_path, **DEPLOYMENT, MAIL_URL="smtps://mail.example.org")
    assert "MAIL_FROM is not set. With MAIL_URL it is required" in refused.stderr
