"""`python -m cluster_portal.embedded_postgresql stop | status | dump FILE | restore FILE`, on the data in VAR_DIR."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from cluster_portal.embedded_postgresql.server import (
    SUPERUSER,
    EmbeddedServerError,
    ensure_database,
    ensure_running,
    postmaster,
    program,
    stop,
)


def _dump(data: Path, name: str, file: Path) -> None:
    sockets = ensure_running(data)
    subprocess.run([program("pg_dump"), "-h", sockets, "-U", SUPERUSER, "-Fc", "-f", file, name], check=True)
    print(f"The database is in {file}.")


def _restore(data: Path, name: str, file: Path) -> None:
    sockets = ensure_running(data)
    ensure_database(data, name)
    options = ["--clean", "--if-exists", "--single-transaction"]
    subprocess.run([program("pg_restore"), *options, "-h", sockets, "-U", SUPERUSER, "-d", name, file], check=True)
    print(f"The database is as it was in {file}.")


def main(arguments: list[str], data: Path, name: str) -> int:
    files: dict[str, Callable[[Path, str, Path], None]] = {"dump": _dump, "restore": _restore}
    match arguments:
        case ["stop"]:
            print("PostgreSQL is stopped." if stop(data) else "PostgreSQL was not running.")
        case ["status"]:
            running = postmaster(data.resolve())
            print(f"PostgreSQL runs as process {running.pid}." if running else "PostgreSQL is not running.")
        case [("dump" | "restore") as action, file]:
            files[action](data, name, Path(file).resolve())
        case _:
            print("Use: stop, status, dump FILE or restore FILE")
            return 2
    return 0


if __name__ == "__main__":
    var = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent.parent.parent / "var")
    try:
        sys.exit(main(sys.argv[1:], var / "postgresql", "portal"))
    except (EmbeddedServerError, subprocess.CalledProcessError) as error:
        sys.exit(str(error))
