"""What every request passes through besides Django's own."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from cluster_portal.records.changes import asked_once
from cluster_portal.serving import errors
from cluster_portal.serving.health import health

Respond = Callable[[HttpRequest], HttpResponse]

# only what browsers know by that name on every system: of another they complain in the console
UNUSED_FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation", "gyroscope",
    "hid", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES)


def security_headers(respond: Respond) -> Respond:
    """The headers that Django and django-csp do not set."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def head_without_body(respond: Respond) -> Respond:
    """HEAD gets the headers of GET and nothing else: gunicorn drops a body too, but with a warning for each."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        if request.method == "HEAD" and response.streaming:
            response.streaming_content = ()  # type: ignore[attr-defined]
        elif request.method == "HEAD":
            response.content = b""
        return response

    return middleware


def one_state_a_page(respond: Respond) -> Respond:
    """All of a page that only reads is made from one state of the facet indexes, asked for once."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return respond(request)
        with asked_once():
            return respond(request)

    return middleware


def health_probe(respond: Respond) -> Respond:
    """`/healthz`, before anything that could fail: probes come by address, during maintenance, without a database."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info != "/healthz":
            return respond(request)
        return health() if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET", "HEAD"])

    return middleware


RENEWED_AFTER = 300  # seconds: a session is not written at each click


def session_goes_on(respond: Respond) -> Respond:
    """Whoever works in the admin stays signed in: its session ends SESSION_COOKIE_AGE after the last that was done."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/admin/") and settings.SESSION_COOKIE_NAME in request.COOKIES:
            now = int(time.time())
            if SESSION_KEY in request.session and now - request.session.get("seen", 0) > RENEWED_AFTER:
                request.session["seen"] = now
        return respond(request)

    return middleware


def maintenance(respond: Respond) -> Respond:
    """With MAINTENANCE on, the public reads that the site is being worked on; staff go on in the admin."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.MAINTENANCE and not request.path_info.startswith("/admin/"):
            return errors.unavailable(request, "maintenance")
        return respond(request)

    return middleware
