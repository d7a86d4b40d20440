"""What stands around the rows of a list: pages, options, chips, what the form carries. Each against a plain rule."""

from datetime import date

import pytest
from django.http import QueryDict

from cluster_portal.facets import Rows
from cluster_portal.listing.address import ListAddress
from cluster_portal.listing.parts import DeclaredFacet, Option, ShownFacet
from members.listings import MemberListing
from members.models import Organisation, Site
from projects.listings import ProjectListing

LISTS = [(MemberListing, "/en/members/"), (ProjectListing, "/en/projects/")]


def listing(query: str = "", of=MemberListing, path: str = "/en/members/", **options):
    return of.asked(QueryDict(query), path, **options)


# Pages --------------------------------------------------------------------------------------------------------------


def plain_links(number: int, pages: int) -> list[int | None]:
    """The first page, the last, two on each side of this one; nothing for a gap of more than one page."""
    shown = [page for page in range(1, pages + 1) if page in (1, pages) or abs(page - number) <= 2]
    links: list[int | None] = []
    for before, page in zip([0, *shown], shown, strict=False):
        missing = list(range(before + 1, page))
        links += missing if len(missing) == 1 else [None] if missing else []
        links.append(page)
    return links


@pytest.mark.parametrize("size", [1, 7, 25, 10_000])
def test_pages_cut_the_list_without_a_rest_and_name_their_neighbours(network, monkeypatch, size):
    monkeypatch.setattr(MemberListing, "page_size", size)
    whole = listing("kind=laboratory")
    keys = [key for key in whole.reading.order("name") if key in whole.matched]
    cuts = [keys[start : start + size] for start in range(0, len(keys), size)]
    assert whole.pages == len(cuts)
    for number, cut in list(enumerate(cuts, 1))[:12] + list(enumerate(cuts, 1))[-3:]:
        one = listing(f"kind=laboratory&page={number}")
        page = one.page
        assert one.page_ids == cut
        assert (page["number"], page["first"]) == (number, keys.index(cut[0]) + 1)
        assert page["last"] == keys.index(cut[-1]) + 1
        assert bool(page["previous"]) == (number > 1) and bool(page["next"]) == (number < len(cuts))
        links = [None if link.gap else link.number for link in page["links"]]
        assert links == plain_links(number, len(cuts)), number
        assert [link.number for link in page["links"] if link.current] == [number]


def test_as_many_rows_as_fill_pages_make_no_page_more(network, monkeypatch):
    total = listing("kind=laboratory").total
    for size, pages in ((total, 1), (total - 1, 2), (total + 1, 1)):
        monkeypatch.setattr(MemberListing, "page_size", size)
        assert listing("kind=laboratory").pages == pages
    assert listing("kind=laboratory&q=zzzzqx").pages == 1, "an empty list has a page that says so"


# Options ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("of", "path"), LISTS)
@pytest.mark.parametrize("query", ["", "q=france", "on=2012-06-30", "region=bretagne", "q=zzzzqx"])
def test_what_nothing_has_is_offered_only_where_a_rule_says_so(network, of, path, query):
    shown = listing(query, of, path)
    offered = {facet.name: facet for facet in shown.facets}
    for declared in of.declared:
        values = shown.reading[declared.name]
        found = {option.value for option in offered[declared.name].options} if declared.name in offered else None
        wanted = set()
        for value in values.values.values():
            ticked = value.slug in shown.address.slugs(value.parameter or declared.name)
            count = len(values.having(value.slug) & shown.matching.rows_but_for(declared.name))
            unused = declared.used_only and not values.having(value.slug)
            folded = value.parameter and not any(shown.address.slugs(name) for name in declared.parameters)
            if not folded and (ticked or not (unused or (value.slug == "none" and not count))):
                wanted.add(value.slug)
        if not declared.shown or (len(wanted) < 2 and not any(map(shown.address.slugs, declared.parameters))):
            assert found is None, declared.name
        elif not shown.address.slugs("region") or declared.name != "region":
            assert found == wanted, declared.name


def test_nowhere_is_offered_where_it_finds_somebody_or_is_ticked(network):
    located = Organisation.objects.published().members().filter(sites__in=Site.objects.all(), national=False).first()
    assert located is not None
    asked = QueryDict(mutable=True)
    asked["q"] = located.name

    def places(query: QueryDict) -> dict[str, Option]:
        shown = MemberListing.asked(query, "/en/members/")
        facet = next((facet for facet in shown.facets if facet.name == "region"), None)
        return {option.value: option for option in facet.options} if facet else {}

    assert "none" not in places(asked)
    asked["region"] = "none"
    ticked = places(asked)["none"]
    assert (ticked.count, ticked.selected, ticked.disabled) == (0, True, False)


@pytest.mark.parametrize(("count", "selected", "disabled"), [(0, False, True), (0, True, False), (1, False, False)])
def test_an_option_without_a_result_can_only_be_taken_away(count, selected, disabled):
    assert Option("kind", "company", "Company", count, selected, 0).disabled is disabled


def test_a_facet_is_searched_from_nine_options_on_and_opens_when_something_is_chosen():
    def facet(count: int, chosen: int = 0, **declared) -> ShownFacet:
        options = [Option("theme", str(n), str(n), 1, n < chosen, 0) for n in range(count)]
        return ShownFacet(DeclaredFacet("theme", "Theme", "tag", **declared), options)

    assert [facet(count, searchable=True).searchable for count in (8, 9)] == [False, True]
    assert not facet(9).searchable
    assert facet(3).open and not facet(3, open=False).open and facet(3, chosen=1, open=False).open


@pytest.mark.parametrize("language", ["fr", "en"])
def test_themes_stand_in_the_alphabet_of_the_language(network, client, language):
    from django.utils import translation

    from cluster_portal.records.search import fold

    with translation.override(language):
        facet = next(facet for facet in listing().facets if facet.name == "theme")
    tops = [option.label for option in facet.options if not option.level]
    assert tops == sorted(tops, key=fold) and len(tops) > 5


# Addresses ----------------------------------------------------------------------------------------------------------


def test_taking_one_criterion_away_leaves_the_others():
    here = ListAddress("/en/members/", "name", flags=frozenset({"a", "b"}), on=date(2020, 1, 1), query="x")
    assert here.without("a").flags == {"b"}
    assert here.without("on").flags == {"a", "b"} and here.without("on").query == "x"
    assert here.without("q").on == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("said", "meant"), [("former=1", True), ("former=0", False), ("former=yes", False), ("", False)]
)
def test_a_flag_is_set_by_one_word_only(said, meant):
    read = MemberListing.parameters.read(QueryDict(said), "/en/members/", {})
    assert bool(read.address.flags) is meant


def test_the_form_carries_an_order_only_where_no_toolbar_shows_it(network):
    assert ("sort", "newest") not in listing("sort=newest").hidden
    assert ("sort", "newest") in listing("sort=newest&q=zzzzqx").hidden
    assert all(name != "sort" for name, _value in listing("q=zzzzqx").hidden)


def test_nothing_found_offers_to_give_up_choices_and_words_but_not_the_day(network):
    empty = listing("q=zzzzqx&kind=company&on=2015-01-01&former=1")
    assert {chip.name for chip in empty.chips} == {"q", "kind", "on", "former"}
    assert len(empty.drops) == 2
    without_words = next(drop for drop in empty.drops if "zzzzqx" not in drop.url)
    assert without_words.count == listing("kind=company&on=2015-01-01&former=1").total > 0


def test_what_the_path_chooses_is_no_chip_and_no_hidden_field(network):
    inside = listing("kind=company", fixed={"cluster": "cara"})
    assert [(chip.name, chip.slug) for chip in inside.chips] == [("kind", "company")]
    assert all(name != "cluster" for name, _value in inside.hidden)


@pytest.mark.parametrize(("of", "path"), LISTS)
def test_a_list_made_from_another_is_the_list_itself(network, of, path):
    here = listing("q=energie&on=2015-06-30", of, path)
    for changes in ({"on": None}, {"query": ""}, {"query": "sante"}, {"on": date(2009, 1, 1), "query": ""}):
        address = here.address.replacing(**changes)
        alone = of.asked(QueryDict(address.url.partition("?")[2]), path)
        assert here.at(address).page_ids == alone.page_ids and here.at(address).total == alone.total, changes


# Sets of rows -------------------------------------------------------------------------------------------------------


def test_the_rows_after_one_go_round_once():
    assert Rows([1, 2, 3]).after(2, 5) == [3, 1, 2]
    assert Rows([1, 2, 3]).after(3, 2) == [1, 2]
    assert -3 not in Rows([3]) and 3 in Rows([3])
