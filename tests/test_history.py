"""What was changed, by whom and how: kept whoever writes and by whatever way, and never a word of a person."""

import json
import re
import time
from datetime import date, timedelta
from html import unescape
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cluster_portal.history.change_sets import Kind, change_set, of_command, unrecorded
from cluster_portal.history.tracking import TRACKED
from cluster_portal.models import Page
from members.models import ContactPerson, Membership, Organisation, RoleAssignment, Site
from tests.admin_rows import a_network, cluster, organisation, project
from tests.ours import DIRECTORY
from tests.test_admin_directory import rename, row, save
from tests.test_admin_scope import SECRET, net, sign_in  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_so_far(db):
    """Rows of other tests go at their end; their history stays."""
    with connection.cursor() as cursor:
        for one in TRACKED.values():
            cursor.execute(f"DELETE FROM {one.table}")
        cursor.execute("DELETE FROM pghistory_context")


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
    rename(staff, one, "Volta Énergie", **row("memberships", 0, cluster=known.pk, joined_on="2026-11-02"))
    assert kept(Organisation, "name", one) == [("insert", "Volta"), ("before", "Volta"), ("update", "Volta Énergie")]
    assert kept(Membership, "joined_on") == [("insert", date(2026, 11, 2))]
    (said,) = sets()
    assert (said["user"], said["kind"]) == (admin_user.pk, "form")
    assert len(said["request"]) == 32


def test_a_request_is_known_by_the_number_that_the_proxy_gave_it(staff):
    one = organisation("Volta")
    staff.defaults["HTTP_X_REQUEST_ID"] = "proxy-0815"
    rename(staff, one, "Volta 2")
    one.refresh_from_db()
    staff.defaults["HTTP_X_REQUEST_ID"] = "<script>" * 20
    rename(staff, one, "Volta 3")
    given, own = sorted((said["request"] for said in sets()), key=len)
    assert given == "proxy-0815" and len(own) == 32


def test_an_action_on_many_is_one_set_that_says_what_was_done(staff, admin_user):
    many = [organisation(f"Firme {number}", status="draft") for number in range(5)]
    address = reverse("admin:members_organisation_changelist")
    sent = {"action": "publish", "_selected_action": [one.pk for one in many], "confirmed": "1", "all": "1"}
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
    assert Organisation.objects.count() > 50 and count_of_events() == {}
    Organisation.objects.update(acronym="X")  # staff tried something, and the network is made anew
    Site.objects.update(name="Y")
    call_command("demo", scale=0.01, seed=7, replace=True, verbosity=0, stdout=StringIO())
    assert count_of_events() == {}
    organisation("Volta")
    assert count_of_events() == {"members.organisation": 1}  # and from then on as ever


def test_every_table_of_the_directory_and_of_projects_has_a_history_or_a_reason():
    without = {
        "members.region", "members.department",  # the State's; load_reference knows what staff changed
        "members.searchdocument", "projects.projectdocument",  # written by triggers
        "projects.programme", "projects.funder",
        "members.importbatch", "members.importrow", "members.columnmapping",  # what they write has one; the files are kept thirty days
        "members.qualitysnapshot", "members.websitecheck", "members.registercheck",  # what was found on a day
        "contributions.internalnote",  # what it said is not to outlive it
        "contributions.changeproposal", "contributions.proposalmessage",  # what they write has one; deleted after a year
        "members.matchcandidate",  # what is supposed, and found anew
        "contributions.savedanswer",  # words at hand: what is said of a proposal is kept with it
        "contributions.notice", "contributions.noticechoice", "contributions.noticelanguage",  # mails to oneself
        "contributions.nomoremail",  # a digest and a day
        "contributions.relayedmessage",  # what it said is not to outlive it
        "contributions.listalert",  # its reader’s alone, and erased with her address
        "contributions.correspondence",  # words and a switch of a cluster, for mails that say themselves what was sent
        "contributions.signedlink",  # a trail itself, deleted after two years
        "members.contactexport",  # a trail itself, which nobody changes
        "members.invitation",  # in the security log; what it leads to, a role, has one
        "members.person", "members.company", "members.laboratory", "members.institution",  # proxies
    }  # fmt: skip
    models = [
        model._meta.label_lower
        for app in (*DIRECTORY, "contributions")
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


# --- the page of a record ---------------------------------------------------------------------------------------------


def told(client, obj, **asked) -> str:
    """The words of the page, without its markup."""
    name = f"admin:{obj._meta.app_label}_{obj._meta.model_name}_history"
    page = client.get(reverse(name, args=[obj.pk]), asked)
    assert page.status_code == 200
    main = page.text.partition('id="content-main"')[2].partition("<footer")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_a_record_tells_who_changed_what_from_what_to_what_newest_first(staff, admin_user):
    admin_user.first_name, admin_user.last_name = "Camille", "Dupré"
    admin_user.save()
    one, known = organisation("Volta", size="sme"), cluster("CARA", "CARA")
    member = Membership.objects.create(organisation=one, cluster=known, joined_on=date(2020, 1, 1))
    end_transaction()
    rename(staff, one, "Volta Énergie", size="large", closed_on="2026-10-01", national="on")
    end_transaction()
    address = reverse("admin:members_membership_change", args=[member.pk])
    sent = {"organisation": one.pk, "cluster": known.pk, "joined_on": "2020-01-01", "left_on": "2026-11-24"}
    assert staff.post(address, sent).status_code == 302
    read = told(staff, one)
    assert "Camille Dupré form" in read
    for words in ("Name Volta → became Volta Énergie", "Size SME → became Large company",
                  "closed on – → became 1 Oct 2026", "No → became Yes",
                  "Membership: CARA – changed Left on – → became 24 Nov 2026"):  # fmt: skip
        assert words.lower() in read.lower(), words
    assert read.index("Membership: CARA – changed") < read.index("Name Volta") < read.index("Membership: CARA – added")
    staff.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    assert "quitté le – → " in told(staff, one).lower() or "24/11/2026" in told(staff, one)


def entries_of(client, obj, **asked) -> list:
    name = f"admin:{obj._meta.app_label}_{obj._meta.model_name}_history"
    return client.get(reverse(name, args=[obj.pk]), asked).context_data["entries"]


def end_transaction() -> None:
    """What was done so far is of another day: within one test all happens at one moment."""
    with connection.cursor() as cursor:
        for one in TRACKED.values():
            cursor.execute(f"UPDATE {one.table} SET pgh_created_at = pgh_created_at - interval '1 day'")


def test_a_long_text_is_compared_word_by_word(staff):
    long = "Un réseau qui travaille sur les véhicules du futur et sur bien d’autres choses encore dans la région. "
    one = organisation("Volta", description_fr=long * 3 + "Il compte vingt personnes.")
    save(staff, one, description_fr=long * 3 + "Il compte trente personnes.")
    page = staff.get(reverse("admin:members_organisation_history", args=[one.pk])).text
    assert "<del>vingt</del><ins>trente</ins>" in re.sub(r"\s+>", ">", page)
    assert page.count("véhicules du futur") == 3  # where it was added, and not around the difference


def test_rows_of_every_sort_are_told_on_the_page_of_their_record(staff):
    first, known, work = a_network(1)
    of_organisation, of_cluster, of_project = (told(staff, one) for one in (first, known, work))
    for words in ("Membership: Énergies Alpines – added", "Site: Ville 0 – added", "Other name: Nom 0 – added", "Themes: Energy – added",
                  "Contact person – added"):  # fmt: skip
        assert words in of_organisation, words
    for words in ("Themes: Thème 0 – added", "Region of the cluster: Région 0", "Other name: Ancien 0",
                  "Succession: Split, Énergies Alpines, Pôle 0"):  # fmt: skip
        assert words in of_cluster, words
    for words in (
        "Participation: Société 0 – added",
        "Project label: Pôle 0",
        "Funding: FUI – added Amount 5.00",
        "Outcome: Brevet",
    ):
        assert words in of_project, words
    assert "Contact 0" not in of_organisation


def test_fifty_sets_a_page_and_a_page_that_is_not_there_is_empty(staff):
    one = organisation("Volta")
    for number in range(55):
        with change_set(Kind.COMMAND, sentence=f"manage.py number{number}"):
            Organisation.objects.filter(pk=one.pk).update(founding_year=1900 + number)
    assert [len(entries_of(staff, one, p=page)) for page in (1, 2, 3)] == [50, 6, 0]
    said = {entry.sentence for page in (1, 2) for entry in entries_of(staff, one, p=page)}
    assert said == {"", *(f"manage.py number{number}" for number in range(55))}
    for wrong in ("0", "-1", "x", "9" * 30, "٣", "999"):
        told(staff, one, p=wrong)


def test_the_page_asks_no_more_however_much_it_tells(sign_in, net):  # noqa: F811
    numbers = []
    for name in ("network", "cara"):
        browser = sign_in(name)
        who = int(browser.session["_auth_user_id"])
        told(browser, net.shared)
        for more in (1, 20):
            for number in range(more):
                Site.objects.create(organisation=net.shared, country="BE", city=f"Ville {more} {number}")
                with change_set(Kind.FORM, by=who):
                    Organisation.objects.filter(pk=net.shared.pk).update(lead_cluster=net.secret_cluster)
                    Organisation.objects.filter(pk=net.shared.pk).update(
                        lead_cluster=net.minalogic, successor=net.secret
                    )
            with CaptureQueriesContext(connection) as captured:
                told(browser, net.shared)
            numbers.append(len(captured))
    assert max(numbers) <= 8, numbers


def test_nobody_reads_the_names_of_strangers_drafts_nor_of_their_contacts(sign_in, net):  # noqa: F811
    cara, minalogic = sign_in("cara"), sign_in("minalogic")
    Organisation.objects.filter(pk=net.shared.pk).update(successor=net.secret)
    Membership.objects.create(organisation=net.shared, cluster=net.secret_cluster)
    read = told(cara, net.shared)
    assert SECRET not in read and "Zanz" not in read
    assert "Successor – → became not yet published" in read or "not yet published" in read
    assert read.count("Contact person: CARA – added") == 1 and "Contact person: MINALOGIC" not in read
    assert f"{SECRET} SAS" in told(minalogic, net.shared)
    assert len(re.findall(r"Contact person: \w+ – added", told(sign_in("network"), net.shared))) == 2


# --- the page of what everybody changed -------------------------------------------------------------------------------


def latest(client, **asked) -> list[dict]:
    page = client.get(reverse("admin:changes"), asked)
    assert page.status_code == 200
    return page.context_data["sets"]


def named_in(sets: list[dict]) -> set[str]:
    return {record["name"] for one in sets for record in one["records"]}


def test_what_everybody_changed_is_told_by_person_cluster_day_and_way(sign_in, net):  # noqa: F811
    minalogic, network = sign_in("minalogic"), sign_in("network")
    end_transaction()
    with change_set(Kind.FORM, by=int(minalogic.session["_auth_user_id"])):
        Organisation.objects.filter(pk=net.secret.pk).update(acronym="ZZZ")
        Site.objects.filter(organisation=net.shared).update(city="Crolles-le-Bas")
    with change_set(Kind.COMMAND, sentence="manage.py tidy"):
        Organisation.objects.filter(pk=net.own.pk).update(acronym="OWN")
    newest = latest(network, day=date.today().isoformat())
    assert {one["entry"].sentence for one in newest} == {"", "manage.py tidy"} and len(newest) == 2
    of_minalogic = latest(network, person=minalogic.session["_auth_user_id"])
    assert named_in(of_minalogic) == {f"{SECRET} SAS", "Firme des deux"}
    assert named_in(latest(network, kind="command")) == {"Firme de CARA"}
    assert named_in(latest(network, kind="command", cluster=net.minalogic.pk)) == set()
    assert named_in(latest(network, kind="form", cluster=net.cara.pk)) == {"Firme des deux"}
    unknown = latest(network, kind="unknown")
    assert len(unknown) == 1 and unknown[0]["more"] > 0  # all that the fixtures wrote, in one transaction
    assert len(latest(network)) == 3
    for wrong in ({"person": "x"}, {"person": "9" * 40}, {"kind": "x"}, {"day": "2026-13-45"}, {"before": "x"}, {"cluster": "x"},
                  {"day": "0001-01-01"}, {"day": "9999-12-31"}, {"before": "9999-12-31T23:59:59+00:00"}):  # fmt: skip
        latest(network, **wrong)


def test_an_editor_reads_the_changes_of_her_part_and_no_name_of_others_drafts(sign_in, net):  # noqa: F811
    cara, minalogic = sign_in("cara"), sign_in("minalogic")
    end_transaction()
    with change_set(Kind.BULK, by=int(minalogic.session["_auth_user_id"]), sentence="Publish"):
        Organisation.objects.update(acronym="X")
        ContactPerson.objects.update(role="Z")
    page = cara.get(reverse("admin:changes")).text
    assert SECRET not in page and SECRET.lower() not in page
    (first, *_rest) = latest(cara)
    assert {record["name"] for record in first["records"]} == {"Firme de CARA", "Brouillon de CARA", "Firme des deux"}
    detail = cara.get(first["url"])
    assert detail.status_code == 200 and SECRET not in detail.text
    assert detail.text.count("Contact person: CARA") == 1 and "Contact person: Minalogic" not in detail.text
    assert f"{SECRET} SAS" in minalogic.get(first["url"]).text
    for key in ("x", "0" * 36, "00000000-0000-4000-8000-000000000000", "2026-01-01 00:00:00+00", "a-b-c-d-" + "e" * 28):
        assert cara.get(reverse("admin:change_set", args=[key])).status_code == 404, key
    strangers = change_of_a_stranger(net)
    assert cara.get(strangers).status_code == 404 and minalogic.get(strangers).status_code == 200
    assert cara.get(reverse("admin:changes"), {"cluster": net.minalogic.pk}).context_data["parts"] == []


def change_of_a_stranger(net) -> str:  # noqa: F811
    with change_set(Kind.FORM):
        Organisation.objects.filter(pk=net.secret.pk).update(acronym="Y")
    ((key,),) = ask("SELECT pgh_context_id::text FROM members_organisationevent ORDER BY pgh_id DESC LIMIT 1")
    return reverse("admin:change_set", args=[key])


def of_others(client) -> list[tuple[str, str, int]]:
    """What the first page says that others changed: which record, by whom, and how many more."""
    lines = client.get(reverse("admin:index")).context["of_others"]
    return [(line["records"][0]["name"], line["by"], line["others"]) for line in lines]


def test_the_first_page_tells_what_others_did_within_a_week_to_what_she_edits(sign_in, net):  # noqa: F811
    cara, network = sign_in("cara"), sign_in("network")
    with connection.cursor() as cursor:
        for tracked in TRACKED.values():
            cursor.execute(f"DELETE FROM {tracked.table}")
    for who, one, acronym in ((network, net.own, "A"), (network, net.own, "B"), (network, net.secret, "C"),
                              (network, net.shared, "D"), (cara, net.own_draft, "E")):  # fmt: skip
        save(who, one, acronym=acronym)
        end_transaction()
    assert of_others(cara) == [("Firme des deux", "network", 0), ("Firme de CARA", "network", 0)], "once, newest first"
    assert of_others(network) == [("Brouillon de CARA", "cara", 0)]
    assert SECRET not in cara.get(reverse("admin:index")).text
    week = timedelta(days=7)
    for age, told in ((week - timedelta(minutes=1), 2), (week + timedelta(minutes=1), 0)):
        with connection.cursor() as cursor:
            at = timezone.now() - age
            cursor.execute("UPDATE pghistory_context SET created_at = %s", [at])
            for tracked in TRACKED.values():
                cursor.execute(f"UPDATE {tracked.table} SET pgh_created_at = %s", [at])
        assert len(of_others(cara)) == told


@pytest.mark.parametrize(("rows", "many"), [(199, False), (200, True), (230, True)])  # two events a row
def test_of_a_set_of_hundreds_it_is_said_that_there_are_many(sign_in, net, rows, many):  # noqa: F811
    made = [organisation(f"Firme {number}", lead_cluster=net.cara) for number in range(rows)]
    cara, network = sign_in("cara"), sign_in("network")
    with change_set(Kind.COMMAND, sentence="manage.py tidy"):
        Organisation.objects.filter(pk__in=[one.pk for one in made]).update(acronym="X")
    for reader in (cara, network):
        (line,) = latest(reader, kind="command")
        assert (line["many"], len(line["records"])) == (many, 8)
        assert many or line["more"] == rows - 8
        page = reader.get(reverse("admin:changes"), {"kind": "command"}).text
        assert ("and many more" in page, f"and {rows - 8} more" in page) == (many, not many)


def test_roles_are_told_to_administrators_alone(sign_in, net):  # noqa: F811
    network, boss, _minalogic = map(sign_in, ("network", "boss", "minalogic"))
    with change_set(Kind.FORM):
        RoleAssignment.objects.filter(cluster=net.minalogic).update(valid_until=date(2030, 1, 1))
    assert not latest(network, kind="form")
    (one,) = latest(boss, kind="form")
    assert "2030" in boss.get(one["url"]).text and network.get(one["url"]).status_code == 404


def test_the_pages_of_changes_ask_a_set_number_of_questions(sign_in, net):  # noqa: F811
    numbers = []
    for name in ("network", "cara"):
        browser = sign_in(name)
        latest(browser)
        for more in (1, 60):
            for number in range(more):
                with change_set(Kind.COMMAND, sentence=f"manage.py {number}"):
                    Organisation.objects.update(founding_year=1900 + number + more)
            with CaptureQueriesContext(connection) as captured:
                sets = latest(browser)
            numbers.append(len(captured))
        assert len(sets) == 50
    assert max(numbers) <= 15, numbers


# --- commands ---------------------------------------------------------------------------------------------------------


def said_by(command: str, **options) -> str:
    out = StringIO()
    call_command(command, stdout=out, **options)
    return out.getvalue()


def test_changes_without_an_author_are_listed_by_a_command():
    assert "Every change" in said_by("unknown_changes")
    one = organisation("Volta")
    with change_set(Kind.COMMAND):
        Organisation.objects.update(acronym="VLT")
    end_transaction()
    Organisation.objects.update(acronym="VL")
    said = said_by("unknown_changes").splitlines()
    assert len(said) == 2 and all(f"members.organisation: 1 ({one.pk})" in line for line in said)
    assert len(said_by("unknown_changes", days=1).splitlines()) == 1


def test_a_history_is_trimmed_after_it_was_said_what_goes(settings, staff):
    one = organisation("Volta")
    with change_set(Kind.COMMAND):
        Organisation.objects.update(acronym="VLT")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_organisationevent SET pgh_created_at = pgh_created_at - interval '3 years'")
        cursor.execute("UPDATE pghistory_context SET created_at = created_at - interval '3 years'")
    with change_set(Kind.COMMAND):
        Organisation.objects.update(acronym="VL")
    with pytest.raises(CommandError, match="kept for ever"):
        said_by("trim_history")
    settings.HISTORY_MONTHS = 24
    said = said_by("trim_history")
    assert "3  members.organisation\n" in said and "1  change sets" in said and "nothing was removed" in said
    assert len(kept(Organisation, "acronym")) == 5
    assert "4 rows removed" in said_by("trim_history", remove=True)
    assert kept(Organisation, "acronym") == [("before", "VLT"), ("update", "VL")] and len(sets()) == 1
    assert "Acronym VLT → became VL" in told(staff, one)  # whole, without what went before
    assert "0 rows removed" in said_by("trim_history", remove=True)


def test_many_rows_at_once_cost_no_more_for_one_having_been_written_before():
    """A plan made for one row and kept would join thousands to thousands row by row."""
    Page.objects.bulk_create(Page(key=f"text-{number}", title_fr=f"Texte {number}") for number in range(6_000))
    Page.objects.filter(key="text-0").update(title_en="Text")
    began = time.perf_counter()
    with unrecorded():
        Page.objects.update(title_en="A text")
    without = time.perf_counter() - began
    began = time.perf_counter()
    Page.objects.update(title_en="Another text")
    assert time.perf_counter() - began < 15 * without
    assert len(kept(Page, "id")) == 6_000 + 2 + 12_000


def test_the_tables_of_the_history_are_found_by_record_by_set_and_by_day():
    for tracked in TRACKED.values():
        indexed = {text for (text,) in ask("SELECT indexdef FROM pg_indexes WHERE tablename = %s", tracked.table)}
        owners = [tracked.events._meta.get_field(name).column for name in tracked.owners]
        for column in ("pgh_obj_id", "pgh_context_id", "pgh_created_at", *owners):
            assert any(text.endswith(f"({column})") for text in indexed), (tracked.table, column)
