"""Every kind of page: accessible, valid, no wider than its window, in both languages, schemes and widths."""

import shutil
import subprocess
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Browser, Page

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
    "project": ("projects:project-detail", ["project"], ""),
    "projects of a cluster": ("projects:cluster-projects", ["cluster"], ""),
    "key figures": ("projects:figures", [], ""),
    "key figures of a cluster on a past day": ("projects:cluster-figures", ["cluster"], "?on=2021-12-31"),
    "compare": ("projects:compare", [], "?cluster=cara&cluster=nextmove&cluster=minalogic"),
    "nothing to compare": ("projects:compare", [], ""),
    "shared members": ("projects:shared", [], ""),
    "partners": ("projects:partners", [], "?theme=hydrogen"),
    "legal notice": ("legal", [], ""),
}


@pytest.fixture(scope="module")
def slugs(network_connection) -> dict[str, str]:
    """One row of each kind, the richest where it matters."""
    published = Organisation.objects.published()
    return {
        "organisation": published.members().exclude(description_fr="").order_by("pk").first().slug,
        "former": published.exclude(pk__in=published.members()).order_by("pk").first().slug,
        "archived": Organisation.objects.filter(status="archived").order_by("pk").first().slug,
        "project": Project.objects.published().exclude(outcomes=None).order_by("pk").first().slug,
        "former cluster": Cluster.objects.published().exclude(successions=None).order_by("pk").first().slug,
        "cluster": "cara",
        "region": "bretagne",
        "theme": "hydrogen",
    }


def address(name: str, language: str, slugs: dict[str, str]) -> str:
    route, arguments, query = PAGES[name]
    with override(language):
        return reverse(route, args=[slugs[argument] for argument in arguments]) + query


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_and_fits_its_window(page: Page, violations, slugs, name, language):
    path = address(name, language, slugs)
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            # before the page is opened: colours that change under axe are sometimes read half changed
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert page.goto(path).status == 200
            assert not violations(page), f"{name}, {language}, {width} px, {scheme}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            f"{name} scrolls sideways at {width}"
        )


def test_no_page_scrolls_sideways_at_320_pixels(page: Page, slugs):
    page.set_viewport_size({"width": 320, "height": 800})
    wide = []
    for name in PAGES:
        page.goto(address(name, "fr", slugs))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(name)
    assert not wide


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


def test_every_page_has_one_first_heading_and_its_landmarks(page: Page, slugs):
    for name in PAGES:
        page.goto(address(name, "fr", slugs))
        assert page.locator("h1").count() == 1, name
        assert page.locator("main").count() == 1, name
        assert page.locator("html").get_attribute("lang") == "fr", name


def test_the_pages_read_without_scripts(browser: Browser, base_url, slugs):
    context = browser.new_context(java_script_enabled=False, base_url=base_url, locale="fr-FR")
    page = context.new_page()
    for name in ("home", "members", "organisation", "clusters", "projects", "key figures", "partners"):
        page.goto(address(name, "fr", slugs))
        assert page.locator("h1").inner_text(), name
    context.close()
