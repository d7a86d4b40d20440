"""Templates are laid out for people; the layout is taken off when they are loaded.

What goes shows nowhere. Beside a tag of a block (``<p>``, ``</li>``) white space has no effect; a line that holds only
template tags that write nothing (``{% if %}``, ``{% load %}``) vanishes; any other line break, with its indentation,
becomes a single one, which a browser shows as a blank. Blanks within a line are meant and stay, and so does everything
in translated text (it is looked up as it stands), ``<pre>``, ``<textarea>``, ``<script>`` and ``<style>``.
"""

import re

from django.template import Origin
from django.template.loaders import filesystem

BLOCKS = frozenset(
    "html head title meta link body header nav main footer aside section article div p h1 h2 h3 h4 h5 h6 hr br ul ol li "
    "dl dt dd figure figcaption blockquote form fieldset legend details summary select option noscript "
    "table caption thead tbody tfoot tr th td".split()
)
SILENT = frozenset(
    "extends load if elif else endif for empty endfor with endwith block endblock regroup partialdef endpartialdef".split()
)
TOKENS = re.compile(
    r"(?P<remark>\{% comment\b.*?\{% endcomment %\}|\{#.*?#\})"
    r"|(?P<whole>\{% blocktrans(?:late)?\b.*?\{% endblocktrans(?:late)? %\}|\{% verbatim %\}.*?\{% endverbatim %\}"
    r"|<(?P<element>pre|textarea|script|style)\b.*?</(?P=element)>)"
    r"|\{% (?P<word>\w+).*?%\}|(?P<variable>\{\{.*?\}\})"
    r"|</?(?P<name>[a-zA-Z][\w-]*)|(?P<end>/?>)|(?P<blank>\s+)|(?P<text>[^\s<>{/]+|.)",
    re.DOTALL,
)


class Loader(filesystem.Loader):
    """Loads from the folders of templates. With DEBUG the layout stays: error pages name the lines of the file. In plain
    text (mails) the lines are what is read, and stay too."""

    def get_contents(self, origin: Origin) -> str:
        source = super().get_contents(origin)
        return source if self.engine.debug or origin.name.endswith(".txt") else without_layout(source)


def without_layout(source: str) -> str:
    """The template as a machine needs it."""
    written: list[str] = []
    tag = ""  # the HTML tag met last
    in_tag = after_block = something = silent = False  # the last two: what stands on the line so far
    tokens = list(TOKENS.finditer(source))
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        kind, text = token.lastgroup, token[0]
        if kind == "blank" and "\n" in text:
            vanishes = silent and not something
            if in_tag:
                text = "" if vanishes or (following and following["end"]) else " "
            elif vanishes or after_block or (following and following["name"] in BLOCKS):
                text = ""
            else:
                text = "\n"
            something = silent = False
        elif kind == "remark":
            text, silent = "", True
        elif kind == "word":
            writes_nothing = token["word"] in SILENT or bool(re.search(r" as \w+ %\}$", text))
            silent, something = silent or writes_nothing, something or not writes_nothing
        elif kind != "blank":
            something = True
            if kind == "name":
                tag, in_tag = token["name"], True
        after_block = after_block and kind == "remark" or kind == "end" and in_tag and tag in BLOCKS
        if kind == "end":
            in_tag = False
        if text:
            written.append(text)
    return "".join(written)
