"""One line that fills up, on a terminal only."""

import sys
import time


class Progress:
    def __init__(self, title: str, total: int, stream=None):
        self.title, self.total, self.done = title, max(total, 1), 0
        self.stream = stream or sys.stderr
        self.visible = self.stream.isatty()
        self.drawn = 0.0

    def __call__(self, step: int) -> None:
        self.done += step
        now = time.monotonic()
        if self.visible and (now - self.drawn > 0.1 or self.done >= self.total):
            self.drawn = now
            filled = min(30 * self.done // self.total, 30)
            self.stream.write(
                f"\r{self.title:<22} {'█' * filled}{'░' * (30 - filled)} {100 * self.done // self.total:3d} %"
            )
            self.stream.flush()

    def finish(self) -> None:
        if self.visible:
            self.stream.write("\n")
