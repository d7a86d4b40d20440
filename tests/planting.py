"""Rows of every table that knows organisations, clusters or projects, found in the models: unpublished ones,
and published ones to which they are tied in every way that there is.

A relation that is added to the models is planted by itself.
"""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from django.apps import apps
from django.db import connection, models

from cluster_portal.models import OutgoingMail, Page
from cluster_portal.records.publication import Publication
from contributions.fields import known_fields
from contributions.models import ChangeProposal, InternalNote, ProposalMessage, SavedAnswer
from contributions.models.proposals import ProposalKind as Kind
from members.models import Cluster, Department, Organisation, Region, Theme
from projects.models import Funder, Outcome, Programme, Project
from tests.ours import LABELS
from tests.small_network import TABLES

HIDDEN = ("draft", "in_review", "archived", "refused")
NAME, SHOWN = "Quorvexdraft", "Zyblor"
# what a field holds besides the telltale name, wherever it is; official numbers can hold none
NUMBERS = ("siren", "siret", "rnsr_id", "uai_code", "ror_id", "naf_code")
VALUES = {
    "agreed_on": date(2020, 5, 1),
    "closed_on": None,
    "department": lambda: Department.objects.first(),
    "funder": lambda: Funder.objects.first(),
    "head_office": True,
    "joined_on": date(2020, 5, 1),
    "label": "UMR",
    "latitude": Decimal("47.5"),
    "longitude": Decimal("2.5"),
    "number": "90001",
    "phone": "+33199001234",
    "postcode": "99999",
    "precision": "city",
    "public_funding": Decimal(400_000),
    "start": date(2020, 5, 1),
    "total_cost": Decimal(1_000_000),
    "value": "552100554",  # of a figure, and a SIREN
    "verified_on": date(2020, 5, 1),
    **dict.fromkeys(NUMBERS, ""),
}
DERIVED = {"SearchDocument", "ProjectDocument"}  # written by triggers
OF_STAFF = {
    "ChangeProposal",
    "ProposalMessage",
    "RelayedMessage",
    "OutgoingMail",
    "Notice",
    "NoticeChoice",
    "SavedAnswer",
    "Correspondence",
    "SignedLink",
    "NoMoreMail",
    "ContactExport",
    "Invitation",
    "MatchCandidate",
    "RoleAssignment",
    "InternalNote",
    "ListAlert",
    "QualitySnapshot",
    "WebsiteCheck",
    "RegisterCheck",
    "Erasure",
}  # no public page tells who works where


def publications() -> list[type[Publication]]:
    return [model for model in own_tables() if issubclass(model, Publication)]


def own_tables() -> list[type[models.Model]]:
    """The models that have a table of their own, many-to-many links among them; not the events of their history."""
    found = [model for app in LABELS for model in apps.get_app_config(app).get_models(include_auto_created=True)]
    return [
        model
        for model in found
        if not (model._meta.proxy or model.__name__ in DERIVED | OF_STAFF or hasattr(model, "pgh_tracked_model"))
    ]


def ends_of(table) -> list[models.ForeignKey]:
    """What ties a row of the table to an organisation, a cluster or a project."""
    known = publications()
    return [
        field
        for field in table._meta.concrete_fields
        if field.many_to_one
        and field.related_model._meta.concrete_model in known
        and field.name != "merged_into"  # which makes an archived row of any: tests/test_merge.py
    ]


def plant(model, name: str, last_choice: bool = False, **given):
    """A row with the name in every text that can hold it; of choices the first (or the last) one."""
    values = dict(given)
    for field in model._meta.concrete_fields:
        if field.name in values or field.primary_key or getattr(field, "generated", False):
            continue
        if field.name in VALUES:
            known = VALUES[field.name]
            values[field.name] = known() if callable(known) else known
        elif field.many_to_one:
            if not field.null:
                values[field.name] = field.related_model.objects.first()
        elif field.choices:
            if not field.blank:
                values[field.name] = field.choices[-1 if last_choice else 0][0]
        elif isinstance(field, models.DateField) and not field.null and not field.has_default():
            if not field.has_db_default():
                values[field.name] = date(2020, 5, 1)
        elif isinstance(field, models.DecimalField) and not field.null:
            values[field.name] = Decimal(7)
        elif (text := _text(field, name)) is not None:
            values[field.name] = text
    return model.objects.create(**values)


def _text(field, name: str) -> str | None:
    slug = name.lower().replace(" ", "-")
    if isinstance(field, models.SlugField):
        return slug
    if isinstance(field, models.URLField):
        return f"https://{slug}.example/"
    if isinstance(field, models.EmailField):
        return f"bureau@{slug}.example"
    if isinstance(field, models.FileField):
        return f"logos/{slug}.png"
    if isinstance(field, models.TextField):
        return f"{name}: un texte."
    if isinstance(field, models.CharField) and len(name) <= field.max_length:
        return name
    return None


def tying_tables() -> list[type[models.Model]]:
    """The tables a row of which ties two of them, without their own columns."""
    return [t for t in own_tables() if not issubclass(t, Publication) and len(ends_of(t)) > 1]


def tie(table, name: str, ends: dict[str, models.Model], **options) -> None:
    if table._meta.auto_created:
        table.objects.create(**ends)
    else:
        plant(table, name, **ends, **options)


def at_one_end(table, column: str, thing, others: dict) -> dict[str, models.Model]:
    """The thing in that column, and in each other one of the others, by model."""
    return {end.name: thing if end.name == column else others[model_of(end)] for end in ends_of(table)}


def model_of(end: models.ForeignKey) -> type[models.Model]:
    return end.related_model._meta.concrete_model


def give_what_it_owns(thing, name: str) -> None:
    """A row in every table that knows of this object and no other of its like, and the themes and places."""
    for table in own_tables():
        ends = [end for end in ends_of(table) if isinstance(thing, end.related_model)]
        if issubclass(table, Publication) or len(ends_of(table)) != 1 or not ends:
            continue
        if table._meta.auto_created:
            other = next(f for f in table._meta.concrete_fields if f.many_to_one and f is not ends[0])
            for one in other.related_model.objects.all():
                table.objects.create(**{ends[0].name: thing, other.name: one})
        else:
            plant(table, name, **{ends[0].name: thing})


def make_vocabulary() -> list:
    """Places, themes and programmes: what is public whoever uses it."""
    region = Region.objects.create(name="Armor", slug="armor", insee_code="01", shape_code="FR-BRE")
    Department.objects.create(name="Armor nord", slug="armor-nord", insee_code="01N", region=region)
    energy = Theme.objects.create(name_fr="Énergie", name_en="Energy", slug="energy", focus=True)
    finer = Theme.objects.create(name_fr="Hydrogène", name_en="Hydrogen", slug="hydrogen", parent=energy)
    funder = Funder.objects.create(name_fr="État", slug="etat", level="state")
    Programme.objects.create(name_fr="Fonds unique", acronym="FUI", slug="fui", funder=funder)
    return [region, energy, finer]


# The cast --------------------------------------------------------------------------------------------


@dataclasses.dataclass
class Cast:
    """For each state an unpublished object of each kind, and a published one to which it is tied."""

    places: list[models.Model]
    shown: dict[str, dict[type, Publication]] = dataclasses.field(default_factory=dict)
    hidden: dict[str, dict[type, Publication]] = dataclasses.field(default_factory=dict)
    closed: dict[str, Organisation] = dataclasses.field(default_factory=dict)

    def everything(self) -> list[models.Model]:
        sets = [*self.shown.values(), *self.hidden.values()]
        return [*self.places, *(one for of_kind in sets for one in of_kind.values()), *self.closed.values()]


def name_of(word: str, status: str, model: type[models.Model]) -> str:
    return f"{word} {HIDDEN.index(status)}{model.__name__[0]}"


def slugs_of(word: str) -> list[str]:
    return [name_of(word, status, model).lower().replace(" ", "-") for status in HIDDEN for model in publications()]


def make_cast() -> Cast:
    """The published ones, each set of three tied among itself."""
    for key in ("what-is-a-cluster", "legal", "accessibility", "definitions"):
        Page.objects.create(key=key, title_fr=key, body_fr="Un texte.")
    cast = Cast(make_vocabulary())
    for status in HIDDEN:
        cast.shown[status] = chosen = {}
        for model in publications():
            name = name_of(SHOWN, status, model)
            # A laboratory names the bodies that supervise it; and a word of its text is to be offered for a
            # misspelt one, though that of a draft is nearer.
            lab = {"kind": "laboratory", "description_en": "A quorvexdrabd."}
            values = lab if model is Organisation else {}
            chosen[model] = plant(model, name, status="published", **values)
            give_what_it_owns(chosen[model], name)
        for table in tying_tables():
            ends = {end.name: chosen[model_of(end)] for end in ends_of(table)}
            if len(set(ends.values())) == len(ends):
                tie(table, SHOWN, ends, last_choice=True)
        # a closed one names who took it over
        cast.closed[status] = plant(
            Organisation, f"{SHOWN} closed {status}", status="published", closed_on=date(2020, 1, 1)
        )
    return cast


def hide(cast: Cast) -> None:
    """The unpublished ones, tied to the published ones, and the archived to the drafts, by every relation."""
    for status in HIDDEN:
        cast.hidden[status] = {}
        for model in publications():
            name = name_of(NAME, status, model)
            cast.hidden[status][model] = plant(model, name, status=status)
            give_what_it_owns(cast.hidden[status][model], name)
    with circles_allowed():
        for status in HIDDEN:
            tie_all(cast.hidden[status], cast.shown[status])
            Organisation.objects.filter(pk=cast.closed[status].pk).update(successor=cast.hidden[status][Organisation])
        tie_all(cast.hidden["draft"], cast.hidden["archived"], last_choice=True)
    propose_to(cast.shown["draft"])


def propose_to(shown: dict[type, Publication]) -> None:
    """What people send in about published ones, in each state, and what staff note of them."""
    organisation, cluster, project = shown[Organisation], shown[Cluster], shown[Project]
    abouts = [
        (Kind.CORRECTION, {"organisation": organisation}),
        (Kind.CORRECTION, {"cluster": cluster}),
        (Kind.CORRECTION, {"project": project}),
        (Kind.REPORT, {"organisation": organisation}),
        (Kind.JOIN, {"cluster": cluster}),
        (Kind.JOIN, {"cluster": cluster, "organisation": organisation}),
        (Kind.PROJECT, {"cluster": cluster}),
        (Kind.PROJECT, {"project": project}),
    ]
    for kind, about in abouts:
        known = {"join": Organisation, "project": Project if "cluster" in about else Outcome}.get(kind)
        names = known_fields(known or type(next(iter(about.values()))))
        for state in ChangeProposal.State:
            said = {"values": dict.fromkeys(names, NAME), "based_on": {}, "decisions": {}, "kind": kind, "state": state}
            digest = f"{NAME}{kind}{state}{sorted(about)}"
            proposal = plant(ChangeProposal, NAME, **said, **about, fingerprint=digest, reason=NAME, change_set=None)
        plant(ProposalMessage, NAME, proposal=proposal, from_staff=True)
    for name, one in {"organisation": organisation, "about": cluster, "project": project}.items():
        plant(InternalNote, NAME, **{name: one})
    plant(SavedAnswer, NAME, cluster=cluster)
    plant(OutgoingMail, NAME, to="x@y.fr", headers={})


@contextmanager
def circles_allowed() -> Iterator[None]:
    """Each is tied to each, so that all would name one another: no triggers against it meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(r"SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%\_in\_circle'")
        triggers = cursor.fetchall()
        for table, name in triggers:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table that something waits for is not altered
        for table, name in triggers:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def tie_all(ones: dict[type, Publication], others: dict[type, Publication], **options) -> None:
    """By every relation, in both directions."""
    for model, one in ones.items():
        for table in tying_tables():
            for end in ends_of(table):
                if model_of(end) is model:
                    tie(table, NAME, at_one_end(table, end.name, one, others), **options)
        for end in ends_of(model):
            model.objects.filter(pk=one.pk).update(**{end.name: others[model_of(end)]})
            model.objects.filter(pk=others[model].pk).update(**{end.name: ones[model_of(end)]})


def forget_cast() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)}, portal_page, portal_outgoingmail CASCADE")
