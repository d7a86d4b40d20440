"""Texts that staff write: Markdown comes out as HTML, and nothing that could run or deceive."""

import pytest

from cluster_portal.writing.rich_text import contents, render


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src="x" onerror="alert(1)">',
        "a <b onclick=alert(1)>word</b>",
        '<a href="/x" style="position:fixed">all over the page</a>',
    ],
)
def test_html_is_shown_as_text(text):
    html = render(text)
    assert "&lt;" in html and "<p>" in html
    assert not any(tag in html for tag in ("<script", "<img", "<b", "<a"))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x"])
def test_an_address_that_runs_is_no_link(address):
    assert "href" not in render(f"[word]({address})")


def test_headings_are_found_from_the_table_of_contents():
    html = render("## Who pays?\n\n## *Who* pays?\n\n## R&D <i>now</i>")
    ids = [heading["id"] for heading in contents(html)]
    assert len(set(ids)) == len(ids) == 3 and all(f'id="{key}"' in html for key in ids)
    assert contents(html)[2]["label"] == "R&amp;D &lt;i&gt;now&lt;/i&gt;"
