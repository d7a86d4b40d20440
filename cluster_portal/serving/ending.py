"""What a process of the site still does before it ends."""

from collections.abc import Callable

_first: list[Callable[[], object]] = []


def before_the_end(do: Callable[[], object]) -> None:
    _first.append(do)


def do_what_is_left() -> None:
    for do in _first:
        do()
