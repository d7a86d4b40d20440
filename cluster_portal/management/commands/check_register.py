"""``manage.py check_register``: which organisations are closed at the State's register and not here."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from members import register_checks
from members.register import is_asked


class Command(BaseCommand):
    help = (
        "Ask the register of COMPANY_SEARCH_URL which organisations with a SIREN are closed there, those first that were "
        "asked longest ago. They are listed on the page of quality; nothing of theirs is changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--most", type=int, default=500, help="how many are asked (500)")

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_asked():
            raise CommandError("COMPANY_SEARCH_URL is not set: there is no register to ask.")
        asked, closed = register_checks.check(options["most"])
        self.stdout.write(f"{asked:,} asked, {closed:,} closed at the register.")
