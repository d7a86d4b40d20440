"""What is asked of a service elsewhere is answered in time and in full, or it is said why not."""

import time

import pytest

from cluster_portal.exchange.asking import NoAnswer, Service, Why
from tests.services import service, table


@pytest.fixture
def elsewhere():
    with service() as one:
        yield one


def why(ask) -> Why:
    with pytest.raises(NoAnswer) as told:
        ask()
    assert told.value.sentence.endswith((".", "min"))
    return told.value.why


def test_an_answer_is_read(elsewhere):
    elsewhere.answer = {"results": [{"nom": "Électricité"}]}
    assert Service(elsewhere.url + "/v1").json("/search", q="1 & 2=é") == {"results": [{"nom": "Électricité"}]}
    (asked,) = elsewhere.seen
    assert (asked.path, asked.values) == ("/v1/search", {"q": ["1 & 2=é"]})


def test_a_table_is_answered_by_a_table(elsewhere):
    elsewhere.answer = lambda asked: table([{**row, "said": f'{row["city"]}, "ici"'} for row in asked.table])
    rows = [("1", 'rue "A", 3'), ("2", "Évry\nlieu-dit")]
    answer = Service(elsewhere.url).csv("/csv/", ("line", "city"), rows, [("columns", "city")])
    assert [(row["line"], row["city"], row["said"]) for row in answer] == [
        (line, city, f'{city}, "ici"') for line, city in rows
    ]
    assert b'name="columns"\r\n\r\ncity\r\n' in elsewhere.seen[0].body


@pytest.mark.parametrize(
    ("status", "told"), [(500, Why.ERROR), (404, Why.ERROR), (302, Why.ERROR), (429, Why.BUSY), (503, Why.BUSY)]
)
def test_another_status_is_no_answer_and_no_redirect_is_followed(elsewhere, status, told):
    elsewhere.answer = status
    elsewhere.headers = {"Location": elsewhere.url + "/elsewhere"}
    assert why(lambda: Service(elsewhere.url).json("/search", q="1")) is told
    assert len(elsewhere.seen) == 1


@pytest.mark.parametrize("said", [b"<html>", b"", b"\xff\xfe{}", b"[" * 100_000])
def test_garbage_is_told(elsewhere, said):
    elsewhere.answer = said
    assert why(lambda: Service(elsewhere.url).json("/")) is Why.UNREAD


def test_a_table_that_is_none_is_told(elsewhere):
    elsewhere.answer = b"line,city\n\xff\n"
    assert why(lambda: Service(elsewhere.url).csv("/", ("line",), [], [])) is Why.UNREAD
    elsewhere.answer = b'line,city\n"1"x,2\n'
    assert why(lambda: Service(elsewhere.url).csv("/", ("line",), [], [])) is Why.UNREAD


def test_too_long_an_answer_is_not_read_to_its_end(elsewhere):
    elsewhere.answer = b'"' + b"x" * 300_000 + b'"'
    assert len(Service(elsewhere.url, most=300_002).json("/")) == 300_000
    assert why(lambda: Service(elsewhere.url, most=300_001).json("/")) is Why.LARGE


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "400"}])
def test_an_answer_that_comes_byte_by_byte_is_not_waited_for(elsewhere, headers):
    """Each byte would renew the time limit of a socket."""
    elsewhere.answer, elsewhere.headers, elsewhere.pause = b"1" * 400, headers, 0.05
    start = time.monotonic()
    assert why(lambda: Service(elsewhere.url, seconds=0.4).json("/")) is Why.SLOW
    assert time.monotonic() - start < 3


def test_a_service_that_says_nothing_is_not_waited_for(elsewhere):
    elsewhere.answer = lambda asked: time.sleep(1.5) or {}
    assert why(lambda: Service(elsewhere.url, seconds=0.3).json("/")) is Why.SLOW


def test_half_an_answer_is_none(elsewhere):
    elsewhere.answer, elsewhere.headers = b"12345", {"Content-Length": "10"}
    assert why(lambda: Service(elsewhere.url).json("/")) is Why.AWAY


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://nowhere.invalid", "ftp://example.org", "file:///etc"])
def test_what_is_not_there_is_told(url):
    assert why(lambda: Service(url, seconds=3).json("/")) is Why.AWAY


def test_proxies_of_the_environment_are_not_used(elsewhere, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    elsewhere.answer = {}
    assert Service(elsewhere.url).json("/") == {}
