"""Who may import whom, as `pyproject.toml` states it."""

import subprocess
import sys
from pathlib import Path


def test_the_floors_stand_in_their_order():
    kept = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=Path(__file__).resolve().parent.parent,
        capture_output=True,
        text=True,
    )
    assert kept.returncode == 0, kept.stdout
