"""Find or add a member: what is there is made a member in one step, what is not is added; for the whole cast."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import Membership, Organisation, OrganisationName, Site
from tests.admin_rows import organisation, places
from tests.test_admin_directory import messages
from tests.test_admin_scope import CAST, NETWORK, OF_CARA, SECRET, net, sign_in, url  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db
FIND, JOIN = reverse("admin:members_membership_find"), reverse("admin:members_membership_join")


def look(browser, words: str, **more):
    return browser.get(FIND, {"q": words, **more})


def lines(page) -> dict[str, object]:
    return {line.organisation.name: line for line in page.context["found"]}


def sent(one: Organisation, of, **values) -> dict:
    today = timezone.localdate().isoformat()
    return {"organisation": one.pk, "cluster": of.pk, "category": "", "joined_on": today, "q": one.name, **values}


@pytest.mark.parametrize("name", CAST)
def test_the_first_page_has_the_box_for_everybody_and_names_the_cluster_worked_for(sign_in, net, name):  # noqa: F811
    page = sign_in(name).get(reverse("admin:index")).text
    form = page.partition('class="find-member"')[2].partition("</form>")[0]
    assert f'action="{FIND}"' in form and 'name="q"' in form
    named = {"minalogic": "Minalogic"}.get(name, "CARA")
    assert (f"Find or add a member of {named}" in form) == (name not in NETWORK) and 'name="cluster"' not in form


def test_it_is_found_as_people_type(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    known = net.member("Volca Mobilités", net.minalogic, acronym="VOLM", siren="552100554")
    OrganisationName.objects.create(organisation=known, name="Hermès Roulements")
    Site.objects.create(organisation=known, department=places(), city="Crolles")
    for words in (
        "volca",
        "VOLCA MOBILITES",
        "volm",
        "552 100 554",
        "FR 83 552100554",
        "roulements",
        "volcca mobilites",
    ):
        assert "Volca Mobilités" in lines(look(cara, words)), words
    (line,) = look(cara, "volca").context["found"]
    assert (line.place, line.others, line.own) == ("Crolles", "Minalogic", None)
    assert line.url == known.get_absolute_url(), "she edits nothing of it: its public page"
    assert lines(look(cara, "de CARA"))["Firme de CARA"].url == url(Organisation, "change", net.own.pk)


def test_another_spelling_says_so(sign_in, net):  # noqa: F811
    net.member("Volca Mobilités", net.minalogic)
    text = look(sign_in("cara"), "voxca").text
    assert "Nothing is found for “voxca”. This is what is found for “Volca”" in text or "Volca Mobilités" in text
    assert "Add “voxca”…" in text


@pytest.mark.parametrize("name", CAST)
def test_drafts_are_found_by_those_whose_they_are(sign_in, net, name):  # noqa: F811
    browser = sign_in(name)
    assert ("Brouillon de CARA" in lines(look(browser, "brouillon"))) == (name in (*OF_CARA, *NETWORK))
    page = look(browser, SECRET)
    hers = name in ("minalogic", "both", *NETWORK)
    assert (f"{SECRET} SAS" in lines(page)) == hers
    assert (f"{SECRET} SAS" in page.text) == hers, "and others do not read its name"
    assert ("one more, not yet published, known to Minalogic" in page.text) == (not hers)


def test_what_is_there_is_made_a_member_in_one_step(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    page = look(cara, "Firme de Minalogic")
    assert "Make it a member of CARA" in page.text
    answer = cara.post(JOIN, sent(net.stranger, net.cara, category="PME"), follow=True)
    made = net.stranger.memberships.get(cluster=net.cara)
    assert (made.category, made.joined_on, made.left_on) == ("PME", timezone.localdate(), None)
    assert answer.redirect_chain and "“Firme de Minalogic” is a member of CARA from" in messages(answer)[0]
    assert f'<a href="{url(Organisation, "change", net.stranger.pk)}">Open its whole form</a>' in answer.text
    line = lines(answer)["Firme de Minalogic"]
    assert line.own == made and "A member of CARA since" in answer.text
    assert f'href="{url(Membership, "change", made.pk)}"' in answer.text
    assert LogEntry.objects.get().object_id == str(made.pk)
    lead = Organisation.objects.with_lead().get(pk=net.stranger.pk).lead
    assert lead == net.minalogic.pk, "joining gives no right to its name"


def test_a_member_already_says_since_when_and_is_not_joined_again(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    page = look(cara, "Firme des deux")
    assert lines(page)["Firme des deux"].own and "A member of CARA since" in page.text
    assert "Make it a member" not in page.text
    answer = cara.post(JOIN, sent(net.shared, net.cara))
    assert answer.status_code == 200 and "already a member of this cluster" in answer.text
    assert net.shared.memberships.count() == 2


def test_a_former_member_is_made_one_again_and_one_to_come_is_one(sign_in, net):  # noqa: F811
    cara, today = sign_in("cara"), timezone.localdate()
    known = net.shared.memberships.get(cluster=net.cara)
    Membership.objects.filter(pk=known.pk).update(left_on=today)
    assert "Make it a member of CARA" in look(cara, "Firme des deux").text
    Membership.objects.filter(pk=known.pk).update(left_on=today + timedelta(days=1))
    assert "Make it a member of CARA" not in look(cara, "Firme des deux").text
    Membership.objects.filter(pk=known.pk).update(joined_on=today + timedelta(days=1), left_on=None)
    assert "Make it a member of CARA" not in look(cara, "Firme des deux").text
    Membership.objects.filter(pk=known.pk).update(joined_on=None)
    assert "A member of CARA." in look(cara, "Firme des deux").text


def test_forged_numbers_make_nobody_a_member(sign_in, net):  # noqa: F811
    cara, before = sign_in("cara"), Membership.objects.count()
    for values in (
        sent(net.secret, net.cara),
        sent(net.stranger, net.minalogic),
        sent(net.stranger, net.secret_cluster),
        sent(net.stranger, net.cara, organisation=2**31 - 1),
        sent(net.stranger, net.cara, organisation=2**70),
        sent(net.stranger, net.cara, organisation="x"),
        sent(net.stranger, net.cara, cluster="x"),
        sent(net.stranger, net.cara, organisation=""),
        sent(net.stranger, net.cara, organisation="²"),
    ):
        assert cara.post(JOIN, values).status_code == 404, values
        assert cara.get(JOIN, values).status_code == 404, values
    assert cara.get(FIND, {"q": "firme", "cluster": net.minalogic.pk}).status_code == 404
    assert Membership.objects.count() == before


def test_what_is_wrong_or_asked_comes_back_with_what_was_typed(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    answer = cara.post(JOIN, sent(net.stranger, net.cara, category="PME", joined_on="demain"))
    assert answer.status_code == 200 and 'value="demain"' in answer.text and 'value="PME"' in answer.text
    type(net.cara).objects.filter(pk=net.cara.pk).update(founding_year=2005)
    old = sent(net.stranger, net.cara, joined_on="1900-01-01")
    answer = cara.post(JOIN, old)
    assert "A member since 1900, while CARA dates from 2005?" in answer.text
    key = re.search(r'name="confirmed" value="(\w+)"', answer.text)[1]
    assert cara.post(JOIN, old | {"confirmed": key}).status_code == 302
    assert net.stranger.memberships.get(cluster=net.cara).joined_on == date(1900, 1, 1)


@pytest.mark.parametrize(("language", "day"), [("fr", "05/03/2026"), ("en", "05/03/2026"), ("fr", "2026-03-05")])
def test_a_day_is_typed_either_way_in_both_languages(sign_in, net, language, day):  # noqa: F811
    cara = sign_in("cara")
    cara.post(JOIN, sent(net.stranger, net.cara, joined_on=day), headers={"accept-language": language})
    assert net.stranger.memberships.get(cluster=net.cara).joined_on == date(2026, 3, 5)


def test_whoever_works_for_two_does_it_for_the_one_she_works_for_now_or_has_before_her(sign_in, net):  # noqa: F811
    both = sign_in("both")
    assert "Make it a member of CARA" in look(both, "Firme de Minalogic").text
    both.post(reverse("admin:members_cluster_work_for"), {"cluster": net.minalogic.pk})
    assert "Make it a member of Minalogic" in look(both, "Firme de CARA").text
    assert "Make it a member of Minalogic" in look(both, "Firme de CARA", cluster=net.cara.pk).text, "an older address"
    assert both.post(JOIN, sent(net.stranger, net.cara)).status_code == 302, "the page was opened before she changed"
    assert net.stranger.memberships.filter(cluster=net.cara).exists()


def test_the_network_says_for_which_cluster(sign_in, net):  # noqa: F811
    network = sign_in("network")
    page = look(network, "Firme de Minalogic").text
    assert f'<option value="{net.cara.pk}">CARA</option>' in page
    nowhere = {**sent(net.stranger, net.cara), "cluster": ""}
    for_cara = look(network, "Firme de Minalogic", cluster=net.cara.pk).text
    assert "Make it a member of CARA" in for_cara and f'name="cluster" value="{net.cara.pk}"' in for_cara
    answer = network.post(JOIN, nowhere)
    assert answer.status_code == 200 and "This field is required" in answer.text
    assert network.post(JOIN, sent(net.stranger, net.cara)).status_code == 302
    assert net.stranger.memberships.filter(cluster=net.cara).exists()


def test_it_ends_with_the_way_to_add_what_was_typed(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    new = reverse("admin:members_membership_new")
    for words, box, value in (
        ("Renault Trucks", "name", "Renault Trucks"),
        ("552 100 554", "siren", "552100554"),
        ("55210055400013", "siren", "552100554"),
        ("www.renault.example", "website", "https://www.renault.example"),
    ):
        page = look(cara, words)
        assert page.context["add_url"].startswith(f"{new}?{box}="), words
        form = cara.get(page.context["add_url"]).context["member"].organisation
        assert form[box].value() == value, words
        assert f"Add “{words}”…" in page.text
    assert look(cara, "").context["add_url"] and "Add “”" not in look(cara, "").text


def test_a_click_too_many_joins_once(sign_in, net):  # noqa: F811
    cara = sign_in("cara")
    values = sent(net.stranger, net.cara) | {"csrfmiddlewaretoken": "a" * 64}
    first, second = cara.post(JOIN, values), cara.post(JOIN, values)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert net.stranger.memberships.filter(cluster=net.cara).count() == 1


@pytest.mark.parametrize(
    "words", ["", " ", "\0", "%", "'\"<script>", "x" * 5000, "日本", "de la et", '"""', "&|!()", "http://[x"]
)
def test_any_words_are_answered(sign_in, net, words):  # noqa: F811
    page = look(sign_in("cara"), words)
    assert page.status_code == 200 and "<script>'" not in page.text and '"<script>' not in page.text


def test_who_may_not_add_a_membership_has_no_such_page(net, client):  # noqa: F811
    assert client.get(FIND).status_code == 302 and client.post(JOIN).status_code == 302


@pytest.mark.parametrize(
    "words", ["firme", "frime de minalogic", "introuvable du tout", "zorglubi grenoblis", "frime", "552100554", SECRET]
)
def test_it_asks_few_questions_however_many_are_found(sign_in, net, words):  # noqa: F811
    for number in range(12):
        found = net.member(f"Firme {number}", net.minalogic)
        Site.objects.create(organisation=found, department=places(), city="Crolles")
    for name in ("cara", "both", "network"):
        browser = sign_in(name)
        look(browser, words)
        with CaptureQueriesContext(connection) as asked:
            look(browser, words)
        assert len(asked) <= 15, (name, words, [one["sql"][:90] for one in asked])


def test_an_organisation_of_abroad_says_where(sign_in, net):  # noqa: F811
    organisation("Torino Motori", country="IT")
    assert lines(look(sign_in("cara"), "torino"))["Torino Motori"].place == "Italy"
