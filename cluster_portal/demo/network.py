"""Making the network, replacing it, and knowing which one is there."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from random import Random
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, models, transaction

from cluster_portal.history.change_sets import unrecorded
from cluster_portal.history.reading import sources_of
from cluster_portal.models import FormerSlug
from members.models import Organisation
from projects.models import Project

from . import loading
from .ground import Ground, GroundMissing
from .organisations import Organisations
from .progress import Progress
from .projects import ProgrammesMissing, Projects
from .rarities import Rarities

SEED = 2005
TODAY = date(2026, 11, 1)
Batch = TypeVar("Batch")
MARK = "demo network: "  # begins the comment on the table of organisations that says which network it holds


class Refused(Exception):
    """The database is not one to write an invented network into; the message says why and what to do."""


@dataclass(frozen=True)
class Recipe:
    """All that a network follows from."""

    seed: int = SEED
    scale: float = 1.0
    today: date = TODAY

    def __str__(self):
        return f"seed {self.seed}, scale {self.scale:g}, as of {self.today}"

    def mark(self) -> str:
        return MARK + json.dumps(asdict(self) | {"today": self.today.isoformat()}, sort_keys=True)


def recipe_in_database() -> Recipe | None:
    """What the demo network in the database was made from; nothing when there is none."""
    if not Organisation.objects.filter(is_demo=True).exists():
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(%s::regclass)", [Organisation._meta.db_table])
        comment = cursor.fetchone()[0] or ""
    if not comment.startswith(MARK):
        return None
    found = json.loads(comment.removeprefix(MARK))
    return Recipe(found["seed"], found["scale"], date.fromisoformat(found["today"]))


def has_demo() -> bool:
    return Organisation.objects.filter(is_demo=True).exists()


def has_members_of_its_own() -> bool:
    """Organisations or projects that somebody entered or imported."""
    return Organisation.objects.filter(is_demo=False).exists() or Project.objects.filter(is_demo=False).exists()


def make(recipe: Recipe, *, replace: bool = False, stream=None) -> dict[str, int]:
    """Write the network, all of it or nothing; the number of rows of each kind."""
    with transaction.atomic(), loading.alone_with(Organisation, Project):
        if has_members_of_its_own():
            raise Refused(
                "This database holds members or projects that the demo did not make. The invented network is only "
                "written into a database without any: use another database, or remove them first."
            )
        with loading.without_document_triggers(), unrecorded():
            if replace:
                remove()
            made = _write(recipe, stream)
        with connection.cursor() as cursor:
            # a comment takes no parameters; the mark is ours, digits and dates
            cursor.execute(f"COMMENT ON TABLE {loading.table_name(Organisation)} IS '{recipe.mark()}'")
    if not connection.in_atomic_block:  # within somebody's transaction, as in tests, there is no vacuum
        loading.vacuum()
    return made


def _write(recipe: Recipe, stream) -> dict[str, int]:
    try:
        ground = Ground(Random(f"{recipe.seed}/ground"))
        organisations = Organisations(
            Random(f"{recipe.seed}/organisations"), ground, Rarities(Random(f"{recipe.seed}/rarities")),
            scale=recipe.scale, today=recipe.today, first_id=loading.first_free_id(Organisation),
        )  # fmt: skip
        _copy(organisations, Organisation, "Organisations", loading.MEMBER_TABLES, stream)
        projects = Projects(
            Random(f"{recipe.seed}/projects"), ground, organisations.register,
            scale=recipe.scale, today=recipe.today, first_id=loading.first_free_id(Project),
        )  # fmt: skip
    except (GroundMissing, ProgrammesMissing) as missing:
        raise Refused("There are no clusters, themes or programmes yet: run load_reference first.") from missing
    _copy(projects, Project, "Projects", loading.PROJECT_TABLES, stream)
    return dict(organisations.plan) | {"project": projects.total}


def _copy(source, model, title: str, tables: dict[str, loading.Table], stream) -> None:
    """All the batches of a source, then what searches find them by."""
    first_id = source.next_id
    copied, documents = Progress(title, source.total, stream), Progress(f"{title}: search", source.total, stream)
    for batch in one_ahead(source.batches()):
        copied(loading.copy_batch(tables, batch))
    copied.finish()
    source.slugs.taken.clear()
    loading.continue_ids_after_the_highest(model)
    loading.write_documents(model, first_id, source.total, documents)
    documents.finish()


def one_ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """The same batches, each invented while the server takes the one before: it has a processor of its own."""
    with ThreadPoolExecutor(1) as inventor:
        coming = inventor.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = inventor.submit(next, batches, None)
            yield batch


def remove() -> None:
    """Every demo row and what hangs on it; what staff tied to real rows stands in the way and is named."""
    try:
        for model, kind in ((Project, "project"), (Organisation, "organisation")):
            demo = model.objects.filter(is_demo=True)
            _forget(model)
            for relation in model._meta.related_objects:
                _unhook(relation)
            for field in model._meta.many_to_many:
                through = field.remote_field.through._base_manager
                through.filter(**{f"{field.m2m_field_name()}__is_demo": True})._raw_delete(using=DEFAULT_DB_ALIAS)
            FormerSlug.objects.filter(model=kind, object_id__in=demo.values("pk")).delete()
            demo._raw_delete(using=DEFAULT_DB_ALIAS)
    except IntegrityError as error:
        raise Refused(f"Something that is not part of the demo refers to it: {error}") from error


def _forget(model) -> None:
    """What staff did to the rows goes with them: the next network has the same numbers."""
    with connection.cursor() as cursor:
        for tracked, columns in sources_of(model):
            for column in columns:
                cursor.execute(
                    f"DELETE FROM {tracked.table} WHERE {column} IN"
                    f" (SELECT id FROM {loading.table_name(model)} WHERE is_demo)"
                )


def _unhook(relation) -> None:
    if relation.many_to_many or relation.on_delete is models.PROTECT:
        return
    rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__is_demo": True})
    if relation.on_delete is models.CASCADE:
        rows._raw_delete(using=DEFAULT_DB_ALIAS)
    else:
        rows.update(**{relation.field.name: None})
