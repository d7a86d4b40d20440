"""What every test shares."""

import pytest
from django.utils import translation

from tests.network import network, network_connection, network_database  # noqa: F401 (fixtures for every test)
from tests.undefined_variables import pytest_runtest_call  # noqa: F401 (what every test is watched for)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if any("tests/browser" in report.nodeid for report in skipped):
        terminalreporter.write_sep("!", "THE BROWSER TESTS DID NOT RUN", red=True, bold=True)
        terminalreporter.write_line("Install Chromium (on Debian: apt-get install chromium), then run them again.")
    if any("tests/test_catalogue" in report.nodeid for report in skipped):
        terminalreporter.write_sep("!", "THE CATALOGUE WAS NOT COMPARED WITH THE SOURCES", red=True, bold=True)
        terminalreporter.write_line("Install gettext (on Debian: apt-get install gettext), then run the tests again.")


@pytest.fixture(autouse=True)
def default_language():
    """A request leaves its language behind; the next test starts in the site's own."""
    yield
    translation.deactivate()
