"""A list and its SQL form: the same rows in the same order, whatever the address; and none that lacks the other."""

import re
from datetime import date, timedelta
from random import Random

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from cluster_portal.listing import DeclaredFacet
from cluster_portal.listing.address import RELEVANCE
from cluster_portal.listing.filters import ValuesFilter
from cluster_portal.listing.heading import in_brackets
from members.listings import MemberListing
from projects.listings import ProjectListing
from tests.small_network import days_on_which_something_turns, forget_network, make_network

pytestmark = pytest.mark.django_db

LISTINGS = [MemberListing, ProjectListing]
TODAY = date(2026, 3, 2)
WORDS = [*8 * [""], "organisation", "projet", "organisation 1", "energy", "p3", "zzzz"]


@pytest.fixture(scope="module")
def net(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), time_machine.travel(TODAY, tick=False):
        found = make_network(seed=31, organisations=80, projects=70)
        for number, organisation in enumerate(found.organisations):
            if number % 3:  # some on one day, some never: equal rows have an order too
                organisation.verified_on = date(2025, 1 + number % 4, 1)
                organisation.save()
        yield found
        forget_network()


@pytest.fixture(autouse=True)
def english_today():
    with translation.override("en"), time_machine.travel(TODAY, tick=False):
        yield


def turns(net, listing) -> list[tuple[list[tuple[str, str]], date]]:
    """Choices together with a day on which a row begins or ceases to have them."""
    if listing is MemberListing:
        return [
            ([("cluster", membership.cluster.slug)], day)
            for membership in net.memberships
            for day in (membership.joined_on, membership.left_on)
            if day
        ]
    given = [([("cluster", label.cluster.slug)], label.date) for label in net.labels]
    given += [([("year", str(label.date.year))], label.date) for label in net.labels]
    return given + [([("programme", funding.programme.slug)], funding.date) for funding in net.fundings]


def addresses(net, listing) -> st.SearchStrategy[QueryDict]:
    """Any address of a list, of values that there are, of drafts and of none, on the days when something turns."""
    partners = [organisation.slug for organisation in net.organisations]
    reading = listing.asked(QueryDict(""), "/").reading
    choices = []
    for facet in listing.declared:
        values = reading[facet.name].values.values()
        for name in facet.parameters:
            known = [value.slug for value in values if (value.parameter or facet.name) == name]
            known += partners if facet.name == "partner" else []
            known += [cluster.slug for cluster in net.clusters] if facet.name in ("cluster", "shared") else []
            slugs = st.lists(st.sampled_from([*known, *known, "none", "no-such-value"]), min_size=1, max_size=3)
            choices.append(slugs.map(lambda slugs, name=name: [(name, slug) for slug in slugs]))
    few = st.lists(st.one_of(choices), max_size=2).map(lambda parts: [pair for part in parts for pair in part])
    any_day = [([], day) for days in days_on_which_something_turns(net).values() for day in days]
    turning = st.sampled_from([*any_day, *turns(net, listing)])
    on_a_turn = st.tuples(turning, st.integers(-1, 1)).map(
        lambda drawn: (drawn[0][0], (drawn[0][1] + timedelta(days=drawn[1])).isoformat())
    )
    days = st.one_of(st.just(([], "")), on_a_turn, on_a_turn)
    orders = [name for name, _label in listing.orders]

    def written(chosen, words, turn, order, flags) -> QueryDict:
        params, (turning, day) = QueryDict(mutable=True), turn
        for name, slug in [*chosen, *turning]:
            params.appendlist(name, slug)
        params.update({"q": words, "on": day, "sort": order, **dict.fromkeys(flags, "1")})
        return params

    return st.builds(
        written,
        few,
        st.sampled_from(WORDS),
        days,
        st.sampled_from(["", RELEVANCE, *orders, *orders]),
        st.sets(st.sampled_from(sorted(listing.flags))) if listing.flags else st.just(()),
    )


@pytest.mark.parametrize("listing", LISTINGS)
def test_a_list_and_its_sql_form_have_the_same_rows_in_the_same_order(net, listing, monkeypatch):
    monkeypatch.setattr(listing, "page_size", 1000)
    fixed = st.sampled_from([None, None, None, {"cluster": "cluster-0"}])

    @settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(params=addresses(net, listing), fixed=fixed)
    def try_one(params, fixed):
        one = listing.asked(params, "/", fixed)
        event(f"{'nothing' if not one.total else 'some'} found, by {one.address.order}")
        assert one.page_ids == list(one.in_sql().values_list("pk", flat=True)), params.urlencode()

    try_one()


@pytest.mark.parametrize("listing", LISTINGS)
def test_a_choice_turns_on_the_same_day_in_both(net, listing):
    plain = listing.asked(QueryDict(""), "/").address
    for chosen, turning in Random(8).sample(turns(net, listing), 50):
        for day in (turning - timedelta(days=1), turning, turning + timedelta(days=1)):
            one = listing(plain.replacing(chosen=frozenset(chosen), on=day))
            assert set(one.matched) == set(one.in_sql().values_list("pk", flat=True)), (chosen, day)


@pytest.mark.parametrize("listing", LISTINGS)
def test_every_order_of_a_list_is_tried_on_rows_that_it_tells_apart(net, listing, monkeypatch):
    """Two orders that were the same by chance would let one be taken for the other."""
    monkeypatch.setattr(listing, "page_size", 1000)
    orders = [name for name, _label in listing.orders]
    sequences = {tuple(listing.asked(QueryDict(f"sort={order}"), "/").page_ids) for order in orders}
    assert len(sequences) == len(orders)


# A list that is only half declared ------------------------------------------------------------------------

LEVEL = DeclaredFacet("level", _("State"), "list")


def refused(listing, **changes) -> str:
    with pytest.raises(ImproperlyConfigured) as refusal:
        type("HalfDeclared", (listing,), changes)
    return str(refusal.value)


@pytest.mark.parametrize("listing", LISTINGS)
def test_a_facet_of_the_list_alone_is_refused(listing):
    declared, phrases = (*listing.declared, LEVEL), (*listing.phrases, in_brackets("level"))
    assert f"'level' has no form in {listing.filters.__name__}" in refused(listing, declared=declared, phrases=phrases)


@pytest.mark.parametrize("listing", LISTINGS)
def test_a_facet_of_the_sql_form_alone_is_refused(listing):
    filters = type("Filters", (listing.filters,), {"level": ValuesFilter(method="search")})
    assert "Filters has the facet 'level'" in refused(listing, filters=filters)


@pytest.mark.parametrize("listing", LISTINGS)
def test_an_order_without_its_sql_form_is_refused_and_the_other_way_round(listing):
    kept = {name: order for name, order in listing.filters.orders.items() if name != "name"}
    filters = type("Filters", (listing.filters,), {"orders": kept})
    assert "the order 'name' has no form in Filters" in refused(listing, filters=filters)
    assert f"{listing.filters.__name__} has the order 'name'" in refused(
        listing, orders=tuple(order for order in listing.orders if order[0] != "name")
    )


@pytest.mark.parametrize("listing", LISTINGS)
def test_an_order_that_the_index_does_not_hold_is_refused(listing):
    orders = {**listing.filters.orders, "shuffled": lambda rows, day: rows.order_by("?")}
    filters = type("Filters", (listing.filters,), {"orders": orders})
    said = refused(listing, orders=(*listing.orders, ("shuffled", _("Name"))), filters=filters)
    assert "the index holds no order 'shuffled'" in said


def test_a_flag_without_its_sql_form_is_refused():
    assert "the flag 'abroad' has no form" in refused(ProjectListing, flags={"abroad": (_("Country"), _("Country"))})
    assert "has the flag 'former'" in refused(MemberListing, flags={})


@pytest.mark.parametrize("listing", LISTINGS)
def test_a_facet_of_which_the_heading_says_nothing_is_refused(listing):
    assert "the facet 'theme' has no words in the heading" in refused(
        listing, phrases=tuple(phrase for phrase in listing.phrases if "theme" not in phrase.facets)
    )
    assert "the heading speaks of 'level'" in refused(listing, phrases=(*listing.phrases, in_brackets("level")))


@pytest.mark.parametrize(
    ("listing", "facet"),
    [(listing, facet) for listing in LISTINGS for facet in listing.declared],
    ids=lambda one: getattr(one, "name", None),
)
def test_the_heading_says_what_is_chosen_in_every_facet(net, listing, facet):
    """Words that are there and say nothing would be none."""
    plain = listing.asked(QueryDict(""), "/")
    if facet.name == "partner":
        slugs = [organisation.slug for organisation in net.organisations]
    else:
        slugs = [slug for slug in plain.reading[facet.name].values if slug != "none"]
    found = (plain.at(plain.address.toggling(facet.name, slug)) for slug in slugs)
    chosen = next(one for one in found if one.total > 1)
    assert re.sub(r"\d+", "", chosen.heading) != re.sub(r"\d+", "", plain.heading)
