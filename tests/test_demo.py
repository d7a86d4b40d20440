"""The invented network: its proportions, its coherence, and that it never touches anything real."""

import io
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, Sum

from cluster_portal.demo import numbers
from cluster_portal.demo.ground import TOWNS
from cluster_portal.demo.money import split
from cluster_portal.demo.network import TODAY
from cluster_portal.demo.words import fields, of, patterns, to
from members.models import (
    Cluster,
    ContactPerson,
    Department,
    LabelPeriod,
    Membership,
    Organisation,
    OrganisationName,
    Site,
    Succession,
    Theme,
    UnitNumber,
)
from projects.models import Funding, Outcome, Participation, Project, ProjectLabel
from tests.demo_network import SCALE, demo

COMPANIES, LABORATORIES, INSTITUTIONS, PROJECTS = 420, 39, 21, 360


@pytest.fixture(scope="module")
def reference(django_db_setup, django_db_blocker):
    """The reference data, for all the tests here, in a transaction that is undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference", stdout=io.StringIO(), verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def made(reference, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield demo()
        transaction.set_rollback(True)


@pytest.fixture
def invented(made, db):
    """The network on top of them; what the command printed."""
    return made


# --- organisations ---------------------------------------------------------------------------------


def test_no_first_number_is_the_second_of_another_however_large_the_network():
    first, second = ({number(rank) for rank in range(20_000)} for number in (numbers.uai, numbers.second_uai))
    assert first & second == {""} and len(first) == 9_001 and len(second) == 1_001


def test_the_network_has_the_size_that_was_asked_for(invented):
    counts = Counter(Organisation.objects.values_list("kind", flat=True))
    assert counts == {"company": COMPANIES, "laboratory": LABORATORIES, "institution": INSTITUTIONS}
    assert Project.objects.count() == PROJECTS
    assert f"{COMPANIES} company" in invented


def test_most_companies_are_micro_and_small_as_in_life(invented):
    sizes = Counter(Organisation.objects.filter(kind="company").values_list("size", flat=True))
    assert 0.35 < sizes["micro"] / COMPANIES < 0.55
    assert 0.85 < (sizes["micro"] + sizes["sme"]) / COMPANIES < 0.97
    assert 0.03 < sizes["midcap"] / COMPANIES < 0.13
    assert sizes["large"] / COMPANIES < 0.04


def test_everything_is_marked_as_invented_and_the_clusters_are_not_touched(invented):
    assert not Organisation.objects.filter(is_demo=False).exists()
    assert not Project.objects.filter(is_demo=False).exists()
    assert Cluster.objects.count() > 57
    assert not Cluster.objects.filter(updated_at__gt=Cluster.objects.earliest("created_at").created_at).exists()


def test_nobody_real_can_be_reached(invented):
    assert not ContactPerson.objects.exists()
    for website, email in Organisation.objects.values_list("website", "email"):
        assert website == "" or website.endswith(".example/")
        assert email == "" or (email.startswith("contact@") and email.endswith(".example"))
    phones = Organisation.objects.exclude(phone="").values_list("phone", flat=True)
    assert phones
    assert all(phone[:8] in ("+3319900", "+3326191", "+3335301", "+3346571", "+3353649") for phone in phones)


def test_numbers_are_valid_and_from_ranges_that_nobody_is_given(invented):
    for organisation in Organisation.objects.all():
        organisation.clean_fields(exclude=["logo", "created_by", "updated_by"])
        assert organisation.siren == "" or (organisation.siren[0] == "2" and organisation.siren[2:4] == "00")
        assert organisation.ror_id == ""
        assert organisation.rnsr_id == "" or organisation.rnsr_id.startswith("2999")
        assert organisation.uai_code == "" or organisation.uai_code.startswith("998")
    for site in Site.objects.select_related("organisation"):
        site.clean_fields()
        assert site.siret == "" or site.siret.startswith(site.organisation.siren)
    assert Organisation.objects.exclude(siren="").count() > 0.5 * COMPANIES


def test_names_and_addresses_of_pages_are_unique(invented):
    names = list(Organisation.objects.values_list("name", flat=True))
    assert len(names) == len(set(names))
    assert {name[0] for name in names} & set("ÉÀŒ")
    assert any("’" in name for name in names)
    assert any("-" in name for name in names)
    assert any(name[1] == "." for name in names)
    assert OrganisationName.objects.filter(kind="former").exists()
    assert Organisation.objects.exclude(acronym="").exists()


def test_memberships_lie_between_founding_and_today(invented):
    memberships = list(Membership.objects.select_related("organisation", "cluster"))
    for membership in memberships:
        organisation = membership.organisation
        assert date(2005, 1, 1) <= membership.joined_on <= TODAY
        assert organisation.founding_year is None or membership.joined_on.year >= organisation.founding_year
        if membership.left_on:
            assert membership.joined_on < membership.left_on <= TODAY
        if organisation.closed_on:
            assert membership.left_on and membership.left_on <= organisation.closed_on
    ended = sum(membership.left_on is not None for membership in memberships)
    assert 0.07 < ended / len(memberships) < 0.17
    per_member = Counter(membership.organisation_id for membership in memberships)
    assert set(per_member.values()) <= {1, 2, 3, 4, 5}
    assert 0.6 < sum(number == 1 for number in per_member.values()) / len(per_member) < 0.85
    assert any(all(m.left_on for m in memberships if m.organisation_id == ident) for ident in list(per_member)[:400]), (
        "somebody has only left"
    )


def test_a_cluster_has_members_only_while_it_exists(invented):
    over = {row.predecessor_id: row for row in Succession.objects.exclude(date=None)}
    assert over
    for membership in Membership.objects.filter(cluster__in=over):
        assert membership.left_on and membership.left_on <= over[membership.cluster_id].date
    starts = {}
    for cluster, start in LabelPeriod.objects.values_list("cluster", "start"):
        starts[cluster] = min(start, starts.get(cluster, start))
    for cluster, joined in Membership.objects.values_list("cluster", "joined_on"):
        assert cluster not in starts or joined >= starts[cluster]


def test_themes_fit_the_clusters_of_their_organisation(invented):
    domain = {theme.pk: theme.parent_id or theme.pk for theme in Theme.objects.all()}
    worked_on = {
        cluster.pk: {domain[theme.pk] for theme in cluster.themes.all()}
        for cluster in Cluster.objects.prefetch_related("themes")
    }
    for organisation in Organisation.objects.exclude(memberships=None).prefetch_related("themes", "memberships"):
        themes = [theme.pk for theme in organisation.themes.all()]
        assert 1 <= len(themes) <= 6
        possible = set().union(*(worked_on[membership.cluster_id] for membership in organisation.memberships.all()))
        # a former cluster's members may have gone on to a cluster that took it over
        assert {domain[theme] for theme in themes} & possible
    assert not Organisation.objects.filter(themes=None).exists()


def test_sites_are_real_towns_in_their_department(invented):
    lines = [line.split(",") for line in TOWNS.read_text(encoding="utf-8").splitlines()[1:]]
    known = {(name.replace("'", "’"), department) for _insee, name, department, *_rest in lines}
    codes = dict(Department.objects.values_list("pk", "insee_code"))
    for site in Site.objects.exclude(city="").filter(department__region__isnull=False):
        assert (site.city, codes[site.department_id]) in known
    sites = Counter(Site.objects.values_list("organisation_id", flat=True))
    assert 0.04 < sum(number > 1 for number in sites.values()) / len(sites) < 0.18
    unplaced = Organisation.objects.filter(sites=None).count()
    assert 0 < unplaced < 0.05 * Organisation.objects.count()
    assert set(Site.objects.values_list("precision", flat=True)) == {"address", "city", "department", ""}
    assert Site.objects.filter(department__region__overseas=True).exists()
    several = Organisation.objects.annotate(n=Count("sites__region", distinct=True)).filter(n__gt=1)
    assert several.exists()


def test_some_places_are_known_in_part_abroad_or_overseas(invented):
    partly = Site.objects.filter(department=None, country="FR")
    assert partly.filter(region__isnull=False, city="").exists()
    abroad = Site.objects.exclude(country="FR")
    assert abroad.exists() and not abroad.filter(city="").exists()
    assert set(abroad.values_list("organisation__country", flat=True)) - {"FR"}


def test_laboratories_have_unit_numbers_that_nobody_has(invented):
    numbers = UnitNumber.objects.values_list("organisation__kind", "number")
    assert len(set(numbers)) == len(numbers) > 20
    assert all(kind == "laboratory" and len(number) == 5 for kind, number in numbers)


def test_closed_and_archived_organisations_say_who_took_over(invented):
    statuses = Counter(Organisation.objects.values_list("status", flat=True))
    assert statuses["published"] > 0.94 * Organisation.objects.count()
    assert statuses["archived"]
    assert statuses["draft"] + statuses["in_review"]
    gone = Organisation.objects.exclude(successor=None).select_related("successor")
    assert gone
    for organisation in gone:
        assert organisation.closed_on or organisation.status == "archived"
        assert organisation.successor.status == "published"
        assert organisation.successor.closed_on is None


def test_verifications_come_from_the_clusters_of_the_organisation(invented):
    verified = Organisation.objects.exclude(verified_on=None).prefetch_related("memberships")
    assert 0.55 < verified.count() / Organisation.objects.count() < 0.85
    for organisation in verified:
        assert organisation.verified_by_id in {membership.cluster_id for membership in organisation.memberships.all()}
        assert organisation.verified_on <= TODAY
        assert organisation.verified_source


def test_laboratories_are_supervised_by_schools_and_national_bodies(invented):
    laboratories = Organisation.objects.filter(kind="laboratory", country="FR").prefetch_related("supervisors")
    supervised = [laboratory for laboratory in laboratories if laboratory.supervisors.all()]
    assert len(supervised) > 0.6 * len(laboratories)
    for laboratory in supervised:
        for supervisor in laboratory.supervisors.all():
            assert supervisor.institution_type in ("higher_education", "research_body")


def test_descriptions_are_in_both_languages_with_a_minority_in_one(invented):
    texts = list(Organisation.objects.order_by("sort_name").values_list("description_fr", "description_en"))
    both = sum(bool(french and english) for french, english in texts)
    assert 0.75 < both / len(texts) < 0.95
    assert any(not english for _french, english in texts)
    assert any(not french for french, _english in texts)
    for text in (text for pair in texts for text in pair if text):
        assert "{" not in text
        assert text[0].upper() == text[0]
        assert "  " not in text
        assert text.endswith(".")


def test_a_page_of_cards_does_not_read_as_one_template(invented):
    texts = list(
        Organisation.objects.filter(kind="company").order_by("sort_name").values_list("description_fr", flat=True)
    )
    texts = [text for text in texts if text]
    assert len(set(texts)) > 0.97 * len(texts)
    for first, second in pairwise(range(0, len(texts) - 25, 25)):
        openings = {tuple(text.split()[:2]) for text in texts[first:second]}
        assert len(openings) > 12


# --- projects --------------------------------------------------------------------------------------


def test_sums_add_up_to_seven_and_a_half_billion_with_2_80_private_for_1_public(invented):
    sums = Project.objects.published().aggregate(total=Sum("total_cost"), public=Sum("public_funding"))
    assert abs(float(sums["total"]) / (7_500_000_000 * SCALE) - 1) < 0.005
    assert abs(float((sums["total"] - sums["public"]) / sums["public"]) / 2.8 - 1) < 0.005


def test_the_parts_of_a_project_add_up_to_its_totals(invented):
    for project in Project.objects.prefetch_related("participations", "fundings"):
        participations, fundings = project.participations.all(), project.fundings.all()
        if project.total_cost is None:
            assert not fundings
            assert all(part.cost is None and part.public_funding is None for part in participations)
            continue
        assert sum(part.cost for part in participations) == project.total_cost
        assert sum(part.public_funding for part in participations) == project.public_funding
        assert sum(funding.amount for funding in fundings) == project.public_funding
        assert all(part.public_funding <= part.cost for part in participations)


def test_six_labelled_projects_in_ten_are_funded_and_a_third_are_co_labelled(invented):
    labelled = Project.objects.published().labelled(TODAY)
    assert 0.52 < labelled.funded(TODAY).count() / labelled.count() < 0.69
    clusters = Counter(ProjectLabel.objects.values_list("project", flat=True))
    assert 0.25 < sum(number > 1 for number in clusters.values()) / len(clusters) < 0.45
    assert max(clusters.values()) <= 3
    assert ProjectLabel.objects.filter(role="lead").count() == len(clusters)


def test_partners_mix_kinds_and_cross_regions(invented):
    mixed = crossing = 0
    for project in Project.objects.prefetch_related("participations__organisation__sites"):
        participations = list(project.participations.all())
        assert 2 <= len(participations) <= 12
        assert sum(part.role == "coordinator" for part in participations) == 1
        mixed += len({part.organisation.kind for part in participations}) > 1
        regions = {site.region_id for part in participations for site in part.organisation.sites.all()}
        crossing += len(regions) > 1
    assert mixed > 0.9 * PROJECTS
    assert crossing > 0.7 * PROJECTS
    assert Participation.objects.filter(organisation__memberships=None).exists()
    assert Participation.objects.exclude(organisation__country="FR").exists()
    assert not Participation.objects.exclude(organisation__status="published").exists()


def test_dates_follow_one_another_from_label_to_outcome(invented):
    for project in Project.objects.prefetch_related("labels", "fundings", "outcomes"):
        labels = [label.date for label in project.labels.all()]
        fundings = [funding.date for funding in project.fundings.all()]
        assert not fundings or (labels and min(labels) < min(fundings))
        assert all(day <= TODAY for day in labels)
        if project.start and fundings:
            assert min(fundings) <= project.start < project.end
        for outcome in project.outcomes.all():
            assert project.start.year <= outcome.year <= TODAY.year
    finished = Project.objects.filter(end__lt=TODAY)
    assert finished.exclude(outcomes=None).distinct().count() > 0.6 * finished.count()


def test_programmes_fund_in_their_own_years(invented):
    for funding in Funding.objects.select_related("programme"):
        programme, year = funding.programme, funding.date.year
        assert programme.first_year is None or year >= programme.first_year
        # a decision of December is dated in January now and then
        assert programme.last_year is None or year <= programme.last_year + 1


def test_clusters_label_only_once_they_are_clusters(invented):
    starts = {}
    for cluster, start in LabelPeriod.objects.values_list("cluster", "start"):
        starts[cluster] = min(start, starts.get(cluster, start))
    for cluster, day in ProjectLabel.objects.values_list("cluster", "date"):
        assert cluster not in starts or day >= starts[cluster]


def test_abandoned_projects_say_why(invented):
    abandoned = Project.objects.filter(stated="abandoned")
    assert 0 < abandoned.count() < 0.12 * PROJECTS
    assert all(project.stated_reason and project.stated_on for project in abandoned)


def test_titles_and_summaries_are_finished_sentences(invented):
    for project in Project.objects.all():
        for text in (project.title_fr, project.title_en, project.summary_fr, project.summary_en):
            assert "{" not in text
        assert project.title_fr
        assert project.summary_fr.endswith(".")
    assert Project.objects.filter(title_en="").exists()
    assert set(Outcome.objects.values_list("kind", flat=True)) >= {"patent", "publication", "product"}


# --- words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "with_of", "with_to"),
    [
        ("le bois", "du bois", "au bois"),
        ("les sols pollués", "des sols pollués", "aux sols pollués"),
        ("la pêche et le fret", "de la pêche et du fret", "à la pêche et au fret"),
        ("onduleurs solaires", "d’onduleurs solaires", "à onduleurs solaires"),
        ("harnais", "de harnais", "à harnais"),
        ("hydroliennes", "d’hydroliennes", "à hydroliennes"),
        ("Le Havre", "du Havre", "au Havre"),
        ("La Rochelle", "de La Rochelle", "à La Rochelle"),
        ("Évry", "d’Évry", "à Évry"),
        (
            "le contact entre la roue et le rail",
            "du contact entre la roue et le rail",
            "au contact entre la roue et le rail",
        ),
    ],
)
def test_french_joins_its_small_words(phrase, with_of, with_to):
    assert (of(phrase), to(phrase)) == (with_of, with_to)


def test_a_stem_belongs_to_one_field():
    stems = {stem for field in fields() for stem in field.stems}
    assert len(stems) == sum(len(field.stems) for field in fields())


def test_patterns_are_in_both_languages():
    for path in (("company", "opening"), ("laboratory", "more"), ("project", "aim")):
        for pattern in patterns(*path):
            assert pattern.fr
            assert pattern.en
            assert pattern.fr != pattern.en


@pytest.mark.parametrize("limits", [None, [40_000, 90_000, 5_000]])
def test_split_sums_are_exact(limits):
    parts = split(101_357, [1.0, 2.5, 0.5], limits)
    assert sum(parts) == 101_357
    assert limits is None or all(part <= limit for part, limit in zip(parts, limits, strict=True))
