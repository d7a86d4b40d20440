"""What an app puts on the first page of whoever is to be reminded of something."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest


@dataclass(frozen=True)
class Reminder:
    """``url``: the record that it is about; ``done_url``: where a POST says that it is done."""

    day: date
    about: str
    text: str
    url: str
    done_url: str


_asked: list[Callable[[HttpRequest], Iterable[Reminder]]] = []


def reminding(ask: Callable[[HttpRequest], Iterable[Reminder]]) -> Callable[[HttpRequest], Iterable[Reminder]]:
    _asked.append(ask)
    return ask


def reminders(request: HttpRequest) -> list[Reminder]:
    """The oldest first."""
    return sorted((one for ask in _asked for one in ask(request)), key=lambda one: one.day)
