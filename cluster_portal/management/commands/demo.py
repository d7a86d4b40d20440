"""``manage.py demo``: an invented network of national size on top of the real clusters."""

import time
from argparse import ArgumentTypeError
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from cluster_portal.demo import network
from cluster_portal.demo.accounts import account_lines
from cluster_portal.demo.network import SEED, TODAY, Recipe


def _scale(text: str) -> float:
    try:
        scale = float(text)
    except ValueError:
        scale = 0
    if not 0.001 <= scale <= 200:
        raise ArgumentTypeError("a number between 0.001 and 200 is expected")
    return scale


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 2010 <= day.year <= 2100:
        raise ArgumentTypeError("a date such as 2026-11-01 is expected, 2010 at the earliest")
    return day


class Command(BaseCommand):
    help = (
        "Fill the database with an invented network on top of the real clusters: 14,000 companies, 2,000 "
        "laboratories and institutions, 12,000 projects. The same seed makes the same network; run again, "
        "it changes nothing; a database with members of its own is refused."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--scale", type=_scale, default=1.0, help="times the size of the real network (0.02, 1, 10...)"
        )
        parser.add_argument("--seed", type=int, default=SEED, help=f"another seed, another network ({SEED})")
        parser.add_argument(
            "--today", type=_day, default=TODAY, help=f"the last day that the network knows of ({TODAY})"
        )
        parser.add_argument("--replace", action="store_true", help="remove the demo network that is there first")
        parser.add_argument(
            "--accounts", action="store_true",
            help="only make the demo accounts, with random passwords in a file that is named",
        )  # fmt: skip

    def handle(self, *, scale, seed, today, replace, accounts: bool, **options):
        if accounts:
            self._accounts()
            return
        recipe = Recipe(seed, scale, today)
        if network.has_demo() and not replace and not network.has_members_of_its_own():
            self._already_there(recipe)
            return
        started = time.monotonic()
        quiet = options["verbosity"] == 0
        try:
            made = network.make(recipe, replace=replace, stream=None if not quiet else _Silence())
        except network.Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if not quiet:
            rows = ", ".join(f"{count:,} {kind}" for kind, count in made.items())
            self.stdout.write(f"Demo network made in {time.monotonic() - started:.0f} s ({recipe}): {rows}.")

    def _already_there(self, recipe: Recipe):
        found = network.recipe_in_database()
        if found == recipe:
            self.stdout.write(f"The demo network is already there ({recipe}): nothing to do.")
            return
        raise CommandError(
            f"Another demo network is there ({found or 'made from something unknown'}). "
            f"To have this one instead ({recipe}), add --replace: only invented rows are removed."
        )

    def _accounts(self):
        for line in account_lines():
            self.stdout.write(line)


class _Silence:
    def isatty(self) -> bool:
        return False
