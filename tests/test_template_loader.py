"""The layout of a template is for people: a browser shows the same page without it."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template import engines
from django.test import override_settings

from cluster_portal.serving.template_loader import without_layout

TEMPLATES = Path(__file__).parent.parent / "templates"
BLOCKS = {"p", "div", "ul", "li", "h1", "h2", "section", "table", "tr", "td", "br", "form", "dl", "dt", "dd", "figure"}


class Shown(HTMLParser):
    """What a browser makes of white space: one blank where words are kept apart, nothing at the edges of a block."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.edge(tag)

    def handle_endtag(self, tag: str) -> None:
        self.edge(tag)

    def edge(self, tag: str) -> None:
        if tag in BLOCKS:
            self.text = self.text.rstrip(" ") + "|"

    def handle_data(self, data: str) -> None:
        for sign in re.sub(r"\s+", " ", data):
            if sign != " " or self.text[-1:] not in (" ", "|", ""):
                self.text += sign


LAID_OUT = """\
{% comment %}Needs rows.{% endcomment %}
{% load i18n %}
<ul class="list">
  {% for row in rows %}
    <li
      class="row"
      {% if row.now %}
        id="now"
      {% endif %}
    >
      <b>{{ row.name }}</b>
      {% if row.note %}· {{ row.note }}{% endif %}
      {% if row.first %}<i>first</i>{% endif %}
      {% translate "Home" as home %}
      <a href="/">{{ home }}</a>,
      <a href="/">{{ row.name }}</a>{% if row.note %}, {{ row.note }}{% endif %}
      <br>
      {% blocktranslate with name=row.name trimmed %}
        Reach {{ name }}
      {% endblocktranslate %}
    </li>
  {% endfor %}
</ul>
<p>
  One
  <b>two</b>
  three.
</p>
"""
ROWS = [
    {"name": "Ada", "note": "<n>", "now": True, "first": True},
    {"name": "Bo", "note": "", "now": False, "first": False},
]


def rendered(source: str) -> str:
    return engines["django"].from_string(source).render({"rows": ROWS})


def test_a_browser_shows_the_same_without_the_layout():
    before, after = rendered(LAID_OUT), rendered(without_layout(LAID_OUT))
    assert Shown(after).text == Shown(before).text
    assert "Ada · <n> first Accueil, Ada, <n>|" in Shown(after).text
    assert len(after) < len(before) * 0.6


def test_nothing_is_left_of_the_layout_between_blocks():
    assert without_layout("<ul>\n  {% for a in b %}\n    <li>{{ a }}</li>\n  {% endfor %}\n</ul>\n") == (
        "<ul>{% for a in b %}<li>{{ a }}</li>{% endfor %}</ul>"
    )


def test_words_on_two_lines_stay_apart():
    assert without_layout("<b>one</b>\n  <b>two</b>") == "<b>one</b>\n<b>two</b>"
    assert without_layout("{{ one }}\n  {{ two }}") == "{{ one }}\n{{ two }}"
    assert without_layout("one\n  {% if two %}\n    two\n  {% endif %}\nthree") == (
        "one\n{% if two %}two\n{% endif %}three"
    )


def test_a_blank_within_a_line_is_meant():
    assert without_layout("<b>one</b> <b>two</b>") == "<b>one</b> <b>two</b>"
    assert without_layout("<li> one </li>") == "<li> one </li>"


def test_the_parts_of_a_tag_stay_apart():
    tag = '<a\n  href="/"\n  {% if now %}\n    aria-current="page"\n  {% endif %}\n>one</a>'
    assert without_layout(tag) == '<a href="/" {% if now %}aria-current="page" {% endif %}>one</a>'


@pytest.mark.parametrize(
    "kept",
    [
        "<pre>\n  one\n    two\n</pre>",
        "<textarea>\n\n  one</textarea>",
        "<script>\n  // one\n  two();\n</script>",
        "{% blocktranslate trimmed %}\n  One\n  two\n{% endblocktranslate %}",
        "{% verbatim %}\n  <p>\n{% endverbatim %}",
    ],
)
def test_what_is_read_as_it_stands_stays_as_it_stands(kept):
    assert without_layout(f"<p>\n  {kept}\n</p>") == f"<p>{kept}</p>"


def test_no_template_that_is_served_has_its_layout():
    served = engines["django"].get_template("members/organisation_detail.html").template.source
    assert served == without_layout((TEMPLATES / "members/organisation_detail.html").read_text())


def test_error_pages_of_development_name_the_lines_of_the_file():
    options = {**engines.templates["django"]["OPTIONS"], "debug": True}
    with override_settings(TEMPLATES=[{**engines.templates["django"], "OPTIONS": options}]):
        source = engines["django"].get_template("about.html").template.source
    assert source == (TEMPLATES / "about.html").read_text()
