"""Reading the figures of a past year, and comparing three clusters, as a visitor does."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network_connection")]


def digits(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def test_the_figures_of_a_past_year_lead_to_lists_of_that_year_with_the_same_totals(page: Page):
    page.goto("/en/key-figures/")
    today = page.locator(".stat", has_text="companies").get_by_role("link").first.inner_text()
    page.get_by_role("link", name="31 December 2021").click()
    expect(page).to_have_url(re.compile(r"on=2021-12-31"))
    figure = page.locator(".stat", has_text="companies").get_by_role("link").first
    number = digits(figure.inner_text())
    assert 0 < number < digits(today), "the invented network has grown since"
    figure.click()
    expect(page).to_have_url(re.compile(r"/en/members/\?kind=company&on=2021-12-31$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("31 December 2021"))
    assert digits(page.get_by_role("heading", level=1).inner_text().split(" ")[0]) == number


def test_the_figures_of_a_cluster_are_reached_from_its_page_and_read_as_a_table(page: Page):
    page.goto("/en/clusters/cara/")
    page.get_by_role("link", name="The key figures of this cluster").click()
    expect(page).to_have_url(re.compile(r"/en/clusters/cara/key-figures/$"))
    expect(page.get_by_role("img").first).to_be_visible()
    page.locator("details", has=page.locator("table")).first.locator("summary").click()
    expect(page.locator("details[open] table").first).to_be_visible()


def test_three_clusters_are_ticked_compared_and_shared_by_their_address(page: Page):
    page.goto("/en/clusters/")
    for name in ("CARA", "Axelera", "Minalogic"):
        page.get_by_label(f"Compare {name}", exact=True).check()
    page.get_by_role("button", name="Compare the ticked clusters").click()
    expect(page).to_have_url(re.compile(r"cluster=axelera&cluster=cara&cluster=minalogic$"))
    shared = page.url
    expect(page.locator("table").first.locator("thead th")).to_have_count(3)
    page.goto(shared)
    for name in ("CARA", "Axelera", "Minalogic"):
        expect(page.locator("table").first).to_contain_text(name)
