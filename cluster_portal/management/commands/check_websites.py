"""``manage.py check_websites``: which websites of the directory do not answer."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from members import websites


class Command(BaseCommand):
    help = (
        "Ask the websites of organisations whether they answer, CHECK_WEBSITES of them, those first that were asked "
        "longest ago. One that fails on two different days is listed on the page of quality. Nothing is asked inside a "
        "private network."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--most", type=int, help="instead of CHECK_WEBSITES")

    def handle(self, *args: Any, **options: Any) -> None:
        most = settings.CHECK_WEBSITES if options["most"] is None else options["most"]
        if most <= 0:
            raise CommandError("CHECK_WEBSITES is 0: no website is asked. Set it, or give --most.")
        told = websites.check(most)
        self.stdout.write(f"{told.asked:,} asked, {told.failed:,} without an answer.")
        if not told.written:
            raise CommandError("Nearly all fail: is there a way out from this machine? Nothing was written.")
