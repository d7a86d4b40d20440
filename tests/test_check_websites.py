"""Websites are asked whether they answer, never inside a private network, and believed dead after two days."""

import socket
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django_tasks_db.models import DBTaskResult

from cluster_portal.exchange import visiting
from cluster_portal.exchange.visiting import Met, is_public, visit
from members import register, register_checks, websites
from members.admin.filters import ORGANISATION_NEEDS
from members.models import Organisation, RegisterCheck, WebsiteCheck
from tests.services import service

MONDAY = date(2026, 11, 23)


@contextmanager
def site(answer):
    """A web server of the test's own: ``answer(method, path)`` -> (status, headers)."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        def _say(self):
            seen.append((self.command, self.path, self.headers["Host"]))
            status, headers = answer(self.command, self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_GET = _say

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen = seen
    server.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def only(*servers):
    """The hook: these servers of the test are public, and nothing else of this machine is."""
    ports = {one.server_port for one in servers}
    return lambda address, port: is_public(address) or (address == "127.0.0.1" and port in ports)


def test_what_answers_is_asked_for_its_head_alone():
    with site(lambda method, path: (200, {})) as one:
        assert visit(f"{one.url}/é tage?q=à b", only(one)) is None
        assert one.seen == [("HEAD", "/%C3%A9%20tage?q=%C3%A0%20b", urlsplit(one.url).netloc)]


@pytest.mark.parametrize("status", [405, 501, 404])
def test_a_server_that_does_not_like_the_question_for_the_head_is_asked_for_the_page(status):
    with site(lambda method, path: (status if method == "HEAD" else 200, {})) as one:
        assert visit(one.url, only(one)) is None


@pytest.mark.parametrize(
    ("status", "met"),
    [(401, None), (403, None), (429, None), (404, Met.ERROR), (410, Met.ERROR), (500, Met.ERROR), (503, Met.ERROR)],
)
def test_a_page_that_is_refused_is_there_and_one_that_is_gone_is_not(status, met):
    with site(lambda method, path: (status, {})) as one:
        assert visit(one.url, only(one)) is met


@pytest.mark.parametrize(("steps", "met"), [(3, None), (4, Met.CIRCLE)])
def test_three_redirects_are_followed_and_not_four(steps, met):
    def answer(method, path):
        number = int(path.strip("/") or 0)
        return (302, {"Location": f"/{number + 1}"}) if number < steps else (200, {})

    with site(answer) as one:
        assert visit(one.url, only(one)) is met


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{other}/", "http://169.254.169.254/latest/meta-data/", "http://localhost:{other}/",
        "http://[::1]:{other}/", "http://10.0.0.1/", "http://192.168.1.1/", "http://[fd00::1]/", "http://0.0.0.0:{other}/",
        "http://2130706433:{other}/", "http://[::ffff:127.0.0.1]:{other}/", "http://[64:ff9b::7f00:1]/", "http://0x7f.1:{other}/",
        "http://0177.0.0.1:{other}/", "http://127.1:{other}/", "http://public.example@127.0.0.1:{other}/",
        "http://public.example\\@127.0.0.1:{other}/", "//127.0.0.1:{other}/", "https://127.0.0.1:{other}/",
    ],
)  # fmt: skip
def test_no_redirect_leads_into_a_private_network(target):
    with site(lambda method, path: (200, {})) as other:
        location = target.format(other=other.server_port)
        with site(lambda method, path: (302, {"Location": location})) as one:
            assert visit(one.url, only(one)) is Met.PRIVATE
            assert len(one.seen) == 1  # nor is it asked again in another way
        assert other.seen == []


@pytest.mark.parametrize(
    "target",
    ["file:///etc/passwd", "ftp://example.org/", "gopher://x/", "http:///nowhere", "http://[::1", "http://[bad]/", "http://\xa0/"],
)  # fmt: skip
def test_no_redirect_leads_out_of_the_web(target):
    with site(lambda method, path: (302, {"Location": target})) as one:
        assert visit(one.url, only(one)) in (Met.NOWHERE, Met.CIRCLE)


def test_a_name_is_resolved_once_and_the_connection_goes_to_what_it_said(monkeypatch):
    """A name that says something public first and something private a moment later."""
    with site(lambda method, path: (200, {})) as one, site(lambda method, path: (200, {})) as private:
        answers = iter(["127.0.0.1"])
        asked = []

        def resolve(host, port, **options):
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        connections = []
        connect = socket.create_connection
        monkeypatch.setattr(
            visiting.socket,
            "create_connection",
            lambda place, **more: connections.append(place[0]) or _open(place, more),
        )

        def _open(place, more):
            monkeypatch.undo()
            return connect(place, **more)

        assert visit(f"http://rebinding.example:{one.server_port}/", only(one)) is None
        assert asked == ["rebinding.example"] and connections == ["127.0.0.1"]
        assert one.seen[0][2] == f"rebinding.example:{one.server_port}" and private.seen == []


@pytest.mark.parametrize("answers", [["10.0.0.5"], ["93.184.215.14", "10.0.0.5"], ["169.254.169.254"], ["::1"], []])
def test_a_name_that_says_anything_private_is_not_visited(monkeypatch, answers):
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, port, **more: [(0, 0, 0, "", (one, port)) for one in answers]
    )
    monkeypatch.setattr(socket, "create_connection", lambda *args, **more: pytest.fail("it was visited"))
    assert visit("http://somewhere.example/") is (Met.PRIVATE if answers else Met.NOWHERE)


def test_nothing_waits_longer_than_it_was_told():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        allowed = lambda address, number: number == port  # noqa: E731
        assert visit(f"http://127.0.0.1:{port}/", allowed, seconds=0.2) is Met.SLOW
        assert visit(f"https://127.0.0.1:{port}/", allowed, seconds=0.2) is Met.SLOW  # while it shakes hands
    assert visit(f"http://127.0.0.1:{port}/", allowed, seconds=0.5) is Met.AWAY


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True), ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("172.16.0.1", False), ("192.168.0.1", False), ("169.254.1.1", False), ("100.64.0.1", False), ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False), ("255.255.255.255", False), ("::1", False), ("fe80::1%eth0", False), ("fc00::1", False),
        ("::ffff:10.0.0.1", False), ("64:ff9b::a00:1", False), ("2002:a00:1::", False), ("nonsense", False),
        ("::7f00:1", False), ("fec0::1", False), ("3fff::1", False), ("192.0.0.8", False), ("168.63.129.16", False), ("::", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address, public):
    assert is_public(address) is public


# --- what is remembered -----------------------------------------------------------------------------------------------
def member(name: str, website: str = "", **values) -> Organisation:
    slug = name.lower()
    return Organisation.objects.create(
        kind="company",
        name=name,
        slug=slug,
        website=website or f"https://{slug}.example/",
        status="published",
        **values,
    )


def counted() -> set[str]:
    return set(Organisation.objects.filter(ORGANISATION_NEEDS["website"][1]()).values_list("name", flat=True))


@pytest.mark.django_db
def test_two_failures_on_different_days_count_and_one_answer_forgets_them():
    volta = member("Volta")

    def on(day: int, met: Met | None) -> set[str]:
        websites.write([(volta.pk, volta.website, met)], MONDAY + timedelta(days=day))
        return counted()

    assert on(0, Met.AWAY) == set()
    assert on(0, Met.SLOW) == set()  # twice the same day is once
    assert on(3, Met.ERROR) == {"Volta"}
    assert WebsiteCheck.objects.get().why == "error"
    assert on(4, None) == set()
    assert on(5, Met.AWAY) == set()
    assert on(6, Met.AWAY) == {"Volta"}
    Organisation.objects.update(website="https://other.example/")
    assert counted() == set()  # nobody asked that one
    volta.refresh_from_db()
    assert on(7, Met.AWAY) == set()


@pytest.mark.django_db
def test_what_failed_once_is_asked_again_first_and_nothing_twice_a_day():
    first, second, third, archived = member("Volta"), member("Altair"), member("Vega"), member("Rigel")
    Organisation.objects.filter(pk=archived.pk).update(status="archived")
    websites.write([(second.pk, second.website, None)], MONDAY)
    websites.write([(third.pk, third.website, Met.AWAY)], MONDAY)
    WebsiteCheck.objects.update(asked_at="2026-11-23T10:00:00Z")
    assert [pk for pk, _url in websites.due(9, MONDAY)] == [first.pk]
    assert [pk for pk, _url in websites.due(9, MONDAY + timedelta(days=1))] == [third.pk, first.pk, second.pk]
    assert [pk for pk, _url in websites.due(1, MONDAY + timedelta(days=1))] == [third.pk]
    Organisation.objects.filter(pk=second.pk).update(website="https://new.example/")
    assert {pk for pk, _url in websites.due(9, MONDAY)} == {first.pk, second.pk}


@pytest.mark.django_db
def test_the_command_asks_and_says_and_is_off_by_default(capsys, monkeypatch, settings):
    assert settings.CHECK_WEBSITES == 0
    with pytest.raises(CommandError, match="CHECK_WEBSITES is 0"):
        call_command("check_websites")
    with site(lambda method, path: (404 if "gone" in path else 200, {})) as one:
        monkeypatch.setattr(visiting, "is_public", only(one))
        here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", one.server_port))]
        resolve = lambda *asked, **more: here  # noqa: E731
        monkeypatch.setattr(visiting.socket, "getaddrinfo", resolve)
        for name in ("Volta", "Vega"):
            member(name, f"http://{name.lower()}.example:{one.server_port}/{'gone' if name == 'Vega' else ''}")
        call_command("check_websites", most=10)
    assert capsys.readouterr().out == "2 asked, 1 without an answer.\n"
    assert dict(WebsiteCheck.objects.values_list("organisation__name", "why")) == {"Volta": "", "Vega": "error"}
    websites.ask_websites()
    assert not DBTaskResult.objects.exists()
    settings.CHECK_WEBSITES = 5
    websites.ask_websites()
    assert DBTaskResult.objects.get().task_path == "members.websites.check_some"


@pytest.mark.django_db
def test_where_nearly_all_fail_nothing_is_believed(monkeypatch):
    monkeypatch.setattr(websites, "visit", lambda website: Met.AWAY)
    for number in range(20):
        member(f"Volta{number}")
    with pytest.raises(CommandError, match="is there a way out"):
        call_command("check_websites", most=50)
    assert not WebsiteCheck.objects.exists()


# --- the register -----------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_what_is_closed_at_the_register_is_counted_and_not_changed(settings, monkeypatch):
    monkeypatch.setattr(register, "APART", 0)
    with pytest.raises(CommandError, match="COMPANY_SEARCH_URL"):
        call_command("check_register")
    with service() as elsewhere:
        settings.COMPANY_SEARCH_URL = elsewhere.url
        elsewhere.answer = lambda asked: {
            "results": [{"siren": asked.values["q"][0], "etat_administratif": "C", "date_fermeture": "2025-01-31"}]
            if asked.values["q"] == ["552081317"] else [{"siren": asked.values["q"][0], "etat_administratif": "A"}]
        }  # fmt: skip
        volta, vega = member("Volta", siren="552081317"), member("Vega", siren="542065479")
        call_command("check_register")
        assert len(elsewhere.seen) == 2
        assert dict(RegisterCheck.objects.values_list("organisation__name", "closed")) == {"Volta": True, "Vega": False}
        assert [pk for pk, _siren in register_checks.due(9)] == [volta.pk, vega.pk]
        elsewhere.answer = 500
        call_command("check_register")
        assert RegisterCheck.objects.get(organisation=volta).closed  # what is not answered is known as before
    condition = ORGANISATION_NEEDS["closed"][1]
    assert [one.name for one in Organisation.objects.filter(condition())] == ["Volta"]
    Organisation.objects.filter(pk=volta.pk).update(closed_on=date(2025, 1, 31))
    assert not Organisation.objects.filter(condition()).exists()
