"""``manage.py demo``: the same again for the same seed, all or nothing, and never beside anything real."""

import io
import os
import stat
import subprocess
import sys

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from cluster_portal.demo import loading, network
from cluster_portal.models import FormerSlug
from members.models import Cluster, Organisation, SearchDocument, Theme
from projects.models import Project, ProjectDocument
from tests.demo_network import demo, digest


@pytest.fixture(scope="module")
def reference(django_db_setup, django_db_blocker):
    """The reference data, for all the tests here, in a transaction that is undone at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference", stdout=io.StringIO(), verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def real(reference, db):
    """The real clusters, without any member."""


@pytest.fixture
def invented(real):
    """The network on top of them."""
    demo()


def test_running_it_twice_changes_nothing(invented):
    before = digest()
    assert "nothing to do" in demo()
    assert digest() == before


def test_the_same_seed_makes_the_same_network_byte_for_byte(real):
    digests = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            demo(seed=seed, scale=0.01)
            digests.append(digest())
            transaction.set_rollback(True)
    assert digests[0] == digests[1] != digests[2]


def test_words_do_not_depend_on_the_hash_seed():
    program = (
        "from random import Random; from cluster_portal.demo import names, words; rng = Random(3)\n"
        "print([names.company(rng, field) for field in words.fields() for _ in range(9)])"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


def test_members_of_its_own_keep_the_demo_out_of_a_database(real):
    Organisation.objects.create(kind="company", name="Réelle", slug="reelle", status="published")
    for options in ({}, {"replace": True}):
        with pytest.raises(CommandError, match="did not make"):
            demo(**options)
    assert Organisation.objects.count() == 1


def test_another_scale_is_refused_until_it_may_replace(invented):
    with pytest.raises(CommandError, match="--replace"):
        demo(scale=0.01)
    slug = Organisation.objects.filter(kind="company").earliest("pk").slug
    Organisation.objects.filter(slug=slug).update(slug="renamed")
    assert FormerSlug.objects.filter(slug=slug).exists()
    demo(scale=0.01, replace=True)
    assert Organisation.objects.filter(kind="company").count() == 140
    assert Project.objects.count() == 120
    assert SearchDocument.objects.count() == Organisation.objects.count()
    assert not FormerSlug.objects.exists()


def test_without_clusters_it_says_what_to_run(real):
    Cluster.objects.all().delete()
    with pytest.raises(CommandError, match="load_reference"):
        demo()


def test_an_interruption_leaves_nothing_behind(real, monkeypatch):
    copied = loading.copy_batch

    def interrupted(tables, batch):
        if tables is loading.PROJECT_TABLES:
            raise KeyboardInterrupt
        return copied(tables, batch)

    monkeypatch.setattr(loading, "copy_batch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        demo(scale=0.01)
    assert not Organisation.objects.exists()
    assert not SearchDocument.objects.exists()
    assert network.recipe_in_database() is None


def test_triggers_and_indexes_are_back_in_place(invented):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'")
        assert cursor.fetchone() == (0,)
    assert SearchDocument.objects.count() == Organisation.objects.count()
    assert ProjectDocument.objects.count() == Project.objects.count()
    new = Organisation.objects.create(kind="company", name="Après", slug="apres", status="draft")
    assert SearchDocument.objects.filter(organisation=new).exists()


def test_big_indexes_are_built_afterwards_just_as_they_were(invented):
    def definitions():
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'members_searchdocument' ORDER BY 1")
            return cursor.fetchall()

    before = definitions()
    with loading.indexes_afterwards(SearchDocument, True):
        assert len(definitions()) < len(before)
    assert definitions() == before


def test_there_is_no_progress_bar_without_a_terminal(real, capfd):
    demo(scale=0.01)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("options", [["--scale", "0"], ["--scale", "many"], ["--today", "soon"]])
def test_nonsense_is_refused(options):
    with pytest.raises(CommandError):
        call_command("demo", *options)


def test_demo_accounts_have_random_passwords_that_only_the_owner_reads(db, settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"
    call_command("load_reference", verbosity=0)
    printed = demo(accounts=True)
    file = settings.VAR_DIR / "demo-accounts.txt"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    passwords = dict(line.split(" ") for line in file.read_text().splitlines())
    users = {user.username: user for user in get_user_model().objects.all()}
    assert set(users) == set(passwords) == {"admin", "network", "cara", "cara-editor", "minalogic", "both"}
    for name, user in users.items():
        assert user.check_password(passwords[name])
        assert passwords[name] in printed
    assert users["admin"].is_superuser
    assert not any(user.is_superuser for name, user in users.items() if name != "admin")
    edits = {
        name: {cluster.slug for cluster in Cluster.objects.editable_by(user)}
        for name, user in users.items()
        if name not in ("admin", "network")
    }
    assert edits == {
        "cara": {"cara"}, "cara-editor": {"cara"}, "minalogic": {"minalogic"}, "both": {"cara", "minalogic"},
    }  # fmt: skip
    assert Theme.objects.editable_by(users["network"]).count() == Theme.objects.count() > 0
    assert demo(accounts=True) == printed, "the passwords stay"


def test_demo_accounts_never_take_over_an_account(db, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    get_user_model().objects.create_superuser("admin", password="mine")
    assert "admin" not in demo(accounts=True)
    assert get_user_model().objects.get(username="admin").check_password("mine")


def test_a_password_that_somebody_changed_stays_theirs(db, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    demo(accounts=True)
    administrator = get_user_model().objects.get(username="admin")
    administrator.set_password("mine")
    administrator.is_superuser = False
    administrator.save()
    assert "admin" not in demo(accounts=True)
    administrator.refresh_from_db()
    assert administrator.check_password("mine") and not administrator.is_superuser


def test_there_are_no_demo_accounts_beside_real_members(db, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    Organisation.objects.create(kind="company", name="Réelle", slug="reelle", status="published")
    assert "members of its own" in demo(accounts=True)
    assert not get_user_model().objects.exists()
