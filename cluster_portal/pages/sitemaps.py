"""What the sitemaps of every app share: which pages there are, in files that are made quickly.

The files of a model are cut by ranges of keys: the index knows in which of them something is published, and one query
over a few keys finds what a file says, however many rows there are.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import override

from cluster_portal.pages.this_page import absolute

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
URLS = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n',
    "</urlset>\n",
)
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n', "</sitemapindex>\n"


@dataclass(frozen=True, slots=True)
class Listed:
    """A page: the name of its view, the slug that it needs, and when it last changed."""

    view: str
    slug: str = ""
    changed: datetime | None = None


class Section:
    """A sort of pages. All in one file, unless it says otherwise."""

    def files(self) -> int:
        return 1

    def pages(self, file: int) -> Iterable[Listed]:
        """Of the file with that number, from 1 on."""
        raise NotImplementedError


class PublishedSection(Section):
    """The published rows of a model of which an index knows the keys."""

    model: type[Model]
    view: str
    keys_in_a_file = 1_000  # each has a page in every language

    def published_keys(self) -> Iterable[int]:
        raise NotImplementedError

    def ranges(self) -> list[int]:
        return sorted({key // self.keys_in_a_file for key in self.published_keys()})

    def files(self) -> int:
        return max(len(self.ranges()), 1)

    def pages(self, file: int) -> Iterator[Listed]:
        for number in self.ranges()[file - 1 : file]:
            first = number * self.keys_in_a_file
            rows = self.model._default_manager.published().filter(pk__gte=first, pk__lt=first + self.keys_in_a_file)  # type: ignore[attr-defined]
            for slug, changed in rows.order_by("pk").values_list("slug", "updated_at"):
                yield Listed(self.view, slug, changed)


def urlset(request: HttpRequest, pages: Iterable[Listed]) -> str:
    """Each page in each language, with its translations."""
    site = escape(absolute(request, "/")).removesuffix("/")
    lines, zone = [], timezone.get_current_timezone()
    for page in pages:
        places = [
            (code, f"{site}{before}{page.slug}{after}")  # a slug needs no escaping
            for code, before, after in _addresses(page.view, bool(page.slug))
        ]
        changed = f"<lastmod>{page.changed.astimezone(zone).date()}</lastmod>" if page.changed else ""
        rest = "".join(f'<xhtml:link rel="alternate" hreflang="{code}" href="{place}"/>' for code, place in places)
        lines += [f"<url><loc>{place}</loc>{changed}{rest}</url>\n" for _code, place in places]
    return "".join([HEAD, URLS[0], *lines, URLS[1]])


@cache
def _addresses(view: str, of_one: bool) -> list[tuple[str, str, str]]:
    """In each language, what stands before and after the slug of such a page."""
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            before, _slug, after = reverse(view, args=["SLUG"] if of_one else []).partition("SLUG")
        found.append((code, before, after))
    return found


def sitemapindex(request: HttpRequest, paths: Iterable[str]) -> str:
    lines = [f"<sitemap><loc>{escape(absolute(request, path))}</loc></sitemap>\n" for path in paths]
    return "".join([HEAD, INDEX[0], *lines, INDEX[1]])
