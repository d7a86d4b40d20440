"""Forms of many rows: what is written by functions is what Django's templates write, and no row costs a query."""

import re
from datetime import date

import pytest
from django import forms
from django.contrib import admin
from django.db import connection
from django.forms.renderers import DjangoTemplates
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe

from cluster_portal.admin.markup import MARKUP, MarkupByFunctions
from projects.models import Participation, Project
from tests.admin_rows import a_network, form_of, organisation, project

HOSTILE = "a <b>\"'&amp; é\u202f%s{{ x }}"


def alike(markup: str) -> str:
    """Without the blanks between tags, which Django's templates have of their own."""
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", re.sub(r"\s+", " ", markup)).replace(" >", ">")


def same(widget: forms.Widget, value) -> None:
    ours, theirs = (
        widget.render(
            f"name-{HOSTILE}", value, {"id": "x", "title": HOSTILE, "required": True, "hidden": False}, engine
        )
        for engine in (MarkupByFunctions(), DjangoTemplates())
    )
    assert alike(ours) == alike(theirs)


@pytest.mark.parametrize("value", ["", None, HOSTILE, mark_safe("<i>&amp;</i>"), 1234567, 1.5, date(2026, 1, 2)])
@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.HiddenInput, forms.DateInput,
        forms.CheckboxInput, forms.PasswordInput, forms.TimeInput, forms.DateTimeInput,
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_box_by_a_function_is_that_of_its_template(widget, value, language):
    with translation.override(language):
        same(widget(), value)


@pytest.mark.parametrize("value", ["", None, "a", HOSTILE, 1234])
def test_a_choice_by_a_function_is_that_of_its_template(value):
    options = [
        ("", "---"),
        ("a", "A & B"),
        (HOSTILE, HOSTILE),
        (1234, 1234567),
        ("Group <b>", [("b", mark_safe("<i>B</i>"))]),
    ]
    for language in ("fr", "en"):
        with translation.override(language):
            same(forms.Select(choices=options), value)
            same(forms.Select(attrs={"class": HOSTILE}, choices=options), value)


def test_errors_by_a_function_are_those_of_their_template():
    for errors in ([], [HOSTILE], [mark_safe("<b>x</b>"), "y"]):
        ours, theirs = (
            str(forms.utils.ErrorList(errors, field_id=f"id_{HOSTILE}", error_class="nonform", renderer=engine))
            for engine in (MarkupByFunctions(), DjangoTemplates())
        )
        assert alike(ours) == alike(theirs)


@pytest.mark.django_db
def test_every_box_of_every_form_is_that_of_its_template(rf, admin_user):
    """Those with links beside them too."""
    a_network(1)
    request = rf.get("/")
    request.user = admin_user
    engines, compared = (MarkupByFunctions(), DjangoTemplates()), set()
    for model_admin in admin.site._registry.values():
        one = model_admin.model._default_manager.first()
        every = [model_admin.get_form(request, one)]
        every += [inline.get_formset(request, one).form for inline in model_admin.get_inline_instances(request, one)]
        for form in every:
            for bound in form():
                with translation.override("en"):
                    ours, theirs = (bound.field.widget.render(bound.html_name, None, {}, engine) for engine in engines)
                assert alike(ours) == alike(theirs), bound.name
                compared.add(bound.field.widget.template_name)
    assert {"admin/widgets/related_widget_wrapper.html", "django/forms/widgets/text.html"} <= compared & set(MARKUP)


def with_partners(number: int) -> Project:
    work = project(f"À {number}")
    for count in range(number):
        Participation.objects.create(project=work, organisation=organisation(f"Partenaire {number}-{count}"), cost=10)
    return work


@pytest.mark.django_db
def test_neither_opening_nor_saving_asks_more_for_more_rows(admin_client):
    opening, saving = [], []
    for number in (3, 40):
        url = reverse("admin:projects_project_change", args=[with_partners(number).pk])
        admin_client.get(url)
        with CaptureQueriesContext(connection) as captured:
            page = admin_client.get(url)
        opening.append(len(captured))
        changed = {"title_fr": "Un titre", "participations-1-cost": "20"}
        with CaptureQueriesContext(connection) as captured:
            assert admin_client.post(url, form_of(page) | changed).status_code == 302
        saving.append(len(captured))
    assert opening[0] == opening[1] and saving[0] == saving[1]


@pytest.mark.django_db
def test_a_row_that_was_changed_costs_its_update_and_one_question(admin_client):
    """In a savepoint, which are two more."""
    asked = {}
    for number in (3, 40):
        url = reverse("admin:projects_project_change", args=[with_partners(number).pk])
        form = form_of(admin_client.get(url))
        costs = {f"participations-{row}-cost": str(20 + row) for row in range(number)}
        with CaptureQueriesContext(connection) as captured:
            assert admin_client.post(url, form | costs).status_code == 302
        asked[number] = len(captured)
    assert asked[40] - asked[3] <= 4 * 37
    assert sorted(Participation.objects.values_list("cost", flat=True)) == sorted([*range(20, 23), *range(20, 60)])


@pytest.mark.django_db
def test_a_row_that_breaks_a_check_says_which(admin_client):
    work = with_partners(2)
    url = reverse("admin:projects_project_change", args=[work.pk])
    form = form_of(admin_client.get(url))
    page = admin_client.post(url, form | {"participations-1-public_funding": "11"}, headers={"accept-language": "en"})
    rows = page.context["inline_admin_formsets"][0].formset
    assert rows.errors[0] == {} and "cost" in str(rows.errors[1]).lower()
    assert not work.participations.filter(public_funding=11).exists()


@pytest.mark.django_db
def test_three_hundred_partners_fit_in_one_sending(admin_client, settings):
    work = with_partners(300)
    url = reverse("admin:projects_project_change", args=[work.pk])
    page = admin_client.get(url)
    form = form_of(page)
    assert len(page.context["given"]) < 20_000 and len(form) * 4 < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    assert admin_client.post(url, form | {"participations-299-cost": "20"}).status_code == 302
    assert sorted(part.cost for part in work.participations.all())[-2:] == [10, 20]
