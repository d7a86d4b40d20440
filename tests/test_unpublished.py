"""What is not published is named nowhere, and changes nothing that anybody can see."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import parse_qsl, quote_plus

import pytest
from django.apps import apps
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from members.listings import MemberListing
from projects.listings import ProjectListing
from tests.every_page import ask, public_paths, route_of
from tests.planting import (
    NAME,
    SHOWN,
    Cast,
    ends_of,
    forget_cast,
    hide,
    make_cast,
    model_of,
    name_of,
    publications,
    slugs_of,
    tying_tables,
)

pytestmark = pytest.mark.django_db

# What a visitor may ask of a page that reads these parameters; of any other, the slugs of the cast are asked.
ASKED = {
    "q": ["quorv", "quorvexdrafd", "quorvexdraft", "quorvexdraft+0o", "un+texte"],
    "on": ["2021-06-30", "2099-01-01"],
    "sort": sorted({order for listing in (MemberListing, ProjectListing) for order, _label in listing.orders}),
    "format": ["csv", "csv&on=2021-06-30", "csv&table=projects-by-year", "csv&table=members-by-year"],
    "former": ["1"],
    "of": ["projects"],
    "page": ["2"],
    "kind": ["company"],
    "region": ["armor"],
}


# The walk ----------------------------------------------------------------------------------------------


@contextmanager
def parameters_read() -> Iterator[dict[str, set[str]]]:
    """The names that a page looks for in its query string, by the way it does."""
    read: dict[str, set[str]] = {"get": set(), "getlist": set(), "__getitem__": set(), "__contains__": set()}

    def noting(way):
        method = getattr(QueryDict, way)

        def noted(self, name, *args):
            read[way].add(name)
            return method(self, name, *args)

        return noted

    with pytest.MonkeyPatch.context() as patch:
        for way in read:
            patch.setattr(QueryDict, way, noting(way))
        yield read


def queries(read: dict[str, set[str]]) -> Iterator[str]:
    slugs = slugs_of(NAME) + slugs_of(SHOWN)
    for name in sorted(set().union(*read.values())):
        if name in ASKED:
            yield from (f"{name}={value}" for value in ASKED[name])
        elif name in read["getlist"]:
            yield "&".join(f"{name}={slug}" for slug in slugs)
        else:
            yield from (f"{name}={slug}" for slug in slugs)


def walk(paths: list[str]) -> dict[str, str]:
    """Every answer by its address; one page of each kind is asked for all that it reads of its query string."""
    client, answers, known = Client(), {}, set()
    for path in paths:
        with parameters_read() as read:
            answers[path] = ask(client, path)
        if (route := route_of(path)) not in known and answers[path].startswith("200"):
            known.add(route)
            for query in queries(read):
                answers[f"{path}?{query}"] = ask(client, f"{path}?{query}")
    return answers


@pytest.fixture(scope="module")
def cast_and_walks(django_db_setup, django_db_blocker):
    """Committed, so that the facet indexes are used as in service; taken away after."""
    with django_db_blocker.unblock():
        cast = make_cast()
        before = walk(public_paths(cast.everything(), ["en"]))
        hide(cast)
        yield cast, before, walk(public_paths(cast.everything()))
        forget_cast()


@pytest.fixture
def walks(cast_and_walks):
    """What a visitor reads without the unpublished objects (in English), and with them (in each language)."""
    return cast_and_walks[1:]


@pytest.fixture
def cast(cast_and_walks):
    return cast_and_walks[0]


# What must not be seen ----------------------------------------------------------------------------------


LINEAGE = {"/clusters/": "c", f"{SHOWN.lower()}-2c/": "c", f"{SHOWN.lower()}-closed-archived/": "o"}


def may_be_named(address: str) -> set[str]:
    """An archived one has a notice of its own; and what followed or went before may be history by now."""
    path = address.partition("?")[0]
    names = {name_of(NAME, "archived", model).lower() for model in publications()}
    of_kind = {name[-1] for name in names if name.replace(" ", "-") in path}
    of_kind |= {kind for end, kind in LINEAGE.items() if path.endswith(end)}
    return {spelt for name in names if name[-1] in of_kind for spelt in (name, name.replace(" ", "-"))}


def without_echo(address: str, text: str) -> str:
    """The text without the values that were asked for, which a page repeats."""
    for _name, value in parse_qsl(address.partition("?")[2]):
        text = text.replace(value, "").replace(quote_plus(value), "")
    return text


def names_in(text: str) -> set[str]:
    return set(re.findall(rf"{NAME}(?:[ -]\d\w)?", text, re.IGNORECASE))


def test_what_is_not_published_is_named_nowhere(walks):
    _before, after = walks
    named = {
        address: found
        for address, text in after.items()
        if (found := {name.lower() for name in names_in(without_echo(address, text))} - may_be_named(address))
    }
    assert named == {}


def test_what_is_not_published_changes_nothing_that_anybody_can_see(walks):
    """Not a count, a sum, a distance, an order, a spelling offered."""
    before, after = walks
    assert [address for address in before if before[address] != after[address] and not may_be_named(address)] == []


def test_the_pages_of_drafts_are_not_found(walks):
    _before, after = walks
    for status in ("draft", "in_review", "refused"):
        for model in publications():
            slug = name_of(NAME, status, model).lower().replace(" ", "-")
            answers = [text for address, text in after.items() if f"/{slug}/" in address]
            assert len(answers) >= 2 and all(text.startswith("404") for text in answers), slug


# Whether it would be seen -------------------------------------------------------------------------------

# Ties of which the page at the published end says nothing, whatever the other is.
SAID_NOWHERE = {
    "Organisation.successor": "nobody lists whom it took over",
    "Organisation.verified_by": "a cluster does not list what it verified",
    "Organisation.lead_cluster": "who keeps a page is told to staff alone",
    "published Organisation.lead_cluster": "who keeps a page is told to staff alone",
    "ContactPerson.organisation": "a cluster does not list whom it knows",
    "ContactPerson.cluster": "whose contact somebody is, is told to staff alone",
}


def relations(cast: Cast, status: str):
    """Each relation: what it is called, the unpublished end, the published one, and how to undo it."""
    hidden, shown = cast.hidden[status], cast.shown[status]
    for table in tying_tables():
        for end in ends_of(table):
            one, other = hidden[model_of(end)], next(e for e in ends_of(table) if e is not end)
            rows = table.objects.filter(**{end.name: one})
            yield f"{table.__name__}.{end.name}", one, shown[model_of(other)], rows.delete
    for model in publications():
        for end in ends_of(model):
            rows, of_shown = (
                model.objects.filter(pk=hidden[model].pk),
                model.objects.filter(**{end.name: hidden[model_of(end)]}),
            )
            cut = {end.name: None}
            yield f"{model.__name__}.{end.name}", hidden[model], shown[model_of(end)], partial(rows.update, **cut)
            holder = cast.closed[status] if end.name == "successor" else shown[model]
            yield (
                f"published {model.__name__}.{end.name}",
                hidden[model_of(end)],
                holder,
                partial(of_shown.update, **cut),
            )


def test_every_relation_would_be_seen_if_it_were_published(cast, client):
    """Else the tests above look where nothing can be."""
    known = list(relations(cast, "in_review"))
    assert len(known) >= 14
    for model in publications():
        model.objects.filter(status="in_review").update(status="published")
        for table in apps.get_models(include_auto_created=True):
            if table.__name__.endswith("_themes"):
                table.objects.all().delete()  # or each would be named as one that resembles the other
    unseen = set()
    for name, one, other, _undo in known:
        with transaction.atomic():
            for other_name, _one, _other, undo in known:
                if other_name != name:
                    undo()
            if str(one) not in client.get(other.get_absolute_url()).content.decode():
                unseen.add(name)
            transaction.set_rollback(True)
    assert unseen == set(SAID_NOWHERE)
