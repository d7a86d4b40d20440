"""The same page twice is not made twice: what anonymous visitors read is kept until anything public changes.

Each process keeps the finished answers (compressed, with their validator) to the addresses asked last. Before one is
given again the log of changes is asked, in one query, whether anything that a page could show was committed since it
was made: then all that is kept is dropped. So a page is never older than the answer that would be made now, in
whichever process the change was made (docs/decisions/0010).

Nobody's own page is in it: a request with a session or a message goes by, and so does an answer that sets a cookie.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from sys import getsizeof

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import MiddlewareNotUsed
from django.db import ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import re_accepts_gzip
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language_from_path
from django_htmx.middleware import HtmxDetails

from cluster_portal.records.changes import LOG

OWN_COOKIES = (settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name)
# What an answer may depend on besides its address. One that names anything else in `Vary` is not kept.
KNOWN_TO_VARY = {"accept-encoding", "cookie", "hx-request", "referer"}
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
BIGGEST = 1 / 16  # of the room: no answer may take more
BESIDE = 4 * 1024  # bytes that an answer takes besides its content and its address: objects, names of headers


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished answer: its body as it goes out, its headers, and whether it depends on where the visitor came from.

    ``size`` is what it takes in memory, with its address: addresses may be longer than what stands there.
    """

    content: bytes
    headers: dict[str, str]
    by_referer: bool
    size: int


class KeptPages:
    """Middleware, outside of compression and inside of what sets headers of its own."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.room = settings.KEPT_PAGES_MB * 1024 * 1024
        if not self.room:
            raise MiddlewareNotUsed
        self.respond = respond
        self.lock = threading.Lock()
        self.forget(None)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not may_be_shared(request):
            return self.respond(request)
        try:
            look = LOG.look()
        except ProgrammingError:  # nobody has migrated yet: the page itself says what it lacks
            return self.respond(request)
        if look.private:  # this very transaction has changed something that it may yet take back
            return self.respond(request)
        state = look.number
        address, referer = address_of(request), request.META.get("HTTP_REFERER", "")
        kept = self.find(state, address, referer)
        if kept is None:
            response = self.make(request)
            kept = kept_of(response, address, referer)
            if kept is None:
                return response
            self.keep(state, address, referer, kept)
        answer = HttpResponse(kept.content, headers=kept.headers)
        return get_conditional_response(request, etag=kept.headers.get("ETag"), response=answer) or answer

    def make(self, request: HttpRequest) -> HttpResponseBase:
        """The whole answer, whatever of it the visitor has already."""
        conditions = {name: request.META.pop(name) for name in CONDITIONS if name in request.META}
        try:
            return self.respond(request)
        finally:
            request.META.update(conditions)

    def forget(self, state: object) -> None:
        """Start anew, with what is true as of that state."""
        self.state = state
        self.pages: OrderedDict[tuple, Kept] = OrderedDict()
        self.size = 0

    def find(self, state: object, address: tuple, referer: str) -> Kept | None:
        with self.lock:
            if state != self.state:
                self.forget(state)
            for key in ((*address, None), (*address, referer)):
                if key in self.pages:
                    self.pages.move_to_end(key)
                    return self.pages[key]
            return None

    def keep(self, state: object, address: tuple, referer: str, kept: Kept) -> None:
        """Unless something changed since the request came in; the pages asked longest ago make room."""
        if kept.size > self.room * BIGGEST:
            return
        with self.lock:
            if state != self.state:
                return
            key = (*address, referer if kept.by_referer else None)
            self.size += kept.size - (self.pages[key].size if key in self.pages else 0)
            self.pages[key] = kept
            while self.size > self.room:
                _key, oldest = self.pages.popitem(last=False)
                self.size -= oldest.size


def may_be_shared(request: HttpRequest) -> bool:
    """A page of the public site, asked by somebody of whom nothing is known."""
    return (
        request.method in ("GET", "HEAD")
        and bool(get_language_from_path(request.path_info))
        and not any(name in request.COOKIES for name in OWN_COOKIES)
    )


def address_of(request: HttpRequest) -> tuple:
    """All that an answer depends on, where the visitor came from aside: as the page itself reads it, not nearly so."""
    htmx = HtmxDetails(request)
    return (
        request.scheme,
        request.get_host(),
        request.path,
        request.META.get("QUERY_STRING", ""),
        bool(htmx),
        htmx.history_restore_request,
        bool(re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))),
        timezone.localdate(),
    )


def kept_of(response: HttpResponseBase, address: tuple, referer: str) -> Kept | None:
    """The answer, if it is one that anybody may be given."""
    if not isinstance(response, HttpResponse) or response.status_code != 200:
        return None
    if response.cookies or not response.has_header("ETag"):
        return None
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    if varies - KNOWN_TO_VARY:
        return None
    # a browser may keep it too, and asks each time whether it still holds
    headers = {"Cache-Control": "no-cache", **dict(response.items())}
    by_referer = "referer" in varies
    letters = [*headers.values(), *map(str, address), referer if by_referer else ""]
    return Kept(response.content, headers, by_referer, len(response.content) + sum(map(getsizeof, letters)) + BESIDE)
