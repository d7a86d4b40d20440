"""Editing organisations, memberships and clusters on the staff's forms, as a browser does."""

import re
from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cluster_portal.admin.once import digest
from cluster_portal.models import FormerSlug
from members.countries import CODES, country_code, country_names
from members.models import (
    Cluster,
    Company,
    ContactPerson,
    Department,
    Institution,
    LabelPeriod,
    Laboratory,
    Membership,
    Organisation,
    Region,
    Site,
    Succession,
)  # fmt: skip
from tests.admin_rows import cluster, form_of, organisation, places

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


def change(model, pk) -> str:
    return reverse(f"admin:members_{model.__name__.lower()}_change", args=[pk])


def opened(staff, obj, model=None) -> dict:
    return form_of(staff.get(change(model or type(obj), obj.pk)))


def save(staff, obj, /, model=None, **values):
    """Sends the form of `obj` back with `values` changed."""
    model = model or type(obj)
    return staff.post(change(model, obj.pk), opened(staff, obj, model) | values, follow=True)


def rename(staff, obj, /, name, model=None, **values):
    """Under another name, with the answer that the former one is not kept."""
    return save(staff, obj, model=model, name=name, **former_name_left(obj, name), **values)


def former_name_left(obj, name: str) -> dict:
    return {"renamed": digest(type(obj).objects.get(pk=obj.pk).name, name)}


def row(prefix, number, /, **values) -> dict:
    """One new inline row, and the total that announces it."""
    return {f"{prefix}-TOTAL_FORMS": str(number + 1)} | {f"{prefix}-{number}-{k}": v for k, v in values.items()}


def add_form(staff, name, /, **values):
    """Sends the blank form of `name` (members_company) with `values` in it."""
    url = reverse(f"admin:{name}_add")
    return staff.post(url, form_of(staff.get(url)) | values, follow=True)


def add(staff, model, /, **values):
    return add_form(staff, f"members_{model.__name__.lower()}", **values)


def errors(page) -> str:
    found = [str(page.context["adminform"].form.errors)]
    for inline in page.context["inline_admin_formsets"]:
        found += [str(form.errors) for form in inline.formset.forms] + [str(inline.formset.non_form_errors())]
    return " ".join(found)


def messages(page) -> list[str]:
    """As they read, without their links."""
    return [re.sub("<[^>]*>", "", str(message)) for message in page.context["messages"]]


# --- one form for each kind ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "kind", "has", "has_not"),
    [
        (Company, "company", "naf_code", "rnsr_id"),
        (Laboratory, "laboratory", "rnsr_id", "naf_code"),
        (Institution, "institution", "uai_code", "headcount"),
    ],
)
def test_each_kind_has_a_form_with_its_own_fields_only(staff, model, kind, has, has_not):
    form = staff.get(reverse(f"admin:members_{kind}_add")).context["adminform"].form
    assert has in form.fields and has_not not in form.fields
    add(staff, model, name="Nouvelle", slug="nouvelle", status="draft", country="FR")
    assert Organisation.objects.get(slug="nouvelle").kind == kind


def test_a_list_of_companies_has_no_laboratory(staff):
    organisation("Une société")
    organisation("Un laboratoire", kind="laboratory")
    listed = staff.get(reverse("admin:members_company_changelist")).text
    assert "Une société" in listed and "Un laboratoire" not in listed


# --- identifiers, constraints --------------------------------------------------------------------------------------------


def test_identifiers_are_read_without_their_blanks(staff):
    company = organisation()
    page = save(
        staff, company, model=Company, siren="552 100 554", naf_code="2910z", ror_id="https://ror.org/02feahw73"
    )
    company.refresh_from_db()
    assert (company.siren, company.naf_code, company.ror_id) == ("552100554", "29.10Z", "02feahw73"), page.text


def test_a_wrong_siren_is_a_sentence(staff):
    page = save(staff, organisation(), model=Company, siren="123 456 789")
    assert "123456789 is not a SIREN" in errors(page)


def test_a_siren_of_another_company_is_refused_with_a_sentence(staff):
    organisation("Première", siren="552100554")
    for model in (Company, Organisation):
        second = organisation("Seconde")
        assert "Another company already has this SIREN." in errors(save(staff, second, model=model, siren="552100554"))


def test_a_laboratory_with_a_headcount_is_refused_with_a_sentence(staff):
    page = save(staff, organisation(kind="laboratory"), headcount="11")
    assert "Size, NAF code and headcount are for companies only." in errors(page)


def test_coordinates_need_their_precision(staff):
    company, department = organisation(), places()
    page = save(
        staff, company, **row("sites", 0, department=department.pk, latitude="45.2", longitude="5.7", precision="")
    )
    assert "and their precision" in errors(page)


def test_two_head_offices_are_refused_with_a_sentence_and_one_can_move(staff):
    company, department = organisation(), places()
    old = Site.objects.create(organisation=company, department=department, city="Vif", head_office=True)
    new = Site.objects.create(organisation=company, department=department, city="Voiron")
    page = save(staff, company, **{"sites-1-head_office": "on"})
    assert "An organisation has one head office." in errors(page)
    data = opened(staff, company) | {"sites-1-head_office": "on"}
    del data["sites-0-head_office"]
    page = staff.post(change(Organisation, company.pk), data, follow=True)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.head_office, new.head_office) == (False, True)


def test_memberships_that_overlap_are_refused_with_a_sentence(staff):
    company, known = organisation(), cluster()
    Membership.objects.create(organisation=company, cluster=known, joined_on=date(2010, 1, 1), left_on=date(2015, 1, 1))
    again = row("memberships", 1, cluster=known.pk, joined_on="2014-06-01", left_on="")
    assert "already a member of this cluster" in errors(save(staff, company, **again))
    save(staff, company, **row("memberships", 1, cluster=known.pk, joined_on="2015-01-01", left_on=""))
    assert company.memberships.count() == 2


def test_a_day_can_move_from_one_membership_to_the_next(staff):
    company, known = organisation(), cluster()
    for joined, left in ((date(2010, 1, 1), date(2015, 1, 1)), (date(2015, 1, 1), None)):
        Membership.objects.create(organisation=company, cluster=known, joined_on=joined, left_on=left)
    save(staff, company, **{"memberships-0-left_on": "2016-01-01", "memberships-1-joined_on": "2016-01-01"})
    assert list(company.memberships.values_list("joined_on__year", flat=True)) == [2010, 2016]


def test_a_membership_of_its_own_form_says_the_same(staff):
    company, known = organisation(), cluster()
    Membership.objects.create(organisation=company, cluster=known)
    again = {"organisation": company.pk, "cluster": known.pk, "joined_on": "2014-06-01"}
    assert "already a member of this cluster" in errors(add(staff, Membership, **again))
    late = again | {"left_on": "2013-01-01"}
    assert "leaves on or after the day it joined" in errors(add(staff, Membership, **late))


def test_label_periods_that_share_a_day_are_refused_with_a_sentence(staff):
    known = cluster()
    LabelPeriod.objects.create(cluster=known, phase=4, start=date(2019, 1, 1), end=date(2022, 12, 31))
    page = save(staff, known, **row("label_periods", 1, phase="5", start="2022-12-31", end="2026-12-31"))
    assert "already holds a label for part of that period" in errors(page)
    save(staff, known, **row("label_periods", 1, phase="5", start="2023-01-01", end="2026-12-31"))
    assert known.label_periods.count() == 2


def test_a_cluster_that_succeeds_itself_is_refused_with_a_sentence(staff):
    known = cluster()
    page = save(staff, known, **row("successions", 0, successor=known.pk, kind="renaming"))
    assert "A cluster cannot succeed itself." in errors(page)
    assert not Succession.objects.exists()


def test_what_is_in_use_is_not_deleted_and_says_why(staff):
    department = places()
    Site.objects.create(organisation=organisation(), department=department)
    page = staff.post(reverse("admin:members_department_delete", args=[department.pk]), {"post": "yes"})
    assert page.status_code == 200 and "Sites: 1" in page.text
    assert type(department).objects.filter(pk=department.pk).exists()


# --- addresses -----------------------------------------------------------------------------------------------------------


def test_a_new_name_keeps_the_address_and_a_new_address_is_remembered(staff):
    company = organisation("Avant", slug="avant")
    rename(staff, company, "Après")
    company.refresh_from_db()
    assert (company.name, company.slug) == ("Après", "avant")
    page = staff.get(change(Organisation, company.pk))
    assert page.context["adminform"].prepopulated_fields == []
    assert "the old address keeps leading to the page" in page.text
    save(staff, company, slug="apres")
    assert FormerSlug.objects.get(model="organisation", slug="avant").object_id == company.pk
    listed = staff.get(reverse("admin:portal_formerslug_changelist")).text
    assert "avant" in listed and change(Organisation, company.pk) in listed


# --- dates and authors ---------------------------------------------------------------------------------------------------


def test_saving_without_a_change_moves_neither_date_nor_author(staff, admin_user, django_user_model):
    author = django_user_model.objects.create_user("somebody")
    company = organisation(created_by=author, updated_by=author)
    before = timezone.now() - timedelta(days=30)
    with connection.cursor() as cursor:  # as if nobody had touched it for a month
        cursor.execute("SET session_replication_role = replica")
        Organisation.objects.filter(pk=company.pk).update(updated_at=before)
        cursor.execute("SET session_replication_role = DEFAULT")
    save(staff, company)
    company.refresh_from_db()
    assert (company.updated_at, company.updated_by) == (before, author)
    rename(staff, company, "Autre nom")
    company.refresh_from_db()
    assert company.updated_by == admin_user and company.created_by == author
    assert company.updated_at > before


def test_the_author_of_a_new_row_is_known(staff, admin_user):
    add(staff, Company, name="Nouvelle", slug="nouvelle", status="draft", country="FR")
    assert Organisation.objects.get(slug="nouvelle").created_by == admin_user


def test_archiving_on_the_form_dates_the_archive(staff):
    company = organisation()
    save(staff, company, status="archived")
    company.refresh_from_db()
    assert company.archived_on == timezone.localdate()
    save(staff, company, status="published")
    company.refresh_from_db()
    assert company.archived_on is None


# --- actions -------------------------------------------------------------------------------------------------------------


def act(staff, action, *rows, **answers):
    """Chosen in the list, and confirmed on the page that asks."""
    url = reverse("admin:members_organisation_changelist")
    answers = {"confirmed": "1", "reason": "Doublon", "all": "1"} | answers
    return staff.post(url, {"action": action, "_selected_action": [one.pk for one in rows], **answers}, follow=True)


def test_actions_report_how_many_rows_really_changed(staff, admin_user):
    draft, waiting, shown = (organisation(s, status=s) for s in ("draft", "in_review", "published"))
    assert messages(act(staff, "submit_for_review", draft, waiting, shown)) == [
        "1 submitted for review. Undo", "2 left as they were: their state does not call for it.",
    ]  # fmt: skip
    assert messages(act(staff, "publish", draft, waiting, shown)) == [
        "2 published. Undo", "1 left as it was: its state does not call for it.",
    ]  # fmt: skip
    assert messages(act(staff, "archive", draft, waiting, shown)) == ["3 archived. Undo"]
    draft.refresh_from_db()
    assert (draft.status, draft.updated_by, draft.archived_on) == ("archived", admin_user, timezone.localdate())


def test_publishing_needs_no_other_field(staff):
    bare = organisation("Nue", status="draft")
    assert messages(act(staff, "publish", bare)) == ["1 published. Undo"]


def test_one_refused_row_does_not_hold_back_the_others(staff):
    organisation("Vivante", siren="552100554")
    twin = organisation("Jumelle", siren="552100554", status="archived")
    other = organisation("Autre", status="archived")
    assert messages(act(staff, "publish", twin, other)) == [
        "1 published. Undo", "Jumelle: Another company already has this SIREN.",
    ]  # fmt: skip
    assert Organisation.objects.published().filter(pk__in=[twin.pk, other.pk]).get() == other


def test_published_rows_are_never_deleted_by_the_page(staff):
    listed = staff.get(reverse("admin:members_organisation_changelist"))
    assert "delete_selected" not in listed.text


# --- duplicates ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"name": "helios energies sarl"}, "same name"),
        ({"name": "Hélios Énergie"}, "similar name"),
        ({"name": "Tout autre", "siren": "552 100 554"}, "same SIREN"),
        ({"name": "Tout autre", "website": "http://helios.example/contact"}, "same website"),
    ],
)
def test_a_likely_duplicate_is_asked_about_before_it_is_created(staff, values, why):
    known = organisation("Hélios Énergies", siren="552100554", website="https://www.helios.example", status="archived")
    new = {"slug": "nouvelle", "status": "draft", "country": "FR", **values}
    page = add(staff, Company, **new)
    assert why in errors(page) and change(Organisation, known.pk) in errors(page)
    assert not Organisation.objects.filter(slug="nouvelle").exists()
    key = page.text.split('name="confirmed" value="')[1].split('"')[0]
    add(staff, Company, **new, confirmed=key)
    assert Organisation.objects.filter(slug="nouvelle").exists()


def test_an_ordinary_name_is_asked_nothing(staff):
    organisation("Hélios Énergies")
    add(staff, Company, name="Énergies du Vercors", slug="nouvelle", status="draft", country="FR")
    assert Organisation.objects.filter(slug="nouvelle").exists()


def test_bodies_without_a_siren_do_not_have_the_same_one(staff):
    organisation("Laboratoire des matériaux", kind="laboratory")
    add(staff, Laboratory, name="Laboratoire des océans", slug="nouveau", status="draft", country="FR")
    assert Organisation.objects.filter(slug="nouveau").exists()


@pytest.mark.parametrize(
    ("known", "new"),
    [
        ("Établissements Martin", "Établissements Marion"),
        ("Université de Tours", "Université de Tulle"),
        ("École nationale supérieure de chimie", "École nationale supérieure de mines"),
        ("Institut national de la recherche agricole", "Institut national de la recherche spatiale"),
    ],
)
def test_what_half_the_names_begin_with_makes_no_likeness(staff, known, new):
    organisation(known, kind="institution")
    add(staff, Institution, name=new, slug="nouveau", status="draft", country="FR")
    assert Organisation.objects.filter(slug="nouveau").exists()


def test_on_a_site_that_many_share_only_the_same_page_makes_a_likeness(staff):
    for name in ("Acentauri", "Ballon", "Ceres", "Datashape"):
        organisation(name, kind="laboratory", website=f"https://www.inria.fr/fr/{name.lower()}")
    new = {"kind": "laboratory", "status": "draft", "country": "FR"}
    add(staff, Laboratory, name="Zenith", slug="nouveau", website="https://www.inria.fr/fr/zenith", **new)
    assert Organisation.objects.filter(slug="nouveau").exists()
    page = add(staff, Laboratory, name="Tout autre", slug="autre", website="http://inria.fr/fr/Ceres/", **new)
    assert "same website" in errors(page) and "Ceres" in errors(page) and "Ballon" not in errors(page)


# --- persons -------------------------------------------------------------------------------------------------------------


def test_persons_are_not_searched(staff):
    ContactPerson.objects.create(organisation=organisation(), name="Zéphyrine Quelconque")
    found = staff.get(reverse("admin:members_organisation_changelist"), {"q": "zephyrine"})
    assert found.context["cl"].result_count == 0


def test_the_history_of_a_record_names_no_contact_person(staff):
    """What is private, or was taken away at somebody's wish, must not live on in a log."""
    one = organisation()
    save(staff, one, **row("contacts", 0, name="Zéphyrine Quelconque", role="Direction"))
    person = ContactPerson.objects.get()
    save(staff, one, **{"contacts-0-role": "Recherche"})
    save(staff, one, **{"contacts-0-DELETE": "on"})
    assert not ContactPerson.objects.exists() and LogEntry.objects.count() == 3
    for entry in LogEntry.objects.all():
        assert "contact person" in entry.get_change_message().lower()
        assert person.name not in entry.change_message + entry.get_change_message()


def test_filters_by_place_cluster_and_theme_add_up(staff):
    inside, known = organisation("Dedans"), cluster()
    Site.objects.create(organisation=inside, department=places())
    Membership.objects.create(organisation=inside, cluster=known)
    organisation("Dehors")
    listed = staff.get(
        reverse("admin:members_organisation_changelist"), {"region": "auvergne-rhone-alpes", "cluster": known.slug}
    )
    assert [row.name for row in listed.context["cl"].result_list] == ["Dedans"]
    assert '<input type="hidden" name="cluster" value="ena">' in listed.text, "a filter keeps the others"
    assert Cluster.objects.count() == 1


# --- places known in part, numbers -------------------------------------------------------------------------------------


def test_a_laboratory_gets_its_unit_numbers_as_they_are_typed(staff):
    rows = row("unit_numbers", 0, label="umr", number="5506") | row(
        "further_numbers", 0, kind="ror", value="https://ror.org/02feahw73"
    )
    add(staff, Laboratory, name="Labo", slug="labo", status="draft", country="FR", **rows)
    one = Organisation.objects.get(slug="labo")
    assert [str(number) for number in one.unit_numbers.all()] == ["UMR 5506"]
    assert [str(number) for number in one.further_numbers.all()] == ["ROR 02feahw73"]


def test_numbers_that_cannot_be_are_refused_with_a_sentence(staff):
    one, company = organisation("Labo", kind="laboratory"), organisation("Société")
    page = save(staff, one, Laboratory, **row("unit_numbers", 0, label="5506", number="UMR"))
    assert "A unit number is capital letters and digits" in errors(page)
    page = save(staff, one, Laboratory, **row("further_numbers", 0, kind="siren", value="123456789"))
    assert "is not a SIREN" in errors(page)
    page = save(staff, company, **row("unit_numbers", 0, label="UMR", number="5506"))
    assert "Unit numbers are for laboratories only." in errors(page)


def test_a_place_is_saved_as_far_as_it_is_known(staff):
    one, department = organisation(), places()
    save(staff, one, **row("sites", 0, region=department.region_id, country="FR"))
    assert [str(site) for site in one.sites.all()] == ["Auvergne-Rhône-Alpes"]
    save(staff, one, **row("sites", 1, city="Turin", postcode="I-10121", country="IT"))
    assert one.sites.get(country="IT").postcode == "I-10121"
    page = save(staff, one, **row("sites", 2, city="Turin", department=department.pk, country="IT"))
    assert "A site abroad has no French department, region or SIRET." in errors(page)
    page = save(staff, one, **row("sites", 2, address="3 rue des Forges", country="FR"))
    assert "Say at least the town, the department or the region." in errors(page)
    assert one.sites.count() == 2


def test_the_region_of_a_site_follows_from_its_department_whatever_is_written(staff):
    one, department = organisation(), places()
    other = Region.objects.create(name="Bretagne", slug="bretagne", insee_code="53")
    save(staff, one, **row("sites", 0, city="Grenoble", department=department.pk, region=other.pk, country="FR"))
    site = one.sites.get()
    assert site.region == department.region
    type(site).objects.update(region=other)
    site.refresh_from_db()
    assert site.region == department.region
    Department.objects.update(region=other)
    site.refresh_from_db()
    assert site.region == other


# --- countries ----------------------------------------------------------------------------------------------------------


def test_the_countries_are_offered_once_on_a_form_however_many_its_sites(staff):
    company = organisation()
    for number in range(3):
        Site.objects.create(organisation=company, city=f"Ville {number}", country="DE")
    boxes = {reverse("admin:members_company_add"): 2, change(Company, company.pk): 5}  # one stands for the next site
    for url, number in boxes.items():
        page = staff.get(url).text
        assert page.count('<datalist id="countries">') == page.count('<option value="Germany"></option>') == 1
        assert len(re.findall(r'name="(?:sites-(?:\d|__prefix__)-)?country"', page)) == number
        assert page.count('list="countries"') == number
        assert "New Caledonia" not in page, "a place of France, which has a department of its own"
    assert len(re.findall(r'name="sites-\d-country" value="Germany"', page)) == 3
    in_french = staff.get(url, headers={"accept-language": "fr"}).text
    assert 'value="Allemagne"' in in_french and in_french.index('"France"></option>') < in_french.index('"Albanie"></')


@pytest.mark.parametrize("typed", ["Allemagne", "Germany", "germany ", "DE", "de", "ALLEMAGNE"])
def test_a_country_is_read_in_either_language_and_by_its_code(staff, typed):
    company = organisation()
    Site.objects.create(organisation=company, city="Lyon", department=places())
    save(staff, company, **row("sites", 1, city="Ulm", country=typed))
    assert {site.city: site.country.code for site in company.sites.all()} == {"Lyon": "FR", "Ulm": "DE"}


@pytest.mark.parametrize("typed", ["Prusse", "ZZ", "x" * 300, ""])
def test_a_country_that_there_is_not_is_refused_with_a_sentence_and_stays_in_the_box(staff, typed):
    company = organisation()
    page = save(staff, company, **row("sites", 0, city="Ulm", country=typed))
    assert ("There is no such country" if typed else "This field is required.") in errors(page)
    assert not company.sites.exists() and (not typed or f'value="{typed}"' in page.text)


def test_no_two_countries_are_written_alike():
    for language in ("fr", "en"):
        names = country_names(language)
        assert {code: country_code(name) for code, name in names.items()} == {code: code for code in CODES}
