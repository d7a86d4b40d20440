"""What is kept of the database is never believed beyond its own history: real servers that crash, restart, are promoted
and restored under a site that goes on looking."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from cluster_portal.embedded_postgresql import __main__ as command
from cluster_portal.embedded_postgresql import server
from tests.places import place

PROJECT = Path(__file__).resolve().parent.parent
NETWORK = """
INSERT INTO members_cluster (name, acronym, slug, presentation_fr, presentation_en, city, website, email, phone, logo,
                             status)
VALUES ('Alpha', '', 'alpha', '', '', '', '', '', '', '', 'published');
INSERT INTO members_organisation (kind, name, acronym, slug, description_fr, description_en, website, email, phone, logo,
                                  national, country, siren, ror_id, size, naf_code, headcount, rnsr_id, uai_code,
                                  institution_type, verified_source, is_demo, status)
SELECT 'company', 'Vega ' || n, '', 'vega-' || n, '', '', '', '', '', '', false, 'FR', '', '', '', '', '', '', '', '', '',
       false, 'published' FROM generate_series(1, 3) n;
INSERT INTO members_membership (organisation_id, cluster_id, category)
SELECT o.id, c.id, '' FROM members_organisation o, members_cluster c;
"""
ARCHIVE = "UPDATE members_organisation SET status = 'archived', archived_on = current_date WHERE slug = 'vega-{}'"
# A process of the site: at each line it says how many members the list has, and the state of the data.
LOOK = """
import sys, time, django
django.setup()
from django.db import OperationalError, InterfaceError, connection
from cluster_portal.records.changes import LOG
from members.counts import MemberCounts
for line in sys.stdin:
    for attempt in range(50):
        try:
            state, counts = LOG.look().number, MemberCounts()
            print(counts.by_kind(counts.everyone)["members"], state, flush=True)
            break
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.1)
"""


class Site:
    """A server with a small network, and a process of the site that looks at it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.environment = {
            "PATH": os.environ["PATH"],
            "VAR_DIR": str(data.parent),
            "DEBUG": "on",
            "DJANGO_SETTINGS_MODULE": "cluster_portal.settings",
            "PYTHONPATH": str(PROJECT),
        }
        self.process: subprocess.Popen | None = None

    def look(self) -> tuple[int, str]:
        """How many members the process counts, and its name for the state of the data."""
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, "-c", LOOK],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        self.process.stdin.write("look\n")
        self.process.stdin.flush()
        members, state = self.process.stdout.readline().split()
        return int(members), state

    def execute(self, *statements: str) -> None:
        with self.connection() as connection:
            for statement in statements:
                connection.execute(statement)

    def connection(self) -> psycopg.Connection:
        sockets = server.ensure_running(self.data)
        deadline = time.monotonic() + 20
        while True:
            try:
                return psycopg.connect(host=str(sockets), user="postgres", dbname="portal", autocommit=True)
            except psycopg.OperationalError:  # it is recovering
                assert time.monotonic() < deadline
                time.sleep(0.05)

    def roll_back(self, times: int = 300) -> None:
        """Transactions that take a number and leave nothing."""
        with self.connection() as connection:
            for _ in range(times):
                connection.execute("BEGIN; SELECT pg_current_xact_id(); ROLLBACK")

    def kill(self) -> None:
        """The whole server, as a machine that loses power does."""
        postmaster = server.postmaster(self.data)
        family = [postmaster, *postmaster.children(recursive=True)]
        for process in family:
            process.send_signal(signal.SIGKILL)
        psutil.wait_procs(family, timeout=10)

    def kill_one_backend(self) -> None:
        """PostgreSQL then starts anew by itself, under the same postmaster."""
        with closing(self.connection()) as victim, closing(self.connection()) as other:
            os.kill(victim.info.backend_pid, signal.SIGKILL)
            with suppress(psycopg.OperationalError):  # all of them are ended soon
                while True:
                    other.execute("SELECT 1")

    def restart(self) -> None:
        server.stop(self.data)
        server.ensure_running(self.data)

    def close(self) -> None:
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait(timeout=20)
            self.process.stdout.close()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Iterator[Path]:
    """The data of a stopped server that holds the network."""
    with place() as data:
        site = Site(data)
        manage = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(manage, cwd=PROJECT, env=site.environment, check=True, stdout=subprocess.DEVNULL)
        site.execute(NETWORK)
        server.stop(data)
        yield data


@pytest.fixture
def site(prepared) -> Iterator[Site]:
    with place() as data:
        data.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(prepared, data, copy_function=_copy_with_owner)
        _like(prepared, data)
        site = Site(data)
        yield site
        site.close()


def _copy_with_owner(source: str, target: str) -> None:
    shutil.copy2(source, target)
    found = os.stat(source)
    os.chown(target, found.st_uid, found.st_gid)


def _like(source: Path, target: Path) -> None:
    """Folders belong to whom the copied ones belong."""
    for folder, _folders, _files in os.walk(source):
        copy = target / Path(folder).relative_to(source)
        found = os.stat(folder)
        os.chown(copy, found.st_uid, found.st_gid)
        os.chmod(copy, found.st_mode)


@pytest.mark.parametrize("crash", [Site.kill, Site.kill_one_backend])
@pytest.mark.parametrize("asked_between", [False, True])
def test_a_change_under_a_number_that_was_handed_out_before_a_crash_is_seen(site, crash, asked_between):
    assert site.look()[0] == 3
    site.roll_back()
    before = site.look()
    assert before[0] == 3
    crash(site)
    if asked_between:
        assert site.look()[0] == 3
    site.execute(ARCHIVE.format(1))
    site.roll_back()
    members, state = site.look()
    assert members == 2
    assert state != before[1]
    site.execute(ARCHIVE.format(2))
    assert site.look()[0] == 1


def test_after_a_restart_what_changes_is_seen(site):
    assert site.look()[0] == 3
    site.restart()
    assert site.look()[0] == 3
    site.execute(ARCHIVE.format(1))
    assert site.look()[0] == 2


def test_an_older_copy_of_the_data_put_in_their_place_is_seen_as_such(site, prepared):
    assert site.look()[0] == 3
    site.execute(ARCHIVE.format(1))
    assert site.look()[0] == 2
    server.stop(site.data)
    shutil.rmtree(site.data)
    shutil.copytree(prepared, site.data, copy_function=_copy_with_owner)
    _like(prepared, site.data)
    site.execute(ARCHIVE.format(2) + " OR slug = 'vega-3'")  # under the very number that the other change had
    site.roll_back()
    assert site.look()[0] == 1


def test_a_dump_restored_in_place_is_seen(site, tmp_path):
    assert site.look()[0] == 3
    dump = tmp_path / "portal.dump"
    command.main(["dump", str(dump)], site.data, "portal")
    site.execute(ARCHIVE.format(1), ARCHIVE.format(2))
    assert site.look()[0] == 1
    command.main(["restore", str(dump)], site.data, "portal")
    assert site.look()[0] == 3
    site.execute(ARCHIVE.format(3))
    assert site.look()[0] == 2


def test_a_standby_that_is_promoted_has_a_history_of_its_own(site, prepared):
    """The process looks at the standby; after the promotion numbers go on from what the standby had received."""
    (site.data / "standby.signal").touch()
    _like(prepared, site.data)
    os.chown(site.data / "standby.signal", os.stat(prepared).st_uid, os.stat(prepared).st_gid)
    sockets = server.ensure_running(site.data)
    with psycopg.connect(host=str(sockets), user="postgres", dbname="portal", autocommit=True) as connection:
        assert connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)
        as_standby = connection.execute("SELECT portal_history()").fetchone()[0]
        assert site.look()[0] == 3
        connection.execute("SELECT pg_promote()")
        promoted = connection.execute("SELECT portal_history()").fetchone()[0]
    assert as_standby and promoted != as_standby
    site.execute(ARCHIVE.format(1))
    site.roll_back(10)
    assert site.look()[0] == 2


@pytest.fixture
def standby(site) -> Iterator[Site]:
    """A second server that follows the first, and a process of the site that reads there."""
    server.ensure_running(site.data)
    server.stop(site.data)
    with place() as data:
        data.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(site.data, data, copy_function=_copy_with_owner)
        _like(site.data, data)
        sockets = server.ensure_running(site.data)
        signal_file, settings = data / "standby.signal", data / "postgresql.auto.conf"
        signal_file.touch()
        os.chown(signal_file, settings.stat().st_uid, settings.stat().st_gid)
        with settings.open("a") as conf:
            conf.write(f"primary_conninfo = 'host={sockets} user=postgres'\n")
        server.ensure_running(data)
        standby = Site(data)
        yield standby
        standby.close()


def replayed(site: Site, standby: Site) -> None:
    """Waits until the standby has all that was committed."""
    with closing(site.connection()) as primary, closing(standby.connection()) as copy:
        (wanted,) = primary.execute("SELECT pg_current_wal_flush_lsn()").fetchone()
        deadline = time.monotonic() + 20
        while not copy.execute("SELECT pg_last_wal_replay_lsn() >= %s", [wanted]).fetchone()[0]:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_on_a_standby_a_change_that_was_committed_after_a_later_one_is_seen(site, standby):
    with closing(site.connection()) as slow:
        slow.execute("BEGIN")
        slow.execute(ARCHIVE.format(1))
        site.execute(ARCHIVE.format(2))
        replayed(site, standby)
        assert standby.look()[0] == 2
        slow.execute("COMMIT")
    replayed(site, standby)
    assert standby.look()[0] == 1
    assert standby.look() == standby.look()
