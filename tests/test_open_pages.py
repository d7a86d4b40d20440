"""What one app shows on the page of another."""

import re
from pathlib import Path

import pytest
from django.utils.html import format_html

from cluster_portal.pages.open_pages import OpenPage

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"


@pytest.fixture
def page():
    page = OpenPage("numbers", "activity")

    @page.filled_by
    def first(request, subject):
        return {"activity": format_html("<p>{}</p>", subject)}

    @page.filled_by
    def second(request, subject):
        return {"activity": format_html("<b>{}</b>", subject)}

    return page


def test_a_place_shows_what_each_app_has_for_it_in_order(page):
    assert page.parts(None, "<Vega>")["activity"] == "<p>&lt;Vega&gt;</p><b>&lt;Vega&gt;</b>"


def test_a_place_that_nobody_fills_is_empty(page):
    assert page.parts(None, "Vega")["numbers"] == ""


def test_nobody_fills_a_place_that_the_page_does_not_have(page):
    page.filled_by(lambda request, subject: {"nowhere": ""})
    with pytest.raises(KeyError, match="nowhere"):
        page.parts(None, "Vega")


@pytest.mark.parametrize("path", sorted((TEMPLATES / "members").glob("*.html")), ids=lambda path: path.name)
def test_the_templates_of_members_name_no_other_app(path):
    assert not re.search(r"projects[:/]|{% load [^%]*\bprojects\b", path.read_text())
