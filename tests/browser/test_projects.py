"""From a theme to a project to a partner, and back; and that everybody can read it."""

import re

import pytest
from playwright.sync_api import Page, expect

from projects.models import Project

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network_connection")]


@pytest.fixture
def funded() -> Project:
    """A project with partners, sums, labels and themes."""
    return (
        Project.objects.published()
        .funded()
        .labelled()
        .filter(total_cost__gt=0, themes__isnull=False, participations__role="coordinator")
        .order_by("pk")[0]
    )


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def test_from_a_theme_to_a_project_to_a_partner_and_back_to_the_results(page: Page, funded: Project):
    theme = funded.themes.order_by("pk")[0]
    page.goto(f"/en/themes/{theme.slug}/")
    page.get_by_role("link", name=re.compile(r"See the (project|[\d,]+ projects)")).click()
    expect(heading(page)).to_contain_text("on the theme")
    page.get_by_label("Finished", exact=True).check()
    expect(heading(page)).to_have_text(re.compile("(finished projects?|No finished project)"))
    results = page.url
    page.get_by_role("article").first.get_by_role("heading").get_by_role("link").click()
    name = heading(page).inner_text()
    page.get_by_role("region", name="Partners of the project").get_by_role("link").first.click()
    expect(page.get_by_role("link", name=name, exact=True).first).to_be_visible()
    page.go_back()
    page.get_by_role("link", name="Back to the results").click()
    expect(page).to_have_url(results)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pages_of_projects_are_accessible_and_fit(page: Page, violations, funded: Project, language, width, scheme):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    listed = {"fr": "/fr/projets/", "en": "/en/projects/"}[language]
    for path in (listed, f"{listed}?q=zzzz&state=running", f"{listed}{funded.slug}/"):
        page.goto(path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, "no sideways scroll"


def test_the_page_of_an_organisation_with_projects_is_accessible(page: Page, violations, funded: Project):
    coordinator = funded.participations.get(role="coordinator").organisation
    page.goto(f"/en/members/{coordinator.slug}/")
    expect(page.get_by_role("link", name=str(funded), exact=True).first).to_be_visible()
    assert violations(page) == []
