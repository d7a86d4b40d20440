"""Whoever renames something is asked once whether the old name stays as a former one."""

from datetime import date

import pytest
from django.utils import timezone

from members.models import Cluster, Company, Organisation, OrganisationName
from tests.admin_rows import cluster, form_of, organisation
from tests.test_admin_directory import change, errors, opened, row, save, staff  # noqa: F401 (a fixture)
from tests.test_admin_scope import net, sign_in, url  # noqa: F401 (fixtures)

pytestmark = pytest.mark.django_db
ASKS = "The name changes. Save once more, with the former one kept or not:"


def answered(page, keep: bool = True) -> dict:
    """What a browser sends with the question as it came: the box is ticked."""
    text = errors(page)
    assert 'name="keep_former_name" value="on" checked' in text
    key = text.partition('name="renamed" value="')[2].partition('"')[0]
    return {"renamed": key} | ({"keep_former_name": "on"} if keep else {})


@pytest.mark.parametrize("model", [Organisation, Company])
def test_the_old_name_is_kept_with_its_year(staff, model):  # noqa: F811
    one = organisation("Volta")
    page = save(staff, one, model=model, name="Ampère", acronym="AMP")
    assert ASKS in errors(page) and "keep “Volta” as a former name" in errors(page)
    one.refresh_from_db()
    assert (one.name, one.acronym, one.names.count()) == ("Volta", "", 0)
    save(staff, one, model=model, name="Ampère", acronym="AMP", **answered(page))
    one.refresh_from_db()
    assert (one.name, one.acronym) == ("Ampère", "AMP")
    kept = one.names.get()
    assert (kept.name, kept.kind, kept.until) == ("Volta", "former", timezone.localdate().year)
    found = staff.get(url(Organisation, "changelist"), {"q": "volta"})
    assert one.name in found.text, "it is still found by it"


def test_a_cluster_keeps_its_name_until_today(staff):  # noqa: F811
    known = cluster("LUTB", "LUTB")
    page = save(staff, known, name="CARA")
    assert ASKS in errors(page)
    save(staff, known, name="CARA", **answered(page))
    kept = known.names.get()
    assert (kept.name, kept.kind, kept.until) == ("LUTB", "former", timezone.localdate())
    assert Cluster.objects.get().name == "CARA"


def test_an_unticked_box_keeps_nothing_and_is_not_asked_again(staff):  # noqa: F811
    one = organisation("Volta")
    page = save(staff, one, name="Ampère")
    save(staff, one, name="Ampère", **answered(page, keep=False))
    one.refresh_from_db()
    assert one.name == "Ampère" and not one.names.exists()


def test_an_answer_is_about_these_two_names(staff):  # noqa: F811
    one = organisation("Volta")
    given = answered(save(staff, one, name="Ampère"))
    assert ASKS in errors(save(staff, one, name="Faraday", **given))
    Organisation.objects.filter(pk=one.pk).update(name="Galvani")
    assert ASKS in errors(save(staff, one, name="Ampère", **given)), "another renamed it meanwhile"
    assert not OrganisationName.objects.exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [("Volta", "VOLTA"), ("Electricite", "Électricité"), ("Volta Énergie", "Volta  énergie"), ("Volta-Lab", "Volta Lab"),
     ("VoltaLab", "Volta Lab")],
)  # fmt: skip
def test_another_way_to_write_it_is_not_asked_about(staff, old, new):  # noqa: F811
    one = organisation(old)
    assert save(staff, one, name=new).redirect_chain
    assert not one.names.exists() and Organisation.objects.get().name != old


def test_a_letter_more_is_asked_about(staff):  # noqa: F811
    assert ASKS in errors(save(staff, organisation("Volta"), name="Voltas"))


def test_what_is_among_the_names_already_is_not_asked_about_or_kept_twice(staff):  # noqa: F811
    one = organisation("Volta")
    OrganisationName.objects.create(organisation=one, name="Volta", kind="trade", until=2020)
    assert save(staff, one, name="Ampère").redirect_chain
    assert one.names.get().kind == "trade"
    other = organisation("Galvani")
    assert save(
        staff, other, name="Faraday", **row("names", 0, name="Galvani", kind="former", until="1999")
    ).redirect_chain
    assert other.names.get().until == 1999


def test_it_is_asked_together_with_what_else_is_asked_and_nothing_typed_is_lost(staff):  # noqa: F811
    one = organisation("Volta", founding_year=2015)
    known = cluster(founding_year=2015)
    old = row("memberships", 0, cluster=known.pk, joined_on="1999-01-01")
    page = save(staff, one, name="Ampère", description_fr="Un texte", **old)
    assert ASKS in errors(page) and "A member since 1999" in errors(page)
    assert "Un texte" in page.text and 'value="Ampère"' in page.text


def test_nobody_is_asked_who_renames_nothing_or_makes_something_new(staff):  # noqa: F811
    one = organisation("Volta")
    assert save(staff, one, acronym="VLT").redirect_chain
    page = staff.post(
        url(Company, "add"), form_of(staff.get(url(Company, "add"))) | {"name": "Neuve", "status": "draft"}
    )
    assert page.status_code == 302


def test_the_wrong_form_saves_no_former_name(staff):  # noqa: F811
    one = organisation("Volta")
    given = answered(save(staff, one, name="Ampère"))
    page = save(staff, one, name="Ampère", siren="123", model=Company, **given)
    assert "is not a SIREN" in errors(page) and not one.names.exists()


def test_whoever_does_not_keep_it_keeps_no_name_of_it(sign_in, net):  # noqa: F811
    cara, address = sign_in("cara"), url(Organisation, "change", net.shared.pk)
    cara.post(address, form_of(cara.get(address)) | {"name": "Volée", "renamed": "x", "keep_former_name": "on"})
    assert {one.name for one in net.shared.names.all()} == {"Ancien nom"}
    assert date.today() and change(Organisation, net.shared.pk) == address and opened(cara, net.shared)
