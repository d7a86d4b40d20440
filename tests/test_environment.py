from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cluster_portal.serving.environment import REQUIRED, Environment


def environment(**values: str) -> Environment:
    return Environment(values)


@pytest.mark.parametrize(
    ("written", "meant"), [("on", True), ("TRUE", True), ("1", True), ("off", False), ("No", False), ("0", False)]
)
def test_a_flag_is_on_or_off_in_the_usual_words(written, meant):
    assert environment(DEBUG=written).flag("DEBUG", not meant, "development") is meant


@pytest.mark.parametrize("nothing", ["", "   "])
def test_an_empty_variable_is_an_unset_one(nothing):
    assert environment(DEBUG=nothing).flag("DEBUG", True, "development") is True


@pytest.mark.parametrize("written", ["maybe", "2", "onn", "None"])
def test_a_value_that_is_not_understood_is_refused_with_what_is_accepted(written):
    with pytest.raises(ImproperlyConfigured, match=rf"DEBUG is '{written}', but it accepts on or off: development"):
        environment(DEBUG=written).flag("DEBUG", False, "development")


def test_a_required_variable_says_what_it_is_for():
    with pytest.raises(ImproperlyConfigured, match="NAME is not set. It accepts any text: what it is for"):
        environment().text("NAME", REQUIRED, "what it is for")


@pytest.mark.parametrize("written", ["0", "65536", "-1", "8e3", "80 80", "٨٠"])
def test_a_number_outside_its_range_is_refused(written):
    with pytest.raises(ImproperlyConfigured, match="PORT is .* but it accepts a whole number from 1 to 65535"):
        environment(PORT=written).number("PORT", 8000, "the port", 1, 65535)


def test_words_are_separated_by_commas_with_or_without_spaces():
    assert environment(HOSTS="a.fr, b.fr ,,c.fr").words("HOSTS", [], "hosts") == ["a.fr", "b.fr", "c.fr"]


def test_a_secret_is_never_repeated():
    with pytest.raises(ImproperlyConfigured) as refusal:
        environment(SECRET_KEY="hunter2").secret("SECRET_KEY", "", "signs")
    assert "hunter2" not in str(refusal.value)
    assert "at least 50 characters" in str(refusal.value)


@pytest.mark.parametrize(
    "written", ["example.org", "ftp://example.org", "https://", "https://example.org/a", "https:/x"]
)
def test_an_origin_is_a_scheme_and_a_host(written):
    with pytest.raises(ImproperlyConfigured, match="https://example.org"):
        environment(SITE_URL=written).origin("SITE_URL", "", "public address")


def test_an_origin_loses_its_last_slash():
    assert environment(SITE_URL="https://example.org/").origin("SITE_URL", "", "") == "https://example.org"


def test_a_choice_is_one_of_its_words():
    assert environment(LEVEL="error").choice("LEVEL", "INFO", ["INFO", "ERROR"], "level") == "ERROR"
    with pytest.raises(ImproperlyConfigured, match="INFO or ERROR"):
        environment(LEVEL="loud").choice("LEVEL", "INFO", ["INFO", "ERROR"], "level")


def test_a_folder_becomes_absolute():
    assert environment(VAR_DIR="here").folder("VAR_DIR", Path("there"), "") == Path.cwd() / "here"


def test_the_address_of_a_database_is_taken_apart():
    address = "postgresql://ann:p%40ss@db.example.org:6543/portal?sslmode=require"
    assert environment(DATABASE_URL=address).database("DATABASE_URL", "") == {
        "NAME": "portal",
        "USER": "ann",
        "PASSWORD": "p@ss",
        "HOST": "db.example.org",
        "PORT": "6543",
        "OPTIONS": {"sslmode": "require"},
    }


def test_a_socket_can_stand_for_the_host_of_a_database():
    found = environment(DATABASE_URL="postgresql:///portal?host=/run/postgresql").database("DATABASE_URL", "")
    assert found is not None and found["HOST"] == "/run/postgresql" and found["OPTIONS"] == {}


@pytest.mark.parametrize(
    "written",
    [
        "sqlite:///db",
        "mysql://ann:hunter2@h/db",
        "postgresql://ann:hunter2@h/",
        "postgresql://ann:hunter2@h:port/db",
        "postgresql://ann:hunter2@h/db?sslmode",
    ],
)
def test_an_address_that_is_no_postgresql_database_is_refused_without_its_password(written):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL is not understood") as refusal:
        environment(DATABASE_URL=written).database("DATABASE_URL", "")
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("security@portal.example", "mailto:security@portal.example"),
        ("mailto:security@portal.example", "mailto:security@portal.example"),
        ("https://portal.example/security", "https://portal.example/security"),
    ],
)
def test_a_contact_becomes_an_address_that_opens(value, address):
    assert Environment({"WHO": value}).contact("WHO", "whom to tell", says="none") == address


@pytest.mark.parametrize(
    "value", ["anna", "@portal.example", "http://portal.example", "a b@c", "javascript:a@b", "https://"]
)
def test_what_is_no_contact_is_refused(value):
    with pytest.raises(ImproperlyConfigured, match="WHO"):
        Environment({"WHO": value}).contact("WHO", "whom to tell", says="none")


@pytest.mark.parametrize(
    ("written", "port", "tls", "ssl"),
    [
        ("smtps://ann:p%40ss@mail.example.org", 465, False, True),
        ("smtp+tls://ann:p%40ss@mail.example.org:2587", 2587, True, False),
    ],
)
def test_a_mail_server_is_told_in_one_address(written, port, tls, ssl):
    assert environment(MAIL_URL=written).mail_server("MAIL_URL", "") == {
        "HOST": "mail.example.org",
        "PORT": port,
        "USER": "ann",
        "PASSWORD": "p@ss",
        "USE_TLS": tls,
        "USE_SSL": ssl,
    }


def test_a_relay_next_door_needs_no_password_and_no_address_means_no_server():
    relay = environment(MAIL_URL="smtp://localhost").mail_server("MAIL_URL", "")
    assert relay is not None and (relay["PORT"], relay["USER"], relay["USE_TLS"]) == (25, "", False)
    assert environment().mail_server("MAIL_URL", "") is None


@pytest.mark.parametrize(
    "written",
    [
        "mail.example.org",
        "smtp://ann:hunter2@h",
        "http://ann:hunter2@h",
        "smtps://ann:hunter2@",
        "smtps://a:hunter2@h/x",
    ],
)
def test_a_mail_server_that_is_not_understood_is_refused_without_its_password(written):
    with pytest.raises(ImproperlyConfigured, match="MAIL_URL is not understood") as refusal:
        environment(MAIL_URL=written).mail_server("MAIL_URL", "")
    assert "hunter2" not in str(refusal.value)


def test_a_sender_is_an_address():
    assert environment(MAIL_FROM="portal@example.org").mail_address("MAIL_FROM", "", "") == "portal@example.org"
    with pytest.raises(ImproperlyConfigured, match="MAIL_FROM"):
        environment(MAIL_FROM="the portal").mail_address("MAIL_FROM", "", "")
