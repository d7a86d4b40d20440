#!/usr/bin/env python
"""The project's commands.

Run by hand with nothing at all in the environment, this is a developer at their own machine: DEBUG is on. As soon as one
of the variables that describe a deployment is set, nothing is assumed (see docs/operator.md). The commands that are the
running site itself assume nothing ever, and are never the owner of the tables.
"""

import os
import sys

DESCRIBES_A_DEPLOYMENT = {"DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "DATABASE_OWNER_URL"}
ARE_THE_SITE = {"serve", "worker"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cluster_portal.settings")
    if ARE_THE_SITE & set(sys.argv[1:2]):
        os.environ.pop("DATABASE_OWNER_URL", None)
    elif not DESCRIBES_A_DEPLOYMENT & os.environ.keys():
        os.environ["DEBUG"] = "on"
    if owner := os.environ.get("DATABASE_OWNER_URL"):
        os.environ["DATABASE_URL"] = owner
    if os.environ.get("RUN_MAIN") == "true":  # what reads code anew starts itself again, and must not be left behind
        from cluster_portal.serving.parent import end_with_the_parent

        end_with_the_parent()
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    try:
        settings.DEBUG  # noqa: B018 (reads them, and refuses what they do not understand)
        from cluster_portal.history.change_sets import of_command

        with of_command(sys.argv):
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"The settings are refused: {error}")
    except OperationalError as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"The database does not answer: {error}")


if __name__ == "__main__":
    main()
