"""The process above those that serve the site: it starts the web server and the worker, again when they die, and they end
with it, whatever ends it. `manage.py serve` becomes this.

It is small, reads no settings and asks no database, so that nothing but a signal ends it. The kernel itself ends its
children when it is gone (``PR_SET_PDEATHSIG``). gunicorn could not have a worker as its child: its master buries every
process that ends, and takes it for one of its own.
"""

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from cluster_portal.serving import master

LISTENED = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP}
ENDS = {signal.SIGTERM, signal.SIGINT, signal.SIGQUIT}
SOONEST, LATEST = 0.5, 15.0  # seconds until a child that died is started again: twice as many each time
STEADY = 60.0  # seconds: a child that lived as long is started again as soon as the first time
AT_FIRST = 15.0  # seconds within which a web server that ends by itself will not do better the next time
GRACE = 15.0  # seconds for the children to end what they are at
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None)


def end_with_the_parent(parent: int | None = None, number: int = signal.SIGKILL) -> None:
    """Has the kernel end this process when the one that started it (``parent``, so far) is gone."""
    if sys.platform != "linux":
        return
    parent = os.getppid() if parent is None else parent
    _libc.prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:  # gone in the meantime
        os._exit(1)


@dataclass
class Child:
    """``needed``: nothing is served when it cannot start at all, as on a port that is taken."""

    name: str
    command: list[str]
    needed: bool = False
    pid: int = 0
    starts: int = 0
    begun: float = 0.0
    due: float = 0.0
    pause: float = SOONEST

    def start(self) -> None:
        me = os.getpid()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                end_with_the_parent(me)
                signal.pthread_sigmask(signal.SIG_UNBLOCK, LISTENED)
                os.execv(self.command[0], self.command)
            finally:
                os._exit(127)
        self.begun = time.monotonic()
        self.starts += 1

    def ended(self, code: int) -> bool:
        """Whether it is worth starting again."""
        now = time.monotonic()
        lived, pid, self.pid = now - self.begun, self.pid, 0
        if self.needed and self.starts == 1 and code > 0 and lived < AT_FIRST:
            return False
        self.pause = SOONEST if lived > STEADY else self.pause
        self.due = now + self.pause
        how = f"signal {-code}" if code < 0 else f"code {code}"
        say(f"The {self.name} (process {pid}) has ended, {how}; it is started again in {self.pause:g} s.")
        self.pause = min(2 * self.pause, LATEST)
        return True

    def tell(self, number: int) -> None:
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)


def say(sentence: str) -> None:
    with contextlib.suppress(OSError):
        print(sentence, file=sys.stderr, flush=True)


def children(parts: list[str], reload: bool, port: str) -> list[Child]:
    manage = [sys.executable, "manage.py"]
    web = [*manage, "runserver", port] if reload else [sys.executable, "-m", "gunicorn"]
    worker = [*manage, "worker", *(["--reload"] if reload else [])]
    known = {"web": Child("web server", web, needed=True), "worker": Child("worker", worker)}
    return [known[part] for part in parts]


def watch(family: list[Child]) -> int:
    """Until a signal ends it, or the web server cannot start: with what code."""
    while True:
        for child in family:
            if not child.pid and time.monotonic() >= child.due:
                child.start()
        wait = min((child.due - time.monotonic() for child in family if not child.pid), default=60.0)
        received = signal.sigtimedwait(LISTENED, max(wait, 0.01))
        number = received.si_signo if received else 0
        if number in ENDS:
            end(family)
            return 0
        if number == signal.SIGHUP:
            for child in family:
                child.tell(signal.SIGHUP if child.needed else signal.SIGTERM)
        for child, code in buried(family):
            if not child.ended(code):
                end(family)
                return code


def buried(family: list[Child]) -> Iterator[tuple[Child, int]]:
    """Those of the family that have ended. In a container orphans come here too."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        for child in family:
            if child.pid == pid:
                yield child, os.waitstatus_to_exitcode(status)


def end(family: list[Child]) -> None:
    for child in family:
        child.tell(signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while any(child.pid for child in family) and time.monotonic() < deadline:
        signal.sigtimedwait({signal.SIGCHLD}, 0.2)
        for child, _code in buried(family):
            child.pid = 0
    for child in family:
        child.tell(signal.SIGKILL)


def main(words: list[str]) -> NoReturn:
    signal.pthread_sigmask(signal.SIG_BLOCK, LISTENED)
    family = children(
        [part for part in ("web", "worker") if f"--{part}" in words],
        "--reload" in words,
        os.environ.get("PORT", "8000"),
    )
    var = Path(os.environ.get("VAR_DIR") or master.PROJECT / "var")
    with master.written_down(var):
        code = watch(family)
    sys.exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
