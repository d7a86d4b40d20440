"""What is wrong and was accepted: refused on the staff's forms with a sentence, and by the database whoever writes."""

import importlib
import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import resolve, reverse
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_portal.admin.once import digest
from cluster_portal.models import FormerSlug
from cluster_portal.records.phones import KEPT, read_phone, written_phone
from cluster_portal.records.websites import is_public_page
from cluster_portal.writing.one_line import is_one_line, one_line
from members.identifiers import (
    validate_naf,
    validate_rnsr,
    validate_ror,
    validate_siren,
    validate_siret,
    validate_uai,
)
from members.models import Cluster, Company, FurtherNumber, Laboratory, Organisation, Site, Succession, Theme
from members.models.clusters import NOT_FOR_A_CLUSTER
from members.naf import NAF_CODES
from tests.admin_rows import cluster, organisation, places
from tests.test_admin_directory import add, add_form, errors, row, save, staff  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db

# field of an organisation or its kind, as it is typed, and words of the sentence
REFUSED = [
    ("closed_on", "0202-03-01", "between 1900 and 2099"),
    ("closed_on", "9999-12-31", "between 1900 and 2099"),
    ("closed_on", "2150-01-01", "between 1900 and 2099"),
    ("closed_on", "15/03/68", "four figures"),
    ("closed_on", "03/15/1968", "four figures"),  # the month first is another day in this country
    ("verified_on", "9999-12-31", "between 1900 and 2099"),
    ("verified_on", (timezone.localdate() + timedelta(days=1)).isoformat(), "in the future"),
    ("founding_year", "2099", "in the future"),
    ("founding_year", "202", "greater than or equal to 1100"),
    ("siren", "000 000 000", "is not a SIREN"),
    ("ror_id", "000000000", "is not a ROR id"),
    ("naf_code", "00.00Z", "is not a NAF code"),
    ("naf_code", "35.1E", "is not a NAF code"),  # of the revision before
    ("naf_code", "29.10A", "is not a NAF code"),
    ("website", "http://localhost/", "everybody can open"),
    ("website", "http://localhost:8000", "everybody can open"),
    ("website", "http://127.0.0.1/", "everybody can open"),
    ("website", "https://192.168.1.20/site", "everybody can open"),
    ("website", "http://[::1]/", "everybody can open"),
    ("website", "https://intranet.local", "everybody can open"),
    ("website", "https://somebody:secret@example.org", "everybody can open"),
    ("website", "ftp://example.org", "everybody can open"),
    ("phone", "abc", "not a telephone number"),
    ("phone", "04 76", "not a telephone number"),
    ("phone", "+33 9", "not a telephone number"),
    ("name", "\u200b", "required"),
    ("name", "\u2800\u2800", "required"),
    ("name", "\u3164", "required"),
    ("name", " \u00a0\u2007", "required"),
]


@pytest.mark.parametrize(("field", "typed", "sentence"), REFUSED)
def test_a_form_refuses_and_says_why(staff, field, typed, sentence):  # noqa: F811
    page = save(staff, organisation("Avant"), model=Company, **{field: typed})
    assert sentence in errors(page)
    assert Organisation.objects.get().name == "Avant"


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        ("name", "  Électricité \u200b du\u2003 Vercors ", "Électricité du Vercors"),
        ("name", "Labo\u2800Bio", "Labo Bio"),
        ("name", "株式会社 👩\u200d🔬", "株式会社 👩\u200d🔬"),
        ("phone", "04.76.00.00.00", "+33476000000"),
        ("phone", "+33 (0)4 76 00 00 00", "+33476000000"),
        ("phone", "0033476000000", "+33476000000"),
        ("phone", "0590 12 34 56", "+590590123456"),
        ("phone", "+49 30 123456", "+4930123456"),
        ("phone", "39 39", "3939"),
        ("phone", "04 76 00 00 00 poste 12", "+33476000000;ext=12"),
        ("closed_on", "15/03/1968", date(1968, 3, 15)),
        ("closed_on", "03/04/2020", date(2020, 4, 3)),
        ("closed_on", "31/12/2025", date(2025, 12, 31)),
        ("website", "www.example.org", "https://www.example.org"),
        ("naf_code", "2910z", "29.10Z"),
    ],
)
def test_a_form_understands_what_a_person_means(staff, field, typed, stored):  # noqa: F811
    for language in ("en", "fr"):
        company = organisation("Avant")
        staff.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        asked = {"renamed": digest("Avant", str(stored))} if field == "name" else {}
        page = save(staff, company, model=Company, **{field: typed}, **asked)
        assert getattr(Organisation.objects.get(pk=company.pk), field) == stored, errors(page)


@pytest.mark.parametrize("kept", ["+33476000000", "+590590123456", "+4930123456", "3939", "+33476000000;ext=12"])
def test_a_telephone_is_shown_as_its_country_writes_it_and_read_back(kept):
    for language in ("fr", "en"):
        with translation.override(language):
            assert read_phone(written_phone(kept)) == kept
    assert written_phone("+33476000000") == "04 76 00 00 00"
    assert written_phone("+4930123456") == "+49 30 123456"
    assert written_phone("à demander") == "à demander"


def test_the_page_shows_the_telephone_in_national_form(client):
    one = organisation(phone="+33476123456")
    assert "04 76 12 34 56" in client.get(f"/fr/membres/{one.slug}/").text
    pole = cluster(phone="+33476123456")
    pole.themes.add(Theme.objects.create(name_fr="Énergie", slug="energie"))
    assert "04 76 12 34 56" in client.get(f"/fr/clusters/{pole.slug}/").text


def test_an_organisation_closes_after_it_was_founded(staff):  # noqa: F811
    page = save(staff, organisation(), founding_year="2010", closed_on="2009-12-31")
    assert "closes in or after the year it was founded" in errors(page)
    save(staff, organisation("Autre"), founding_year="2010", closed_on="2010-01-01")
    assert Organisation.objects.get(name="Autre").closed_on == date(2010, 1, 1)


# --- numbers that others bear --------------------------------------------------------------------------------------------

SIREN, SIRET = "552100554", "55210055400013"


def write_to_the_end(write) -> None:
    """Of a transaction, which in a test never comes by itself."""
    with transaction.atomic():
        write()
        accept_what_waits()


def accept_what_waits() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize(
    ("kind", "field", "number"),
    [("institution", "uai_code", "0751717J"), ("company", "ror_id", "02feahw73"), ("company", "siren", SIREN)],
)
def test_a_number_is_borne_by_one_organisation(staff, kind, field, number):  # noqa: F811
    organisation("Première", kind=kind, **{field: number})
    second = organisation("Seconde", kind=kind)
    assert "already has this" in errors(save(staff, second, **{field: number}))
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=second.pk).update(**{field: number})
    Organisation.objects.exclude(pk=second.pk).update(status="archived")
    Organisation.objects.filter(pk=second.pk).update(**{field: number})


@pytest.mark.parametrize(
    ("kind", "column", "sort", "number", "typed"),
    [
        ("institution", "uai_code", "uai", "0751717J", "0751717 j"),
        ("laboratory", "rnsr_id", "rnsr", "199111950H", "199111950h"),
        ("company", "ror_id", "ror", "02feahw73", "https://ror.org/02FEAHW73"),
    ],
)
def test_a_number_beside_the_first_is_borne_by_one_organisation_too(staff, kind, column, sort, number, typed):  # noqa: F811
    first, second, third = (organisation(name, kind=kind) for name in ("Première", "Seconde", "Troisième"))
    FurtherNumber.objects.create(organisation=first, kind=sort, value=number)
    twice = "Another organisation already has this number."
    assert twice in errors(save(staff, second, **row("further_numbers", 0, kind=sort, value=typed)))
    assert twice in errors(save(staff, second, **{column: number}))
    for write in (
        lambda: FurtherNumber.objects.bulk_create([FurtherNumber(organisation=second, kind=sort, value=number)]),
        lambda: Organisation.objects.filter(pk=second.pk).update(**{column: number}),
    ):
        with pytest.raises(IntegrityError, match="two organisations"):
            write_to_the_end(write)
    Organisation.objects.filter(pk=first.pk).archive()
    save(staff, second, **{column: number})
    accept_what_waits()
    assert Organisation.objects.get(pk=second.pk).__dict__[column] == number
    assert twice in errors(save(staff, third, **row("further_numbers", 0, kind=sort, value=typed)))
    with pytest.raises(IntegrityError, match="two organisations"):
        write_to_the_end(lambda: Organisation.objects.filter(pk=first.pk).publish())


def test_a_siren_may_be_that_of_several_establishments(staff):  # noqa: F811
    first, second = (organisation(name, kind="institution") for name in ("Première", "Seconde"))
    for one in (first, second):
        save(staff, one, **row("further_numbers", 0, kind="siren", value=SIREN))
    accept_what_waits()
    assert FurtherNumber.objects.filter(value=SIREN).count() == 2


def test_a_siret_belongs_to_the_company_whose_siren_it_begins_with(staff):  # noqa: F811
    company, department = organisation(siren="732829320"), places()
    page = save(staff, company, **row("sites", 0, department=department.pk, siret=SIRET, city="Vif", country="FR"))
    assert "begins with the SIREN of its organisation" in errors(page)
    with pytest.raises(IntegrityError, match="not of organisation"):
        write_to_the_end(
            lambda: Site.objects.bulk_create([Site(organisation=company, department=department, siret=SIRET)])
        )
    laboratory = organisation(kind="laboratory")  # in the building of somebody else
    save(staff, laboratory, **row("sites", 0, department=department.pk, siret=SIRET, city="Vif", country="FR"))
    assert laboratory.sites.get().siret == SIRET


def test_a_siren_and_the_sirets_under_it_are_corrected_in_one_save(staff):  # noqa: F811
    company = organisation(siren="732829320")
    Site.objects.create(organisation=company, department=places(), siret="73282932000074")
    page = save(staff, company, model=Company, siren=SIREN)
    assert "begins with the SIREN of its organisation" in errors(page)
    save(staff, company, model=Company, **{"siren": SIREN, "sites-0-siret": SIRET})
    accept_what_waits()
    company.refresh_from_db()
    assert (company.siren, company.sites.get().siret) == (SIREN, SIRET)
    with pytest.raises(IntegrityError):
        write_to_the_end(lambda: Organisation.objects.filter(pk=company.pk).update(siren="732829320"))


def test_a_siret_is_of_one_organisation_unless_the_other_is_archived(staff):  # noqa: F811
    first, second, department = organisation("Première"), organisation("Seconde"), places()
    Site.objects.create(organisation=first, department=department, siret=SIRET)
    page = save(staff, second, **row("sites", 0, department=department.pk, siret=SIRET, city="Vif", country="FR"))
    assert "A site of another organisation already has this SIRET." in errors(page)
    with pytest.raises(IntegrityError, match="two organisations"):
        write_to_the_end(
            lambda: Site.objects.bulk_create([Site(organisation=second, department=department, siret=SIRET)])
        )
    Organisation.objects.filter(pk=first.pk).archive()
    Site.objects.create(organisation=second, department=department, siret=SIRET)
    accept_what_waits()
    with pytest.raises(IntegrityError, match="two organisations"):
        write_to_the_end(lambda: Organisation.objects.filter(pk=first.pk).publish())


# --- circles -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [2, 3, 5])
def test_organisations_do_not_take_each_other_over_in_a_circle(staff, length):  # noqa: F811
    chain = [organisation(f"Maillon {n}") for n in range(length)]
    for one, after in zip(chain, chain[1:], strict=False):
        Organisation.objects.filter(pk=one.pk).update(successor=after)
    page = save(staff, chain[-1], successor=chain[0].pk)
    assert "in a circle" in errors(page)
    with pytest.raises(IntegrityError, match="leads back"), transaction.atomic():
        Organisation.objects.filter(pk=chain[-1].pk).update(successor=chain[0])
    Organisation.objects.filter(pk=chain[-1].pk).update(successor=organisation("Dernier"))


@pytest.mark.parametrize("length", [1, 2, 4])
def test_bodies_do_not_supervise_themselves_or_each_other(staff, length):  # noqa: F811
    chain = [organisation(f"Laboratoire {n}", kind="laboratory") for n in range(length)]
    for one, above in zip(chain, chain[1:], strict=False):
        one.supervisors.add(above)
    page = save(staff, chain[-1], model=Laboratory, supervisors=[chain[0].pk])
    assert "would supervise each other" in errors(page)
    with pytest.raises(IntegrityError, match="leads back"), transaction.atomic():
        chain[-1].supervisors.add(chain[0])
    chain[-1].supervisors.add(organisation("Université", kind="institution"))


@pytest.mark.parametrize("length", [2, 3])
def test_clusters_do_not_come_out_of_each_other_in_a_circle(staff, length):  # noqa: F811
    chain = [cluster(f"Pôle {n}", f"P{n}") for n in range(length)]
    for one, after in zip(chain, chain[1:], strict=False):
        Succession.objects.create(predecessor=one, successor=after, kind="renaming")
    page = save(staff, chain[-1], **row("successions", 0, successor=chain[0].pk, kind="merger"))
    assert "in a circle" in errors(page)
    with pytest.raises(IntegrityError, match="leads back"), transaction.atomic():
        Succession.objects.bulk_create([Succession(predecessor=chain[-1], successor=chain[0], kind="merger")])
    Succession.objects.create(predecessor=chain[0], successor=cluster("Autre", "AUT"), kind="split")


def test_what_a_trigger_refuses_is_a_sentence_where_a_form_did_not_see_it(staff, monkeypatch):  # noqa: F811
    """Somebody else closed the circle while the form was being checked."""
    first, second = organisation("Première"), organisation("Seconde")
    Organisation.objects.filter(pk=first.pk).update(successor=second)
    monkeypatch.setattr(Organisation, "clean", lambda self: None)
    page = save(staff, second, successor=first.pk)
    assert [str(message) for message in page.context["messages"]] == [
        "These organisations would have taken each other over, in a circle."
    ]


# --- addresses of the site -----------------------------------------------------------------------------------------------


def addresses_of(slug: str):
    """Whether each page with a slug is what its address leads to, in every language."""
    for name in ("members:organisation-detail", "members:cluster-detail", "members:region-detail",
                 "members:theme-detail", "projects:project-detail"):  # fmt: skip
        for language in ("fr", "en"):
            with translation.override(language):
                yield name, resolve(reverse(name, args=[slug])).view_name


def words_of_addresses() -> set[str]:
    """Every word that stands in an address of the site, in both languages."""
    words = set()

    def walk(patterns):
        for one in patterns:
            words.update(part for part in str(one.pattern).split("/") if part and part.replace("-", "").isalpha())
            walk(getattr(one, "url_patterns", ()))

    for language in ("fr", "en"):
        with translation.override(language):
            walk(importlib.import_module("members.urls").urlpatterns)
            walk(importlib.import_module("projects.urls").urlpatterns)
    return words


def test_no_page_can_have_the_address_of_another():
    taken = {word for word in words_of_addresses() for name, found in addresses_of(word) if name != found}
    assert taken == set(NOT_FOR_A_CLUSTER)


@pytest.mark.parametrize("slug", NOT_FOR_A_CLUSTER)
def test_a_cluster_does_not_take_an_address_of_the_site(staff, slug):  # noqa: F811
    assert "a page of the site" in errors(save(staff, cluster(), slug=slug))
    with pytest.raises(IntegrityError, match="slug_free"), transaction.atomic():
        Cluster.objects.update(slug=slug)


# --- the database agrees with the forms ----------------------------------------------------------------------------------


def in_database(function: str, *texts: str) -> list[bool]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {function}(t) FROM unnest(%s::text[]) WITH ORDINALITY u (t, n) ORDER BY n", [list(texts)]
        )
        return [answer for (answer,) in cursor.fetchall()]


def accepted(validate, text: str) -> bool:
    try:
        validate(text)
    except ValidationError:
        return False
    return True


digits = st.text("0123456789", min_size=7, max_size=15)
SIGNS = "ab éœ 字😀\u00a0\u00ad\u200b\u200c\u200d\u2003\u2028\u202e\u2060\u2800\u3164\ufe0f\ufeff\t\n."


@given(st.lists(st.text(SIGNS, max_size=6), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_a_name_is_read_alike_here_and_there(texts):
    assert in_database("portal_is_one_line", *texts) == [is_one_line(text) for text in texts]
    assert all(in_database("portal_is_one_line", *map(one_line, texts)))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["http://", "https://", "HTTPS://", "ftp://", "//", ""]),
            st.lists(
                st.sampled_from("www a localhost local example org fr 10 0x7f 127 [::1] é xn--p1ai u:p@a - home".split()),
                min_size=1, max_size=4,
            ).map(".".join),
            st.sampled_from(["", ".", "/", ":80", ":80/x", "/a b", "?q=.local", "#localhost", "\\.local", ":x"]),
        ).map("".join),
        min_size=1, max_size=30,
    )
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_a_web_address_is_judged_alike_here_and_there(addresses):
    assert in_database("portal_is_public_page", *addresses) == [is_public_page(one) for one in addresses]


@pytest.mark.parametrize(
    ("function", "validate", "right"),
    [
        ("members_is_siren", validate_siren, ["552100554", "732829320", "356000000"]),
        ("members_is_siret", validate_siret, [SIRET, "73282932000074", "35600000000048", "35600000049837"]),
        ("members_is_rnsr", validate_rnsr, ["199111950H", "200711886U"]),
        ("members_is_uai", validate_uai, ["0751717J", "0911568K", "0755976N"]),
        ("members_is_ror", validate_ror, ["02feahw73", "05a28rw58", "00f54p054", "042nb2s44"]),
    ],
)
def test_numbers_are_judged_alike_here_and_there(function, validate, right):
    letters = "0123456789ABHJUZahz "
    near = [one[:place] + sign + one[place + 1 :] for one in right for place in range(len(one)) for sign in letters]
    near += [one[:-1] for one in right] + [one + "0" for one in right]
    near += ["0" * length for length in range(1, 16)] + ["0" * length + "A" for length in range(1, 12)]
    near += [f"356000000{n:05d}" for n in range(300)]
    assert all(in_database(function, *right)) and all(in_database(function, ""))
    assert in_database(function, *near) == [accepted(validate, one) for one in near]


def test_the_activities_are_the_same_here_and_there():
    tried = [f"{n // 100:02d}.{n % 100:02d}{letter}" for n in range(10_000) for letter in "ABCDEFGHIJZ"]
    known = dict(zip(tried, in_database("members_is_naf", *tried), strict=True))
    assert {code for code, right in known.items() if right} == NAF_CODES and len(NAF_CODES) == 732
    assert accepted(validate_naf, "29.10Z")


@given(st.text("+0123456789;ext= ()", max_size=20))
def test_what_the_database_keeps_as_a_telephone_is_what_reading_one_gives(text):
    try:
        kept = read_phone(text)
    except ValidationError:
        return
    assert re.fullmatch(KEPT, kept) and read_phone(kept) == kept


# --- slugs ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("L'Œuvre", "l-oeuvre"),
        ("L’Œuvre", "l-oeuvre"),
        ("Électricité du Vercors & Cie", "electricite-du-vercors-cie"),
        ("Straße", "strasse"),
        ("Ærø Kåge", "aero-kage"),
        ("H&H Technologies", "hh-technologies"),
    ],
)
def test_the_server_proposes_a_slug_by_the_folding_of_the_search(staff, name, slug):  # noqa: F811
    assert staff.get(reverse("admin:slug"), {"text": name}).json() == {"slug": slug}
    add(staff, Company, name=name, slug="", status="draft", country="FR")
    assert Organisation.objects.get().slug == slug


def test_a_proposed_slug_is_one_that_no_page_has_or_had(staff):  # noqa: F811
    first = organisation("L'Œuvre", slug="l-oeuvre")
    save(staff, first, slug="oeuvre")
    add_form(staff, "members_theme", name_fr="Métaux", name_en="Metals", slug="")
    assert Theme.objects.get().slug == "metals"
    assert FormerSlug.objects.filter(slug="l-oeuvre").exists()
    add(staff, Laboratory, name="L'Oeuvre", slug="", status="draft", country="FR", acronym="LO")
    page = add(staff, Laboratory, name="Œuvres communes", slug="", status="draft", country="FR")
    assert Organisation.objects.filter(slug="oeuvres-communes").exists(), errors(page)


def test_a_name_that_gives_no_slug_asks_for_one(staff):  # noqa: F811
    page = add(staff, Company, name="株式会社", slug="", status="draft", country="FR")
    assert "This field is required" in str(page.context["adminform"].form.errors["slug"])


def test_the_slug_proposed_while_a_name_is_typed_is_free(staff):  # noqa: F811
    organisation("L'Œuvre", slug="l-oeuvre")
    for label, slug in {
        "members.company": "l-oeuvre-2",
        "members.theme": "l-oeuvre",
        "x.y": "l-oeuvre",
        "": "l-oeuvre",
    }.items():
        assert staff.get(reverse("admin:slug"), {"text": "L'Œuvre", "of": label}).json() == {"slug": slug}, label


def test_a_stranger_is_proposed_nothing(client):
    assert client.get(reverse("admin:slug"), {"text": "x"}).status_code == 302
