"""What a visitor with scripts gains on a list, and what one without them still has."""

import re

import pytest
from playwright.sync_api import Browser, Error, Page, Request, Route, expect

# Without the mark pytest-django would make no test database for this file alone.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network_connection")]

LIST = "/en/members/"


def heading(page: Page):
    return page.get_by_role("heading", level=1)


class SlowServer:
    """Holds the answers to scripts until it is told to give them."""

    def __init__(self, page: Page) -> None:
        self.page, self.held = page, []
        page.route("**/*", self._hold)

    def _hold(self, route: Route, request: Request) -> None:
        if "hx-request" in request.headers:
            self.held.append(route)
        else:
            route.continue_()

    def is_asked(self, times: int) -> None:
        """Waits until it was asked so many times."""
        for _ in range(100):
            if len(self.held) >= times:
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"asked {len(self.held)} times, not {times}")

    def answers(self, number: int) -> None:
        """Answers the request of that number; one that was given up may be gone."""
        try:
            self.held[number - 1].continue_()
        except Error:
            return
        self.page.wait_for_timeout(150)


@pytest.fixture
def server(page: Page) -> SlowServer:
    return SlowServer(page)


def test_a_choice_is_submitted_at_once_beside_the_results(page: Page):
    page.goto(LIST)
    everyone = heading(page).inner_text()
    page.get_by_label("Laboratories", exact=True).check()
    expect(heading(page)).not_to_have_text(everyone)
    expect(page).to_have_url(re.compile(r"/en/members/\?kind=laboratory$"))
    expect(page.get_by_label("Laboratories", exact=True)).to_be_focused()
    expect(page.locator("#announcement")).to_have_text(heading(page).inner_text())
    expect(page).to_have_title(re.compile(re.escape(heading(page).inner_text())))


@pytest.mark.parametrize("late", ["before the second is asked for", "after the second is asked for", "never"])
def test_a_second_choice_is_not_lost_to_the_answer_to_the_first(page: Page, server: SlowServer, late: str):
    page.goto(LIST)
    companies, laboratories = (page.get_by_label(name, exact=True) for name in ("Companies", "Laboratories"))
    companies.check()
    server.is_asked(1)
    laboratories.check()
    if late.startswith("before"):
        server.answers(1)
    server.is_asked(2)
    if late.startswith("after"):
        server.answers(1)
    server.answers(2)
    expect(page).to_have_url(re.compile(r"\?kind=company&kind=laboratory$"))
    expect(companies).to_be_checked()
    expect(laboratories).to_be_checked()
    expect(page.get_by_role("link", name=re.compile("Remove the filter"))).to_have_count(2)


def test_three_choices_before_any_answer_are_all_kept(page: Page, server: SlowServer):
    page.goto(LIST)
    regions = page.locator("#options-region input[name=region]")
    for number in range(3):
        regions.nth(number).check()
        server.is_asked(number + 1)
    server.answers(3)
    expect(page.locator("#options-region :checked")).to_have_count(3)
    assert page.url.count("region=") == 3


def test_a_choice_made_after_a_filter_was_removed_does_not_bring_it_back(page: Page, server: SlowServer):
    page.goto(f"{LIST}?kind=company&kind=laboratory&q=france")
    page.get_by_role("link", name=re.compile("Remove the filter.*Companies")).click()
    server.is_asked(1)
    page.get_by_label("Institutions", exact=True).check()
    server.answers(1)
    server.is_asked(2)
    server.answers(2)
    expect(page).to_have_url(re.compile(r"\?kind=institution&kind=laboratory&q=france$"))
    expect(page.get_by_label("Companies", exact=True)).not_to_be_checked()


def test_a_filter_removed_right_after_a_choice_does_not_take_the_choice_away(page: Page):
    page.goto(f"{LIST}?kind=company")
    page.get_by_label("Laboratories", exact=True).check()
    page.get_by_role("link", name=re.compile("Remove the filter.*Companies")).click()
    expect(page).to_have_url(re.compile(r"\?kind=laboratory$"))


def test_a_page_turned_right_after_a_choice_is_the_first_of_the_narrower_list(page: Page):
    page.goto(LIST)
    page.get_by_label("Companies", exact=True).check()
    page.get_by_role("link", name="Next", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?kind=company$"))


def test_everything_is_cleared_even_what_was_just_chosen(page: Page):
    page.goto(f"{LIST}?kind=company&q=france&sort=newest")
    page.get_by_label("Laboratories", exact=True).check()
    page.get_by_role("link", name="Clear all").click()
    expect(page).to_have_url(re.compile(r"/en/members/$"))
    expect(page.locator("#q")).to_have_value("")
    expect(page.locator(".facets :checked")).to_have_count(0)


def test_words_typed_while_an_answer_is_awaited_stay_in_their_box(page: Page, server: SlowServer):
    page.goto(LIST)
    page.get_by_label("Companies", exact=True).check()
    server.is_asked(1)
    page.locator("#q").fill("hydro")
    page.locator("#q").blur()
    server.answers(1)
    expect(page).to_have_url(re.compile(r"\?kind=company$"))
    expect(page.locator("#q")).to_have_value("hydro")


def test_an_answer_that_cannot_be_given_leads_to_a_page_that_says_so(page: Page, expected_complaints):
    expected_complaints += ["status of 503", "Status Error Code 503"]
    page.goto(LIST)
    page.route(
        "**/*kind=company*", lambda route: route.fulfill(status=503, content_type="text/html", body="<h1>Gone</h1>")
    )
    page.get_by_label("Companies", exact=True).check()
    expect(heading(page)).to_have_text("Gone")


def test_what_was_opened_scrolled_and_typed_in_the_filters_survives_a_choice(page: Page):
    page.goto(LIST)
    page.locator("#facet-size summary").click()
    page.locator("#find-theme").fill("en")
    page.get_by_label("Companies", exact=True).check()
    expect(page).to_have_url(re.compile("kind=company"))
    expect(page.locator("#facet-size")).to_have_attribute("open", "")
    expect(page.locator("#find-theme")).to_have_value("en")


def test_a_long_list_of_options_is_narrowed_by_typing_without_accents(page: Page):
    page.goto(LIST)
    page.locator("#find-region").fill("cote d")
    shown = page.locator("#options-region .form-check:visible")
    expect(shown).to_have_count(1)
    expect(shown).to_contain_text("Côte d")


def test_the_box_being_typed_in_stays_while_the_results_change(page: Page):
    page.goto(LIST)
    box = page.get_by_role("searchbox", name="Search among the members")
    box = box if box.count() else page.locator("#q")
    box.fill("laboratoire")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=laboratoire$"))
    expect(page.locator("#q")).to_be_focused()


def test_going_back_gives_the_whole_page_of_the_state_before(page: Page):
    page.goto(LIST)
    page.get_by_label("Companies", exact=True).check()
    expect(page).to_have_url(re.compile("kind=company"))
    page.get_by_role("link", name="Next", exact=True).click()
    expect(page).to_have_url(re.compile("page=2"))
    page.go_back()
    expect(page.get_by_role("banner")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?kind=company$"))
    expect(page.get_by_label("Companies", exact=True)).to_be_checked()


def test_removing_a_filter_by_keyboard_goes_on_from_the_heading(page: Page):
    page.goto(f"{LIST}?kind=laboratory")
    page.get_by_role("link", name=re.compile("Remove the filter")).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/members/$"))
    expect(heading(page)).to_be_focused()


def test_on_a_phone_the_panel_stays_open_while_choosing_and_ends_in_a_number(page: Page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(LIST)
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_label("Laboratories", exact=True).check()
    number = page.locator("#options-kind .form-check", has_text="Laboratories").locator(".n").inner_text()
    button = page.locator(".facets__apply button")
    expect(button).to_have_text(re.compile(rf"\b{number}\b"))
    expect(page.locator("#filters")).to_be_visible()
    button.click()
    expect(page).to_have_url(re.compile("kind=laboratory"))
    expect(page.get_by_role("button", name="Filter (1)")).to_be_visible()


def test_the_list_works_without_scripts(browser: Browser, base_url: str):
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    page = context.new_page()
    page.goto(LIST)
    page.get_by_label("Laboratories", exact=True).check()
    page.locator(".facets__apply button").click()
    expect(page).to_have_url(re.compile("kind=laboratory"))
    expect(page.get_by_label("Laboratories", exact=True)).to_be_checked()
    context.close()


def test_suggestions_are_reached_with_the_arrows_and_taken_with_enter(page: Page):
    page.goto("/en/")
    box = page.get_by_role("combobox", name=re.compile("Search for a member"))
    box.press_sequentially("cara", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    box.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_have_count(1)
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press("a")
    box.press("Backspace")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile("/en/clusters/cara/"))


def test_clusters_are_compared_by_ticking_them_in_their_list(page: Page):
    page.goto("/en/clusters/")
    page.get_by_label("Compare CARA", exact=True).check()
    page.get_by_label("Compare Axelera", exact=True).check()
    page.get_by_role("button", name="Compare the ticked clusters").click()
    expect(page).to_have_url(re.compile(r"/en/clusters/compare/\?cluster=axelera&cluster=cara$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Axelera")


def test_the_home_page_is_walked_with_the_keyboard(page: Page):
    page.goto("/en/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    box = page.get_by_role("main").get_by_role("combobox")
    expect(box).to_be_focused()
    outline = box.evaluate("box => getComputedStyle(box).outlineStyle + getComputedStyle(box).outlineWidth")
    assert outline == "solid3px", "the focus is visible"


def test_the_slash_leads_to_the_search_of_the_whole_site(page: Page):
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/en/clusters/")
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="Search the whole site")
    expect(box).to_be_focused()
    page.keyboard.type("cap/")
    expect(box).to_have_value("cap/")
    box.fill("cara")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/en/search/\?q=cara$"))
    page.get_by_role("main").get_by_role("link", name="CARA", exact=True).first.click()
    expect(page).to_have_url(re.compile(r"/en/clusters/cara/$"))
    page.set_viewport_size({"width": 390, "height": 800})
    page.keyboard.press("/")
    expect(page).to_have_url(re.compile(r"/en/search/$"))


def test_a_region_of_the_map_is_reached_and_followed_with_the_keyboard(page: Page):
    page.goto("/en/")
    region = page.locator("svg.atlas a").first
    name = region.get_attribute("aria-label")
    region.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?region="))
    number = re.search(r"([\d,]+) members?$", name)[1]
    expect(heading(page)).to_contain_text(f"{number} member")


def test_the_menu_of_a_phone_opens_closes_and_gives_the_focus_back(page: Page):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/en/")
    button = page.get_by_role("button", name="Menu")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Key figures").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_hidden()
    expect(button).to_be_focused()
