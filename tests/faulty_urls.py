"""The site's addresses, and some that go wrong in each possible way."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from cluster_portal.urls import *  # noqa: F403
from cluster_portal.urls import urlpatterns

FAULTS = {
    "fault": ZeroDivisionError("a secret detail"),
    "outage": OperationalError("a secret detail"),
    "closed": InterfaceError("a secret detail"),
    "forbidden": PermissionDenied("a secret detail"),
    "suspicious": SuspiciousOperation("a secret detail"),
}


def go_wrong(request: HttpRequest, language: str, how: str) -> HttpResponse:
    raise FAULTS[how]


def fine(request: HttpRequest) -> HttpResponse:
    return HttpResponse("fine")


urlpatterns = [path("<str:language>/wrong/<str:how>/", go_wrong), path("fine/", fine), *urlpatterns]
