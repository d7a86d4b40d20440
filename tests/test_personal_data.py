"""A person is found wherever she stands, told what is known of her, and forgotten so that no dump of the database holds her."""

import json
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from cluster_portal.embedded_postgresql.server import SITE_ROLE
from cluster_portal.models import Erasure, SecurityEvent, UnsentMail
from cluster_portal.personal_data import erasing, mentions
from cluster_portal.personal_data.sought import Sought
from cluster_portal.personal_data.sources import OF_NOBODY, SOURCES
from cluster_portal.records.phones import PhoneField
from contributions.models import ChangeProposal, InternalNote, ProposalMessage
from members.models import ContactPerson, ImportBatch, ImportRow, Invitation, Membership, RoleAssignment
from tests.admin_rows import organisation
from tests.staff import browser, person
from tests.test_admin_scope import Net

pytestmark = pytest.mark.django_db
NAME, MAIL, PHONE = "Zoé Yvrandelle", "zoe.yvran@barre.example", "+33476000099"
# whatever of her may stand in a dump, in whatever spelling
TRACES = re.compile(r"yvran|476000099|76[ .]?00[ .]?00[ .]?99", re.IGNORECASE)


@pytest.fixture
def boss():
    client = browser()
    client.force_login(person("boss", "administrator"))
    return client


@pytest.fixture
def everywhere(settings, tmp_path):
    """Zoé Yvrandelle, in each place that knows of persons and in some that should not."""
    settings.IMPORTS_ROOT = tmp_path
    net = Net()
    volta = organisation("Volta", lead_cluster=net.cara)
    Membership.objects.create(organisation=volta, cluster=net.cara)
    contact = ContactPerson.objects.create(
        organisation=volta, cluster=net.cara, name="YVRANDELLE Zoé", role="Directrice", email=MAIL, phone=PHONE
    )
    zoe = get_user_model().objects.create_user(
        "zoe.yvrandelle", MAIL, "une-phrase", first_name="Zoé", last_name="Yvrandelle"
    )
    RoleAssignment.objects.create(user_id=zoe.pk, role="cluster_editor", cluster=net.cara)
    SecurityEvent.objects.create(kind="signed_in", user=zoe, detail=MAIL, address="198.51.100.9", browser="Yvran 1.0")
    zoes = browser()
    zoes.force_login(zoe)
    zoes.get("/admin/")
    Invitation.objects.create(
        email=MAIL.upper(), role="administrator", token_digest="x", expires_at=timezone.now() + timedelta(days=1)
    )
    UnsentMail.objects.create(to=MAIL, subject="Bonjour", text=f"Bonjour {NAME}")
    UnsentMail.objects.create(to="autre@barre.example", subject="x", text="Appelez Zoe  YVRANDELLE au 04 76 00 00 99.")
    proposal = ChangeProposal.objects.create(
        kind="correction", organisation=volta, values={"email": MAIL, "phone": PHONE}, based_on={"x": [NAME]},
        note=f"De la part de {NAME}", sender_email=MAIL, sender_name=NAME, state="pending",
    )  # fmt: skip
    ProposalMessage.objects.create(proposal=proposal, text="Zoé Yvrandelle, 04.76.00.00.99", from_staff=False)
    InternalNote.objects.create(
        organisation=volta, cluster=net.cara, text="Mme Zoé Yvrandelle a rappelé (+33 4 76 00 00 99)"
    )
    (tmp_path / "stored").write_bytes("Nom;Prénom\nYvrandelle;Zoé\n".encode("cp1252"))
    batch = ImportBatch.objects.create(cluster=net.cara, file_name="liste.csv", checksum="x", stored_as="stored")
    ImportRow.objects.create(batch=batch, line=2, raw=["Volta", "Yvrandelle", "Zoé", MAIL], values={"contact": NAME})
    ImportRow.objects.create(batch=batch, line=3, raw=["Vega", "Durand", "Zoé", ""], values={})
    # where nobody should have written her: the organisation's own texts, whose history keeps each wording
    volta.email, volta.description_fr = MAIL, f"Fondée par {NAME}."
    volta.save()
    volta.description_fr = f"Dirigée par {NAME}."
    volta.save()
    return {"net": net, "volta": volta, "contact": contact, "zoe": zoe, "file": tmp_path / "stored"}


def dump() -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def traces() -> dict[str, list[str]]:
    found = {table: [row for row in rows if TRACES.search(row)] for table, rows in dump().items()}
    return {table: rows for table, rows in found.items() if rows}


def search(client, **more):
    return client.post("/admin/personal-data/", {"name": NAME, "email": "", "phone": "", "do": "find", **more})


def ticks(page) -> list[str]:
    return [f"{part.key}:{row.key}" for part in page.context["parts"] for row in part.rows]


# --- found ------------------------------------------------------------------------------------------------------------
def test_she_is_found_by_her_name_wherever_she_stands(boss, everywhere):
    page = search(boss)
    assert {part.key for part in page.context["parts"]} == {
        "contacts", "accounts", "unsent", "proposals", "proposal_messages", "notes", "import_lines", "import_files",
    }  # fmt: skip
    named = {one.table for one in page.context["mentions"]}
    assert {"members_organisation", "members_organisationevent", "contributions_internalnote"} <= named


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"email": "ZOE.yvran@barre.example"}, {"contacts", "accounts", "invitations", "unsent", "proposals", "import_lines"}),
        ({"phone": "04 76 00 00 99"}, {"contacts", "unsent", "proposals", "proposal_messages", "notes"}),
        ({"name": "yvrandelle"}, {"contacts", "accounts", "unsent", "proposals", "proposal_messages", "notes", "import_lines", "import_files"}),
    ],
)  # fmt: skip
def test_she_is_found_by_any_of_what_is_known_of_her(boss, everywhere, asked, found):
    page = search(boss, **{"name": "", **asked})
    assert {part.key for part in page.context["parts"]} == found


def test_nobody_is_looked_for_by_two_letters_or_by_nothing(boss):
    for name in ("", "Zo", "  "):
        page = search(boss, name=name)
        assert page.context["parts"] is None and "three letters" in page.text


def test_only_administrators_have_that_page(everywhere):
    one = Erasure.objects.create(counts=[])
    for role, cluster in (("network_editor", None), ("cluster_manager", everywhere["net"].cara)):
        client = browser()
        client.force_login(person(role, role, cluster))
        for path in ("/admin/personal-data/", f"/admin/personal-data/erasures/{one.pk}/"):
            assert client.get(path).status_code == client.post(path, {"name": NAME}).status_code == 404


def test_what_is_searched_stands_in_no_address(boss, everywhere):
    page = boss.get("/admin/personal-data/", {"name": NAME})
    assert page.context["parts"] is None
    assert "no-store" in search(boss).headers["Cache-Control"]


# --- told -------------------------------------------------------------------------------------------------------------
def test_what_is_known_is_told_as_json_and_as_a_page(boss, everywhere):
    rows = ticks(search(boss))
    told = json.loads(search(boss, do="json", row=rows).content)
    assert told["kept"]["contacts"] == [
        {"name": "YVRANDELLE Zoé", "e-mail": MAIL, "phone": PHONE, "role": "Directrice", "organisation": "Volta",
         "known to": str(everywhere["net"].cara)}
    ]  # fmt: skip
    assert any(one["table"] == "members_organisation" for one in told["named_in"])
    page = search(boss, do="page", row=[f"contacts:{everywhere['contact'].pk}"])
    assert "attachment" in page.headers["Content-Disposition"] and "Directrice" in page.text
    assert "nav" not in page.text


# --- forgotten --------------------------------------------------------------------------------------------------------
def test_after_an_erasure_a_dump_contains_her_nowhere(boss, everywhere, django_capture_on_commit_callbacks):
    before = traces()
    assert {"members_contactperson", "auth_user", "members_organisationevent", "members_searchdocument"} <= set(before)
    rows = ticks(search(boss))
    asked = search(boss, do="erase", row=rows)
    assert traces() == before and everywhere["file"].exists()  # it was only looked at
    sent = {"row": rows, "token": asked.context["token"], "do": "confirm"}
    tables = [one.table for one in asked.context["outcome"].mentions]
    with django_capture_on_commit_callbacks(execute=True):
        answer = search(boss, **sent, named=tables, table=tables)
    assert answer.status_code == 302, answer.context["outcome"]
    assert traces() == {}
    assert not everywhere["file"].exists()
    certificate = boss.get(answer.headers["Location"])
    assert not TRACES.search(certificate.text) and "Contact persons" in certificate.text
    assert dict(Erasure.objects.get().counts)["contacts"] == 1


def test_an_erased_account_is_nobodys_and_its_deeds_stay_one_persons(boss, everywhere, client):
    zoe = everywhere["zoe"]
    client.force_login(zoe)
    rows = ticks(search(boss))
    asked = search(boss, do="erase", row=rows)
    search(boss, do="confirm", row=rows, token=asked.context["token"])
    zoe.refresh_from_db()
    assert (zoe.username, zoe.email, zoe.is_active, zoe.has_usable_password()) == (f"erased-{zoe.pk}", "", False, False)
    assert not RoleAssignment.objects.running().filter(user=zoe.pk).exists()
    assert client.get("/admin/").status_code == 302
    event = SecurityEvent.objects.get(kind="signed_in", user=zoe)
    assert (event.address, event.browser, event.detail) == (None, "", "")
    volta = everywhere["volta"]
    volta.refresh_from_db()
    assert (volta.description_fr, volta.name) == ("Dirigée par ….", "Volta")


def test_namesakes_whose_tick_is_taken_away_stay(boss, everywhere):
    other = ContactPerson.objects.create(organisation=everywhere["volta"], name=NAME, email="autre@yvran.example")
    rows = [row for row in ticks(search(boss)) if row != f"contacts:{other.pk}"]
    asked = search(boss, do="erase", row=rows)
    named = [one.table for one in asked.context["outcome"].mentions]
    assert "members_contactperson" in named  # she is told that the name stands there still
    kept = [one for one in named if one != "members_contactperson"]
    answer = search(boss, do="confirm", row=rows, token=asked.context["token"], named=named, table=kept)
    assert answer.status_code == 302
    assert ContactPerson.objects.get(organisation=everywhere["volta"]) == other
    assert ContactPerson.objects.get(pk=other.pk).name == NAME


def test_what_a_single_word_names_is_touched_by_nobody_who_did_not_tick_it(boss, everywhere):
    page = search(boss, name="Yvrandelle")
    assert 'name="row"' in page.text and "checked" not in page.text
    page = search(boss, name="Yvrandelle", do="erase")
    assert set(page.context["left"]) == {one.table for one in page.context["outcome"].mentions}
    assert page.text.count("checked") == 0
    assert search(boss, do="erase").context["left"] == ()


def test_where_something_changed_since_nothing_is_erased(boss, everywhere):
    rows = ticks(search(boss))
    token = search(boss, do="erase", row=rows).context["token"]
    InternalNote.objects.create(organisation=everywhere["volta"], text=f"{NAME} encore")
    page = search(boss, do="confirm", row=rows, token=token)
    assert page.status_code == 200 and "nothing was erased" in page.text
    assert ContactPerson.objects.exists() and not Erasure.objects.exists()


def test_nobody_erases_herself_or_the_last_administrator(boss, everywhere):
    me = get_user_model().objects.get(username="boss")
    page = boss.post(
        "/admin/personal-data/", {"name": "boss", "do": "erase", "row": [f"accounts:{me.pk}"]}, follow=True
    )
    assert "by another administrator" in page.text
    order = erasing.Order(Sought.of(name="boss"), {"accounts": (str(me.pk),)})
    with pytest.raises(Exception, match="last administrator"):
        erasing.erase(order, None)
    me.refresh_from_db()
    assert me.username == "boss"


def test_what_was_not_found_is_not_erased_whoever_sends_it(boss, everywhere):
    other = ContactPerson.objects.create(organisation=everywhere["volta"], name="Durand")
    asked = search(boss, do="erase", row=[f"contacts:{other.pk}", "accounts:x", "nonsense"])
    assert asked.context["parts"] == []


# --- recognised -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Zoé Yvrandelle est là", "… est là"),
        ("YVRANDELLE, Zoe", "…"),
        ("zoe-yvrandelle@x.fr", "…@x.fr"),
        ("Zoé Yvrandelles et Azoé Yvrandelle", "Zoé Yvrandelles et Azoé Yvrandelle"),
        ("04 76 00 00 99 / +33 (0)4.76.00.00.99 / 0033476000099", "… / … / …"),
        ("104760000991", "104760000991"),
        ("Écrire à ZOE.yvran@barre.example.", "Écrire à …."),
        ("xzoe.yvran@barre.example", "xzoe.yvran@barre.example"),
        ("Œuvre de Zoé\u00a0Yvrandelle, œil", "Œuvre de …, œil"),
        ("Zoe\u0301 Yvrandelle", "…"),
        ("", ""),
    ],
)
def test_how_she_is_taken_out_of_a_text(text, left):
    sought = Sought.of(NAME, MAIL, PHONE)
    assert sought.taken_out_of(text) == left
    assert sought.taken_out_of({"a": [text, 1, None], text: True}) == {"a": [left, 1, None], left: True}


def test_neither_namesakes_nor_neighbours_are_taken_for_her():
    for name, text, left in (
        ("Marie Martin", "Anne-Marie Martin et Marie Martin-Dupuis, pas Marie Martin", "Anne-Marie Martin et Marie Martin-Dupuis, pas …"),
        ("Martin", "Saint-Martin, Martin-d’Hères, M. Martin", "Saint-Martin, Martin-d’Hères, M. …"),
        ("Marie Martin", "equipe-marie-martin.pdf, marie.martin@x.fr", "equipe-….pdf, …@x.fr"),
        ("Jean de La Tour", "DE LA TOUR Jean, La Tour Jean de", "…, …"),
        ("Marie St Clair", "Marie Saint-Clair, St-Clair Marie", "…, …"),
        ("J. P. Vexa", "J.P. Vexa, Vexa J.P", "…, …"),
        ("Анна Иванова", "Иванова Анна, Иванова", "…, Иванова"),
        ("Jeanne d’Arvor", "<b>Jeanne d&#x27;Arvor</b>", "<b>…</b>"),
        ("100 % Vexa_", "100 Vexa, 1000 Vexa", "…, 1000 Vexa"),
        (".* Vexa", "a Vexa", "a …"),
    ):  # fmt: skip
        assert Sought.of(name).taken_out_of(text) == left, name
    said = "marie@x.org.uk, anne-marie@x.org, marie@x.org."
    assert Sought.of(email="marie@x.org").taken_out_of(said) == "marie@x.org.uk, anne-marie@x.org, …."


def test_the_database_finds_whatever_names_her():
    """It looks first, for what may: what it passes over nobody reads."""
    spelt = {
        "Zoe Dvorak": ["Zoé Dvořák", "DVOŘÁK Zoé", "dvor\u030cak zoe", "Dvo\u00adrak, Zoe"],
        "Łukasz Żółć": ["lukasz zolc", "ŻÓŁĆ Łukasz"],
        "Anke Große-Œuvrard": ["Anke Grosse Oeuvrard", "GROẞE-ŒUVRARD Anke"],
        "Νίκος Βέργης": ["Βεργης Νικος", "ΒΈΡΓΗΣ ΝΊΚΟΣ".replace("Σ", "ς")],
    }
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE nobody_thought_of_it (said text)")
        for name, texts in spelt.items():
            for text in texts:
                cursor.execute("INSERT INTO nobody_thought_of_it VALUES (%s)", [text])
                assert [one.table for one in mentions.find(Sought.of(name))] == ["nobody_thought_of_it"], text
                cursor.execute("DELETE FROM nobody_thought_of_it")
        cursor.execute("DROP TABLE nobody_thought_of_it")


# --- what others are, stays ------------------------------------------------------------------------------------------
def test_who_only_looks_like_her_is_ticked_by_nobody(boss, everywhere):
    volta = everywhere["volta"]
    for name, email in (("Zoélie Yvrandelles", ""), ("Durand", f"anna-{MAIL}"), ("Durand", f"{MAIL}.uk")):
        ContactPerson.objects.create(organisation=volta, name=name, email=email)
    page = search(boss, email=MAIL)
    (contacts,) = (part.rows for part in page.context["parts"] if part.key == "contacts")
    assert [one.certain for one in contacts] == [True, False]
    assert page.text.count("checked") == sum(row.certain for part in page.context["parts"] for row in part.rows)


def test_a_name_of_one_word_in_her_rows_takes_no_town_away(boss, everywhere):
    """Her contact says “Martin” and her address: of texts, the address alone decides."""
    volta = everywhere["volta"]
    mine = ContactPerson.objects.create(organisation=volta, name="Martin", email="martin@volta.example")
    volta.description_fr = "À Martin, écrire à martin@volta.example."
    volta.save()
    asked = search(boss, name="", email="martin@volta.example", do="erase", row=[f"contacts:{mine.pk}"])
    token = asked.context["token"]
    answer = search(boss, name="", email="martin@volta.example", do="confirm", row=[f"contacts:{mine.pk}"], token=token)
    assert answer.status_code == 302
    volta.refresh_from_db()
    assert volta.description_fr == "À Martin, écrire à …."


def test_whoever_only_named_her_stays(boss, everywhere):
    """A mail to somebody else speaks of her, and so does what somebody else proposed."""
    volta = everywhere["volta"]
    ChangeProposal.objects.create(
        kind="report", organisation=volta, note=f"{NAME} n’y travaille plus.", sender_email="jean@barre.example",
        sender_name="Jean Delabarre", state="pending", fingerprint="other",
    )  # fmt: skip
    volta.description_en = "Write to Jean Delabarre, jean@barre.example, or to autre@barre.example."
    volta.save()
    rows = ticks(search(boss))
    token = search(boss, do="erase", row=rows).context["token"]
    assert search(boss, do="confirm", row=rows, token=token).status_code == 302
    volta.refresh_from_db()
    assert volta.description_en == "Write to Jean Delabarre, jean@barre.example, or to autre@barre.example."
    assert ChangeProposal.objects.get(fingerprint="other").sender_name == "Jean Delabarre"


def test_an_account_that_is_found_by_its_address_tells_her_name(boss, everywhere):
    rows = [f"accounts:{everywhere['zoe'].pk}"]
    page = search(boss, name="", email=MAIL, do="erase", row=rows)
    assert "members_organisation" in {one.table for one in page.context["outcome"].mentions}
    assert "Dirigée par" in page.text


def test_an_organisation_that_bears_her_name_keeps_a_page(boss, everywhere):
    """Addresses are no place for the sign, there is one of each, and a former one is remembered."""
    firms = [
        organisation(f"{NAME} {number}", slug=f"zoe-yvrandelle{end}", lead_cluster=everywhere["net"].cara)
        for number, end in ((1, ""), (2, "-conseil"), (3, "-sas"))
    ]
    rows = ticks(search(boss))
    token = search(boss, do="erase", row=rows).context["token"]
    assert search(boss, do="confirm", row=rows, token=token).status_code == 302
    assert traces() == {}
    for firm in firms:
        firm.refresh_from_db()
        assert firm.name.startswith("… ") and re.fullmatch(r"[a-z0-9-]+", firm.slug)
        assert boss.get(firm.get_absolute_url()).status_code == 200
    assert boss.get("/en/members/").status_code == 200


# --- nothing is forgotten ---------------------------------------------------------------------------------------------
PERSON_LIKE = re.compile(
    r"(^|_)(email|e_mail|mail|phone|first_name|last_name|username|sender|recipient|to|ip|address_ip|reply_to)(_|$)"
)
NAMES_OF_PERSONS = {"sender_name", "contact_name", "person_name", "full_name"}


def fields_that_may_hold_a_person() -> set[str]:
    found = set()
    for model in apps.get_models():
        if hasattr(model, "pgh_tracked_model") or model._meta.proxy:
            continue
        for field in model._meta.local_concrete_fields:
            by_kind = isinstance(field, models.EmailField | PhoneField | models.GenericIPAddressField)
            by_name = isinstance(field, models.CharField | models.TextField) and (
                PERSON_LIKE.search(field.name) or field.name in NAMES_OF_PERSONS
            )
            if by_kind or by_name:
                found.add(f"{model._meta.label_lower}.{field.name}")
    return found


def test_every_field_that_may_hold_a_person_is_some_sources_or_has_a_reason():
    handled = {name for source in SOURCES.values() for name in source.fields} | set(OF_NOBODY)
    assert fields_that_may_hold_a_person() - handled == set()


def test_every_field_that_a_source_names_is_there():
    for name in {name for source in SOURCES.values() for name in source.fields} | set(OF_NOBODY):
        label, _dot, field = name.rpartition(".")
        assert apps.get_model(label)._meta.get_field(field)


def test_every_table_with_texts_is_searched(everywhere):
    """As the database counts them, and not the models: what a migration adds is searched by itself."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE nobody_thought_of_it (id int, said text[], more jsonb, once varchar(90))")
        cursor.execute(
            "INSERT INTO nobody_thought_of_it VALUES (1, %s, %s, %s)", [["x", NAME], json.dumps({"a": [MAIL]}), PHONE]
        )
    sought = Sought.of(NAME, MAIL, PHONE)
    assert any(one.table == "nobody_thought_of_it" for one in mentions.find(sought))
    assert mentions.erase(sought, ["nobody_thought_of_it"]) == {"nobody_thought_of_it": 1}
    with connection.cursor() as cursor:
        cursor.execute("SELECT said, more::text, once FROM nobody_thought_of_it")
        assert cursor.fetchone() == (["x", "…"], '{"a": ["…"]}', "…")
        cursor.execute("DROP TABLE nobody_thought_of_it")


def test_the_role_of_the_site_erases_and_can_write_nothing_else_into_the_history(boss, everywhere):
    if "PGDATA" not in connection.settings_dict:
        pytest.skip("a server")
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {SITE_ROLE}")
        rows = ticks(search(boss))
        asked = search(boss, do="erase", row=rows)
        assert search(boss, do="confirm", row=rows, token=asked.context["token"]).status_code == 302
        assert traces() == {}
        cursor.execute("SELECT ctid::text FROM members_organisationevent WHERE name = 'Volta' LIMIT 1")
        (place,) = cursor.fetchone()
        # a table of her own under the name of one of events, or with the column of one, whose trigger would be the owner's
        cursor.execute(
            "CREATE FUNCTION pg_temp.as_the_owner() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN RAISE EXCEPTION 'as %', current_user; END$$"
        )
        for table in ("members_organisationevent", "events_of_hers"):
            cursor.execute(f"CREATE TEMP TABLE {table} AS SELECT 1 AS pgh_obj_id, 'Volta' AS name")
            cursor.execute(
                f"CREATE TRIGGER hers BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION pg_temp.as_the_owner()"
            )
        wrong = {
            "members_organisationevent": ["Autre nom", "Autre … nom", "…x", None],
            "auth_user": ["…"],
            "events_of_hers": ["…"],
        }
        for table, texts in wrong.items():
            for text in texts:
                with pytest.raises(DatabaseError, match="portal_take_out"), transaction.atomic():
                    cursor.execute("SELECT portal_take_out(%s, %s::tid, %s, %s)", [table, place, ["name"], [text]])
        cursor.execute(
            "SELECT portal_take_out(%s, %s::tid, %s, %s)", ["members_organisationevent", place, ["name"], ["V…a"]]
        )
        cursor.execute("RESET ROLE")
