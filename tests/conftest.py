"""What every test shares."""

from pathlib import Path

import polib
import pytest

pytest_plugins = ["tests.network"]  # the invented network, for those who ask for it

PROJECT = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations that have changed, before Django reads them."""
    for source in PROJECT.glob("locale/*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(compiled))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if any("tests/browser" in report.nodeid for report in skipped):
        terminalreporter.write_sep("!", "THE BROWSER TESTS DID NOT RUN", red=True, bold=True)
        terminalreporter.write_line("Install Chromium (on Debian: apt-get install chromium), then run them again.")
