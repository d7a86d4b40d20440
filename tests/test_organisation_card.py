from types import SimpleNamespace

import pytest
from django.utils import translation

from cluster_portal.writing.translated import Text
from members.templatetags.members import organisation_card


def card(**changes):
    given = {
        "url": "/en/members/a/", "name": "Batterix", "kind": "company", "kind_label": "Company", "state": "", "note": "",
        "kind_url": "/en/members/?kind=company", "description": Text("Makes batteries."), "town": "Lyon", "acronym": "", "size_label": "SME",
        "size_url": "?size=sme", "headcount_label": "20 to 49 people", "logo_url": "", "more_themes": 0,
        "national": False, "regions": [("Bretagne", "?region=bretagne")], "themes": [("Hydrogen", "?theme=hydrogen")],
        "clusters": [],
    }  # fmt: skip
    return SimpleNamespace(**{**given, **changes})


HOSTILE = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    "field",
    [
        "url",
        "name",
        "kind_label",
        "state",
        "note",
        "town",
        "acronym",
        "size_label",
        "size_url",
        "headcount_label",
        "logo_url",
    ],
)
def test_every_text_of_a_card_is_escaped(field):
    assert "<script>" not in organisation_card(card(**{field: HOSTILE}))


@pytest.mark.parametrize("field", ["regions", "themes", "clusters"])
def test_every_link_of_a_card_is_escaped(field):
    html = organisation_card(card(**{field: [(HOSTILE, HOSTILE), ("b", "c")]}))
    assert "<script>" not in html and '"">' not in html


def test_a_description_is_escaped_and_says_its_language():
    html = organisation_card(card(description=Text(HOSTILE, "fr")))
    assert "<script>" not in html and '<p lang="fr">' in html


def test_the_name_is_the_only_link_in_the_heading():
    html = organisation_card(card())
    assert '<h2><a href="/en/members/a/">Batterix</a></h2>' in html


def test_a_card_tells_the_head_office_from_the_other_sites():
    with translation.override("en"):
        html = organisation_card(card(regions=[("Bretagne", "?r=b"), ("Corse", "?r=c")]))
    assert 'Lyon, <a href="?r=b">Bretagne</a>, other sites: <a href="?r=c">Corse</a>' in html


def test_a_card_says_how_many_more_themes_there_are_in_words():
    with translation.override("en"):
        assert "2 more themes" in organisation_card(card(more_themes=2))
        assert "more theme" not in organisation_card(card())


def test_the_kind_of_a_card_leads_to_the_members_of_that_kind():
    with translation.override("en"):
        assert '<a class="kind is-company" href="/en/members/?kind=company">' in organisation_card(card())


def test_a_card_without_a_logo_shows_the_mark_of_its_kind():
    assert "logo--none is-company" in organisation_card(card())
    assert '<img src="/media/a.webp" alt=""' in organisation_card(card(logo_url="/media/a.webp"))


def test_a_closed_organisation_says_so_in_words():
    html = organisation_card(card(state="Closed", note="Closed on 30 June 2025"))
    assert "org-card--closed" in html and "Closed on 30 June 2025" in html
