"""A list page: the URL is its whole state, whatever is in the URL."""

import re
from html import unescape
from itertools import chain
from urllib.parse import parse_qsl, urlencode

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.listings import MemberListing
from members.models import Cluster, Department, Membership, Organisation, Region, Theme

LIST = {
    "fr": "/fr/membres/",
    "en": "/en/members/",
}


@pytest.fixture
def get(network, client):
    def get(query="", path=LIST["en"], **headers):
        response = client.get(f"{path}?{query}" if query else path, headers=headers)
        assert response.status_code == 200, (response.status_code, query[:200])
        return response

    return get


def listing(query="", **options) -> MemberListing:
    return MemberListing.asked(QueryDict(query), LIST["en"], **options)


def state(url: str) -> list[tuple[str, str]]:
    return parse_qsl(url.partition("?")[2])


FILTERS = "kind=company&kind=laboratory&q=france&region=bretagne&region=corse&theme=health-and-biotechnology"


def test_the_addresses_are_in_the_language_of_the_page(network):
    for language, path in LIST.items():
        with translation.override(language):
            assert reverse("members:organisation-list") == path


def test_changing_page_keeps_every_filter_sort_and_search_term(get):
    page = get("kind=company&sort=newest&q=france").context["listing"]
    assert page.pages > 1
    links = [page.page["next"], *(link.url for link in page.page["links"] if not link.gap)]
    for link in links:
        assert {("kind", "company"), ("sort", "newest"), ("q", "france")} <= set(state(link))
    assert dict(state(links[-1]))["page"] == str(page.pages)


def test_applying_or_removing_a_filter_returns_to_page_1(network):
    one = listing("kind=company&page=3&q=france&region=bretagne")
    here = one.address
    assert here.page == 3
    changed = (
        here.toggling("size", "sme"),
        here.without("q"),
        here.without("kind", "company"),
        here.replacing(sort="newest"),
    )
    for address in changed:
        assert "page" not in dict(state(address.url))


@pytest.mark.parametrize("number", ["2", "9999", "99999999", "999999999999999999"])
def test_an_out_of_range_page_shows_the_last_page(get, number):
    last = get("kind=company&page=9999")
    page = last.context["listing"]
    assert page.page_number == page.pages > 1 and last.context["organisations"]
    shown = get(f"kind=company&page={number}")
    assert shown.context["organisations"]


@pytest.mark.parametrize("number", ["-1", "0", "x", "1.5", "", "²", "٣", "1e3", "0x2", "+2", " 2"])
def test_a_page_that_is_no_number_is_the_first(get, number):
    assert get(urlencode({"page": number})).context["listing"].page_number == 1


def test_removing_one_filter_keeps_the_others_and_the_search_text(network):
    one = listing(FILTERS)
    everything = set(parse_qsl(FILTERS))
    for chip in one.chips:
        gone = (chip.name, chip.slug)
        assert set(state(chip.url)) == everything - {gone}, chip


def test_choosing_a_sort_never_drops_a_filter(network):
    assert set(state(listing(FILTERS).address.replacing(sort="newest").url)) == {
        *parse_qsl(FILTERS),
        ("sort", "newest"),
    }


def test_clearing_everything_leads_to_the_plain_list(get):
    page = get(FILTERS + "&sort=newest&on=2020-01-01&former=1").content.decode()
    assert re.search(rf'<a href="{LIST["en"]}" data-clears>\s*Clear all', page)


def test_a_url_is_written_in_one_form_only(network):
    shuffled = "theme=health-and-biotechnology&region=corse&kind=laboratory&q=+france+&region=bretagne&kind=company&kind=company&page=1&size="
    assert listing(shuffled).share_url == f"{LIST['en']}?{FILTERS}"
    assert listing("sort=name").share_url == LIST["en"]
    assert listing("sort=relevance").share_url == LIST["en"]
    assert listing("q=x&sort=relevance").share_url == f"{LIST['en']}?q=x"
    without_words = listing("q=x&kind=company").address.without("q").url
    assert without_words == f"{LIST['en']}?kind=company"


def test_reloading_or_sharing_a_url_gives_the_same_list(network):
    for query in (FILTERS, "sort=newest&page=2", "q=lyon&page=2", "on=2015-06-30&cluster=cara"):
        one = listing(query)
        again = listing(one.share_url.partition("?")[2])
        assert one.page_ids == again.page_ids and one.share_url == again.share_url


@pytest.mark.parametrize("query", ["", "sort=newest", "sort=verified", "q=france", "q=france&sort=name", "former=1"])
def test_order_is_the_same_between_pages_and_nobody_is_missing(network, query):
    first = listing(query)
    shown = [pk for number in range(first.pages) for pk in listing(f"{query}&page={number + 1}").page_ids]
    assert len(shown) == len(set(shown)) == first.total
    assert [pk for number in range(first.pages) for pk in listing(f"{query}&page={number + 1}").page_ids] == shown


@pytest.mark.parametrize("sort", ["name", "newest", "verified", "relevance"])
def test_equal_rows_come_in_the_order_of_their_keys(network, sort):
    cluster = Cluster.objects.get(slug="cara")
    made = [
        Organisation.objects.create(name="Quorvex", kind="company", slug=f"quorvex-{n}", status="published")
        for n in range(60)
    ]
    Membership.objects.bulk_create(Membership(organisation=one, cluster=cluster) for one in made)
    query = f"q=quorvex&sort={sort}"
    shown = [pk for page in (1, 2, 3) for pk in listing(f"{query}&page={page}").page_ids]
    assert shown == sorted(one.pk for one in made)


def test_alphabetical_order_puts_e_acute_with_e_and_ignores_case(network):
    cluster = Cluster.objects.get(slug="cara")
    for number, name in enumerate(["Quorvex edaa", "quorvex Éclat", "QUORVEX ecume", "Quorvex Zéro", "quorvex être"]):
        one = Organisation.objects.create(name=name, kind="company", slug=f"quorvex-{number}", status="published")
        Membership.objects.create(organisation=one, cluster=cluster)
    names = dict(Organisation.objects.values_list("pk", "name"))
    assert [names[pk] for pk in listing("q=quorvex&sort=name").page_ids] == [
        "quorvex Éclat", "QUORVEX ecume", "Quorvex edaa", "quorvex être", "Quorvex Zéro",
    ]  # fmt: skip


def test_chips_say_what_they_take_away_in_text(get):
    response = get("region=bretagne&kind=laboratory&department=rhone&q=hydrog&theme=unknown&on=2020-01-02&former=1")
    page = response.content.decode()
    chips = response.context["listing"].chips
    assert {chip.name for chip in chips} == {"q", "kind", "region", "department", "theme", "on", "former"}
    assert any(chip.aria == "Remove the filter: Region Bretagne" for chip in chips)
    assert any("Rhône" in chip.value and chip.label == "Department" for chip in chips)
    assert any(chip.value == "unknown" for chip in chips)
    assert "Clear all" in page and page.count('class="chip"') == len(chips)
    assert all('rel="nofollow"' in link for link in re.findall(r'<a class="chip"[^>]*>', page))


def test_when_nothing_matches_each_criterion_can_be_dropped_and_says_what_that_gives(get):
    response = get("region=corse&kind=institution&theme=health-and-biotechnology&q=zzzznothing&size=large")
    listed = response.context["listing"]
    assert listed.total == 0 and {drop.label for drop in listed.drops}
    for drop in listed.drops:
        assert listing(drop.url.partition("?")[2]).total == drop.count
    page = unescape(response.content.decode())
    assert "Nothing meets all these criteria" in page


def test_options_without_a_result_stay_disabled_unless_ticked(get):
    page = get("region=corse&size=large&kind=laboratory").content.decode()
    ticked = re.search(r'<input[^>]*name="size" value="large"[^>]*>', page)[0]
    other = re.search(r'<input[^>]*name="size" value="micro"[^>]*>', page)[0]
    assert "checked" in ticked and "disabled" not in ticked and "disabled" in other


def test_there_is_never_an_option_without_a_label(get):
    for query in ("", "region=auvergne-rhone-alpes", "former=1"):
        for facet in get(query).context["listing"].facets:
            assert all(option.label and option.value for option in facet.options), facet.name


def test_the_count_is_announced(get):
    page = get().content.decode()
    assert 'role="status"' in page


def test_options_do_not_reorder_when_one_is_ticked(network):
    with translation.override("fr"):
        plain = [option.value for facet in listing().facets for option in facet.options]
        chosen = [
            option.value
            for facet in listing("theme=health-and-biotechnology&size=sme").facets
            for option in facet.options
        ]
    assert [value for value in chosen if value in plain] == [value for value in plain if value in chosen]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("query", ["", "kind=company&q=lyon", "region=corse&kind=institution&size=large", "page=2"])
def test_what_htmx_receives_is_what_the_full_page_has(get, language, query):
    whole = get(query, LIST[language])
    fragment = get(query, LIST[language], **{"HX-Request": "true"})
    text = fragment.content.decode()
    inside = text[text.index('<div id="results">') :].strip()
    assert inside in whole.content.decode()
    assert "<html" not in text and text.startswith("<title>")
    assert "HX-Request" in whole["Vary"] and "HX-Request" in fragment["Vary"]


def test_a_restored_history_gets_the_whole_page(get):
    whole = get("kind=company", **{"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in whole.content.decode()


def test_permutations_are_not_indexed_and_name_the_clean_list(get):
    for query in ("kind=company", "q=lyon", "sort=newest", "on=2020-01-01", "former=1", "theme=unknown"):
        page = get(query).content.decode()
        assert '<meta name="robots" content="noindex,follow">' in page, query
        assert f'<link rel="canonical" href="http://testserver{LIST["en"]}">' in page, query
    for query in ("", "utm_source=x"):
        page = get(query).content.decode()
        assert 'name="robots"' not in page and f'rel="canonical" href="http://testserver{LIST["en"]}"' in page
    page = get("page=2").content.decode()
    assert 'name="robots"' not in page and f'rel="canonical" href="http://testserver{LIST["en"]}?page=2"' in page


def test_the_switcher_stays_on_the_same_page_with_the_same_filters(get):
    page = unescape(get("kind=company&region=bretagne&page=2").content.decode())
    assert "/fr/membres/?kind=company&region=bretagne&page=2" in page


@pytest.mark.parametrize(
    ("query", "queries"),
    [
        ("", 5),  # freshness of the index, identities, sites, themes, memberships
        ("kind=company&region=bretagne&theme=health-and-biotechnology", 5),
        ("page=3", 5),
        ("sort=newest", 5),
        ("sort=verified", 5),
        ("q=lyon", 6),  # the ranked keys
    ],
)
def test_a_list_costs_the_same_number_of_queries_whatever_its_length(network, client, query, queries, monkeypatch):
    counts = []
    for size in (3, 25, 100):
        monkeypatch.setattr(MemberListing, "page_size", size)
        client.get(f"{LIST['en']}?{query}")
        counts.append(queries_of(client, f"{LIST['en']}?{query}"))
    assert counts == [queries] * 3


def queries_of(client, url) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def test_query_parameters_survive_redirects(network, client):
    response = client.get("/members/?kind=company&q=a+b")
    assert response.status_code in (302, 404)
    response = client.get("/en/members?kind=company&q=a+b")
    assert response.status_code == 301 and response["Location"] == "/en/members/?kind=company&q=a+b"


def test_inside_a_cluster_all_links_stay_there(network, client):
    cluster = Cluster.objects.filter(memberships__isnull=False).first()
    path = f"/en/clusters/{cluster.slug}/members/"
    response = client.get(f"{path}?kind=company&cluster=another")
    listed = response.context["listing"]
    urls = [chip.url for chip in listed.chips] + [listed.address.path, listed.share_url]
    urls += [
        listed.address.toggling(option.name, option.value).url for facet in listed.facets for option in facet.options
    ]
    assert all(url.startswith(path) for url in urls)
    assert "cluster" not in {facet.name for facet in listed.facets} and listed.address.slugs("cluster") == (
        cluster.slug,
    )
    assert not any("cluster=" in url for url in urls)


def test_a_result_found_through_a_theme_shows_that_theme(network, client):
    theme = Theme.objects.exclude(parent=None).filter(organisations__isnull=False).first()
    one = Organisation.objects.published().members().on_themes([theme.slug]).first()
    one.themes.add(*Theme.objects.exclude(parent=None)[:12])
    cards = client.get(f"{LIST['fr']}?theme={theme.slug}&q={one.acronym or one.name}").context["organisations"]
    card = next(card for card in cards if card.pk == one.pk)
    assert theme.name_fr in [name for name, url in card.themes] and card.more_themes > 0
    assert theme.name_fr in unescape(client.get(f"/fr/membres/{one.slug}/").content.decode())


def fields_of(form: str) -> list[tuple[str, str]]:
    """What a browser would send of a form, in any order."""
    inputs = [
        dict(re.findall(r'(\w+)="([^"]*)"', tag)) | {"checked": " checked" in tag}
        for tag in re.findall(r"<input[^>]*>", form)
    ]
    sent = [
        (i["name"], i.get("value", ""))
        for i in inputs
        if "name" in i and (i["checked"] or i["type"] not in ("checkbox", "radio"))
    ]
    for select in re.findall(r"<select.*?</select>", form, re.S):
        value = re.search(r'<option value="([^"]*)" selected', select)
        sent.append((re.search(r'name="(\w+)"', select)[1], value[1] if value else ""))
    return sorted((name, unescape(value)) for name, value in sent if value)


@pytest.mark.parametrize(
    "query",
    ["", FILTERS, "department=rhone&region=corse", "on=2020-01-01&former=1", "kind=unknown&size=sme", "region=rhone",
     "shared=cara&cluster=minalogic", "sort=newest&kind=laboratory", "sort=newest&q=zzzznothing", "cluster=unknown"],
)  # fmt: skip
def test_sending_the_form_unchanged_gives_the_same_list(get, query):
    """Whatever the address chose is in the form, shown or hidden: nothing is dropped in silence."""
    page = get(query).content.decode()
    form = page[page.index('id="list-form"') : page.index("</form>", page.index('id="list-form"'))]
    assert set(fields_of(form)) == set(parse_qsl(query)), query


def test_what_the_form_hides_is_replaced_together_with_the_results(get):
    """A chip that takes a date away takes it out of the form too."""
    fragment = get("on=2020-01-01", **{"HX-Request": "true"}).content.decode()
    assert '<input type="hidden" name="on" value="2020-01-01">' in fragment
    assert 'name="on"' not in get("", **{"HX-Request": "true"}).content.decode()


# The heading ----------------------------------------------------------------------------------------


def heading(query, language, **options) -> str:
    with translation.override(language):
        return unescape(listing(query, **options).heading)


def number_in(text: str) -> int:
    if text.startswith(("No ", "Aucun")):
        return 0
    return int(re.sub(r"\D", "", re.match(r"[\d\s,\u202f]+", text)[0]))


@pytest.mark.parametrize(
    ("query", "french", "english"),
    [
        ("", "membres", "members"),
        ("kind=company", "entreprises", "companies"),
        ("kind=company&region=bretagne", "entreprises en Bretagne", "companies in Bretagne"),
        ("region=grand-est", "membres dans le Grand Est", "members in Grand Est"),
        ("region=la-reunion", "à La Réunion", "in La Réunion"),
        ("department=rhone&region=auvergne-rhone-alpes", "dans le Rhône", "in Rhône"),
        ("region=none", "sans adresse", "without an address"),
        ("q=energie", "« energie »", "“energie”"),
        ("kind=company&kind=laboratory", "entreprises ou laboratoires", "companies or laboratories"),
        ("region=bretagne&region=normandie", "en Bretagne ou en Normandie", "in Bretagne or in Normandie"),
        ("cluster=cara", "CARA", "of the cluster CARA"),
        ("on=2020-01-01", "1er janvier 2020", "on 1 January 2020"),
    ],
)
def test_the_heading_is_a_sentence_made_from_the_filters(network, query, french, english):
    for language, words in (("fr", french), ("en", english)):
        text = heading(query, language)
        said = re.sub(r"[\s\u00a0\u202f]+", " ", text)
        assert words in said, said
        assert number_in(text) == listing(query).total


@pytest.mark.parametrize(
    ("kind", "one"), [("company", ("1 entreprise", "1 company")), ("laboratory", ("1 laboratoire", "1 laboratory"))]
)
def test_the_heading_agrees_in_number(network, kind, one):
    cluster = Cluster.objects.get(slug="cara")
    made = Organisation.objects.create(name="Quorvex", kind=kind, slug="quorvex", status="published")
    Membership.objects.create(organisation=made, cluster=cluster)
    for language, words in zip(("fr", "en"), one, strict=True):
        assert re.match(rf"{words}\b", heading(f"kind={kind}&q=quorvex", language))
    assert re.match(r"Aucune entreprise |Aucun laboratoire ", heading(f"kind={kind}&q=zzzznothing", "fr"))
    assert re.match(r"No (company|laboratory)\b", heading(f"kind={kind}&q=zzzznothing", "en"))


def test_the_heading_and_the_title_are_the_same_sentence(get):
    response = get("kind=laboratory&region=bretagne")
    page = response.content.decode()
    title = re.search(r"<title>(.*?) · Cluster Portal</title>", page)[1]
    assert f"<h1>{title}</h1>" in page and f'property="og:title" content="{title}"' in page


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7|add:7 }}",
    "%(total)s",
    "{0}",
    "&amp;&lt;b&gt;",
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", ["q", "region", "theme", "kind", "cluster", "on", "sort", "former", "size", "shared"])
def test_hostile_values_are_only_text(get, name, value):
    for headers in ({}, {"HX-Request": "true"}):
        page = get(urlencode({name: value}), **headers).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page and "&lt;b&gt;" not in page


# Anything at all in the address ---------------------------------------------------------------------

KEYS = [
    "q",
    "kind",
    "region",
    "department",
    "theme",
    "cluster",
    "size",
    "type",
    "shared",
    "on",
    "former",
    "sort",
    "page",
]
TEXT = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["\x00", "a" * 10_000, "é" * 5000, "-1", "0", "99999999999999999999", "1e9", "2021-02-30", "0000-00-00", "9999-12-31",
         "0001-01-01", "2021-12-31", "20211231", "2021-W01-1", "١٢", "company", "laboratory", "bretagne", "rhone", "none", "health-and-biotechnology", "cara", "name", "newest",
         "relevance", "verified", "1", "true", "' OR 1=1 --", "%", "%%s", "\\", "\ud800", "[", "]", "//", "../..", ":*", "&|!()", "<->"]
    ),
)  # fmt: skip
PAIRS = st.lists(st.tuples(st.one_of(st.sampled_from(KEYS), st.text(max_size=6)), TEXT), max_size=6)
RAW = st.binary(max_size=40).map(lambda raw: raw.decode("latin-1"))


def encode(pairs) -> str:
    return urlencode(pairs, errors="surrogatepass")


PATHS = [  # those that read no parameter need no more than a glance
    ("/en/members/", 40),
    ("/fr/clusters/cara/membres/", 15),
    ("/en/clusters/", 15),
    ("/en/suggestions/", 30),
    ("/en/clusters/cara/", 3),
    ("/fr/", 3),
    ("/en/regions/", 3),
    ("/fr/regions/bretagne/", 3),
    ("/fr/themes/", 3),
    ("/fr/ORGANISATION", 5),
    ("/fr/THEME", 3),
]


@pytest.mark.parametrize(("path", "examples"), PATHS)
def test_any_query_string_gives_a_page(network, client, path, examples):
    organisation = Organisation.objects.published().members().first()
    path = path.replace("ORGANISATION", f"membres/{organisation.slug}/")
    path = path.replace("THEME", f"themes/{Theme.objects.first().slug}/")

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(pairs=PAIRS, raw=RAW)
    def try_one(pairs, raw):
        query = encode(pairs)
        for text in (f"{query}&{raw}", raw):
            response = client.get(path, QUERY_STRING=text)
            assert response.status_code == 200, (path, text)

    try_one()


@pytest.mark.parametrize(
    "query",
    ["&".join(["a=1"] * 1500), "kind=company&" * 1200, "q=" + "%ff%fe" * 4000, "%", "%zz=%zz", "=&=&&;", "q=%ED%A0%80", "q=%00", "page=%00", "on=%00", "?" * 500],
)  # fmt: skip
def test_very_long_repeated_and_malformed_parameters_never_fail(get, query):
    for path in (LIST["en"], "/en/clusters/", "/en/suggestions/", "/en/"):
        get(query, path)


def test_an_address_full_of_values_is_not_answered_with_a_thousand_times_its_size(get):
    names = ("kind", "region", "theme", "cluster", "size", "type")
    query = urlencode([(name, f"{n:03}{'x' * 110}") for name in names for n in range(80)])
    assert len(query) > 50_000
    assert len(get(query).content) < 1_000_000


def test_blank_values_do_not_push_out_the_one_that_is_asked_for(network):
    assert listing("region=&" * 200 + "region=bretagne").address.slugs("region") == ("bretagne",)


def test_a_filter_after_thousands_of_parameters_still_narrows(get):
    narrow = get("region=bretagne").context["listing"].total
    assert get("a&" * 50_000 + "region=bretagne").context["listing"].total == narrow < get("").context["listing"].total


def test_no_parameter_ever_widens_the_list_in_silence(network):
    groups = {"region": {"region", "department"}}

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(pairs=PAIRS)
    def try_one(pairs):
        wide = listing(encode(pairs))
        for name in {name for name, _ in pairs} - {"former", "on"}:
            removed = groups.get(name, groups["region"] if name == "department" else {name})
            narrower = [(key, value) for key, value in pairs if key not in removed]
            rest = listing(encode(narrower))
            if (rest.address.on, rest.address.flags) == (wide.address.on, wide.address.flags):
                assert not wide.matched - rest.matched, (pairs, name)

    try_one()


def test_a_date_that_is_not_understood_is_said_and_the_list_is_todays(get):
    for day in ("2021-02-30", "yesterday", "1999-01-01", "9999-12-31", "31/12/2021"):
        response = get(urlencode({"on": day}))
        assert response.context["listing"].notices and "The date was not understood" in response.content.decode()
        assert response.context["listing"].total == listing().total


def test_places_that_a_list_offers_exist(network):
    offered = {
        option.value
        for facet in listing("region=bretagne").facets
        if facet.name == "region"
        for option in facet.options
    }
    places = (model.objects.values_list("slug", flat=True) for model in (Region, Department))
    known = {*chain(*places), "none", "overseas"}
    assert offered <= known and {"ille-et-vilaine", "finistere"} <= offered and "rhone" not in offered


def test_choices_beyond_what_a_list_keeps_are_left_out_and_said(network, client):
    many = "&".join(f"cluster=c{number:03}" for number in range(40))
    page = client.get(f"/en/members/?{many}").content.decode()
    assert "keeps 30 choices at most" in page
    assert "choices at most" not in client.get("/en/members/?cluster=cara&cluster=axelera").content.decode()
