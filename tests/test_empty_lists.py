"""A list that is empty says what was looked for, and the ways on."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import Company, Department, Membership, Organisation
from tests.admin_rows import places
from tests.test_admin_scope import CAST, SECRET, net, sign_in, url  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db


def looked(browser, model, **asked):
    return browser.get(url(model, "changelist"), asked)


def test_it_says_what_was_looked_for_with_which_filters_and_clears_either(sign_in, net):  # noqa: F811
    page = looked(sign_in("cara"), Organisation, q="renault", status__exact="draft", cluster="minalogic")
    assert "Nothing is found for “renault” with these filters:" in page.text
    assert "<li>Status – Draft</li>" in page.text and "<li>Cluster – Minalogic</li>" in page.text
    assert page.context["empty"]["unfiltered_url"] == "?q=renault"
    assert set(page.context["empty"]["unsearched_url"][1:].split("&")) == {"status__exact=draft", "cluster=minalogic"}
    assert 'name="action"' not in page.text, "there is nothing to act on"


def test_it_offers_to_add_what_was_looked_for(sign_in, net):  # noqa: F811
    cara, network = sign_in("cara"), sign_in("network")
    short = looked(cara, Organisation, q="renault").context["empty"]["add_url"]
    assert short == f"{reverse('admin:members_membership_new')}?q=renault"
    assert 'name="name" value="renault"' in cara.get(short).text
    assert "Add “renault”…" in looked(cara, Company, q="renault").text
    long = looked(network, Company, q="renault").context["empty"]["add_url"]
    assert long == f"{url(Company, 'add')}?name=renault" and 'value="renault"' in network.get(long).text
    find = looked(cara, Membership, q="renault").context["empty"]["add_url"]
    assert find == f"{reverse('admin:members_membership_find')}?q=renault"


def test_it_offers_another_spelling_of_what_she_meets(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    page = looked(cara, Organisation, q="brouilon", status__exact="draft")
    assert page.context["empty"]["meant"].lower() == "brouillon"
    again = cara.get(url(Organisation, "changelist") + page.context["empty"]["meant_url"])
    assert "Brouillon de CARA" in again.text and again.context["empty"] is None
    several = looked(cara, Organisation, q="frime de cara").context["empty"]
    assert several["meant"] == "Firme de CARA"
    assert looked(cara, Organisation, q="zzyx wvut").context["empty"]["meant"] == ""
    assert looked(cara, Membership, q="brouilon").context["empty"]["meant"].lower() == "brouillon"
    letter_off = SECRET.replace("b", "d")
    assert looked(cara, Organisation, q=letter_off).context["empty"]["meant"] == "", (
        "of strangers' drafts there is none"
    )
    assert looked(sign_in("minalogic"), Organisation, q=letter_off).context["empty"]["meant"]


def test_small_lists_know_their_words_too(sign_in, net):  # noqa: F811
    places()
    network = sign_in("network")
    empty = looked(network, Department, q="iserre").context["empty"]
    assert empty["meant"] == "isere" and "Isère" in network.get(url(Department, "changelist") + empty["meant_url"]).text


def test_a_list_of_nothing_at_all_says_so(sign_in, net):  # noqa: F811
    Department.objects.filter(sites=None).delete()
    page = looked(sign_in("network"), Membership, now="ended")
    assert "Nothing is found with these filters:" in page.text and "Left" in page.text
    Membership.objects.all().delete()
    assert "There is nothing here yet." in looked(sign_in("network"), Membership).text


@pytest.mark.parametrize("name", CAST)
def test_every_list_says_it_for_everybody_within_fifteen_questions(sign_in, net, name):  # noqa: F811
    browser = sign_in(name)
    for model in admin.site._registry:
        for words in ("zorglubix grenoblis institx", "zorglubix"):
            if looked(browser, model, q=words).status_code != 200:
                continue
            with CaptureQueriesContext(connection) as queries:
                page = looked(browser, model, q=words)
            if admin.site._registry[model].search_fields:
                assert f"Nothing is found for “{words}”" in page.text, model
                assert len(queries) <= 15, (model, len(queries), [one["sql"][:90] for one in queries])


def test_a_list_with_rows_says_nothing_of_it(sign_in, net):  # noqa: F811
    page = looked(sign_in("cara"), Organisation)
    assert page.context["empty"] is None and 'name="action"' in page.text
