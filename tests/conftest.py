"""What every test shares."""

import os

import pytest
from django.utils import translation

from tests.network import (  # noqa: F401 (fixtures for every test)
    django_db_setup,
    network,
    network_connection,
    network_database,
    network_of_its_own,
)
from tests.served_site import static_files  # noqa: F401
from tests.undefined_variables import pytest_runtest_call  # noqa: F401 (what every test is watched for)

MOST_WORKERS = 8  # each has a database, a network and a browser of its own


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Every core for the whole suite or a folder of it; none where workers take longer to start than the tests."""
    asked, option = config.option.file_or_dir, config.option
    few = (
        (asked and not any(map(os.path.isdir, asked)))
        or option.keyword
        or option.markexpr
        or getattr(option, "lf", False)
    )
    watched = option.capture == "no" or option.trace
    return 0 if few or watched else min(len(os.sched_getaffinity(0)), MOST_WORKERS)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if any("tests/browser" in report.nodeid for report in skipped):
        terminalreporter.write_sep("!", "THE BROWSER TESTS DID NOT RUN", red=True, bold=True)
        terminalreporter.write_line("Install Chromium (on Debian: apt-get install chromium), then run them again.")
    if any("tests/test_real_files" in report.nodeid for report in skipped):
        terminalreporter.write_sep("!", "THE REAL FILES OF THE STATE WERE NOT READ", red=True, bold=True)
        terminalreporter.write_line(
            "Set REAL_FILES to the folder that holds them (tests/test_real_files.py names them)."
        )
    if any("tests/test_catalogue" in report.nodeid for report in skipped):
        terminalreporter.write_sep("!", "THE CATALOGUE WAS NOT COMPARED WITH THE SOURCES", red=True, bold=True)
        terminalreporter.write_line("Install gettext (on Debian: apt-get install gettext), then run the tests again.")
    if any("test_libreoffice" in report.nodeid for report in skipped):
        terminalreporter.write_sep("!", "NO FILE WAS OPENED BY LIBREOFFICE", red=True, bold=True)
        terminalreporter.write_line(
            "Install it (on Debian: apt-get install libreoffice-calc), then run the tests again."
        )


@pytest.fixture(autouse=True)
def default_language():
    """A request leaves its language behind; the next test starts in the site's own."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def database_where_it_is_asked_for(request):
    """What a module opened stays open for those after it, and would serve a test that forgot to ask, in that order alone."""
    asks = request.node.get_closest_marker("django_db") or "django_db_setup" in request.fixturenames
    if asks or "poor" in request.fixturenames:
        yield
        return
    with request.getfixturevalue("django_db_blocker").block():
        yield
