"""Whatever a process keeps for speed, its pages are those of a process that has just been started."""

import functools
import gc
from collections.abc import Iterator

import pytest
from django.db import connection, models
from django.test import Client

from cluster_portal.facets import FacetIndex
from cluster_portal.records.phones import PhoneField
from tests.every_page import ask, public_paths
from tests.ours import PACKAGES
from tests.planting import Cast, forget_cast, make_cast, own_tables

pytestmark = pytest.mark.django_db
AT_LEAST = 20  # letters; a text with less room is a code
NEW = " quorvexé"  # what no page says


@pytest.fixture
def cast(transactional_db) -> Iterator[Cast]:
    """Committed, for nothing is kept of what a transaction may yet take back."""
    forget_cast()  # whatever a test before this one left
    yield make_cast()
    forget_cast()


def start_anew() -> int:
    """Forget everything that our code keeps in the process; how many places there were."""
    found = [
        kept
        for kept in gc.get_objects()
        if type(kept) is functools._lru_cache_wrapper and str(kept.__module__).startswith(PACKAGES)
    ]
    for kept in found:
        kept.cache_clear()
    indexes = [index for index in gc.get_objects() if type(index) is FacetIndex]
    for index in indexes:
        index.forget()
    return len(found) + len(indexes)


def change_every_text() -> None:
    """In the database, past Django: each name and each text gets another end."""
    with connection.cursor() as cursor:
        for table in own_tables():
            for column in table._meta.concrete_fields:
                if getattr(column, "generated", False) or column.choices or column.primary_key:
                    continue
                if isinstance(
                    column, (models.SlugField, models.URLField, models.EmailField, models.FileField, PhoneField)
                ):
                    continue
                room = column.max_length if isinstance(column, models.CharField) else 10_000
                if isinstance(column, (models.CharField, models.TextField)) and room >= AT_LEAST:
                    name = connection.ops.quote_name(column.column)
                    cursor.execute(
                        f"UPDATE {table._meta.db_table} SET {name} = left({name}, %s) || %s WHERE {name} <> ''",
                        [room - len(NEW), NEW],
                    )


def walk(cast: Cast) -> dict[str, str]:
    client = Client()
    return {path: ask(client, path) for path in public_paths(cast.everything())}


def test_after_a_change_of_every_text_no_page_holds_an_old_one(cast, settings):
    settings.KEPT_PAGES_MB = 16
    before = walk(cast)
    change_every_text()
    after = walk(cast)
    assert start_anew() > 10
    settings.KEPT_PAGES_MB = 0
    fresh = walk(cast)
    assert [path for path in fresh if fresh[path] != after[path]] == []
    assert sum(NEW.strip() in text for text in after.values()) > 0.8 * len(after)
    assert not [path for path, text in before.items() if NEW.strip() in text]
