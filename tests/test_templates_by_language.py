"""What a template writes when it is loaded is what it would have written for each visitor."""

from types import SimpleNamespace

import pytest
from django.template import Context, Engine, NodeList
from django.template.base import TextNode
from django.utils.safestring import mark_safe
from django.utils.translation import override

LIBRARIES = {
    "i18n": "django.templatetags.i18n",
    "static": "django.templatetags.static",
    "portal": "cluster_portal.templatetags.portal",
    "members": "members.templatetags.members",
}
LOAD = "{% load i18n static portal members %}"

# decided by the language alone
DECIDED = [
    '{% translate "Members" %}',
    "{% translate 'Key figures' %} & {% trans \"What is a cluster?\" %}",
    '{% translate "Members" noop %}',
    '{% translate "Labelled" context "projects" %}',
    '{% translate "R&D projects" %}',
    "{% static 'portal.css' %}",
    "{% address 'home' %}{% address 'projects:figures' %}",
    '{% icon "menu" %}{% icon "check" css="sign" %}',
    '{% kind_badge "company" %}{% kind_shape "laboratory" %}{% kind_logo "institution" "logo" %}',
    "{% site_brand %}",
    "{% htmx %}",
    "{% blocktranslate %}Members{% endblocktranslate %}",
    "{% blocktranslate trimmed %}\n  What is a cluster?\n{% endblocktranslate %}",
    "{% blocktranslate %}100 % of them{% endblocktranslate %}",
]
# with something of the page in it
DEPENDING = [
    "{{ name }}{% if yes %}{% translate 'Members' %}{% else %}{% translate 'Projects' %}{% endif %}",
    "{% for one in several %}{% translate 'Member' %} {{ one }}{% empty %}{% translate 'Projects' %}{% endfor %}",
    "{% with other=name %}{% blocktranslate %}The page of {{ other }}{% endblocktranslate %}{% endwith %}",
    "{% blocktranslate with name=name trimmed %}\n The page of {{ name }}\n{% endblocktranslate %}{{ name }}",
    "{% blocktranslate with name=html %}The page of {{ name }}{% endblocktranslate %}",
    "{% blocktranslate with name=safe|upper %}The page of {{ name }}{% endblocktranslate %}",
    "{% blocktranslate %}The page of {{ unknown }}{% endblocktranslate %}",
    "{% blocktranslate with number=float %}{{ number }} % of them{% endblocktranslate %}",
    "{% translate name %}",
    "{% translate 'Members' as label %}{{ label }}{{ label }}",
    "{% blocktranslate asvar label %}Members{% endblocktranslate %}{{ label }}",
    "{% icon symbol %}",
    "{% kind_badge kind %}",
    "{% autoescape off %}{% translate 'R&D projects' %}{{ html }}{% endautoescape %}",
    "{% language 'en' %}{% translate 'Members' %}{% endlanguage %}{% translate 'Members' %}",
    "{% stat 3 '/' %}{% translate 'Members' %}{% endstat %}",
    *(
        "{% blocktranslate count counter=" + count + " with number=" + count + "|number trimmed %}"
        "{{ number }} member{% plural %}{{ number }} members{% endblocktranslate %}"
        for count in ("zero", "one", "two", "several|length")
    ),
    "{% blocktranslate count counter=number with number=two %}{{ number }} point{% plural %}{{ counter }} points"
    "{% endblocktranslate %}",
]
SHOWN = {
    "name": "Minalogic & co",
    "html": "<b>&</b>",
    "safe": mark_safe("<b>&amp;</b>"),
    "yes": True,
    "several": ["a", "b"],
    "zero": 0,
    "one": 1,
    "two": 2,
    "float": 1.5,
    "number": 1,
    "symbol": "menu",
    "kind": "company",
}


def engine(*loaders) -> Engine:
    return Engine(loaders=list(loaders), libraries=LIBRARIES, debug=False)


def both(source: str) -> SimpleNamespace:
    """The template as this portal loads it, and as Django does."""
    texts = ("django.template.loaders.locmem.Loader", {"page": LOAD + source})
    ours = engine(("cluster_portal.serving.templates_by_language.Loader", [texts]))
    return SimpleNamespace(ours=ours, django=engine(texts))


@pytest.mark.parametrize("source", [*DECIDED, *DEPENDING])
def test_a_template_writes_what_django_would(source):
    engines = both(source)
    for language in ("fr", "en", "fr"):
        with override(language):
            written = engines.ours.get_template("page").render(Context(SHOWN))
            assert written == engines.django.get_template("page").render(Context(SHOWN))


def nodes(source: str) -> NodeList:
    with override("fr"):
        return both(source).ours.get_template("page").nodelist[1:]  # the first loads the libraries


@pytest.mark.parametrize("source", DECIDED)
def test_what_the_language_decides_is_a_text_from_the_start(source):
    (text,) = nodes(f"<p>{source}</p>")
    assert type(text) is TextNode


@pytest.mark.parametrize("source", DEPENDING)
def test_what_depends_on_the_page_is_no_text(source):
    assert [node for node in nodes(source) if type(node) is not TextNode]


def test_what_stands_inside_of_a_condition_is_written_too():
    (condition,) = nodes("{% if yes %}<p>{% translate 'Members' %}</p>{% endif %}")
    assert [type(node) for node in condition.nodelist] == [TextNode]


def test_a_translation_with_a_slip_in_it_shows_the_source_text(monkeypatch):
    monkeypatch.setattr("cluster_portal.serving.templates_by_language.gettext", lambda text: "La page de %(nom)s")
    engines = both("{% blocktranslate with name=name %}A page of nobody but {{ name }}{% endblocktranslate %}")
    with override("fr"):
        written = engines.ours.get_template("page").render(Context({"name": "CARA"}))
    assert written == "A page of nobody but CARA"


def test_with_debug_templates_are_left_as_they_are():
    texts = ("django.template.loaders.locmem.Loader", {"page": LOAD + "<p>{% translate 'Members' %}</p>"})
    loaders = [("cluster_portal.serving.templates_by_language.Loader", [texts])]
    template = Engine(loaders=loaders, libraries=LIBRARIES, debug=True).get_template("page")
    assert len(template.nodelist) == 4
