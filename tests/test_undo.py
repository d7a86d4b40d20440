"""Taking back what was changed: what was there before is there again, and nothing of what others did since is lost."""

import re
from datetime import date
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cluster_portal.history.change_sets import Kind, change_set, key_under_way
from cluster_portal.history.clashes import settle
from cluster_portal.history.tracking import TRACKED
from cluster_portal.models import FormerSlug
from members.models import (
    Cluster,
    Company,
    ContactPerson,
    FurtherNumber,
    LabelPeriod,
    Membership,
    Organisation,
    OrganisationName,
    RoleAssignment,
    Site,
    Theme,
)
from projects.models import Participation, Project, ProjectLabel
from tests.admin_rows import a_network, cluster, organisation, places, project
from tests.test_admin_directory import add, row, save
from tests.test_admin_scope import SECRET, net, sign_in  # noqa: F401 (fixtures)
from tests.test_history import ask, nothing_so_far, staff  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db

NOT_DATA = {
    "pghistory_context", "portal_change", "portal_answer", "django_session", "django_admin_log", "usersessions_usersession",
}  # fmt: skip


def dump() -> dict[str, list[str]]:
    """All rows of all tables but the history and what requests leave, without the dates and authors of changes."""
    events = {one.table for one in TRACKED.values()}
    tables = [name for (name,) in ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    return {
        table: sorted(text for (text,) in ask(f"SELECT (to_jsonb(t) - '{{updated_at,updated_by_id}}'::text[])::text FROM {table} t"))
        for table in tables
        if table not in events | NOT_DATA
    }  # fmt: skip


def differences(one: dict, other: dict) -> dict:
    return {table: set(one[table]) ^ set(other[table]) for table in one if one[table] != other[table]}


def key_of(do) -> str:
    """The key of the change set that was written meanwhile."""
    before = {key for (key,) in ask("SELECT id::text FROM pghistory_context")}
    do()
    (key,) = {key for (key,) in ask("SELECT id::text FROM pghistory_context")} - before
    return key


def by(user, do, kind=Kind.FORM) -> str:
    def within():
        with change_set(kind, by=user.pk if user else None):
            do()

    return key_of(within)


def address(key: str, of=None, row=None, field: str = "") -> str:
    asked = {
        "of": of and f"{of._meta.concrete_model._meta.label_lower}:{of.pk}",
        "row": row and (row if isinstance(row, str) else f"{row._meta.concrete_model._meta.label_lower}:{row.pk}"),
        "field": field,
    }
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
    return reverse("admin:undo_set", args=[key]) + (f"?{query}" if query else "")


def words(answer) -> str:
    main = answer.text.partition('id="content-main"')[2].partition("<footer")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def page(client, key: str, **asked) -> str:
    answer = client.get(address(key, **asked))
    assert answer.status_code == 200
    return words(answer)


def undo(client, key: str, **asked):
    """Looks at the page, confirms, and follows."""
    page(client, key, **asked)
    answer = client.post(address(key, **asked), follow=True)
    assert answer.redirect_chain and answer.status_code == 200
    return answer


def said(answer) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def fresh(obj):
    return type(obj)._base_manager.get(pk=obj.pk)


@pytest.fixture
def other(db):
    return get_user_model().objects.create_user("luce", first_name="Luce", last_name="Ferrand")


# --- all of it --------------------------------------------------------------------------------------------------------


def test_a_bulk_archive_taken_back_gives_the_database_of_before(staff, admin_user):  # noqa: F811
    a_network(3)
    organisation("Brouillon", status="draft")
    organisation("Archivée", status="archived", archived_on=date(2020, 1, 1))
    before = dump()
    lists = reverse("admin:members_organisation_changelist") + "?kind__exact=company"
    every = {"action": "archive", "_selected_action": [Organisation.objects.first().pk], "select_across": "1"}
    answers = []
    every |= {"confirmed": staff.post(lists, every).context["token"], "reason": "essai"}
    key = key_of(lambda: answers.append(staff.post(lists, every, follow=True)))
    assert f'<a href="{address(key)}">Undo</a>' in said(answers[0])
    assert set(Organisation.objects.values_list("status", flat=True)) == {"archived"}
    assert differences(before, dump())
    shown = page(staff, key)
    assert "in 5 records" in shown and "Status Archived → became Published" in shown
    assert "Status Archived → became Draft" in shown and "Archivée" not in shown
    answer = undo(staff, key)
    assert said(answer) == "Taken back: 5 rows."
    assert differences(before, dump()) == {}
    assert set(Organisation.objects.filter(status="published").values_list("updated_by", flat=True)) == {admin_user.pk}


def test_everything_that_a_form_changed_comes_back(staff):  # noqa: F811
    one, known = organisation("Volta", founding_year=1999, description_fr="Un."), cluster()
    other_cluster = cluster("CARA", "CARA")
    themes = [Theme.objects.create(name_fr=name, slug=name.lower()) for name in ("Eau", "Bois", "Air")]
    one.themes.set(themes[:2])
    Site.objects.create(organisation=one, department=places(), city="Grenoble", head_office=True)
    kept = Site.objects.create(organisation=one, department=places(), city="Bron")
    Membership.objects.create(organisation=one, cluster=known, joined_on=date(2020, 1, 1))
    before = dump()
    sent = {
        "name": "Volta Énergie", "founding_year": "2001", "description_fr": "Deux.", "themes": [themes[1].pk, themes[2].pk],
        "sites-0-DELETE": "on", "sites-1-city": "Lyon", "sites-1-head_office": "on",
        "memberships-0-left_on": "2026-11-02",
        **row("memberships", 1, cluster=other_cluster.pk, joined_on="2026-11-02"),
    }  # fmt: skip
    asked = re.search('name="renamed" value="([^"]+)"', save(staff, one, **sent).text)[1]
    key = key_of(lambda: save(staff, one, **sent, renamed=asked, keep_former_name="on"))
    assert [old.name for old in one.names.all()] == ["Volta"]
    assert fresh(one).name == "Volta Énergie" and fresh(kept).head_office and one.memberships.count() == 2
    after = dump()
    undo(staff, key)
    changed = differences(before, dump())
    assert set(changed) <= {"portal_searchword"}, changed  # it learns words, and unlearns none
    (again,) = [key for (key,) in ask("SELECT id::text FROM pghistory_context WHERE metadata->>'undoes' = %s", key)]
    undo(staff, again)
    assert set(differences(after, dump())) <= {"portal_searchword"}, "and the undo is taken back like any change"


def test_an_undo_names_what_it_undid_and_what_was_undone_names_the_undo(staff, admin_user, other):  # noqa: F811
    one = organisation("Volta")
    key = by(other, lambda: Organisation.objects.filter(pk=one.pk).update(acronym="VLT"))
    answer = undo(staff, key)
    new = answer.redirect_chain[-1][0].rstrip("/").rpartition("/")[2]
    assert answer.redirect_chain[-1][0] == reverse("admin:change_set", args=[new])
    assert (
        "taken back" in words(answer)
        and "Takes back the change of" in words(answer)
        and "by Luce Ferrand" in words(answer)
    )
    assert reverse("admin:change_set", args=[key]) in answer.text
    assert fresh(one).updated_by == admin_user
    for where in (staff.get(reverse("admin:change_set", args=[key])), staff.get(history(one))):
        assert (
            re.search("Taken back on .* by admin", words(where))
            and reverse("admin:change_set", args=[new]) in where.text
        )
        assert "That was taken back too" not in words(where)
    listed = staff.get(reverse("admin:changes"))
    assert "Takes back the change of" in words(listed)
    undo(staff, new)
    assert fresh(one).acronym == "VLT"
    assert "That was taken back too" in words(staff.get(reverse("admin:change_set", args=[key])))
    assert page(staff, new).endswith("No, go back") and "Nothing of it is left" in page(staff, new)


def history(obj) -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_history", args=[obj.pk])


def test_what_nobody_signed_can_be_taken_back_too(staff):  # noqa: F811
    one = organisation("Volta", acronym="VLT")
    with connection.cursor() as cursor:  # another transaction than that of the test
        cursor.execute("UPDATE members_organisationevent SET pgh_created_at = pgh_created_at - interval '1 day'")
    Organisation.objects.filter(pk=one.pk).update(acronym="X")
    ((key,),) = ask("SELECT pgh_created_at::text FROM members_organisationevent ORDER BY pgh_id DESC LIMIT 1")
    undo(staff, key)
    assert fresh(one).acronym == "VLT"
    assert "Taken back on" in words(staff.get(reverse("admin:change_set", args=[key])))
    assert "Taken back on" in words(staff.get(history(one)))


# --- a record, a row, a value -----------------------------------------------------------------------------------------


def test_a_record_alone_is_taken_back_of_a_set_with_many(staff, other):  # noqa: F811
    first, second = organisation("Une"), organisation("Deux")
    key = by(other, lambda: Organisation.objects.update(acronym="X", founding_year=1999), Kind.BULK)
    answer = undo(staff, key, of=first)
    assert answer.redirect_chain[-1][0] == history(first)
    assert (fresh(first).acronym, fresh(second).acronym) == ("", "X")
    assert "Taken back in part on" in words(staff.get(history(first)))
    assert "Taken back" not in words(staff.get(history(second)))
    assert "Taken back in part on" in words(staff.get(reverse("admin:change_set", args=[key])))
    undo(staff, key)
    assert fresh(second).acronym == ""


def test_a_value_alone_is_put_back(staff, other):  # noqa: F811
    one = organisation("Volta", acronym="VLT", founding_year=1990)
    site = Site.objects.create(organisation=one, department=places(), city="Grenoble", name="Labo")

    def change():
        Organisation.objects.update(acronym="X", founding_year=1999)
        Site.objects.update(city="Bron", name="Usine")

    key = by(other, change)
    read = staff.get(history(one)).text
    for place in (address(key, of=one), address(key, one, one, "acronym"), address(key, one, site, "city")):
        assert place.replace("&", "&amp;") in read, place
    shown = page(staff, key, of=one, row=one, field="acronym")
    assert "Acronym X → became VLT" in shown and "1990" not in shown and "Site" not in shown
    undo(staff, key, of=one, row=one, field="acronym")
    assert (fresh(one).acronym, fresh(one).founding_year, fresh(site).city) == ("VLT", 1999, "Bron")
    undo(staff, key, of=one, row=site, field="city")
    assert (fresh(one).founding_year, fresh(site).city, fresh(site).name) == (1999, "Grenoble", "Usine")
    undo(staff, key, of=one)
    assert (fresh(one).founding_year, fresh(site).name) == (1990, "Labo")


def test_a_row_alone_is_taken_back(staff, other):  # noqa: F811
    one, theme = organisation("Volta"), Theme.objects.create(name_fr="Eau", slug="eau")
    one.themes.add(theme)
    ((pair,),) = ask("SELECT id FROM members_organisation_themes")

    def change():
        one.themes.clear()
        OrganisationName.objects.create(organisation=one, name="Ancienne")

    key = by(other, change)
    row = f"members.organisationthemes:{pair}"
    assert address(key, one, row).replace("&", "&amp;") in staff.get(history(one)).text
    undo(staff, key, of=one, row=row)
    assert ask("SELECT id, theme_id FROM members_organisation_themes") == [(pair, theme.pk)]
    assert OrganisationName.objects.count() == 1


def test_a_state_goes_back_with_the_day_that_belongs_to_it(staff, other):  # noqa: F811
    one = organisation("Volta")
    key = by(other, lambda: Organisation.objects.filter(pk=one.pk).archive(by=other))
    undo(staff, key, of=one, row=one, field="status")
    assert (fresh(one).status, fresh(one).archived_on) == ("published", None)


# --- what others did since --------------------------------------------------------------------------------------------


def test_what_was_changed_since_is_left_and_named_with_who_and_when(staff, other):  # noqa: F811
    one, two = organisation("Volta", acronym="A", founding_year=1990), organisation("Watt", acronym="W")
    key = by(None, lambda: Organisation.objects.update(acronym="B", founding_year=1999))
    by(other, lambda: Organisation.objects.filter(pk=one.pk).update(acronym="C"))
    by(None, lambda: Organisation.objects.filter(pk=one.pk).update(email="x@y.fr"))
    shown = page(staff, key)
    assert re.search("Left as it is Organisation: Volta Acronym – Changed since. Luce Ferrand, Nov", shown) or (
        "Luce Ferrand" in shown
    ), shown
    assert "Founding year 1999 → became 1990" in shown and "→ became A" not in shown
    answer = undo(staff, key)
    assert (fresh(one).acronym, fresh(one).founding_year, fresh(two).acronym) == ("C", 1990, "W")
    assert "Left as it was: Volta (1). Changed since." in said(answer)


def test_what_was_put_back_by_hand_is_nothing_to_do(staff, other):  # noqa: F811
    one = organisation("Volta", acronym="A")
    key = by(other, lambda: Organisation.objects.update(acronym="B"))
    by(other, lambda: Organisation.objects.filter(pk=one.pk).update(acronym="A"))
    assert "Nothing of it is left to take back" in page(staff, key)
    answer = staff.post(address(key), follow=True)
    assert said(answer) == "Nothing of it could be taken back."


def test_what_was_deleted_since_is_left(staff, other):  # noqa: F811
    one = organisation("Volta", status="draft")
    site = Site.objects.create(organisation=one, department=places(), city="Bron")
    key = by(None, lambda: Site.objects.update(city="Lyon"))
    by(other, site.delete)
    shown = page(staff, key)
    assert "Site: Bron" in shown and "Removed since. Luce Ferrand" in shown and shown.count("Undo") == 0


def test_what_others_changed_while_a_long_command_ran_is_left(staff, other):  # noqa: F811
    one = organisation("Volta", acronym="A", email="a@volta.fr")

    def run():
        Organisation.objects.update(acronym="B")
        Organisation.objects.update(email="b@volta.fr")
        Organisation.objects.update(acronym="C")

    key = by(None, run, Kind.COMMAND)
    ask("UPDATE members_organisationevent SET pgh_context_id = gen_random_uuid() WHERE pgh_id IN"
        " (SELECT pgh_id FROM members_organisationevent ORDER BY pgh_id DESC OFFSET 2 LIMIT 2) RETURNING 1")  # fmt: skip
    assert "Changed since." in page(staff, key)
    undo(staff, key)
    assert (fresh(one).acronym, fresh(one).email) == ("C", "b@volta.fr")


def test_between_the_page_and_its_confirmation_things_may_change(staff, other):  # noqa: F811
    one, two = organisation("Volta"), organisation("Watt")
    key = by(None, lambda: Organisation.objects.update(acronym="B"))
    assert "in 2 records" in page(staff, key)
    by(other, lambda: Organisation.objects.filter(pk=one.pk).update(acronym="C"))
    staff.post(address(key))
    assert (fresh(one).acronym, fresh(two).acronym) == ("C", "")


def test_what_somebody_saves_at_the_very_moment_is_not_overwritten(staff, other, monkeypatch):  # noqa: F811
    two = organisation("Watt")
    organisation("Volta")
    key = by(other, lambda: (Organisation.objects.update(acronym="X"), organisation("Nouvelle")))

    def settle_and_be_late(steps):
        settle(steps)
        Organisation.objects.exclude(pk=two.pk).update(acronym="Y", email="y@y.fr")

    monkeypatch.setattr("cluster_portal.admin.undo.settle", settle_and_be_late)
    answer = staff.post(address(key), follow=True)
    assert {one.name: one.acronym for one in Organisation.objects.all()} == {"Volta": "Y", "Watt": "", "Nouvelle": "Y"}
    assert "Taken back: 1 row." in said(answer) and "Volta" in said(answer) and "Nouvelle" in said(answer)


# --- creations and deletions ------------------------------------------------------------------------------------------


def test_what_was_made_goes_with_all_that_was_made_with_it(staff):  # noqa: F811
    known, theme = cluster(), Theme.objects.create(name_fr="Eau", slug="eau")
    before = dump()
    company = {
        "name": "Nouvelle", "slug": "nouvelle", "status": "published", "themes": [theme.pk],
        **row("sites", 0, department=places().pk, city="Bron", country="FR"),
        **row("memberships", 0, cluster=known.pk, joined_on="2026-01-01"),
        **row("contacts", 0, cluster=known.pk, name="Ada"),
    }  # fmt: skip
    before = dump()
    key = key_of(lambda: add(staff, Company, **company))
    assert Organisation.objects.get().sites.count() == 1
    shown = page(staff, key)
    assert "A contact person that is taken away does not come back" in shown and "Ada" not in shown
    answer = undo(staff, key)
    assert "Taken back: 5 rows." in said(answer)
    assert set(differences(before, dump())) <= {"portal_searchword"}
    # and the undo taken back brings it with its number, without the person
    ((new,),) = ask("SELECT id::text FROM pghistory_context WHERE metadata->>'undoes' = %s", key)
    shown = page(staff, new)
    assert "Contact person: Énergies Alpines – Of people the history keeps no values" in shown
    undo(staff, new)
    one = Organisation.objects.get()
    assert (one.slug, one.sites.count(), one.memberships.count(), one.contacts.count()) == ("nouvelle", 1, 1, 0)
    assert list(one.themes.all()) == [theme] and one.search_document.names == "|nouvelle|"


def test_what_was_made_stays_whole_where_others_built_on_it(staff, other):  # noqa: F811
    work, made = project(), {}

    def create():
        made["one"] = organisation("Nouvelle")
        Site.objects.create(organisation=made["one"], department=places(), city="Bron")
        made["two"] = organisation("Seconde", successor=made["one"])

    key = by(other, create)
    by(None, lambda: Participation.objects.create(project=work, organisation=made["one"]))
    shown = page(staff, key)
    assert "Something was built on it since: Participations." in shown and "It stays with its record." in shown
    answer = undo(staff, key)
    assert [one.name for one in Organisation.objects.all()] == ["Nouvelle"] and Site.objects.count() == 1
    assert "Left as it was: Nouvelle (1). Something was built on it since: Participations." in said(answer)


def test_what_was_made_goes_where_the_same_change_led_to_it(staff, other):  # noqa: F811
    one = organisation("Ancienne", closed_on=date(2026, 1, 1))

    def take_over():
        Organisation.objects.filter(pk=one.pk).update(successor=organisation("Nouvelle"))

    undo(staff, by(other, take_over))
    assert list(Organisation.objects.values_list("name", "successor")) == [("Ancienne", None)]


def test_what_was_made_and_changed_since_stays(staff, other):  # noqa: F811
    key = by(other, lambda: organisation("Nouvelle"))
    by(None, lambda: Organisation.objects.update(acronym="N"))
    assert "Nothing of it is left to take back. Left as it is Organisation: Nouvelle Changed since." in page(staff, key)
    undo(staff, key)
    assert Organisation.objects.count() == 1


def test_what_was_deleted_comes_back_with_its_number_its_rows_and_its_address(staff, admin_user, client, other):  # noqa: F811
    first, known, _work = a_network(2)
    Participation.objects.all().delete()
    ContactPerson.objects.all().delete()
    lab = organisation("Labo", kind="laboratory")
    lab.supervisors.add(first)
    Organisation.objects.filter(pk=lab.pk).update(successor=first)
    Organisation.objects.filter(pk=first.pk).update(slug="nouveau-nom")
    assert FormerSlug.objects.filter(object_id=first.pk, slug="organisation-0").exists()
    before = dump()
    key = by(other, fresh(first).delete)
    assert not Organisation.objects.filter(pk=first.pk).exists()
    shown = page(staff, key)
    assert "Organisation: Société 0" in shown and "Membership: Énergies Alpines – added" in shown
    answer = undo(staff, key)
    assert differences(before, dump()) == {}
    assert "Left" not in said(answer) and fresh(first).updated_by == admin_user
    page_of_it = reverse("members:organisation-detail", args=["nouveau-nom"])
    assert client.get(page_of_it).status_code == 200
    moved = client.get(reverse("members:organisation-detail", args=["organisation-0"]))
    assert moved.status_code == 301 and moved["Location"] == page_of_it
    assert Organisation.objects.search("Société 0").filter(pk=first.pk).exists()
    assert known.memberships.filter(organisation=first).exists()


def test_an_address_that_was_taken_meanwhile_is_named_and_left(staff, other):  # noqa: F811
    one = organisation("Volta", slug="volta", acronym="V")
    key = by(other, lambda: Organisation.objects.filter(pk=one.pk).update(slug="volta-energie", acronym="VE"))
    organisation("Volta Services", slug="volta")
    assert "Slug – Slug: another record has it." in page(staff, key)
    undo(staff, key)
    assert (fresh(one).slug, fresh(one).acronym) == ("volta-energie", "V")


def test_what_is_deleted_does_not_come_back_where_its_address_is_taken(staff, other):  # noqa: F811
    one = organisation("Volta", slug="volta", status="draft")
    two = organisation("Watt", slug="watt", status="draft")
    Site.objects.create(organisation=one, department=places(), city="Bron")
    Site.objects.create(organisation=two, department=places(), city="Lyon")

    def delete():
        one_, two_ = fresh(one), fresh(two)
        one_.delete(), two_.delete()

    key = by(other, delete)
    organisation("Autre", slug="volta")
    answer = undo(staff, key)
    assert {(one.name, one.slug) for one in Organisation.objects.all()} == {("Autre", "volta"), ("Watt", "watt")}
    assert [site.city for site in Site.objects.all()] == ["Lyon"]
    assert "Slug: another record has it." in said(answer)


# --- clashes ----------------------------------------------------------------------------------------------------------


def test_a_membership_that_would_overlap_is_named_and_left(staff, other):  # noqa: F811
    one, two, known = organisation("Volta"), organisation("Watt"), cluster()
    members = [
        Membership.objects.create(organisation=each, cluster=known, joined_on=date(2020, 1, 1)) for each in (one, two)
    ]
    key = by(other, lambda: Membership.objects.update(left_on=date(2022, 1, 1), category="PME"))
    Membership.objects.create(organisation=one, cluster=known, joined_on=date(2023, 1, 1))
    shown = page(staff, key)
    assert "already a member of this cluster for part of that time" in shown
    undo(staff, key)
    assert [fresh(each).left_on for each in members] == [date(2022, 1, 1), None]
    assert [fresh(each).category for each in members] == ["", ""]


def test_a_value_that_no_longer_goes_with_another_is_left(staff, other):  # noqa: F811
    one, known = organisation("Volta"), cluster()
    member = Membership.objects.create(
        organisation=one, cluster=known, joined_on=date(2020, 1, 1), left_on=date(2021, 1, 1)
    )
    key = by(other, lambda: Membership.objects.update(left_on=date(2025, 1, 1), category="PME"))
    by(other, lambda: Membership.objects.update(joined_on=date(2024, 1, 1)))
    assert "A member leaves on or after the day it joined" in page(staff, key)
    undo(staff, key)
    assert (fresh(member).left_on, fresh(member).category) == (date(2025, 1, 1), "")


def test_what_a_trigger_refuses_is_met_when_it_is_written_and_the_rest_goes_ahead(staff, other):  # noqa: F811
    labs = [organisation(f"Labo {n}", kind="institution", institution_type="training") for n in range(9)]
    Organisation.objects.filter(pk=labs[4].pk).update(uai_code="0751717J")
    key = by(other, lambda: Organisation.objects.filter(kind="institution").archive(by=other))
    FurtherNumber.objects.create(organisation=organisation("Autre", kind="institution"), kind="uai", value="0751717J")
    answer = undo(staff, key)
    assert {one.name for one in Organisation.objects.filter(status="archived")} == {"Labo 4"}
    assert "Left as it was: Labo 4 (1). Another organisation already has this number." in said(answer)


def test_what_one_gave_up_for_the_other_is_given_back(staff, other):  # noqa: F811
    one = organisation("Volta")
    sites = [Site.objects.create(organisation=one, department=places(), city=city) for city in ("Bron", "Lyon")]
    for first, second in (sites, sites[::-1]):
        Site.objects.filter(pk=second.pk).update(head_office=False)
        Site.objects.filter(pk=first.pk).update(head_office=True)

        def move(first=first, second=second):
            Site.objects.filter(pk=first.pk).update(head_office=False)
            Site.objects.filter(pk=second.pk).update(head_office=True)

        key = by(other, move)
        assert "Left" not in page(staff, key)
        undo(staff, key)
        assert (fresh(first).head_office, fresh(second).head_office) == (True, False)


def test_what_points_at_something_that_is_gone_is_left(staff, other):  # noqa: F811
    one, next_one = organisation("Volta", acronym="V"), organisation("Watt", status="draft")
    Organisation.objects.filter(pk=one.pk).update(successor=next_one)
    key = by(other, lambda: Organisation.objects.filter(pk=one.pk).update(successor=None, acronym="X"))
    next_one.delete()
    assert "What it points at is no longer there." in page(staff, key)
    undo(staff, key)
    assert (fresh(one).successor, fresh(one).acronym) == (None, "V")


def test_a_theme_that_somebody_chose_again_is_there_once(staff, other):  # noqa: F811
    one, theme = organisation("Volta"), Theme.objects.create(name_fr="Eau", slug="eau")
    one.themes.add(theme)
    key = by(other, one.themes.clear)
    one.themes.add(theme)
    shown = page(staff, key)
    assert "Nothing of it is left" in shown and "Left as it is" not in shown
    staff.post(address(key))
    assert list(one.themes.all()) == [theme]


def test_a_picture_that_is_off_the_disk_does_not_come_back(staff, settings, tmp_path, other):  # noqa: F811
    settings.MEDIA_ROOT = tmp_path
    one = organisation("Volta", acronym="V")
    one.logo.save("logo.png", SimpleUploadedFile("logo.png", b"x"))
    name = one.logo.name
    key = by(other, lambda: Organisation.objects.update(logo="", acronym="X"))
    assert "Logo" in page(staff, key) and "Left" not in page(staff, key)
    one.logo.storage.delete(name)
    assert "The picture is no longer kept." in page(staff, key)
    undo(staff, key)
    assert (fresh(one).logo, fresh(one).acronym) == ("", "V")
    Organisation.objects.update(logo=name)
    key = by(other, fresh(one).delete)
    answer = undo(staff, key)
    assert fresh(one).logo == "" and "The picture is no longer kept." in said(answer)


def test_a_picture_that_no_row_shows_any_more_goes_off_the_disk(
    staff,  # noqa: F811
    settings,
    tmp_path,
    other,
    django_capture_on_commit_callbacks,
):
    settings.MEDIA_ROOT = tmp_path
    one = organisation("Volta")
    key = by(other, lambda: one.logo.save("logo.png", SimpleUploadedFile("logo.png", b"x")))
    assert one.logo.storage.exists(one.logo.name)
    with django_capture_on_commit_callbacks(execute=True):
        undo(staff, key)
    assert fresh(one).logo == "" and not one.logo.storage.exists(one.logo.name)


# --- whose it is ------------------------------------------------------------------------------------------------------


def test_an_editor_takes_back_her_part_of_what_touched_all(sign_in, net, other):  # noqa: F811
    cara = sign_in("cara")

    def change():
        Organisation.objects.update(acronym="X")
        Membership.objects.update(category="PME")
        Site.objects.update(city="Bron")
        Cluster.objects.update(city="Lyon")

    key = by(other, change)
    shown = page(cara, key)
    assert "The change also touched what is not yours to edit: that stays as it is." in shown
    assert SECRET not in shown and "Firme de Minalogic" not in shown
    assert re.search("Left as it is .*Firme des deux .*Acronym – This is not yours to change", shown)
    answer = undo(cara, key)
    assert SECRET not in answer.text
    acronyms = {one.name: one.acronym for one in Organisation.objects.all()}
    assert acronyms == {
        "Firme de CARA": "", "Brouillon de CARA": "", "Firme des deux": "X", "Firme de Minalogic": "X", f"{SECRET} SAS": "X",
    }  # fmt: skip
    assert {one.cluster for one in Membership.objects.filter(category="")} == {net.cara}
    assert Site.objects.get().city == "Bron" and fresh(net.minalogic).city == "Lyon" and fresh(net.cara).city == ""
    undo(sign_in("network"), key)
    assert not Organisation.objects.exclude(acronym="").exists() and fresh(net.secret_cluster).city == "Grenoble"


def test_nobody_takes_back_what_she_could_not_do_by_the_form(sign_in, net, other):  # noqa: F811
    cara = sign_in("cara")
    # who keeps a record is the network's to say
    Organisation.objects.filter(pk=net.own.pk).update(lead_cluster=None)
    key = by(other, lambda: Organisation.objects.filter(pk=net.own.pk).update(lead_cluster=net.cara, acronym="X"))
    assert "Kept by – This is not yours to change." in page(cara, key)
    undo(cara, key)
    assert (fresh(net.own).lead_cluster, fresh(net.own).acronym) == (net.cara, "")
    # a choice that she could not make: a draft of others, whose name she does not read
    Organisation.objects.filter(pk=net.own.pk).update(successor=net.secret)
    key = by(other, lambda: Organisation.objects.filter(pk=net.own.pk).update(successor=None))
    shown = page(cara, key)
    assert "You could not choose this in a form." in shown and SECRET not in shown
    undo(cara, key)
    assert fresh(net.own).successor is None
    # records are not hers to delete, nor label periods to edit
    key = by(other, lambda: LabelPeriod.objects.create(cluster=net.cara, phase=5, start=date(2020, 1, 1)))
    assert "This is not yours to change." in page(cara, key)
    undo(cara, key)
    assert LabelPeriod.objects.count() == 1
    made = by(other, lambda: Organisation.objects.create(name="N", slug="n", kind="company", lead_cluster=net.cara))
    undo(cara, made)
    assert Organisation.objects.filter(slug="n").exists()


def test_rows_of_ones_own_cluster_come_back_and_those_of_others_do_not(sign_in, net, other):  # noqa: F811
    key = by(other, lambda: (Membership.objects.filter(organisation=net.shared).delete(), net.co.labels.all().delete()))
    Organisation.objects.filter(pk=net.shared.pk).update(lead_cluster=net.cara)  # or she would not meet it at all
    cara = sign_in("cara")
    undo(cara, key)
    assert [one.cluster for one in net.shared.memberships.all()] == [net.cara]
    assert not ProjectLabel.objects.filter(project=net.co).exists(), "a project that is not hers any more"
    undo(sign_in("network"), key)
    assert net.shared.memberships.count() == 2 and net.co.labels.count() == 2


def test_a_membership_does_not_go_back_to_a_cluster_of_others(sign_in, net, other):  # noqa: F811
    Membership.objects.filter(organisation=net.own).update(cluster=net.minalogic)
    key = by(other, lambda: Membership.objects.filter(organisation=net.own).update(cluster=net.cara))
    cara = sign_in("cara")
    assert "You could not choose this in a form." in page(cara, key)
    undo(cara, key)
    assert net.own.memberships.get().cluster == net.cara


def test_what_is_out_of_scope_is_not_there(sign_in, net, other):  # noqa: F811
    cara = sign_in("cara")
    strangers = by(other, lambda: Organisation.objects.filter(pk=net.secret.pk).update(acronym="X"))
    own = by(other, lambda: Organisation.objects.filter(pk=net.own.pk).update(acronym="X"))
    named = "members.organisation"
    wrong = [
        address(strangers), address(strangers, of=net.secret), address(own, of=net.secret), address(own, of=net.own_draft),
        address("x"), address("00000000-0000-4000-8000-000000000000"), address("2026-01-01 00:00:00+00:00"),
        address(own) + "?of=", address(own) + "?of=x:1", address(own) + f"?of={named}:x", address(own) + f"?of={named}",
        address(own) + f"?of={named}:{'9' * 30}", address(own) + f"?row={named}:{net.own.pk}",
        address(own, net.own, net.secret), address(own, net.own) + "&row=auth.user:1", address(own, net.own, net.own, "x"),
        address(own, net.own, net.own, "id"), address(own, net.own) + "&field=acronym",
    ]  # fmt: skip
    for place in wrong:
        assert cara.get(place).status_code == 404 and cara.post(place).status_code == 404, place
    assert fresh(net.secret).acronym == "X" and fresh(net.own).acronym == "X"
    assert cara.get(address(own)).status_code == 200


def test_roles_are_given_back_by_administrators_alone(sign_in, net):  # noqa: F811
    network, boss, _minalogic = map(sign_in, ("network", "boss", "minalogic"))
    key = by(None, lambda: RoleAssignment.objects.filter(cluster=net.minalogic).update(valid_until=date(2030, 1, 1)))
    assert network.get(address(key)).status_code == 404 == network.post(address(key)).status_code
    undo(boss, key)
    assert RoleAssignment.objects.get(cluster=net.minalogic).valid_until is None


def test_of_contact_persons_nothing_comes_back(staff, other):  # noqa: F811
    one = organisation("Volta", acronym="V")
    person = ContactPerson.objects.create(organisation=one, name="Zanzibarine")
    key = by(other, lambda: (ContactPerson.objects.update(name="Autre"), Organisation.objects.update(acronym="X")))
    shown = page(staff, key)
    assert "Contact person – Of people the history keeps no values: nothing to put back." in shown
    assert "Zanzi" not in shown and "Autre" not in shown
    undo(staff, key)
    assert (fresh(person).name, fresh(one).acronym) == ("Autre", "V")


# --- sending, asking --------------------------------------------------------------------------------------------------


def test_a_second_click_does_nothing_and_answers_the_same(staff, other):  # noqa: F811
    one = organisation("Volta")
    key = by(other, lambda: Organisation.objects.update(acronym="X"))
    form = staff.get(address(key))
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', form.text)[1]
    sent = {"csrfmiddlewaretoken": token}
    first = staff.post(address(key), sent)
    Organisation.objects.filter(pk=one.pk).update(acronym="X")  # as if it had to be done again
    second = staff.post(address(key), sent)
    assert first["Location"] == second["Location"] and fresh(one).acronym == "X"
    assert ask("SELECT count(*) FROM pghistory_context WHERE metadata->>'kind' = 'undo'") == [(1,)]


def test_the_page_asks_no_more_however_much_it_shows(sign_in, net, other):  # noqa: F811
    numbers = []
    for name in ("network", "cara"):
        browser = sign_in(name)
        for more in (1, 30):
            for number in range(more):
                made = net.member(f"Firme {name} {more} {number}", net.cara)
                Site.objects.create(organisation=made, department=places(), city="Bron")

            def change(more=more):
                Organisation.objects.update(acronym=f"X{more}")
                Site.objects.update(city=f"Ville {more}")
                Membership.objects.update(category=f"C{more}")
                Project.objects.update(acronym=f"P{more}")

            key = by(other, change)
            by(other, lambda: Site.objects.update(city="Lyon"))
            page(browser, key)
            with CaptureQueriesContext(connection) as captured:
                page(browser, key)
            numbers.append(len(captured))
            with CaptureQueriesContext(connection) as captured:
                browser.get(history(net.own))
            assert len(captured) <= 8
    assert max(numbers) <= 15, numbers


def test_the_change_set_under_way_is_known_by_its_key():
    assert key_under_way() is None
    with change_set(Kind.FORM):
        key = key_under_way()
        one = organisation("Volta")
    assert key_under_way() is None
    assert ask("SELECT pgh_context_id::text FROM members_organisationevent WHERE pgh_obj_id = %s", one.pk) == [(key,)]


def test_pages_that_were_kept_show_what_came_back(staff, client, other):  # noqa: F811
    one = organisation("Volta", slug="volta")
    Membership.objects.create(organisation=one, cluster=cluster(), joined_on=date(2020, 1, 1))
    place = reverse("members:organisation-detail", args=["volta"])
    assert "Volta" in client.get(place).text
    key = by(other, lambda: Organisation.objects.filter(pk=one.pk).update(name="Ohm"))
    assert "Ohm" in client.get(place).text and not Organisation.objects.search("Volta")
    undo(staff, key)
    assert "Ohm" not in client.get(place).text and list(Organisation.objects.search("Volta")) == [one]
