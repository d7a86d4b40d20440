from types import SimpleNamespace

import pytest
from django.utils import translation

from cluster_portal.listing.markup import facet_options_html
from cluster_portal.templatetags.portal import json_ld
from members.templatetags.members import kind_badge


def option(**changes):
    given = {"name": "theme", "value": "h2", "label": "Hydrogen", "count": 1200, "selected": False, "disabled": False}
    return SimpleNamespace(**{**given, "level": 0, **changes})


def facet(*options, name="theme", multi=True, mark=None):
    return SimpleNamespace(name=name, multi=multi, options=options, mark=mark)


@pytest.mark.parametrize(("language", "count"), [("fr", "1\u202f200"), ("en", "1,200")])
def test_an_option_carries_its_count_in_the_typography_of_the_language(language, count):
    with translation.override(language):
        assert f'<span class="n">{count}</span>' in facet_options_html(facet(option()))


def test_an_option_is_escaped_everywhere():
    html = facet_options_html(facet(option(value='"><b>', label="R&D <script>")))
    assert "<script>" not in html and "<b>" not in html
    assert "R&amp;D &lt;script&gt;" in html


def test_an_option_without_a_result_stays_and_cannot_be_ticked():
    assert " disabled>" in facet_options_html(facet(option(count=0, disabled=True)))


def test_a_ticked_option_without_a_result_can_be_unticked():
    html = facet_options_html(facet(option(count=0, disabled=True, selected=True)))
    assert " checked>" in html and "disabled" not in html


def test_a_finer_value_answers_to_its_own_parameter():
    html = facet_options_html(facet(option(name="department", value="69", level=1), name="region"))
    assert 'name="department"' in html and "is-sub" in html and 'for="f-department-69"' in html


def test_a_kind_is_shown_by_its_mark_and_its_word():
    html = facet_options_html(
        facet(option(name="kind", value="company", label="Companies"), name="kind", mark=kind_badge)
    )
    assert "is-company" in html and "#company" in html and "Companies" in html


def test_structured_data_cannot_end_its_own_block():
    block = json_ld({"name": "</script><script>alert(1)</script>"})
    assert block.count("</script>") == 1
