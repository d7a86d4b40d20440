"""What the database refuses of projects, whoever writes and however, and the sentences staff read."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from members.models import Cluster, Organisation
from projects.models import (
    Funding,
    Outcome,
    Participation,
    Programme,
    Project,
    ProjectLabel,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def project():
    return Project.objects.create(acronym="H2", slug="h2")


@pytest.fixture
def others():
    return {
        "organisations": [
            Organisation.objects.create(name=name, slug=name.lower(), kind="company") for name in ("Alpha", "Bravo")
        ],
        "clusters": [Cluster.objects.create(name=name, slug=f"c-{name.lower()}") for name in ("Cara", "Dara")],
        "programme": Programme.objects.create(name_fr="FUI", slug="fui"),
    }


def refused(rows):
    """Through a bulk write, which asks no form."""
    with pytest.raises(IntegrityError), transaction.atomic():
        type(rows[0]).objects.bulk_create(rows)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"start": date(2024, 1, 2), "end": date(2024, 1, 1)}, "A project ends on or after the day it begins."),
        ({"total_cost": Decimal(-1)}, "A sum in euros is never negative."),
        ({"public_funding": Decimal(-1)}, "A sum in euros is never negative."),
        ({"total_cost": 10, "public_funding": 11}, "Public funding is never above the total cost."),
        ({"stated": "abandoned"}, "Say why the state differs from what the dates say."),
        ({"stated": "lost", "stated_reason": "?"}, "Choose one of the values offered."),
        ({"acronym": ""}, "Give the project an acronym or a title."),
        ({"status": "secret"}, "Choose one of the values offered."),
    ],
)
def test_a_project_that_contradicts_itself_is_refused(values, sentence):
    project = Project(**{"acronym": "X", "slug": "x", **values})
    refused([project])
    with pytest.raises(ValidationError) as error:
        project.validate_constraints()
    assert sentence in error.value.messages


def test_a_wrong_update_is_refused_too(project):
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.update(start=date(2024, 2, 1), end=date(2024, 1, 1))


def test_an_organisation_takes_part_once_and_one_coordinates(project, others):
    alpha, bravo = others["organisations"]
    refused([Participation(project=project, organisation=alpha), Participation(project=project, organisation=alpha)])
    refused(
        [
            Participation(project=project, organisation=alpha, role="coordinator"),
            Participation(project=project, organisation=bravo, role="coordinator"),
        ]
    )
    Participation.objects.create(project=project, organisation=alpha, role="coordinator")
    with pytest.raises(ValidationError) as error:
        Participation(project=project, organisation=bravo, role="coordinator").validate_constraints()
    assert "A project has one coordinator." in error.value.messages
    with pytest.raises(ValidationError) as error:
        Participation(project=project, organisation=alpha).validate_constraints()
    assert "This organisation already takes part in the project." in error.value.messages


@pytest.mark.parametrize(
    "values", [{"cost": -1}, {"public_funding": -1}, {"cost": 1, "public_funding": 2}, {"role": "boss"}]
)
def test_a_participation_with_impossible_sums_is_refused(project, others, values):
    refused([Participation(project=project, organisation=others["organisations"][0], **values)])


def test_a_cluster_labels_a_project_once_and_one_leads(project, others):
    cara, dara = others["clusters"]
    day = date(2024, 1, 1)
    refused([ProjectLabel(project=project, cluster=cara, role=role, date=day) for role in ("lead", "co")])
    refused([ProjectLabel(project=project, cluster=cluster, role="lead", date=day) for cluster in (cara, dara)])
    refused([ProjectLabel(project=project, cluster=cara, role="aide", date=day)])


def test_fundings_outcomes_and_programmes_are_checked(project, others):
    refused([Funding(project=project, programme=others["programme"], amount=-1, date=date(2024, 1, 1))])
    refused([Outcome(project=project, kind="rumour", title_fr="?")])
    refused([Programme(name_fr="X", slug="x", first_year=2020, last_year=2019)])


def test_private_investment_is_what_the_public_does_not_pay(project):
    for total, public, private in [(100, 30, 70), (None, 30, None), (100, None, None)]:
        Project.objects.update(total_cost=total, public_funding=public)
        project.refresh_from_db()
        assert project.private_investment == private


def test_saving_without_a_change_moves_no_date(project):
    before = Project.objects.values_list("updated_at", flat=True).get()
    project.save()
    assert Project.objects.values_list("updated_at", flat=True).get() == before
