"""Numbers as people type them, on the staff's forms: what was meant, or a sentence, and never another number."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from cluster_portal.admin.boxes import DayBox, NumberBox
from cluster_portal.exchange.amounts import read_amount, read_number
from cluster_portal.writing import typography
from projects.models import Project
from tests.admin_rows import organisation, places, project
from tests.test_admin_directory import errors, form_of, row

HARD, NARROW, THIN = "\u00a0", "\u202f", "\u2009"
UNDERSTOOD = {
    "2,5": "2.50",
    "2.5": "2.50",
    "1 234,56": "1234.56",
    f"1{HARD}234,56": "1234.56",
    f"1{NARROW}234.56": "1234.56",
    f"1{THIN}234,56": "1234.56",
    "1,234.56": "1234.56",
    "1.234,56": "1234.56",
    "1'234.56": "1234.56",
    "1234567,89": "1234567.89",
    "1 200 000,50": "1200000.50",
    "1 200 000,50 €": "1200000.50",
    "1,200,000.50": "1200000.50",
    "1,200,000": "1200000",
    "1.200.000": "1200000",
    "12 000": "12000",
    "0,5": "0.50",
    "7 €": "7",
    "€7": "7",
    "EUR 7": "7",
    f"2 500,00{HARD}€": "2500",
    "3 k€": "3000",
    "3,5k€": "3500",
    "2,5 M€": "2500000",
    "2.5M€": "2500000",
    "€2.5M": "2500000",
    "1,23456 M€": "1234560",
    "1 000,00 M€": "1000000000",
    "€1.50bn": "1500000000",
    "1,5 Md€": "1500000000",
    "2 millions d’euros": "2000000",
    "2,5 milliards d'euros": "2500000000",
}
REFUSED = ["1,234", "1.234", "999,999", "12 34", "1 2345", "1,23,456", "1e3", "abc", "2 m€", "2,5 M€ 3", "2-5", "NaN", "٣",
           "2,555", "1..2", "5 d", "1/2", "2,5 $", "-2,5"]  # fmt: skip


@pytest.fixture
def staff(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


def change(thing) -> str:
    return f"/admin/{thing._meta.app_label}/{thing._meta.model_name}/{thing.pk}/change/"


def save(staff, thing, **values):
    return staff.post(change(thing), form_of(staff.get(change(thing))) | values, follow=True)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_amount_is_understood_in_any_dress_in_both_languages(staff, language):
    staff.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    one = project()
    for typed, stored in UNDERSTOOD.items():
        page = staff.post(change(one), form_of(staff.get(change(one))) | {"total_cost": typed})
        assert page.status_code == 302, (typed, errors(page))
        one.refresh_from_db()
        assert one.total_cost == Decimal(stored), typed


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_amount_that_may_be_another_is_refused(staff, language):
    staff.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    one = project(total_cost=Decimal(7))
    form = form_of(staff.get(change(one)))
    for typed in REFUSED:
        page = staff.post(change(one), form | {"total_cost": typed})
        one.refresh_from_db()
        assert one.total_cost == 7 and errors(page).count("<li>"), typed
        assert f'value="{escape(typed)}"' in page.text, "what was typed is kept"


def test_an_amount_that_is_another_in_the_other_language_is_named_in_both():
    with pytest.raises(ValidationError) as refused:
        read_amount("1,234 €")
    with translation.override("en"):
        assert refused.value.messages == [
            "“1,234 €” is one number in French and another in English. Write 1234 or 1,2340."
        ]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("amount", ["0.00", "0.05", "1234.00", "1234567.89", "999999999999.99"])
def test_a_form_sent_back_as_it_was_shown_changes_nothing(staff, language, amount):
    staff.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    one = project(total_cost=Decimal(amount), public_funding=Decimal(0))
    before = Project.objects.values().get()
    page = save(staff, one)
    assert Project.objects.values().get() == before and page.redirect_chain


def test_every_decimal_field_of_every_form_is_such_a_box():
    found = 0
    for model_admin in admin.site._registry.values():
        for owner in (model_admin, *(inline(model_admin.model, admin.site) for inline in model_admin.inlines)):
            for field in owner.opts.fields:
                if isinstance(field, models.DecimalField) and field.editable and not getattr(field, "generated", False):
                    box = owner.formfield_for_dbfield(field, None)
                    assert isinstance(box, NumberBox) and not isinstance(box.widget, forms.NumberInput), field
                    found += 1
    ours = [app.get_models() for app in (apps.get_app_config("members"), apps.get_app_config("projects"))]
    assert (
        found
        >= sum(
            isinstance(f, models.DecimalField)
            for some in ours
            for model in some
            for f in model._meta.fields
            if not hasattr(model, "pgh_tracked_model")
        )
        - 1
    )


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_day_of_every_form_is_typed_either_way_in_both_languages(language):
    found = 0
    with translation.override(language):
        for model_admin in admin.site._registry.values():
            for owner in (model_admin, *(inline(model_admin.model, admin.site) for inline in model_admin.inlines)):
                for field in owner.opts.fields:
                    if type(field) is models.DateField and field.editable:
                        box = owner.formfield_for_dbfield(field, None)
                        for typed in ("31/12/2026", "2026-12-31", " 31.12.2026 "):
                            assert isinstance(box, DayBox) and box.to_python(typed) == date(2026, 12, 31), field
                        found += 1
    assert found > 15


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(("typed", "stored"), [("45,123", "45.12300"), ("45.12345", "45.12345"), ("45,1", "45.10000")])
def test_a_latitude_has_decimals_and_no_thousands(staff, language, typed, stored):
    staff.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    one = organisation()
    page = save(
        staff,
        one,
        **row(
            "sites",
            0,
            department=places().pk,
            latitude=typed,
            longitude="5,7",
            precision="city",
            city="Vif",
            country="FR",
        ),
    )
    assert one.sites.get().latitude == Decimal(stored), errors(page)


@pytest.mark.parametrize("typed", ["45 123", "45.1, 5.7", "45°10", "N 45", "1,234.5"])
def test_a_latitude_that_is_none_is_refused(typed):
    with pytest.raises(ValidationError):
        read_number(typed)


amounts = st.decimals(0, 10**11, places=2, allow_nan=False)


@given(amounts, st.sampled_from(["fr", "en"]))
def test_what_the_site_writes_is_read_as_what_it_is(amount, language):
    with translation.override(language):
        assert read_amount(typography.number(amount, 2)) == amount
        assert read_amount(NumberBox(max_digits=14, decimal_places=2).prepare_value(amount)) == amount


@given(st.text("0123456789.,' €kM-\u00a0\u202f", max_size=14))
def test_what_is_read_has_the_digits_that_were_typed(text):
    """Whatever is typed: no digit is lost, and none comes to it but the zeros of a thousand or a million."""
    try:
        value = read_amount(text)
    except ValidationError:
        return
    typed = "".join(sign for sign in text if sign.isdigit()).strip("0")
    assert "".join(sign for sign in f"{value:f}" if sign.isdigit()).strip("0") == typed
