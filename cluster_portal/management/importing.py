"""A file brought in from the command line: the same code and the same counts as on the pages, whatever its lines are."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError

from cluster_portal.exchange.sheets import Unreadable
from members.imports import batches, checking, importing
from members.imports.cells import read_date
from members.imports.problems import said
from members.imports.subjects import Handling, handling_of
from members.models import Cluster, ImportBatch, ImportRow
from members.models.imports import Action, State, Subject
from members.rights import EVERYTHING, with_rights

SHOWN = 20  # lines that are refused or to decide


class ImportCommand(BaseCommand):
    """``whose``: how the cluster stands to what the lines are."""

    subject: Subject
    whose: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV file, an XLSX workbook or a JSON export")
        parser.add_argument("--cluster", required=True, metavar="SLUG", help=self.whose)
        parser.add_argument("--by", metavar="USERNAME", help="whose rights hold; by default those of the whole network")
        parser.add_argument(
            "--mapping", metavar="FIELD=HEADER", action="append", default=[],
            help="a column for a field where it is not recognised; FIELD=“=value” for a value on every line",
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="check, and write nothing")
        parser.add_argument("--yes", action="store_true", help="write without asking")
        parser.add_argument("--publish", action="store_true", help="publish the new ones that lack nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        batch = self._received(options)
        self._columns(batch, options["mapping"])
        try:
            checking.check(batch)
            self._told(batch)
            if not options["dry_run"]:
                self._written(batch, options)
        except Unreadable as error:
            raise CommandError(str(error)) from error
        finally:
            if options["dry_run"]:
                batch.path.unlink(missing_ok=True)
                batch.delete()
        if batch.counts.get(Action.REFUSE):
            raise CommandError(f"{batch.counts[Action.REFUSE]} lines were refused.", returncode=1)

    def _received(self, options: dict[str, Any]) -> ImportBatch:
        cluster = Cluster.objects.filter(slug=options["cluster"]).first()
        if cluster is None:
            known = ", ".join(Cluster.objects.order_by("slug").values_list("slug", flat=True))
            raise CommandError(f"There is no cluster “{options['cluster']}”. There are: {known}")
        try:
            with options["file"].open("rb") as file:
                chunks = iter(lambda: file.read(2**16), b"")
                by = self._who(options["by"])
                batch = batches.receive(cluster, by, options["file"].name, chunks, self.subject)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be opened: {error.strerror}") from error
        except Unreadable as error:
            raise CommandError(str(error)) from error
        if by is not None and not Cluster.objects.editable_by(by).filter(pk=cluster.pk).exists():
            batch.path.unlink(missing_ok=True)
            batch.delete()
            raise CommandError(f"“{options['by']}” does not edit {cluster}.")
        if by is None:
            batch.acting = with_rights(0, EVERYTHING)
        return batch

    def _who(self, name: str | None):
        """Whose rights hold; where nobody is named, those of the network."""
        if name is None:
            return None
        person = get_user_model()._default_manager.filter(username=name, is_active=True).first()
        if person is None:
            raise CommandError(f"There is no account “{name}”.")
        return person

    def _columns(self, batch: ImportBatch, mapping: list[str]) -> None:
        handling = handling_of(batch)
        fields = {field.name for field in handling.fields}
        columns, constants = list(batch.columns), dict(batch.constants)
        for one in mapping:
            name, equals, header = one.partition("=")
            if not equals or name not in fields:
                raise CommandError(f"--mapping {one}: write FIELD=HEADER. Fields: {', '.join(sorted(fields))}")
            if header.startswith("="):
                constants[name] = self._constant(handling, name, header[1:])
            elif header in batch.headers:
                if not handling.field(name).many:
                    columns = ["" if column == name else column for column in columns]
                columns[batch.headers.index(header)] = name
            else:
                raise CommandError(f"--mapping {one}: no column is called so. There are: {', '.join(batch.headers)}")
        if objections := batches.objections(batch, columns, constants):
            raise CommandError(" ".join(objections))
        batches.choose_columns(batch, columns, constants, batch.erasing)

    def _constant(self, handling: Handling, name: str, text: str) -> Any:
        """As it is kept: of what is chosen the choice that the text names."""
        if name not in handling.constants:
            raise CommandError(
                f"--mapping {name}: only these may be the same on every line: {', '.join(handling.constants)}"
            )
        if name.endswith("_on"):
            cell = read_date(text)
            if cell.value is None:
                raise CommandError(f"--mapping {name}: {cell.problem}")
            return cell.value.isoformat()
        if not handling.field(name).chosen:
            return text
        value = handling.proposals().of(name, text)
        if value is None:
            raise CommandError(f"--mapping {name}: “{text}” is nothing that is known.")
        return value

    def _told(self, batch: ImportBatch) -> None:
        counts = batch.counts
        for header, name in zip(batch.headers, batch.columns, strict=True):
            self.stdout.write(f"  {header}: {name or '(left out)'}")
        self.stdout.write(f"{counts['rows']} lines read")
        for action in Action:
            self.stdout.write(f"  {counts[action]:>6} {action.label}")
        for title, known in (("repaired", counts["repairs"]), ("problems", counts["problems"])):
            for name, code, number in known:
                self.stdout.write(f"  {title}: {name} {code} ({number})")
        for name, mapped in batch.values.items():
            understood = sum(1 for becomes in mapped.values() if becomes is not None)
            self.stdout.write(f"  {name}: {understood} of {len(mapped)} texts understood")
        rows = ImportRow.objects.filter(batch=batch, action__in=(Action.REFUSE, Action.ASK)).order_by("line")
        for row in rows[:SHOWN]:
            reasons = "; ".join(f"{name}: {said(code, told)}".lstrip(": ") for name, code, told in row.problems)
            self.stdout.write(f"  line {row.line} {Action(row.action).label}: {reasons or row.rule}")
        if (more := rows.count() - SHOWN) > 0:
            self.stdout.write(f"  and {more} more")

    def _written(self, batch: ImportBatch, options: dict[str, Any]) -> None:
        if not options["yes"]:
            try:
                answer = input(f"Write {batch.counts['create']} new and {batch.counts['update']} changed lines? [y/N] ")
            except EOFError:
                answer = ""
            if answer.strip().lower() not in ("y", "yes", "o", "oui"):
                raise CommandError("Nothing was written. With --yes it is written without asking.")
        batches.remember(batch)
        batch.publishes = options[
            "publish"
        ]  # its state is written at the end alone: nobody tells of a command that was killed
        batch.save(update_fields=["publishes"])
        importing.run(batch, batch.uploaded_by_id)
        if batch.state != State.IMPORTED:
            raise CommandError(
                said(*batch.problem) if batch.problem else "Something changed since the check: try again."
            )
        for what, number in batch.counts["written"].items():
            self.stdout.write(f"  written: {what} {number}")
