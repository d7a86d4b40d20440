"""The rules about the data: the database refuses through bulk writes, and staff read a sentence."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from members import models
from members.models import (
    Cluster,
    ClusterName,
    ClusterRegion,
    ColumnMapping,
    ContactExport,
    ContactPerson,
    Department,
    FurtherNumber,
    ImportBatch,
    ImportRow,
    Invitation,
    LabelPeriod,
    MatchCandidate,
    Membership,
    Organisation,
    OrganisationName,
    Person,
    QualitySnapshot,
    Region,
    RoleAssignment,
    Site,
    Succession,
    Theme,
    UnitNumber,
    WebsiteCheck,
)


def somebody() -> Person:
    return Person.objects.get_or_create(username="camille", defaults={"password": "x"})[0]


COMPANY = {"kind": "company", "name": "Quorvex", "slug": "quorvex", "status": "published"}


@pytest.fixture
def ground(db):
    """One of each thing that the others refer to."""
    region = Region.objects.create(name="Armor", slug="armor", insee_code="99")
    Department.objects.create(name="Nord d’Armor", slug="nord-d-armor", insee_code="999", region=region)
    Theme.objects.create(name_fr="Énergie", slug="energie")
    Cluster.objects.create(name="Alpha", slug="alpha", status="published")
    Cluster.objects.create(name="Bravo", slug="bravo", status="published")
    Organisation.objects.create(kind="company", name="Zyblor", slug="zyblor", siren="552100554", status="published")
    Organisation.objects.create(kind="laboratory", name="Labo", slug="labo", rnsr_id="199111950H", status="published")
    Organisation.objects.create(kind="institution", name="Institut", slug="institut", status="published")


def org(slug="zyblor"):
    return Organisation.objects.get(slug=slug)


def pair(**values) -> MatchCandidate:
    return MatchCandidate(**{"first": org(), "second": org("labo"), "score": 0.5, **values})


def alpha():
    return Cluster.objects.get(slug="alpha")


def bravo():
    return Cluster.objects.get(slug="bravo")


def place():
    return Department.objects.get()


def membership(**values):
    return Membership(organisation=org(), cluster=alpha(), **values)


# For each constraint: rows that are all right together but for the last, which it refuses.
CASES = {
    "members_qualitysnapshot_once": lambda: [
        QualitySnapshot(day=date(2026, 1, 1), cluster=alpha()),
        QualitySnapshot(day=date(2026, 1, 1), cluster=bravo()),
        QualitySnapshot(day=date(2026, 1, 1)),
        QualitySnapshot(day=date(2026, 1, 1)),
    ],
    "members_websitecheck_failure_whole": lambda: [
        WebsiteCheck(organisation=org(), website="https://zyblor.example/", failed_days=1, failed_on=date(2026, 1, 1))
    ],
    "members_cluster_status_known": lambda: [Cluster(name="C", slug="c", status="lost")],
    "members_cluster_coordinates_paired": lambda: [Cluster(name="C", slug="c", latitude=Decimal("45.1"))],
    "members_cluster_days_in_time": lambda: [Cluster(name="C", slug="c", publish_on=date(202, 1, 1))],
    "members_clusterregion_once": lambda: [ClusterRegion(cluster=alpha(), region=Region.objects.get()) for _ in "12"],
    "members_clustername_once": lambda: [ClusterName(cluster=alpha(), name="A") for _ in "12"],
    "members_clustername_kind_known": lambda: [ClusterName(cluster=alpha(), name="A", kind="secret")],
    "members_labelperiod_phase_known": lambda: [LabelPeriod(cluster=alpha(), phase=6, start=date(2020, 1, 1))],
    "members_labelperiod_dates_in_order": lambda: [
        LabelPeriod(cluster=alpha(), phase=5, start=date(2020, 1, 2), end=date(2020, 1, 1))
    ],
    "members_labelperiod_no_overlap": lambda: [
        LabelPeriod(cluster=alpha(), phase=4, start=date(2019, 1, 1), end=date(2022, 12, 31)),
        LabelPeriod(cluster=alpha(), phase=5, start=date(2022, 12, 31)),
    ],
    "members_succession_kind_known": lambda: [Succession(predecessor=alpha(), successor=bravo(), kind="quarrel")],
    "members_succession_two_clusters": lambda: [Succession(predecessor=alpha(), successor=alpha(), kind="merger")],
    "members_succession_once": lambda: [
        Succession(predecessor=alpha(), successor=bravo(), kind=kind) for kind in ("merger", "split")
    ],
    "members_membership_dates_in_order": lambda: [membership(joined_on=date(2020, 1, 2), left_on=date(2020, 1, 1))],
    "members_membership_no_overlap": lambda: [membership(joined_on=date(2020, 1, 1)), membership()],
    "members_organisation_status_known": lambda: [Organisation(**COMPANY | {"status": "lost"})],
    "members_organisation_kind_known": lambda: [Organisation(**COMPANY | {"kind": "person"})],
    "members_organisation_size_known": lambda: [Organisation(**COMPANY, size="giant")],
    "members_organisation_headcount_known": lambda: [Organisation(**COMPANY, headcount="99")],
    "members_organisation_institution_type_known": lambda: [
        Organisation(**COMPANY | {"kind": "institution"}, institution_type="club")
    ],
    "members_organisation_country_known": lambda: [Organisation(**COMPANY, country="UK")],
    "members_organisation_company_only": lambda: [Organisation(**COMPANY | {"kind": "laboratory"}, size="sme")],
    "members_organisation_laboratory_only": lambda: [Organisation(**COMPANY, rnsr_id="200711886U")],
    "members_organisation_institution_only": lambda: [Organisation(**COMPANY, uai_code="0751717J")],
    "members_organisation_siren_once": lambda: [Organisation(**COMPANY, siren="552100554")],
    "members_organisation_rnsr_once": lambda: [Organisation(**COMPANY | {"kind": "laboratory"}, rnsr_id="199111950H")],
    "members_organisationname_once": lambda: [OrganisationName(organisation=org(), name="A") for _ in "12"],
    "members_organisationname_kind_known": lambda: [OrganisationName(organisation=org(), name="A", kind="secret")],
    "members_site_coordinates_with_precision": lambda: [
        Site(organisation=org(), department=place(), latitude=Decimal("45.1"), precision="city")
    ],
    "members_site_country_known": lambda: [Site(organisation=org(), city="Pristina", country="ZZ")],
    "members_site_abroad": lambda: [Site(organisation=org(), department=place(), country="IT")],
    "members_site_somewhere": lambda: [Site(organisation=org(), address="1 rue des Forges")],
    "members_site_french_postcode": lambda: [Site(organisation=org(), department=place(), postcode="B-1000")],
    "members_unitnumber_once": lambda: [UnitNumber(organisation=org("labo"), label="UMR", number="5506") for _ in "12"],
    "members_unitnumber_as_written": lambda: [UnitNumber(organisation=org("labo"), label="umr", number="5506")],
    "members_furthernumber_once": lambda: [
        FurtherNumber(organisation=org("institut"), kind="uai", value="0751717J") for _ in "12"
    ],
    "members_furthernumber_kind_known": lambda: [FurtherNumber(organisation=org(), kind="isni", value="1")],
    "members_site_one_head_office": lambda: [
        Site(organisation=org(), department=place(), head_office=True) for _ in "12"
    ],
    "members_site_siret_once": lambda: [
        Site(organisation=org(), department=place(), siret="55210055400013") for _ in "12"
    ],
    "members_roleassignment_role_known": lambda: [RoleAssignment(user=somebody(), role="king")],
    "members_role_cluster": lambda: [
        RoleAssignment(user=somebody(), role="network_editor", cluster=Cluster.objects.first())
    ],
    "members_role_dates_in_order": lambda: [
        RoleAssignment(user=somebody(), role="administrator", valid_from=date(2024, 1, 2), valid_until=date(2024, 1, 1))
    ],
    "members_organisation_merged_is_archived": lambda: [
        Organisation(kind="company", name="Autre", slug="autre", status="published", merged_into=org())
    ],
    "members_matchcandidate_decision_known": lambda: [pair(decision="x", decided_at=timezone.now())],
    "members_matchcandidate_in_order": lambda: [pair(first=org("labo"), second=org())],
    "members_matchcandidate_score": lambda: [pair(score=2)],
    "members_matchcandidate_decided": lambda: [pair(decision="same")],
    "members_matchcandidate_once": lambda: [pair(), pair()],
    "members_contactexport_for_a_purpose": lambda: [
        ContactExport(purpose="", rows=1, people=1, address="/admin/", columns="name", format="csv")
    ],
    "members_importbatch_state_known": lambda: [brought_in(state="x")],
    "members_importbatch_subject_known": lambda: [brought_in(subject="x")],
    "members_importbatch_done_of_total": lambda: [brought_in(done=3, total=2)],
    "members_importrow_action_known": lambda: [a_line(action="x")],
    "members_importrow_decision_known": lambda: [a_line(decision="x")],
    "members_importrow_once": lambda: [a_line(), a_line()],
    "members_importrow_decided_on_one": lambda: [a_line(decision="this")],
    "members_columnmapping_subject_known": lambda: [remembered(subject="x")],
    "members_columnmapping_once": lambda: [remembered(), remembered()],
    "members_invitation_role_known": lambda: [invitation(role="x")],
    "members_invitation_cluster": lambda: [invitation(role="cluster_editor", cluster=None)],
    "members_invitation_one_answer": lambda: [invitation(accepted_at=timezone.now(), revoked_at=timezone.now())],
    "members_invitation_lasts": lambda: [invitation(expires_at=timezone.now() - timedelta(days=1))],
    "members_invitation_once": lambda: [invitation(), invitation(email="LEA@portal.example", token_digest="2")],
    "members_role_once": lambda: [RoleAssignment(user=somebody(), role="network_editor") for _ in "12"],
    "members_cluster_names_readable": lambda: [Cluster(name="C\u200b", slug="c")],
    "members_cluster_years_in_time": lambda: [Cluster(name="C", slug="c", founding_year=205)],
    "members_cluster_founded_by_now": lambda: [Cluster(name="C", slug="c", founding_year=2099)],
    "members_cluster_website_public": lambda: [Cluster(name="C", slug="c", website="http://localhost/")],
    "members_cluster_phone_known": lambda: [Cluster(name="C", slug="c", phone="abc")],
    "members_cluster_slug_free": lambda: [Cluster(name="C", slug="compare")],
    "members_cluster_not_in_the_gulf_of_guinea": lambda: [Cluster(name="C", slug="c", latitude=0, longitude=0)],
    "members_clustername_names_readable": lambda: [ClusterName(cluster=alpha(), name="A  B")],
    "members_clustername_days_in_time": lambda: [ClusterName(cluster=alpha(), name="A", until=date(202, 1, 1))],
    "members_contactperson_names_readable": lambda: [ContactPerson(organisation=org(), name="\u2800")],
    "members_contactperson_phone_known": lambda: [ContactPerson(organisation=org(), name="A", phone="abc")],
    "members_contactperson_days_in_time": lambda: [
        ContactPerson(organisation=org(), name="A", agreed_on=date(202, 1, 1))
    ],
    "members_contactperson_agreed_by_now": lambda: [
        ContactPerson(organisation=org(), name="A", agreed_on=timezone.localdate() + timedelta(days=1))
    ],
    "members_department_names_readable": lambda: [
        Department(name=" Sud", slug="sud", insee_code="998", region=Region.objects.get())
    ],
    "members_labelperiod_days_in_time": lambda: [LabelPeriod(cluster=alpha(), phase=5, start=date(205, 1, 1))],
    "members_membership_names_readable": lambda: [membership(category="\u200b")],
    "members_membership_days_in_time": lambda: [membership(joined_on=date(202, 1, 1))],
    "members_organisation_names_readable": lambda: [Organisation(**COMPANY | {"name": "\u2800"})],
    "members_organisation_days_in_time": lambda: [Organisation(**COMPANY, closed_on=date(9999, 1, 1))],
    "members_organisation_years_in_time": lambda: [Organisation(**COMPANY, founding_year=205)],
    "members_organisation_founded_by_now": lambda: [Organisation(**COMPANY, founding_year=2099)],
    "members_organisation_closed_after_founding": lambda: [
        Organisation(**COMPANY, founding_year=2010, closed_on=date(2009, 12, 31))
    ],
    "members_organisation_verified_by_now": lambda: [
        Organisation(**COMPANY, verified_on=timezone.localdate() + timedelta(days=1))
    ],
    "members_organisation_website_public": lambda: [Organisation(**COMPANY, website="http://10.0.0.1/")],
    "members_organisation_phone_known": lambda: [Organisation(**COMPANY, phone="abc")],
    "members_organisation_siren_exists": lambda: [Organisation(**COMPANY, siren="000000000")],
    "members_organisation_rnsr_id_exists": lambda: [
        Organisation(**COMPANY | {"kind": "laboratory"}, rnsr_id="199111950A")
    ],
    "members_organisation_uai_code_exists": lambda: [
        Organisation(**COMPANY | {"kind": "institution"}, uai_code="0000000A")
    ],
    "members_organisation_ror_id_exists": lambda: [Organisation(**COMPANY, ror_id="02feahw74")],
    "members_organisation_naf_code_exists": lambda: [Organisation(**COMPANY, naf_code="00.00Z")],
    "members_organisation_uai_once": lambda: [
        Organisation(**COMPANY | {"kind": "institution", "slug": slug}, uai_code="0751717J") for slug in "ab"
    ],
    "members_organisation_ror_once": lambda: [
        Organisation(**COMPANY | {"slug": slug}, ror_id="02feahw73") for slug in "ab"
    ],
    "members_organisationname_names_readable": lambda: [OrganisationName(organisation=org(), name="A  B")],
    "members_organisationname_years_in_time": lambda: [OrganisationName(organisation=org(), name="A", until=202)],
    "members_furthernumber_value_exists": lambda: [FurtherNumber(organisation=org(), kind="uai", value="0000000A")],
    "members_region_names_readable": lambda: [Region(name="\u200b", slug="r", insee_code="98")],
    "members_site_names_readable": lambda: [Site(organisation=org(), department=place(), city="Vif ")],
    "members_site_not_in_the_gulf_of_guinea": lambda: [
        Site(organisation=org(), department=place(), latitude=0, longitude=0, precision="city")
    ],
    "members_site_siret_exists": lambda: [Site(organisation=org(), department=place(), siret="0" * 14)],
    "members_succession_days_in_time": lambda: [
        Succession(predecessor=alpha(), successor=bravo(), kind="merger", date=date(202, 1, 1))
    ],
    "members_succession_years_in_time": lambda: [
        Succession(predecessor=alpha(), successor=bravo(), kind="merger", year=202)
    ],
    "members_theme_names_readable": lambda: [Theme(name_fr="\u200b", slug="t")],
    "members_organisation_not_its_own_successor": None,  # below: it takes a row that is there
    "members_theme_not_its_own_domain": None,
}


def invitation(**values) -> Invitation:
    week = timezone.now() + timedelta(days=7)
    given = {"email": "lea@portal.example", "role": "network_editor", "token_digest": "1", "expires_at": week}
    return Invitation(**{**given, "invited_by": somebody(), **values})


def brought_in(**values) -> ImportBatch:
    given = {
        "cluster": alpha(),
        "file_name": "membres.csv",
        "checksum": "0" * 64,
        "uploaded_by": somebody(),
        "stored_as": "0",
    }
    given |= {key: {"some": "thing"} for key in ("layout", "constants", "values", "counts")}
    given |= {key: ["name"] for key in ("headers", "columns", "erasing", "declined", "problem")}
    return ImportBatch(**{**given, "task": "0", "change_set": "0", "imported_by": somebody(), **values})


def a_line(**values) -> ImportRow:
    batch = ImportBatch.objects.first() or brought_in()
    batch.save()
    given = {key: ["some"] for key in ("raw", "repairs", "problems", "candidates")}
    return ImportRow(**{"batch": batch, "line": 2, **given, "values": {"name": "A"}, "changes": {"a": 1}, **values})


def remembered(**values) -> ColumnMapping:
    given = {key: {"some": "thing"} for key in ("columns", "constants", "values")}
    return ColumnMapping(
        **{"cluster": alpha(), "fingerprint": "0" * 64, **given, "erasing": ["a"], "declined": ["a"], **values}
    )


def constraints() -> dict[str, object]:
    found = {}
    for name in dir(models):
        model = getattr(models, name)
        if isinstance(model, type) and issubclass(model, Model) and not model._meta.proxy:
            found |= {constraint.name: constraint for constraint in model._meta.constraints}
    return found


def test_every_constraint_of_the_directory_is_tried_here():
    tried = set(CASES)
    assert set(constraints()) == tried


def write_in_bulk(row) -> None:
    with transaction.atomic():
        type(row).objects.bulk_create([row])
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("name", [name for name, rows in CASES.items() if rows])
def test_the_database_refuses_and_staff_read_a_sentence(ground, name):
    *fine, wrong = CASES[name]()
    for row in fine:
        row.save()
    with pytest.raises(ValidationError) as refused:
        wrong.full_clean()
    sentences = refused.value.messages
    assert any(sentence.strip().endswith((".", "!")) for sentence in sentences), sentences
    assert not any("members_" in sentence or "Constraint" in sentence for sentence in sentences), sentences
    with pytest.raises(IntegrityError, match=name):
        write_in_bulk(wrong)


# the field has a sentence of its own, which comes first
SAID_BY_THE_FIELD = ("_known", "_exists", "_years_in_time", "_for_a_purpose")


@pytest.mark.parametrize(
    "name", [name for name, rows in CASES.items() if rows and not name.endswith(SAID_BY_THE_FIELD)]
)
def test_the_sentence_of_the_constraint_itself_is_shown(ground, name):
    """For those that no field of the form refuses first."""
    *fine, wrong = CASES[name]()
    for row in fine:
        row.save()
    with pytest.raises(ValidationError) as refused:
        wrong.full_clean()
    assert str(constraints()[name].get_violation_error_message()) in refused.value.messages


@pytest.mark.parametrize(("model", "field"), [(Organisation, "successor"), (Theme, "parent")])
def test_nothing_follows_or_contains_itself(ground, model, field):
    row = model.objects.first()
    setattr(row, field, row)
    with pytest.raises(ValidationError) as refused:
        row.validate_constraints()
    assert len(refused.value.messages) == 1 and refused.value.messages[0].endswith(".")
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**{field: row.pk})


def test_a_theme_has_two_levels_and_no_more(ground):
    domain = Theme.objects.get()
    theme = Theme.objects.create(name_fr="Piles", slug="piles", parent=domain)
    deeper = Theme(name_fr="Électrodes", slug="electrodes", parent=theme)
    with pytest.raises(ValidationError):
        deeper.full_clean()
    domain.parent = Theme.objects.create(name_fr="Santé", slug="sante")
    with pytest.raises(ValidationError):
        domain.full_clean()
    for pk, parent in ((domain.pk, domain.parent_id), (domain.parent_id, theme.pk)):
        with pytest.raises(IntegrityError, match="two levels"), transaction.atomic():
            Theme.objects.filter(pk=pk).update(parent=parent)


def test_two_memberships_of_one_pair_may_follow_each_other(ground):
    Membership.objects.bulk_create(
        [membership(joined_on=date(2010, 1, 1), left_on=date(2015, 1, 1)), membership(joined_on=date(2015, 1, 1))]
    )
    assert Membership.objects.current(date(2014, 12, 31)).count() == 1
    assert Membership.objects.current(date(2015, 1, 1)).count() == 1


def test_an_archived_page_frees_its_numbers(ground):
    Organisation.objects.filter(slug="zyblor").update(status="archived")
    Organisation.objects.create(**COMPANY, siren="552100554")


def test_wrong_numbers_are_refused_in_the_form_with_the_number_in_the_sentence(ground):
    one = Organisation(**COMPANY, siren="552100555", ror_id="02feahw74", naf_code="2910Z")
    with pytest.raises(ValidationError) as refused:
        one.full_clean()
    wrong = refused.value.message_dict
    assert set(wrong) >= {"siren", "ror_id", "naf_code"} and "552100555" in wrong["siren"][0]


def test_saving_without_a_change_moves_no_date(ground):
    one = org()
    before = one.updated_at
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE members_organisation DISABLE TRIGGER members_organisation_touch")
        cursor.execute("UPDATE members_organisation SET updated_at = '2020-01-01', created_at = '2019-01-01'")
        cursor.execute("ALTER TABLE members_organisation ENABLE TRIGGER members_organisation_touch")
    one.refresh_from_db()
    assert one.updated_at.year == 2020 < before.year
    one.save()
    Organisation.objects.filter(pk=one.pk).update(name=one.name)
    one.refresh_from_db()
    assert (one.updated_at.year, one.created_at.year) == (2020, 2019)
    one.description_fr = "Une phrase de plus."
    one.save()
    one.refresh_from_db()
    assert one.updated_at.year > 2020 and one.created_at.year == 2019


def test_the_date_of_change_cannot_be_set_back(ground):
    Cluster.objects.filter(slug="alpha").update(city="Lyon", updated_at="2001-01-01T00:00Z")
    assert alpha().updated_at.year > 2001


def test_verbs_report_the_rows_that_really_changed(ground):
    assert Organisation.objects.all().publish() == 0
    assert Organisation.objects.all().archive() == 3
    assert set(Organisation.objects.values_list("status", flat=True)) == {"archived"}
    assert all(Organisation.objects.values_list("archived_on", flat=True))
    assert Organisation.objects.all().submit_for_review() == 0
    assert Organisation.objects.all().publish() == 3
    assert not any(Organisation.objects.values_list("archived_on", flat=True))
