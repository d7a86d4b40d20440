"""What is read of an address, the same on every page that reads it."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from cluster_portal.pages.addresses import address_of
from cluster_portal.pages.asked import (
    FIRST_DAY,
    MAX_LETTERS,
    MAX_SLUG,
    MAX_VALUES,
    AskedDay,
    at_most,
    read_day,
    read_number,
    read_slug,
    read_slugs,
)


def asked(**parameters: str) -> QueryDict:
    params = QueryDict(mutable=True)
    params.update(parameters)
    return params


def test_a_day_is_read_up_to_both_its_bounds():
    today = timezone.localdate()
    for day in (FIRST_DAY, date(2021, 12, 31), today):
        assert read_day(asked(on=day.isoformat())) == AskedDay(day)
    for day in (FIRST_DAY - timedelta(days=1), today + timedelta(days=1)):
        assert read_day(asked(on=day.isoformat())) == AskedDay(misread=True)
    assert read_day(asked(on="0001-01-01"), first=date.min).day == date.min
    tomorrow = today + timedelta(days=1)
    assert read_day(asked(on=tomorrow.isoformat()), last=tomorrow).day == tomorrow


def test_today_is_what_an_address_without_a_day_shows():
    assert read_day(asked(on=timezone.localdate().isoformat())).on is None
    assert read_day(asked()) == AskedDay()
    assert read_day(asked(on="2021-12-31")).on == date(2021, 12, 31)


@pytest.mark.parametrize("text", ["2021-02-30", "yesterday", "31/12/2021", "2021-W01-1x", "\x00", " ", "2021-12-31x"])
def test_what_is_no_day_is_said_to_be_none(text):
    assert read_day(asked(on=text)) == AskedDay(misread=True)


@given(st.text(), st.text())
def test_no_text_makes_a_reader_fail(one, other):
    params = QueryDict(mutable=True)
    params.setlist("on", [one, other])
    assert read_day(params).day is None or read_day(params).day >= FIRST_DAY
    assert len(read_slug(params, "on")) <= MAX_SLUG and "\x00" not in read_slug(params, "on")
    assert read_number(params, "on") >= 0
    assert all(slug == slug.strip() != "" for slug in read_slugs(params, "on"))


def test_slugs_are_read_each_once_in_the_order_asked():
    params = QueryDict("a=two&a=&a=+one+&a=two&a=%00&a=th%00ree&b=four")
    assert read_slugs(params, "a") == ["two", "one", "three"]
    assert read_slug(QueryDict("a=+t%00wo+"), "a") == "two"
    assert read_slug(QueryDict("a=" + "x" * 500), "a") == "x" * MAX_SLUG


def test_an_address_goes_on_repeating_so_much_and_no_more():
    assert len(at_most(f"s{number}" for number in range(100))) == MAX_VALUES
    long = ["x" * MAX_SLUG] * 20
    assert len(at_most(long)) == MAX_LETTERS // MAX_SLUG


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("٣", 1), ("-1", 1), ("9" * 9, 1), ("", 1), ("1.5", 1)])
def test_only_plain_digits_are_a_number(text, number):
    assert read_number(asked(page=text), "page") == number


def test_the_address_of_a_page_is_in_the_language_of_the_visitor():
    with translation.override("fr"):
        assert address_of("members:organisation-detail", "acme") == "/fr/membres/acme/"
    with translation.override("en"):
        assert address_of("projects:cluster-projects", "cara") == "/en/clusters/cara/projects/"
