"""How a process of the site speaks with its visitors: an event loop in front of the threads that make pages.

gunicorn starts the processes, watches and stops them; inside of each, waitress takes what visitors send, gives a thread no
request before it is whole, and hands out the answers. Whoever is slow holds a socket and no thread, and not for long: the
limits are for a whole request and a whole answer, and no byte renews them (docs/decisions/0012).
"""

import logging
import os
import resource
import time
from collections.abc import Callable, Collection, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from cluster_portal.serving.ending import do_what_is_left

HEAD = 10  # seconds for the head of a request, from its first byte to the last
REQUEST = 120  # for all of it: a logo by a slow line
ANSWER = 300  # for what a visitor takes in; a thread has long been free by then
IDLE = 15  # between two requests, and before the first
IDLE_IN_A_CROWD = 2
CONNECTIONS = 1000  # of one process
CROWD = 3 / 4  # of them
BIGGEST_HEAD = 128 * 1024  # bytes: a long address gets a page, an endless one is refused
BIGGEST_REQUEST = 24 * 1024 * 1024  # a file of 20 MB, and what is a little larger is refused in words
IPV4_IN_IPV6 = "::ffff:"
BIGGEST_ANSWER = 64 * 1024 * 1024  # that waits for its visitor (on disk from 1 MB on) before its thread waits too
FILES_BESIDE = 100  # what a process has open besides connections

Application = Callable[[dict[str, Any], Callable], Iterable[bytes]]


class Connection(HTTPChannel):
    """A visitor's connection, which knows since when something of it is awaited."""

    request_began = answer_began = 0.0

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self.request_began = time.monotonic()
        return super().received(data)

    def service(self) -> None:
        self.answer_began = time.monotonic()
        super().service()

    def overdue(self, idle: float) -> bool:
        now = time.monotonic()
        if self.request is not None:
            return now - self.request_began > (REQUEST if self.request.headers_finished else HEAD)
        if self.total_outbufs_len:
            return now - self.answer_began > ANSWER
        return not self.requests and time.time() - self.last_activity > idle


class Front(TcpWSGIServer):
    channel_class = Connection

    def maintenance(self, now: float) -> None:
        """Each second. In a crowd, whoever says nothing goes first."""
        connections = list(self.active_channels.values())
        crowded = len(connections) > self.adj.connection_limit * CROWD
        for connection in connections:
            if connection.overdue(IDLE_IN_A_CROWD if crowded else IDLE):
                connection.handle_close()  # at once: a socket that takes nothing would never be told


class FrontWorker(Worker):
    """A process of gunicorn's, which dies with its master."""

    def run(self) -> None:
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that requests wait for a thread is no news
        self.threads = ThreadedTaskDispatcher()
        self.threads.set_thread_count(self.cfg.threads)
        self.open: dict[int, Any] = {}
        trusted = [] if "*" in self.cfg.forwarded_allow_ips else self.cfg.forwarded_allow_networks()
        wsgi = as_a_proxy_tells(self.wsgi, trusted, everybody="*" in self.cfg.forwarded_allow_ips)
        limits = _limits()
        self.fronts = [
            Front(
                wsgi, self.open, _sock=one.sock, dispatcher=self.threads, adj=limits, bind_socket=False,
                sockinfo=(one.sock.family, one.sock.type, one.sock.proto, one.sock.getsockname()),
            )
            for one in self.sockets
        ]  # fmt: skip
        while self.alive:
            self.turn(1)
        self.finish()

    def turn(self, seconds: float) -> None:
        self.notify()
        if self.ppid != os.getppid():
            os._exit(1)  # nobody is left to stop it: it lets go of the port at once
        wasyncore.loop(timeout=seconds, use_poll=True, map=self.open, count=1)

    def finish(self) -> None:
        """No new connections; what was asked already is answered."""
        for front in self.fronts:
            front.del_channel()
            front.socket.close()
        deadline = time.monotonic() + self.cfg.graceful_timeout
        while self.owes_answers() and time.monotonic() < deadline:
            self.turn(0.1)
        do_what_is_left()
        os._exit(0)  # whatever a thread is still at

    def owes_answers(self) -> bool:
        visitors = [one for one in self.open.values() if isinstance(one, Connection)]
        return any(visitor.requests or visitor.total_outbufs_len for visitor in visitors)

    def handle_exit(self, sig: int, frame: object) -> None:
        super().handle_exit(sig, frame)
        for front in getattr(self, "fronts", ()):
            front.pull_trigger()


def _limits() -> Adjustments:
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + FILES_BESIDE
    if 0 <= files < wanted:
        files = wanted if most < 0 else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    return Adjustments(
        ident=None,
        connection_limit=CONNECTIONS if files < 0 else min(CONNECTIONS, files - FILES_BESIDE),
        cleanup_interval=1,
        max_request_header_size=BIGGEST_HEAD,
        max_request_body_size=BIGGEST_REQUEST,
        outbuf_high_watermark=BIGGEST_ANSWER,
        clear_untrusted_proxy_headers=False,  # `as_a_proxy_tells` knows several proxies, and networks of them
        log_socket_errors=False,
    )


def as_a_proxy_tells(
    application: Application, trusted: Collection[IPv4Network | IPv6Network], everybody: bool
) -> Application:
    """The scheme and the visitor's address by `X-Forwarded-Proto` and `X-Forwarded-For` of those whom FORWARDED_ALLOW_IPS
    names; nothing else that is said of an address is believed."""

    def believing(environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        if everybody or _among(environ["REMOTE_ADDR"], trusted):
            said = environ.get("HTTP_X_FORWARDED_PROTO")
            if said is not None:
                environ["wsgi.url_scheme"] = "https" if said.strip().lower() == "https" else "http"
            visitor = _visitor(environ.get("HTTP_X_FORWARDED_FOR", ""), () if everybody else trusted)
            environ["REMOTE_ADDR"] = visitor or environ["REMOTE_ADDR"]
        if environ["REMOTE_ADDR"].startswith(IPV4_IN_IPV6):
            environ["REMOTE_ADDR"] = str(_address(environ["REMOTE_ADDR"]))
        return application(environ, start_response)

    return believing


def _visitor(said: str, proxies: Collection[IPv4Network | IPv6Network]) -> str:
    """The last address of the row that is no proxy's: each proxy adds whom it spoke with, and what stands before that
    was written by the visitor."""
    for word in reversed(said.split(",")):
        try:
            address = _address(word.strip())
        except ValueError:
            return ""
        if not any(address in network for network in proxies):
            return str(address)
    return ""


def _among(address: str, networks: Collection[IPv4Network | IPv6Network]) -> bool:
    return any(_address(address) in network for network in networks)


def _address(said: str) -> IPv4Address | IPv6Address:
    """A socket of IPv6 tells IPv4 in its own way: whoever counts by networks would take all of it for one."""
    address = ip_address(said)
    return getattr(address, "ipv4_mapped", None) or address
