"""Tests in a real browser, on the site as it is served. Whatever the browser complains of fails the test."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from projects.models import Project
from tests.set_up import browser as installed_browser

HERE = Path(__file__).parent
AXE = HERE.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
# Without preloading axe adds no style elements of its own, which the policy would refuse. What it found in order is
# neither described nor handed over: that took longer than looking.
RUN_AXE = """async ([tags, coloursOnly]) => {
    const others = coloursOnly ? axe.getRules().filter(rule => !rule.tags.includes("cat.color")) : []
    const rules = Object.fromEntries(others.map(rule => [rule.ruleId, {enabled: false}]))
    return (await axe.run(document, {runOnly: tags, rules, preload: false, resultTypes: ["violations"]})).violations
}"""
# What is on its way from one colour to another is there at once; then what inherits it sets out.
SETTLE = """() => {
    const moving = () => document.getAnimations().filter(one => one instanceof CSSTransition)
    for (let some = moving(); some.length; some = moving()) some.forEach(one => one.finish())
}"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Playwright's own event loop runs in the thread of the tests, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:  # pytest-django makes a test database only when a test is marked
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.django_db)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    if installed_browser():
        return
    if os.environ.get("CI", "").lower() in ("1", "true"):  # each says so: a worker cannot end the session in words
        pytest.fail("The browser tests must run here, and there is no Chromium (apt-get install chromium).", False)
    pytest.skip("no Chromium (on Debian: apt-get install chromium)")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    # without a sandbox, which root may not have, and without calling home, which a closed network makes slow
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    return {**browser_type_launch_args, "executable_path": installed_browser(), "args": [*quiet, "--no-first-run"]}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "fr-FR", "viewport": {"width": 1440, "height": 900}}


@pytest.fixture(scope="session")
def site(django_db_setup: None) -> Iterator[LiveServer]:
    """The site, served from the test database as it was set up: it sees what is committed, and rolls nothing back."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def base_url(site: LiveServer) -> str:
    """So that `page.goto("/fr/")` goes to the site."""
    return site.url


@pytest.fixture(autouse=True)
def open_database(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The server's threads answer with the database, while a browser test runs and only then."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(scope="module")
def funded(network_connection: None) -> Project:
    """A project with partners, sums, labels and themes."""
    return (
        Project.objects.published()
        .funded()
        .labelled()
        .filter(total_cost__gt=0, themes__isnull=False, participations__role="coordinator")
        .order_by("pk")[0]
    )


@pytest.fixture
def expected_complaints() -> list[str]:
    """Regular expressions of what the browser may complain of in this test; append to it."""
    return []


@pytest.fixture(autouse=True)
def complaints(context: BrowserContext, expected_complaints: list[str]) -> Iterator[list[str]]:
    """Console errors, uncaught exceptions, refusals by the content security policy and headers of policies that the browser
    does not understand, of which it merely warns: none may remain."""
    context.set_default_timeout(10_000)
    heard: list[str] = []

    def hear(line: ConsoleMessage) -> None:
        if line.type == "error" or "-Policy header" in line.text:
            heard.append(f"{line.text} ({line.location})")

    context.on("console", hear)
    context.on("weberror", lambda error: heard.append(str(error.error)))
    context.add_init_script(
        "document.addEventListener('securitypolicyviolation',"
        " e => console.error(`CSP: ${e.violatedDirective} refuses ${e.blockedURI} ${e.sample}`))"
    )
    yield heard
    unexpected = [line for line in heard if not any(re.search(pattern, line) for pattern in expected_complaints)]
    assert not unexpected, "The browser complained:\n" + "\n".join(unexpected)


@pytest.fixture
def violations(context: BrowserContext) -> Callable[[Page], list[str]]:
    """What axe-core finds wrong with the page as it stands, one line each.

    The dark scheme changes colours and nothing else (tests/test_house_rules.py), and is looked at for these alone.
    """
    context.add_init_script(path=AXE)  # kept by the browser, which compiles it for each page

    def find(page: Page) -> list[str]:
        found = []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(SETTLE)
            for rule in page.evaluate(RUN_AXE, [WCAG, scheme == "dark"]):
                found += [f"{scheme}: {rule['id']}: {rule['help']}: {node['html'][:200]}" for node in rule["nodes"]]
        return found

    return find
