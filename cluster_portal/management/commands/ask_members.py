"""``manage.py ask_members``: whether what is published of the members is still right."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from contributions.asking_members import Part, ask, parts
from contributions.models import Correspondence


class Command(BaseCommand):
    help = (
        "Say how many members are to be asked whether what is published of them is still right, of each cluster that asks "
        "(in the admin: Questions to members); with --yes, put the mails into the queue, as many as the cluster sends a day. "
        "The worker does so each day."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cluster", action="append", metavar="SLUG", help="this one alone; may be given again")
        parser.add_argument("--yes", action="store_true", help="do it; without this, nobody is asked")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = list(Correspondence.objects.asking().select_related("cluster").order_by("cluster__slug"))
        if slugs := options["cluster"]:
            rows = [row for row in rows if row.cluster.slug in slugs]
            if missing := set(slugs) - {row.cluster.slug for row in rows}:
                raise CommandError(f"No such cluster asks its members: {', '.join(sorted(missing))}.")
        if not rows:
            self.stdout.write("No cluster asks its members: it is switched on in the admin, at Questions to members.")
            return
        if options["yes"] and not settings.SITE_URL:
            raise CommandError("SITE_URL is not set: the links of a mail need the public address of the site.")
        found = ask([row.cluster_id for row in rows]) if options["yes"] else parts(rows)
        for part in found:
            self.stdout.write(self._told(part))
        count = sum(len(part.today) for part in found)
        said = "mails are in the queue" if options["yes"] else "mails would leave today: nothing was done (add --yes)"
        self.stdout.write(f"{count:,} {said}.")
        if not settings.SITE_URL:
            self.stdout.write("SITE_URL is not set: without it none can be sent.")

    def _told(self, part: Part) -> str:
        row = part.correspondence
        reminders = sum(one.reminds for one in part.due)
        return (
            f"{row.cluster.slug}: {len(part.due) - reminders:,} to ask, {reminders:,} to remind; today "
            f"{len(part.today):,} of at most {row.most_a_day:,}"
        )
