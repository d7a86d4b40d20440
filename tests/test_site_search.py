"""One search over everything: what the words name comes first, then what they may mean, then what holds them."""

import html
import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import reverse
from django.utils import translation

from members.counts import MemberCounts
from members.models import Membership, Organisation, Theme
from projects.models import Project

pytestmark = pytest.mark.django_db


@pytest.fixture
def search(network, client):
    def search(words: str, language: str = "en"):
        with translation.override(language):
            return client.get(reverse("search"), {"q": words})

    return search


def links(response) -> dict[str, str]:
    """Every link of the page's content: its words, its address."""
    page = response.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    found = re.findall(r'<a[^>]* ?href="([^"]+)"[^>]*>(.*?)</a>', main, re.S)
    return {" ".join(html.unescape(re.sub("<[^>]+>", "", text)).split()): html.unescape(url) for url, text in found}


def test_what_the_words_name_comes_first_as_a_card(search):
    for words, url in (
        ("CARA", "/en/clusters/cara/"),
        ("cap  digital", "/en/clusters/cap-digital/"),
        ("hydrogene", "/en/themes/hydrogen/"),
        ("Bretagne", "/en/regions/bretagne/"),
        ("isère", "/en/members/?department=isere"),
        ("38", "/en/members/?department=isere"),
    ):
        best = search(words).context["best"]
        assert best and best["url"] == url, words
    assert search("zzyx").context["best"] is None


def test_a_member_of_this_very_name_comes_first_where_nothing_else_bears_it(search):
    one = Organisation.objects.create(name="Quorvexine Optique", slug="quorvexine", kind="company", status="published")
    Membership.objects.create(organisation=one, cluster_id=Membership.objects.first().cluster_id)
    context = search("quorvexine optique").context
    assert context["best"] is None and context["best_member"].name == "Quorvexine Optique"
    assert "quorvexine" not in [card.url for card in context["lists"][0]["cards"]]
    assert search("quorvexine").context["best_member"] is None, "a part of a name is no name"


def test_the_ways_on_of_the_card_count_what_their_lists_show(search, client):
    for words in ("cara", "hydrogène", "bretagne"):
        for label, url in search(words).context["best"]["links"]:
            if number := re.search(r"\((\d+)\)", label):
                assert client.get(url).context["listing"].total == int(number[1]), (words, label)


def test_each_list_keeps_the_words_and_the_number(search, client):
    for words in ("hydrogène", "optique"):
        for shown in search(words).context["lists"]:
            listing = client.get(shown["listing"].address.url).context["listing"]
            assert listing.address.query == words
            assert listing.total == shown["listing"].total
            assert len(shown["cards"]) <= 5


def test_words_that_say_kind_theme_and_place_are_offered_as_a_list(search, client):
    theme, region, department = somewhere()
    meant = {
        f"laboratoires {theme.labels['fr']}": {"kind": "laboratory", "theme": theme.slug},
        f"labo sur {theme.labels['fr'].upper()} ?": {"kind": "laboratory", "theme": theme.slug},
        f"labs {theme.labels['en']}": {"kind": "laboratory", "theme": theme.slug},
        f"laboratory in the {region.labels['fr']}": {"kind": "laboratory", "region": region.slug},
        f"les laboratoires de l'{department.labels['fr'].partition(' (')[0]}": {
            "kind": "laboratory",
            "department": department.slug,
        },
    }
    for words, filters in meant.items():
        (offered,) = search(words).context["read_as"]
        assert _pairs(offered) == filters, words
        assert client.get(offered.address.url).context["listing"].total == offered.total > 0, words
    for words in ("isère", "laboratoire", "optique", "zzyx wvut", "pme zzyx", '"'):
        assert not search(words).context["read_as"], words


def somewhere():
    """A theme, a region and a department of laboratories."""
    counts = MemberCounts()
    rows = counts.having("kind", "laboratory")
    theme = next(one for one in counts.facets["theme"].values.values() if counts.having("theme", one.slug) & rows)
    places = counts.facets["region"].values.values()
    filled = [place for place in places if counts.having("region", place.slug) & rows and "(" not in place.slug]
    region = next(place for place in filled if not place.parameter and place.parent == "" and place.slug != "none")
    return theme, region, next(place for place in filled if place.parameter == "department")


def _pairs(listing) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(listing.address.url).query))


def test_a_list_that_is_empty_gives_up_one_of_its_filters(search):
    counts = MemberCounts()
    pairs = [
        (theme, department)
        for theme in counts.facets["theme"].values.values()
        for department in counts.facets["region"].values.values()
        if department.parameter == "department" and theme.parent
    ]
    laboratories = counts.having("kind", "laboratory")
    for theme, department in pairs:
        here, on_it = counts.having("region", department.slug), counts.having("theme", theme.slug)
        if here & laboratories and on_it & laboratories and not here & on_it & laboratories:
            break
    words = f"laboratoires {theme.labels['fr']} {department.labels['fr'].partition(' (')[0]}"
    offered = {frozenset(_pairs(listing)): listing.total for listing in search(words).context["read_as"]}
    assert offered.get(frozenset({"kind", "theme"})) == len(on_it & laboratories)
    assert offered.get(frozenset({"kind", "department"})) == len(here & laboratories)
    assert all(offered.values())


def test_a_query_that_finds_nothing_gives_up_words_and_says_which(search, client):
    one = Organisation.objects.create(name="Quorvexine Optique", slug="quorvexine", kind="company", status="published")
    Membership.objects.create(organisation=one, cluster_id=Membership.objects.first().cluster_id)
    page = client.get("/en/members/", {"q": "quorvexine optique zzyxw"})
    (offer,) = page.context["listing"].fewer_words
    assert (offer.value, offer.count, offer.label) == ("quorvexine optique", 1, "“zzyxw”")
    assert links(page)["“quorvexine optique”, without “zzyxw” 1 result"] == offer.url
    assert client.get(offer.url).context["listing"].total == 1
    narrowed = client.get("/en/members/", {"q": "quorvexine zzyxw", "kind": "laboratory"}).context["listing"]
    assert narrowed.fewer_words == [], "the criteria stay"
    for words in ("zzyxw", '"quorvexine zzyxw"', "quorvexine", "zzyxw wvutq"):
        assert client.get("/en/members/", {"q": words}).context["listing"].fewer_words == [], words


def test_nothing_found_says_so_and_shows_ways_on(search):
    page = search("zzyxwq")
    assert "Nothing is found by all these words." in page.text
    assert "/en/members/" in links(page).values()
    blank = search("  ")
    assert blank.status_code == 200 and "Nothing is found" not in blank.text and "“”" not in blank.text


def test_what_is_not_published_is_found_by_no_search(search):
    for status in ("draft", "in_review", "archived"):
        Organisation.objects.create(name=f"Quorvexine {status}", slug=f"q-{status}", kind="company", status=status)
        Project.objects.create(title_fr=f"Quorvexine {status}", slug=f"q-{status}", status=status)
    page = search("quorvexine")
    assert page.context["found_nothing"] and "q-draft" not in page.text


def test_every_page_has_the_search_and_it_leads_to_it(network, client):
    for path in ("/en/", "/en/members/", "/en/clusters/cara/", "/en/key-figures/", "/en/search/", "/en/legal/"):
        page = client.get(path).content.decode()
        assert re.search(r'<form\s+class="site-search"\s+role="search"\s+action="/en/search/"', page), path
    assert 'action="/fr/recherche/"' in client.get("/fr/").content.decode()


def test_suggestions_know_departments_and_lists(network, client):
    def groups(words):
        return {
            group["label"]: group["items"] for group in client.get("/en/suggestions/", {"q": words}).json()["groups"]
        }

    assert groups("isere")["Regions and departments"][0]["url"] == "/en/members/?department=isere"
    theme, *_places = somewhere()
    (offered,) = groups(f"labo {theme.labels['en']}")["Lists"]
    assert offered["url"] == f"/en/members/?kind=laboratory&theme={theme.slug}"
    assert re.match(r"\d+ laborator(y|ies) ", offered["label"])
    Theme.objects.filter(slug=theme.slug).update(name_en="Essais & mesures")
    (offered,) = groups("labo Essais & mesures")["Lists"]
    assert offered["label"].endswith("on the theme Essais & mesures"), "as text, and not as HTML"
