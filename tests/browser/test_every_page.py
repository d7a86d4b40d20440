"""Every kind of page: accessible, valid, no wider than its window, in both languages, schemes and widths."""

import itertools
import shutil
import subprocess
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Browser, Page

from contributions.links import NO_MORE_QUESTIONS, signed
from contributions.models import digest_of
from members.models import Cluster, Organisation
from projects.models import Project

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network_connection")]

VNU = Path(__file__).parent.parent.parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"

# What each page is, and how to reach it: a route, its arguments, the query.
PAGES = {
    "home": ("home", [], ""),
    "what is a cluster": ("about", [], ""),
    "members": ("members:organisation-list", [], ""),
    "members under filters": ("members:organisation-list", [], "?region=auvergne-rhone-alpes&kind=company&q=a"),
    "no member": ("members:organisation-list", [], "?q=zzzz&region=corse"),
    "organisation": ("members:organisation-detail", ["organisation"], ""),
    "former member": ("members:organisation-detail", ["former"], ""),
    "archived organisation": ("members:organisation-detail", ["archived"], ""),
    "clusters": ("members:cluster-list", [], ""),
    "clusters of a day": ("members:cluster-list", [], "?on=2023-03-27&region=bretagne"),
    "cluster": ("members:cluster-detail", ["cluster"], ""),
    "former cluster": ("members:cluster-detail", ["former cluster"], ""),
    "members of a cluster": ("members:cluster-members", ["cluster"], ""),
    "regions": ("members:region-list", [], ""),
    "region": ("members:region-detail", ["region"], ""),
    "themes": ("members:theme-list", [], ""),
    "theme": ("members:theme-detail", ["theme"], ""),
    "projects": ("projects:project-list", [], ""),
    "no project": ("projects:project-list", [], "?q=zzzz&state=running"),
    "project": ("projects:project-detail", ["project"], ""),
    "funded project": ("projects:project-detail", ["funded"], ""),
    "its coordinator": ("members:organisation-detail", ["coordinator"], ""),
    "projects of a cluster": ("projects:cluster-projects", ["cluster"], ""),
    "key figures": ("projects:figures", [], ""),
    "key figures of a cluster on a past day": ("projects:cluster-figures", ["cluster"], "?on=2021-12-31"),
    "compare": ("projects:compare", [], "?cluster=cara&cluster=nextmove&cluster=minalogic"),
    "nothing to compare": ("projects:compare", [], ""),
    "shared members": ("projects:shared", [], ""),
    "partners": ("projects:partners", [], "?theme=hydrogen"),
    "search": ("search", [], "?q=hydrog%C3%A8ne"),
    "nothing searched yet": ("search", [], ""),
    "legal notice": ("legal", [], ""),
    "take part": ("contributions:take-part", [], ""),
    "propose an outcome": ("contributions:project-outcome", ["project"], ""),
    "report an error": ("contributions:project-report", ["project"], ""),
    "propose a change": ("contributions:organisation-propose", ["organisation"], ""),
    "write to an organisation": ("contributions:organisation-write", ["reached"], ""),
    "become a member": ("contributions:cluster-join", ["cluster"], "?q=energie"),
    "a new member": ("contributions:cluster-join", ["cluster"], "?new=1&q=Zzz"),
    "a proposal was sent": ("contributions:sent", [], ""),
    "follow a list": ("contributions:members-follow", [], "?kind=laboratory"),
    "a list of one day is not followed": ("contributions:members-follow", [], "?on=2020-01-01"),
    "an alert was asked for": ("contributions:alert-sent", [], ""),
    "no more questions": (
        "contributions:no-more-questions",
        [],
        f"?t={signed(digest_of('nobody@example.org'), NO_MORE_QUESTIONS)}",
    ),
}


@pytest.fixture(scope="module")
def slugs(network_connection, funded) -> dict[str, str]:
    """One row of each kind, the richest where it matters."""
    published = Organisation.objects.published()
    return {
        "organisation": published.members().exclude(description_fr="").order_by("pk").first().slug,
        "former": published.exclude(pk__in=published.members()).order_by("pk").first().slug,
        "archived": Organisation.objects.filter(status="archived").order_by("pk").first().slug,
        "project": Project.objects.published().exclude(outcomes=None).order_by("pk").first().slug,
        "funded": funded.slug,
        "coordinator": funded.participations.get(role="coordinator").organisation.slug,
        "former cluster": Cluster.objects.published().exclude(successions=None).order_by("pk").first().slug,
        "reached": published.exclude(email="").order_by("pk").first().slug,
        "cluster": "cara",
        "region": "bretagne",
        "theme": "hydrogen",
    }


def address(name: str, language: str, slugs: dict[str, str]) -> str:
    route, arguments, query = PAGES[name]
    with override(language):
        return reverse(route, args=[slugs[argument] for argument in arguments]) + query


def scrolls_sideways(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


# Each language and each width once by axe, which takes most of the time; all four for what only they can spoil, the fit.
LOOKED_AT = {("fr", 1440), ("en", 360)}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_and_fits_its_window(page: Page, violations, slugs, name):
    faults = []
    for language, width in itertools.product(("fr", "en"), (1440, 360)):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.goto(address(name, language, slugs)).status == 200
        if (language, width) in LOOKED_AT:
            faults += [f"{language}, {width} px, {violation}" for violation in violations(page)]
        if scrolls_sideways(page):
            faults.append(f"{language}, {width} px, scrolls sideways")
    assert not faults


def test_every_page_fits_320_pixels_and_has_one_first_heading_and_its_landmarks(page: Page, slugs):
    page.set_viewport_size({"width": 320, "height": 800})
    wide = []
    for name in PAGES:
        page.goto(address(name, "fr", slugs))
        if scrolls_sideways(page):
            wide.append(name)
        assert page.locator("h1").count() == 1, name
        assert page.locator("main").count() == 1, name
        assert page.locator("html").get_attribute("lang") == "fr", name
    assert not wide


def test_what_is_wrong_with_a_page_is_found(page: Page, violations):
    page.goto("/fr/")
    page.locator("main").evaluate(
        """main => {
            main.innerHTML = '<img src="/static/favicon.svg"><p id="pale">Pale</p><p id="dim">Dim</p>'
            main.querySelector("#pale").style = "color: #ddd; background: #fff"
            main.querySelector("#dim").style = "color: light-dark(#111, #ddd); background: #fff; width: 9999px"
        }"""
    )
    found = violations(page)
    assert [line for line in found if line.startswith("light: image-alt")]
    assert [line for line in found if line.startswith("light: color-contrast") and "pale" in line]
    assert [line for line in found if line.startswith("dark: color-contrast") and "dim" in line]
    assert not [line for line in found if line.startswith("light: color-contrast") and "dim" in line]
    assert scrolls_sideways(page)


def test_every_page_is_valid_html(base_url, client, slugs, tmp_path):
    java = shutil.which("java")
    if not java:
        pytest.skip("no Java: the Nu checker cannot run (apt-get install default-jre-headless)")
    pages = []
    for language in ("fr", "en"):
        for name in PAGES:
            file = tmp_path / f"{language}-{name.replace(' ', '-')}.html"
            file.write_bytes(client.get(address(name, language, slugs)).content)
            pages.append(str(file))
    checked = subprocess.run(
        [java, "-jar", str(VNU), "--errors-only", "--format", "gnu", *pages],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr.replace(str(tmp_path), "")[:6000]


def test_the_pages_read_without_scripts(browser: Browser, base_url, slugs):
    context = browser.new_context(java_script_enabled=False, base_url=base_url, locale="fr-FR")
    page = context.new_page()
    for name in ("home", "members", "organisation", "clusters", "projects", "key figures", "partners"):
        page.goto(address(name, "fr", slugs))
        assert page.locator("h1").inner_text(), name
    context.close()
