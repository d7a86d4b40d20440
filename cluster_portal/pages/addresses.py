"""Addresses that many links of one page share, reversed once for each language."""

from functools import lru_cache

from django.urls import reverse
from django.utils.translation import get_language


def address(name: str, *args: str) -> str:
    return _reversed(name, args, get_language())


@lru_cache(maxsize=256)
def _reversed(name: str, args: tuple[str, ...], language: str | None) -> str:
    return reverse(name, args=args)
