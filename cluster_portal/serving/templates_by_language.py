"""A template is kept once for each language, with what the language alone decides already written.

Every page has dozens of tags that give the same text each time (``{% translate "Menu" %}``, ``{% static 'portal.css' %}``,
``{% address 'home' %}``, ``{% icon "menu" %}``), and Django looks each of them up for every visitor. They are written once,
when the template is loaded, and become one text with what stands around them. A sentence with values in it
(``{% blocktranslate with ... %}``) is put together for its translation once too.

So a template belongs to the language that was active when it was loaded: load it (``render``, ``render_to_string``) inside of
``translation.override``, not before.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.template import Context, Node, NodeList, Template
from django.template.base import FilterExpression, TextNode, Variable, render_value_in_context
from django.template.defaulttags import AutoEscapeControlNode, IfNode
from django.template.library import SimpleNode
from django.template.loaders import base, cached
from django.templatetags.i18n import BlockTranslateNode, LanguageNode, TranslateNode
from django.templatetags.static import StaticNode
from django.utils.translation import get_language, gettext, ngettext, npgettext, pgettext

OTHER_RULES = (AutoEscapeControlNode, LanguageNode)  # what is inside of them is written in another way

Function = TypeVar("Function", bound=Callable)


def decided_by_language(function: Function) -> Function:
    """Marks the function of a simple tag that gives the same for the same words, in one language."""
    function.decided_by_language = True  # type: ignore[attr-defined]
    return function


class Writing(base.Loader):
    """Writes at once what it can of the templates that it loads. Not with DEBUG: files are read anew there."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template = super().get_template(template_name, skip)
        if not self.engine.debug:
            write_ahead(template.nodelist)
        return template


class Loader(cached.Loader, Writing):
    """Keeps templates as Django's own loader of that kind does, for each language."""

    def cache_key(self, template_name: str, skip: Any = None) -> str:
        return f"{get_language()}:{super().cache_key(template_name, skip)}"


def write_ahead(nodes: NodeList) -> None:
    """In place, for several nodes may share a list."""
    written: list[Node] = []
    for node in nodes:
        if is_decided(node):
            node = TextNode(node.render(Context()))
        elif isinstance(node, BlockTranslateNode) and is_sentence(node):
            sentence = Sentence(node)
            node = sentence if sentence.has_values else TextNode(sentence.text % {})
        elif not isinstance(node, OTHER_RULES):
            for inner in lists_in(node):
                write_ahead(inner)
        if isinstance(node, TextNode) and written and isinstance(written[-1], TextNode):
            written[-1] = TextNode(written[-1].s + node.s)
        else:
            written.append(node)
    nodes[:] = written


def lists_in(node: Node) -> Iterator[NodeList]:
    if isinstance(node, IfNode):
        yield from (nodes for _condition, nodes in node.conditions_nodelists)
    else:
        yield from (held for held in vars(node).values() if isinstance(held, NodeList))


def is_decided(node: Node) -> bool:
    """Whether the language alone decides what it writes."""
    if isinstance(node, TranslateNode):
        literal = isinstance(node.filter_expression.var, Variable) and node.filter_expression.var.literal is not None
        return literal and not node.filter_expression.filters and not node.asvar and is_literal(node.message_context)
    if isinstance(node, StaticNode):
        return is_literal(node.path) and not node.varname
    if isinstance(node, SimpleNode):
        given = [*node.args, *node.kwargs.values()]
        marked = getattr(node.func, "decided_by_language", False)
        return marked and not node.takes_context and not node.target_var and all(map(is_literal, given))
    return False


def is_literal(expression: FilterExpression | None) -> bool:
    return expression is None or not (expression.is_var or expression.filters)


def is_sentence(node: BlockTranslateNode) -> bool:
    """A translation into the page, counted by something that it does not define itself."""
    counted_by = getattr(getattr(node.counter, "var", None), "lookups", None) or ("",)
    return not node.asvar and is_literal(node.message_context) and counted_by[0] not in node.extra_context


class Sentence(Node):
    """``{% blocktranslate %}`` without its work of each time; whatever is out of the ordinary goes to the tag itself."""

    child_nodelists = ()

    def __init__(self, node: BlockTranslateNode) -> None:
        self.node, self.token, self.origin = node, node.token, node.origin
        self.singular, names = node.render_token_list(node.singular)
        self.plural, self.counter, self.counted = "", node.counter, node.countervar or ""
        if node.plural:
            self.plural, others = node.render_token_list(node.plural)
            names += others
        self.around = [name for name in dict.fromkeys(names) if name not in {*node.extra_context, self.counted}]
        self.context = node.message_context.resolve(Context()) if node.message_context else None
        self.text = "" if self.plural else self.translated(1)

    @property
    def has_values(self) -> bool:
        return bool(self.plural or self.around or self.node.extra_context)

    def translated(self, count: Any) -> str:
        if self.plural:
            if self.context:
                return npgettext(self.context, self.singular, self.plural, count)
            return ngettext(self.singular, self.plural, count)
        return pgettext(self.context, self.singular) if self.context else gettext(self.singular)

    def render(self, context: Context) -> str:
        values = {name: expression.resolve(context) for name, expression in self.node.extra_context.items()}
        text = self.text
        if self.plural and self.counter:
            count = values[self.counted] = self.counter.resolve(context)
            if not isinstance(count, int):
                return self.node.render(context)
            text = self.translated(count)
        for name in self.around:
            if name not in context:
                return self.node.render(context)
            values[name] = context[name]
        try:
            return text % {name: render_value_in_context(value, context) for name, value in values.items()}
        except (KeyError, ValueError):  # a translation that is not well formed
            return self.node.render(context)
