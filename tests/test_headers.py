"""Every answer carries the headers that keep browsers from helping an attacker."""

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client

from cluster_portal.serving.middleware import head_without_body
from cluster_portal.settings import CONTENT_SECURITY_POLICY

pytestmark = [pytest.mark.urls("tests.faulty_urls")]
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PLACES = [
    ("/fine/", 200),
    ("/healthz", 200),
    ("/static/favicon.svg", 200),
    ("/static/admin/css/base.css", 200),
    ("/admin/", 302),
    ("/fr/nothing/", 404),
    ("/fr/wrong/suspicious/", 400),
    ("/fr/wrong/forbidden/", 403),
    ("/fr/wrong/fault/", 500),
    ("/fr/wrong/outage/", 503),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("place", "status"), PLACES)
def test_every_answer_carries_the_security_headers(place, status):
    response = Client(raise_request_exception=False).get(place)
    assert response.status_code == status
    assert {name: response.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert "camera=()" in response["Permissions-Policy"]
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in f"{policy};"
    assert "unsafe" not in policy and "data:" not in policy and "*" not in policy
    response.close()


def test_a_redirect_to_https_carries_them_too(settings):
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/fine/")
    assert response.status_code == 301 and response["Location"].startswith("https://")
    assert {name: response.get(name) for name in EVERYWHERE} == EVERYWHERE


def test_nothing_may_be_framed_nor_sent_elsewhere():
    directives = CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["frame-ancestors"] == ["'none'"]
    assert directives["form-action"] == ["'self'"]
    assert directives["base-uri"] == ["'none'"]


@pytest.mark.parametrize("response", [HttpResponse("text"), StreamingHttpResponse(["te", "xt"])])
def test_head_is_answered_without_a_body(rf, response):
    response["Content-Length"] = "4"
    answer = head_without_body(lambda request: response)(rf.head("/"))
    assert b"".join(answer) == b"" and answer["Content-Length"] == "4"
