"""See to it that the programs are there which tests open pages and files with: `python -m tests.set_up`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NEEDED = {"chromium": CHROMIUM, "libreoffice-calc-nogui": ("soffice",), "gettext": ("xgettext",)}  # by Debian's package


def found(names: Iterable[str]) -> str | None:
    return next((path for path in map(shutil.which, names) if path), None)


def browser() -> str | None:
    return found(CHROMIUM)


def missing() -> list[str]:
    return [package for package, names in NEEDED.items() if not found(names)]


def main() -> None:
    if missing() and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {', '.join(missing())} for the tests...", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)
        for package in missing():  # one that a distribution lacks does not keep the others out
            subprocess.run(["apt-get", "install", "-q", "-y", "--no-install-recommends", package], check=False, **quiet)
    for package in missing():
        print(f"Tests that need it will be skipped (on Debian: apt-get install {package}).", file=sys.stderr)


if __name__ == "__main__":
    main()
