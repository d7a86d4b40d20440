import re

import pytest
from playwright.sync_api import Page, expect


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_missing_page_is_accessible(page: Page, violations, expected_complaints, language, width):
    expected_complaints.append("status of 404")
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/{language}/nothing-here/")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "no sideways scroll"


@pytest.mark.usefixtures("network_connection")
def test_the_page_of_an_error_searches_the_whole_site(page: Page, expected_complaints):
    expected_complaints.append("status of 404")
    page.goto("/fr/rien-ici/")
    page.get_by_role("searchbox").fill("hydrogène")
    page.get_by_role("main").get_by_role("button").click()
    expect(page).to_have_url(re.compile(r"/fr/recherche/\?q=hydrog%C3%A8ne$"))
