"""Editing projects and published figures on the staff's forms."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.admin.filters import ProjectNeeds
from projects.admin.sums import Check
from projects.models import DeclaredFigure, Funding, Participation, Project, ProjectLabel
from tests.admin_rows import cluster, form_of, organisation, places, programme, project
from tests.test_admin_directory import add_form, errors, messages, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(admin_client):
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return admin_client


def change(work) -> str:
    return reverse("admin:projects_project_change", args=[work.pk])


def save(staff, work, **values):
    return staff.post(change(work), form_of(staff.get(change(work))) | values, follow=True)


def with_partners(work, *costs):
    """One partner per (cost, public funding), the first coordinates."""
    for number, (cost, public) in enumerate(costs):
        Participation.objects.create(
            project=work, organisation=organisation(f"Partenaire {number}"), cost=cost, public_funding=public,
            role="partner" if number else "coordinator",
        )  # fmt: skip
    return work


# --- sums ----------------------------------------------------------------------------------------------------------------


def test_a_saved_project_says_when_its_parts_do_not_add_up(staff):
    work = with_partners(project(total_cost=1000, public_funding=300), (600, 200), (500, 100))
    Funding.objects.create(project=work, programme=programme(), amount=250, date=date(2020, 1, 1))
    page = save(staff, work, title_fr="Un titre")
    assert "The partners’ costs add up to €1,100: €100 more than “total cost” (€1,000)." in messages(page)
    assert "The fundings add up to €250: €50 less than “public funding” (€300)." in messages(page)
    assert len(messages(page)) == 3, "what was saved, and the two that are wrong"
    work.refresh_from_db()
    assert work.title_fr == "Un titre", "nothing typed is lost"
    shown = staff.get(change(work)).text
    assert "€1,100" in shown and "adds up" in shown


def test_a_project_that_adds_up_says_nothing(staff):
    work = with_partners(project(total_cost=1100, public_funding=300), (600, 200), (500, 100))
    assert len(messages(save(staff, work, title_fr="Un titre"))) == 1


@pytest.mark.parametrize(
    ("total", "amounts", "complains"),
    [
        (100, (60, 40), False),
        (100, (60, 30), True),
        (100, (60, None), False),  # the rest may still come
        (100, (110, None), True),
        (None, (60, 40), True),
        (None, (60, None), False),
        (100, (), False),
        (100, (None, None), False),
        (None, (), False),
    ],
)
def test_when_sums_are_complained_of(total, amounts, complains):
    sums = Check(
        "total cost", "The partners’ costs", total and Decimal(total), tuple(a and Decimal(a) for a in amounts)
    )
    assert bool(sums.complaint) is complains


@pytest.mark.parametrize("total", [None, 90, 100])
@pytest.mark.parametrize("costs", [(), (60, 40), (60, 30), (60, None), (95, None), (None, None)])
def test_the_list_of_wrong_sums_agrees_with_the_form(total, costs):
    work = with_partners(project(total_cost=total), *((cost, None) for cost in costs))
    listed = ProjectNeeds.narrowed(Project.objects.all(), "sums").exists()
    complaint = Check("", "", total and Decimal(total), tuple(c and Decimal(c) for c in costs)).complaint
    assert listed is bool(complaint and total is not None), work


def test_public_funding_above_the_cost_is_refused_with_a_sentence(staff):
    work = with_partners(project(total_cost=100, public_funding=10), (50, 10))
    assert "Public funding is never above the total cost." in errors(save(staff, work, public_funding="101"))
    page = save(staff, work, **{"participations-0-public_funding": "60"})
    assert "Public funding is never above the cost." in errors(page)
    assert "A sum in euros is never negative." in errors(save(staff, work, **{"participations-0-cost": "-1"}))


# --- who takes part ------------------------------------------------------------------------------------------------------


def test_a_project_has_one_coordinator_and_the_role_can_move(staff):
    work = with_partners(project(), (10, 5), (20, 5))
    both = {"participations-1-role": "coordinator"}
    assert "A project has one coordinator." in errors(save(staff, work, **both))
    save(staff, work, **both, **{"participations-0-role": "partner"})
    assert work.participations.get(role="coordinator").cost == 20


def test_the_role_moves_to_a_new_row_too(staff):
    work = with_partners(project(), (10, 5))
    new = row("participations", 1, organisation=organisation("Nouvelle").pk, role="coordinator")
    save(staff, work, **new, **{"participations-0-role": "partner"})
    assert str(work.participations.get(role="coordinator").organisation) == "Nouvelle"
    save(staff, work, **{"participations-0-DELETE": "on", "participations-1-role": "coordinator"})
    assert work.participations.get().role == "coordinator"


def test_no_organisation_takes_part_twice(staff):
    work = with_partners(project(), (10, 5))
    partner = work.participations.get().organisation
    again = row("participations", 1, organisation=partner.pk, role="partner")
    assert "This organisation already takes part in the project." in errors(save(staff, work, **again))
    assert work.participations.count() == 1


def test_saving_asks_nothing_about_rows_that_nobody_touched(staff):
    numbers = []
    for partners in (3, 12):
        work = with_partners(project(), *[(10, 5)] * partners)
        data = form_of(staff.get(change(work))) | {"title_fr": "Un titre"}
        with CaptureQueriesContext(connection) as captured:
            staff.post(change(work), data)
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]


def test_a_project_has_one_lead_cluster(staff):
    work = project()
    ProjectLabel.objects.create(project=work, cluster=cluster(), role="lead", date=date(2020, 1, 1))
    other = row("labels", 1, cluster=cluster("Autre", "AUTRE").pk, role="lead", date="2020-01-01")
    assert "A project has one lead cluster." in errors(save(staff, work, **other))


def test_a_stated_state_needs_its_reason(staff):
    work = project()
    assert "Say why the state differs" in errors(save(staff, work, stated="abandoned"))
    save(staff, work, stated="abandoned", stated_reason="Le coordinateur a cessé son activité.")
    work.refresh_from_db()
    assert work.stated == "abandoned"


# --- lists ---------------------------------------------------------------------------------------------------------------


def test_projects_are_found_by_partner_without_accents(staff):
    work = project("VOLTA")
    Participation.objects.create(project=work, organisation=organisation("Électricité du Vercors"))
    project("AUTRE")
    found = staff.get(reverse("admin:projects_project_changelist"), {"q": "electricite"})
    assert [str(one) for one in found.context["cl"].result_list] == ["VOLTA"]


def test_filters_of_projects(staff):
    work, known = project("VOLTA"), cluster()
    ProjectLabel.objects.create(project=work, cluster=known, date=date(2020, 1, 1))
    Funding.objects.create(project=work, programme=programme(), date=date(2020, 6, 1))
    project("AUTRE")
    for chosen in (
        {"cluster": "ena"},
        {"programme": "fui"},
        {"state": "funded"},
        {"cluster": "ena", "programme": "fui"},
    ):
        found = staff.get(reverse("admin:projects_project_changelist"), chosen)
        assert [str(one) for one in found.context["cl"].result_list] == ["VOLTA"], chosen


# --- figures -------------------------------------------------------------------------------------------------------------


def test_a_declared_figure_names_its_source(staff):
    values = {"indicator": "clusters", "value": "55", "unit": "count"}
    page = add_form(staff, "projects_declaredfigure", **values)
    assert "source" in page.context["adminform"].form.errors
    add_form(staff, "projects_declaredfigure", **values, source="Ministère")
    assert DeclaredFigure.objects.get().year is None


def test_a_declared_figure_speaks_of_one_scope(staff):
    values = {"indicator": "clusters", "value": "5", "unit": "count", "source": "Ministère"}
    page = add_form(staff, "projects_declaredfigure", **values, cluster=cluster().pk, region=places().region_id)
    assert "Choose a cluster, a region or a theme, not several." in errors(page)
