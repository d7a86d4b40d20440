"""Places for embedded servers that a test starts, kills and throws away."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cluster_portal.embedded_postgresql import server


@contextlib.contextmanager
def place() -> Iterator[Path]:
    """A place for data, under a short path; in memory where there is room, since these servers start often."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 2**30
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir=memory if roomy else None))
    folder.chmod(0o755)
    yield folder / "var" / "postgresql"
    server.stop(folder / "var" / "postgresql")
    shutil.rmtree(folder)
