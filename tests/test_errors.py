"""What a visitor reads when something does not work."""

import re

import pytest
from django.test import Client

pytestmark = [pytest.mark.urls("tests.faulty_urls")]
SENTENCES = {
    400: ("Cette demande n’a pas été comprise", "This request could not be understood"),
    403: ("Cette page ne vous est pas ouverte", "This page is not open to you"),
    404: ("Cette page n’existe pas, ou plus", "This page does not exist, or no longer"),
    500: ("Le site a fait une erreur", "The site made a mistake"),
    503: ("Le site ne peut pas répondre pour l’instant", "The site cannot answer just now"),
}
CASES = [("suspicious", 400), ("forbidden", 403), ("fault", 500), ("outage", 503), ("closed", 503)]


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


def heading(response) -> str:
    found = re.findall(r"<h1>\s*(.*?)\s*</h1>", response.content.decode(), re.DOTALL)
    assert len(found) == 1
    return found[0].replace("&#x27;", "'")


@pytest.mark.parametrize(("language", "which"), [("fr", 0), ("en", 1)])
@pytest.mark.parametrize(("how", "status"), CASES)
def test_each_error_has_its_page_in_the_language_of_the_address(visitor, how, status, language, which):
    response = visitor.get(f"/{language}/wrong/{how}/")
    assert response.status_code == status
    assert heading(response) == SENTENCES[status][which]
    assert f'<html lang="{language}">' in response.content.decode()
    assert response["Content-Language"] == language
    assert "secret detail" not in response.content.decode()


@pytest.mark.parametrize(("language", "which"), [("fr", 0), ("en", 1)])
def test_a_missing_page_says_so_and_leads_on(visitor, language, which):
    response = visitor.get(f"/{language}/nothing-of-that-name/")
    assert response.status_code == 404
    assert heading(response) == SENTENCES[404][which]
    assert 'role="search"' in response.content.decode()
    assert 'content="noindex' in response.content.decode()


@pytest.mark.parametrize(("asked", "which"), [("fr", 0), ("en-GB,en;q=0.9", 1), ("de", 0)])
def test_without_a_language_in_the_address_the_browser_s_counts(visitor, asked, which):
    response = visitor.get("/wp-login.php", headers={"accept-language": asked})
    assert heading(response) == SENTENCES[404][which]
    assert "Accept-Language" in response["Vary"]


def test_an_outage_says_when_to_come_back_and_is_never_stored(visitor):
    response = visitor.get("/fr/wrong/outage/?q=a&page=2")
    assert response["Retry-After"] == "30"
    assert response["Cache-Control"] == "no-store"
    assert 'href="/fr/wrong/outage/?q=a&amp;page=2"' in response.content.decode(), "the same address again"


def test_a_form_from_nowhere_is_refused_in_words(settings):
    response = Client(enforce_csrf_checks=True).post(
        "/admin/login/", {"username": "a"}, headers={"accept-language": "en"}
    )
    assert response.status_code == 403
    assert heading(response) == "The form was not sent"


def test_an_unknown_host_is_refused_with_a_page(visitor):
    response = visitor.get("/fr/", headers={"host": "elsewhere.example.org"})
    assert response.status_code == 400
    assert heading(response) == SENTENCES[400][0]


@pytest.mark.parametrize(
    ("language", "expected"), [("fr", "Le site est en travaux"), ("en", "The site is being worked on")]
)
def test_during_maintenance_the_public_reads_why(visitor, settings, language, expected):
    settings.MAINTENANCE = True
    response = visitor.get(f"/{language}/")
    assert response.status_code == 503
    assert heading(response) == expected
    assert response["Retry-After"] == "900"


def test_during_maintenance_staff_go_on(visitor, settings):
    settings.MAINTENANCE = True
    assert visitor.get("/admin/login/").status_code == 200


def test_something_is_said_even_when_the_page_of_an_error_is_broken(visitor, monkeypatch, caplog):
    def broken(*arguments, **options):
        raise RuntimeError

    monkeypatch.setattr("cluster_portal.serving.errors.render_to_string", broken)
    response = visitor.get("/fr/wrong/fault/")
    assert response.status_code == 500
    assert "Cluster Portal" in response.content.decode()
