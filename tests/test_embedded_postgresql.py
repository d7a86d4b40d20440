"""The embedded server, each test with data of its own: killed, raced for, and refused."""

import contextlib
import os
import pwd
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from cluster_portal.embedded_postgresql import __main__ as command
from cluster_portal.embedded_postgresql import server
from tests.places import place

PROJECT = Path(__file__).resolve().parent.parent
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change users")
CONNECT = """
import sys, psycopg
from pathlib import Path
from cluster_portal.embedded_postgresql import server
data = Path(sys.argv[1])
sockets = server.ensure_running(data)
server.ensure_database(data, "portal")
with psycopg.connect(host=str(sockets), user="postgres", dbname="portal") as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS visit (pid int)")
    connection.execute("INSERT INTO visit VALUES (pg_backend_pid())")
    print(connection.execute("SELECT count(*) FROM visit").fetchone()[0], flush=True)
"""


@pytest.fixture
def nothing() -> Iterator[Path]:
    """Where no server has ever been."""
    with place() as data:
        yield data


@pytest.fixture(scope="module")
def visited_once() -> Iterator[Path]:
    with place() as data:
        assert visit(data) == 1
        server.stop(data)
        yield data


@pytest.fixture
def data(visited_once: Path) -> Iterator[Path]:
    """Data that were visited once, of a server that does not run."""
    with place() as data:
        data.parent.mkdir()
        subprocess.run(["cp", "-a", visited_once, data], check=True)
        yield data


def process(data: Path, code: str = CONNECT, **options) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", code, str(data)],
        cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options,
    )  # fmt: skip


def visit(data: Path, **options) -> int:
    """Connect from another process; how often that was done on these data."""
    out, err = process(data, **options).communicate(timeout=120)
    assert out.strip(), err
    return int(out)


def running_server(data: Path) -> psutil.Process:
    found = server.postmaster(data)
    assert found is not None
    return found


def kill(process: psutil.Process) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=20)


def test_the_server_outlives_its_starter(data):
    assert visit(data) == 2
    first = running_server(data).pid
    assert visit(data) == 3
    assert running_server(data).pid == first


def test_what_was_committed_survives_a_kill_of_the_server(data):
    for visits in range(2, 5):
        assert visit(data) == visits
        kill(running_server(data))


def test_eight_processes_at_once_find_one_server_again_after_a_kill(data):
    visit(data)
    kill(running_server(data))
    crowd = [process(data) for _ in range(8)]
    failures = [err for out, err in (one.communicate(timeout=120) for one in crowd) if not out.strip()]
    assert failures == []
    assert visit(data) == 11


def test_processes_that_come_first_at_once_make_one_database(nothing):
    create_once = (
        CONNECT.replace("CREATE TABLE IF NOT EXISTS visit (pid int)", "SELECT 1")
        .replace("INSERT INTO visit VALUES (pg_backend_pid())", "SELECT 1")
        .replace("SELECT count(*) FROM visit", "SELECT 1")
    )
    crowd = [process(nothing, create_once) for _ in range(4)]
    assert [one.communicate(timeout=120) for one in crowd] == [("1\n", "")] * 4
    others = [p for p in psutil.process_iter(["name", "cmdline"]) if str(nothing) in (p.info["cmdline"] or [])]
    assert len([p for p in others if p.info["name"] == "postgres"]) == 1


@pytest.mark.parametrize("moment", [0.1, 0.25, 0.4, 0.55, 0.7])
def test_a_starter_killed_at_any_moment_leaves_nothing_in_the_way(nothing, moment):
    starter = process(nothing)
    try:
        starter.wait(timeout=moment)
    except subprocess.TimeoutExpired:
        starter.kill()
    starter.communicate()
    assert visit(nothing) >= 1


def test_a_half_made_data_folder_is_made_anew(nothing):
    half = nothing.with_name("postgresql.new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert visit(nothing) == 1


def test_the_number_of_a_dead_server_may_belong_to_another_process(data):
    visit(data)
    pid_file = data / "postmaster.pid"
    recorded = pid_file.read_text()
    kill(running_server(data))
    pid_file.write_text(recorded.replace(recorded.split()[0], str(os.getpid()), 1))
    assert visit(data) == 3


def test_a_long_path_keeps_its_socket_elsewhere(nothing):
    far = nothing.parent / ("a" * 90) / "postgresql"
    try:
        assert visit(far) == 1
    finally:
        server.stop(far)


@pytest.mark.parametrize("folder", ["Pôle d'été", "back\\slash; x"])
def test_a_folder_may_have_a_name_as_people_write_it(nothing, folder):
    data = nothing.parent / folder / "postgresql"
    data.parent.mkdir(parents=True)
    try:
        assert visit(data) == 1
        assert command.main(["dump", str(data.parent / "a dump")], data, "portal") == 0
    finally:
        server.stop(data)


def test_data_of_another_version_are_refused_in_words(data):
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(server.EmbeddedServerError, match="made by PostgreSQL 17, and this is PostgreSQL 18"):
        server.ensure_running(data)
    (data / "PG_VERSION").write_text("18\n")


def test_a_folder_that_holds_something_else_is_left_alone(nothing):
    nothing.mkdir(parents=True)
    (nothing / "thesis.txt").write_text("years of work")
    with pytest.raises(server.EmbeddedServerError, match="holds no PostgreSQL database"):
        server.ensure_running(nothing)
    assert (nothing / "thesis.txt").exists()


def test_a_folder_that_cannot_be_made_is_named_with_what_to_do():
    with pytest.raises(server.EmbeddedServerError, match="(?s)/dev/null/.*Set VAR_DIR"):
        server.ensure_running(Path("/dev/null/var/postgresql"))


def test_a_server_that_does_not_start_shows_the_end_of_its_log(data):
    with (data / "postgresql.conf").open("a") as configuration:
        configuration.write("\nno_such_setting = 1\n")
    with pytest.raises(server.EmbeddedServerError, match="(?s)The end of .*no_such_setting"):
        server.ensure_running(data)


def test_the_disk_is_full_is_said_so(nothing, monkeypatch):
    def refuse(*arguments, **options):
        raise server.EmbeddedServerError('initdb failed:\nFATAL: could not write: "No space left on device"')

    monkeypatch.setattr(server, "_run", refuse)
    with pytest.raises(server.EmbeddedServerError, match="(?s)The disk of .* is full. Set VAR_DIR"):
        server.ensure_running(nothing)


def test_only_the_servers_user_may_enter_the_data(data):
    visit(data)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


@AS_ROOT
def test_root_opens_closed_folders_to_the_server_alone(data):
    closed = data.parent.parent
    closed.chmod(0o700)
    visit(data)
    assert running_server(data).uids().effective != 0
    assert not closed.stat().st_mode & stat.S_IRWXO, "others must not pass"


def python_for(user: int) -> str:
    """A Python like ours that this user can run here: ours may be in a folder closed to everybody else."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    for python in sys.executable, "/usr/bin/python3":
        with contextlib.suppress(OSError):
            code = "import sys, cluster_portal; print('%d.%d' % sys.version_info[:2])"
            said = subprocess.run([python, "-c", code], user=user, cwd=PROJECT, capture_output=True, text=True)
            if said.stdout.strip() == version:
                return python
    pytest.skip("an ordinary user can run no such Python here: it or the project is in a folder closed to them")


@AS_ROOT
def test_an_ordinary_user_has_a_server_of_their_own(nothing):
    nobody = pwd.getpwnam("nobody")
    python = python_for(nobody.pw_uid)
    nothing.parent.mkdir()
    for folder in (nothing.parent.parent, nothing.parent):
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    packages = {"PYTHONPATH": str(Path(psycopg.__file__).parent.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    assert visit(nothing, executable=python, env=packages, **who) == 1
    assert running_server(nothing).uids().effective == nobody.pw_uid
    assert visit(nothing) == 2, "and root goes on with the same data, as that user"


def test_dbshell_is_the_wheels_own_psql_on_the_same_server(data):
    shell = subprocess.run(
        [sys.executable, "manage.py", "dbshell", "--", "-At", "-c", "SELECT 6 * 7, version()"],
        cwd=PROJECT,
        env={"PATH": "/usr/bin:/bin", "VAR_DIR": str(data.parent)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert shell.stdout.startswith("42|PostgreSQL 18"), shell.stderr


def test_a_dump_brings_the_data_back(data, tmp_path):
    assert command.main(["dump", str(tmp_path / "portal.dump")], data, "portal") == 0
    visit(data)
    assert command.main(["restore", str(tmp_path / "portal.dump")], data, "portal") == 0
    sockets = server.ensure_running(data)
    with psycopg.connect(host=str(sockets), user="postgres", dbname="portal") as connection:
        assert connection.execute("SELECT count(*) FROM visit").fetchone() == (1,)
