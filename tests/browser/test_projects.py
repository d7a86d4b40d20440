"""From a theme to a project to a partner, and back."""

import re

import pytest
from playwright.sync_api import Page, expect

from projects.models import Project

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network_connection")]


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


def test_the_page_of_an_organisation_shows_its_projects(page: Page, funded: Project):
    coordinator = funded.participations.get(role="coordinator").organisation
    page.goto(f"/en/members/{coordinator.slug}/")
    expect(page.get_by_role("link", name=str(funded), exact=True).first).to_be_visible()
