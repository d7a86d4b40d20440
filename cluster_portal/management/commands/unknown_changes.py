"""What was written without anybody's name: in a shell, by SQL, by a program that passes by the site."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone

from cluster_portal.history.reading import NAMED, unknown_changes


class Command(BaseCommand):
    help = (
        "List the changes of which nobody knows who made them, newest first: when, how many rows of which table, which."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=30, help="how far back (30)")

    def handle(self, *args: Any, **options: Any) -> None:
        changes = unknown_changes(timezone.now() - timedelta(days=options["days"]))
        for at, label, number, keys in changes:
            more = ", ..." if number > NAMED else ""
            self.stdout.write(
                f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}  {label}: {number:,} ({', '.join(map(str, keys))}{more})"
            )
        if not changes:
            self.stdout.write(f"Every change of the last {options['days']} days has an author.")
