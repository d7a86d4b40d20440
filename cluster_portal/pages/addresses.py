"""Addresses that many links of one page share, reversed once for each language."""

from functools import lru_cache

from django.urls import reverse
from django.utils.translation import get_language


def address(name: str, *args: str) -> str:
    """The address of a page that needs no slug, or of one whose slug few links name."""
    return _reversed(name, args, get_language())


def address_of(name: str, slug: str) -> str:
    """The address of one of many pages: the form of it is reversed, and the slug put in."""
    before, after = _around_slug(name, get_language())
    return f"{before}{slug}{after}"


@lru_cache(maxsize=256)
def _reversed(name: str, args: tuple[str, ...], language: str | None) -> str:
    return reverse(name, args=args)


@lru_cache(maxsize=256)
def _around_slug(name: str, language: str | None) -> tuple[str, str]:
    before, _slug, after = reverse(name, args=["SLUG"]).partition("SLUG")
    return before, after
