"""The days on which something turns: the day before, the day itself and the day after, by plain loops.

Each kind of day, found in the models, is tried with rows that make a difference there; as a day that is asked for
in the address, and as today.
"""

from datetime import date, timedelta
from random import Random

import pytest
import time_machine
from django.apps import apps
from django.db.models import DateField
from django.utils import translation

from members.models import Organisation
from projects.figures import MILESTONES, STATES, KeyFigures, Scope
from tests.ours import DIRECTORY
from tests.small_network import Oracle, days_on_which_something_turns, forget_network, make_network

pytestmark = pytest.mark.django_db

TURN_NO_COUNT = {
    "ImportBatch.ends_on": "staff alone are concerned: tried in test_imports",
    "Organisation.archived_on": "said by the notice; the state counts",
    "Cluster.archived_on": "said by the notice; the state counts",
    "Project.archived_on": "said by the notice; the state counts",
    **{
        f"{model}.publish_on": "a draft until the worker publishes it: tried in test_review"
        for model in ("Organisation", "Cluster", "Project")
    },
    "Organisation.verified_on": "said on the page; what it turns for staff is tried in test_pages_by_day",
    "ClusterName.until": "said on the page",
    "ContactPerson.agreed_on": "tried in test_pages_by_day",
    "Succession.date": "tried in test_pages_by_day",
    **{
        f"DeclaredFigure.{name}": "turns no number but the words “at least”: tried in test_label_counts"
        for name in ("first_day", "last_day")
    },
    "QualitySnapshot.day": "staff alone are concerned: tried in test_quality",
    "WebsiteCheck.failed_on": "staff alone are concerned: tried in test_check_websites",
    "InternalNote.remind_on": "staff alone are concerned: tried in test_notes",
    "ListAlert.looked_on": "its reader alone is concerned: tried in test_alerts",
    "RoleAssignment.valid_from": "staff alone are concerned: tried in test_roles",
    "RoleAssignment.valid_until": "staff alone are concerned: tried in test_roles",
}
DATES = sorted(
    f"{model.__name__}.{field.name}"
    for app in (*DIRECTORY, "contributions")
    for model in apps.get_app_config(app).get_models()
    for field in model._meta.concrete_fields
    if type(field) is DateField and not model._meta.proxy and not hasattr(model, "pgh_tracked_model")
)
TURNING = [kind for kind in DATES if kind not in TURN_NO_COUNT]
SCOPES = [("", ""), ("cluster", "cluster-0"), ("region", "armor"), ("theme", "energy")]
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def net(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield make_network(seed=23, organisations=60, projects=50)
        forget_network()


@pytest.fixture(autouse=True)
def english_today():
    with translation.override("en"), time_machine.travel(TODAY, tick=False):
        yield


def counted(net, kind: str, slug: str, on: date | None) -> dict:
    """What the loops count in a scope on a day."""
    oracle = Oracle(net, kind, slug, on)
    members, projects = oracle.members(), oracle.projects()
    funded = oracle.funded()
    known = [project for project in funded if None not in (project.total_cost, project.public_funding)]
    return {
        "clusters": oracle.clusters(),
        "members": {organisation.pk for organisation in members},
        "projects": {project.pk for project in projects},
        "labelled": len(oracle.labelled()),
        "funded": len(funded),
        **{state: oracle.in_state(state) for state in STATES},
        **{kind: sum(one.kind == kind for one in members) for kind in Organisation.Kind.values},
        **{size: sum(one.size == size for one in members) for size in Organisation.Size.values},
        **{
            f"type {name}": sum(one.institution_type == name for one in members)
            for name in Organisation.InstitutionType.values
        },
        "money": (
            sum(p.total_cost for p in funded if p.total_cost is not None),
            sum(p.public_funding for p in known),
            sum(p.total_cost - p.public_funding for p in known),
        ),
        "programmes": {
            p.slug: (count, oracle.given_by(p.slug))
            for p in net.programmes
            if (count := sum(p.slug in oracle.funded_by(project) for project in projects))
        },
        "years": {
            year: count
            for year in range(2005, oracle.day.year + 1)
            if (count := sum(oracle.year(project) == year for project in oracle.labelled()))
        },
        "last year's members": len(oracle.members(date(oracle.day.year - 1, 12, 31))),
        "states": {
            state: count
            for state in ("planned", "labelled", "funded", "running", "finished", "abandoned")
            if (count := sum(oracle.state(project) == state for project in projects))
        },
        "in clusters": {
            cluster.slug: count
            for cluster in net.clusters
            if cluster.status == "published"
            and (count := sum(oracle.belongs(one, oracle.day, cluster.slug) for one in members))
        },
    }


def shown(client, kind: str, slug: str, on: date | None) -> dict:
    """What figures and lists show of the same."""
    figures = KeyFigures(Scope(kind, slug), on)
    query = ({kind: slug} if kind else {}) | ({"on": on.isoformat()} if on else {})
    members, projects = (client.get(f"/en/{path}/", query).context["listing"] for path in ("members", "projects"))
    found = {
        "clusters": figures.clusters.value,
        "members": set(members.in_sql().values_list("pk", flat=True)),
        "projects": set(projects.in_sql().values_list("pk", flat=True)),
        **{name: figures.milestones[name].value for name in MILESTONES},
        **{state: figures.states[state].value for state in STATES},
        **{kind: figures.kinds[kind].value for kind in Organisation.Kind.values},
        **{size: figures.sizes[size].value for size in Organisation.Size.values},
        **{f"type {name}": figures.institution_types[name].value for name in Organisation.InstitutionType.values},
        "money": (figures.money.total, figures.money.public, figures.money.private),
        "programmes": {p.slug: (p.projects.value, p.amount) for p in figures.programmes},
        "years": {year.year: year.labelled.value for year in figures.projects_by_year if year.labelled.value},
        "last year's members": figures.members_by_year[figures.day.year - 1].value if figures.day.year > 2005 else 0,
        "states": options_of(projects, "state"),
        "in clusters": options_of(members, "cluster"),
    }
    assert (members.total, projects.total) == (len(found["members"]), len(found["projects"]))
    return found


def options_of(listing, name: str) -> dict[str, int]:
    found = (facet for facet in listing.facets if facet.name == name)
    return {option.value: option.count for facet in found for option in facet.options if option.count}


def telling_days(net, kind: str) -> list[date]:
    """A day of that kind at which the loops count otherwise than the day before or the day after, and these two."""
    days = days_on_which_something_turns(net)[kind]
    for day in Random(kind).sample(days, len(days)):
        three = [day + timedelta(days=step) for step in (-1, 0, 1)]
        before, then, after = (counted(net, "", "", one) for one in three)
        if three[-1] < TODAY and not before == then == after:
            return three
    raise AssertionError(f"no row tells the edge of {kind}")


@pytest.mark.parametrize("kind", TURNING)
def test_lists_and_figures_turn_on_the_very_day(net, client, kind):
    for number, day in enumerate(telling_days(net, kind)):
        scope = SCOPES[1 + number]
        for asked in (("", ""), scope):
            expected = counted(net, *asked, day)
            assert shown(client, *asked, day) | differs(asked) == expected | differs(asked), (day, asked)
        with time_machine.travel(day, tick=False):
            assert shown(client, "", "", None) == counted(net, "", "", None), (day, "today")


def differs(scope: tuple[str, str]) -> dict:
    """What a list that is narrowed says otherwise: a facet ignores its own choice."""
    return {"in clusters": {}} if scope[0] == "cluster" else {}


def test_every_kind_of_day_is_tried(net):
    assert set(days_on_which_something_turns(net, *TURN_NO_COUNT)) == set(TURNING)
