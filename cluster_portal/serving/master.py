"""The gunicorn master that serves the site of one VAR_DIR. `python -m cluster_portal.serving.master stop` ends it."""

import os
import sys
import time
from pathlib import Path

import psutil

PROJECT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 30  # seconds for a stop; gunicorn gives its workers ten


def pid_file(var: Path) -> Path:
    return var / "gunicorn.pid"


def running(var: Path) -> psutil.Process | None:
    """By its pid file, if the process with that number is the one: numbers are given again after a crash."""
    try:
        process = psutil.Process(int(pid_file(var).read_text()))
        serves = any("gunicorn" in word for word in process.cmdline())
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


def stop(var: Path) -> bool:
    """Whether there was one to stop."""
    process = running(var)
    if process is None:
        return False
    process.terminate()
    deadline = time.monotonic() + PATIENCE
    while running(var):  # one that nobody has buried does not run
        if time.monotonic() > deadline:
            sys.exit(f"The site has not stopped for {PATIENCE} s: process {process.pid}.")
        time.sleep(0.1)
    return True


if __name__ == "__main__":
    if sys.argv[1:] != ["stop"]:
        sys.exit("Use: stop")
    if stop(Path(os.environ.get("VAR_DIR") or PROJECT / "var")):
        print("The site is stopped.")
