"""An undefined variable in a template of ours fails the test that rendered it.

Django passes over what is missing everywhere but in ``{{ }}``, and there prints nothing. Here each lookup of a template
in templates/ is watched: in ``{{ }}``, ``{% if %}``, ``{% for %}``, ``{% include ... with %}``, arguments of tags and of
filters, and the words of ``{% blocktranslate %}``. Django's and other packages' templates are theirs.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.template.base import FilterExpression, Parser, Variable, VariableDoesNotExist
from django.templatetags.i18n import BlockTranslateNode

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
# what Django's admin gives to some of its pages only, in the templates of ours that stand in the place of Django's
LEFT_OUT_BY_DJANGO = {"admin/base_site.html": {"subtitle", "is_popup", "opts", "available_apps"}}

undefined: list[str] = []


def name_of_ours(origin) -> str:
    """The name of a template in our folder; nothing for any other."""
    path = Path(str(getattr(origin, "name", "")))
    return str(path.relative_to(TEMPLATES)) if path.is_relative_to(TEMPLATES) else ""


def report(template: str, variable: str) -> None:
    if variable not in LEFT_OUT_BY_DJANGO.get(template, ()):
        undefined.append(f"{template}: {variable}")


@cache
def watched_variable(template: str) -> type[Variable]:
    class Watched(Variable):
        __slots__ = ()

        def resolve(self, context):
            try:
                return super().resolve(context)
            except VariableDoesNotExist:
                report(template, self.var)
                raise

    return Watched


def compile_filter(self: Parser, token: str) -> FilterExpression:
    expression = FilterExpression(token, self)
    if template := name_of_ours(self.origin):
        arguments = [argument for _filter, arguments in expression.filters for is_variable, argument in arguments]
        for variable in (expression.var, *arguments):
            if isinstance(variable, Variable):
                variable.__class__ = watched_variable(template)
    return expression


def render_translated(self: BlockTranslateNode, context, nested=False) -> str:
    if template := name_of_ours(self.origin):
        bound = {*self.extra_context, self.countervar}
        for token in (*self.singular, *self.plural):
            if token.token_type.name == "VAR" and token.contents not in bound and token.contents not in context:
                report(template, token.contents)
    return as_django_does(self, context, nested)


as_django_does = BlockTranslateNode.render
BlockTranslateNode.render = render_translated
Parser.compile_filter = compile_filter


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    try:
        result = yield
        missing = sorted(set(undefined))
        assert not missing, f"undefined in templates: {', '.join(missing)}"
    finally:
        undefined.clear()
    return result
