"""The process that does what is in the queue. `manage.py serve` starts it, and starts it again."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand
from django.utils.autoreload import run_with_reloader

from cluster_portal.postgresql import watched
from cluster_portal.work.recovery import EVERY


class Command(BaseCommand):
    help = "Do what is in the queue, until told to end. `manage.py serve` starts this beside the site, and again when it dies."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reload", action="store_true", help="start anew when the code changes, for development")
        parser.add_argument(
            "--every", type=float, default=EVERY, help="seconds between two looks for tasks whose worker died"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        from cluster_portal.work.worker import work

        watched.for_the_site = True
        # Whatever ends a page's question after some seconds, in the environment or in the role, does not end a task.
        os.environ["PGOPTIONS"] = f"{os.environ.get('PGOPTIONS', '')} -c statement_timeout=0".strip()
        if options["reload"]:
            run_with_reloader(work, every=options["every"])
        else:
            work(options["every"])
