"""``manage.py find_duplicates``: which organisations may be there twice."""

import time

from django.core.management.base import BaseCommand

from members.duplicates.finding import find


class Command(BaseCommand):
    help = (
        "Find the pairs of organisations that may be one and the same, for staff to decide. What was decided stays; "
        "run again, it offers what came in since. Each import does this by itself."
    )

    def handle(self, **options):
        start = time.perf_counter()
        found = find()
        self.stdout.write(
            f"{found.compared:,} pairs compared in {time.perf_counter() - start:.1f} s: {found.open:,} to be decided, "
            f"{found.new:,} of them new; {found.gone:,} no longer alike."
        )
