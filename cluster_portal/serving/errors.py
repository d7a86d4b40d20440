"""The pages that answer when something does not: in the site's look and the language of the address.

They use neither the database nor context processors, so that they still stand when the rest does not.
"""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers

logger = logging.getLogger(__name__)

ALTERNATES = [{"code": code, "url": f"/{code}/"} for code in ("fr", "en")]
RETRY_AFTER = {"outage": 30, "maintenance": 900}  # seconds


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, 403, "403_csrf.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    response = _page(request, 429, "429.html")
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours, unless the database is what did not answer."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return unavailable(request, "outage")
    return _page(request, 500)


def unavailable(request: HttpRequest, reason: str) -> HttpResponse:
    """The site is there and cannot answer now: an `outage` of the database, or `maintenance`."""
    response = _page(request, 503, reason=reason, path=request.get_full_path())
    response["Retry-After"] = str(RETRY_AFTER[reason])
    return response


def _page(request: HttpRequest, status: int, template: str = "", **context: object) -> HttpResponse:
    from_path = translation.get_language_from_path(request.path_info)
    language = from_path or translation.get_language_from_request(request)
    with translation.override(language):
        html = _html(template or f"{status}.html", {"status": status, "language": language, **context})
    response = HttpResponse(html, status=status)
    response["Content-Language"] = language
    response["Cache-Control"] = "no-store"
    if not from_path:
        patch_vary_headers(response, ["Accept-Language"])
    return response


def _html(template: str, context: dict[str, object]) -> str:
    try:
        return render_to_string(template, {"alternates": ALTERNATES, **context})
    except Exception:  # whatever is broken, something must be said: a template, a missing static file
        logger.exception("The page for an error could not be made")
        return f"<!DOCTYPE html><title>{context['status']}</title><h1>Cluster Portal : {context['status']}</h1>"
