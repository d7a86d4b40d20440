"""Texts that staff write in Markdown, as safe HTML: the source is stored, the result is sanitised."""

import re
from functools import lru_cache
from html import unescape

import markdown
import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

# What Markdown makes, and nothing that it does not.
TAGS = set("p h2 h3 h4 ul ol li a strong em blockquote br hr table thead tbody tr th td code pre dl dt dd".split())
ATTRIBUTES = {"a": {"href"}, "h2": {"id"}, "h3": {"id"}}


class HtmlAsText(markdown.Extension):
    """What looks like a tag is shown as it was typed: nobody wonders where it went."""

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802 - the library's name
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")


def render(text: str) -> SafeString:
    """Markdown to HTML; a script, a style or an unknown tag never comes out."""
    return _rendered(str(text))


@lru_cache(maxsize=64)  # a page shows the same text each time, and to render it takes a millisecond or two
def _rendered(text: str) -> SafeString:
    html = markdown.markdown(text, extensions=["tables", "def_list", "sane_lists", HtmlAsText()], output_format="html")
    keys: list[str] = []
    html = re.sub(r"<h([23])>(.*?)</h\1>", lambda heading: _anchored(heading, keys), html)
    return mark_safe(
        nh3.clean(
            html,
            tags=TAGS,
            attributes=ATTRIBUTES,
            link_rel=None,
            url_schemes={"http", "https", "mailto"},
        )
    )


def _anchored(heading: re.Match, keys: list[str]) -> str:
    """The heading with an id made of its words; ``keys`` are those of the headings before it."""
    level, words = heading.groups()
    key = slugify(unescape(re.sub("<[^>]+>", "", words)))
    keys.append(key)
    number = keys.count(key)
    return (
        f'<h{level} id="{key}-{number}">{words}</h{level}>'
        if number > 1
        else f'<h{level} id="{key}">{words}</h{level}>'
    )


def contents(html: str) -> list[dict]:
    """The second-level headings of a rendered text, for its table of contents: id and label."""
    return [
        {"id": key, "label": mark_safe(re.sub("<[^>]+>", "", words))}
        for key, words in re.findall(r'<h2 id="([^"]*)">(.*?)</h2>', html)
    ]
