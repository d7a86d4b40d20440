"""The site and the worker, as production runs them."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Serve the site and do what is in the queue. Both processes are started again when they die, and end with this one."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_mutually_exclusive_group()
        parts.add_argument("--web", action="store_const", dest="part", const="web", help="the site alone")
        parts.add_argument("--worker", action="store_const", dest="part", const="worker", help="the worker alone")
        parser.add_argument("--reload", action="store_true", help="read code anew as it changes, for development")

    def handle(self, *args: Any, **options: Any) -> None:
        if sys.platform != "linux":
            raise CommandError("This needs Linux. Elsewhere run `gunicorn` and `manage.py worker` side by side.")
        parts = [options["part"]] if options["part"] else ["web", "worker"]
        words = [f"--{part}" for part in parts] + (["--reload"] if options["reload"] else [])
        os.environ["VAR_DIR"] = str(settings.VAR_DIR)  # from wherever it was called
        os.environ["PORT"] = str(settings.PORT)
        os.chdir(settings.BASE)
        # In place of this process: what watches the others is small, and has read nothing that could fail.
        os.execv(sys.executable, [sys.executable, "-m", "cluster_portal.serving.parent", *words])
