"""What is undefined in a template of ours is noticed wherever it stands, and what is defined is not."""

import pytest
from django.template import Context, Origin, Template, engines

from tests.undefined_variables import TEMPLATES, pytest_runtest_call, undefined

GIVEN = {"named": "Ada", "empty": "", "nothing": None, "rows": [{"name": "Bo"}]}


def missing_in(source: str, name: str = "page.html", folder=TEMPLATES) -> list[str]:
    engine = engines["django"].engine
    Template("{% load i18n portal %}" + source, Origin(str(folder / name)), name, engine).render(Context(GIVEN))
    found = [line.partition(": ")[2] for line in undefined]
    undefined.clear()
    return found


@pytest.mark.parametrize(
    "source",
    [
        "{{ lost }}",
        "{{ lost|default:named }}",
        "{% if lost %}{% endif %}",
        "{% if named or not lost %}{% endif %}{% if lost or named %}{% endif %}",
        "{% for row in lost %}{% endfor %}",
        "{% with text=lost %}{% endwith %}",
        '{% include "_mark.html" with text=lost only %}',
        "{% icon lost %}",
        "{% firstof lost named %}",
        "{% blocktranslate with text=lost %}One{% endblocktranslate %}",
        "{% blocktranslate %}One {{ lost }}{% endblocktranslate %}",
    ],
)
def test_a_variable_that_nobody_gave_is_noticed(source):
    assert set(missing_in(source)) == {"lost"}


@pytest.mark.parametrize("source", ["{{ named.lost }}", "{% if nothing.lost %}{% endif %}", "{{ rows.0.lost }}"])
def test_an_attribute_that_is_not_there_is_noticed(source):
    assert missing_in(source)


@pytest.mark.parametrize(
    "source",
    [
        "{{ named }}{{ empty }}{{ nothing }}",
        "{% if nothing %}{{ nothing.lost }}{% endif %}",
        "{% for row in rows %}{{ row.name }}{{ forloop.counter }}{% endfor %}",
        "{% blocktranslate with text=named %}{{ text }}, {{ named }}{% endblocktranslate %}",
        "{% blocktranslate count number=rows|length %}{{ number }}{% plural %}{{ number }}{% endblocktranslate %}",
    ],
)
def test_what_is_given_may_be_empty(source):
    assert missing_in(source) == []


def test_templates_of_others_are_theirs(tmp_path):
    assert missing_in("{{ lost }}", folder=tmp_path) == []


def test_a_test_that_renders_an_undefined_variable_fails():
    watched = pytest_runtest_call()
    next(watched)
    undefined.append("page.html: lost")
    with pytest.raises(AssertionError, match=r"undefined in templates: page\.html: lost"):
        watched.send(None)
    assert undefined == []
