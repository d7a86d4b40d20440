"""Project lists: every count and every list against plain loops over objects, on any day."""

import re
from datetime import date, timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.listings import ProjectListing
from projects.models import Funding, Participation, Project
from tests.small_network import make_network

pytestmark = pytest.mark.django_db

DAYS = [None, date(2008, 6, 30), date(2014, 3, 15), date(2019, 12, 31), date(2025, 1, 1)]
BUDGETS = [
    ("under-250k", 0, 250_000),
    ("250k-500k", 250_000, 500_000),
    ("500k-1m", 500_000, 1_000_000),
    ("1m-2m", 1_000_000, 2_000_000),
    ("2m-5m", 2_000_000, 5_000_000),
    ("over-5m", 5_000_000, 10**12),
]
FACETS = ["state", "milestone", "region", "theme", "cluster", "programme", "year", "budget"]


@pytest.fixture(scope="module")
def net(django_db_setup, django_db_blocker):
    """Committed once for the module, so that the facet index is used as in service; taken away after."""
    with django_db_blocker.unblock():
        found = make_network(seed=11, projects=120)
        add_difficulties(found)
        yield found
        call_command("flush", verbosity=0, interactive=False)


def add_difficulties(net):
    """States that staff stated in every way, sums on the edges of their classes, projects without any date."""
    random = Random(3)
    for project in random.sample(net.projects, 40):
        project.stated = random.choice(["planned", "labelled", "running", "finished", "abandoned"])
        project.stated_reason, project.stated_on = "Essai", random.choice([None, date(2013, 5, 1), date(2020, 2, 29)])
        project.save()
    for project, (_slug, least, _below) in zip(random.sample(net.projects, 5), BUDGETS[1:], strict=True):
        project.total_cost, project.public_funding = least, None
        project.save()
    dateless = Project.objects.create(title_fr="Sans date", slug="dateless", status="published")
    net.projects.append(dateless)
    net.works_on[dateless] = set()
    assert Participation.objects.exclude(organisation__status="published").exists()


# The loops --------------------------------------------------------------------------------------------


class Loop:
    """What the lists should show on a day; knows objects, no query."""

    def __init__(self, net, on):
        self.net, self.is_today, self.day = net, on is None, on or timezone.localdate()

    def labels(self, project):
        return [
            label
            for label in self.net.labels
            if label.project is project and label.date <= self.day and label.cluster.status == "published"
        ]

    def fundings(self, project):
        return [f for f in self.net.fundings if f.project is project and f.date <= self.day]

    def is_listed(self, project):
        if project.status != "published":
            return False
        begun = project.start and project.start <= self.day
        return bool(self.is_today or begun or self.labels(project) or self.fundings(project))

    def state(self, project):
        stated = project.stated if project.stated_on is None or project.stated_on <= self.day else ""
        if stated in ("finished", "abandoned"):
            return stated
        if project.end and project.end < self.day:
            return "finished"
        if stated:
            return stated
        if project.start and project.start <= self.day:
            return "running"
        return "funded" if self.fundings(project) else "labelled" if self.labels(project) else "planned"

    def partners(self, project):
        return [
            p.organisation
            for p in self.net.participations
            if p.project is project and p.organisation.status == "published"
        ]

    def regions(self, project):
        partners = self.partners(project)
        if project.national or any(partner.national for partner in partners):
            return {"overseas", *(region.slug for region in self.net.regions)}
        found = set().union(*(self.net.works_in[partner] for partner in partners))
        return found or {"none"}

    def values(self, project, facet):
        """The values of a facet that a project has on that day."""
        if facet == "state":
            return {self.state(project)}
        if facet == "milestone":
            reached = {"labelled"} if self.labels(project) else set()
            return reached | ({"funded"} if self.fundings(project) else set())
        if facet == "region":
            return self.regions(project)
        if facet == "theme":
            return self.net.works_on[project]
        if facet == "cluster":
            return {label.cluster.slug for label in self.labels(project)}
        if facet == "programme":
            return {funding.programme.slug for funding in self.fundings(project)}
        if facet == "year":
            first = min((label.date for label in self.labels(project)), default=project.start)
            return {str(first.year) if first else "none"}
        if facet == "budget":
            cost = project.total_cost
            return {"none"} if cost is None else {s for s, least, below in BUDGETS if least <= cost < below}
        return {partner.slug for partner in self.partners(project)}

    def effective(self, facet, chosen):
        """A theme chosen under a domain that is chosen too replaces it."""
        above = {t.parent.slug for t in self.net.themes if t.parent and t.slug in chosen} if facet == "theme" else set()
        return set(chosen) - above

    def matching(self, chosen, without=None):
        return [
            project
            for project in self.net.projects
            if self.is_listed(project)
            and all(
                self.values(project, facet) & self.effective(facet, slugs)
                for facet, slugs in chosen.items()
                if slugs and facet != without
            )
        ]


def random_choice(net, random):
    """A state of the filters, as a visitor may reach it or type it."""
    known = {
        "state": ["planned", "labelled", "funded", "running", "finished", "abandoned"],
        "milestone": ["labelled", "funded"],
        "region": [region.slug for region in net.regions] + ["none"],
        "theme": [theme.slug for theme in net.themes],
        "cluster": [cluster.slug for cluster in net.clusters],
        "programme": [programme.slug for programme in net.programmes],
        "year": [str(year) for year in range(2004, 2027)] + ["none"],
        "budget": [slug for slug, *_bounds in BUDGETS] + ["none"],
        "partner": [organisation.slug for organisation in net.organisations],
    }
    chosen = {}
    for facet in random.sample(list(known), random.choice([0, 1, 1, 2, 2, 3])):
        chosen[facet] = random.sample(known[facet], min(len(known[facet]), random.choice([1, 1, 2, 3, 6])))
        if random.random() < 0.1:
            chosen[facet].append("no-such-value")
    return chosen


def listing_of(chosen, on=None, path="/en/projects/", fixed=None, **more):
    params = QueryDict(mutable=True)
    for facet, slugs in chosen.items():
        params.setlist(facet, slugs)
    for name, value in more.items():
        params[name] = value
    if on:
        params["on"] = on.isoformat()
    return ProjectListing.asked(params, path, fixed)


@pytest.mark.parametrize("on", DAYS, ids=str)
def test_every_list_and_every_count_equals_a_plain_loop(net, on):
    random, loop = Random(f"{on}"), Loop(net, on)
    for _state in range(40):
        chosen = random_choice(net, random)
        listing, expected = listing_of(chosen, on), loop.matching(chosen)
        assert listing.total == len(expected), chosen
        assert set(listing.matched) == {project.pk for project in expected}, chosen
        if random.random() < 0.4:
            in_sql = list(listing.in_sql().values_list("pk", flat=True))
            assert sorted(in_sql) == sorted(project.pk for project in expected), chosen
        for facet in listing.facets:
            siblings = loop.matching(chosen, without=facet.name)
            for option in facet.options:
                count = sum(option.value in loop.values(project, facet.name) for project in siblings)
                assert option.count == count, (chosen, facet.name, option.value)
                assert option.disabled == (not count and not option.selected)


@pytest.mark.parametrize("on", DAYS[:3], ids=str)
def test_the_count_beside_an_option_is_what_choosing_it_gives(net, on):
    random = Random(5)
    for _state in range(6):
        chosen = random_choice(net, random)
        listing = listing_of(chosen, on)
        for facet in listing.facets:
            for option in facet.options:
                others = {name: slugs for name, slugs in chosen.items() if name != facet.name}
                assert option.count == listing_of({**others, facet.name: [option.value]}, on).total


def test_a_project_without_any_date_is_in_todays_list_only(net):
    dateless = Project.objects.get(slug="dateless")
    assert dateless.pk in listing_of({}).matched
    for on in (*DAYS[1:], timezone.localdate() + timedelta(days=30)):
        assert dateless.pk not in listing_of({}, on).matched


def test_a_project_of_several_regions_themes_and_clusters_appears_once(net):
    loop = Loop(net, None)
    several = next(
        p for p in loop.matching({}) if len(loop.values(p, "cluster")) > 1 and len(loop.values(p, "region")) > 1
    )
    clusters, regions = loop.values(several, "cluster"), loop.values(several, "region")
    for slug in regions:
        assert several.pk in listing_of({"region": [slug]}).matched
    listing = listing_of({"region": sorted(regions), "cluster": sorted(clusters)}, sort="name")
    ids = [
        pk
        for page in range(1, listing.pages + 1)
        for pk in listing_of(
            {"region": sorted(regions), "cluster": sorted(clusters)}, sort="name", page=str(page)
        ).page_ids
    ]
    assert ids.count(several.pk) == 1
    assert len(ids) == listing.total == len(set(ids))


@pytest.mark.parametrize("on", DAYS[:3], ids=str)
@pytest.mark.parametrize("sort", ["newest", "name", "budget"])
def test_pages_follow_one_another_in_the_order_asked_for(net, on, sort):
    loop = Loop(net, on)
    listing = listing_of({}, on, sort=sort)
    ids = [pk for page in range(1, listing.pages + 1) for pk in listing_of({}, on, sort=sort, page=str(page)).page_ids]
    assert sorted(ids) == sorted(project.pk for project in loop.matching({}))
    assert ids == list(listing.in_sql().values_list("pk", flat=True))
    by_pk = {project.pk: project for project in net.projects}
    if sort == "budget":
        costs = [by_pk[pk].total_cost for pk in ids]
        assert costs == sorted(costs, key=lambda cost: (cost is None, -(cost or 0)))
    if sort == "newest":
        days = [min((x.date for x in loop.labels(by_pk[pk])), default=by_pk[pk].start) for pk in ids]
        assert [d for d in days if d] == sorted([d for d in days if d], reverse=True)
        assert None not in days[: len([d for d in days if d])]


def test_an_ended_project_never_shows_as_ongoing(net):
    ongoing = {"planned", "labelled", "funded", "running"}
    for on in DAYS:
        day = on or timezone.localdate()
        listing = listing_of({"state": sorted(ongoing)}, on)
        ended = [p for p in net.projects if p.end and p.end < day]
        assert ended
        assert not any(project.pk in listing.matched for project in ended)
        states = Project.objects.with_state(on).filter(pk__in=[p.pk for p in ended])
        assert set(states.values_list("state", flat=True)) <= {"finished", "abandoned"}


def test_staff_may_state_another_state_with_a_reason_from_a_day_on(net):
    stated = [p for p in net.projects if p.stated == "abandoned" and p.stated_on and p.status == "published"]
    project = next(p for p in stated if not p.end or p.end > p.stated_on)
    before = Project.objects.with_state(project.stated_on - timedelta(days=1)).get(pk=project.pk)
    after = Project.objects.with_state(project.stated_on).get(pk=project.pk)
    assert (before.state, after.state) == (Loop(net, project.stated_on - timedelta(days=1)).state(project), "abandoned")


# The pages --------------------------------------------------------------------------------------------


def headline(response) -> str:
    return re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.S).group(1)).strip()


@pytest.mark.parametrize(
    "query", ["", "?q=projet", "?region=armor&sort=name", "?cluster=cluster-0&page=2", "?budget=zero"]
)
def test_what_htmx_receives_is_what_the_page_has(net, client, query):
    page = client.get(f"/en/projects/{query}").content.decode()
    fragment = client.get(f"/en/projects/{query}", headers={"HX-Request": "true"})
    assert "HX-Request" in fragment["Vary"]
    inside = fragment.content.decode()
    inside = inside[inside.index('<div id="results">') :].strip()
    assert inside in page
    whole = client.get(f"/en/projects/{query}", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert whole.content.decode().lstrip().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("query", ["", "?region=armor&theme=energy", "?q=projet", "?on=2014-03-15&state=running"])
def test_a_list_costs_the_same_few_queries_whatever_it_shows(net, client, query):
    client.get(f"/en/projects/{query}")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/en/projects/{query}")
    assert len(queries) <= 9, [q["sql"][:120] for q in queries]


def test_paging_keeps_filters_sort_and_words_even_at_the_far_ends(net):
    listing = listing_of({"region": ["armor", "beaucaire"]}, q="projet", sort="name", page="2")
    listing.page_size = 5
    assert listing.pages > 3
    for link in listing.page["links"]:
        if not link.gap:
            assert "q=projet" in link.url and "region=armor&region=beaucaire" in link.url and "sort=name" in link.url
    assert listing.address.replacing(page=1).url == "/en/projects/?q=projet&region=armor&region=beaucaire&sort=name"


def test_toggling_a_filter_returns_to_the_first_page_and_keeps_the_rest(net):
    listing = listing_of({"region": ["armor"]}, on=date(2019, 12, 31), q="projet", sort="name", page="2")
    option = next(option for facet in listing.facets for option in facet.options if option.value == "energy")
    assert (
        listing.address.toggling("theme", option.value).url
        == "/en/projects/?on=2019-12-31&q=projet&region=armor&sort=name&theme=energy"
    )
    chip = next(chip for chip in listing.chips if chip.name == "region")
    assert chip.url == "/en/projects/?on=2019-12-31&q=projet&sort=name"


def test_a_page_out_of_range_shows_the_last_page(net, client):
    last = listing_of({}).pages
    response = client.get("/en/projects/?page=99999")
    assert response.status_code == 200
    assert response.context["listing"].page_number == last
    assert response.context["projects"]


def test_an_unknown_value_matches_nothing_and_can_be_taken_away(net, client):
    response = client.get("/en/projects/?programme=unheard-of&region=armor")
    listing = response.context["listing"]
    assert listing.total == 0
    assert [(drop.label, drop.count) for drop in listing.drops] == [
        ("Region of a partner", 0),
        ("Funding programme", listing_of({"region": ["armor"]}).total),
    ]
    assert "Nothing meets all these criteria" in response.content.decode()


def test_the_list_of_a_cluster_stays_inside_it(net, client):
    response = client.get("/en/clusters/cluster-0/projects/?region=armor")
    listing = response.context["listing"]
    assert listing.total == listing_of({"cluster": ["cluster-0"], "region": ["armor"]}).total
    assert not any(facet.name == "cluster" for facet in listing.facets)
    assert all(
        listing.address.toggling(option.name, option.value).url.startswith("/en/clusters/cluster-0/projects/")
        for facet in listing.facets
        for option in facet.options
    )
    assert all(
        url.startswith("/en/clusters/cluster-0/projects/")
        for card in response.context["projects"]
        for _n, url in card.themes
    )
    assert client.get("/en/clusters/cluster-3/projects/").status_code == 404  # a draft


def test_permutations_are_not_indexed_and_the_clean_list_is(net, client):
    assert 'content="noindex,follow"' in client.get("/en/projects/?region=armor").content.decode()
    clean = client.get("/en/projects/").content.decode()
    assert "noindex" not in clean
    assert 'hreflang="fr" href="' in clean and "/fr/" in clean


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({}, r"[\d,]+ projects"),
        ({"cluster": ["cluster-0"]}, r"\d+ projects labelled by Alpha"),
        ({"cluster": ["cluster-0"], "theme": ["energy"]}, r"\d+ projects? labelled by Alpha on the theme Energy"),
        ({"state": ["running"], "region": ["armor"]}, r"\d+ running projects? in Armor"),
        ({"milestone": ["funded"]}, r"\d+ projects funded"),
        ({"programme": ["programme-a", "programme-b"]}, r"\d+ projects funded by A or B"),
        ({"year": ["2019"], "budget": ["over-5m"]}, r"\d+ projects? \(2019\) \(€5 million and over\)"),
    ],
)
def test_the_heading_is_a_sentence_made_from_the_filters(net, client, chosen, sentence):
    query = "&".join(f"{name}={slug}" for name, slugs in chosen.items() for slug in slugs)
    response = client.get(f"/en/projects/?{query}")
    assert re.fullmatch(sentence, headline(response)), headline(response)
    assert headline(response).split(" ")[0] == f"{response.context['listing'].total:,}"


def test_the_heading_escapes_what_was_typed(net, client):
    page = client.get("/en/projects/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from([*FACETS, "partner", "shared", "q", "on", "sort", "page", "unknown"]),
        st.lists(
            st.text(max_size=60) | st.sampled_from(["\x00", "2021-13-45", "-1", "٣", "none", "9" * 40, "a" * 10_000]),
            max_size=4,
        ),
        max_size=5,
    )
)
def test_any_query_string_gives_a_page_and_never_a_wider_list(net, client, query):
    response = client.get("/en/projects/", query)
    assert response.status_code == 200
    listing = response.context["listing"]
    for facet in FACETS:
        if any(value.replace("\x00", "").strip() for value in query.get(facet, [])):
            assert listing.address.slugs(facet), facet
    assert listing.total <= listing_of({}).total


def test_the_heading_agrees_in_number_and_gender_in_french(net, client):
    singular = next(
        query
        for cluster in ("cluster-0", "cluster-1", "cluster-2", "cluster-4")
        for year in range(2005, 2027)
        if listing_of(query := {"cluster": [cluster], "year": [str(year)], "state": ["finished"]}).total == 1
    )
    with translation.override("fr"):
        for chosen, sentence in (
            ({"cluster": ["cluster-0"]}, r"\d+ projets labellisés par Alpha"),
            (singular, rf"1 projet terminé labellisé par \w+ \({singular['year'][0]}\)"),
            ({"state": ["running", "finished"]}, r"\d+ projets \(en cours ou terminés\)"),
            ({"programme": ["programme-a"], "theme": ["energy"]}, r"\d+ projets financés par A sur le thème Énergie"),
        ):
            assert re.fullmatch(sentence, listing_of(chosen).heading), chosen


def test_a_change_is_counted_by_the_next_request(net):
    project = next(p for p in Loop(net, None).matching({}) if Loop(net, None).values(p, "programme"))
    funding = next(f for f in net.fundings if f.project is project)
    before = listing_of({"programme": [funding.programme.slug]}).total
    dateless = Project.objects.get(slug="dateless")
    for change, difference in (
        (lambda: Funding.objects.create(project=dateless, programme=funding.programme, date=date(2020, 1, 1)), 1),
        (lambda: Project.objects.filter(pk=project.pk).update(status="draft"), 0),
        (lambda: Funding.objects.filter(project=dateless).delete(), -1),
        (lambda: Project.objects.filter(pk=project.pk).update(status="published"), 0),
    ):
        change()
        assert listing_of({"programme": [funding.programme.slug]}).total == before + difference
