"""`manage.py serve`: the site and the worker under one parent, on the real thing, with what may happen to each of them."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psutil
import psycopg
import pytest

from cluster_portal.embedded_postgresql import server
from cluster_portal.serving import master
from tests.places import place
from tests.served_site import PROJECT, Site, environment

SOON = 30  # seconds, on a machine that is busy
SEEN = 60  # until it is said that a worker died


@dataclass
class Served(Site):
    """The site with its worker; ``var`` is where the tasks of the tests write."""

    def ask(self, question: str, *parameters):
        where = {"host": str(server.socket_folder(self.data.resolve())), "user": server.SUPERUSER, "dbname": "portal"}
        with psycopg.connect(**where, connect_timeout=5) as connection:
            answer = connection.execute(question, parameters)
            return answer.fetchall() if answer.description else []

    @property
    def var(self) -> Path:
        return self.data.parent

    def enqueue(self, task: str, *arguments) -> str:
        number = str(uuid4())
        self.ask(
            "INSERT INTO django_tasks_database_dbtaskresult (id, status, enqueued_at, args_kwargs, priority, task_path, "
            "worker_ids, queue_name, backend_name, run_after, exception_class_path, traceback) "
            "VALUES (%s, 'READY', now(), %s, 0, %s, '[]', 'default', 'default', '9999-01-01Z', '', '')",
            number, json.dumps({"args": arguments, "kwargs": {}}), f"tests.some_tasks.{task}",
        )  # fmt: skip
        return number

    def state(self, number: str) -> str:
        ((status, kind),) = self.ask(
            "SELECT status, exception_class_path FROM django_tasks_database_dbtaskresult WHERE id = %s", number
        )
        return f"{status} {kind.rpartition('.')[2]}".strip()

    def children(self) -> dict[str, psutil.Process]:
        """The web server and the worker of the parent, by what their command lines say."""
        found = {}
        with contextlib.suppress(psutil.NoSuchProcess):
            for child in psutil.Process(self.master.pid).children():
                with contextlib.suppress(psutil.Error):
                    line = " ".join(child.cmdline())
                    found |= {name: child for name in ("gunicorn", "manage.py worker") if name in line}
        return found

    def worker(self) -> psutil.Process:
        return until(lambda: self.children().get("manage.py worker"), "a worker")

    def at_work(self, number: str, file: Path) -> int:
        """The process that is at the task."""
        until(lambda: self.state(number) == "RUNNING" and file.exists() and file.read_text(), "the task to begin")
        return int(file.read_text())


def until(true, what: str, seconds: float = SOON):
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError, psycopg.OperationalError, psutil.NoSuchProcess):
            if answer := true():
                return answer
        assert time.monotonic() < deadline, f"{what} took more than {seconds} s"
        time.sleep(0.1)


def gone(processes) -> bool:
    return not any(lives(process) for process in processes)


def lives(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def stop(var: Path) -> str:
    command = [sys.executable, "-m", "cluster_portal.serving.master", "stop"]
    variables = {**os.environ, "VAR_DIR": str(var)}
    return subprocess.run(command, cwd=PROJECT, env=variables, capture_output=True, text=True, check=True).stdout


@contextlib.contextmanager
def a_place(static_files) -> Iterator[tuple[Path, dict[str, str]]]:
    """An embedded database with the table of the queue, and the environment of what runs on it."""
    with place() as data:
        data.parent.mkdir()
        (data.parent / "static").symlink_to(static_files)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            variables = environment(data.parent) | {"PORT": str(free.getsockname()[1])}
        for app in ("sessions", "django_tasks_database"):
            subprocess.run([sys.executable, "manage.py", "migrate", app, "-v0"], cwd=PROJECT, env=variables, check=True)
        yield data, variables


@contextlib.contextmanager
def served(static_files, *words: str, **more: str) -> Iterator[Served]:
    with a_place(static_files) as (data, variables):
        variables |= more
        parent = subprocess.Popen([sys.executable, "manage.py", "serve", *words], cwd=PROJECT, env=variables)
        site = Served(int(variables["PORT"]), data, parent, variables)
        try:
            yield site
        finally:
            started = [process for process in psutil.Process().children(recursive=True) if "gunicorn" in process.name()]
            stop(data.parent)
            parent.kill()
            parent.wait(timeout=30)
            assert gone(started)


@pytest.fixture(scope="module")
def site(static_files) -> Iterator[Served]:
    """One for all tests that leave it as it was."""
    with served(static_files, PGOPTIONS="-c statement_timeout=1s") as one:
        one.wait("/healthz", 200, SOON)
        yield one


def health(site: Served) -> dict[str, str]:
    return json.loads(site.get("/healthz").text)


def test_both_are_started_and_a_task_is_done(site):
    file = site.var / "done.txt"
    number = site.enqueue("write", str(file))
    until(lambda: site.state(number) == "SUCCESSFUL", "the task")
    assert file.read_text() == "done"
    until(lambda: health(site) == {"status": "ok", "database": "ok", "worker": "ok"}, "the sign of life")
    assert set(site.children()) == {"gunicorn", "manage.py worker"}


def test_a_task_is_done_in_the_role_of_the_site_and_is_not_cut_short(site):
    file = site.var / "role.txt"
    number = site.enqueue("sleep_in_the_database", str(file))
    until(lambda: site.state(number) == "SUCCESSFUL", "the task")
    assert file.read_text() == "portal 0"


def test_a_task_that_fails_is_a_failure_and_the_next_is_done(site):
    file = site.var / "next.txt"
    failing, gone_module, following = (
        site.enqueue("stumble"), site.enqueue("there_is_none_of_that_name"), site.enqueue("write", str(file))
    )  # fmt: skip
    until(lambda: site.state(following) == "SUCCESSFUL", "the next task")
    assert site.state(failing) == "FAILED ValueError"
    assert site.state(gone_module) == "FAILED ImportError"


def test_a_killed_worker_is_replaced_and_its_task_is_interrupted(site):
    file = site.var / "long.txt"
    number = site.enqueue("take_long", str(file))
    at_it = site.at_work(number, file)
    assert at_it == site.worker().pid
    killed = time.monotonic()
    os.kill(at_it, signal.SIGKILL)
    until(lambda: site.state(number) == "FAILED Interrupted", "the interruption", SEEN)
    assert time.monotonic() - killed < SEEN
    assert site.worker().pid != at_it
    following = site.enqueue("write", str(site.var / "after.txt"))
    until(lambda: site.state(following) == "SUCCESSFUL", "the next task")


def test_a_worker_that_loses_its_sign_of_life_ends_before_another_takes_its_work_for_left(site):
    file = site.var / "lost.txt"
    number = site.enqueue("take_long", str(file))
    at_it = psutil.Process(site.at_work(number, file))
    site.ask("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2")
    until(lambda: gone([at_it]), "its end")
    until(lambda: site.state(number) == "FAILED Interrupted", "the interruption", SEEN)


def test_a_task_whose_connection_broke_is_interrupted_and_not_a_failure_of_its_own(site):
    """Its sign of life goes on; whoever waits for it is told all the same."""
    file = site.var / "broken.txt"
    number = site.enqueue("take_long", str(file), 2)
    at_it = site.at_work(number, file)
    site.ask(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'portal' "
        "AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2)"
    )
    until(lambda: site.state(number) == "FAILED Interrupted", "the interruption", SEEN)
    assert site.worker().pid != at_it


def test_a_killed_web_server_is_replaced(site):
    gunicorn = site.children()["gunicorn"]
    its_workers = gunicorn.children()
    gunicorn.kill()
    until(lambda: site.children().get("gunicorn") not in (None, gunicorn), "another web server")
    site.wait("/healthz", 200, SOON)
    until(lambda: gone(its_workers), "the end of the workers that it left")


def test_a_hangup_starts_both_anew_with_what_is_there_by_then(site):
    worker, web = site.worker(), site.children()["gunicorn"]
    its_workers = web.children()
    os.kill(site.master.pid, signal.SIGHUP)
    until(lambda: gone([worker, *its_workers]), "the end of the former ones")
    assert site.worker() != worker and site.children()["gunicorn"] == web
    site.wait("/healthz", 200, SOON)


def test_a_killed_database_interrupts_the_task_and_the_worker_comes_back(site):
    file = site.var / "database.txt"
    number = site.enqueue("take_long", str(file))
    at_it = site.at_work(number, file)
    site.processes()[0].kill()
    until(lambda: site.state(number) == "FAILED Interrupted", "the interruption", SEEN)
    assert site.worker().pid != at_it
    following = site.enqueue("write", str(site.var / "back.txt"))
    until(lambda: site.state(following) == "SUCCESSFUL", "the next task", SEEN)


def test_nothing_is_left_when_the_parent_is_killed_and_it_starts_again(static_files):
    with served(static_files) as site:
        site.wait("/healthz", 200, SOON)
        file = site.var / "long.txt"
        number = site.enqueue("take_long", str(file))
        site.at_work(number, file)
        family = psutil.Process(site.master.pid).children(recursive=True)
        assert len(family) >= 3, "gunicorn, its process, the worker"
        site.master.kill()
        site.master.wait()
        until(lambda: gone(family), "their end", 5)

        again = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=PROJECT, env=site.variables)
        try:
            site.wait("/healthz", 200, SOON)
            until(lambda: site.state(number) == "FAILED Interrupted", "the interruption", SEEN)
            assert [parent.pid for parent in master.parents(site.var)] == [again.pid]
            family = psutil.Process(again.pid).children(recursive=True)
            assert stop(site.var) == "The site is stopped.\n"
            again.wait(timeout=5)
            until(lambda: gone(family), "their end", 5)
            assert not list(site.var.glob("*.pid")) and stop(site.var) == ""
        finally:
            again.kill()
            again.wait()


def test_site_and_worker_run_apart_and_one_worker_finds_what_another_left(static_files):
    with served(static_files, "--web") as site:
        site.wait("/healthz", 200, SOON)
        assert set(site.children()) == {"gunicorn"} and health(site)["worker"] == "none"
        command = [sys.executable, "manage.py", "worker", "--every", "1"]
        first, second = (subprocess.Popen(command, cwd=PROJECT, env=site.variables) for _ in range(2))
        try:
            file = site.var / "long.txt"
            number = site.enqueue("take_long", str(file))
            at_it = site.at_work(number, file)
            until(lambda: len(locks(site)) == 2, "both signs of life")
            os.kill(at_it, signal.SIGKILL)
            until(lambda: site.state(number) == "FAILED Interrupted", "the interruption", SEEN)
            assert health(site)["worker"] == "ok", "the other lives"
        finally:
            for one in (first, second):
                one.terminate()
                one.wait(timeout=SOON)
        until(lambda: health(site)["worker"] == "none", "the end of the sign of life")


def test_in_development_both_read_code_anew_and_nothing_is_left_either(static_files):
    with served(static_files, "--reload", DEBUG="on") as site:
        until(lambda: health(site)["worker"] == "ok", "the worker of development")
        family = psutil.Process(site.master.pid).children(recursive=True)
        assert sum("runserver" in process.cmdline() for process in family) == 2, "Django’s reloader and what it reloads"
        assert sum("worker" in process.cmdline() for process in family) == 2
        site.master.kill()
        site.master.wait()
        until(lambda: gone(family), "their end", 5)


def locks(site: Served) -> list:
    return site.ask("SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2")


def test_a_worker_that_is_told_to_end_finishes_its_task(static_files):
    with served(static_files, "--worker") as site:
        file = site.var / "long.txt"
        number = site.enqueue("take_long", str(file), 4)
        site.at_work(number, file)
        assert set(site.children()) == {"manage.py worker"}
        assert stop(site.var) == "The site is stopped.\n"
        assert site.state(number) == "SUCCESSFUL"


def test_a_worker_whose_database_is_away_tries_ever_more_seldom(tmp_path):
    variables = environment(tmp_path) | {"DATABASE_URL": "postgresql://portal@127.0.0.1:9/portal"}
    parent = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--worker"],
        cwd=PROJECT, env=variables, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        said, again = "", []
        while len(again) < 3:
            said += (line := next(parent.stderr))
            again += [line.split("started again in ")[1].strip()] if "started again in " in line else []
    finally:
        parent.terminate()
        parent.wait(timeout=SOON)
        parent.stderr.close()
    assert again == ["0.5 s.", "1 s.", "2 s."]
    assert said.count("The database does not answer: ") == 3 and "Traceback" not in said


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_it_assumes_nothing_and_refuses_to_start_without_a_key_and_hosts(tmp_path, missing):
    variables = {name: value for name, value in environment(tmp_path).items() if name not in (missing, "DEBUG")}
    refused = subprocess.run(
        [sys.executable, "manage.py", "serve"], cwd=PROJECT, env=variables, capture_output=True, text=True, timeout=SOON
    )
    assert refused.returncode == 1 and f"{missing} is not set" in refused.stderr


def test_a_port_that_is_taken_ends_it_at_once(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        variables = environment(tmp_path) | {
            "PORT": str(taken.getsockname()[1]),
            "DATABASE_URL": "postgresql://portal@127.0.0.1:9/portal",
        }
        refused = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            cwd=PROJECT, env=variables, capture_output=True, text=True, timeout=SOON,
        )  # fmt: skip
    assert refused.returncode == 1 and "is taken. `make stop` stops this site" in refused.stderr
    assert not list(tmp_path.glob("*.pid"))


def test_the_password_of_the_owner_reaches_neither_site_nor_worker(tmp_path):
    """Whatever stands in the environment: they are the site, in the site's role."""
    ask = "import os, sys; sys.argv = ['manage.py', sys.argv[1], '--help']; import manage, contextlib\n"
    ask += "with contextlib.suppress(SystemExit): manage.main()\n"
    ask += "print(os.environ.get('DATABASE_URL'), os.environ.get('DATABASE_OWNER_URL'))"
    variables = environment(tmp_path) | {
        "DATABASE_URL": "postgresql://portal@127.0.0.1:9/portal",
        "DATABASE_OWNER_URL": "postgresql://owner@127.0.0.1:9/portal",
    }
    for command, expected in (("worker", "portal"), ("serve", "portal"), ("migrate", "owner")):
        shown = subprocess.run(
            [sys.executable, "-c", ask, command], cwd=PROJECT, env=variables, capture_output=True, text=True, check=True
        )
        url, owner = shown.stdout.splitlines()[-1].split()
        assert url == f"postgresql://{expected}@127.0.0.1:9/portal", command
        assert (owner == "None") == (command != "migrate")
