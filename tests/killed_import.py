"""An import in a process of its own, which is killed at its nth statement: `python -m tests.killed_import DATABASE BATCH BY N`.

Says how many statements there were when it comes to its end.
"""

import os
import signal
import sys

import django


def main(database: str, batch: int, by: int, last: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.db import connection

    from members.imports.tasks import import_file

    connection.settings_dict["NAME"] = database
    done = 0

    def count(execute, sql, params, many, context):
        nonlocal done
        done += 1
        if done == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        import_file.func(batch, by)
    print(done)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
