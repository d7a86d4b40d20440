"""The end of a history that has been kept long enough."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from cluster_portal.history.trimming import older_than, trim

DAYS_A_MONTH = 30.44


class Command(BaseCommand):
    help = (
        "Say what of the history is older than HISTORY_MONTHS; with --remove, remove it. What was done is gone then, "
        "and cannot be taken back any more."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--months", type=int, help="instead of HISTORY_MONTHS")
        parser.add_argument("--remove", action="store_true", help="do it; without this, nothing is removed")

    def handle(self, *args: Any, **options: Any) -> None:
        months = settings.HISTORY_MONTHS if options["months"] is None else options["months"]
        if months <= 0:
            raise CommandError("HISTORY_MONTHS is 0: the history is kept for ever. Set it, or give --months.")
        moment = timezone.now() - timedelta(days=round(months * DAYS_A_MONTH))
        found = trim(moment) if options["remove"] else older_than(moment)
        for label, number in found.items():
            self.stdout.write(f"{number:>10,}  {label}")
        said = "removed" if options["remove"] else "older, and still there: nothing was removed (add --remove)"
        self.stdout.write(f"Before {timezone.localtime(moment):%Y-%m-%d}: {sum(found.values()):,} rows {said}.")
