"""Visitors who are slow, endless or lie about where they come from, before the real server."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from tests.served_site import Site, serving


@pytest.fixture(scope="module")
def site(static_files) -> Iterator[Site]:
    with serving(static_files, embedded=True) as served:
        served.wait("/healthz", 200, 20)
        yield served


@contextlib.contextmanager
def slow_visitors(site: Site, idle: int, dripping: int, request: bytes) -> Iterator[None]:
    """Sockets that say nothing, and others that send a request one byte at a time, for as long as it takes."""
    over = threading.Event()
    with contextlib.ExitStack() as held:
        sockets = [
            held.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=20))
            for _ in range(idle + dripping)
        ]
        for one in sockets[idle:]:
            one.sendall(request)

        def drip():
            while not over.wait(0.2):
                for one in sockets[idle:]:
                    with contextlib.suppress(OSError):
                        one.sendall(b"a")

        dripper = threading.Thread(target=drip)
        dripper.start()
        try:
            yield
        finally:
            over.set()
            dripper.join()


HEAD = b"GET /fr/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
BODY = b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n"


@pytest.mark.parametrize("request_begun", [HEAD, BODY], ids=["head", "body"])
def test_slow_visitors_do_not_keep_others_waiting(site, request_begun):
    with slow_visitors(site, 300, 40, request_begun):
        seconds = sorted(site.get("/static/favicon.svg").seconds for _ in range(5))
        assert seconds[2] < 1, "one or two may be the machine's own fault"
        assert site.get("/healthz").status == 200


def test_no_byte_renews_the_time_for_a_request(site):
    with socket.create_connection(("127.0.0.1", site.port), timeout=1) as dripping:
        dripping.sendall(HEAD)
        start = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while time.monotonic() - start < 30:
                time.sleep(0.5)
                dripping.sendall(b"a")
        assert 8 < time.monotonic() - start < 20


def test_who_does_not_take_the_answer_keeps_nobody_waiting(site):
    with contextlib.ExitStack() as held:
        for _ in range(20):
            reader = held.enter_context(socket.socket())
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            reader.connect(("127.0.0.1", site.port))
            ask = b"GET /static/vendor/bootstrap.min.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
            reader.sendall(ask * 20)
        assert sorted(site.get("/static/favicon.svg").seconds for _ in range(5))[2] < 1


def test_a_long_address_gets_a_page_and_an_endless_one_is_refused(site):
    assert site.get("/fr/nothing/?q=" + "a" * 60_000).status == 404
    with (
        socket.create_connection(("127.0.0.1", site.port), timeout=10) as line,
        contextlib.suppress(ConnectionError),
    ):
        line.sendall(b"GET /" + b"a" * 4_000_000)
        assert b" 431 " in line.recv(100)
    assert site.get("/static/favicon.svg").status == 200


def test_nothing_but_the_scheme_is_believed_of_an_address_that_a_proxy_tells(site):
    """The tests come from this machine, which FORWARDED_ALLOW_IPS trusts by default."""
    for name in ("SCRIPT_NAME", "Script-Name", "X-Script-Name", "X-Forwarded-Prefix", "X-Forwarded-Host"):
        answer = site.get("/", **{name: "/elsewhere"})
        assert "elsewhere" not in answer.url + answer.text, name


def test_the_server_does_not_say_what_it_is(site):
    assert "Server" not in site.get("/static/favicon.svg").headers
