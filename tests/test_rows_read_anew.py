"""An index that reads changed rows only, against one that has just been loaded: after any edits, on any day."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from cluster_portal.facets import FacetIndex, FacetValues, Numbers, Rows
from cluster_portal.records.changes import ChangeLog
from members.facets import MemberReading
from members.models import (
    Cluster,
    ClusterName,
    ContactPerson,
    Department,
    LabelPeriod,
    Membership,
    Organisation,
    OrganisationName,
    Region,
    Site,
    Succession,
    Theme,
)
from projects.facets import ProjectReading
from projects.figures import FigureReading
from projects.models import Funding, Participation, Programme, Project, ProjectLabel
from tests.small_network import forget_network, make_network, some_day

READINGS = (MemberReading, ProjectReading, FigureReading)
TODAY = date(2026, 11, 23)
# edges: of labels and memberships in the small network, and the days around today
DAYS = (None, date(2015, 6, 30), date(2022, 1, 1), TODAY - timedelta(days=1), TODAY + timedelta(days=1))
ROUNDS = 12
OWNED = (
    Site,
    Membership,
    OrganisationName,
    ContactPerson,
    Participation,
    ProjectLabel,
    Funding,
    LabelPeriod,
    ClusterName,
)


@pytest.fixture
def net(transactional_db):
    """Committed: an index keeps nothing of what a transaction may yet take back."""
    yield make_network(seed=11)
    forget_network()


@pytest.fixture(autouse=True)
def _on_a_fixed_day():
    with time_machine.travel(TODAY, tick=False):
        yield


def plain(value):
    """Something that can be compared, whatever is held in it for speed."""
    if isinstance(value, FacetValues):
        rows = {slug: set(value.having(slug)) for slug in {*value.values, *value.rows}}
        return value.values, list(value.values), value.orders, {slug: found for slug, found in rows.items() if found}
    if isinstance(value, Numbers):
        return dict(value.items())
    if isinstance(value, dict):
        found = {key: plain(one) for key, one in value.items() if one or not isinstance(one, (Rows, dict))}
        shown = all(hasattr(one, "slug") for one in value.values())
        return found, list(found) if shown else "in no order"
    return list(value) if hasattr(value, "__iter__") and not isinstance(value, str) else value


def answers(index: FacetIndex, day: date | None) -> dict:
    """Everything that is made of the sources, and what is looked up."""
    reading = index.at(day)
    made = {name: kept for name, kept in reading.kept.items() if type(kept).__name__ != "Source"}
    return {name: plain(reading.read(kept)) for name, kept in made.items()}


class Editor:
    """Random edits, as staff, imports and a person with psql make them."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.number = 1000 * seed

    def one(self, model):
        return model.objects.order_by("?").first()

    def edit(self) -> str:
        edit = self.random.choice(
            [self.row, self.text, self.owned, self.move, self.remove, self.links, self.words, self.many]
        )
        try:
            with transaction.atomic():
                edit()
        except IntegrityError:  # a constraint said no
            return ""
        return edit.__name__

    def row(self) -> None:
        """An organisation, a project or a cluster becomes another."""
        random = self.random
        model = random.choice([Organisation, Organisation, Project, Project, Cluster])
        row = self.one(model)
        if row is None:
            return
        change = {"status": random.choice(["published", "published", "draft", "archived"])}
        if model is Organisation:
            change = random.choice(
                [
                    change,
                    {
                        "kind": random.choice(["company", "laboratory", "institution"]),
                        "size": "",
                        "institution_type": "",
                    },
                    {"national": not row.national},
                    {"closed_on": random.choice([None, *self.around()])},
                    {"verified_on": random.choice([None, *self.around()])},
                    {"name": f"{random.choice('aàéÉzZ')} {self.next()}"},
                    {"is_demo": not row.is_demo},
                ]
            )
        if model is Project:
            change = random.choice(
                [
                    change,
                    {"start": some_day(random), "end": None},
                    {"start": None, "end": random.choice(self.around())},
                    {"stated": random.choice(["", "abandoned", "labelled"]), "stated_on": random.choice([None, *self.around()]),
                     "stated_reason": "So"},
                    {"total_cost": random.choice([None, Decimal(700_000), Decimal(9_000_000)]), "public_funding": None},
                    {"national": not row.national},
                    {"title_fr": f"{random.choice('aàéÉzZ')} {self.next()}", "acronym": ""},
                ]
            )  # fmt: skip
        self.set(model, row.pk, change)

    def set(self, model, pk: int, change: dict) -> None:
        way = self.random.choice(["save", "update", "sql"])
        if way == "save":
            row = model.objects.get(pk=pk)
            for name, value in change.items():
                setattr(row, name, value)
            row.save()
        elif way == "update":
            model.objects.filter(pk=pk).update(**change)
        else:
            columns = ", ".join(f'"{model._meta.get_field(name).column}" = %s' for name in change)
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE {model._meta.db_table} SET {columns} WHERE id = %s", [*change.values(), pk])

    def around(self) -> list[date]:
        return [day + timedelta(days=step) for day in (TODAY, *filter(None, DAYS)) for step in (-1, 0, 1)]

    def next(self) -> int:
        self.number += 1
        return self.number

    def text(self) -> None:
        """What no list shows."""
        model = self.random.choice([Organisation, Project, Cluster])
        if row := self.one(model):
            self.set(model, row.pk, {"website": f"https://{self.next()}.example/"})

    def owned(self) -> None:
        """Something is added to an organisation, a project or a cluster."""
        random, organisation, project, cluster = self.random, *map(self.one, (Organisation, Project, Cluster))
        if not (organisation and project and cluster):
            return
        joined = random.choice([None, *self.around()])
        random.choice(
            [
                lambda: Site.objects.bulk_create([Site(organisation=organisation, department=self.one(Department))]),
                lambda: Membership.objects.create(
                    organisation=organisation,
                    cluster=cluster,
                    joined_on=joined,
                    left_on=random.choice([None, max(filter(None, (joined, random.choice(self.around()))))]),
                ),
                lambda: organisation.names.create(name=f"Autre {self.next()}"),
                lambda: organisation.contacts.create(name="Zoé", agreed_on=random.choice([None, TODAY])),
                lambda: Participation.objects.create(organisation=organisation, project=project),
                lambda: ProjectLabel.objects.create(
                    project=project, cluster=cluster, role="co", date=random.choice(self.around())
                ),
                lambda: Funding.objects.create(
                    project=project,
                    programme=self.one(Programme),
                    date=random.choice(self.around()),
                    amount=random.choice([None, Decimal("12.34")]),
                ),
                lambda: cluster.names.create(name=f"Ancien {self.next()}"),
                lambda: Succession.objects.create(predecessor=cluster, successor=self.one(Cluster), kind="merger"),
            ]
        )()

    def move(self) -> None:
        """Something is given to another owner, which both of them must notice."""
        model = self.random.choice(OWNED)
        owner = model._meta.get_field(self.random.choice([f.name for f in model._meta.fields if f.many_to_one]))
        row, target = self.one(model), self.one(owner.related_model)
        if row and target:
            self.set(model, row.pk, {owner.attname: target.pk})

    def remove(self) -> None:
        model = self.random.choice([*OWNED, Succession, Project])
        if row := self.one(model):
            row.delete()

    def links(self) -> None:
        row = self.one(self.random.choice([Organisation, Project, Cluster]))
        if row:
            row.themes.set(self.random.sample(list(Theme.objects.all()), self.random.choice([0, 1, 3])))

    def words(self) -> None:
        """A value is renamed, or put elsewhere."""
        random = self.random
        region, theme = self.one(Region), Theme.objects.exclude(parent=None).order_by("?").first()
        random.choice(
            [
                lambda: self.set(Region, region.pk, {"name": f"{random.choice('az')} {self.next()}"}),
                lambda: self.set(Theme, theme.pk, {"name_fr": f"{random.choice('az')} {self.next()}"}),
                lambda: self.set(Theme, theme.pk, {"parent_id": random.choice(Theme.objects.domains()).pk}),
                lambda: self.set(Department, self.one(Department).pk, {"region_id": region.pk}),
                lambda: self.set(Programme, self.one(Programme).pk, {"acronym": f"{random.choice('az')}{self.next()}"}),
                lambda: self.set(Cluster, self.one(Cluster).pk, {"acronym": f"{random.choice('az')}{self.next()}"}),
            ]
        )()

    def many(self) -> None:
        """One statement for many rows, or for none."""
        random = self.random
        random.choice(
            [
                lambda: Organisation.objects.filter(pk__in=[]).update(national=True),
                lambda: Organisation.objects.filter(kind="company").update(size=random.choice(["", "sme"])),
                lambda: Membership.objects.filter(left_on=None).update(joined_on=date(2015, 6, 30)),
                lambda: Project.objects.filter(start=None).update(end=random.choice([None, TODAY])),
                lambda: ProjectLabel.objects.filter(date__lt=some_day(random)).update(date=some_day(random)),
            ]
        )()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("most", [500, 3], ids=["row by row", "few keys at once"])
def test_after_any_edits_an_index_says_what_one_just_loaded_says(net, monkeypatch, seed, most):
    """Two processes that look at different moments, for today and other days."""
    monkeypatch.setattr("cluster_portal.facets.index.MANY_KEYS", most)
    monkeypatch.setattr("cluster_portal.facets.columns.MANY_FIXES", 7)
    editor, random = Editor(seed), Random(seed)
    processes = [[FacetIndex(reading, log) for reading in READINGS] for log in (ChangeLog(), ChangeLog())]
    for _ in range(ROUNDS):
        done = [editor.edit() for _ in range(random.choice([1, 1, 2, 5]))]
        for process in processes:
            if random.random() < 0.6:
                day = random.choice(DAYS)
                for index in process:
                    fresh = answers(FacetIndex(index.reading, ChangeLog()), day)
                    found = answers(index, day)
                    for name, expected in fresh.items():
                        assert found[name] == expected, (index.reading.__name__, name, day, done)
