"""The processes above all others that serve the site of one VAR_DIR: `manage.py serve`, one or several, or a gunicorn alone.

`python -m cluster_portal.serving.master stop` ends them, and with them what they started.
"""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

PROJECT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 30  # seconds for a stop; gunicorn gives its workers ten, the parent its children fifteen
PARENT = "cluster_portal.serving.parent"  # as its command line says


def pid_file(var: Path) -> Path:
    """gunicorn's."""
    return var / "gunicorn.pid"


def running(var: Path) -> psutil.Process | None:
    """gunicorn's master."""
    return _one_of_ours(var, pid_file(var), "gunicorn")


def parents(var: Path) -> list[psutil.Process]:
    """Of `manage.py serve`: one, or one for the site and one for the worker."""
    found = [_one_of_ours(var, file, PARENT) for file in _files_of_parents(var)]
    return [process for process in found if process]


def _files_of_parents(var: Path) -> list[Path]:
    return sorted(var.glob("serve-*.pid"))


def _one_of_ours(var: Path, file: Path, word: str) -> psutil.Process | None:
    """By its pid file, if the process with that number is the one: numbers are given again after a crash."""
    try:
        process = psutil.Process(int(file.read_text()))
        serves = any(word in argument for argument in process.cmdline())
        its_var = Path(process.cwd(), process.environ().get("VAR_DIR") or PROJECT / "var")
        ours = process.status() != psutil.STATUS_ZOMBIE and its_var.expanduser().resolve() == var.resolve()
    except (OSError, ValueError, psutil.Error):
        return None
    return process if serves and ours else None


def forget_a_dead_one(var: Path) -> bool:
    """Whether there was the pid file of a master that is no more; gunicorn would take any live process for it."""
    left = pid_file(var).exists() and running(var) is None
    if left:
        pid_file(var).unlink(missing_ok=True)
    return left


@contextlib.contextmanager
def written_down(var: Path) -> Iterator[None]:
    """Within, this process is found by `stop`."""
    var.mkdir(parents=True, exist_ok=True)
    for file in _files_of_parents(var):
        if _one_of_ours(var, file, PARENT) is None:
            file.unlink(missing_ok=True)
    mine = var / f"serve-{os.getpid()}.pid"
    mine.write_text(f"{os.getpid()}\n")
    try:
        yield
    finally:
        mine.unlink(missing_ok=True)


def stop(var: Path) -> bool:
    """Whether there was one to stop. First those that would start the others again."""
    stopped = False
    for process in parents(var):
        stopped = _end(process) or stopped
    gunicorn = running(var)
    return (_end(gunicorn) if gunicorn else False) or stopped


def _end(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        process.terminate()
    deadline = time.monotonic() + PATIENCE
    while _runs(process):
        if time.monotonic() > deadline:
            sys.exit(f"The site has not stopped for {PATIENCE} s: process {process.pid}.")
        time.sleep(0.1)
    return True


def _runs(process: psutil.Process) -> bool:
    """One that nobody has buried does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


if __name__ == "__main__":
    if sys.argv[1:] != ["stop"]:
        sys.exit("Use: stop")
    if stop(Path(os.environ.get("VAR_DIR") or PROJECT / "var")):
        print("The site is stopped.")
