"""Making the network, replacing it, and knowing which one is there."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from random import Random

from django.db import IntegrityError, connection, models, transaction

from members.models import FormerSlug, Organisation

from . import loading
from .ground import Ground, GroundMissing
from .organisations import Organisations
from .progress import Progress

SEED = 2005
TODAY = date(2026, 11, 1)
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
    return Organisation.objects.filter(is_demo=False).exists()


def make(recipe: Recipe, *, replace: bool = False, stream=None) -> dict[str, int]:
    """Write the network, all of it or nothing; the number of rows of each kind."""
    with transaction.atomic():
        loading.lock([Organisation])
        if has_members_of_its_own():
            raise Refused(
                "This database holds members that the demo did not make. The invented network is only "
                "written into a database without members: use another database, or remove them first."
            )
        with loading.without_document_triggers():
            if replace:
                remove()
            made = _make_members(recipe, stream)
        with connection.cursor() as cursor:
            # a comment takes no parameters; the mark is ours, digits and dates
            cursor.execute(f"COMMENT ON TABLE {loading.table_name(Organisation)} IS '{recipe.mark()}'")
    if connection.in_atomic_block:  # within somebody's transaction, as in tests: no vacuum there
        return made
    loading.vacuum(loading.MEMBER_TABLES.values())
    return made


def _make_members(recipe: Recipe, stream) -> dict[str, int]:
    try:
        ground = Ground(Random(f"{recipe.seed}/ground"))
    except GroundMissing as missing:
        raise Refused("There are no clusters, themes or departments yet: run load_reference first.") from missing
    first_id = loading.first_free_id(Organisation)
    organisations = Organisations(
        Random(f"{recipe.seed}/organisations"), ground, scale=recipe.scale, today=recipe.today, first_id=first_id
    )
    progress = Progress("Organisations", organisations.total, stream)
    documents = Progress("Search", organisations.total, stream)
    for batch in organisations.batches():
        loading.copy_batch(loading.MEMBER_TABLES, batch)
        progress(len(batch.organisations))
    progress.finish()
    loading.write_search_documents(first_id, organisations.total, documents)
    documents.finish()
    loading.continue_ids_after_the_highest(Organisation)
    return {kind: count for kind, count in organisations.plan}


def remove() -> None:
    """Every demo row and what hangs on it; what staff tied to real rows stands in the way and is named."""
    demo = Organisation.objects.filter(is_demo=True)
    try:
        for relation in Organisation._meta.related_objects:
            _unhook(relation)
        for field in Organisation._meta.many_to_many:
            through = field.remote_field.through._base_manager
            through.filter(**{f"{field.m2m_field_name()}__is_demo": True})._raw_delete(using="default")
        FormerSlug.objects.filter(model="organisation", object_id__in=demo.values("pk")).delete()
        demo._raw_delete(using="default")
    except IntegrityError as error:
        raise Refused(f"Something that is not part of the demo refers to it: {error}") from error


def _unhook(relation) -> None:
    if relation.many_to_many or relation.on_delete is models.PROTECT:
        return
    rows = relation.related_model._base_manager.filter(**{f"{relation.field.name}__is_demo": True})
    if relation.on_delete is models.CASCADE:
        rows._raw_delete(using="default")
    else:
        rows.update(**{relation.field.name: None})
