"""What is there twice is found, what is not is left alone, and what somebody decided is remembered."""

from hashlib import md5

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from members.duplicates.finding import find
from members.duplicates.likeness import OFFERED, Facts, held_against
from members.models import MatchCandidate, Membership, Organisation, OrganisationName, Site
from tests.admin_rows import cluster, organisation, places
from tests.planted_pairs import HOW, plant
from tests.test_admin_scope import net, sign_in  # noqa: F401 (fixtures)
from tests.test_history import nothing_so_far, staff  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db


def facts(name: str, *others: str, kind="company", acronym="", host="", numbers=(), towns=("lyon",), departments=(69,)):
    return Facts(
        kind, (name, *others), acronym, host, frozenset(), frozenset(numbers), frozenset(departments), frozenset(towns)
    )


def alike(one: str, other: str, **more) -> bool:
    return held_against(facts(one), facts(other, **more))[0] >= OFFERED


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("helios energie", "helios energie"),
        ("helios energie", "energie helios"),
        ("helios energie", "helois energie"),
        ("vidine", "vidnie"),
        ("volca technologies", "volca techno"),
        ("laboratoire des mobilites actives", "laboartoire des mobilites actives"),
        ("volca mobilites de la baie", "volca mobilites"),
    ],
)
def test_slips_moved_words_and_shortened_names_are_seen_through(one, other):
    assert alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("helios energie", "selene energie"),
        ("trajet vehicules", "convoi vehicules"),
        ("institut de physique", "institut de chimie"),
        ("vidine", "vidane"),
    ],
)
def test_names_that_share_the_sort_of_thing_are_others(one, other):
    assert not alike(one, other)


def test_the_same_number_is_enough_and_another_one_weighs_against():
    siren = [("siren", "732829320")]
    assert held_against(facts("un", numbers=siren), facts("tout autre", numbers=siren)) == (1.0, ["number"])
    near = held_against(facts("helios energie"), facts("helios energie", numbers=siren))[0]
    against = held_against(
        facts("helios energie", numbers=[("siren", "552100554")]), facts("helios energie", numbers=siren)
    )
    assert against[0] < near and "other_number" in against[1]


def test_what_is_planted_is_found_and_little_else():
    """The names of an invented network of 120, of which every second was entered twice."""
    department, words = places(), ("Énergie", "Technologies", "Mobilités", "Bâtiment", "Logiciels", "Santé")
    for number in range(120):
        invented = md5(b"%d" % number, usedforsecurity=False).digest()
        name = "".join("bcdfglmnprst"[byte % 12] + "aeiou"[byte % 5] for byte in invented[:4])
        row = organisation(f"{name.title()} {words[number % 6]}")
        Site.objects.create(organisation=row, department=department, city=f"Ville {number % 9}")
    planted = plant(60, step=2)
    find()
    offered = {(one.first_id, one.second_id) for one in MatchCandidate.objects.open()}
    wanted = {(row.original, row.double) for row in planted}
    assert {row.how for row in planted} == set(HOW)
    assert len(wanted & offered) >= 0.95 * len(wanted)
    assert len(offered - wanted) <= 3


def test_archived_and_merged_ones_are_compared_with_nobody():
    one = organisation("Helios Énergie")
    organisation("Helios Énergie", status="archived")
    organisation("Helios Energie", status="archived", merged_into=one)
    assert find().open == 0


def test_what_was_decided_is_remembered_and_what_is_no_longer_alike_goes():
    rows = [organisation("Helios Énergie") for _number in range(3)]
    assert find().new == 3
    MatchCandidate.objects.of_pair(rows[0].pk, rows[1].pk).update(decision="different", decided_at=timezone.now())
    Organisation.objects.filter(pk=rows[2].pk).update(name="Tout autre chose")
    found = find()
    assert (found.open, found.new, found.gone) == (0, 0, 2)
    assert MatchCandidate.objects.get().decision == "different"


def test_what_was_decided_holds_for_what_either_was_merged_into():
    rows = [organisation("Helios Énergie") for _number in range(3)]
    find()
    MatchCandidate.objects.of_pair(rows[0].pk, rows[1].pk).update(decision="different", decided_at=timezone.now())
    Organisation.objects.filter(pk=rows[1].pk).update(status="archived", merged_into=rows[2])
    assert find().open == 0


def test_former_names_are_compared_too():
    one, _other = organisation("Volca"), organisation("Helios Énergie")
    OrganisationName.objects.create(organisation=one, name="Hélios énergie SAS")
    for row in Organisation.objects.all():
        Site.objects.create(organisation=row, department=places(), city="Grenoble")
    find()
    assert MatchCandidate.objects.get().reasons == ["name", "town"]


def test_the_command_says_what_it_found(capsys):
    organisation("Helios Énergie"), organisation("Helios Energie SAS")
    call_command("find_duplicates")
    assert "1 to be decided, 1 of them new; 0 no longer alike." in capsys.readouterr().out


def test_the_list_shows_what_is_open_and_leads_to_both(staff):  # noqa: F811
    one, other = organisation("Helios Énergie"), organisation("Helios Energie")
    decided = [organisation("Volca"), organisation("Volca")]
    find()
    MatchCandidate.objects.of_pair(*(row.pk for row in decided)).update(decision="different", decided_at=timezone.now())
    url = reverse("admin:members_matchcandidate_changelist")
    page = staff.get(url).text
    assert "Helios Energie" in page and "Volca" not in page and "same name" in page and "84%" in page
    assert "Volca" in staff.get(f"{url}?decision=different").text
    pair = MatchCandidate.objects.open().get()
    answer = staff.get(reverse("admin:members_matchcandidate_change", args=[pair.pk]))
    assert answer["Location"].endswith(f"?survivor={one.pk}&other={other.pk}")


def test_two_that_are_ticked_in_the_list_are_held_against_each_other(staff):  # noqa: F811
    rows = [organisation("Helios"), organisation("Volca"), organisation("Autre")]
    url = reverse("admin:members_organisation_changelist")
    answer = staff.post(url, {"action": "merge_two", "_selected_action": [rows[0].pk, rows[1].pk]})
    assert answer["Location"].endswith(f"?survivor={rows[0].pk}&other={rows[1].pk}")
    answer = staff.post(url, {"action": "merge_two", "_selected_action": [row.pk for row in rows]}, follow=True)
    assert "Tick the two organisations" in answer.text


def test_an_editor_is_shown_the_pairs_of_what_she_keeps_and_may_choose(net, sign_in):  # noqa: F811
    mine = organisation("Helios Énergie", lead_cluster=net.cara)
    Membership.objects.create(organisation=mine, cluster=net.cara)
    theirs = organisation("Helios Energie", lead_cluster=net.minalogic)
    draft = organisation("Helios energie", lead_cluster=net.minalogic, status="draft")
    find()
    editor = sign_in("cara")
    url = reverse("admin:members_matchcandidate_changelist")
    pairs = editor.get(url).context["cl"].result_list
    assert [{one.first_id, one.second_id} for one in pairs] == [{mine.pk, theirs.pk}]
    hidden = MatchCandidate.objects.of_pair(mine.pk, draft.pk).get()
    assert editor.get(reverse("admin:members_matchcandidate_change", args=[hidden.pk])).status_code == 404
    assert editor.post(reverse("admin:members_different", args=[f"{mine.pk}-{draft.pk}"])).status_code == 404
    assert len(sign_in("network").get(url).context["cl"].result_list) == 3


def test_not_the_same_is_remembered_with_whoever_said_it_and_may_be_decided_again(staff, admin_user):  # noqa: F811
    one, other = organisation("Helios"), organisation("Helios SAS")
    find()
    url = reverse("admin:members_different", args=[f"{one.pk}-{other.pk}"])
    assert staff.get(url).status_code == 404
    staff.post(url)
    pair = MatchCandidate.objects.get()
    assert (pair.decision, pair.decided_by, bool(pair.decided_at)) == ("different", admin_user, True)
    assert find().open == 0
    staff.post(url, {"again": "1"})
    pair.refresh_from_db()
    assert (pair.decision, pair.decided_by, pair.decided_at) == ("open", None, None)


def test_the_list_asks_no_more_of_the_database_for_more_pairs(staff, django_assert_max_num_queries):  # noqa: F811
    known = cluster()
    for number in range(12):
        for name in ("Helios", "Helios SAS"):
            row = organisation(f"{name} {number}")
            Membership.objects.create(organisation=row, cluster=known)
    find()
    with django_assert_max_num_queries(12):
        staff.get(reverse("admin:members_matchcandidate_changelist"))


def test_the_form_of_a_new_one_asks_what_is_alike_while_it_is_typed(staff):  # noqa: F811
    organisation("Helios Énergie")
    page = staff.get(reverse("admin:members_company_add")).text
    url = reverse("admin:members_membership_alike")
    assert f'data-alike="{url}"' in page and 'admin-alike.js" defer' in page
    assert "Helios Énergie" in staff.get(url, {"name": "helios energie sas"}).text
    changed = staff.get(reverse("admin:members_organisation_change", args=[Organisation.objects.get().pk])).text
    assert "data-alike" not in changed
