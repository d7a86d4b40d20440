"""Everything between a fresh checkout and a running site, each step done only when what it works on has changed."""

import hashlib
import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

REFERENCE = (
    "cluster_portal/data",
    "members/data",
    "projects/data",
    "cluster_portal/management/commands/load_reference.py",
)
DEMO = (*REFERENCE, "cluster_portal/demo", "cluster_portal/management/commands/demo.py")
STATIC = ("static", "requirements.txt")


class Command(BaseCommand):
    help = "Bring the database and the static files up to date, with the reference data and the demonstration network."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--without-static", action="store_true", help="leave the static files (development)")
        parser.add_argument("--without-demo", action="store_true", help="leave out the invented network")

    def handle(self, *args: Any, **options: Any) -> None:
        self.record = settings.VAR_DIR / "prepared.json"
        self._migrate()
        database = _database_identity()
        self._step(f"reference of {database}", REFERENCE, "Loading the reference data", self._load_reference)
        made = not options["without_demo"] and self._step(
            f"demo of {database}", DEMO, "Making the demonstration network", self._make_demo
        )
        if not options["without_static"]:
            self._step(f"static in {settings.STATIC_ROOT}", STATIC, "Gathering the static files", self._gather_static)
        if not options["without_demo"]:
            self._tell_accounts(anew=made)

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Bringing the database up to date...")
            call_command("migrate")

    def _step(self, name: str, inputs: tuple[str, ...], doing: str, do: Callable[[], None]) -> bool:
        """Do it unless it was done with the same inputs; whether it was done now."""
        done = json.loads(self.record.read_text()) if self.record.exists() else {}
        now = _fingerprint(inputs)
        if done.get(name) == now:
            return False
        self.stdout.write(f"{doing}...")
        do()
        self.record.parent.mkdir(parents=True, exist_ok=True)
        self.record.write_text(json.dumps(done | {name: now}, indent=1))
        return True

    def _load_reference(self) -> None:
        call_command("load_reference")

    def _make_demo(self) -> None:
        try:
            call_command("demo")
        except CommandError as refusal:  # it never touches a database with members of its own
            self.stderr.write(f"Without the demonstration network: {refusal}")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # the first visitor's queries are planned for what is there now

    def _tell_accounts(self, anew: bool) -> None:
        known = settings.VAR_DIR / "demo-accounts.txt"
        self.stdout.write("\nAccounts to look around with, at /admin/:")
        if anew or not known.exists():
            call_command("demo", accounts=True)
        else:  # without trying each password, which takes half a second
            self.stdout.write(known.read_text().rstrip())

    def _gather_static(self) -> None:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)


def _database_identity() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier || '/' || oid FROM pg_control_system(), pg_database "
            "WHERE datname = current_database()"
        )
        return cursor.fetchone()[0]


def _fingerprint(inputs: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for file in _files(inputs):
        digest.update(f"{file.relative_to(settings.BASE)} {file.stat().st_size} {file.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files(inputs: tuple[str, ...]) -> Iterator[Path]:
    for path in (settings.BASE / name for name in inputs):
        candidates = [path] if path.is_file() else sorted(path.rglob("*"))
        yield from (file for file in candidates if file.is_file() and "__pycache__" not in file.parts)
