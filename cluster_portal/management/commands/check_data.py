"""Which rows break a rule that came after them."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from cluster_portal.records.older_rows import unheld_rules


class Command(BaseCommand):
    help = "Name the rows that break a rule that came after them; where none does any more, hold the rule for all."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for rule in unheld_rules():
            if keys := rule.broken_by():
                broken += len(keys)
                self.stdout.write(f"{rule.table}: {rule.name} is broken by {', '.join(map(str, keys))}")
            elif rule.hold():
                self.stdout.write(f"{rule.table}: {rule.name} holds from now on.")
        if broken:
            raise CommandError(f"{broken} rows to put right, by these numbers, in the admin; then run this again.")
        self.stdout.write("Every row keeps every rule.")
