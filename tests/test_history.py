"""What was changed, by whom and how: kept whoever writes and by whatever way, and never a word of a person."""

import json
from datetime import date
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from cluster_portal.history.change_sets import Kind, change_set, of_command
from cluster_portal.history.tracking import TRACKED
from members.models import ContactPerson, Membership, Organisation, Site
from tests.admin_rows import a_network, cluster, organisation, project
from tests.test_admin_directory import row, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


def ask(question: str, *parameters) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        return cursor.fetchall()


def kept(model, column: str, obj=None) -> list[tuple[str, object]]:
    """(what happened, value) of each event, oldest first."""
    found = ask(f"SELECT pgh_label, {column}, pgh_obj_id FROM {TRACKED[model._meta.label_lower].table} ORDER BY pgh_id")
    return [(label, value) for label, value, pk in found if obj is None or pk == obj.pk]


def sets() -> list[dict]:
    return [json.loads(said) for (said,) in ask("SELECT metadata::text FROM pghistory_context ORDER BY created_at, id")]


def count_of_events() -> dict[str, int]:
    return {one.label: count for one in TRACKED.values() if (count := ask(f"SELECT count(*) FROM {one.table}")[0][0])}


# --- by whatever way --------------------------------------------------------------------------------------------------


def test_a_form_with_its_rows_is_one_set_of_whoever_sent_it(staff, admin_user):
    one, known = organisation("Volta"), cluster()
    save(staff, one, name="Volta Énergie", **row("memberships", 0, cluster=known.pk, joined_on="2026-11-02"))
    assert kept(Organisation, "name", one) == [("insert", "Volta"), ("before", "Volta"), ("update", "Volta Énergie")]
    assert kept(Membership, "joined_on") == [("insert", date(2026, 11, 2))]
    (said,) = sets()
    assert (said["user"], said["kind"]) == (admin_user.pk, "form")
    assert len(said["request"]) == 32


def test_a_request_is_known_by_the_number_that_the_proxy_gave_it(staff):
    one = organisation("Volta")
    staff.defaults["HTTP_X_REQUEST_ID"] = "proxy-0815"
    save(staff, one, name="Volta 2")
    staff.defaults["HTTP_X_REQUEST_ID"] = "<script>" * 20
    save(staff, one, name="Volta 3")
    given, own = sorted((said["request"] for said in sets()), key=len)
    assert given == "proxy-0815" and len(own) == 32


def test_an_action_on_many_is_one_set_that_says_what_was_done(staff, admin_user):
    many = [organisation(f"Firme {number}", status="draft") for number in range(5)]
    address = reverse("admin:members_organisation_changelist")
    sent = {"action": "publish", "_selected_action": [one.pk for one in many]}
    staff.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    assert staff.post(address, sent).status_code == 302
    for one in many:
        assert kept(Organisation, "status", one)[1:] == [("before", "draft"), ("update", "published")]
    (said,) = sets()
    assert (said["user"], said["kind"], said["sentence"]) == (admin_user.pk, "bulk", "Publish")


def test_a_queryset_in_a_shell_and_sql_by_hand_are_kept_with_nobodys_name():
    one = organisation("Volta")
    Organisation.objects.filter(pk=one.pk).update(acronym="VLT")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_organisation SET founding_year = 1999 WHERE id = %s", [one.pk])
        cursor.execute("INSERT INTO members_site (organisation_id, name, address, postcode, city, country, precision,"
                       " siret, head_office) VALUES (%s, '', '', '', 'Bron', 'BE', '', '', false)", [one.pk])  # fmt: skip
        cursor.execute("DELETE FROM members_site WHERE city = 'Bron'")
    assert kept(Organisation, "acronym", one)[1:3] == [("before", ""), ("update", "VLT")]
    assert kept(Organisation, "founding_year", one)[3:] == [("before", None), ("update", 1999)]
    assert kept(Site, "city") == [("insert", "Bron"), ("delete", "Bron")]
    assert sets() == []


def test_a_command_is_one_set_and_a_shell_is_none():
    one = organisation("Volta")
    with of_command(["manage.py", "check_data"]):
        Organisation.objects.filter(pk=one.pk).update(acronym="VLT")
        with connection.cursor() as cursor:  # no parameters: what looks like one is not
            cursor.execute("UPDATE members_organisation SET description_fr = '100 %s' WHERE acronym LIKE 'V%'")
            cursor.executemany("UPDATE members_organisation SET founding_year = %s", [(1998,), (1999,)])
    with of_command(["manage.py", "shell"]):
        Organisation.objects.filter(pk=one.pk).update(acronym="VL")
    one.refresh_from_db()
    assert (one.description_fr, one.founding_year, one.acronym) == ("100 %s", 1999, "VL")
    assert sets() == [{"kind": "command", "sentence": "manage.py check_data"}]
    contexts = [context for (context,) in ask("SELECT pgh_context_id FROM members_organisationevent ORDER BY pgh_id")]
    assert contexts[0] is None and len(set(contexts[1:-2])) == 1 and contexts[1] and contexts[-2:] == [None, None]


def test_themes_taken_and_left_are_kept():
    first, _known, work = a_network(1)
    before = count_of_events()
    first.themes.clear()
    work.themes.add(*type(first).themes.rel.model.objects.all())
    after = count_of_events()
    assert after["members.organisationthemes"] == before["members.organisationthemes"] + 1
    assert after["projects.projectthemes"] == 2


def test_what_is_saved_without_a_change_leaves_nothing(staff):
    one = organisation("Volta")
    before = count_of_events()
    save(staff, one)
    one.save()
    Organisation.objects.update(name="Volta")
    assert count_of_events() == before
    assert not [said for said in sets() if said["kind"] != "form"]


def test_what_is_deleted_is_kept_as_it_was_with_all_its_rows(staff):
    one = organisation("Volta", status="draft", founding_year=1999)
    Site.objects.create(organisation=one, country="BE", city="Bruxelles")
    with change_set(Kind.FORM, by=None):
        one.delete()
    assert kept(Organisation, "founding_year")[-1] == ("delete", 1999)
    assert kept(Site, "city")[-1] == ("delete", "Bruxelles")


# --- and never --------------------------------------------------------------------------------------------------------


def test_of_a_contact_person_only_that_something_changed(staff):
    one, known = organisation("Volta"), cluster()
    planted = {"name": "Zanzibarine", "role": "Zanzibarque", "email": "zanzi@barre.fr", "phone": "+33476000099"}
    person = ContactPerson.objects.create(organisation=one, cluster=known, **planted)
    ContactPerson.objects.filter(pk=person.pk).update(phone="+33476000098")
    ContactPerson.objects.filter(pk=person.pk).update(agreed_on=date(2026, 1, 2))
    ContactPerson.objects.filter(pk=person.pk).update(agreed_on=date(2026, 1, 2))
    person.delete()
    assert [label for label, _id in kept(ContactPerson, "id")] == ["insert", *["before", "update"] * 2, "delete"]
    for one in TRACKED.values():
        for (event,) in ask(f"SELECT to_jsonb(event)::text FROM {one.table} event"):
            assert not any(word in event for word in ("anzi", "47600009", "2026-01-02")), event


def test_the_demo_and_the_reference_data_write_no_history(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    call_command("load_reference", verbosity=0)
    call_command("demo", scale=0.01, verbosity=0, stdout=StringIO())
    assert Organisation.objects.count() > 50
    call_command("demo", scale=0.01, seed=7, replace=True, verbosity=0, stdout=StringIO())
    assert count_of_events() == {}
    organisation("Volta")
    assert count_of_events() == {"members.organisation": 1}  # and from then on as ever


def test_every_table_of_the_directory_and_of_projects_has_a_history_or_a_reason():
    without = {
        "members.region", "members.department",  # the State's; load_reference knows what staff changed
        "members.searchdocument", "projects.projectdocument",  # written by triggers
        "projects.programme", "projects.funder",
        "members.person", "members.company", "members.laboratory", "members.institution",  # proxies
    }  # fmt: skip
    models = [
        model._meta.label_lower
        for app in ("members", "projects")
        for model in apps.get_app_config(app).get_models()
        if not hasattr(model, "pgh_tracked_model")
    ]
    assert set(models) - without == set(TRACKED) - {"portal.page"}
    chosen = {
        field.m2m_db_table()
        for label in models
        for field in apps.get_model(label)._meta.local_many_to_many
        if field.remote_field.through._meta.auto_created
    }
    assert chosen == {one.model._meta.db_table for one in TRACKED.values() if one.of_field}


def test_what_hangs_on_a_record_is_not_its_history():
    """What walks the relations of a model meets rows, and not events."""
    for tracked in TRACKED.values():
        assert not [one for one in tracked.model._meta.related_objects if hasattr(one.related_model, "pgh_obj")]
    one = organisation("Volta", status="draft")
    work = project()
    one.delete(), work.delete()
    assert len(kept(Organisation, "name")) == 2
