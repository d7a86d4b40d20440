"""See to it that a Chromium is there for the browser tests: `python -m tests.browser_set_up`."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def browser() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def main() -> None:
    if browser():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests...", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-q"], check=False, **quiet)
        subprocess.run(["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"], check=False, **quiet)
    if not browser():
        print("No Chromium: the browser tests cannot run (on Debian: apt-get install chromium).", file=sys.stderr)


if __name__ == "__main__":
    main()
