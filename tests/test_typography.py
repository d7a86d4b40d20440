from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from cluster_portal.templatetags import portal
from cluster_portal.writing import typography


def test_the_first_of_the_month_is_raised_in_french_and_plain_in_an_attribute():
    with translation.override("fr"):
        assert typography.date_long(date(2015, 1, 1)) == "1<sup>er</sup> janvier 2015"
        assert typography.date_in_words(date(2015, 1, 1)) == "1er janvier 2015"
        assert typography.date_long(date(2015, 1, 11)) == "11 janvier 2015"
    with translation.override("en"):
        assert typography.date_long(date(2015, 1, 1)) == "1 January 2015"


@pytest.mark.parametrize(
    "write",
    [typography.number, typography.euros, typography.euros_in_full, typography.date_long, typography.date_short],
)
def test_what_is_not_known_is_left_blank(write):
    assert write(None) == ""


@pytest.mark.parametrize(
    ("amount", "glance", "full"),
    [
        (Decimal("95000"), "€95,000", "€95,000"),
        (Decimal("740000"), "€0.74M", "€740,000"),
        (Decimal("1250.50"), "€1,251", "€1,250.50"),
        (Decimal("2125000"), "€2.13M", "€2,125,000"),
        (Decimal("7505000000"), "€7.51bn", "€7,505,000,000"),
        (0, "€0", "€0"),
    ],
)
def test_an_amount_is_short_at_a_glance_and_exact_in_full(amount, glance, full):
    with translation.override("en"):
        assert typography.euros(amount) == glance
        assert typography.euros_in_full(amount) == full


@pytest.mark.parametrize(
    ("items", "sentence"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")]
)
def test_a_list_ends_with_and(items, sentence):
    with translation.override("en"):
        assert typography.sentence_list(items) == sentence


def test_only_web_addresses_become_links():
    assert "<a" not in portal.external_link("javascript:alert(1)", "Site")
    assert 'href="https://example.org/?a=1&amp;b=2"' in portal.external_link("https://example.org/?a=1&b=2", "Site")


def test_a_text_in_another_language_than_the_page_says_so():
    assert portal.lang_attribute("fr") == 'lang="fr"'
    assert portal.lang_attribute("") == ""


def test_links_escape_names_and_addresses():
    assert portal.links([("R&D", "?a=1&b=2"), ("B", "?c")]) == '<a href="?a=1&amp;b=2">R&amp;D</a>, <a href="?c">B</a>'


@pytest.mark.parametrize(
    ("amount", "french", "english"),
    [
        ("99999.49", "99\u202f999\u00a0€", "€99,999"),
        ("99999.50", "0,10\u00a0M€", "€0.10M"),
        ("999994999.99", "999,99\u00a0M€", "€999.99M"),
        ("999995000", "1,00\u00a0Md€", "€1.00bn"),
        ("999999999", "1,00\u00a0Md€", "€1.00bn"),
        ("-999999999", "-1,00\u00a0Md€", "€-1.00bn"),
        ("999994999999", "999,99\u00a0Md€", "€999.99bn"),
        ("999995000000", "1\u202f000,00\u00a0Md€", "€1.00tn"),
    ],
)
def test_the_unit_is_that_of_what_is_shown(amount, french, english):
    for language, text in (("fr", french), ("en", english)):
        with translation.override(language):
            assert typography.euros(Decimal(amount)) == text
