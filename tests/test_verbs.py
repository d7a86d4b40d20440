"""What is done to several rows at once: the page that asks before, and the message after."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from members.models import Organisation, Theme
from tests.admin_rows import cluster, organisation, places
from tests.test_admin_directory import messages

pytestmark = pytest.mark.django_db
LIST = "admin:members_organisation_changelist"


@pytest.fixture
def staff(admin_user):
    client = Client(headers={"accept-language": "en"})
    client.force_login(admin_user)
    return client


@pytest.fixture
def complete():
    """Makes organisations that lack nothing."""
    theme, department = Theme.objects.create(name_fr="Énergie", slug="energie"), places()

    def made(name, **values):
        one = organisation(name, **values)
        one.themes.add(theme)
        one.sites.create(city="Grenoble", department=department)
        return one

    return made


def chosen(action, *rows, **answers) -> dict:
    return {"action": action, "_selected_action": [one.pk for one in rows], **answers}


def states() -> dict[str, str]:
    return dict(Organisation.objects.values_list("name", "status"))


def shown(page) -> list[str]:
    """The rows of the page that asks, in its order."""
    items = re.findall(r"<li[^>]*>(.*?)</li>", page.text.partition('class="confirm"')[2], re.S)
    return [" ".join(re.sub("<[^>]*>", " ", item).split()) for item in items]


def test_nothing_is_done_before_it_is_confirmed(staff, complete):
    one, other = complete("Une", status="draft"), complete("Deux", status="draft")
    page = staff.post(reverse(LIST), chosen("publish", one, other))
    assert page.status_code == 200 and "Publish: 2 organisations" in page.text
    assert sorted(shown(page)) == ["Deux", "Une"]
    assert set(states().values()) == {"draft"}
    answer = staff.post(reverse(LIST), chosen("publish", one, other, confirmed="1"), follow=True)
    assert messages(answer) == ["2 published. Undo"]
    assert set(states().values()) == {"published"}


@pytest.mark.parametrize(("number", "last"), [(10, None), (11, "and one more"), (12, "and 2 more")])
def test_ten_are_named_and_the_others_counted(staff, complete, number, last):
    rows = [complete(f"Firme {one:02d}", status="draft") for one in range(number)]
    said = shown(staff.post(reverse(LIST), chosen("submit_for_review", *rows)))
    named = [f"Firme {one:02d}" for one in range(10)]
    assert said == named + ([last] if last else [])


def test_what_lacks_something_is_listed_and_left_and_the_others_go(staff, complete):
    fit, bare = complete("Prête", status="draft"), organisation("Nue", status="draft")
    placed = organisation("Située", status="draft")
    placed.sites.create(city="Grenoble", department=places())
    page = staff.post(reverse(LIST), chosen("publish", fit, bare, placed))
    assert shown(page) == ["Prête", "Nue no theme, no site", "Située no theme"]
    answer = staff.post(reverse(LIST), chosen("publish", fit, bare, placed, confirmed="1"), follow=True)
    assert messages(answer) == ["1 published. Undo", "Nue: no theme, no site", "Située: no theme"]
    assert states() == {"Prête": "published", "Nue": "draft", "Située": "draft"}


def test_of_many_that_lack_the_same_ten_are_named_and_the_others_counted(staff):
    bare = [organisation(f"Nue {number:02d}", status="draft") for number in range(12)]
    answer = staff.post(reverse(LIST), chosen("publish", *bare, confirmed="1"), follow=True)
    names = ", ".join(f"Nue {number:02d}" for number in range(10))
    assert messages(answer) == [f"{names} and 2 more: no theme, no site"]


def test_whoever_wants_them_published_all_the_same_says_so(staff):
    bare = organisation("Nue", status="draft")
    assert "Nue no theme, no site" in shown(staff.post(reverse(LIST), chosen("publish", bare)))
    left = staff.post(reverse(LIST), chosen("publish", bare, confirmed="1"), follow=True)
    assert messages(left) == ["Nue: no theme, no site"] and states() == {"Nue": "draft"}
    answer = staff.post(reverse(LIST), chosen("publish", bare, confirmed="1", all="1"), follow=True)
    assert messages(answer) == ["1 published. Undo"] and states() == {"Nue": "published"}


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_archiving_asks_why(staff, complete, reason):
    one = complete("Fermée")
    page = staff.post(reverse(LIST), chosen("archive", one, confirmed="1", reason=reason))
    assert "Say why, in a few words." in page.text and states() == {"Fermée": "published"}
    asked = staff.post(reverse(LIST), chosen("archive", one))
    assert "Say why" not in asked.text, "nobody is blamed for what she was not asked yet"


def test_the_reason_stands_in_the_history_as_it_was_typed(staff, complete):
    one = complete("Fermée")
    staff.post(reverse(LIST), chosen("archive", one, confirmed="1", reason="Liquidée <en 2026>"))
    assert states() == {"Fermée": "archived"}
    history = staff.get(reverse("admin:members_organisation_history", args=[one.pk]))
    assert "Archive – Liquidée &lt;en 2026&gt;" in history.text
    french = staff.get(reverse("admin:members_organisation_history", args=[one.pk]), headers={"accept-language": "fr"})
    assert "Archiver – Liquidée &lt;en 2026&gt;" in french.text


def test_one_row_is_told_as_one_and_two_as_several(staff, complete):
    one, two, three = (complete(name, status="draft") for name in ("Une", "Deux", "Trois"))
    staff.post(reverse(LIST), chosen("submit_for_review", one, confirmed="1"))
    staff.post(reverse(LIST), chosen("submit_for_review", two, three, confirmed="1"))
    history = [staff.get(reverse("admin:members_organisation_history", args=[row.pk])).text for row in (one, two)]
    assert "several at once" not in history[0] and "several at once" in history[1]


def test_where_nothing_is_to_be_done_nothing_is_asked(staff, complete):
    one = complete("Publiée")
    answer = staff.post(reverse(LIST), chosen("publish", one), follow=True)
    assert messages(answer) == ["1 left as it was: its state does not call for it."]


def test_every_row_of_a_filtered_list_is_counted_and_done(staff, complete):
    for number in range(60):
        complete(f"Firme {number}", status="draft")
    complete("Autre", status="in_review")
    address = f"{reverse(LIST)}?status__exact=draft"
    sent = {"action": "submit_for_review", "_selected_action": [Organisation.objects.first().pk], "select_across": "1"}
    page = staff.post(address, sent)
    assert "Submit for review: 60 organisations" in page.text
    assert 'name="_selected_action"' not in page.text, "the address says which"
    answer = staff.post(address, {**sent, "confirmed": page.context["token"]}, follow=True)
    assert messages(answer) == ["60 submitted for review. Undo"]


def test_a_cluster_without_a_theme_and_a_project_without_a_summary_are_left(staff):
    from tests.admin_rows import project

    bare, work = cluster(status="draft"), project(status="draft")
    for model, row, lacks in (
        ("members_cluster", bare, "no presentation, no theme"),
        ("projects_project", work, "no theme, no summary"),
    ):
        address = reverse(f"admin:{model}_changelist")
        said = shown(staff.post(address, chosen("publish", row)))
        assert said == [f"{row} {lacks}"]
        staff.post(address, chosen("publish", row, confirmed="1"))
        row.refresh_from_db()
        assert row.status == "draft"
