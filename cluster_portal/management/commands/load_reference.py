"""The facts that the project carries: places, themes, real clusters, programmes, published figures."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.core.management.base import no_translations
from django.db import transaction

from cluster_portal.exchange.data_files import DataFileError
from cluster_portal.exchange.reference_data import Loader, Report
from cluster_portal.history.change_sets import unrecorded
from cluster_portal.models import ReferenceRow
from cluster_portal.reference import TABLES as PORTAL
from members.reference import TABLES as MEMBERS
from projects.reference import TABLES as PROJECTS

COLUMNS = ("in the files", "new", "updated", "changed by staff", "deleted by staff")


class Command(BaseCommand):
    help = (
        "Load the reference data: regions, departments, themes, clusters, the first texts, funding programmes and "
        "declared figures. May be repeated: what staff changed or deleted stays so."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    @no_translations  # whoever reads a log reads one language
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic(), unrecorded():
                reports = Loader(ReferenceRow).load_all([*MEMBERS, *PORTAL, *PROJECTS])
                transaction.set_rollback(options["dry_run"])
        except DataFileError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        if options["verbosity"]:
            self._summarise(reports)
        for refusal in (sentence for report in reports for sentence in report.refused):
            self.stderr.write(f"Left out, because it contradicts what the database holds: {refusal}")
        if options["dry_run"]:
            self.stdout.write("Nothing was written: this was a trial.")

    def _summarise(self, reports: list[Report]) -> None:
        lines: dict[str, list[int]] = {}
        for report in reports:
            line = lines.setdefault(report.table.name, [0] * len(COLUMNS))
            numbers = (report.total, report.created, report.updated, report.kept, report.deleted)
            lines[report.table.name] = [before + more for before, more in zip(line, numbers, strict=True)]
        self.stdout.write(" " * 20 + "".join(f"{title:>{len(title) + 2}}" for title in COLUMNS))
        for name, numbers_of in lines.items():
            cells = zip(COLUMNS, numbers_of, strict=True)
            self.stdout.write(f"{name:20}" + "".join(f"{count:>{len(title) + 2}}" for title, count in cells))
