"""Counts and lists against a plain loop over objects: the only oracle worth having.

The loop reads rows as lists, asks the database no question of its own and knows nothing of bitmaps.
"""

import re
import threading
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
import time_machine
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from cluster_portal.facets import FacetIndex, Fact, Rows, Sums, by_overlap
from cluster_portal.facets.index import KEPT_DAYS
from members.cards import cards as member_cards
from members.counts import MemberCounts
from members.facets import MEMBER_INDEX, MemberReading
from members.listings import MemberListing
from members.models import Cluster, Department, Membership, Organisation, Region, Site, Theme
from projects.cards import cards as project_cards
from projects.facets import PROJECT_INDEX
from projects.figures import FIGURE_INDEX
from projects.listings import ProjectListing
from projects.models import Project

TODAY = date(2026, 11, 23)
DAYS = (None, None, None, date(2021, 12, 31), date(2012, 6, 1), date(2027, 2, 1))
INDEXES = (MEMBER_INDEX, PROJECT_INDEX, FIGURE_INDEX)
NAMES = ("members", "projects", "figures")
WORDS = ("", "", "", "hydrogène", "Lyon", "batterie", "SAS", "zzyzx")


@pytest.fixture(autouse=True)
def _on_a_fixed_day():
    with time_machine.travel(TODAY, tick=False):
        yield


class Directory:
    """The rows of the directory as Python objects, and what a visitor means by each parameter."""

    def __init__(self) -> None:
        self.organisations = list(Organisation.objects.prefetch_related("themes", "supervisors"))
        self.themes = {theme.pk: theme for theme in Theme.objects.all()}
        self.regions = {region.pk: region for region in Region.objects.all()}
        self.departments = {department.pk: department for department in Department.objects.all()}
        self.clusters = {cluster.pk: cluster for cluster in Cluster.objects.all()}
        self.sites, self.memberships = {}, {}
        for site in Site.objects.all():
            self.sites.setdefault(site.organisation_id, []).append(site)
        for membership in Membership.objects.all():
            self.memberships.setdefault(membership.organisation_id, []).append(membership)

    def clusters_of(self, organisation, day) -> set[str]:
        found = set()
        for membership in self.memberships.get(organisation.pk, []):
            joined = membership.joined_on is None or membership.joined_on <= day
            left = membership.left_on is not None and membership.left_on <= day
            closed = organisation.closed_on is not None and organisation.closed_on <= day
            cluster = self.clusters[membership.cluster_id]
            if joined and not left and not closed and cluster.status == "published":
                found.add(cluster.slug)
        return found

    def clusters_ever_of(self, organisation, day) -> set[str]:
        clusters = [
            self.clusters[membership.cluster_id]
            for membership in self.memberships.get(organisation.pk, [])
            if membership.joined_on is None or membership.joined_on <= day
        ]
        return {cluster.slug for cluster in clusters if cluster.status == "published"}

    def is_listed(self, organisation, day, former) -> bool:
        if organisation.status != "published":
            return False
        return former or bool(self.clusters_of(organisation, day))

    def places_of(self, organisation) -> set[str]:
        """Slugs of regions and departments; everything that exists for who works nationwide."""
        sites = self.sites.get(organisation.pk, [])
        if organisation.national:
            return {"overseas", *(place.slug for place in (*self.regions.values(), *self.departments.values()))}
        found = set()
        for site in sites:
            if site.department_id:
                department = self.departments[site.department_id]
                found |= {department.slug, self.above(department)}
            elif site.region_id:
                found.add(self.regions[site.region_id].slug)
            elif site.country != "FR":
                found.add("abroad")
        return found or ({"none"} if organisation.country == "FR" else set())

    def above(self, department) -> str:
        return self.regions[department.region_id].slug if department.region_id else "overseas"

    def countries_of(self, organisation) -> set[str]:
        return {organisation.country.code, *(site.country.code for site in self.sites.get(organisation.pk, []))}

    def themes_of(self, organisation) -> set[str]:
        own = list(organisation.themes.all())
        return {theme.slug for theme in own} | {self.themes[t.parent_id].slug for t in own if t.parent_id}

    def meets(self, organisation, group, wanted, day, former=False) -> bool:
        if not wanted:
            return True
        clusters_of = self.clusters_ever_of if former else self.clusters_of
        own = {
            "kind": lambda: {organisation.kind},
            "size": lambda: {organisation.size},
            "type": lambda: {organisation.institution_type},
            "region": lambda: self.places_of(organisation),
            "country": lambda: self.countries_of(organisation),
            "supervisor": lambda: {b.slug for b in organisation.supervisors.all() if b.status == "published"},
            "theme": lambda: self.themes_of(organisation),
            "cluster": lambda: clusters_of(organisation, day),
            "shared": lambda: clusters_of(organisation, day),
        }[group]()
        return bool(own & set(wanted))

    def precise(self, group, wanted) -> set[str]:
        """A department chosen replaces its region, a theme chosen its domain."""
        wanted = set(wanted)
        above = set()
        if group == "region":
            above = {self.above(d) for d in self.departments.values() if d.slug in wanted}
            above -= {d.slug for d in self.departments.values()}  # overseas, both are one
        if group == "theme":
            above = {self.themes[t.parent_id].slug for t in self.themes.values() if t.parent_id and t.slug in wanted}
        return wanted - above

    def rows(self, state, texts=None, without="", instead=None) -> set[int]:
        """Primary keys in the list of a state; ``without`` leaves a group out, ``instead`` replaces it."""
        day = state["on"] or TODAY
        groups = {group: self.precise(group, wanted) for group, wanted in state["groups"].items() if group != without}
        groups.update(instead or {})
        return {
            organisation.pk
            for organisation in self.organisations
            if self.is_listed(organisation, day, state["former"])
            and (texts is None or organisation.pk in texts)
            and all(self.meets(organisation, group, wanted, day, state["former"]) for group, wanted in groups.items())
        }


def random_state(random: Random, oracle: Directory) -> dict:
    regions = [r.slug for r in oracle.regions.values()]
    departments = [d.slug for d in oracle.departments.values()]
    themes = [t.slug for t in oracle.themes.values()]
    clusters = [c.slug for c in oracle.clusters.values()]
    some = {
        "kind": ["company", "laboratory", "institution", "unknown"],
        "region": [*regions, *regions, *departments, "overseas", "none", "unknown"],
        "country": ["FR", "FR", "DE", "IT", "unknown"],
        "supervisor": [*(b.slug for o in oracle.organisations for b in o.supervisors.all()), "unknown"],
        "theme": [*themes, "unknown"],
        "cluster": [*clusters, "unknown"],
        "size": ["micro", "sme", "midcap", "large", "unknown"],
        "type": ["higher_education", "training", "funder", "unknown"],
        "shared": clusters,
    }
    chance = {"kind": 0.4, "region": 0.5, "theme": 0.5, "cluster": 0.3, "size": 0.2, "type": 0.1, "shared": 0.1}
    chance |= {"country": 0.05, "supervisor": 0.02}
    groups = {
        name: random.sample(values, random.choice([1, 1, 2, 3]) if len(values) > 3 else 1)
        for name, values in some.items()
        if random.random() < chance[name]
    }
    if groups.get("region") and random.random() < 0.5:  # a region with a department of its own
        department = random.choice(list(oracle.departments.values()))
        groups["region"] += [oracle.above(department), department.slug]
    if groups.get("theme") and random.random() < 0.5:
        theme = random.choice([theme for theme in oracle.themes.values() if theme.parent_id])
        groups["theme"] += [theme.slug, oracle.themes[theme.parent_id].slug]
    return {
        "groups": groups,
        "q": random.choice(WORDS),
        "on": random.choice(DAYS),
        "former": random.random() < 0.15,
    }


def listing_of(state, departments=()) -> MemberListing:
    params = QueryDict(mutable=True)
    for group, values in state["groups"].items():
        for value in values:
            params.appendlist("department" if group == "region" and value in departments else group, value)
    if state["q"]:
        params["q"] = state["q"]
    if state["on"]:
        params["on"] = state["on"].isoformat()
    if state["former"]:
        params["former"] = "1"
    return MemberListing.asked(params, "/en/members/")


def texts_of(state):
    """What the words find; how they find it is another file's subject."""
    if not state["q"]:
        return None
    return set(Organisation.objects.search(state["q"]).values_list("pk", flat=True))


@pytest.fixture
def oracle(network):
    return Directory()


@pytest.fixture
def states(oracle):
    random = Random(2026)
    return [random_state(random, oracle) for _ in range(250)]


def finer_places(oracle) -> set[str]:
    return {d.slug for d in oracle.departments.values()} - {r.slug for r in oracle.regions.values()}


def test_the_total_of_a_list_is_what_a_plain_loop_finds(oracle, states):
    finer, some = finer_places(oracle), 0
    for state in states:
        expected = oracle.rows(state, texts_of(state))
        listing = listing_of(state, finer)
        assert set(listing.matched) == expected, state
        assert listing.total == len(expected)
        some += bool(expected)
    assert some > 50  # the states are not all too narrow to prove anything


def test_the_count_beside_an_option_is_what_choosing_it_alone_gives(oracle, states):
    """Whatever else is chosen; a facet ignores its own choice, so siblings are not zeroed."""
    finer, checked = finer_places(oracle), 0
    for state in states[::5]:
        texts = texts_of(state)
        listing = listing_of(state, finer)
        for facet in listing.facets:
            rows = {pk: None for pk in oracle.rows(state, texts, without=facet.name)}
            others = [o for o in oracle.organisations if o.pk in rows]
            for option in facet.options:
                day = state["on"] or TODAY
                alone = sum(oracle.meets(o, facet.name, {option.value}, day, state["former"]) for o in others)
                assert option.count == alone, (state, facet.name, option.value)
                checked += 1
    assert checked > 3000


def test_a_click_on_an_option_gives_its_count(oracle):
    """From a list in which the group has no choice yet, on the real addresses."""
    state = {"groups": {"kind": ["company"]}, "q": "", "on": None, "former": False}
    listing = listing_of(state)
    for facet in listing.facets:
        if facet.name == "kind":
            continue
        for option in [option for option in facet.options if option.count][:8]:
            clicked = listing.at(listing.address.toggling(option.name, option.value))
            assert clicked.total == option.count, (facet.name, option.value)


def test_the_filterset_and_the_bitmaps_find_the_same(oracle, states):
    finer = finer_places(oracle)
    for state in states:
        listing = listing_of(state, finer)
        assert set(listing.in_sql().values_list("pk", flat=True)) == set(listing.matched), state


def test_every_order_lists_the_same_organisations_once_each(oracle, states):
    for state in states[::10]:
        for sort in ("name", "newest", "verified", "relevance"):
            params = QueryDict(mutable=True)
            params["sort"], params["q"] = sort, state["q"]
            listing = MemberListing.asked(params, "/")
            listing.page_size = 1000
            assert sorted(listing.page_ids) == list(listing.matched), (sort, state["q"])


def test_an_unknown_value_alone_finds_nothing_and_never_widens(network):
    everyone = MemberListing.asked(QueryDict(""), "/").total
    for name in ("kind", "region", "department", "theme", "cluster", "size", "type", "shared"):
        assert MemberListing.asked(QueryDict(f"{name}=unknown"), "/").total == 0, name
    for query in ("region=bretagne", "theme=hydrogen", "kind=company"):
        known = MemberListing.asked(QueryDict(query), "/").total
        name = query.split("=")[0]
        assert MemberListing.asked(QueryDict(f"{query}&{name}=unknown"), "/").total == known <= everyone


def test_an_unknown_region_finds_not_even_those_who_work_nationwide(network):
    Organisation.objects.filter(pk__in=Organisation.objects.published().members()[:5]).update(national=True)
    for query, expected in (("region=unknown", 0), ("department=unknown", 0), ("region=none&region=unknown", None)):
        listing = MemberListing.asked(QueryDict(query), "/")
        found = set(listing.in_sql().values_list("pk", flat=True))
        assert found == set(listing.matched)
        assert expected is None or listing.total == expected


@pytest.mark.parametrize("query", ["region=unknown", "region=bretagne&region=unknown", "region=none&region=unknown"])
def test_an_unknown_region_finds_not_even_nationwide_projects(network, query):
    Project.objects.filter(pk__in=Project.objects.published()[:5]).update(national=True)
    listing = ProjectListing.asked(QueryDict(query), "/")
    assert set(listing.in_sql().values_list("pk", flat=True)) == set(listing.matched)
    assert bool(listing.total) == ("bretagne" in query) or "none" in query


def test_nationwide_organisations_match_every_region(network):
    organisation = Organisation.objects.published().members().filter(national=False).first()
    before = {r: organisation.pk in MemberCounts().having("region", r) for r in ("bretagne", "corse", "mayotte")}
    assert sum(before.values()) <= 1
    Organisation.objects.filter(pk=organisation.pk).update(national=True)
    counts = MemberCounts()
    for region in Region.objects.all():
        assert organisation.pk in counts.having("region", region.slug)
        assert organisation.pk in MemberListing.asked(QueryDict(f"region={region.slug}"), "/").matched
    assert organisation.pk not in counts.having("region", "none")


def test_a_member_of_several_regions_and_themes_is_counted_once(network):
    organisation = Organisation.objects.published().members().first()
    departments = list(Department.objects.filter(region__slug__in=["bretagne", "normandie"]))
    Site.objects.bulk_create([Site(organisation=organisation, department=d) for d in departments])
    organisation.themes.set(Theme.objects.all()[:12])
    query = "region=bretagne&region=normandie&" + "&".join(f"theme={t.slug}" for t in organisation.themes.all())
    listing = MemberListing.asked(QueryDict(query), "/")
    listing.page_size = 1000
    assert listing.page_ids.count(organisation.pk) == 1 and listing.total == len(listing.page_ids)


# Freshness -------------------------------------------------------------------------------------------


def total(query="") -> int:
    return MemberListing.asked(QueryDict(query), "/").total


def test_bulk_updates_and_raw_sql_are_seen_at_once(network):
    before = total("kind=company")
    one = Organisation.objects.published().members().filter(kind="company").first()
    Organisation.objects.filter(pk=one.pk).update(status="draft")
    assert total("kind=company") == before - 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_organisation SET status = 'published' WHERE id = %s", [one.pk])
    assert total("kind=company") == before
    one.memberships.all().delete()
    assert total("kind=company") == before - 1


def test_truncating_a_table_is_seen_at_once(network):
    assert total("region=bretagne") > 0
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE members_site")
    assert total("region=bretagne") == total("region=corse") <= total("region=none")


def test_what_a_transaction_changed_is_forgotten_when_it_is_undone(network):
    before = total()
    with transaction.atomic():
        Organisation.objects.update(status="draft")
        assert total() == 0
        transaction.set_rollback(True)
    assert total() == before


def test_a_facet_read_after_a_change_of_the_same_transaction_is_not_kept(network_connection):
    """Facets are read when first asked for: between asking and reading the transaction may have changed them."""
    MEMBER_INDEX.forget()
    with transaction.atomic():
        facets = MEMBER_INDEX.at()
        Organisation.objects.update(national=True, status="draft")
        assert facets["kind"] and not facets.published and facets["region"]
        transaction.set_rollback(True)
    assert MEMBER_INDEX.at().published
    located = MEMBER_INDEX.at().region
    assert located.having("bretagne") != located.having("corse")


def in_another_connection(work) -> None:
    """``work`` in a thread, which has its own connection and commits."""
    failures = []

    def run():
        try:
            work()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert not failures and not thread.is_alive(), failures


def test_what_others_commit_is_seen_at_once_and_what_they_have_not_committed_never(network_connection):
    before = total("size=large")
    one = Organisation.objects.published().members().filter(size="large").first()
    seen, go_on = {}, threading.Event()
    written = threading.Event()

    def change(size, wait=False):
        with transaction.atomic():
            Organisation.objects.filter(pk=one.pk).update(size=size)
            seen["own"] = total("size=large")
            if wait:
                written.set()
                go_on.wait(20)

    thread = threading.Thread(target=lambda: (change("sme", wait=True), connection.close()))
    thread.start()
    try:
        written.wait(20)
        assert seen["own"] == before - 1  # for its own eyes
        assert total("size=large") == before  # and not for others
        go_on.set()
        thread.join(20)
        assert total("size=large") == before - 1
    finally:
        go_on.set()
        thread.join(20)
        in_another_connection(lambda: change("large"))
    assert total("size=large") == before


def test_several_threads_that_read_and_write_never_see_a_stale_count(network_connection):
    """Each writer's count right after its commit is at least as new as its commit."""
    victims = list(Organisation.objects.published().members().filter(kind="company").values_list("pk", flat=True)[:3])
    wrong = []

    def work(pk):
        for status, expected in (("draft", 0), ("published", 1)) * 4:
            Organisation.objects.filter(pk=pk).update(status=status)
            found = pk in MemberListing.asked(QueryDict("kind=company"), "/").matched
            if found != bool(expected):
                wrong.append((pk, status))

    threads = [threading.Thread(target=lambda pk=pk: (work(pk), connection.close())) for pk in victims]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    Organisation.objects.filter(pk__in=victims).update(status="published")
    assert not wrong


def test_a_new_day_is_a_new_list(network):
    one = Membership.objects.current().public().filter(organisation__closed_on=None).first()
    Membership.objects.filter(organisation=one.organisation_id).exclude(pk=one.pk).delete()
    Membership.objects.filter(pk=one.pk).update(left_on=TODAY + timedelta(days=1))
    listed = total()
    with time_machine.travel(TODAY + timedelta(days=1), tick=False):
        assert total() == listed - 1


def test_after_a_silence_as_long_as_the_log_is_kept_everything_is_read_anew(network_connection):
    """The log holds a day's changes: a process that slept longer must not believe that nothing changed."""
    before = total("kind=company")
    one = Organisation.objects.published().members().filter(kind="company").first()
    with transaction.atomic():
        Organisation.objects.filter(pk=one.pk).update(status="draft")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM portal_change")  # as if it were long ago
    try:
        with time_machine.travel(datetime(2026, 11, 23, 18, tzinfo=UTC), tick=False):
            assert total("kind=company") == before - 1
    finally:
        Organisation.objects.filter(pk=one.pk).update(status="published")
    assert total("kind=company") == before


def test_the_log_keeps_a_day_and_forgets_what_is_older(network):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE portal_change SET recorded_at = now() - interval '25 hours'")
        cursor.execute("SELECT count(*) FROM portal_change")
        before = cursor.fetchone()[0]
        Theme.objects.filter(pk=Theme.objects.first().pk).update(focus=False)
        cursor.execute("SELECT count(*) FROM portal_change WHERE recorded_at < now() - interval '1 day'")
        assert cursor.fetchone()[0] == max(0, before - 100)


def test_renamed_themes_clusters_and_places_are_offered_by_their_new_names(network):
    Theme.objects.filter(slug="health-and-biotechnology").update(name_en="Quorvex theme", name_fr="Thème quorvex")
    Region.objects.filter(slug="bretagne").update(name="Quorvex region")
    Cluster.objects.filter(slug="cara").update(acronym="QRVX", name="Quorvex cluster")
    labels = {
        option.label
        for facet in listing_of({"groups": {}, "q": "", "on": None, "former": False}).facets
        for option in facet.options
    }
    assert "Quorvex region" in labels and labels & {"Quorvex theme", "Thème quorvex"}
    assert any("QRVX" in label or "Quorvex cluster" in label for label in labels)


@pytest.mark.parametrize("index", [MEMBER_INDEX, PROJECT_INDEX])
def test_a_theme_made_between_the_counts_and_the_cards_is_not_shown_yet(network, index):
    make_cards, model = {MEMBER_INDEX: (member_cards, Organisation), PROJECT_INDEX: (project_cards, Project)}[index]
    facets, one = index.at(), model.objects.published().first()
    assert all(facets.read(kept) is not None for kept in facets.kept.values())
    one.themes.set([Theme.objects.create(name_fr="Neuf", name_en="New", slug="new")])
    assert make_cards([one.pk], facets)[0].themes == []


def test_past_days_are_read_as_of_that_day_and_few_are_kept(network):
    for year in range(2008, 2026):
        MemberListing.asked(QueryDict(f"on={year}-06-01"), "/").total  # noqa: B018
    kept = {moment for _name, moment in MEMBER_INDEX._state.entries if moment}
    assert 1 <= len(kept) <= KEPT_DAYS


def tables_read(captured) -> set[str]:
    return {table for query in captured for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}


@pytest.mark.parametrize("index", INDEXES, ids=NAMES)
def test_each_source_names_every_table_that_it_reads_and_the_rest_reads_none(network, index):
    """A table that is read and not named would leave counts stale for ever."""
    reading = FacetIndex(index.reading).at(date(2019, 12, 31))
    sources = {name: kept for name, kept in reading.kept.items() if hasattr(kept, "follows")}
    for name, source in sources.items():
        with CaptureQueriesContext(connection) as captured:
            reading.read(source)
        assert tables_read(captured), name
        assert tables_read(captured) <= set(source.follows), name
    for name, kept in reading.kept.items():
        if name not in sources:
            with CaptureQueriesContext(connection) as captured:
                reading.read(kept)
            assert not captured, name


@pytest.mark.parametrize("index", INDEXES, ids=NAMES)
def test_each_source_follows_columns_that_the_log_names(network, index):
    """From the triggers themselves: the arguments are the columns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, string_agg(DISTINCT encode(tgargs, 'escape'), ''), count(DISTINCT tgtype)"
            " FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid WHERE proname = 'portal_log_change' GROUP BY 1"
        )
        logged = {
            table: set(columns.split("\\000")) - {""} for table, columns, events in cursor.fetchall() if events == 4
        }
    for name, kept in index.reading.kept.items():
        for table, how in getattr(kept, "follows", {}).items():
            assert table in logged, (name, table)
            if how is not None:
                assert (how if isinstance(how, str) else how[0]) in logged[table], (name, table, how)


def test_what_is_not_dated_may_not_depend_on_the_day(network):
    class Careless(MemberReading):
        asks = Fact(lambda at: at.day)
        asks_by_others = Fact(lambda at: at.current)

    reading = FacetIndex(Careless).at()
    for kept in (Careless.asks, Careless.asks_by_others):
        with pytest.raises(TypeError):
            reading.read(kept)


def test_sets_of_rows_are_sets_of_primary_keys():
    """Against Python's own sets."""
    random = Random(3)
    for size in (0, 1, 7, 500):
        one, other = (set(random.sample(range(1, 2_000), size)) for _ in range(2))
        rows, others = Rows(one), Rows(other)
        assert list(rows) == sorted(one) and len(rows) == len(one) and bool(rows) == bool(one)
        assert set(rows & others) == one & other and rows.shared_with(others) == len(one & other)
        assert set(rows | others) == one | other == set(Rows.in_any([rows, others]))
        assert set(rows - others) == one - other
        assert [key for key in (-1, 0, 5, 1_999, 5_000, *one) if key in rows] == [
            key for key in (-1, 0, 5, 1_999, 5_000, *one) if key in one
        ]
        assert rows == Rows(sorted(one)) and (rows != others or one == other)
        shuffled = random.sample(range(3_000), 3_000)
        assert list(rows.in_order(shuffled)) == [key for key in shuffled if key in one]
        assert rows.highest(3) == sorted(one, reverse=True)[:3]
        for key in (0, 1_000, 5_000):
            above, below = [k for k in sorted(one) if k > key], [k for k in sorted(one) if k <= key]
            assert rows.after(key, 9) == (above + below)[:9]


def test_rows_are_grouped_by_how_many_sets_they_are_in():
    sets = [{1, 2, 3}, {2, 3, 4}, {3, 9}]
    found = dict(by_overlap(map(Rows, sets), Rows([1, 2, 3, 4])))
    assert found == {3: Rows([3]), 2: Rows([2]), 1: Rows([1, 4])}


@pytest.mark.parametrize("seed", range(5))
def test_sums_are_those_of_a_plain_loop_before_and_after_a_change(seed):
    random = Random(seed)
    numbers = {key: random.choice([0, 1, random.randrange(2**40)]) for key in random.sample(range(500), 300)}
    sums = Sums.of(numbers.items())
    for _change in range(4):
        assert set(sums.rows) == set(numbers)
        for some in ([], [7], random.sample(range(600), 200), range(600)):
            assert sums.over(Rows(some)) == sum(numbers.get(key, 0) for key in some)
        changed = random.sample(range(600), 40)
        fresh = {key: random.randrange(2 ** random.choice([3, 50])) for key in changed[:20]}
        numbers = {key: number for key, number in numbers.items() if key not in changed} | fresh
        sums = sums.replaced(frozenset(changed), fresh.items())
        assert sums == Sums.of(numbers.items())
    assert sums != Sums.of((numbers | {601: 0}).items())


def test_sums_of_nothing_are_nothing():
    assert Sums.of(()).over(Rows([1, 2])) == 0
    assert Sums.of([(1, 5)]).replaced(frozenset({1}), ()) == Sums.of(())


def test_public_counters_equal_the_lists_they_link_to(network):
    counts = MemberCounts()
    for facet in ("region", "theme"):
        for row in counts.ranked(facet, counts.everyone):
            assert total(row.url.partition("?")[2]) == row.count, row.url
    assert (
        total(counts.unlocated(counts.everyone)["url"].partition("?")[2]) == counts.unlocated(counts.everyone)["count"]
    )


def test_the_index_needs_one_query_when_nothing_changed(network, django_assert_num_queries):
    assert MEMBER_INDEX.at().published
    with django_assert_num_queries(1):
        assert MEMBER_INDEX.at().published


@pytest.mark.parametrize("path", ["/en/legal/", "/en/members/", "/en/accessibility/"])
def test_the_frame_of_a_page_is_of_now_whatever_was_asked_before(network, client, path):
    assert "invented" in client.get(path).content.decode()
    Organisation.objects.update(is_demo=False)
    assert "invented" not in client.get(path).content.decode()


def test_all_of_a_page_is_made_from_one_look_at_the_log(network, client):
    """The list, the figures beside it and the frame, and never from the look of another page."""
    looks = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get("/en/members/?on=2021-12-31")
        looks.append(sum("portal_look" in query["sql"] for query in captured))
    assert looks[1] == 1
