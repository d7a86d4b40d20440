"""``manage.py retention``: what of persons was kept long enough."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone
from django.utils.translation import override

from cluster_portal.personal_data.retention import TERMS, end, overdue


class Command(BaseCommand):
    help = (
        "Say what of persons has been kept long enough; with --yes, take it away. With RETENTION on, the worker does so "
        "each day."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do it; without this, nothing is taken away")

    def handle(self, *args: Any, **options: Any) -> None:
        found = end() if options["yes"] else overdue()
        for key, number in found.items():
            term = TERMS[key]
            with override("en"):  # as all commands speak
                label = str(term.label)
            self.stdout.write(f"{number:>8,}  {label} (before {timezone.localtime(term.moment):%Y-%m-%d})")
        said = "taken away" if options["yes"] else "due, and still there: nothing was done (add --yes)"
        self.stdout.write(f"{sum(found.values()):,} {said}.")
